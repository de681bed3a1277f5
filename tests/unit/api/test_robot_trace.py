"""Where a tool has been while something carries the robot, and what people call what it meets."""

from pathlib import Path

import pytest

from tests.unit.motion.motion_world import body, make, write
from twin.api.live import LiveRun
from twin.api.robot_trace import KEPT, RobotTraces, foot_at
from twin.kernel.command import Command
from twin.plant.motion.called import called
from twin.plant.motion.robot import Robot
from twin.plant.robot.placement import Placement
from twin.plant.robot.surroundings import stand
from twin.spec import load_line
from twin.spec.messages import Phrase

pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")

CELL = Path(__file__).parents[2] / "system" / "robot_cell.yaml"
CARRIED = """- {{id: rail, kind: axis, {axis}, needs_homing: false}}
- {{id: r, kind: robot, arm: six, on: rail, runs: true}}
"""
AXES = {
    "slides": "direction: y, at_m: [0, -0.5, 0.5], heading_deg: 30, high: 1.0, speed: 0.5, "
    "accel: 1",
    "turns": "rotary: true, direction: z, at_m: [0.2, 0.1, 0.5], low: -180, high: 180, speed: 90, "
    "accel: 200, home: 0",
}


@pytest.fixture
def live() -> LiveRun:
    return LiveRun(load_line(CELL), run_id="run", seed=1, rate=0.0)


def arm(live: LiveRun) -> Robot:
    found = live.workcells["lab"].world.bodies["arm"]
    assert isinstance(found, Robot)
    return found


def step(live: LiveRun, by: float) -> None:
    for verb, args in (
        ("mode", {"mode": "manual"}), ("motors", {"on": True}), ("enabling", {"on": True}),
        ("jog_step", {"frame": "joint", "axis": 5, "by": by}),
    ):  # fmt: skip
        live.command(Command(verb, arm(live).address, args, "test"))


def test_no_more_is_kept_than_can_be_asked_for(live: LiveRun) -> None:
    robot = arm(live)
    traces = RobotTraces(live.workcells["lab"])
    for number in range(KEPT // 2 + 50):
        step(live, 1.0 if number % 2 else -1.0)
        live.runner.run_until(live.runner.time_s + 1.0)
    points = traces.read(robot, 1e9)
    assert points[0][0] >= robot.env.time_s - 60.0
    assert len(points) <= 700


def test_things_are_called_by_their_titles(live: LiveRun) -> None:
    cell = live.workcells["lab"]

    def both(name: str) -> tuple[str, str]:
        found = called(cell, name)
        return (found.text("en"), found.text("zh")) if isinstance(found, Phrase) else (found, found)

    assert both("fixture") == ("Fixture", "夹具")
    assert both("block 12") == ("Block 12", "木块 12")
    assert both("arm_pedestal") == ("the pedestal of Robot arm", "机械臂的底座")
    assert both("forearm") == both("forearm_link") == ("forearm", "小臂")
    assert both("panda_link5") == ("link 5", "连杆 5")
    assert both("floor") == ("floor", "地面")
    assert both("supply") == ("supply", "supply")
    assert both("nobody_knows") == ("nobody_knows", "nobody_knows")


@pytest.mark.parametrize("axis", AXES.values(), ids=AXES)
def test_a_foot_that_is_carried_has_been_where_the_plant_had_it(axis: str) -> None:
    runner = make(CARRIED.format(axis=axis))
    robot, rail = body(runner, "r"), body(runner, "rail")
    assert isinstance(robot, Robot)
    write(runner, "rail_enable", True)
    write(runner, "rail_target", 0.8)
    write(runner, "rail_start", True)
    now = robot.env.time_s
    assert rail.moves(now + 0.1)
    foot = stand(robot.frame, now)
    assert foot is not None
    assert foot.moves
    for share in (0.0, 0.1, 0.25, 0.5, 1.0):
        time_s = now + share
        wanted = Placement.at(robot.frame.at(time_s))
        assert foot_at(foot, time_s).off(wanted) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert Placement.at(robot.frame.at(now)).off(Placement.at(robot.frame.at(now + 0.5))) != (0, 0)
