"""Servo axes against hand-computed times, and what goes wrong with them."""

import itertools

import pytest
from hypothesis import example, given, settings
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
from twin.plant.motion.path import ends_at, speed_at
from twin.plant.motion.profile import to_place
from twin.wire.model import along

X = "- {id: x, kind: axis, direction: x, low: 0, high: 1, speed: 0.5, accel: 2"
FREE = X + ", needs_homing: false}"
LOST = X + ", home: 0.2, starts_at: 0.6}"


def enabled(bodies=FREE):
    runner = make(bodies)
    write(runner, "x_enable", True)
    return runner


def go(runner, target, at_s=None):
    write(runner, "x_start", False, at_s)
    write(runner, "x_target", target)
    write(runner, "x_start", True)


def test_a_long_move_takes_the_trapezoids_time():
    # 1 m at 0.5 m/s and 2 m/s2: 0.25 s up, 0.25 s down, 1.75 s even between.
    runner = enabled()
    go(runner, 1.0)
    assert value(runner, "x_moving")
    runner.run_until(10.0)
    assert changed_at(runner, "x_in_position") == pytest.approx(2.25, abs=1e-12)
    assert not value(runner, "x_moving")
    assert body(runner, "x").position() == 1.0


def test_a_short_move_is_a_triangle():
    # 0.08 m: two ramps of sqrt(0.08 / 2) = 0.2 s.
    runner = enabled()
    go(runner, 0.08)
    runner.run_until(10.0)
    assert changed_at(runner, "x_in_position") == pytest.approx(0.4, abs=1e-12)


def test_a_start_to_where_it_stands_is_in_position_at_once():
    runner = enabled()
    go(runner, 0.0)
    assert value(runner, "x_in_position")
    assert not value(runner, "x_moving")


def test_in_position_is_off_while_it_moves():
    runner = enabled()
    go(runner, 0.5)
    runner.run_until(5.0)
    go(runner, 0.6, 6.0)
    assert not value(runner, "x_in_position")


def test_in_position_goes_off_with_another_target():
    runner = enabled()
    go(runner, 0.5)
    runner.run_until(5.0)
    assert value(runner, "x_in_position")
    write(runner, "x_target", 0.7)
    assert not value(runner, "x_in_position")
    write(runner, "x_target", 0.5)
    assert value(runner, "x_in_position")


def test_disabling_at_rest_does_not_forget_homing():
    runner = enabled(LOST)
    write(runner, "x_home", True)
    runner.run_until(20.0)
    write(runner, "x_enable", False)
    write(runner, "x_enable", True)
    assert value(runner, "x_homed")


def test_turning_round_in_mid_move_goes_on_from_its_speed():
    # At 1 s: 0.4375 m at 0.5 m/s. Back to 0: brakes 0.25 s over 0.0625 m, then 0.5 m back:
    # 0.25 s up, 0.25 s down, 0.375 m even in 0.75 s. In all 1.5 s.
    runner = enabled()
    go(runner, 1.0)
    go(runner, 0.0, 1.0)
    assert speed_at(body(runner, "x").path, runner.time_s) == pytest.approx(0.5, abs=1e-9)
    runner.run_until(10.0)
    assert changed_at(runner, "x_in_position") == pytest.approx(2.5, abs=1e-9)
    assert body(runner, "x").position() == 0.0


def test_the_position_is_renewed_when_it_is_read():
    runner = enabled()
    go(runner, 1.0)
    runner.run_until(1.0)
    assert cell(runner).read()["x_position"] == pytest.approx(0.4375, abs=1e-12)


def test_reading_changes_no_run():
    runs = [enabled(), enabled()]
    digests = [runner.digest() for runner in runs]
    for runner in runs:
        go(runner, 1.0)
    for time_s in (0.3, 0.7, 1.9):
        runs[0].run_until(time_s)
        cell(runs[0]).read()
    for runner in runs:
        runner.run_until(2.0)
    assert digests[0].hex() == digests[1].hex()
    assert state(runs[0]) == state(runs[1])


def test_homing_finds_the_switch_at_homing_speed():
    # 0.4 m at 0.05 m/s and 2 m/s2: 0.4 / 0.05 + 0.05 / 2 = 8.025 s.
    runner = enabled(LOST)
    write(runner, "x_home", True)
    assert not value(runner, "x_homed")
    runner.run_until(20.0)
    assert changed_at(runner, "x_homed") == pytest.approx(8.025, abs=1e-12)
    assert body(runner, "x").position() == 0.2


