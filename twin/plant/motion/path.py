"""Movements in closed form: how they are made, where they are, when they get somewhere."""

from math import inf, sqrt

from twin.wire.model import Path, Piece, along

SAME_S = 1e-9
"""Times closer than this are the same."""


def rest(place: float, time_s: float = 0.0) -> Path:
    """Return standing still."""
    return (Piece(time_s, place),)


def even(time_s: float, start: float, end: float, duration_s: float) -> Path:
    """Return an even movement from `start` at `time_s` to `end`, then rest."""
    if duration_s <= 0.0 or start == end:
        return (Piece(time_s, end),)
    return (Piece(time_s, start, (end - start) / duration_s), Piece(time_s + duration_s, end))


def trapezoid(time_s: float, start: float, end: float, speed: float, accel: float) -> Path:
    """Return a movement from rest to rest at most at `speed`, with ramps of `accel`."""
    way = end - start
    if way == 0.0:
        return (Piece(time_s, end),)
    sign = 1.0 if way > 0 else -1.0
    ramp_s = speed / accel
    if abs(way) < speed * ramp_s:
        ramp_s = sqrt(abs(way) / accel)
        top, even_s = accel * ramp_s, 0.0
    else:
        top, even_s = speed, abs(way) / speed - ramp_s
    ramp = sign * accel * ramp_s * ramp_s / 2.0
    pieces = [Piece(time_s, start, 0.0, sign * accel)]
    if even_s > 0.0:
        pieces.append(Piece(time_s + ramp_s, start + ramp, sign * top))
    pieces.append(Piece(time_s + ramp_s + even_s, end - ramp, sign * top, -sign * accel))
    pieces.append(Piece(time_s + 2 * ramp_s + even_s, end))
    return tuple(pieces)


def speed_at(path: Path, time_s: float) -> float:
    """Return the speed on a path at a time; at a joint of two pieces that of the later one."""
    piece = piece_at(path, time_s)
    if piece is None:
        return 0.0
    dt = time_s - piece.t0
    return piece.v + dt * (piece.a + dt * piece.j / 2.0)


def piece_at(path: Path, time_s: float) -> Piece | None:
    """Return the piece that holds at a time; None before the first."""
    for piece in reversed(path):
        if time_s >= piece.t0:
            return piece
    return None


def ends_at(path: Path) -> float:
    """Return when a path comes to rest for good; `inf` if it never does."""
    last = path[-1]
    return last.t0 if last.v == last.a == last.j == 0.0 else inf


def stopped(path: Path, time_s: float) -> Path:
    """Return rest at the place where a path is at a time."""
    return (Piece(time_s, along(path, time_s)),)


def reaches(path: Path, place: float, after_s: float) -> float:
    """Return the first time later than `after_s` at which a path is at a place; `inf` if never.

    Being at the place at `after_s` itself does not count. Pieces up to quadratic.
    """
    for index, piece in enumerate(path):
        ends_s = path[index + 1].t0 if index + 1 < len(path) else inf
        if ends_s <= after_s:
            continue
        for dt in roots(piece.a / 2.0, piece.v, piece.p - place):
            time_s = piece.t0 + dt
            if dt >= -SAME_S and after_s + SAME_S < time_s <= ends_s + SAME_S:
                return max(time_s, piece.t0)
    return inf


def roots(a: float, b: float, c: float) -> list[float]:
    """Return the real roots of a x² + b x + c = 0 in rising order, without cancellation.

    Source: Press et al., Numerical Recipes, section 5.6.
    """
    if a == 0.0:
        return [] if b == 0.0 else [-c / b]
    under = b * b - 4.0 * a * c
    if under < 0.0:
        return []
    q = -0.5 * (b + (sqrt(under) if b >= 0.0 else -sqrt(under)))
    if q == 0.0:
        return [0.0]
    return sorted((q / a, c / q))
