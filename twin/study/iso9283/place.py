"""Where the test cube goes: the largest one with poses and paths in reach (clause 6.8.2)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import cos, hypot, radians, sin
from typing import Protocol

import numpy as np

from twin.plant.robot.order import Joints
from twin.plant.robot.placement import HERE, OVER, Matrix, Placement
from twin.spec.messages import Phrase, phrase
from twin.study.errors import StudyError, WrongWish

from .cube import EDGES_M, FLAT, PLANES, TestCube

STEP_M, FINE_M = 0.1, 0.05
"""Of the grid of middles that are tried, in front of the foot; the second for a small cube."""
SMALL_M = 0.25
"""A cube that is no larger is small."""
SMALLER_M = (0.2, 0.16, 0.125, 0.1, 0.08, 0.063, 0.05)
"""Edges below the standard's, in its own steps and half ones: what is offered when none fits."""
FAR_M = 1.5
LOW_M, HIGH_M = -0.2, 1.3
CLOSER = ((0.2, 2.5), (0.05, 0.9))
"""First a look, then the proof: how close together the places are that are tried, m, and if a joint
goes further between neighbours (rad, or m), the arm has gone over to another of its shapes."""
TILTS_DEG = (0.0, 45.0)
"""The tool points down, or so far forwards."""
ROLLS_DEG = (0.0, 180.0, 90.0, -90.0)
"""The tool may be turned about its own axis, which the standard leaves open: an arm whose last axis
turns less than all round has a side that it cannot show."""
PROBE = ((0.35, 0.5, 0.65), (0.0, 0.3, 0.6), (-0.1, 0.0, 0.1))
"""Where that is tried: shares of the reach forwards and up, and sideways, m."""
TILTING = 5
"""An arm with fewer joints holds its tool upright."""
TRIES = 12
"""So many of the best middles of a size are followed along all paths."""
SHAPES = 2
"""In so many of an arm's shapes, those nearest to its rest."""

Turn = tuple[float, float, float, float]
"""A quaternion, w first."""
Middles = dict[tuple[Turn, float, float], list[tuple[float, float]]]
"""By the tool's orientation and the grid's steps: how far in front of the foot, how high, m."""


class Kinematics(Protocol):
    """What is asked of an arm here."""

    id: str
    rest: Joints

    @property
    def reach_m(self) -> float:
        """How far the flange could be from the foot."""

    def inverse(self, flange: Placement, near: Sequence[float]) -> list[Joints]:
        """Return every solution within limits, the nearest first."""

    def jacobian(self, q: Sequence[float], tip: Placement = HERE) -> Matrix:
        """Return the (6, n) Jacobian of the tip."""

    def singularity(self, q: Sequence[float]) -> tuple[str, float] | None:
        """Return what is near, if something is."""

    def trouble(self, flange: Placement, near: Sequence[float]) -> Phrase:
        """Return why `inverse` is empty."""


def chain(
    arm: Kinematics, tip: Placement, places: Sequence[Placement],
    jump: float = CLOSER[-1][1], free: Callable[[list[Joints]], bool] = lambda _: True,
) -> list[Joints] | None:  # fmt: skip
    """Return the joints at each of a chain of places, all in one shape; None if it cannot be done.

    Args:
        arm: the arm.
        tip: the tool's point in the flange's frame.
        places: of the tool's point, in the frame of the foot, close together.
        jump: between neighbours no joint may go further, rad or m.
        free: tells whether the arm stays clear of itself on a way through joints.
    """
    for start in _solutions(arm, tip, places[0], arm.rest)[:SHAPES]:
        found = [start]
        for place in places[1:]:
            near = _solutions(arm, tip, place, found[-1])
            if not near or _jump(near[0], found[-1]) > jump:
                break
            found.append(near[0])
        else:
            if free(found):
                return found
    return None


def largest_cube(
    arm: Kinematics, tip: Placement = HERE, edge_m: float | None = None,
    free: Callable[[list[Joints]], bool] = lambda _: True,
) -> TestCube:  # fmt: skip
    """Return the largest of the standard's cubes that the arm can be inspected in.

    Args:
        arm: the arm.
        tip: the tool's point in the flange's frame.
        edge_m: wanted edge; None: the largest.
        free: tells whether the arm stays clear of itself on a way through joints.

    Raises:
        StudyError: none fits; which smaller one does, or why none.
    """
    turns = _turns(arm, tip)
    sizes = EDGES_M if edge_m is None else (edge_m,)
    known: Middles = {}
    found = _first(arm, tip, sizes, turns, free, known)
    if found is not None:
        return found
    smaller = [edge for edge in (*EDGES_M, *SMALLER_M) if edge < sizes[-1]]
    wanted = f"{1000.0 * sizes[-1]:.0f}"
    fits = _first(arm, tip, smaller, turns, free, known)
    if fits is not None:
        raise WrongWish(
            "inspect.smaller_cube", arm=arm.id, edge=wanted, fits=f"{1000.0 * fits.edge_m:.0f}"
        )
    least = f"{1000.0 * min((sizes[-1], *smaller)):.0f}"
    raise StudyError("inspect.no_cube", arm=arm.id, edge=least, why=_why(arm, tip, turns[0], known))