def test_a_start_before_homing_is_a_fault_and_no_movement():
    runner = enabled(LOST)
    go(runner, 0.5)
    assert value(runner, "x_fault")
    assert not value(runner, "x_moving")
    assert not incidents(runner)


@pytest.mark.parametrize("target", [-0.01, 1.01])
def test_a_target_beyond_the_limits_is_a_fault(target):
    runner = enabled()
    go(runner, target)
    runner.run_until(3.0)
    assert value(runner, "x_fault")
    assert body(runner, "x").position() == 0.0


def test_a_fault_lasts_until_reset():
    runner = enabled()
    go(runner, 2.0)
    go(runner, 0.5, 1.0)
    runner.run_until(5.0)
    assert body(runner, "x").position() == 0.0
    write(runner, "x_reset", True)
    assert not value(runner, "x_fault")
    go(runner, 0.5)
    runner.run_until(9.0)
    assert body(runner, "x").position() == 0.5


def test_single_precision_of_a_controller_does_not_overrun_the_limit():
    runner = enabled(FREE.replace("high: 1", "high: 0.7"))
    go(runner, 0.699999988079071)
    runner.run_until(5.0)
    go(runner, 0.7000000476837158)
    runner.run_until(6.0)
    assert not value(runner, "x_fault")
    assert body(runner, "x").position() == 0.7


@pytest.mark.parametrize("how", ["enable", "power"])
def test_losing_energy_in_movement_brakes_twice_as_hard(how):
    # 0.5 m/s with 4 m/s2: 0.125 s and 0.03125 m.
    bodies = FREE + "\n- {id: panel, kind: panel}"
    runner = enabled(bodies)
    go(runner, 1.0)
    write(runner, "x_enable" if how == "enable" else "panel_estop", False, 1.0)
    assert value(runner, "x_fault")
    runner.run_until(5.0)
    assert changed_at(runner, "x_moving") == pytest.approx(1.125, abs=1e-9)
    assert body(runner, "x").position() == pytest.approx(0.4375 + 0.03125, abs=1e-9)


def test_losing_enable_at_rest_is_no_fault():
    runner = enabled()
    write(runner, "x_enable", False, 1.0)
    assert not value(runner, "x_fault")


def test_nothing_moves_without_enable():
    runner = make(FREE)
    go(runner, 1.0)
    write(runner, "x_jog_plus", True)
    runner.run_until(3.0)
    assert body(runner, "x").position() == 0.0


def test_jogging_stops_at_the_end_of_travel_when_homed():
    runner = enabled()
    write(runner, "x_jog_plus", True)
    runner.run_until(60.0)
    assert body(runner, "x").position() == 1.0
    assert not incidents(runner)
    assert not value(runner, "x_fault")


def test_a_jog_key_let_go_ramps_down():
    # Jog speed 0.125 m/s: up in 0.0625 s (3.90625 mm), 1 s in all, down again.
    runner = enabled()
    write(runner, "x_jog_plus", True)
    write(runner, "x_jog_plus", False, 1.0)
    runner.run_until(5.0)
    assert body(runner, "x").position() == pytest.approx(0.125, abs=1e-9)
    assert changed_at(runner, "x_moving") == pytest.approx(1.0625, abs=1e-9)


def test_jogging_before_homing_runs_into_the_hard_stop():
    # 0.42 m to the stop at 1.02; 0.0625 s ramp covers 3.90625 mm of it.
    runner = enabled(LOST)
    write(runner, "x_jog_plus", True)
    runner.run_until(60.0)
    (incident,) = incidents(runner)
    assert incident.kind == "overtravel"
    assert incident.time_s == pytest.approx(0.0625 + (0.42 - 0.00390625) / 0.125, abs=1e-9)
    assert value(runner, "x_fault")
    assert body(runner, "x").position() == 1.02


def test_the_hard_stop_can_be_left_again():
    runner = enabled(LOST)
    write(runner, "x_jog_plus", True)
    runner.run_until(60.0)
    write(runner, "x_jog_plus", False)
    write(runner, "x_reset", True)
    write(runner, "x_home", True)
    runner.run_until(120.0)
    assert value(runner, "x_homed")
    assert len(incidents(runner)) == 1


