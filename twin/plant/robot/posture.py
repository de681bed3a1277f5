"""The shapes of an arm: its configuration as RAPID numbers it, and how near a singularity is.

Of an arm whose last three axes meet (a spherical wrist) cfx is, as RAPID defines it:

    cfx  wrist against axis 1  wrist against lower arm  axis 5
    0    in front              in front                 positive
    1    in front              in front                 negative
    2    in front              behind                   positive
    3    in front              behind                   negative
    4 to 7: the same with the wrist behind axis 1

Of other arms cfx is 4, 2 and 1 added up for what holds of: the wrist on the other side of axis 1
(arms with three parallel axes: 2, 3 and 4), or axis 2 negative; the elbow's axis negative (axis 3;
SCARA: 2; seven axes: 4); the wrist's axis negative (axis 5; seven axes: 6; SCARA: none).
"""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, pi, sin, sqrt

import numpy as np

from .kinematics import Array, Kinematics, meeting
from .order import Configuration

EDGE = 1e-9
"""An angle so little below an edge counts as on it, rad."""
NEARLY = 1e-4
"""Within this, rad and m, both sides of an edge are right."""
ALIKE = 1e-5
NEAR = 0.02
"""A ratio below this is near a singularity."""
QUARTER = pi / 2.0


class Posture:
    """The shapes of one arm.

    Args:
        kinematics: its forward kinematics.
    """

    def __init__(self, kinematics: Kinematics) -> None:
        self.kinematics = kinematics
        axes = kinematics.axes
        count = len(axes)
        self.turning = all(axis.kind == "turn" for axis in axes)
        parallel = [
            float(np.abs(np.cross(a.along, b.along)).max()) < ALIKE for a, b in pairwise(axes)
        ]
        six = count == 6 and self.turning
        self.spherical = six and meeting(axes[3:]) is not None and parallel[1]
        self.cobot = six and parallel[1] and parallel[2]
        self.scara = count == 4 and all(parallel)
        self.redundant = count == 7
        self.centre = np.zeros(3)
        """Of the wrist: in the frame of joint 4 (spherical) or 5 (three parallel axes)."""
        if self.spherical:
            self.centre = meeting(axes[3:])  # type: ignore[assignment]
        elif self.cobot:
            self.centre = axes[4].through
        self.reach_m = kinematics.reach_m / 2.0
        self.flat = self._flat_elbow()

    def _flat_elbow(self) -> float:
        """Return axis 3 when wrist, elbow and shoulder lie in one line."""
        if not self.spherical:
            return 0.0
        axes = self.kinematics.axes
        lower, upper = axes[2].through - axes[1].through, self.centre - axes[2].through
        y = axes[1].along
        lower, upper = lower - (lower @ y) * y, upper - (upper @ y) * y
        return float(np.arctan2(np.cross(upper, lower) @ y, upper @ lower))

    def sides(self, q: Sequence[float]) -> tuple[float, float, float]:
        """Return three figures whose signs make cfx, each 0 in its singularity: rad or m."""
        if self.spherical or self.cobot:
            wrist = sin(q[4])
            front = self._front(q)
            if self.cobot:
                return front, sin(q[2]), wrist
            side = (
                1.0
                if float(self.kinematics.axes[2].along @ self.kinematics.axes[1].along) > 0
                else -1.0
            )
            return front, sin(side * q[2] - self.flat), wrist
        if self.scara:
            return 1.0, q[1], 1.0
        if self.redundant:
            return q[1], q[3], q[5]
        return q[1], q[2], q[4] if len(q) > 4 else 1.0

    def _front(self, q: Sequence[float]) -> float:
        """Return how far in front of axis 1 the wrist is, seen along the upper arm's plane, m."""
        axes = self.kinematics.axes
        first, second = axes[0], axes[1]
        # The wrist at joints 2, 3 (and 4), with axis 1 at 0: its direction to the front is across
        # axes 1 and 2.
        point = self.centre
        last = 2 if self.spherical else 3
        for number in range(last, 0, -1):
            point = _turn(point, axes[number].through, axes[number].along, q[number])
        front = np.cross(second.along, first.along)
        size = sqrt(float(front @ front))
        return float((point - first.through) @ front) / size if size > ALIKE else 1.0

    def configuration(self, q: Sequence[float]) -> Configuration:
        """Return cf1, cf4, cf6 and cfx."""
        quarters = [_quarter(q, number) for number in (0, 3, 5)]
        shape = sum(bit for bit, side in zip((4, 2, 1), self.sides(q), strict=True) if side < -EDGE)
        return quarters[0], quarters[1], quarters[2], shape

    def has(self, q: Sequence[float], wanted: Configuration) -> bool:
        """Return whether joints are in a configuration; at its edge both sides are right."""
        for number, quarter in zip((0, 3, 5), wanted, strict=False):
            if number < len(q) and self._turns(number):
                low, high = quarter * QUARTER, (quarter + 1) * QUARTER
                if not low - NEARLY <= q[number] <= high + NEARLY:
                    return False
        bits = zip((4, 2, 1), self.sides(q), strict=True)
        return all(
            abs(side) < NEARLY or (side < 0.0) == bool(wanted[3] & bit) for bit, side in bits
        )

    def _turns(self, number: int) -> bool:
        return self.kinematics.joints[number].kind == "turn"

    def singularity(self, q: Sequence[float]) -> tuple[str, float] | None:
        """Return the name of the singularity that is near, and how near."""
        ratio = self.ratio(q)
        if ratio > NEAR:
            return None
        if not (self.spherical or self.cobot):
            return ("elbow" if self.scara else "arm"), ratio
        front, elbow, wrist = (abs(side) for side in self.sides(q))
        shares = {"wrist": wrist, "elbow": elbow, "shoulder": front / self.reach_m}
        return min(shares, key=shares.__getitem__), ratio

    def ratio(self, q: Sequence[float]) -> float:
        """Return the smallest singular value of the Jacobian over the greatest."""
        found = self.kinematics.jacobian(q)
        found[:3] /= self.reach_m
        values = np.linalg.svd(found, compute_uv=False)
        if self.scara:
            values = values[:4]
        return float(values[-1] / values[0])


def _quarter(q: Sequence[float], number: int) -> int:
    return floor((q[number] + EDGE) / QUARTER) if number < len(q) else 0


def _turn(point: Array, through: Array, along: Array, angle: float) -> Array:
    """Return a point turned about an axis (Rodrigues' formula)."""
    arm = point - through
    turned: Array = (
        arm * np.cos(angle)
        + np.cross(along, arm) * np.sin(angle)
        + along * (along @ arm) * (1.0 - np.cos(angle))
    )
    return through + turned
