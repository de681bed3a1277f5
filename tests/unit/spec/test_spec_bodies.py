"""What is wrong within a workcell is refused with its line and the remedy, in both languages."""

import io
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.unit.spec.refusal import HEAD, marked_line, problems_of
from tests.unit.spec.test_spec_fuzz import load_or_refuse
from twin.spec import parse_model
from twin.spec.check import check_line
from twin.spec.line import LineSpec
from twin.spec.shipped import shipped

BODIES = """
    - {id: belt, kind: belt, length_m: 2}
    - {id: way_in, kind: entry, to: belt}
    - {id: way_out, kind: exit, from: belt}
"""


def line(bodies="", *, of_cell="", base=BODIES, flow="- [feed, cell, out]"):
    """A line with one workcell: the usual bodies, more of them, keys of the cell."""
    return (
        f"{HEAD}parts:\n- {{id: box}}\nassets:\n- {{id: feed, kind: source, part: box}}\n"
        "- {id: m, kind: station, process_s: 4}\n- {id: out, kind: sink}\n"
        f"- id: cell\n  kind: workcell\n{of_cell}  bodies:{base}{bodies}"
        f"flow:\n- [feed, m, cell, out]\n" if flow == "- [feed, cell, out]" else
        f"{HEAD}parts:\n- {{id: box}}\nassets:\n- {{id: feed, kind: source, part: box}}\n"
        "- {id: m, kind: station, process_s: 4}\n- {id: n, kind: station, process_s: 4}\n"
        "- {id: out, kind: sink}\n"
        f"- id: cell\n  kind: workcell\n{of_cell}  bodies:{base}{bodies}flow:\n{flow}"
    )  # fmt: skip


def body(text):
    return line(f"    - {text}  # <--\n")


def io_of(entries):
    return line(of_cell=f"  io:\n{entries}")


TWO_EXITS = BODIES + "    - {id: side, kind: exit, from: belt}\n"
BRANCH = "- [feed, m, cell]\n- {}  # <--\n- [n, out]\n"

CASES = {
    "a body twice": (body("{id: belt, kind: seat}"), "rename one"),
    "no such body": (body("{id: s, kind: sensor, sees: bell}"), "did you mean 'belt'"),
    "a body of a wrong kind": (
        body("{id: s, kind: sensor, sees: way_in}"),
        "is a entry, which cannot be meant here",
    ),
    "an air supply that is a belt": (
        body("{id: c, kind: cylinder, stroke_m: 1, air: belt}"),
        "cannot be meant here",
    ),
    "a zone's danger": (
        body("{id: z, kind: zone, size_m: [1, 1], dangers: [bell]}"),
        "did you mean 'belt'",
    ),
    "carried by what does not move": (
        body('{id: s, kind: seat, "on": belt}'),
        "cannot be meant here",
    ),
    "beyond the belt's end": (
        body("{id: s, kind: sensor, sees: belt, along_m: 2.5}"),
        "only 2.0 m long",
    ),
    "a lift's first level": (
        body("{id: l, kind: lift, levels: {low: 0, high: 1}, starts_at: hihg}"),
        "did you mean 'high'",
    ),
    "an axis without travel": (
        body("{id: x, kind: axis, low: 1, high: 1}"),
        "make high larger than low",
    ),
    "a rotary axis about x": (
        body("{id: x, kind: axis, rotary: true, high: 90}"),
        "must turn about z",
    ),
    "a reference beyond the travel": (
        body("{id: x, kind: axis, high: 1, home: 2}"),
        "outside the axis' travel",
    ),
    "a part type that there is not": (
        body("{id: g, kind: magazine, part: bos, to: belt}"),
        "did you mean 'box'",
    ),
    "a code for no part type": (
        body("{id: r, kind: reader, sees: belt, codes: {bos: 1}}"),
        "did you mean 'box'",
    ),
    "an empty program": (
        line(of_cell="  control:\n    program: {}  # <--\n"),
        "neither a file nor a text",
    ),
    "a point that there is not": (
        io_of('    belt_rum: {address: "%QX0.0"}  # <--\n'),
        "did you mean 'belt_run'",
    ),
    "no address": (io_of("    belt_run: {address: Q9}  # <--\n"), "write %IX0.3"),
    "the wrong area": (
        io_of('    belt_run: {address: "%IX0.0"}  # <--\n'),
        "actuators and lamps %Q",
    ),
    "the wrong size": (io_of('    belt_run: {address: "%QW64"}  # <--\n'), "X is a bit"),
    "two points at one address": (
        line(
            "    - {id: other, kind: belt, length_m: 1}\n",
            of_cell='  io:\n    belt_run: {address: "%QX0.0"}\n'
            '    other_run: {address: "%QX0.0"}  # <--\n',
        ),
        "give one another address",
    ),
    "no way in": (
        line(base="  # <--\n    - {id: belt, kind: belt, length_m: 2}\n"
             "    - {id: way_out, kind: exit, from: belt}\n"),
        "has no body of kind entry",
    ),
    "no way out": (
        line(base="  # <--\n    - {id: belt, kind: belt, length_m: 2}\n"
             "    - {id: way_in, kind: entry, to: belt}\n"),
        "has no body of kind exit",
    ),
    "a giver that gives nothing": (
        body("{id: e, kind: entry, to: belt, giver: n}"),
        "possible: m",
    ),
    "a branch that does not say exit": (
        line(base=TWO_EXITS, flow=BRANCH.format("{from: cell, to: {out: 0.5, n: 0.5}}")),
        "write by: exit",
    ),
    "an exit without a way": (
        line(
            base=TWO_EXITS + "    - {id: third, kind: exit, from: belt}\n",
            flow=BRANCH.format("{from: cell, to: {way_out: out, side: n}, by: exit}"),
        ),
        "leads nowhere",
    ),
    "a way without an exit": (
        line(
            base=TWO_EXITS,
            flow=BRANCH.format("{from: cell, to: {way_out: out, side: n, sied: n}, by: exit}"),
        ),
        "did you mean 'side'",
    ),
}  # fmt: skip
ELSEWHERE = {"no way in", "no way out"}
"""What is told at the workcell as a whole."""


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_refused_with_line_and_remedy(case):
    text, remedy = CASES[case]
    problems = problems_of(text, check_line)
    found = [problem for problem in problems if remedy in problem.message]
    assert found, [problem.message for problem in problems]
    problem = found[0]
    if case not in ELSEWHERE:
        assert problem.line == marked_line(text)
    told = problem.text("zh")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told)


