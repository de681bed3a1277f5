"""Placements: a place and an orientation in space, as plain data."""

from collections.abc import Sequence
from math import acos, atan2, cos, hypot, sin, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.plant.motion.frame import Pose
from twin.plant.plain import record

Vector = tuple[float, float, float]
Matrix = NDArray[np.float64]


@record
class Placement(NamedTuple):
    """A frame in another: where its origin is (m), and a unit quaternion, w first as in RAPID."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    w: float = 1.0
    i: float = 0.0
    j: float = 0.0
    k: float = 0.0

    @property
    def place(self) -> Vector:
        """Where its origin is, m."""
        return self.x, self.y, self.z

    @property
    def turn(self) -> tuple[float, float, float, float]:
        """Its orientation: a unit quaternion, w first."""
        return self.w, self.i, self.j, self.k

    def turned(self, vector: Sequence[float]) -> Vector:
        """Return a vector, given in this frame, in the frame that this one is given in."""
        w, i, j, k = self.w, self.i, self.j, self.k
        x, y, z = vector
        a, b, c = j * z - k * y, k * x - i * z, i * y - j * x
        return (
            x + 2.0 * (w * a + j * c - k * b),
            y + 2.0 * (w * b + k * a - i * c),
            z + 2.0 * (w * c + i * b - j * a),
        )

    def point(self, at: Sequence[float]) -> Vector:
        """Return a point, given in this frame, in the frame that this one is given in."""
        x, y, z = self.turned(at)
        return self.x + x, self.y + y, self.z + z

    def then(self, inner: "Placement") -> "Placement":
        """Return `inner`, given in this frame, in the frame that this one is given in."""
        w, i, j, k = self.w, self.i, self.j, self.k
        v, p, q, r = inner.w, inner.i, inner.j, inner.k
        return Placement(
            *self.point(inner.place),
            w * v - i * p - j * q - k * r,
            w * p + i * v + j * r - k * q,
            w * q - i * r + j * v + k * p,
            w * r + i * q - j * p + k * v,
        ).normal()

    def inverse(self) -> "Placement":
        """Return the outer frame as this one sees it."""
        back = Placement(0.0, 0.0, 0.0, self.w, -self.i, -self.j, -self.k)
        x, y, z = back.turned(self.place)
        return Placement(-x, -y, -z, self.w, -self.i, -self.j, -self.k)

    def seen(self, other: "Placement") -> "Placement":
        """Return `other`, given in the same frame as this one, in this one."""
        return self.inverse().then(other)

    def normal(self) -> "Placement":
        """Return the same with a quaternion of length 1 and w not below 0."""
        length = sqrt(self.w**2 + self.i**2 + self.j**2 + self.k**2)
        if self.w < 0.0:
            length = -length
        return Placement(
            self.x, self.y, self.z,
            self.w / length, self.i / length, self.j / length, self.k / length,
        )  # fmt: skip

    def off(self, other: "Placement") -> tuple[float, float]:
        """Return how far `other` is away, m, and by what angle it is turned, rad."""
        between = self.seen(other)
        angle = 2.0 * atan2(hypot(between.i, between.j, between.k), abs(between.w))
        return hypot(between.x, between.y, between.z), angle

    def towards(self, other: "Placement", share: float) -> "Placement":
        """Return the placement a share of the way to another: straight, and by slerp."""
        way = [a + share * (b - a) for a, b in zip(self.place, other.place, strict=True)]
        dot = sum(a * b for a, b in zip(self.turn, other.turn, strict=True))
        sign = -1.0 if dot < 0.0 else 1.0
        dot = min(abs(dot), 1.0)
        angle = acos(dot)
        if angle < 1e-9:
            one, two = 1.0 - share, share
        else:
            one, two = sin((1.0 - share) * angle) / sin(angle), sin(share * angle) / sin(angle)
        turn = [one * a + sign * two * b for a, b in zip(self.turn, other.turn, strict=True)]
        return Placement(*way, *turn).normal()

    def matrix(self) -> Matrix:
        """Return the (4, 4) matrix from this frame to the one it is given in."""
        found = np.eye(4)
        for column, axis in enumerate(((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))):
            found[:3, column] = self.turned(axis)
        found[:3, 3] = self.place
        return found

    @property
    def tilt_rad(self) -> float:
        """By what angle its z axis is off the outer frame's z axis."""
        return acos(min(max(self.turned((0.0, 0.0, 1.0))[2], -1.0), 1.0))

    @property
    def heading_rad(self) -> float:
        """The direction of its x axis, seen from above."""
        x, y, _ = self.turned((1.0, 0.0, 0.0))
        return atan2(y, x)

    def pose(self) -> Pose:
        """Return place and heading, for what knows no more."""
        return Pose(self.x, self.y, self.z, self.heading_rad)

    @classmethod
    def at(cls, pose: Pose) -> "Placement":
        """Return the placement of something upright."""
        half = pose.heading_rad / 2.0
        return cls(pose.x, pose.y, pose.z, cos(half), 0.0, 0.0, sin(half)).normal()

    @classmethod
    def of(cls, matrix: Matrix) -> "Placement":
        """Return the placement of a (4, 4) matrix, or of a (3, 3) rotation at the origin."""
        m = np.asarray(matrix, dtype=float)
        place = tuple(float(x) for x in m[:3, 3]) if m.shape == (4, 4) else (0.0, 0.0, 0.0)
        # Of the four ways to the quaternion the one that divides by the greatest number.
        squares = (
            1.0 + m[0, 0] + m[1, 1] + m[2, 2],
            1.0 + m[0, 0] - m[1, 1] - m[2, 2],
            1.0 - m[0, 0] + m[1, 1] - m[2, 2],
            1.0 - m[0, 0] - m[1, 1] + m[2, 2],
        )
        best = max(range(4), key=squares.__getitem__)
        s = 2.0 * sqrt(squares[best])
        turns = (
            (s / 4, (m[2, 1] - m[1, 2]) / s, (m[0, 2] - m[2, 0]) / s, (m[1, 0] - m[0, 1]) / s),
            ((m[2, 1] - m[1, 2]) / s, s / 4, (m[0, 1] + m[1, 0]) / s, (m[0, 2] + m[2, 0]) / s),
            ((m[0, 2] - m[2, 0]) / s, (m[0, 1] + m[1, 0]) / s, s / 4, (m[1, 2] + m[2, 1]) / s),
            ((m[1, 0] - m[0, 1]) / s, (m[0, 2] + m[2, 0]) / s, (m[1, 2] + m[2, 1]) / s, s / 4),
        )
        return cls(*place, *(float(x) for x in turns[best])).normal()


HERE = Placement()
OVER = Placement(0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
"""Turned over about x: a frame whose z points up while a tool's points down."""
