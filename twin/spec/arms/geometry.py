"""The shapes of a URDF: primitives, files, and our own named shapes that need no file.

`<mesh filename="pilotline:NAME"/>` is the `<shape name="NAME">` of the file's `<pilotline>`
element: `<revolve points="r h  r h …"/>`, or `<hull>` around any number of
`<disc xyz axis radius length bevel/>` (bevel: radius of its rounded edges), `<ring xyz axis
radius/>`, `<ball xyz radius/>`, `<block xyz size/>` and `<point xyz/>`. With `sides="16"` a disc or
a ring is the polygon of so many sides around the circle, for collisions.
"""

from collections.abc import Callable
from math import cos, pi, sin, sqrt
from typing import Literal, cast

from .description import (
    Box,
    Capsule,
    Cylinder,
    Hull,
    MeshFile,
    Revolve,
    Shape,
    Solid,
    Sphere,
    Vector,
)
from .meshes import vertices
from .tree import Node

OWN = "pilotline:"
AROUND = 40
"""Points of a ring."""
ROUNDED = 4
"""Steps of a rounded edge."""
STEEP = 0.9
FEWEST_SIDES, MOST_SIDES = 6, 200
MOST_POINTS = 20_000
Finish = Literal["paint", "metal", "rubber"]
FINISHES = ("paint", "metal", "rubber")


class Shapes:
    """What the shapes of one URDF are."""

    def __init__(self, root: Node, own: Node, mesh: Callable[[str], str | None]) -> None:
        self.mesh = mesh
        self.named = {
            node.text("name"): node for each in root.all("pilotline") for node in each.all("shape")
        }
        self.colours = {
            node.values.get("name", ""): colour
            for node in root.all("material")
            if (colour := _colour(node))
        }
        self.finishes = {node.text("material"): _finish(node) for node in own.all("finish")}

    def look(self, visual: Node) -> tuple[str, Finish]:
        """Return colour and finish."""
        material = visual.one("material")
        if material is None:
            return "", "paint"
        name = material.values.get("name", "")
        return _colour(material) or self.colours.get(name, ""), self.finishes.get(name, "paint")

    def shape(self, node: Node) -> Shape | None:
        """Return what is to be seen; None where its file is not there."""
        found = self._primitive(node)
        if found is not None:
            return found
        name, scale = self._file(node)
        path = self.mesh(name)
        return MeshFile(path, scale) if path else None

    def solid(self, node: Node) -> Solid:
        """Return what must not touch anything: of a file the convex hull of its points.

        Raises:
            SpecError: the file is not there or cannot be read.
        """
        found = self._primitive(node)
        if isinstance(found, Revolve):
            return Hull(tuple(p for r, h in found.profile for p in ring((0, 0, h), r)))
        if found is not None and not isinstance(found, MeshFile):
            return found
        name, scale = self._file(node)
        path = self.mesh(name)
        points = vertices(path) if path else None
        if points is None:
            raise node.wrong("spec.arm.no_mesh", file=name)
        if not 4 <= len(points) <= MOST_POINTS:
            raise node.wrong(
                "spec.arm.mesh_points", file=name, count=len(points), limit=MOST_POINTS
            )
        a, b, c = scale
        return Hull(tuple((a * x, b * y, c * z) for x, y, z in points))

    def _file(self, node: Node) -> tuple[str, Vector]:
        mesh = cast("Node", cast("Node", node.one("geometry")).one("mesh"))
        return mesh.text("filename"), cast(
            "Vector", mesh.numbers("scale", count=3, default="1 1 1")
        )

    def _primitive(self, node: Node) -> Shape | None:
        """Return a shape that is no file."""
        geometry = node.one("geometry")
        if geometry is None or not geometry.children:
            raise node.wrong("spec.arm.no_geometry", element=node.tag)
        child = geometry.children[0]
        match child.tag:
            case "box":
                return Box(cast("Vector", _positive(child, "size", 3)))
            case "cylinder":
                return Cylinder(*_positive(child, "radius"), *_positive(child, "length"))
            case "capsule":
                return Capsule(*_positive(child, "radius"), *_positive(child, "length"))
            case "sphere":
                return Sphere(*_positive(child, "radius"))
            case "mesh":
                name = child.text("filename")
                return self._own(name.removeprefix(OWN), child) if name.startswith(OWN) else None
        raise child.wrong("spec.arm.geometry", found=child.tag)

    def _own(self, name: str, at: Node) -> Shape:
        node = self.named.get(name)
        if node is None:
            raise at.wrong("spec.arm.no_shape", shape=name, shapes=", ".join(self.named) or "–")
        revolve, hull = node.one("revolve"), node.one("hull")
        if revolve is not None:
            flat = revolve.numbers("points")
            if len(flat) % 2 or len(flat) < 4 or min(flat[::2]) < 0.0:
                raise revolve.wrong("spec.arm.profile", shape=name)
            return Revolve(tuple(zip(flat[::2], flat[1::2], strict=True)))
        points = tuple(p for child in hull.children for p in _points(child)) if hull else ()
        if len(points) < 4:
            raise node.wrong("spec.arm.empty_shape", shape=name)
        a, b, c = at.numbers("scale", count=3, default="1 1 1")
        return Hull(tuple((a * x, b * y, c * z) for x, y, z in points))


