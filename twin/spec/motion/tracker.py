"""Instruments of robot inspection."""

from typing import Literal

from pydantic import Field

from twin.spec.base import Id, NonNegative, Positive
from twin.spec.pins import Direction, IecType, Pin, di, do, number

from .base import BodyBase, Point3


class Tracker(BodyBase):
    """A laser tracker: reads the true pose of a reflector on a robot's flange."""

    kind: Literal["tracker"]
    robot: Id = Field(description="the robot that carries the reflector")
    reflector_m: Point3 = Field((0.0, 0.0, 0.1), description="where it is in the flange's frame")
    place_mm: NonNegative = Field(0.003, description="deviation (1 sigma) of a reading, per axis")
    angle_deg: NonNegative = Field(0.0005, description="the same of the orientation")
    rate_hz: Positive = Field(200.0, le=1000.0, description="readings a second while it follows")

    def pins(self) -> tuple[Pin, ...]:
        return (
            do("trigger", "pin.tracker.trigger"),
            do("follow", "pin.tracker.follow"),
            Pin("label", Direction.OUTPUT, "pin.tracker.label", IecType.INT),
            di("ready", "pin.tracker.ready", initial=True),
            number("count", "pin.tracker.count"),
        )
