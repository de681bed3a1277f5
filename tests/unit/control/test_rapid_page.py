"""The page about RAPID says what is so."""

import re
from pathlib import Path

from twin.control.rapid import check_rapid
from twin.control.rapid.builtin import ERRORS
from twin.control.rapid.limits import LIMITS
from twin.spec.messages import catalogue

from .rapid_bench import SIGNALS, Station
from .rapid_conformance import ROWS

PAGES = Path(__file__).resolve().parents[3] / "docs" / "reference"
ENGLISH = (PAGES / "rapid.md").read_text(encoding="utf-8")
CHINESE = (PAGES / "rapid.zh-CN.md").read_text(encoding="utf-8")


def blocks(text):
    return re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)


def test_each_row_is_a_test_and_each_test_a_row():
    table = ENGLISH.partition("## Conformance")[2]
    found = re.findall(r"^\| (\S+) \| (.+) \| `(\w+)` \|$", table, re.MULTILINE)
    assert found == [(row.group, row.feature, row.id) for row in ROWS]
    assert len({row.id for row in ROWS}) == len(ROWS) > 110


def test_both_languages_show_the_same_program():
    assert blocks(ENGLISH) == blocks(CHINESE)


def test_the_limits_are_those_of_the_compiler():
    for text in (ENGLISH, CHINESE):
        limits = text.partition("256 kB")[2]
        for number in (LIMITS.array, LIMITS.values, LIMITS.steps):
            assert f"{number:,}" in limits
        for number in (LIMITS.name, LIMITS.string, LIMITS.nesting, LIMITS.depth, LIMITS.retries):
            assert str(number) in limits
        assert f"{LIMITS.source_bytes // 1024} kB" in text


def test_the_warnings_and_the_errors_are_those_of_the_compiler():
    known = {key for key in catalogue() if key.startswith("rapid.warn.")}
    for text in (ENGLISH, CHINESE):
        assert set(re.findall(r"^\| `(rapid\.warn\.\w+)` \|", text, re.MULTILINE)) == known
        assert set(re.findall(r"`(ERR_\w+)`", text)) == set(ERRORS)


def test_the_example_packs_four_parts_and_waits_for_one_that_is_late():
    source = blocks(ENGLISH)[0][1]
    assert check_rapid(source, SIGNALS) == ()
    s = Station(source, plan=((13.0, "di1", True),))
    s.give("rapid_run", cycle="single")
    s.env.run_through(200.0)
    assert s.machine.mode == "ready"
    assert s.machine.messages == ["no part", "done 1", "done 2", "done 3", "done 4"]
    grips = [entry for entry in s.mover.log if entry[1] == "do1"]
    assert [value for _, _, value in grips] == [False, *[True, False] * 4]
    # 13 s: the part; fly-by point after 0.8 s, the fine one a second later
    assert grips[1][0] == 14.8
    placed = [move.target.x for move in s.mover.moves if move.fine and move.target.y > 0.1]
    assert [round(x, 6) for x in placed] == [0.6, 0.66, 0.72, 0.78]
