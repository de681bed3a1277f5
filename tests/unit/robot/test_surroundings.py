"""What a robot must not touch: bodies and parts of a workcell as hulls, where they are seen."""

from math import pi, radians

import numpy as np
import pytest

from tests.unit.motion.motion_world import body, cell, put, run, where, write
from tests.unit.robot.collide_scenes import gap
from tests.unit.robot.robot_world import robot_cell
from twin.plant.motion.box import Way
from twin.plant.robot.hulls import box
from twin.plant.robot.obstacle import Neighbour, Spin
from twin.plant.robot.placement import HERE, OVER, Placement
from twin.plant.robot.surroundings import Surroundings, part_name
from twin.spec.arms.description import Box
from twin.wire.model import along

MORE = """\
- {id: belt, kind: belt, at_m: [-0.5, 0.6, 0.5], length_m: 1.2, width_m: 0.3, speed_m_s: 0.2}
- {id: press, kind: solid, at_m: [0.7, 0.7, 0.4], heading_deg: 30, size_m: [0.2, 0.3, 0.5]}
- {id: cyl, kind: cylinder, at_m: [0.4, -0.6, 0.5], heading_deg: 90, stroke_m: 0.2, extend_s: 1.0}
- {id: hatch, kind: solid, "on": cyl, at_m: [0, 0, 0.1], size_m: [0.1, 0.02, 0.3]}
- {id: disc, kind: turntable, at_m: [-0.6, -0.4, 0.5], angle_deg: 90, diameter_m: 0.5}
- {id: nest, kind: seat, "on": disc, at_m: [0.2, 0, 0], size_m: [0.1, 0.1]}
- {id: r2, kind: robot, arm: six, at_m: [1.4, 0, 0.5], heading_deg: 180, pedestal_m: 0.5}
- {id: grip2, kind: gripper, type: parallel, "on": r2, at_m: [0, 0, -0.12]}
- {id: y, kind: axis, at_m: [0, 0.9, 1.2], high: 0.8, needs_homing: false, tool_m: [0.1, 0.1, 0.2]}
"""


@pytest.fixture
def made():
    pytest.importorskip("coal")
    return robot_cell(MORE)


def things(robot):
    return {thing.name: thing for thing in Surroundings(robot).things()}


def corners(thing, hull):
    """Return the corners of a box, in the workcell, before anything has moved."""
    x, y, z = (edge / 2 for edge in hull.shape.size)
    at = thing.at.then(hull.at)
    return np.array([at.point((a, b, c)) for a in (-x, x) for b in (-y, y) for c in (-z, z)])


def test_all_that_stands_there_is_an_obstacle(made):
    _, robot, _ = made
    found = things(robot)
    assert {"floor", "a", "b", "belt", "press", "hatch", "disc", "nest", "r2", "y"} <= set(found)
    assert {"r_pedestal", "r2_pedestal"} <= set(found)
    assert "r" not in found
    assert "grip" not in found
    assert "grip2" not in found
    assert all(hull.role == "fixed" for hull in found["press"].hulls)


def test_boxes_lie_where_they_are_seen(made):
    _, robot, _ = made
    found = things(robot)
    (hull,) = found["press"].hulls
    spots = corners(found["press"], hull)
    assert spots[:, 2].min() == pytest.approx(0.4)
    assert spots[:, 2].max() == pytest.approx(0.9)
    assert spots.mean(axis=0) == pytest.approx([0.7, 0.7, 0.65])
    c, s = np.cos(radians(30)), np.sin(radians(30))
    assert spots[:, 0].max() == pytest.approx(0.7 + 0.1 * c + 0.15 * s)
    belt = corners(found["belt"], found["belt"].hulls[0])
    assert belt[:, 2].max() == pytest.approx(0.5)
    assert (belt[:, 0].min(), belt[:, 0].max()) == pytest.approx((-0.5, 0.7))
    pedestal = corners(found["r_pedestal"], found["r_pedestal"].hulls[0])
    assert (pedestal[:, 2].min(), pedestal[:, 2].max()) == pytest.approx((0.0, 0.5))
    floor = corners(found["floor"], found["floor"].hulls[0])
    assert floor[:, 2].max() == pytest.approx(0.0)


