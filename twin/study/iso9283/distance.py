"""Distance accuracy and repeatability between two poses (clause 7.3)."""

from dataclasses import dataclass

import numpy as np

from .pose import three
from .sample import Array, enough, spread


@dataclass(frozen=True, slots=True)
class Distance:
    """AD and RD between two poses."""

    accuracy_m: float
    """AD_P: mean of the attained distances less the commanded one (7.3.2)."""
    accuracy_xyz_m: tuple[float, float, float]
    """AD_x, AD_y, AD_z: the same of the distances along each axis."""
    repeatability_m: float
    """RD: ± 3 S of the attained distances (7.3.3)."""
    repeatability_xyz_m: tuple[float, float, float]
    distances_m: tuple[float, ...]
    """D_j of each cycle."""


def distance(
    first: Array, second: Array, commanded_first: Array, commanded_second: Array
) -> Distance:
    """Return AD = D̄ - D_c and RD = 3 S(D_j), D_j the distance of the two attained poses of cycle j.

    Args:
        first: attained poses at one end, (n, 6), m and rad, by cycle.
        second: the same at the other end.
        commanded_first: (6,).
        commanded_second: (6,).
    """
    count = min(len(first), len(second))
    ends = enough(first, 2, "AD")[:count, :3], enough(second, 2, "AD")[:count, :3]
    way = ends[0] - ends[1]
    lengths = np.linalg.norm(way, axis=1)
    commanded = commanded_first[:3] - commanded_second[:3]
    return Distance(
        accuracy_m=float(lengths.mean() - np.linalg.norm(commanded)),
        accuracy_xyz_m=three(np.abs(way).mean(axis=0) - np.abs(commanded)),
        repeatability_m=float(3.0 * np.std(lengths, ddof=1)),
        repeatability_xyz_m=three(3.0 * spread(np.abs(way))),
        distances_m=tuple(float(each) for each in lengths),
    )
