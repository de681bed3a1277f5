"""Sweeps: where the hulls of a linkage are in the course of a movement, with bounds that hold.

The time is cut into intervals. In each, the speeds of the joints have exact bounds. A point at the
distance r from the axis of a joint moves by no more than r times the joint's angle, so the lever of
a hull about an axis times the bound of the joint's speed, summed over the joints, bounds the speed
of all its points. The lever in the middle of an interval is known; within it, it changes by no more
than the joints behind that axis can move the hull.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .linkage import Linkage, cross

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


class State:
    """How the links of a linkage lie and move at times.

    Args:
        linkage: the hulls and what moves them.
        frames: as its `frames` gives them.
        shifts: likewise.
        rates: speeds of the joints, (k, n).
    """

    def __init__(self, linkage: Linkage, frames: Array, shifts: Array, rates: Array) -> None:
        self.linkage = linkage
        self.frames, self.shifts = frames, shifts
        self.spins, self.flows = linkage.twists(frames, shifts, rates)

    @classmethod
    def at(cls, linkage: Linkage, times: Array) -> "State":
        """Return it at times."""
        q, rates = linkage.course.at(times)
        return cls(linkage, *linkage.frames(q), rates)

    def of(self, hulls: Indices, at: Indices) -> tuple[Array, Array, Array, Array, Array]:
        """Return rotation, place, middle, spin and flow of hulls, each at one of the times."""
        link, kit = self.linkage.link[hulls], self.linkage.kit
        frame, shift = self.frames[link, at], self.shifts[link, at]
        place = (frame @ kit.place[hulls][:, :, None])[:, :, 0] + shift
        middle = (frame @ kit.middle[hulls][:, :, None])[:, :, 0] + shift
        return frame @ kit.turn[hulls], place, middle, self.spins[link, at], self.flows[link, at]


class Room(NamedTuple):
    """What hulls take in the course of a movement: boxes along the axes of the workcell, (k, 3)."""

    low: Array
    high: Array

    def meets(self, other: "Room", margin_m: float) -> NDArray[np.bool_]:
        """Tell which boxes of another come nearer than a margin to the box around all of these."""
        low, high = self.low.min(axis=0) - margin_m, self.high.max(axis=0) + margin_m
        return np.asarray(((other.low <= high) & (other.high >= low)).all(axis=1))


class Sweep:
    """A linkage over intervals of time.

    Args:
        linkage: the hulls and what moves them.
        nodes: (t + 1,) rising times that bound the intervals.
    """

    def __init__(self, linkage: Linkage, nodes: Array) -> None:
        self.linkage = linkage
        self.half_s = np.diff(nodes) / 2.0
        middles = (nodes[1:] + nodes[:-1]) / 2.0
        self.q, self.rates = linkage.course.at(middles)
        self.speed, self.accel = linkage.course.bounds(nodes)
        self.frames, self.shifts = linkage.frames(self.q)

    @cached_property
    def state(self) -> State:
        """Frames and twists in the middle of each interval."""
        return State(self.linkage, self.frames, self.shifts, self.rates)

    @cached_property
    def middle(self) -> Array:
        """Middles of the hulls' boxes in the middle of each interval, (k, t, 3)."""
        link, kit = self.linkage.link, self.linkage.kit
        turned = self.frames[link] @ kit.middle[:, None, :, None]
        return np.asarray(turned[..., 0] + self.shifts[link])

    @cached_property
    def turn(self) -> Array:
        """Rotations of the hulls' boxes in the middle of each interval, (k, t, 3, 3)."""
        return np.asarray(self.frames[self.linkage.link] @ self.linkage.kit.turn[:, None])

    @cached_property
    def balls(self) -> Array:
        """Middles of the hulls' spheres in the middle of each interval, (b, t, 3)."""
        kit = self.linkage.kit
        counts = np.diff(np.append(kit.starts, len(kit.balls)))
        link = np.repeat(self.linkage.link, counts)
        turned = self.frames[link] @ kit.balls[:, None, :, None]
        return np.asarray(turned[..., 0] + self.shifts[link])

    @cached_property
    def levers(self) -> Array:
        """Greatest distance of each hull's points from each joint's axis, (n, k, t), m.

        For a joint that slides: what it moves by at a path of 1. 0 where a joint moves a hull not.
        """
        linkage = self.linkage
        count = linkage.count
        moved = np.arange(count)[:, None] < linkage.link
        far = np.where(moved, self._far().T, 0.0)[:, :, None]
        # By how much the joints behind an axis move the hull in half an interval.
        step = far * (self.speed * self.half_s)[:, None]
        after = np.cumsum(step[::-1], axis=0)[::-1] - step
        frames = self.frames[:-1]
        axis = (frames @ linkage.axis[:, None, :, None])[..., 0]
        centre = (frames @ linkage.centre[:, None, :, None])[..., 0] + self.shifts[:-1]
        off = cross(self.middle - centre[:, None], axis[:, None])
        lever = np.sqrt(np.square(off).sum(axis=3)) + linkage.kit.reach[:, None] + after
        slides = linkage.slides[:, None, None]
        found = np.where(slides, far, np.minimum(lever, far))
        return np.where(moved[:, :, None], found, 0.0)

    def _far(self) -> Array:
        """Return the same for any posture, (k, n): links one behind the other, stretched out."""
        linkage = self.linkage
        kit, count = linkage.kit, linkage.count
        travel = np.abs(self.q).T + self.speed * self.half_s
        length = np.sqrt(np.square(linkage.axis).sum(axis=1))
        slack = np.where(linkage.slides, travel.max(axis=1, initial=0.0) * length, 0.0)
        found = np.zeros((len(kit.reach), count))
        # From each hull backwards to each axis; a slide adds its travel.
        centre, far = kit.middle, kit.reach.copy()
        for k in range(count - 1, -1, -1):
            moved = linkage.link > k
            if linkage.slides[k]:
                found[:, k] = length[k]
                far = far + np.where(moved, slack[k], 0.0)
                continue
            step = np.sqrt(np.square(centre - linkage.centre[k]).sum(axis=1))
            far = np.where(moved, far + step, far)
            centre = np.where(moved[:, None], linkage.centre[k], centre)
            found[:, k] = far
        return found

    @cached_property
    def whole(self) -> tuple[Array, Array]:
        """Bounds of speed and acceleration of all hulls' points in each interval, (k, t)."""
        every = np.arange(len(self.linkage.kit.hulls))
        return self.flow(every, np.zeros_like(every))

    @cached_property
    def room(self) -> Room:
        """The room that each hull takes."""
        reach = self.linkage.kit.reach[:, None]
        if self.linkage.still:
            middle = self.linkage.kit.middle
            return Room(middle - reach, middle + reach)
        more = (reach + self.whole[0] * self.half_s)[:, :, None]
        return Room((self.middle - more).min(axis=1), (self.middle + more).max(axis=1))

    def flow(self, hulls: Indices, since: Indices) -> tuple[Array, Array]:
        """Return bounds of speed and acceleration of hulls' points in each interval, (p, t).

        Args:
            hulls: their numbers, (p,).
            since: as seen from the link that so many joints move, (p,); 0: from the workcell.
        """
        linkage = self.linkage
        if linkage.count == 0:
            none = np.zeros((len(hulls), len(self.half_s)))
            return none, none
        rate, slides = self.speed, linkage.slides[:, None]
        # A turn bends the way of all behind it, a slide does not.
        turning = np.where(slides, 0.0, rate)
        before = np.zeros((linkage.count + 1, len(self.half_s)))
        np.cumsum(turning, axis=0, out=before[1:])
        bend = self.accel + rate * (2.0 * before[:-1] + turning)
        behind = since <= np.arange(linkage.count)[:, None]
        levers = np.where(behind[:, :, None], self.levers[:, hulls], 0.0)
        speed = (levers * rate[:, None]).sum(axis=0)
        accel = (levers * bend[:, None]).sum(axis=0)
        return speed, accel - 2.0 * before[since] * speed


def clear(one: Sweep, other: Sweep, hulls: Indices) -> Array:
    """Return how far hulls are at least from each other in the middle of each interval, (i, j, t).

    Spheres around those of the one against the boxes around those of the other.

    Args:
        one: its hulls count by their spheres, all of them.
        other: its hulls count by their boxes.
        hulls: which of `other`'s, (j,).
    """
    balls = one.balls[:, None]
    kit = other.linkage.kit
    half = kit.half[hulls][:, None]
    if other.linkage.still:
        seen = (balls - kit.middle[hulls][:, None]) @ kit.turn[hulls]
    else:
        off = balls - other.middle[hulls]
        seen = (off[..., None, :] @ other.turn[hulls])[..., 0, :]
    out = np.maximum(np.abs(seen) - half, 0.0)
    far = np.sqrt(np.square(out).sum(axis=3)) - one.linkage.kit.of_ball[:, None, None]
    return np.minimum.reduceat(far, one.linkage.kit.starts, axis=0)
