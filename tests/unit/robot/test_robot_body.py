"""A robot as a body of a workcell: where it is, what it carries, what it says on the wire."""

import json

import pytest

from tests.unit.motion.motion_world import (
    body,
    cell,
    incidents,
    make,
    put,
    run,
    state,
    value,
    where,
    write,
)  # fmt: skip
from tests.unit.robot.robot_world import (
    CUP,
    TOP,
    at,
    axes,
    bodies,
    go,
    joint,
    line,
    reborn,
    robot_cell,
    spec,
    tip,
)  # fmt: skip
from twin.plant.robot.order import MoveRefused
from twin.wire.model import along


def test_joints_of_the_wire_are_those_of_the_arm_and_the_flange_follows_from_them():
    runner, robot, _ = robot_cell()
    run(runner, 0.5)
    go(runner, robot, axes(30, 10, -20, 5, 60, 10), 0.7)
    paths = dict(cell(runner).joints())
    assert [f"cell/r/j{n}" for n in range(1, 7)] == [k for k in paths if k.startswith("cell/r/")]
    for time_s in (0.5, 0.9, 1.2, 6.0):
        joints = [along(paths[f"cell/r/j{n}"], time_s) for n in range(1, 7)]
        meant = robot.foot(time_s).then(robot.arm.flange(joints))
        assert robot.flange(time_s).off(meant)[0] < 1e-12


def test_what_stands_on_the_flange_is_upright_while_the_tool_points_down():
    runner, robot, _ = robot_cell()
    run(runner, 0.5)
    go(runner, robot, joint(0.5, -0.2, 0.8))
    cup = body(runner, "grip").frame.at(runner.time_s)
    assert (cup.x, cup.y, cup.z) == pytest.approx((0.5, -0.2, 0.8), abs=1e-6)
    assert robot.tilt_rad(runner.time_s) < 1e-6


def pick(runner, robot):
    """Take the box off seat `a`, and go up with it."""
    for move in (joint(0.5, -0.2, 0.8), line(0.5, -0.2, TOP)):
        go(runner, robot, move)
    write(runner, "grip_grip", True)
    run(runner, runner.time_s + 1.0)
    assert value(runner, "grip_held") is True
    go(runner, robot, line(0.5, -0.2, 0.75))


def test_a_box_is_picked_from_one_seat_and_put_on_the_other():
    runner, robot, _ = robot_cell()
    part = put(runner, "a")
    run(runner, 0.5)
    pick(runner, robot)
    assert where(runner, part)[2] == pytest.approx(0.7, abs=1e-6)
    go(runner, robot, joint(0.5, 0.25, 0.75))
    go(runner, robot, line(0.5, 0.25, TOP))
    write(runner, "grip_grip", False)
    run(runner, runner.time_s + 1.0)
    go(runner, robot, line(0.5, 0.25, 0.75))
    assert body(runner, "b").part is part
    assert where(runner, part) == pytest.approx((0.5, 0.25, 0.5), abs=1e-5)
    assert incidents(runner) == []


def test_a_tilted_gripper_takes_nothing():
    runner, robot, _ = robot_cell()
    put(runner, "a")
    run(runner, 0.5)
    pick_at = at(0.5, -0.2, TOP)
    from math import cos, radians, sin

    from twin.plant.robot.placement import Placement

    tilt = Placement(0, 0, 0, cos(radians(5)), 0, sin(radians(5)), 0)
    go(runner, robot, joint(0.5, -0.2, 0.8))
    go(runner, robot, line(0, 0, 0)._replace(target=pick_at.then(tilt)))
    write(runner, "grip_grip", True)
    run(runner, runner.time_s + 1.0)
    assert value(runner, "grip_held") is False


def test_a_part_let_go_while_tilted_is_dropped():
    runner, robot, _ = robot_cell()
    part = put(runner, "a")
    run(runner, 0.5)
    pick(runner, robot)
    now = robot.mover.joints()
    tilted = (*now[:4], now[4] + 0.3, now[5])
    robot.mover.go(axes(0, 0, 0, 0, 0, 0)._replace(axes=tilted))
    run(runner, runner.time_s + 3.0)
    write(runner, "grip_grip", False)
    run(runner, runner.time_s + 1.0)
    (incident,) = incidents(runner)
    assert (incident.kind, incident.cause, incident.part) == (
        "dropped", "incident.tilted", part.id,
    )  # fmt: skip
    assert incident.values["tilt_deg"] == pytest.approx(17.2, abs=0.1)


def test_without_power_or_motors_no_movement_is_taken():
    runner, robot, _ = robot_cell()
    run(runner, 0.5)
    cell(runner).world.set_power(on=False)
    with pytest.raises(MoveRefused, match="emergency stop"):
        robot.mover.go(joint(0.5, -0.2, 0.8))
    cell(runner).world.set_power(on=True)
    with pytest.raises(MoveRefused, match="motors are off"):
        robot.mover.go(joint(0.5, -0.2, 0.8))


def test_declared_zero_errors_move_the_arm_but_not_its_belief():
    runner, robot, _ = robot_cell(robot=", errors: {joints_deg: [0.1, 0, 0, 0, 0, 0]}")
    run(runner, 0.5)
    go(runner, robot, joint(0.5, 0.0, 0.8))
    assert tip(robot).place == pytest.approx((0.5, 0.0, 0.8), abs=1e-6)
    true = robot.flange(runner.time_s).then(CUP.tip)
    assert true.y == pytest.approx(0.5 * 0.0017453, abs=1e-5)
    assert robot.measured(runner.time_s).place == pytest.approx(true.place, abs=1e-9)


PHASES = {
    "at rest": 0.4,
    "joint move": 0.9,
    "linear": 3.4,
    "holding": 8.0,
}


@pytest.mark.parametrize("phase", PHASES)
def test_a_snapshot_in_any_phase_goes_on_bit_for_bit(phase):
    runner, robot, program = robot_cell()
    put(runner, "a")
    program.moves = [line(0.5, -0.2, 0.75, zone_m=0.05), line(0.5, -0.2, 0.65)]
    run(runner, 0.5)
    robot.mover.go(joint(0.5, -0.2, 0.8, zone_m=0.05))
    if phase == "holding":
        run(runner, 5.0)
        program.moves = []
        go(runner, robot, line(0.5, -0.2, TOP), 2.0)
        write(runner, "grip_grip", True)
        run(runner, 9.0)
        robot.mover.go(line(0.5, 0.1, 0.75))
        run(runner, 9.3)
    else:
        run(runner, max(PHASES[phase], 0.5))
    json.dumps(robot.save(), allow_nan=False)
    fresh, _, heard = reborn(runner, spec())
    assert state(fresh) == state(runner)
    for until_s in (10.0, 15.0):
        run(runner, until_s)
        run(fresh, until_s)
    assert state(fresh) == state(runner)
    assert heard.told == program.told


def test_a_line_with_a_robot_runs_without_a_program():
    runner = make(bodies())
    run(runner, 10.0)
    assert value(runner, "r_motors_on") is True
    assert incidents(runner) == []
