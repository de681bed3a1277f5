"""External axes in programs: extax of targets, and work objects on a positioner."""

import json

import numpy as np
import pytest

pytest.importorskip("pinocchio")
pytest.importorskip("ruckig")

from tests.unit.motion.motion_world import body, run, spec_of, state, write
from tests.unit.robot.robot_world import CUP, at, command
from twin.control.line import build
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.robot.placement import Placement
from twin.plant.robot.track import at as joints_at

CELL = """\
- {{id: rail, kind: axis, direction: y, at_m: [0, -0.5, 0.5], high: 1.0, speed: 0.5, accel: 1.0, \
needs_homing: false}}
- {{id: table, kind: axis, rotary: true, direction: z, at_m: [0.55, 0.1, 0.5], low: -180, \
high: 180, speed: 90, accel: 200, home: 0, needs_homing: false}}
- {{id: r, kind: robot, arm: six, "on": rail, runs: {runs}, external: [rail, table], \
program: {{text: {text}}}}}
- {{id: grip, kind: gripper, type: vacuum, "on": r, at_m: [0, 0, -0.1]}}
"""
DATA = """MODULE m
PERS tooldata cup := [TRUE,[[0,0,100],[1,0,0,0]],[0.5,[0,0,50],[1,0,0,0],0,0,0]];
PERS wobjdata disc := [FALSE,FALSE,"table",[[0,0,0],[1,0,0,0]],[[0,0,0],[1,0,0,0]]];
CONST confdata any := [0,0,0,0];
PROC main()
ConfJ \\Off; ConfL \\Off;
"""
ALONG = (
    DATA
    + """MoveJ [[500,500,300],[0,0,1,0],any,[0,0,9E9,9E9,9E9,9E9]], v1000, fine, cup;
MoveL [[400,750,450],[0,0,1,0],any,[700,9E9,9E9,9E9,9E9,9E9]], v300, {zone}, cup;
MoveL [[400,850,450],[0,0,1,0],any,[9E9,9E9,9E9,9E9,9E9,9E9]], v300, fine, cup;
Stop;
ENDPROC
ENDMODULE
"""
)
TURNING = (
    DATA
    + """ActUnit table;
MoveJ [[100,0,300],[0,0,1,0],any,[500,0,9E9,9E9,9E9,9E9]], v1000, fine, cup \\WObj:=disc;
MoveL [[-50,100,300],[0,0,1,0],any,[500,60,9E9,9E9,9E9,9E9]], v200, fine, cup \\WObj:=disc;
MoveC [[0,-20,300],[0,0,1,0],any,[500,60,9E9,9E9,9E9,9E9]],
  [[100,0,300],[0,0,1,0],any,[500,-30,9E9,9E9,9E9,9E9]], v200, fine, cup \\WObj:=disc;
Stop;
ENDPROC
ENDMODULE
"""
)


def cell(text, runs="true"):
    spec = spec_of(CELL.format(text=json.dumps(text), runs=runs))
    runner = Runner(build(spec, 0), Header(spec.document(), 0))
    for axis in ("rail", "table"):
        write(runner, f"{axis}_enable", True)
    return runner, body(runner, "r")


def tips(robot, begin_s, end_s, on=""):
    found = []
    for t in np.linspace(begin_s, end_s, 300):
        tip = robot.foot(t).then(robot.arm.flange(joints_at(robot.drive.track, t))).then(CUP.tip)
        if on:
            axis = robot.world.bodies[on]
            tip = Placement.at(axis.frame.at(t).then(axis.moved(t))).seen(tip)
        found.append(tip.place)
    return np.array(found)


def off(points, first, last):
    way = np.subtract(last, first)
    share = (points - first) @ way / (way @ way)
    return float(np.linalg.norm(points - first - share[:, None] * way, axis=1).max())


def wait(runner, robot, kind):
    """Until a movement of a kind goes on."""
    for step in range(1, 800):
        run(runner, 0.05 * step)
        plan = robot.drive.plan
        if plan is not None and plan.move.kind == kind and robot.drive.doing == "move":
            return plan
    raise AssertionError(f"no {kind} movement: {robot.program.error}")


@pytest.mark.parametrize("zone", ["fine", "z20"])
def test_movel_with_extax_moves_the_rail_in_step(zone):
    runner, robot = cell(ALONG.format(zone=zone))
    plan = wait(runner, robot, "linear")
    # The world is the foot, as it stands at the beginning: 0, -0.5, 0.5 in the workcell.
    first, last = (0.5, 0.0, 0.8), (0.4, 0.25, 0.95)
    assert plan.move.target.place == pytest.approx(last)
    assert off(tips(robot, runner.time_s, plan.enters_s), first, last) < 2e-5
    run(runner, 40.0)
    assert robot.program.error is None
    assert body(runner, "rail").position() == pytest.approx(0.7, abs=1e-9)
    assert robot.mover.tip(CUP).off(at(0.4, 0.35, 0.95))[0] < 1e-6
    assert robot.mover.places() == (pytest.approx(0.7, abs=1e-9), 0.0)


def test_a_work_object_on_the_table_goes_along_with_it():
    runner, robot = cell(TURNING)
    plan = wait(runner, robot, "linear")
    assert plan.move.on == "table"
    points = tips(robot, runner.time_s, plan.ends_s, on="table")
    assert off(points, (0.1, 0.0, 0.3), (-0.05, 0.1, 0.3)) < 2e-5
    wait(runner, robot, "circular")
    run(runner, 40.0)
    assert robot.program.error is None
    assert body(runner, "table").position() == pytest.approx(-30.0, abs=1e-9)
    frame = robot.mover.belt_frame("table")
    assert robot.mover.tip(CUP).off(frame.then(at(0.1, 0.0, 0.3)))[0] < 1e-6


def test_a_point_on_the_table_is_taught_where_the_table_is_now():
    runner, robot = cell(TURNING)
    wait(runner, robot, "circular")
    run(runner, 40.0)
    robot.pendant.tool = CUP
    command(runner, "wobj", name="disc")
    shown = robot.shown()["tip_in_wobj"]
    assert shown[:3] == pytest.approx([0.1, 0.0, 0.3], abs=1e-6)
    write(runner, "table_target", 60.0)
    write(runner, "table_start", True)
    run(runner, 45.0)
    assert body(runner, "table").position() == pytest.approx(60.0)
    x, y, _ = robot.shown()["tip_in_wobj"][:3]
    assert (x, y) == pytest.approx((0.0, -0.1), abs=1e-6)


def test_a_snapshot_in_the_middle_of_it():
    runner, robot = cell(TURNING)
    wait(runner, robot, "linear")
    spec = spec_of(CELL.format(text=json.dumps(TURNING), runs="true"))
    fresh = Runner(build(spec, 0), Header(spec.document(), 0))
    fresh.restore(json.loads(json.dumps(runner.snapshot())))
    for each in (runner, fresh):
        run(each, 40.0)
    assert state(fresh) == state(runner)


def test_a_work_object_on_nothing_that_moves_is_told():
    runner, robot = cell(TURNING.replace('"table"', '"tabel"'))
    run(runner, 5.0)
    why = robot.program.error
    assert "tabel" in why.text("en")
    assert "external axes" in why.text("en")
