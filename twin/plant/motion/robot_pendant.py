"""The pendant of a robot: what a person does at it. Modes, jogging, teaching, points, override."""

from collections.abc import Callable
from math import cos, degrees, hypot, isfinite, radians, sin
from typing import TYPE_CHECKING, Any, ClassVar

from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.plant.plain import Stateful
from twin.plant.robot.kept import kept, told
from twin.plant.robot.mover import RobotProgram
from twin.plant.robot.order import Joints, Move, MoveRefused, Tool
from twin.plant.robot.placement import HERE, Placement
from twin.spec.choices import hint
from twin.spec.messages import phrase

from .robot_drive import MANUAL_M_S

if TYPE_CHECKING:
    from .robot import Robot

FRAMES = ("joint", "world", "tool", "wobj")
TURN_RAD_S = radians(45.0)
"""Fastest turn of the tool by hand."""
SHARE = 0.25
"""Of a joint's greatest speed, by hand."""
TOOL0, WOBJ0 = "tool0", "wobj0"
EPSILON = 1e-9


class Pendant(Stateful):
    """What a person does with one robot by hand.

    Jogging goes on until way 0, the enabling switch is let go, or the end of what is possible. It
    is for manual mode; so are steps and going to points. Nothing is faster than 250 mm/s then.
    """

    verbs: ClassVar[frozenset[str]] = frozenset(
        {
            "motors", "mode", "enabling", "jog", "jog_step", "move_to", "speed", "reset", "teach",
            "tool", "wobj",
        }
    )  # fmt: skip
    STATE: ClassVar[tuple[str, ...]] = ("tool", "wobj", "frame", "hand", "why_end")

    def __init__(self, robot: "Robot") -> None:
        self.robot = robot
        self.env = robot.env
        self.tool = Tool()
        """The tool that is in use."""
        self.wobj = WOBJ0
        """Name of the work object that is in use."""
        self.frame: Placement = HERE
        """Where that is, in the workcell."""
        self.hand: list[str] = []
        """Tool and work object that the program wanted to begin with when it was loaded."""
        self.why_end: list[Any] = []
        """Why a jog will end by itself, as `kept` keeps it."""

    # ---- commands

    def apply(self, command: Command) -> None:
        """Carry out one of `verbs`, or refuse it."""
        do: Callable[[Command], None] = getattr(self, f"_{command.verb}")
        do(command)

    def _motors(self, command: Command) -> None:
        robot = self.robot
        on = bool(command.args.get("on", True))
        if on and not robot.world.powered:
            raise MoveRefused("robot.not_ready", robot=robot.id, why=phrase("robot.why_power"))
        robot.safety.switch(on=on)

    def _mode(self, command: Command) -> None:
        mode = str(command.args.get("mode") or "")
        if mode not in ("auto", "manual"):
            raise MoveRefused("robot.mode", mode=mode)
        self.robot.points["manual"].set(mode == "manual", command.by)

    def _enabling(self, command: Command) -> None:
        self.robot.points["enabling"].set(bool(command.args.get("on", True)), command.by)

    def _speed(self, command: Command) -> None:
        percent = _number(command, "percent", 0.0)
        if not 1.0 <= percent <= 100.0:
            raise MoveRefused("robot.percent", found=command.args.get("percent"))
        self.robot.drive.set_rate(percent / 100.0)

    def _reset(self, command: Command) -> None:
        robot = self.robot
        if robot.drive.moves(self.env.time_s):
            raise MoveRefused("robot.not_ready", robot=robot.id, why=phrase("robot.why_moving"))
        if not robot.safety.fault and not robot.safety.failed:
            raise MoveRefused("robot.no_fault", robot=robot.id)
        robot.safety.reset()

    # ---- by hand

    def _may(self) -> None:
        """Make sure that a person may move it now."""
        robot = self.robot
        if robot.safety.auto:
            raise MoveRefused("robot.in_auto", robot=robot.id)
        robot.safety.demand()
        if robot.program is not None and robot.program.running:
            raise MoveRefused("robot.not_ready", robot=robot.id, why=phrase("robot.why_program"))

    def _jog(self, command: Command) -> None:
        frame, axis = self._frame(command), self._axis(command)
        way = command.args.get("way", 0)
        if way not in (-1, 0, 1):
            raise MoveRefused("robot.jog_way", way=way)
        drive = self.robot.drive
        if way == 0:
            if drive.doing == "jog":
                drive.stop(2)
            return
        self._may()
        if drive.doing:
            raise MoveRefused("robot.busy", robot=self.robot.id)
        self.robot.safety.clear("jog")
        share = min(max(_number(command, "speed", 100.0), 1.0), 100.0) / 100.0
        if frame == "joint":
            self._jog_joint(axis, int(way), share)
        else:
            self._jog_tool(frame, axis, int(way), share)

    def _jog_joint(self, axis: int, way: int, share: float) -> None:
        robot = self.robot
        joint = robot.arm.joints[axis]
        goal = joint.high if way > 0 else joint.low
        turns = joint.kind == "turn"
        at = round(degrees(goal), 1) if turns else round(goal, 4)
        why = phrase("robot.jog_limit", joint=joint.name, at=at, unit="°" if turns else "m")
        if abs(goal - robot.drive.at(self.env.time_s)[axis]) <= EPSILON:
            raise MoveRefused("robot.jog_end", robot=robot.id, why=why)
        self.why_end = kept(why)
        robot.drive.go(self._axes(self._with(axis, goal), SHARE * share), "jog")

    def _jog_tool(self, frame: str, axis: int, way: int, share: float) -> None:
        from twin.plant.robot.jog import jog

        robot, now = self.robot, self.env.time_s
        plan, why = jog(
            robot.arm, robot.foot(now), now, robot.drive.at(now),
            frame=self._turned(frame), tool=self.tool, axis=axis, way=way,
            speed_m_s=MANUAL_M_S * share, turn_rad_s=TURN_RAD_S * share, limit_m_s=MANUAL_M_S,
            override=robot.drive.rate,
        )  # fmt: skip
        if plan.ends_s <= now:
            raise MoveRefused("robot.jog_end", robot=robot.id, why=why)
        self.why_end = kept(why)
        robot.drive.begin(plan, "jog")

    def jogged_out(self) -> None:
        """Hear that a jog has come to its end by itself: as far as it goes."""
        if self.why_end:
            why = phrase("robot.jog_end", robot=self.robot.id, why=told(self.why_end))
            self.robot.safety.alarm(why, "jog")

    def _jog_step(self, command: Command) -> None:
        frame, axis = self._frame(command), self._axis(command)
        by = _number(command, "by", 0.0)
        self._may()
        self.why_end = []
        robot, now = self.robot, self.env.time_s
        if frame == "joint":
            if robot.arm.joints[axis].kind == "turn":
                by = radians(by)
            goal = robot.drive.at(now)[axis] + by
            robot.drive.go(self._axes(self._with(axis, goal), SHARE), "hand")
            return
        tip = robot.mover.tip(self.tool)
        vector = [0.0, 0.0, 0.0]
        vector[axis % 3] = by if axis < 3 else radians(by)
        away = self._turned(frame).turned(vector)
        if axis < 3:
            x, y, z = (a + b for a, b in zip(tip.place, away, strict=True))
            target = Placement(x, y, z, *tip.turn)
        else:
            turned = turn_about(away).then(Placement(0.0, 0.0, 0.0, *tip.turn))
            target = Placement(*tip.place, *turned.turn)
        robot.drive.go(self._to(target), "hand")

    def _move_to(self, command: Command) -> None:
        self._may()
        robot = self.robot
        self.why_end = []
        joints = command.args.get("joints")
        if joints is not None:
            robot.drive.go(self._axes(self._joints(joints), SHARE), "hand")
            return
        name = str(command.args.get("point") or "")
        found = self._program().target(name)
        if found is None:
            raise MoveRefused("robot.no_point", robot=robot.id, point=name, hint="")
        if isinstance(found[0], Placement):
            at, configuration, _ = found
            move = self._to(self.place().then(at))
            robot.drive.go(
                move._replace(kind="joint", configuration=configuration, name=name), "hand"
            )
        else:
            robot.drive.go(self._axes(found, SHARE), "hand")

    def _axes(self, joints: Joints, share: float) -> Move:
        return Move(
            "axes", axes=joints, tool=self.tool, speed_m_s=MANUAL_M_S, turn_rad_s=TURN_RAD_S,
            joint_share=share,
        )  # fmt: skip

    def _to(self, target: Placement) -> Move:
        return Move(
            "linear", target, tool=self.tool, speed_m_s=MANUAL_M_S, turn_rad_s=TURN_RAD_S,
            joint_share=SHARE,
        )  # fmt: skip

    def _with(self, axis: int, value: float) -> Joints:
        joints = list(self.robot.drive.at(self.env.time_s))
        joints[axis] = value
        return tuple(joints)

    def _joints(self, given: Any) -> Joints:
        """Return joints from degrees (m where one slides): a list, or a text of numbers."""
        arm = self.robot.arm
        words = given.replace(",", " ").split() if isinstance(given, str) else given
        try:
            values = [float(word) for word in words]
        except (TypeError, ValueError):
            values = []
        if len(values) != len(arm.joints) or not all(map(isfinite, values)):
            raise MoveRefused(
                "robot.joints_count", robot=self.robot.id, count=len(arm.joints), found=len(values)
            )
        return tuple(
            radians(value) if joint.kind == "turn" else value
            for value, joint in zip(values, arm.joints, strict=True)
        )

    def _frame(self, command: Command) -> str:
        frame = str(command.args.get("frame") or "joint")
        if frame not in FRAMES:
            raise MoveRefused("robot.jog_frame", frame=frame)
        return frame

    def _axis(self, command: Command) -> int:
        frame, axis = self._frame(command), command.args.get("axis", 0)
        most = len(self.robot.arm.joints) - 1 if frame == "joint" else 5
        if not isinstance(axis, int) or not 0 <= axis <= most:
            raise MoveRefused(
                "robot.jog_axis", robot=self.robot.id, axis=axis, frame=frame, most=most
            )
        return axis

    def _turned(self, frame: str) -> Placement:
        """Return the frame along whose axes the tool is jogged, in the workcell."""
        if frame == "tool":
            return self.robot.mover.tip(self.tool)
        return self.place() if frame == "wobj" else self.robot.mover.world

    def place(self) -> Placement:
        """Return where the work object in use is now: one on an external axis goes with it."""
        robot = self.robot
        if not robot.external.axes or robot.program is None or self.wobj == WOBJ0:
            return self.frame
        return robot.program.wobj(self.wobj) or self.frame

    # ---- teaching

    def _program(self) -> RobotProgram:
        if self.robot.program is None:
            raise MoveRefused("robot.no_program", robot=self.robot.id)
        return self.robot.program

    def _teach(self, command: Command) -> None:
        robot = self.robot
        at = self.place().seen(robot.mover.tip(self.tool))
        name, program = str(command.args.get("name") or "").strip(), self._program()
        if not command.args.get("overwrite") and program.target(name) is not None:
            raise MoveRefused("robot.point_there", point=name)
        program.teach(name, at, robot.mover.configuration(), robot.mover.places())

    def program_changed(self) -> None:
        """Begin with tool and work object of another program; hear of other values of the same."""
        program = self.robot.program
        if program is None or program.running:
            return
        tool, wobj, frame = program.hand()
        if [tool.name, wobj] != self.hand:
            self.hand = [tool.name, wobj]
            self.tool, self.wobj = tool, wobj
            self.frame = self.robot.mover.world if frame is None else frame
            return
        self.tool = program.tool(self.tool.name) or self.tool
        self.frame = program.wobj(self.wobj) or self.frame

    def _tool(self, command: Command) -> None:
        name = str(command.args.get("name") or TOOL0)
        program = self.robot.program
        found = Tool() if name == TOOL0 else program.tool(name) if program is not None else None
        if found is None:
            known = [TOOL0, *(program.tools() if program is not None else ())]
            raise MoveRefused(
                "robot.no_tool", robot=self.robot.id, name=name, hint=hint(name, known)
            )
        self.tool = found

    def _wobj(self, command: Command) -> None:
        name = str(command.args.get("name") or WOBJ0)
        program = self.robot.program
        found: Placement | None = self.robot.mover.world
        if name != WOBJ0:
            found = program.wobj(name) if program is not None else None
        if found is None:
            known = [WOBJ0, *(program.wobjs() if program is not None else ())]
            raise MoveRefused(
                "robot.no_wobj", robot=self.robot.id, name=name, hint=hint(name, known)
            )
        self.wobj, self.frame = name, found


def turn_about(vector: tuple[float, float, float]) -> Placement:
    """Return the turn about a vector by its length, rad."""
    angle = hypot(*vector)
    if angle == 0.0:
        return HERE
    x, y, z = (sin(angle / 2.0) * each / angle for each in vector)
    return Placement(0.0, 0.0, 0.0, cos(angle / 2.0), x, y, z)


def _number(command: Command, name: str, default: float) -> float:
    value = command.args.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise CommandRefused(phrase("refused.no_value", point=name))
    return float(value)