def ring(
    centre: Vector, radius: float, axis: Vector = (0.0, 0.0, 1.0), *, sides: int = 0
) -> list[Vector]:
    """Return points on a circle about an axis, m; with `sides` of a polygon around it."""
    ax, ay, az = axis
    length = sqrt(ax * ax + ay * ay + az * az)
    ax, ay, az = ax / length, ay / length, az / length
    # Any direction across the axis: that of z, or of x where the axis goes along z.
    if abs(az) < STEEP:
        ux, uy, uz = -az * ax, -az * ay, 1.0 - az * az
    else:
        ux, uy, uz = 1.0 - ax * ax, -ax * ay, -ax * az
    size = sqrt(ux * ux + uy * uy + uz * uz)
    ux, uy, uz = ux / size, uy / size, uz / size
    vx, vy, vz = ay * uz - az * uy, az * ux - ax * uz, ax * uy - ay * ux
    x, y, z = centre
    count = sides or AROUND
    far = radius / cos(pi / sides) if sides else radius
    found = []
    for number in range(count):
        c, s = far * cos(2.0 * pi * number / count), far * sin(2.0 * pi * number / count)
        found.append((x + c * ux + s * vx, y + c * uy + s * vy, z + c * uz + s * vz))
    return found


def disc(
    centre: Vector, radius: float, axis: Vector, length: float, *, bevel: float, sides: int
) -> list[Vector]:
    """Return points of a cylinder about an axis, half of it on each side of `centre`, m.

    Its edges are rounded with the radius `bevel`.
    """
    size = sqrt(sum(a * a for a in axis))
    turns = [pi / 2.0 * step / ROUNDED for step in range(ROUNDED + 1)] if bevel else [0.0]
    found = []
    for turn in turns:
        out = radius - bevel * (1.0 - cos(turn))
        for side in (-1.0, 1.0):
            along = side * (length / 2.0 - bevel * (1.0 - sin(turn)))
            at = tuple(c + along * a / size for c, a in zip(centre, axis, strict=True))
            found += ring(cast("Vector", at), out, axis, sides=sides)
    return found


def _points(node: Node) -> list[Vector]:
    x, y, z = node.numbers("xyz", count=3, default="0 0 0")
    match node.tag:
        case "point":
            return [(x, y, z)]
        case "ring" | "disc":
            return _round(node, (x, y, z))
        case "block":
            a, b, c = (half / 2.0 for half in _positive(node, "size", 3))
            return [
                (x + i * a, y + j * b, z + k * c)
                for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)
            ]  # fmt: skip
        case "ball":
            (radius,) = _positive(node, "radius")
            turns = [pi * k / 12 for k in range(-5, 6)]
            flat = [p for t in turns for p in ring((x, y, z + radius * sin(t)), radius * cos(t))]
            return [*flat, (x, y, z + radius), (x, y, z - radius)]
    raise node.wrong("spec.arm.hull_part", found=node.tag)


def _round(node: Node, centre: Vector) -> list[Vector]:
    axis = cast("Vector", node.numbers("axis", count=3, default="0 0 1"))
    if not any(axis):
        raise node.wrong("spec.arm.no_axis", joint=node.tag)
    sides = int(node.number("sides", default="0"))
    if sides and not FEWEST_SIDES <= sides <= MOST_SIDES:
        raise node.wrong("spec.arm.sides", found=sides, fewest=FEWEST_SIDES, most=MOST_SIDES)
    (radius,) = _positive(node, "radius")
    if node.tag == "ring":
        return ring(centre, radius, axis, sides=sides)
    (length,) = _positive(node, "length")
    bevel = node.number("bevel", default="0")
    if not 0.0 <= bevel <= min(radius, length / 2.0):
        raise node.wrong("spec.arm.bevel", found=bevel, most=min(radius, length / 2.0))
    return disc(centre, radius, axis, length, bevel=bevel, sides=sides)


def _positive(node: Node, key: str, count: int = 1) -> tuple[float, ...]:
    found = node.numbers(key, count=count)
    if min(found) <= 0.0:
        raise node.wrong("spec.arm.size", element=node.tag, key=key, found=node.values[key])
    return found


def _colour(material: Node) -> str:
    colour = material.one("color")
    if colour is None:
        return ""
    rgba = colour.numbers("rgba", count=4)
    return "#" + "".join(f"{round(255 * min(max(x, 0.0), 1.0)):02x}" for x in rgba[:3])


def _finish(node: Node) -> Finish:
    found = node.text("is")
    if found not in FINISHES:
        raise node.wrong("spec.arm.finish", found=found, known=", ".join(FINISHES))
    return cast("Finish", found)
