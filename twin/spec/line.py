"""The line file, schema `pilotline.line/1`: what YAML may say about a line."""

from typing import Annotated, Literal

from pydantic import Field

from .assets import Asset
from .base import AnyText, Colour, Count, Id, Model, NonNegative, Positive, Priority, Size
from .flow import Way

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
HourMinute = Annotated[
    str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$", description='"HH:MM", as "06:00"')
]


class PartType(Model):
    """A type of part: its size and looks."""

    id: Id
    title: AnyText | None = None
    size_m: Size = (0.2, 0.2, 0.1)
    colour: Colour = "#4a7ebb"
    mass_kg: NonNegative | None = None
    material: Literal["plastic", "metal", "wood", "paper"] = Field(
        "plastic", description="inductive sensors see metal only"
    )
    priority: Priority = Field(0, description="lower goes first where an order says priority")


class Pause(Model):
    """A break within a shift."""

    from_: HourMinute = Field(alias="from")
    to: HourMinute


class Shift(Model):
    """Working hours on some days of the week. `to` at or before `from` ends on the next day."""

    id: Id
    days: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri")
    from_: HourMinute = Field(alias="from")
    to: HourMinute
    breaks: tuple[Pause, ...] = ()


class Calendar(Model):
    """When the line works. Simulation time 0 is `start_day` at `start_time`."""

    start_day: Day = "mon"
    start_time: HourMinute = "00:00"
    shifts: tuple[Shift, ...] = Field(min_length=1)


class WorkOrder(Model):
    """So many parts of one type, released at a time, due at another."""

    id: Id
    part: Id
    quantity: Count
    release_s: NonNegative = 0.0
    due_s: Positive | None = None
    priority: Priority = Field(0, description="lower goes first")


class Cell(Model):
    """A group of assets, the level between line and asset."""

    id: Id
    title: AnyText | None = None


class LineSpec(Model):
    """A line: its parts, its assets, and how parts flow."""

    schema_: Literal["pilotline.line/1"] = Field(alias="schema")
    id: Id
    title: AnyText | None = None
    description: AnyText | None = None
    site: Id = "site"
    source: str | None = None
    parts: tuple[PartType, ...] = ()
    cells: tuple[Cell, ...] = ()
    assets: tuple[Asset, ...] = Field(min_length=1)
    flow: tuple[Way, ...] = ()
    calendar: Calendar | None = None
    orders: tuple[WorkOrder, ...] = ()
    warmup_s: NonNegative = 0.0
    duration_s: Positive | None = Field(None, description="how long to run when nobody says")
