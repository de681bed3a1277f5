"""Inverse kinematics: the joints that bring the flange to a placement.

Closed forms where the arm has one (EAIK's for arms of turning axes, ours for SCARA), each made
exact by Newton steps on the same forward kinematics as everything else; else numeric from fixed
seeds. Nothing here depends on chance or on what was asked before.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import ceil, floor, sqrt
from typing import Any

import numpy as np

from .kinematics import Array, Kinematics, se3
from .placement import Placement
from .solvers import TURN, Guess, solver_of

EXACT = 1e-10
"""A solution is one when it misses by no more, m and rad."""
ROUNDS = 60
CLOSE_ROUNDS = 12
LEAST_DAMP = 1e-18
CLOSE = 1e-2
"""What a closed form gives that misses by more is its nearest miss, no solution; m and rad."""
SAME = 1e-7
BESIDE = 1e-3
SINGULAR = 1e-4
MOST = 4096
"""No more solutions than this are told apart."""

Guesses = Callable[[Any, Array], Iterator[Guess]]


class Inverse:
    """All solutions of one arm.

    Args:
        kinematics: its forward kinematics.
    """

    def __init__(self, kinematics: Kinematics) -> None:
        self.kinematics = kinematics
        joints = kinematics.joints
        self.turns = np.array([joint.kind == "turn" for joint in joints])
        self.low = np.array([joint.low for joint in joints])
        self.high = np.array([joint.high for joint in joints])
        self.speed = np.array([joint.speed for joint in joints])
        self.solver = solver_of(kinematics, self.low, self.high)

    def exact(self, q: Array, target: Any, rounds: int = ROUNDS) -> Array | None:
        """Return joints by Newton steps from `q`; None where they do not come to the placement."""
        for _ in range(rounds):
            twist, local = self.kinematics.miss(q, target)
            size = sqrt(twist @ twist)
            if size <= EXACT:
                return q
            # Damped as far as it misses: far off it descends, close by it is Newton's step.
            q = q + _step(local, twist, LEAST_DAMP + 1e-3 * min(size * size, 1.0))
        return None

    def everywhere(self, target: Placement, near: Sequence[float]) -> list[Array]:
        """Return the solutions whatever the limits, each turn brought next to `near`."""
        return self._told_apart(self.solver.candidates, target, near)

    def _told_apart(
        self, guesses: Guesses, target: Placement, near: Sequence[float]
    ) -> list[Array]:
        goal, start = se3(target), np.asarray(near, dtype=float)
        found: list[Array] = []
        for guess in guesses(goal, start):
            q = self._made_exact(guess, goal)
            if q is None:
                continue
            q = np.where(self.turns, q - TURN * np.round((q - start) / TURN), q)
            if not found or np.abs(np.array(found) - q).max(axis=1).min() > SAME:
                found.append(q)
        return found

    def _made_exact(self, guess: Guess, goal: Any) -> Array | None:
        far, turned = self.kinematics.off(guess.q, goal)
        if far <= EXACT and turned <= EXACT:
            return guess.q
        if not guess.closed:
            return self.exact(guess.q, goal)
        return self.exact(guess.q, goal, CLOSE_ROUNDS) if max(far, turned) < CLOSE else None

    def within(self, q: Array, near: Sequence[float]) -> list[list[float]] | None:
        """Return each joint's values within its limits, the nearest first; None: one has none."""
        values: list[list[float]] = []
        for number, value in enumerate(q.tolist()):
            low, high = float(self.low[number]), float(self.high[number])
            if self.turns[number]:
                first, last = ceil((low - SAME - value) / TURN), floor((high + SAME - value) / TURN)
                here = [value + TURN * k for k in range(first, last + 1)]
            else:
                here = [value] if low - SAME <= value <= high + SAME else []
            if not here:
                return None
            # What is past a limit by rounding only is at the limit.
            here = [min(max(x, low), high) for x in here]
            here.sort(key=lambda x, at=near[number]: (abs(x - at), x))  # type: ignore[misc]
            values.append(here)
        return values

    def _reachable(self, target: Placement, near: Sequence[float]) -> Iterator[list[list[float]]]:
        """Yield for each solution what `within` says of it."""
        missing = True
        for guesses in (self.solver.candidates, self.solver.more):
            for q in self._told_apart(guesses, target, near) if missing else []:
                values = self.within(q, near)
                if values is not None:
                    missing = False
                    yield values

    def all(self, target: Placement, near: Sequence[float]) -> list[tuple[float, ...]]:
        """Return every solution within the limits, with all their turns, the nearest first."""
        found: list[tuple[float, ...]] = []
        for values in self._reachable(target, near):
            if len(found) < MOST:
                found += product(*values)
        order = sorted(found, key=lambda q: (self.time(q, near), q))
        beside = self._beside(order[0] if order else None, target, near)
        return order if beside is None else [beside, *order]

    def nearest(self, target: Placement, near: Sequence[float]) -> tuple[float, ...] | None:
        """Return the solution within the limits that is the nearest."""
        found = [tuple(each[0] for each in values) for values in self._reachable(target, near)]
        first = min(found, key=lambda q: (self.time(q, near), q), default=None)
        return self._beside(first, target, near) or first

    def _beside(
        self, first: tuple[float, ...] | None, target: Placement, near: Sequence[float]
    ) -> tuple[float, ...] | None:
        """Return a nearer solution than `first` where there are endless many: in a singularity."""
        if first is not None and (
            np.abs(np.array(first) - near).max() < BESIDE or not self._singular(first)
        ):
            return None
        found = self.follow(target, near)
        if found is None or (
            first is not None and self.time(found, near) >= self.time(first, near)
        ):
            return None
        return found

    def _singular(self, q: Sequence[float]) -> bool:
        local = self.kinematics.jacobian(q)
        values = np.linalg.svd(local, compute_uv=False)
        return bool(values[min(local.shape) - 1] < SINGULAR * values[0])

    def follow(self, target: Placement, near: Sequence[float]) -> tuple[float, ...] | None:
        """Return the solution that joins on to `near` without a leap; None: there is none."""
        q = self.exact(np.asarray(near, dtype=float), se3(target))
        if q is None or (q < self.low - SAME).any() or (q > self.high + SAME).any():
            return None
        return tuple(np.clip(q, self.low, self.high).tolist())

    def time(self, q: Sequence[float], near: Sequence[float]) -> float:
        """Return how far apart two stands are: s at full speed, all joints added up by squares."""
        off = (np.asarray(q) - np.asarray(near)) / self.speed
        return float(np.sqrt(off @ off))


def _step(local: Array, twist: Array, damp: float) -> Array:
    """Return how far the joints go to make up for a twist: least squares, damped."""
    few = local.shape[1] < local.shape[0]
    square = local.T @ local if few else local @ local.T
    square.flat[:: len(square) + 1] += damp
    try:
        if few:
            step = np.linalg.solve(square, local.T @ twist)
        else:
            step = local.T @ np.linalg.solve(square, twist)
    except np.linalg.LinAlgError:  # in a singularity, to the last bit
        step = np.linalg.lstsq(local, twist)[0]
    return np.asarray(step, dtype=np.float64)
