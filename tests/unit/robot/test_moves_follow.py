"""Belts: the tool meets its target, goes along with it, and leaves it, without a jump."""

from math import cos, sin

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.robot.arm_moves import (
    FOOT,
    SIX,
    TOOL,
    few,
    order,
    plain,
    rests_at,
    smooth,
    stand,
    tip,
    within,
)
from twin.plant.robot.follow import Belt, follow
from twin.plant.robot.follow_arc import Begun, share_at
from twin.plant.robot.moves import Plan
from twin.plant.robot.order import Move, MoveRefused, Tool
from twin.plant.robot.placement import Placement
from twin.plant.robot.track import accels, at, speeds
from twin.wire.model import Piece, along

BEGIN = 4.0
START = stand(SIX)
SEEN = FOOT.seen(tip(SIX, START))


def belt(speed: float, ramp_s: float = 0.4, heading: float = 1.2) -> Belt:
    """It passes beside the arm, and begins to run at 4 s; 1 m later it is in front."""
    accel = speed / ramp_s
    path = (
        Piece(0.0, 0.0),
        Piece(BEGIN, 0.0, 0.0, accel),
        Piece(BEGIN + ramp_s, speed * ramp_s / 2.0, speed),
    )
    frame = FOOT.then(Placement(0.45, 0.35, 0.35, cos(heading), 0.0, 0.0, sin(heading)))
    return Belt(frame, FOOT.turned((0.0, -1.0, 0.0)), path)


def over(track: Belt, height: float, **more: object) -> Move:
    """A target above the belt's frame, the tool upright as at the start."""
    place = track.frame
    upright = FOOT.then(SEEN)._replace(x=place.x, y=place.y, z=place.z + height)
    return order("linear", track.frame.seen(upright), on="belt", **more)


def off(plan: Plan, track: Belt, time_s: float) -> tuple[float, float]:
    """How far the tool is off its target on the belt, m and rad."""
    goal = track.frame.then(plan.move.target)
    gone = along(track.path, time_s)
    x, y, z = (a + gone * d for a, d in zip(goal.place, track.direction, strict=True))
    return tip(SIX, at(plan.track, time_s)).off(goal._replace(x=x, y=y, z=z))


def worst(plan: Plan, track: Belt) -> tuple[float, float]:
    found = [off(plan, track, t) for t in np.linspace(plan.enters_s, plan.follows_s, 200)]
    return max(far for far, _ in found), max(turned for _, turned in found)


def same(one: Plan, two: Plan, time_s: float, part: float = 0.05) -> bool:
    slack = part * min(joint.accel for joint in SIX.joints)
    return (
        at(one.track, time_s) == pytest.approx(at(two.track, time_s), abs=1e-9)
        and speeds(one.track, time_s) == pytest.approx(speeds(two.track, time_s), abs=1e-8)
        and accels(one.track, time_s) == pytest.approx(accels(two.track, time_s), abs=slack)
    )


@few
@given(st.floats(0.03, 0.35), st.floats(-0.5, 0.6), st.floats(0.0, 0.25), st.floats(0.2, 1.5))
def test_the_tool_meets_its_target_and_goes_along(speed, later, height, fast):
    track = belt(speed)
    now = BEGIN + later
    try:
        found = follow(SIX, FOOT, now, START, over(track, height, speed_m_s=fast), track)
    except MoveRefused:
        assume(False)
    assert plain(found)
    assert within(SIX, found.track)
    assert smooth(SIX, found.track)
    assert now < found.enters_s < found.follows_s <= found.ends_s
    far, turned = worst(found, track)
    assert far < 5e-5
    assert turned < 5e-4
    assert at(found.track, now) == pytest.approx(START, abs=1e-9)


def test_on_and_on_by_asking_again():
    track = belt(0.1)
    first = follow(SIX, FOOT, BEGIN + 0.5, START, over(track, 0.1), track)
    again = follow(SIX, FOOT, first.follows_s, first.track, over(track, 0.1), track)
    assert same(first, again, first.follows_s)
    assert again.follows_s > first.follows_s
    assert again.enters_s - first.follows_s < 0.05
    assert worst(again, track)[0] < 5e-5


