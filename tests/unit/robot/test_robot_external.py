"""A robot with external axes in its cell: a track below it, a positioner before it."""

import json

import numpy as np
import pytest

from tests.unit.motion.motion_world import body, cell, incidents, make, run, spec_of, state, write
from tests.unit.plant.lives import alive
from tests.unit.robot.robot_world import CUP, DOWN, Program, command, joint, line, manual, tip
from twin.plant.robot.collide import touching_at
from twin.plant.robot.order import Move, MoveRefused
from twin.plant.robot.placement import Placement
from twin.plant.robot.track import at
from twin.wire.model import along

RAIL = (
    "- {id: rail, kind: axis, direction: y, at_m: [0, -0.5, 0.5], high: 1.0, speed: 0.5, "
    "accel: 1.0, needs_homing: false}\n"
    "- {id: r, kind: robot, arm: six, on: rail, runs: true, external: [rail]}\n"
    "- {id: grip, kind: gripper, type: vacuum, on: r, at_m: [0, 0, -0.1]}\n"
)
TABLE = (
    "- {id: r, kind: robot, arm: six, at_m: [0, 0, 0.5], pedestal_m: 0.5, runs: true, "
    "external: [table]}\n"
    "- {id: grip, kind: gripper, type: vacuum, on: r, at_m: [0, 0, -0.1]}\n"
    "- {id: table, kind: axis, rotary: true, direction: z, at_m: [0.55, 0.1, 0.5], low: -180, "
    "high: 180, speed: 90, accel: 200, home: 0, needs_homing: false}\n"
)
BEGIN = (0.5, 0.0, 0.8)


def begun(bodies, more=""):
    """A cell with its axes enabled, and the arm where the movements of the tests begin."""
    runner = make(bodies + more)
    robot = body(runner, "r")
    program = Program(robot)
    for axis in robot.external.axes:
        write(runner, f"{axis.id}_enable", True)
    robot.mover.go(joint(*BEGIN))
    run(runner, 6.0)
    program.told.clear()
    return runner, robot, program


def rail_of(runner):
    return body(runner, "rail")


def places(robot, from_s, to_s, on="", count=400):
    """Where the cup is on the robot's present track, in the workcell, or on an axis; (k, 3)."""
    found = []
    for t in np.linspace(from_s, to_s, count):
        there = robot.foot(t).then(robot.arm.flange(at(robot.drive.track, t))).then(CUP.tip)
        if on:
            axis = robot.world.bodies[on]
            there = Placement.at(axis.frame.at(t).then(axis.moved(t))).seen(there)
        found.append(there.place)
    return np.array(found)


def off(points, first, last):
    """How far points are off a straight line, at most, m."""
    way = np.subtract(last, first)
    share = np.clip((points - first) @ way / (way @ way), 0.0, 1.0)
    return float(np.linalg.norm(points - first - share[:, None] * way, axis=1).max())


GOAL = (0.4, 0.25, 0.95)
LINE = line(*GOAL, external=(0.7,), speed_m_s=0.3)


def test_a_line_is_straight_in_the_workcell_while_the_rail_moves():
    runner, robot, program = begun(RAIL)
    robot.mover.go(LINE)
    ends_s = robot.drive.plan.ends_s
    assert rail_of(runner).path[-1].t0 == ends_s
    assert off(places(robot, 6.0, ends_s), BEGIN, GOAL) < 2e-5
    run(runner, ends_s + 1.0)
    assert tip(robot).place == pytest.approx(GOAL, abs=1e-6)
    assert rail_of(runner).position() == 0.7
    assert program.words() == ["arrived", "rested"]
    assert rail_of(runner).doing == ""


def test_a_circle_is_round_in_the_workcell_while_the_rail_moves():
    _, robot, _ = begun(RAIL)
    # About (0.5, 0.1, 0.8), in the plane x = 0.5.
    via, goal = Placement(0.5, 0.1, 0.9, *DOWN), Placement(0.5, 0.2, 0.8, *DOWN)
    robot.mover.go(Move("circular", goal, via, tool=CUP, speed_m_s=0.2, external=(0.6,)))
    points = places(robot, 6.0, robot.drive.plan.ends_s) - (0.5, 0.1, 0.8)
    assert np.abs(np.linalg.norm(points, axis=1) - 0.1).max() < 2e-5
    assert np.abs(points[:, 0]).max() < 2e-5
    assert points[:, 2].max() > 0.0999


