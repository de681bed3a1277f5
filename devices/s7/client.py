"""One connection to a controller: the library's blocking client, in a thread of its own."""

import asyncio
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import TypeVar

from snap7.client import Client
from snap7.connection import ISOTCPConnection
from snap7.error import S7ConnectionError, S7Error, S7ProtocolError, S7TimeoutError
from snap7.type import Area, WordLen

from devices.timing import Timing

from .address import Endpoint, S7Tag

T = TypeVar("T")

PATIENCE = 2.0
"""A request is given up after so many time-outs: an answer that trickles in has to end, too."""

_PUT_GET = (
    "allow PUT/GET in the CPU's protection settings (TIA Portal: Protection & Security, Connection "
    "mechanisms)"
)
_NOT_ALLOWED = (0x81, 0xD6)
"""Classes of errors by which a whole request is refused: no such service here, protection."""
_CODE = re.compile(r"\((0x[0-9A-Fa-f]{2})\)")
_HINTS = {
    "0x01": "the PLC itself has no answer there (hardware error)",
    "0x03": f"access refused: {_PUT_GET}, and give the CPU full access",
    "0x05": "no such address: the DB is too short, or it is optimised (switch off `Optimized block "
    "access` in its properties and load it again)",
    "0x0a": "no such object: the DB does not exist, or it is optimised (switch off `Optimized "
    "block access`)",
    "0x06": "the type does not fit the address",
    "0x07": "the type does not fit the address",
}


class S7Gone(Exception):
    """The controller does not answer any more, or did never; says what to do."""


class S7Shut(S7Gone):
    """Somebody listens, but not at this rack and slot."""


class S7Silent(S7Gone):
    """Nobody answers in time."""


class S7Refused(Exception):
    """The controller answers, and says no; says what to do."""

    def __init__(self, error: S7Error) -> None:
        super().__init__(explain(error))
        self.code = code_of(error)
        """Of the item, as `0x05`; `request` where the whole request was refused."""


class S7Client:
    """Requests one after the other; the loop never waits in the library."""

    def __init__(self, where: Endpoint, *, timeout_s: float, timing: Timing) -> None:
        self._where = where
        self._timeout_s = timeout_s
        self._timing = timing
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="s7")
        self._client = Client()
        _speak_less()

    async def connect(self) -> None:
        """Connect and agree on the size of answers; raises `S7Gone`."""
        try:
            await self._do(self._connect, limit_s=2 * self._timeout_s + 1.0)
        except TimeoutError:
            raise S7Silent(f"no answer from {self._where} within {self._timeout_s:g} s") from None

    def _connect(self) -> None:
        where, client = self._where, self._client
        client.host, client.port, client.rack, client.slot = (
            where.host, where.port, where.rack, where.slot,
        )  # fmt: skip
        connection = ISOTCPConnection(
            where.host,
            where.port,
            local_tsap=client.local_tsap,
            remote_tsap=client.connection_type << 8 | where.rack << 5 | where.slot,
        )
        try:
            connection.connect(self._timeout_s)
        except S7Error as error:
            raise self._why_not(error) from None
        client.connection = connection
        try:
            client._setup_communication()  # noqa: SLF001 - `connect` knows no time-out
        except S7Error as error:
            raise S7Gone(
                f"{where} takes the connection but not the S7 protocol ({error}): {_PUT_GET}, and "
                "look whether all its connections are taken"
            ) from None
        client.connected = True

    def _why_not(self, error: S7Error) -> S7Gone:
        where, port = self._where, f"{self._where.host}:{self._where.port}"
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, OSError):
            cause = cause.__cause__ or cause.__context__
        if isinstance(cause, ConnectionRefusedError):
            return S7Gone(f"nothing listens at {port}: is the PLC running?")
        if isinstance(cause, TimeoutError):
            return S7Silent(f"no answer from {where} within {self._timeout_s:g} s")
        if str(error).startswith("TCP"):
            return S7Gone(f"cannot reach {port} ({cause or error})")
        return S7Shut(
            f"{port} refuses rack {where.rack}, slot {where.slot}: S7-1200 and S7-1500 are 0/1, "
            "S7-300 is 0/2 (the address ends in /RACK/SLOT)"
        )

    async def read(self, area: Area, db: int, first: int, size: int) -> bytearray:
        """Return bytes of an area; raises `S7Gone` or `S7Refused`."""
        return await self._ask(lambda: self._client.read_area(area, db, first, size))

    async def name(self) -> str:
        """Return what the CPU calls itself, "" where it does not tell."""
        try:
            info = await self._ask(self._client.get_cpu_info)
        except (S7Refused, S7Gone):
            return ""
        words = bytes(info.ModuleTypeName).split(b"\0")[0]
        return words.decode("latin-1").strip()

    async def write(self, tag: S7Tag, data: bytes) -> None:
        """Write the bytes of a tag; raises `S7Gone` or `S7Refused`."""
        if tag.type == "bool":
            start, size = tag.byte * 8 + tag.bit, WordLen.Bit
        else:
            start, size = tag.byte, WordLen.Byte
        await self._ask(
            lambda: self._client.write_area(tag.area, tag.db, start, bytearray(data), size)
        )

    async def _ask(self, request: Callable[[], T]) -> T:
        began_s = monotonic()
        try:
            answer = await self._do(request, limit_s=PATIENCE * self._timeout_s)
        except (S7ConnectionError, S7TimeoutError, OSError) as error:
            raise S7Gone(str(error)) from None
        except S7ProtocolError as error:
            self._timing.took(monotonic() - began_s)
            raise S7Refused(error) from None
        except (S7Error, ValueError) as error:
            raise S7Gone(f"an answer that is no S7 ({error})") from None
        self._timing.took(monotonic() - began_s)
        return answer

    async def _do(self, work: Callable[[], T], *, limit_s: float) -> T:
        loop = asyncio.get_running_loop()
        doing = loop.run_in_executor(self._pool, work)
        try:
            async with asyncio.timeout(limit_s):
                return await asyncio.shield(doing)
        except TimeoutError:
            self._cut()
            raise

    def _cut(self) -> None:
        """Close the socket under a request, so that its thread comes back."""
        connection = self._client.connection
        sock = connection.socket if connection is not None else None
        if sock is not None:
            with suppress(OSError):
                sock.close()

    async def close(self) -> None:
        """Say goodbye and end the thread."""
        with suppress(TimeoutError, S7Error, OSError):
            await self._do(self._client.disconnect, limit_s=1.0)
        self._pool.shutdown(wait=False, cancel_futures=True)


def code_of(error: S7Error) -> str:
    """Return the code by which an item was refused, `request` for a request as a whole."""
    if error.error_code is not None:
        return "request" if error.error_code >> 8 in _NOT_ALLOWED else ""
    match = _CODE.search(str(error))
    return match[1].lower() if match else ""


def explain(error: S7Error) -> str:
    """Return what the controller's answer means and what to do."""
    code = code_of(error)
    return f"{error}: {_PUT_GET}" if code == "request" else _HINTS.get(code, str(error))


def _speak_less() -> None:
    """Let the library say only what is worth a person's time; links say the rest themselves."""
    logger = logging.getLogger("snap7")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)
