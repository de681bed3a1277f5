"""The ten-machine line, written for other simulators as their own manuals would write it.

Ten machines in a row, buffers of four between them, a supply that never ends and a sink. Work takes
an exponential time, mean 1. A machine fails after an exponential time of *work*, mean 100, and is
repaired in an exponential time, mean 10; the part in it resumes. Everybody keeps the same
statistics: time of each machine in busy, starved, blocked and down, time average of each buffer's
level and of the work in process, lead time of each part.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

MACHINES = 10
PLACES = 4
WORK = 1.0
UPTIME = 100.0
DOWNTIME = 10.0
STATES = ("busy", "starved", "blocked", "down")


@dataclass(frozen=True)
class Outcome:
    """What one run of the line found."""

    parts: int
    time: float
    fractions: list[dict[str, float]]
    """Of each machine, the share of time in each state."""
    levels: list[float]
    """Of each buffer."""
    wip: float
    lead_times: list[float]

    @property
    def operations(self) -> int:
        """Parts times machines."""
        return self.parts * MACHINES

    def row(self) -> str:
        """Return the figures that all must agree on, within chance."""
        share = {
            state: sum(each.get(state, 0.0) for each in self.fractions) / MACHINES
            for state in STATES
        }
        return (
            f"{self.parts / self.time:10.4f}"
            + "".join(f"{share[state]:9.3f}" for state in STATES)
            + f"{sum(self.levels) / len(self.levels):9.3f}{self.wip:9.2f}"
            + f"{sum(self.lead_times) / len(self.lead_times):10.2f}"
        )


def draws(seed: np.random.SeedSequence, mean: float) -> Iterator[float]:
    """Yield exponential values, drawn in blocks as fast as Python lets one."""
    generator = np.random.default_rng(seed)
    while True:
        yield from generator.exponential(mean, 1024).tolist()


@dataclass(frozen=True)
class Chance:
    """The seeds of one machine: of its work, its uptimes and its downtimes."""

    work: np.random.SeedSequence
    uptime: np.random.SeedSequence
    downtime: np.random.SeedSequence

    def streams(self) -> tuple[Iterator[float], Iterator[float], Iterator[float]]:
        """Return streams of work, uptimes and downtimes."""
        return draws(self.work, WORK), draws(self.uptime, UPTIME), draws(self.downtime, DOWNTIME)


def chances(seed: int) -> list[Chance]:
    """Return the seeds of each machine: the same for every simulator that takes them."""
    return [Chance(*each.spawn(3)) for each in np.random.SeedSequence(seed).spawn(MACHINES)]
