"""Whatever a person does to a file, it loads or is refused in words, and in bounded work."""

import io
import sys
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from twin.spec import SpecError, parse_model
from twin.spec.check import check_line
from twin.spec.device import DevicesSpec
from twin.spec.line import LineSpec
from twin.spec.shipped import shipped
from twin.spec.topology import branches, edges, givers, rule_of, takers, targets

SENTENCES = ("Input should", "validation error", "discriminator", "pydantic", "Value error")

LINES = {
    name: path.read_text(encoding="utf-8")
    for name, path in shipped("lines").items()
    if path.stat().st_size < 6_000
}

calm = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def load_or_refuse(text, model=LineSpec, checks=(check_line,)):
    """The model, or None after a refusal that a person can read."""
    try:
        return parse_model(text, model, checks, name="x.yaml")
    except SpecError as error:
        refusal = error
    assert refusal.problems
    lines = (text if isinstance(text, str) else text.decode("utf-8", "replace")).count("\n")
    for problem in refusal.problems:
        assert 0 <= problem.line <= lines + 2
        assert problem.message
        assert not any(words in problem.message for words in SENTENCES)
        assert problem.text("zh")
    return None


def dumped(data):
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(data, stream)
    return stream.getvalue()


def containers_of(data):
    """Every list and mapping within `data`."""
    if isinstance(data, dict | list):
        yield data
        for inner in data.values() if isinstance(data, dict) else data:
            yield from containers_of(inner)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["m1", "feed", "out", "b1", "pass", "fail", "unlimited", "quality", "station"]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@st.composite
def broken_lines(draw):
    """A shipped line with a few things dropped, renamed, doubled, swapped or replaced."""
    data = YAML(typ="safe", pure=True).load(LINES[draw(st.sampled_from(sorted(LINES)))])
    for _ in range(draw(st.integers(1, 3))):
        spots = [c for c in containers_of(data) if c]
        if not spots:
            break
        spot = draw(st.sampled_from(spots))
        key = draw(st.sampled_from(sorted(spot) if isinstance(spot, dict) else range(len(spot))))
        action = draw(st.sampled_from(["drop", "rename", "double", "swap", "replace", "copy"]))
        if action == "drop":
            del spot[key]
        elif action == "rename" and isinstance(spot, dict):
            spot[draw(st.sampled_from([key[:-1], key + "s", key.upper(), "id", "to"]))] = spot.pop(
                key
            )
        elif action == "double" and isinstance(spot, list):
            spot.insert(key, spot[key])
        elif action == "swap":
            other = draw(st.sampled_from(spots))
            spot[key] = deepcopy(other)
        elif action == "copy":
            found = [v for c in spots if isinstance(c, dict) for v in c.values()]
            flat = [v for v in found if not isinstance(v, dict | list)]
            if flat:
                spot[key] = draw(st.sampled_from(flat))
        else:
            spot[key] = draw(values)
    return dumped(data)


@calm
@given(broken_lines())
def test_a_broken_line_loads_or_is_refused_in_words(text):
    line = load_or_refuse(text)
    if line is not None:
        names = {asset.id for asset in line.assets}
        assert {e.giver for e in edges(line)} | {e.taker for e in edges(line)} <= names
        assert set(takers(line)) == set(givers(line)) == names
        for branch in branches(line).values():
            assert rule_of(branch)
            assert targets(branch)


@calm
@given(st.sampled_from(sorted(LINES)), st.data())
def test_a_line_with_broken_text_loads_or_is_refused_in_words(name, data):
    text = LINES[name]
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 8))
    put = data.draw(st.text(st.sampled_from(" \t\n:-[]{}#&*!|>'\"%@`,?~\x00<a0é€"), max_size=4))
    load_or_refuse(text[:at] + put + text[at + cut :])


@calm
@given(values.map(dumped) | st.text(max_size=300))
def test_any_text_loads_or_is_refused_in_words(text):
    load_or_refuse(text)
    load_or_refuse(text, DevicesSpec, ())


@calm
@given(st.binary(max_size=300))
def test_any_bytes_load_or_are_refused_in_words(found):
    load_or_refuse(found)


@pytest.mark.parametrize("name", sorted(LINES))
def test_cutting_a_line_anywhere_is_refused_or_loads(name):
    rows = LINES[name].splitlines(keepends=True)
    for count in range(0, len(rows), 3):
        load_or_refuse("".join(rows[:count]))


class Steps:
    """Counts calls of Python functions, as a measure of work that no machine changes."""

    def __init__(self):
        self.calls = 0

    def __enter__(self):
        sys.setprofile(self._count)
        return self

    def __exit__(self, *error):
        sys.setprofile(None)

    def _count(self, frame, event, argument):
        self.calls += event == "call"


def work(text):
    with Steps() as steps:
        load_or_refuse(text)
    return steps.calls


LOOPS = {
    "stations": lambda n: (
        "assets:\n- {id: feed, kind: source}\n- {id: out, kind: sink}\n"
        + "".join(f"- {{id: m{i}, kind: station, process_s: 4}}\n" for i in range(n))
        + "flow:\n- [feed, "
        + ", ".join(f"m{i}" for i in range(n))
        + ", out]\n"
    ),
    "misspelt": lambda n: "assets:\n" + "- {id: m, kind: sation}\n" * n,
    "unknown ids": lambda n: (
        "assets:\n- {id: m, kind: sink}\nflow:\n- [" + ", ".join(["x"] * n) + "]\n"
    ),
    "nests": lambda n: "title: [" + ", ".join(["[" * 8 + "]" * 8] * n) + "]\n",
    "aliases": lambda n: "parts: &a []\nassets: [" + ", ".join(["*a"] * n) + "]\n",
}


@pytest.mark.parametrize("shape", sorted(LOOPS))
def test_work_grows_with_the_file_and_no_faster(shape):
    head = "schema: pilotline.line/1\nid: x\n"
    work(head)  # the first call also reads the catalogue
    small, large = (work(head + LOOPS[shape](n)) for n in (50, 200))
    assert large < 6 * small
