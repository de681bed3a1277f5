"""What movements are made of: profiles along a way, kinematics in arrays, splines."""

from itertools import pairwise
from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.robot.arm_moves import TOOL, few
from twin.plant.robot.arm import load_arm
from twin.plant.robot.chain import chain
from twin.plant.robot.order import MoveRefused
from twin.plant.robot.placement import HERE, Placement
from twin.plant.robot.profile import Limits, halt, law, travel
from twin.plant.robot.spline import cubic, solve
from twin.plant.robot.way import circle, line
from twin.spec.arms import catalogue_names

limits = st.builds(Limits, st.floats(0.01, 3.0), st.floats(0.5, 20.0), st.floats(5.0, 300.0))


def keeps(curve, limit):
    low, high, speed, accel = (part[0] for part in curve.extremes())
    assert low >= -1e-9
    assert speed <= limit.speed * (1 + 1e-6)
    assert accel <= limit.accel * (1 + 1e-6)
    assert np.abs(curve.j).max() <= limit.jerk * (1 + 1e-6)
    return high


@few
@given(st.floats(1e-4, 5.0), limits)
def test_a_profile_keeps_its_limits_and_does_not_turn_back(length, limit):
    found, entry_s = law(length, limit)
    assert keeps(found, limit) == pytest.approx(length, abs=1e-9)
    assert entry_s == found.ends_s
    places = found.at(np.linspace(0.0, found.ends_s, 300))[0]
    assert np.diff(places).min() > -1e-9
    assert found.last == (length,)


@few
@given(
    st.floats(1e-3, 5.0), st.floats(0.5, 0.999), limits, st.floats(0.01, 1.0), st.floats(0.01, 0.5)
)
def test_it_slows_down_evenly_from_its_entry_and_begins_as_gently_as_told(
    length, share, limit, lasts_s, way
):
    entry = share * length
    for begin in (None, (lasts_s, way * length)):
        found, entry_s = law(length, limit, entry, begin)
        keeps(found, limit)
        assert found.at(np.array([entry_s]))[0, 0] == pytest.approx(entry, abs=1e-7 * length)
        times = np.linspace(entry_s, found.ends_s, 100)
        _, v, a, _ = found.state(times)
        assert (np.diff(v[0]) < 1e-7).all()
        assert abs(a[0, 0]) < 1e-4 * limit.accel
        assert v.min() > -1e-7


@few
@given(limits, st.floats(0.0, 4.0))
def test_the_speed_to_stop_from(limit, way):
    assume(way > 1e-5)
    speed = limit.stops_from(way)
    assert speed * limit.change_s(speed) / 2.0 <= way * (1 + 1e-9)
    if speed < limit.speed:
        assert speed * limit.change_s(speed) / 2.0 == pytest.approx(way)


begins = st.tuples(st.floats(-2, 2), st.floats(-0.9, 0.9), st.floats(-3, 3))
ends = st.tuples(st.floats(-2, 2), st.floats(-0.9, 0.9), st.just(0.0))


@few
@given(st.lists(st.tuples(begins, ends), min_size=1, max_size=6))
def test_travel_between_states_is_smooth_and_exact(pairs):
    limit = Limits(1.0, 4.0, 40.0)
    p, v, a = zip(*(one for one, _ in pairs), strict=True)
    to_p, to_v, to_a = zip(*(two for _, two in pairs), strict=True)
    found = travel(p, v, a, to_p, to_v, to_a, [limit] * len(pairs))
    first, last = found.state(np.zeros(1)), found.state(np.array([found.ends_s]))
    for part, wanted in zip(first, (p, v, a), strict=False):
        assert part[:, 0] == pytest.approx(wanted, abs=1e-9)
    for part, wanted in zip(last, (to_p, to_v, to_a), strict=False):
        assert part[:, 0] == pytest.approx(wanted, abs=1e-9)
    for index, (one, two) in enumerate(pairwise(found.times)):
        d = two - one
        p, v, a, j = (part[:, index] for part in found[1:])
        assert p + d * (v + d * (a / 2 + d * j / 6)) == pytest.approx(
            found.p[:, index + 1], abs=1e-7
        )
        assert v + d * (a + d * j / 2) == pytest.approx(found.v[:, index + 1], abs=1e-7)
        assert a + d * j == pytest.approx(found.a[:, index + 1], abs=1e-6)


@few
@given(st.floats(-1, 1), st.floats(-0.9, 0.9), st.floats(-3, 3))
def test_halt_comes_to_rest(p, v, a):
    found = halt(p, v, a, Limits(2.0, 4.0, 40.0))
    end = found.state(np.array([found.ends_s - 1e-7]))
    assert end[0][0, 0] == pytest.approx(found.last[0], abs=1e-5)
    assert end[1][0, 0] == pytest.approx(0.0, abs=1e-5)
    assert found.at(np.zeros(1))[0, 0] == pytest.approx(p, abs=1e-9)


