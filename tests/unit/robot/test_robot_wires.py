"""What a robot is wired to: signals, valves of its own, belts that it follows, external axes."""

from math import hypot, pi

import pytest

from tests.unit.motion.motion_world import (
    body,
    cell,
    incidents,
    put,
    run,
    spec_of,
    state,
    value,
    where,
    write,
)  # fmt: skip
from tests.unit.robot.robot_world import (
    CUP,
    DOWN,
    at,
    joint,
    line,
    robot_cell,
    spec,
    tip,
)  # fmt: skip
from twin.kernel.errors import CommandRefused
from twin.plant.motion.frame import Pose
from twin.plant.robot.order import Move, MoveRefused
from twin.plant.robot.placement import Placement
from twin.plant.robot.track import at as at_
from twin.spec.check import check_line
from twin.spec.io import io_list, io_of
from twin.spec.load import load_line
from twin.spec.messages import phrase
from twin.wire.model import along

SIGNALS = (
    ", inputs: [go_on, {id: layer, type: int}], outputs: [done, {id: force, type: real}]"
    ", wires: {do_grip: grip_grip, di_held: grip_held}"
)


def test_signals_go_both_ways_by_name():
    runner, robot, program = robot_cell(robot=SIGNALS)
    kinds = {name: (kind.writable, kind.type) for name, kind in robot.mover.signals.items()}
    assert kinds == {
        "go_on": (False, bool), "layer": (False, int), "done": (True, bool),
        "force": (True, float), "do_grip": (True, bool), "di_held": (False, bool),
    }  # fmt: skip
    write(runner, "r_layer", 3)
    assert robot.mover.signal("layer") == 3
    assert program.told[-1][1:] == ["signal", "layer"]
    robot.mover.set_signal("done", True)
    robot.mover.set_signal("force", 2)
    assert value(runner, "r_done") is True
    assert value(runner, "r_force") == 2.0


def test_a_valve_that_is_wired_to_the_robot_is_the_robots_alone():
    runner, robot, _ = robot_cell(robot=SIGNALS)
    robot.mover.set_signal("do_grip", True)
    assert cell(runner).points["grip_grip"].writer == "cell/r"
    with pytest.raises(CommandRefused, match="wired to robot 'r'"):
        write(runner, "grip_grip", False)
    marked = {point.name: point.wired_to for point in io_of(cell(runner).workcell_spec)}
    assert marked["grip_grip"] == marked["grip_held"] == "r"
    assert marked["r_done"] == ""
    comment = next(p.comment for p in io_of(cell(runner).workcell_spec) if p.name == "grip_grip")
    assert comment.en.endswith("(wired to the robot, not to the PLC)")
    assert comment.zh.endswith("（接至机器人，不接 PLC）")


def test_of_two_robots_the_io_list_names_the_one_that_a_valve_is_wired_to():
    comments = {point.name: point.comment for point in io_list(load_line("battery_cell"))}
    for number in (1, 2):
        comment = comments[f"grip_{number}_grip"]
        assert comment.en.endswith(f"(wired to robot r{number}, not to the PLC)")
        assert comment.zh.endswith(f"（接至机器人 r{number}，不接 PLC）")


def test_the_soft_plc_leaves_a_wired_valve_alone():
    from twin.control.plc import SoftPlc

    source = """PROGRAM main
VAR n : INT; END_VAR
n := n + 1;
r_go_on := (n MOD 2) = 0;
END_PROGRAM
"""
    runner, robot, program = robot_cell(robot=SIGNALS)
    workcell = cell(runner)
    plc = SoftPlc(workcell, source, period_s=0.01, runs=True)
    workcell.controller = plc
    plc.start()
    run(runner, 0.1)
    robot.mover.set_signal("do_grip", True)
    run(runner, 1.0)
    assert value(runner, "grip_grip") is True
    assert program.words().count("signal") > 50
    plc._halt("stop")
    assert value(runner, "grip_grip") is True


