"""Cornering deviations: round-off error and overshoot (clause 8.5)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .sample import Array, enough


@dataclass(frozen=True, slots=True)
class Cornering:
    """CR and CO of one corner."""

    round_off_m: float
    """CR: the least distance of the mean path from the corner (8.5.1)."""
    overshoot_m: float
    """CO: the greatest deviation of the mean path behind the corner, to the outer side (8.5.2)."""


def cornering(cycles: Sequence[Array], corner_m: Array, before: Array, after: Array) -> Cornering:
    """Return CR and CO of a corner: means over the cycles (3).

    Args:
        cycles: for each the path measured about the corner, (m, 3), m.
        corner_m: (3,), where the commanded ways meet.
        before: (3,), unit vector: the way towards the corner.
        after: (3,), unit vector: the way from it.
    """
    corner, onward = np.asarray(corner_m, dtype=float), np.asarray(before, dtype=float)
    outward = onward - (onward @ after) * np.asarray(after)
    outward = outward / np.linalg.norm(outward)
    rounds, overs = [], []
    for path in cycles:
        off = enough(path, 2, "CR") - corner
        rounds.append(float(np.linalg.norm(off, axis=1).min()))
        overs.append(max(float((off @ outward).max()), 0.0))
    return Cornering(float(np.mean(rounds)), float(np.mean(overs)))
