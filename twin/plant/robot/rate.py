"""Rates: the same path in another time. Stops on the path, resumes, overrides.

A plan's law tells its nominal time over the time; its slope is the rate, 1 at full speed. To stop
on the path is to bring the rate to 0 as fast as the axes can brake beside what the path itself asks
of them, and that is found step by step: at every point of the path each axis leaves the rate a
range of slopes, for q̈ = q'(τ) τ̈ + q''(τ) τ̇². At rates up to 1 that range always holds 0, so that
no step can lead into a place from which there is no way on. Source: Bobrow, Dubowsky, Gibson, Int.
J. of Robotics Research 4 (3), 1985.
"""

from math import inf, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.plant.motion.path import piece_at
from twin.wire.model import Path, Piece

from .chain import chain
from .limits import allowed, bounds
from .moves import Plan
from .order import Track
from .spline import refit
from .track import SAME_S, Curve, at, curve, speeds, still

if TYPE_CHECKING:
    from .arm import Arm
    from .group import Group

Array = NDArray[np.float64]

STEP_S = 0.004
GENTLE_S = 0.03
"""In which the rate's slope comes and goes at the fastest."""
SHARES = (0.98, 0.9, 0.8, 0.6, 0.4)
"""Of the accelerations, tried in turn until the fitted track keeps to them exactly."""
FIT_M, FIT_RAD = 5e-6, 5e-6
LONGEST = 5000
LEAST = 1e-3
"""A rate below this is none."""


def bend(arm: "Arm | Group", plan: Plan, now_s: float, rate: float) -> Plan:
    """Return a plan whose rate changes from now on, as fast as the axes allow, to another one.

    Args:
        arm: which moves.
        plan: on its path.
        now_s: when the change begins.
        rate: in the end, 0 to 1; 0 stops.
    """
    if now_s >= plan.ends_s - SAME_S and plan.left_s <= SAME_S:
        return plan
    nominal = curve(plan.nominal)
    before = state(plan.law, now_s)
    rate = 0.0 if rate < LEAST else min(rate, 1.0)
    if abs(before[1] - rate) <= 1e-12 and now_s >= plan.law[-1].t0:
        return plan
    for share in SHARES:
        law = _ramp(arm, nominal, now_s, before, rate, share)
        found = timed(arm, nominal, law, now_s, plan.track)
        if allowed(arm, found):
            break
    return retimed(plan, law, found)


def retimed(plan: Plan, law: Path, found: Curve) -> Plan:
    """Return a plan that goes by another law."""
    enters_s = reaches(law, plan.entry_s)
    ends_s = found.ends_s
    return plan._replace(track=found.track(), enters_s=enters_s, ends_s=ends_s, law=law)


def state(law: Path, time_s: float) -> tuple[float, float, float]:
    """Return nominal time, rate and its slope on a law at a time."""
    piece = piece_at(law, time_s)
    if piece is None:
        return law[0].p, 0.0, 0.0
    dt = time_s - piece.t0
    return piece.at(time_s), piece.v + dt * (piece.a + dt * piece.j / 2.0), piece.a + dt * piece.j


def reaches(law: Path, nominal_s: float) -> float:
    """Return when a law is at a nominal time; `inf`: never."""
    for index, piece in enumerate(law):
        ends_s = law[index + 1].t0 if index + 1 < len(law) else inf
        if piece.a == piece.j == 0.0:
            if piece.v <= 0.0:
                continue
            time_s = piece.t0 + (nominal_s - piece.p) / piece.v
        elif piece.at(ends_s) < nominal_s:
            continue
        else:
            time_s = _crossing(piece, ends_s, nominal_s)
        if time_s <= ends_s:
            return max(time_s, law[0].t0)
    return inf


def _crossing(piece: Piece, ends_s: float, value: float) -> float:
    """Return when a rising piece is at a value, by bisection."""
    low, high = piece.t0, ends_s
    for _ in range(60):
        middle = (low + high) / 2.0
        if piece.at(middle) < value:
            low = middle
        else:
            high = middle
    return high


def timed(arm: "Arm | Group", nominal: Curve, law: Path, now_s: float, before: Track) -> Curve:
    """Return how the joints move from a time on, along a nominal curve by a law.

    Where the rate is even the pieces are exact; where it changes they are fitted.

    Args:
        arm: which moves.
        nominal: at full rate.
        law: nominal time over time.
        now_s: when it begins.
        before: how they have moved up to then: the new pieces go on from just there.
    """
    bends = [index for index, piece in enumerate(law) if piece.a != 0.0 or piece.j != 0.0]
    even_s = law[bends[-1] + 1].t0 if bends else now_s
    # It may be at its end before the rate is even.
    even_s = min(even_s, max(reaches(law, nominal.ends_s), now_s))
    at_s = max(even_s, now_s)
    passed, rate, _ = state(law, at_s)
    left_s = nominal.ends_s - passed
    if rate <= 0.0 or left_s <= SAME_S:
        after = still(nominal.at(np.array([passed]))[:, 0].tolist(), at_s)
    else:
        after = nominal.since(passed).scaled(at_s, rate)
    if even_s <= now_s + SAME_S:
        return after
    return _fitted(arm, nominal, law, (now_s, even_s), before).then(after)


