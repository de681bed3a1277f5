"""Following: the tool goes to a target that goes along with a belt, and then along with it.

As seen from the belt the tool comes to rest at its target: a movement from the state that it has
(at rest in the workcell it goes backwards there) to rest, limited in speed, acceleration and jerk.
To that the belt's own movement is added. Also an arm that is still going along with a belt leaves
it in this way: a target that stands is one on a belt that does not run.
"""

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from twin.plant.plain import record
from twin.wire.model import Path, Piece

from .chain import Poses, chain
from .follow_arc import Begun, Round, Start, round_on
from .joint_move import goal_joints, tool_share
from .limits import bounds, check_places, excess, named
from .moves import Plan
from .nominal import (
    CAUTION,
    INSIDE,
    JOINTS,
    LEAST,
    TOOL,
    TOP_M_S,
    TOP_RAD_S,
    TURN,
    placed,
    tool_speed,
)
from .order import Joints, Move, MoveRefused, Track
from .placement import HERE, Placement, Vector
from .profile import Limits, halt, travel
from .spline import NoSpline, track_along
from .track import SAME_S, Curve, accels, at, curve, rest, speeds
from .way import circle, line, turns

if TYPE_CHECKING:
    from .arm import Arm

Array = NDArray[np.float64]

AHEAD_S = (3.0, 2.0, 1.2, 0.6, 0.3)
"""For how long after the meeting the tool's way is worked out, tried in turn: the target may leave
the arm's reach."""
BRAKE = Limits(10.0, 4.0, 40.0)
"""How the tool slows down at the end of what is worked out."""
SLOWER = (1.0, 0.6, 0.35, 0.2)
"""Shares of speed and acceleration, tried in turn until the joints keep to their limits."""


@record
class Belt(NamedTuple):
    """How the frame of a tracked work object goes."""

    frame: Placement = Placement()
    """Where it is, in the workcell, when the path is at 0."""
    direction: Vector = (1.0, 0.0, 0.0)
    """In which it goes, in the workcell; a unit vector."""
    path: Path = (Piece(0.0, 0.0),)
    """How far, m: pieces up to the second degree."""


STANDS = Belt()


def follow(
    arm: "Arm",
    foot: Placement,
    now_s: float,
    start: Track | Joints,
    move: Move,
    belt: Belt = STANDS,
    *,
    override: float = 1.0,
    limit_m_s: float | None = None,
    begun: Begun | None = None,
) -> Plan:
    """Return the movement to a target on a belt, from whatever the arm does now.

    `enters_s` is when the tool has met its target (or comes into its zone), `follows_s` until when
    it goes along with it: before that, or when the belt changes its speed, ask again.

    Args:
        arm: which moves.
        foot: of the arm, in the workcell.
        now_s: when the movement begins.
        start: the joints at rest, or a track.
        move: `target` is in the belt's frame.
        belt: how that goes.
        override: of the speeds; the belt keeps its own.
        limit_m_s: not exceeded by the tool.
        begun: where an arc was begun that is to be gone on with; None: it begins now.

    Raises:
        MoveRefused: it cannot be done.
    """
    moving = isinstance(start[0], tuple)
    track = cast(Track, start) if moving else rest(cast(Joints, start))
    if belt is STANDS and move.kind in JOINTS:
        return _to_joints(arm, foot, now_s, track, move, override, limit_m_s)
    state = _State.of(arm, move, track, now_s)
    problem = MoveRefused("robot.track_reach", target=named(move))
    for share in SLOWER:
        for ahead_s in AHEAD_S if belt is not STANDS else (0.0,):
            try:
                task = _Task(arm, foot, now_s, state, move, belt, share, override, limit_m_s, begun)
                return task.plan(ahead_s)
            except NoSpline:
                continue
            except ArithmeticError:
                problem = MoveRefused("robot.no_profile", target=named(move))
            except MoveRefused as refusal:
                problem = refusal
                if refusal.phrase.key == "robot.track_speed":
                    break
    raise problem


def _to_joints(
    arm: "Arm", foot: Placement, now_s: float, track: Track, move: Move, override: float,
    limit_m_s: float | None,
) -> Plan:  # fmt: skip
    """Return the movement of all joints from whatever they do to rest."""
    joints = at(track, now_s)
    goal = goal_joints(arm, foot, joints, move)
    change = np.array(goal) - joints
    limit = bounds(arm)
    share = tool_share(arm, np.array(joints), change, move, limit_m_s)
    # A joint that has no way of its own still has to slow down.
    speed = limit.speed * move.joint_share
    speed = np.minimum(speed, np.maximum(share * np.abs(change), 0.05 * limit.speed)) * override
    limits = [
        Limits(*each)
        for each in zip(speed.tolist(), limit.accel.tolist(), limit.jerk.tolist(), strict=True)
    ]
    none = (0.0,) * len(goal)
    begin = joints, speeds(track, now_s), accels(track, now_s)
    try:
        found = travel(*begin, goal, none, none, limits, straight=True)
    except ArithmeticError as error:
        raise MoveRefused("robot.no_profile", target=named(move)) from error
    check_places(arm, found, named(move))
    goes = found.scaled(now_s, 1.0)
    law = (Piece(now_s, 0.0, 1.0),)
    return Plan(goes.track(), goes.ends_s, goes.ends_s, found.track(), law, found.ends_s, move)


