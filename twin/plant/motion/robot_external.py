"""The external axes of a robot: they set off with it, keep in step, and all arrive together."""

from collections.abc import Iterable
from math import radians
from typing import TYPE_CHECKING, Any, ClassVar

from twin.plant.plain import Stateful
from twin.plant.robot.order import Joints, Move, MoveRefused, Track
from twin.plant.robot.placement import HERE, Placement
from twin.spec.messages import phrase
from twin.wire.model import Path, Piece

from .axis import SAME, Axis
from .body import Body
from .chain import carriers
from .frame import STILL, Pose
from .path import rest

LEFT = 1e-9
"""So much off where it was left, m or degrees, an axis does not just go on."""

if TYPE_CHECKING:
    from twin.plant.robot.carriage import Carriage
    from twin.plant.robot.group import Group
    from twin.plant.robot.moves import Plan

    from .robot import Robot


class External(Stateful):
    """Axes beside the arm's own: a track below it, a positioner before it.

    A movement that moves them is one of a group, the arm and all of them: they are joints behind
    the arm's, in the plan of `Drive`, whose tracks they follow. So they stop, go on and go slower
    with it, and a tool's way stays straight, or round, while its robot or its work is carried.

    A work object may be on one of them: its targets are given in the frame of what moves there.
    """

    STATE: ClassVar[tuple[str, ...]] = ()

    def __init__(self, robot: "Robot") -> None:
        self.robot = robot
        self.env = robot.env
        self.axes: list[Axis] = []
        self.names: frozenset[str] = frozenset()

    def find(self) -> None:
        """Find the axes."""
        robot = self.robot
        for name in robot.robot_spec.external:
            axis = robot.world.bodies[name]
            assert isinstance(axis, Axis)
            self.axes.append(axis)
        self.names = frozenset(axis.id for axis in self.axes)
        if self.axes:
            robot.world.hearers.append(self._moved)

    def _moved(self, body: Body) -> None:
        """Hear that an axis goes otherwise: without it the arm does not go on."""
        robot = self.robot
        if body in self.axes and body.fault and robot.drive.doing == "move":
            robot.safety.interrupt(1, phrase("robot.stop_external", axis=body.id))

    # ---- where they are

    def places(self) -> Joints:
        """Return where they are now, m or degrees."""
        return tuple([axis.position() for axis in self.axes])

    def ahead(self) -> Joints:
        """Return where they will be when the movement that is going on has ended."""
        drive = self.robot.drive
        if drive.doing and self.joins(drive.plan):
            assert drive.plan is not None
            return tuple(path[-1].p for path in self._own(drive.plan.nominal))
        return self.places()

    def frame(self, name: str) -> Placement | None:
        """Return where the work object on an axis is now, in the workcell; None: no such axis."""
        if name not in self.names:
            return None
        axis, now = self.robot.world.bodies[name], self.env.time_s
        assert isinstance(axis, Axis)
        return Placement.at(axis.frame.at(now).then(axis.moved(now)))

    # ---- the group

    def joins(self, plan: "Plan | None") -> bool:
        """Tell whether a plan is one of arm and axes."""
        return plan is not None and len(plan.track) > len(self.robot.arm.joints)

    def group(self, on: str) -> "Group":
        """Return the arm with its axes; `on`: which of these carries the work object."""
        from twin.plant.robot.group import Group, Outer

        axes = tuple(
            Outer(
                axis.id, "turn" if axis.rotary else "slide", axis.low, axis.high, axis.speed,
                axis.accel,
            )
            for axis in self.axes
        )  # fmt: skip
        robot = self.robot
        foot = self._carriage(carriers(robot), robot.frame.pose)
        if on not in self.names:
            return Group(robot.arm, axes, foot)
        return Group(robot.arm, axes, foot, self._carriage(self._under(on), STILL))

    def _under(self, name: str) -> list[Body]:
        """Return an axis that carries work, and what carries that."""
        axis = self.robot.world.bodies[name]
        return [axis, *carriers(axis)]

    def _carriage(self, bodies: Iterable[Body], pose: Pose) -> "Carriage":
        """Return bodies, each of which stands on the next, and what is on the first."""
        from twin.plant.robot.carriage import Carriage, Stage

        stages, at = [], HERE
        for body in reversed(list(bodies)):
            at = at.then(Placement.at(body.frame.pose))
            if isinstance(body, Axis) and body in self.axes:
                turn = body.turn * radians(1.0) if body.rotary else 0.0
                stages.append(Stage(at, self.axes.index(body), body.slide, turn))
                at = HERE
            else:
                at = at.then(Placement.at(body.moved(self.env.time_s)))  # type: ignore[attr-defined]
        return Carriage(tuple(stages), at.then(Placement.at(pose)))

    # ---- going

    def go(self, move: Move) -> None:
        """Begin a movement of the arm, with the axes if it concerns them.

        Raises:
            MoveRefused: it cannot be done; nothing has changed.
        """
        robot = self.robot
        wanted = self._wanted(move)
        if wanted is None:
            if robot.frame.moving(self.env.time_s):
                raise MoveRefused("robot.foot_moves", robot=robot.id)
            robot.follow.go(move)
            return
        follow = robot.follow
        if move.on in follow.belts or (follow.going and robot.drive.doing):
            belt = move.on or follow.going[0].on
            raise MoveRefused("robot.external_belt", robot=robot.id, belt=belt)
        if move.on not in self.names:
            move = follow.still(move)
        self.check(wanted, move.on)
        robot.drive.go(move._replace(external=wanted), group=self.group(move.on))
        follow.going.clear()

    def _wanted(self, move: Move) -> Joints | None:
        """Return where a movement wants the axes; None: they have nothing to do with it."""
        if not self.axes:
            return None
        ahead = self.ahead()
        wanted = move.external or ahead
        if len(wanted) != len(self.axes):
            raise MoveRefused(
                "robot.external_count", robot=self.robot.id, count=len(self.axes),
                found=len(wanted),
            )  # fmt: skip
        for axis, at in zip(self.axes, wanted, strict=True):
            if not axis.low - SAME <= at <= axis.high + SAME and move.external:
                raise MoveRefused(
                    "robot.external_limit", axis=axis.id, low=axis.low, high=axis.high, at=at
                )
        wanted = tuple(
            min(max(at, axis.low), axis.high) if abs(at - now) > SAME else now
            for axis, at, now in zip(self.axes, wanted, ahead, strict=True)
        )
        drive = self.robot.drive
        goes = drive.doing == "move" and self.joins(drive.plan)
        return wanted if goes or move.on in self.names or wanted != ahead else None

    def check(self, wanted: Joints, on: str) -> None:
        """Make sure that the axes may go there.

        Raises:
            MoveRefused: an axis is not ready, or something that carries arm or work moves.
        """
        robot, now = self.robot, self.env.time_s
        for axis, at, place in zip(self.axes, wanted, self.places(), strict=True):
            if abs(at - place) > SAME and not axis.free:
                raise MoveRefused("robot.external_not_ready", axis=axis.id)
            if not axis.low - SAME <= place <= axis.high + SAME and at != place:
                raise MoveRefused(
                    "robot.external_limit", axis=axis.id, low=axis.low, high=axis.high, at=place
                )
        feet = list(carriers(robot))
        for body in (*feet, *(self._under(on) if on in self.names else ())):
            mine = isinstance(body, Axis) and body in self.axes and body.doing == "along"
            if not mine and body.moves(now):
                if body in feet:
                    raise MoveRefused("robot.foot_moves", robot=robot.id)
                raise MoveRefused("robot.work_moves", robot=robot.id, axis=body.id)

    def along(self, plan: "Plan") -> None:
        """Let the axes go as a plan of the group says."""
        if not self.joins(plan):
            return
        for axis, path in zip(self.axes, self._own(plan.track), strict=True):
            stands = all(piece.v == piece.a == piece.j == 0.0 for piece in path)
            if not axis.fault and (axis.doing == "along" or not stands):
                axis.go_along(path)

    def rest(self) -> None:
        """Let the axes that go along with the arm stand where they are."""
        for axis in self.axes:
            if axis.doing == "along":
                axis.go_along(rest(axis.position(), self.env.time_s))

    def stopping(self, time_s: float) -> dict[str, Path]:
        """Return how the axes would move, m or rad, if arm and they stopped from a time on.

        Empty: they do not move with the arm.
        """
        drive = self.robot.drive
        if not self.joins(drive.plan):
            return {}
        rows = self._own(drive.stopping(time_s))
        return {axis.id: axis.joint_by(row) for axis, row in zip(self.axes, rows, strict=True)}

    def beside(self, plan: "Plan") -> "Plan":
        """Return a plan of the arm as one of the group, whose axes stand."""
        if self.joins(plan):
            return plan
        places = self.places()
        track, nominal = (
            (*each, *(tuple(Piece(piece.t0, place) for piece in each[0]) for place in places))
            for each in (plan.track, plan.nominal)
        )
        return plan._replace(track=track, nominal=nominal)

    def left(self, broken: "Plan") -> bool:
        """Tell whether an axis is elsewhere than a group's plan has left it."""
        return self.joins(broken) and any(
            abs(axis.position() - path[-1].p) > LEFT and any(piece.v != 0.0 for piece in row)
            for axis, path, row in zip(
                self.axes, self._own(broken.track), self._own(broken.nominal), strict=True
            )
        )

    def _own(self, rows: "Track | Joints") -> tuple[Any, ...]:
        return rows[len(self.robot.arm.joints) :]
