"""Movements of an arm together with its external axes: one law for all, so they keep in step.

On lines and circles the axes go evenly with the way: where the tool has gone a third of it, they
have gone a third of theirs. The arm makes up for what they do, so that the tool's way is straight,
or round, as the work sees it: in the workcell, or in the frame of a positioner that turns.
"""

from math import inf

import numpy as np
from numpy.typing import NDArray

from .chain import Poses
from .group import Group, world
from .joint_move import between, goal_joints
from .limits import RESERVE
from .nominal import CAUTION, JOINTS, Nominal, placed, tool_speed
from .order import Joints, Move
from .placement import HERE
from .profile import Begin, Limits
from .track import SAME_S, Curve
from .way import Way
from .way_move import SHORT, led, way_limits, way_of

Array = NDArray[np.float64]

UNBOUND = Limits(inf, inf, inf)


def by_group(
    group: Group, joints: Joints, move: Move, limit_m_s: float | None, begin: Begin | None
) -> Nominal:
    """Return the movement of an arm and its external axes.

    Args:
        group: which moves.
        joints: where it begins: of the arm, then of the axes.
        move: `target` in the frame of the work, `external` of all axes.
        limit_m_s: as of `moves.plan`.
        begin: as of `moves.nominal`.

    Raises:
        MoveRefused: it cannot be done.
    """
    start, places = group.split(joints)
    if move.kind in JOINTS:
        target = move.target and group.goal(move.target, move.external)
        goal = goal_joints(group.arm, HERE, start, move._replace(target=target))
        return between(group, joints, (*goal, *move.external), move, limit_m_s, begin)
    assert move.target is not None
    way = way_of(move, group.tip(joints, move.tool.tip), move.via, move.target)
    change = np.subtract(move.external, places)
    limits, length = way_limits(way, move, limit_m_s)
    if max(way.length_m, way.turn_rad) < SHORT:
        limits, length = UNBOUND, 1.0  # the tool stays where it is, the axes go
    for axis, far in zip(group.axes, np.abs(change).tolist(), strict=True):
        if far > 0.0:
            own = Limits(axis.speed, RESERVE * axis.accel, axis.jerk)
            limits = limits.least(own.times(length / far))
    if limits.speed == inf:  # nothing goes anywhere
        return between(group, joints, joints, move, limit_m_s, begin)
    carried = Carried(way, group, np.array(places), change)
    found = led(group.arm, carried, start, move, limits, length, begin)
    curve = _beside(found.curve, found.shares, places, move.external)
    return found.slower(curve, max(found.over.factor, _excess(group, curve, move, limit_m_s)))


class Carried:
    """A way in the frame of the work, as the arm's foot sees it while the axes go from places on.

    Args:
        way: as the work sees it.
        group: which moves.
        first: (m,) of the axes, where it begins.
        change: (m,) by how much they go on the way.
    """

    def __init__(self, way: Way, group: Group, first: Array, change: Array) -> None:
        self.way, self.group, self.first, self.change = way, group, first, change
        self.length_m = way.length_m
        self.end = placed(self.poses(np.ones(1)))

    def poses(self, shares: Array) -> Poses:
        """Return the placements at shares (k,) of the way, 0 to 1."""
        places = self.first + shares[:, None] * self.change
        return self.group.seen(self.way.poses(shares), places)

    def share_before(self, distance_m: float) -> float:
        """Return the share of the way, at least the half, from which on the target is near."""
        return self.way.share_before(distance_m)


def _beside(curve: Curve, shares: Curve, first: Joints, last: Joints) -> Curve:
    """Return the joints of an arm with axes that go evenly with the shares of its way."""
    times = np.union1d(curve.times, shares.times)
    times = times[np.concatenate(([True], np.diff(times) > SAME_S))]
    change = np.subtract(last, first)[:, None]
    parts = [
        np.concatenate((mine, change * its))
        for mine, its in zip(curve.state(times), shares.state(times), strict=True)
    ]
    count = len(curve.p)
    parts[0][count:] += np.array(first)[:, None]
    parts[0][count:, -1] = last
    return Curve(times, *parts)


def _excess(group: Group, curve: Curve, move: Move, limit_m_s: float | None) -> float:
    """Return how much too fast tool or flange are, as the workcell sees them, at least 1."""
    if limit_m_s is None:
        return 1.0
    fast = max(tool_speed(world(group), curve, tip) for tip in (move.tool.tip, HERE))
    return max(fast / (CAUTION * limit_m_s), 1.0)
