"""Ways over the floor: rectangular, around machines, with few turns, sharing roads."""

import heapq
import math
from collections.abc import Iterable

from .spot import Flat, Spot

CELL_M = 0.25
TURN_M = 1.5
CROSSING_M = 6.0
MARGIN_M = 5.0
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))

Square = tuple[int, int]
State = tuple[int, int, int]


class Floor:
    """The free squares of a hall, and what ways cost on them."""

    def __init__(self, spots: Iterable[Spot], *, clear_m: float) -> None:
        spots = list(spots)
        boxes = [spot.extent(clear_m) for spot in spots]
        self._x0 = min(b[0] for b in boxes) - MARGIN_M
        self._y0 = min(b[1] for b in boxes) - MARGIN_M
        self._columns = math.ceil((max(b[2] for b in boxes) + MARGIN_M - self._x0) / CELL_M)
        self._rows = math.ceil((max(b[3] for b in boxes) + MARGIN_M - self._y0) / CELL_M)
        self._x0, self._y0 = (math.floor(v / CELL_M) * CELL_M for v in (self._x0, self._y0))
        self._closed: set[Square] = set()
        self._extra_m: dict[Square, float] = {}
        for spot in spots:
            self._closed |= set(self._covered(spot, clear_m))

    def charge(self, way: list[Flat], *, half_m: float, extra_m: float) -> None:
        """Make the squares near `way` cost `extra_m` more (or less) for each step."""
        reach = round(half_m / CELL_M)
        for a, b in zip(way, way[1:], strict=False):
            steps = max(1, math.ceil(math.dist(a, b) / CELL_M))
            for i in range(steps + 1):
                cx, cy = self._square(
                    (a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps)
                )
                for dx in range(-reach, reach + 1):
                    for dy in range(-reach, reach + 1):
                        self._extra_m[cx + dx, cy + dy] = extra_m

    def way(
        self, start: Flat, end: Flat, *, leaving_rad: float | None, arriving_rad: float | None
    ) -> list[Flat]:
        """Return the cheapest rectangular way; straight where there is none.

        Args:
            start: Point on the floor, m.
            end: Point on the floor, m.
            leaving_rad: Heading at the start; None is free.
            arriving_rad: Heading at the end; None is free.
        """
        first, last = self._square(start), self._square(end)
        if first == last:
            return [start, end]
        squares = self._search(first, last, _facing(leaving_rad), _facing(arriving_rad))
        if not squares:
            return [start, end]
        return _joined(start, end, [self._centre(s) for s in _corners(squares)])

    def _search(
        self, first: Square, last: Square, leaving: int | None, arriving: int | None
    ) -> list[Square]:
        begin = [(*first, d) for d in ((leaving,) if leaving is not None else range(4))]
        cost: dict[State, float] = dict.fromkeys(begin, 0.0)
        came: dict[State, State] = {}
        heap = [(_far(first, last), state) for state in begin]
        while heap:
            _, state = heapq.heappop(heap)
            x, y, facing = state
            if (x, y) == last and (arriving is None or facing == arriving):
                return _traced(came, state)
            so_far = cost[state]
            for turn in (0, 1, 3):
                to = (facing + turn) % 4
                if turn:
                    after, price = (x, y, to), so_far + TURN_M
                else:
                    square = (x + STEPS[to][0], y + STEPS[to][1])
                    if not self._open(square) and square != last:
                        continue
                    after = (*square, to)
                    price = so_far + max(CELL_M * 0.3, CELL_M + self._extra_m.get(square, 0.0))
                if price < cost.get(after, math.inf):
                    cost[after] = price
                    came[after] = state
                    heapq.heappush(heap, (price + 0.3 * _far(after[:2], last), after))
        return []

    def _open(self, square: Square) -> bool:
        x, y = square
        return 0 <= x < self._columns and 0 <= y < self._rows and square not in self._closed

    def _square(self, point: Flat) -> Square:
        return (round((point[0] - self._x0) / CELL_M), round((point[1] - self._y0) / CELL_M))

    def _centre(self, square: Square) -> Flat:
        return (self._x0 + square[0] * CELL_M, self._y0 + square[1] * CELL_M)

    def _covered(self, spot: Spot, clear_m: float) -> Iterable[Square]:
        x0, y0, x1, y1 = spot.extent(clear_m)
        c, s = math.cos(spot.heading_rad), math.sin(spot.heading_rad)
        low, high = self._square((x0, y0)), self._square((x1, y1))
        for x in range(low[0], high[0] + 1):
            for y in range(low[1], high[1] + 1):
                px, py = self._centre((x, y))
                along = c * (px - spot.x) + s * (py - spot.y)
                across = -s * (px - spot.x) + c * (py - spot.y)
                inside = 1e-6
                if (
                    abs(along) < spot.w / 2 + clear_m - inside
                    and abs(across) < spot.d / 2 + clear_m - inside
                ):
                    yield (x, y)


def _facing(heading_rad: float | None) -> int | None:
    return None if heading_rad is None else round(heading_rad / (math.pi / 2)) % 4


def _far(a: Square, b: Square) -> float:
    return CELL_M * (abs(a[0] - b[0]) + abs(a[1] - b[1]))


def _traced(came: dict[State, State], state: State) -> list[Square]:
    squares = [state[:2]]
    while state in came:
        state = came[state]
        if state[:2] != squares[-1]:
            squares.append(state[:2])
    return squares[::-1]


def _corners(squares: list[Square]) -> list[Square]:
    kept = [squares[0]]
    for before, here, after in zip(squares, squares[1:], squares[2:], strict=False):
        if (here[0] - before[0], here[1] - before[1]) != (after[0] - here[0], after[1] - here[1]):
            kept.append(here)
    return [*kept, squares[-1]]


def _joined(start: Flat, end: Flat, corners: list[Flat]) -> list[Flat]:
    """Shift the first and last stretch of a way so that it meets its ends without a jog."""
    way = list(corners)
    if len(way) == 2:
        return [start, end]
    for at, target in ((0, start), (-1, end)):
        near = 1 if at == 0 else -2
        flat = abs(way[at][1] - way[near][1]) < 1e-9
        way[near] = (way[near][0], target[1]) if flat else (target[0], way[near][1])
        way[at] = target
    return way