@pytest.mark.parametrize(
    ("robot", "told"),
    [
        (", outputs: [start]", "every robot has a pin 'start'"),
        (", inputs: [a], outputs: [A]", "two signals called 'A'"),
        (", inputs: [a], wires: {a: grip_grip}", "two signals called 'a'"),
        (", wires: {a: grip_gripe}", "'grip_gripe'"),
        (", wires: {a: grip_grip, b: grip_grip}", "wired to r.a already"),
        (", starts_deg: [0, 0, 0]", "6 joints, but 3"),
        (", starts_deg: [0, 0, 500, 0, 0, 0]", "would stand at 500"),
        (", external: [a]", "'a'"),
        (", tracks: [belt]", "'belt'"),
    ],
)
def test_what_is_wrong_with_a_robot_is_told_when_the_line_is_read(robot, told):
    found = [str(finding.phrase) for finding in check_line(spec(robot=robot))]
    assert any(told in each for each in found), found


def test_a_belt_that_is_followed_needs_its_sensor():
    belt = "- {id: belt, kind: belt, at_m: [-1, 0.6, 0.5], length_m: 2}\n"
    found = [str(finding.phrase) for finding in check_line(spec(belt, ", tracks: [belt]"))]
    assert any("belt_sync" in each for each in found), found


def test_a_program_that_ends_with_an_error_is_told_to_the_plc_until_reset():
    runner, robot, program = robot_cell()
    program.error = phrase("robot.no_point", robot="r", point="p9", hint="")
    robot.mover.program_changed()
    assert value(runner, "r_fault") is True
    assert "p9" in cell(runner).line.alarms.get("cell/r_program").message
    write(runner, "r_reset", True)
    assert value(runner, "r_fault") is False
    robot.mover.program_changed()
    assert value(runner, "r_fault") is False
    assert robot.mover.ready


# ---- belts

BELT = (
    "- {id: belt, kind: belt, at_m: [0.45, -1.0, 0.5], heading_deg: 90, length_m: 2.0, "
    "speed_m_s: 0.1}\n"
    "- {id: eye, kind: sensor, sees: belt, along_m: 0.5}\n"
)
FOLLOWS = ", tracks: [belt], wires: {belt_sync: eye, do_grip: grip_grip}"


def following():
    from tests.unit.motion.motion_world import make
    from tests.unit.robot.robot_world import ROBOT, Program

    runner = make(ROBOT.format(more=FOLLOWS) + BELT)
    robot = body(runner, "r")
    program = Program(robot)
    part = put(runner, "belt", along_m=0.2)
    run(runner, 0.5)
    return runner, robot, program, part


def test_a_part_comes_into_the_queue_when_its_front_edge_is_at_the_sensor():
    runner, robot, program, _ = following()
    assert robot.mover.connect("belt") is False
    assert robot.mover.belt_frame("belt") is None
    write(runner, "belt_run", True)
    run(runner, 4.0)
    # The box is 0.2 m long across the belt's heading or along it: its front edge comes first.
    assert ["signal", "belt"] in [entry[1:] for entry in program.told]
    came_s = next(entry[0] for entry in program.told if entry[1:] == ["signal", "belt"])
    assert robot.mover.connect("belt") is True
    frame = robot.mover.belt_frame("belt")
    gone = 0.1 * (runner.time_s - came_s)
    assert frame.place == pytest.approx((0.45, -0.5 + gone, 0.5), abs=1e-6)
    robot.mover.drop("belt")
    assert robot.mover.connect("belt") is False


