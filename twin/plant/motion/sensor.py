"""Sensors: what tells the controller that a part is there, how high it is, or how bright."""

from typing import TYPE_CHECKING, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs

from .body import Body, Holder, Watcher

if TYPE_CHECKING:
    from .world import World


class Sensor(Body, Watcher):
    """A sensor at a place of a belt, a chute, a seat or a rack."""

    STATE: ClassVar[tuple[str, ...]] = ()

    def __init__(self, world: "World", spec: specs.Sensor) -> None:
        super().__init__(world, spec)
        self.type = spec.type
        self.beam_m = spec.beam_m
        self.normally_closed = spec.normally_closed
        self.sees = spec.sees
        self.along_m = spec.along_m

    def connect(self) -> None:
        holder = self.world.bodies[self.sees]
        assert isinstance(holder, Holder)
        holder.watch(self, self.along_m)

    def seen(self, part: Part | None) -> None:
        if self.type == "height":
            self.tells("", 0.0 if part is None else self.world.size(part)[2] * 1000.0)
        elif self.type == "colour":
            colour = None if part is None else self.cell.part_specs[part.type].colour
            self.tells("", 0.0 if colour is None else luminance(colour))
        else:
            self.tells("", (part is not None and self._responds(part)) != self.normally_closed)

    def _responds(self, part: Part) -> bool:
        if self.type == "inductive":
            return self.cell.part_specs[part.type].material == "metal"
        return self.world.size(part)[2] >= self.beam_m


def luminance(colour: str) -> float:
    """Return the luminance of an sRGB colour, per cent of white's.

    Source: ITU-R BT.709-6, item 3.2 (weights); IEC 61966-2-1, section 5.2 (decoding of sRGB).
    """
    channels = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    red, green, blue = linear
    return 100.0 * (0.2126 * red + 0.7152 * green + 0.0722 * blue)
