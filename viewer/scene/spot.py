"""A spot in the hall: where an asset stands, which way it faces, and how much floor it takes."""

import math
from dataclasses import dataclass

PORT_M = 0.5
"""How far before and behind an asset its parts are taken and given."""
DOCK_M = 0.85
"""How far in front of an asset the middle of a vehicle stops."""
BELT_M = 0.85
"""Height at which parts travel."""
DECK_M = 0.55
"""Height of a vehicle's deck."""

Flat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A footprint on the floor: centre, heading, size along (`w`) and across (`d`) it, height."""

    x: float
    y: float
    heading_rad: float
    w: float
    d: float
    h: float

    def world(self, along: float, across: float) -> Flat:
        """Return the floor point `along` the heading and `across` to its left."""
        c, s = math.cos(self.heading_rad), math.sin(self.heading_rad)
        return (self.x + c * along - s * across, self.y + s * along + c * across)

    @property
    def way_in(self) -> Flat:
        """Where parts arrive."""
        return self.world(-self.w / 2 - PORT_M, 0.0)

    @property
    def way_out(self) -> Flat:
        """Where parts leave."""
        return self.world(self.w / 2 + PORT_M, 0.0)

    def corners(self, margin_m: float = 0.0) -> list[Flat]:
        """Return the footprint's corners, widened by a margin."""
        w, d = self.w / 2 + margin_m, self.d / 2 + margin_m
        return [self.world(x, y) for x, y in ((-w, -d), (w, -d), (w, d), (-w, d))]

    def extent(self, margin_m: float = 0.0) -> tuple[float, float, float, float]:
        """Return the footprint's bounding box: x0, y0, x1, y1."""
        xs, ys = zip(*self.corners(margin_m), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def overlaps(self, other: "Spot", margin_m: float = -0.02) -> bool:
        """Whether two footprints share floor (by the separating axis theorem)."""
        mine, its = self.corners(margin_m), other.corners(margin_m)
        for heading_rad in (self.heading_rad, other.heading_rad):
            for turn in (0.0, math.pi / 2):
                ax, ay = math.cos(heading_rad + turn), math.sin(heading_rad + turn)
                a = [x * ax + y * ay for x, y in mine]
                b = [x * ax + y * ay for x, y in its]
                if max(a) <= min(b) or max(b) <= min(a):
                    return False
        return True