def test_what_is_carried_slides_along(made):
    runner, robot, _ = made
    before = things(robot)["hatch"]
    assert before.moves == ()
    write(runner, "cyl_extend", value=True)
    runner.run_until(runner.time_s)
    (way,) = things(robot)["hatch"].moves
    assert isinstance(way, Way)
    assert way.vector == pytest.approx((0.0, 1.0, 0.0))
    run(runner, 0.5)
    moving = things(robot)["hatch"]
    shift = along(moving.moves[0].path, runner.time_s)
    true = body(runner, "hatch").frame.at(runner.time_s)
    x, y, z = moving.at.place
    assert (x, y + shift, z) == pytest.approx(true[:3])
    run(runner, 3.0)
    after = things(robot)["hatch"]
    assert after.moves == ()
    assert after.at.y == pytest.approx(before.at.y + 0.2)


def test_what_is_carried_turns_along(made):
    runner, robot, _ = made
    part = put(runner, "nest")
    write(runner, "disc_extend", value=True)
    run(runner, 0.4)
    for name in ("nest", part_name(part)):
        thing = things(robot)[name]
        (spin,) = thing.moves
        assert isinstance(spin, Spin)
        assert spin.point == pytest.approx((-0.6, -0.4, 0.5))
        angle = along(spin.path, runner.time_s)
        assert 0.1 < angle < pi / 2
        x, y, z = thing.at.place
        c, s = np.cos(angle), np.sin(angle)
        dx, dy = x + 0.6, y + 0.4
        turned = (c * dx - s * dy - 0.6, s * dx + c * dy - 0.4, z)
        true = where(runner, part) if name != "nest" else body(runner, "nest").frame.at(0.4)[:3]
        assert turned == pytest.approx(true)


def test_parts_on_a_running_belt_go_along_with_it_as_one(made):
    runner, robot, _ = made
    parts = [put(runner, "belt", along_m=at) for at in (0.2, 0.5)]
    write(runner, "belt_run", value=True)
    run(runner, 1.0)
    found = things(robot)
    moves = [found[part_name(part)].moves for part in parts]
    assert moves[0] == moves[1]
    (way,) = moves[0]
    assert way.path[0].v == pytest.approx(0.2)
    for part in parts:
        thing = found[part_name(part)]
        assert thing.at.place == pytest.approx(where(runner, part))
        assert thing.hulls[0].role == "part"
        assert thing.hulls[0].press_m > 0.01


def test_a_part_on_the_floor_is_one_too(made):
    runner, robot, _ = made
    part = put(runner, "a")
    body(runner, "a").take(part)
    cell(runner).world.lay(part, body(runner, "a").frame.at(0.0)._replace(z=0.3))
    falls = things(robot)[part_name(part)]
    assert len(falls.moves) == 1
    run(runner, 2.0)
    lies = things(robot)[part_name(part)]
    assert lies.moves == ()
    assert lies.at.z == pytest.approx(0.0)


def test_the_tool_is_given_in_the_frame_of_what_stands_on_the_flange():
    pytest.importorskip("coal")
    tip = "[[-0.02, -0.02, 0], [0.02, -0.02, 0], [0, 0.02, 0], [0, 0, 0.08]]"
    _, robot, _ = robot_cell(robot=f", tool_m: {tip}")
    (tool,) = Surroundings(robot).held()
    assert (tool.name, tool.role) == ("tool", "tool")
    # 0.1 m beyond the flange its z points back at it.
    assert tool.at.point((0.0, 0.0, 0.0)) == pytest.approx((0.0, 0.0, 0.1))
    assert tool.at.point((0.0, 0.0, 0.08)) == pytest.approx((0.0, 0.0, 0.02))


def test_without_it_a_plain_one_reaches_from_the_flange_to_the_cup(made):
    _, robot, _ = made
    (tool,) = Surroundings(robot).held()
    assert tool.name == "grip"
    assert isinstance(tool.shape, Box)
    ends = sorted(tool.at.point((0.0, 0.0, z * tool.shape.size[2] / 2))[2] for z in (-1, 1))
    assert ends == pytest.approx([0.0, 0.1])


