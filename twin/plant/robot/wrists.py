"""Wrists in line: axis 5 at 0, where the axes on both sides share a turn in endless many ways.

There, and a hair's breadth beside it, the closed form of EAIK gives up. The first axes that it
found are right, and from them the rest follows; what is free is left where the arm is.
"""

from math import acos, atan2, cos, pi, remainder, sin, sqrt
from typing import Protocol

import numpy as np

from .kinematics import Array, Kinematics, meeting

TURN = 2.0 * pi
ALIKE = 1e-6
"""Axes are parallel within this."""
NO_SIDE = 1e-13
"""Below this sine the wrist is in line, as far as numbers can tell."""


class LinedWrist(Protocol):
    """Solves an arm of six axes whose first ones are known."""

    def solved(self, q: Array, target: Array, near: Array) -> list[Array]:
        """Return the joints that bring the flange to `target` and agree with the first of `q`.

        Args:
            q: joints, of which those before the wrist are right.
            target: the flange in the foot's frame, shape (4, 4).
            near: where the arm is.
        """


def wrist_of(kinematics: Kinematics) -> "LinedWrist | None":
    """Return what solves an arm's wrist in line; None: it has another kind of wrist."""
    axes = kinematics.axes
    if any(abs(float(axes[4].along @ axes[n].along)) > ALIKE for n in (3, 5)):
        return None
    if _along(axes[3].along, axes[5].along) and meeting(axes[3:]) is not None:
        return SphericalWrist(kinematics)
    if all(_along(axes[1].along, axes[n].along) for n in (2, 3, 5)):
        return ParallelAxes(kinematics)
    return None


def _along(one: Array, two: Array) -> bool:
    return float(np.abs(np.cross(one, two)).max()) < ALIKE


class SphericalWrist:
    """The last three of six axes, which meet: 4 and 6 are in line when axis 5 is at 0."""

    def __init__(self, kinematics: Kinematics) -> None:
        self.kinematics = kinematics
        axes = kinematics.axes
        x, y = axes[3].along, axes[4].along
        self.base = np.array([x, y, np.cross(x, y)])
        self.sign = float(np.sign(x @ axes[5].along))
        self.flange = kinematics.flange_matrix(np.zeros(6))[:3, :3]

    def solved(self, q: Array, target: Array, near: Array) -> list[Array]:
        """Return the joints with their last three turned so that the flange is as it shall be."""
        arm = self.kinematics.flange_matrix(np.array([*q[:3], 0.0, 0.0, 0.0]))[:3, :3]
        # What axes 4, 5 and 6 must turn, in a frame of which they are x, y and x.
        turn = self.base @ (self.flange @ arm.T @ target[:3, :3] @ self.flange.T) @ self.base.T
        side = sqrt(turn[1, 0] ** 2 + turn[2, 0] ** 2)
        fourth = atan2(turn[1, 0], -turn[2, 0]) if side > NO_SIDE else float(near[3])
        # Of the two ways to turn the wrist the one on the same side as before.
        if side > NO_SIDE and abs(remainder(fourth - near[3], TURN)) > pi / 2.0:
            fourth, side = fourth + pi, -side
        fifth = atan2(side, turn[0, 0])
        c, s = cos(fourth), sin(fourth)
        across = c * turn[1] + s * turn[2]
        return [np.array([*q[:3], fourth, fifth, self.sign * atan2(-across[2], across[1])])]


