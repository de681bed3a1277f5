"""Movements along a way: the tool goes on a line or a circle, the joints follow."""

from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.spec.messages import phrase

from .chain import Poses, chain
from .joint_move import configured
from .limits import RESERVE, Excess, check_places, excess, named
from .nominal import (
    CAUTION,
    INSIDE,
    LEAST,
    SLOWEST,
    TOOL,
    TOP_M_S,
    TOP_RAD_S,
    TRIES,
    TURN,
    Nominal,
    placed,
    tool_speed,
)
from .order import Joints, Move, MoveRefused
from .placement import HERE, Placement
from .profile import Begin, Limits, law
from .spline import NoSpline, solve, track_along
from .track import Curve, still
from .way import Leads, Way, circle, line

if TYPE_CHECKING:
    from .arm import Arm

Array = NDArray[np.float64]

SHORT = 1e-9
"""A way of less, m and rad, is none."""


def by_way(
    arm: "Arm", foot: Placement, joints: Joints, move: Move, limit_m_s: float | None,
    begin: Begin | None,
) -> Nominal:  # fmt: skip
    """Return the movement of a tool along a line or a circle.

    Raises:
        MoveRefused: the arm cannot follow, or not so fast, or in another configuration.
    """
    assert move.target is not None
    start = arm.flange(joints).then(move.tool.tip)
    via = None if move.via is None else foot.seen(move.via)
    way = way_of(move, start, via, foot.seen(move.target))
    if max(way.length_m, way.turn_rad) < SHORT:
        return Nominal(still(joints), still(joints).track(), 0.0)
    found = led(arm, way, joints, move, *way_limits(way, move, limit_m_s), begin)
    factor = max(found.over.factor, _flange_excess(arm, found.curve, limit_m_s))
    return found.slower(found.curve, factor)


def way_of(move: Move, start: Placement, via: Placement | None, end: Placement) -> Way:
    """Return the way of a tool to the target of a movement.

    Raises:
        MoveRefused: there is no such circle.
    """
    if move.kind == "circular":
        assert via is not None
        return circle(start, via, end, named(move))
    return line(start, end)


class Led(NamedTuple):
    """A movement along a way, and how far it is beyond the limits of the joints."""

    curve: Curve
    entry_s: float
    over: Excess
    shares: Curve
    """How far along the way it is, 0 to 1."""

    @property
    def lasts_s(self) -> float:
        """How long it takes when it is slow enough as a whole."""
        return self.curve.ends_s * self.over.factor

    def slower(self, curve: Curve, factor: float) -> Nominal:
        """Return the movement, if needed so many times slower, and a trifle more."""
        if factor > 1.0:
            factor *= 1.0 + 1e-9
            curve = curve.scaled(0.0, 1.0 / factor)
        return Nominal(curve, curve.track(), self.entry_s * factor)


def led(
    arm: "Arm", way: Leads, joints: Joints, move: Move, limits: Limits, length: float,
    begin: Begin | None,
) -> Led:  # fmt: skip
    """Return the best of some movements along a way.

    Args:
        arm: which moves.
        way: in the frame of its foot.
        joints: where it begins.
        move: the order.
        limits: of the way.
        length: of the way, in the unit of the limits.
        begin: as of `moves.nominal`.

    Raises:
        MoveRefused: the arm cannot follow, or not so fast, or in another configuration.
    """
    entry = None if move.fine else way.share_before(INSIDE * move.zone_m) * length
    first = begin and (begin.lasts_s, (1.0 - way.share_before(INSIDE * begin.zone_m)) * length)
    tries: list[Led] = []
    for _ in range(TRIES):
        shares, entry_s = law(length, limits, entry, first)
        before = tries[-1].curve if tries else None
        over_way = _over(shares, length)
        curve = _joints_along(arm, way, joints, move, over_way, before)
        tries.append(Led(curve, entry_s, excess(arm, curve, RESERVE), over_way))
        over = tries[-1].over
        if not tries[:-1]:
            _check_shape(arm, curve.last, move)
            check_places(arm, curve, named(move))
            if over.factor > SLOWEST and move.duration_s <= 0.0:
                _refuse_singular(arm, curve, over, move)
        elif tries[-1].lasts_s > 0.99 * tries[-2].lasts_s:
            break
        if over.factor <= 1.0:
            break
        # Rather speed up more gently, or go less fast, than slow down the whole movement.
        gentle = 1.0 / min(max(1.02 * over.accel, 1.0), 6.0)
        fast = float(shares.v.max()) / max(1.002 * over.speed, 1.0)
        limits = Limits(fast, limits.accel * gentle, limits.jerk * gentle)
    return min(tries, key=lambda one: one.lasts_s)


def _over(shares: Curve, length: float) -> Curve:
    return shares._replace(
        p=shares.p / length, v=shares.v / length, a=shares.a / length, j=shares.j / length
    )


