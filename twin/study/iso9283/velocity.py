"""Path velocity: accuracy, repeatability, fluctuation (clause 8.6)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .sample import Array, enough


@dataclass(frozen=True, slots=True)
class Velocity:
    """AV, RV and FV of one path at one commanded speed."""

    accuracy_percent: float
    """AV (8.6.2): (v̄ - v_c) / v_c."""
    repeatability_percent: float
    """RV (8.6.3): ± 3 S_v / v_c."""
    fluctuation_m_s: float
    """FV (8.6.4): the greatest difference of the highest and lowest speed within a cycle."""
    mean_m_s: float


def velocity(cycles: Sequence[Array], commanded_m_s: float) -> Velocity:
    """Return AV, RV and FV.

    Args:
        cycles: for each the speeds measured along the path where the command is constant, (m,),
            m/s.
        commanded_m_s: v_c.
    """
    for one in cycles:
        enough(one, 1, "AV")
    means = enough(np.array([float(np.mean(one)) for one in cycles]), 2, "RV")
    mean = float(means.mean())
    return Velocity(
        accuracy_percent=100.0 * (mean - commanded_m_s) / commanded_m_s,
        repeatability_percent=100.0 * 3.0 * float(np.std(means, ddof=1)) / commanded_m_s,
        fluctuation_m_s=max(float(np.max(one) - np.min(one)) for one in cycles),
        mean_m_s=mean,
    )
