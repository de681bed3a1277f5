"""Tracks: where an arm's joints are, how fast, and how far they ever get; all in closed form.

A `Track` is what travels and what state holds. A `Curve` is the same as arrays, for arithmetic on
many pieces at once.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.wire.model import Piece

from .order import Joints, Track

Array = NDArray[np.float64]

SAME_S = 1e-9
"""Times closer than this are the same."""


class Curve(NamedTuple):
    """The pieces of a track: m begins, and of n joints place, speed, acceleration, jerk there."""

    times: Array
    """(m,) s; the last piece is rest."""
    p: Array
    """(n, m) rad or m; v, a, j likewise, by the second, its square and its cube."""
    v: Array
    a: Array
    j: Array

    @property
    def ends_s(self) -> float:
        """When it comes to rest."""
        return float(self.times[-1])

    @property
    def last(self) -> Joints:
        """Where it comes to rest."""
        return tuple(self.p[:, -1].tolist())

    def _index(self, times: Array) -> tuple[NDArray[np.intp], Array]:
        # A time just before a joint of pieces belongs to the later one, whose jerk then counts.
        index = np.maximum(self.times.searchsorted(times + SAME_S, side="right") - 1, 0)
        return index, np.maximum(times - self.times[index], 0.0)

    def at(self, times: Array) -> Array:
        """Return the joints, (n, k), at k times."""
        i, d = self._index(times)
        return self.p[:, i] + d * (
            self.v[:, i] + d * (self.a[:, i] / 2.0 + d * (self.j[:, i] / 6.0))
        )

    def state(self, times: Array) -> tuple[Array, Array, Array, Array]:
        """Return place, speed, acceleration and jerk, each (n, k), at k times."""
        i, d = self._index(times)
        p, v, a, j = self.p[:, i], self.v[:, i], self.a[:, i], self.j[:, i]
        return (
            p + d * (v + d * (a / 2.0 + d * (j / 6.0))),
            v + d * (a + d * (j / 2.0)),
            a + d * j,
            j,
        )

    def since(self, time_s: float) -> "Curve":
        """Return what is left from a time on; its own time begins at 0."""
        found = self.from_time(time_s)
        return found._replace(times=found.times - time_s)

    def from_time(self, time_s: float) -> "Curve":
        """Return what is left from a time on."""
        if time_s >= self.ends_s - SAME_S:
            return still(self.last, time_s)
        first = np.array([time_s])
        later = self.times > time_s + SAME_S
        state = self.state(first)
        kept = (self.p, self.v, self.a, self.j)
        parts = [np.concatenate((s, k[:, later]), axis=1) for s, k in zip(state, kept, strict=True)]
        return Curve(np.concatenate((first, self.times[later])), *parts)

    def scaled(self, begins_s: float, rate: float) -> "Curve":
        """Return the same way at another rate, from another time on."""
        return Curve(
            begins_s + self.times / rate,
            self.p,
            self.v * rate,
            self.a * rate**2,
            self.j * rate**3,
        )

    def then(self, other: "Curve") -> "Curve":
        """Return this up to where the other begins, then the other."""
        kept = self.times < other.times[0] - SAME_S
        parts = [
            np.concatenate((mine[:, kept], its), axis=1)
            for mine, its in zip(self[1:], other[1:], strict=True)
        ]
        return Curve(np.concatenate((self.times[kept], other.times)), *parts)

    def plus(self, other: "Curve", less: Sequence[float]) -> "Curve":
        """Return the sum of two curves, less fixed joints; both may begin at any time."""
        times = np.union1d(self.times, other.times)
        times = times[np.concatenate(([True], np.diff(times) > SAME_S))]
        parts = [mine + its for mine, its in zip(self.held(times), other.held(times), strict=True)]
        parts[0] = parts[0] - np.asarray(less, dtype=float)[:, None]
        return Curve(times, *parts)

    def held(self, times: Array) -> tuple[Array, Array, Array, Array]:
        """Return the state at given begins of pieces, at rest before the first piece."""
        p, v, a, j = self.state(times)
        before = times < self.times[0] - SAME_S
        for part in (v, a, j):
            part[:, before] = 0.0
        return p, v, a, j

    def extremes(self) -> tuple[Array, Array, Array, Array]:
        """Return lowest and highest place, greatest speed and acceleration of each joint, (n,)."""
        low, high = self.p[:, -1].copy(), self.p[:, -1].copy()
        speed, accel = np.zeros(len(low)), np.zeros(len(low))
        if len(self.times) == 1:
            return low, high, speed, accel
        d = np.diff(self.times)
        p, v, a, j = self.p[:, :-1], self.v[:, :-1], self.a[:, :-1], self.j[:, :-1]
        ends = (np.zeros_like(p), np.broadcast_to(d, p.shape))
        with np.errstate(divide="ignore", invalid="ignore"):
            turn = -a / j
            # Both roots of v + a t + j t²/2, without cancellation.
            q = -(a + np.copysign(np.sqrt(a * a - 2.0 * v * j), a))
            stops = (q / j, 2.0 * v / q)
        for t in (*ends, *(_within(s, d) for s in stops)):
            place = p + t * (v + t * (a / 2.0 + t * (j / 6.0)))
            low = np.minimum(low, place.min(axis=1))
            high = np.maximum(high, place.max(axis=1))
        for t in (*ends, _within(turn, d)):
            speed = np.maximum(speed, np.abs(v + t * (a + t * (j / 2.0))).max(axis=1))
        for t in ends:
            accel = np.maximum(accel, np.abs(a + t * j).max(axis=1))
        return low, high, speed, accel

    def track(self) -> Track:
        """Return it as plain data."""
        times = self.times.tolist()
        rows = (self.p.tolist(), self.v.tolist(), self.a.tolist(), self.j.tolist())
        return tuple(tuple(map(Piece, times, *each)) for each in zip(*rows, strict=True))


def _within(times: Array, lasts: Array) -> Array:
    """Return the times that lie within their pieces, 0 for the others."""
    good = (times > 0.0) & (times < lasts)
    return np.where(good, times, 0.0)


def curve(track: Track) -> Curve:
    """Return a track as arrays."""
    data = np.array(track, dtype=float)
    return Curve(data[0, :, 0].copy(), data[:, :, 1], data[:, :, 2], data[:, :, 3], data[:, :, 4])


def still(joints: Sequence[float], time_s: float = 0.0) -> Curve:
    """Return rest."""
    p = np.array(joints, dtype=float)[:, None]
    zero = np.zeros_like(p)
    return Curve(np.array([time_s]), p, zero, zero, zero)


def rest(joints: Sequence[float], time_s: float = 0.0) -> Track:
    """Return rest as a track."""
    return tuple((Piece(time_s, q),) for q in joints)


def _begin(piece: Piece) -> float:
    return piece.t0


def _index(track: Track, time_s: float) -> int:
    return max(bisect_right(track[0], time_s, key=_begin) - 1, 0)


def at(track: Track, time_s: float) -> Joints:
    """Return the joints at a time."""
    index = _index(track, time_s)
    time_s = max(time_s, track[0][0].t0)
    return tuple([path[index].at(time_s) for path in track])


def speeds(track: Track, time_s: float) -> Joints:
    """Return the speeds of the joints at a time; 0 before the track begins."""
    dt = time_s - track[0][0].t0
    if dt < 0.0:
        return (0.0,) * len(track)
    index = _index(track, time_s)
    dt = time_s - track[0][index].t0
    return tuple(
        [path[index].v + dt * (path[index].a + dt * path[index].j / 2.0) for path in track]
    )


def accels(track: Track, time_s: float) -> Joints:
    """Return the accelerations of the joints at a time; 0 before the track begins."""
    if time_s < track[0][0].t0:
        return (0.0,) * len(track)
    index = _index(track, time_s)
    dt = time_s - track[0][index].t0
    return tuple([path[index].a + dt * path[index].j for path in track])


def ends_at(track: Track) -> float:
    """Return when all joints come to rest for good."""
    return track[0][-1].t0


class Extremes(NamedTuple):
    """How far a joint ever gets on a track."""

    low: float
    high: float
    speed: float
    accel: float


def extremes(track: Track) -> tuple[Extremes, ...]:
    """Return the exact extremes of each joint: roots of the pieces' derivatives, no samples."""
    found = curve(track).extremes()
    return tuple(Extremes(*row) for row in np.stack(found, axis=1).tolist())
