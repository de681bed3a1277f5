"""The operator panel, and the signal tower."""

from typing import TYPE_CHECKING

from twin.spec import motion as specs

from .body import Body

if TYPE_CHECKING:
    from .world import World


class Panel(Body):
    """Buttons, a mode key and an emergency stop that a person works, and lamps.

    A button's point is true while it is pressed; `stop` and `estop` are normally closed: false
    while pressed, or when their wire is broken. The emergency stop takes the cell's power at once.
    It comes back when no emergency stop is down any more and a `reset` button is pressed then.
    """

    def __init__(self, world: "World", spec: specs.Panel) -> None:
        super().__init__(world, spec)

    def start(self) -> None:
        self.tells("power", self.world.powered)

    @property
    def stops(self) -> bool:
        """Whether its emergency stop is down."""
        return not self.points["estop"].value

    def pin_changed(self, pin: str) -> None:
        if pin == "":
            self.tells("power", self.world.powered)
        elif pin == "estop" and self.stops:
            self.world.set_power(on=False)
        elif pin == "reset" and self.points["reset"].value:
            panels = [body for body in self.world.bodies.values() if isinstance(body, Panel)]
            if not any(panel.stops for panel in panels):
                self.world.set_power(on=True)


class StackLight(Body):
    """A signal tower: it shows what its outputs say."""
