"""A cylinder that carries other bodies: a slide, a lifting table, a machine's door."""

from typing import TYPE_CHECKING

from twin.spec import motion as specs
from twin.wire.model import Path, along

from .bridge import tear
from .frame import SLIDES, Pose
from .pneumatic import Pneumatic
from .stroke import scaled

if TYPE_CHECKING:
    from .world import World


class Cylinder(Pneumatic):
    """A slide between two ends; what is `on` it goes along."""

    def __init__(self, world: "World", spec: specs.Cylinder) -> None:
        super().__init__(world, spec)
        self.stroke_m = spec.stroke_m
        self.slide = SLIDES[spec.direction]
        """Which way it goes out, in its own frame."""

    def moved(self, time_s: float) -> Pose:
        """Return where its moving part is, in its own frame."""
        way = self.stroke_m * along(self.path, time_s)
        x, y, z = self.slide
        return Pose(x * way, y * way, z * way)

    def joint(self) -> Path:
        return scaled(self.path, self.stroke_m)

    def sets_off(self, stroke: float, goal: float) -> None:
        tear(self)
