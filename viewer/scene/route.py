"""Ways over the floor: rectangular, around machines, with few turns, sharing where they may."""

import heapq
import math
from collections.abc import Iterable, Mapping
from itertools import pairwise

from .spot import Flat, Spot

CELL_M = 0.25
TURN_M = 1.5
MARGIN_M = 3.0
LEAST_STEP_M = 0.1
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))

Square = tuple[int, int]
Ends = Mapping[Flat, float | None]
"""Points where a way may begin or end, with the heading it must have there; None is free."""


class Floor:
    """The free squares of a hall, and what ways cost on them."""

    def __init__(self, spots: Iterable[Spot], *, clear_m: float) -> None:
        spots = list(spots)
        boxes = [spot.extent(clear_m) for spot in spots]
        self._x0 = math.floor((min(b[0] for b in boxes) - MARGIN_M) / CELL_M) * CELL_M
        self._y0 = math.floor((min(b[1] for b in boxes) - MARGIN_M) / CELL_M) * CELL_M
        self._columns = math.ceil((max(b[2] for b in boxes) + MARGIN_M - self._x0) / CELL_M)
        self._rows = math.ceil((max(b[3] for b in boxes) + MARGIN_M - self._y0) / CELL_M)
        self._least = CELL_M
        self._price = [CELL_M] * (self._columns * self._rows)
        for spot in spots:
            self._close(spot, clear_m)

    def charge(self, way: list[Flat], *, half_m: float, extra_m: float) -> None:
        """Make the squares near `way` cost `extra_m` more (or less) for each step."""
        reach = round(half_m / CELL_M)
        price = max(LEAST_STEP_M, CELL_M + extra_m)
        self._least = min(self._least, price)
        for x, y in self._along(way):
            for dx in range(-reach, reach + 1):
                for dy in range(-reach, reach + 1):
                    if self._inside(x + dx, y + dy):
                        at = (y + dy) * self._columns + x + dx
                        self._price[at] = price

    def squares(self, way: list[Flat]) -> list[Flat]:
        """Return the middles of the squares along a way, from its start to its end."""
        return [self._centre(x, y) for x, y in dict.fromkeys(self._along(way))]

    def way(self, starts: Ends, ends: Ends) -> list[Flat]:
        """Return the cheapest rectangular way from any start to any end.

        Where there is none, it is straight, from the first start to the first end.
        """
        begin = {self._square(p): (p, _facing(h)) for p, h in reversed(list(starts.items()))}
        finish = {self._square(p): (p, _facing(h)) for p, h in reversed(list(ends.items()))}
        squares = self._search(
            {s: facing for s, (_, facing) in begin.items()},
            {s: facing for s, (_, facing) in finish.items()},
        )
        if not squares:
            return [next(iter(starts)), next(iter(ends))]
        first, last = begin[squares[0]][0], finish[squares[-1]][0]
        if len(squares) == 1:
            return [first, last]
        return _joined(first, last, [self._centre(*s) for s in _corners(squares)])

    def _search(
        self, begin: dict[Square, int | None], finish: dict[Square, int | None]
    ) -> list[Square]:
        columns, rows, price, least = self._columns, self._rows, self._price, self._least
        goals = {y * columns + x: facing for (x, y), facing in finish.items()}
        box = (
            min(x for x, _ in finish),
            min(y for _, y in finish),
            max(x for x, _ in finish),
            max(y for _, y in finish),
        )
        cost: dict[int, float] = {}
        came: dict[int, int] = {}
        heap: list[tuple[float, float, int]] = []
        for (x, y), facing in begin.items():
            for d in range(4) if facing is None else (facing,):
                state = (y * columns + x) * 4 + d
                cost[state] = 0.0
                heapq.heappush(heap, (_left(x, y, box, least), 0.0, state))
        while heap:
            _, so_far, state = heapq.heappop(heap)
            if so_far > cost[state]:
                continue
            at, d = divmod(state, 4)
            if at in goals and goals[at] in (None, d):
                return [(a % columns, a // columns) for a in _traced(came, state)]
            y, x = divmod(at, columns)
            for turn in (0, 1, 3):
                to = (d + turn) % 4
                if turn:
                    nx, ny, total = x, y, so_far + TURN_M
                else:
                    nx, ny = x + STEPS[d][0], y + STEPS[d][1]
                    if not (0 <= nx < columns and 0 <= ny < rows):
                        continue
                    step = price[ny * columns + nx]
                    if step == math.inf and ny * columns + nx not in goals:
                        continue
                    total = so_far + min(step, CELL_M * 4)
                after = (ny * columns + nx) * 4 + to
                if total < cost.get(after, math.inf):
                    cost[after] = total
                    came[after] = state
                    heapq.heappush(heap, (total + _left(nx, ny, box, least), total, after))
        return []

    def _along(self, way: list[Flat]) -> Iterable[Square]:
        for a, b in pairwise(way):
            steps = max(1, math.ceil(math.dist(a, b) / CELL_M))
            for i in range(steps + 1):
                share = i / steps
                yield self._square((a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share))

    def _inside(self, x: int, y: int) -> bool:
        inside = 0 <= x < self._columns and 0 <= y < self._rows
        return inside and self._price[y * self._columns + x] != math.inf

    def _square(self, point: Flat) -> Square:
        x = round((point[0] - self._x0) / CELL_M)
        y = round((point[1] - self._y0) / CELL_M)
        return min(max(x, 0), self._columns - 1), min(max(y, 0), self._rows - 1)

    def _centre(self, x: int, y: int) -> Flat:
        return (self._x0 + x * CELL_M, self._y0 + y * CELL_M)

    def _close(self, spot: Spot, clear_m: float) -> None:
        x0, y0, x1, y1 = spot.extent(clear_m)
        c, s = math.cos(spot.heading_rad), math.sin(spot.heading_rad)
        low, high = self._square((x0, y0)), self._square((x1, y1))
        half_w, half_d = spot.w / 2 + clear_m - 1e-6, spot.d / 2 + clear_m - 1e-6
        for x in range(low[0], high[0] + 1):
            for y in range(low[1], high[1] + 1):
                px, py = self._centre(x, y)
                along = c * (px - spot.x) + s * (py - spot.y)
                across = -s * (px - spot.x) + c * (py - spot.y)
                if abs(along) < half_w and abs(across) < half_d:
                    self._price[y * self._columns + x] = math.inf


def _facing(heading_rad: float | None) -> int | None:
    return None if heading_rad is None else round(heading_rad / (math.pi / 2)) % 4


def _left(x: int, y: int, box: tuple[int, int, int, int], least: float) -> float:
    """Return no more than what the rest of the way costs."""
    across = max(box[0] - x, 0, x - box[2])
    up = max(box[1] - y, 0, y - box[3])
    return least * (across + up) + (TURN_M if across and up else 0.0)


def _traced(came: dict[int, int], state: int) -> list[int]:
    squares = [state // 4]
    while state in came:
        state = came[state]
        if state // 4 != squares[-1]:
            squares.append(state // 4)
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
    for at, near, target in ((0, 1, start), (-1, -2, end)):
        flat = abs(way[at][1] - way[near][1]) < 1e-9
        way[near] = (way[near][0], target[1]) if flat else (target[0], way[near][1])
        way[at] = target
    return way
