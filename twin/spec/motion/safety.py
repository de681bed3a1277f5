"""What people work and see, and what keeps them from harm."""

from typing import Literal

from pydantic import Field

from twin.spec.base import Id, NonNegative, Positive
from twin.spec.pins import Pin, button, di, do

from .base import BodyBase


class StackLight(BodyBase):
    """A signal tower."""

    kind: Literal["stack_light"]
    lamps: tuple[Literal["red", "yellow", "green", "blue", "buzzer"], ...] = (
        "red", "yellow", "green",
    )  # fmt: skip

    def pins(self) -> tuple[Pin, ...]:
        return tuple(do(lamp, f"pin.stack_light.{lamp}") for lamp in self.lamps)


class Panel(BodyBase):
    """The operator panel: buttons with lamps, a mode key, an emergency stop that latches.

    The emergency stop is wired to the cell's power as well: while it is pressed, and until `reset`
    after it is released, no actuator has energy, whatever the controller writes.
    """

    kind: Literal["panel"]

    def pins(self) -> tuple[Pin, ...]:
        return (
            button("start", "pin.panel.start"),
            button("stop", "pin.panel.stop", initial=True),
            button("reset", "pin.panel.reset"),
            button("auto", "pin.panel.auto", initial=True),
            button("estop", "pin.panel.estop", initial=True),
            di("power", "pin.panel.power", initial=True),
            do("start_lamp", "pin.panel.start_lamp"),
            do("stop_lamp", "pin.panel.stop_lamp"),
            do("reset_lamp", "pin.panel.reset_lamp"),
        )


class Door(BodyBase):
    """A guard door that a person opens; the controller may lock it."""

    kind: Literal["door"]
    width_m: Positive = 0.9
    lock: bool = True

    def pins(self) -> tuple[Pin, ...]:
        closed = button("closed", "pin.door.closed", initial=True)
        if not self.lock:
            return (closed,)
        return (closed, do("lock", "pin.door.lock"), di("locked", "pin.door.locked"))


class LightCurtain(BodyBase):
    """Beams across an opening; interrupted by whoever stands in `zone`."""

    kind: Literal["light_curtain"]
    zone: Id
    width_m: Positive = 1.0
    height_m: Positive = 1.2
    muting: bool = False

    def pins(self) -> tuple[Pin, ...]:
        clear = di("clear", "pin.light_curtain.clear", initial=True)
        return (clear, do("mute", "pin.light_curtain.mute")) if self.muting else (clear,)


class Zone(BodyBase):
    """A piece of floor in which a person can stand; nothing named in `dangers` may move then."""

    kind: Literal["zone"]
    size_m: tuple[Positive, Positive]
    dangers: tuple[Id, ...] = Field(description="bodies whose movement is a danger here")
    behind: Id | None = Field(None, description="the door that must be open to step in")
    reach_s: NonNegative = Field(
        0.0, description="time that a person needs from the zone's edge to the danger"
    )
    scanner: bool = Field(default=False, description="whether a laser scanner tells the controller")

    def pins(self) -> tuple[Pin, ...]:
        return (di("occupied", "pin.zone.occupied"),) if self.scanner else ()