def test_a_box_is_picked_from_a_belt_that_runs():
    runner, robot, program, part = following()
    robot.mover.go(joint(0.45, -0.2, 0.75))
    write(runner, "belt_run", True)
    run(runner, 6.0)
    assert robot.mover.connect("belt")
    frame = robot.mover.belt_frame("belt")
    x, y, _ = where(runner, part)
    off = frame.inverse().point((x, y, 0.55))
    down = Placement(0.0, 0.0, 0.0, *DOWN)
    above = Placement(off[0], off[1], 0.12).then(down)
    touch = Placement(off[0], off[1], 0.05).then(down)
    program.told.clear()
    robot.mover.go(Move("linear", above, tool=CUP, on="belt", speed_m_s=0.8))
    run(runner, runner.time_s + 2.0)
    assert "arrived" in program.words()
    x, y, _ = where(runner, part)
    assert tip(robot).place == pytest.approx((x, y, 0.62), abs=1e-4)
    robot.mover.go(Move("linear", touch, tool=CUP, on="belt", speed_m_s=0.3))
    run(runner, runner.time_s + 1.0)
    robot.mover.set_signal("do_grip", True)
    run(runner, runner.time_s + 0.6)
    assert value(runner, "grip_held") is True
    assert robot.moves(runner.time_s)
    robot.mover.go(Move("linear", above, tool=CUP, on="belt", speed_m_s=0.3))
    run(runner, runner.time_s + 0.8)
    robot.mover.go(line(0.5, 0.0, 0.8))
    run(runner, runner.time_s + 3.0)
    assert not robot.moves(runner.time_s)
    assert where(runner, part) == pytest.approx((0.5, 0.0, 0.75), abs=1e-3)
    assert body(runner, "belt").content() == 0
    assert incidents(runner) == []


def test_it_follows_a_belt_that_changes_its_speed():
    runner, robot, _, _ = following()
    robot.mover.go(joint(0.45, -0.2, 0.75))
    write(runner, "belt_run", True)
    run(runner, 6.0)
    robot.mover.connect("belt")
    down = Placement(0.0, 0.0, 0.0, *DOWN)
    goal = Placement(-0.1, 0.0, 0.2).then(down)
    robot.mover.go(Move("linear", goal, tool=CUP, on="belt", speed_m_s=0.8))
    run(runner, runner.time_s + 1.5)
    write(runner, "belt_run", False)
    run(runner, runner.time_s + 2.0)
    meant = robot.mover.belt_frame("belt").then(goal)
    assert tip(robot).off(meant)[0] < 1e-4


def test_a_move_on_a_belt_without_a_part_is_refused():
    _, robot, _, _ = following()
    with pytest.raises(MoveRefused, match="WaitWObj"):
        robot.mover.go(Move("linear", at(0, 0, 0), tool=CUP, on="belt"))
    with pytest.raises(MoveRefused, match="tracks"):
        robot.mover.connect("chute")


# ---- external axes

TRACK = (
    "- {id: rail, kind: axis, direction: y, at_m: [0, -0.5, 0.5], high: 1.0, speed: 0.5, "
    "accel: 1.0, needs_homing: false}\n"
    "- {id: r, kind: robot, arm: six, on: rail, runs: true, external: [rail]}\n"
    "- {id: grip, kind: gripper, type: vacuum, on: r, at_m: [0, 0, -0.1]}\n"
)


def on_rail():
    from tests.unit.motion.motion_world import make
    from tests.unit.robot.robot_world import Program

    runner = make(TRACK)
    robot = body(runner, "r")
    program = Program(robot)
    write(runner, "rail_enable", True)
    run(runner, 0.5)
    return runner, robot, program


def test_arm_and_rail_arrive_together_at_a_place_in_the_workcell():
    runner, robot, program = on_rail()
    robot.mover.go(joint(0.5, 0.3, 0.8, external=(0.8,)))
    rail = body(runner, "rail")
    assert rail.path[-1].t0 == pytest.approx(robot.drive.plan.ends_s, abs=1e-9)
    run(runner, 10.0)
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)
    assert rail.position() == pytest.approx(0.8)
    assert program.words() == ["arrived", "rested"]
    assert robot.mover.places() == (pytest.approx(0.8),)


def test_a_place_past_the_end_of_the_rail_is_refused():
    _, robot, _ = on_rail()
    with pytest.raises(MoveRefused, match=r"from 0.* to 1"):
        robot.mover.go(joint(0.5, 0.3, 0.8, external=(1.8,)))


