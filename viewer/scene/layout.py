"""Where everything stands, for lines whose file does not say it.

The main flow runs left to right and folds into bands when it is long; branches stand side by
side, rework below, people and chargers in front.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .flow import Graph
from .sizes import Size
from .spot import PORT_M, Spot

COLUMN_GAP_M = 2 * PORT_M
CARRIED_GAP_M = 3.0
ROW_GAP_M = 1.7
AISLE_GAP_M = 2.4
WANTED_ASPECT = 1.5
FOLD_COST = 0.65
SHORT_M = 22.0
BAND_COST = 0.08
MOST_BANDS = 16
LANES_OF_REWORK = (-1, -2, -3, -4, -5, -6)
LANES_OF_BRANCHES = (1, -1, 2, -2, 3, -3, 4, -4, 5, -5)


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the grid of the layout."""

    rank: int
    row: int
    back: bool = False
    """Whether parts run against the main flow here."""


def arrange(
    graph: Graph, sizes: dict[str, Size], *, carried: bool, elastic: frozenset[str] = frozenset()
) -> dict[str, Spot]:
    """Return a spot for each asset of `graph`.

    Args:
        graph: The assets and their ways.
        sizes: Width, depth and height of each asset, m.
        carried: Whether vehicles need aisles.
        elastic: Assets that may be drawn longer, to reach their neighbours.
    """
    cells = _cells(graph)
    ranks = sorted({cell.rank for cell in cells.values()})
    widths = {r: max(sizes[a][0] for a, c in cells.items() if c.rank == r) for r in ranks}
    sizes = sizes | {
        a: (widths[c.rank], *sizes[a][1:]) for a, c in cells.items() if c.row == 0 and a in elastic
    }
    gaps = {r: _gap_before(r, graph, cells) for r in ranks}
    row_gap_m = AISLE_GAP_M if carried else ROW_GAP_M
    length_m = sum(widths[r] + gaps[r] for r in ranks)
    options = []
    for count in range(1, MOST_BANDS + 1):
        bands = _fold(ranks, widths, gaps, count)
        spots = _stand(bands, cells, sizes, (widths, gaps), row_gap_m)
        x0, y0, x1, y1 = bounds(spots.values())
        aspect = (x1 - x0 + 3) / (y1 - y0 + 3)
        cost = abs(math.log(aspect / WANTED_ASPECT)) + BAND_COST * count
        folding = FOLD_COST * min(1.0, SHORT_M / length_m) if count > 1 else 0.0
        options.append((cost + folding, count, spots))
        if aspect < WANTED_ASPECT:
            break
    return min(options, key=lambda option: option[:2])[2]


def bounds(spots: Iterable[Spot]) -> tuple[float, float, float, float]:
    """Return the bounding box of some spots: x0, y0, x1, y1."""
    boxes = [spot.extent() for spot in spots]
    if not boxes:
        return (0.0, 0.0, 0.0, 0.0)
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _cells(graph: Graph) -> dict[str, Cell]:
    rank = _pulled(graph, graph.ranks())
    main = graph.main()
    cells = {asset: Cell(rank[asset], 0) for asset in main}
    below = _below(graph, set(main))
    back = _against(graph, rank, below)
    for asset in sorted(set(graph.ids) - set(main), key=lambda a: (rank[a], graph.ids.index(a))):
        at = back.get(asset, rank[asset])
        near = [cells[n].row for n in (*graph.givers(asset), *graph.takers(asset)) if n in cells]
        rows = LANES_OF_REWORK if asset in below else LANES_OF_BRANCHES
        taken = {(cell.rank, cell.row) for cell in cells.values()}
        wanted = [row for row in near if row != 0 and row in rows] + list(rows)
        row = next((r for r in wanted if (at, r) not in taken), min(rows) - len(cells))
        cells[asset] = Cell(at, row, asset in back)
    return _from_zero(cells)


def _from_zero(cells: dict[str, Cell]) -> dict[str, Cell]:
    first = min(cell.rank for cell in cells.values())
    return {asset: replace(cell, rank=cell.rank - first) for asset, cell in cells.items()}


