"""Fly-by points: inside their zone, within the limits, and faster than stopping there."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.robot.arm_moves import (
    FOOT,
    NOW,
    SIX,
    few,
    off_line,
    off_path,
    offsets,
    order,
    rests_at,
    smooth,
    stand,
    target,
    tip,
    tips,
    within,
)
from twin.plant.robot.blend import blend
from twin.plant.robot.moves import Plan, plan
from twin.plant.robot.order import MoveRefused
from twin.plant.robot.placement import Placement
from twin.plant.robot.stops import override, resume, stop
from twin.plant.robot.track import at, speeds

START = stand(SIX)
X = tip(SIX, START)
kinds = st.sampled_from(["joint", "linear"])


def first(kind: str, offset: Placement, zone: float, speed: float) -> Plan:
    move = order(kind, target(SIX, START, offset), zone_m=zone, speed_m_s=speed, turn_rad_s=9.0)
    try:
        found = plan(SIX, FOOT, NOW, START, move)
    except MoveRefused:
        assume(False)
    assume(found.ends_s > NOW + 0.1)
    return found


def joined(running: Plan, kind: str, offset: Placement, now: float, **more: object) -> Plan:
    corner = running.move.target
    assert corner is not None
    more = {"speed_m_s": running.move.speed_m_s, "turn_rad_s": 9.0, **more}
    try:
        return blend(SIX, FOOT, now, running, order(kind, corner.then(offset), **more))
    except MoveRefused:
        assume(False)
        raise


@few
@given(kinds, kinds, offsets(), offsets(), st.floats(0.002, 0.15), st.floats(0.1, 2.0))
def test_a_blended_path_stays_in_its_zone(one, two, offset, after, zone, speed):
    running = first(one, offset, zone, speed)
    assert running.enters_s <= running.ends_s
    corner = running.move.target
    here = tip(SIX, at(running.track, running.enters_s))
    entry = here.off(corner)[0]
    assert entry <= zone * (1 + 1e-9)
    both = joined(running, two, after, running.enters_s)
    assert within(SIX, both.track)
    assert smooth(SIX, both.track)
    assert at(both.track, running.enters_s) == pytest.approx(
        at(running.track, running.enters_s), abs=1e-9
    )
    assert rests_at(SIX, both, both.move.target)[0] < 1e-6
    # Off the second path only inside the zone; densely looked at.
    alone = plan(SIX, FOOT, 0.0, at(running.track, running.ends_s), both.move)
    times = np.linspace(running.enters_s, both.ends_s, 1500)
    places = np.array([tip(SIX, at(both.track, float(t))).place for t in times])
    outside = places[np.linalg.norm(places - corner.place, axis=1) > zone]
    if two == "linear" and len(outside):
        assert off_line(outside, corner, both.move.target) < 3e-5
    # Never later than stopping there.
    assert both.ends_s <= running.ends_s + alone.ends_s + 1e-9


@few
@given(st.floats(0.01, 0.08), st.floats(0.1, 0.6))
def test_straight_through_a_point_goes_on_at_speed(zone, speed):
    """Two lines in one: where the zone is wide enough to stop in, nothing is lost."""
    seen = FOOT.seen(X)

    def along(way: float) -> Placement:
        return FOOT.then(seen._replace(y=seen.y - way))

    running = plan(SIX, FOOT, NOW, START, order("linear", along(0.2), zone_m=zone, speed_m_s=speed))
    both = blend(SIX, FOOT, running.enters_s, running, order("linear", along(0.4), speed_m_s=speed))
    alone = plan(SIX, FOOT, NOW, START, order("linear", along(0.4), speed_m_s=speed))
    entry = speeds(running.track, running.enters_s)
    slow = [
        np.linalg.norm(SIX.jacobian(at(t, s), running.move.tool.tip)[:3] @ np.array(speeds(t, s)))
        for t in (both.track,)
        for s in np.linspace(running.enters_s, running.ends_s, 50)
    ]
    enters = np.linalg.norm(
        SIX.jacobian(at(running.track, running.enters_s), running.move.tool.tip)[:3]
        @ np.array(entry)
    )
    assert min(slow) > 0.98 * enters
    if enters > 0.999 * speed:
        assert both.ends_s == pytest.approx(alone.ends_s, abs=2e-3)
    assert off_line(tips(SIX, both.track, running.enters_s, both.ends_s), X, along(0.4)) < 3e-5


def test_a_corner_is_cut_and_time_is_won():
    seen = FOOT.seen(X)
    corner = FOOT.then(seen._replace(y=seen.y - 0.25))
    end = FOOT.then(seen._replace(x=seen.x - 0.25, y=seen.y - 0.25))
    running = plan(SIX, FOOT, NOW, START, order("linear", corner, zone_m=0.05))
    both = blend(SIX, FOOT, running.enters_s, running, order("linear", end))
    alone = plan(SIX, FOOT, running.ends_s, running.track, order("linear", end))
    assert both.ends_s < alone.ends_s - 0.05
    places = tips(SIX, both.track, running.enters_s, both.ends_s, 1000)
    nearest = np.linalg.norm(places - corner.place, axis=1).min()
    assert 0.005 < nearest < 0.05


def test_a_late_join_and_one_after_the_rest():
    seen = FOOT.seen(X)
    corner = FOOT.then(seen._replace(y=seen.y - 0.25))
    end = order("linear", FOOT.then(seen._replace(x=seen.x - 0.2, y=seen.y - 0.2)))
    running = plan(SIX, FOOT, NOW, START, order("linear", corner, zone_m=0.05))
    ends = []
    for share in (0.0, 0.5, 0.9, 1.0, 3.0):
        now = running.enters_s + share * (running.ends_s - running.enters_s)
        both = blend(SIX, FOOT, now, running, end)
        assert within(SIX, both.track)
        assert smooth(SIX, both.track)
        assert at(both.track, now) == pytest.approx(at(running.track, now), abs=1e-9)
        ends.append(both.ends_s)
    assert ends == sorted(ends)


@few
@given(offsets(), offsets(), offsets(), st.floats(0.005, 0.06), st.floats(0.1, 1.5))
def test_a_chain_of_fly_by_points(one, two, three, zone, speed):
    going = first("linear", one, zone, speed)
    for offset, fine in ((two, False), (three, True)):
        before = going
        going = joined(going, "linear", offset, going.enters_s, zone_m=-1.0 if fine else zone)
        assert within(SIX, going.track)
        assert smooth(SIX, going.track)
        assert going.enters_s >= before.enters_s
    assert rests_at(SIX, going, going.move.target)[0] < 1e-6


@few
@given(offsets(), offsets(), st.floats(0.0, 1.0), st.floats(0.2, 1.0))
def test_a_stop_in_a_corner_stays_on_the_blended_path(one, two, share, rate):
    running = first("linear", one, 0.06, 0.8)
    running = override(SIX, running, NOW + 0.02, rate)
    both = joined(running, "linear", two, running.enters_s)
    assert at(both.track, running.enters_s) == pytest.approx(
        at(running.track, running.enters_s), abs=1e-8
    )
    now = running.enters_s + share * (running.ends_s - running.enters_s)
    stopped = stop(SIX, both, now, 1)
    assert within(SIX, stopped.track)
    assert off_path(SIX, both.nominal, stopped.track, 60) < 2e-5
    again = resume(SIX, stopped, stopped.ends_s + 1.0)
    assert within(SIX, again.track)
    assert off_path(SIX, both.nominal, again.track, 60) < 2e-5
    assert rests_at(SIX, again, both.move.target)[0] < 1e-6


def test_the_next_move_may_be_refused_and_the_running_one_goes_on():
    seen = FOOT.seen(X)
    corner = FOOT.then(seen._replace(y=seen.y - 0.25))
    running = plan(SIX, FOOT, NOW, START, order("linear", corner, zone_m=0.05))
    with pytest.raises(MoveRefused):
        blend(SIX, FOOT, running.enters_s, running, order("linear", corner.then(Placement(5.0))))
    assert rests_at(SIX, running, corner)[0] < 1e-7
