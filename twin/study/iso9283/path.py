"""Path accuracy and repeatability, also on reorientation (clauses 8.2, 8.3, 8.4)."""

from dataclasses import dataclass

import numpy as np

from .pose import three
from .sample import Array, enough


@dataclass(frozen=True, slots=True)
class PathFigures:
    """AT and RT of one path."""

    accuracy_m: float
    """AT_P: the greatest distance of a barycentre from the commanded path (8.2)."""
    accuracy_rad: tuple[float, float, float]
    """AT_a, AT_b, AT_c: the greatest deviation of each mean angle."""
    repeatability_m: float
    """RT_P: the greatest l̄_i + 3 S_li along the path (8.3)."""
    repeatability_rad: tuple[float, float, float]
    """RT_a, RT_b, RT_c: the greatest 3 S of each angle."""
    offs_m: Array
    """Distance of the barycentre from the commanded path at each place along it, (m,)."""
    spreads_m: Array
    """l̄_i + 3 S_li at each place, (m,)."""


def path_figures(attained: Array, commanded: Array) -> PathFigures:
    """Return AT and RT.

    Args:
        attained: (n, m, 6), m and rad: n cycles, each at the same m places along the path, that
            is in planes square to it.
        commanded: (m, 6).
    """
    sample = enough(attained, 2, "RT")
    middles = sample.mean(axis=0)
    offs = np.linalg.norm(middles[:, :3] - commanded[:, :3], axis=1)
    distances = np.linalg.norm(sample[:, :, :3] - middles[:, :3], axis=2)
    spreads = distances.mean(axis=0) + 3.0 * np.std(distances, axis=0, ddof=1)
    return PathFigures(
        accuracy_m=float(offs.max()),
        accuracy_rad=three(np.abs(middles[:, 3:] - commanded[:, 3:]).max(axis=0)),
        repeatability_m=float(spreads.max()),
        repeatability_rad=three(3.0 * np.std(sample[:, :, 3:], axis=0, ddof=1).max(axis=0)),
        offs_m=offs,
        spreads_m=spreads,
    )


def crossings(measured: Array, places: Array, along: Array) -> Array:
    """Return a measured path where it crosses the planes square to the commanded path.

    Between samples it is taken as straight; an instrument samples close enough for that.

    Args:
        measured: (k, 6), in the order of time.
        places: (m, 3), of the commanded path.
        along: (m, 3), unit vectors: the way of the commanded path there.

    Returns:
        (m, 6): the crossing next after the one before, and where a plane is not crossed (the arm
        begins behind it, or ends before it) the nearest end.
    """
    found = np.empty((len(places), measured.shape[1]))
    last = 0
    for at, (place, way) in enumerate(zip(places, along, strict=True)):
        ahead = (measured[last:, :3] - place) @ way
        passed = np.flatnonzero((ahead[:-1] < 0.0) & (ahead[1:] >= 0.0))
        if not len(passed):
            found[at] = measured[last] if ahead[0] >= 0.0 else measured[-1]
            continue
        k = int(passed[0])
        share = ahead[k] / (ahead[k] - ahead[k + 1])
        a, b = measured[last + k], measured[last + k + 1]
        found[at] = a + share * (b - a)
        last += k
    return found
