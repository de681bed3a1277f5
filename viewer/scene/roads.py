"""Ways between assets: rollers that link them, and the roads of the vehicles."""

import math
from collections.abc import Iterator
from itertools import combinations

from twin.spec.assets import Vehicle

from .document import Track
from .hall import Hall
from .route import Floor
from .spot import BELT_M, DECK_M, DOCK_M, Flat, Spot

LINK_CLEAR_M = 0.3
LINK_EXTRA_M = 0.5
GATE_EXTRA_M = 4.0
ROAD_SHARED_M = -0.12
ROAD_SPARE_M = 0.12
TOUCHING_M = 0.08
PARKED_M = 1.5

Way = tuple[str, str]


def links(hall: Hall) -> dict[Way, list[Flat]]:
    """Return the ways that parts take by rollers, for neighbours that do not touch."""
    floor = Floor(hall.spots.values(), clear_m=LINK_CLEAR_M)
    found: dict[Way, list[Flat]] = {}
    ways = [way for way in hall.graph.ways if not way.via]
    for way in sorted(ways, key=lambda w: _gap(hall, w.giver, w.taker)):
        giver, taker = hall.spots[way.giver], hall.spots[way.taker]
        start, end = giver.way_out, taker.way_in
        if math.dist(start, end) < TOUCHING_M:
            continue
        points = floor.way(
            start, end, leaving_rad=giver.heading_rad, arriving_rad=taker.heading_rad
        )
        found[way.giver, way.taker] = points
        floor.charge(points, half_m=0.3, extra_m=LINK_EXTRA_M)
    return found


def _gap(hall: Hall, giver: str, taker: str) -> float:
    return math.dist(hall.spots[giver].way_out, hall.spots[taker].way_in)


def vehicle_size(hall: Hall, fleet: str) -> tuple[float, float, float]:
    """Return how large a fleet's vehicles are: a little more than what they carry."""
    carried = [hall.part_of(w.giver) for w in hall.graph.ways if w.via == fleet]
    px = max((p[0] for p in carried), default=0.6)
    py = max((p[1] for p in carried), default=0.4)
    return (max(1.15, px + 0.3), max(0.75, py + 0.2), DECK_M)


def roads(hall: Hall, linked: dict[Way, list[Flat]]) -> dict[str, dict[Way, list[Flat]]]:
    """Return for each fleet the way between each two of its places, once for both directions."""
    found: dict[str, dict[Way, list[Flat]]] = {}
    for fleet in hall.assets.values():
        if isinstance(fleet, Vehicle):
            found[fleet.id] = _roads_of(hall, fleet, linked)
    return found


def _roads_of(hall: Hall, fleet: Vehicle, linked: dict[Way, list[Flat]]) -> dict[Way, list[Flat]]:
    size = vehicle_size(hall, fleet.id)
    floor = Floor(hall.spots.values(), clear_m=size[1] / 2 + ROAD_SPARE_M)
    for points in linked.values():
        floor.charge(points, half_m=0.5, extra_m=GATE_EXTRA_M)
    docks = {place: dock(hall, place, size) for place in places(hall, fleet)}
    direct = {(w.giver, w.taker) for w in hall.graph.ways if w.via == fleet.id}
    pairs = sorted(combinations(docks, 2), key=lambda p: p not in direct and p[::-1] not in direct)
    found: dict[Way, list[Flat]] = {}
    for a, b in pairs:
        way = floor.way(docks[a], docks[b], leaving_rad=None, arriving_rad=None)
        found[a, b] = way
        floor.charge(way, half_m=0.0, extra_m=ROAD_SHARED_M)
    return found


def places(hall: Hall, fleet: Vehicle) -> list[str]:
    """Return where a fleet's vehicles stop."""
    wanted = [fleet.id, fleet.home, fleet.battery.charger if fleet.battery else None]
    for way in hall.graph.ways:
        if way.via == fleet.id:
            wanted += [way.giver, way.taker]
    return [place for place in dict.fromkeys(wanted) if place is not None and place in hall.spots]


def dock(hall: Hall, place: str, size: tuple[float, float, float]) -> Flat:
    """Return where a vehicle stands beside an asset: in front of it, where there is room."""
    spot = hall.spots[place]
    others = [s for name, s in hall.spots.items() if name != place]
    sides = sorted((-1, 1), key=lambda side: spot.world(0, side)[1])
    for side in sides:
        x, y = spot.world(0.0, side * (spot.d / 2 + DOCK_M))
        stand = Spot(x, y, spot.heading_rad, size[0], size[1], 1.0)
        if not any(stand.overlaps(other, 0.05) for other in others):
            return (x, y)
    return spot.world(0.0, sides[0] * (spot.d / 2 + DOCK_M))


def tracks(
    hall: Hall, linked: dict[Way, list[Flat]], driven: dict[str, dict[Way, list[Flat]]]
) -> dict[str, Track]:
    """Return the tracks between assets, by `GIVER>TAKER`, and `A>A` for standing beside A."""
    found: dict[str, Track] = {}
    for (giver, taker), way in linked.items():
        found[f"{giver}>{taker}"] = Track(tuple((x, y, BELT_M) for x, y in way))
    for fleet_id, ways in driven.items():
        fleet = hall.assets[fleet_id]
        if not isinstance(fleet, Vehicle):
            continue
        for (a, b), way in ways.items():
            points = tuple((x, y, DECK_M) for x, y in way)
            found[f"{a}>{b}"] = Track(points)
            found[f"{b}>{a}"] = Track(points[::-1])
        size = vehicle_size(hall, fleet_id)
        for place in places(hall, fleet):
            found[f"{place}>{place}"] = _stand(hall, place, size, fleet.count)
    return found


def _stand(hall: Hall, place: str, size: tuple[float, float, float], count: int) -> Track:
    x, y = dock(hall, place, size)
    heading_rad = hall.spots[place].heading_rad
    return Track(
        ((x, y, DECK_M), (x, y, DECK_M)),
        tuple(_offset(k, heading_rad, size[0] + 0.35) for k in range(count)),
        heading_rad=heading_rad,
    )


def _offset(k: int, heading_rad: float, step_m: float) -> tuple[float, float, float]:
    along = step_m * ((k + 1) // 2) * (1 if k % 2 else -1)
    return (math.cos(heading_rad) * along, math.sin(heading_rad) * along, 0.0)


def segments(ways: dict[str, dict[Way, list[Flat]]]) -> Iterator[list[Flat]]:
    """Yield every road once."""
    for of_fleet in ways.values():
        yield from of_fleet.values()