@pytest.mark.parametrize("how", ["pause", "power", "stop"])
def test_a_stop_is_on_the_path_in_step_and_the_program_goes_on_there(how):
    runner, robot, program = begun(RAIL)
    robot.mover.go(LINE)
    run(runner, 6.8)
    if how == "pause":
        robot.mover.pause()
    elif how == "power":
        cell(runner).world.set_power(on=False)
    else:
        write(runner, "r_stop", True)
    ends_s = robot.drive.plan.ends_s
    assert robot.moves(runner.time_s)
    assert rail_of(runner).path[-1].t0 == ends_s
    assert off(places(robot, 6.8, ends_s), BEGIN, GOAL) < 2e-5
    run(runner, ends_s + 1.0)
    rail = rail_of(runner)
    assert (rail.doing, rail.fault) == ("", "")
    gone = np.linalg.norm(np.subtract(tip(robot).place, BEGIN)) / np.linalg.norm(
        np.subtract(GOAL, BEGIN)
    )
    assert 0.05 < gone < 0.95
    assert rail.position() == pytest.approx(0.7 * gone, abs=1e-4)
    if how == "power":
        cell(runner).world.set_power(on=True)
        robot.safety.switch(on=True)
    elif how == "stop":
        write(runner, "r_stop", False)
    robot.mover.resume()
    assert off(places(robot, runner.time_s, robot.drive.plan.ends_s), BEGIN, GOAL) < 2e-5
    run(runner, runner.time_s + 6.0)
    assert tip(robot).place == pytest.approx(GOAL, abs=1e-6)
    assert rail.position() == pytest.approx(0.7, abs=1e-9)
    assert program.words()[-2:] == ["arrived", "rested"]


def test_the_override_slows_both_down_in_mid_move():
    runner, robot, _ = begun(RAIL)
    robot.mover.go(LINE)
    full_s = robot.drive.plan.ends_s
    run(runner, 6.5)
    command(runner, "speed", percent=30)
    ends_s = robot.drive.plan.ends_s
    assert ends_s > full_s + 1.0
    assert rail_of(runner).path[-1].t0 == ends_s
    assert off(places(robot, 6.5, ends_s), BEGIN, GOAL) < 2e-5
    run(runner, ends_s + 0.1)
    assert tip(robot).place == pytest.approx(GOAL, abs=1e-6)
    robot.mover.go(line(*BEGIN, external=(0.1,), speed_m_s=0.3))
    assert robot.drive.plan.ends_s - runner.time_s > 2.5 * (full_s - 6.0)


def test_motors_off_brake_arm_and_rail_and_a_line_is_then_off_its_path_or_goes_on():
    runner, robot, _ = begun(RAIL)
    robot.mover.go(LINE)
    run(runner, 6.8)
    fast = abs(robot.drive.plan.track[6][0].v) or 0.5
    robot.safety.switch(on=False)
    rail = rail_of(runner)
    assert rail.path[-1].t0 == robot.drive.plan.ends_s
    assert robot.drive.plan.ends_s - 6.8 < fast
    run(runner, 9.0)
    robot.safety.switch(on=True)
    try:
        robot.mover.resume()
    except MoveRefused as refused:
        assert refused.phrase.key == "robot.off_path"  # noqa: PT017 (either is right)
        return
    run(runner, 16.0)
    assert tip(robot).place == pytest.approx(GOAL, abs=1e-6)


def test_the_next_line_is_blended_in_the_zone():
    runner, robot, program = begun(RAIL)
    corner, last = (0.5, 0.2, 0.8), (0.4, 0.3, 0.9)
    program.moves.append(line(*last, external=(0.6,), speed_m_s=0.3))
    robot.mover.go(line(*corner, external=(0.4,), speed_m_s=0.3, zone_m=0.03))
    enters_s = robot.drive.plan.enters_s
    run(runner, enters_s)
    assert robot.drive.plan.move.target.place == last
    ends_s = robot.drive.plan.ends_s
    points = places(robot, enters_s, ends_s, count=800)
    away = np.linalg.norm(points - corner, axis=1)
    assert 1e-4 < away.min() < 0.03
    assert away[0] == pytest.approx(0.03, rel=0.05)
    assert off(points[away > 0.03], corner, last) < 2e-5
    run(runner, ends_s + 0.5)
    assert tip(robot).place == pytest.approx(last, abs=1e-6)
    assert rail_of(runner).position() == pytest.approx(0.6, abs=1e-9)
    assert program.words() == ["arrived", "arrived", "rested"]


