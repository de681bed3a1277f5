"""Splines: joint curves that bring a tool along a way, within a bound on how far it is off."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_banded

from .chain import Chain, Poses
from .track import Curve

if TYPE_CHECKING:
    from .placement import Placement

Array = NDArray[np.float64]

NEAR_M, NEAR_RAD = 0.00001, 0.0002
"""Asked of the points that are looked at: half of what holds everywhere, and less. Between two
knots the error of a spline through points of a smooth way is nearly a multiple of (x (1 - x))²: the
points at 1/4, 1/2, 3/4 of each piece see its greatest value."""
SOLVED = 1e-9
SMALL_RAD = 1e-5
STEP_S = 0.12
MOST_KNOTS = 400
SHORTEST_S = 1e-3
"""Phases shorter than this are no place for a knot."""
PASSES = 7


class NoSpline(Exception):
    """The joints do not follow the way: out of reach, or in another shape."""

    def __init__(self, time_s: float, joints: Array) -> None:
        self.time_s = time_s
        self.joints = joints
        super().__init__(f"no joints at {time_s}")


def cubic(
    times: Array, values: Array, first: Array | None = None, last: Array | None = None
) -> Curve:
    """Return the cubic spline through points, with given speeds at its ends.

    It is smooth up to the second derivative.

    Args:
        times: (m,) of the points, rising.
        values: (n, m) of n joints.
        first: (n,) speeds at the first point; None: 0.
        last: (n,) speeds at the last one.
    """
    knots = len(times)
    h = np.diff(times)
    slope = np.diff(values, axis=1) / h
    v = np.zeros_like(values)
    if first is not None:
        v[:, 0] = first
    if last is not None:
        v[:, -1] = last
    if knots > 2:
        band = np.zeros((3, knots - 2))
        band[0, 1:], band[1], band[2, :-1] = h[:-2], 2.0 * (h[:-1] + h[1:]), h[2:]
        right = 3.0 * (h[1:] * slope[:, :-1] + h[:-1] * slope[:, 1:])
        right[:, 0] -= h[1] * v[:, 0]
        right[:, -1] -= h[-2] * v[:, -1]
        v[:, 1:-1] = solve_banded((1, 1), band, right.T, check_finite=False).T
    a, j = np.zeros_like(values), np.zeros_like(values)
    a[:, :-1] = 2.0 * (3.0 * slope - 2.0 * v[:, :-1] - v[:, 1:]) / h
    j[:, :-1] = 6.0 * (v[:, :-1] + v[:, 1:] - 2.0 * slope) / (h * h)
    return Curve(times, values, v, a, j)


def track_along(
    chain: Chain,
    tip: "Placement",
    poses: Callable[[Array], Poses],
    phases: Array,
    guess: Callable[[Array], Array],
    ends: tuple[Array | None, Array | None] = (None, None),
) -> Curve:
    """Return joints that keep a tip on its way, off by no more than 0.02 mm and 0.0005 rad.

    Args:
        chain: the arm.
        tip: in the flange's frame.
        poses: where the tip shall be at times (k,).
        phases: times at which the way's third derivative jumps, its first and last ones included.
        guess: joints (n, k) near the right ones at times (k,).
        ends: speeds of the joints at both ends; None: rest.

    Raises:
        NoSpline: there are none, or they would have to jump.
    """
    keep = np.concatenate(([True], np.diff(phases) > SHORTEST_S))
    keep[1:] &= phases[1:] < phases[-1] - SHORTEST_S
    keep[-1] = True
    times = phases[keep]
    times = _split(times, np.ceil(np.diff(times) / STEP_S).astype(int))
    bad, found = 0.0, None
    for _ in range(PASSES):
        wanted = poses(times)
        start = guess(times) if found is None else found.at(times)
        q, good = solve(chain, tip, wanted, start.T)
        if not good.all():
            where = int(np.argmin(good))
            raise NoSpline(float(times[where]), q[where])
        found = cubic(times, q.T, *ends)
        between = (times[:-1, None] + np.diff(times)[:, None] * [0.25, 0.5, 0.75]).ravel()
        far, turned = poses(between).off(chain.tip(found.at(between).T, tip))
        errors = np.maximum(far / NEAR_M, turned / NEAR_RAD).reshape(-1, 3).max(axis=1)
        if errors.max() <= 1.0:
            return found
        bad = float(times[int(np.argmax(errors))])
        parts = np.ceil(np.clip(1.15 * errors, 1.0, 1e4) ** 0.25).astype(int)
        if len(times) + parts.sum() > MOST_KNOTS:
            break
        times = _split(times, np.minimum(np.where(errors > 1.0, np.maximum(parts, 2), 1), 6))
    assert found is not None
    raise NoSpline(bad, found.at(np.array([bad]))[:, 0])


def _split(times: Array, parts: NDArray[np.intp]) -> Array:
    """Return times with each interval split into parts."""
    parts = np.maximum(parts, 1)
    steps = np.repeat(np.diff(times) / parts, parts)
    firsts = np.repeat(times[:-1], parts)
    counts = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    return np.append(firsts + steps * counts, times[-1])


def solve(
    chain: Chain, tip: "Placement", wanted: Poses, q: Array, tries: int = 14
) -> tuple[Array, NDArray[np.bool_]]:
    """Return joints (k, n) that bring a tip to k placements, by Newton's method, and which do.

    Args:
        chain: the arm.
        tip: in the flange's frame.
        wanted: k placements.
        q: (k, n) joints near them.
        tries: at most so many steps.
    """
    error = np.empty((len(q), 6))
    good = np.zeros(len(q), dtype=bool)
    for _ in range(tries):
        poses, jacobian = chain.jacobian(q, tip)
        error[:, :3] = wanted.place - poses.place
        error[:, 3:] = _rotation(wanted.turn @ poses.turn.transpose(0, 2, 1))
        good = np.abs(error).max(axis=1) < SOLVED
        if good.all():
            break
        step = _least(jacobian, error)
        size = np.abs(step).max(axis=1, keepdims=True)
        q = q + step * np.minimum(1.0, 0.6 / np.maximum(size, 1e-12))
        if size.max() < SMALL_RAD:
            # What is left then is of the second order, some 1e-10, but for what is damped.
            left = error - (jacobian @ step[:, :, None])[:, :, 0]
            good = np.abs(left).max(axis=1) < SOLVED / 2.0
            if good.all():
                break
    return q, good


def _least(jacobian: Array, error: Array) -> Array:
    """Return the least joint steps (k, n) for tip steps (k, 6), damped where they have none."""
    count = jacobian.shape[2]
    turned = jacobian.transpose(0, 2, 1)
    found: Array
    if count <= 6:
        square = turned @ jacobian + 1e-10 * np.eye(count)
        found = np.asarray(np.linalg.solve(square, turned @ error[:, :, None]))
    else:
        square = jacobian @ turned + 1e-10 * np.eye(6)
        found = np.asarray(turned @ np.linalg.solve(square, error[:, :, None]))
    return found[:, :, 0]


def _rotation(turn: Array) -> Array:
    """Return rotation vectors (k, 3) of rotations (k, 3, 3)."""
    vector = np.stack(
        (
            turn[:, 2, 1] - turn[:, 1, 2],
            turn[:, 0, 2] - turn[:, 2, 0],
            turn[:, 1, 0] - turn[:, 0, 1],
        ),
        axis=1,
    )
    sine = np.sqrt(np.square(vector).sum(axis=1)) / 2.0
    cosine = (np.trace(turn, axis1=1, axis2=2) - 1.0) / 2.0
    angle = np.arctan2(sine, cosine)
    small = sine < 1e-7
    found: Array = vector * np.where(small, 0.5, angle / np.where(small, 1.0, 2.0 * sine))[:, None]
    return found


def refit(
    joints: Callable[[Array], Array],
    times: Array,
    ends: tuple[Array, Array],
    weights: Array,
) -> Curve:
    """Return a spline through a curve of joints that is known, off by no more than 0.01 mm.

    Args:
        joints: (n, k) at times (k,).
        times: (m,) first knots, rising.
        ends: speeds of the joints at both ends.
        weights: (n,) by how much an error of a joint counts: 1 for the bound 0.01 mm / 1e-5 rad.
    """
    while True:
        found = cubic(times, joints(times), *ends)
        between = (times[:-1, None] + np.diff(times)[:, None] * [0.25, 0.5, 0.75]).ravel()
        off = weights @ np.abs(joints(between) - found.at(between))
        errors = off.reshape(-1, 3).max(axis=1)
        if errors.max() <= 1.0 or len(times) > MOST_KNOTS:
            return found
        times = _split(times, np.where(errors > 1.0, 2, 1))
