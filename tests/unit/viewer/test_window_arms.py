"""What the window shows of arms on request: tool frames, ways of tools, where an arm is going."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.needs_gl

SCRIPT = Path(__file__).with_name("window_shots.py")
ROOT = Path(__file__).parents[3]
TRACE = np.array([224, 24, 156])


@pytest.fixture(scope="module")
def shots(tmp_path_factory):
    file = tmp_path_factory.mktemp("window") / "shots.npz"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(SCRIPT), str(file)]
    subprocess.run(command, check=True, timeout=100, env=environment, cwd=ROOT)
    with np.load(file) as found:
        return {name: found[name].astype(float) for name in found.files}


def traced(picture):
    """Where a picture has about the colour of a tool's way."""
    return np.abs(picture - TRACE).sum(axis=2) < 90


def bluer(picture, plain):
    """How many pixels are bluer than in another picture."""
    difference = picture - plain
    return int((difference[:, :, 2] - difference[:, :, 0] > 20).sum())


def test_nothing_is_shown_before_somebody_asks_nor_after(shots):
    assert not traced(shots["plain_there"]).any()
    assert np.array_equal(shots["hidden"], shots["plain_there"])


def test_the_way_of_the_tool_lies_where_the_tool_was(shots):
    found = traced(shots["way"])
    hits = [
        found[round(y) - 3 : round(y) + 4, round(x) - 3 : round(x) + 4].any()
        for x, y in shots["places"][2:-2]
    ]
    assert sum(hits) >= 12  # the arm itself may stand before some of it


def test_a_way_is_forgotten_after_its_time(shots):
    assert traced(shots["late"]).any()
    assert not traced(shots["later"]).any()


def test_a_ghost_is_where_the_arm_is_going_until_it_is_there(shots):
    going = bluer(shots["going"], shots["plain_going"])
    there = bluer(shots["there"], shots["plain_there"])
    assert going > 8 * max(there, 20)
