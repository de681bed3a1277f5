"""The live runs that this server knows, and what it expects of one."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from twin.kernel.alarm import Alarm, AlarmLog
from twin.kernel.command import Command, Stamped
from twin.kernel.record import RunRecord
from twin.kernel.signal import Reading, SignalStore
from twin.plant.motion.workcell import Workcell
from twin.spec.line import LineSpec
from twin.spec.messages import phrase
from twin.wire.model import Delta, Snapshot

from .broadcast import Broadcast
from .problems import ApiError, listed, shorten


class Feed(Protocol):
    """What a run tells one reader: first a Snapshot, then Deltas, merged when the reader lags."""

    def __aiter__(self) -> AsyncIterator[Snapshot | Delta]:
        """Iterate over the messages."""
        ...

    def close(self) -> None:
        """Stop hearing of the run."""
        ...


class Mirrored(Protocol):
    """The real devices that stand beside a run, and where they and their models depart."""

    def links(self) -> dict[str, dict[str, Any]]:
        """Return how each link is, by its id."""
        ...

    def figures(self) -> dict[str, dict[str, Any]]:
        """Return the departures of each mirrored station, by asset."""
        ...

    def outlets(self) -> dict[str, dict[str, float | None]]:
        """Return how long publishing takes and how often it happens, ms, by outlet."""
        ...

    def bindings(self) -> dict[str, str]:
        """Return the quality of each bound signal, by path."""
        ...


class Live(Protocol):
    """A run that is alive, as everybody outside the kernel sees it."""

    @property
    def id(self) -> str:
        """The run's id."""
        ...

    @property
    def spec(self) -> LineSpec:
        """The line."""
        ...

    @property
    def signals(self) -> SignalStore:
        """The signals; read only from here."""
        ...

    @property
    def alarms(self) -> AlarmLog:
        """The alarms; read only from here."""
        ...

    @property
    def mirror(self) -> Mirrored | None:
        """The real devices that it follows; None when there are none."""
        ...

    @property
    def workcells(self) -> Mapping[str, Workcell]:
        """The workcells by id; read only from here."""
        ...

    @property
    def time_s(self) -> float:
        """Simulation time, s."""
        ...

    @property
    def rate(self) -> float:
        """Simulation seconds per second; 0 is paused."""
        ...

    def wall_at(self, time_s: float) -> datetime:
        """Return the source time (UTC) of a simulation time."""
        ...

    def command(self, command: Command) -> Stamped:
        """Carry out a command, or raise `CommandRefused`."""
        ...

    def set_rate(self, rate: float) -> None:
        """Set the pace: 0 pause, 1 real time, `inf` as fast as it goes."""
        ...

    def step(self) -> None:
        """Advance by one event instant while paused."""
        ...

    def reset(self) -> None:
        """Begin again from the header."""
        ...

    def watch(self) -> Feed:
        """Hear of the run."""
        ...

    def snapshot(self) -> Snapshot:
        """Return everything a viewer needs to begin."""
        ...

    def on_change(
        self, callback: Callable[[dict[str, Reading], list[Alarm]], None]
    ) -> Callable[[], None]:
        """Call back after changes; return what ends it."""
        ...

    def record(self) -> RunRecord:
        """Return the run's record."""
        ...

    def kpis(self) -> dict[str, float]:
        """Return the run's key figures now."""
        ...


class Hub:
    """The registry of live runs, each with the one broadcast that all its viewers share."""

    def __init__(self) -> None:
        self._runs: dict[str, Live] = {}
        self._broadcasts: dict[str, Broadcast] = {}

    def add(self, live: Live) -> None:
        """Make a run known."""
        self._runs[live.id] = live

    def remove(self, run_id: str) -> None:
        """Forget a run, and end the streams of its viewers."""
        self._runs.pop(run_id, None)
        broadcast = self._broadcasts.pop(run_id, None)
        if broadcast is not None:
            broadcast.close()

    def __iter__(self) -> Iterator[Live]:
        return iter(list(self._runs.values()))

    def __len__(self) -> int:
        return len(self._runs)

    def get(self, run_id: str) -> Live:
        """Return a run, or raise a 404 that lists the runs there are."""
        live = self._runs.get(run_id)
        if live is None:
            known = listed(list(self._runs))
            raise ApiError(404, phrase("api.no_run", run=shorten(run_id), listed=known))
        return live

    def broadcast(self, run_id: str) -> Broadcast:
        """Return the broadcast of a run; it starts with its first reader."""
        live = self.get(run_id)
        known = self._broadcasts.get(run_id)
        if known is None or known.closed:
            self._broadcasts[run_id] = Broadcast(live.watch, lambda: (live.time_s, live.rate))
        return self._broadcasts[run_id]

    def close(self) -> None:
        """End all streams."""
        for broadcast in self._broadcasts.values():
            broadcast.close()
        self._broadcasts.clear()
