"""Carriages: where axes bring what stands on them, for many of their places at once."""

from math import hypot
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .chain import Poses
from .placement import HERE, Placement, Vector

Array = NDArray[np.float64]


class Stage(NamedTuple):
    """One axis of a carriage."""

    at: Placement
    """Its frame, on what carries it."""
    number: int
    """Which of the robot's external axes it is, from 0 on."""
    slide: Vector | None
    """What it moves by at a place of 1; None: it turns about z."""
    turn: float = 0.0
    """By what angle it turns at a place of 1, rad."""


class Screw(NamedTuple):
    """How fast what stands on an axis moves when the axis goes at 1, at k places of all axes."""

    number: int
    flow: Array
    """(k, 3) of a slide, m."""
    spin: Array
    """(k, 3) about a point, rad."""
    centre: Array
    """(k, 3) this point, m."""

    def at(self, points: Array) -> Array:
        """Return how fast points (k, 3) on it move."""
        return self.flow + np.cross(self.spin, points - self.centre)


class Carriage(NamedTuple):
    """Axes that carry one another, from the workcell on, and what stands on the last."""

    stages: tuple[Stage, ...] = ()
    at: Placement = HERE
    """On the last of them."""

    def poses(self, places: Array) -> Poses:
        """Return where what stands on it is, in the workcell.

        Args:
            places: (k, m) of all external axes.
        """
        return self.screws(places)[0]

    def screws(self, places: Array) -> tuple[Poses, list[Screw]]:
        """Return where what stands on it is, and how each axis moves it."""
        count = len(places)
        turn, place = np.broadcast_to(np.eye(3), (count, 3, 3)), np.zeros((count, 3))
        none, found = np.zeros((count, 3)), []
        for stage in self.stages:
            turn, place = _then(turn, place, stage.at)
            gone = places[:, stage.number]
            if stage.slide is not None:
                flow = turn @ np.array(stage.slide)
                found.append(Screw(stage.number, flow, none, none))
                place = place + flow * gone[:, None]
            else:
                found.append(Screw(stage.number, none, stage.turn * turn[:, :, 2], place))
                turn = turn @ _about_z(stage.turn * gone)
        return Poses(*_then(turn, place, self.at)[::-1]), found

    @property
    def base(self) -> Placement:
        """Where the first of them stands, in the workcell."""
        return self.stages[0].at if self.stages else self.at

    def far_m(self, travel: Array) -> float:
        """Return how far what stands on it can get from the base.

        Args:
            travel: (m,) greatest place of each external axis, whichever its sign.
        """
        slides = sum(float(travel[each.number]) for each in self.stages if each.slide is not None)
        offsets = (*(each.at for each in self.stages[1:]), self.at) if self.stages else ()
        return slides + sum(hypot(*at.place) for at in offsets)


def _then(turn: Array, place: Array, at: Placement) -> tuple[Array, Array]:
    return turn @ at.matrix()[:3, :3], place + turn @ np.array(at.place)


def _about_z(angles: Array) -> Array:
    found = np.zeros((len(angles), 3, 3))
    found[:, 0, 0] = found[:, 1, 1] = np.cos(angles)
    found[:, 1, 0] = np.sin(angles)
    found[:, 0, 1] = -found[:, 1, 0]
    found[:, 2, 2] = 1.0
    return found
