"""A socket between the PLC and a robot: frames of a fixed length, field by field."""

from struct import calcsize
from typing import Annotated, Literal

from pydantic import Field

from twin.spec.base import AnyText, Id, Model, NonNegative
from twin.spec.pins import Direction, IecType, Pin, button, di, do, number

from .base import BodyBase

CODES = {"byte": "B", "int": "h", "dint": "i", "real": "f"}
"""How `struct` calls the types of fields."""
TYPES = {
    "byte": IecType.INT,
    "int": IecType.INT,
    "dint": IecType.DINT,
    "real": IecType.REAL,
}


class FrameField(Model):
    """One value of a frame."""

    id: Id
    type: Literal["byte", "int", "dint", "real"] = "int"
    title: AnyText | None = None

    def pin(self, direction: Direction) -> Pin:
        """Return the point of the PLC that carries it."""
        low, high = (0, 255) if self.type == "byte" else (None, None)
        about = "pin.channel.to_robot" if direction is Direction.OUTPUT else "pin.channel.to_plc"
        return Pin(
            self.id, direction, about, TYPES[self.type], low=low, high=high, title=self.title
        )


class Channel(BodyBase):
    """A TCP connection between the PLC, which listens, and a robot's program, which connects.

    A rising `send` packs the fields of `to_robot` into a frame. What the robot sends is cut into
    frames of the length of `to_plc`, and unpacked; TCP knows no frames, so a robot that sends too
    many or too few bytes shifts all that follow. A rising `hang_up` ends the connection, and so
    does a person who pulls the cable.
    """

    kind: Literal["channel"]
    robot: Id = Field(description="whose program may connect")
    port: Annotated[int, Field(ge=1, le=65535, strict=True)] = 2000
    order: Literal["big", "little"] = Field(description="which byte of a number comes first")
    to_robot: tuple[FrameField, ...] = ()
    to_plc: tuple[FrameField, ...] = ()
    delay_s: NonNegative = Field(0.005, description="from sending to arriving")

    def pins(self) -> tuple[Pin, ...]:
        return (
            do("send", "pin.channel.send"),
            do("hang_up", "pin.channel.hang_up"),
            di("connected", "pin.channel.connected"),
            number("received", "pin.channel.received"),
            di("overrun", "pin.channel.overrun"),
            button("plugged", "pin.channel.plugged", initial=True),
            *(field.pin(Direction.OUTPUT) for field in self.to_robot),
            *(field.pin(Direction.INPUT) for field in self.to_plc),
        )

    def layout(self, fields: tuple[FrameField, ...]) -> str:
        """Return the format of a frame as `struct` writes it, without padding."""
        return ("<" if self.order == "little" else ">") + "".join(CODES[f.type] for f in fields)

    def length(self, fields: tuple[FrameField, ...]) -> int:
        """Return how many bytes a frame has."""
        return calcsize(self.layout(fields))
