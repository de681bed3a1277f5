"""Belts that a robot follows: the queue of parts that come in, and the part it is bound to."""

from typing import TYPE_CHECKING, Any, ClassVar

from twin.plant.plain import Stateful
from twin.plant.robot.follow_arc import Begun, share_at
from twin.plant.robot.order import Move, MoveRefused
from twin.plant.robot.placement import Placement
from twin.spec.messages import phrase
from twin.wire.model import along

from .belt import Belt
from .body import Body
from .frame import Pose
from .point import Point
from .sensor import Sensor

if TYPE_CHECKING:
    from twin.plant.robot.follow import Belt as Tracked
    from twin.plant.robot.moves import Plan

    from .robot import Robot

SYNC = "_sync"
"""After a belt's name: the wire to the sensor at which parts come in."""
MOST = 32
"""Parts that wait in a queue; a further one takes the place of the oldest."""


class Follow(Stateful):
    """The belts of one robot.

    A part comes into the queue of a belt when its front edge makes the sensor there come on. Its
    frame is there then: the beam's place, on the middle of the belt, x along it. From then on the
    frame goes with the surface. `bind` takes the oldest out of the queue that is still on the belt,
    and within the window where the arm takes parts up.
    """

    STATE: ClassVar[tuple[str, ...]] = ("queues", "bound", "going")

    def __init__(self, robot: "Robot") -> None:
        self.robot = robot
        self.env = robot.env
        self.belts: dict[str, Belt] = {}
        self.syncs: dict[Point, tuple[str, Sensor]] = {}
        self.queues: dict[str, list[float]] = {}
        """By belt: how far along it each part's frame would be with the surface at 0, m."""
        self.bound: dict[str, float] = {}
        """The same of the parts that the robot is bound to."""
        self.going: list[Any] = []
        """The movement that goes along with a belt, its part's place there, and where its arc began
        (`Begun`; None of a line); empty: none."""
        self.again = robot.timer("follows", self._again)

    def find(self) -> None:
        """Find the belts and the sensors."""
        robot = self.robot
        for name in robot.robot_spec.tracks:
            belt = robot.world.bodies[name]
            point = robot.cell.points[robot.robot_spec.wires[f"{name}{SYNC}"]]
            sensor = point.body
            assert isinstance(belt, Belt)
            assert isinstance(sensor, Sensor)
            self.belts[name], self.queues[name] = belt, []
            self.syncs[point] = (name, sensor)
        if self.belts:
            robot.cell.listeners.append(self._hear)
            robot.world.hearers.append(self._moved)

    # ---- parts come in

    def _hear(self, point: Point) -> None:
        found = self.syncs.get(point)
        if found is None or bool(point.value) == found[1].normally_closed:
            return
        name, sensor = found
        queue = self.queues[name]
        queue.append(sensor.along_m - along(self.belts[name].path, self.env.time_s))
        del queue[:-MOST]
        if self.robot.program is not None:
            self.robot.program.signal_changed(name)

    def bind(self, name: str) -> bool:
        """Bind the robot to the oldest part of a belt; tell whether there is one."""
        if name not in self.belts:
            raise MoveRefused("robot.no_belt", robot=self.robot.id, belt=name)
        if name in self.bound:
            return True
        belt, queue = self.belts[name], self.queues[name]
        gone = along(belt.path, self.env.time_s)
        begins_m = next(
            sensor.along_m for belt_name, sensor in self.syncs.values() if belt_name == name
        )
        window_m = self.robot.robot_spec.window_m
        last_m = belt.length_m if window_m is None else begins_m + window_m
        while queue:
            origin = queue.pop(0)
            if 0.0 <= origin + gone <= min(last_m, belt.length_m):
                self.bound[name] = origin
                return True
        return False

    def drop(self, name: str) -> None:
        """End the binding."""
        self.bound.pop(name, None)

    def frame(self, name: str, time_s: float) -> Placement | None:
        """Return where the frame that the robot is bound to is, in the workcell."""
        if name not in self.bound:
            return None
        belt = self.belts[name]
        place = self.bound[name] + along(belt.path, time_s)
        return Placement.at(belt.frame.at(time_s).then(Pose(place, 0.0, 0.0)))

    # ---- going along

    def go(self, move: Move) -> None:
        """Begin a movement, along with a belt or a body if it is on one.

        Raises:
            MoveRefused: it cannot be done; nothing has changed.
        """
        drive = self.robot.drive
        if move.on in self.belts:
            self._begin(move)
        elif self.going and drive.doing == "move":
            if not drive.entered:
                raise MoveRefused("robot.busy", robot=self.robot.id)
            if move.kind != "linear":
                raise MoveRefused("robot.leave_straight", target=move.name, belt=self.going[0].on)
            self._leave(self.still(move))
        else:
            self.going.clear()
            drive.go(self.still(move))

    def still(self, move: Move) -> Move:
        """Return a movement whose target is in the workcell: on a body it is where that is now."""
        if not move.on:
            return move
        body = self.robot.world.bodies.get(move.on)
        moved = getattr(body, "moved", None)
        if body is None or moved is None:
            raise MoveRefused("robot.no_belt", robot=self.robot.id, belt=move.on)
        now = self.env.time_s
        frame = Placement.at(body.frame.at(now).then(moved(now)))
        return move._replace(
            on="",
            target=None if move.target is None else frame.then(move.target),
            via=None if move.via is None else frame.then(move.via),
        )

    def _begin(self, move: Move, *, told: bool | None = None) -> None:
        """Begin a movement along with a belt.

        `told`: of one that was interrupted, whether its arrival was told before.
        """
        drive = self.robot.drive
        if move.on not in self.bound:
            raise MoveRefused("robot.not_connected", robot=self.robot.id, belt=move.on)
        if drive.doing and (drive.doing != "move" or not drive.entered):
            raise MoveRefused("robot.busy", robot=self.robot.id)
        origin = self.bound[move.on]
        begun = self.going[2] if told is not None else None
        if begun is None and move.kind == "circular":
            begun = Begun(self._tool(move, origin))
        plan = self._plan(move, self._tracked(move.on, origin), begun)
        self.going[:] = [move, origin, begun]
        drive.broken = None
        drive.begin(plan, "move", entered=bool(told))
        self._arm(plan)

    def _tool(self, move: Move, origin: float) -> Placement:
        """Return where the tool is now, as its part on the belt sees it."""
        robot, now = self.robot, self.env.time_s
        belt = self.belts[move.on]
        place = origin + along(belt.path, now)
        part = Placement.at(belt.frame.at(now).then(Pose(place, 0.0, 0.0)))
        flange = robot.foot(now).then(robot.arm.flange(robot.drive.at(now)))
        return part.seen(flange.then(move.tool.tip))

    def _gone(self) -> None:
        """Take note of how far along its arc the tool is."""
        move, origin, begun = self.going
        if begun is not None:
            share = share_at(move, begun.start, self._tool(move, origin), move.name)
            self.going[2] = begun._replace(share=max(share, begun.share))

    def _leave(self, move: Move) -> None:
        from twin.plant.robot.follow import STANDS

        plan = self._plan(move, STANDS)
        self.going.clear()
        self.again.cancel()
        self.robot.drive.begin(plan, "move")

    def _tracked(self, name: str, origin: float) -> "Tracked":
        from twin.plant.robot.follow import Belt as Tracked

        belt = self.belts[name]
        begin = belt.frame.at(self.env.time_s).then(Pose(origin, 0.0, 0.0))
        at = Placement.at(begin)
        return Tracked(at, at.turned((1.0, 0.0, 0.0)), belt.path)

    def _plan(self, move: Move, belt: "Tracked", begun: "Begun | None" = None) -> "Plan":
        from twin.plant.robot.follow import follow

        robot, now = self.robot, self.env.time_s
        drive = robot.drive
        start = drive.track if drive.moves(now) else drive.at(now)
        return follow(
            robot.arm, robot.foot(now), now, start, move, belt,
            override=drive.rate, limit_m_s=drive.limit_m_s, begun=begun,
        )  # fmt: skip

    def _arm(self, plan: "Plan") -> None:
        if plan.follows_s < plan.ends_s:
            self.again.arm_at(plan.follows_s)
        else:
            self.again.cancel()

    def _again(self) -> None:
        """Work out the way further along with the belt: what was known of it is used up."""
        drive = self.robot.drive
        if not self.going or drive.doing != "move":
            return
        self._gone()
        move, origin, begun = self.going
        try:
            plan = self._plan(move, self._tracked(move.on, origin), begun)
        except MoveRefused as refused:
            self.going.clear()
            self.robot.safety.fail(refused.phrase)
            self.robot.safety.interrupt(1, phrase("robot.stop_follow"))
            return
        entered = drive.entered
        drive.begin(plan, "move", entered=entered)
        self._arm(plan)

    def _moved(self, body: Body) -> None:
        """Hear that a belt goes otherwise."""
        if self.going and body is self.belts[self.going[0].on]:
            self.again.arm(0.0)

    # ---- stopping and going on

    def stopped(self) -> None:
        """Hear that the movement was interrupted."""
        self.again.cancel()
        if self.going and self.robot.drive.doing == "move":
            self._gone()

    def resume(self) -> None:
        """Go on with what was interrupted.

        Raises:
            MoveRefused: it cannot be done.
        """
        drive = self.robot.drive
        if self.going and drive.broken is not None and not drive.doing:
            move, origin, _ = self.going
            self.bound.setdefault(move.on, origin)
            self._begin(move, told=drive.told)
            return
        drive.resume()
