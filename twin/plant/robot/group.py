"""Groups: an arm and the axes that carry it, or its work, moved as one.

The axes are further joints, behind the arm's own. All that is asked of an arm, where its tool is,
how fast, within which limits, is asked of the group in the same words; the answer is given as the
work sees it. So both keep in step whatever the movement does: stop, go on, go slower.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .carriage import Carriage
from .chain import Chain, Poses, chain
from .order import Joints
from .placement import Placement

if TYPE_CHECKING:
    from .arm import Arm, Joint

Array = NDArray[np.float64]

RAMP_S = 0.05
"""In which an external axis takes up its acceleration at the fastest, when it moves with an arm."""


class Outer(NamedTuple):
    """An external axis, in its own unit: m, or degrees."""

    name: str
    kind: str
    """`turn` or `slide`."""
    low: float
    high: float
    speed: float
    accel: float

    @property
    def jerk(self) -> float:
        """How fast its acceleration may change."""
        return self.accel / RAMP_S


class Group(NamedTuple):
    """An arm, all its external axes, and what these carry."""

    arm: "Arm"
    axes: tuple[Outer, ...]
    foot: Carriage = Carriage()
    """Of the arm's foot."""
    work: Carriage = Carriage()
    """Of the work object in whose frame targets are given."""

    @property
    def joints(self) -> "tuple[Joint | Outer, ...]":
        """The arm's joints, then the axes."""
        return (*self.arm.joints, *self.axes)

    @property
    def in_cell(self) -> "Group":
        """The same, with the tool as the workcell sees it."""
        return self._replace(work=Carriage())

    def split(self, joints: Joints) -> tuple[Joints, Joints]:
        """Return the joints of the arm, and the places of the axes."""
        count = len(self.arm.joints)
        return joints[:count], joints[count:]

    def seen(self, poses: Poses, places: Array) -> Poses:
        """Return what is given in the work's frame in that of the arm's foot.

        Args:
            poses: k of them.
            places: (k, m) of the axes.
        """
        return _seen(self.foot.poses(places), _on(self.work.poses(places), poses))

    def tip(self, joints: Joints, tip: Placement) -> Placement:
        """Return where a tip on the flange is, as the work sees it."""
        return _placed(chain(self).tip(np.array([joints]), tip))

    def goal(self, target: Placement, places: Joints) -> Placement:
        """Return a target in the work's frame as the foot sees it when the axes are at places."""
        one = Poses(np.array([target.place]), target.matrix()[None, :3, :3])
        return _placed(self.seen(one, np.array([places])))


def world(arm: "Arm | Group") -> "Arm | Group":
    """Return a group whose tool is seen from the workcell; an arm as it is."""
    return arm.in_cell if isinstance(arm, Group) else arm


class GroupChain(Chain):
    """The kinematics of a group, its tool as the work sees it."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.arm = chain(group.arm)
        self.count = len(group.joints)
        travel = np.array([max(abs(axis.low), abs(axis.high)) for axis in group.axes])
        apart = np.subtract(group.foot.base.place, group.work.base.place)
        self._far = group.arm.reach_m + group.foot.far_m(travel)
        if group.work.stages:
            self._far += group.work.far_m(travel) + float(np.sqrt(np.square(apart).sum()))
        self._stages = (*group.foot.stages, *group.work.stages)
        more = [abs(stage) * self._far for stage in self._turns()]
        more = [each or 1.0 for each in more]
        self.reach = np.concatenate((self.arm.reach, more))

    def _turns(self) -> list[float]:
        """Return by what angle each axis turns at 1; 0 of one that slides, or carries nothing."""
        found = [0.0] * len(self.group.axes)
        for stage in self._stages:
            found[stage.number] = stage.turn
        return found

    def tip(self, q: Array, tip: Placement) -> Poses:
        """Return where a tip on the flange is.

        Args:
            q: (k, n + m) joints, then axes.
            tip: in the flange's frame.
        """
        joints, places = self._split(q)
        there = _on(self.group.foot.poses(places), self.arm.tip(joints, tip))
        return _seen(self.group.work.poses(places), there)

    def jacobian(self, q: Array, tip: Placement) -> tuple[Poses, Array]:
        """Return where a tip is, and the (k, 6, n + m) Jacobian: linear over angular speed."""
        joints, places = self._split(q)
        poses, inner = self.arm.jacobian(joints, tip)
        foot, feet = self.group.foot.screws(places)
        work, works = self.group.work.screws(places)
        there = _on(foot, poses)
        found = np.zeros((len(q), 6, self.count))
        count = self.arm.count
        found[:, :3, :count] = foot.turn @ inner[:, :3]
        found[:, 3:, :count] = foot.turn @ inner[:, 3:]
        for sign, screws in ((1.0, feet), (-1.0, works)):
            for screw in screws:
                found[:, :3, count + screw.number] += sign * screw.at(there.place)
                found[:, 3:, count + screw.number] += sign * screw.spin
        back = work.turn.transpose(0, 2, 1)
        found[:, :3], found[:, 3:] = back @ found[:, :3], back @ found[:, 3:]
        return _seen(work, there), found

    def spin(self, speeds: Array) -> float:
        """Return a bound on how fast anything turns, rad/s, when the joints have speeds (n,)."""
        joints, places = speeds[: self.arm.count], speeds[self.arm.count :]
        return float(joints.sum() + places @ np.abs(self._turns()))

    def levers(self, tip: Placement) -> Array:
        """Return for each joint a bound on how far it moves the tip at 1, in any posture, m."""
        far = self._far + float(np.sqrt(np.square(tip.place).sum()))
        more = [abs(turn) * far or 1.0 for turn in self._turns()]
        return np.concatenate((self.arm.levers(tip), more))

    def _split(self, q: Array) -> tuple[Array, Array]:
        return q[:, : self.arm.count], q[:, self.arm.count :]


def _on(outer: Poses, inner: Poses) -> Poses:
    place = (outer.turn @ inner.place[:, :, None])[:, :, 0] + outer.place
    return Poses(place, outer.turn @ inner.turn)


def _seen(outer: Poses, inner: Poses) -> Poses:
    back = outer.turn.transpose(0, 2, 1)
    off = inner.place - outer.place
    return Poses((back @ off[:, :, None])[:, :, 0], back @ inner.turn)


def _placed(poses: Poses) -> Placement:
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = poses.turn[0], poses.place[0]
    return Placement.of(matrix)
