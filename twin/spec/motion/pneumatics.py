"""What compressed air moves."""

from typing import Annotated, Literal

from pydantic import Field

from twin.spec.base import Count, Id, NonNegative, Number, Positive, Share
from twin.spec.pins import Pin, ai, di, do

from .base import BodyBase

Switches = Literal["both", "extended", "retracted", "none"]


class Pneumatic(BodyBase):
    """What every cylinder has: two ends, a valve, switches, air."""

    extend_s: Positive = Field(0.4, description="full stroke out, at full pressure")
    retract_s: Positive = 0.4
    acting: Literal["single", "double"] = Field(
        "single",
        description="single: a spring brings it back; double: it stays where it is without signal",
    )
    switches: Switches = "both"
    air: Id | None = Field(None, description="the air supply it hangs on; none: always full")

    def pins(self) -> tuple[Pin, ...]:
        pins = [do("extend", "pin.cylinder.extend")]
        if self.acting == "double":
            pins.append(do("retract", "pin.cylinder.retract"))
        if self.switches in ("both", "extended"):
            pins.append(di("extended", "pin.cylinder.extended"))
        if self.switches in ("both", "retracted"):
            pins.append(di("retracted", "pin.cylinder.retracted", initial=True))
        return tuple(pins)


class Cylinder(Pneumatic):
    """A slide between two ends that can carry other bodies."""

    kind: Literal["cylinder"]
    stroke_m: Positive
    direction: Literal["x", "y", "z", "-x", "-y", "-z"] = "x"


class Stopper(Pneumatic):
    """A stop that rises in the way of parts on a belt."""

    kind: Literal["stopper"]
    belt: Id
    along_m: NonNegative
    extend_s: Positive = 0.15
    retract_s: Positive = 0.15


class Pusher(Pneumatic):
    """A cylinder beside a belt whose plate pushes parts off it sideways."""

    kind: Literal["pusher"]
    belt: Id
    along_m: NonNegative = Field(description="middle of the plate along the belt")
    plate_m: Positive = Field(0.1, description="length of the plate along the belt")
    side: Literal["left", "right"] = Field("left", description="to which side it pushes")
    reach_m: Positive | None = Field(None, description="stroke; none: the belt's width and a bit")


class Diverter(Pneumatic):
    """An arm that swings over a belt and leads parts off to a side."""

    kind: Literal["diverter"]
    belt: Id
    along_m: NonNegative = Field(description="where a part's middle turns off")
    side: Literal["left", "right"] = "left"


class Clamp(Pneumatic):
    """Jaws that hold the part on a seat, or the one at a place of a belt."""

    kind: Literal["clamp"]
    holds: Id = Field(description="seat or belt")
    along_m: NonNegative = 0.0
    reach_m: Positive = Field(0.02, description="on a belt: how far off a part's middle may be")


class Turntable(Pneumatic):
    """A disc that swings by an angle and back; what is `on` it turns along."""

    kind: Literal["turntable"]
    angle_deg: Number = 90.0
    extend_s: Positive = 1.0
    retract_s: Positive = 1.0
    diameter_m: Positive = 0.6


class Magazine(BodyBase):
    """A stack of parts with a slide that ejects the lowest onto what lies before it."""

    kind: Literal["magazine"]
    part: Id
    to: Id = Field(description="belt, chute or seat that it ejects onto")
    along_m: NonNegative = 0.0
    capacity: Count = 20
    filled: Annotated[int, Field(ge=0, strict=True)] | None = Field(
        None, description="parts in it at the start; none: full"
    )
    endless: bool = Field(default=False, description="somebody always refills it")
    bad: Share = Field(0.0, description="of the parts in it that are bad")
    eject_s: Positive = 0.5
    return_s: Positive = 0.5

    def pins(self) -> tuple[Pin, ...]:
        return (
            do("eject", "pin.magazine.eject"),
            di("ejected", "pin.magazine.ejected"),
            di("ready", "pin.magazine.ready", initial=True),
            di("empty", "pin.magazine.empty", initial=self.filled == 0 and not self.endless),
        )


class Air(BodyBase):
    """A compressed-air supply with a valve and a pressure sensor."""

    kind: Literal["air"]
    pressure_bar: Positive = 6.0
    fill_s: Positive = Field(1.0, description="from nothing to full")
    least_bar: Positive = Field(3.0, description="below it cylinders do not move")
    valve: bool = Field(default=True, description="whether the controller switches it")

    def pins(self) -> tuple[Pin, ...]:
        pins = [do("on", "pin.air.on")] if self.valve else []
        return (*pins, ai("pressure", "pin.air.pressure", "bar", 0.0, 10.0))