@pytest.mark.parametrize("name", catalogue_names())
def test_the_kinematics_in_arrays_are_the_arm_s_own(name):
    arm = load_arm(name)
    links = chain(arm)
    low = np.array([joint.low for joint in arm.joints])
    high = np.array([joint.high for joint in arm.joints])
    q = np.random.default_rng(3).uniform(low, high, (50, len(low)))
    for frame in (HERE, TOOL.tip):
        poses, jacobian = links.jacobian(q, frame)
        levers = links.levers(frame)
        for k in range(len(q)):
            matrix = arm.flange(q[k]).then(frame).matrix()
            assert poses.place[k] == pytest.approx(matrix[:3, 3], abs=1e-12)
            assert poses.turn[k] == pytest.approx(matrix[:3, :3], abs=1e-12)
            assert jacobian[k] == pytest.approx(arm.jacobian(q[k], frame), abs=1e-12)
        # The levers bound how fast a joint moves the tip.
        assert (np.sqrt(np.square(jacobian[:, :3]).sum(axis=1)) <= levers + 1e-12).all()
    near = np.clip(q + 0.02, low, high)
    found, good = solve(links, TOOL.tip, links.tip(q, TOOL.tip), near)
    assert good.mean() > 0.9
    back = links.tip(found[good], TOOL.tip)
    assert np.abs(back.place - links.tip(q[good], TOOL.tip).place).max() < 2e-9


def test_a_spline_of_a_cubic_is_that_cubic():
    times = np.array([0.0, 0.3, 1.0, 1.2, 2.0])
    curve = np.polynomial.Polynomial([1.0, -0.5, 2.0, 0.7])
    values = np.array([curve(times), -curve(times)])
    ends = curve.deriv()(times[[0, -1]])
    found = cubic(times, values, np.array([ends[0], -ends[0]]), np.array([ends[1], -ends[1]]))
    spots = np.linspace(0.0, 1.999, 40)
    assert found.at(spots)[0] == pytest.approx(curve(spots), abs=1e-12)
    assert found.at(spots)[1] == pytest.approx(-curve(spots), abs=1e-12)


@few
@given(st.floats(0.01, 2.0), st.floats(0.2, 4.0), st.floats(0.1, 0.9))
def test_an_arc_is_known_by_three_points(radius, arc, share):
    def on(angle: float) -> Placement:
        return Placement(1.0 + radius * np.cos(angle), radius * np.sin(angle), 0.5)

    way = circle(on(0.0), on(arc * share), on(arc), "p")
    assert way.length_m == pytest.approx(radius * arc, rel=1e-6)
    assert way.centre == pytest.approx((1.0, 0.0, 0.5), abs=1e-5)
    assert way.poses(np.array([1.0])).place[0] == pytest.approx(on(arc).place, abs=1e-7)
    if arc > 1.0:
        near = way.poses(np.array([way.share_before(0.1 * radius)])).place[0]
        assert np.linalg.norm(near - on(arc).place) == pytest.approx(0.1 * radius, rel=1e-4)


def test_a_way_turns_by_slerp():
    start = Placement(0.1, 0.2, 0.3, 0.5, 0.5, -0.5, 0.5)
    end = Placement(0.4, 0.2, 0.1, 0.1, 0.9, 0.3, -0.2).normal()
    way = line(start, end)
    shares = np.linspace(0.0, 1.0, 7)
    poses = way.poses(shares)
    for k, share in enumerate(shares):
        matrix = start.towards(end, float(share)).matrix()
        assert poses.turn[k] == pytest.approx(matrix[:3, :3], abs=1e-9)
        assert poses.place[k] == pytest.approx(matrix[:3, 3], abs=1e-9)
    with pytest.raises(MoveRefused):
        circle(start, start, end, "p")


def test_a_profile_that_cannot_be_is_an_error_that_can_be_caught():
    with pytest.raises(ArithmeticError):
        travel((0.0,), (0.0,), (0.0,), (1.0,), (0.99,), (-3.9,), [Limits(1.0, 4.0, 40.0)])


@pytest.mark.parametrize(
    ("speed", "accel", "jerk"), [(0.95, 8.0, 160.0), (2.0, 4.0, 40.0), (1.0, 2.0, 20.0)]
)
def test_ways_of_round_lengths(speed, accel, jerk):
    """Among them those on the border between two shapes: 2 a³ / j², and where the top speed is just
    reached."""
    limit = Limits(speed, accel, jerk)
    borders = [
        2.0 * accel**3 / jerk**2,
        speed * limit.change_s(speed),
        2 * speed * sqrt(speed / jerk),
    ]
    for length in [k / 1000.0 for k in range(1, 400)] + borders:
        found, _ = law(length, limit)
        assert keeps(found, limit) == pytest.approx(length, abs=1e-9)
