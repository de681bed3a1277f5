"""One device beside a run: its link, the stations that follow it, the signals bound to it."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence

from devices.base import Link, LinkState, TagReading
from devices.errors import DeviceError, WriteRefused
from twin.kernel.command import Command
from twin.kernel.errors import SignalError
from twin.kernel.signal import Quality, Reading, Value

from .binding import Bound, outgoing
from .control import Controlled
from .follower import Follower, Give

_logger = logging.getLogger(__name__)

MOST_WAITING = 1000
AGAIN_S = 3.0
"""How soon a device is called again that was never there."""


class Channel:
    """Serves one link, for ever.

    Args:
        link: the link; it is not connected before `serve`.
        followers: the stations that follow the device.
        bounds: the signals bound to it.
        read: the present reading of a signal.
        give: gives a command to the run.
        cells: the workcells that it controls.
    """

    def __init__(
        self,
        link: Link,
        followers: list[Follower],
        bounds: list[Bound],
        read: Callable[[str], Reading],
        give: Give,
        cells: Sequence[Controlled] = (),
    ) -> None:
        self.link = link
        self.followers = followers
        self.incoming = [b for b in bounds if b.spec.direction == "to_twin"]
        self.outgoing = {b.signal.path: b for b in bounds if b.spec.direction == "to_device"}
        self.problem = ""
        """What is wrong with the link, "" when nothing is."""
        self._read = read
        self._give = give
        self._cells = cells
        self._waiting: deque[tuple[str, Reading]] = deque()
        """What the device has to be told, in order: each edge of a bit, the latest of the rest."""
        self._since: dict[str, float] = {}
        """When each bit became what it is, as far as the device was told."""
        self._wake = asyncio.Event()
        link.on_state(self._state)

    @property
    def bounds(self) -> list[Bound]:
        """All bound signals."""
        return [*self.incoming, *self.outgoing.values()]

    async def serve(self) -> None:
        """Connect, pass on what the device says, and tell it what the twin says."""
        tags = {tag for follower in self.followers for tag in follower.wanted}
        tags |= {bound.spec.tag for bound in self.incoming}
        await self._connect()
        writer = asyncio.create_task(self._write())
        try:
            await self._listen(self.link.subscribe(sorted(tags)))
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer

    def changed(self, changes: dict[str, Reading]) -> None:
        """Hear what changed in the run."""
        for path, reading in changes.items():
            if path in self.outgoing:
                self._queue(path, reading)
        if self._waiting:
            self._wake.set()

    def _queue(self, path: str, reading: Reading) -> None:
        waiting = self._waiting
        if isinstance(reading.value, bool):
            self._miss(path, reading)
        else:
            waiting = deque(entry for entry in waiting if entry[0] != path)
        if len(waiting) >= MOST_WAITING:
            waiting = deque({name: (name, kept) for name, kept in waiting}.values())
        waiting.append((path, reading))
        self._waiting = waiting

    def _miss(self, path: str, reading: Reading) -> None:
        """Say once when a bit came and went between two publications of the run."""
        before_s, self._since[path] = self._since.get(path), reading.time_s
        last = next((kept.value for name, kept in reversed(self._waiting) if name == path), None)
        last = self.outgoing[path].last if last is None else last
        if before_s is None or last != reading.value or not before_s < reading.time_s:
            return
        text = (
            f"{path} came and went before the device could be told: such a pulse is too short for "
            "a controller outside; make the run slower, or the pulse longer"
        )
        if text not in self.link.warnings:
            self.link.warnings.append(text)
            _logger.warning("link %s: %s", self.link.id, text)

    def renew(self) -> None:
        """Tell a run that has begun anew what the device says, and the device what the run says."""
        for bound in self.incoming:
            if bound.last is not None and bound.quality is not Quality.BAD:
                self._pass_on(bound, bound.last)
        self.tell()

    def tell(self) -> None:
        """Tell the device everything anew."""
        for bound in self.outgoing.values():
            bound.forget()
        self._since.clear()
        self._waiting.clear()
        self.changed({path: self._read(path) for path in self.outgoing})

    async def _connect(self) -> None:
        while True:
            try:
                await self.link.connect()
            except DeviceError as error:
                if self.problem != str(error):
                    _logger.warning("%s; trying again", error)
                self.problem = str(error)
                await asyncio.sleep(AGAIN_S)
            else:
                return

    def _state(self, state: LinkState) -> None:
        if state is LinkState.CONNECTED:
            self.problem = ""
            for bound in self.incoming:
                bound.forget()
            self.tell()
        elif state is LinkState.LOST:
            self.problem = f"link {self.link.id!r} is lost; coming back by itself"
            for bound in self.outgoing.values():
                bound.quality = Quality.BAD
        for cell in self._cells:
            cell.hear(state, self._give)

    async def _listen(self, readings: AsyncIterator[TagReading]) -> None:
        now = asyncio.get_running_loop().time
        async for reading in readings:
            for follower in self.followers:
                follower.hear(reading, now())
            for bound in self.incoming:
                if bound.spec.tag == reading.tag:
                    self._take(bound, reading, now())

    def _take(self, bound: Bound, reading: TagReading, now_s: float) -> None:
        if reading.value is None or reading.quality is Quality.BAD:
            bound.quality = Quality.BAD
            bound.forget()
            return
        bound.heard(reading.quality, now_s)
        try:
            value = bound.to_twin(reading.value)
        except (ValueError, SignalError) as error:
            _logger.debug("%s: %s", bound.spec.tag, error)
            bound.quality = Quality.BAD
            return
        if bound.moved(value):
            self._pass_on(bound, value)

    def _pass_on(self, bound: Bound, value: Value) -> None:
        by = f"device:{self.link.id}"
        problem = self._give(Command("write", bound.signal.path, {"value": value}, by))
        if problem is not None:
            bound.quality = Quality.BAD

    async def _write(self) -> None:
        told = ""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                path, reading = self._waiting.popleft()
                bound = self.outgoing[path]
                try:
                    value = outgoing(bound, reading)
                    if value is not None:
                        await self.link.write(bound.spec.tag, value)
                        bound.quality = Quality.GOOD
                    told = ""
                except (WriteRefused, ValueError) as error:
                    bound.forget()
                    bound.quality = Quality.BAD
                    if not told:
                        _logger.warning("%s", error)
                    told = str(error)
