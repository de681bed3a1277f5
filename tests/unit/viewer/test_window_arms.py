"""What the window shows of arms on request: tool frames, ways of tools, where an arm is going."""

from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from twin.spec.line import LineSpec
from twin.wire.model import Piece, Snapshot
from viewer.scene import build_scene
from viewer.scene.document import Camera
from viewer.scene.frames import Frames
from viewer.window.overlay import projected

pytestmark = pytest.mark.needs_gl

ZOO = Path(__file__).with_name("all_bodies.yaml")
SIZE = (480, 270)
TURN = (Piece(0.0, 0.0, 0.5), Piece(2.0, 1.0))
"""The first joint goes from 0 to 1 rad in 2 s."""
TRACE = np.array([224, 24, 156])


@pytest.fixture(scope="module")
def document():
    return build_scene(LineSpec.model_validate(YAML(typ="safe").load(ZOO)))


@pytest.fixture(scope="module")
def tool(document):
    return next(node.parent for node in document.nodes if node.role == "axes")


@pytest.fixture
def stage(document, tool):
    import pyvista as pv

    from viewer.window.stage import Stage

    plotter = pv.Plotter(off_screen=True, window_size=SIZE, lighting="none")
    made = Stage(document, plotter, lights=1)
    at = Frames(document).pose(tool)[:3, 3]
    made.look(Camera(tuple(at + np.array((1.3, 2.0, 1.8))), tuple(at), 40.0))
    yield made
    plotter.close()


def joint_of(tool):
    return f"{tool.removesuffix('__tool').replace('__', '/', 1)}/j1"


def shot(stage, tool, time_s):
    joints = {joint_of(tool): TURN}
    stage.show(Snapshot("r", "zoo", 1, time_s, 1.0, {}, {}, [], {}, joints))
    stage.plotter.render()
    return np.asarray(stage.plotter.screenshot(return_img=True)).astype(int)


def near(picture, colour):
    """Where a picture has about this colour."""
    return np.abs(picture - colour).sum(axis=2) < 90


def test_nothing_is_shown_before_somebody_asks(stage, tool):
    shot(stage, tool, 0.5)
    assert not near(shot(stage, tool, 1.5), TRACE).any()


def test_the_way_of_the_tool_lies_where_the_tool_was(stage, tool, document):
    from viewer.window.stage import projection

    stage.arms.switch()
    times_s = np.linspace(0.0, 2.0, 21)
    for time_s in times_s:
        picture = shot(stage, tool, float(time_s))
    matrix = projection(stage.plotter, SIZE[0] / SIZE[1])
    found = near(picture, TRACE)
    hits = 0
    for time_s in times_s[2:-2]:
        frames = Frames(document).at({joint_of(tool): TURN}, float(time_s))
        x, y = projected({"p": tuple(frames.pose(tool)[:3, 3])}, matrix, SIZE)["p"]
        hits += found[round(y) - 3 : round(y) + 4, round(x) - 3 : round(x) + 4].any()
    assert hits >= 12  # the arm itself may stand before some of it
    stage.arms.switch()
    assert not near(shot(stage, tool, 2.0), TRACE).any()


def test_a_way_is_forgotten_after_its_time(stage, tool):
    stage.arms.switch()
    for time_s in (0.0, 1.0, 2.0):
        shot(stage, tool, time_s)
    assert near(shot(stage, tool, 5.0), TRACE).any()
    assert not near(shot(stage, tool, 13.0), TRACE).any()


def test_a_ghost_is_where_the_arm_is_going_until_it_is_there(stage, tool):
    plain = shot(stage, tool, 0.2)
    stage.arms.switch()
    going = shot(stage, tool, 0.2)
    bluer = (going - plain)[:, :, 2] - (going - plain)[:, :, 0]
    there = shot(stage, tool, 2.5)
    stage.arms.switch()
    alone = shot(stage, tool, 2.5)
    arrived = (there - alone)[:, :, 2] - (there - alone)[:, :, 0]
    assert (bluer > 20).sum() > 8 * max((arrived > 20).sum(), 20)