@few
@given(
    st.floats(0.05, 0.3), st.floats(0.1, 1.5), st.sampled_from([0.0, 0.5, 1.5]), st.floats(0.3, 3.0)
)
def test_the_belt_changes_its_speed(speed, later, factor, accel):
    """A ramp of the belt jumps in acceleration; the tool goes along without being left behind."""
    track = belt(speed)
    try:
        first = follow(SIX, FOOT, BEGIN + 0.5, START, over(track, 0.1, speed_m_s=1.0), track)
    except MoveRefused:
        assume(False)
    now = min(first.enters_s + later, first.follows_s)
    gone, ramp_s = along(track.path, now), abs(factor - 1.0) * speed / accel
    sign = 1.0 if factor > 1.0 else -1.0
    end = gone + (1.0 + factor) * speed / 2.0 * ramp_s
    changed = track._replace(
        path=(
            *track.path,
            Piece(now, gone, speed, sign * accel),
            Piece(now + ramp_s, end, factor * speed),
        )
    )
    try:
        again = follow(SIX, FOOT, now, first.track, first.move, changed)
    except MoveRefused:
        assume(False)
    assert same(first, again, now)
    assert within(SIX, again.track)
    assert worst(again, changed)[0] < 1e-4
    lead = max(off(again, changed, t)[0] for t in np.linspace(now, again.enters_s, 50))
    assert lead < 2e-3


def test_down_to_the_part_and_up_again_is_straight_as_the_belt_sees_it():
    track = belt(0.15)
    above = over(track, 0.15)
    first = follow(SIX, FOOT, BEGIN + 0.5, START, above, track)
    down = follow(SIX, FOOT, first.enters_s, first.track, over(track, 0.02), track)
    assert same(first, down, first.enters_s)
    for t in np.linspace(first.enters_s, down.enters_s, 40):
        here = tip(SIX, at(down.track, float(t)))
        gone = along(track.path, float(t))
        x, y, _ = (a + gone * d for a, d in zip(track.frame.place, track.direction, strict=True))
        assert np.hypot(here.x - x, here.y - y) < 1e-4
        assert track.frame.z + 0.0199 < here.z < track.frame.z + 0.1501


@pytest.mark.parametrize("kind", ["linear", "joint"])
def test_leaving_the_belt(kind):
    track = belt(0.2)
    first = follow(SIX, FOOT, BEGIN + 0.5, START, over(track, 0.1), track)
    home = FOOT.then(SEEN)
    leaves = follow(SIX, FOOT, first.enters_s + 0.2, first.track, order(kind, home))
    assert same(first, leaves, first.enters_s + 0.2)
    assert within(SIX, leaves.track)
    assert smooth(SIX, leaves.track)
    assert leaves.follows_s == float("inf")
    assert rests_at(SIX, leaves, home)[0] < 1e-7


def test_a_zone_on_the_belt_is_entered_before_the_target():
    track = belt(0.1)
    fine = follow(SIX, FOOT, BEGIN + 0.5, START, over(track, 0.1), track)
    fly = follow(SIX, FOOT, BEGIN + 0.5, START, over(track, 0.1, zone_m=0.02), track)
    assert fly.enters_s < fine.enters_s
    assert 0.01 < off(fly, track, fly.enters_s)[0] <= 0.02


def test_too_fast_or_too_far_is_refused():
    quick = belt(2.5)
    with pytest.raises(MoveRefused) as caught:
        follow(SIX, FOOT, BEGIN + 0.9, START, over(quick, 0.1), quick)
    assert caught.value.phrase.key in ("robot.track_reach", "robot.track_speed")
    slow = belt(0.1)
    with pytest.raises(MoveRefused):
        follow(SIX, FOOT, BEGIN + 60.0, START, over(slow, 0.1), slow)


RADIUS = 0.06


def arc_on(track: Belt, angle: float, height: float = 0.1) -> Placement:
    """A place on a circle as the belt sees it; at 0 it is over the frame."""
    place = over(track, height).target
    upright = track.frame.then(place)
    x = upright.x + RADIUS * (1.0 - cos(angle))
    return track.frame.seen(upright._replace(x=x, y=upright.y + RADIUS * sin(angle)))


