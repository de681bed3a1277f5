"""Drift of pose characteristics over hours of work (clause 7.6)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .pose import accuracy, repeatability
from .sample import Array


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a pose's figures have gone since the cold start."""

    accuracy_m: float
    """dAP: the greatest distance of a later barycentre from the first one."""
    repeatability_m: float
    """dRP: the greatest difference of a later RP from the first one."""


def drift(series: Sequence[Array], commanded: Array) -> Drift:
    """Return dAP and dRP.

    Args:
        series: what was attained at the start, and at each later time, (n, 6).
        commanded: (6,).
    """
    errors = [np.array(accuracy(one, commanded).xyz_m) for one in series]
    repeats = [repeatability(one).position_m for one in series]
    return Drift(
        max(float(np.linalg.norm(one - errors[0])) for one in errors),
        max(abs(one - repeats[0]) for one in repeats),
    )
