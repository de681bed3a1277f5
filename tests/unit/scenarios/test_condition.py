"""Conditions over signals: what they mean, and what they refuse."""

import pytest

from scenarios.condition import Condition, ConditionError

SIGNALS = {"weld": {"state", "made", "part"}, "line": {"wip"}}
VALUES = {
    ("weld", "state"): 3,
    ("weld", "made"): 7,
    ("weld", "part"): "module",
    ("line", "wip"): 2.5,
}


def read(asset, name):
    return VALUES[asset, name]


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("weld.state == down", True),
        ("weld.state == DOWN", True),
        ("weld.state != down", False),
        ("weld.made > 3 and line.wip < 3", True),
        ("weld.made > 3 and line.wip > 3", False),
        ("weld.made > 30 or not line.wip > 3", True),
        ("weld.part == 'module'", True),
        ("(weld.made + 3) * 2 - 5 == 15", True),
        ("weld.made / 2 >= 3.5", True),
        ("weld.made / 0 > 1000000", True),
        ("-weld.made < -6", True),
        ("true", True),
        ("false or true", True),
        ("packml_aborted == 9", True),
        ("weld.part < 3", False),  # a text and a number: never, rather than an error
        ("weld.part + 1 == 2", False),
    ],
)
def test_what_a_condition_means(text, truth):
    assert Condition(text, SIGNALS).holds(read) is truth


def test_its_evidence_is_what_it_names():
    condition = Condition("weld.made > 3 and line.wip < 3", SIGNALS)
    assert condition.evidence(read) == {"weld.made": 7, "line.wip": 2.5}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("weld.mode == 1", "names no signal of weld; it has made, part, state"),
        ("welder.state == down", "names no asset; there are weld, line"),
        ("weld.state == broken", "'broken' is not allowed"),
        ("weld.state = down", "no expression"),
        ("", "no expression"),
        ("(weld.made > 3", "no expression"),
        ("__import__('os').system('true')", "not allowed"),
        ("open('x')", "not allowed"),
        ("weld.made.real", "not allowed"),
        ("[1][0]", "not allowed"),
        ("1 < weld.made < 9", "not allowed"),
        ("weld.made ** 99", "not allowed"),
        ("lambda: 1", "not allowed"),
        ("weld.made if true else 1", "not allowed"),
        ("None", "not allowed"),
        ("not " * 40 + "true", "too deeply"),
        ("(" * 3000 + "1" + ")" * 3000, "expression|deeply"),
        ("weld.made\x00", "expression"),
    ],
)
def test_what_is_refused(text, word):
    with pytest.raises(ConditionError, match=word):
        Condition(text, SIGNALS)
