"""Linkages: hulls on links, moved by joints along paths, for many times at once.

An arm with all that it holds is one; so is whatever stands on belts, cylinders and turntables, and
what stands still, which is a linkage without joints. The joints are screws as they lie when all are
at 0. Source of the formula: Lynch and Park, Modern Robotics, section 4.1.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.plant.motion.box import Way
from twin.wire.model import Path

from .course import Course
from .hulls import Hull, Kit, kit, placed, spread, together
from .obstacle import Jointed, Moves, Neighbour, Obstacle
from .order import Track
from .placement import HERE, Placement

Array = NDArray[np.float64]


class Screws(NamedTuple):
    """Joints, each carrying the next, as they lie when all are at 0."""

    axis: Array
    """(n, 3): unit vectors; of a sliding one what it moves by at a path of 1."""
    centre: Array
    """(n, 3): a point of the axis."""
    slides: NDArray[np.bool_]
    """(n,)."""


class Zero(NamedTuple):
    """An arm with all joints at 0, in the frame of its foot."""

    screws: Screws
    kit: Kit
    link: tuple[int, ...]
    """Of each hull: how many joints move it."""
    flange: Placement
    flange_link: int


@lru_cache(maxsize=64)
def zero(arm: Jointed) -> Zero:
    """Return an arm with all joints at 0; worked out once."""
    description = arm.description
    where: dict[str, tuple[int, Placement]] = {description.foot: (0, HERE)}
    axis, centre, slides = [], [], []
    for joint in description.joints:
        index, at = where[joint.parent]
        inner = at.then(placed(joint.at))
        if joint.kind != "fixed":
            axis.append(inner.turned(joint.axis))
            centre.append(inner.place)
            slides.append(joint.kind == "slide")
            index = len(axis)
        where[joint.child] = (index, inner)
    hulls, link = [], []
    for each in description.links:
        index, at = where[each.name]
        for bumper in each.bumpers:
            hulls.append(Hull(each.name, bumper.shape, at.then(placed(bumper.at)), "arm"))
            link.append(index)
    flange_link, flange = where[description.flange]
    screws = _screws(axis, centre, slides)
    return Zero(screws, kit(tuple(hulls)), tuple(link), flange, flange_link)


def _screws(
    axis: Sequence[Sequence[float]], centre: Sequence[Sequence[float]], slides: Sequence[bool]
) -> Screws:
    way = np.array(axis, dtype=float).reshape(-1, 3)
    slide = np.array(slides, dtype=bool)
    length = np.sqrt(np.square(way).sum(axis=1))
    # A path counts along the vector of a slide as it is, but angles need a unit axis.
    way = way / np.where(slide | (length == 0.0), 1.0, length)[:, None]
    return Screws(way, np.array(centre, dtype=float).reshape(-1, 3), slide)


class Rig:
    """Joints and the hulls on their links, before anything moves.

    Args:
        screws: the joints, in the workcell, all at 0.
        hulls: in the workcell, all joints at 0.
        link: of each hull, how many joints move it.
    """

    def __init__(self, screws: Screws, hulls: Kit, link: Sequence[int]) -> None:
        self.axis, self.centre, self.slides = screws
        self.kit = hulls
        self.link = np.array(link, dtype=np.intp)
        self.count = len(self.axis)
        x, y, z = self.axis.T if self.count else np.zeros((3, 0))
        self.first = np.zeros((self.count, 3, 3))
        self.first[:, 0, 1], self.first[:, 0, 2], self.first[:, 1, 2] = -z, y, -x
        self.first[:, 1, 0], self.first[:, 2, 0], self.first[:, 2, 1] = z, -y, x
        self.second = self.first @ self.first
        # (I − R) c for the two terms of R − I: what a turn about an axis off the origin shifts.
        self.shift1 = (self.first @ self.centre[:, :, None])[:, :, 0]
        self.shift2 = (self.second @ self.centre[:, :, None])[:, :, 0]


class Linkage:
    """Hulls, the joints that move them, and how these go.

    Args:
        rig: joints and hulls.
        paths: of each joint.
    """

    def __init__(self, rig: Rig, paths: tuple[Path, ...]) -> None:
        self.rig = rig
        self.axis, self.centre, self.slides = rig.axis, rig.centre, rig.slides
        self.kit, self.link, self.count = rig.kit, rig.link, rig.count
        self.course = Course(paths)

    @property
    def still(self) -> bool:
        """Whether nothing moves it."""
        return self.count == 0

    def frames(self, q: Array) -> tuple[Array, Array]:
        """Return how links have turned (n + 1, k, 3, 3) and shifted (n + 1, k, 3).

        Since all joints were at 0; the first of them, which no joint moves, never has.

        Args:
            q: (k, n) joints.
        """
        count, rig = len(q), self.rig
        turns = np.empty((self.count + 1, count, 3, 3))
        places = np.empty((self.count + 1, count, 3))
        turns[0], places[0] = np.eye(3), 0.0
        sine, cosine = np.sin(q).T[:, :, None], (1.0 - np.cos(q)).T[:, :, None]
        for k in range(self.count):
            turn, place = turns[k], places[k]
            if self.slides[k]:
                turns[k + 1] = turn
                places[k + 1] = place + (turn @ self.axis[k]) * q[:, k, None]
            else:
                s, c = sine[k], cosine[k]
                change = s[:, :, None] * rig.first[k] + c[:, :, None] * rig.second[k]
                shift = s * rig.shift1[k] + c * rig.shift2[k]
                turns[k + 1] = turn + turn @ change
                places[k + 1] = place - (turn @ shift[:, :, None])[:, :, 0]
        return turns, places

    def twists(self, turns: Array, places: Array, speeds: Array) -> tuple[Array, Array]:
        """Return how fast links turn, rad/s, and flow, m/s, both (n + 1, k, 3).

        The flow is the speed of the point of a link that is at the origin of the workcell.

        Args:
            turns: as `frames` gives them.
            places: likewise.
            speeds: (k, n) of the joints.
        """
        spin, flow = np.zeros((2, self.count + 1, len(speeds), 3))
        if self.count:
            axis = (turns[:-1] @ self.axis[:, None, :, None])[..., 0] * speeds.T[:, :, None]
            centre = (turns[:-1] @ self.centre[:, None, :, None])[..., 0] + places[:-1]
            slides = self.slides[:, None, None]
            np.cumsum(np.where(slides, 0.0, axis), axis=0, out=spin[1:])
            np.cumsum(np.where(slides, axis, cross(centre, axis)), axis=0, out=flow[1:])
        return spin, flow


def cross(a: Array, b: Array) -> Array:
    """Return the cross products of the last dimensions."""
    a0, a1, a2 = a[..., 0], a[..., 1], a[..., 2]
    b0, b1, b2 = b[..., 0], b[..., 1], b[..., 2]
    first = a1 * b2 - a2 * b1
    found = np.empty((*first.shape, 3))
    found[..., 0] = first
    found[..., 1] = a2 * b0 - a0 * b2
    found[..., 2] = a0 * b1 - a1 * b0
    return found


# ---- of what


def of_arm(
    arm: Jointed, foot: Placement, track: Track, held: tuple[Hull, ...], moves: Moves
) -> Linkage:
    """Return an arm with what it holds; the joints that carry its foot come first."""
    carried = tuple(move._replace(path=()) for move in moves)
    return Linkage(_rig(arm, foot, held, carried), (*_paths(moves), *track))


@lru_cache(maxsize=256)
def _rig(arm: Jointed, foot: Placement, held: tuple[Hull, ...], moves: Moves) -> Rig:
    found, more = zero(arm), len(moves)
    parts = found.kit
    link = list(found.link)
    if held:
        parts = together((parts, kit(held).moved(found.flange)))
        link += [found.flange_link] * len(held)
    carried = _carried(moves)
    turn = foot.matrix()[:3, :3]
    screws = Screws(
        np.concatenate((carried.axis, found.screws.axis @ turn.T)),
        np.concatenate((carried.centre, found.screws.centre @ turn.T + np.array(foot.place))),
        np.concatenate((carried.slides, found.screws.slides)),
    )
    return Rig(screws, parts.moved(foot), [each + more for each in link])


def of_neighbour(other: Neighbour) -> Linkage:
    """Return another arm with what it holds."""
    return of_arm(other.arm, other.foot, other.track, other.held, other.moves)


def of_obstacles(obstacles: Sequence[Obstacle]) -> Linkage:
    """Return obstacles that the same moves move, or none."""
    moves = obstacles[0].moves
    parts = spread([kit(each.hulls) for each in obstacles], [each.at for each in obstacles])
    rig = Rig(_carried(moves), parts, [len(moves)] * len(parts.hulls))
    return Linkage(rig, _paths(moves))


def _carried(moves: Moves) -> Screws:
    axis = [move.vector if isinstance(move, Way) else move.axis for move in moves]
    centre = [(0.0, 0.0, 0.0) if isinstance(move, Way) else move.point for move in moves]
    return _screws(axis, centre, [isinstance(move, Way) for move in moves])


def _paths(moves: Moves) -> tuple[Path, ...]:
    return tuple(move.path for move in moves)
