"""How large each asset is drawn, and where in it its slots are."""

import math
from dataclasses import dataclass

from twin.spec.assets import (
    Assembly,
    Asset,
    Buffer,
    Conveyor,
    Disassembly,
    Inspection,
    Source,
    Station,
    Storage,
)
from twin.spec.flow import Edge
from twin.spec.line import LineSpec
from twin.spec.motion import Workcell

from .spot import BELT_M

Size = tuple[float, float, float]

MARGIN_M = 0.12
USUAL_PART = (0.3, 0.2, 0.12)
SHOWN_UNLIMITED = 9
ONE_ROW_M = 3.4
BUFFER_DEEP_M = 1.2
LAYERS = 3
STORAGE_LAYERS = 4

PART_FIELDS = ("part", "pallet", "makes")
"""What bodies of a workcell call part types by."""

DEFAULT_SHAPES = {
    "source": "pallet_in",
    "sink": "pallet_out",
    "station": "machine",
    "inspection": "gate",
    "assembly": "bench",
    "disassembly": "bench",
    "buffer": "buffer",
    "conveyor": "conveyor",
    "storage": "storage",
    "vehicle": "charger",
    "operator": "people",
    "workcell": "workcell",
}
BODIES = (
    "machine",
    "press",
    "laser_weld",
    "robot_cell",
    "oven",
    "laminator",
    "leak_test",
    "eol_test",
    "gate",
    "bench",
    "manual",
)
"""Shapes that any machine may ask for by `place.shape`."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Offsets of slots along, across and above an asset's way, and layers above each other."""

    at: tuple[tuple[float, float, float], ...]
    layer_m: float = 0.0
    layers: int = 1


@dataclass(frozen=True, slots=True)
class Body:
    """How an asset is drawn: its shape, the size of that, and its slots."""

    shape: str
    size: Size
    slots: Slots
    part: Size
    """The largest part that comes by."""
    across_m: float
    """How wide its slots are together."""


def shape_of(asset: Asset) -> str:
    """Return the shape asked for where there is such a one, else the usual of the kind."""
    usual = DEFAULT_SHAPES.get(asset.kind, "machine")
    wanted = asset.place.shape
    if usual in BODIES and wanted in BODIES:
        return wanted
    if asset.kind == "sink" and (wanted == "bin" or asset.scrap):
        return "bin"
    return usual


def passing(spec: LineSpec, ways: tuple[Edge, ...]) -> dict[str, set[str]]:
    """Return the part types that can come to each asset or leave it."""
    types: dict[str, set[str]] = {asset.id: _own(asset) for asset in spec.assets}
    gives = {a.id: _made(a) for a in spec.assets}
    changed = True
    while changed:
        changed = False
        for way in ways:
            out = gives[way.giver] or types[way.giver]
            if not out <= types[way.taker]:
                types[way.taker] |= out
                changed = True
    return types


def _own(asset: Asset) -> set[str]:
    if isinstance(asset, Source):
        return {asset.part} if isinstance(asset.part, str) else set(asset.part)
    if isinstance(asset, Assembly):
        return {*asset.needs, asset.makes}
    if isinstance(asset, Disassembly):
        return set(asset.gives)
    if isinstance(asset, Workcell):
        found = (getattr(body, name, None) for body in asset.bodies for name in PART_FIELDS)
        return {name for name in found if name}
    return set(asset.initial) if isinstance(asset, Buffer) else set()


def _made(asset: Asset) -> set[str]:
    if isinstance(asset, Assembly):
        return {asset.makes}
    return set(asset.gives) if isinstance(asset, Disassembly) else set()


def body(asset: Asset, part: Size, sizes: dict[str, Size]) -> Body:
    """Return how `asset` is drawn.

    Args:
        asset: The asset.
        part: Length, width and height that the largest part coming by needs, m.
        sizes: The size of each type of part, m.
    """
    slots = _slots(asset, part, sizes)
    xs = [x for x, _, _ in slots.at]
    ys = [y for _, y, _ in slots.at]
    least = _smallest(asset, sizes) if isinstance(asset, Assembly) else part
    need = (
        max(max(xs) - min(xs) + least[0], part[0]),
        max(max(ys) - min(ys) + least[1], part[1]),
        part[2],
    )
    size = asset.place.size_m or _size(asset, need, slots)
    return Body(shape_of(asset), size, slots, part, need[1])


def _slots(asset: Asset, part: Size, sizes: dict[str, Size]) -> Slots:
    px, py = part[0] + MARGIN_M, part[1] + MARGIN_M
    match asset:
        case Buffer():
            return _shelves(asset, part)
        case Storage():
            along = math.ceil(min(asset.capacity, 32) / STORAGE_LAYERS)
            return Slots(_grid(along, 1, px, py), part[2] + 0.06, STORAGE_LAYERS)
        case Station():
            lanes = asset.capacity
            size = asset.batch.size if asset.batch else 1
            across = min(lanes if lanes > 1 else math.ceil(math.sqrt(size)), 3)
            along = min(math.ceil(lanes * size / across), 3)
            return Slots(_grid(along, across, px, py), part[2] + 0.02, 4 if size > 1 else 1)
        case Inspection():
            return Slots(_grid(1, min(asset.capacity, 4), px, py))
        case Assembly():
            return _gathered(asset, sizes)
    return Slots(((0.0, 0.0, 0.0),))


