"""Position stabilisation time and position overshoot (clauses 7.4 and 7.5)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .sample import Array, enough


@dataclass(frozen=True, slots=True)
class Stabilisation:
    """How an arm comes to rest at a pose."""

    time_s: float
    """Mean over the cycles: from when the tool first enters the limit band until it stays in it."""
    overshoot_m: float
    """OV: the greatest of the cycles; 0 for an arm that creeps in."""
    times_s: tuple[float, ...]
    overshoots_m: tuple[float, ...]


def attained(positions_m: Array) -> Array:
    """Return where the tool came to rest: (3,), m."""
    last: Array = positions_m[-max(len(positions_m) // 20, 1) :].mean(axis=0)
    return last


def one_cycle(times_s: Array, positions_m: Array, band_m: float) -> tuple[float, float]:
    """Return stabilisation time and overshoot of one cycle.

    The attained position is the mean of the last twentieth of the samples. What lies before the
    tool first comes into the band counts neither for the time nor for the overshoot. An overshoot
    is the greatest distance after that by which the tool leaves the attained position on the far
    side, seen along the way it came.

    Args:
        times_s: (m,), of the samples.
        positions_m: (m, 3).
        band_m: the limit band: RP, or what the manufacturer says.
    """
    off = enough(positions_m, 2, "OV") - attained(positions_m)
    distances = np.linalg.norm(off, axis=1)
    inside = distances <= band_m
    # A fast tool may cross the band between two samples.
    step = np.diff(off, axis=0)
    square = np.maximum((step**2).sum(axis=1), 1e-24)
    share = np.clip(-(off[:-1] * step).sum(axis=1) / square, 0.0, 1.0)
    passing = np.linalg.norm(off[:-1] + share[:, None] * step, axis=1) <= band_m
    first = 0 if inside[0] else int(np.argmax(passing)) + 1
    outside = np.flatnonzero(~inside)
    settled = max(int(outside[-1]) + 1 if len(outside) else first, first)
    came = -off[max(first - 1, 0)]
    length = float(np.linalg.norm(came))
    beyond = np.zeros(1) if length == 0.0 else off[first:] @ (came / length)
    over = float(distances[first:][beyond > 0.0].max(initial=0.0))
    settled = min(settled, len(times_s) - 1)
    return float(times_s[settled] - times_s[first]), over


def stabilisation(cycles: Sequence[tuple[Array, Array]], band_m: float) -> Stabilisation:
    """Return the mean stabilisation time and the greatest overshoot of some cycles (3).

    Args:
        cycles: for each the times (m,) s, and positions (m, 3) m.
        band_m: the limit band.
    """
    found = [one_cycle(times, positions, band_m) for times, positions in cycles]
    times = tuple(time for time, _ in found)
    overs = tuple(over for _, over in found)
    return Stabilisation(sum(times) / len(times), max(overs), times, overs)
