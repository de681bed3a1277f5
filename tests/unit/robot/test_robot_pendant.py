"""A robot by hand: modes, jogging, steps, points, teaching, override."""

from math import degrees, radians

import numpy as np
import pytest

from tests.unit.motion.motion_world import body, cell, incidents, put, run, state, value, write
from tests.unit.robot.robot_world import (
    CUP,
    axes,
    command,
    go,
    joint,
    line,
    manual,
    reborn,
    robot_cell,
    spec,
    tip,
)  # fmt: skip
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.plant.robot.order import Tool
from twin.plant.robot.track import at, speeds


def by_hand(more="", robot=""):
    runner, body_, program = robot_cell(more, robot)
    program.running = False
    run(runner, 0.5)
    go(runner, body_, joint(0.5, -0.2, 0.8))
    manual(runner)
    command(runner, "tool", name="cup")
    return runner, body_, program


def fastest(robot, tool):
    """Return the greatest speed of a tool's point on the robot's track, m/s, looked at closely."""
    first, last = robot.track[0][0].t0, robot.track[0][-1].t0
    best = 0.0
    for time_s in np.linspace(first, last, 2000):
        jacobian = robot.arm.jacobian(at(robot.track, time_s), tool.tip)
        v = jacobian[:3] @ np.array(speeds(robot.track, time_s))
        best = max(best, float(np.sqrt(v @ v)))
    return best


def test_automatic_mode_refuses_the_hand():
    runner, _, _ = robot_cell()
    run(runner, 0.5)
    with pytest.raises(CommandRefused, match="automatic"):
        command(runner, "jog", frame="joint", axis=0, way=1)
    with pytest.raises(CommandRefused, match="automatic"):
        command(runner, "move_to", joints="0 0 0 0 90 0")


def test_manual_mode_wants_the_enabling_switch():
    runner, robot, program = robot_cell()
    program.running = False
    run(runner, 0.5)
    manual(runner, enabling=False)
    with pytest.raises(CommandRefused, match="enabling"):
        command(runner, "jog", frame="joint", axis=0, way=1)
    command(runner, "enabling", on=True)
    command(runner, "jog", frame="joint", axis=0, way=1)
    assert robot.drive.doing == "jog"
    run(runner, 1.5)
    command(runner, "enabling", on=False)
    assert robot.drive.doing == "stop"
    run(runner, 2.5)
    assert robot.drive.doing == ""
    assert 0.05 < robot.mover.joints()[0] < 1.0
    assert value(runner, "r_auto") is False


@pytest.mark.parametrize("frame", ["world", "tool", "joint"])
def test_nothing_is_faster_than_250_mm_a_second_by_hand(frame):
    runner, robot, _ = by_hand()
    command(runner, "jog", frame=frame, axis=0, way=1)
    assert fastest(robot, CUP) <= 0.25 + 1e-9
    assert fastest(robot, Tool()) <= 0.25 + 1e-9
    assert fastest(robot, CUP) > 0.1


def test_a_program_in_manual_keeps_to_250_mm_a_second_too():
    _, robot, _ = by_hand()
    robot.mover.go(joint(0.5, 0.3, 0.8))
    assert 0.2 < max(fastest(robot, CUP), fastest(robot, Tool())) <= 0.25 + 1e-9


def test_a_joint_is_jogged_to_its_limit_and_it_says_which():
    runner, robot, _ = by_hand()
    command(runner, "jog", frame="joint", axis=5, way=1)
    run(runner, runner.time_s + 60.0)
    limit = robot.arm.joints[5].high
    assert robot.mover.joints()[5] == pytest.approx(limit, abs=1e-9)
    alarm = cell(runner).line.alarms.get("cell/r_jog")
    assert alarm.active
    assert robot.arm.joints[5].name in alarm.message
    assert f"{degrees(limit):.0f}" in alarm.message
    with pytest.raises(CommandRefused, match="as far as it goes"):
        command(runner, "jog", frame="joint", axis=5, way=1)


