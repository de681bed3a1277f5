"""An arm that swings over a belt and leads parts off to a side."""

from typing import TYPE_CHECKING, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs
from twin.wire.model import Path, along

from .body import Holder
from .path import ends_at, even, rest, stopped
from .sideways import Sideways

if TYPE_CHECKING:
    from .world import World

LEADS = 0.99
"""From beyond this stroke on the arm leads parts off."""
SLOWEST_M_S = 0.01
"""The arm's rollers go at least so fast."""


class Diverter(Sideways):
    """An arm with driven rollers across the belt, half a belt's width up and down of `along_m`.

    Swung over, it takes a part whose middle comes to `along_m`, and its rollers bring the part over
    the edge at the speed that the belt had then. They stop only without power. While it swings, it
    keeps parts out of its range; if a part is there, it stalls, an incident, until none is.
    """

    STATE: ClassVar[tuple[str, ...]] = (*Sideways.STATE, "led", "lead", "speed_m_s")

    def __init__(self, world: "World", spec: specs.Diverter) -> None:
        super().__init__(world, spec)
        self.led: int | None = None
        """Number of the part that goes across."""
        self.lead: Path = rest(0.0)
        """How it goes across, m."""
        self.speed_m_s = 0.0
        self.edge = self.timer("edge", self._at_edge)

    def connect(self) -> None:
        super().connect()
        self.belt.on_middle(self.along_m, self._heard)

    # ---- swinging

    def passes(self, stroke: float, goal: float | None) -> bool:
        if goal is None or goal == stroke:
            return True
        parts = self.belt.over(self.low_m, self.high_m)
        if parts:
            self.jam("incident.diverter_swing", parts[0])
            self.belt.when_free(self, self.low_m, self.high_m)
        return not parts

    def sets_off(self, stroke: float, goal: float) -> None:
        self.fence()

    def arrived(self, stroke: float) -> None:
        self.unfence()

    # ---- leading parts off

    def _heard(self, part: Part) -> bool:
        if self.stroke() <= LEADS or self.led is not None:
            return False
        self.led = part.id
        self.speed_m_s = max(abs(self.belt.surface_speed()), SLOWEST_M_S)
        self.belt.hold(part, by=self)
        self.lead = rest(self.belt.place_of(part).across_m, self.env.time_s)
        self._roll()
        return True

    def _roll(self) -> None:
        """Bring the part on from where it is: over the edge, or nowhere without power."""
        part = next(iter(self.found([self.led] if self.led is not None else [])), None)
        if part is None:
            self.led = None
            return
        now = self.env.time_s
        if self.world.powered:
            start, goal = along(self.lead, now), self.side * self.edge_m
            self.lead = even(now, start, goal, abs(goal - start) / self.speed_m_s)
            self.edge.arm_at(ends_at(self.lead))
        else:
            self.lead = stopped(self.lead, now)
            self.edge.cancel()
        self.belt.across(part, self.lead)

    def _at_edge(self) -> None:
        for part in self.found([self.led] if self.led is not None else []):
            if not self.parts_with(part):
                return
        self.led = self.noted = None
        if self.stalled:
            self.plan()

    def retry(self, taker: Holder) -> None:
        if self.stalled:
            self.plan()
        if self.led is not None and not self.edge.pending and self.world.powered:
            self._at_edge()

    def lost(self, part: Part) -> None:
        """Hear that somebody has taken a part away that it held."""
        if part.id == self.led:
            self.led = None
            self.edge.cancel()
        if self.stalled:
            self.plan()

    def pin_changed(self, pin: str) -> None:
        super().pin_changed(pin)
        if pin == "":
            self._roll()
