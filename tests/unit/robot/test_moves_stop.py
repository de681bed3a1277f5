"""Stops, resumes and overrides: on the path, within the limits, and at the target in the end."""

from math import inf

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.robot.arm_moves import (
    FOOT,
    NOW,
    SIX,
    few,
    jumps,
    off_path,
    offsets,
    order,
    rests_at,
    smooth,
    stand,
    target,
    tip,
    within,
)
from twin.plant.robot.arm import load_arm
from twin.plant.robot.moves import Plan, plan
from twin.plant.robot.order import Move, MoveRefused
from twin.plant.robot.rate import GENTLE_S
from twin.plant.robot.stops import override, resume, stop
from twin.plant.robot.track import at, extremes, speeds
from twin.spec.arms import catalogue_names

START = stand(SIX)
shares = st.floats(0.02, 0.98)


def planned(name: str, kind: str, offset, speed: float) -> Plan:
    arm = load_arm(name)
    try:
        found = plan(
            arm, FOOT, NOW, stand(arm),
            order(kind, target(arm, stand(arm), offset), speed_m_s=speed, turn_rad_s=9.0),
        )  # fmt: skip
    except MoveRefused:
        assume(False)
    assume(found.ends_s > NOW + 0.05)
    return found


def same_state(before: Plan, after: Plan, time_s: float) -> bool:
    return at(before.track, time_s) == pytest.approx(at(after.track, time_s), abs=1e-8) and speeds(
        before.track, time_s
    ) == pytest.approx(speeds(after.track, time_s), abs=1e-6)


@few
@given(
    st.sampled_from(catalogue_names()), st.sampled_from(["joint", "linear"]), offsets(),
    st.floats(0.1, 2.0), shares, st.sampled_from([1, 2]),
)  # fmt: skip
def test_a_stop_stays_on_the_path_and_resume_ends_at_the_target(
    name, kind, offset, speed, share, category
):
    arm = load_arm(name)
    going = planned(name, kind, offset, speed)
    now = NOW + share * (going.ends_s - NOW)
    stopped = stop(arm, going, now, category)
    assert same_state(going, stopped, now)
    assert within(arm, stopped.track)
    assert smooth(arm, stopped.track, 0.1)
    assert stopped.on_path
    assert off_path(arm, going.nominal, stopped.track, 60) < 2e-5
    # No later than the movement itself would have come to rest, or hardly.
    assert stopped.ends_s <= going.ends_s + 0.1
    assert all(v == 0.0 for v in speeds(stopped.track, stopped.ends_s))
    if stopped.left_s > 0.0:
        assert stopped.enters_s == inf
    again = resume(arm, stopped, stopped.ends_s + 3.0)
    assert again.ends_s > stopped.ends_s or stopped.left_s < 1e-6
    assert within(arm, again.track)
    assert smooth(arm, again.track, 0.1)
    assert at(again.track, again.ends_s) == at(going.track, going.ends_s)
    assert off_path(arm, going.nominal, again.track, 60) < 2e-5
    assert again.enters_s == pytest.approx(again.ends_s)


@few
@given(st.sampled_from(["joint", "linear"]), offsets(), shares, shares)
def test_a_stop_in_a_resume(kind, offset, share, later):
    going = planned("six", kind, offset, 0.6)
    first = stop(SIX, going, NOW + share * (going.ends_s - NOW), 2)
    again = resume(SIX, first, first.ends_s + 1.0, 0.7)
    now = first.ends_s + 1.0 + later * (again.ends_s - first.ends_s - 1.0)
    second = stop(SIX, again, now, 1)
    assert same_state(again, second, now)
    assert within(SIX, second.track)
    assert second.left_s <= first.left_s + 1e-9
    last = resume(SIX, second, second.ends_s)
    assert at(last.track, last.ends_s) == at(going.track, going.ends_s)
    assert off_path(SIX, going.nominal, last.track, 60) < 2e-5


