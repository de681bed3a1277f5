"""Pushers and stoppers on a belt: when they touch parts, what goes across, what jams."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit.motion.motion_world import (
    body,
    cell,
    changed_at,
    incidents,
    make,
    put,
    reborn,
    spec_of,
    state,
    value,
    where,
    write,
)  # fmt: skip
from tests.unit.motion.motion_world import run as until
from tests.unit.plant.lives import line_of
from twin.kernel.command import Command
from twin.spec.messages import message

BELT = "- {id: belt, kind: belt, length_m: 2, width_m: 0.3, speed_m_s: 0.5}\n"
PUSHER = "- {id: push, kind: pusher, belt: belt, along_m: 1.0, plate_m: 0.1, retract_s: 0.2%s}\n"
CHUTE = (
    "- {id: chute, kind: chute, length_m: %s, speed_m_s: 0.6, at_m: [1.0, 0.15, 0],"
    " heading_deg: 90}\n"
)
EXIT = "- {id: gone, kind: exit, from: chute}\n"
STOPPER = "- {id: stop, kind: stopper, belt: belt, along_m: 1.0}\n"
SORT = BELT + PUSHER % "" + CHUTE % 1.0 + EXIT
CONTACT_S = 0.4 * 0.12 / 0.35
"""From the signal until the plate touches a box in the middle of the belt."""
OVER_S = 0.4 * 0.27 / 0.35
"""… until the middle of the box is at the belt's edge."""


def kinds(runner):
    for one in incidents(runner):
        assert all(message(one.cause, language, **one.values) for language in ("en", "zh"))
    return [(one.kind, one.body, one.cause.removeprefix("incident.")) for one in incidents(runner)]


def on(runner, holder):
    return [part.id for part, _ in body(runner, holder).parts()]


# ---- the stopper


def test_a_part_stops_with_its_front_at_the_stopper_and_goes_on_when_it_is_down():
    runner = make(BELT + STOPPER)
    box = put(runner, "belt", along_m=0.3)
    write(runner, "stop_extend", True, 0.0)
    write(runner, "belt_run", True, 0.0)
    until(runner, 5.0)
    assert where(runner, box)[0] == pytest.approx(0.9)
    write(runner, "stop_extend", False, 6.0)  # it lets go from half its stroke down: at 6.075 s
    until(runner, 7.0)
    assert where(runner, box)[0] == pytest.approx(0.9 + 0.5 * (1.0 - 0.075))
    assert not incidents(runner)


def test_a_stopper_below_a_part_stalls_and_rises_when_the_part_has_gone():
    runner = make(BELT + STOPPER)
    box = put(runner, "belt", along_m=1.0)
    write(runner, "stop_extend", True, 1.0)
    until(runner, 3.0)
    assert kinds(runner) == [("jam", "stop", "stopper_below")]
    assert incidents(runner)[0].part == box.id
    assert incidents(runner)[0].time_s == pytest.approx(1.075)
    assert body(runner, "stop").stroke() == 0.5
    assert not value(runner, "stop_extended")
    write(runner, "belt_run", True, 4.0)  # its rear is past the stopper 0.2 s later
    until(runner, 5.0)
    assert changed_at(runner, "stop_extended") == pytest.approx(4.0 + 0.2 + 0.075)
    assert len(incidents(runner)) == 1


def test_a_stopper_that_stalls_may_go_down_again_and_its_next_rise_is_another_incident():
    runner = make(BELT + STOPPER)
    put(runner, "belt", along_m=1.0)
    for time_s, on_ in ((1.0, True), (2.0, False), (3.0, True)):
        write(runner, "stop_extend", on_, time_s)
        until(runner, time_s + 0.9)
    assert kinds(runner) == [("jam", "stop", "stopper_below")] * 2


def test_a_stopper_is_up_again_after_a_turn_in_mid_stroke():
    runner = make(BELT + STOPPER)
    box = put(runner, "belt", along_m=0.3)
    write(runner, "belt_run", True, 0.0)
    write(runner, "stop_extend", True, 0.0)
    write(runner, "stop_extend", False, 0.5)
    write(runner, "stop_extend", True, 0.55)  # at two thirds of its stroke: it was never open
    until(runner, 4.0)
    assert where(runner, box)[0] == pytest.approx(0.9)


# ---- the pusher


