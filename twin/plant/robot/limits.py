"""Limits: whether an arm may move as a curve says, judged on its exact extremes."""

from functools import lru_cache
from math import degrees, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.spec.messages import Phrase, phrase

from .order import Move, MoveRefused
from .track import Curve

if TYPE_CHECKING:
    from .arm import Arm
    from .group import Group

RESERVE = 0.95
"""Share of the joints' acceleration that planned movements use: the rest is there to brake with,
on the path."""
SLACK = 1e-9


class Bounds(NamedTuple):
    """The limits of an arm's joints, (n,) each."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    speed: NDArray[np.float64]
    accel: NDArray[np.float64]
    jerk: NDArray[np.float64]


@lru_cache(maxsize=64)
def bounds(arm: "Arm | Group") -> Bounds:
    """Return the limits of an arm's joints as arrays."""
    rows = [(j.low, j.high, j.speed, j.accel, j.jerk) for j in arm.joints]
    return Bounds(*np.array(rows, dtype=float).T)


class Excess(NamedTuple):
    """How far a curve is beyond speeds and accelerations, as factors of what is allowed."""

    speed: float
    accel: float
    axis: int
    """The one that is the farthest beyond."""

    @property
    def factor(self) -> float:
        """By how much it is to be slower, at least 1."""
        return max(self.speed, sqrt(self.accel), 1.0)


def excess(arm: "Arm | Group", curve: Curve, share: float = 1.0) -> Excess:
    """Return how far a curve is beyond the limits.

    Args:
        arm: whose limits.
        curve: how the joints move.
        share: of the accelerations that may be used.
    """
    limit = bounds(arm)
    _, _, speed, accel = curve.extremes()
    speed, accel = speed / limit.speed, accel / (share * limit.accel)
    axis = int(np.argmax(np.maximum(speed, np.sqrt(accel))))
    return Excess(float(speed.max()), float(accel.max()), axis)


def allowed(arm: "Arm | Group", curve: Curve) -> bool:
    """Return whether a curve keeps to all limits."""
    limit = bounds(arm)
    low, high, speed, accel = curve.extremes()
    return bool(
        (low >= limit.low - SLACK).all()
        and (high <= limit.high + SLACK).all()
        and (speed <= limit.speed * (1.0 + SLACK)).all()
        and (accel <= limit.accel * (1.0 + SLACK)).all()
    )


def check_places(arm: "Arm | Group", curve: Curve, target: str | Phrase) -> None:
    """Refuse a curve that takes an axis past its limit.

    Raises:
        MoveRefused: with the axis, the place and the limit.
    """
    low, high, _, _ = curve.extremes()
    for index, joint in enumerate(arm.joints):
        place, limit = float(high[index]), joint.high
        if low[index] < joint.low - SLACK:
            place, limit = float(low[index]), joint.low
        elif place <= joint.high + SLACK:
            continue
        raise MoveRefused(
            "robot.joint_limit",
            axis=index + 1,
            target=target,
            value=shown(joint.kind, place),
            limit=shown(joint.kind, limit),
        )


def named(move: Move) -> str | Phrase:
    """Return what people call the target of a movement."""
    return move.name or phrase("robot.target")


def shown(kind: str, value: float) -> str:
    """Return a joint's place as people read it."""
    return f"{value * 1000.0:.1f} mm" if kind == "slide" else f"{degrees(value):.1f}°"
