"""The foresight of a robot: what it would hit, and when it has to stop so that it does not."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from twin.plant.plain import Stateful
from twin.plant.robot.obstacle import Obstacle
from twin.plant.robot.order import Track
from twin.plant.robot.track import speeds
from twin.spec.messages import phrase

from .axis import Axis
from .body import Body
from .chain import axes, carriers
from .frame import Pose
from .gripper import Gripper

if TYPE_CHECKING:
    from twin.plant.robot.collide import Contact, Nearest, Thing
    from twin.plant.robot.surroundings import Paths, Surroundings

    from .robot import Robot

AT_ONCE_S = 1e-3
FIRST_S = 1e-4
"""So much earlier than at the latest moment a stop is tried first, if that is not clear."""
FINER = 3
"""Halvings of the step at which it was."""
ROUNDS = 12
"""Halvings when two robots look for the latest moment at which both must stop."""


class Guard(Stateful):
    """Watches over one robot.

    Whenever the robot, or anything that it could hit, moves otherwise, the rest of its way is
    looked at as a whole. If it leads into something, the robot stops by itself at the latest moment
    from which it still comes to rest on its path before that. It has a fault then, and an incident
    is noted. Two robots on a way into each other both stop.

    What comes too late, because something has moved into its way, hits it: the brakes stop it, and
    the axes that drive the other one stop dead. What touches each other may only part from there.
    """

    STATE: ClassVar[tuple[str, ...]] = ("touching", "due", "foreseen_s")

    def __init__(self, robot: "Robot") -> None:
        self.robot = robot
        self.env = robot.env
        self.touching: list[list[str]] = []
        """Pairs [mine, other] that are too near each other where the movement began."""
        self.due: list[Any] = []
        """What is going to happen: [what, mine, other, x, y, z]. `stop`: on the path; `stay`: not
        to begin at all, as it is too near already; `hit`: it is too late."""
        self.foreseen_s = 0.0
        """When the movement ends that was looked at last."""
        self.event = robot.timer("guard", self._fire)
        self.rivals: frozenset[str] | None = None
        """The bodies whose movements concern it: all that carry others."""
        self._around: Surroundings | None = None

    @property
    def around(self) -> "Surroundings":
        """What is around the robot."""
        if self._around is None:
            from twin.plant.robot.surroundings import Surroundings

            self._around = Surroundings(self.robot)
        return self._around

    # ---- hearing

    def mover_changed(self, body: Body) -> None:
        """Hear that a body moves otherwise: maybe into the robot's way.

        Another robot looks itself at the way that both have: this one only has to when what it was
        going to do about that robot may not be true any more.
        """
        if body is self.robot or (body in self.robot.external.axes and body.doing == "along"):
            return  # it is looked at with the arm
        if hasattr(body, "guard"):
            if self.due and self.due[2] == body.id:
                self.look()
        elif body.id in self._rivals():
            self.look()

    def _rivals(self) -> frozenset[str]:
        if self.rivals is None:
            robot, found = self.robot, {carrier.id for carrier in carriers(self.robot)}
            for body in robot.world.bodies.values():
                under = {carrier.id for carrier in carriers(body)}
                if robot.id not in under:
                    found |= under
                if isinstance(body, Axis) and body.tool_m is not None:
                    found.add(body.id)
            self.rivals = frozenset(found)
        return self.rivals

    def restored(self) -> None:
        """Nothing: all that counts is state."""

    # ---- looking

    def look(self) -> None:
        """Look at the whole rest of the way, and plan what has to be done."""
        now, robot = self.env.time_s, self.robot
        watched = self.due[2] if self.due else ""
        self.due.clear()
        self.event.cancel()
        things: list[Thing] = self.around.things() if self._concerned(now) else []
        if not robot.moves(now) and not robot.frame.moving(now):
            # Robots look themselves at what stands in their way.
            self._hand_over(watched)
            things = [each for each in things if isinstance(each, Obstacle) and _moving(each, now)]
        self.foreseen_s = robot.track[0][-1].t0
        if not things:
            self.touching.clear()
            return
        contact = self._contact(robot.track, now, things)
        if contact is None:
            return
        kind, at_s = self._plan(contact, things, now)
        self.due[:] = [kind, contact.mine, contact.other, *contact.point]
        self.event.arm_at(at_s)

    def _concerned(self, now: float) -> bool:
        """Tell whether the robot moves, or anything that could meet it while it stands."""
        bodies: dict[str, Any] = dict(self.robot.world.bodies)
        return self.robot.moves(now) or any(bodies[name].moves(now) for name in self._rivals())

    def _hand_over(self, watched: str) -> None:
        """Let others look again: this one stands now, and robots look themselves at what stands.

        One that it has watched so far; all, if it stands where nobody has expected it.
        """
        expected = self.foreseen_s == self.robot.track[0][-1].t0
        for rival in self._others():
            if rival.id == watched or not expected:
                rival.guard.look()

    def _others(self) -> "list[Robot]":
        """Return the other robots that move."""
        found: list[Any] = [
            body
            for body in self.robot.world.bodies.values()
            if body is not self.robot and hasattr(body, "guard")
        ]
        return [body for body in found if body.moves(self.env.time_s)]

    def _contact(
        self, track: Track, from_s: float, things: "list[Thing]", *, planned: "Paths | None" = None
    ) -> "Contact | None":
        """Return the first contact on a track.

        One that is only `planned`, by these paths of axes, must keep so much more off that nobody
        who looks again, from another time on, takes it for a contact.
        """
        from twin.plant.robot.approach import CLOSE_M
        from twin.plant.robot.collide import MARGIN_M, first_contact, touching_at

        robot = self.robot
        foot, moves = self.around.foot_by(planned or {})
        holds = self.around.held()
        begins = planned is None and not any(speeds(track, from_s))
        if begins:
            self.touching.clear()

        def look() -> "Contact | None":
            return first_contact(
                robot.arm, foot, track, from_s, things, held=holds, moves=moves,
                touching=frozenset((mine, other) for mine, other in self.touching),
                margin_m=MARGIN_M if planned is None else MARGIN_M + 1.5 * CLOSE_M,
            )  # fmt: skip

        found = look()
        if begins and found is not None and found.time_s <= from_s + AT_ONCE_S:
            # It stands near something already: that is no contact unless it comes nearer.
            near = touching_at(
                robot.arm, foot, robot.true(from_s), things, held=holds, time_s=from_s, moves=moves
            )
            self.touching[:] = [list(pair) for pair in sorted(near)]
            found = look()
        return found

    def _plan(self, contact: "Contact", things: "list[Thing]", now: float) -> tuple[str, float]:
        """Return what has to be done about a contact (see `due`), and when."""
        robot = self.robot
        drive = robot.drive
        other: Any = robot.world.bodies.get(contact.other)
        if other is not robot and hasattr(other, "guard") and other.moves(now):
            found = self._both_stop_at(other, contact.time_s, now)
            if found is None and robot.moves(now) and not any(speeds(robot.track, now)):
                return "stay", now
            return "stop", now if found is None else found
        if not robot.moves(now) or drive.plan is None or drive.doing == "stop":
            return "hit", contact.time_s

        def clear(time_s: float) -> bool:
            paths = robot.external.stopping(time_s)
            around = self.around.things(paths) if paths else things
            return self._contact(stopped(robot, time_s), time_s, around, planned=paths) is None

        latest_s = drive.latest_stop(contact.time_s)
        found = None if latest_s is None else _earlier(latest_s, now, clear)
        if found is not None:
            return "stop", found
        if not any(speeds(robot.track, now)):
            return "stay", now
        return ("hit", contact.time_s) if latest_s is None else ("stop", latest_s)

    def _both_stop_at(self, other: "Robot", contact_s: float, now: float) -> float | None:
        """Return the latest time at which both robots can stop without touching; None: never."""
        from twin.plant.robot.surroundings import neighbour

        def well(time_s: float) -> bool:
            mine = stopped(self.robot, time_s)
            track = stopped(other, time_s)
            met = neighbour(other, now, other.external.stopping(time_s))
            things: list[Thing] = [met._replace(track=track)]
            paths = self.robot.external.stopping(time_s)
            return self._contact(mine, time_s, things, planned=paths) is None

        if not well(now):
            return None
        low, high = now, contact_s
        for _ in range(ROUNDS):
            middle = (low + high) / 2.0
            if well(middle):
                low = middle
            else:
                high = middle
        return low

    # ---- acting

    def _fire(self) -> None:
        kind, mine, other, x, y, z = self.due
        self.due.clear()
        at = Pose(x, y, z)
        if kind == "hit":
            self._hit(mine, other, at)
            return
        if kind == "stay":
            self.robot.drive.stay()
        self._protect(mine, other, at, both=kind == "stop")

    def _protect(self, mine: str, other: str, at: Pose, *, both: bool) -> None:
        robot = self.robot
        rival: Any = robot.world.bodies.get(other)
        why = phrase("robot.stop_ahead", mine=mine, other=other)
        robot.safety.interrupt(1, why)
        if both and rival is not robot and hasattr(rival, "guard"):
            back = phrase("robot.stop_ahead", mine=other, other=robot.id)
            rival.safety.interrupt(1, back)
            rival.safety.fail(back)
        gap = self._gap(other)
        robot.world.incident(
            "collision", robot, "incident.robot_stop", at=at, mine=mine, other=other,
            gap_mm=round(gap * 1000.0, 1),
        )  # fmt: skip
        robot.safety.fail(why)

    def _gap(self, other: str) -> float:
        """Return how far the robot is from something when it will have come to rest."""
        from twin.plant.robot.collide import nearest

        robot, now = self.robot, self.env.time_s
        ends_s = max(robot.track[0][-1].t0, now)
        foot, moves = self.around.foot
        things = [thing for thing in self.around.things() if thing.name == other]
        found = nearest(
            robot.arm, foot, robot.true(ends_s), things, held=self.around.held(), time_s=ends_s,
            moves=moves,
        )  # fmt: skip
        return found.distance_m if found is not None else 0.0

    def _hit(self, mine: str, other: str, at: Pose) -> None:
        robot = self.robot
        why = phrase("robot.stop_hit", mine=mine, other=other)
        if [mine, other] not in self.touching:
            robot.world.incident(
                "collision", robot, "incident.robot_hit", at=at, mine=mine, other=other
            )
            self.touching.append([mine, other])
        rival: Any = robot.world.bodies.get(other)
        robot.safety.interrupt(0, why)
        robot.safety.fail(why)
        if rival is not robot and hasattr(rival, "guard"):
            rival.safety.interrupt(0, why)
            rival.safety.fail(why)
        for axis in [*axes(robot), *(axes(rival) if rival is not None else ())]:
            if axis.moves(self.env.time_s):
                axis.crash()

    def weigh(self) -> None:
        """Stop if what the arm carries is too heavy for it."""
        robot, now = self.robot, self.env.time_s
        if not robot.moves(now) or robot.safety.fault:
            return
        parts = [
            body.carried
            for body in robot.world.bodies.values()
            if isinstance(body, Gripper) and body.carried is not None and robot in carriers(body)
        ]
        tool_kg = max(robot.robot_spec.payload_kg, robot.pendant.tool.mass_kg)
        mass_kg = tool_kg + sum(robot.world.mass_kg(part) for part in parts)
        if mass_kg > robot.arm.payload_kg:
            why = phrase(
                "robot.overload", robot=robot.id, mass_kg=round(mass_kg, 2),
                most_kg=robot.arm.payload_kg,
            )  # fmt: skip
            robot.safety.interrupt(1, why)
            robot.safety.fail(why)

    # ---- what people see

    def nearest(self) -> "Nearest | None":
        """Return what the robot is nearest to now."""
        from twin.plant.robot.collide import nearest

        robot, now = self.robot, self.env.time_s
        foot, moves = self.around.foot
        ground = {"floor", f"{robot.id}_pedestal"}
        things = [thing for thing in self.around.things() if thing.name not in ground]
        return nearest(
            robot.arm, foot, robot.true(now), things, held=self.around.held(), time_s=now,
            moves=moves,
        )  # fmt: skip


def _earlier(latest_s: float, now: float, clear: Callable[[float], bool]) -> float | None:
    """Return the latest time at which a stop is clear; None: none is.

    The pieces of a stop are fitted to the path, and what has stopped before something that moves
    may still be met by it: so the latest moment may be a little too late.
    """
    if clear(latest_s):
        return latest_s
    step_s = FIRST_S
    while not clear(max(latest_s - step_s, now)):
        if latest_s - step_s <= now:
            return None
        step_s *= 2.0
    good_s, bad_s = step_s, step_s / 2.0
    for _ in range(FINER):
        middle = (good_s + bad_s) / 2.0
        if clear(max(latest_s - middle, now)):
            good_s = middle
        else:
            bad_s = middle
    return max(latest_s - good_s, now)


def stopped(robot: "Robot", time_s: float) -> Track:
    """Return how a robot's joints would really move if it stopped on its path from a time on."""
    return robot.with_zeros(robot.drive.stopped(time_s))


def _moving(thing: "Thing", now: float) -> bool:
    """Tell whether something that the robot could hit moves, now or later."""
    track = getattr(thing, "track", None)
    if track is not None and now < track[0][-1].t0:
        return True
    for move in thing.moves:
        last = move.path[-1]
        if now < last.t0 or last.v != 0.0 or last.a != 0.0:
            return True
    return False
