"""The pages of the cells: their wiring tables are the I/O lists, their interlocks the programs'."""

import re
from itertools import product

import pytest

from tests.unit.docs.wiring import CELLS, LANGUAGES, PAGES, TABLE, page_of, table
from twin.spec.io import io_list
from twin.spec.load import load_line
from twin.spec.motion import Robot, Workcell

EACH = [(page, line, language) for (page, line), language in product(CELLS.items(), LANGUAGES)]


def workcell(line):
    return next(a for a in load_line(line).assets if isinstance(a, Workcell))


def text_of(page, language):
    return page_of(page, language).read_text(encoding="utf-8")


@pytest.mark.parametrize(("page", "line", "language"), EACH)
def test_the_wiring_table_is_the_io_list(page, line, language):
    found = TABLE.search(text_of(page, language))
    assert found[0] == table(line, language), "run python tests/unit/docs/wiring.py"


@pytest.mark.parametrize("line", CELLS.values())
def test_what_a_chinese_table_says_is_chinese(line):
    for point in io_list(load_line(line)):
        assert re.search("[\u4e00-\u9fff]", point.comment.get("zh").partition("：")[2]), point.name
        assert not re.search("[\u4e00-\u9fff]", point.comment.get("en")), point.name


@pytest.mark.parametrize("line", ["picking_cell", "robot_palletiser_cell", "battery_cell"])
def test_a_robots_signals_say_what_they_are_for(line):
    comments = {point.name: point.comment for point in io_list(load_line(line))}
    for robot in (body for body in workcell(line).bodies if isinstance(body, Robot)):
        for signal in (*robot.inputs, *robot.outputs):
            comment = comments[f"{robot.id}_{signal.id}"]
            assert comment.en == f"{robot.title.en}: {signal.title.en}"
            assert comment.zh == f"{robot.title.zh}：{signal.title.zh}"


@pytest.mark.parametrize(("page", "line", "language"), EACH)
def test_every_interlock_is_explained(page, line, language):
    cell = workcell(line)
    programs = {body.program.text for body in cell.bodies if isinstance(body, Robot)}
    named = set(
        re.findall(r"^\s*(\w+)\s*:=.*// interlock", cell.control.program.text, re.MULTILINE)
    ).union(*(re.findall(r"! interlock: (\w+)", text) for text in programs))
    explained = re.findall(r"^\| `(\w+)` \| [^%|]*\|$", text_of(page, language), re.MULTILINE)
    assert named <= set(explained)


@pytest.mark.parametrize(("page", "line", "language"), EACH)
def test_the_picture_is_there(page, line, language):
    pictures = re.findall(r"!\[[^]]+\]\(\.\./pictures/(\w+\.png)\)", text_of(page, language))
    assert len(pictures) == 1
    assert (PAGES.parent / "pictures" / pictures[0]).exists()
