"""The ways that chains, branches and loops mean together."""

import pytest

from twin.spec import parse_model
from twin.spec.flow import Branch
from twin.spec.line import LineSpec
from twin.spec.topology import (
    edges,
    givers,
    is_circulating,
    loops,
    members,
    reachable,
    rule_of,
    takers,
    targets,
)


def line(flow, *more):
    kinds = {"feed": "source", "feed2": "source", "out": "sink", "agv": "vehicle"}
    names = ["feed", "feed2", "m1", "m2", "m3", "out", "agv"]
    assets = "".join(
        f"- {{id: {name}, kind: {kinds.get(name, 'station')}"
        + ("" if name in kinds else ", process_s: 4")
        + "}\n"
        for name in names
    )
    return parse_model(f"schema: pilotline.line/1\nid: x\nassets:\n{assets}flow:\n{flow}", LineSpec)


def ways(flow):
    return [
        f"{edge.giver}>{edge.taker}" + (f" by {edge.via}" if edge.via else "")
        for edge in edges(line(flow))
    ]


CASES = [
    ("a chain", "- [feed, m1, out]", ["feed>m1", "m1>out"]),
    ("a fleet in a chain", "- [feed, agv, m1, out]", ["feed>m1 by agv", "m1>out"]),
    (
        "a way named twice",
        "- [feed, m1, out]\n- [feed2, m1, out]",
        ["feed>m1", "m1>out", "feed2>m1"],
    ),
    (
        "a branch by share",
        "- {from: feed, to: {m1: 0.7, m2: 0.3}}",
        ["feed>m1", "feed>m2"],
    ),
    (
        "a branch by quality, carried",
        "- {from: m1, to: {pass: out, fail: m2}, by: quality, via: agv}",
        ["m1>out by agv", "m1>m2 by agv"],
    ),
    (
        "two types, one way",
        "- {from: m1, to: {a: out, b: m2, c: out}, by: part}",
        ["m1>out", "m1>m2"],
    ),
    ("a branch by rule", "- {from: feed, to: [m2, m1], by: shortest}", ["feed>m2", "feed>m1"]),
    ("pallets go round", "- {loop: [m1, m2, m3], pallets: 2}", ["m1>m2", "m2>m3", "m3>m1"]),
    (
        "a fleet closes the round",
        "- {loop: [m1, m2, agv], pallets: 1}",
        ["m1>m2", "m2>m1 by agv"],
    ),
    (
        "a fleet begins the round",
        "- {loop: [agv, m1, m2], pallets: 1}",
        ["m1>m2", "m2>m1 by agv"],
    ),
    (
        "cards with source and sink",
        "- {loop: [feed, m1, m2, out], pallets: 2}",
        ["feed>m1", "m1>m2", "m2>out"],
    ),
    (
        "cards with ways in and out",
        "- [feed, m1]\n- {loop: [m1, m2], pallets: 2}\n- [m2, out]",
        ["feed>m1", "m1>m2", "m2>out"],
    ),
    (
        "a round with a second way within it",
        "- {loop: [m1, m2, m3], pallets: 2}\n- {from: m1, to: [m2, m3], by: cyclic}",
        ["m1>m2", "m2>m3", "m3>m1", "m1>m3"],
    ),
]


@pytest.mark.parametrize(
    ("flow", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_flow_becomes_ways(flow, expected):
    assert ways(flow) == expected


def test_takers_and_givers_mirror_each_other():
    spec = line("- {from: feed, to: [m2, m1], by: shortest}\n- [m1, agv, out]\n- [m2, out]")
    assert takers(spec)["feed"] == ("m2", "m1")
    assert givers(spec)["out"] == ("m1", "m2")
    assert takers(spec)["out"] == ()
    assert takers(spec)["m3"] == givers(spec)["agv"] == ()
    pairs = {(g, t) for g, found in takers(spec).items() for t in found}
    assert pairs == {(g, t) for t, found in givers(spec).items() for g in found}


def test_a_loop_circulates_only_without_source_and_sink():
    closed = line("- {loop: [m1, agv, m2], pallets: 2}")
    assert is_circulating(closed, loops(closed)[0])
    assert members(closed, loops(closed)[0]) == ("m1", "m2")
    fed = line("- {loop: [m1, m2], pallets: 2}\n- [feed, m1]")
    assert not is_circulating(fed, loops(fed)[0])
    drained = line("- {loop: [m1, m2], pallets: 2}\n- [m2, m3, out]")
    assert not is_circulating(drained, loops(drained)[0])


@pytest.mark.parametrize(
    ("to", "rule"),
    [
        ({"a": 0.5, "b": 0.5}, "share"),
        ({"a": 1}, "share"),
        ({"pass": "a", "fail": "b"}, "quality"),
        ({"red": "a", "blue": "b"}, "part"),
        (["a", "b"], None),
    ],
)
def test_a_branch_without_by_is_read_from_its_form(to, rule):
    branch = Branch.model_validate({"from": "m", "to": to})
    assert rule_of(branch) == rule
    assert set(targets(branch)) <= {"a", "b"}


def test_reachable_follows_ways_and_ends_in_cycles():
    assert reachable(["a"], {"a": ("b",), "b": ("c", "a"), "d": ("a",)}) == {"a", "b", "c"}
