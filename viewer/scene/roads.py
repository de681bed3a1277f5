"""Ways between assets: rollers that link them, and the roads of the vehicles."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from twin.spec.assets import Vehicle

from .document import Track
from .hall import Hall
from .route import Floor
from .spot import BELT_M, DECK_M, DOCK_M, Flat, Spot

LINK_CLEAR_M = (0.3, 0.05)
"""How far links keep away from machines; where that leaves no way, less."""
TURNED_M = 0.13
LINK_EXTRA_M = 0.5
GATE_LINK_M = 2.5
"""A link of a workcell is gone round rather than crossed: its ways lie close together."""
STEEPEST = 0.2
"""Links rise or fall no steeper than this; parts jump where they would have to."""
SPARE_M = 0.14
NARROW_M = 0.26
KEPT = 3
GATE_EXTRA_M = 4.0
ROAD_SHARED_M = -0.12
ROAD_SPARE_M = 0.12
TOUCHING_M = 0.08
SAME_M = 1e-4

Way = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """The rollers between two assets."""

    way: list[Flat]
    """From the giver's end to the taker's, over what is shared with other links."""
    own: list[Flat]
    """The part that no other link has drawn."""
    forks: bool
    """Whether `own` begins on another link from the same giver …"""
    merges: bool
    """… and ends on another one to the same taker."""
    ends_m: tuple[float, float] = (BELT_M, BELT_M)
    """How high `way` begins and ends; it rises evenly."""
    wide_m: float | None = None
    """How wide it is, for parts of true size; None as usual."""

    def heights(self, way: list[Flat]) -> list[float]:
        """Return how high the points of the way, or of its own part, are."""
        low, high = self.ends_m
        if low == high:
            return [low] * len(way)
        total = sum(math.dist(a, b) for a, b in pairwise(way)) or 1.0
        gone, found = 0.0, [low]
        for a, b in pairwise(way):
            gone += math.dist(a, b)
            found.append(low + (high - low) * gone / total)
        return found


def links(hall: Hall) -> dict[Way, Link]:
    """Return the ways that parts take by rollers, for neighbours that do not touch."""
    floors = [Floor(hall.spots.values(), clear_m=clear_m) for clear_m in LINK_CLEAR_M]
    found: dict[Way, Link] = {}
    ways = [way for way in hall.graph.ways if not way.via]
    for way in sorted(ways, key=lambda w: _gap(hall, w.giver, w.taker)):
        gates = {way.giver, way.taker} & hall.cells.keys()
        if not gates and _gap(hall, way.giver, way.taker) < TOUCHING_M:
            continue
        link = _link(hall, floors, found, (way.giver, way.taker))
        found[way.giver, way.taker] = link
        for floor in floors:
            floor.charge(link.own, half_m=0.3, extra_m=GATE_LINK_M if gates else LINK_EXTRA_M)
    return found


def _link(hall: Hall, floors: list[Floor], found: dict[Way, Link], pair: Way) -> Link:
    out, out_rad = hall.way_out(*pair)
    into, into_rad = hall.way_in(*pair)
    start, end = out[-1], into[0]
    starts: dict[Flat, float | None] = {start: out_rad}
    ends: dict[Flat, float | None] = {end: into_rad}
    before = [
        link.way for p, link in found.items() if p[0] == pair[0] and hall.way_out(*p)[0] == out
    ]
    after = [
        link.way for p, link in found.items() if p[1] == pair[1] and hall.way_in(*p)[0] == into
    ]
    for shared in before:
        starts |= dict.fromkeys(floors[0].squares(shared)[KEPT:-KEPT])
    for shared in after:
        ends |= dict.fromkeys(floors[0].squares(shared)[KEPT:-KEPT])
    ways = (floor.way(starts, ends) for floor in floors)
    own = next((way for way in ways if _rectangular(way)), [start, end])
    forks, merges = own[0] != start, own[-1] != end
    head = min((_cut(w, own[0]) for w in before), key=_miss(own[0])) if forks else [own[0]]
    tail = (
        min((_cut(w[::-1], own[-1]) for w in after), key=_miss(own[-1]))[::-1]
        if merges
        else [own[-1]]
    )
    own = [head[-1], *own[1:-1], tail[0]] if len(own) > 2 else [head[-1], tail[0]]
    if not forks:
        own = [*out[:-1], *own]
    if not merges:
        own = [*own, *into[1:]]
    way = [*head[:-1], *own, *tail[1:]]
    if not hall.cells.keys() & set(pair):
        return Link(way, own, forks, merges)
    gates = hall.gate_out(*pair), hall.gate_in(*pair)
    # Links that share their way keep to the usual height.
    low, high = (BELT_M if gate is None or forks or merges else gate.z for gate in gates)
    if abs(high - low) > STEEPEST * sum(math.dist(a, b) for a, b in pairwise(way)):
        low = high = BELT_M
    widest = min(hall.part_of(name)[1] for name in pair) + SPARE_M
    return Link(
        _straight(way), _straight(own), forks, merges, (low, high),
        min(max(widest, NARROW_M), 0.5),
    )  # fmt: skip


def _rectangular(way: list[Flat]) -> bool:
    """Whether a way was found: where there is none it is straight, whatever stands in it."""
    return all(min(abs(a[0] - b[0]), abs(a[1] - b[1])) < TURNED_M for a, b in pairwise(way))


def _straight(way: list[Flat]) -> list[Flat]:
    """Leave out points that a way passes without a turn, and points that it has twice."""
    kept: list[Flat] = []
    for point in way:
        if kept and math.dist(kept[-1], point) < SAME_M:
            continue
        if len(kept) > 1 and _on_the_way(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return kept if len(kept) > 1 else way[:1] * 2


def _on_the_way(a: Flat, b: Flat, c: Flat) -> bool:
    return math.dist(a, b) + math.dist(b, c) < math.dist(a, c) + SAME_M


def _miss(point: Flat) -> Callable[[list[Flat]], float]:
    return lambda way: math.dist(way[-1], point)


def _cut(way: list[Flat], point: Flat) -> list[Flat]:
    """Return a way up to the place on it that is nearest to `point`."""
    best, nearest = list(way), math.inf
    for k, (a, b) in enumerate(pairwise(way)):
        length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
        dot = (point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])
        share = min(max(dot / length2, 0.0), 1.0) if length2 else 0.0
        on = (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
        away = math.dist(on, point)
        if away < nearest - 1e-9:
            best, nearest = [*way[: k + 1], on], away
    return best


def _gap(hall: Hall, giver: str, taker: str) -> float:
    return math.dist(hall.way_out(giver, taker)[0][-1], hall.way_in(giver, taker)[0][0])


def vehicle_size(hall: Hall, fleet: str) -> tuple[float, float, float]:
    """Return how large a fleet's vehicles are: a little more than what they carry."""
    carried = [hall.part_of(w.giver) for w in hall.graph.ways if w.via == fleet]
    px = max((p[0] for p in carried), default=0.6)
    py = max((p[1] for p in carried), default=0.4)
    return (max(1.15, px + 0.3), max(0.75, py + 0.2), DECK_M)


