"""Movements: within the limits everywhere, on their way, at their end; or refused with a reason."""

from math import degrees, pi, radians

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.robot.arm_moves import (
    FOOT,
    NOW,
    SIX,
    TOOL,
    few,
    off_line,
    offsets,
    order,
    plain,
    rests_at,
    smooth,
    stand,
    target,
    tip,
    tips,
    within,
)
from twin.plant.robot.arm import load_arm
from twin.plant.robot.blend import blend
from twin.plant.robot.moves import Plan, plan
from twin.plant.robot.order import Joints, Move, MoveRefused, Tool
from twin.plant.robot.placement import HERE, Placement
from twin.plant.robot.stops import resume, stop
from twin.plant.robot.track import at, extremes
from twin.spec.arms import catalogue_names

ARMS = catalogue_names()
START = stand(SIX)
X = tip(SIX, START)


def planned(move: Move, start: Joints = START, **more: object) -> Plan:
    return plan(SIX, FOOT, NOW, start, move, **more)  # type: ignore[arg-type]


def refusal(move: Move, start: Joints = START, **more: object) -> MoveRefused:
    with pytest.raises(MoveRefused) as caught:
        planned(move, start, **more)
    for language in ("en", "zh"):
        assert "{" not in caught.value.phrase.text(language)
    return caught.value