def test_both_jog_keys_mean_stop():
    runner = enabled()
    write(runner, "x_jog_plus", True)
    write(runner, "x_jog_minus", True, 1.0)
    runner.run_until(9.0)
    assert body(runner, "x").position() == pytest.approx(0.125, abs=1e-9)


def test_a_rotary_axis_turns_what_is_on_it():
    runner = make(
        "- {id: x, kind: axis, rotary: true, direction: z, high: 90, speed: 90, accel: 360,"
        " needs_homing: false}\n- {id: nest, kind: seat, on: x, at_m: [1, 0, 0]}"
    )
    write(runner, "x_enable", True)
    go(runner, 90.0)
    runner.run_until(5.0)
    assert changed_at(runner, "x_in_position") == pytest.approx(1.25, abs=1e-12)
    at = body(runner, "nest").frame.at(5.0)
    assert (at.x, at.y) == (pytest.approx(0.0, abs=1e-12), pytest.approx(1.0))
    assert along(body(runner, "x").joint(), 5.0) == pytest.approx(1.5707963267948966)


numbers = st.floats(-1.0, 1.0)


@given(place=numbers, v=st.floats(-2.0, 2.0), target=numbers, speed=st.floats(0.05, 2.0),
       accel=st.floats(0.1, 5.0))  # fmt: skip
def test_a_new_target_makes_no_jump(place, v, target, speed, accel):
    path = to_place(3.0, place, v, target, speed=speed, accel=accel)
    assert along(path, 3.0) == pytest.approx(place, abs=1e-9)
    assert along(path, ends_at(path)) == target
    for before, after in itertools.pairwise(path):
        assert before.at(after.t0) == pytest.approx(after.p, abs=1e-7)
        ends = before.v + (after.t0 - before.t0) * before.a
        assert ends == pytest.approx(after.v, abs=1e-6)
        assert abs(before.a) <= accel * (1 + 1e-9)
        assert abs(before.v) <= max(speed, abs(v)) + 1e-9
    assert path[0].v == pytest.approx(v, abs=1e-12) or len(path) == 1


@settings(deadline=None, max_examples=40)
@given(
    moves=st.lists(
        st.tuples(
            st.floats(0.01, 1.5),
            st.sampled_from(["start", "home", "jog_plus", "jog_minus", "enable", "reset"]),
            st.floats(-0.2, 1.2),
        ),
        min_size=3,
        max_size=25,
    )
)
@example(
    moves=[
        (1.0, pin, 0.0)
        for pin in (
            "jog_plus", "jog_minus", "enable", "enable", "home", "jog_minus", "enable",
            "jog_minus", "enable", "enable", "enable", "reset", "jog_plus", "start",
        )
    ]
)  # fmt: skip
def test_whatever_is_written_a_homed_axis_stays_within_its_travel(moves):
    runner = enabled()
    axis = body(runner, "x")
    at_s, place = 0.0, 0.0
    for wait_s, pin, number in moves:
        at_s += wait_s
        runner.run_until(at_s)
        within = -1e-9 <= axis.position() <= 1.0 + 1e-9
        # One that has lost its reference (a homing broken off) may be jogged to its hard stop.
        assert within or not axis.homed or axis.position() == pytest.approx(place)
        v = speed_at(axis.path, runner.time_s)
        write(runner, "x_target", number)
        write(runner, f"x_{pin}", not value(runner, f"x_{pin}"))
        assert speed_at(axis.path, runner.time_s) == pytest.approx(v, abs=1e-6)
        place = axis.position()
    assert all(incident.kind == "overtravel" for incident in incidents(runner))


def test_a_restored_axis_goes_on_as_if_never_stopped():
    bodies = FREE + "\n- {id: panel, kind: panel}"
    whole, spec = enabled(bodies), spec_of(bodies)
    go(whole, 1.0)
    go(whole, 0.2, 0.9)
    whole.run_until(1.0)
    again = reborn(whole, spec)
    tails = []
    for runner in (whole, again):
        changes = record(runner)
        go(runner, 0.7, 1.3)
        write(runner, "panel_estop", False, 1.9)
        runner.run_until(4.0)
        tails.append((changes, state(runner)))
    assert tails[0] == tails[1]
    assert len(tails[0][0]) > 5
