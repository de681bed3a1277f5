"""Boxes that move straight: when two of them first overlap, in closed form."""

from collections.abc import Iterator
from math import cos, inf, sin
from typing import NamedTuple

import numpy as np

from twin.wire.model import Path, Piece, along

from .body import Body
from .frame import Frame, Pose, Vector
from .path import roots

DEEP_M = 1e-9
"""Boxes that overlap less only touch."""


class Way(NamedTuple):
    """A movement along a vector, in the workcell."""

    vector: Vector
    path: Path


class Box(NamedTuple):
    """A box along the workcell's axes, and what moves it.

    Its middle is `middle` plus each way's vector times its path; `half` are half its edges, m.
    """

    middle: Vector
    half: Vector
    ways: tuple[Way, ...]

    @property
    def moves(self) -> bool:
        """Whether anything about it moves, now or later on its paths."""
        return any(len(way.path) > 1 or way.path[0].v != 0.0 for way in self.ways)

    def sweep(self, after_s: float) -> "Sweep":
        """Return a box that it does not leave from a time on."""
        low = [middle - half for middle, half in zip(self.middle, self.half, strict=True)]
        high = [middle + half for middle, half in zip(self.middle, self.half, strict=True)]
        for vector, path in self.ways:
            least, most = span(path, after_s)
            for k, share in enumerate(vector):
                if share > 0.0:
                    low[k] += share * least
                    high[k] += share * most
                elif share < 0.0:
                    low[k] += share * most
                    high[k] += share * least
        return Sweep(tuple(low), tuple(high))


class Sweep(NamedTuple):
    """The room that a box takes in the course of its movement."""

    low: tuple[float, ...]
    high: tuple[float, ...]

    def meets(self, other: "Sweep") -> bool:
        """Tell whether two of them have room in common."""
        return all(low < high for low, high in zip(self.low, other.high, strict=True)) and all(
            low < high for low, high in zip(other.low, self.high, strict=True)
        )


def span(path: Path, after_s: float) -> tuple[float, float]:
    """Return the least and the greatest place on a path from a time on."""
    places = [along(path, after_s)]
    for index, piece in enumerate(path):
        end_s = path[index + 1].t0 if index + 1 < len(path) else inf
        if end_s <= after_s:
            continue
        if piece.j != 0.0:
            return -inf, inf
        if end_s < inf:
            places.append(piece.at(end_s))
        elif piece.v != 0.0 or piece.a != 0.0:
            return -inf, inf
        if piece.a != 0.0:
            turns_s = piece.t0 - piece.v / piece.a
            if max(piece.t0, after_s) < turns_s < end_s:
                places.append(piece.at(turns_s))
    return min(places), max(places)


def turned(vector: Vector, heading_rad: float) -> Vector:
    """Return a vector turned about z."""
    c, s = cos(heading_rad), sin(heading_rad)
    x, y, z = vector
    return (c * x - s * y, s * x + c * y, z)


def straight(frame: Frame, time_s: float) -> tuple[Pose, tuple[Way, ...]] | None:
    """Return where a frame is without its straight movements, and these; None while it turns."""
    carrier = frame.carrier
    if carrier is None:
        return frame.pose, ()
    assert isinstance(carrier, Body)
    found = inside(carrier, time_s)
    if found is None:
        return None
    base, ways = found
    return base.then(frame.pose), ways


def inside(carrier: Body, time_s: float) -> tuple[Pose, tuple[Way, ...]] | None:
    """Return the same for the moving part of a body that carries others."""
    found = straight(carrier.frame, time_s)
    if found is None:
        return None
    base, ways = found
    slide: Vector | None = getattr(carrier, "slide", None)
    path = carrier.joint()
    if slide is not None and path is not None:
        return base, (*ways, Way(turned(slide, base.heading_rad), path))
    if carrier.moves(time_s):  # type: ignore[attr-defined]
        return None
    return base.then(carrier.moved(time_s)), ways  # type: ignore[attr-defined]