def test_a_rail_that_loses_its_drive_stops_the_arm():
    runner, robot, program = on_rail()
    robot.mover.go(joint(0.5, 0.3, 0.8, external=(0.8,)))
    run(runner, 1.2)
    write(runner, "rail_enable", False)
    assert robot.drive.doing == "stop"
    assert program.told[-1][1:] == ["stopped", "robot.stop_external"]
    run(runner, 4.0)
    with pytest.raises(MoveRefused, match="enabled"):
        robot.mover.resume()
    write(runner, "rail_reset", True)
    write(runner, "rail_enable", True)
    robot.mover.resume()
    run(runner, 15.0)
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)


def test_an_arm_that_was_stopped_while_following_catches_up_again():
    runner, robot, _, _ = following()
    robot.mover.go(joint(0.45, -0.2, 0.75))
    write(runner, "belt_run", True)
    run(runner, 6.0)
    robot.mover.connect("belt")
    goal = Placement(-0.1, 0.0, 0.2).then(Placement(0.0, 0.0, 0.0, *DOWN))
    robot.mover.go(Move("linear", goal, tool=CUP, on="belt", speed_m_s=0.8))
    run(runner, 7.5)
    cell(runner).world.set_power(on=False)
    run(runner, 8.5)
    assert not robot.moves(runner.time_s)
    cell(runner).world.set_power(on=True)
    robot.safety.switch(on=True)
    robot.mover.resume()
    run(runner, 10.5)
    meant = robot.mover.belt_frame("belt").then(goal)
    assert tip(robot).off(meant)[0] < 1e-4
    assert robot.moves(runner.time_s)


def test_a_part_may_be_dropped_while_the_arm_still_goes_along():
    runner, robot, _, _ = following()
    robot.mover.go(joint(0.45, -0.2, 0.75))
    write(runner, "belt_run", True)
    run(runner, 6.0)
    robot.mover.connect("belt")
    goal = Placement(-0.1, 0.0, 0.2).then(Placement(0.0, 0.0, 0.0, *DOWN))
    robot.mover.go(Move("linear", goal, tool=CUP, on="belt", speed_m_s=0.8))
    run(runner, 7.5)
    robot.mover.drop("belt")
    run(runner, 8.0)
    assert robot.moves(runner.time_s)
    with pytest.raises(MoveRefused, match="MoveL"):
        robot.mover.go(joint(0.5, 0.0, 0.8))
    robot.mover.go(line(0.5, 0.0, 0.8))
    run(runner, 12.0)
    assert tip(robot).place == pytest.approx((0.5, 0.0, 0.8), abs=1e-5)


def around():
    """Above the belt's part: from 0.1 m before it, by its side, to its end."""
    down = Placement(0.0, 0.0, 0.0, *DOWN)
    places = [(-0.16, 0.0), (-0.1, 0.06), (-0.04, 0.0)]
    start, via, goal = (Placement(x, y, 0.2).then(down) for x, y in places)
    return start, Move("circular", goal, via, tool=CUP, on="belt", speed_m_s=0.1)


def off_circle(robot, from_s, to_s):
    """How far the cup is off that circle as the part on the belt sees it, at most."""
    worst = 0.0
    belt = robot.follow.belts["belt"]
    for t in [from_s + k * (to_s - from_s) / 100 for k in range(101)]:
        place = robot.follow.going[1] + along(belt.path, t)
        part = Placement.at(belt.frame.at(t).then(Pose(place, 0.0, 0.0)))
        here = robot.foot(t).then(robot.arm.flange(at_(robot.drive.track, t))).then(CUP.tip)
        x, y, z = part.seen(here).place
        worst = max(worst, abs(hypot(x + 0.1, y) - 0.06), abs(z - 0.2))
    return worst


def circling():
    """A robot that goes round above a part on the belt that runs; it begins at 8 s."""
    runner, robot, program, _ = following()
    robot.mover.go(joint(0.45, -0.2, 0.75))
    write(runner, "belt_run", True)
    run(runner, 6.0)
    robot.mover.connect("belt")
    start, move = around()
    robot.mover.go(Move("linear", start, tool=CUP, on="belt", speed_m_s=0.8))
    run(runner, 8.0)
    program.told.clear()
    robot.mover.go(move)
    return runner, robot, program


