"""Stops: how an arm comes to a standstill, and goes on afterwards.

Categories as in IEC 60204-1: 0 takes the power away, the brakes hold; 1 stops under control, then
takes it away; 2 stops under control and stays ready. Under control is on the path.
"""

from typing import TYPE_CHECKING

import numpy as np

from twin.wire.model import Piece

from .limits import bounds
from .moves import Plan
from .rate import bend, state
from .track import SAME_S, Curve, at, speeds

if TYPE_CHECKING:
    from .arm import Arm
    from .group import Group

BRAKES = 2.0
"""The brakes of an axis slow it down by so many times its greatest acceleration."""


def stop(arm: "Arm | Group", plan: Plan, now_s: float, category: int) -> Plan:
    """Return the plan that comes to a standstill from now on.

    Args:
        arm: which moves.
        plan: that is going on.
        now_s: when the stop begins.
        category: 0: each axis brakes by itself, off the path; 1 and 2: on the path, as fast as the
            axes allow.
    """
    if now_s >= plan.ends_s - SAME_S:
        return plan
    if category == 0:
        return _brake(arm, plan, now_s)
    return bend(arm, plan, now_s, 0.0)


def resume(arm: "Arm | Group", plan: Plan, now_s: float, override: float = 1.0) -> Plan:
    """Return the plan that goes on along the path on which it has stopped.

    Args:
        arm: which stands where `plan` has left it.
        plan: as `stop` gave it; `plan.on_path` holds.
        now_s: when it goes on.
        override: rate in the end.
    """
    return bend(arm, plan, now_s, override)


def override(arm: "Arm | Group", plan: Plan, now_s: float, rate: float) -> Plan:
    """Return the plan that goes on at another rate, reached by a ramp."""
    return bend(arm, plan, now_s, rate)


def _brake(arm: "Arm | Group", plan: Plan, now_s: float) -> Plan:
    places, fast = np.array(at(plan.track, now_s)), np.array(speeds(plan.track, now_s))
    brake = BRAKES * bounds(arm).accel
    lasts = np.abs(fast) / brake
    ends = places + fast * lasts / 2.0
    times = np.union1d([0.0], lasts[lasts > SAME_S])
    times = times[np.concatenate(([True], np.diff(times) > SAME_S))]
    going = times[None, :] < lasts[:, None] - SAME_S
    d = np.minimum(times[None, :], lasts[:, None])
    slow = -np.sign(fast) * brake
    p = places[:, None] + d * (fast[:, None] + d * slow[:, None] / 2.0)
    v = np.where(going, fast[:, None] + d * slow[:, None], 0.0)
    p = np.where(going, p, ends[:, None])
    a = np.where(going, slow[:, None], 0.0)
    found = Curve(times + now_s, p, v, a, np.zeros_like(p))
    passed, _, _ = state(plan.law, now_s)
    return plan._replace(
        track=found.track(),
        enters_s=float("inf"),
        ends_s=found.ends_s,
        law=(Piece(now_s, passed),),
        on_path=False,
    )
