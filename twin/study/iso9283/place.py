"""Where the test cube goes: the largest one with poses and paths in reach (clause 6.8.2)."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import cos, radians, sin
from typing import Protocol

import numpy as np

from twin.plant.robot.order import Joints
from twin.plant.robot.placement import HERE, OVER, Matrix, Placement
from twin.study.errors import StudyError

from .cube import EDGES_M, FLAT, PLANES, TestCube

STEP_M = 0.1
"""Of the grid of middles that are tried, in front of the foot."""
FAR_M = 1.5
LOW_M, HIGH_M = -0.2, 1.3
CLOSER = ((0.2, 2.5), (0.05, 0.9))
"""First a look, then the proof: how close together the places are that are tried, m, and if a joint
goes further between neighbours (rad, or m), the arm has gone over to another of its shapes."""
TILTS_DEG = (0.0, 45.0)
"""The tool points down, or so far forwards."""
TILTING = 5
"""An arm with fewer joints holds its tool upright."""
TRIES = 12
"""So many of the best middles of a size are followed along all paths."""
SHAPES = 2
"""In so many of an arm's shapes, those nearest to its rest."""


class Kinematics(Protocol):
    """What is asked of an arm here."""

    id: str
    rest: Joints

    def inverse(self, flange: Placement, near: Sequence[float]) -> list[Joints]:
        """Return every solution within limits, the nearest first."""

    def jacobian(self, q: Sequence[float], tip: Placement = HERE) -> Matrix:
        """Return the (6, n) Jacobian of the tip."""

    def singularity(self, q: Sequence[float]) -> tuple[str, float] | None:
        """Return what is near, if something is."""


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
        StudyError: none fits.
    """
    sizes = EDGES_M if edge_m is None else (edge_m,)
    tilts = ((*PLANES,), (FLAT,)) if len(arm.rest) >= TILTING else ((FLAT,),)
    for planes, edge, turn in product(tilts, sizes, _turns()):
        found = _candidates(arm, tip, TestCube(edge, (0.0, 0.0, 0.0), planes[0], turn))
        ranked = sorted(found, key=lambda one: -one[0])
        for _, cube in ranked[:TRIES]:
            for plane in planes:
                tried = TestCube(edge, cube.middle_m, plane, cube.turn)
                first, proof = CLOSER
                if chain(arm, tip, tried.chain(first[0]), first[1]) and chain(
                    arm, tip, tried.chain(proof[0]), proof[1], free
                ):
                    return tried
    least = 1000.0 * sizes[-1]
    raise StudyError("inspect.no_cube", arm=arm.id, edge=f"{least:.0f}")


@lru_cache(maxsize=1)
def _turns() -> tuple[tuple[float, float, float, float], ...]:
    found = []
    for tilt_deg in TILTS_DEG:
        # Tilted about y, from pointing down towards pointing forwards.
        half = -radians(tilt_deg) / 2.0
        tilt = Placement(0.0, 0.0, 0.0, cos(half), 0.0, sin(half), 0.0)
        found.append(tilt.then(OVER).turn)
    return tuple(found)


def _candidates(
    arm: Kinematics, tip: Placement, like: TestCube
) -> Iterator[tuple[float, TestCube]]:
    """Yield cubes at whose five poses the arm can be, each with how far it is from its limits."""
    nearest = like.edge_m / 2.0 + STEP_M
    across = [x * STEP_M for x in range(1, round(FAR_M / STEP_M) + 1) if x * STEP_M >= nearest]
    # A level plane may lie anywhere in a short stroke, so its heights are tried more closely.
    step_m = STEP_M / 4.0 if like.plane == FLAT else STEP_M
    heights = [k * step_m for k in range(round(LOW_M / step_m), round(HIGH_M / step_m) + 1)]
    for x, z in product(across, heights):
        cube = TestCube(like.edge_m, (round(x, 3), 0.0, round(z, 3)), like.plane, like.turn)
        margin = _margin(arm, tip, cube)
        if margin > 0.0:
            yield margin, cube


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
