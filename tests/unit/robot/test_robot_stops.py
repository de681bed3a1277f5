"""Stops of a robot: emergency, motors, switches, foresight; and going on afterwards."""

from math import hypot

import numpy as np
import pytest

from tests.unit.motion.motion_world import cell, incidents, put, run, value, write
from tests.unit.robot.robot_world import (
    CUP,
    axes,
    command,
    go,
    joint,
    line,
    manual,
    robot_cell,
    tip,
)  # fmt: skip
from twin.plant.robot.order import MoveRefused
from twin.plant.robot.track import at, speeds
from twin.spec.messages import phrase

WALL = "- {id: wall, kind: solid, at_m: [0.5, 0.15, 0.3], size_m: [0.4, 0.02, 0.6]}\n"


def path_of(robot, from_s, to_s, count=200):
    """Return places of the cup on the robot's present track."""
    return np.array([
        robot.foot(t).then(robot.arm.flange(at(robot.track, t))).then(CUP.tip).place
        for t in np.linspace(from_s, to_s, count)
    ])  # fmt: skip


def test_an_emergency_stop_brakes_on_the_path_and_the_program_goes_on_there():
    runner, robot, program = robot_cell()
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.8))
    began_s = runner.time_s
    robot.mover.go(line(0.5, 0.3, 0.8))
    run(runner, began_s + 1.0)
    cell(runner).world.set_power(on=False)
    assert robot.moves(runner.time_s)
    assert robot.safety.motors
    assert program.told[-1][1:] in (["stopped", "robot.stop_power"], ["ready", False])
    places = path_of(robot, runner.time_s, runner.time_s + 1.0)
    assert np.abs(places[:, 0] - 0.5).max() < 2e-5
    assert np.abs(places[:, 2] - 0.8).max() < 2e-5
    run(runner, runner.time_s + 1.0)
    assert not robot.safety.motors
    assert value(runner, "r_motors_on") is False
    assert tip(robot).y < 0.2
    cell(runner).world.set_power(on=True)
    assert not robot.safety.motors
    write(runner, "r_motors", True)
    program.told.clear()
    write(runner, "r_start", True)
    run(runner, runner.time_s + 5.0)
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)
    assert program.words() == ["run", "arrived", "rested"]


def test_motors_off_in_mid_move_brake_each_axis_at_once():
    runner, robot, _ = robot_cell()
    run(runner, 0.5)
    write(runner, "r_motors", True)
    robot.mover.go(axes(80, 20, -30, 0, 60, 0))
    run(runner, 1.5)
    fast = speeds(robot.track, 1.5)
    write(runner, "r_motors", False)
    assert not robot.safety.motors
    track = robot.track
    for joint_, v, path in zip(robot.arm.joints, fast, track, strict=True):
        lasts = abs(v) / (2.0 * joint_.accel)
        assert (
            path[-1].t0
            <= runner.time_s
            + max(abs(u) / (2.0 * j.accel) for u, j in zip(fast, robot.arm.joints, strict=True))
            + 1e-9
        )
        assert lasts >= 0.0


def test_after_motors_off_it_plans_anew_from_where_it_stands():
    runner, robot, program = robot_cell()
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.8))
    robot.mover.go(line(0.5, 0.3, 0.8))
    run(runner, runner.time_s + 1.0)
    robot.safety.switch(on=False)
    run(runner, runner.time_s + 1.0)
    robot.safety.switch(on=True)
    robot.mover.resume()
    run(runner, runner.time_s + 5.0)
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)
    assert program.words()[-2:] == ["arrived", "rested"]


def test_a_robot_that_was_jogged_off_its_path_does_not_go_on():
    runner, robot, _ = robot_cell()
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.8))
    robot.mover.go(line(0.5, 0.3, 0.8))
    run(runner, runner.time_s + 1.0)
    robot.mover.pause()
    run(runner, runner.time_s + 1.0)
    robot.program.running = False
    manual(runner)
    command(runner, "jog_step", frame="world", axis=2, by=0.05)
    run(runner, runner.time_s + 3.0)
    write(runner, "r_manual", False)
    with pytest.raises(MoveRefused) as refused:
        robot.mover.resume()
    assert refused.value.phrase.key == "robot.off_path"
    assert refused.value.phrase.values["off_mm"] == pytest.approx(50.0, abs=0.1)


