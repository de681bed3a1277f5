"""Doors, zones with people in them, light curtains."""

import pytest

from tests.unit.motion.gantry import go
from tests.unit.motion.motion_world import (
    body,
    cell,
    changed_at,
    incidents,
    make,
    reborn,
    run,
    spec_of,
    state,
    value,
    write,
)
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused

CELL = """\
- {id: x, kind: axis, high: 2, speed: 0.5, accel: 2, needs_homing: false}
- {id: line, kind: belt, at_m: [0, 1, 0.5], length_m: 1}
- {id: gate, kind: door}
- {id: inner, kind: zone, size_m: [2, 2], dangers: [x, line], behind: gate, scanner: true}
- {id: front, kind: zone, size_m: [2, 2], dangers: [x]}
- {id: curtain, kind: light_curtain, zone: front, muting: true}
- {id: panel, kind: panel}
"""


def made():
    runner = make(CELL)
    write(runner, "x_enable", True)
    return runner


def step(runner, zone, verb="enter", at_s=None):
    runner.apply(Command(verb, "cell", {"zone": zone}, "test"), at_s=at_s)


def test_a_locked_door_cannot_be_opened():
    runner = made()
    write(runner, "gate_lock", True)
    assert value(runner, "gate_locked")
    with pytest.raises(CommandRefused, match="locked"):
        write(runner, "gate_closed", False)
    assert value(runner, "gate_closed")
    write(runner, "gate_lock", False)
    assert not value(runner, "gate_locked")
    write(runner, "gate_closed", False)
    assert not value(runner, "gate_closed")


def test_an_open_door_is_not_locked_until_it_is_closed():
    runner = made()
    write(runner, "gate_closed", False)
    write(runner, "gate_lock", True)
    assert not value(runner, "gate_locked")
    write(runner, "gate_closed", True)
    assert value(runner, "gate_locked")


def test_without_power_the_lock_opens():
    runner = made()
    write(runner, "gate_lock", True)
    write(runner, "panel_estop", False)
    assert not value(runner, "gate_locked")
    write(runner, "gate_closed", False)


def test_nobody_gets_in_past_a_closed_door_and_everybody_gets_out():
    runner = made()
    with pytest.raises(CommandRefused, match="closed"):
        step(runner, "inner")
    with pytest.raises(CommandRefused, match="nobody"):
        step(runner, "inner", "leave")
    write(runner, "gate_closed", False)
    step(runner, "inner")
    assert value(runner, "inner_occupied")
    with pytest.raises(CommandRefused, match="already"):
        step(runner, "inner")
    write(runner, "gate_closed", True)
    step(runner, "inner", "leave")
    assert not value(runner, "inner_occupied")


def test_each_movement_beside_a_person_is_one_danger():
    runner = made()
    step(runner, "front", at_s=1.0)
    assert not incidents(runner)
    go(runner, "x", 1.0, wait_s=1.0)  # in mid-move …
    go(runner, "x", 1.5)  # … sent elsewhere: the same movement
    assert [(i.kind, i.body, i.values["other"]) for i in incidents(runner)] == [
        ("danger", "front", "x")
    ]
    go(runner, "x", 0.0)
    assert len(incidents(runner)) == 2
    step(runner, "front", "leave")
    go(runner, "x", 1.0)
    assert len(incidents(runner)) == 2


def test_stepping_in_while_something_moves_is_a_danger_at_once():
    runner = made()
    go(runner, "x", 2.0, wait_s=1.0)
    step(runner, "front")
    (incident,) = incidents(runner)
    assert incident.time_s == runner.time_s


def test_a_curtain_gives_a_drive_time_to_stop():
    text = CELL.replace("dangers: [x]}", "dangers: [x], reach_s: 0.5}")
    for stops_s, dangers in ((0.2, 0), (0.4, 1)):  # it needs 0.125 s to brake
        runner = make(text)
        write(runner, "x_enable", True)
        go(runner, "x", 2.0, wait_s=1.0)
        step(runner, "front")
        begin = runner.time_s
        write(runner, "x_enable", False, begin + stops_s)
        run(runner, begin + 3)
        assert len(incidents(runner)) == dangers
        if dangers:
            assert incidents(runner)[0].time_s == pytest.approx(begin + 0.5, abs=1e-9)


def test_what_begins_to_move_beside_a_person_has_no_time():
    runner = make(CELL.replace("dangers: [x]}", "dangers: [x], reach_s: 0.5}"))
    write(runner, "x_enable", True)
    step(runner, "front")
    go(runner, "x", 0.01, wait_s=0.3)
    assert len(incidents(runner)) == 1


def test_a_running_belt_is_a_danger_too():
    runner = made()
    write(runner, "gate_closed", False)
    step(runner, "inner")
    write(runner, "line_run", True)
    run(runner, 2.0)
    assert [incident.values["other"] for incident in incidents(runner)] == ["line"]


def test_standing_in_a_zone_without_danger_is_nothing():
    runner = made()
    step(runner, "front")
    write(runner, "line_run", True)  # no danger of this zone
    run(runner, 5.0)
    assert not incidents(runner)


def test_the_curtain_is_interrupted_until_half_a_second_after_the_way_out():
    runner = made()
    assert value(runner, "curtain_clear")
    step(runner, "front", at_s=1.0)
    assert not value(runner, "curtain_clear")
    step(runner, "front", "leave", at_s=3.0)
    assert not value(runner, "curtain_clear")
    run(runner, 5.0)
    assert changed_at(runner, "curtain_clear") == pytest.approx(3.5, abs=1e-9)


def test_a_muted_curtain_sees_nobody():
    runner = made()
    write(runner, "curtain_mute", True)
    step(runner, "front")
    assert value(runner, "curtain_clear")
    write(runner, "curtain_mute", False)
    assert not value(runner, "curtain_clear")


def test_a_restored_person_is_still_there():
    runner = made()
    step(runner, "front", at_s=1.0)
    go(runner, "x", 1.0, wait_s=0.5)
    again = reborn(runner, spec_of(CELL))
    for one in (runner, again):
        go(one, "x", 0.0)
        step(one, "front", "leave")
        one.run_until(one.time_s + 0.2)
    assert state(runner) == state(again)
    assert body(again, "curtain").crossing
    assert len(incidents(again)) == len(incidents(runner)) >= 1
    assert cell(again).world.bodies["front"].inside is False