def test_a_straight_jog_ends_at_the_edge_of_reach_and_says_why():
    runner, robot, _ = by_hand()
    command(runner, "jog", frame="world", axis=1, way=1)
    run(runner, runner.time_s + 20.0)
    x, y, z = tip(robot).place
    assert (x, z) == pytest.approx((0.5, 0.8), abs=3e-5)
    assert 0.2 < y < 0.9
    assert cell(runner).line.alarms.get("cell/r_jog").active


def test_a_jog_stops_when_it_is_let_go():
    runner, robot, _ = by_hand()
    command(runner, "jog", frame="world", axis=2, way=1)
    run(runner, runner.time_s + 0.5)
    before = tip(robot).z
    command(runner, "jog", frame="world", axis=2, way=0)
    run(runner, runner.time_s + 1.0)
    assert robot.drive.doing == ""
    assert before < tip(robot).z < before + 0.05


def test_steps_go_by_just_so_much():
    runner, robot, _ = by_hand()
    begin = tip(robot)
    command(runner, "jog_step", frame="world", axis=0, by=0.01)
    run(runner, runner.time_s + 2.0)
    assert tip(robot).x == pytest.approx(begin.x + 0.01, abs=1e-7)
    command(runner, "jog_step", frame="tool", axis=2, by=0.01)
    run(runner, runner.time_s + 2.0)
    assert tip(robot).z == pytest.approx(begin.z - 0.01, abs=1e-7)
    joints = robot.mover.joints()
    command(runner, "jog_step", frame="joint", axis=3, by=5.0)
    run(runner, runner.time_s + 2.0)
    assert robot.mover.joints()[3] == pytest.approx(joints[3] + radians(5.0), abs=1e-9)
    before = tip(robot)
    command(runner, "jog_step", frame="world", axis=5, by=10.0)
    run(runner, runner.time_s + 3.0)
    far, angle = before.off(tip(robot))
    assert far < 1e-6
    assert angle == pytest.approx(radians(10.0), abs=1e-6)


def test_it_goes_to_joints_that_are_named():
    runner, robot, _ = by_hand()
    command(runner, "move_to", joints="10, 0, 0, 0, 90, 0")
    run(runner, runner.time_s + 10.0)
    assert robot.mover.joints()[0] == pytest.approx(radians(10.0), abs=1e-9)
    with pytest.raises(CommandRefused, match="6 joints"):
        command(runner, "move_to", joints="10, 0")


def test_jogging_on_into_a_wall_stops_before_it():
    wall = "- {id: wall, kind: solid, at_m: [0.5, 0.15, 0.3], size_m: [0.4, 0.02, 0.6]}\n"
    runner, robot, _ = by_hand(wall)
    command(runner, "jog_step", frame="world", axis=2, by=-0.05)
    run(runner, runner.time_s + 2.0)
    command(runner, "jog", frame="world", axis=1, way=1)
    run(runner, runner.time_s + 5.0)
    assert [each.cause for each in incidents(runner)] == ["incident.robot_stop"]
    command(runner, "reset")
    command(runner, "jog", frame="world", axis=1, way=-1)
    run(runner, runner.time_s + 0.5)
    command(runner, "jog", frame="world", axis=1, way=0)
    run(runner, runner.time_s + 1.0)
    assert len(incidents(runner)) == 1
    assert tip(robot).y < 0.05


def test_the_key_stops_what_moves():
    runner, robot, program = robot_cell()
    run(runner, 0.5)
    robot.mover.go(axes(60, 0, 0, 0, 90, 0))
    run(runner, 1.0)
    command(runner, "mode", mode="manual")
    assert robot.drive.doing == "stop"
    assert program.told[-2][1:] in (["stopped", "robot.stop_mode"], ["ready", False])


def test_override_changes_the_time_and_not_the_path():
    runner, robot, _ = robot_cell()
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.8))
    robot.mover.go(line(0.5, 0.3, 0.8))
    full_s = robot.drive.plan.ends_s - runner.time_s
    run(runner, runner.time_s + 0.5)
    command(runner, "speed", percent=50)
    assert robot.drive.plan.ends_s - runner.time_s > 1.8 * (full_s - 0.5)
    run(runner, runner.time_s + 10.0)
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)
    with pytest.raises(CommandRefused, match="1 to 100"):
        command(runner, "speed", percent=0)


