"""The test cube, its planes and its poses (clause 6.8), in the frame of the arm's foot."""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, cos, pi, sin, sqrt

from twin.plant.robot.placement import Placement, Vector

EDGES_M = (1.0, 0.63, 0.4, 0.25)
"""The standard's edges, the largest first (6.8.2)."""
INSET = 0.1
"""P2 to P5 are (10 ± 2) % of the plane's diagonal away from its corners (6.8.4)."""
ASIDE = 0.12
"""How far from a pose a straight approach begins, as a share of the cube's edge (7.2.3)."""
SIGNS = ((-1, -1, 1), (1, -1, 1), (1, 1, 1), (-1, 1, 1))
"""C1 to C4 are the upper corners, counter-clockwise as seen from above, C1 nearest to the foot on
its right; C5 to C8 are below them."""
PLANES = {
    "C1-C2-C7-C8": (1, 2, 7, 8),
    "C2-C3-C8-C5": (2, 3, 8, 5),
    "C3-C4-C5-C6": (3, 4, 5, 6),
    "C4-C1-C6-C7": (4, 1, 6, 7),
}
FLAT = "level"
"""A level plane through the middle: for arms that cannot tilt, and lift less than the cube."""


@dataclass(frozen=True, slots=True)
class TestCube:
    """A cube with edges along the axes of the base, and the plane in it that is used."""

    __test__ = False
    """Not one of pytest's own."""

    edge_m: float
    middle_m: Vector
    plane: str = "C1-C2-C7-C8"
    turn: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 0.0)
    """The tool's orientation at every pose: a quaternion, w first."""

    def corner(self, number: int) -> Vector:
        """Return corner C1 … C8, m."""
        x, y, z = SIGNS[(number - 1) % 4]
        signs = (x, y, z if number <= 4 else -z)
        half = self.edge_m / 2.0
        a, b, c = (m + s * half for m, s in zip(self.middle_m, signs, strict=True))
        return a, b, c

    def corners(self) -> tuple[Vector, Vector, Vector, Vector]:
        """Return the corners of the plane that is used, around it, m."""
        if self.plane == FLAT:
            z = self.middle_m[2]
            one, two, three, four = (self.corner(n) for n in (1, 2, 3, 4))
            return (*one[:2], z), (*two[:2], z), (*three[:2], z), (*four[:2], z)
        one, two, three, four = (self.corner(n) for n in PLANES[self.plane])
        return one, two, three, four

    def pose(self, number: int) -> Placement:
        """Return P1 … P5: the middle, and one near each corner of the plane."""
        place = self.middle_m
        if number > 1:
            corner = self.corners()[number - 2]
            # The whole diagonal is twice the half one from the middle to the corner.
            place = mix(corner, self.middle_m, 2.0 * INSET)
        return Placement(*place, *self.turn)

    def aside(self, number: int, axis: int) -> Placement:
        """Return whence a pose is approached along an axis: from the side of the cube's middle."""
        place = list(self.pose(number).place)
        inward = self.middle_m[axis] - place[axis]
        place[axis] += ASIDE * self.edge_m * (-1.0 if inward < 0.0 else 1.0)
        x, y, z = place
        return Placement(x, y, z, *self.turn)

    def axes(self) -> tuple[Vector, Vector]:
        """Return two unit vectors that span the plane: along its first edge, and square to it."""
        one, two, _, four = self.corners()
        return unit(minus(two, one)), unit(minus(four, one))

    def on_circle(self, diameter_m: float, angle_rad: float) -> Placement:
        """Return a place on a circle in the plane about P1."""
        u, v = self.axes()
        a, b = diameter_m / 2.0 * cos(angle_rad), diameter_m / 2.0 * sin(angle_rad)
        x, y, z = (m + a * p + b * q for m, p, q in zip(self.middle_m, u, v, strict=True))
        return Placement(x, y, z, *self.turn)

    def chain(self, step_m: float = 0.05) -> list[Placement]:
        """Return places that must be in reach, without a jump: poses, line, rectangle, circle."""
        p1, p2, p3, p4, p5 = (self.pose(n) for n in (1, 2, 3, 4, 5))
        stops = [p1, p2, p4, p5, p2, p3, p4, p1, p3, p5, p1, self.on_circle(0.8 * self.edge_m, 0.0)]
        for number, pose in ((1, p1), (2, p2), (4, p4)):
            beside = [each for axis in range(3) for each in (self.aside(number, axis), pose)]
            stops = [p1, pose, *beside, *stops]
        found = [p1]
        for a, b in pairwise(stops):
            count = max(ceil(a.off(b)[0] / step_m), 1)
            found += [a.towards(b, k / count) for k in range(1, count + 1)]
        return found + [self.on_circle(0.8 * self.edge_m, k * pi / 18) for k in range(1, 37)]


def mix(a: Vector, b: Vector, share: float) -> Vector:
    """Return the point a share of the way from `a` to `b`."""
    x, y, z = (p + share * (q - p) for p, q in zip(a, b, strict=True))
    return x, y, z


def minus(a: Vector, b: Vector) -> Vector:
    """Return `a - b`."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def unit(way: Vector) -> Vector:
    """Return a vector's direction."""
    length = sqrt(sum(each * each for each in way))
    return way[0] / length, way[1] / length, way[2] / length
