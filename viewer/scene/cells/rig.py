"""Makes the nodes of one body of a workcell: fixed ones, moved ones, lit ones."""

import math
from collections import Counter
from dataclasses import replace

from viewer.scene.document import UPRIGHT, Joint, Light, Node, Point, Quaternion
from viewer.scene.maker import about_z

from .plan import Plan

X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
"""Directions of a body's own frame."""


class Rig:
    """Adds nodes below one node of a body."""

    def __init__(self, plan: Plan, body: str, root: str, nodes: list[Node], names: Counter[str]):
        self.plan = plan
        self.body = body
        self.root = root
        """Id of the node that everything is added below."""
        self._nodes = nodes
        self._names = names

    @classmethod
    def of(cls, plan: Plan, body: str, nodes: list[Node]) -> "Rig":
        """Begin a body: make the node of its fixed frame."""
        spec = plan.bodies[body]
        root = plan.node(body)
        stand = about_z(math.radians(spec.heading_deg))
        nodes.append(Node(root, plan.parent(spec), spec.at_m, stand, asset=plan.spec.id, body=body))
        return cls(plan, body, root, nodes, Counter())

    # ---- groups

    def group(
        self,
        name: str,
        at: Point = (0.0, 0.0, 0.0),
        rotation: Quaternion = UPRIGHT,
        *,
        joint: Joint | None = None,
        parent: str | None = None,
    ) -> "Rig":
        """Add a group, and return what adds nodes below it."""
        node = self._named(name)
        role = "static" if joint is None else "joint"
        self._nodes.append(
            Node(
                node,
                parent or self.root,
                at,
                rotation,
                role=role,
                asset=self.plan.spec.id,
                body=self.body,
                joint=joint,
            )
        )
        return Rig(self.plan, self.body, node, self._nodes, self._names)

    def moving(self, joint: Joint | None) -> "Rig":
        """Add the moving part, on which other bodies may stand."""
        return self.group("moving", joint=joint)

    def beside(self, host: str, along_m: float, slot: tuple[int, ...] = ()) -> "Rig":
        """Add a group at a place on another body, which goes along with that body."""
        at = self.plan.place(host, along_m, slot)
        return self.group("mount", at, parent=self.plan.node(host))

    # ---- what moves and lights

    def joint(
        self,
        move: str,
        axis: Point,
        *,
        gain: float = 1.0,
        offset: float = 0.0,
        wrap: float = 0.0,
        rest: float = 0.0,
        pin: str | None = None,
        inverted: bool = False,
    ) -> Joint:
        """Return what moves a node as the body's joint moves; `pin` says 0 or 1 at least."""
        joint = f"{self.plan.spec.id}/{self.body}"
        signal = None if pin is None else self.plan.signal(self.body, pin)
        return Joint(joint, move, axis, gain, offset, wrap, rest, signal, inverted)

    def light(self, pin: str, lit: str | None, *, inverted: bool = False) -> Light | None:
        """Return what shows a pin of the body, None where it has no such pin."""
        path = self.plan.signal(self.body, pin)
        return None if path is None else Light(path, lit, inverted, self._rest(pin))

    def _rest(self, pin: str) -> bool:
        pins = {found.name: found for found in self.plan.bodies[self.body].pins()}
        return bool(pins[pin].initial)

    # ---- shapes

    def add(
        self,
        name: str,
        shape: str,
        at: Point,
        size: Point,
        material: str | None,
        *,
        rotation: Quaternion = UPRIGHT,
        joint: Joint | None = None,
        light: Light | None = None,
    ) -> None:
        """Add one shape; a name used again gets a number."""
        if light is None and material is None:
            return
        role = "signal" if light else "joint" if joint else "static"
        self._nodes.append(
            Node(
                self._named(name),
                self.root,
                at,
                rotation,
                shape,
                size,
                material,
                role,
                asset=self.plan.spec.id,
                body=self.body,
                joint=joint,
                light=light,
            )
        )

    def axis(self, name: str, tip: Point, material: str) -> None:
        """Add an arrow from the node to a point, drawn where somebody asks for it."""
        length = math.hypot(*tip)
        turn = upwards_to((tip[0] / length, tip[1] / length, tip[2] / length))
        rods = ((0.0, 0.8, 0.006, "cylinder"), (0.8, 1.0, 0.018, "cone"))
        for start, end, wide, shape in rods:
            middle = (start + end) / 2.0
            at = (tip[0] * middle, tip[1] * middle, tip[2] * middle)
            size = (wide, wide, (end - start) * length)
            self.add(name, shape, at, size, material, rotation=turn)
            self._nodes[-1] = replace(self._nodes[-1], role="axes")

    def box(
        self, name: str, at: Point, size: Point, material: str, *, light: Light | None = None
    ) -> None:
        """Add a box by its centre."""
        self.add(name, "box", at, size, material, light=light)

    def block(
        self,
        name: str,
        x: tuple[float, float],
        y: tuple[float, float],
        z: tuple[float, float],
        material: str,
    ) -> None:
        """Add a box by its extent in x, y and z."""
        at = (sum(x) / 2, sum(y) / 2, sum(z) / 2)
        self.box(name, at, (abs(x[1] - x[0]), abs(y[1] - y[0]), abs(z[1] - z[0])), material)

    def rod(
        self,
        name: str,
        a: Point,
        b: Point,
        radius: float,
        material: str | None,
        *,
        light: Light | None = None,
        shape: str = "cylinder",
    ) -> None:
        """Add a cylinder from one point to another."""
        away = (b[0] - a[0], b[1] - a[1], b[2] - a[2])
        length = math.hypot(*away)
        if length < 1e-6:
            return
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2)
        size = (2 * radius, 2 * radius, length)
        turn = upwards_to((away[0] / length, away[1] / length, away[2] / length))
        self.add(name, shape, middle, size, material, rotation=turn, light=light)

    def beam(self, name: str, a: Point, b: Point, wide: float, material: str) -> None:
        """Add a square beam between two points that lie along x, y or z of each other."""
        span = [abs(q - p) for p, q in zip(a, b, strict=True)]
        longest = span.index(max(span))
        size = [span[k] if k == longest else wide for k in range(3)]
        middle = tuple((p + q) / 2 for p, q in zip(a, b, strict=True))
        self.box(name, (middle[0], middle[1], middle[2]), (size[0], size[1], size[2]), material)

    def led(self, name: str, at: Point, pin: str, colour: str, *, size: float = 0.018) -> None:
        """Add a small lamp that shows a pin, where the body has it."""
        light = self.light(pin, f"sig_{colour}")
        if light is not None:
            self.add(name, "sphere", at, (size, size, size), f"sig_{colour}_off", light=light)

    def post(self, at: Point, *, name: str = "post", wide: float = 0.045) -> None:
        """Add a post from the floor up to a point, with a foot."""
        floor = -self.plan.height(self.plan.bodies[self.body])
        if at[2] - floor > 0.02:
            self.beam(name, (at[0], at[1], floor), at, wide, "profile")
            self.box(f"{name}_foot", (at[0], at[1], floor + 0.006), (0.11, 0.11, 0.012), "frame")

    def post_at(self, at: "Rig", top: Point, host: str) -> None:
        """Add a post from the floor up to a point of a mount on another body."""
        floor = -self.plan.height(self.plan.bodies[host])
        at.beam("post", (top[0], top[1], floor), top, 0.04, "profile_dark")
        at.box("post_foot", (top[0], top[1], floor + 0.006), (0.11, 0.11, 0.012), "frame")

    def tint(self, otherwise: str) -> str:
        """Return the body's own colour as a material, where its file gives one."""
        coloured = self.plan.bodies[self.body].colour is not None
        return colour_name(self.plan.spec.id, self.body) if coloured else otherwise

    def _named(self, name: str) -> str:
        root = self.plan.node(self.body)
        self._names[name] += 1
        again = self._names[name]
        return f"{root}__{name}" + (f"_{again}" if again > 1 else "")


def status(rig: "Rig", at: Point) -> None:
    """A drive's lamps: referenced, and faulty."""
    x, y, z = at
    rig.led("led_homed", (x, y, z), "homed", "green", size=0.03)
    rig.led("led_fault", (x, y, z + 0.04), "fault", "red", size=0.03)


def colour_name(cell: str, body: str) -> str:
    """Return the name of the material that has a body's own colour."""
    return f"{cell}__{body}_colour"


def part_colour(part: str) -> str:
    """Return the name of the material that has a part type's colour."""
    return f"part_{part}_colour"


def upwards_to(axis: Point) -> Quaternion:
    """Return the turn that takes z to a unit vector."""
    x, y, z = axis
    if z < -1 + 1e-9:
        return (1.0, 0.0, 0.0, 0.0)
    w = 1 + z
    length = math.hypot(x, y, w)
    return (-y / length, x / length, 0.0, w / length)
