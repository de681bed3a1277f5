"""What every driver is: a `Link` to a device outside, or an `Outlet` that publishes the twin.

A driver is a folder with the same files as its neighbours: `link.py` (client of a device),
`outlet.py` (the twin, published), `address.py` (names on that protocol). `registry.py` knows them
by kind. Drivers never import each other.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from twin.kernel.alarm import Alarm, AlarmLog
from twin.kernel.command import Command, Stamped
from twin.kernel.signal import Quality, Reading, SignalStore, Value
from twin.spec.line import LineSpec

from .timing import Timing


class Run(Protocol):
    """A live run, as far as an outlet looks at it."""

    @property
    def spec(self) -> LineSpec:
        """The line."""

    @property
    def signals(self) -> SignalStore:
        """Its signals. `reset` may replace the store."""

    @property
    def alarms(self) -> AlarmLog:
        """Its alarms."""

    def wall_at(self, time_s: float) -> datetime:
        """Return the UTC time that belongs to a simulation time, s."""

    def command(self, command: Command) -> Stamped:
        """Give a command; raises `CommandRefused`."""

    def on_change(
        self, callback: Callable[[dict[str, Reading], list[Alarm]], None]
    ) -> Callable[[], None]:
        """Hear of changed signals and alarms after each advance; returns what ends it."""


class LinkState(StrEnum):
    """How a link is."""

    CLOSED = "closed"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"


class TagReading(NamedTuple):
    """What a device says of one tag. Without an answer `value` is None and `quality` BAD."""

    tag: str
    value: Value | None
    quality: Quality = Quality.GOOD
    source_s: float | None = None
    """The device's own time, seconds since 1970 UTC, where it gave one."""


class Offer(NamedTuple):
    """What a device offers under one address, as browsing finds it."""

    tag: str
    type: str
    """The device's own name of the type; empty where the protocol has none."""
    value: Value | None
    quality: str


def unanswered(tag: str) -> TagReading:
    """Return what stands for a tag that nobody answers for."""
    return TagReading(tag, None, Quality.BAD)


class Link(ABC):
    """The client of a real device.

    `connect` succeeds or raises `LinkError`; from then on the link mends itself until `close`.
    While it is lost, reading gives BAD quality, and each subscription hears BAD once for every tag,
    then the values anew when the device is back.
    """

    def __init__(self, link_id: str, *, armed: bool = False) -> None:
        self.id = link_id
        self.armed = armed
        """Whether writes go out. A person arms a link; nothing else does."""
        self.timing = Timing()
        """Round trips and, where the link polls, the pace of its polls."""
        self.warnings: list[str] = []
        """What a person should know although the link works; each is said once."""
        self._state = LinkState.CLOSED
        self._listeners: list[Callable[[LinkState], None]] = []

    @property
    def state(self) -> LinkState:
        """How the link is now."""
        return self._state

    def on_state(self, listener: Callable[[LinkState], None]) -> None:
        """Hear of each change of state."""
        self._listeners.append(listener)

    def _become(self, state: LinkState) -> None:
        if state is self._state:
            return
        self._state = state
        for listener in self._listeners:
            listener(state)

    @abstractmethod
    async def connect(self) -> None:
        """Connect, or raise `LinkError` that says what to do."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of the device. Can be called twice."""

    @abstractmethod
    async def read(self, tags: Iterable[str]) -> dict[str, TagReading]:
        """Return the latest reading of each tag."""

    @abstractmethod
    async def write(self, tag: str, value: Value) -> None:
        """Write a value to the device, or raise `WriteRefused`. An unarmed link refuses all."""

    @abstractmethod
    def subscribe(self, tags: Iterable[str]) -> AsyncIterator[TagReading]:
        """Iterate over the readings of tags as they come, the present ones first."""


class Outlet(ABC):
    """The twin, published outward. Commands that come in carry who gave them."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Where clients find it."""

    @abstractmethod
    async def start(self, run: Run) -> None:
        """Publish everything as it is now, and take commands; raises `OutletError`."""

    @abstractmethod
    async def publish(self, changes: Mapping[str, Reading], alarms: Sequence[Alarm]) -> None:
        """Publish what changed, and nothing else."""

    @abstractmethod
    async def stop(self) -> None:
        """Say goodbye to clients and let go of the port. Can be called twice."""
