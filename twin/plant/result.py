"""What one replication gave, as plain data."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _none() -> Floats:
    return np.zeros(0)


@dataclass(slots=True)
class AssetResult:
    """What was counted at one asset after the warm-up."""

    kind: str
    fractions: dict[str, float]
    """Share of time in each of the six states; they sum to 1."""
    made: int = 0
    scrapped: int = 0
    level: float | None = None
    """Mean content, of whatever keeps parts."""
    level_max: int | None = None
    energy_j: float = 0.0
    availability: float | None = None
    performance: float | None = None
    quality: float | None = None
    oee: float | None = None
    active_s: Floats = field(default_factory=_none)
    """(n, 2) float: begin and end of each active period, s, for the bottleneck."""
    bottleneck: float = 0.0
    """Share of the time in which it is the momentary bottleneck; a study fills it in."""
    shifting: float = 0.0
    """Share of the time in which the bottleneck shifts to or from it."""
    servers: int = 1
    detail: dict[str, float] = field(default_factory=dict)
    """Figures of the kind's own: vehicle empty travel, failures counted, …"""


@dataclass(slots=True)
class RunResult:
    """What one replication gave."""

    line: str
    seed: int
    replication: int
    simulated_s: float
    """Whole time, warm-up included."""
    warmup_s: float
    events: int
    wall_s: float
    created: int
    made: int
    """Parts at sinks that are not for scrap, or laps of pallets, after the warm-up."""
    scrapped: int
    escaped: int
    """Parts among `made` that are bad and were not found."""
    throughput_per_h: float
    wip: float
    lead_time_s: Floats
    """(n,) float: of each part made after the warm-up."""
    departures_s: Floats
    """(m,) float: when each part of the whole run was made."""
    assets: dict[str, AssetResult]
    energy_j: float
    lost: int = 0
    """Arrivals that found the line full."""
    late: int = 0
    """Parts of orders that came after their due date."""
    deadlock: str | None = None
    ended: str | None = None
    """Why the run ended before its time."""
    part_operations: int = 0
    levels: dict[str, Floats] = field(default_factory=dict)
    """Per asset with a content, (k, 2) float time and level, when asked for."""
    states: dict[str, Floats] = field(default_factory=dict)
    """Per asset, (k, 2) float time and state entered, when asked for."""