def way_limits(way: Way, move: Move, limit_m_s: float | None) -> tuple[Limits, float]:
    """Return what the way allows, and its length: m, or rad of one that only turns."""
    length, turn = way.length_m, way.turn_rad
    speed, turning = max(move.speed_m_s, LEAST), max(move.turn_rad_s, LEAST)
    if move.duration_s > 0.0:
        speed, turning = TOP_M_S, TOP_RAD_S
    top = TOP_M_S if limit_m_s is None else CAUTION * limit_m_s
    tool = TOOL._replace(speed=min(speed, TOP_M_S, top))
    turned = TURN._replace(speed=min(turning, TOP_RAD_S))
    size = length if length > 1e-7 else turn
    limits = turned.times(size / turn) if turn > 1e-9 else tool.times(inf)
    if length > 1e-7:
        limits = limits.least(tool)
    if way.centre is not None:
        radius = length / way.arc_rad
        # Half of the acceleration is for the turn, the rest for speeding up.
        limits = limits.least(Limits((TOOL.accel * radius / 2.0) ** 0.5, TOOL.accel * 0.85, inf))
    if move.duration_s > 0.0 and move.fine:
        limits = limits._replace(speed=limits.speed_for(size, move.duration_s))
    return limits, size


def _joints_along(
    arm: "Arm", way: Leads, joints: Joints, move: Move, shares: Curve, before: Curve | None
) -> Curve:
    """Return the joints that bring the tool along a way; `before` did so in another time."""
    links, tip = chain(arm), move.tool.tip
    first, change = np.array(joints)[:, None], np.zeros((len(joints), 1))
    if before is None:
        flange = way.end.then(tip.inverse())
        end = arm.nearest(flange, joints)
        if end is None:
            why = arm.trouble(flange, joints)
            raise MoveRefused("robot.unreachable", target=named(move), why=why)
        change = np.array(end)[:, None] - first
    else:
        change = before.p[:, -1:] - first

    def poses(times: Array) -> Poses:
        return way.poses(shares.at(times)[0])

    try:
        return track_along(
            links, tip, poses, shares.times, lambda times: first + change * shares.at(times)[0]
        )
    except NoSpline:
        grid, found = _walked(arm, way, joints, move)

    def guess(times: Array) -> Array:
        share = shares.at(times)[0]
        return np.array([np.interp(share, grid, row) for row in found.T])

    try:
        return track_along(links, tip, poses, shares.times, guess)
    except NoSpline as problem:
        _refuse_path(
            arm, way, problem.joints, float(shares.at(np.array([problem.time_s]))[0, 0]), move
        )
        raise AssertionError from problem


def _walked(arm: "Arm", way: Leads, joints: Joints, move: Move) -> tuple[Array, Array]:
    """Return shares of a way and the joints there, each found from the one before.

    Raises:
        MoveRefused: the arm cannot follow to the end.
    """
    grid = np.linspace(0.0, 1.0, 65)
    poses = way.poses(grid)
    q = np.array(joints)
    found = [q]
    for index in range(1, len(grid)):
        wanted = type(poses)(poses.place[index : index + 1], poses.turn[index : index + 1])
        next_q, good = solve(chain(arm), move.tool.tip, wanted, q[None, :])
        if not good[0] or np.abs(next_q[0] - q).max() > 0.7:
            _refuse_path(arm, way, q, float(grid[index]), move)
        q = next_q[0]
        found.append(q)
    return grid, np.array(found)


def _refuse_path(arm: "Arm", way: Leads, near: Array, share: float, move: Move) -> None:
    flange = placed(way.poses(np.array([share]))).then(move.tool.tip.inverse())
    q = tuple(float(x) for x in near)
    done = f"{share * way.length_m * 1000.0:.0f}"
    if not arm.inverse(flange, q):
        why = arm.trouble(flange, q)
        raise MoveRefused("robot.path_unreachable", target=named(move), done=done, why=why)
    singular = arm.singularity(q)
    if singular is not None:
        place = phrase(f"arm.{singular[0]}")
        raise MoveRefused("robot.path_singular", target=named(move), done=done, near=place)
    raise MoveRefused("robot.config_change", target=named(move), done=done)


def _check_shape(arm: "Arm", joints: Joints, move: Move) -> None:
    if move.configuration is None:
        return
    found = arm.configuration(joints)
    if not arm.has(joints, move.configuration):
        raise MoveRefused(
            "robot.wrong_configuration",
            target=named(move),
            wanted=configured(move.configuration),
            found=configured(found),
        )


def _flange_excess(arm: "Arm", curve: Curve, limit_m_s: float | None) -> float:
    if limit_m_s is None:
        return 1.0
    return max(tool_speed(arm, curve, HERE) / (CAUTION * limit_m_s), 1.0)


def _refuse_singular(arm: "Arm", curve: Curve, over: Excess, move: Move) -> None:
    axis, factor = over.axis, over.factor
    times = np.linspace(0.0, curve.ends_s, 200)
    _, v, _, _ = curve.state(times)
    where = curve.at(times[[int(np.argmax(np.abs(v[axis])))]])[:, 0]
    near = arm.singularity(tuple(float(x) for x in where))
    raise MoveRefused(
        f"robot.singular_{near[0]}" if near else "robot.too_slow",
        target=named(move),
        axis=axis + 1,
        factor=f"{factor:.0f}",
    )
