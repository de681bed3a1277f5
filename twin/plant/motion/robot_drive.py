"""The movement of a robot: what it does now, what interrupted it, and when it is where."""

from math import inf, radians
from typing import TYPE_CHECKING, Any, ClassVar

from twin.kernel.environment import Timer
from twin.plant.plain import Stateful
from twin.plant.robot.chain import chain
from twin.plant.robot.group import world
from twin.plant.robot.order import Joints, Move, MoveRefused, Track
from twin.plant.robot.placement import HERE
from twin.plant.robot.track import extremes
from twin.wire.model import Piece, along

from .path import rest

if TYPE_CHECKING:
    from twin.plant.robot.group import Group
    from twin.plant.robot.moves import Plan

    from .robot import Robot

MANUAL_M_S = 0.25
"""Fastest speed of tool and flange in manual mode (ISO 10218-1)."""
ARRIVES_S = 0.02
"""From so long before a stop on the direction counts in which the tool swings after it."""
LATEST_S = 1e-4
"""How exactly the latest moment of a protective stop is looked for."""
BACK_M = 0.01
BACK_RAD = 0.05
"""So far off its path a robot goes on by itself."""
STRAIGHT = frozenset({"linear", "circular"})
OWN = frozenset({"move", "hand"})
"""Movements whose speed the override changes."""


