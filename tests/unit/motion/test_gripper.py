"""Grippers: what they take, carry, put down, and lose."""

from math import exp, log

import pytest

from tests.unit.motion.gantry import TOP, gantry, go, grip, pick, spec
from tests.unit.motion.motion_world import (
    body,
    cell,
    changed_at,
    incidents,
    put,
    reborn,
    record,
    state,
    value,
    where,
    write,
)

HEAVY = "parts:\n- {id: box, size_m: [0.2, 0.1, 0.05], mass_kg: 9}\n"
JAWS = ", type: parallel, grip_s: 0.4"
PANEL = "- {id: panel, kind: panel}\n"


def kinds(runner):
    return [(incident.kind, incident.cause) for incident in incidents(runner)]


def test_the_vacuum_is_built_up_in_first_order():
    # To -85 kPa, past -60 kPa after 0.3 s: tau = 0.3 / ln(85 / 25).
    runner, _ = gantry()
    go(runner, "z", TOP)
    begin = runner.time_s
    grip(runner, wait_s=0.1)
    tau = 0.3 / log(85 / 25)
    assert cell(runner).read()["grip_vacuum"] == pytest.approx(-85 * (1 - exp(-0.1 / tau)))
    assert not value(runner, "grip_held")
    runner.run_until(begin + 1)
    assert changed_at(runner, "grip_held") == pytest.approx(begin + 0.3, abs=1e-9)


def test_a_part_goes_along_and_is_put_down():
    runner, part = gantry()
    pick(runner)
    assert where(runner, part) == pytest.approx((0, 0, 0.95))
    assert body(runner, "a").part_at(0) is None
    go(runner, "x", 1.0)
    assert where(runner, part) == pytest.approx((1, 0, 0.95))
    go(runner, "z", TOP)
    begin = runner.time_s
    grip(runner, on=False)
    assert changed_at(runner, "grip_held") == pytest.approx(begin + 0.2, abs=1e-9)
    assert body(runner, "b").part_at(0) is part
    assert where(runner, part) == pytest.approx((1, 0, 0.5))
    go(runner, "z", 0.0)
    assert body(runner, "b").part_at(0) is part
    assert not incidents(runner)


def test_it_stays_in_its_seat_until_it_is_lifted():
    runner, part = gantry()
    go(runner, "z", TOP)
    grip(runner)
    assert value(runner, "grip_held")
    assert body(runner, "a").part_at(0) is part
    grip(runner, on=False)
    go(runner, "z", 0.0)
    assert body(runner, "a").part_at(0) is part
    assert not incidents(runner)


@pytest.mark.parametrize(("off", "held"), [(0.019, True), (0.021, False)])
def test_the_parts_middle_must_be_within_the_tolerance(off, held):
    runner, _ = gantry()
    go(runner, "x", off)
    go(runner, "z", TOP)
    grip(runner)
    assert value(runner, "grip_held") is held
    assert (cell(runner).read()["grip_vacuum"] < -60) is held


@pytest.mark.parametrize(("place", "held"), [(0.432, True), (0.428, False), (0.459, True)])
def test_the_part_must_be_close_below(place, held):
    runner, _ = gantry()
    go(runner, "z", place)
    grip(runner)
    assert value(runner, "grip_held") is held
    assert not incidents(runner)


def test_a_cup_that_sucks_air_seals_when_it_comes_down_on_a_part():
    runner, _ = gantry()
    write(runner, "grip_grip", True)
    go(runner, "z", TOP, wait_s=0)
    runner.run_until(3.0)
    arrived = changed_at(runner, "z_in_position")
    assert changed_at(runner, "grip_held") == pytest.approx(arrived + 0.3, abs=1e-9)


def test_jaws_hold_what_is_between_them_when_they_have_closed():
    runner, part = gantry(gripper=JAWS)
    go(runner, "z", TOP)
    begin = runner.time_s
    grip(runner)
    assert changed_at(runner, "grip_held") == pytest.approx(begin + 0.4, abs=1e-12)
    assert not value(runner, "grip_opened")
    go(runner, "z", 0.0)
    assert where(runner, part)[2] == pytest.approx(0.95)