def off_arc(plan: Plan, track: Belt, begins_s: float, ends_s: float) -> float:
    """How far the tool is off that circle, m."""
    found = []
    for t in np.linspace(begins_s, ends_s, 300):
        here, gone = tip(SIX, at(plan.track, float(t))), along(track.path, float(t))
        x, y, z = (
            a - gone * d - b
            for a, d, b in zip(here.place, track.direction, track.frame.place, strict=True)
        )
        found.append(max(abs(np.hypot(x - RADIUS, y) - RADIUS), abs(z - 0.1)))
    return max(found)


@few
@given(st.floats(0.03, 0.2), st.floats(0.5, 3.5), st.floats(0.05, 0.4), st.floats(0.1, 0.9))
def test_a_circle_is_round_as_the_belt_sees_it(speed, angle, fast, when):
    track = belt(speed)
    first = follow(SIX, FOOT, BEGIN + 0.5, START, over(track, 0.1, speed_m_s=1.0), track)
    move = order(
        "circular", arc_on(track, angle), via=arc_on(track, angle / 2.2), on="belt", speed_m_s=fast
    )
    try:
        found = follow(SIX, FOOT, first.enters_s, first.track, move, track)
    except MoveRefused:
        assume(False)
    assert same(first, found, first.enters_s)
    assert within(SIX, found.track)
    assert smooth(SIX, found.track)
    assert off_arc(found, track, first.enters_s, found.enters_s) < 3e-5
    assert worst(found, track)[0] < 5e-5
    # Asked again on the way it goes on along the same circle.
    now = first.enters_s + when * (found.enters_s - first.enters_s)
    gone = along(track.path, now)
    x, y, z = (a + gone * d for a, d in zip(track.frame.place, track.direction, strict=True))
    here = track.frame._replace(x=x, y=y, z=z).seen(tip(SIX, at(found.track, now)))
    start = arc_on(track, 0.0)
    share = share_at(move, start, here, "p10")
    assert 0.0 < share < 1.0
    again = follow(SIX, FOOT, now, found.track, move, track, begun=Begun(start, share))
    assert same(found, again, now, part=0.2)
    assert off_arc(again, track, now, again.enters_s) < 5e-5
    assert now < again.enters_s < found.enters_s + 0.05


def test_a_circle_from_rest_is_caught_up_with():
    track = belt(0.1)
    gone = along(track.path, BEGIN + 0.5)
    x, y, z = (a + gone * d for a, d in zip(track.frame.place, track.direction, strict=True))
    here = track.frame._replace(x=x, y=y, z=z).seen(tip(SIX, START))
    target = over(track, 0.1).target
    half = here.towards(target, 0.5)
    move = order("circular", target, via=half._replace(z=half.z + 0.05), on="belt")
    found = follow(SIX, FOOT, BEGIN + 0.5, START, move, track)
    assert within(SIX, found.track)
    assert smooth(SIX, found.track)
    assert worst(found, track)[0] < 5e-5
    with pytest.raises(MoveRefused) as refused:
        follow(SIX, FOOT, BEGIN + 0.5, START, move._replace(via=target), track)
    assert refused.value.phrase.key == "robot.circle_points"


def test_a_belt_that_stands_is_a_line():
    still = Belt(FOOT.then(Placement(0.45, 0.1, 0.35)))
    found = follow(SIX, FOOT, 1.0, START, over(still, 0.1), still)
    assert worst(found, still)[0] < 2e-5
    assert isinstance(found.move.tool, Tool)
    assert found.move.tool is TOOL


def test_a_belt_that_begins_later_stands_until_then():
    later = belt(0.2)
    later = later._replace(path=later.path[1:])
    found = follow(SIX, FOOT, BEGIN - 2.0, START, over(later, 0.1, speed_m_s=1.0), later)
    assert found.enters_s < BEGIN < found.follows_s
    assert worst(found, later)[0] < 5e-5