def test_stop_input_holds_the_arm_on_its_path_without_a_fault():
    runner, robot, program = robot_cell()
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.8))
    robot.mover.go(line(0.5, 0.3, 0.8))
    run(runner, runner.time_s + 1.0)
    write(runner, "r_stop", True)
    run(runner, runner.time_s + 1.0)
    assert not robot.moves(runner.time_s)
    assert robot.safety.fault == []
    assert robot.safety.motors
    write(runner, "r_start", True)
    assert "run" not in program.words()
    write(runner, "r_start", False)
    write(runner, "r_stop", False)
    write(runner, "r_start", True)
    run(runner, runner.time_s + 5.0)
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)


def test_it_stops_before_a_solid_in_its_way_and_says_why():
    runner, robot, program = robot_cell(WALL)
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.75))
    robot.mover.go(line(0.5, 0.35, 0.75, speed_m_s=0.5))
    assert robot.guard.due[0] == "stop"
    run(runner, runner.time_s + 5.0)
    (incident,) = incidents(runner)
    assert (incident.kind, incident.cause) == ("collision", "incident.robot_stop")
    assert incident.values["other"] == "wall"
    gap = robot.guard.nearest()
    assert gap.other == "wall"
    # It comes to rest where the margin of 2 mm begins, no more than a tenth before it.
    assert 0.002 - 1e-6 <= gap.distance_m < 0.0025
    assert incident.values["gap_mm"] == pytest.approx(gap.distance_m * 1000.0, abs=0.051)
    assert value(runner, "r_fault") is True
    assert program.words().count("stopped") == 1
    with pytest.raises(MoveRefused, match="wall"):
        robot.mover.go(line(0.5, 0.0, 0.75))


def test_after_a_protective_stop_it_may_be_driven_away_but_not_on():
    runner, robot, _ = robot_cell(WALL)
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.75))
    go(runner, robot, line(0.5, 0.35, 0.75, speed_m_s=0.5))
    stood = tip(robot).y
    command(runner, "reset")
    assert value(runner, "r_fault") is False
    robot.mover.forget()
    go(runner, robot, line(0.5, 0.35, 0.75))
    assert tip(robot).y == pytest.approx(stood, abs=0.001)
    assert value(runner, "r_fault") is True
    command(runner, "reset")
    go(runner, robot, line(0.5, -0.1, 0.75))
    assert tip(robot).y == pytest.approx(-0.1, abs=1e-6)
    assert value(runner, "r_fault") is False


SHUTTER = (
    "- {id: gate, kind: cylinder, direction: -x, at_m: [1.6, 0.15, 0.3], stroke_m: 0.9, "
    "extend_s: 0.9, retract_s: 0.9}\n"
    "- {id: leaf, kind: solid, on: gate, at_m: [0.0, 0, 0], size_m: [0.4, 0.02, 0.9]}\n"
)


def test_a_gate_that_moves_into_the_way_stops_the_arm():
    runner, robot, _ = robot_cell(SHUTTER)
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.75))
    robot.mover.go(line(0.5, 0.35, 0.75, speed_m_s=0.25))
    assert robot.guard.due == []
    run(runner, runner.time_s + 0.2)
    write(runner, "gate_extend", True)
    assert robot.guard.due[0] == "stop"
    run(runner, runner.time_s + 5.0)
    (incident,) = incidents(runner)
    assert incident.cause == "incident.robot_stop"
    assert incident.values["other"] == "leaf"
    assert tip(robot).y < 0.15


def test_a_gate_that_closes_on_a_standing_arm_hits_it_at_the_very_time():
    runner, robot, _ = robot_cell(SHUTTER)
    run(runner, 0.5)
    go(runner, robot, joint(0.5, 0.15, 0.75))
    write(runner, "gate_extend", True)
    due_s = robot.guard.event.due_s
    run(runner, due_s - 1e-3)
    assert incidents(runner) == []
    run(runner, due_s)
    # What is nearer than 2 mm counts as a contact.
    assert robot.guard.nearest().distance_m == pytest.approx(0.002, abs=2e-5)
    run(runner, due_s + 3.0)
    (incident,) = incidents(runner)
    assert (incident.kind, incident.cause) == ("collision", "incident.robot_hit")
    assert incident.values["other"] == "leaf"
    assert incident.time_s == due_s


