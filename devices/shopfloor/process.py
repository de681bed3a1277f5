"""The shop floor as a process of its own, on free ports of this machine."""

import asyncio
import contextlib
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from urllib.parse import urlsplit

from devices.ports import require_free

HOME = "127.0.0.1"
END_WITHIN_S = 0.25
LISTENS_WITHIN_S = 30.0


class ShopFloor:
    """Plays the devices of the demo. It ends with the process that started it, whatever happens."""

    def __init__(self) -> None:
        self._ports = {
            kind: require_free(HOME, 0, what="the shop floor", option="")
            for kind in ("opcua", "mqtt")
        }
        self._process: Process | None = None

    async def start(self) -> None:
        """Start the process; it listens some seconds later."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "devices.shopfloor", "--attached",
            "--opcua-port", str(self._ports["opcua"]), "--mqtt-port", str(self._ports["mqtt"]),
            stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True,
        )  # fmt: skip

    def moved(self, kind: str, address: str) -> str:
        """Return a link's address with the port that this shop floor has for its kind."""
        return re.sub(r":\d+(?=/|$)", f":{self._ports[kind]}", address)

    async def end(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), END_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()


async def until_listening(address: str) -> None:
    """Wait until somebody listens at `scheme://HOST:PORT…`, but not for ever."""
    place = urlsplit(address)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LISTENS_WITHIN_S):
            while True:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection(place.hostname, place.port)
                    writer.close()
                    return
                await asyncio.sleep(0.2)
