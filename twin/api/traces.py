"""The latest changes of a workcell's points, each at its exact simulation time."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import count
from weakref import WeakSet

from twin.kernel.signal import Value
from twin.plant.motion.point import Point
from twin.plant.motion.workcell import Workcell

from .hub import Live
from .robot_trace import RobotTraces

KEPT = 2000
"""Changes of each point that are kept."""

Sample = tuple[float, Value]
"""A time, s, and the value from then on."""


class Recorder:
    """Listens to every point of one workcell.

    Args:
        cell: the workcell.
        epoch: number of this recorder: another one began anew.
        kept: how many changes of each point are kept.
    """

    def __init__(self, cell: Workcell, epoch: int = 0, *, kept: int = KEPT) -> None:
        self.cell = cell
        self.epoch = epoch
        self.since_s = cell.env.time_s
        self._samples: dict[str, deque[Sample]] = {
            name: deque([(self.since_s, point.value)], maxlen=kept)
            for name, point in cell.points.items()
        }
        self._sliding = [
            point
            for point in cell.points.values()
            if point.body is not None and point.pin in point.body.lazy
        ]
        """Points that change between events: they are looked at from time to time."""
        self.robots = RobotTraces(cell)
        cell.listeners.append(self._hear)

    def _hear(self, point: Point) -> None:
        self._samples[point.name].append((point.time_s, point.value))

    def look(self) -> None:
        """Take a sample of what changes between events, such as the position of an axis."""
        now = self.cell.env.time_s
        for point in self._sliding:
            assert point.body is not None
            point.body.refresh(point.pin)
            samples = self._samples[point.name]
            if samples[-1][1] != point.value and samples[-1][0] < now:
                samples.append((now, point.value))

    def read(self, names: Iterable[str], since_s: float = 0.0) -> dict[str, list[Sample]]:
        """Return what the points did from `since_s` on, oldest first.

        The first sample of each may be earlier: it says what the point held at `since_s`.
        """
        return {name: list(_from(self._samples[name], since_s)) for name in names}


def _from(samples: deque[Sample], since_s: float) -> Iterator[Sample]:
    begin = len(samples) - 1
    while begin > 0 and samples[begin][0] >= since_s:
        begin -= 1
    for place in range(begin, len(samples)):
        yield samples[place]


class Traces:
    """The recorders of the workcells of all runs. They begin when a run becomes known."""

    def __init__(self) -> None:
        self._recorders: dict[tuple[str, str], Recorder] = {}
        self._known: WeakSet[Live] = WeakSet()
        self._epochs = count(1)

    def follow(self, live: Live) -> None:
        """Record a run from now on; a run that begins again is recorded anew."""
        self._renew(live)
        if live not in self._known:
            self._known.add(live)
            live.on_change(lambda _readings, _alarms: self._renew(live))

    def _renew(self, live: Live) -> None:
        for name, cell in live.workcells.items():
            known = self._recorders.get((live.id, name))
            if known is None or known.cell is not cell:
                known = self._recorders[live.id, name] = Recorder(cell, next(self._epochs))
            known.look()

    def of(self, live: Live, cell: str) -> Recorder:
        """Return the recorder of a workcell of a run."""
        self.follow(live)
        return self._recorders[live.id, cell]
