"""From a workcell to its nodes, the floor that it takes, and where parts come and go."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from twin.spec import motion as kinds
from twin.spec.motion import BodyBase, Entry, Exit, Workcell, Zone
from viewer.scene.document import Node, Paint
from viewer.scene.shapes import mesh
from viewer.scene.sizes import Size
from viewer.scene.solid import pose
from viewer.scene.spot import Flat

from . import (
    axes,
    belts,
    cylinders,
    drives,
    grippers,
    instruments,
    places,
    process,
    robots,
    safety,
    sensors,
    tracker,
)
from .plan import Plan, Stand
from .rig import Rig

Draw = Callable[[Rig, Any], None]

DRAWERS: dict[type[BodyBase], Draw] = {
    kinds.Belt: belts.belt,
    kinds.Chute: belts.chute,
    kinds.Seat: places.seat,
    kinds.Rack: places.rack,
    kinds.PalletSeat: places.pallet_seat,
    kinds.Magazine: places.magazine,
    kinds.Cylinder: cylinders.cylinder,
    kinds.Stopper: cylinders.stopper,
    kinds.Pusher: cylinders.pusher,
    kinds.Diverter: cylinders.diverter,
    kinds.Clamp: cylinders.clamp,
    kinds.Lift: drives.lift,
    kinds.Turntable: drives.turntable,
    kinds.IndexTable: drives.index_table,
    kinds.Axis: axes.axis,
    kinds.Gripper: grippers.gripper,
    kinds.Robot: robots.robot,
    kinds.ProcessHead: process.process,
    kinds.Sensor: sensors.sensor,
    kinds.Scale: instruments.scale,
    kinds.Reader: instruments.reader,
    kinds.Vision: instruments.vision,
    kinds.Tester: instruments.tester,
    kinds.Tracker: tracker.tracker,
    kinds.Air: safety.air,
    kinds.StackLight: safety.stack_light,
    kinds.Panel: safety.panel,
    kinds.Door: safety.door,
    kinds.LightCurtain: safety.light_curtain,
    kinds.Zone: safety.zone,
    kinds.Solid: safety.solid,
}
"""What draws each kind of body; entries and exits are only ends of others. A new kind is one
function and one line here."""

MOST_WIDER = 1.5
LEAST_M = 0.6
"""A workcell's floor is at least so long and wide."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Where parts come in or go out: a point on the workcell's floor, and which way they go."""

    body: str
    giver: str | None
    at: Flat
    z: float
    heading_rad: float


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """A workcell as it is drawn, in its own frame."""

    nodes: tuple[Node, ...]
    """All but the root, which is the workcell's id."""
    paint: tuple[Paint, ...]
    box: tuple[float, float, float, float]
    """x0, y0, x1, y1 of the floor that it takes, m."""
    height_m: float
    entries: tuple[Gate, ...]
    exits: tuple[Gate, ...]
    plan: Plan


def draw_workcell(spec: Workcell, parts: Mapping[str, Size]) -> DrawnCell:
    """Return how a workcell is drawn.

    Args:
        spec: The workcell.
        parts: The size of each part type that comes by, m.
    """
    plan = Plan(spec, parts)
    nodes: list[Node] = []
    for body in _carriers_first(spec.bodies):
        rig = Rig.of(plan, body.id, nodes)
        DRAWERS.get(type(body), _nothing)(rig, body)
        if not any(node.id == f"{rig.root}__moving" for node in nodes):
            rig.moving(None)
    nodes = _parents_first(nodes, spec.id)
    paint = tuple(_paint(plan))
    low, high = _bounds(nodes, spec.id)
    entries = tuple(_gate(plan, b, b.to) for b in spec.bodies if isinstance(b, Entry))
    exits = tuple(_gate(plan, b, b.from_) for b in spec.bodies if isinstance(b, Exit))
    box = _box(spec, low, high, paint, entries)
    return DrawnCell(tuple(nodes), paint, box, high[2], entries, exits, plan)


def _nothing(rig: Rig, body: BodyBase) -> None:
    """Draw nothing: the body has only a frame."""


def _carriers_first(bodies: Iterable[BodyBase]) -> list[BodyBase]:
    left, done = list(bodies), list[BodyBase]()
    while left:
        ready = [b for b in left if b.on is None or b.on in {d.id for d in done}] or left
        done += ready
        left = [b for b in left if b not in ready]
    return done


def _parents_first(nodes: list[Node], root: str) -> list[Node]:
    """Order the nodes: a body may hang on one that comes later in the file."""
    known, ordered, left = {root}, list[Node](), list(nodes)
    while left:
        ready = [node for node in left if node.parent in known]
        if not ready:
            return ordered
        taken = {node.id for node in ready}
        known |= taken
        ordered += ready
        left = [node for node in left if node.id not in taken]
    return ordered


def _bounds(nodes: list[Node], root: str) -> tuple[Any, Any]:
    """Return the least and the greatest x, y and z of all shapes, everything at rest."""
    poses = {root: np.eye(4)}
    found = [np.zeros((1, 3))]
    for node in nodes:
        here = poses[node.id] = poses[node.parent or root] @ pose(node)
        if node.shape is not None:
            corners = mesh("box")[0] * np.array(node.size_m)
            found.append(corners @ here[:3, :3].T + here[:3, 3])
    points = np.vstack(found)
    return points.min(axis=0), points.max(axis=0)


def _box(
    spec: Workcell, low: Any, high: Any, paint: tuple[Paint, ...], entries: tuple[Gate, ...]
) -> tuple[float, float, float, float]:
    xs = [low[0], high[0], *(x for p in paint for x, _ in p.points)]
    ys = [low[1], high[1], *(y for p in paint for _, y in p.points)]
    x0, x1, y0, y1 = (float(v) for v in (min(xs), max(xs), min(ys), max(ys)))
    if spec.size_m is not None:
        wide, deep = spec.size_m
        cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
        return (cx - wide / 2, cy - deep / 2, cx + wide / 2, cy + deep / 2)
    pad_x, pad_y = max(0.0, LEAST_M - (x1 - x0)) / 2, max(0.0, LEAST_M - (y1 - y0)) / 2
    x0, y0, x1, y1 = x0 - pad_x, y0 - pad_y, x1 + pad_x, y1 + pad_y
    if entries:
        # With its entry in the middle it stands in line with its neighbours.
        half = max(y1 - entries[0].at[1], entries[0].at[1] - y0)
        if 2 * half < MOST_WIDER * (y1 - y0):
            y0, y1 = entries[0].at[1] - half, entries[0].at[1] + half
    return (x0, y0, x1, y1)


def _gate(plan: Plan, body: Entry | Exit, host: str) -> Gate:
    """Return where parts come in or go out: at an end of what they lie on."""
    other = plan.bodies.get(host)
    stand = plan.stand(other) if other is not None else Stand()
    along = getattr(other, "length_m", 0.0) if isinstance(body, Exit) else 0.0
    place = plan.place(host, along)
    x, y, z = stand.out(place)
    return Gate(body.id, getattr(body, "giver", None), (x, y), z, stand.heading_rad)


def _paint(plan: Plan) -> Iterable[Paint]:
    for body in plan.spec.bodies:
        if isinstance(body, Zone):
            stand = plan.stand(body)
            w, d = body.size_m[0] / 2, body.size_m[1] / 2
            corners = [stand.out((x, y, 0.0)) for x, y in ((-w, -d), (w, -d), (w, d), (-w, d))]
            yield Paint("hatch", tuple((x, y) for x, y, _ in corners), "#eebf2c", 0.12)
