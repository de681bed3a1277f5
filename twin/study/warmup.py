"""How long a run takes to forget that it began empty: MSER-5.

The Marginal Standard Error Rule drops the beginning of a series so that the standard error of
the mean of the rest, s / √n, is least; MSER-5 looks at means of five observations.
K. P. White Jr., "An effective truncation heuristic for bias reduction in simulation output",
Simulation 69(6), 1997; K. P. White Jr., M. J. Cobb and S. C. Spratt, "A comparison of five
steady-state truncation heuristics for simulation", Winter Simulation Conference 2000.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from .statistics import Floats

if TYPE_CHECKING:
    from twin.plant.result import RunResult

bins = 1000
"""Slices of the pilot runs in which the parts that left are counted."""
group = 5


@dataclass(frozen=True, slots=True)
class Warmup:
    """The beginning of a run that the statistics leave out, and how it was found."""

    seconds: float
    method: Literal["given", "line", "mser5", "none"]
    conclusive: bool = True
    """False where MSER-5 would drop more than half of the run, which is then too short to tell; the
    best choice within its first half is taken."""


def mser(values: ArrayLike) -> tuple[int, bool]:
    """Return how many values to drop so that the mean of the rest has least standard error.

    MSER(d) = Σ (xᵢ - x̄)² / (n - d)², over i > d. The choice is made within the first half; whether
    it is the best of all is the second answer. The last few values are never judged alone, because
    two that happen to agree would win.
    """
    series = np.asarray(values, dtype=float)
    if series.size < 2 * group:
        return 0, False
    series = series - series.mean()
    left = np.arange(series.size, 0, -1)
    sums = np.cumsum(series[::-1])[::-1]
    squares = np.cumsum((series**2)[::-1])[::-1]
    spread = np.maximum(squares - sums**2 / left, 0.0) / left**2
    best = int(np.argmin(spread[: series.size // 2 + 1]))
    return best, best == int(np.argmin(spread[: series.size - group]))


def mser5(values: ArrayLike) -> tuple[int, bool]:
    """Return how many values MSER-5 drops, and whether more than half need not be dropped."""
    series = np.asarray(values, dtype=float)
    whole = series.size // group * group
    dropped, conclusive = mser(series[:whole].reshape(-1, group).mean(axis=1))
    return dropped * group, conclusive


def flow(pilots: Sequence["RunResult"], end_s: float) -> Floats:
    """Return the parts that left in each slice of the run, averaged over pilot runs."""
    counts = [np.histogram(one.departures_s, bins=bins, range=(0.0, end_s))[0] for one in pilots]
    return np.asarray(np.mean(counts, axis=0), dtype=float)


def find(pilots: Sequence["RunResult"], end_s: float) -> Warmup:
    """Return the warm-up that MSER-5 finds in the parts leaving the line over time.

    Averaging over pilots before the rule is applied takes the noise out and leaves the
    transient (P. D. Welch's first step, 1983). The slices hold one part or more on average,
    else a slow line would look like a row of noughts and ones.
    """
    series = flow(pilots, end_s)
    parts = float(series.sum())
    merge = max(1, int(np.ceil(series.size / max(parts, 1.0))))
    whole = series.size // merge * merge
    series = series[:whole].reshape(-1, merge).mean(axis=1)
    dropped, conclusive = mser5(series)
    enough = series.size >= 10 * group
    seconds = dropped * merge * end_s / bins
    return Warmup(seconds, "mser5", conclusive=conclusive and enough)
