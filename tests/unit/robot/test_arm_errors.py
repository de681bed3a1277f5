"""The declared errors of an arm: closed forms that never jump."""

import json
from math import degrees, radians

import numpy as np
import pytest

from twin.kernel.streams import Streams
from twin.plant.robot.errors import Deviation
from twin.plant.robot.placement import Placement
from twin.spec.motion.robots import ArmErrors

HOME = Placement(0.5, 0.1, 0.3, 0.0, 1.0, 0.0, 0.0)


def deviation(seed=0, **declared):
    return Deviation(ArmErrors(**declared), Streams(seed), "cell/robot")


def test_an_arm_without_errors_is_where_it_believes_to_be():
    one = deviation()
    one.goes(0.0, 1.0, way=(1.0, 0.0, 0.0), share=1.0)
    for time_s in (0.0, 0.5, 1.01, 9.0):
        assert one.tool(HOME, time_s) == HOME
    assert one.joints((0.1, 0.2)) == (0.1, 0.2)


def test_zeros_are_added_to_as_many_joints_as_are_declared():
    one = deviation(joints_deg=(1.0, -2.0))
    assert one.joints((0.0, 0.0, 0.5)) == pytest.approx((radians(1.0), radians(-2.0), 0.5))
    assert one.joints((0.0,)) == pytest.approx((radians(1.0),))


def test_each_stop_has_its_own_deviation_with_the_declared_spread():
    one = deviation(repeat_mm=0.02, repeat_deg=0.01)
    stops, turns = [], []
    for k in range(3000):
        one.goes(2.0 * k, 2.0 * k + 1.0)
        at = one.tool(HOME, 2.0 * k + 1.5)
        stops.append([1000.0 * (a - b) for a, b in zip(at.place, HOME.place, strict=True)])
        turns.append(degrees(HOME.off(at)[1]))
    # The error of a standard deviation of 3000 draws is 1.3 %, that of their mean 0.0004.
    assert np.std(stops, axis=0) == pytest.approx([0.02] * 3, rel=0.06)
    assert np.mean(stops, axis=0) == pytest.approx([0.0] * 3, abs=0.0015)
    # The angle of three normal turns is Maxwell distributed: its mean is sqrt(8 / pi).
    assert np.mean(turns) == pytest.approx(0.01 * 1.5958, rel=0.05)


def test_the_tool_never_jumps():
    one = deviation(repeat_mm=0.05, repeat_deg=0.01, settle_mm=0.2)
    plans = [(0.0, 1.0), (1.05, 2.0), (1.6, 2.4), (2.41, 3.0)]
    last = one.tool(HOME, 0.0)
    for time_s in map(float, np.arange(0.0, 4.0, 1e-4)):
        now = one.tool(HOME, time_s)
        # Swinging at 12 Hz by 0.2 mm the tool goes no faster than 25 mm/s.
        assert last.off(now)[0] < 4e-6
        if plans and time_s >= plans[0][0]:
            one.goes(time_s, plans.pop(0)[1], way=(0.0, 1.0, 1.0), share=1.0)
            assert now.off(one.tool(HOME, time_s))[0] < 1e-15
        last = now
    assert not plans


def test_the_first_swing_is_the_declared_one_and_forwards():
    one = deviation(settle_mm=0.3, settle_s=0.1, swing_hz=12.0)
    one.goes(0.0, 1.0, way=(0.0, -2.0, 0.0), share=1.0)
    times = np.arange(1.0, 2.0, 1e-4)
    off = [1000.0 * (one.tool(HOME, float(t)).y - HOME.y) for t in times]
    assert min(off) == pytest.approx(-0.3, rel=1e-4)
    assert 0.0 < max(off) < 0.3
    assert abs(off[-1]) < 1e-4


def test_half_the_speed_swings_half_as_far():
    one = deviation(settle_mm=0.3)
    one.goes(0.0, 1.0, way=(1.0, 0.0, 0.0), share=0.5)
    reach = max(one.tool(HOME, 1.0 + k * 1e-4).x - HOME.x for k in range(2000))
    assert reach == pytest.approx(0.15e-3, rel=1e-4)


def test_a_snapshot_in_mid_swing_goes_on_the_same():
    streams = Streams(5)
    one = Deviation(ArmErrors(repeat_mm=0.02, settle_mm=0.2), streams, "cell/robot")
    one.goes(0.0, 1.0, way=(1.0, 0.0, 0.0), share=1.0)
    kept = json.loads(json.dumps([one.save(), streams.positions()]))
    others = Streams(5)
    other = Deviation(ArmErrors(repeat_mm=0.02, settle_mm=0.2), others, "cell/robot")
    other.load_state(kept[0], {})
    others.restore({name: tuple(at) for name, at in kept[1].items()})
    for each in (one, other):
        each.goes(1.5, 2.0, way=(0.0, 1.0, 0.0), share=1.0)
    for time_s in (1.6, 2.02, 3.0):
        assert one.tool(HOME, time_s) == other.tool(HOME, time_s)


def test_other_robots_do_not_change_the_draws():
    alone = deviation(seed=3, repeat_mm=0.02)
    streams = Streams(3)
    Deviation(ArmErrors(repeat_mm=0.02), streams, "cell/other").goes(0.0, 1.0)
    beside = Deviation(ArmErrors(repeat_mm=0.02), streams, "cell/robot")
    for each in (alone, beside):
        each.goes(0.0, 1.0)
    assert alone.after == beside.after