class _State(NamedTuple):
    """Of joints and tool at the begin."""

    joints: Array
    speeds: Array
    """Of the joints."""
    tool: Placement
    """In the foot's frame, as all that follows."""
    v: Array
    """(6,) speed of the tool's point, m/s, over its turning speed, rad/s."""
    a: Array
    """(6,) how these change."""

    @classmethod
    def of(cls, arm: "Arm", move: Move, track: Track, now_s: float) -> "_State":
        """Return the state on a track."""
        joints, tip, h = at(track, now_s), move.tool.tip, 1e-5
        fast, gain = np.array(speeds(track, now_s)), np.array(accels(track, now_s))
        now = arm.jacobian(joints, tip)
        soon = arm.jacobian(tuple(q + h * v for q, v in zip(joints, fast, strict=True)), tip)
        return cls(
            np.array(joints),
            fast,
            arm.flange(joints).then(tip),
            now @ fast,
            now @ gain + (soon - now) @ fast / h,
        )


class _Task:
    """One movement to a belt, all in the foot's frame, its time counted from the begin."""

    def __init__(
        self, arm: "Arm", foot: Placement, now_s: float, state: _State, move: Move, belt: Belt,
        share: float, override: float, limit_m_s: float | None, begun: Begun | None,
    ) -> None:  # fmt: skip
        assert move.target is not None
        self.arm, self.move, self.state, self.now_s = arm, move, state, now_s
        self.start, self.tip, self.frame = state.tool, move.tool.tip, belt.frame
        self.goal = foot.seen(belt.frame.then(move.target))
        self.direction = np.array(foot.inverse().turned(belt.direction))
        self.belt = _single(belt.path, now_s)
        speed = min(max(move.speed_m_s, LEAST), limit_m_s or TOP_M_S, TOP_M_S) * override
        turning = min(max(move.turn_rad_s, LEAST), TOP_RAD_S) * override
        self.limits = [TOOL._replace(speed=speed).times(share)] * 3
        self.limits += [TURN._replace(speed=turning).times(share)] * 3
        self.limit_m_s = limit_m_s
        self.relative: Curve | Round = (
            self._round(foot, begun) if move.kind == "circular" else self._straight()
        )

    def _begin(self) -> Start:
        """Return what the tool does now, as the belt sees it."""
        zero = np.zeros(1)
        run, run_v, run_a, _ = (part[0, 0] for part in self.belt.state(zero))
        along = self.direction
        back = self.start.inverse()
        spin, spin_a = (
            back.turned(self.state.v[3:].tolist()),
            back.turned(self.state.a[3:].tolist()),
        )
        x, y, z = (np.array(self.start.place) - run * along).tolist()
        v = np.concatenate((self.state.v[:3] - run_v * along, spin))
        a = np.concatenate((self.state.a[:3] - run_a * along, spin_a))
        return Start(self.start._replace(x=x, y=y, z=z), v, a)

    def _round(self, foot: Placement, begun: Begun | None) -> Round:
        """Return the tool's movement along an arc, as the belt sees it."""
        assert self.move.via is not None
        start = self._begin()
        via = foot.seen(self.frame.then(self.move.via))
        first = start.at if begun is None else foot.seen(self.frame.then(begun.start))
        way = circle(first, via, self.goal, named(self.move))
        return round_on(way, begun.share if begun else 0.0, start, self.limits)

    def _straight(self) -> Curve:
        """Return the tool's movement as the belt sees it.

        Place, then the vector of its turning from the first orientation.
        """
        begin = self._begin()
        p, v, a = np.concatenate((begin.at.place, np.zeros(3))), begin.v, begin.a
        way = line(self.start, self.goal)
        to_p = np.concatenate((self.goal.place, way.turn_rad * np.array(way.axis)))
        # The place in axes of which the first leads to the target: so its limit is that of the way.
        frame = _frame(to_p[:3] - p[:3])
        p[:3], v[:3], a[:3], to_p[:3] = (
            frame @ p[:3],
            frame @ v[:3],
            frame @ a[:3],
            frame @ to_p[:3],
        )
        v[np.abs(v) < 1e-9] = 0.0
        a[np.abs(a) < 1e-7] = 0.0
        none = np.zeros(6)
        straight = not v.any() and not a.any()
        found = travel(p, v, a, to_p, none, none, self.limits, straight=straight)
        turned = [np.concatenate((frame.T @ part[:3], part[3:])) for part in found[1:]]
        return Curve(found.times, *turned)

    def plan(self, ahead_s: float) -> Plan:
        """Return the plan that goes along for a time after the meeting.

        Raises:
            MoveRefused: an axis passes a limit.
            NoSpline: the arm does not come there.
        """
        meets_s = self.relative.ends_s
        until_s = meets_s + ahead_s
        run = self._run(until_s)
        phases = np.union1d(self.relative.times, run.times)
        ends_s = float(phases[-1])
        if ends_s <= SAME_S:
            return self._made(curve(rest(self.state.joints.tolist())), 0.0, inf)

        def poses(times: Array) -> Poses:
            seen = self.relative.at(times).T
            places = seen[:, :3] + run.at(times)[0][:, None] * self.direction
            return Poses(places, self.start.matrix()[:3, :3] @ turns(seen[:, 3:]))

        found = track_along(
            chain(self.arm), self.tip, poses, phases, self._guess(poses, meets_s, ends_s),
            (self.state.speeds, None),
        )  # fmt: skip
        check_places(self.arm, found, named(self.move))
        slow = excess(self.arm, found)
        if slow.factor > 1.0 or self._too_fast(found):
            raise MoveRefused("robot.track_speed", target=named(self.move), axis=slow.axis + 1)
        return self._made(found, self._enters(meets_s), until_s if ahead_s else inf)

    def _run(self, until_s: float) -> Curve:
        """Return the belt's movement as far as it is looked at, then a gentle stop."""
        p, v, a, _ = (float(part[0, 0]) for part in self.belt.state(np.array([until_s])))
        stops = halt(p, v, a, BRAKE)
        kept = np.concatenate((self.belt.times[self.belt.times < until_s - SAME_S],))
        head = Curve(kept, *(part[:, : len(kept)] for part in self.belt[1:]))
        run = head.then(stops._replace(times=stops.times + until_s))
        begins = run.state(np.zeros(1))
        later = run.times > SAME_S
        parts = [np.concatenate((b, r[:, later]), 1) for b, r in zip(begins, run[1:], strict=True)]
        return Curve(np.concatenate(([0.0], run.times[later])), *parts)

    def _guess(
        self, poses: Callable[[Array], Poses], meets_s: float, ends_s: float
    ) -> Callable[[Array], Array]:
        """Return joints near the right ones: from one stand to the next."""
        times, stands = [0.0], [self.state.joints]
        for time_s in sorted({meets_s, (meets_s + ends_s) / 2.0, ends_s}):
            if time_s <= times[-1] + SAME_S:
                continue
            flange = placed(poses(np.array([time_s]))).then(self.tip.inverse())
            near = tuple(stands[-1].tolist())
            found = self.arm.follow(flange, near) or self.arm.nearest(flange, near)
            if found is None:
                raise NoSpline(time_s, stands[-1])
            times.append(time_s)
            stands.append(np.array(found))
        rows = np.array(stands).T

        def guess(asked: Array) -> Array:
            return np.array([np.interp(asked, times, row) for row in rows])

        return guess

    def _too_fast(self, found: Curve) -> bool:
        if self.limit_m_s is None:
            return False
        return any(
            tool_speed(self.arm, found, tip) > CAUTION * self.limit_m_s for tip in (self.tip, HERE)
        )

    def _enters(self, meets_s: float) -> float:
        """Return when the tool comes into the zone of its target, as the belt sees it."""
        if self.move.fine:
            return meets_s
        times = np.linspace(meets_s / 2.0, meets_s, 200)
        off = self.relative.at(times)[:3] - self.relative.at(np.array([meets_s]))[:3]
        outside = np.flatnonzero(np.square(off).sum(axis=0) > (INSIDE * self.move.zone_m) ** 2)
        return float(times[min(outside[-1] + 1, 199)]) if len(outside) else float(times[0])

    def _made(self, found: Curve, enters_s: float, follows_s: float) -> Plan:
        goes = found.scaled(self.now_s, 1.0)
        return Plan(
            goes.track(),
            self.now_s + enters_s,
            goes.ends_s,
            found.track(),
            (Piece(self.now_s, 0.0, 1.0),),
            enters_s,
            self.move,
            follows_s=self.now_s + follows_s,
        )


def _single(path: Path, now_s: float) -> Curve:
    """Return a path as a curve of one axis, its time counted from now."""
    if path[0].t0 > now_s:
        path = (Piece(now_s, path[0].p), *path)
    rows = np.array(path, dtype=float).T
    return Curve(rows[0] - now_s, *(row[None, :] for row in rows[1:]))


def _frame(first: Array) -> Array:
    """Return three axes, as rows, of which the first leads along a vector."""
    size = float(np.sqrt(first @ first))
    if size < 1e-9:
        return np.eye(3)
    one = first / size
    other = np.eye(3)[int(np.argmin(np.abs(one)))]
    two = np.cross(one, other)
    two /= np.sqrt(two @ two)
    return np.array([one, two, np.cross(one, two)])