@pytest.mark.parametrize("first", ["rail stands", "rail moves"])
def test_in_a_zone_a_rail_may_set_off_or_come_to_rest(first):
    runner, robot, program = begun(RAIL)
    still, moved = {}, {"external": (0.4,)}
    one, two = (still, moved) if first == "rail stands" else (moved, still)
    corner, last = (0.5, 0.2, 0.8), (0.5, 0.2, 0.95)
    program.moves.append(line(*last, speed_m_s=0.3, **two))
    robot.mover.go(line(*corner, speed_m_s=0.3, zone_m=0.03, **one))
    run(runner, 12.0)
    assert tip(robot).place == pytest.approx(last, abs=1e-6)
    assert rail_of(runner).position() == pytest.approx(0.4, abs=1e-9)
    assert program.words() == ["arrived", "arrived", "rested"]


def test_the_tool_stays_where_it_is_while_the_rail_moves():
    runner, robot, _ = begun(RAIL)
    robot.mover.go(line(*BEGIN, external=(0.3,)))
    points = places(robot, 6.0, robot.drive.plan.ends_s)
    assert np.abs(points - BEGIN).max() < 2e-5
    run(runner, 12.0)
    assert rail_of(runner).position() == pytest.approx(0.3, abs=1e-9)


def test_a_snapshot_in_the_middle_goes_on_bit_for_bit():
    runner, robot, program = begun(RAIL)
    program.moves.append(line(*BEGIN, external=(0.2,), speed_m_s=0.3))
    robot.mover.go(LINE._replace(zone_m=0.02))
    run(runner, 6.7)
    fresh = alive(spec_of(RAIL), 0)
    other = Program(body(fresh, "r"))
    fresh.restore(json.loads(json.dumps(runner.snapshot())))
    for each in (runner, fresh):
        run(each, 6.9)
        body(each, "r").mover.pause()
        run(each, 8.5)
        body(each, "r").mover.resume()
        run(each, 15.0)
    assert state(fresh) == state(runner)
    assert other.told == program.told
    assert tip(body(fresh, "r")).place == pytest.approx(BEGIN, abs=1e-6)


def test_what_the_plc_wants_of_the_rail_waits_while_it_goes_with_the_arm():
    runner, robot, _ = begun(RAIL)
    robot.mover.go(LINE)
    path = rail_of(runner).path
    write(runner, "rail_target", 0.05)
    write(runner, "rail_start", True)
    write(runner, "rail_jog_plus", True)
    assert rail_of(runner).path == path
    run(runner, 12.0)
    assert tip(robot).place == pytest.approx(GOAL, abs=1e-6)


def test_a_robot_whose_rail_was_moved_away_does_not_go_on_with_its_line():
    runner, robot, _ = begun(RAIL)
    robot.mover.go(LINE)
    run(runner, 6.8)
    robot.mover.pause()
    run(runner, 8.0)
    write(runner, "rail_target", 0.9)
    write(runner, "rail_start", True)
    run(runner, 8.1)
    with pytest.raises(MoveRefused):
        robot.mover.resume()
    run(runner, 12.0)
    with pytest.raises(MoveRefused) as refused:
        robot.mover.resume()
    assert refused.value.phrase.key == "robot.off_path"


def test_by_hand_the_tool_is_not_faster_than_250_mm_s_in_the_workcell():
    runner, robot, program = begun(RAIL)
    program.running = False
    manual(runner)
    robot.mover.go(line(0.5, 0.6, 0.8, external=(0.7,), speed_m_s=1.0))
    times = np.linspace(6.0, robot.drive.plan.ends_s, 2000)
    points = places(robot, times[0], times[-1], count=2000)
    fastest = np.linalg.norm(np.diff(points, axis=0), axis=1).max() / (times[1] - times[0])
    assert 0.2 < fastest <= 0.25


def test_it_foresees_what_only_the_rail_brings_it_to():
    """The arm does not move against its foot: the rail alone takes it to the wall."""
    wall = "- {id: wall, kind: solid, at_m: [0.5, 0.5, 0.3], size_m: [0.4, 0.02, 0.9]}\n"
    runner, robot, _ = begun(RAIL, wall)
    robot.mover.go(line(0.5, 0.8, 0.8, external=(0.8,), speed_m_s=0.4))
    assert robot.guard.due[0] == "stop"
    assert robot.guard.due[2] == "wall"
    run(runner, 12.0)
    (incident,) = incidents(runner)
    assert (incident.kind, incident.cause) == ("collision", "incident.robot_stop")
    gap = robot.guard.nearest()
    assert gap.other == "wall"
    # It comes to rest, with its rail, where the margin of 2 mm begins, hardly before.
    assert 0.002 < gap.distance_m < 0.003
    assert off(places(robot, 6.0, 12.0), BEGIN, (0.5, 0.8, 0.8)) < 2e-5
    share = tip(robot).y / 0.8
    assert rail_of(runner).position() == pytest.approx(0.8 * share, abs=1e-5)
    assert not rail_of(runner).moves(runner.time_s)
    assert rail_of(runner).fault == ""