def _shelves(asset: Buffer, part: Size) -> Slots:
    """Return one row on rollers while it is short, shelves above each other when it is not."""
    px, py = part[0] + MARGIN_M, part[1] + MARGIN_M
    count = SHOWN_UNLIMITED if asset.capacity == "unlimited" else max(asset.capacity, 1)
    if count * px <= ONE_ROW_M and asset.capacity != "unlimited":
        return Slots(_grid(count, 1, px, py))
    across = 2 if 2 * py <= BUFFER_DEEP_M and count > 8 else 1
    along = max(2, min(math.ceil(count / across / LAYERS), int(ONE_ROW_M / px)))
    layers = min(math.ceil(count / across / along), LAYERS)
    return Slots(_grid(along, across, px, py), part[2] + 0.1, layers)


def _gathered(asset: Assembly, sizes: dict[str, Size]) -> Slots:
    """Return the first place in the middle, the others on it when the first is a carrier."""
    least, most = _smallest(asset, sizes), _largest(asset, sizes)
    count = min(sum(asset.needs.values()), 12)
    carrier = most[0] * most[1] > 2 * least[0] * least[1]
    left = count - 1 if carrier else count
    across = min(max(left, 1), 3)
    grid = _grid(math.ceil(max(left, 1) / across), across, least[0] + 0.03, least[1] + 0.03)
    if not carrier:
        return Slots(grid, least[2], 3)
    return Slots(((0.0, 0.0, 0.0), *((x, y, most[2]) for x, y, _ in grid)), least[2], 3)


def _smallest(asset: Assembly, sizes: dict[str, Size]) -> Size:
    return min((sizes.get(t, USUAL_PART) for t in asset.needs), key=lambda s: s[0] * s[1])


def _largest(asset: Assembly, sizes: dict[str, Size]) -> Size:
    return max((sizes.get(t, USUAL_PART) for t in asset.needs), key=lambda s: s[0] * s[1])


def _grid(along: int, across: int, px: float, py: float) -> tuple[tuple[float, float, float], ...]:
    """Return slots from the way out (first) back to the way in, centred."""
    return tuple(
        (((along - 1) / 2 - i) * px, (j - (across - 1) / 2) * py, 0.0)
        for i in range(along)
        for j in range(across)
    )


LEAST: dict[str, Size] = {
    "machine": (2.0, 1.8, 2.2),
    "press": (1.8, 1.8, 2.6),
    "laser_weld": (2.5, 2.0, 2.3),
    "robot_cell": (2.5, 2.4, 2.2),
    "oven": (3.0, 2.0, 1.9),
    "laminator": (3.5, 2.2, 1.9),
    "leak_test": (2.0, 1.8, 2.4),
    "eol_test": (2.0, 1.7, 2.0),
    "gate": (1.5, 1.5, 1.9),
    "bench": (2.0, 1.8, 2.1),
    "manual": (2.0, 1.7, 1.9),
    "pallet_in": (1.5, 1.6, 2.2),
    "pallet_out": (1.5, 1.6, 2.2),
    "bin": (1.5, 1.5, 1.0),
    "charger": (1.4, 1.2, 1.5),
    "people": (2.0, 1.4, 1.8),
}
"""The smallest size of each body, m."""


def _size(asset: Asset, need: Size, slots: Slots) -> Size:
    if isinstance(asset, Conveyor):
        return (conveyor_length_m(asset), max(0.5, need[1] + 0.16), 1.0)
    if isinstance(asset, Buffer):
        tall = 1.0 if slots.layers == 1 else BELT_M + slots.layers * slots.layer_m + 0.15
        return (_even(need[0] + 0.2), max(0.6, need[1] + 0.2), tall)
    if isinstance(asset, Storage):
        return (_even(max(4.0, need[0] + 0.6)), 3.4, 4.6)
    w, d, h = LEAST[shape_of(asset)]
    if asset.kind in {"source", "sink", "vehicle", "operator"}:
        return (w, d, h)
    return (_even(max(w, need[0] + 0.5)), _even(max(d, need[1] + 0.9)), max(h, need[2] + 1.5))


def conveyor_length_m(asset: Conveyor) -> float:
    """Return a drawn length: the real one within reason, else by the time it takes."""
    length_m = asset.length_m or 0.12 * (asset.transit_s or 20.0)
    return _even(min(max(length_m, 2.0), 5.0))


def _even(length_m: float) -> float:
    return math.ceil(length_m * 2) / 2
