"""Jaws that hold a part where it is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs

from .belt import Belt
from .body import Holder
from .pneumatic import Pneumatic

if TYPE_CHECKING:
    from .world import World


FREE = 0.5
"""Below this stroke they let a part go."""


class Clamp(Pneumatic):
    """Jaws at a seat, or at a place of a belt; extended is closed.

    Closed, they hold the part that is there, until they are half open. On a belt the part's middle
    must be within `reach_m` of `along_m`; one that is there but further off is not held, which is
    an incident.
    """

    STATE: ClassVar[tuple[str, ...]] = (*Pneumatic.STATE, "held")

    def __init__(self, world: "World", spec: specs.Clamp) -> None:
        super().__init__(world, spec)
        self.holds_id = spec.holds
        self.along_m = spec.along_m
        self.reach_m = spec.reach_m
        self.holder: Holder
        self.held: int | None = None
        """Number of the part that it holds."""

    def connect(self) -> None:
        super().connect()
        holder = self.world.bodies[self.holds_id]
        assert isinstance(holder, Holder)
        self.holder = holder

    @property
    def part(self) -> Part | None:
        """The part that it holds."""
        if self.held is None:
            return None
        return next((part for part, _ in self.holder.parts() if part.id == self.held), None)

    def arrived(self, stroke: float) -> None:
        if stroke == 1.0:
            part = self._between()
            if part is not None:
                self.held = part.id
                self.holder.hold(part, by=self)

    def marks(self, goal: float) -> Iterator[float]:
        if goal == 0.0:
            yield FREE

    def passes(self, stroke: float, goal: float | None) -> bool:
        if stroke <= FREE and goal == 0.0:
            part, self.held = self.part, None
            if part is not None:
                self.holder.let_go(part, by=self)
        return True

    def _between(self) -> Part | None:
        """Return the part between the jaws as they close."""
        belt = self.holder
        if not isinstance(belt, Belt):
            return belt.part_at(self.along_m)
        offs = {
            part.id: abs(belt.place_of(part).along_m - self.along_m)
            for part in belt.over(self.along_m - self.reach_m, self.along_m + self.reach_m)
        }
        parts = [part for part, _ in belt.parts() if part.id in offs]
        part = min(parts, key=lambda part: offs[part.id], default=None)
        if part is not None and offs[part.id] > self.reach_m:
            at = belt.frame.at(self.env.time_s).then(belt.entrance(self.along_m))
            off_mm = round(offs[part.id] * 1000.0)
            self.world.incident(
                "misplaced", self, "incident.clamp_beside", part=part, at=at, off_mm=off_mm
            )
            return None
        return part

    def lost(self, part: Part) -> None:
        """Hear that somebody has taken the part away."""
        if part.id == self.held:
            self.held = None