def test_teaching_hands_the_point_to_the_program():
    runner, robot, program = by_hand()
    command(runner, "wobj", name="wobj0")
    command(runner, "teach", name="p10")
    word, name, place, configuration = program.told[-1][1:]
    assert (word, name) == ("teach", "p10")
    # In the world frame of programs: from the arm's foot, 0.5 m above the floor.
    assert place == pytest.approx([0.5, -0.2, 0.3], abs=1e-6)
    assert configuration == list(robot.mover.configuration())
    with pytest.raises(CommandRefused, match="cup"):
        command(runner, "tool", name="cap")


def test_a_person_beside_a_robot_in_automatic_is_in_danger_by_hand_not():
    zone = "- {id: inside, kind: zone, at_m: [0, 0, 0], size_m: [2, 2], dangers: [r]}\n"
    runner, robot, program = robot_cell(zone)
    program.running = False
    run(runner, 0.5)
    write(runner, "r_manual", True)
    write(runner, "r_enabling", True)
    runner.apply(_enter())
    command(runner, "jog", frame="joint", axis=0, way=1)
    run(runner, 2.0)
    assert incidents(runner) == []
    command(runner, "jog", frame="joint", axis=0, way=0)
    run(runner, 3.0)
    write(runner, "r_manual", False)
    robot.mover.go(axes(0, 0, 0, 0, 90, 0))
    assert [each.kind for each in incidents(runner)] == ["danger"]


def _enter():
    return Command("enter", "cell", {"zone": "inside"}, "test")


@pytest.mark.parametrize("verb", ["jog", "stop"])
def test_a_snapshot_while_jogging_or_stopping_goes_on_bit_for_bit(verb):
    runner, _, _ = by_hand()
    command(runner, "jog", frame="world", axis=1, way=1)
    run(runner, runner.time_s + 0.5)
    if verb == "stop":
        command(runner, "jog", frame="world", axis=1, way=0)
        run(runner, runner.time_s + 0.01)
    fresh, _, _ = reborn(runner, spec())
    for each in (runner, fresh):
        run(each, 30.0)
    assert state(fresh) == state(runner)


def test_a_run_replays_from_its_commands():
    from tests.unit.plant.lives import alive

    def live():
        runner = alive(spec(), 0)
        put(runner, "a")
        return runner

    first = live()
    write(first, "r_manual", True, at_s=1.0)
    write(first, "r_enabling", True, at_s=1.0)
    command(first, "jog", at_s=1.5, frame="world", axis=0, way=-1)
    command(first, "speed", at_s=1.8, percent=40)
    command(first, "jog", at_s=2.5, frame="world", axis=0, way=0)
    command(first, "jog", at_s=4.0, frame="joint", axis=2, way=1)
    run(first, 60.0)
    second = live()
    for stamped in first.log:
        second.apply(stamped.command, at_s=stamped.time_s)
    run(second, 60.0)
    assert state(first) == state(second)
    assert tip(body(first, "r")) == tip(body(second, "r"))


def test_a_movement_of_the_program_goes_on_slowly_in_manual():
    runner, robot, _ = robot_cell()
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.8))
    robot.mover.go(line(0.5, 0.3, 0.8, speed_m_s=1.0))
    run(runner, runner.time_s + 0.2)
    robot.mover.pause()
    run(runner, runner.time_s + 1.0)
    manual(runner)
    robot.mover.resume()
    assert 0.02 < max(fastest(robot, CUP), fastest(robot, Tool())) <= 0.25 + 1e-9
    command(runner, "speed", percent=100)
    assert max(fastest(robot, CUP), fastest(robot, Tool())) <= 0.25 + 1e-9
    run(runner, runner.time_s + 60.0)
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)


def test_a_command_to_nobody_or_that_a_body_does_not_know_is_refused():
    runner, _, _ = robot_cell()
    for target, told in (("cell/x", "nothing called 'x'"), ("cell/grip", "cannot jog")):
        with pytest.raises(CommandRefused, match=told):
            runner.apply(Command("jog", target, {"way": 1}, "test"))
    with pytest.raises(CommandRefused, match="cannot dance"):
        command(runner, "dance")
