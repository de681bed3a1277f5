"""Why an arm cannot get somewhere: which axis passes which limit, or how far out of reach it is."""

from collections.abc import Sequence
from math import degrees, sqrt

import numpy as np

from twin.spec.messages import Phrase, phrase

from .inverse import Inverse
from .kinematics import Array, se3
from .placement import Placement
from .solvers import TURN, spread

SEEDS = 8
ROUNDS = 120
REACHED_M = 1e-5


def trouble(inverse: Inverse, target: Placement, near: Sequence[float]) -> Phrase:
    """Return in one sentence why no solution lies within the limits."""
    excesses = [
        excess
        for q in inverse.everywhere(target, near)
        if (excess := _excess(inverse, q, near)) is not None
    ]
    if excesses:
        _, axis, value, by, limit = min(excesses)
        turns = bool(inverse.turns[axis - 1])
        return phrase(
            "arm.beyond_limit",
            axis=axis,
            value=amount(value, turns=turns),
            by=amount(by, turns=turns),
            limit=amount(limit, turns=turns),
        )
    far = _short(inverse, target, near)
    if far > REACHED_M:
        return phrase("arm.beyond_reach", by=amount(far, turns=False))
    turned = _skew(inverse, target, near)
    if turned is None:
        return phrase("arm.no_answer")
    return phrase("arm.not_this_way", by=amount(turned, turns=True))


def amount(value: float, *, turns: bool) -> Phrase:
    """Return an angle in degrees, or a length in mm."""
    if turns:
        return phrase("arm.deg", value=degrees(value))
    return phrase("arm.mm", value=value * 1e3)


def _excess(
    inverse: Inverse, q: Array, near: Sequence[float]
) -> tuple[float, int, float, float, float] | None:
    """Return (sum over all, axis, value, by, limit) of the axis that is the farthest past."""
    worst, total = (0.0, 0, 0.0, 0.0), 0.0
    for number, value in enumerate(q.tolist()):
        low, high = float(inverse.low[number]), float(inverse.high[number])
        around = [value + TURN * k for k in range(-3, 4)] if inverse.turns[number] else [value]
        past = [(max(low - x, x - high, 0.0), abs(x - near[number]), x) for x in around]
        by, _, at = min(past)
        share = by / (high - low)
        total += share
        if share > worst[0]:
            worst = (share, number + 1, at, by)
    if not worst[1]:
        return None
    limit = inverse.low if worst[2] < inverse.low[worst[1] - 1] else inverse.high
    return total, worst[1], worst[2], worst[3], float(limit[worst[1] - 1])


def _starts(inverse: Inverse, near: Sequence[float]) -> list[Array]:
    return [np.asarray(near, dtype=float), *spread(SEEDS, inverse.low, inverse.high)]


def _short(inverse: Inverse, target: Placement, near: Sequence[float]) -> float:
    """Return by how much the flange's point stays away from the place, whatever its turn, m."""
    goal = np.array(target.place)
    best = float("inf")
    for q in _starts(inverse, near):
        best = min(best, _closest(inverse, q, goal))
        if best < REACHED_M:
            break
    return best


def _closest(inverse: Inverse, q: Array, goal: Array) -> float:
    """Return how near the flange's point comes by damped steps within the limits, m."""
    kinematics, damp = inverse.kinematics, 1e-3
    place = np.array(kinematics.flange(q).place)
    far = float(np.sqrt((goal - place) @ (goal - place)))
    for _ in range(ROUNDS):
        local = kinematics.jacobian(q)[:3]
        square = local @ local.T + damp * np.eye(3)
        step = local.T @ np.linalg.solve(square, goal - place)
        tried = np.clip(q + step, inverse.low, inverse.high)
        there = np.array(kinematics.flange(tried).place)
        left = float(np.sqrt((goal - there) @ (goal - there)))
        if left < far:
            gained = far - left
            q, place, far, damp = tried, there, left, max(damp / 5.0, 1e-9)
            if gained < 1e-9 or far < REACHED_M:
                break
        else:
            damp *= 6.0
            if damp > 1e3:
                break
    return far


def _skew(inverse: Inverse, target: Placement, near: Sequence[float]) -> float | None:
    """Return by what angle the flange stays turned when its point is at the place, rad."""
    goal = se3(target)
    best: float | None = None
    weights = np.array([1.0, 1.0, 1.0, 0.05, 0.05, 0.05])
    for start in _starts(inverse, near):
        q = start
        for _ in range(ROUNDS):
            twist, local = inverse.kinematics.miss(q, goal)
            twist, local = twist * weights, local * weights[:, None]
            square = local @ local.T + 1e-6 * np.eye(6)
            q = np.clip(q + local.T @ np.linalg.solve(square, twist), inverse.low, inverse.high)
        far, turned = target.off(inverse.kinematics.flange(q))
        if far < 1e-3 and (best is None or turned < best):
            best = turned
    return best if best is not None and best > sqrt(1e-12) else None
