"""Robot arms: what they are, what is wired to them, and the program that they run."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from twin.spec.base import AnyText, Id, Model, NonNegative, Number, Positive
from twin.spec.pins import Direction, IecType, Pin, button, di, do

from .base import BodyBase, Point3
from .program import AnyProgram

Signals = Annotated[
    tuple["RobotSignal", ...],
    BeforeValidator(lambda value: [{"id": v} if isinstance(v, str) else v for v in value]),
]


class ArmFile(Model):
    """An arm from a URDF file: beside the line file, or in the line itself."""

    expected = "spec.expect.arm"

    file: str | None = Field(None, description="name of a URDF file beside the line file")
    urdf: str | None = Field(None, description="its text")


def _arm(value: Any) -> Any:
    if isinstance(value, str):
        return {"file": value} if value.endswith(".urdf") else value
    return value


AnyArm = Annotated[Id | ArmFile, BeforeValidator(_arm, json_schema_input_type=str | ArmFile)]
"""The name of an arm that is delivered with the program, or a URDF file."""


class RobotSignal(Model):
    """A signal of the robot controller, by the name that its program uses."""

    id: Id
    type: Literal["bool", "int", "real"] = "bool"
    title: AnyText | None = None

    @property
    def iec(self) -> IecType:
        """How the PLC sees it."""
        return {"bool": IecType.BOOL, "int": IecType.INT, "real": IecType.REAL}[self.type]

    def pin(self, direction: Direction, about: str) -> Pin:
        """Return the point of the PLC that carries it."""
        return Pin(self.id, direction, about, self.iec, title=self.title)


class ArmErrors(Model):
    """By how much an arm is not where it believes to be: an arm worth inspecting."""

    repeat_mm: NonNegative = Field(0.0, description="deviation (1 sigma) of each stop, per axis")
    repeat_deg: NonNegative = Field(0.0, description="the same of its orientation")
    joints_deg: tuple[Number, ...] = Field((), description="constant errors of the joints' zeros")
    settle_mm: NonNegative = Field(0.0, description="first swing after a stop at full speed")
    settle_s: Positive = Field(0.1, description="in which the swing falls to 1/e")
    swing_hz: Positive = 12.0


class Robot(BodyBase):
    """A robot arm with its controller; a gripper `on` it stands on its flange.

    What stands on it has z against the flange's, so that it is upright while the tool points down:
    `at_m: [0, 0, -0.1]` is 0.1 m beyond the flange.
    """

    kind: Literal["robot"]
    arm: AnyArm = "six"
    starts_deg: tuple[Number, ...] = Field(
        (), description="joints at the beginning, degrees (sliding ones: m); none: as the arm rests"
    )
    pedestal_m: NonNegative = Field(0.0, description="height of the pedestal below its foot")
    program: AnyProgram | None = Field(None, description="in RAPID")
    runs: bool = Field(
        default=False, description="whether motors are on and the program runs from the start"
    )
    inputs: Signals = Field((), description="signals from the PLC")
    outputs: Signals = Field((), description="signals to the PLC")
    wires: dict[Id, Id] = Field(
        default_factory=dict,
        description="its own valves and switches: signal of its program, point of the cell",
    )
    external: tuple[Id, ...] = Field((), description="axes that it moves along: eax_a, eax_b …")
    tracks: tuple[Id, ...] = Field((), description="belts that it can follow")
    window_m: Positive | None = Field(
        None, description="a part that has gone further past its sensor is let go by; none: none is"
    )
    payload_kg: NonNegative = Field(0.0, description="of the tool on its flange")
    tool_m: tuple[Point3, ...] = Field(
        (),
        description="corners of a hull around its tool, in the frame of what stands on the flange",
    )
    errors: ArmErrors | None = None

    def pins(self) -> tuple[Pin, ...]:
        to_robot = (s.pin(Direction.OUTPUT, "pin.robot.signal_in") for s in self.inputs)
        from_robot = (s.pin(Direction.INPUT, "pin.robot.signal_out") for s in self.outputs)
        return (
            do("motors", "pin.robot.motors"),
            do("start", "pin.robot.start"),
            do("stop", "pin.robot.stop"),
            do("main", "pin.robot.main"),
            do("reset", "pin.robot.reset"),
            di("motors_on", "pin.robot.motors_on", initial=self.runs),
            di("running", "pin.robot.running"),
            di("fault", "pin.robot.fault"),
            di("auto", "pin.robot.auto", initial=True),
            button("manual", "pin.robot.manual"),
            button("enabling", "pin.robot.enabling"),
            *to_robot,
            *from_robot,
        )
