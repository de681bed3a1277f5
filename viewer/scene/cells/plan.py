"""Where the bodies of a workcell stand at rest, and what they are fixed to."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from twin.spec.io import point_name
from twin.spec.motion import (
    Axis,
    Belt,
    BodyBase,
    Chute,
    Cylinder,
    Gripper,
    Lift,
    PalletSeat,
    Rack,
    Sensor,
    Workcell,
)
from viewer.scene.document import Material
from viewer.scene.sizes import USUAL_PART, Size

DIRECTIONS = {
    "x": (1.0, 0.0, 0.0),
    "y": (0.0, 1.0, 0.0),
    "z": (0.0, 0.0, 1.0),
    "-x": (-1.0, 0.0, 0.0),
    "-y": (0.0, -1.0, 0.0),
    "-z": (0.0, 0.0, -1.0),
}

TOOL_M = 0.13
"""Room above the point of a gripper for the gripper itself."""
FLANGE_M = 0.17
"""Room above a turning flange for its motor."""
LOW_M = 0.1
NEAR_M = 0.6

Point = tuple[float, float, float]


class Stand(NamedTuple):
    """A place and a heading: m and rad."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    heading_rad: float = 0.0

    def then(self, inner: "Stand") -> "Stand":
        """Return what is given in this frame in the frame that this one is given in."""
        x, y, z = self.out((inner.x, inner.y, inner.z))
        return Stand(x, y, z, self.heading_rad + inner.heading_rad)

    def out(self, point: Point) -> Point:
        """Return a point of this frame in the frame that this one is given in."""
        c, s = math.cos(self.heading_rad), math.sin(self.heading_rad)
        x, y, z = point
        return (self.x + c * x - s * y, self.y + s * x + c * y, self.z + z)

    def inside(self, point: Point) -> Point:
        """Return a point of the frame that this one is given in, in this frame."""
        c, s = math.cos(self.heading_rad), math.sin(self.heading_rad)
        x, y = point[0] - self.x, point[1] - self.y
        return (c * x + s * y, -s * x + c * y, point[2] - self.z)