def test_a_part_goes_across_with_the_plate_and_down_the_chute():
    runner = make(SORT)
    box = put(runner, "belt", along_m=1.0)
    write(runner, "push_extend", True, 1.0)
    until(runner, 1.0 + CONTACT_S)
    assert where(runner, box)[:2] == pytest.approx((1.0, 0.0))
    until(runner, 1.2)
    assert where(runner, box)[:2] == pytest.approx((1.0, 0.875 * (0.2 - CONTACT_S)))
    until(runner, 1.0 + OVER_S + 0.5)
    assert on(runner, "chute") == [box.id]
    assert where(runner, box)[:2] == pytest.approx((1.0, 0.151 + 0.5 * 0.6))
    until(runner, 5.0)
    assert line_of(runner).made == 1
    assert changed_at(runner, "push_extended") == pytest.approx(1.4)
    assert not incidents(runner)


def test_it_pushes_to_the_right_as_well():
    right = SORT.replace("plate_m: 0.1", "plate_m: 0.1, side: right")
    runner = make(right.replace("0.15, 0], heading_deg: 90", "-0.15, 0], heading_deg: -90"))
    box = put(runner, "belt", along_m=1.0)
    write(runner, "push_extend", True, 1.0)
    until(runner, 1.2)
    assert where(runner, box)[1] == pytest.approx(-0.875 * (0.2 - CONTACT_S))
    until(runner, 5.0)
    assert line_of(runner).made == 1


def test_a_part_that_comes_along_leans_on_the_plate_and_goes_on_when_it_is_back():
    runner = make(SORT)
    box = put(runner, "belt", along_m=0.3)
    write(runner, "push_extend", True, 0.0)
    write(runner, "belt_run", True, 0.0)
    until(runner, 4.0)
    assert where(runner, box)[0] == pytest.approx(0.95 - 0.1)
    write(runner, "push_extend", False, 5.0)
    until(runner, 5.15)
    assert where(runner, box)[0] == pytest.approx(0.95 - 0.1)
    until(runner, 6.2)
    assert where(runner, box)[0] == pytest.approx(0.85 + 0.5)
    assert not incidents(runner)


def test_pulled_back_before_the_edge_it_leaves_the_part_where_it_is():
    runner = make(SORT)
    box = put(runner, "belt", along_m=1.0)
    write(runner, "push_extend", True, 1.0)
    write(runner, "push_extend", False, 1.2)
    write(runner, "belt_run", True, 2.0)
    until(runner, 3.0)
    assert where(runner, box)[:2] == pytest.approx((1.5, 0.875 * (0.2 - CONTACT_S)))
    assert not incidents(runner)


def test_a_closed_valve_keeps_the_part_before_the_plate():
    runner = make(SORT.replace("plate_m: 0.1", "plate_m: 0.1, acting: double"))
    box = put(runner, "belt", along_m=1.0)
    write(runner, "belt_run", True, 0.0)
    write(runner, "belt_run", False, 0.01)
    write(runner, "push_extend", True, 1.0)
    write(runner, "push_extend", False, 1.2)
    write(runner, "belt_run", True, 2.0)
    until(runner, 3.0)
    assert where(runner, box)[:2] == pytest.approx((1.005, 0.875 * (0.2 - CONTACT_S)))
    write(runner, "push_extend", True, 3.0)
    until(runner, 6.0)
    assert line_of(runner).made == 1


@pytest.mark.parametrize(("turned", "way"), [(0, 1.0), (180, -1.0)])
def test_onto_a_belt_alongside_it_pushes_to_the_end_of_its_stroke(turned, way):
    at = "[0, 0.31, 0]" if way > 0 else "[2, 0.31, 0]"
    beside = f"- {{id: beside, kind: belt, length_m: 2, at_m: {at}, heading_deg: {turned}}}\n"
    runner = make(BELT + PUSHER % "" + beside)
    box = put(runner, "belt", along_m=1.0)
    write(runner, "beside_run", True, 0.0)
    write(runner, "push_extend", True, 1.0)
    until(runner, 1.35)
    assert on(runner, "beside") == [box.id]
    at_x, at_y, _ = where(runner, box)
    assert (at_x, at_y) == pytest.approx((1.0, 0.151 + 0.875 * (0.35 - OVER_S)))
    until(runner, 2.4)
    assert where(runner, box)[:2] == pytest.approx((1.0 + way * 0.25, 0.151 + 0.08))
    assert not incidents(runner)


