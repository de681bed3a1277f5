"""Means, intervals and percentiles of what replications measured.

Intervals are 95 % Student intervals. They are taken over replications, or, from one long
replication, over the means of equal batches of its time (A. M. Law, *Simulation Modeling and
Analysis*, 5th ed. 2015, sections 9.5.1 and 9.5.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Method = Literal["replications", "batches", "none"]

confidence = 0.95
batch_count = 20
"""Batches of one long replication: between 10 and 30 serves nearly every case (B. Schmeiser,
"Batch size effects in the analysis of simulation output", Operations Research 30, 1982)."""
least_per_batch = 5.0
"""Mean number of observations that a batch needs before its mean says anything."""
largest_correlation = 0.4
"""Lag-1 correlation of batch means above which the batches are too short to be independent; half as
many twice as long are tried then."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and its 95 % interval; `low` and `high` are None where there is no honest interval."""

    mean: float
    low: float | None = None
    high: float | None = None
    count: int = 1
    method: Method = "none"

    @property
    def half_width(self) -> float | None:
        """Half the length of the interval, in the unit of the mean."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def relative_width(self) -> float | None:
        """Half the length of the interval as a share of the mean; None where the mean is 0."""
        half = self.half_width
        return None if half is None or self.mean == 0 else half / abs(self.mean)


def student(values: ArrayLike, *, method: Method = "replications") -> Estimate:
    """Return the mean of independent values with its 95 % Student interval.

    mean ± t(0.975, n - 1) · s / √n, with s the sample standard deviation. One value, or none,
    has no interval; values that are not numbers (nothing was measured) are left out.
    """
    kept = np.asarray(values, dtype=float)
    kept = kept[np.isfinite(kept)]
    if not kept.size:
        return Estimate(float("nan"), count=0)
    # Equal values must give exactly themselves, which summing and dividing does not promise.
    mean = float(kept[0]) if np.all(kept == kept[0]) else float(kept.mean())
    if kept.size == 1:
        return Estimate(mean)
    deviation = float(kept.std(ddof=1)) if np.any(kept != kept[0]) else 0.0
    from scipy.special import stdtrit  # takes longer to load than most studies to run

    half = float(stdtrit(kept.size - 1, (1 + confidence) / 2)) * deviation / kept.size**0.5
    return Estimate(mean, mean - half, mean + half, int(kept.size), method)


def correlation(values: ArrayLike) -> float:
    """Return the lag-1 autocorrelation of a series, 0 for a constant one."""
    centred = np.asarray(values, dtype=float)
    centred = centred - centred.mean()
    power = float(centred @ centred)
    return float(centred[:-1] @ centred[1:]) / power if power > 0 else 0.0


def batch_means(batches: ArrayLike, *, observations: int) -> Estimate:
    """Return the mean over a replication's equal batches, with an interval when it is honest.

    Args:
        batches: the mean of each of `batch_count` batches, in order of time.
        observations: how many observations stand behind all of them.
    """
    means = np.asarray(batches, dtype=float)
    if not means.size:
        return Estimate(float("nan"))
    short = means.size < batch_count or observations < least_per_batch * means.size
    if not short and np.all(np.isfinite(means)):
        for candidates in (means, means.reshape(-1, 2).mean(axis=1)):
            if correlation(candidates) <= largest_correlation:
                return student(candidates, method="batches")
    return Estimate(float(means.mean()))


def rate_batches(times_s: ArrayLike, *, begin_s: float, end_s: float) -> Floats:
    """Return the rate per hour in each of `batch_count` equal slices of time.

    Args:
        times_s: when each thing happened, (n,) float.
        begin_s: begin of the first slice.
        end_s: end of the last one.
    """
    counts, _ = np.histogram(
        np.asarray(times_s, dtype=float), bins=batch_count, range=(begin_s, end_s)
    )
    return counts * (3600.0 * batch_count / (end_s - begin_s))


def order_batches(values: ArrayLike) -> Floats:
    """Return the means of `batch_count` runs of values as near equal in length as can be."""
    series = np.asarray(values, dtype=float)
    if series.size < batch_count:
        return series
    return np.array([part.mean() for part in np.array_split(series, batch_count)])


def percentile(samples: Sequence[ArrayLike], share: float) -> float:
    """Return the value below which `share` of all samples together lie; NaN without any.

    Linear between the order statistics, numpy's default (Hyndman and Fan 1996, definition 7).
    """
    pooled = np.concatenate([np.asarray(one, dtype=float) for one in samples] or [np.empty(0)])
    return float(np.quantile(pooled, share)) if pooled.size else float("nan")


def time_weighted_mean(
    times_s: ArrayLike, values: ArrayLike, *, begin_s: float, end_s: float
) -> float:
    """Return the mean over time of a quantity that keeps each value until the next change.

    Args:
        times_s: when each value began, ascending, (n,) float; the first at or before `begin_s`.
        values: the values, (n,) float.
        begin_s: begin of the window.
        end_s: end of the window, after `begin_s`.
    """
    if end_s <= begin_s:
        raise ValueError(f"the window from {begin_s:g} s to {end_s:g} s holds no time")
    times = np.asarray(times_s, dtype=float)
    edges = np.clip(np.append(times, np.inf), begin_s, end_s)
    return float(np.asarray(values, dtype=float) @ np.diff(edges)) / (end_s - begin_s)


def time_weighted_bins(times_s: ArrayLike, values: ArrayLike, edges_s: ArrayLike) -> Floats:
    """Return the mean over time of a stepwise quantity in each of several slices.

    Args:
        times_s: when each value began, ascending, (n,) float; 0 holds before the first.
        values: the values, (n,) float.
        edges_s: ascending, distinct edges of the slices, (m + 1,) float.

    Returns:
        The means, (m,) float.
    """
    times = np.asarray(times_s, dtype=float)
    levels = np.asarray(values, dtype=float)
    edges = np.asarray(edges_s, dtype=float)
    if not times.size:
        return np.zeros(edges.size - 1)
    area = np.concatenate(([0.0], np.cumsum(levels[:-1] * np.diff(times))))
    place = np.searchsorted(times, edges, side="right") - 1
    known = np.maximum(place, 0)
    upto = area[known] + levels[known] * np.maximum(edges - times[known], 0.0)
    upto[place < 0] = 0.0
    return np.asarray(np.diff(upto) / np.diff(edges), dtype=float)
