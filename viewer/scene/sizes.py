"""How large each asset is drawn, and where in it its slots are."""

import math
from dataclasses import dataclass

from twin.spec.assets import (
    Asset,
    Assembly,
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

Size = tuple[float, float, float]

MARGIN_M = 0.12
SHOWN_UNLIMITED = 24
BUFFER_ACROSS = 3
BUFFER_ALONG = 8
LAYERS = 4

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
    """Offsets of an asset's slots along and across its heading, and layers above each other."""

    flat: tuple[tuple[float, float], ...]
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


def shape_of(asset: Asset) -> str:
    """Return the shape asked for where there is such a one, else the usual of the kind."""
    usual = DEFAULT_SHAPES[asset.kind]
    wanted = asset.place.shape
    machine = asset.kind in {"station", "inspection", "assembly", "disassembly"}
    if machine and wanted in BODIES:
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
    return set(asset.initial) if isinstance(asset, Buffer) else set()


def _made(asset: Asset) -> set[str]:
    if isinstance(asset, Assembly):
        return {asset.makes}
    return set(asset.gives) if isinstance(asset, Disassembly) else set()


def body(asset: Asset, part: Size) -> Body:
    """Return how `asset` is drawn when parts up to the size `part` come by."""
    slots = slots_of(asset, part)
    xs = [x for x, _ in slots.flat]
    ys = [y for _, y in slots.flat]
    need = (max(xs) - min(xs) + part[0], max(ys) - min(ys) + part[1], part[2])
    size = asset.place.size_m or _size(asset, need, slots)
    return Body(shape_of(asset), size, slots, part)


def slots_of(asset: Asset, part: Size) -> Slots:
    """Return the places of the parts in an asset, for parts up to the size `part`."""
    px, py = part[0] + MARGIN_M, part[1] + MARGIN_M
    if isinstance(asset, Buffer | Storage):
        count = SHOWN_UNLIMITED if asset.capacity == "unlimited" else max(asset.capacity, 1)
        high = isinstance(asset, Storage) or count > BUFFER_ACROSS * BUFFER_ALONG
        layers = LAYERS if high or asset.capacity == "unlimited" else 1
        on_floor = min(math.ceil(count / layers), BUFFER_ACROSS * BUFFER_ALONG)
        across = min(BUFFER_ACROSS, math.ceil(on_floor / BUFFER_ALONG))
        if isinstance(asset, Storage):
            across = 1
        along = math.ceil(on_floor / across)
        return Slots(_grid(along, across, px, py), part[2] + 0.06, layers)
    if isinstance(asset, Station):
        lanes = asset.capacity
        size = asset.batch.size if asset.batch else 1
        across = min(lanes if lanes > 1 else math.ceil(math.sqrt(size)), 4)
        along = min(math.ceil(lanes * size / across), 6)
        return Slots(_grid(along, across, px, py), part[2] + 0.02, 4 if size > 1 else 1)
    if isinstance(asset, Inspection):
        return Slots(_grid(1, min(asset.capacity, 4), px, py))
    if isinstance(asset, Assembly):
        count = min(sum(asset.needs.values()), 12)
        across = min(count, 3)
        return Slots(_grid(math.ceil(count / across), across, px, py), part[2], 4)
    return Slots(((0.0, 0.0),))


def _grid(along: int, across: int, px: float, py: float) -> tuple[tuple[float, float], ...]:
    """Return slots from the way out (first) back to the way in, centred."""
    return tuple(
        (((along - 1) / 2 - i) * px, (j - (across - 1) / 2) * py)
        for i in range(along)
        for j in range(across)
    )


def _size(asset: Asset, need: Size, slots: Slots) -> Size:
    shape = shape_of(asset)
    if isinstance(asset, Conveyor):
        return (conveyor_length_m(asset), max(0.5, need[1] + 0.16), 1.0)
    if isinstance(asset, Buffer):
        tall = 1.0 if slots.layers == 1 else 0.85 + slots.layers * slots.layer_m + 0.2
        return (_even(need[0] + 0.3), max(0.6, need[1] + 0.2), tall)
    if isinstance(asset, Storage):
        return (_even(max(4.0, need[0] + 0.6)), 3.4, 4.6)
    if shape in {"pallet_in", "pallet_out", "bin"}:
        return (1.6, 1.6, 2.2)
    if asset.kind == "vehicle":
        return (1.4, 1.2, 1.5)
    if asset.kind == "operator":
        return (2.0, 1.4, 1.8)
    least: dict[str, Size] = {
        "machine": (2.0, 1.8, 2.2),
        "press": (1.8, 1.8, 2.6),
        "laser_weld": (2.4, 2.0, 2.3),
        "robot_cell": (2.8, 2.6, 2.2),
        "oven": (3.0, 2.0, 1.9),
        "laminator": (3.5, 2.4, 1.9),
        "leak_test": (2.2, 2.0, 2.4),
        "eol_test": (2.0, 1.7, 2.0),
        "gate": (1.6, 1.5, 1.9),
        "bench": (2.4, 1.9, 2.1),
        "manual": (2.0, 1.7, 1.9),
    }
    w, d, h = least[shape]
    return (_even(max(w, need[0] + 0.6)), _even(max(d, need[1] + 0.9)), max(h, need[2] + 1.5))


def conveyor_length_m(asset: Conveyor) -> float:
    """Return a drawn length: the real one within reason, else by the time it takes."""
    length_m = asset.length_m or 0.12 * (asset.transit_s or 20.0)
    return _even(min(max(length_m, 2.0), 8.0))


def _even(length_m: float) -> float:
    return math.ceil(length_m * 2) / 2
