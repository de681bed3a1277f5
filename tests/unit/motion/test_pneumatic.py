"""Strokes in closed form, against times computed by hand and against small steps of time."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.motion.motion_world import (
    body,
    cell,
    changed_at,
    incidents,
    make,
    reborn,
    record,
    spec_of,
    state,
    value,
    write,
)
from tests.unit.motion.motion_world import run as until
from twin.plant.motion.stroke import driven
from twin.wire.model import Piece, along

SLIDE = "- {id: cyl, kind: cylinder, stroke_m: 0.2, extend_s: 0.4, retract_s: 0.5%s}"
SINGLE = SLIDE % ""
DOUBLE = SLIDE % ", acting: double"
AIR = "\n- {id: air, kind: air, pressure_bar: 6, fill_s: 1, least_bar: 3}"
ON_AIR = SLIDE % ", air: air" + AIR


def way(runner):
    return body(runner, "cyl").moved(runner.time_s).x


def test_a_full_stroke_and_its_switches():
    runner = make(SINGLE)
    changes = record(runner)
    write(runner, "cyl_extend", True, 1.0)
    write(runner, "cyl_extend", False, 3.0)
    until(runner, 5.0)
    assert changes == [
        (1.0, "cyl_retracted", False), (1.0, "cyl_extend", True), (1.4, "cyl_extended", True),
        (3.0, "cyl_extended", False), (3.0, "cyl_extend", False), (3.5, "cyl_retracted", True),
    ]  # fmt: skip


def test_it_is_half_way_at_half_the_time():
    runner = make(SINGLE)
    write(runner, "cyl_extend", True, 1.0)
    until(runner, 1.2)
    assert way(runner) == pytest.approx(0.1)
    assert body(runner, "cyl").moves(1.2)
    until(runner, 1.5)
    assert way(runner) == 0.2
    assert not body(runner, "cyl").moves(1.5)
    assert body(runner, "cyl").out
    assert not body(runner, "cyl").home


def test_it_turns_back_in_mid_stroke():
    runner = make(SINGLE)
    write(runner, "cyl_extend", True, 1.0)
    write(runner, "cyl_extend", False, 1.1)  # a quarter out: back in 0.125 s
    until(runner, 3.0)
    assert value(runner, "cyl_retracted")
    assert changed_at(runner, "cyl_retracted") == pytest.approx(1.225)
    assert cell(runner).points["cyl_extended"].changes == 0


@pytest.mark.parametrize(
    ("direction", "place"),
    [("x", (1, 0, 0)), ("-x", (-1, 0, 0)), ("y", (0, 1, 0)), ("-y", (0, -1, 0)), ("z", (0, 0, 1)),
     ("-z", (0, 0, -1))],
)  # fmt: skip
def test_it_goes_the_way_that_the_file_says(direction, place):
    runner = make(SLIDE % f", direction: {direction}")
    write(runner, "cyl_extend", True, 0.0)
    until(runner, 1.0)
    assert body(runner, "cyl").moved(1.0)[:3] == tuple(0.2 * one for one in place)


def test_turned_back_in_the_same_instant_it_is_back():
    runner = make(SINGLE)
    until(runner, 1.0)
    write(runner, "cyl_extend", True)
    write(runner, "cyl_extend", False)
    until(runner, 2.0)
    assert value(runner, "cyl_retracted")


def test_double_acting_stays_where_it_is_without_a_signal_and_with_both():
    runner = make(DOUBLE)
    write(runner, "cyl_extend", True, 1.0)
    write(runner, "cyl_extend", False, 1.1)
    until(runner, 2.0)
    assert way(runner) == pytest.approx(0.05)
    write(runner, "cyl_extend", True, 2.0)
    write(runner, "cyl_retract", True, 2.1)
    until(runner, 3.0)
    assert way(runner) == pytest.approx(0.1)
    write(runner, "cyl_extend", False, 3.0)
    until(runner, 4.0)
    assert changed_at(runner, "cyl_retracted") == pytest.approx(3.25)


@pytest.mark.parametrize(("slide", "rests_at"), [(SINGLE, 0.0), (DOUBLE, 0.1)])
def test_without_power_a_spring_brings_it_back_and_a_closed_valve_keeps_it(slide, rests_at):
    runner = make(slide)
    write(runner, "cyl_extend", True, 1.0)
    until(runner, 1.2)
    cell(runner).world.set_power(on=False)
    until(runner, 5.0)
    assert way(runner) == pytest.approx(rests_at)
    cell(runner).world.set_power(on=True)
    until(runner, 10.0)
    assert way(runner) == 0.2


@pytest.mark.parametrize(
    ("switches", "names"),
    [("both", {"cyl_extended", "cyl_retracted"}), ("extended", {"cyl_extended"}),
     ("retracted", {"cyl_retracted"}), ("none", set())],
)  # fmt: skip
def test_it_has_the_switches_that_the_file_says(switches, names):
    runner = make(SLIDE % f", switches: {switches}")
    write(runner, "cyl_extend", True, 0.0)
    until(runner, 1.0)
    assert set(cell(runner).points) - {"cyl_extend"} == names
    assert body(runner, "cyl").out


def test_the_forced_value_is_what_the_valve_gets():
    from twin.kernel.command import Command

    runner = make(SINGLE)
    runner.apply(Command("force", "cell/cyl_extend", {"value": True}, "test"))
    until(runner, 1.0)
    assert value(runner, "cyl_extended")


# ---- compressed air


def test_the_pressure_rises_and_falls_evenly():
    runner = make(ON_AIR)
    write(runner, "air_on", True, 1.0)
    until(runner, 1.25)
    assert body(runner, "air").bar(1.25) == pytest.approx(1.5)
    cell(runner).refresh()
    assert value(runner, "air_pressure") == pytest.approx(1.5)
    until(runner, 3.0)
    assert value(runner, "air_pressure") == 6.0
    write(runner, "air_on", False, 3.0)
    until(runner, 3.6)
    assert value(runner, "air_pressure") == pytest.approx(3.0)  # told as it passes `least_bar`
    until(runner, 5.0)
    assert value(runner, "air_pressure") == 0.0


def test_a_rod_waits_for_air_then_speeds_up_with_it():
    # Pressure 6 t: enough from 0.5 s. Stroke (t² - 0.25) / 0.8 until 1 s: 0.9375; then 2.5 / s.
    runner = make(ON_AIR)
    write(runner, "cyl_extend", True, 0.0)
    write(runner, "air_on", True, 0.0)
    changes = record(runner)
    until(runner, 0.8)
    assert way(runner) == pytest.approx(0.2 * (0.64 - 0.25) / 0.8)
    until(runner, 3.0)
    ends = [(name, time_s) for time_s, name, _ in changes if name.startswith("cyl")]
    assert ends == [
        ("cyl_retracted", pytest.approx(0.5)), ("cyl_extended", pytest.approx(1.025)),
    ]  # fmt: skip


def test_a_rod_slows_down_with_falling_air_and_stays():
    # At 2 s the rod sets off at full pressure; from 2.1 s the pressure is 6 - 6 t: enough for
    # 0.5 s more. Stroke 0.25 + (t - t² / 2) / 0.4, at its end by t = 1 - sqrt(1 - 0.6) = 0.367 s.
    runner = make(ON_AIR)
    write(runner, "air_on", True, 0.0)
    write(runner, "cyl_extend", True, 2.0)
    write(runner, "air_on", False, 2.1)
    until(runner, 4.0)
    assert changed_at(runner, "cyl_extended") == pytest.approx(2.1 + 1.0 - sqrt(0.4))


def test_a_rod_out_of_air_stays_on_its_way_and_goes_on():
    runner = make(ON_AIR.replace("extend_s: 0.4", "extend_s: 2"))
    write(runner, "air_on", True, 0.0)
    write(runner, "cyl_extend", True, 2.0)
    write(runner, "air_on", False, 2.2)
    until(runner, 4.0)
    # 0.2 s at full speed, then 0.5 s from full to half of it: 0.5 * 0.75 of a second's way.
    assert way(runner) == pytest.approx(0.2 * (0.2 + 0.375) / 2.0)
    assert not body(runner, "cyl").moves(4.0)
    write(runner, "air_on", True, 5.0)
    until(runner, 8.0)
    # Enough from 5.5 s; half a second brings 0.375 s of full speed, the rest goes at full speed.
    assert changed_at(runner, "cyl_extended") == pytest.approx(6.0 + 2.0 - 0.575 - 0.375)


def test_a_spring_needs_no_air():
    runner = make(ON_AIR)
    write(runner, "air_on", True, 0.0)
    write(runner, "cyl_extend", True, 2.0)
    write(runner, "air_on", False, 3.0)
    until(runner, 5.0)
    assert value(runner, "cyl_extended")
    write(runner, "cyl_extend", False, 6.0)
    until(runner, 8.0)
    assert changed_at(runner, "cyl_retracted") == pytest.approx(6.5)


def test_a_supply_without_a_valve_is_always_full():
    runner = make(ON_AIR.replace("least_bar: 3", "least_bar: 3, valve: false"))
    write(runner, "cyl_extend", True, 1.0)
    until(runner, 2.0)
    assert changed_at(runner, "cyl_extended") == pytest.approx(1.4)
    assert "air_on" not in cell(runner).points
    assert value(runner, "air_pressure") == 6.0


def test_without_power_the_supply_vents():
    runner = make(ON_AIR)
    write(runner, "air_on", True, 0.0)
    until(runner, 2.0)
    cell(runner).world.set_power(on=False)
    until(runner, 4.0)
    assert value(runner, "air_pressure") == 0.0


@settings(max_examples=60, deadline=None)
@given(
    start=st.floats(0.0, 0.99), full_s=st.floats(0.05, 5.0), share=st.floats(0.0, 1.0),
    rise_s=st.floats(0.1, 5.0), least=st.floats(0.1, 0.9),
)  # fmt: skip
def test_a_stroke_on_rising_air_is_what_small_steps_give(start, full_s, share, rise_s, least):
    shares = (Piece(0.0, share, 1.0 / rise_s), Piece((1.0 - share) * rise_s, 1.0))
    path = driven(0.0, start, 1.0, full_s, shares, least)
    step_s = 1e-3
    place = start
    for number in range(4000):
        # The middle of each step: exact for straight pressure but where it begins to be enough.
        now = along(shares, (number + 0.5) * step_s)
        place = min(1.0, place + step_s * now / full_s * (now >= least))
    assert along(path, 4.0) == pytest.approx(place, abs=2.0 * step_s / full_s)
    assert path[-1].p == 1.0


# ---- whatever happens

SIGNALS = st.lists(
    st.tuples(
        st.sampled_from(["cyl_extend", "cyl_retract", "air_on", "power"]),
        st.booleans(),
        st.one_of(st.floats(0.0, 0.6), st.sampled_from([0.0, 0.1, 0.4, 0.5])),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(signals=SIGNALS, acting=st.sampled_from(["single", "double"]))
def test_under_random_signals_it_never_jumps_and_its_switches_are_exact(signals, acting):
    runner = make(SLIDE % f", air: air, acting: {acting}" + AIR)
    seen = [(0.0, 0.0)]
    time_s = 0.0
    for point, on, wait_s in [("air_on", True, 0.0), *signals, ("air_on", True, 3.0)]:
        target_s = time_s + wait_s
        while time_s < target_s:
            time_s = min(time_s + 0.013, target_s)
            until(runner, time_s)
            stroke = way(runner) / 0.2
            before_s, before = seen[-1]
            assert 0.0 <= stroke <= 1.0
            assert abs(stroke - before) <= (time_s - before_s) / 0.4 + 1e-9
            rests = not body(runner, "cyl").moves(time_s)
            assert value(runner, "cyl_extended") == (stroke == 1.0 and rests)
            assert value(runner, "cyl_retracted") == (stroke == 0.0 and rests)
            seen.append((time_s, stroke))
        if point == "power":
            cell(runner).world.set_power(on=on)
        elif point in cell(runner).points:
            write(runner, point, on)
    assert not incidents(runner)


@settings(max_examples=25, deadline=None)
@given(signals=SIGNALS, cut=st.integers(0, 25))
def test_a_run_put_back_in_mid_stroke_goes_on_as_if_nothing_had_been(signals, cut):
    spec = spec_of(SLIDE % ", air: air, acting: double" + AIR)
    runner = make(SLIDE % ", air: air, acting: double" + AIR)
    runner.digest()
    for number, (point, on, wait_s) in enumerate(signals):
        until(runner, runner.time_s + wait_s)
        if number == cut:
            runner = reborn(runner, spec)
        if point != "power":
            write(runner, point, on)
    other = reborn(runner, spec)
    for one in (runner, other):
        until(one, 20.0)
    assert state(runner) == state(other)
    assert runner.digest().hex() == other.digest().hex()
