"""What every body of a workcell has."""

from pydantic import Field

from twin.spec.base import AnyText, Colour, Id, Model, Number
from twin.spec.pins import Pin

Point3 = tuple[Number, Number, Number]


class BodyBase(Model):
    """What every body has."""

    id: Id
    title: AnyText | None = None
    on: Id | None = Field(None, description="the body whose moving part carries it")
    at_m: Point3 = Field(
        (0.0, 0.0, 0.0), description="x, y, z in the workcell or on what carries it"
    )
    heading_deg: Number = 0.0
    colour: Colour | None = None

    def pins(self) -> tuple[Pin, ...]:
        """Return what is wired to the controller, in order."""
        return ()