def box(
    base: Pose, ways: tuple[Way, ...], size: Vector, *, bottom: float = 0.0, shrink: float = 0.0
) -> Box:
    """Return the box around a body that stands on a pose.

    Args:
        base: the middle of its underside, in the workcell, and its heading.
        ways: what moves it.
        size: length along the heading, width, height, m.
        bottom: how much higher its underside is, m.
        shrink: how much it is smaller at each side, m.
    """
    c, s = abs(cos(base.heading_rad)), abs(sin(base.heading_rad))
    length, width, height = size
    half = (
        max((c * length + s * width) / 2.0 - shrink, 0.0),
        max((s * length + c * width) / 2.0 - shrink, 0.0),
        max((height - bottom) / 2.0, 0.0),
    )
    return Box((base.x, base.y, base.z + (bottom + height) / 2.0), half, ways)


class Gap:
    """How the middles of two boxes lie to each other over time, in each direction."""

    def __init__(self, one: Box, other: Box) -> None:
        self.still = tuple(a - b for a, b in zip(one.middle, other.middle, strict=True))
        self.reach = tuple(a + b for a, b in zip(one.half, other.half, strict=True))
        ways = [(way.vector, way.path, 1.0) for way in one.ways]
        ways += [(way.vector, way.path, -1.0) for way in other.ways]
        self.ways = [
            [(sign * vector[k], path) for vector, path, sign in ways if abs(vector[k]) > 1e-12]
            for k in range(3)
        ]

    def piece(self, k: int, time_s: float) -> tuple[float, float, float, float]:
        """Return place, speed, acceleration and jerk in a direction from a time on."""
        place, v, a, j = self.still[k], 0.0, 0.0, 0.0
        for share, path in self.ways[k]:
            here = _holding(path, time_s)
            dt = max(time_s - here.t0, 0.0)
            if time_s < here.t0:
                place += share * here.p
                continue
            place += share * here.at(time_s)
            v += share * (here.v + dt * (here.a + dt * here.j / 2.0))
            a += share * (here.a + dt * here.j)
            j += share * here.j
        return place, v, a, j

    def place(self, k: int, time_s: float) -> float:
        """Return how far apart the middles are in a direction."""
        return self.piece(k, time_s)[0]

    def depth(self, time_s: float) -> float:
        """Return how deep the boxes overlap; below 0 they do not."""
        return min(self.reach[k] - abs(self.place(k, time_s)) for k in range(3))

    def hopeless(self, more_m: float) -> bool:
        """Tell whether they never overlap, because of a direction in which neither moves."""
        return any(
            not self.ways[k] and abs(self.still[k]) >= self.reach[k] - more_m for k in range(3)
        )

    def cuts(self, after_s: float, more_m: float) -> list[float]:
        """Return the times, `after_s` first, at which the boxes may begin or cease to overlap."""
        starts = {
            piece.t0 for ways in self.ways for _, path in ways for piece in path
            if piece.t0 > after_s
        }  # fmt: skip
        begins = [after_s, *sorted(starts)]
        times = set(begins)
        for begin_s, end_s in zip(begins, [*begins[1:], inf], strict=True):
            for k in range(3):
                if self.ways[k]:
                    times.update(
                        begin_s + dt
                        for dt in self._crossings(k, begin_s, more_m)
                        if 0.0 < dt < end_s - begin_s
                    )
        return sorted(times)

    def _crossings(self, k: int, begin_s: float, more_m: float) -> Iterator[float]:
        place, v, a, j = self.piece(k, begin_s)
        reach = self.reach[k] - more_m
        for edge in (reach, -reach):
            if j == 0.0:
                yield from roots(a / 2.0, v, place - edge)
            else:
                found = np.roots([j / 6.0, a / 2.0, v, place - edge])
                yield from sorted(float(root.real) for root in found if abs(root.imag) < 1e-9)

    def meets(self, after_s: float, more_m: float, *, apart_first: bool) -> float:
        """Return when they first overlap by more than `more_m`; `inf`: never.

        Args:
            after_s: from when on.
            more_m: less is not taken for overlapping, m.
            apart_first: leave out an overlap that is there at `after_s` already.
        """
        if self.hopeless(more_m):
            return inf
        times = self.cuts(after_s, more_m)
        waits = apart_first
        for begin_s, end_s in zip(times, [*times[1:], times[-1] + 2.0], strict=True):
            if self.depth((begin_s + end_s) / 2.0) > more_m:
                if not waits:
                    return begin_s
            else:
                waits = False
        return inf


def _holding(path: Path, time_s: float) -> Piece:
    for piece in reversed(path):
        if time_s >= piece.t0:
            return piece
    return path[0]