def test_several_parts_before_a_wide_plate_all_go():
    runner = make(
        SORT.replace("plate_m: 0.1", "plate_m: 0.6").replace(
            "length_m: 1.0,", "length_m: 1.0, width_m: 0.8,"
        )
    )
    put(runner, "belt", along_m=0.85)
    put(runner, "belt", along_m=1.1, across_m=0.05)
    write(runner, "push_extend", True, 1.0)
    until(runner, 1.3)
    assert sorted(body(runner, "push").pushed) == [1, 2] or on(runner, "chute")
    until(runner, 10.0)
    assert body(runner, "belt").content() == 0
    assert line_of(runner).made + line_of(runner).wip == 2


def test_an_edge_before_the_plate_jams_it_until_it_is_pulled_back():
    runner = make(SORT)
    box = put(runner, "belt", along_m=0.92)  # its middle lies 3 cm beside the plate
    write(runner, "push_extend", True, 1.0)
    until(runner, 3.0)
    assert kinds(runner) == [("jam", "push", "pusher_wedged")]
    assert incidents(runner)[0].time_s == pytest.approx(1.0 + CONTACT_S)
    assert (incidents(runner)[0].x, incidents(runner)[0].y) == pytest.approx((0.92, 0.0))
    assert body(runner, "push").stroke() == pytest.approx(0.12 / 0.35)
    assert not body(runner, "push").moves(3.0)
    write(runner, "belt_run", True, 4.0)
    until(runner, 5.0)
    assert where(runner, box)[0] == pytest.approx(0.92)
    write(runner, "push_extend", False, 5.0)
    until(runner, 6.0)
    assert where(runner, box)[0] == pytest.approx(0.92 + 0.5)
    assert value(runner, "push_retracted")
    assert len(incidents(runner)) == 1


def test_a_full_chute_stalls_it_until_there_is_room():
    runner = make(
        BELT
        + PUSHER % ""
        + CHUTE % 0.25
        + "- {id: stop, kind: stopper, belt: chute, along_m: 0.24}\n"
        + EXIT
    )
    write(runner, "stop_extend", True, 0.0)
    until(runner, 0.5)
    put(runner, "chute", along_m=0.1)
    box = put(runner, "belt", along_m=1.0)
    write(runner, "push_extend", True, 2.0)
    until(runner, 4.0)
    assert kinds(runner) == [("jam", "push", "target_full")]
    assert incidents(runner)[0].values["target"] == "chute"
    assert incidents(runner)[0].time_s == pytest.approx(2.0 + OVER_S)
    assert where(runner, box)[:2] == pytest.approx((1.0, 0.15))
    assert not value(runner, "push_extended")
    write(runner, "stop_extend", False, 5.0)
    until(runner, 10.0)
    assert line_of(runner).made == 2
    assert value(runner, "push_extended")
    assert len(incidents(runner)) == 1


def test_pulled_back_from_a_full_chute_the_part_stays_at_the_edge():
    runner = make(
        BELT
        + PUSHER % ""
        + CHUTE % 0.25
        + "- {id: stop, kind: stopper, belt: chute, along_m: 0.24}\n"
        + EXIT
    )
    write(runner, "stop_extend", True, 0.0)
    until(runner, 0.5)
    put(runner, "chute", along_m=0.1)
    box = put(runner, "belt", along_m=1.0)
    write(runner, "push_extend", True, 2.0)
    write(runner, "push_extend", False, 3.0)
    write(runner, "stop_extend", False, 4.0)
    until(runner, 6.0)
    assert where(runner, box)[:2] == pytest.approx((1.0, 0.15))
    write(runner, "push_extend", True, 6.0)
    until(runner, 9.0)
    assert line_of(runner).made == 2
    assert len(incidents(runner)) == 1


def test_where_nothing_takes_it_the_part_falls():
    runner = make(BELT + PUSHER % "")
    box = put(runner, "belt", along_m=1.0)
    write(runner, "push_extend", True, 1.0)
    until(runner, 3.0)
    assert kinds(runner) == [("fallen", "push", "pushed_off")]
    assert incidents(runner)[0].part == box.id
    assert incidents(runner)[0].time_s == pytest.approx(1.0 + OVER_S)
    assert body(runner, "belt").content() == 0
    assert cell(runner).content() == 1
    assert value(runner, "push_extended")


