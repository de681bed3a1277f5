"""Movements of a drive from any place and speed, with ramps of an even acceleration."""

from math import sqrt

from twin.wire.model import Path, Piece

from .path import SAME_S

SAME_M = 1e-12


def to_place(
    time_s: float, place: float, v: float, target: float, *, speed: float, accel: float
) -> Path:
    """Return the fastest movement to rest at `target`, without a jump in speed.

    Args:
        time_s: when it begins.
        place: where it is then.
        v: its speed then, signed; it may be faster than `speed`, or away from the target.
        target: where it ends.
        speed: not exceeded once reached.
        accel: of all ramps.
    """
    brakes_at = place + v * abs(v) / (2.0 * accel)
    way = target - brakes_at
    if abs(way) <= SAME_M:
        if abs(v) <= accel * SAME_S:
            return (Piece(time_s, target),)
        return (*_ramp(time_s, place, v, 0.0, accel), Piece(time_s + abs(v) / accel, target))
    sign = 1.0 if way > 0.0 else -1.0
    begin, length = sign * v, sign * (target - place)
    top = min(speed, sqrt(accel * length + begin * begin / 2.0))
    first_s, last_s = abs(top - begin) / accel, top / accel
    first_m, last_m = (begin + top) / 2.0 * first_s, top * last_s / 2.0
    even_s = max(length - first_m - last_m, 0.0) / top
    pieces = list(_ramp(time_s, place, v, sign * top, accel))
    if even_s > SAME_S:
        pieces.append(Piece(time_s + first_s, place + sign * first_m, sign * top))
    else:
        even_s = 0.0
    brake_s = time_s + first_s + even_s
    pieces.append(Piece(brake_s, target - sign * last_m, sign * top, -sign * accel))
    pieces.append(Piece(brake_s + last_s, target))
    return tuple(pieces)


def to_speed(time_s: float, place: float, v: float, goal: float, accel: float) -> Path:
    """Return a change of speed to `goal`, which then lasts."""
    ramp_s = abs(goal - v) / accel
    end = place + (v + goal) / 2.0 * ramp_s
    return (*_ramp(time_s, place, v, goal, accel), Piece(time_s + ramp_s, end, goal))


def _ramp(time_s: float, place: float, v: float, goal: float, accel: float) -> Path:
    if v == goal:
        return ()
    return (Piece(time_s, place, v, accel if goal > v else -accel),)
