"""Arcs on a belt: the tool goes along a circle that goes along with the belt.

As seen from the belt the tool is on the arc, as far along it as a profile says, and off it by what
it has to catch up: at first it stands in the workcell, and so goes backwards there. What it has to
catch up falls to nothing as fast as the tool allows. An arm that goes along already has nothing to
catch up: its arc is round from the first to the last point.
"""

from math import atan2, inf, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.plant.plain import record
from twin.spec.messages import Phrase

from .nominal import TOOL
from .order import Move
from .placement import Placement
from .profile import Limits, travel
from .track import Curve, still
from .way import Way, circle, line

Array = NDArray[np.float64]

SHORT_M = 1e-6
"""What is left of an arc is none below this."""


@record
class Begun(NamedTuple):
    """Where an arc on a belt began, and how far along it the tool is, 0 to 1."""

    start: Placement
    """In the frame of the belt."""
    share: float = 0.0


class Start(NamedTuple):
    """Of the tool as the belt sees it: place, speed, acceleration; of its turning likewise."""

    at: Placement
    v: Array
    """(6,) m/s, then rad/s along the tool's axes."""
    a: Array


class Round(NamedTuple):
    """How the tool moves along an arc, as the belt sees it."""

    way: Way
    shares: Curve
    """Of the whole arc."""
    begin: float
    """The share at which it begins."""
    turn: Array
    """(3,) by what it turns on the rest of the arc, as a rotation vector in its first frame."""
    late: Curve
    """(6,) how far it is off the arc."""

    @property
    def times(self) -> Array:
        """When one of its parts changes: a row of begins."""
        return np.union1d(self.shares.times, self.late.times)

    @property
    def ends_s(self) -> float:
        """When it is at rest on the belt."""
        return max(self.shares.ends_s, self.late.ends_s)

    @property
    def end(self) -> Array:
        """(3,) its last place."""
        return self.at(np.array([self.ends_s]))[:3, 0]

    def at(self, times: Array) -> Array:
        """Return places over rotation vectors from its first frame, (6, k)."""
        shares = self.shares.at(times)[0]
        places = self.way.poses(shares).place.T
        left = 1.0 - self.begin
        turned = self.turn[:, None] * ((shares - self.begin) / left if left > 0.0 else 1.0)
        return np.concatenate((places, turned)) + self.late.at(times)


def share_at(move: Move, begun: Placement, place: Placement, name: str | Phrase) -> float:
    """Return how far along its arc a movement on a belt is, 0 to 1.

    Args:
        move: the order.
        begun: where the arc began, as all in the belt's frame.
        place: of the tool.
        name: of the target.

    Raises:
        MoveRefused: there is no such circle.
    """
    assert move.via is not None
    assert move.target is not None
    return _share(circle(begun, move.via, move.target, name), np.array(place.place))


def _share(way: Way, place: Array) -> float:
    centre, normal = np.array(way.centre), np.array(way.normal)
    out, there = np.array(way.start.place) - centre, place - centre
    angle = atan2(float(normal @ np.cross(out, there)), float(out @ there)) % (2.0 * pi)
    if angle > way.arc_rad:  # before the begin, or behind the end
        angle = way.arc_rad if angle - way.arc_rad < 2.0 * pi - angle else 0.0
    return angle / way.arc_rad


def round_on(way: Way, share: float, start: Start, limits: list[Limits]) -> Round:
    """Return the movement along what is left of an arc, from whatever the tool does now.

    Args:
        way: the whole arc, as the belt sees it.
        share: how far along it the tool is.
        start: what it does, as the belt sees it.
        limits: of its place, three times alike, and of its turning.

    Raises:
        ArithmeticError: there is no such profile.
    """
    length, centre = way.length_m, np.array(way.centre)
    radius = length / way.arc_rad
    here = way.poses(np.array([share])).place[0]
    inwards = (centre - here) / radius
    along = np.cross(inwards, np.array(way.normal))
    left = length * (1.0 - share)
    turning = line(start.at, way.end)
    turn = turning.turn_rad * np.array(turning.axis)
    by_m = turn / left if left > SHORT_M else np.zeros(3)
    # What it does forwards along the arc goes on, the rest is to be caught up.
    speed = max(float(start.v[:3] @ along), 0.0)
    gain = float(start.a[:3] @ along) if speed > 0.0 else 0.0
    meant_v = np.concatenate((speed * along, speed * by_m))
    meant_a = np.concatenate((gain * along + speed * speed / radius * inwards, gain * by_m))
    off = np.concatenate((np.array(start.at.place) - here, np.zeros(3)))
    end = np.zeros(6)
    if left <= SHORT_M:
        end[3:], turn = turn, np.zeros(3)
    late = _caught(off, start.v - meant_v, start.a - meant_a, end, limits)
    part = limits[0].accel / TOOL.accel
    most = Limits((limits[0].accel * radius / 2.0) ** 0.5, TOOL.accel * part * 0.85, inf)
    law = limits[0].least(most)
    if turning.turn_rad > 1e-9 and left > SHORT_M:
        law = law.least(limits[3].times(left / turning.turn_rad))
    if left > SHORT_M or speed > 0.0:
        gone = travel((length - left,), (speed,), (gain,), (length,), (0.0,), (0.0,), [law])
    else:
        gone = still((length,))
    shares = Curve(gone.times, *(part / length for part in gone[1:]))
    return Round(way, shares, share, turn, late)


def _caught(p: Array, v: Array, a: Array, end: Array, limits: list[Limits]) -> Curve:
    v, a = np.where(np.abs(v) < 1e-9, 0.0, v), np.where(np.abs(a) < 1e-7, 0.0, a)
    if not v.any() and not a.any() and float(np.abs(p - end).max()) < 1e-9:
        return still(end.tolist())
    none = np.zeros(6)
    return travel(p, v, a, end, none, none, limits)
