"""The external axes of a robot: they set off with it, and all arrive together."""

from typing import TYPE_CHECKING, ClassVar

from twin.plant.plain import Stateful
from twin.plant.robot.order import Move, MoveRefused
from twin.plant.robot.placement import Placement
from twin.spec.messages import phrase
from twin.wire.model import Path, Piece

from .axis import SAME, Axis
from .body import Body
from .chain import carriers
from .frame import Pose
from .path import ends_at
from .profile import to_place

if TYPE_CHECKING:
    from twin.plant.robot.moves import Plan

    from .robot import Robot

STRAIGHT = frozenset({"linear", "circular"})
LONGER = 1.0 + 1e-9


class External(Stateful):
    """Axes beside the arm's own: a track below it, a positioner before it.

    A movement that moves them begins and ends at rest. The slower of arm and axes sets the time;
    the others go their way more slowly. With an axis that carries the arm only the joints can be
    told where to go: a straight path would be bent by the axis, and is refused.
    """

    STATE: ClassVar[tuple[str, ...]] = ("broken", "with_axes")

    def __init__(self, robot: "Robot") -> None:
        self.robot = robot
        self.env = robot.env
        self.axes: list[Axis] = []
        self.below: frozenset[str] = frozenset()
        """Those of them that carry the arm."""
        self.with_axes = False
        """Whether the movement that was begun last moves them."""
        self.broken: list[Move] = []
        """The movement with them that was interrupted."""

    def find(self) -> None:
        """Find the axes."""
        robot = self.robot
        for name in robot.robot_spec.external:
            axis = robot.world.bodies[name]
            assert isinstance(axis, Axis)
            self.axes.append(axis)
        under = {carrier.id for carrier in carriers(robot)}
        self.below = frozenset(axis.id for axis in self.axes if axis.id in under)
        if self.axes:
            robot.world.hearers.append(self._moved)

    def _moved(self, body: Body) -> None:
        """Hear that an axis goes otherwise: without it the arm does not go on."""
        robot = self.robot
        if body in self.axes and body.fault and robot.drive.doing == "move":
            robot.safety.interrupt(1, phrase("robot.stop_external", axis=body.id))

    # ---- going

    def go(self, move: Move) -> None:
        """Begin a movement of the arm, with the axes if it moves them.

        Raises:
            MoveRefused: it cannot be done; nothing has changed.
        """
        robot = self.robot
        wanted = self._wanted(move)
        if wanted is None:
            if robot.frame.moving(self.env.time_s):
                raise MoveRefused("robot.foot_moves", robot=robot.id)
            robot.follow.go(move)
        else:
            self._together(move, wanted)
        self.with_axes = wanted is not None
        self.broken.clear()

    def _wanted(self, move: Move) -> tuple[float, ...] | None:
        """Return where a movement wants the axes; None: where they are."""
        if not move.external or not self.axes:
            return None
        robot = self.robot
        if len(move.external) != len(self.axes):
            raise MoveRefused(
                "robot.external_count", robot=robot.id, count=len(self.axes),
                found=len(move.external),
            )  # fmt: skip
        for axis, at in zip(self.axes, move.external, strict=True):
            if not axis.low - SAME <= at <= axis.high + SAME:
                raise MoveRefused(
                    "robot.external_limit", axis=axis.id, low=axis.low, high=axis.high, at=at
                )
        moved = any(
            abs(at - axis.position()) > SAME
            for axis, at in zip(self.axes, move.external, strict=True)
        )
        return move.external if moved else None

    def _together(self, move: Move, wanted: tuple[float, ...]) -> None:
        from twin.plant.robot.moves import plan

        robot, now = self.robot, self.env.time_s
        drive = robot.drive
        going = [
            (axis, at)
            for axis, at in zip(self.axes, wanted, strict=True)
            if abs(at - axis.position()) > SAME
        ]
        for axis, _ in going:
            if not axis.free:
                raise MoveRefused("robot.external_not_ready", axis=axis.id)
            if axis.id in self.below and move.kind in STRAIGHT:
                raise MoveRefused("robot.external_straight", robot=robot.id, axis=axis.id)
        if drive.doing or not move.fine:
            raise MoveRefused("robot.external_rest")
        foot = self._foot_then({axis.id: at for axis, at in going})
        found = plan(
            drive.arm, foot, now, drive.at(now), move,
            override=drive.rate, limit_m_s=drive.limit_m_s,
        )  # fmt: skip
        paths = [
            to_place(now, axis.position(), 0.0, at, speed=axis.speed * drive.rate, accel=axis.accel)
            for axis, at in going
        ]
        arm_s = found.ends_s - now
        takes_s = max(arm_s, *(ends_at(path) - now for path in paths))
        if arm_s > 0.0 and takes_s > arm_s * LONGER:
            found = slowed(found, now, arm_s / takes_s)
        for (axis, _), path in zip(going, paths, strict=True):
            axis.go_along(stretched(path, now, takes_s / (ends_at(path) - now)))
        if arm_s <= 0.0:  # the arm stands while its axes move
            found = found._replace(ends_s=now + takes_s, enters_s=now + takes_s)
            found = found._replace(track=waiting(found, now, now + takes_s))
        drive.broken = None
        drive.begin(found, "move")

    def _foot_then(self, places: dict[str, float]) -> Placement:
        """Return where the arm's foot is when axes are at places."""
        robot = self.robot
        pose: Pose = robot.frame.pose
        now = self.env.time_s
        for carrier in carriers(robot):
            at = places.get(carrier.id)
            if at is not None:
                assert isinstance(carrier, Axis)
                moved = carrier.moved_to(at)
            else:
                moved = carrier.moved(now)  # type: ignore[attr-defined]
            pose = carrier.frame.pose.then(moved).then(pose)
        return Placement.at(pose)

    # ---- stopping and going on

    def stop(self) -> None:
        """Stop the axes that move with the arm."""
        plan = self.robot.drive.broken
        for axis in self.axes:
            if axis.doing == "along":
                axis.halt()
        if self.with_axes and plan is not None:
            self.broken[:] = [plan.move]
            self.robot.drive.broken = None

    def resume(self) -> None:
        """Go on with what was interrupted: with axes anew from where everything stands.

        Raises:
            MoveRefused: it cannot be done.
        """
        if not self.broken:
            self.robot.follow.resume()
            return
        (move,) = self.broken
        self.go(move)

    def forget(self) -> None:
        """Give up what was interrupted."""
        self.stop()
        self.broken.clear()


def stretched(path: Path, now_s: float, factor: float) -> Path:
    """Return the same way in `factor` times the time."""
    return tuple(
        Piece(
            now_s + (piece.t0 - now_s) * factor, piece.p, piece.v / factor, piece.a / factor**2,
            piece.j / factor**3,
        )
        for piece in path
    )  # fmt: skip


def slowed(plan: "Plan", now_s: float, rate: float) -> "Plan":
    """Return a movement from rest that takes 1 / rate as long."""
    track = tuple(stretched(path, now_s, 1.0 / rate) for path in plan.track)
    law = tuple(piece._replace(v=piece.v * rate) for piece in plan.law)
    ends_s = now_s + (plan.ends_s - now_s) / rate
    return plan._replace(track=track, law=law, enters_s=ends_s, ends_s=ends_s)


def waiting(plan: "Plan", now_s: float, until_s: float) -> tuple[Path, ...]:
    """Return standing still for a time, as a movement."""
    return tuple((Piece(now_s, path[-1].p), Piece(until_s, path[-1].p)) for path in plan.track)