def test_a_short_stroke_brings_the_part_to_where_it_ends():
    runner = make(BELT + PUSHER % ", reach_m: 0.2")
    box = put(runner, "belt", along_m=1.0)
    write(runner, "push_extend", True, 1.0)
    until(runner, 3.0)
    assert where(runner, box)[:2] == pytest.approx((1.0, 0.08))
    write(runner, "push_extend", False, 3.0)
    write(runner, "belt_run", True, 3.1)
    until(runner, 3.6)
    assert where(runner, box)[1] == pytest.approx(0.08)
    assert not incidents(runner)


def test_the_plate_reaches_a_part_on_a_running_belt_where_it_is_then():
    runner = make(SORT)
    put(runner, "belt", along_m=0.95)
    write(runner, "belt_run", True, 1.0)
    write(runner, "push_extend", True, 1.0)
    until(runner, 1.25)
    push = body(runner, "push")
    (box,) = push.pushed
    part = next(part for part, _ in body(runner, "belt").parts() if part.id == box)
    assert where(runner, part)[0] == pytest.approx(0.95 + 0.5 * CONTACT_S)
    until(runner, 5.0)
    assert line_of(runner).made == 1


def test_too_late_on_a_running_belt_the_part_is_wedged():
    runner = make(SORT)
    put(runner, "belt", along_m=1.0)
    write(runner, "belt_run", True, 1.0)
    write(runner, "push_extend", True, 1.0)
    until(runner, 1.25)  # 7 cm on when the plate comes: the middle is beyond the plate
    assert kinds(runner) == [("jam", "push", "pusher_wedged")]


def test_a_person_frees_a_jammed_plate_by_taking_the_part_away():
    runner = make(SORT)
    box = put(runner, "belt", along_m=0.92)
    write(runner, "push_extend", True, 1.0)
    until(runner, 2.0)
    runner.apply(Command("remove", "cell", {"part": box.id}, "test"))
    until(runner, 3.0)
    assert value(runner, "push_extended")
    assert line_of(runner).scrapped == 1


def outcome(start, across, delay_s):
    """Return what becomes of a box, found in small steps, and how clear a case it is, m.

    The belt runs from the start, the plate sets off after `delay_s`; both as in `SORT`.
    """
    step_s, x, near = 5e-4, start, across - 0.05
    margin = 1.0
    for number in range(round((delay_s + 0.4) / step_s)):
        out_s = number * step_s - delay_s
        face = -0.17 + 0.875 * max(out_s, 0.0)
        reaches_in = x + 0.1 - 0.95  # of its front over the plate's rear flank
        if reaches_in < 0.0 and face > near:
            margin = min(margin, -reaches_in)
            if -reaches_in < 0.5 * step_s + 1e-9:
                return "leaning", 0.0
        if 0.0 <= reaches_in < 0.3 and face >= near:
            margin = min(margin, abs(abs(x - 1.0) - 0.05), reaches_in, 0.3 - reaches_in)
            return ("pushed" if abs(x - 1.0) < 0.05 else "wedged"), margin
        x += 0.5 * step_s
    return ("passed" if x - 0.1 > 1.05 else "leaning"), margin


@settings(max_examples=60, deadline=None)
@given(
    start=st.floats(0.15, 1.2), across=st.floats(-0.08, 0.08), delay_s=st.floats(0.0, 1.0)
)  # fmt: skip
def test_a_box_fares_as_small_steps_say(start, across, delay_s):
    expected, margin = outcome(start, across, delay_s)
    assume(margin > 2e-3)
    runner = make(SORT)
    box = put(runner, "belt", along_m=start, across_m=across)
    write(runner, "belt_run", True, 0.0)
    write(runner, "push_extend", True, delay_s)
    until(runner, delay_s + 0.401)
    if expected == "wedged":
        assert kinds(runner) == [("jam", "push", "pusher_wedged")]
        return
    assert not incidents(runner)
    if expected == "pushed":
        assert on(runner, "chute") == [box.id]
        return
    assert on(runner, "belt") == [box.id]
    until(runner, 3.0)
    if expected == "leaning":
        assert where(runner, box)[0] == pytest.approx(0.85)
    else:
        assert body(runner, "belt").content() == 0  # it ran off the end


# ---- whatever happens

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["belt_run", "push_extend", "stop_extend"]),
        st.booleans(),
        st.floats(0.0, 1.2),
    ),
    min_size=2,
    max_size=20,
)
FLOW = (
    BELT
    + "- {id: in, kind: entry, to: belt}\n- {id: end, kind: exit, from: belt}\n"
    + PUSHER % ""
    + "- {id: stop, kind: stopper, belt: belt, along_m: 1.4}\n"
    + CHUTE % 0.5
    + EXIT
)