def test_jaws_closed_on_nothing_hold_nothing_later():
    runner, part = gantry(gripper=JAWS)
    grip(runner)
    go(runner, "z", TOP)
    assert not value(runner, "grip_held")
    go(runner, "z", 0.0)
    assert body(runner, "a").part_at(0) is part


def test_a_heavy_part_slips_off_when_lifted():
    runner, part = gantry(parts=HEAVY)
    go(runner, "z", TOP)
    grip(runner)
    assert not incidents(runner)
    go(runner, "z", 0.0)
    assert kinds(runner) == [("dropped", "incident.too_heavy")]
    assert body(runner, "a").part_at(0) is part
    assert not value(runner, "grip_held")


def test_pulling_at_a_clamped_part():
    runner, part = gantry()
    body(runner, "a").hold(part, by=body(runner, "b"))
    pick(runner)
    assert kinds(runner) == [("collision", "incident.pulled")]
    assert body(runner, "a").part_at(0) is part


def test_a_clamp_opened_in_time_lets_the_part_go():
    runner, part = gantry()
    body(runner, "a").hold(part, by=body(runner, "b"))
    go(runner, "z", TOP)
    grip(runner)
    body(runner, "a").let_go(part, by=body(runner, "b"))
    go(runner, "z", 0.0)
    assert not incidents(runner)
    assert where(runner, part)[2] == pytest.approx(0.95)


def test_letting_go_in_the_air_lets_the_part_fall():
    runner, part = gantry()
    pick(runner)
    go(runner, "x", 0.5)
    grip(runner, on=False)
    assert kinds(runner) == [("fallen", "incident.let_go_in_air")]
    assert [entry[0] for entry in cell(runner).world.lying] == [part]


@pytest.mark.parametrize(("place", "lands"), [(TOP - 0.1, True), (TOP - 0.2, False)])
def test_a_part_dropped_from_above_lands_if_it_is_not_too_high(place, lands):
    runner, part = gantry()
    pick(runner)
    go(runner, "x", 1.0)
    go(runner, "z", place)
    grip(runner, on=False)
    assert kinds(runner) == [("dropped", "incident.dropped")]
    assert (body(runner, "b").part_at(0) is part) is lands
    assert len(cell(runner).world.lying) == (not lands)


def test_a_taken_place_is_a_collision():
    runner, part = gantry(gripper=", let_go_s: 0.5")
    pick(runner)
    go(runner, "x", 1.0)
    go(runner, "z", TOP)
    write(runner, "grip_grip", False)
    other = put(runner, "b")  # somebody is quicker
    runner.run_until(runner.time_s + 1)
    assert kinds(runner)[-1] == ("collision", "incident.taken")
    assert body(runner, "b").part_at(0) is other
    assert [entry[0] for entry in cell(runner).world.lying] == [part]


def test_a_part_put_down_off_its_seat_does_not_sit():
    runner, part = gantry()
    pick(runner)
    go(runner, "x", 1.03)
    go(runner, "z", TOP)
    grip(runner, on=False)
    assert kinds(runner) == [("misplaced", "incident.misplaced")]
    assert incidents(runner)[0].values["off_mm"] == 30.0
    assert where(runner, part) == pytest.approx((1.03, 0, 0.5))
    assert body(runner, "b").askew


def test_without_power_a_tight_cup_keeps_its_part():
    runner, part = gantry(PANEL)
    pick(runner)
    write(runner, "panel_estop", False)
    runner.run_until(runner.time_s + 100)
    assert value(runner, "grip_held")
    assert where(runner, part)[2] == pytest.approx(0.95)


