"""The page on adding an arm does what it says, in both languages."""

import re
from pathlib import Path

import pytest

from twin.plant.robot.arm import load_arm
from twin.spec.arms import describe
from twin.spec.load import load_line
from twin.spec.motion import Robot, Workcell

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to"
PAGES = ("add-your-own-arm.md", "add-your-own-arm.zh-CN.md")
FILES = {"xml": "my_arm.urdf", "yaml": "my_line.yaml", "rapid": "my_program.mod"}


def blocks(page: str) -> dict[str, str]:
    text = (HOW_TO / page).read_text(encoding="utf-8")
    return dict(re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))


def robot(folder: Path) -> Robot:
    for language, name in FILES.items():
        (folder / name).write_text(blocks(PAGES[0])[language], encoding="utf-8")
    cell = load_line(folder / "my_line.yaml").assets[0]
    assert isinstance(cell, Workcell)
    (found,) = cell.bodies
    assert isinstance(found, Robot)
    return found


def test_both_pages_show_the_same_files() -> None:
    assert blocks(PAGES[0]) == blocks(PAGES[1])


def test_the_arm_of_the_page_is_read(tmp_path: Path) -> None:
    spec = robot(tmp_path)
    assert spec.program is not None
    assert spec.program.text == blocks(PAGES[0])["rapid"]
    arm = describe(spec.arm)
    assert (arm.id, arm.flange, arm.payload_kg) == ("my_arm", "flange", 1.5)
    assert [joint.name for joint in arm.moving] == ["j1", "j2", "j3", "j4", "j5", "j6"]
    assert arm.joints[0].accel == 10.0


def test_the_arm_of_the_page_has_a_closed_form(tmp_path: Path) -> None:
    pytest.importorskip("pinocchio")
    arm = load_arm(robot(tmp_path).arm)
    q = (0.3, 0.2, -0.4, 0.5, 0.9, -0.2)
    found = arm.inverse(arm.flange(q), arm.rest)
    assert len(found) >= 2
    assert any(each == pytest.approx(q, abs=1e-8) for each in found)


def test_every_kind_of_arm_that_the_page_names_is_in_the_catalogue() -> None:
    from twin.spec.arms import catalogue_names

    for page in PAGES:
        text = (HOW_TO / page).read_text(encoding="utf-8")
        assert all(f"`{name}`" in text for name in catalogue_names())