@settings(max_examples=40, deadline=None)
@given(acts=ACTS)
def test_no_part_is_lost_and_none_jumps(acts):
    runner = make(FLOW)
    seen: dict[int, tuple[float, float, float]] = {}
    write(runner, "belt_run", True, 0.0)
    time_s = 0.0
    for point, on_, wait_s in acts:
        write(runner, point, on_)
        target_s = time_s + wait_s
        while time_s < target_s:
            before_s, time_s = time_s, min(time_s + 0.05, target_s)
            until(runner, time_s)
            line = line_of(runner)
            assert line.created == line.made + line.scrapped + line.wip
            held = [part for one in cell(runner).world.bodies.values() for part, _ in one.parts()]
            assert len({part.id for part in held}) == len(held)
            assert cell(runner).content() == len(held) + len(cell(runner).world.lying)
            for part in held:
                x, y, z = where(runner, part)
                if part.id in seen:
                    a, b, _ = seen[part.id]
                    # Sideways the plate is the fastest; 2 mm over the edge, onto the chute.
                    assert abs(x - a) + abs(y - b) <= 0.9 * (time_s - before_s) + 0.002
                seen[part.id] = (x, y, z)


WILD = st.lists(
    st.tuples(
        st.sampled_from(
            ["belt_run", "belt_reverse", "push_extend", "push_retract", "power", "remove"]
        ),
        st.booleans(),
        st.floats(0.0, 1.2),
    ),
    min_size=2,
    max_size=25,
)
WIDE = (
    BELT.replace("speed_m_s", "drive: reversible, speed_m_s")
    + "- {id: in, kind: entry, to: belt}\n- {id: end, kind: exit, from: belt}\n"
    + (PUSHER % ", acting: double").replace("plate_m: 0.1", "plate_m: 0.5")
    + "- {id: beside, kind: belt, length_m: 2, at_m: [0, 0.3, 0]}\n"
)


@settings(max_examples=40, deadline=None)
@given(acts=WILD)
def test_people_power_and_a_belt_that_turns_round_lose_no_part(acts):
    runner = make(WIDE)
    write(runner, "belt_run", True, 0.0)
    until(runner, 2.5)
    line, world = line_of(runner), cell(runner).world
    for point, on_, wait_s in acts:
        there = [part for one in world.bodies.values() for part, _ in one.parts()]
        if point == "power":
            world.set_power(on=on_)
        elif point != "remove":
            write(runner, point, on_)
        elif there:
            runner.apply(
                Command(
                    "remove", "cell", {"part": there[round(97 * wait_s) % len(there)].id}, "test"
                )
            )
        until(runner, runner.time_s + wait_s)
        held = [part.id for one in world.bodies.values() for part, _ in one.parts()]
        assert len(set(held)) == len(held)
        assert cell(runner).content() == len(held) + len(world.lying)
        assert line.created == line.made + line.scrapped + line.wip
        push = body(runner, "push")
        assert set(push.pushed) | set(push.wedged) <= set(held)
        if value(runner, "push_retracted"):
            assert not push.fences
    world.set_power(on=True)
    write(runner, "push_extend", False)
    write(runner, "push_retract", True)
    until(runner, runner.time_s + 1.0)
    assert value(runner, "push_retracted")
    lane = body(runner, "belt").lane
    assert not any(rider.holders for rider in lane.riders)
    assert not lane.blocks


@settings(max_examples=25, deadline=None)
@given(acts=ACTS, cut=st.integers(0, 19))
def test_a_run_put_back_in_mid_push_goes_on_as_if_nothing_had_been(acts, cut):
    spec = spec_of(FLOW)
    runner = make(FLOW)
    runner.digest()
    write(runner, "belt_run", True, 0.0)
    for number, (point, on_, wait_s) in enumerate(acts):
        write(runner, point, on_)
        until(runner, runner.time_s + wait_s)
        if number == cut:
            other = reborn(runner, spec)
            until(runner, runner.time_s + 0.15)
            until(other, runner.time_s)
            assert state(runner) == state(other)
            runner = other
    other = reborn(runner, spec)
    for one in (runner, other):
        until(one, 30.0)
    assert state(runner) == state(other)
    assert runner.digest().hex() == other.digest().hex()
