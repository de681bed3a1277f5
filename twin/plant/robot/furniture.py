"""Furniture: the collision shapes of a workcell's bodies, each in the body's own frame.

They are those that people see, without what is small or thin: lamps, sensors, hoses.
"""

from collections.abc import Callable
from math import atan2, hypot
from typing import TYPE_CHECKING, Any

from twin.plant.motion.belt import Belt, Chute
from twin.plant.motion.body import Body
from twin.plant.motion.frame import Frame
from twin.plant.motion.guard import Door
from twin.plant.motion.magazine import Magazine
from twin.plant.motion.pallet_seat import PalletSeat
from twin.plant.motion.panel import Panel, StackLight
from twin.plant.motion.process import ProcessHead
from twin.plant.motion.rack import Rack
from twin.plant.motion.seat import Seat
from twin.plant.motion.solid import Solid
from twin.plant.motion.turntable import IndexTable, Turntable
from twin.spec.arms import description as shapes

from .heads import head, head_frame
from .hulls import Hull, around, box
from .placement import HERE, Placement

if TYPE_CHECKING:
    from twin.plant.motion.world import World

BELT_DEEP_M = 0.15
FRAME_M = 0.036
"""Width of the profile along each side of a belt."""
PLATE_M = 0.022
DECK_M = 0.04
BOARD_M = 0.012
POST_M = 0.035
RACK_DEEP_M = 0.18
DISC_M = 0.03
PANEL_M = (0.3, 0.5, 1.12)
TOWER_M = 0.08
SHAFT_M = 0.75
"""A magazine's stack is drawn no higher."""
FENCE_M = 2.0


def stands_in(body: Body) -> Frame:
    """Return the frame that the shapes of a body are in."""
    return head_frame(body) if isinstance(body, ProcessHead) else body.frame


def furniture(body: Body) -> tuple[Hull, ...]:
    """Return the shapes of a body that do not move in `stands_in`; empty: it has none."""
    if isinstance(body, ProcessHead):
        return tuple(head(body, usual_part(body.world)))
    for kind, make in MAKERS:
        if isinstance(body, kind):
            return tuple(make(body))
    return ()


def usual_part(world: "World") -> tuple[float, float, float]:
    """Return the size that the largest part needs, m; pallets do not count."""
    seats = [body for body in world.bodies.values() if isinstance(body, PalletSeat)]
    pallets = {seat.kind for seat in seats} | {seat.makes for seat in seats}
    specs = world.cell.part_specs
    sizes = [spec.size_m for name, spec in specs.items() if name not in pallets]
    sizes = sizes or [spec.size_m for spec in specs.values()] or [(0.1, 0.1, 0.1)]
    x, y, z = (max(size[k] for size in sizes) for k in range(3))
    return x, y, z


def _low(x: float, y: float, z: float) -> Placement:
    return Placement(x, y, z)


def _floor(body: Body) -> float:
    """Return where the floor is in the frame of a body that nothing carries."""
    return -body.frame.pose.z


def _solid(body: Solid) -> list[Hull]:
    return [box(body.id, body.size_m)]


def _belt(body: Belt) -> list[Hull]:
    spec: Any = body.spec
    size = (spec.length_m, spec.width_m + 2.0 * FRAME_M, BELT_DEEP_M)
    return [box(body.id, size, _low(spec.length_m / 2.0, 0.0, -BELT_DEEP_M))]


def _chute(body: Chute) -> list[Hull]:
    spec: Any = body.spec
    half = spec.width_m / 2.0
    ends = ((0.0, 0.0), (spec.length_m, -spec.drop_m))
    points = [
        (x, y, z - deep)
        for x, z in ends for y in (-half, half) for deep in (0.0, 0.05)
    ]  # fmt: skip
    return [around(body.id, points)]


def _seat(body: Seat) -> list[Hull]:
    x, y = (2.0 * half for half in body.half_m)
    found = [box(body.id, (x, y, PLATE_M), _low(0.0, 0.0, -PLATE_M))]
    floor = _floor(body)
    if body.frame.fixed and floor < -0.1:
        wide = 0.8 * min(x, y, 0.14)
        found.append(box(body.id, (wide, wide, -floor - PLATE_M), _low(0.0, 0.0, floor)))
    return found