def _pulled(graph: Graph, rank: dict[str, int]) -> dict[str, int]:
    """Move feeders of a later asset up to it, so that they do not stand far away."""
    main = graph.main()
    reached = set(main[:1])
    for asset in graph.sorted():
        if any(giver in reached for giver in graph.givers(asset)):
            reached.add(asset)
    pulled = dict(rank)
    for asset in reversed(graph.sorted()):
        takers = graph.takers(asset)
        if asset not in reached and takers:
            pulled[asset] = min(pulled[t] for t in takers) - 1
    return pulled


def _below(graph: Graph, main: set[str]) -> set[str]:
    """Return what stands below the main flow: rework, scrap, and whatever follows only them."""
    below = {asset for asset in graph.failing if asset not in main}
    below |= {giver for giver, _ in graph.back if giver not in main}
    for asset in graph.sorted():
        givers = graph.givers(asset)
        if asset not in main and givers and all(giver in below for giver in givers):
            below.add(asset)
    return below


def _against(graph: Graph, rank: dict[str, int], below: set[str]) -> dict[str, int]:
    """Return the ranks of assets on a way back: from below their giver towards the target."""
    at: dict[str, int] = {}
    targets = {giver: rank[taker] for giver, taker in graph.back if giver in below}
    for last, target in targets.items():
        chain = [last]
        while True:
            givers = [g for g in graph.givers(chain[0]) if g in below]
            if not givers or givers[0] in chain:
                break
            chain.insert(0, givers[0])
        givers = graph.givers(chain[0])
        start = max((rank[g] for g in givers), default=rank[chain[0]])
        for i, asset in enumerate(chain):
            at[asset] = max(start - i, min(target, start))
    return at


def _gap_before(rank: int, graph: Graph, cells: dict[str, Cell]) -> float:
    """Return the gap before a column: wide where a vehicle carries parts over it."""
    for way in graph.ways:
        a, b = cells[way.giver].rank, cells[way.taker].rank
        if way.via and min(a, b) < rank <= max(a, b) and abs(a - b) == 1:
            return CARRIED_GAP_M
    return COLUMN_GAP_M


def _fold(
    ranks: list[int], widths: dict[int, float], gaps: dict[int, float], count: int
) -> list[list[int]]:
    """Split the columns into `count` bands of about the same length."""
    total = sum(widths[r] + gaps[r] for r in ranks)
    bands: list[list[int]] = [[] for _ in range(count)]
    done = 0.0
    for r in ranks:
        step = widths[r] + gaps[r]
        bands[min(int((done + step / 2) / total * count), count - 1)].append(r)
        done += step
    return [band for band in bands if band]


def _stand(
    bands: list[list[int]],
    cells: dict[str, Cell],
    sizes: dict[str, Size],
    lengths_m: tuple[dict[int, float], dict[int, float]],
    row_gap_m: float,
) -> dict[str, Spot]:
    """Stand the bands one below the other, each against the direction of the one before."""
    widths, gaps = lengths_m
    lengths = [sum(widths[r] + gaps[r] for r in band) for band in bands]
    longest = max(lengths)
    spots: dict[str, Spot] = {}
    y_top = 0.0
    for number, band in enumerate(bands):
        leftwards = number % 2 == 1
        rows = sorted({c.row for c in cells.values() if c.rank in band}, reverse=True)
        depth = {
            row: max(sizes[a][1] for a, c in cells.items() if c.row == row and c.rank in band)
            for row in rows
        }
        y_of: dict[int, float] = {}
        for row in rows:
            y_of[row] = _snapped(y_top - depth[row] / 2)
            y_top -= depth[row] + row_gap_m
        x = 0.0
        for r in band:
            x += gaps[r]
            centre = longest - x - widths[r] / 2 if leftwards else x + widths[r] / 2
            for asset, cell in cells.items():
                if cell.rank == r:
                    heading_rad = math.pi if leftwards != cell.back else 0.0
                    spots[asset] = Spot(
                        _snapped(centre), y_of[cell.row], heading_rad, *sizes[asset]
                    )
            x += widths[r]
    return spots


def _snapped(length_m: float) -> float:
    return round(length_m * 4) / 4
