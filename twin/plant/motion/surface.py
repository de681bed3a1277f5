"""The surface of a belt: how far it has run, in closed form."""

from math import inf

from twin.wire.model import Path, Piece, along

from .path import piece_at, speed_at
from .rider import Motion


def driven(path: Path, time_s: float, target_m_s: float, accel_m_s2: float | None) -> Path:
    """Return how a surface runs on when its drive is given another speed.

    A ramp through zero is two pieces, so that within a piece the surface never turns round.
    """
    place, speed = along(path, time_s), speed_at(path, time_s)
    if accel_m_s2 is None or speed == target_m_s:
        return (Piece(time_s, place, target_m_s),)
    pieces: list[Piece] = []
    stops = (0.0, target_m_s) if speed * target_m_s < 0.0 else (target_m_s,)
    for stop in stops:
        accel = accel_m_s2 if stop > speed else -accel_m_s2
        pieces.append(Piece(time_s, place, speed, accel))
        ramp_s = (stop - speed) / accel
        place += ramp_s * (speed + stop) / 2.0
        time_s += ramp_s
        speed = stop
    pieces.append(Piece(time_s, place, target_m_s))
    return tuple(pieces)


def motion_at(path: Path, time_s: float) -> Motion:
    """Return speed and acceleration right after a time."""
    piece = piece_at(path, time_s)
    if piece is None:
        return (0.0, 0.0)
    return (piece.v + piece.a * (time_s - piece.t0), piece.a)


def changes_at(path: Path, time_s: float) -> float:
    """Return when the piece that holds at a time ends; `inf` for the last."""
    for piece in path:
        if piece.t0 > time_s:
            return piece.t0
    return inf