def by(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Placement:
    """A target so far from where the tool is, along the foot's axes."""
    seen = FOOT.seen(X)
    return FOOT.then(seen._replace(x=seen.x + x, y=seen.y + y, z=seen.z + z))


@few
@given(st.sampled_from(ARMS), st.sampled_from(["joint", "linear"]), offsets(), st.floats(0.05, 3.0))
def test_a_move_keeps_all_limits_and_ends_at_its_target(name, kind, offset, speed):
    arm = load_arm(name)
    start = stand(arm)
    end = target(arm, start, offset)
    try:
        found = plan(arm, FOOT, NOW, start, order(kind, end, speed_m_s=speed))
    except MoveRefused as refused:
        assert "p10" in refused.phrase.text("en")  # noqa: PT017 (either is right)
        return
    assert within(arm, found.track)
    assert smooth(arm, found.track)
    far, turned = rests_at(arm, found, end)
    assert far < 1e-7
    assert turned < 1e-7
    assert found.enters_s == found.ends_s == found.track[0][-1].t0
    assert at(found.track, NOW) == pytest.approx(start, abs=1e-9)


@few
@given(offsets(), st.floats(0.05, 2.0))
def test_a_line_is_straight_and_turns_evenly(offset, speed):
    end = target(SIX, START, offset)
    assume(np.linalg.norm(offset.place) > 0.05)
    try:
        found = planned(order("linear", end, speed_m_s=speed))
    except MoveRefused:
        assume(False)
    places = tips(SIX, found.track, NOW, found.ends_s, 700)
    assert off_line(places, X, end) < 2e-5
    # The share of the way is the share of the turn, as slerp has it.
    length = np.linalg.norm(np.array(end.place) - X.place)
    for t in np.linspace(NOW, found.ends_s, 60):
        here = tip(SIX, at(found.track, float(t)))
        share = np.linalg.norm(np.array(here.place) - X.place) / length
        far, turned = here.off(X.towards(end, float(share)))
        assert far < 2e-5
        assert turned < 5e-4


@few
@given(st.floats(0.05, 1.5), st.floats(0.0, 2 * pi))
def test_the_tool_keeps_to_its_speed(speed, heading):
    end = by(0.2 * np.cos(heading), 0.2 * np.sin(heading), -0.05)
    for kind in ("joint", "linear"):
        try:
            found = planned(order(kind, end, speed_m_s=speed))
        except MoveRefused:
            continue
        count = 2000
        places = tips(SIX, found.track, NOW, found.ends_s, count)
        steps = np.sqrt(np.square(np.diff(places, axis=0)).sum(axis=1))
        assert steps.max() / ((found.ends_s - NOW) / (count - 1)) < speed * 1.005


def test_a_line_has_the_speed_that_it_is_asked_for():
    """Also where the joints could not speed up as hard as the tool might."""
    low = plan(SIX, FOOT, 0.0, START, order("joint", by(-0.1, -0.5, -0.3)))
    begin = at(low.track, low.ends_s)
    found = planned(order("linear", by(-0.1, 0.1, -0.3), speed_m_s=0.8), begin)
    places = tips(SIX, found.track, NOW, found.ends_s, 1500)
    steps = np.sqrt(np.square(np.diff(places, axis=0)).sum(axis=1))
    top = steps * 1499 / (found.ends_s - NOW)
    assert top.max() == pytest.approx(0.8, rel=1e-3)
    assert np.mean(top > 0.79) > 0.5


@few
@given(st.floats(0.05, 0.25), st.floats(0.3, 3.9), st.floats(0.0, 2 * pi), st.floats(0.05, 1.0))
def test_a_circle_is_round(radius, arc, heading, speed):
    """Of a known centre; the tool's orientation comes from its own."""
    out = np.array([np.cos(heading), np.sin(heading), 0.0]) * radius
    side = np.array([-np.sin(heading) * 0.8, np.cos(heading) * 0.8, 0.6]) * radius
    centre = np.array(X.place) - out

    def on(angle: float) -> Placement:
        return Placement(*(centre + np.cos(angle) * out + np.sin(angle) * side), *X.turn)

    move = order("circular", on(arc), via=on(arc / 2.2), speed_m_s=speed)
    try:
        found = planned(move)
    except MoveRefused as refused:
        assert refused.phrase.key not in ("robot.circle_line", "robot.circle_points")  # noqa: PT017
        return
    assert within(SIX, found.track)
    assert smooth(SIX, found.track)
    places = tips(SIX, found.track, NOW, found.ends_s, 500) - centre
    normal = np.cross(out, side) / radius**2
    assert np.abs(np.linalg.norm(places, axis=1) - radius).max() < 2e-5
    assert np.abs(places @ normal).max() < 2e-5
    assert rests_at(SIX, found, on(arc))[0] < 1e-7
    # The long way round, if that is where the third point lies.
    gone = np.sum(np.linalg.norm(np.diff(places, axis=0), axis=1))
    assert gone == pytest.approx(radius * arc, rel=1e-3)


def test_circles_that_are_none_are_refused():
    assert refusal(order("circular", by(0.1), via=by(0.05))).phrase.key == "robot.circle_line"
    near = refusal(order("circular", by(0.1), via=by(0.00002)))
    assert near.phrase.key == "robot.circle_points"
    wide = refusal(order("circular", by(0.0, 0.01), via=by(-0.1, 0.005)))
    assert wide.phrase.key == "robot.circle_long"
    assert "240°" in wide.phrase.text("en")


def test_a_joint_move_is_straight_in_the_joints_and_uses_a_limit_fully():
    goal = (-0.8, 0.6, -0.9, 1.0, 0.9, 2.4)
    found = planned(Move("axes", axes=goal, speed_m_s=9.0, turn_rad_s=90.0))
    assert at(found.track, found.ends_s) == goal
    change = np.array(goal) - START
    for t in np.linspace(NOW, found.ends_s, 50):
        shares = (np.array(at(found.track, float(t))) - START) / change
        assert np.ptp(shares) < 1e-9
    shares = [
        max(e.speed / j.speed, e.accel / (0.95 * j.accel))
        for e, j in zip(extremes(found.track), SIX.joints, strict=True)
    ]
    assert max(shares) == pytest.approx(1.0, abs=1e-6)


def test_half_the_joint_speed():
    goal = (1.2, *START[1:])
    fast = Move("axes", axes=goal, speed_m_s=99.0, turn_rad_s=99.0)
    slow = planned(fast._replace(joint_share=0.25))
    assert extremes(slow.track)[0].speed == pytest.approx(0.25 * SIX.joints[0].speed)
    assert planned(fast).ends_s < slow.ends_s


@pytest.mark.parametrize("kind", ["joint", "linear"])
def test_the_override_stretches_the_time(kind):
    move = order(kind, by(-0.1, -0.2, -0.1), zone_m=0.02)
    whole, half = planned(move), planned(move, override=0.5)
    assert half.ends_s - NOW == pytest.approx(2.0 * (whole.ends_s - NOW))
    assert half.enters_s - NOW == pytest.approx(2.0 * (whole.enters_s - NOW))
    for share in (0.2, 0.7):
        spot = NOW + share * (whole.ends_s - NOW)
        later = NOW + 2.0 * (spot - NOW)
        assert at(whole.track, spot) == pytest.approx(at(half.track, later), abs=1e-9)


@few
@given(st.sampled_from(["joint", "linear"]), offsets())
def test_in_manual_mode_tool_and_flange_are_slow(kind, offset):
    try:
        found = planned(order(kind, target(SIX, START, offset), speed_m_s=2.0), limit_m_s=0.25)
    except MoveRefused:
        assume(False)
    assume(found.ends_s > NOW)
    times = np.linspace(NOW, found.ends_s, 1500)
    for frame in (TOOL.tip, HERE):
        places = [SIX.flange(at(found.track, float(t))).then(frame).place for t in times]
        steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
        assert steps.max() / (times[1] - times[0]) <= 0.25 * (1 + 1e-6)


@pytest.mark.parametrize("kind", ["joint", "linear"])
def test_a_given_duration_is_kept(kind):
    end = by(-0.1, -0.3, -0.1)
    for duration in (1.0, 2.5, 9.0):
        found = planned(order(kind, end, duration_s=duration, speed_m_s=0.01))
        assert found.ends_s - NOW == pytest.approx(duration, abs=1e-9)
        assert within(SIX, found.track)
    refused = refusal(order(kind, end, duration_s=0.1))
    assert refused.phrase.key == "robot.duration"
    least = float(refused.phrase.values["least"])
    assert planned(order(kind, end, duration_s=least + 0.001)).ends_s - NOW < least + 0.01


def test_no_way_to_go_takes_no_time():
    for kind in ("joint", "linear"):
        found = planned(order(kind, X))
        assert found.ends_s <= NOW + 1e-4
    here = planned(Move("axes", axes=START))
    assert here.ends_s == here.enters_s == NOW


def test_a_turn_on_the_spot_keeps_the_point():
    end = X.then(Placement(0, 0, 0, np.cos(0.5), 0, 0, np.sin(0.5)))
    found = planned(order("linear", end, turn_rad_s=0.5))
    places = tips(SIX, found.track, NOW, found.ends_s)
    assert np.abs(places - X.place).max() < 2e-5
    assert found.ends_s - NOW > 1.0 / 0.5


def test_out_of_reach_says_by_how_much():
    for kind in ("joint", "linear"):
        text = refusal(order(kind, by(3.0))).phrase.text("en")
        assert "p10" in text
        assert "mm" in text


def test_past_a_limit_says_which_axis():
    beyond = (*START[:4], radians(170.0), START[5])
    refused = refusal(Move("axes", axes=beyond, name="home"))
    assert refused.phrase.key == "robot.joint_limit"
    text = refused.phrase.text("en")
    assert "axis 5" in text
    assert "170.0°" in text
    assert f"{degrees(SIX.joints[4].high):.1f}°" in text


@pytest.mark.parametrize(
    ("bend", "aside", "key"),
    [(0.3, 0.03, "robot.singular_wrist"), (0.3, 0.003, "robot.path_singular")],
)
def test_a_line_past_the_wrist_singularity_is_refused_and_named(bend, aside, key):
    """Straight down at full speed, past the place where axes 4 and 6 are in one line."""
    begin = (0.0, 0.3, -0.3, 0.0, bend, 0.0)
    tool = Tool("t", Placement(z=0.1))
    seen = SIX.flange(begin).then(tool.tip)
    end = FOOT.then(seen._replace(y=seen.y + aside, z=seen.z - 0.3))
    refused = refusal(Move("linear", end, tool=tool, speed_m_s=1.0, name="p20"), begin)
    assert refused.phrase.key == key
    assert "p20" in refused.phrase.text("en")
    assert "wrist" in refused.phrase.text("en")
    assert "MoveJ" in refused.phrase.text("zh")
    there = plan(SIX, FOOT, NOW, begin, Move("joint", end, tool=tool, speed_m_s=1.0))
    assert rests_at(SIX, there, end)[0] < 1e-7


def test_the_configuration_decides_how_joints_go_and_what_lines_refuse():
    end = by(-0.05, 0.1, -0.05)
    usual = planned(order("joint", end))
    shape = SIX.configuration(at(usual.track, usual.ends_s))
    flange = FOOT.seen(end).then(TOOL.tip.inverse())
    others = [q for q in SIX.inverse(flange, START) if SIX.configuration(q) != shape]
    assert others
    other = SIX.configuration(others[0])
    found = planned(order("joint", end, configuration=other))
    assert SIX.has(at(found.track, found.ends_s), other)
    assert rests_at(SIX, found, end)[0] < 1e-7
    assert planned(order("linear", end, configuration=shape)).ends_s > NOW
    refused = refusal(order("linear", end, configuration=other))
    assert refused.phrase.key == "robot.wrong_configuration"
    none = refusal(order("joint", end, configuration=(9, 9, 9, 9)))
    assert none.phrase.key == "robot.no_configuration"


def test_a_refusal_or_a_repetition_changes_nothing():
    move = order("linear", by(-0.1, 0.1, -0.1))
    first = planned(move)
    refusal(order("linear", by(3.0)))
    again = planned(move)
    assert first == again
    later = plan(SIX, FOOT, NOW + 100.0, START, move)
    assert later.nominal is first.nominal
    assert later.ends_s - NOW - 100.0 == pytest.approx(first.ends_s - NOW)


@pytest.mark.parametrize("kind", ["joint", "linear", "circular"])
def test_a_plan_is_plain_data(kind):
    """Also all that comes of it."""
    via = by(-0.05, 0.1, -0.02)
    found = planned(order(kind, by(-0.1, 0.1, -0.1), via=via, zone_m=0.01), limit_m_s=0.25)
    both = blend(SIX, FOOT, found.enters_s, found, order(kind, X, via=via))
    stopped = stop(SIX, both, both.track[0][3].t0, 1)
    braked = stop(SIX, both, both.track[0][3].t0, 0)
    rests = resume(SIX, stopped, 99.0, 0.5)
    assert all(plain(one) for one in (found, both, stopped, braked, rests))


def test_a_speed_of_nothing_is_very_slow_and_no_error():
    for kind in ("joint", "linear"):
        found = planned(order(kind, by(-0.001), speed_m_s=0.0, turn_rad_s=0.0))
        assert found.ends_s - NOW > 5.0
