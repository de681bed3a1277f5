"""Strokes in closed form: how far a rod is out while the pressure behind it rises and falls."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf

from twin.wire.model import Path, Piece

from .path import roots

SAME = 1e-9
"""Strokes closer than this are the same."""
FULL: Path = (Piece(0.0, 1.0),)
"""The share of its pressure that a supply has which is always full; a spring's force too."""


def driven(
    time_s: float, start: float, goal: float, full_s: float, shares: Path, least: float
) -> Path:
    """Return a stroke from rest or movement at `start` to `goal`, then rest.

    Args:
        time_s: when it begins.
        start: the stroke then.
        goal: the stroke where it ends.
        full_s: time of a stroke of 1 at full pressure.
        shares: the pressure over the full one, of straight pieces.
        least: share below which nothing moves.
    """
    sign = 1.0 if goal > start else -1.0
    place = start
    pieces: list[Piece] = []
    for begins_s, ends_s, share, slope in stretches(shares, time_s, least):
        v, a = sign * share / full_s, sign * slope / full_s
        piece = Piece(begins_s, place, v, a)
        pieces.append(piece)
        if v == a == 0.0:
            continue
        left = [dt for dt in roots(a / 2.0, v, place - goal) if dt >= 0.0]
        if left and begins_s + left[0] <= ends_s:
            pieces.append(Piece(begins_s + left[0], goal))
            break
        if ends_s < inf:
            place = piece.at(ends_s)
            if abs(place - goal) < SAME:
                pieces.append(Piece(ends_s, goal))
                break
    return tuple(pieces)


def stretches(
    shares: Path, time_s: float, least: float
) -> Iterator[tuple[float, float, float, float]]:
    """Yield from when to when which share of the pressure drives a rod, and its slope.

    Both are 0 where the share is less than `least`.
    """
    for index, piece in enumerate(shares):
        ends_s = shares[index + 1].t0 if index + 1 < len(shares) else inf
        if ends_s <= time_s:
            continue
        begins_s = max(piece.t0, time_s)
        share = piece.at(begins_s)
        cuts = [begins_s, ends_s]
        if piece.v != 0.0:
            crosses_s = begins_s + (least - share) / piece.v
            if begins_s < crosses_s < ends_s:
                cuts.insert(1, crosses_s)
        for since_s, until_s in pairwise(cuts):
            middle = piece.at(since_s if until_s == inf else (since_s + until_s) / 2.0)
            if middle >= least:
                yield since_s, until_s, piece.at(since_s), piece.v
            else:
                yield since_s, until_s, 0.0, 0.0


def when_at(path: Path, place: float, after_s: float) -> float:
    """Return when a stroke that never turns is at a place, not before `after_s`; `inf`: never."""
    for index, piece in enumerate(path):
        ends_s = path[index + 1].t0 if index + 1 < len(path) else inf
        if ends_s < after_s:
            continue
        if abs(piece.p - place) < SAME and piece.t0 >= after_s:
            return piece.t0
        if not moving(piece):
            continue
        times = [piece.t0 + dt for dt in roots(piece.a / 2.0, piece.v, piece.p - place)]
        slack = SAME * max(1.0, after_s)
        times = [t for t in times if after_s - slack <= t <= ends_s + slack]
        if times:
            return max(min(times), after_s)
    return inf


def scaled(path: Path, by: float, offset: float = 0.0) -> Path:
    """Return a path that is `by` times another plus an offset."""
    return tuple(
        Piece(piece.t0, offset + by * piece.p, by * piece.v, by * piece.a, by * piece.j)
        for piece in path
    )


def moving(piece: Piece | None) -> bool:
    """Tell whether there is movement in a piece."""
    return piece is not None and (piece.v != 0.0 or piece.a != 0.0)
