"""From a line to its scene document."""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from twin.spec.assets import Asset, Operator, OperatorCall, Vehicle
from twin.spec.line import LineSpec
from twin.spec.motion import Magazine, Workcell

from . import palette, roads
from .bodies import draw
from .bodies.common import person
from .bodies.transport import LINK_M, link, vehicle
from .camera import fitted
from .cells.rig import colour_name, part_colour
from .cells.views import cameras_of
from .document import (
    AssetScene,
    Camera,
    FleetLook,
    Material,
    Node,
    Paint,
    Point,
    SceneDocument,
    Track,
    Words,
)
from .hall import Hall
from .layout import bounds
from .looks import part_look
from .maker import Maker, about_z
from .spot import BELT_M, Flat, Spot

FLOOR_MARGIN_M = 2.4
LABEL_M = 0.95
POST_M = 0.42
OVERVIEWS = ((79, 1.0), (52, 1.15), (24, 1.3))
"""Headings to look from, and how much nearer each must be to be taken."""
_kept: deque[tuple[LineSpec, SceneDocument]] = deque(maxlen=8)
VESTS = ("vest", "bin_blue", "bin_green", "yellow")


def build_scene(spec: LineSpec) -> SceneDocument:
    """Return the scene document of a line, the same one for the same line object.

    Args:
        spec: The line; `place.at_m` of its assets is followed where given.
    """
    for known, document in tuple(_kept):
        if known is spec:
            return document
    document = _built(spec)
    _kept.append((spec, document))
    return document


def _built(spec: LineSpec) -> SceneDocument:
    hall = Hall(spec)
    linked = roads.links(hall)
    driven = roads.roads(hall, linked)
    nodes = [
        *_bodies(hall),
        *_workcells(hall),
        *_links(linked),
        *_people(hall),
        *_vehicles(hall),
    ]
    floor_m = _floor(hall, [*(found.way for found in linked.values()), *roads.segments(driven)])
    return SceneDocument(
        line=spec.id,
        title=_words(spec.title, spec.id),
        floor_m=floor_m,
        nodes=tuple(nodes),
        materials=_materials(spec, hall),
        states=dict(palette.STATES),
        assets={a.id: _asset(hall, a) for a in spec.assets},
        tracks={a: _track(hall, a) for a in hall.graph.ids} | roads.tracks(hall, linked, driven),
        parts={p.id: part_look(spec, p, hall.part_sizes) for p in spec.parts},
        fleets={
            a.id: FleetLook(
                roads.vehicle_size(hall, a.id), a.place.colour or "#e6eaed", f"vehicle_{a.id}"
            )
            for a in spec.assets
            if isinstance(a, Vehicle)
        },
        paint=tuple(_paint(hall, linked, driven)),
        cameras=_cameras(spec, hall),
    )


def _words(text: object, otherwise: str) -> Words:
    en = getattr(text, "en", "") or otherwise
    return {"en": en, "zh": getattr(text, "zh", "") or en}


def _materials(spec: LineSpec, hall: Hall) -> dict[str, Material]:
    own = {
        f"{a.id}_colour": Material(a.place.colour, gloss=0.35)
        for a in spec.assets
        if a.place.colour
    }
    for cell in spec.assets:
        for body in cell.bodies if isinstance(cell, Workcell) else ():
            if body.colour:
                own[colour_name(cell.id, body.id)] = Material(body.colour, gloss=0.35)
            if isinstance(body, Magazine):
                colour = next((p.colour for p in spec.parts if p.id == body.part), "#4a7ebb")
                own[part_colour(body.part)] = Material(colour)
    for drawn in hall.cells.values():
        own |= drawn.plan.materials
    return palette.MATERIALS | own


def _bodies(hall: Hall) -> Iterable[Node]:
    for name, spot in hall.spots.items():
        if name in hall.cells:
            continue
        body = hall.bodies[name]
        maker = Maker(name, (spot.x, spot.y, 0.0), spot.heading_rad)
        draw(maker, body)
        colour = hall.assets[name].place.colour
        accent = palette.ACCENT.get(body.shape)
        yield from maker.painted(accent, f"{name}_colour") if colour and accent else maker.nodes


def _workcells(hall: Hall) -> Iterable[Node]:
    for name, cell in hall.cells.items():
        x, y = hall.origin(name)
        turn = about_z(hall.spots[name].heading_rad)
        yield Node(name, None, (x, y, 0.0), turn, asset=name)
        yield from cell.nodes


def _links(linked: dict[roads.Way, roads.Link]) -> Iterable[Node]:
    for (giver, taker), found in linked.items():
        maker = Maker(f"{giver}__to__{taker}", (0.0, 0.0, 0.0), 0.0, asset=None)
        link(
            maker,
            found.own,
            forks=found.forks,
            merges=found.merges,
            heights=found.heights(found.own),
            wide=found.wide_m or LINK_M,
        )
        yield from maker.nodes


def _people(hall: Hall) -> Iterable[Node]:
    """Yield the people of each pool: at the work that asks for them, the rest at their board."""
    pools = [a for a in hall.assets.values() if isinstance(a, Operator)]
    for number, pool in enumerate(pools):
        posts = [_post(hall, name) for name in _workplaces(hall, pool.id)][: pool.count]
        board = hall.spots[pool.id]
        rest = pool.count - len(posts)
        for k in range(min(rest, 6)):
            x, y = board.world(-board.w / 2 + (k + 0.5) * board.w / min(rest, 6), -0.1)
            posts.append((x, y, board.heading_rad + math.pi * (0.5 + 0.1 * (k % 3 - 1))))
        for k, (x, y, facing_rad) in enumerate(posts, 1):
            maker = Maker(f"{pool.id}__person_{k}", (x, y, 0.0), 0.0, asset=pool.id)
            person(maker, (0.0, 0.0), facing_rad, vest=VESTS[number % len(VESTS)])
            yield from maker.nodes