class Plan:
    """What the bodies of a workcell must know of each other to be drawn.

    Args:
        spec: The workcell.
        parts: The size of each part type that comes by, m.
    """

    def __init__(self, spec: Workcell, parts: Mapping[str, Size]) -> None:
        self.spec = spec
        self.parts = parts
        self.materials: dict[str, Material] = {}
        """Looks that bodies have for themselves, by name."""
        self.bodies: dict[str, BodyBase] = {body.id: body for body in spec.bodies}
        self._path = f"{spec.cell}/{spec.id}" if spec.cell else spec.id
        seats = [body for body in spec.bodies if isinstance(body, PalletSeat)]
        stacks = {seat.pallet for seat in seats} | {seat.makes for seat in seats}
        sizes = [size for name, size in parts.items() if name not in stacks] or [USUAL_PART]
        self.part: Size = (
            max(size[0] for size in sizes),
            max(size[1] for size in sizes),
            max(size[2] for size in sizes),
        )
        """Length, width and height that the largest part needs, m; pallets do not count."""

    def node(self, body: str) -> str:
        """Return the id of a body's node: its fixed frame."""
        return f"{self.spec.id}__{body}"

    def parent(self, body: BodyBase) -> str:
        """Return the id of the node that a body's frame stands on."""
        return f"{self.node(body.on)}__moving" if body.on in self.bodies else self.spec.id

    def carried(self, body: BodyBase) -> bool:
        """Whether a body goes along with another one's moving part."""
        return body.on in self.bodies

    def riders(self, body: str) -> list[BodyBase]:
        """Return the bodies that go along with a body's moving part."""
        return [other for other in self.bodies.values() if other.on == body]

    def signal(self, body: str, pin: str) -> str | None:
        """Return the path of the signal of a body's pin, None where it has no such pin."""
        for found in self.bodies[body].pins():
            if found.name == pin:
                return f"{self._path}/{point_name(body, found)}"
        return None

    def stand(self, body: BodyBase) -> Stand:
        """Return a body's frame in the workcell, everything at rest."""
        own = Stand(*body.at_m, math.radians(body.heading_deg))
        carrier = self.bodies.get(body.on or "")
        if carrier is None:
            return own
        x, y, z = (value * rest_of(carrier) for value in direction_of(carrier))
        return self.stand(carrier).then(Stand(x, y, z)).then(own)

    def height(self, body: BodyBase) -> float:
        """Return how high a body's frame is above the floor, at rest."""
        return self.stand(body).z

    def place(self, host: str, along_m: float, slot: tuple[int, ...] = ()) -> Point:
        """Return a place on a body in its own frame: where a part's underside is there."""
        body = self.bodies.get(host)
        if isinstance(body, Belt):
            return (along_m, 0.0, 0.0)
        if isinstance(body, Chute):
            return (along_m, 0.0, -body.drop_m * min(along_m / body.length_m, 1.0))
        if isinstance(body, Rack) and len(slot) > 1:
            return (slot[0] * body.pitch_m[0], 0.0, slot[1] * body.pitch_m[1])
        return (0.0, 0.0, 0.0)

    def target(self, body: BodyBase, host: str, along_m: float) -> Point:
        """Return a place on another body in the frame of `body`, both at rest."""
        slot = body.slot if isinstance(body, Sensor) else ()
        other = self.bodies.get(host)
        if other is None:
            return (0.0, 0.0, 0.0)
        return self.stand(body).inside(self.stand(other).out(self.place(host, along_m, slot)))

    def craned(self, body: BodyBase) -> bool:
        """Whether a body goes along with the truck of a stacker crane."""
        carrier = self.bodies.get(body.on or "")
        return isinstance(carrier, Axis) and carrier.look == "crane"

    def grounded(self, body: str) -> bool:
        """Whether posts can go from a body down to the floor."""
        spec = self.bodies.get(body)
        return spec is not None and not self.carried(spec) and self.height(spec) > LOW_M

    def tool_m(self, body: str) -> float:
        """Return how much room is needed above a moving part for the gripper that it carries."""
        heights = [0.0]
        for rider in self.riders(body):
            if isinstance(rider, Gripper):
                heights.append(TOOL_M + rider.at_m[2])
            elif isinstance(rider, Axis) and rider.rotary:
                heights.append(self.tool_m(rider.id) + FLANGE_M + rider.at_m[2])
            elif isinstance(rider, Cylinder) and rider.direction in ("z", "-z"):
                own = self.tool_m(rider.id)
                heights.append(own + rider.stroke_m + 0.1 + rider.at_m[2] if own else 0.0)
        return max(heights)

    def reach(self, body: str) -> tuple[float, float, float, float]:
        """Return how far what rides on a body reaches: x0, x1, y0, y1 in its moving frame."""
        xs, ys = [-0.15, 0.15], [-0.15, 0.15]
        for rider in self.riders(body):
            half = self.width(rider.id) / 2 + 0.04
            length = getattr(rider, "length_m", None)
            long = self.parts.get(getattr(rider, "pallet", ""), self.part)[0] / 2
            ends = (0.0, length) if length else (-long, long)
            stand = Stand(*rider.at_m, math.radians(rider.heading_deg))
            for x in ends:
                for y in (-half, half):
                    px, py, _ = stand.out((x, y, 0.0))
                    xs.append(px)
                    ys.append(py)
        return min(xs), max(xs), min(ys), max(ys)

    def free_side(self, body: str) -> int:
        """Return the side of a carrier where least comes and goes: 0 ahead, then to the left."""
        stand = self.stand(self.bodies[body])
        x0, x1, y0, y1 = self.reach(body)
        edges = ((x1, 0.0), (0.0, y1), (x0, 0.0), (0.0, y0))
        busy = [0.0, 0.0, 0.0, 0.0]
        for other in self.bodies.values():
            length = getattr(other, "length_m", None)
            if length is None or self.carried(other):
                continue
            for end in (0.0, length):
                x, y, _ = stand.inside(self.stand(other).out((end, 0.0, 0.0)))
                near = [math.dist((x, y), edge) for edge in edges]
                if min(near) < NEAR_M:
                    busy[near.index(min(near))] += 1.0
        return min((1, 2, 0, 3), key=lambda side: busy[side])

    def width(self, host: str) -> float:
        """Return how wide a body is across its heading, for what stands beside it."""
        body = self.bodies.get(host)
        pallet = self.parts.get(getattr(body, "pallet", ""), self.part)
        return getattr(body, "width_m", None) or pallet[1] + 0.06


def rest_of(body: BodyBase) -> float:
    """Return where a body's joint is while nothing has happened, in its own unit."""
    if isinstance(body, Lift):
        return body.levels[body.start]
    if isinstance(body, Axis):
        usual = body.low if body.home is None else body.home
        at = usual if body.starts_at is None else body.starts_at
        return math.radians(at) if body.rotary else at
    return 0.0


def direction_of(body: BodyBase) -> Point:
    """Return which way a body's moving part slides; nowhere where it does not slide."""
    if isinstance(body, Lift):
        return DIRECTIONS["z"]
    if isinstance(body, Cylinder) or (isinstance(body, Axis) and not body.rotary):
        return DIRECTIONS[body.direction]
    return (0.0, 0.0, 0.0)


def standing_free(body: BodyBase) -> bool:
    """Whether a body that belongs to another one says itself where it stands."""
    return body.on is not None or any(body.at_m)
