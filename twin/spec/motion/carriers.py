"""Bodies that parts lie on, and the ways into and out of a workcell."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from twin.spec.base import Count, Id, NonNegative, Number, Positive
from twin.spec.errors import Wrong
from twin.spec.pins import Pin, ao, di, do, number

from .base import BodyBase

LayerPlace = tuple[Number, Number, Number]
"""x and y of a part's middle from the pallet's middle, m, and how it is turned, degrees."""
Layer = Annotated[tuple[LayerPlace, ...], Field(min_length=1)]


class Belt(BodyBase):
    """A belt or roller conveyor: from `at_m`, the middle of its start edge, along its heading."""

    kind: Literal["belt"]
    length_m: Positive
    width_m: Positive = 0.3
    speed_m_s: Positive = Field(0.25, description="rated speed, the bound of an analog one")
    accel_m_s2: Positive | None = Field(None, description="ramp up and down; none: at once")
    drive: Literal["forward", "reversible", "analog"] = "forward"
    mode: Literal["slip", "rigid", "spaced"] = Field(
        "slip",
        description="slip: the belt runs on below parts that are held; rigid: a part that is held "
        "stalls the drive; spaced: parts keep `gap_m` by themselves",
    )
    gap_m: NonNegative = 0.05
    encoder_per_m: Positive | None = Field(None, description="counts per metre; none: no encoder")
    look: Literal["belt", "rollers"] = "belt"

    def pins(self) -> tuple[Pin, ...]:
        pins = [do("run", "pin.belt.run")]
        if self.drive == "reversible":
            pins.append(do("reverse", "pin.belt.reverse"))
        if self.drive == "analog":
            pins.append(ao("speed", "pin.belt.speed", "m/s", -self.speed_m_s, self.speed_m_s))
        if self.encoder_per_m is not None:
            pins.append(number("count", "pin.belt.count"))
        return tuple(pins)


class Chute(BodyBase):
    """A slide or gravity rollers: parts go down it at an even speed and queue at its end."""

    kind: Literal["chute"]
    length_m: Positive
    width_m: Positive = 0.3
    speed_m_s: Positive = 0.6
    drop_m: NonNegative = Field(0.1, description="how much lower the end is, to look at")


class Seat(BodyBase):
    """One place for one part: a nest, a fixture, a machine's chuck."""

    kind: Literal["seat"]
    tolerance_m: Positive = Field(0.01, description="a part put down further off does not sit")
    size_m: tuple[Positive, Positive] = Field(
        (0.3, 0.3), description="its top; a part whose middle comes over it lies on it"
    )


class Rack(BodyBase):
    """Compartments in a wall: column 0 at `at_m`, columns along the heading, levels up."""

    kind: Literal["rack"]
    columns: Count
    levels: Count
    pitch_m: tuple[Positive, Positive] = Field(description="between columns, between levels")
    tolerance_m: Positive = 0.02


class PalletSeat(BodyBase):
    """Where a pallet stands while parts are stacked on it, layer by layer, in a fixed pattern."""

    kind: Literal["pallet_seat"]
    pallet: Id = Field(description="the part type that may stand here")
    pattern: tuple[Count, Count] = Field((1, 1), description="parts along, parts across")
    pitch_m: tuple[Positive, Positive] = Field(
        description="between neighbours along and across; with `patterns`: room of one part along "
        "its heading and across"
    )
    patterns: tuple[Layer, ...] = Field(
        (), description="instead of `pattern`: the places of a layer; the layers take them in turn"
    )
    layers: Count
    makes: Id | None = Field(None, description="the type that a full pallet becomes")
    tolerance_m: Positive = 0.03
    speed_m_s: Positive = Field(0.2, description="of the rollers that carry the pallet off")

    @model_validator(mode="after")
    def _one_pattern(self) -> Self:
        counts = sorted({len(layer) for layer in self.patterns})
        if len(counts) > 1:
            raise Wrong("spec.pallet_seat.patterns", few=counts[0], many=counts[-1])
        if self.patterns and "pattern" in self.model_fields_set:
            raise Wrong("spec.pallet_seat.both")
        return self

    def pins(self) -> tuple[Pin, ...]:
        return (do("out", "pin.pallet_seat.out"), di("present", "pin.pallet_seat.present"))

    def places(self, layer: int) -> tuple[LayerPlace, ...]:
        """Return the places of a layer, the lowest is 0: by row across, then along."""
        if self.patterns:
            return self.patterns[layer % len(self.patterns)]
        along, across = self.pattern
        return tuple(
            (
                (column - (along - 1) / 2.0) * self.pitch_m[0],
                (row - (across - 1) / 2.0) * self.pitch_m[1],
                0.0,
            )
            for row in range(across)
            for column in range(along)
        )


class Entry(BodyBase):
    """Where the line gives parts into the workcell: onto a belt, a chute or a seat."""

    kind: Literal["entry"]
    to: Id
    along_m: NonNegative = Field(
        0.0, description="where a part's middle comes to lie; 0: at the start"
    )
    giver: Id | None = Field(None, description="the asset whose parts come in here; none: any")


class Exit(BodyBase):
    """Where parts leave for the line: at the end of a belt or chute, or off a seat."""

    kind: Literal["exit"]
    from_: Id = Field(alias="from")
    only: tuple[Id, ...] = Field(
        (), description="part types that belong here; another one is an incident; none: any"
    )
