"""What motors move, what it carries, and what it must not hit."""

from typing import Annotated, Literal

from pydantic import Field

from twin.spec.base import Id, NonNegative, Number, Positive, Size
from twin.spec.pins import Direction, IecType, Pin, ai, di, do, number

from .base import BodyBase


class Lift(BodyBase):
    """A carriage driven up and down past level switches; what is `on` it goes along."""

    kind: Literal["lift"]
    levels: dict[Id, Number] = Field(min_length=2, description="name of a switch: its height, m")
    starts_at: Id | None = Field(None, description="none: at the lowest level")
    speed_m_s: Positive = 0.2
    accel_m_s2: Positive | None = None
    overtravel_m: NonNegative = Field(
        0.05, description="from the outermost switch to the hard stop"
    )
    switch_m: Positive = Field(
        0.005, description="a level's switch is on from so far below it to so far above it"
    )

    def pins(self) -> tuple[Pin, ...]:
        start = self.start
        levels = (di(f"at_{x}", "pin.lift.at", initial=x == start) for x in self.levels)
        return (do("up", "pin.lift.up"), do("down", "pin.lift.down"), *levels)

    @property
    def start(self) -> str:
        """The level it stands at in the beginning."""
        return self.starts_at or min(self.levels, key=lambda level: self.levels[level])


class IndexTable(BodyBase):
    """A dial that goes on by one station each time; the seats `on` it turn along."""

    kind: Literal["index_table"]
    stations: Annotated[int, Field(ge=2, le=24, strict=True)]
    index_s: Positive = 1.0
    diameter_m: Positive = 0.8

    def pins(self) -> tuple[Pin, ...]:
        return (
            do("index", "pin.index_table.index"),
            di("in_position", "pin.index_table.in_position", initial=True),
            number("station", "pin.index_table.station"),
        )


class Axis(BodyBase):
    """A servo axis with homing and limits; what is `on` it goes along."""

    kind: Literal["axis"]
    direction: Literal["x", "y", "z", "-x", "-y", "-z"] = "x"
    rotary: bool = Field(default=False, description="turns about `direction`, in degrees")
    low: Number = 0.0
    high: Number = Field(description="end of travel, m (rotary: degrees)")
    speed: Positive = Field(0.5, description="m/s (rotary: degrees a second)")
    accel: Positive = Field(2.0, description="m/s2 (rotary: degrees/s2)")
    home: Number | None = Field(None, description="where the reference switch is; none: `low`")
    homing_speed: Positive | None = Field(None, description="none: a tenth of `speed`")
    jog_speed: Positive | None = Field(None, description="none: a quarter of `speed`")
    starts_at: Number | None = Field(None, description="where it stands at first; none: `home`")
    needs_homing: bool = True
    look: Literal["gantry", "column", "crane", "slide", "plain"] = "plain"
    tool_m: Size | None = Field(
        None, description="size of the box that stands on what it moves; it must not hit a `solid`"
    )

    def pins(self) -> tuple[Pin, ...]:
        unit = "deg" if self.rotary else "m"
        return (
            do("enable", "pin.axis.enable"),
            do("home", "pin.axis.home"),
            do("start", "pin.axis.start"),
            Pin("target", Direction.OUTPUT, "pin.axis.target", IecType.REAL, unit),
            do("jog_plus", "pin.axis.jog_plus"),
            do("jog_minus", "pin.axis.jog_minus"),
            do("reset", "pin.axis.reset"),
            di("homed", "pin.axis.homed", initial=not self.needs_homing),
            di("moving", "pin.axis.moving"),
            di("in_position", "pin.axis.in_position"),
            di("fault", "pin.axis.fault"),
            ai("position", "pin.axis.position", unit),
        )


class Gripper(BodyBase):
    """A gripper on an axis: takes the part below it, holds it, lets go of it."""

    kind: Literal["gripper"]
    type: Literal["vacuum", "parallel"] = "vacuum"
    tolerance_m: Positive = Field(0.02, description="how far off a part's top middle may be")
    grip_s: Positive = Field(0.3, description="vacuum: until -60 kPa; parallel: until closed")
    let_go_s: Positive = 0.2
    leak_kpa_s: NonNegative = Field(0.0, description="vacuum lost while the pump is off")
    holds_kg: Positive = 5.0
    air: Id | None = None

    def pins(self) -> tuple[Pin, ...]:
        pins = [do("grip", "pin.gripper.grip"), di("held", "pin.gripper.held")]
        if self.type == "vacuum":
            pins.append(ai("vacuum", "pin.gripper.vacuum", "kPa", -101.0, 0.0))
        else:
            pins.append(di("opened", "pin.gripper.opened", initial=True))
        return tuple(pins)


class Solid(BodyBase):
    """Something hard: a frame, a machine's housing or its door. Tools must not hit it."""

    kind: Literal["solid"]
    size_m: Size = Field(description="along x, y, z; `at_m` is the middle of its underside")
    look: Literal["box", "machine", "door", "fence", "table", "none"] = "box"
