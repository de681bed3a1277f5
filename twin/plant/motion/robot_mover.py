"""A robot as its program sees it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from twin.kernel.signal import Value
from twin.plant.robot.mover import SignalKind
from twin.plant.robot.order import Configuration, Joints, Move, MoveRefused, Tool
from twin.plant.robot.placement import HERE, Placement

from .channel import Channel

if TYPE_CHECKING:
    from .robot import Robot


class RobotMover:
    """What `twin.plant.robot.mover.Mover` says, of one robot."""

    def __init__(self, robot: "Robot") -> None:
        self._robot = robot
        self.id = robot.id
        self.external = robot.robot_spec.external
        self.tracks = robot.robot_spec.tracks
        self.kinds = tuple(joint.kind for joint in robot.arm.joints)
        self.external_kinds: tuple[str, ...] = ()
        self.world: Placement = HERE
        self.signals: Mapping[str, SignalKind] = robot.wires.kinds

    def find(self) -> None:
        """Find what the other bodies say."""
        self.world = self._robot.pendant.frame = self._robot.foot(0.0)
        self.external_kinds = tuple(
            "turn" if axis.rotary else "slide" for axis in self._robot.external.axes
        )

    # ---- movement

    @property
    def ready(self) -> bool:
        """Whether a program can move it."""
        return self._robot.safety.ready

    @property
    def moving(self) -> bool:
        """Whether a movement is going on."""
        return bool(self._robot.drive.doing)

    def go(self, move: Move) -> None:
        """Begin a movement, or join it to the running one."""
        robot = self._robot
        robot.safety.demand()
        robot.pendant.tool = move.tool
        robot.external.go(move)

    def pause(self) -> None:
        """Stop on the path."""
        self._robot.drive.stop(2)

    def resume(self) -> None:
        """Go on along the path that was interrupted."""
        robot = self._robot
        if robot.drive.broken is None:
            return  # it stood already when it was stopped
        robot.safety.demand()
        robot.follow.resume()

    def forget(self) -> None:
        """Give up the movement that was interrupted."""
        self._robot.drive.forget()

    # ---- where it is

    def joints(self) -> Joints:
        """Return where its joints are now, as it believes."""
        return self._robot.drive.at(self._robot.env.time_s)

    def places(self, *, ahead: bool = False) -> tuple[float, ...]:
        """Return where its external axes are now, or will be at the target of its movement."""
        external = self._robot.external
        return external.ahead() if ahead else external.places()

    def tip(self, tool: Tool) -> Placement:
        """Return where a tool's point is now, as it believes, in the workcell."""
        return self.forward(self.joints(), tool)

    def forward(self, joints: Joints, tool: Tool) -> Placement:
        """Return where joints bring a tool's point to, in the workcell."""
        robot = self._robot
        return robot.foot(robot.env.time_s).then(robot.arm.flange(joints)).then(tool.tip)

    def inverse(
        self, tip: Placement, tool: Tool, configuration: Configuration | None = None
    ) -> Joints:
        """Return the joints that bring a tool's point to a place in the workcell."""
        robot = self._robot
        near = self.joints()
        flange = robot.foot(robot.env.time_s).seen(tip).then(tool.tip.inverse())
        found = robot.arm.inverse(flange, near)
        if not found:
            why = robot.arm.trouble(flange, near)
            raise MoveRefused("robot.unreachable", target="", why=why)
        if configuration is not None:
            found = [q for q in found if robot.arm.has(q, configuration)] or found
        return found[0]

    def configuration(self) -> Configuration:
        """Return which of the arm's shapes it is in."""
        return self._robot.arm.configuration(self.joints())

    # ---- signals

    def signal(self, name: str) -> Value:
        """Return what a signal is now."""
        return self._robot.wires.value(name)

    def set_signal(self, name: str, value: Value) -> None:
        """Set an output."""
        self._robot.wires.put(name, value)

    def channel(self, port: int) -> Channel | None:
        """Return the socket to the PLC at a port, if the cell has one for this robot."""
        for body in self._robot.world.bodies.values():
            if isinstance(body, Channel) and body.robot == self.id and body.port == port:
                return body
        return None

    # ---- belts

    def connect(self, belt: str) -> bool:
        """Bind the frame of moves `on` a belt to the oldest part in its queue."""
        return self._robot.follow.bind(belt)

    def drop(self, belt: str) -> None:
        """End the binding."""
        self._robot.follow.drop(belt)

    def belt_frame(self, belt: str) -> Placement | None:
        """Return where the frame of moves `on` a belt, or an axis, is now, in the workcell."""
        robot = self._robot
        return robot.external.frame(belt) or robot.follow.frame(belt, robot.env.time_s)

    # ---- the program

    def program_changed(self) -> None:
        """Hear that the program runs, or does not run any more."""
        robot = self._robot
        robot.tells("running", robot.program is not None and robot.program.running)
        robot.pendant.program_changed()
        robot.safety.program_changed()