def test_a_circle_goes_along_with_the_belt():
    runner, robot, program = circling()
    ends_s = robot.drive.plan.enters_s
    assert ends_s == pytest.approx(8.0 + 0.06 * pi / 0.1, abs=0.3)
    assert off_circle(robot, 8.0, ends_s) < 5e-5
    run(runner, 9.0)
    write(runner, "belt_run", False)  # it slows down: the way is worked out anew on the circle
    run(runner, 9.05)
    assert off_circle(robot, 9.05, robot.drive.plan.enters_s) < 1e-4
    run(runner, 12.0)
    goal = robot.mover.belt_frame("belt").then(around()[1].target)
    assert tip(robot).off(goal)[0] < 1e-4
    assert "arrived" in program.words()


def test_a_circle_that_was_stopped_on_the_belt_is_gone_on_with():
    runner, robot, program = circling()
    run(runner, 9.0)
    robot.mover.pause()
    share = robot.follow.going[2].share
    assert 0.3 < share < 0.7
    run(runner, 9.6)
    robot.mover.resume()
    assert robot.follow.going[2].share == share
    enters_s = robot.drive.plan.enters_s
    assert off_circle(robot, enters_s - 0.05, enters_s) < 1e-4
    run(runner, enters_s + 0.1)
    goal = robot.mover.belt_frame("belt").then(around()[1].target)
    assert tip(robot).off(goal)[0] < 1e-4
    assert program.words().count("arrived") == 1


def test_a_snapshot_in_a_circle_on_the_belt_goes_on_bit_for_bit():
    import json

    from tests.unit.plant.lives import alive
    from tests.unit.robot.robot_world import ROBOT, Program

    runner, _, program = circling()
    run(runner, 9.0)
    fresh = alive(spec_of(ROBOT.format(more=FOLLOWS) + BELT), 0)
    other = Program(body(fresh, "r"))
    fresh.restore(json.loads(json.dumps(runner.snapshot())))
    for each in (runner, fresh):
        write(each, "belt_run", False, at_s=9.1)
        run(each, 12.0)
    assert state(fresh) == state(runner)
    assert other.told == program.told


def test_a_snapshot_while_it_follows_a_belt_goes_on_bit_for_bit():
    import json

    from tests.unit.plant.lives import alive
    from tests.unit.robot.robot_world import ROBOT, Program

    runner, robot, program, _ = following()
    robot.mover.go(joint(0.45, -0.2, 0.75))
    write(runner, "belt_run", True)
    run(runner, 6.0)
    robot.mover.connect("belt")
    goal = Placement(-0.1, 0.0, 0.2).then(Placement(0.0, 0.0, 0.0, *DOWN))
    robot.mover.go(Move("linear", goal, tool=CUP, on="belt", speed_m_s=0.8))
    run(runner, 7.0)
    fresh = alive(spec_of(ROBOT.format(more=FOLLOWS) + BELT), 0)
    other = Program(body(fresh, "r"))
    fresh.restore(json.loads(json.dumps(runner.snapshot())))
    for each in (runner, fresh):
        run(each, 12.0)
    assert state(fresh) == state(runner)
    assert other.told == program.told


def test_an_emergency_stop_stops_the_rail_too_and_both_go_on():
    runner, robot, program = on_rail()
    robot.mover.go(joint(0.5, 0.3, 0.8, external=(0.8,)))
    run(runner, 1.2)
    robot.mover.pause()
    run(runner, 4.0)
    rail = body(runner, "rail")
    assert not rail.moves(runner.time_s)
    assert rail.position() < 0.8
    assert not robot.moves(runner.time_s)
    robot.mover.resume()
    run(runner, 15.0)
    assert tip(robot).place == pytest.approx((0.5, 0.3, 0.8), abs=1e-6)
    assert rail.position() == pytest.approx(0.8)
    assert program.words()[-2:] == ["arrived", "rested"]
