"""What travels from a run to those who watch it: one Snapshot, then Deltas.

A viewer keeps the latest Snapshot, applies each Delta, and between them moves the bodies by the
closed form in `Motion`. `seq` grows by one a message; a gap means: ask for a new Snapshot.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

Value = bool | int | float | str

WIRE_VERSION = 1


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
    motion: Motion
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