class ParallelAxes:
    """Axes 2, 3 and 4 parallel, as cobots have them: in line, axis 6 is parallel to them too."""

    def __init__(self, kinematics: Kinematics) -> None:
        axes = kinematics.axes
        self.along = [axis.along for axis in axes]
        self.through = [axis.through for axis in axes]
        self.flange = kinematics.flange_matrix(np.zeros(6))
        self.signs = [float(np.sign(self.along[1] @ self.along[n])) for n in (1, 2, 3)]
        y = self.along[1]
        x = self.through[2] - self.through[1]
        x = x - (x @ y) * y
        x /= np.sqrt(x @ x)
        self.base = np.array([x, np.cross(y, x)])
        """The plane in which links 2 and 3 turn, shape (2, 3)."""

    def _flat(self, vector: Array) -> complex:
        seen = self.base @ vector
        return complex(seen[0], seen[1])

    def solved(self, q: Array, target: Array, near: Array) -> list[Array]:
        """Return both elbows with axis 1 as it is and axis 6 where it must be, or as it was."""
        seen = screw(self.along[0], self.through[0], -float(q[0])) @ target
        fifth, sixth = self._hand(seen, float(near[5]))
        hand = screw(self.along[4], self.through[4], fifth) @ screw(
            self.along[5], self.through[5], sixth
        )
        arm = seen @ np.linalg.inv(hand @ self.flange)
        # What is left is a turn in the plane of links 2 and 3.
        turned = self.base @ arm[:3, :3] @ self.base.T
        whole = atan2(turned[1, 0], turned[0, 0])
        one = self._flat(self.through[2] - self.through[1])
        two = self._flat(self.through[3] - self.through[2])
        far = self._flat(arm[:3, :3] @ self.through[3] + arm[:3, 3] - self.through[1])
        a, b = abs(one), abs(two)
        share = (abs(far) ** 2 - a * a - b * b) / (2.0 * a * b)
        bend = acos(min(max(share, -1.0), 1.0))
        bent = atan2(two.imag, two.real) - atan2(one.imag, one.real)
        found = []
        for side in (bend, -bend):
            elbow = side - bent
            out = one + two * complex(cos(elbow), sin(elbow))
            lift = atan2(far.imag, far.real) - atan2(out.imag, out.real)
            flat = (lift, elbow, whole - lift - elbow)
            three = [sign * value for sign, value in zip(self.signs, flat, strict=True)]
            found.append(np.array([q[0], *three, fifth, sixth]))
        return found

    def _hand(self, seen: Array, near: float) -> tuple[float, float]:
        """Return axes 5 and 6 when axis 1 is at 0; where they are free, axis 6 as `near`."""
        y, sixth = self.along[1], self.along[5]
        turn = seen[:3, :3] @ self.flange[:3, :3].T
        back = turn.T @ y  # axis 2 as the flange sees it: it does not depend on axes 2, 3 and 4
        side = back - (back @ sixth) * sixth
        if sqrt(side @ side) > NO_SIDE:
            return self._turned(back, side, near)
        return (0.0 if float(back @ y) > 0.0 else pi), near

    def _turned(self, back: Array, side: Array, near: float) -> tuple[float, float]:
        """Return axes 5 and 6 for axis 2 as the flange sees it, axis 6 on the side of `near`."""
        y, fifth, sixth = self.along[1], self.along[4], self.along[5]
        size = sqrt(side @ side)
        # With axis 6 at 0 axis 5 turns y, seen from the flange, towards this direction.
        across = np.cross(y, fifth)
        across -= (across @ sixth) * sixth
        across /= np.sqrt(across @ across)
        angle = atan2(np.cross(across, side) @ sixth, across @ side)
        # Seen from the flange it turns the other way round.
        best = -angle
        if abs(remainder(best - near, TURN)) > pi / 2.0:
            best, size = best + pi, -size
        return atan2(size, float(back @ sixth) * float(np.sign(y @ sixth))), best


def screw(along: Array, through: Array, angle: float) -> Array:
    """Return the turn by an angle about an axis anywhere (Rodrigues' formula), shape (4, 4)."""
    x, y, z = along
    across = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    turn = np.eye(3) + sin(angle) * across + (1.0 - cos(angle)) * across @ across
    found = np.eye(4)
    found[:3, :3] = turn
    found[:3, 3] = through - turn @ through
    return found
