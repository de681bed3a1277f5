"""Samples: what was measured, in rows of x, y, z (m) and a, b, c (rad).

Angles are turns about the axes of the base, measured from the commanded orientation, as a rotation
vector: deviations of an arm are far below a degree, where the order of turns does not matter, and
counted from the command they never jump at half a turn.
"""

from collections.abc import Sequence
from math import atan2, hypot

import numpy as np
from numpy.typing import NDArray

from twin.plant.robot.placement import Placement
from twin.study.errors import StudyError

Array = NDArray[np.float64]


def row(measured: Placement, commanded: Placement) -> tuple[float, ...]:
    """Return a measured pose as x, y, z, a, b, c; the angles from the commanded orientation."""
    between = Placement(0.0, 0.0, 0.0, *measured.turn).then(
        Placement(0.0, 0.0, 0.0, *commanded.turn).inverse()
    )
    length = hypot(between.i, between.j, between.k)
    scale = 2.0 * atan2(length, between.w) / length if length > 0.0 else 2.0
    return (*measured.place, between.i * scale, between.j * scale, between.k * scale)


def rows(measured: Sequence[Placement], commanded: Placement) -> Array:
    """Return measured poses of one command, (n, 6)."""
    return np.array([row(one, commanded) for one in measured], dtype=float).reshape(-1, 6)


def enough(attained: Array, least: int, what: str) -> Array:
    """Return the sample, if there are enough measurements in it.

    Raises:
        StudyError: there are fewer than `least`.
    """
    sample = np.asarray(attained, dtype=float)
    if len(sample) < least:
        raise StudyError("inspect.too_few", what=what, count=len(sample), least=least)
    return sample


def spread(values: Array) -> Array:
    """Return the standard deviation of each column, with n - 1 below."""
    found: Array = np.std(values, axis=0, ddof=1)
    return found