@few
@given(st.sampled_from(["joint", "linear"]), offsets(), shares, st.floats(0.05, 1.0))
def test_an_override_in_mid_move(kind, offset, share, rate):
    going = planned("six", kind, offset, 0.8)
    now = NOW + share * (going.ends_s - NOW)
    slower = override(SIX, going, now, rate)
    assert same_state(going, slower, now)
    assert within(SIX, slower.track)
    assert smooth(SIX, slower.track, 0.1)
    assert off_path(SIX, going.nominal, slower.track, 60) < 2e-5
    assert slower.ends_s >= going.ends_s - 1e-9
    assert at(slower.track, slower.ends_s) == at(going.track, going.ends_s)
    middle = (now + slower.ends_s) / 2.0
    whole = override(SIX, slower, middle, 1.0)
    assert within(SIX, whole.track)
    # Turned up while it is still being turned down it may lose the time that this change takes.
    assert whole.ends_s <= slower.ends_s + GENTLE_S
    assert rests_at(SIX, whole, going.move.target)[0] < 1e-6


def test_the_entry_into_the_zone_moves_with_the_rate():
    seen = FOOT.seen(tip(SIX, START))
    end = FOOT.then(seen._replace(x=seen.x - 0.1, y=seen.y - 0.2))
    going = plan(SIX, FOOT, NOW, START, order("linear", end, zone_m=0.05))
    slower = override(SIX, going, NOW + 0.1, 0.5)
    spot = at(going.track, going.enters_s)
    assert at(slower.track, slower.enters_s) == pytest.approx(spot, abs=1e-6)
    inside = going.enters_s + 0.5 * (going.ends_s - going.enters_s)
    stopped = stop(SIX, going, inside, 1)
    assert stopped.enters_s <= inside + 1e-9


@few
@given(st.sampled_from(["joint", "linear"]), offsets(), shares)
def test_the_brakes_stop_each_axis_by_itself(kind, offset, share):
    going = planned("six", kind, offset, 1.5)
    now = NOW + share * (going.ends_s - NOW)
    stopped = stop(SIX, going, now, 0)
    assert not stopped.on_path
    assert same_state(going, stopped, now)
    assert max(max(place, speed) for place, speed, _ in jumps(stopped.track)) < 1e-9
    for path, joint, fast in zip(stopped.track, SIX.joints, speeds(going.track, now), strict=True):
        held = next(piece for piece in path if piece.v == 0.0)
        assert held.t0 - now == pytest.approx(abs(fast) / (2.0 * joint.accel), abs=1e-8)
        way = held.p - path[0].p
        assert way == pytest.approx(fast * abs(fast) / (4.0 * joint.accel), abs=1e-8)
        assert joint.low - 1e-9 <= held.p <= joint.high + 1e-9
    assert stopped.ends_s <= stop(SIX, going, now, 1).ends_s + 1e-9


def test_a_stop_at_rest_changes_nothing():
    going = plan(SIX, FOOT, NOW, START, Move("axes", axes=(0.3, *START[1:])))
    assert stop(SIX, going, going.ends_s + 1.0, 1) == going
    assert stop(SIX, going, going.ends_s, 0) == going


def test_a_stop_is_as_hard_as_the_axes_allow():
    """One axis alone at full speed: it brakes with nearly its whole acceleration."""
    going = plan(
        SIX, FOOT, NOW, START, Move("axes", axes=(2.5, *START[1:]), speed_m_s=99.0, turn_rad_s=99.0)
    )
    now = NOW + 0.45
    fast = speeds(going.track, now)[0]
    assert fast == pytest.approx(SIX.joints[0].speed)
    stopped = stop(SIX, going, now, 1)
    lasts = stopped.ends_s - now
    assert fast / SIX.joints[0].accel < lasts < fast / SIX.joints[0].accel + 0.14
    assert np.all(np.array(speeds(stopped.track, stopped.ends_s)) == 0.0)


@few
@given(st.lists(st.tuples(st.floats(0.0, 0.15), st.floats(0.0, 1.0)), min_size=2, max_size=5))
def test_one_override_after_the_other(changes):
    """Whatever is asked in the middle of a ramp: never backwards, never faster than planned."""
    going = plan(SIX, FOOT, NOW, START, Move("axes", axes=(2.0, *START[1:]), speed_m_s=1.0))
    now, current = NOW + 0.3, going
    for wait, rate in changes:
        before, current = current, override(SIX, current, now, rate)
        assert same_state(before, current, now)
        assert within(SIX, current.track)
        assert extremes(current.track)[0].low >= START[0] - 1e-9
        places = [at(current.track, t)[0] for t in np.linspace(now, now + 3.0, 200)]
        assert np.diff(places).min() > -1e-6
        now += wait
    last = override(SIX, current, now, 1.0)
    assert within(SIX, last.track)
    assert at(last.track, last.ends_s) == at(going.track, going.ends_s)
