"""Two robots and a post, driven about at random: none ever comes nearer than it may to anything."""

import numpy as np
import pytest

from tests.unit.motion.motion_world import body, incidents, run
from tests.unit.robot.robot_world import Program, axes, joint, line, robot_cell
from twin.plant.robot.order import MoveRefused
from twin.spec.messages import phrase

MORE = (
    "- {id: s, kind: robot, arm: six, at_m: [1.3, 0, 0.5], pedestal_m: 0.5, runs: true, "
    "heading_deg: 180}\n"
    "- {id: grip2, kind: gripper, type: vacuum, on: s, at_m: [0, 0, -0.1]}\n"
    "- {id: post, kind: solid, at_m: [0.65, 0.35, 0], size_m: [0.1, 0.1, 1.4]}\n"
)
TURNS = 24


def anywhere(rng, robot, way):
    if rng.random() < 0.5:
        limits = [(max(j.low, -2.0), min(j.high, 2.0)) for j in robot.arm.joints]
        goal = tuple(rng.uniform(*each) for each in limits)
        return axes()._replace(axes=goal, speed_m_s=float(rng.choice([0.5, 2.0, 5.0])))
    x = (0.5 if way > 0 else 0.8) + way * rng.uniform(-0.15, 0.25)
    kind = line if rng.random() < 0.5 else joint
    return kind(
        x,
        rng.uniform(-0.35, 0.35),
        rng.uniform(0.6, 0.95),
        speed_m_s=float(rng.choice([0.3, 1.0, 2.0])),
    )


def freed(rng, robot):
    """Reset a robot; tell whether it goes on with what it was doing."""
    robot.safety.reset()
    if robot.drive.broken is not None and rng.random() < 0.3:
        try:
            robot.mover.resume()
        except MoveRefused:
            pass
        else:
            return True
    robot.mover.forget()
    return False


@pytest.mark.parametrize("seed", [2, 4])
def test_nobody_ever_comes_too_near(seed):
    rng = np.random.default_rng(seed)
    runner, first, _ = robot_cell(MORE)
    second = body(runner, "s")
    Program(second)
    run(runner, 0.5)
    for _ in range(TURNS):
        for robot, way in ((first, 1), (second, -1)):
            if rng.random() < 0.3 or (robot.safety.fault and freed(rng, robot)):
                continue
            if not robot.drive.doing:
                try:
                    robot.mover.go(anywhere(rng, robot, way))
                except MoveRefused:
                    continue
        if rng.random() < 0.1:
            first.safety.interrupt(int(rng.choice([1, 2])), phrase("robot.stop_input"))
        end_s = runner.time_s + rng.uniform(0.1, 1.5)
        while runner.time_s < end_s:
            run(runner, runner.time_s + 0.02)
            for robot in (first, second):
                assert robot.guard.nearest().distance_m >= 0.002 - 1e-6
    causes = {each.cause for each in incidents(runner)}
    assert causes == {"incident.robot_stop"}
