"""An arm and its external axes: in step, within all limits, straight and round as the work sees."""

from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.robot.arm_moves import NOW, SIX, TOOL, few, jumps, offsets, order, plain, stand
from twin.plant.robot.blend import blend
from twin.plant.robot.carriage import Carriage, Stage
from twin.plant.robot.chain import chain
from twin.plant.robot.group import Group, Outer
from twin.plant.robot.moves import Plan, plan
from twin.plant.robot.order import Joints, Move, MoveRefused, Track
from twin.plant.robot.placement import HERE, Placement
from twin.plant.robot.stops import override, resume, stop
from twin.plant.robot.track import at, extremes

RAIL = Outer("rail", "slide", -1.0, 1.0, 0.6, 1.5)
DISC = Outer("disc", "turn", -170.0, 170.0, 90.0, 180.0)
ROOM = Placement(1.0, 2.0, 0.3, 0.9, 0.0, 0.0, 0.43588989435406735).normal()
FOOT = Placement(0.1, -0.2, 0.2, 0.8, 0.0, 0.0, 0.6)
BESIDE = Placement(0.75, 0.2, 0.3)
ALONG_Y, ALONG_X = (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)


def placed(place: Placement, slide: tuple[float, float, float]) -> Placement:
    x, y, z = place.point(slide)
    return place._replace(x=x, y=y, z=z)


def turned(angle_rad: float) -> Placement:
    return Placement(0.0, 0.0, 0.0, cos(angle_rad / 2.0), 0.0, 0.0, sin(angle_rad / 2.0))


class Setting:
    """A group, and where its foot and its work are, written down a second time, step by step."""

    def __init__(self, name: str) -> None:
        rail = Stage(ROOM, 0, ALONG_Y)
        disc = Stage(ROOM.then(BESIDE), 1, None, radians(1.0))
        feet = {
            "on a rail": Carriage((rail,), FOOT),
            "on a disc": Carriage((disc._replace(at=ROOM),), FOOT),
            "on both": Carriage((rail, Stage(BESIDE, 1, None, -radians(1.0))), FOOT),
            "before a disc": Carriage((), ROOM.then(FOOT)),
            "on a rail before a disc": Carriage((rail,), FOOT),
        }
        self.name = name
        works = Carriage((disc,)) if "before" in name else Carriage()
        self.group = Group(SIX, (RAIL, DISC), feet[name], works)

    def foot(self, places: Joints) -> Placement:
        rail, disc = places
        at_ = ROOM
        if self.name.startswith("on a rail") or self.name == "on both":
            at_ = placed(at_, (0.0, rail, 0.0))
        if self.name == "on a disc":
            at_ = at_.then(turned(radians(disc)))
        if self.name == "on both":
            at_ = at_.then(BESIDE).then(turned(-radians(disc)))
        return at_.then(FOOT)

    def work(self, places: Joints) -> Placement:
        if "before" not in self.name:
            return HERE
        return ROOM.then(BESIDE).then(turned(radians(places[1])))

    def tip(self, joints: Joints) -> Placement:
        """Where the tool's point is, as the work sees it, by the arm's own kinematics."""
        places = joints[6:]
        there = self.foot(places).then(SIX.flange(joints[:6])).then(TOOL.tip)
        return self.work(places).seen(there)

    def along(self, track: Track, count: int = 300) -> list[Placement]:
        times = np.linspace(track[0][0].t0, track[0][-1].t0, count)
        return [self.tip(at(track, float(t))) for t in times]


NAMES = ("on a rail", "on a disc", "on both", "before a disc", "on a rail before a disc")
settings_ = st.sampled_from(NAMES).map(Setting)
rails = st.floats(-0.5, 0.5)
discs = st.floats(-60.0, 60.0)
START = (*stand(SIX), 0.1, 10.0)