def test_a_held_part_hangs_on_the_tool_and_is_no_obstacle(made):
    runner, robot, _ = made
    part = put(runner, "a")
    gripper = body(runner, "grip")
    body(runner, "a").take(part)
    gripper.carried, gripper.grip_at = part, [0.01, 0.0, -0.05, 0.0]
    _, held = Surroundings(robot).held()
    assert (held.name, held.role) == (part_name(part), "held")
    length, width, height = cell(runner).world.size(part)
    assert held.shape.size == pytest.approx((length - 0.004, width - 0.004, height - 0.01))
    # Its underside is 0.05 below the cup, 0.15 beyond the flange; the cup gives way by 0.01.
    low = held.at.then(Placement(z=-held.shape.size[2] / 2)).place
    assert low == pytest.approx((0.01, 0.0, 0.15 - 0.01))
    assert held.at.seen(OVER).off(HERE)[1] == pytest.approx(0.0, abs=1e-9)
    assert part_name(part) not in things(robot)


def test_another_robot_is_a_neighbour_with_what_it_holds(made):
    runner, robot, _ = made
    other = things(robot)["r2"]
    assert isinstance(other, Neighbour)
    r2 = body(runner, "r2")
    assert other.foot == r2.foot(0.0)
    assert [hull.name for hull in other.held] == ["grip2"]
    assert tuple(other.track) == tuple(r2.drive.track)
    back = things(r2)["r"]
    assert isinstance(back, Neighbour)
    assert back.arm is robot.arm


def test_an_axis_brings_its_tool(made):
    runner, robot, _ = made
    (hull,) = things(robot)["y"].hulls
    assert hull.shape.size == pytest.approx((0.1, 0.1, 0.2))
    write(runner, "y_enable", value=True)
    write(runner, "y_target", value=0.5)
    write(runner, "y_start", value=True)
    run(runner, 0.3)
    tool = things(robot)["y"]
    (way,) = tool.moves
    assert way.vector == pytest.approx((1.0, 0.0, 0.0))
    assert 0.0 < along(way.path, runner.time_s) < 0.5


def test_on_an_axis_its_own_carriage_is_no_obstacle():
    pytest.importorskip("coal")
    rail = (
        "- {id: rail, kind: axis, at_m: [0, -0.4, 0.2], high: 1.0, needs_homing: false, "
        "tool_m: [0.3, 0.3, 0.1]}\n"
        "- {id: r3, kind: robot, arm: six, on: rail, at_m: [0, 0, 0.1]}\n"
    )
    runner, robot, _ = robot_cell(rail)
    r3 = body(runner, "r3")
    assert "rail" not in things(r3)
    assert "rail" in things(robot)
    write(runner, "rail_enable", value=True)
    write(runner, "rail_target", value=0.5)
    write(runner, "rail_start", value=True)
    run(runner, 0.3)
    at, moves = Surroundings(r3).foot
    assert len(moves) == 1
    assert at.place == pytest.approx((0.0, -0.4, 0.3))
    neighbour = things(robot)["r3"]
    assert isinstance(neighbour, Neighbour)
    assert neighbour.moves == moves


@pytest.mark.parametrize("process", ["press", "weld", "screw", "dispense", "oven", "mill", "drill"])
def test_a_head_stands_behind_the_part_and_above_it(process):
    pytest.importorskip("coal")
    more = f"- {{id: head, kind: process, process: {process}, sees: a, duration_s: 2}}\n"
    runner, robot, _ = robot_cell(more)
    high = max(spec.size_m[2] for spec in cell(runner).part_specs.values())
    head = things(robot)["head"]
    assert head.at.place == pytest.approx(body(runner, "a").frame.pose[:3])
    boxes = [corners(head, hull) for hull in head.hulls if isinstance(hull.shape, Box)]
    assert min(spots[:, 2].min() for spots in boxes) == pytest.approx(
        0.48 if process == "oven" else 0.0, abs=1e-9
    )
    # Nothing of it is in the part itself, whose underside is at 0.5.
    part = box("part", (0.02, 0.02, high), Placement(0.5, -0.2, 0.5))
    near = min(gap(part.shape, part.at, hull.shape, head.at.then(hull.at)) for hull in head.hulls)
    assert near > 0.01
