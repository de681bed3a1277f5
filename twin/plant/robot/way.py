"""Ways of a tool: lines and circles, its orientation turned evenly from the first to the last."""

from math import asin, atan2, degrees, hypot, pi
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from twin.spec.messages import Phrase

from .chain import Poses
from .order import MoveRefused
from .placement import Placement, Vector

Array = NDArray[np.float64]

MOST_RAD = 240.0 * pi / 180.0
NEAREST_M = 1e-4
"""Points of a circle are further apart than this."""


class Leads(Protocol):
    """A way as the foot of an arm sees it."""

    @property
    def end(self) -> Placement:
        """Where it ends."""

    @property
    def length_m(self) -> float:
        """How far the tool's point goes."""

    def share_before(self, distance_m: float) -> float:
        """Return the share of the way, at least the half, from which on the target is near."""

    def poses(self, shares: Array) -> Poses:
        """Return the placements at shares (k,) of the way, 0 to 1."""


class Way(NamedTuple):
    """A straight line, or an arc, from one placement to another."""

    start: Placement
    end: Placement
    axis: tuple[float, float, float]
    """About which it turns, in its own frame at the start; a unit vector."""
    turn_rad: float
    centre: tuple[float, float, float] | None = None
    """Of an arc."""
    normal: tuple[float, float, float] = (0.0, 0.0, 1.0)
    arc_rad: float = 0.0

    @property
    def length_m(self) -> float:
        """How far the tool's point goes."""
        far = _minus(self.end.place, self.start.place)
        if self.centre is None:
            return hypot(*far)
        return self.arc_rad * hypot(*_minus(self.start.place, self.centre))

    def share_before(self, distance_m: float) -> float:
        """Return the share of the way, at least the half, from which on the target is near."""
        length = self.length_m
        if length <= 0.0:
            return 0.5
        if self.centre is None:
            return max(1.0 - distance_m / length, 0.5)
        radius = length / self.arc_rad
        angle = 2.0 * asin(min(distance_m / (2.0 * radius), 1.0))
        return max(1.0 - angle / self.arc_rad, 0.5)

    def poses(self, shares: Array) -> Poses:
        """Return the placements at shares (k,) of the way, 0 to 1."""
        start = np.array(self.start.place)
        if self.centre is None:
            places = start + shares[:, None] * (np.array(self.end.place) - start)
        else:
            centre, normal = np.array(self.centre), np.array(self.normal)
            out = start - centre
            side = np.cross(normal, out)
            angles = (shares * self.arc_rad)[:, None]
            places = centre + np.cos(angles) * out + np.sin(angles) * side
        return Poses(places, self.start.matrix()[:3, :3] @ about(self.axis, shares * self.turn_rad))


def about(axis: tuple[float, float, float], angles: Array) -> Array:
    """Return the rotations (k, 3, 3) about an axis by angles, rad."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    sine, cosine = np.sin(angles)[:, None, None], 1.0 - np.cos(angles)[:, None, None]
    found: Array = np.eye(3) + sine * cross + cosine * (cross @ cross)
    return found


def turns(vectors: Array) -> Array:
    """Return the rotations (k, 3, 3) of rotation vectors (k, 3)."""
    angle = np.sqrt(np.square(vectors).sum(axis=1))[:, None, None]
    x, y, z = vectors.T
    none = np.zeros_like(x)
    cross = np.array([[none, -z, y], [z, none, -x], [-y, x, none]]).transpose(2, 0, 1)
    small = angle < 1e-6
    safe = np.where(small, 1.0, angle)
    one = np.where(small, 1.0, np.sin(safe) / safe)
    two = np.where(small, 0.5, (1.0 - np.cos(safe)) / (safe * safe))
    found: Array = np.eye(3) + one * cross + two * (cross @ cross)
    return found


def line(start: Placement, end: Placement) -> Way:
    """Return the straight way."""
    return Way(start, end, *_turn(start, end))


def circle(start: Placement, via: Placement, end: Placement, name: str | Phrase) -> Way:
    """Return the arc through three points; the orientation at `via` does not count.

    Raises:
        MoveRefused: points too near one another, in one line, or more than 240° apart.
    """
    one, two = _minus(via.place, start.place), _minus(end.place, start.place)
    for far in (hypot(*one), hypot(*two), hypot(*_minus(end.place, via.place))):
        if far < NEAREST_M:
            raise MoveRefused("robot.circle_points", target=name, mm=f"{far * 1000.0:.2f}")
    normal = _cross(one, two)
    size = hypot(*normal)
    sine = size / (hypot(*one) * hypot(*two))
    if sine < 1e-3:
        raise MoveRefused("robot.circle_line", target=name, degrees=f"{degrees(asin(sine)):.2f}")
    # The centre from the start: ((|a|² b − |b|² a) × (a × b)) / (2 |a × b|²).
    square_one, square_two = _dot(one, one), _dot(two, two)
    mixed = _minus(_times(two, square_one), _times(one, square_two))
    centre = _minus(start.place, _times(_cross(mixed, normal), -1.0 / (2.0 * size * size)))
    axis = _times(normal, 1.0 / size)
    out, last = _minus(start.place, centre), _minus(end.place, centre)
    arc = atan2(_dot(axis, _cross(out, last)), _dot(out, last)) % (2.0 * pi)
    if arc > MOST_RAD:
        raise MoveRefused("robot.circle_long", target=name, degrees=f"{degrees(arc):.0f}")
    return Way(start, end, *_turn(start, end), centre, axis, arc)


def _turn(start: Placement, end: Placement) -> tuple[tuple[float, float, float], float]:
    between = start.seen(end)
    size = hypot(between.i, between.j, between.k)
    if size < 1e-12:
        return (0.0, 0.0, 1.0), 0.0
    return (between.i / size, between.j / size, between.k / size), 2.0 * atan2(size, between.w)


def _minus(a: Vector, b: Vector) -> Vector:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _times(a: Vector, factor: float) -> Vector:
    return a[0] * factor, a[1] * factor, a[2] * factor


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