def _pallet_seat(body: PalletSeat) -> list[Hull]:
    x, y, _ = body.world.cell.part_specs[body.kind].size_m
    return [box(body.id, (x + 0.06, y + 0.06, DECK_M), _low(0.0, 0.0, -DECK_M))]


def _rack(body: Rack) -> list[Hull]:
    px, pz = body.pitch_m
    deep = max(usual_part(body.world)[1] + 0.06, RACK_DEEP_M)
    left, right = -px / 2.0, (body.columns - 0.5) * px
    middle, wide = (left + right) / 2.0, right - left
    top, floor = body.levels * pz, min(_floor(body), 0.0)
    found = [
        box(body.id, (wide, deep, BOARD_M), _low(middle, 0.0, level * pz - BOARD_M))
        for level in range(body.levels)
    ]
    for column in range(body.columns + 1):
        for side in (-deep / 2.0, deep / 2.0):
            at = _low(left + column * px, side, floor)
            found.append(box(body.id, (POST_M, POST_M, top - floor), at))
    found.append(box(body.id, (wide, 0.005, top), _low(middle, deep / 2.0 + 0.0175, 0.0)))
    return found


def _magazine(body: Magazine) -> list[Hull]:
    """The shaft above the place from which the slide takes the lowest part, and the slide."""
    x, y, z = body.world.cell.part_specs[body.kind].size_m
    turn = atan2(body.target.y, body.target.x)
    at = Placement.at(HERE.pose()._replace(heading_rad=turn))
    high = min(max(body.capacity * z, 3.0 * z), SHAFT_M) + 0.04
    way = hypot(body.target.x, body.target.y)
    table = box(body.id, (x + 0.04, y + 0.06, 0.02), at.then(_low(0.0, 0.0, -0.02)))
    shaft = box(body.id, (x + 0.024, y + 0.024, high - z - 0.012), at.then(_low(0, 0, z + 0.012)))
    long = 0.1 + way
    barrel = box(body.id, (long, 0.06, 0.06), at.then(_low(-x / 2.0 - 0.05 - long / 2.0, 0, -0.01)))
    return [table, shaft, barrel]


def _disc(body: Turntable | IndexTable) -> list[Hull]:
    spec: Any = body.spec
    radius = spec.diameter_m / 2.0
    top = -0.06 if isinstance(body, IndexTable) else -0.002
    if isinstance(body, Turntable) and any(
        other.frame.carrier is body for other in body.world.bodies.values()
    ):
        top = -0.13
    disc = shapes.Cylinder(radius, DISC_M)
    found = [Hull(body.id, disc, _low(0.0, 0.0, top - DISC_M / 2.0))]
    floor = _floor(body)
    if body.frame.fixed and floor < top - 0.1:
        long = top - DISC_M - floor
        foot = shapes.Cylinder(radius * 0.55, long)
        found.append(Hull(body.id, foot, _low(0.0, 0.0, floor + long / 2.0)))
    return found


def _panel(body: Panel) -> list[Hull]:
    return [box(body.id, PANEL_M, _low(0.0, 0.0, _floor(body)))]


def _tower(body: StackLight) -> list[Hull]:
    spec: Any = body.spec
    floor = 0.0 if body.frame.pose.z > 1.1 else _floor(body)
    high = 0.4 + 0.085 * len(spec.lamps) - floor
    return [box(body.id, (TOWER_M, TOWER_M, high), _low(0.0, 0.0, floor))]


def _door(body: Door) -> list[Hull]:
    """The leaf, as it stands closed."""
    spec: Any = body.spec
    return [box(body.id, (spec.width_m + 0.12, 0.06, FENCE_M), _low(0.0, 0.0, _floor(body)))]


MAKERS: tuple[tuple[type[Body], Callable[[Any], list[Hull]]], ...] = (
    (Solid, _solid),
    (Chute, _chute),
    (Belt, _belt),
    (Seat, _seat),
    (PalletSeat, _pallet_seat),
    (Rack, _rack),
    (Magazine, _magazine),
    (Turntable, _disc),
    (IndexTable, _disc),
    (Panel, _panel),
    (StackLight, _tower),
    (Door, _door),
)