def _first(
    arm: Kinematics, tip: Placement, sizes: Sequence[float], turns: Sequence[Turn],
    free: Callable[[list[Joints]], bool], known: Middles,
) -> TestCube | None:  # fmt: skip
    """Return the first cube that fits, the largest sizes first; a level plane when nothing else."""
    tilts = ((*PLANES,), (FLAT,)) if len(arm.rest) >= TILTING else ((FLAT,),)
    for planes, edge, turn in product(tilts, sizes, turns):
        found = _candidates(arm, tip, TestCube(edge, (0.0, 0.0, 0.0), planes[0], turn), known)
        ranked = sorted(found, key=lambda one: -one[0])
        for _, cube in ranked[:TRIES]:
            for plane in planes:
                tried = TestCube(edge, cube.middle_m, plane, cube.turn)
                first, proof = CLOSER
                if chain(arm, tip, tried.chain(first[0]), first[1]) and chain(
                    arm, tip, tried.chain(proof[0]), proof[1], free
                ):
                    return tried
    return None


def _turn(tilt_deg: float, roll_deg: float) -> Turn:
    """Return the tool's orientation: tilted from pointing down forwards, turned about itself."""
    tilt, roll = -radians(tilt_deg) / 2.0, radians(roll_deg) / 2.0
    tilted = Placement(0.0, 0.0, 0.0, cos(tilt), 0.0, sin(tilt), 0.0).then(OVER)
    if roll_deg == 0.0:
        return tilted.turn
    return tilted.then(Placement(0.0, 0.0, 0.0, cos(roll), 0.0, 0.0, sin(roll))).turn


def _turns(arm: Kinematics, tip: Placement) -> list[Turn]:
    """Return the tool's orientations that are tried: each tilt, on the side that the arm likes."""
    for tilt_deg in TILTS_DEG:
        counts = {
            roll_deg: len(list(_probed(arm, tip, _turn(tilt_deg, roll_deg))))
            for roll_deg in ROLLS_DEG
        }
        if any(counts.values()):
            best_deg = max(counts, key=counts.__getitem__)  # of equal ones the first
            return [_turn(each, best_deg) for each in TILTS_DEG]
    return [_turn(each, 0.0) for each in TILTS_DEG]


def _probed(arm: Kinematics, tip: Placement, turn: Turn) -> Iterator[list[Joints]]:
    """Yield the ways across the arm's front that it can go with the tool held so."""
    far, up, across = PROBE
    for x, z in product(far, up):
        ways = [Placement(x * arm.reach_m, y, z * arm.reach_m, *turn) for y in across]
        found = chain(arm, tip, ways)
        if found is not None:
            yield found


def _why(arm: Kinematics, tip: Placement, turn: Turn, known: Middles) -> Phrase:
    """Return why no cube fits, as far as can be told."""
    if any(known.values()):
        return phrase("inspect.cube_ways")
    far, up, _ = PROBE
    middle = Placement(far[1] * arm.reach_m, 0.0, up[1] * arm.reach_m, *turn)
    flange = middle.then(tip.inverse())
    if arm.inverse(flange, arm.rest):
        return phrase("inspect.cube_singular")
    return phrase("inspect.cube_reach", why=arm.trouble(flange, arm.rest))


def _candidates(
    arm: Kinematics, tip: Placement, like: TestCube, known: Middles
) -> Iterator[tuple[float, TestCube]]:
    """Yield cubes at whose five poses the arm can be, each with how far it is from its limits."""
    nearest = like.edge_m / 2.0 + STEP_M
    step_m = STEP_M if like.edge_m > SMALL_M else FINE_M
    # A level plane may lie anywhere in a short stroke, so its heights are tried more closely.
    rise_m = STEP_M / 4.0 if like.plane == FLAT else step_m
    key = (like.turn, step_m, rise_m)
    if key not in known:
        known[key] = list(_middles(arm, tip, *key))
    for x, z in known[key]:
        if x >= nearest - 1e-9:
            cube = TestCube(like.edge_m, (x, 0.0, z), like.plane, like.turn)
            margin = _margin(arm, tip, cube)
            if margin > 0.0:
                yield margin, cube


def _middles(
    arm: Kinematics, tip: Placement, turn: Turn, step_m: float, rise_m: float
) -> Iterator[tuple[float, float]]:
    """Yield where in front of the foot, and how high, the arm can be with the tool held so.

    Whatever a cube's size, its middle is one of its poses; so these are looked for only once.
    """
    back = tip.inverse()
    across = [round(x * step_m, 3) for x in range(1, round(FAR_M / step_m) + 1)]
    heights = range(round(LOW_M / rise_m), round(HIGH_M / rise_m) + 1)
    for x, z in product(across, (round(k * rise_m, 3) for k in heights)):
        middle = Placement(x, 0.0, z, *turn)
        # What is out of reach by length alone takes an arm without a closed form longest to deny.
        if hypot(*middle.then(back).place) <= arm.reach_m and _solutions(
            arm, tip, middle, arm.rest
        ):
            yield x, z


def _margin(arm: Kinematics, tip: Placement, cube: TestCube) -> float:
    """Return the least singular value of the Jacobian at the poses; 0 where one is out of reach."""
    near, least = arm.rest, np.inf
    for number in (2, 4, 3, 5, 1):  # the corners first: there it fails if it does
        found = _solutions(arm, tip, cube.pose(number), near)
        if not found:
            return 0.0
        near = found[0]
        # Columns of zeros, or a direction that a four-axis arm cannot go, are the same everywhere.
        values = np.linalg.svd(arm.jacobian(near, tip), compute_uv=False)
        least = min(least, float(values[values > 1e-6].min()))
    return least


def _solutions(
    arm: Kinematics, tip: Placement, place: Placement, near: Sequence[float]
) -> list[Joints]:
    found = arm.inverse(place.then(tip.inverse()), near)
    return [q for q in found if arm.singularity(q) is None]


def _jump(a: Sequence[float], b: Sequence[float]) -> float:
    return max(abs(p - q) for p, q in zip(a, b, strict=True))
