"""Pairs: which hulls may hit each other, and how near they may come."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

import numpy as np
from numpy.typing import NDArray

from .hulls import Hull, Kit, kit
from .linkage import Linkage, of_arm
from .obstacle import Jointed, Moves, Neighbour, Obstacle, Thing
from .placement import HERE, Vector

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SAMPLES = 48
"""Postures that are looked at to find links that always touch."""
ALWAYS = 0.95
"""Share of these in which they do."""
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0


TOLERANCE = 1e-9
"""Of the library, relative to the square of the distance. With its own, 1e-6, the direction to a
cylinder is off so far that along it the distance is 0.2 mm less than it says."""
ROUNDS = 256
"""Of the library, for how deep shapes are in each other: after its own 64 it may be 1 mm off."""


class Others(NamedTuple):
    """What moves as one and is not the arm itself."""

    linkage: Linkage
    names: tuple[str, ...]
    """Of the obstacle that each hull belongs to."""
    variant: NDArray[np.int8]
    """Of each hull: 0 for all; 1 for all but tools; 2 for tools alone."""


def split(
    things: Sequence[Thing],
) -> tuple[tuple[Obstacle, ...], list[list[Obstacle]], list[Neighbour]]:
    """Return machines that stand still; parts and what moves, by what moves it; robots."""
    fixed: list[Obstacle] = []
    groups: dict[Moves, list[Obstacle]] = {}
    robots: list[Neighbour] = []
    for each in things:
        if isinstance(each, Neighbour):
            robots.append(each)
        elif each.moves or any(hull.role == "part" for hull in each.hulls):
            groups.setdefault(each.moves, []).append(each)
        else:
            fixed.append(each)
    return tuple(fixed), list(groups.values()), robots


def lies(thing: Thing) -> TypeGuard[Obstacle]:
    """Tell whether it is a part that nothing moves."""
    return isinstance(thing, Obstacle) and not thing.moves and thing.hulls[0].role == "part"


@lru_cache(maxsize=4096)
def ball(obstacle: Obstacle) -> tuple[Vector, float]:
    """Return the middle and the radius, m, of a sphere around an obstacle that nothing moves."""
    parts = kit(obstacle.hulls).moved(obstacle.at)
    middle = parts.middle.mean(axis=0)
    far = np.sqrt(np.square(parts.middle - middle).sum(axis=1)) + parts.reach
    x, y, z = middle.tolist()
    return (x, y, z), float(far.max())


@lru_cache(maxsize=1024)
def soft(obstacle: Obstacle) -> tuple[Obstacle, tuple[int, ...]]:
    """Return an obstacle with each hull that gives way twice, and the `variant` of each hull."""
    hulls: list[Hull] = []
    variant = []
    for hull in obstacle.hulls:
        if hull.press_m > 0.0:
            hulls += [hull, hull.pressed()]
            variant += [1, 2]
        else:
            hulls.append(hull)
            variant.append(0)
    return obstacle._replace(hulls=tuple(hulls)), tuple(variant)


def may_meet(own: Kit, other: Others) -> NDArray[np.bool_]:
    """Tell which hulls of an arm may hit which others, (i, j)."""
    tool = np.array([hull.role == "tool" for hull in own.hulls], dtype=bool)[:, None]
    return np.asarray(np.where(tool, other.variant != 1, other.variant != 2))


def least(own: Kit, others: Kit, margin_m: float) -> Array:
    """Return how near hulls of an arm may come to others, (i, j), m.

    A held part may come to anything that is no robot until they touch: it is to be put there.
    """
    held = np.array([hull.role == "held" for hull in own.hulls], dtype=bool)[:, None]
    put = np.array([hull.role in ("fixed", "part") for hull in others.hulls], dtype=bool)
    return np.where(held & put, 0.0, margin_m)


# ---- an arm and itself


def own_pairs(arm: Jointed, held: tuple[Hull, ...], margin_m: float) -> tuple[Indices, Indices]:
    """Return the pairs of an arm's own hulls that may hit each other, the inner one first.

    Left out are hulls of one link and of links that one joint connects, pairs that are nearer than
    the margin when the arm rests, and those that are so in nearly every posture: they are made so.
    With a part that is held all but the link that carries it counts, wherever the arm rests.
    """
    tools = tuple(hull for hull in held if hull.role != "held")
    first, second = _left_in(arm, tools, margin_m)
    parts = [k for k, hull in enumerate(held) if hull.role == "held"]
    if not parts:
        return first, second
    made = linkage(arm, held)
    own = len(made.kit.hulls) - len(held)
    order = [k for k, hull in enumerate(held) if hull.role != "held"]
    number = np.array([*range(own), *(own + k for k in order)], dtype=np.intp)
    first, second = number[first], number[second]
    for part in parts:
        inner = np.flatnonzero(made.link[:own] < made.link[own + part])
        first = np.append(first, inner)
        second = np.append(second, np.full(len(inner), own + part))
    return first, second


@lru_cache(maxsize=256)
def _left_in(arm: Jointed, tools: tuple[Hull, ...], margin_m: float) -> tuple[Indices, Indices]:
    made = linkage(arm, tools)
    link = made.link
    i, j = np.nonzero(link[:, None] + 2 <= link[None, :])
    moving = [joint for joint in arm.description.joints if joint.kind != "fixed"]
    low = np.array([joint.low for joint in moving])
    high = np.array([joint.high for joint in moving])
    # A sequence that fills the space evenly, the same on each machine.
    steps = np.arange(1, SAMPLES + 1)[:, None] * GOLDEN ** np.arange(1, len(moving) + 1)
    q = np.concatenate(([arm.rest], low + (high - low) * np.modf(steps)[0]))
    near = distances(made, q, i, j) <= margin_m
    kept = ~near[0] & (near[1:].mean(axis=0) < ALWAYS)
    return i[kept], j[kept]


def linkage(arm: Jointed, held: tuple[Hull, ...]) -> Linkage:
    """Return an arm with what it holds, in the frame of its foot, without paths."""
    return of_arm(arm, HERE, (), held, ())


def distances(made: Linkage, q: Array, i: Indices, j: Indices) -> Array:
    """Return how far pairs of hulls of one linkage are from each other, (k, p), m.

    Args:
        made: the linkage.
        q: (k, n) joints.
        i: number of the one hull of each pair, (p,).
        j: of the other.
    """
    turns, places = made.frames(q)
    found = np.empty((len(q), len(i)))
    gauges = [Gauge(made.kit.shapes[a], made.kit.shapes[b]) for a, b in zip(i, j, strict=True)]
    for k in range(len(q)):
        at = [pose(made, turns, places, each, k) for each in range(len(made.link))]
        for p, gauge in enumerate(gauges):
            found[k, p] = gauge.far(*at[i[p]], *at[j[p]])
    return found


def pose(made: Linkage, turns: Array, places: Array, hull: int, k: int) -> tuple[Array, Array]:
    """Return rotation and place of a hull, of frames for many times the k-th."""
    link, kit = made.link[hull], made.kit
    turn = turns[link, k]
    return turn @ kit.turn[hull], turn @ kit.place[hull] + places[link, k]


class Gauge:
    """Measures how far two shapes are from each other."""

    __slots__ = ("_ask", "_between", "_one", "_other", "_request", "_result", "_shapes")

    def __init__(self, one: Any, other: Any) -> None:
        import coal

        self._shapes = (one, other)
        """The library keeps no hold of them itself."""
        self._between = coal.ComputeDistance(one, other)
        self._one, self._other = coal.Transform3s(), coal.Transform3s()
        self._request, self._result = coal.DistanceRequest(), coal.DistanceResult()
        self._request.gjk_tolerance = TOLERANCE
        self._request.epa_max_iterations = ROUNDS

    def far(self, turn1: Array, place1: Array, turn2: Array, place2: Array) -> float:
        """Return the distance, m; below 0: how deep they are in each other."""
        self._one.setTransform(turn1, place1)
        self._other.setTransform(turn2, place2)
        self._result.clear()
        found: float = self._between(self._one, self._other, self._request, self._result)
        return found

    @property
    def normal(self) -> Array:
        """The direction from the one to the other, where they are nearest."""
        return np.asarray(self._result.normal)

    @property
    def points(self) -> tuple[Array, Array]:
        """The points where they are nearest."""
        return (
            np.asarray(self._result.getNearestPoint1()),
            np.asarray(self._result.getNearestPoint2()),
        )
