"""Courses: the paths of several joints as arrays, and the exact bounds of their speeds."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.wire.model import Path

Array = NDArray[np.float64]

JUMP = 1e-6
"""Speeds that differ by less are the same."""
HARD = 1e9
"""What counts as the acceleration where a speed jumps."""


class Block(NamedTuple):
    """Paths whose pieces begin together."""

    times: Array
    """(m,) s."""
    p: Array
    """(b, m) place at the begin of each piece; v, a, j likewise."""
    v: Array
    a: Array
    j: Array

    def held(self, times: Array) -> tuple[Array, Array, Array, Array]:
        """Return place, speed, acceleration, jerk (b, k) right after k times."""
        index = self.times.searchsorted(times, side="right") - 1
        before = index < 0
        index = np.maximum(index, 0)
        dt = np.where(before, 0.0, times - self.times[index])
        p, v, a, j = (each[:, index] for each in (self.p, self.v, self.a, self.j))
        if before.any():
            # A path is at its place from ever, at rest.
            v, a, j = (np.where(before, 0.0, each) for each in (v, a, j))
        return (
            p + dt * (v + dt * (a / 2.0 + dt * j / 6.0)), v + dt * (a + dt * j / 2.0), a + dt * j, j
        )  # fmt: skip


class Course:
    """The paths of joints, in order."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self.count = len(paths)
        self.blocks: list[Block] = []
        run: list[Path] = []
        for path in paths:
            if run and not _together(run[-1], path):
                self.blocks.append(_block(run))
                run = []
            run.append(path)
        if run:
            self.blocks.append(_block(run))

    @property
    def ends_s(self) -> float:
        """When all joints have come to rest that ever do; -inf without any."""
        last = -np.inf
        for block in self.blocks:
            moving = block.v[:, -1].any() or block.a[:, -1].any() or block.j[:, -1].any()
            if not moving:
                last = max(last, float(block.times[-1]))
        return last

    def starts(self, after_s: float, until_s: float) -> Array:
        """Return when pieces begin within an interval."""
        times = [block.times for block in self.blocks]
        found = np.concatenate(times) if times else np.zeros(0)
        return found[(found > after_s) & (found < until_s)]

    def at(self, times: Array) -> tuple[Array, Array]:
        """Return places and speeds, both (k, n), right after k times."""
        if not self.blocks:
            return np.zeros((len(times), 0)), np.zeros((len(times), 0))
        found = [block.held(times)[:2] for block in self.blocks]
        return (
            np.concatenate([p for p, _ in found]).T,
            np.concatenate([v for _, v in found]).T,
        )

    def bounds(self, nodes: Array) -> tuple[Array, Array]:
        """Return the greatest speed and acceleration of each joint in each interval.

        Exact: speeds are polynomials of the second degree in each piece, whose greatest value is at
        an end or where the acceleration is 0. Where a speed jumps, within an interval or at its
        end, its acceleration is `HARD`.

        Args:
            nodes: (k + 1,) rising times.

        Returns:
            Two arrays (n, k), none of whose numbers is below 0.
        """
        intervals = len(nodes) - 1
        speed, accel = np.zeros((self.count, intervals)), np.zeros((self.count, intervals))
        row = 0
        for block in self.blocks:
            rows = slice(row, row + len(block.p))
            row += len(block.p)
            inner = block.times[(block.times > nodes[0]) & (block.times < nodes[-1])]
            begins = np.union1d(nodes[:-1], inner)
            lasts = np.append(begins[1:], nodes[-1]) - begins
            _, v, a, j = block.held(begins)
            last_v, last_a = v + lasts * (a + lasts * j / 2.0), a + lasts * j
            with np.errstate(divide="ignore", invalid="ignore"):
                turn = -a / j
            turn = np.where((turn > 0.0) & (turn < lasts), turn, 0.0)
            top = np.maximum(np.abs(v), np.abs(last_v))
            top = np.maximum(top, np.abs(v + turn * (a + turn * j / 2.0)))
            first = begins.searchsorted(nodes[:-1])
            speed[rows] = np.maximum.reduceat(top, first, axis=1)
            hard = np.maximum(np.abs(a), np.abs(last_a))
            jumps = np.abs(v[:, 1:] - last_v[:, :-1]) > JUMP
            hard[:, :-1] = np.where(jumps, HARD, hard[:, :-1])
            accel[rows] = np.maximum.reduceat(hard, first, axis=1)
        return speed, accel


def _together(one: Path, other: Path) -> bool:
    return len(one) == len(other) and all(a.t0 == b.t0 for a, b in zip(one, other, strict=True))


def _block(paths: list[Path]) -> Block:
    data = np.array(paths, dtype=float)
    return Block(data[0, :, 0].copy(), *(data[:, :, k] for k in range(1, 5)))