def _workplaces(hall: Hall, pool: str) -> list[str]:
    """Return the assets whose work needs people of a pool."""
    calls = ((a.id, getattr(a, "operator", None)) for a in hall.assets.values())
    return [name for name, call in calls if isinstance(call, OperatorCall) and call.pool == pool]


def _post(hall: Hall, name: str) -> tuple[float, float, float]:
    spot = hall.spots[name]
    x, y = spot.world(0.0, -spot.d / 2 - POST_M)
    return (x, y, spot.heading_rad + math.pi / 2)


def _vehicles(hall: Hall) -> Iterable[Node]:
    for fleet in hall.assets.values():
        if isinstance(fleet, Vehicle):
            size = roads.vehicle_size(hall, fleet.id)
            x, y = roads.dock(hall, fleet.id, size)
            maker = Maker(
                f"vehicle_{fleet.id}", (x, y, size[2]), 0.0, role="template", asset=fleet.id
            )
            vehicle(maker, size)
            yield from maker.nodes


def _asset(hall: Hall, asset: Asset) -> AssetScene:
    spot, body = hall.spots[asset.id], hall.bodies[asset.id]
    return AssetScene(
        kind=asset.kind,
        shape=body.shape,
        title=_words(asset.title, asset.id),
        position_m=(spot.x, spot.y, 0.0),
        heading_rad=spot.heading_rad,
        size_m=(spot.w, spot.d, spot.h),
        label_m=(spot.x, spot.y, spot.h + LABEL_M),
        cell=asset.cell,
    )


def _track(hall: Hall, name: str) -> Track:
    spot, slots = hall.spots[name], hall.bodies[name].slots
    c, s = math.cos(spot.heading_rad), math.sin(spot.heading_rad)
    still = hall.assets[name].kind in {"buffer", "storage"}
    start, end = ((spot.x, spot.y),) * 2 if still else (spot.way_in, spot.way_out)
    if name in hall.cells:
        givers, takers = hall.graph.givers(name), hall.graph.takers(name)
        start = hall.way_in(givers[0] if givers else "", name)[0][-1]
        end = hall.way_out(name, takers[0] if takers else "")[0][0]
    offsets: list[Point] = [(c * x - s * y, s * x + c * y, z) for x, y, z in slots.at]
    return Track(
        path=((*start, BELT_M), (*end, BELT_M)),
        offsets=tuple(offsets),
        layer_m=slots.layer_m,
        layers=slots.layers,
        heading_rad=spot.heading_rad,
    )


def _floor(hall: Hall, ways: list[list[Flat]]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = bounds(hall.spots.values())
    xs = [x for way in ways for x, _ in way]
    ys = [y for way in ways for _, y in way]
    return (
        min([x0, *xs]) - FLOOR_MARGIN_M,
        min([y0, *ys]) - FLOOR_MARGIN_M,
        max([x1, *xs]) + FLOOR_MARGIN_M,
        max([y1, *ys]) + FLOOR_MARGIN_M,
    )


def _paint(
    hall: Hall,
    linked: dict[roads.Way, roads.Link],
    driven: dict[str, dict[roads.Way, list[Flat]]],
) -> Iterable[Paint]:
    for spot in hall.spots.values():
        yield Paint("zone", tuple(spot.corners(0.75)), palette.FLOOR_ZONE)
    for name, cell in hall.cells.items():
        spot, (x0, y0) = hall.spots[name], hall.origin(name)
        origin = replace(spot, x=x0, y=y0)
        for paint in cell.paint:
            yield replace(paint, points=tuple(origin.world(x, y) for x, y in paint.points))
    for link_ in linked.values():
        yield Paint("zone_line", tuple(link_.own), palette.FLOOR_ZONE, 1.5)
    for fleet, ways in driven.items():
        width_m = roads.vehicle_size(hall, fleet)[1] + 0.35
        for way in ways.values():
            yield Paint("lane", tuple(way), palette.FLOOR_LANE, width_m)


def _cameras(spec: LineSpec, hall: Hall) -> dict[str, Camera]:
    points = _points(hall.spots.values())
    cameras = {
        "overview": _overview(points),
        "front": fitted(points, heading_deg=90, elevation_deg=22),
        "left": fitted(points, heading_deg=45, elevation_deg=30),
        "right": fitted(points, heading_deg=135, elevation_deg=30),
        "top": fitted(points, heading_deg=90, elevation_deg=89),
    }
    for cell in spec.cells:
        spots = [hall.spots[a.id] for a in spec.assets if a.cell == cell.id]
        if spots:
            points = _points(spots)
            name = f"cell_{cell.id}" if cell.id in cameras else cell.id
            cameras[name] = fitted(points, heading_deg=74, elevation_deg=30)
    for asset in spec.assets:
        if isinstance(asset, Workcell):
            cameras |= cameras_of(asset, hall)
    return cameras


def _overview(points: list[Point]) -> Camera:
    """Look from the front, or from a corner where a deep hall shows much larger from there."""
    views = [
        (reluctance, fitted(points, heading_deg=heading_deg, elevation_deg=36))
        for heading_deg, reluctance in OVERVIEWS
    ]
    return min(views, key=lambda v: v[0] * math.dist(v[1].position_m, v[1].target_m))[1]


def _points(spots: Iterable[Spot]) -> list[Point]:
    return [(x, y, z) for spot in spots for x, y in spot.corners(0.4) for z in (0.0, spot.h + 0.9)]
