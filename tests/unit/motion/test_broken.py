"""What breaks in a workcell: grippers that leak or are dead, drives that trip, stuck points."""

import pytest

from tests.unit.motion.gantry import TOP, gantry, go, grip, pick, spec
from tests.unit.motion.motion_world import (
    body,
    cell,
    incidents,
    make,
    reborn,
    value,
    write,
)
from tests.unit.plant.lives import line_of
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused

JAWS = ", type: parallel, grip_s: 0.4"
SEEN = "- {id: a, kind: seat, at_m: [0, 0, 0.5]}\n- {id: s, kind: sensor, sees: a}\n"


def order(runner, verb, target, **args):
    runner.apply(Command(verb, target, args, "test"))


def alarms(runner):
    return [alarm.id for alarm in line_of(runner).alarms if alarm.active]


def vacuum(runner):
    return cell(runner).read()["grip_vacuum"]


def wait(runner, seconds):
    runner.run_until(runner.time_s + seconds)


def test_a_cup_that_leaks_never_holds_until_it_is_repaired():
    runner, part = gantry()
    order(runner, "break", "cell/grip")
    go(runner, "z", TOP)
    grip(runner)
    assert vacuum(runner) == pytest.approx(-45, abs=0.1)
    assert not value(runner, "grip_held")
    order(runner, "repair", "cell/grip")
    wait(runner, 1)
    assert value(runner, "grip_held")
    assert vacuum(runner) == pytest.approx(-85, abs=1)
    go(runner, "z", 0.0)
    assert body(runner, "grip").carried is part


def test_a_part_still_hangs_on_a_cup_that_begins_to_leak():
    runner, part = gantry()
    pick(runner)
    assert value(runner, "grip_held")
    order(runner, "break", "cell/grip", failure="leaks")
    wait(runner, 60)
    assert not value(runner, "grip_held")
    assert body(runner, "grip").carried is part
    assert not incidents(runner)
    order(runner, "repair", "cell/grip")
    wait(runner, 1)
    assert value(runner, "grip_held")


def test_a_dead_cup_hears_nothing_and_keeps_its_part_behind_the_valve():
    runner, part = gantry(gripper=", leak_kpa_s: 1")
    pick(runner)
    order(runner, "break", "cell/grip", failure="dead")
    grip(runner, on=False, wait_s=20)
    assert value(runner, "grip_held")
    assert body(runner, "grip").carried is part
    wait(runner, 60)  # from -85 kPa past -30 kPa at 1 kPa/s
    assert body(runner, "grip").carried is None
    assert [i.cause for i in incidents(runner)] == ["incident.leaked"]


def test_dead_jaws_do_what_they_are_told_once_they_are_repaired():
    runner, _ = gantry(gripper=JAWS)
    go(runner, "z", TOP)
    order(runner, "break", "cell/grip")
    grip(runner)
    assert value(runner, "grip_opened")
    order(runner, "repair", "cell/grip")
    wait(runner, 0.5)
    assert value(runner, "grip_held")


def test_a_drive_that_trips_stops_its_axis_until_a_reset():
    runner, _ = gantry()
    go(runner, "x", 2.0, wait_s=1.0)
    order(runner, "break", "cell/x")
    assert value(runner, "x_fault")
    wait(runner, 2)
    stopped = body(runner, "x").position()
    assert 0.5 < stopped < 1.5
    with pytest.raises(CommandRefused, match="acknowledged with a reset"):
        order(runner, "repair", "cell/x")
    assert alarms(runner) == ["cell/x_fault"]
    go(runner, "x", 2.0)
    assert body(runner, "x").position() == stopped
    write(runner, "x_reset", True)
    assert not value(runner, "x_fault")
    go(runner, "x", 2.0)
    assert body(runner, "x").position() == pytest.approx(2.0)
    assert not alarms(runner)


def test_a_stuck_sensor_says_the_same_whatever_comes():
    runner = make(SEEN)
    order(runner, "break", "cell/s", value=True)
    assert value(runner, "s") is True
    point = cell(runner).points["s"]
    assert (point.forced, point.raw, point.unforced) == (None, False, True)
    order(runner, "force", "cell/s", value=False)
    assert value(runner, "s") is False  # a force is stronger, and can be seen
    order(runner, "release", "cell/s")
    assert value(runner, "s") is True
    order(runner, "repair", "cell/s")
    assert value(runner, "s") is False


def test_an_output_that_is_stuck_moves_nothing():
    runner, _ = gantry()
    order(runner, "break", "cell/x_start")
    go(runner, "x", 1.0)
    assert body(runner, "x").position() == 0.0
    order(runner, "repair", "cell/x")  # who repairs a body repairs its wires
    assert value(runner, "x_start")
    wait(runner, 3)
    assert body(runner, "x").position() == pytest.approx(1.0)


REFUSED = [
    ("break", "cell", {}, "as a whole.*cell/x"),
    ("break", "cell/gripp", {}, "there is no 'cell/gripp'.*cell/grip"),
    ("break", "cell/a", {}, "never breaks"),
    ("break", "cell/panel", {}, "stuck: cell/panel_start"),
    ("break", "cell/grip", {"failure": "leak"}, "no failure 'leak'.*leaks"),
    ("break", "cell/grip", {"value": True}, "breaks by a 'failure'"),
    ("break", "cell/x_start", {"failure": "trips"}, "is a point"),
    ("break", "cell/x_start", {"value": 3.5}, "x_start"),
    ("break", "cell/grip", {"downtime_s": 3.0}, "until it is repaired"),
    ("repair", "cell/grip", {}, "nothing is broken"),
    ("repair", "cell/x_start", {}, "nothing is broken"),
]


@pytest.mark.parametrize(("verb", "target", "args", "told"), REFUSED)
def test_what_cannot_be_is_refused_with_the_remedy(verb, target, args, told):
    runner, _ = gantry("- {id: panel, kind: panel}\n")
    with pytest.raises(CommandRefused, match=told):
        order(runner, verb, target, **args)
    assert {stamped.command.verb for stamped in runner.log} == {"write"}


def test_nothing_breaks_twice():
    runner, _ = gantry()
    for target in ("cell/grip", "cell/x", "cell/x_start"):
        order(runner, "break", target)
        with pytest.raises(CommandRefused, match="already"):
            order(runner, "break", target)


def test_what_is_broken_is_part_of_a_snapshot():
    runner, _ = gantry()
    pick(runner)
    order(runner, "break", "cell/grip")
    order(runner, "break", "cell/x_start")
    wait(runner, 0.05)  # the vacuum has not passed -60 kPa yet, or just has
    again = reborn(runner, spec())
    for run in (runner, again):
        wait(run, 5)
        go(run, "x", 1.0)
        order(run, "repair", "cell/grip")
        wait(run, 2)
    assert again.snapshot() == runner.snapshot()
    assert value(again, "grip_held")
    assert body(again, "x").position() == 0.0