def test_bodies_that_carry_each_other_are_refused():
    ring = (
        '    - {id: a, kind: cylinder, stroke_m: 1, "on": b}\n'
        '    - {id: b, kind: cylinder, stroke_m: 1, "on": a}\n'
    )
    told = [p.message for p in problems_of(line(ring), check_line)]
    assert any("a > b > a" in message for message in told)


def test_two_points_of_one_name_are_refused():
    more = "    - {id: belt_run, kind: sensor, sees: belt}\n"
    assert any("'belt_run'" in p.message for p in problems_of(line(more), check_line))


def test_the_line_without_a_mistake_loads():
    assert parse_model(line(), LineSpec, [check_line]).assets[3].id == "cell"
    both = BRANCH.format("{from: cell, to: {way_out: out, side: n}, by: exit}")
    parse_model(line(base=TWO_EXITS, flow=both), LineSpec, [check_line])


CELLS = {
    name: YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    for name, path in shipped("lines").items()
    if name.endswith("_cell")
}
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**13),
    st.floats(),
    st.text(max_size=6),
    st.lists(st.floats(allow_nan=True), max_size=4),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
    st.sampled_from(["infeed", "x", "air", "panel", "belt", "axis", "%QX0.0", "%IW64"]),
)


@st.composite
def broken_cells(draw):
    """A shipped cell, a few of whose bodies have keys dropped, renamed, replaced, or swapped."""
    data = deepcopy(CELLS[draw(st.sampled_from(sorted(CELLS)))])
    cell = next(asset for asset in data["assets"] if asset["kind"] == "workcell")
    bodies, control = cell["bodies"], cell["control"]
    for _ in range(draw(st.integers(1, 4))):
        spot = draw(st.sampled_from([*bodies, cell, control]))
        if not spot:
            continue
        key = draw(st.sampled_from(sorted(spot)))
        action = draw(st.sampled_from(["drop", "rename", "replace", "double", "io"]))
        if action == "drop":
            del spot[key]
        elif action == "rename":
            spot[draw(st.sampled_from([key[:-1], key + "s", "on", "kind"]))] = spot.pop(key)
        elif action == "replace":
            spot[key] = draw(odd)
        elif action == "double" and isinstance(cell.get("bodies"), list) and bodies:
            bodies.append(deepcopy(draw(st.sampled_from(bodies))))
        else:
            name = draw(st.sampled_from(["infeed_run", "x_target", "s_stop", "panel_start"]))
            cell["io"] = {name: {"address": draw(odd)}}
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(data, stream)
    return stream.getvalue()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(broken_cells())
def test_a_broken_cell_loads_or_is_refused_in_words(text):
    load_or_refuse(text)
