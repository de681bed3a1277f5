"""An arm's kinematics for many postures at once: a product of exponentials, in arrays.

The arm itself answers for one posture; planning asks for dozens, and a call for each would cost
more than all the arithmetic. Source of the formula: Lynch and Park, Modern Robotics, section 4.1.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .placement import HERE, Placement

if TYPE_CHECKING:
    from .arm import Arm
    from .group import Group

Array = NDArray[np.float64]

USUAL_TOOL_M = 0.2


class Poses(NamedTuple):
    """Places (k, 3), m, and rotations (k, 3, 3)."""

    place: Array
    turn: Array

    def off(self, other: "Poses") -> tuple[Array, Array]:
        """Return how far others are away, (k,) m, and by what angle turned, (k,) rad."""
        far = np.sqrt(np.square(self.place - other.place).sum(axis=1))
        # |R - S| by Frobenius is 2 √2 sin(angle / 2).
        chord = np.sqrt(np.square(self.turn - other.turn).sum(axis=(1, 2)))
        return far, 2.0 * np.arcsin(np.minimum(chord / (2.0 * np.sqrt(2.0)), 1.0))


class Chain:
    """The screws of an arm's joints, as they lie when all joints are at 0."""

    def __init__(self, arm: "Arm") -> None:
        self.count = len(arm.joints)
        zero = (0.0,) * self.count
        self.home = arm.flange(zero)
        jacobian = np.asarray(arm.jacobian(zero))
        self.slides = np.array([joint.kind == "slide" for joint in arm.joints])
        self.axis = np.where(self.slides[:, None], jacobian[:3].T, jacobian[3:].T)
        moment = jacobian[:3].T - np.cross(jacobian[3:].T, np.array(self.home.place))
        self.centre = np.where(self.slides[:, None], 0.0, np.cross(self.axis, moment))
        self._first = np.array([_cross(a) for a in self.axis])[:, None]
        self._second = self._first @ self._first
        self._limits = np.array([max(abs(j.low), abs(j.high)) for j in arm.joints])
        self.reach = self.levers(HERE) + USUAL_TOOL_M

    def tip(self, q: Array, tip: Placement) -> Poses:
        """Return where a tip on the flange is.

        Args:
            q: (k, n) joints.
            tip: in the flange's frame.
        """
        turns, places = self._frames(q)
        return self._end(places[-1], turns[-1], tip)

    def jacobian(self, q: Array, tip: Placement) -> tuple[Poses, Array]:
        """Return where a tip is, and the (k, 6, n) Jacobian: linear over angular speed."""
        turns, places = self._frames(q)
        poses = self._end(places[-1], turns[-1], tip)
        axes = (turns[:-1] @ self.axis[:, None, :, None])[..., 0]
        centres = (turns[:-1] @ self.centre[:, None, :, None])[..., 0] + places[:-1]
        x, y, z = (poses.place - centres).transpose(2, 1, 0)
        i, j, k = axes.transpose(2, 1, 0)
        found = np.empty((len(q), 6, self.count))
        found[:, 0], found[:, 1], found[:, 2] = j * z - k * y, k * x - i * z, i * y - j * x
        found[:, 3], found[:, 4], found[:, 5] = i, j, k
        if self.slides.any():
            found[:, :3, self.slides] = found[:, 3:, self.slides]
            found[:, 3:, self.slides] = 0.0
        return poses, found

    def spin(self, speeds: Array) -> float:
        """Return a bound on how fast anything turns, rad/s, when the joints have speeds (n,)."""
        return float(speeds.sum())

    def levers(self, tip: Placement) -> Array:
        """Return for each joint a bound on how far the tip is from its axis in any posture.

        In m, 1 for a joint that slides: the tip moves by no more than that times the joint's way.
        """
        point, lever = np.array(self.home.point(tip.place)), 0.0
        levers = np.ones(self.count)
        # From the tip inwards, each step to the nearest point of the next axis: a link's length.
        for index in reversed(range(self.count)):
            if self.slides[index]:
                lever += self._limits[index]
                continue
            axis, centre = self.axis[index], self.centre[index]
            nearest = centre + axis * (axis @ (point - centre))
            lever += float(np.sqrt(np.square(point - nearest).sum()))
            levers[index], point = lever, nearest
        return levers

    def _frames(self, q: Array) -> tuple[list[Array], list[Array]]:
        """Return n + 1 rotations (k, 3, 3) and places (k, 3): before each joint, after the last."""
        angles = np.where(self.slides, 0.0, q).T[:, :, None, None]
        change = np.sin(angles) * self._first + (1.0 - np.cos(angles)) * self._second
        shift = -(change @ self.centre[:, None, :, None])
        if self.slides.any():
            ways = self.axis[self.slides][:, None] * q.T[self.slides][:, :, None]
            shift[self.slides] = ways[..., None]
        turns, places = [np.broadcast_to(np.eye(3), change.shape[1:])], [np.zeros((len(q), 3))]
        for index in range(self.count):
            turn = turns[-1]
            places.append(places[-1] + (turn @ shift[index])[..., 0])
            turns.append(turn + turn @ change[index])
        return turns, places

    def _end(self, place: Array, turn: Array, tip: Placement) -> Poses:
        end, rotation = _ended(self.home, tip)
        return Poses(turn @ end + place, turn @ rotation)


@lru_cache(maxsize=256)
def _ended(home: Placement, tip: Placement) -> tuple[Array, Array]:
    end = home.then(tip)
    return np.array(end.place), end.matrix()[:3, :3]


def _cross(axis: Array) -> Array:
    x, y, z = axis
    return np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])


@lru_cache(maxsize=64)
def chain(arm: "Arm | Group") -> Chain:
    """Return the screws of an arm, or of one and its axes; worked out once."""
    from .group import Group, GroupChain

    return GroupChain(arm) if isinstance(arm, Group) else Chain(arm)
