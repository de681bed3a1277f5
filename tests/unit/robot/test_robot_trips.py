"""Drives of a robot that trip: it brakes, has a fault and an alarm until a reset, and goes on."""

import pytest

from tests.unit.motion.motion_world import cell, put, value, write
from tests.unit.plant.lives import line_of
from tests.unit.robot.robot_world import TOP, line, reborn, robot_cell, spec
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused


def trip(runner):
    runner.apply(Command("break", "cell/r", {}, "test"))


def test_it_brakes_and_waits_for_a_reset():
    runner, robot, program = robot_cell()
    put(runner, "a")
    robot.mover.go(line(0.5, 0.2, TOP + 0.1))
    runner.run_until(runner.time_s + 0.1)
    assert robot.moves(runner.time_s)
    trip(runner)
    runner.run_until(runner.time_s + 2.0)
    assert not robot.moves(runner.time_s)
    assert value(runner, "r_fault")
    assert not value(runner, "r_motors_on")
    assert "stopped" in program.words()
    alarms = [alarm for alarm in line_of(runner).alarms if alarm.active]
    assert [alarm.id for alarm in alarms] == ["cell/r_fault"]
    with pytest.raises(CommandRefused, match="already"):
        trip(runner)
    write(runner, "r_reset", True)
    assert not value(runner, "r_fault")
    assert not any(alarm.active for alarm in line_of(runner).alarms)


def test_a_trip_in_mid_move_is_part_of_a_snapshot():
    runner, robot, _ = robot_cell()
    robot.mover.go(line(0.5, 0.2, TOP + 0.1))
    runner.run_until(0.1)
    trip(runner)
    again, _, _ = reborn(runner, spec())
    for run in (runner, again):
        run.run_until(3.0)
        write(run, "r_reset", True)
    assert again.snapshot() == runner.snapshot()
    assert not cell(again).points["r_fault"].value