TWO = (
    "- {id: s, kind: robot, arm: six, at_m: [1.3, 0, 0.5], pedestal_m: 0.5, runs: true, "
    "heading_deg: 180}\n"
)


def test_two_robots_on_a_way_into_each_other_both_stop():
    from tests.unit.motion.motion_world import body

    runner, robot, _ = robot_cell(TWO)
    other = body(runner, "s")
    run(runner, 0.5)
    go(runner, robot, joint(0.55, -0.3, 0.8))
    go(runner, other, joint(0.75, 0.3, 0.8))
    robot.mover.go(line(0.65, 0.2, 0.8))
    other.mover.go(line(0.65, -0.2, 0.8))
    run(runner, runner.time_s + 5.0)
    told = incidents(runner)
    assert [each.cause for each in told] == ["incident.robot_stop"]
    assert robot.safety.fault
    assert other.safety.fault
    near = robot.guard.nearest()
    assert near.distance_m >= 0.0019
    assert hypot(tip(robot).x - 0.65, tip(robot).y - 0.2) > 1e-3


def test_a_part_that_is_too_heavy_for_the_arm_stops_it():
    parts = "parts:\n- {id: box, size_m: [0.2, 0.1, 0.05], mass_kg: 4.5}\n"
    runner, robot, _ = robot_cell(robot=", payload_kg: 2", parts=parts)
    put(runner, "a")
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.8))
    go(runner, robot, line(0.5, -0.2, 0.55))
    write(runner, "grip_grip", True)
    run(runner, runner.time_s + 1.0)
    robot.mover.go(line(0.5, -0.2, 0.8))
    assert robot.drive.doing == "stop"
    assert value(runner, "r_fault") is True
    alarm = cell(runner).line.alarms.get("cell/r_fault")
    assert "6.5 kg" in alarm.message
    assert "6.5 kg" in alarm.message[alarm.message.index("zh") :]


def test_after_an_emergency_stop_reset_brings_back_motors_that_are_still_wanted():
    runner, robot, _ = robot_cell()
    run(runner, 0.5)
    write(runner, "r_motors", True)
    cell(runner).world.set_power(on=False)
    assert not robot.safety.motors
    cell(runner).world.set_power(on=True)
    assert not robot.safety.motors
    write(runner, "r_reset", True)
    assert robot.safety.motors


def test_a_robot_that_its_rail_drives_into_a_wall_hits_it():
    from tests.unit.motion.motion_world import body, make
    from tests.unit.robot.robot_world import Program

    runner = make(
        "- {id: rail, kind: axis, direction: y, at_m: [0, -0.5, 0.5], high: 1.0, speed: 0.5, "
        "accel: 1.0, needs_homing: false}\n"
        "- {id: r, kind: robot, arm: six, on: rail, runs: true}\n"
        "- {id: wall, kind: solid, at_m: [0.3, 0.3, 0.0], size_m: [0.4, 0.02, 2.0]}\n"
    )
    robot = body(runner, "r")
    Program(robot)
    write(runner, "rail_enable", True)
    write(runner, "rail_target", 1.0)
    write(runner, "rail_start", True)
    run(runner, 5.0)
    (incident,) = incidents(runner)
    assert (incident.cause, incident.values["other"]) == ("incident.robot_hit", "wall")
    assert value(runner, "rail_fault") is True
    # Its base is 0.26 m wide, and the wall begins at y 0.29: 2 mm are left.
    assert incident.values["mine"] == "base"
    assert robot.foot(runner.time_s).y == pytest.approx(0.29 - 0.13 - 0.002, abs=1e-5)


def test_a_robot_stops_before_another_that_did_not_leave_as_it_was_going_to():
    from tests.unit.motion.motion_world import body

    runner, robot, _ = robot_cell(TWO)
    other = body(runner, "s")
    run(runner, 0.5)
    go(runner, other, joint(0.75, 0.3, 0.8))
    go(runner, robot, joint(0.65, -0.1, 0.8))
    robot.mover.go(joint(0.3, -0.4, 0.8))
    other.mover.go(line(0.65, -0.1, 0.8, speed_m_s=0.1))
    assert other.guard.due == []
    robot.safety.interrupt(0, phrase("robot.stop_motors"))
    assert other.guard.due[0] == "stop"
    run(runner, runner.time_s + 10.0)
    assert [each.cause for each in incidents(runner)] == ["incident.robot_stop"]
    assert other.guard.nearest().distance_m >= 0.002
