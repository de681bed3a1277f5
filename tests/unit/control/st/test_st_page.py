"""The page about Structured Text says what is so."""

import re
from pathlib import Path

from twin.control.st import IoVariable, check_st, compile_st
from twin.control.st.limits import Limits
from twin.spec.messages import catalogue

from .conformance import ROWS

PAGES = Path(__file__).resolve().parents[4] / "docs" / "reference"
ENGLISH = (PAGES / "structured-text.md").read_text(encoding="utf-8")
CHINESE = (PAGES / "structured-text.zh-CN.md").read_text(encoding="utf-8")
MS = 1_000_000


def test_each_row_is_a_test_and_each_test_a_row():
    table = ENGLISH.partition("## Conformance")[2]
    found = re.findall(r"^\| (\S+) \| (.+) \| `(\w+)` \|$", table, re.MULTILINE)
    assert found == [(row.table, row.feature, row.id) for row in ROWS]
    assert len({row.id for row in ROWS}) == len(ROWS) > 100


def blocks(text):
    return re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)


def test_both_languages_show_the_same_programs():
    assert blocks(ENGLISH) == blocks(CHINESE)


def test_the_limits_are_those_of_the_compiler():
    limits = Limits()
    for text in (ENGLISH, CHINESE):
        for number in (limits.cells, limits.string_length, limits.steps):
            assert f"{number:,}" in text
        for number in (limits.nesting, limits.loops, limits.expression, limits.branches):
            assert str(number) in text
        assert f"{limits.source_bytes // 1024} kB" in text


def test_the_warnings_are_those_of_the_compiler():
    known = {key for key in catalogue() if key.startswith("st.warn.")}
    for text in (ENGLISH, CHINESE):
        assert set(re.findall(r"^\| `(st\.warn\.\w+)` \|", text, re.MULTILINE)) == known


def test_the_example_drills():
    source = blocks(ENGLISH)[0][1]
    inputs = ("part_there", "clamp_closed", "start", "reset")
    outputs = ("clamp", "drill", "fault_lamp")
    io = [IoVariable(name, "BOOL", "input", f"%IX0.{n}") for n, name in enumerate(inputs)]
    io += [IoVariable(name, "BOOL", "output", f"%QX0.{n}") for n, name in enumerate(outputs)]
    assert check_st(source, io) == ()
    image = compile_st(source, io).start()
    seen = []

    def scan(ms, part, closed, start, reset):
        image.inputs[:] = [part, closed, start, reset]
        image.scan(time_ns=ms * MS)
        phase = image.read("drilling_cell.phase")
        seen.append((ms, phase, *(int(value) for value in image.outputs)))

    scan(0, True, False, False, False)
    scan(100, True, False, True, False)
    scan(200, True, True, True, False)
    scan(300, True, True, False, False)
    scan(1799, True, True, False, False)
    scan(1800, True, True, False, False)
    scan(1900, True, True, False, False)
    scan(3900, True, True, False, False)
    scan(4000, True, True, False, False)
    scan(4250, True, True, False, False)
    scan(4500, True, True, False, False)
    scan(4600, True, True, False, True)
    scan(4700, True, False, False, False)
    assert seen == [
        (0, "waiting", 0, 0, 0),
        (100, "clamping", 1, 0, 0),
        (200, "drilling", 1, 1, 0),
        (300, "drilling", 1, 1, 0),
        (1799, "drilling", 1, 1, 0),
        (1800, "releasing", 0, 0, 0),
        (1900, "releasing", 0, 0, 0),
        (3900, "faulty", 0, 0, 0),
        (4000, "faulty", 0, 0, 0),
        (4250, "faulty", 0, 0, 1),
        (4500, "faulty", 0, 0, 0),
        (4600, "releasing", 0, 0, 0),
        (4700, "waiting", 0, 0, 0),
    ]
    assert image.read("drilling_cell.drilled") == 1
