"""A line without a robot needs none of the libraries for arms; one with a robot says which."""

import subprocess
import sys

import pytest

from tests.unit.robot.robot_world import spec
from twin.kernel.errors import PilotlineError
from twin.plant.line import build
from twin.plant.motion import robot as robots
from twin.spec.extras import install_command

LINES = ("sorting_cell", "palletiser_cell")


@pytest.mark.parametrize("name", LINES)
def test_a_line_without_a_robot_loads_none_of_the_libraries(name):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from twin.control.line import build\n"
        "from twin.spec.load import load_line\n"
        f"build(load_line(Path('config/lines/{name}.yaml')))\n"
        "found = {'pinocchio', 'coal', 'ruckig', 'eaik'} & set(sys.modules)\n"
        "assert not found, found\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_without_the_libraries_a_robot_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setattr(robots, "find_spec", lambda name: None if name == "coal" else object())
    with pytest.raises(PilotlineError) as refused:
        build(spec())
    told = str(refused.value)
    assert "robot r" in told
    assert "missing: coal" in told
    assert install_command("robots") in told
    assert "\n" not in told
    assert "缺少：coal" in refused.value.phrase.text("zh")