def _fitted(
    arm: "Arm | Group", nominal: Curve, law: Path, span: tuple[float, float], before: Track
) -> Curve:
    clock = Curve(*(np.array(part, dtype=float) for part in zip(*law, strict=True)))
    clock = Curve(clock.times, *(part[None, :] for part in clock[1:]))
    now_s, until_s = span
    passed, rates, _, _ = clock.state(np.array(span))
    first, slopes, _, _ = nominal.state(passed[0])
    ends = slopes * rates[0]
    # A fit before this one may have left a micrometre: it is led back to the path on the way.
    off = (np.array(at(before, now_s)) - first[:, 0])[:, None]
    off_speed = (np.array(speeds(before, now_s)) - ends[:, 0])[:, None]
    lasts_s = until_s - now_s

    def joints(times: Array) -> Array:
        share = (times - now_s) / lasts_s
        back = (1.0 - share) ** 2
        lead = off * (1.0 + 2.0 * share) + off_speed * (share * lasts_s)
        places: Array = nominal.at(clock.at(times)[0]) + lead * back
        return places

    grid = np.linspace(now_s, until_s, max(int((until_s - now_s) / 0.02), 3) + 1)
    fine = np.linspace(now_s, until_s, 4 * len(grid))
    knots = np.interp(nominal.times, clock.at(fine)[0], fine)
    times = np.union1d(grid, knots)
    times = times[np.concatenate(([True], np.diff(times) > 0.002))]
    times = np.append(times[:-1], until_s) if len(times) > 1 else np.array([now_s, until_s])
    slides = np.array([joint.kind == "slide" for joint in arm.joints])
    levers = np.maximum(chain(arm).reach, 1e-3)
    weights = np.where(slides, levers / FIT_M, np.maximum(levers / FIT_M, 1.0 / FIT_RAD))
    return refit(joints, times, (ends[:, 0] + off_speed[:, 0], ends[:, 1]), weights)


def _ramp(
    arm: "Arm | Group",
    nominal: Curve,
    now_s: float,
    before: tuple[float, float, float],
    goal: float,
    share: float,
) -> Path:
    """Return the law that brings the rate to a goal, step by step."""
    passed, rate, slope = before
    steepest = max(abs(goal - rate), 0.05) / GENTLE_S**2
    way = 1.0 if goal > rate else -1.0
    time_s, law = now_s, []
    for _ in range(LONGEST):
        left = goal - rate
        if abs(left) <= 1e-12 and abs(slope) <= 1e-9:
            break
        lasts_s = STEP_S
        if slope * left > 0.0 and 2.0 * abs(left / slope) <= 3.0 * STEP_S:
            lasts_s = 2.0 * left / slope
            after = 0.0
        else:
            jerk, room = _allows(arm, nominal, (passed, rate), way, share)
            jerk = min(jerk, steepest)
            wish = way * min(room, sqrt(2.0 * jerk * max(way * left, 0.0)))
            step = jerk * STEP_S
            after = min(max(wish, slope - step), slope + step)
            # What the axes allow comes before smoothness.
            after = way * min(way * after, room) if way * after > 0.0 else after
            # Neither backwards nor faster than the nominal: turn round in time.
            low, high = max(rate, 0.0), max(1.0 - rate, 0.0)
            after = max(after, -sqrt(2.0 * jerk * low), -2.0 * low / STEP_S - slope)
            after = min(after, sqrt(2.0 * jerk * high), 2.0 * high / STEP_S - slope)
        law.append(Piece(time_s, passed, rate, slope, (after - slope) / lasts_s))
        passed = law[-1].at(time_s + lasts_s)
        rate = (
            goal if after == 0.0 and lasts_s != STEP_S else rate + lasts_s * (slope + after) / 2.0
        )
        time_s, slope = time_s + lasts_s, after
    law.append(Piece(time_s, passed, goal))
    return tuple(law)


def _allows(
    arm: "Arm | Group", nominal: Curve, at_rate: tuple[float, float], way: float, share: float
) -> tuple[float, float]:
    """Return how fast the rate's slope may change, and how steep it may be, at least 0."""
    limit = bounds(arm)
    passed, rate = at_rate
    _, v, a, _ = nominal.state(np.array([passed, passed + rate * STEP_S]))
    size = np.maximum(np.abs(v), 1e-9)
    room = (share * limit.accel[:, None] - way * np.sign(v) * a * rate * rate) / size
    jerk = limit.jerk / size[:, 0]
    return float(jerk.min()), max(float(room.min()), 0.0)