def roads(hall: Hall, linked: dict[Way, Link]) -> dict[str, dict[Way, list[Flat]]]:
    """Return for each fleet the way between each two of its places, once for both directions."""
    found: dict[str, dict[Way, list[Flat]]] = {}
    for fleet in hall.assets.values():
        if isinstance(fleet, Vehicle):
            found[fleet.id] = _roads_of(hall, fleet, linked)
    return found


def _roads_of(hall: Hall, fleet: Vehicle, linked: dict[Way, Link]) -> dict[Way, list[Flat]]:
    size = vehicle_size(hall, fleet.id)
    floor = Floor(hall.spots.values(), clear_m=size[1] / 2 + ROAD_SPARE_M)
    for link in linked.values():
        floor.charge(link.own, half_m=0.5, extra_m=GATE_EXTRA_M)
    docks = {place: dock(hall, place, size) for place in places(hall, fleet)}
    direct = {(w.giver, w.taker) for w in hall.graph.ways if w.via == fleet.id}
    pairs = sorted(combinations(docks, 2), key=lambda p: p not in direct and p[::-1] not in direct)
    found: dict[Way, list[Flat]] = {}
    for a, b in pairs:
        way = floor.way({docks[a]: None}, {docks[b]: None})
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
    hall: Hall, linked: dict[Way, Link], driven: dict[str, dict[Way, list[Flat]]]
) -> dict[str, Track]:
    """Return the tracks between assets, by `GIVER>TAKER`, and `A>A` for standing beside A."""
    found: dict[str, Track] = {}
    for (giver, taker), link in linked.items():
        heights = link.heights(link.way)
        risen = tuple((x, y, z) for (x, y), z in zip(link.way, heights, strict=True))
        found[f"{giver}>{taker}"] = Track(risen)
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