def wanted(setting: Setting, offset: Placement, rail: float, disc: float, **more: object) -> Move:
    """A line from the start to a target near it, that the arm reaches with its axes there."""
    places = (START[6] + rail, START[7] + disc)
    there = setting.foot(places).then(SIX.flange(START[:6])).then(TOOL.tip).then(offset)
    return order("linear", setting.work(places).seen(there), external=places, **more)


def planned(setting: Setting, move: Move, start: Joints = START, **more: object) -> Plan:
    try:
        return plan(setting.group, HERE, NOW, start, move, **more)  # type: ignore[arg-type]
    except MoveRefused:
        assume(False)
        raise


def within(track: Track) -> bool:
    """Whether all limits of arm and axes hold, by the exact extremes."""
    return all(
        joint.low - 1e-9 <= found.low
        and found.high <= joint.high + 1e-9
        and found.speed <= joint.speed * (1.0 + 1e-8)
        and found.accel <= joint.accel * (1.0 + 1e-8)
        for joint, found in zip((*SIX.joints, RAIL, DISC), extremes(track), strict=True)
    )


def smooth(track: Track, part: float = 0.05) -> bool:
    same = all([piece.t0 for piece in path] == [piece.t0 for piece in track[0]] for path in track)
    limits = [joint.accel for joint in (*SIX.joints, RAIL, DISC)]
    return same and all(
        place < 1e-9 and speed < 1e-7 * max(1.0, accel) and jump < part * accel
        for accel, (place, speed, jump) in zip(limits, jumps(track), strict=True)
    )


def off_line(tips: list[Placement], start: Placement, end: Placement) -> tuple[float, float]:
    """How far tips are off a line, m, and how far off the even turn along it, rad."""
    first, way = np.array(start.place), np.array(end.place) - start.place
    length = float(np.linalg.norm(way))
    far, turned_ = 0.0, 0.0
    for tip in tips:
        share = float((np.array(tip.place) - first) @ way) / length**2
        here = start.towards(end, min(max(share, 0.0), 1.0))
        out, angle = tip.off(here)
        far, turned_ = max(far, out), max(turned_, angle)
    return far, turned_


@few
@given(settings_, st.floats(-2.0, 2.0), rails, discs)
def test_the_groups_kinematics_are_those_of_its_parts(setting, turn, rail, disc):
    joints = (turn, *START[1:6], rail, disc)
    assert setting.group.tip(joints, TOOL.tip).off(setting.tip(joints)) == pytest.approx(
        (0.0, 0.0), abs=1e-9
    )
    links = chain(setting.group)
    poses, jacobian = links.jacobian(np.array([joints]), TOOL.tip)
    assert poses.place[0] == pytest.approx(setting.tip(joints).place, abs=1e-12)
    for index in range(8):
        step = np.zeros(8)
        step[index] = 1e-6
        one, two = (setting.tip(tuple(np.array(joints) + way * step)) for way in (-1.0, 1.0))
        rate = (np.array(two.place) - one.place) / 2e-6
        assert jacobian[0, :3, index] == pytest.approx(rate, abs=1e-7)
        spin = one.turned(one.seen(two)[4:7])
        assert jacobian[0, 3:, index] == pytest.approx(np.array(spin) * 1e6, abs=1e-7)
        assert float(np.linalg.norm(rate)) <= links.levers(TOOL.tip)[index] + 1e-9


@few
@given(settings_, offsets(), rails, discs, st.floats(0.05, 1.5))
def test_a_line_is_straight_while_the_axes_move(setting, offset, rail, disc, speed):
    move = wanted(setting, offset, rail, disc, speed_m_s=speed)
    begin, end = setting.tip(START), move.target
    assume(np.linalg.norm(np.subtract(end.place, begin.place)) > 0.05)
    found = planned(setting, move)
    assert plain(found)
    assert within(found.track)
    assert smooth(found.track)
    tips = setting.along(found.track)
    far, turned_ = off_line(tips, begin, end)
    assert far < 2e-5
    assert turned_ < 5e-4
    assert tips[-1].off(end) == pytest.approx((0.0, 0.0), abs=1e-6)
    steps = np.linalg.norm(np.diff([tip.place for tip in tips], axis=0), axis=1)
    assert steps.max() / ((found.ends_s - NOW) / 299) < speed * 1.005


