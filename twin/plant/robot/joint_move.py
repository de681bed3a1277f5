"""Joint movements: a straight line in the space of the joints, as fast as the axes allow."""

from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .chain import chain
from .group import world
from .limits import RESERVE, bounds, check_places, named
from .nominal import CAUTION, INSIDE, LEAST, Nominal
from .order import Configuration, Joints, Move, MoveRefused
from .placement import HERE, Placement
from .profile import Begin, Limits, law
from .track import Curve, still

if TYPE_CHECKING:
    from .arm import Arm
    from .group import Group

Array = NDArray[np.float64]


def by_joints(
    arm: "Arm", foot: Placement, joints: Joints, move: Move, limit_m_s: float | None,
    begin: Begin | None,
) -> Nominal:  # fmt: skip
    """Return the movement of all joints to a target.

    Raises:
        MoveRefused: there are no such joints.
    """
    return between(arm, joints, goal_joints(arm, foot, joints, move), move, limit_m_s, begin)


def between(
    arm: "Arm | Group", joints: Joints, goal: Joints, move: Move, limit_m_s: float | None,
    begin: Begin | None,
) -> Nominal:  # fmt: skip
    """Return the movement of all joints to others.

    Raises:
        MoveRefused: an axis would pass its limit.
    """
    start = np.array(joints)
    change = np.array(goal) - start
    if not np.abs(change).max() > 1e-12:
        return Nominal(still(goal), still(goal).track(), 0.0)
    limit = bounds(arm)
    with np.errstate(divide="ignore"):
        share = max(move.joint_share, LEAST) if move.duration_s <= 0.0 else 1.0
        speed = float((limit.speed / np.abs(change)).min()) * share
        accel = float((limit.accel / np.abs(change)).min()) * RESERVE
        jerk = float((limit.jerk / np.abs(change)).min())
    speed = min(speed, tool_share(arm, start, change, move, limit_m_s))
    entry = (
        None if move.fine else 1.0 - _joint_zone(arm, start + change, -change, move, move.zone_m)
    )
    first = begin and (begin.lasts_s, _joint_zone(arm, start, change, move, begin.zone_m))
    shares, entry_s = law(1.0, Limits(speed, accel, jerk), entry, first)
    scaled = [change[:, None] * part for part in shares[1:]]
    scaled[0] += start[:, None]
    scaled[0][:, -1] = goal
    curve = Curve(shares.times, *scaled)
    check_places(arm, curve, named(move))
    return Nominal(curve, curve.track(), entry_s)


def goal_joints(arm: "Arm", foot: Placement, joints: Joints, move: Move) -> Joints:
    """Return the joints in which a joint movement ends.

    Raises:
        MoveRefused: there are none within the limits, or not in the configuration asked for.
    """
    if move.axes is not None:
        check_places(arm, still(move.axes), named(move))
        return move.axes
    flange = _flange(foot, move)
    nearest = arm.nearest(flange, joints)
    if nearest is None:
        raise MoveRefused("robot.unreachable", target=named(move), why=arm.trouble(flange, joints))
    if move.configuration is None or arm.has(nearest, move.configuration):
        return nearest
    found = arm.inverse(flange, joints)
    wanted = move.configuration
    near = [q for q in found if arm.has(q, wanted)]
    if not near:
        raise MoveRefused(
            "robot.no_configuration",
            target=named(move),
            wanted=configured(wanted),
            found=configured(arm.configuration(nearest)),
        )
    return near[0]


def _flange(foot: Placement, move: Move) -> Placement:
    assert move.target is not None
    return foot.seen(move.target).then(move.tool.tip.inverse())


def configured(configuration: Configuration) -> str:
    """Return a configuration as RAPID writes it."""
    return "[" + ",".join(map(str, configuration)) + "]"


def tool_share(
    arm: "Arm | Group", start: Array, change: Array, move: Move, limit_m_s: float | None
) -> float:
    """Return how fast a joint movement's share may grow so that the tool keeps to its speeds."""
    shares = np.linspace(0.0, 1.0, int(np.clip(np.abs(change).max() / 0.08, 8, 64)))
    joints = start + shares[:, None] * change
    _, jacobian = chain(arm).jacobian(joints, move.tool.tip)
    rates = jacobian @ change
    far = _fastest(rates)
    turned = float(np.sqrt(np.square(rates[:, 3:]).sum(axis=1)).max())
    found = inf
    if move.duration_s <= 0.0:
        speed, turning = max(move.speed_m_s, LEAST), max(move.turn_rad_s, LEAST)
        found = min(_share(speed, far), _share(turning, turned))
    if limit_m_s is not None:
        seen = chain(world(arm))
        tips = (move.tool.tip, HERE)
        fast = max(_fastest(seen.jacobian(joints, tip)[1] @ change) for tip in tips)
        found = min(found, _share(CAUTION * limit_m_s, fast))
    return found


def _fastest(rates: Array) -> float:
    return float(np.sqrt(np.square(rates[:, :3]).sum(axis=1)).max())


def _share(limit: float, rate: float) -> float:
    return limit / rate if rate > 1e-9 else inf


def _joint_zone(
    arm: "Arm | Group", start: Array, change: Array, move: Move, zone_m: float
) -> float:
    """Return the share, at most the half, up to which the tool stays in a zone around its begin."""
    low, high = 0.0, 0.5
    first = chain(arm).tip(start[None, :], move.tool.tip).place
    for _ in range(2):
        shares = np.linspace(low, high, 17)
        places = chain(arm).tip(start + shares[:, None] * change, move.tool.tip).place
        far = np.sqrt(np.square(places - first).sum(axis=1)) > INSIDE * zone_m
        if not far.any():
            return high
        out = int(np.argmax(far))
        low, high = float(shares[max(out - 1, 0)]), float(shares[out])
    return max(low, 1e-6)
