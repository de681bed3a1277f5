"""Pose accuracy, repeatability and multi-directional variation (clause 7.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .sample import Array, enough, spread


@dataclass(frozen=True, slots=True)
class PoseAccuracy:
    """AP of one pose: from the command to the middle of what was attained (7.2.1)."""

    position_m: float
    """AP_P."""
    xyz_m: tuple[float, float, float]
    """AP_x, AP_y, AP_z, with their signs."""
    abc_rad: tuple[float, float, float]
    """AP_a, AP_b, AP_c, with their signs."""


@dataclass(frozen=True, slots=True)
class PoseRepeatability:
    """RP of one pose: how close together the attained poses are (7.2.2)."""

    position_m: float
    """RP_l = l̄ + 3 S_l: radius of a sphere about the barycentre."""
    mean_m: float
    """l̄: mean distance from the barycentre."""
    deviation_m: float
    """S_l: standard deviation of these distances."""
    abc_rad: tuple[float, float, float]
    """RP_a, RP_b, RP_c: ± 3 S of each angle."""


@dataclass(frozen=True, slots=True)
class Variation:
    """vAP of one pose: how much it matters from where the arm comes (7.2.3)."""

    position_m: float
    abc_rad: tuple[float, float, float]


def three(values: Array) -> tuple[float, float, float]:
    """Return three numbers of an array as plain ones."""
    x, y, z = (float(each) for each in values)
    return x, y, z


def accuracy(attained: Array, commanded: Array) -> PoseAccuracy:
    """Return AP (7.2.1): AP_P = |mean of the attained positions - commanded position|.

    Args:
        attained: (n, 6), m and rad.
        commanded: (6,), m and rad.
    """
    off = enough(attained, 1, "AP").mean(axis=0) - commanded
    return PoseAccuracy(float(np.linalg.norm(off[:3])), three(off[:3]), three(off[3:]))


def repeatability(attained: Array) -> PoseRepeatability:
    """Return RP (7.2.2): RP_l = l̄ + 3 S_l, l_j the distance of attained pose j from the barycentre.

    Args:
        attained: (n, 6), m and rad; n at least 2, 30 by the standard.
    """
    sample = enough(attained, 2, "RP")
    distances = np.linalg.norm(sample[:, :3] - sample[:, :3].mean(axis=0), axis=1)
    mean, deviation = float(distances.mean()), float(np.std(distances, ddof=1))
    angles = three(3.0 * spread(sample[:, 3:]))
    return PoseRepeatability(mean + 3.0 * deviation, mean, deviation, angles)


def variation(directions: Sequence[Array]) -> Variation:
    """Return vAP (7.2.3): the greatest distance between barycentres, one for each direction.

    Args:
        directions: for each direction of approach what was attained, (n, 6).
    """
    middles = [enough(one, 1, "vAP").mean(axis=0) for one in directions]
    pairs = np.array([a - b for a, b in combinations(middles, 2)], dtype=float).reshape(-1, 6)
    pairs = enough(pairs, 1, "vAP")
    position = float(np.linalg.norm(pairs[:, :3], axis=1).max())
    return Variation(position, three(np.abs(pairs[:, 3:]).max(axis=0)))
