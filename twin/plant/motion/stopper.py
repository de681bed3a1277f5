"""A stop that rises in the way of parts on a belt."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs

from .belt import Belt
from .body import Giver, Holder
from .frame import Pose
from .pneumatic import Pneumatic

if TYPE_CHECKING:
    from .world import World

UP = 0.5
"""From half the stroke up it stands in the way; below, parts pass over it."""


class Stopper(Pneumatic, Giver):
    """A pin below the belt: up, parts stop with their front edge at `along_m`.

    If a part is over it when it comes to half its stroke, it stalls below that part, an incident,
    and rises when the part has gone.
    """

    STATE: ClassVar[tuple[str, ...]] = (*Pneumatic.STATE, "up")

    def __init__(self, world: "World", spec: specs.Stopper) -> None:
        super().__init__(world, spec)
        self.belt_id = spec.belt
        self.along_m = spec.along_m
        self.belt: Belt
        self.up = False
        """Whether it stands in the way of parts."""

    def connect(self) -> None:
        super().connect()
        belt = self.world.bodies[self.belt_id]
        assert isinstance(belt, Belt)
        self.belt = belt

    def marks(self, goal: float) -> Iterator[float]:
        yield UP

    def passes(self, stroke: float, goal: float | None) -> bool:
        if goal == 1.0 and stroke >= UP and not self.up:
            part = self.belt.block(self.id, self.along_m, 0.0)
            if part is not None:
                self.jam("incident.stopper_below", part)
                self.belt.when_free(self, self.along_m, self.along_m)
                return False
            self.up = True
        elif goal == 0.0 and stroke <= UP and self.up:
            self.up = False
            self.belt.unblock(self.id)
        return True

    def retry(self, taker: Holder) -> None:
        if self.stalled:
            self.plan()

    def where(self, part: Part) -> Pose:
        return self.belt.frame.at(self.env.time_s).then(self.belt.entrance(self.along_m))
