"""What works on parts, measures and identifies them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from twin.spec.base import Id, NonNegative, Number, Positive, Share
from twin.spec.errors import Wrong
from twin.spec.pins import Pin, ai, di, do, number

from .base import BodyBase


class AtPart(BodyBase):
    """What acts on the part on a seat, or on the one at a place of a belt or chute."""

    sees: Id = Field(description="belt, chute, seat, rack or pallet seat")
    along_m: NonNegative = 0.0


class ProcessHead(AtPart):
    """Presses, welds, screws, dispenses or heats the part before it."""

    kind: Literal["process"]
    process: Literal["press", "weld", "screw", "dispense", "oven", "mill", "drill"]
    duration_s: Positive
    clamp: Id | None = Field(None, description="the clamp that must hold the part")
    door: Id | None = Field(None, description="the cylinder that must be extended: door closed")
    makes: Id | None = Field(None, description="the type that the part becomes")
    temperature_c: Positive | None = Field(None, description="oven: set point; none: 200")
    heat_s: Positive = Field(30.0, description="oven: time constant of heating and cooling")

    def pins(self) -> tuple[Pin, ...]:
        pins = [
            do("start", "pin.process.start"),
            di("busy", "pin.process.busy"),
            di("done", "pin.process.done"),
        ]
        if self.process == "oven":
            pins.append(do("heat", "pin.process.heat"))
            pins.append(ai("temperature", "pin.process.temperature", "degC", 0.0, 400.0))
        return tuple(pins)


class Sensor(AtPart):
    """A sensor at a belt, a chute or a seat."""

    kind: Literal["sensor"]
    type: Literal["diffuse", "retro", "inductive", "height", "colour"] = "diffuse"
    beam_m: NonNegative = Field(0.02, description="height of the beam above the surface")
    normally_closed: bool = False
    slot: tuple[Annotated[int, Field(ge=0, strict=True)], ...] = Field(
        (), description="of a rack: column, level"
    )

    def pins(self) -> tuple[Pin, ...]:
        if self.type == "height":
            return (ai("", "pin.sensor.height", "mm", 0.0, 1000.0),)
        if self.type == "colour":
            return (ai("", "pin.sensor.colour", "%", 0.0, 100.0),)
        return (di("", f"pin.sensor.{self.type}", initial=self.normally_closed),)


class Scale(AtPart):
    """Weighs what lies on a seat or a belt; the reading settles."""

    kind: Literal["scale"]
    settle_s: Positive = 0.5
    full_kg: Positive = 20.0

    def pins(self) -> tuple[Pin, ...]:
        return (
            ai("weight", "pin.scale.weight", "kg", 0.0, self.full_kg),
            di("stable", "pin.scale.stable", initial=True),
        )


class Reader(AtPart):
    """Reads a part's barcode or RFID tag when triggered."""

    kind: Literal["reader"]
    type: Literal["barcode", "rfid"] = "barcode"
    read_s: Positive = 0.1
    codes: dict[Id, Annotated[int, Field(strict=True)]] = Field(
        default_factory=dict, description="code of each part type; none: the part's number"
    )

    def pins(self) -> tuple[Pin, ...]:
        return (
            do("trigger", "pin.reader.trigger"),
            di("valid", "pin.reader.valid"),
            di("failed", "pin.reader.failed"),
            number("code", "pin.reader.code"),
        )


class Vision(AtPart):
    """A camera that tells part types, and good from bad, when triggered."""

    kind: Literal["vision"]
    exposure_s: Positive = 0.2
    codes: dict[Id, Annotated[int, Field(ge=1, strict=True)]] = Field(
        default_factory=dict, description="code of each part type; none: their order in the file"
    )
    confidence: Share = Field(0.97, description="mean confidence of a right answer")
    error_rate: Share = Field(0.0, description="chance of a wrong answer")

    def pins(self) -> tuple[Pin, ...]:
        return (
            do("trigger", "pin.vision.trigger"),
            di("ready", "pin.vision.ready", initial=True),
            number("result", "pin.vision.result"),
            ai("confidence", "pin.vision.confidence", "", 0.0, 1.0),
        )


class Tester(AtPart):
    """Measures one quantity of the part, as its open-circuit voltage, and judges it."""

    kind: Literal["tester"]
    takes_s: Positive = 1.0
    unit: str = "V"
    good: tuple[Number, NonNegative] = Field(
        description="what it measures on good parts: mean and standard deviation"
    )
    bad: tuple[Number, NonNegative] = Field(description="the same on bad parts")
    low: Number = Field(description="the least that passes")
    high: Number = Field(description="the most that passes")

    @model_validator(mode="after")
    def _limits(self) -> Self:
        if self.low >= self.high:
            raise Wrong("spec.tester.limits", low=self.low, high=self.high)
        return self

    def pins(self) -> tuple[Pin, ...]:
        return (
            do("trigger", "pin.tester.trigger"),
            di("ready", "pin.tester.ready", initial=True),
            di("passed", "pin.tester.passed"),
            ai("value", "pin.tester.value", self.unit),
        )
