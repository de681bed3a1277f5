"""What an arm is made of: links, joints, limits and shapes, as plain data in m and rad."""

from dataclasses import dataclass
from math import atan2, cos, sin, sqrt
from typing import Literal, NamedTuple

Vector = tuple[float, float, float]
Points = tuple[Vector, ...]


class Box(NamedTuple):
    """A block around its origin: lengths along x, y and z, m."""

    size: Vector


class Cylinder(NamedTuple):
    """A cylinder around its z axis, half of it above its origin, m."""

    radius: float
    length: float


class Sphere(NamedTuple):
    """A ball around its origin, m."""

    radius: float


class Capsule(NamedTuple):
    """A cylinder around its z axis with half a ball at both ends; `length` without these, m."""

    radius: float
    length: float


class Revolve(NamedTuple):
    """A solid of revolution about its z axis.

    `profile` holds (radius, height) from the bottom to the top, m. The solid is closed with flat
    discs where the profile does not begin or end at radius 0. A point given twice in a row, and an
    angle of more than 30 degrees, is an edge; anything less is to look round.
    """

    profile: tuple[tuple[float, float], ...]


class Hull(NamedTuple):
    """The convex hull of points, m. Faces that meet at less than 30 degrees are to look round."""

    points: Points


class MeshFile(NamedTuple):
    """A mesh in a file (STL, OBJ or DAE): its absolute path, and the scale along x, y and z."""

    path: str
    scale: Vector = (1.0, 1.0, 1.0)


Shape = Box | Cylinder | Sphere | Capsule | Revolve | Hull | MeshFile
Solid = Box | Cylinder | Sphere | Capsule | Hull
"""The shapes for collisions: convex, and without any file."""


class Frame(NamedTuple):
    """A frame in another, as URDF writes it.

    Place in m; turns about the outer frame's x, then y, then z axis, rad.
    """

    xyz: Vector = (0.0, 0.0, 0.0)
    rpy: Vector = (0.0, 0.0, 0.0)

    @property
    def turn(self) -> tuple[float, float, float, float]:
        """Its orientation: a unit quaternion, w first."""
        (a, b), (c, d), (e, f) = ((cos(r / 2.0), sin(r / 2.0)) for r in self.rpy)
        return (
            a * c * e + b * d * f,
            b * c * e - a * d * f,
            a * d * e + b * c * f,
            a * c * f - b * d * e,
        )

    @classmethod
    def along(cls, start: Vector, end: Vector) -> tuple["Frame", float]:
        """Return the frame half way between two points with z towards `end`, and how far it is."""
        x, y, z = (b - a for a, b in zip(start, end, strict=True))
        length = sqrt(x * x + y * y + z * z)
        middle = tuple((a + b) / 2.0 for a, b in zip(start, end, strict=True))
        tilt, heading = atan2(sqrt(x * x + y * y), z), atan2(y, x)
        return cls(middle, (0.0, tilt, heading)), length  # type: ignore[arg-type]


class Part(NamedTuple):
    """One thing to be seen on a link."""

    name: str
    shape: Shape
    at: Frame = Frame()
    colour: str = ""
    """`#rrggbb`; empty: what the mesh file says, or grey."""
    finish: Literal["paint", "metal", "rubber"] = "paint"


class Bumper(NamedTuple):
    """One thing of a link that must not touch anything."""

    shape: Solid
    at: Frame = Frame()


class Link(NamedTuple):
    """A rigid body of the arm."""

    name: str
    parts: tuple[Part, ...] = ()
    bumpers: tuple[Bumper, ...] = ()


class Joint(NamedTuple):
    """How a link hangs on another. At value 0 the child's frame is `at` in the parent's."""

    name: str
    kind: Literal["turn", "slide", "fixed"]
    parent: str
    child: str
    at: Frame = Frame()
    axis: Vector = (0.0, 0.0, 1.0)
    """Unit vector in the child's frame: turns about it, or slides along it."""
    low: float = 0.0
    high: float = 0.0
    speed: float = 0.0
    accel: float = 0.0
    jerk: float = 0.0


@dataclass(frozen=True)
class ArmDescription:
    """An arm: an open chain from its foot to its flange."""

    id: str
    links: tuple[Link, ...]
    """The foot first; each after the one that it hangs on."""
    joints: tuple[Joint, ...]
    """Those of the chain in order, then those of fixed links beside it."""
    foot: str
    """Name of the first link: what stands on the pedestal."""
    flange: str
    """Name of the link whose frame is the flange, z out of it."""
    rest: tuple[float, ...]
    """A value for each joint that moves: where it stands when nothing is said."""
    payload_kg: float
    urdf: str
    """The text it was read from."""

    @property
    def moving(self) -> tuple[Joint, ...]:
        """The joints that move, from the foot on."""
        return tuple(joint for joint in self.joints if joint.kind != "fixed")

    def link(self, name: str) -> Link:
        """Return the link of that name.

        Raises:
            KeyError: there is none.
        """
        for link in self.links:
            if link.name == name:
                return link
        raise KeyError(name)
