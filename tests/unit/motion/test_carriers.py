"""What goes along: lifts, turntables, index tables, cylinders with belts and seats on them."""

from math import pi, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.motion.motion_world import (
    body,
    cell,
    changed_at,
    incidents,
    make,
    put,
    reborn,
    record,
    spec_of,
    state,
    value,
    where,
    write,
)  # fmt: skip
from tests.unit.motion.motion_world import run as until
from twin.spec.messages import message
from twin.wire.model import along

LIFT = "- {id: lift, kind: lift, levels: {low: 0, high: 0.4}, speed_m_s: 0.2%s}\n"
DECK = "- {id: deck, kind: belt, on: %s, length_m: 0.6, width_m: 0.3}\n"
DIAL = "- {id: dial, kind: index_table, stations: 4, index_s: 1.2}\n"
NESTS = "".join(
    f"- {{id: nest{n}, kind: seat, on: dial, at_m: [{x}, {y}, 0]}}\n"
    for n, (x, y) in enumerate([(0.3, 0), (0, 0.3), (-0.3, 0), (0, -0.3)])
)
DISC = "- {id: disc, kind: turntable, angle_deg: 90, extend_s: 1, retract_s: 1}\n"


def kinds(runner):
    for one in incidents(runner):
        assert all(message(one.cause, language, **one.values) for language in ("en", "zh"))
    return [(one.kind, one.body, one.cause.removeprefix("incident.")) for one in incidents(runner)]


def height(runner):
    return body(runner, "lift").moved(runner.time_s).z


# ---- the lift


def test_level_switches_come_on_and_go_off_five_millimetres_from_their_level():
    runner = make(LIFT % "")
    changes = record(runner)
    write(runner, "lift_up", True, 1.0)
    write(runner, "lift_up", False, 2.99)  # 2 mm below the upper level
    until(runner, 5.0)
    edges = [(name, on) for _, name, on in changes if name.startswith("lift_at")]
    times = [time_s for time_s, name, _ in changes if name.startswith("lift_at")]
    assert edges == [("lift_at_low", False), ("lift_at_high", True)]
    assert times == pytest.approx([1.025, 1.0 + 0.395 / 0.2])
    assert height(runner) == pytest.approx(0.398)
    assert not incidents(runner)


def test_it_passes_a_level_on_its_way():
    runner = make("- {id: lift, kind: lift, levels: {a: 0, b: 0.2, c: 0.4}, speed_m_s: 0.2}\n")
    changes = record(runner)
    write(runner, "lift_up", True, 1.0)
    until(runner, 2.5)
    seen = [(time_s, on) for time_s, name, on in changes if name == "lift_at_b"]
    assert seen == [(pytest.approx(1.975), True), (pytest.approx(2.025), False)]


def test_with_ramps_it_takes_the_time_of_its_trapezoid():
    runner = make(LIFT % ", accel_m_s2: 0.4")
    write(runner, "lift_up", True, 1.0)  # 0.5 s and 0.05 m of ramp
    until(runner, 1.25)
    assert height(runner) == pytest.approx(0.0125)
    until(runner, 2.0)
    assert height(runner) == pytest.approx(0.15)
    write(runner, "lift_up", False, 2.0)
    until(runner, 4.0)
    assert height(runner) == pytest.approx(0.2)
    assert not body(runner, "lift").moves(2.51)


def test_a_ramp_that_turns_at_a_switch_tells_it_once():
    # Down from the start: the switch goes off at -5 mm, on again on the way back.
    runner = make(LIFT % ", accel_m_s2: 0.4")
    changes = record(runner)
    write(runner, "lift_down", True, 1.0)
    write(runner, "lift_down", False, 1.2)
    write(runner, "lift_up", True, 1.2)
    until(runner, 1.65)
    edges = [(t, on) for t, name, on in changes if name == "lift_at_low"]
    off_s, turn_m = 1.0 + sqrt(2 * 0.005 / 0.4), -0.4 * 0.2**2
    back_s = 1.4 + sqrt(2 * (-0.005 - turn_m) / 0.4)
    assert edges == [(pytest.approx(off_s), False), (pytest.approx(back_s), True)]


def test_both_signals_at_once_are_none():
    runner = make(LIFT % "")
    write(runner, "lift_up", True, 1.0)
    write(runner, "lift_down", True, 1.5)
    until(runner, 3.0)
    assert height(runner) == pytest.approx(0.1)
    write(runner, "lift_up", False, 3.0)
    until(runner, 3.2)
    assert height(runner) == pytest.approx(0.06)


def test_driven_past_its_last_level_it_stalls_at_its_hard_stop():
    runner = make(LIFT % "")
    write(runner, "lift_up", True, 1.0)
    until(runner, 9.0)
    assert kinds(runner) == [("overtravel", "lift", "lift_overtravel")]
    assert incidents(runner)[0].time_s == pytest.approx(1.0 + 0.45 / 0.2)
    assert height(runner) == pytest.approx(0.45)
    assert not body(runner, "lift").moves(9.0)
    assert not value(runner, "lift_at_high")
    write(runner, "lift_up", False, 9.0)
    write(runner, "lift_down", True, 9.5)
    until(runner, 10.0)
    assert height(runner) == pytest.approx(0.35)
    assert len(incidents(runner)) == 1


