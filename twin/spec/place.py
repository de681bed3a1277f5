"""What every asset has: its name, its cell, its place in the hall."""

from pydantic import Field

from .base import AnyText, Colour, Id, Model, Number, Size


class Placement(Model):
    """Where an asset stands in the hall, and how it is drawn."""

    at_m: tuple[Number, Number] | None = Field(None, description="x, y on the floor, m")
    heading_deg: Number = 0.0
    size_m: Size | None = Field(None, description="width, depth, height, m")
    shape: Id | None = Field(None, description="name of the machine body to draw")
    colour: Colour | None = None


class AssetBase(Model):
    """What every asset has."""

    id: Id
    title: AnyText | None = None
    cell: Id | None = None
    source: str | None = Field(None, description="where the figures come from, or the assumption")
    place: Placement = Placement()