@few
@given(settings_, offsets(), rails, discs)
def test_tool_and_axes_are_in_step_and_arrive_together(setting, offset, rail, disc):
    move = wanted(setting, offset, rail, disc)
    begin, end = np.array(setting.tip(START).place), np.array(move.target.place)
    length = float(np.linalg.norm(end - begin))
    assume(length > 0.05)
    assume(min(abs(rail), abs(disc)) > 0.01)
    found = planned(setting, move)
    assert [path[-1].t0 for path in found.track] == [found.ends_s] * 8
    assert tuple(path[-1].p for path in found.track[6:]) == move.external
    for t in np.linspace(NOW, found.ends_s, 40):
        joints = at(found.track, float(t))
        share = float(np.linalg.norm(np.array(setting.tip(joints).place) - begin)) / length
        assert (joints[6] - START[6]) / rail == pytest.approx(share, abs=2e-5 / length)
        assert (joints[7] - START[7]) / disc == pytest.approx(share, abs=2e-5 / length)


@few
@given(settings_, st.floats(0.05, 0.2), st.floats(0.4, 3.6), rails, discs)
def test_a_circle_is_round_while_the_axes_move(setting, radius, arc, rail, disc):
    """Of a known centre, all as the work sees it."""
    begin = setting.tip(START)
    out = begin.turned((radius, 0.0, 0.0))
    side = begin.turned((0.0, 0.8 * radius, 0.6 * radius))
    centre = np.subtract(begin.place, out)

    def on(angle: float) -> Placement:
        place = centre + cos(angle) * np.array(out) + sin(angle) * np.array(side)
        return Placement(*place.tolist(), *begin.turn)

    move = order(
        "circular", on(arc), via=on(arc / 2.2), external=(START[6] + rail, START[7] + disc)
    )
    found = planned(setting, move)
    assert within(found.track)
    assert smooth(found.track)
    places = np.array([tip.place for tip in setting.along(found.track)]) - centre
    normal = np.cross(out, side) / radius**2
    assert np.abs(np.linalg.norm(places, axis=1) - radius).max() < 2e-5
    assert np.abs(places @ normal).max() < 2e-5
    gone = np.linalg.norm(np.diff(places, axis=0), axis=1).sum()
    assert gone == pytest.approx(radius * arc, rel=1e-3)


@few
@given(settings_, offsets(), rails, discs, st.floats(0.1, 0.9), st.floats(0.2, 1.0))
def test_a_stop_is_on_the_path_with_all_in_step(setting, offset, rail, disc, when, rate):
    move = wanted(setting, offset, rail, disc)
    begin, end = setting.tip(START), move.target
    length = float(np.linalg.norm(np.subtract(end.place, begin.place)))
    assume(length > 0.05)
    going = planned(setting, move, override=rate)
    now = NOW + when * (going.ends_s - NOW)
    stopped = stop(setting.group, going, now, 1)
    assert within(stopped.track)
    again = resume(setting.group, stopped, stopped.ends_s + 1.0, rate)
    half = (again.track[0][0].t0 + again.ends_s) / 2.0
    slower = override(setting.group, again, half, 0.3 * rate)
    for each in (stopped, again, slower):
        far, turned_ = off_line(setting.along(each.track, 150), begin, end)
        assert far < 2e-5
        assert turned_ < 5e-4
        for t in np.linspace(each.track[0][0].t0, each.ends_s, 30):
            joints = at(each.track, float(t))
            gone = np.linalg.norm(np.subtract(setting.tip(joints).place, begin.place)) / length
            assert abs(joints[6] - START[6] - gone * rail) < 2e-5 * (1.0 + abs(rail) / length)
    assert stopped.ends_s < min(again.ends_s, slower.ends_s)
    assert slower.track[6][-1].p == pytest.approx(move.external[0], abs=1e-12)
    assert slower.track[7][-1].p == pytest.approx(move.external[1], abs=1e-9)


