"""A robot with its RAPID program: through stops, by hand and back, from a snapshot."""

import json

import pytest

from tests.unit.motion.motion_world import body, cell, put, run, state, value, write
from tests.unit.robot.robot_world import command, spec, tip
from twin.control.line import build
from twin.kernel.record import Header
from twin.kernel.runner import Runner

HEAD = """MODULE cell
  PERS tooldata cup :=
    [TRUE, [[0, 0, 100], [1, 0, 0, 0]], [0.5, [0, 0, 50], [1, 0, 0, 0], 0, 0, 0]];
  CONST robtarget right := [[500, -200, 300], [0, 0, 1, 0], [-1, 0, -1, 0],
    [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget left := [[500, 300, 300], [0, 0, 1, 0], [0, 0, 0, 0],
    [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  PROC main()
"""
TAIL = """  ENDPROC
ENDMODULE
"""
THERE = "MoveJ right, v1000, fine, cup; MoveL left, v200, fine, cup; WaitTime 100;"


def programmed(text=THERE, robot=""):
    """Begin a run of a robot with this `main`."""
    line = spec(robot=f"{robot}, program: {{text: {json.dumps(HEAD + text + TAIL)}}}")
    runner = Runner(build(line, 0, 0), Header(line.document(), 0, 0))
    return runner, body(runner, "r"), line


def test_it_runs_from_the_start_and_says_so():
    runner, robot, _ = programmed()
    run(runner, 10.0)
    assert value(runner, "r_running") is True
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)


def test_an_emergency_stop_and_the_way_back():
    runner, robot, _ = programmed()
    run(runner, 2.5)
    assert robot.drive.doing == "move"
    cell(runner).world.set_power(on=False)
    run(runner, 4.0)
    stood = tip(robot)
    assert value(runner, "r_running") is value(runner, "r_motors_on") is False
    cell(runner).world.set_power(on=True)
    write(runner, "r_start", True)
    run(runner, 5.0)
    assert tip(robot) == stood
    write(runner, "r_start", False)
    for pin in ("reset", "motors", "start"):
        write(runner, f"r_{pin}", True)
    run(runner, 10.0)
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)
    assert value(runner, "r_running") is True


def test_a_program_stopped_by_hand_goes_on_where_it_was():
    runner, robot, _ = programmed()
    run(runner, 2.5)
    command(runner, "rapid_stop")
    run(runner, 4.0)
    assert robot.drive.broken.left_s > 0.0
    assert not robot.moves(runner.time_s)
    command(runner, "rapid_run")
    run(runner, 10.0)
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)


def test_an_error_of_the_program_is_an_alarm_and_a_fault_for_the_plc():
    runner, _, _ = programmed("MoveL Offs(right, 5000, 0, 0), v200, fine, cup;")
    run(runner, 1.0)
    assert value(runner, "r_running") is False
    assert value(runner, "r_fault") is True
    assert cell(runner).line.alarms.get("cell/r_program").active


def test_a_snapshot_in_the_midst_of_a_program_goes_on_bit_for_bit():
    runner, _, line = programmed("MoveJ right, v1000, z50, cup; MoveL left, v200, z10, cup;")
    put(runner, "a")
    for at_s in (0.7, 1.6, 2.9, 4.2):
        run(runner, at_s)
        fresh = Runner(build(line, 0, 0), Header(line.document(), 0, 0))
        fresh.restore(json.loads(json.dumps(runner.snapshot())))
        run(runner, at_s + 0.6)
        run(fresh, at_s + 0.6)
        assert state(fresh) == state(runner)
