"""The operator panel: what its buttons do by wire."""

from tests.unit.motion.motion_world import (
    body,
    cell,
    make,
    reborn,
    spec_of,
    state,
    value,
    write,
)

ONE = "- {id: panel, kind: panel}\n- {id: lamp, kind: stack_light}\n"
TWO = ONE + "- {id: other, kind: panel}\n"


def test_at_rest_all_is_closed_and_powered():
    runner = make(ONE)
    assert value(runner, "panel_power")
    assert value(runner, "panel_stop")
    assert value(runner, "panel_estop")
    assert not value(runner, "panel_start")


def test_the_emergency_stop_takes_the_power_and_reset_gives_it_back():
    runner = make(ONE)
    write(runner, "panel_estop", False, 1.0)
    assert not cell(runner).world.powered
    assert not value(runner, "panel_power")
    write(runner, "panel_reset", True, 2.0)  # still pressed
    assert not value(runner, "panel_power")
    write(runner, "panel_estop", True, 3.0)  # reset is held: that is no edge
    assert not value(runner, "panel_power")
    write(runner, "panel_reset", False, 4.0)
    assert not value(runner, "panel_power")
    write(runner, "panel_reset", True, 5.0)
    assert value(runner, "panel_power")
    assert cell(runner).world.powered


def test_power_comes_back_only_when_no_emergency_stop_is_down():
    runner = make(TWO)
    write(runner, "panel_estop", False)
    write(runner, "other_estop", False)
    write(runner, "panel_estop", True)
    write(runner, "panel_reset", True)
    assert not value(runner, "panel_power")
    write(runner, "other_estop", True)
    write(runner, "other_reset", True)
    assert value(runner, "panel_power")
    assert value(runner, "other_power")


def test_the_other_buttons_do_nothing_by_themselves():
    runner = make(ONE)
    for button in ("start", "stop", "auto"):
        write(runner, f"panel_{button}", not value(runner, f"panel_{button}"))
    write(runner, "lamp_red", True)
    assert cell(runner).world.powered


def test_a_restored_panel_is_without_power_still():
    runner = make(ONE)
    write(runner, "panel_estop", False, 1.0)
    again = reborn(runner, spec_of(ONE))
    assert not cell(again).world.powered
    assert body(again, "panel").stops
    assert state(again) == state(runner)