def test_without_overtravel_the_stop_is_at_the_level():
    runner = make(LIFT % ", overtravel_m: 0")
    write(runner, "lift_down", True, 1.0)
    until(runner, 2.0)
    assert kinds(runner) == [("overtravel", "lift", "lift_overtravel")]
    assert value(runner, "lift_at_low")
    assert height(runner) == 0.0


def test_without_power_it_stops_and_goes_on_when_power_is_back():
    runner = make(LIFT % "")
    write(runner, "lift_up", True, 1.0)
    until(runner, 2.0)
    cell(runner).world.set_power(on=False)
    until(runner, 3.0)
    assert height(runner) == pytest.approx(0.2)
    cell(runner).world.set_power(on=True)
    until(runner, 3.5)
    assert height(runner) == pytest.approx(0.3)


def test_what_is_on_a_lift_goes_along_and_passes_on_at_its_level():
    runner = make(
        LIFT % ", starts_at: high"
        + DECK % "lift"
        + "- {id: below, kind: belt, length_m: 1, width_m: 0.3, at_m: [0.6, 0, 0]}\n"
    )
    box = put(runner, "deck", along_m=0.3)
    assert where(runner, box) == pytest.approx((0.3, 0.0, 0.4))
    write(runner, "lift_down", True, 0.0)
    write(runner, "lift_down", False, 1.99)
    until(runner, 2.5)
    assert where(runner, box) == pytest.approx((0.3, 0.0, 0.002))
    write(runner, "deck_run", True, 3.0)
    write(runner, "below_run", True, 3.0)
    until(runner, 5.2)
    assert body(runner, "below").content() == 1
    assert not incidents(runner)


# ---- parts across the gap


def test_a_part_half_on_a_lift_is_torn_when_it_moves():
    runner = make(
        LIFT % ""
        + DECK % "lift"
        + "- {id: next, kind: belt, length_m: 1, width_m: 0.3, at_m: [0.6, 0, 0]}\n"
    )
    box = put(runner, "deck", along_m=0.55)
    write(runner, "lift_up", True, 1.0)
    until(runner, 2.0)
    assert kinds(runner) == [("collision", "lift", "torn")]
    assert incidents(runner)[0].part == box.id
    assert incidents(runner)[0].time_s == 1.0


def test_a_part_that_lies_half_over_a_cylinder_with_a_belt_is_torn_too():
    runner = make(
        "- {id: cyl, kind: cylinder, stroke_m: 0.3, direction: z}\n"
        + DECK % "cyl"
        + "- {id: before, kind: belt, length_m: 1, width_m: 0.3, at_m: [-1.0, 0, 0]}\n"
    )
    box = put(runner, "before", along_m=0.95)
    write(runner, "cyl_extend", True, 1.0)
    until(runner, 2.0)
    assert kinds(runner) == [("collision", "cyl", "torn")]
    assert incidents(runner)[0].part == box.id


def test_a_part_that_only_hangs_over_into_the_air_is_not_torn():
    runner = make(LIFT % "" + DECK % "lift")
    put(runner, "deck", along_m=0.55)
    write(runner, "lift_up", True, 1.0)
    until(runner, 2.0)
    assert not incidents(runner)


# ---- the turntable


def test_a_turntable_swings_what_is_on_it():
    runner = make(DISC + (DECK % "disc").replace("length_m", "at_m: [-0.3, 0, 0], length_m"))
    box = put(runner, "deck", along_m=0.5)
    assert where(runner, box)[:2] == pytest.approx((0.2, 0.0))
    write(runner, "disc_extend", True, 0.0)
    until(runner, 0.5)
    assert where(runner, box)[:2] == pytest.approx((0.2 / sqrt(2), 0.2 / sqrt(2)))
    until(runner, 2.0)
    assert where(runner, box)[:2] == pytest.approx((0.0, 0.2))
    assert along(body(runner, "disc").joint(), 2.0) == pytest.approx(pi / 2)


def test_a_part_that_bridges_a_turning_table_is_torn():
    runner = make(
        DISC
        + (DECK % "disc").replace("length_m", "at_m: [-0.3, 0, 0], length_m")
        + "- {id: next, kind: belt, length_m: 1, width_m: 0.3, at_m: [0.31, 0, 0]}\n"
    )
    put(runner, "deck", along_m=0.55)
    write(runner, "disc_extend", True, 1.0)
    until(runner, 3.0)
    assert kinds(runner) == [("collision", "disc", "torn")]


# ---- the index table


