"""The workcells of a line as an S7 controller that others read and write (PUT/GET)."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from snap7.error import S7Error

from devices.base import Outlet, Run
from devices.errors import OutletError
from devices.ports import require_free
from devices.timing import Timing
from twin.kernel.alarm import Alarm
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused, SignalError
from twin.kernel.signal import Quality, Reading, Value
from twin.spec.io import IoPoint, io_list
from twin.spec.pins import Direction

from .image import Image, Key
from .server import FORBIDDEN, NO_ADDRESS, NO_ANSWER, NO_OBJECT, OK, GuardedServer, Span

_logger = logging.getLogger(__name__)

ANSWER_S = 5.0
"""How long a client's thread waits for the plant."""
MOST_TOLD = 50
"""Warnings and refusals that are told; a client in error would fill the log."""


@dataclass(frozen=True, slots=True)
class S7Options:
    """Where the server listens, and whether clients may write."""

    host: str = "127.0.0.1"
    port: int = 102
    writable: bool = False
    """The protocol knows no accounts: whoever reaches the port may write, or nobody."""


class S7Outlet(Outlet):
    """Publishes the I/O points of a line's workcells at `s7://HOST:PORT/0/1`.

    Writing an output, or what a person works, becomes a `write` command; inputs cannot be written.
    Values have no quality on S7: where one is BAD, nothing that holds it can be read.
    """

    def __init__(self, options: S7Options | None = None) -> None:
        self._options = options or S7Options()
        self._port = self._options.port
        self._server: GuardedServer | None = None
        self._loop: asyncio.AbstractEventLoop
        self._run: Run
        self._image = Image(())
        self._guard = Lock()
        """Held while bytes of the image are read or changed: clients have threads of their own."""
        self._said: dict[tuple[str, str], Value] = {}
        """What each client wrote last to each point: only what it changes is a wish."""
        self._changes: Counter[str] = Counter()
        """How often each bit that a controller reads has changed."""
        self._seen: dict[tuple[str, str], int] = {}
        """How often it had changed when a client read it last."""
        self._told: set[str] = set()
        self._end: Callable[[], None] | None = None
        self._store: Any = None
        self.warnings: list[str] = []
        """What a person should know although all works; each is said once."""
        self.timing: dict[str, Timing] = {}
        """The pace at which each client asks."""

    @property
    def address(self) -> str:
        """Where clients find it, with rack and slot (any others are taken too)."""
        return f"s7://{self._options.host}:{self._port}/0/1"

    async def start(self, run: Run) -> None:
        """Open the port with everything as it is now."""
        options = self._options
        self._loop = asyncio.get_running_loop()
        points = io_list(run.spec)
        if not points:
            raise OutletError(
                f"S7 server: line {run.spec.id!r} has no workcell, so there is nothing to read or "
                "write; serve a line with an asset of kind workcell"
            )
        self._run, self._store = run, run.signals
        self._image = Image(points)
        self._port = require_free(options.host, options.port, what="S7 server", option="--s7-port")
        self._changed(run.signals.readings(), [])
        server = GuardedServer(self._read, self._write, self._gone)
        server.port = self._port  # `start_to` takes 102 for "as set here"
        try:
            server.start_to(options.host, self._port)
        except (S7Error, ValueError) as error:
            raise OutletError(
                f"S7 server: cannot listen at {options.host}:{self._port} ({error}); "
                "give an IPv4 address of this machine"
            ) from None
        self._server = server
        self._end = run.on_change(self._changed)
        _logger.info("S7 server at %s", self.address)

    async def publish(self, changes: Mapping[str, Reading], alarms: Sequence[Alarm]) -> None:
        """Do nothing: S7 cannot tell, it is asked; the image follows the run at once."""

    def _changed(self, changes: dict[str, Reading], _alarms: list[Alarm]) -> None:
        """Put changed points into the image."""
        if self._run.signals is not self._store:
            # A reset run has a new store: what did not change since its start is new too.
            self._store = self._run.signals
            self._said.clear()
            changes = self._store.readings()
        with self._guard:
            for path, reading in changes.items():
                if path in self._image:
                    self._changes[path] += 1
                    self._image.put(path, reading.value, bad=reading.quality is Quality.BAD)

    async def stop(self) -> None:
        """Close the port and all connections."""
        if self._end is not None:
            self._end()
            self._end = None
        server, self._server = self._server, None
        if server is not None:
            await asyncio.to_thread(server.stop)
        self._said.clear()

    # ---- in a client's thread

    def _read(self, span: Span, by: str) -> bytes | int:
        key = (span.area, span.db)
        with self._guard:
            self._note(by)
            if key not in self._image.areas:
                return NO_OBJECT
            data = self._image.read(key, span.first, span.size)
            if self._image.doubted(key, span.first, span.first + span.size):
                return NO_ANSWER
            missed = self._missed(key, span, by)
        for path in missed:
            self._warn_once(path)
        if data is None:
            return NO_ADDRESS
        return data if span.bit is None else bytes([data[0] >> span.bit & 1])

    def _write(self, span: Span, data: bytes, by: str) -> int:
        with self._guard:
            if (span.area, span.db) not in self._image.areas:
                return NO_OBJECT
            if self._image.read((span.area, span.db), span.first, span.size) is None:
                return NO_ADDRESS
        asked = asyncio.run_coroutine_threadsafe(self._take(span, data, by), self._loop)
        with contextlib.suppress(TimeoutError):
            return asked.result(ANSWER_S)
        asked.cancel()
        return FORBIDDEN

    def _missed(self, key: Key, span: Span, by: str) -> list[str]:
        """Return the inputs that came and went since a client read them last."""
        found = []
        for point in self._image.bits(key, span.first, span.first + span.size):
            changes = self._changes[point.path]
            if changes - self._seen.get((by, point.path), changes) >= 2:
                found.append(f"{point.path} ({point.address})")
            self._seen[by, point.path] = changes
        return found

    def _warn_once(self, what: str) -> None:
        text = (
            f"{what} came and went between two reads of one client: what is shorter than its poll "
            "is lost; read more often, or let the program that has the shorter cycle keep it"
        )
        if text not in self.warnings and len(self.warnings) < MOST_TOLD:
            self.warnings.append(text)
            _logger.warning("S7: %s", text)

    def _note(self, by: str) -> None:
        self.timing.setdefault(by, Timing()).polled(monotonic())

    def _gone(self, by: str) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended before the client
            self._loop.call_soon_threadsafe(self._forget, by)

    # ---- on the loop

    def _forget(self, by: str) -> None:
        """Forget a client that has left; with a new connection it begins anew."""
        with self._guard:
            self.timing.pop(by, None)
            for notes in (self._said, self._seen):
                for key in [key for key in notes if key[0] == by]:
                    del notes[key]

    async def _take(self, span: Span, data: bytes, by: str) -> int:
        """Turn what a client writes into commands; returns the code of the answer."""
        if not self._options.writable:
            client = by.rpartition(":")[0]
            self._tell_once(client, f"{client} may not write: start the twin with --writable s7")
            return FORBIDDEN
        mask = 0xFF
        if span.bit is not None:
            mask = 1 << span.bit
            data = bytes([mask if data[0] & 1 else 0])
        key = (span.area, span.db)
        with self._guard:
            wishes = list(self._image.wishes(key, span.first, data, mask=mask))
        code = OK
        for point, value in wishes:
            if not self._wish(point, value, by):
                code = FORBIDDEN
        return code

    def _wish(self, point: IoPoint, value: Value, by: str) -> bool:
        """Give one value to the plant; returns whether it was taken, or is so anyhow."""
        now = self._run.signals.read(point.path).value
        if point.direction is Direction.INPUT:
            # Whoever writes whole bytes writes the inputs among them back as they are.
            return value == now
        if point.direction is Direction.OPERATOR and (by, point.path) not in self._said:
            # The first bytes of a client are no reason to press a button.
            self._said[by, point.path] = now
        if self._said.get((by, point.path)) == value:
            return True
        try:
            self._run.command(Command("write", point.path, {"value": value}, f"s7:{by}"))
        except (CommandRefused, SignalError) as error:
            self._tell_once(point.path, f"{point.path} = {value!r} was refused: {error}")
            return False
        self._said[by, point.path] = value
        with self._guard:
            # Who reads a byte back to change another bit of it must find what it wrote.
            self._image.put(point.path, value)
        return True

    def _tell_once(self, about: str, text: str) -> None:
        if about not in self._told and len(self._told) < MOST_TOLD:
            self._told.add(about)
            _logger.warning("S7: %s", text)
