"""What travels from a run to those who watch it: one Snapshot, then Deltas.

A viewer keeps the latest Snapshot, applies each Delta, and between them moves the bodies by the
closed form in `Motion`. `seq` grows by one a message; a gap means: ask for a new Snapshot.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

Value = bool | int | float | str

WIRE_VERSION = 2


class Piece(NamedTuple):
    """A stretch of a movement: from `t0` (s) on it is at `p + v dt + a dt²/2 + j dt³/6`."""

    t0: float
    p: float
    v: float = 0.0
    a: float = 0.0
    j: float = 0.0

    def at(self, time_s: float) -> float:
        """Return the place at a time."""
        dt = time_s - self.t0
        return self.p + dt * (self.v + dt * (self.a / 2.0 + dt * self.j / 6.0))


Path = tuple[Piece, ...]
"""A movement: each piece holds until the next begins, the last for ever, the first from ever at its
place."""


def along(path: Path, time_s: float) -> float:
    """Return the place on a path at a time: metres, radians or whatever the path is of."""
    first = path[0]
    if time_s <= first.t0:
        return first.p
    for piece in reversed(path):
        if time_s >= piece.t0:
            return piece.at(time_s)
    return first.p


class Ride(NamedTuple):
    """How a part lies on a body of a workcell, and goes along with it.

    At a time it is `x, y, z` plus `path` times the direction `dx, dy, dz`, turned by `heading_rad`,
    all in the frame of the scene node `frame`, which may move itself. The point is the middle of
    the part's underside.
    """

    frame: str
    x: float
    y: float
    z: float
    heading_rad: float
    dx: float
    dy: float
    dz: float
    path: Path


class Motion(NamedTuple):
    """Where a body is from now on, as a function of time.

    The body belongs to `slot` of `asset`. Along that asset's path, whose ends are 0 and 1, it is at
    `s0` until `t0`, then goes evenly to `s1` at `t1`, and stays (simulation time, s).
    """

    asset: str
    slot: int
    s0: float
    s1: float
    t0: float
    t1: float

    def at(self, time_s: float) -> float:
        """Return the place along the asset's path, 0 to 1."""
        if time_s >= self.t1:
            return self.s1
        if time_s <= self.t0:
            return self.s0
        return self.s0 + (self.s1 - self.s0) * (time_s - self.t0) / (self.t1 - self.t0)


class Body(NamedTuple):
    """A part or a vehicle that can be seen: its type and how it moves."""

    type: str
    """A part type's id, or `vehicle:FLEET`."""
    motion: Motion | Ride
    good: bool | None = None
    """What an inspection said, None where none has."""


class SignalState(NamedTuple):
    """A signal's value, quality (`good`, `uncertain`, `bad`) and the time of both, s."""

    value: Value
    quality: str
    time_s: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a viewer needs to begin."""

    run: str
    line: str
    seq: int
    time_s: float
    rate: float
    """Simulation seconds per second; 0 is paused, `inf` as fast as it goes."""
    signals: dict[str, SignalState]
    bodies: dict[str, Body]
    alarms: list[dict[str, Any]]
    kpis: dict[str, float]
    joints: dict[str, Path] = field(default_factory=dict)
    """How the moving parts of workcells move: `WORKCELL/BODY`, in m or rad."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed since the message before. A body that is None is gone."""

    seq: int
    time_s: float
    rate: float
    signals: dict[str, SignalState] = field(default_factory=dict)
    bodies: dict[str, Body | None] = field(default_factory=dict)
    alarms: list[dict[str, Any]] = field(default_factory=list)
    kpis: dict[str, float] = field(default_factory=dict)
    joints: dict[str, Path] = field(default_factory=dict)