def test_an_edge_turns_the_dial_by_one_station():
    runner = make(DIAL + NESTS)
    box = put(runner, "nest0")
    changes = record(runner)
    write(runner, "dial_index", True, 1.0)
    until(runner, 1.0 + 0.4)  # a third of the time: a quarter of the way
    assert body(runner, "dial").moved(1.4).heading_rad == pytest.approx(pi / 8)
    assert not value(runner, "dial_in_position")
    until(runner, 1.6)
    assert where(runner, box)[:2] == pytest.approx((0.3 / sqrt(2), 0.3 / sqrt(2)))
    until(runner, 4.0)
    assert where(runner, box)[:2] == pytest.approx((0.0, 0.3))
    assert [(t, n, v) for t, n, v in changes if n != "dial_index"] == [
        (1.0, "dial_in_position", False),
        (pytest.approx(2.2), "dial_station", 1),
        (pytest.approx(2.2), "dial_in_position", True),
    ]


def test_only_edges_count_and_only_in_position():
    runner = make(DIAL)
    write(runner, "dial_index", True, 1.0)
    write(runner, "dial_index", False, 1.3)
    write(runner, "dial_index", True, 1.5)  # lost: it is under way
    until(runner, 9.0)
    assert value(runner, "dial_station") == 1
    write(runner, "dial_index", False, 9.0)
    write(runner, "dial_index", True, 9.1)
    until(runner, 12.0)
    assert value(runner, "dial_station") == 2


def test_after_a_full_turn_it_counts_from_zero():
    runner = make(DIAL)
    for turn in range(5):
        write(runner, "dial_index", True, 2.0 * turn)
        write(runner, "dial_index", False, 2.0 * turn + 0.1)
    until(runner, 12.0)
    assert value(runner, "dial_station") == 1
    assert body(runner, "dial").moved(12.0).heading_rad == 5 * pi / 2


def test_without_power_the_dial_stops_and_finishes_its_step_later():
    runner = make(DIAL)
    write(runner, "dial_index", True, 1.0)
    until(runner, 1.6)
    cell(runner).world.set_power(on=False)
    until(runner, 5.0)
    assert body(runner, "dial").moved(5.0).heading_rad == pytest.approx(pi / 4)
    assert not value(runner, "dial_in_position")
    cell(runner).world.set_power(on=True)
    until(runner, 8.0)
    assert value(runner, "dial_station") == 1
    # Half a step is left: from rest just its two ramps of 0.4 s.
    assert changed_at(runner, "dial_station") == pytest.approx(5.0 + 0.8, abs=1e-6)


def test_power_that_comes_back_is_no_edge():
    runner = make(DIAL)
    write(runner, "dial_index", True, 1.0)
    until(runner, 3.0)
    cell(runner).world.set_power(on=False)
    cell(runner).world.set_power(on=True)
    until(runner, 6.0)
    assert value(runner, "dial_station") == 1


# ---- whatever happens

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["lift_up", "lift_down", "disc_extend", "dial_index", "deck_run", "power"]),
        st.booleans(),
        st.one_of(st.floats(0.0, 1.5), st.sampled_from([0.0, 0.025, 0.5])),
    ),
    max_size=20,
)
ALL = LIFT % ", accel_m_s2: 0.5" + DECK % "lift" + DISC + DIAL + NESTS


@settings(max_examples=40, deadline=None)
@given(acts=ACTS)
def test_lift_switches_are_what_the_height_says(acts):
    runner = make(ALL)
    before_s, before = 0.0, 0.0
    for point, on, wait_s in acts:
        if point == "power":
            cell(runner).world.set_power(on=on)
        else:
            write(runner, point, on)
        target_s = runner.time_s + wait_s
        while runner.time_s < target_s:
            until(runner, min(runner.time_s + 0.037, target_s))
            z = height(runner)
            assert abs(z - before) <= 0.2 * (runner.time_s - before_s) + 1e-9
            assert -0.05 - 1e-9 <= z <= 0.45 + 1e-9
            for name, level in (("low", 0.0), ("high", 0.4)):
                off = abs(z - level) - 0.005
                if abs(off) > 1e-7:
                    assert value(runner, f"lift_at_{name}") == (off < 0)
            before_s, before = runner.time_s, z


@settings(max_examples=25, deadline=None)
@given(acts=ACTS, cut=st.integers(0, 19))
def test_a_run_put_back_while_things_move_goes_on_as_if_nothing_had_been(acts, cut):
    spec = spec_of(ALL)
    runner = make(ALL)
    runner.digest()
    put(runner, "deck", along_m=0.3)
    put(runner, "nest0")
    for number, (point, on, wait_s) in enumerate(acts):
        if point != "power":
            write(runner, point, on)
        until(runner, runner.time_s + wait_s)
        if number == cut:
            runner = reborn(runner, spec)
    other = reborn(runner, spec)
    for one in (runner, other):
        until(one, 30.0)
    assert state(runner) == state(other)
    assert runner.digest().hex() == other.digest().hex()
