"""The robot panel in a VTK window: what it takes of mouse and keys, and what lets go."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")
pytestmark = pytest.mark.needs_gl

SCRIPT = Path(__file__).with_name("window_robot_shots.py")
ROOT = Path(__file__).parents[3]
AXIS = {"frame": "joint", "axis": 0}
STOPS = [["jog", AXIS | {"way": 0}], ["enabling", {"on": False}]]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dock")
    files = [folder / "shots.npz", folder / "told.json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(SCRIPT), *map(str, files)]
    subprocess.run(command, check=True, timeout=110, env=environment, cwd=ROOT)
    with np.load(files[0]) as found:
        shots = {name: found[name].astype(int) for name in found.files}
    return shots, json.loads(files[1].read_text())


def test_a_press_sends_a_jog_and_the_release_its_end(done):
    told = done[1]
    assert told["press"] == [["jog", AXIS | {"way": 1}]]
    assert told["release"] == STOPS[:1]


@pytest.mark.parametrize("way", ["LeaveEvent", "focus", "switch", "close"])
def test_losing_the_mouse_the_focus_or_the_panel_lets_go(done, way):
    assert done[1][way] == STOPS


def test_what_is_meant_for_the_panel_does_not_turn_the_hall(done):
    told = done[1]
    assert told["closed"] == ["LeftButtonPressEvent"]
    assert told["through"] == []
    assert told["beside"] == ["LeftButtonPressEvent", "KeyPressEvent"]


def test_the_panel_stands_where_it_says_and_nowhere_once_it_is_closed(done):
    shots, told = done
    left, top, right, bottom = map(round, told["box"])
    inside = shots["open"][top + 20 : bottom - 20, left + 8 : right - 12]
    assert (inside.min(axis=2) > 240).mean() > 0.6
    outside = shots["open"][top + 20 : bottom - 20, : left - 8]
    assert (outside.min(axis=2) > 240).mean() < 0.2
    shut = shots["shut"][top + 20 : bottom - 20, left + 8 : right - 12]
    assert (shut.min(axis=2) > 250).mean() < 0.2


def test_the_robot_stands_in_the_middle_of_what_the_panel_leaves_free(done):
    told = done[1]
    assert told["foot"][0] == pytest.approx(told["box"][0] / 2, abs=12.0)
    assert told["centre"] == [0.0, 0.0]


def test_the_line_goes_from_the_robot_to_its_nearest_obstacle(done):
    assert done[1]["line"] < 1e-6
    assert done[1]["length"] == pytest.approx(0.0, abs=1e-5)
