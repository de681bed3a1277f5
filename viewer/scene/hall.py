"""Where everything of a line stands: from the file where it says so, else by the layout."""

import math
from dataclasses import replace

from twin.spec.assets import Asset, Conveyor, Vehicle
from twin.spec.flow import Branch
from twin.spec.line import LineSpec
from twin.spec.motion import Workcell

from . import layout
from .cells import DrawnCell, draw_workcell
from .cells.draw import Gate
from .flow import Graph, graph
from .sizes import USUAL_PART, Body, Size, Slots, body, passing
from .spot import PORT_M, Flat, Spot

FRONT_GAP_M = 1.6
ROUND_M = 1.1
STEP_M = 0.5
SHORTEST_BELT_M = 1.0
LEAST_SHOWN_M = 0.32
THINNEST_SHOWN_M = 0.1
STRAIGHT_M = 1.5
"""So much longer may a straight way into a workcell be than one with a turn."""
FAR_M = 10.0
LANE_M = 0.7
"""Ways out and in that are nearer to each other than this would lie on each other."""
RIGID = {"source", "sink", "workcell"}


class Hall:
    """Spots and bodies of all assets of a line."""

    def __init__(self, spec: LineSpec) -> None:
        self.graph: Graph = graph(spec)
        self.assets: dict[str, Asset] = {asset.id: asset for asset in spec.assets}
        self._types = passing(spec, self.graph.ways)
        measured = set[str]().union(
            *(self._types[a.id] for a in spec.assets if isinstance(a, Workcell))
        )
        self.part_sizes = {
            part.id: part.size_m if part.id in measured else shown(part.size_m)
            for part in spec.parts
        }
        self.cells: dict[str, DrawnCell] = {}
        self._exits = {
            (way.from_, taker): key
            for way in spec.flow
            if isinstance(way, Branch) and way.by == "exit" and isinstance(way.to, dict)
            for key, taker in way.to.items()
        }
        self.bodies = self._bodies(spec)
        self.spots: dict[str, Spot] = {}
        self._stand_fixed()
        self._stand_arranged()
        self._stand_in_gaps()

    def part_of(self, asset: str) -> tuple[float, float, float]:
        """Return the largest part that comes by an asset."""
        return self.bodies[asset].part

    def _bodies(self, spec: LineSpec) -> dict[str, Body]:
        types = self._types
        bodies = {}
        for asset in spec.assets:
            if isinstance(asset, Workcell):
                bodies[asset.id] = self._drawn(asset)
                continue
            sizes = [self.part_sizes.get(t, USUAL_PART) for t in types[asset.id]] or [USUAL_PART]
            largest = (
                max(s[0] for s in sizes),
                max(s[1] for s in sizes),
                max(s[2] for s in sizes),
            )
            bodies[asset.id] = body(asset, largest, self.part_sizes)
        return bodies

    def _drawn(self, asset: Workcell) -> Body:
        types = self._types[asset.id]
        sizes = {name: self.part_sizes[name] for name in sorted(types) if name in self.part_sizes}
        cell = self.cells[asset.id] = draw_workcell(asset, sizes)
        x0, y0, x1, y1 = cell.box
        size = (x1 - x0, y1 - y0, max(cell.height_m, 0.8))
        part = cell.plan.part
        return Body("workcell", size, Slots(((0.0, 0.0, 0.0),)), part, part[1])

    def origin(self, cell: str) -> Flat:
        """Return where a workcell's own frame has its origin."""
        x0, y0, x1, y1 = self.cells[cell].box
        return self.spots[cell].world(-(x0 + x1) / 2, -(y0 + y1) / 2)

    def gate_out(self, giver: str, taker: str) -> Gate | None:
        """Return where parts leave a workcell for an asset; None where it is no workcell."""
        gates = self.cells[giver].exits if giver in self.cells else ()
        wanted = self._exits.get((giver, taker))
        return next((g for g in gates if g.body == wanted), gates[0] if gates else None)

    def gate_in(self, giver: str, taker: str) -> Gate | None:
        """Return where parts come into a workcell from an asset; None where it is no workcell."""
        gates = self.cells[taker].entries if taker in self.cells else ()
        gate = next((g for g in gates if g.giver == giver), None)
        return gate or next((g for g in gates if g.giver is None), gates[0] if gates else None)

    def way_out(self, giver: str, taker: str) -> tuple[list[Flat], float]:
        """Return the last points of a part's way out of an asset, and its heading there."""
        spot, gate = self.spots[giver], self.gate_out(giver, taker)
        if gate is None:
            return [spot.way_out], spot.heading_rad
        at, port, heading_rad = self._port(giver, gate, outwards=True)
        return [at, port], heading_rad

    def way_in(self, giver: str, taker: str) -> tuple[list[Flat], float]:
        """Return the first points of a part's way into an asset, and its heading there."""
        spot, gate = self.spots[taker], self.gate_in(giver, taker)
        if gate is None:
            return [spot.way_in], spot.heading_rad
        at, port, heading_rad = self._port(taker, gate, outwards=False)
        return [port, at], heading_rad

    def _port(self, cell: str, gate: Gate, *, outwards: bool) -> tuple[Flat, Flat, float]:
        """Return a gate, the point before the workcell from which it is reached, the heading."""
        x0, y0, x1, y1 = self.cells[cell].box
        x, y = gate.at
        facing = round(gate.heading_rad / (math.pi / 2)) + (0 if outwards else 2)
        away = {0: x1 - x, 1: y1 - y, 2: x - x0, 3: y - y0}
        taken = self._taken(cell) if outwards else set()
        side = min(
            away,
            key=lambda k: (
                away[k]
                - (STRAIGHT_M if k == facing % 4 else 0.0)
                + (FAR_M if (k, _lane(k, gate.at)) in taken else 0.0)
            ),
        )
        far = away[side] + PORT_M
        dx, dy = ((1, 0), (0, 1), (-1, 0), (0, -1))[side]
        spot, cx, cy = self.spots[cell], (x0 + x1) / 2, (y0 + y1) / 2
        at, port = (spot.world(x - cx + dx * way, y - cy + dy * way) for way in (0.0, far))
        heading_rad = spot.heading_rad + side * math.pi / 2
        return at, port, heading_rad if outwards else heading_rad + math.pi

    def _taken(self, cell: str) -> set[tuple[int, int]]:
        """Return the sides and lanes by which parts come straight into a workcell."""
        sides = (
            (g, (round(g.heading_rad / (math.pi / 2)) + 2) % 4) for g in self.cells[cell].entries
        )
        return {(side, _lane(side, gate.at)) for gate, side in sides}

    def _stand_fixed(self) -> None:
        for asset in self.assets.values():
            at_m = asset.place.at_m
            if at_m is not None:
                heading_rad = math.radians(asset.place.heading_deg)
                size = self.bodies[asset.id].size
                spot = Spot(*at_m, heading_rad, *size)
                if asset.id in self.cells:
                    x0, y0, x1, y1 = self.cells[asset.id].box
                    x, y = spot.world((x0 + x1) / 2, (y0 + y1) / 2)
                    spot = replace(spot, x=x, y=y)
                self.spots[asset.id] = spot
        for name in self.graph.ids:
            asset = self.assets[name]
            if isinstance(asset, Conveyor) and name not in self.spots:
                self._stretch(name)

    def _stretch(self, name: str) -> None:
        """Stand a belt between its neighbours where the file places both of them."""
        givers = [g for g in self.graph.givers(name) if g in self.spots]
        takers = [t for t in self.graph.takers(name) if t in self.spots]
        if not givers or not takers:
            return
        start, end = self.spots[givers[0]].way_out, self.spots[takers[0]].way_in
        length_m = math.dist(start, end) - 2 * PORT_M
        if length_m < SHORTEST_BELT_M:
            return
        _, d, h = self.bodies[name].size
        heading_rad = math.atan2(end[1] - start[1], end[0] - start[0])
        spot = Spot((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, heading_rad, length_m, d, h)
        if any(spot.overlaps(other) for other in self.spots.values()):
            return
        self.spots[name] = spot
        self.bodies[name] = replace(self.bodies[name], size=(length_m, d, h))

    def _stand_arranged(self) -> None:
        """Arrange whatever the file does not place, in front of what it does."""
        left = tuple(name for name in self.graph.ids if name not in self.spots)
        if not left:
            return
        known = set(left)
        part = Graph(
            left,
            tuple(w for w in self.graph.ways if w.giver in known and w.taker in known),
            self.graph.back,
            self.graph.failing & known,
        )
        sizes = {name: self.bodies[name].size for name in left}
        carried = any(asset.kind == "vehicle" for asset in self.assets.values())
        elastic = frozenset(n for n in left if self.assets[n].kind not in RIGID)
        spots = layout.arrange(part, sizes, carried=carried, elastic=elastic)
        dx = dy = 0.0
        if self.spots:
            x0, y0, _, _ = layout.bounds(self.spots.values())
            a0, _, _, b1 = layout.bounds(spots.values())
            dx, dy = x0 - a0, y0 - FRONT_GAP_M - b1
        self.spots |= {
            name: replace(spot, x=spot.x + dx, y=spot.y + dy) for name, spot in spots.items()
        }
        for name, spot in spots.items():
            self.bodies[name] = replace(self.bodies[name], size=(spot.w, spot.d, spot.h))

    def _stand_in_gaps(self) -> None:
        """Stand people and chargers on free floor: chargers near their dock, people in front."""
        for asset in self.assets.values():
            if asset.id not in self.spots:
                size = self.bodies[asset.id].size
                self.spots[asset.id] = self._free(size, self._near(asset))

    def _near(self, asset: Asset) -> Flat:
        x0, y0, _, _ = layout.bounds(self.spots.values())
        home = asset.home if isinstance(asset, Vehicle) else None
        if home in self.spots:
            spot = self.spots[home]
            return (spot.x, spot.y - spot.d / 2 - 2.0)
        return (x0, y0)

    def _free(self, size: Size, near: Flat) -> Spot:
        """Return the free spot nearest to a point, with room to walk around it."""
        x0, y0, x1, y1 = layout.bounds(self.spots.values())
        w, d, h = size
        best, cost = Spot(x0 + w / 2, y0 - FRONT_GAP_M - d / 2, 0.0, w, d, h), math.inf
        y0 -= FRONT_GAP_M + d
        for i in range(int((x1 - x0) / STEP_M) + 1):
            for j in range(int((y1 - y0) / STEP_M) + 1):
                x, y = x0 + w / 2 + i * STEP_M, y0 + d / 2 + j * STEP_M
                away = math.dist((x, y), near) + (4.0 if y < y0 + FRONT_GAP_M + d else 0.0)
                if away >= cost or x + w / 2 > x1:
                    continue
                room = Spot(x, y, 0.0, w + 2 * ROUND_M, d + 2 * ROUND_M, h)
                if not any(room.overlaps(s) for s in self.spots.values()):
                    best, cost = Spot(x, y, 0.0, w, d, h), away
        return best


def _lane(side: int, at: Flat) -> int:
    """Return about where across a side of a workcell a way goes through it."""
    return round((at[1] if side % 2 == 0 else at[0]) / LANE_M)


def shown(size_m: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return the size a part is drawn with: true, but never too small to be seen."""
    scale = max(1.0, LEAST_SHOWN_M / max(size_m))
    return (
        max(size_m[0] * scale, THINNEST_SHOWN_M),
        max(size_m[1] * scale, THINNEST_SHOWN_M),
        size_m[2] * scale,
    )
