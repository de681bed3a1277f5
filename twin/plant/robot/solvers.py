"""Solvers: joints that bring the flange to a placement, for each kind of arm.

EAIK's closed forms for arms of turning axes, ours for SCARA and for a wrist that is in line, fixed
seeds for the rest.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from math import atan2, cos, pi, sin, sqrt
from typing import Any, NamedTuple, Protocol

import numpy as np

from .kinematics import Array, Axis, Kinematics
from .wrists import wrist_of

TURN = 2.0 * pi
SIX = 6
SEEDS, MORE_SEEDS = 24, 120
ALIKE = 1e-6
"""Axes are parallel within this."""
LINED = 1e-5
"""Below this sine of axis 5 EAIK takes a wrist to be in line, rightly or nearly."""
LEAST_LINK_M = 1e-3


class Guess(NamedTuple):
    """Joints to begin with."""

    q: Array
    closed: bool = True
    """Whether it is a solution up to rounding, or nothing near one; else anything."""


class Solver(Protocol):
    """Finds joints for a placement, whatever the limits."""

    def candidates(self, target: Any, near: Array) -> Iterator[Guess]:
        """Yield joints that bring the flange to a placement, or where to begin to look for them."""

    def more(self, target: Any, near: Array) -> Iterator[Guess]:
        """Yield further ones, when none of the others is within the limits."""


def solver_of(kinematics: Kinematics, low: Array, high: Array) -> Solver:
    """Return the way to solve an arm: the closed form that fits, else the numeric one."""
    axes = kinematics.axes
    if Scara.fits(axes):
        return Scara(kinematics)
    numeric = Numeric(kinematics, low, high)
    if all(axis.kind == "turn" for axis in axes):
        if len(axes) <= SIX:
            return Closed.make(kinematics, spare=None if len(axes) == SIX else numeric) or numeric
        return Locked.make(kinematics, low, high) or numeric
    return numeric


class Closed:
    """Arms of turning axes whose inverse kinematics fall apart into known geometric problems."""

    def __init__(self, robot: Any, kinematics: Kinematics, spare: "Numeric | None") -> None:
        self.robot = robot
        self.spare = spare
        self.wrist = wrist_of(kinematics) if kinematics.count == SIX else None

    @classmethod
    def make(
        cls,
        kinematics: Kinematics,
        locked: tuple[int, float] | None = None,
        *,
        spare: "Numeric | None" = None,
    ) -> "Closed | None":
        """Return the solver; None where the arm does not fall apart so, or EAIK is missing.

        Args:
            kinematics: of the arm.
            locked: a joint that stands still, and where.
            spare: what to ask when nothing is found: with fewer than six axes the closed form
                leaves out some that are there.
        """
        try:
            from eaik.pybindings.EAIK import Robot
        except ImportError:
            return None
        axes = kinematics.axes
        flange = kinematics.flange_matrix(np.zeros(kinematics.count))
        along = np.array([axis.along for axis in axes])
        through = [np.zeros(3), *(axis.through for axis in axes), flange[:3, 3]]
        offsets = np.diff(np.array(through), axis=0)
        fixed = [] if locked is None else [locked]
        robot = Robot(along.T, offsets.T, flange[:3, :3], fixed, True)  # noqa: FBT003
        return cls(robot, kinematics, spare) if robot.has_known_decomposition() else None

    def candidates(self, target: Any, near: Array) -> Iterator[Guess]:
        """Yield what the closed form gives, and what it passes over: the wrist in line."""
        found = self.robot.calculate_IK(target.homogeneous)
        lined: list[Array] = []
        for solution in found.Q:
            q = np.asarray(solution, dtype=float)
            if not np.isfinite(q).all():
                continue
            if self.wrist is None or abs(sin(q[4])) > LINED:
                yield Guess(q)
            elif not any(np.abs(q[:3] - known).max() < LINED for known in lined):
                lined.append(q[:3])
                yield from (Guess(each) for each in self.wrist.solved(q, target.homogeneous, near))

    def more(self, target: Any, near: Array) -> Iterator[Guess]:
        """Yield what the spare solver gives."""
        return self.spare.candidates(target, near) if self.spare is not None else iter(())


class Locked:
    """Seven turning axes: one of them stands at several values in turn, the others are solved."""

    STANDS, FINE = 16, 240

    def __init__(self, kinematics: Kinematics, number: int, low: Array, high: Array) -> None:
        self.kinematics = kinematics
        self.number = number
        self.low, self.high = float(low[number]), float(high[number])
        self.solvers = self._row(self.STANDS)

    def _at(self, value: float) -> Closed | None:
        return Closed.make(self.kinematics, (self.number, value))

    def _row(self, count: int) -> list[Closed]:
        stands = np.linspace(self.low, self.high, count).tolist()
        return [solver for value in stands if (solver := self._at(value)) is not None]

    @cached_property
    def fine(self) -> list[Closed]:
        """The same at many more stands: for placements that few of them reach."""
        return self._row(self.FINE)

    def more(self, target: Any, near: Array) -> Iterator[Guess]:
        """Yield further solutions, for when none of the others is within the limits."""
        for solver in self.fine:
            yield from solver.candidates(target, near)

    @classmethod
    def make(cls, kinematics: Kinematics, low: Array, high: Array) -> "Locked | None":
        """Return the solver for the last axis that may be locked; None: there is none."""
        for number in reversed(range(kinematics.count)):
            if Closed.make(kinematics, (number, float(low[number]) / 3.0)) is not None:
                return cls(kinematics, number, low, high)
        return None

    def candidates(self, target: Any, near: Array) -> Iterator[Guess]:
        """Yield what is next to `near`, then the solutions at each stand of the locked axis."""
        yield Guess(near, closed=False)
        for solver in (self._at(float(near[self.number])), *self.solvers):
            if solver is not None:
                yield from solver.candidates(target, near)


class Numeric:
    """Any arm: from fixed seeds over the whole range."""

    def __init__(self, kinematics: Kinematics, low: Array, high: Array) -> None:
        seeds = spread(SEEDS + MORE_SEEDS, low, high)
        self.seeds, self.further = seeds[:SEEDS], seeds[SEEDS:]

    def candidates(self, target: Any, near: Array) -> Iterator[Guess]:
        """Yield where to begin: next to `near`, then all over."""
        yield Guess(near, closed=False)
        yield from (Guess(seed, closed=False) for seed in self.seeds)

    def more(self, target: Any, near: Array) -> Iterator[Guess]:
        """Yield further places to begin."""
        return (Guess(seed, closed=False) for seed in self.further)


class Scara:
    """Three parallel turning axes and one that slides along them, in any order."""

    def __init__(self, kinematics: Kinematics) -> None:
        axes = kinematics.axes
        self.slide = next(n for n, axis in enumerate(axes) if axis.kind == "slide")
        self.turns = [n for n, axis in enumerate(axes) if axis.kind == "turn"]
        z = axes[self.turns[0]].along
        self.signs = [float(np.sign(axis.along @ z)) for axis in axes]
        x = np.array([1.0, 0.0, 0.0])
        if abs(float(x @ z)) > 0.9:
            x = np.array([0.0, 1.0, 0.0])
        x = x - (x @ z) * z
        x /= np.sqrt(x @ x)
        self.base = np.array([x, np.cross(z, x), z])
        self.flange = kinematics.flange_matrix(np.zeros(4))
        places = [axes[n].through for n in self.turns]
        self.links = [self._flat(b - a) for a, b in pairwise(places)]
        self.first = self._flat(places[0])
        self.last = self._flat(self.flange[:3, 3] - places[2])

    def _flat(self, vector: Array) -> complex:
        seen = self.base @ vector
        return complex(seen[0], seen[1])

    @staticmethod
    def fits(axes: Sequence[Axis]) -> bool:
        """Return whether an arm is of this kind."""
        kinds = sorted(axis.kind for axis in axes)
        if kinds != ["slide", "turn", "turn", "turn"]:
            return False
        z = axes[0].along
        if any(float(np.abs(np.cross(axis.along, z)).max()) > ALIKE for axis in axes):
            return False
        places = [axis.through for axis in axes if axis.kind == "turn"]
        return all(
            float(np.abs(np.cross(b - a, z)).max()) > LEAST_LINK_M for a, b in pairwise(places)
        )

    def candidates(self, target: Any, near: Array) -> Iterator[Guess]:
        """Yield both elbows."""
        turned = target.rotation @ self.flange[:3, :3].T
        seen = self.base @ turned @ self.base.T
        heading = atan2(seen[1, 0] - seen[0, 1], seen[0, 0] + seen[1, 1])
        wrist = self._flat(target.translation) - self.first
        wrist -= self.last * complex(cos(heading), sin(heading))
        one, two = self.links
        a, b, far = abs(one), abs(two), abs(wrist)
        share = min(max((far * far - a * a - b * b) / (2.0 * a * b), -1.0), 1.0)
        bend = sqrt(1.0 - share * share)
        bent = atan2(two.imag, two.real) - atan2(one.imag, one.real)
        for side in (1.0, -1.0):
            elbow = atan2(side * bend, share) - bent
            whole = one + two * complex(cos(elbow), sin(elbow))
            first = atan2(wrist.imag, wrist.real) - atan2(whole.imag, whole.real)
            q = np.zeros(4)
            for number, value in zip(
                self.turns, (first, elbow, heading - first - elbow), strict=True
            ):
                q[number] = self.signs[number] * value
            rise = self.base @ (target.translation - self.flange[:3, 3])
            q[self.slide] = self.signs[self.slide] * rise[2]
            yield Guess(q)

    def more(self, target: Any, near: Array) -> Iterator[Guess]:
        """Yield nothing: `candidates` were all."""
        return iter(())


def spread(count: int, low: Array, high: Array) -> list[Array]:
    """Return points that lie evenly in a box: Halton's sequence, always the same."""
    primes = (2, 3, 5, 7, 11, 13, 17)
    found = []
    for number in range(1, count + 1):
        shares = []
        for base in primes[: len(low)]:
            share, part, left = 0.0, 1.0, number
            while left:
                part /= base
                left, digit = divmod(left, base)
                share += digit * part
            shares.append(share)
        found.append(low + np.array(shares) * (high - low))
    return found