def test_what_the_moving_foot_brings_it_to_is_never_missed():
    """Against looks at each 20 ms of the way, at posts in random places beside the rail."""
    rng, met = np.random.default_rng(3), []
    for _ in range(8):
        x, y = rng.uniform(0.2, 0.9), rng.uniform(-0.1, 0.9)
        post = f"- {{id: post, kind: solid, at_m: [{x}, {y}, 0.3], size_m: [0.05, 0.05, 0.7]}}\n"
        _, robot, _ = begun(RAIL, post)
        if robot.guard.nearest().distance_m < 0.01:
            continue
        robot.mover.go(line(0.4, 0.6, 0.75, external=(0.7,), speed_m_s=0.4))
        around, held = robot.guard.around, robot.guard.around.held()
        foot, moves = around.foot
        times = np.arange(6.0, robot.drive.plan.ends_s, 0.02)
        touches = any(
            touching_at(
                robot.arm, foot, at(robot.track, t), around.things(), held=held, time_s=t,
                moves=moves,
            )
            for t in times.tolist()
        )  # fmt: skip
        met.append(touches)
        assert bool(robot.guard.due) == touches
    assert True in met
    assert False in met


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_arm_and_rail_keep_in_step_on_the_line(seed):
    """Stops, switches of speed, loss of power, and going on, at random times."""
    rng = np.random.default_rng(seed)
    runner, robot, _ = begun(RAIL)
    robot.mover.go(LINE)
    for _ in range(12):
        run(runner, runner.time_s + float(rng.choice([0.03, 0.2, 0.5])))
        what = str(rng.choice(["pause", "resume", "power", "speed"]))
        if what == "pause":
            robot.mover.pause()
        elif what == "speed":
            command(runner, "speed", percent=int(rng.choice([20, 60, 100])))
        elif what == "power":
            cell(runner).world.set_power(on=False)
            run(runner, runner.time_s + 1.0)
            cell(runner).world.set_power(on=True)
            robot.safety.switch(on=True)
        elif robot.drive.broken is not None and not robot.drive.doing:
            robot.mover.resume()
        now = runner.time_s
        assert off(places(robot, now, max(robot.drive.track[0][-1].t0, now + 0.1), count=60), BEGIN,
                   GOAL) < 2e-5  # fmt: skip
        gone = np.linalg.norm(np.subtract(tip(robot).place, BEGIN)) / np.linalg.norm(
            np.subtract(GOAL, BEGIN)
        )
        assert rail_of(runner).position() == pytest.approx(0.7 * gone, abs=5e-5)
        assert rail_of(runner).fault == ""
    run(runner, runner.time_s + 2.0)
    if robot.drive.broken is not None and not robot.drive.doing:
        robot.mover.resume()
    run(runner, runner.time_s + 20.0)
    assert tip(robot).place == pytest.approx(GOAL, abs=1e-6)
    assert rail_of(runner).position() == pytest.approx(0.7, abs=1e-9)


# ---- a positioner


def on_table(x, y, z):
    return Placement(x, y, z, *DOWN)


def before_table():
    runner, robot, program = begun(TABLE)
    start = on_table(0.1, 0.0, 0.3)
    robot.mover.go(Move("joint", start, tool=CUP, on="table", speed_m_s=1.0, turn_rad_s=3.0))
    run(runner, 10.0)
    program.told.clear()
    return runner, robot, program