def test_without_power_a_leaky_cup_loses_its_part_at_an_exact_time():
    runner, part = gantry(PANEL, ", leak_kpa_s: 2")
    pick(runner)
    level = cell(runner).read()["grip_vacuum"]
    begin = runner.time_s
    write(runner, "panel_estop", False)
    runner.run_until(begin + 60)
    assert changed_at(runner, "grip_held") == pytest.approx(begin + (-60 - level) / 2)
    (incident,) = incidents(runner)
    assert (incident.kind, incident.cause) == ("dropped", "incident.leaked")
    assert incident.time_s == pytest.approx(begin + (-30 - level) / 2)
    assert [entry[0] for entry in cell(runner).world.lying] == [part]


def test_power_that_comes_back_in_time_saves_the_part():
    runner, part = gantry(PANEL, ", leak_kpa_s: 2")
    pick(runner)
    write(runner, "panel_estop", False)
    begin = runner.time_s
    runner.run_until(begin + 20)  # at -45 kPa
    assert not value(runner, "grip_held")
    write(runner, "panel_estop", True)
    write(runner, "panel_reset", True)
    runner.run_until(begin + 40)
    assert value(runner, "grip_held")
    assert where(runner, part)[2] == pytest.approx(0.95)
    assert not incidents(runner)


def test_a_person_takes_the_part_out_of_the_gripper():
    runner, part = gantry()
    pick(runner)
    assert body(runner, "grip").remove(part)
    assert not value(runner, "grip_held")
    assert cell(runner).content() == 0


def test_a_restored_gripper_goes_on_as_if_never_stopped():
    more = PANEL
    for at_s in (0.05, 0.25, 0.4):  # building up, then held
        runner, _ = gantry(more, ", leak_kpa_s: 2")
        go(runner, "z", TOP)
        grip(runner, wait_s=at_s)
        again = reborn(runner, spec(more, ", leak_kpa_s: 2"))
        ends = []
        for one in (runner, again):
            changes = record(one)
            go(one, "z", 0.0, wait_s=0.1)
            one.run_until(one.time_s + 0.5)
            go(one, "x", 1.0, wait_s=0.3)
            write(one, "panel_estop", False)
            one.run_until(one.time_s + 60)
            ends.append((changes, kinds(one), state(one)))
        assert ends[0] == ends[1]
        assert len(ends[0][0]) > 5


LINE = "- {id: line, kind: belt, at_m: [1.2, 0, 0.5], length_m: 1, speed_m_s: 0.2}\n"
JAWS_ON_LINE = "- {id: jaws, kind: clamp, holds: line, along_m: 0.4}\n"


def over_belt(more=LINE):
    runner, first = gantry(more)
    body(runner, "a").remove(first)
    part = put(runner, "line", along_m=0.4)
    go(runner, "x", 1.6)
    return runner, part


def test_a_part_is_taken_off_a_belt_and_put_back():
    runner, part = over_belt()
    go(runner, "z", TOP)
    grip(runner)
    go(runner, "z", 0.0)
    assert where(runner, part)[2] == pytest.approx(0.95)
    assert body(runner, "line").part_at(0.4) is None
    go(runner, "z", TOP)
    grip(runner, on=False)
    assert body(runner, "line").part_at(0.4) is part
    assert not incidents(runner)


def test_a_gripped_part_stays_while_the_belt_runs_below_it():
    runner, part = over_belt()
    go(runner, "z", TOP)
    grip(runner)
    write(runner, "line_run", True)
    runner.run_until(runner.time_s + 5)
    assert where(runner, part)[0] == pytest.approx(1.6)
    grip(runner, on=False, wait_s=1.2)
    assert where(runner, part)[0] == pytest.approx(1.8, abs=1e-6)


def test_pulling_at_a_part_that_a_clamp_holds_on_a_belt():
    runner, part = over_belt(LINE + JAWS_ON_LINE)
    write(runner, "jaws_extend", True)
    go(runner, "z", TOP)
    grip(runner)
    assert value(runner, "grip_held")
    go(runner, "z", 0.0)
    assert kinds(runner) == [("collision", "incident.pulled")]
    assert body(runner, "line").part_at(0.4) is part