def test_the_tool_holds_its_place_while_the_rail_moves_as_fast_as_it_can():
    setting = Setting("on a rail")
    begin = setting.tip(START)
    found = planned(setting, order("linear", begin, external=(0.4, START[7])))
    assert within(found.track)
    for tip in setting.along(found.track):
        assert tip.off(begin)[0] < 2e-5
        assert tip.off(begin)[1] < 5e-4
    speeds = [each.speed / joint.speed for each, joint in zip(
        extremes(found.track), (*SIX.joints, RAIL, DISC), strict=True)]  # fmt: skip
    assert max(speeds[6:]) <= 1.0 + 1e-9
    assert speeds[7] == 0.0
    quick = planned(setting, order("linear", begin, external=(START[6] + 1e-3, START[7])))
    assert quick.ends_s - NOW < 0.3


def test_the_slowest_sets_the_time():
    setting = Setting("on a rail")
    near = wanted(setting, Placement(0.0, 0.0, 0.1), 0.5, 0.0, speed_m_s=5.0)
    found = planned(setting, near)
    rail = extremes(found.track)[6]
    assert rail.speed <= RAIL.speed * (1.0 + 1e-9)
    slow = planned(setting, near._replace(speed_m_s=0.1))
    length = np.linalg.norm(np.subtract(near.target.place, setting.tip(START).place))
    assert slow.ends_s - NOW > length / 0.1
    tips = np.array([tip.place for tip in setting.along(slow.track, 1000)])
    fastest = np.linalg.norm(np.diff(tips, axis=0), axis=1).max() * 999 / (slow.ends_s - NOW)
    assert fastest == pytest.approx(0.1, rel=2e-3)


def test_by_hand_neither_tool_nor_flange_is_faster_than_allowed_in_the_workcell():
    """The tool stands still on the disc that turns, far out: in the workcell it is fast."""
    setting = Setting("before a disc")
    move = order("linear", setting.tip(START), external=(START[6], START[7] + 25.0))
    free, held = planned(setting, move), planned(setting, move, limit_m_s=0.1)
    assert held.ends_s > free.ends_s

    def fastest(found: Plan) -> float:
        times = np.linspace(NOW, found.ends_s, 1000)
        places = [
            setting.work(q[6:]).then(setting.tip(q)).place
            for q in (at(found.track, float(t)) for t in times)
        ]
        return float(np.linalg.norm(np.diff(places, axis=0), axis=1).max() / (times[1] - times[0]))

    assert fastest(free) > 0.12
    assert fastest(held) <= 0.1