@pytest.mark.parametrize("zone_m", [-1.0, 0.02])
def test_a_line_is_straight_on_the_table_that_turns(zone_m):
    runner, robot, _ = before_table()
    goal = on_table(-0.05, 0.1, 0.3)
    move = Move("linear", goal, tool=CUP, on="table", speed_m_s=0.15, external=(60.0,))
    robot.mover.go(move._replace(zone_m=zone_m))
    ends_s = robot.drive.plan.ends_s
    points = places(robot, 10.0, ends_s, on="table")
    assert off(points, (0.1, 0.0, 0.3), goal.place) < 2e-5
    in_cell = places(robot, 10.0, ends_s)
    assert off(in_cell, in_cell[0], in_cell[-1]) > 0.02
    run(runner, 10.6)
    robot.mover.pause()
    run(runner, 12.0)
    assert 2.0 < body(runner, "table").position() < 58.0
    robot.mover.resume()
    points = places(robot, 12.0, robot.drive.plan.ends_s, on="table")
    assert off(points, (0.1, 0.0, 0.3), goal.place) < 2e-5
    run(runner, 20.0)
    assert body(runner, "table").position() == pytest.approx(60.0, abs=1e-9)
    frame = robot.mover.belt_frame("table")
    assert frame.heading_rad == pytest.approx(np.radians(60.0))
    assert tip(robot).off(frame.then(goal))[0] < 1e-6


def test_a_circle_is_round_on_the_table_that_turns():
    _, robot, _ = before_table()
    via, goal = on_table(0.0, 0.1, 0.3), on_table(-0.1, 0.0, 0.3)
    move = Move("circular", goal, via, tool=CUP, on="table", speed_m_s=0.2, external=(-90.0,))
    robot.mover.go(move)
    points = places(robot, 10.0, robot.drive.plan.ends_s, on="table") - (0.0, 0.0, 0.3)
    assert np.abs(np.linalg.norm(points, axis=1) - 0.1).max() < 2e-5
    assert np.abs(points[:, 2]).max() < 2e-5
    assert points[:, 1].max() > 0.0999


def test_lines_on_the_table_are_blended():
    runner, robot, program = before_table()
    corner, last = on_table(0.1, 0.12, 0.3), on_table(-0.02, 0.12, 0.3)
    more = {"tool": CUP, "on": "table", "speed_m_s": 0.2}
    program.moves.append(Move("linear", last, external=(60.0,), **more))
    robot.mover.go(Move("linear", corner, external=(30.0,), zone_m=0.03, **more))
    run(runner, robot.drive.plan.enters_s)
    points = places(robot, runner.time_s, robot.drive.plan.ends_s, on="table", count=800)
    away = np.linalg.norm(points - corner.place, axis=1)
    assert 1e-4 < away.min() < 0.03
    assert off(points[away > 0.03], corner.place, last.place) < 2e-5
    run(runner, 20.0)
    assert program.words() == ["arrived", "arrived", "rested"]


def test_from_the_table_to_the_workcell_it_stops_in_the_point():
    runner, robot, program = before_table()
    corner = on_table(0.1, 0.1, 0.3)
    program.moves.append(line(0.5, 0.0, 0.9, speed_m_s=0.3))
    move = Move("linear", corner, tool=CUP, on="table", speed_m_s=0.2, external=(30.0,))
    robot.mover.go(move._replace(zone_m=0.03))
    ends_s = robot.drive.plan.ends_s
    run(runner, ends_s)
    table = body(runner, "table")
    assert along(table.path, ends_s) == pytest.approx(30.0, abs=1e-9)
    assert tip(robot).off(robot.mover.belt_frame("table").then(corner))[0] < 1e-6
    run(runner, 20.0)
    assert tip(robot).place == pytest.approx((0.5, 0.0, 0.9), abs=1e-6)
    assert program.words() == ["arrived", "arrived", "rested"]


def test_a_table_that_the_plc_turns_is_waited_for():
    runner, robot, _ = before_table()
    write(runner, "table_target", 45.0)
    write(runner, "table_start", True)
    run(runner, 10.2)
    move = Move("linear", on_table(0.0, 0.1, 0.3), tool=CUP, on="table", speed_m_s=0.2)
    with pytest.raises(MoveRefused, match="axis table"):
        robot.mover.go(move)
    run(runner, 12.0)
    robot.mover.go(move)
    run(runner, 15.0)
    frame = robot.mover.belt_frame("table")
    assert tip(robot).off(frame.then(move.target))[0] < 1e-6


def test_what_cannot_be_is_refused():
    _, robot, _ = begun(RAIL)
    with pytest.raises(MoveRefused, match=r"from 0.* to 1"):
        robot.mover.go(line(*GOAL, external=(1.2,)))
    with pytest.raises(MoveRefused, match="names 2"):
        robot.mover.go(line(*GOAL, external=(0.2, 0.3)))
    with pytest.raises(MoveRefused, match="out of reach"):
        robot.mover.go(line(0.5, 0.3, 0.8, external=(1.0,))._replace(
            target=Placement(0.5, 2.9, 0.8, *DOWN)))  # fmt: skip
    assert not robot.drive.doing
