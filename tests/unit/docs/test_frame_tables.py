"""The frames on the robot palletiser's pages: offsets, types, worked bytes are the line's."""

import re
from struct import calcsize, pack, unpack

import pytest

from tests.unit.docs.wiring import LANGUAGES, page_of
from twin.spec.load import load_line
from twin.spec.motion import Channel, Workcell
from twin.spec.motion.channel import CODES

ROW = re.compile(r"^\| (\d+) \| (\d+) \| `link_(\w+)` \| (\w+) \|", re.MULTILINE)
BYTES = re.compile(r"`((?:[0-9A-F]{2} ?){8,})`")


@pytest.fixture(scope="module")
def link():
    cell = next(a for a in load_line("robot_palletiser_cell").assets if isinstance(a, Workcell))
    return next(body for body in cell.bodies if isinstance(body, Channel))


@pytest.fixture(params=LANGUAGES)
def text(request):
    return page_of("robot_palletiser", request.param).read_text(encoding="utf-8")


def rows_of(fields):
    at = 0
    for field in fields:
        yield str(at), str(at + 1), field.id, field.type.upper()
        at += calcsize(">" + CODES[field.type])


def test_the_tables_are_the_frames_of_the_line(link, text):
    assert ROW.findall(text) == [*rows_of(link.to_robot), *rows_of(link.to_plc)]
    for fields in (link.to_robot, link.to_plc):
        assert re.search(rf"\b{link.length(fields)} (bytes|个?字节)", text)


def test_the_worked_frames_are_what_goes_over_the_socket(link, text):
    order, answer = (bytes.fromhex(found) for found in BYTES.findall(text))
    assert order == pack(link.layout(link.to_robot), 5, 1, 1, 1, 5, 120.0)
    assert unpack(link.layout(link.to_plc), answer) == (5, 2, 0, 4)
