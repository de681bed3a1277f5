"""The pages of the cells: their wiring tables are the I/O lists, their interlocks the programs'."""

import re

import pytest

from tests.unit.docs.wiring import CELLS, PAGES, TABLE, table
from twin.spec.load import load_line
from twin.spec.motion import Workcell


def program(line):
    cell = next(a for a in load_line(line).assets if isinstance(a, Workcell))
    return cell.control.program.text


@pytest.mark.parametrize(("page", "line"), CELLS.items())
def test_the_wiring_table_is_the_io_list(page, line):
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    assert TABLE.search(text)[0] == table(line), "run python tests/unit/docs/wiring.py"


@pytest.mark.parametrize(("page", "line"), CELLS.items())
def test_every_interlock_is_explained(page, line):
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    named = re.findall(r"^\s*(\w+)\s*:=.*// interlock", program(line), re.MULTILINE)
    explained = set(re.findall(r"^\| `(\w+)` \| [^%|]*\|$", text, re.MULTILINE))
    assert set(named) <= explained


@pytest.mark.parametrize("page", CELLS)
def test_the_picture_is_there(page):
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    (picture,) = re.findall(r"!\[[^]]+\]\(\.\./pictures/(\w+\.png)\)", text)
    assert (PAGES.parent / "pictures" / picture).exists()