class Drive(Stateful):
    """One movement at a time.

    `go` begins a movement, or joins it to the running one once that has entered its zone. `stop`
    interrupts it, on its path if it can; `resume` goes on. Between events everything is in the
    pieces of `track`.
    """

    STATE: ClassVar[tuple[str, ...]] = (
        "track", "plan", "doing", "broken", "entered", "told", "rate", "most",
        "off_at_rest",
    )  # fmt: skip

    def __init__(self, robot: "Robot") -> None:
        import twin.plant.robot.moves  # noqa: F401 - a snapshot may hold its records

        self.robot = robot
        self.arm = robot.arm
        self.env = robot.env
        self.track: Track = tuple(rest(value) for value in _starts(robot))
        """How its joints move, as the controller believes."""
        self.plan: Plan | None = None
        """What it moves by; None at rest."""
        self.doing = ""
        """`move` (of the program), `hand` (to a point, by hand), `jog`, `stop`; empty at rest."""
        self.broken: Plan | None = None
        """The movement that was interrupted, as it stands."""
        self.entered = False
        """Whether the next movement may be joined to this one."""
        self.told = False
        """Whether the arrival of the interrupted movement was told before it was interrupted."""
        self.rate = 1.0
        """The speed override, above 0 up to 1."""
        self.most = 1.0
        """What the override may be at most for this movement."""
        self.off_at_rest = False
        """Whether the motors go off when it has come to rest."""
        self.enters: Timer = robot.timer("enters", self._enters)
        self.ends: Timer = robot.timer("ends", self._ends)

    # ---- where it is

    def at(self, time_s: float) -> Joints:
        """Return its joints at a time, as it believes."""
        return tuple([along(path, time_s) for path in self.track])

    def moves(self, time_s: float) -> bool:
        """Tell whether it is in movement."""
        return time_s < self.track[0][-1].t0

    # ---- beginning

    def go(self, move: Move, doing: str = "move", group: "Group | None" = None) -> None:
        """Begin a movement, or join it to the running one.

        Args:
            move: the order.
            doing: see there.
            group: the arm with its external axes, if these move too.

        Raises:
            MoveRefused: it cannot be done; nothing has changed.
        """
        from twin.plant.robot.blend import blend

        robot, now = self.robot, self.env.time_s
        if self.doing:
            if self.doing != doing or not self.entered or self.plan is None:
                raise MoveRefused("robot.busy", robot=robot.id)
            running = self.plan if group is None else robot.external.beside(self.plan)
            foot = robot.foot(now) if group is None else HERE
            found = blend(group or self.arm, foot, now, running, move, limit_m_s=self.limit_m_s)
        else:
            found = self._planned(move, group)
        if doing == "move":
            self.broken = None
        self.begin(found, doing)

    def _planned(self, move: Move, group: "Group | None") -> "Plan":
        """Return a movement from where it stands."""
        from twin.plant.robot.moves import plan

        robot, now = self.robot, self.env.time_s
        foot, start = robot.foot(now), self.at(now)
        if group is not None:
            foot, start = HERE, (*start, *robot.external.places())
        found = plan(
            group or self.arm, foot, now, start, move, override=self.rate, limit_m_s=self.limit_m_s
        )
        self.most = 1.0
        return found

    def _group(self, plan: "Plan") -> "Group | None":
        """Return the arm with its external axes, if a plan moves these too."""
        external = self.robot.external
        return external.group(plan.move.on) if external.joins(plan) else None

    @property
    def limit_m_s(self) -> float | None:
        """How fast the tool may go at most; None: as fast as it can."""
        return None if self.robot.safety.auto else MANUAL_M_S

    def begin(self, plan: "Plan", doing: str, *, entered: bool = False) -> None:
        """Move by a plan from now on; `entered`: whether its arrival was told already."""
        self.doing = doing
        self.entered = entered
        self._follow(plan)

    def _follow(self, plan: "Plan") -> None:
        """Take a plan for the rest of the way, and tell all whom it concerns."""
        robot, now = self.robot, self.env.time_s
        self.plan, self.track = plan, plan.track[: len(self.arm.joints)]
        robot.external.along(plan)
        if not self.entered and plan.enters_s < plan.ends_s:
            self.enters.arm_at(max(plan.enters_s, now))
        else:
            self.enters.cancel()
        self.ends.arm_at(plan.ends_s)
        self._deviate(plan)
        robot.moves_otherwise()
        if plan.ends_s <= now:  # a movement of no length is there at once
            self.ends.cancel()
            self._ends()

    # ---- events

    def _enters(self) -> None:
        self.entered = True
        if self.robot.follow.going:  # it goes along now: a cup on it may seal
            self.robot.world.movers_changed(self.robot)
        program = self.robot.program
        if program is not None and self.doing == "move":
            program.arrived()

    def _ends(self) -> None:
        now = self.env.time_s
        plan, done = self.plan, self.doing
        was_entered = self.entered
        self.enters.cancel()
        self.track = tuple((Piece(now, path[-1].p),) for path in self.track)
        self.plan, self.doing, self.entered = None, "", False
        robot = self.robot
        robot.moves_otherwise()
        if done == "stop":
            self._stands()
        elif done == "jog":
            robot.pendant.jogged_out()
        robot.safety.settle()
        program = robot.program
        if program is None:
            return
        if done == "move" and plan is not None and not was_entered:
            program.arrived()
        if not self.doing:
            program.rested()

    def _stands(self) -> None:
        if self.off_at_rest:
            self.off_at_rest = False
            self.robot.safety.motors = False

    def _deviate(self, plan: "Plan") -> None:
        """Let an arm with declared errors come to rest where it will."""
        deviation, now = self.robot.deviation, self.env.time_s
        if deviation is None or plan.ends_s <= now:
            return
        ends_s = plan.ends_s
        before, there = (
            self.robot.foot(time_s).then(self.arm.flange(self.at(time_s))).then(plan.move.tool.tip)
            for time_s in (max(ends_s - ARRIVES_S, now), ends_s)
        )
        x, y, z = (b - a for a, b in zip(before.place, there.place, strict=True))
        fastest = max(
            each.speed / joint.speed
            for each, joint in zip(extremes(self.track), self.arm.joints, strict=True)
        )
        deviation.goes(now, ends_s, way=(x, y, z), share=fastest)

    # ---- stopping and going on

    def stop(self, category: int, *, off: bool = False) -> bool:
        """Stop; tell whether there was a movement to stop.

        Args:
            category: 0: by the brakes, off the path; 1, 2: on the path.
            off: whether the motors go off when it stands.
        """
        from twin.plant.robot.stops import stop

        now = self.env.time_s
        if not self.moves(now) or self.plan is None:
            if off:
                self.robot.safety.motors = False
            return False
        self.off_at_rest = self.off_at_rest or off
        if self.doing == "stop" and category != 0:
            return True
        stopped = stop(self._group(self.plan) or self.arm, self.plan, now, category)
        self.robot.follow.stopped()
        if self.doing == "move" or (self.broken is not None and self.doing == "stop"):
            self.broken = stopped
        self.doing = "stop"
        self._follow(stopped)
        return True

    def stay(self) -> None:
        """Do not begin the movement that was to begin just now."""
        from twin.plant.robot.rate import state

        plan, now = self.plan, self.env.time_s
        if plan is None:
            return
        rests = tuple((Piece(now, along(path, now)),) for path in plan.track)
        passed = state(plan.law, now)[0]
        self.robot.follow.stopped()
        if self.doing == "move":
            self.broken = plan._replace(
                track=rests, enters_s=inf, ends_s=now, law=(Piece(now, passed),)
            )
        self.track = rests[: len(self.arm.joints)]
        self.plan, self.doing, self.entered = None, "", False
        self.robot.external.rest()
        self.enters.cancel()
        self.ends.cancel()
        self.robot.moves_otherwise()

    def resume(self) -> None:
        """Go on along the path that was interrupted.

        Raises:
            MoveRefused: there is none, or it stands too far off it.
        """
        from twin.plant.robot.stops import resume

        robot, now, broken = self.robot, self.env.time_s, self.broken
        if broken is None:
            raise MoveRefused("robot.no_interrupted", robot=robot.id)
        if self.doing:
            raise MoveRefused("robot.busy", robot=robot.id)
        group, external = self._group(broken), robot.external
        if group is None and robot.frame.moving(now):
            raise MoveRefused("robot.foot_moves", robot=robot.id)
        off_m, off_rad = self._off(broken)
        if group is not None:
            external.check(broken.move.external, broken.move.on)
        # With axes joints go anew from wherever they and the axes are.
        free = group is not None and broken.move.kind not in STRAIGHT
        if not free and (off_m > BACK_M or off_rad > BACK_RAD):
            raise MoveRefused(
                "robot.off_path", robot=robot.id, off_mm=round(off_m * 1000.0, 1),
                limit_mm=round(BACK_M * 1000.0),
            )  # fmt: skip
        there = off_m <= 1e-9 and off_rad <= 1e-9 and not external.left(broken)
        if broken.on_path and there:
            self.most = self._most(broken)
            found = resume(group or self.arm, broken, now, min(self.rate, self.most))
        else:
            found = self._planned(broken.move, group)
        self.broken = None
        self.doing, self.entered = "move", self.told
        self._follow(found)

    def _most(self, broken: "Plan") -> float:
        """Return the greatest rate at which a movement may go on.

        In manual mode one that was begun in automatic must not be faster than by hand: so fast are
        all points of the tool at the most if all joints went at their fastest together.
        """
        limit = self.limit_m_s
        if limit is None:
            return 1.0
        speeds = [each.speed for each in extremes(broken.nominal)]
        moved = world(self._group(broken) or self.arm)
        fastest = max(
            sum(v * lever for v, lever in zip(speeds, levers, strict=True))
            for levers in (chain(moved).levers(tip) for tip in (HERE, broken.move.tool.tip))
        )
        return min(1.0, limit / fastest) if fastest > 0.0 else 1.0

    def _off(self, broken: "Plan") -> tuple[float, float]:
        """Return how far tool and orientation are off where a movement was interrupted."""
        group, meant, tip = self._group(broken), along_nominal(broken), broken.move.tool.tip
        joints = self.at(self.env.time_s)
        if group is not None:
            here = group.tip((*joints, *self.robot.external.places()), tip)
            return group.tip(meant, tip).off(here)
        here = self.arm.flange(joints).then(tip)
        return self.arm.flange(meant).then(tip).off(here)

    def forget(self) -> None:
        """Give up what was interrupted; a movement of the program that goes on ends as a stop."""
        if self.doing == "move":
            self.stop(2)
        self.broken = None

    def set_rate(self, rate: float) -> None:
        """Change the speed override, of the running movement too."""
        from twin.plant.robot.stops import override

        self.rate = rate
        if self.doing in OWN and self.plan is not None and self.plan.on_path:
            moved, rate = self._group(self.plan) or self.arm, min(rate, self.most)
            self._follow(override(moved, self.plan, self.env.time_s, rate))

    def stopped(self, time_s: float) -> Track:
        """Return how its joints would move if it stopped on its path from a time on."""
        return self.stopping(time_s)[: len(self.arm.joints)]

    def stopping(self, time_s: float) -> Track:
        """Return the same with the external axes that move along behind the joints."""
        from twin.plant.robot.stops import stop

        if self.plan is None:
            return self.track
        if self.doing == "stop":
            return self.plan.track
        return stop(self._group(self.plan) or self.arm, self.plan, time_s, 1).track

    def save(self) -> list[Any]:
        kept = self.plan, self.broken
        self.plan, self.broken = _finite(self.plan), _finite(self.broken)
        try:
            return super().save()
        finally:
            self.plan, self.broken = kept

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        super().load_state(data, known)
        self.plan, self.broken = _endless(self.plan), _endless(self.broken)

    def latest_stop(self, contact_s: float) -> float | None:
        """Return the latest time at which it can begin to stop so as to rest before a place.

        Args:
            contact_s: when it would be there.

        Returns:
            s; None: it is too late for that.
        """
        from twin.plant.robot.rate import state
        from twin.plant.robot.stops import stop

        plan, now = self.plan, self.env.time_s
        assert plan is not None
        if not plan.on_path:
            return None
        wall_s, moved = state(plan.law, contact_s)[0], self._group(plan) or self.arm

        def holds(time_s: float) -> bool:
            return stop(moved, plan, time_s, 1).law[-1].p <= wall_s

        if not holds(now):
            return None
        low, high = now, contact_s
        while high - low > LATEST_S:
            middle = (low + high) / 2.0
            if holds(middle):
                low = middle
            else:
                high = middle
        return low