@few
@given(settings_, offsets(), rails, discs)
def test_a_joint_move_takes_the_axes_along(setting, offset, rail, disc):
    move = wanted(setting, offset, rail, disc)._replace(kind="joint")
    found = planned(setting, move)
    assert within(found.track)
    last = at(found.track, found.ends_s)
    assert setting.tip(last).off(move.target) == pytest.approx((0.0, 0.0), abs=1e-6)
    assert last[6:] == move.external
    assert [path[-1].t0 for path in found.track] == [found.ends_s] * 8


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["linear", "joint"])
def test_a_blend_stays_in_its_zone_as_the_work_sees_it(name, kind):
    setting, zone = Setting(name), 0.03
    first = wanted(setting, Placement(0.05, 0.0, -0.08), 0.1, 10.0, zone_m=zone, speed_m_s=0.3)
    first = first._replace(on="disc" if "before" in name else "")
    one = planned(setting, first)
    corner = at(one.track, one.ends_s)
    places = (corner[6] + 0.05, corner[7] + 5.0)
    there = setting.foot(places).then(SIX.flange(corner[:6])).then(TOOL.tip)
    there = there.then(Placement(-0.06, 0.06, -0.04))
    next_ = order(
        kind, setting.work(places).seen(there), on=first.on, speed_m_s=0.3, external=places
    )
    both = blend(setting.group, HERE, one.enters_s, one, next_)
    assert within(both.track)
    assert smooth(both.track, part=0.15)
    assert at(both.track, one.enters_s) == pytest.approx(at(one.track, one.enters_s), abs=1e-9)
    assert setting.tip(at(both.track, both.ends_s)).off(next_.target)[0] < 1e-6
    place = np.array(setting.tip(corner).place)
    away = np.array([np.linalg.norm(tip.place - place) for tip in setting.along(both.track, 800)])
    assert away.min() > 1e-3
    assert away[0] < zone
    apart = plan(setting.group, HERE, one.ends_s, corner, next_)
    assert both.ends_s < apart.ends_s
    # Out of the zone it is on the second line.
    if kind == "linear":
        out = [tip for tip, far in zip(setting.along(both.track, 800), away, strict=True)
               if far > zone]  # fmt: skip
        assert off_line(out, setting.tip(corner), next_.target)[0] < 2e-5


def test_between_two_work_objects_it_stops_in_the_point():
    setting = Setting("before a disc")
    first = wanted(setting, Placement(0.0, 0.1, 0.0), 0.0, 10.0, zone_m=0.03)._replace(on="disc")
    one = planned(setting, first)
    corner = at(one.track, one.ends_s)
    still = setting.group._replace(work=Carriage())
    there = setting.work(corner[6:]).then(setting.tip(corner)).then(Placement(0.1, 0.0, 0.0))
    both = blend(still, HERE, one.enters_s, one, order("linear", there, external=corner[6:]))
    assert within(both.track)
    assert at(both.track, one.ends_s) == pytest.approx(corner, abs=1e-9)


def test_a_target_out_of_reach_is_refused_with_the_reason():
    setting = Setting("on a rail")
    far = wanted(setting, Placement(0.0, 0.0, 2.0), 0.5, 0.0)
    with pytest.raises(MoveRefused, match="out of reach"):
        plan(setting.group, HERE, NOW, START, far)
    near = setting.tip(START)
    with pytest.raises(MoveRefused) as caught:
        plan(setting.group, HERE, NOW, START, order("linear", near, external=(-0.9, START[7])))
    assert "p10" in caught.value.phrase.text("en")


def test_a_given_time_is_kept_or_refused():
    setting = Setting("on a rail")
    move = wanted(setting, Placement(0.0, 0.0, 0.1), 0.5, 0.0, duration_s=4.0)
    assert planned(setting, move).ends_s - NOW == pytest.approx(4.0, abs=1e-6)
    with pytest.raises(MoveRefused) as caught:
        plan(setting.group, HERE, NOW, START, move._replace(duration_s=0.3))
    assert caught.value.phrase.key == "robot.duration"


def test_category_0_brakes_each_axis_by_itself():
    setting = Setting("on a rail")
    going = planned(setting, wanted(setting, Placement(0.0, 0.1, 0.0), 0.5, 30.0))
    now = (NOW + going.ends_s) / 2.0
    braked = stop(setting.group, going, now, 0)
    before = extremes(going.track)
    for found, joint in zip(extremes(braked.track), (*SIX.joints, RAIL, DISC), strict=True):
        assert found.accel <= 2.0 * joint.accel * (1.0 + 1e-9)
    assert braked.ends_s - now <= max(
        each.speed / (2.0 * joint.accel)
        for each, joint in zip(before, (*SIX.joints, RAIL, DISC), strict=True)
    ) + 1e-9  # fmt: skip
    assert not braked.on_path
