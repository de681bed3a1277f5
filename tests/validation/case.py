"""A case: a line file, what to look at, and what it must be."""

from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

LINES = Path(__file__).parent / "lines"

NAMES = {
    "throughput_per_h": "parts per hour",
    "wip": "parts in the line",
    "lead_time_s": "lead time, s",
    "lead_time_p95_s": "95th percentile of lead time, s",
    "energy_per_good_part_j": "energy per good part, J",
    "lost_per_h": "arrivals lost per hour",
    "scrapped_per_h": "parts scrapped per hour",
    "escaped_share": "bad share of the parts passed",
}


@dataclass(frozen=True)
class Check:
    """One figure of a run and its exact value.

    `quantity` is a name of the result (`wip`), or `asset.figure` (`b1.level`, `m1.blocked`).
    """

    quantity: str
    value: float

    @property
    def name(self) -> str:
        """Return the quantity in words."""
        if self.quantity in NAMES:
            return NAMES[self.quantity]
        asset, figure = self.quantity.split(".")
        words = {"level": "mean content", "made_per_h": "parts per hour"}
        return f"{words.get(figure, f'share {figure}')} of `{asset}`"


@dataclass(frozen=True)
class Case:
    """A line in `lines/`, its checks, and where the exact values come from."""

    line: str
    source: str
    checks: tuple[Check, ...]
    whole: bool = False
    """Whether the counted time cannot be shortened: the line repeats itself, and a part of a period
    would count too much."""

    @property
    def seed(self) -> int:
        """Return the seed: it follows from the name, so that nobody chooses it."""
        return crc32(self.line.encode()) % 10_000

    @property
    def path(self) -> Path:
        """Return the line file."""
        return LINES / f"{self.line}.yaml"


@dataclass(frozen=True)
class Chapter:
    """Cases of one kind, with what a reader must know about all of them."""

    title: str
    text: str
    cases: tuple[Case, ...]


def case(line: str, source: str, *, whole: bool = False, **checks: float) -> Case:
    """Return a case; in the name of a check `__` stands for the dot: `b1__level=2.5`."""
    figures = tuple(Check(name.replace("__", "."), value) for name, value in checks.items())
    return Case(line, source, figures, whole)