def _starts(robot: "Robot") -> Joints:
    """Return where the joints of a robot are at the beginning."""
    given = robot.robot_spec.starts_deg
    if not given:
        return robot.arm.rest
    return tuple(
        radians(value) if joint.kind == "turn" else value
        for value, joint in zip(given, robot.arm.joints, strict=True)
    )


NEVER_S = -1.0
"""Stands for a time that never comes: JSON has no word for it."""


def _finite(plan: "Plan | None") -> "Plan | None":
    return _timed(plan, inf, NEVER_S)


def _endless(plan: "Plan | None") -> "Plan | None":
    return _timed(plan, NEVER_S, inf)


def _timed(plan: "Plan | None", found: float, wanted: float) -> "Plan | None":
    if plan is None:
        return None
    enters_s = wanted if plan.enters_s == found else plan.enters_s
    follows_s = wanted if plan.follows_s == found else plan.follows_s
    return plan._replace(enters_s=enters_s, follows_s=follows_s)


def along_nominal(plan: "Plan") -> Joints:
    """Return the joints at the place of its path where a plan ends."""
    passed = plan.law[-1].p if plan.law[-1].v == 0.0 else inf
    last = plan.nominal[0][-1].t0
    return tuple([along(path, min(passed, last)) for path in plan.nominal])
