"""A line that has locked up is found, and the circle is named; one that only waits is not."""

import pytest

from tests.unit.plant.lives import line_of
from tests.unit.plant.shapes import OUT, asset, buffer, feed, ran, row, running, spec_of, station
from twin.kernel.command import Command
from twin.plant.deadlock import find

TEST = asset("test", "inspection", process_s=5, false_reject_rate=1.0)


def rework(room: int):
    """A test that rejects everything, and a repair that gives it back."""
    return spec_of(
        [feed(), buffer("queue", room), TEST, station("mend", 5), OUT],
        [
            ["feed", "queue", "test"],
            {"from": "test", "to": {"pass": "out", "fail": "mend"}},
            ["mend", "queue"],
        ],
    )


def test_a_rework_circle_that_is_full():
    found = find(ran(rework(1), 100))
    assert found is not None
    assert [wait.asset for wait in found.circle] == ["mend", "queue", "test"]
    assert str(found) == (
        "mend (holds part for queue) → queue (holds part for test) → test (holds part for mend) "
        "→ mend"
    )


def test_none_before_it_is_full():
    assert find(ran(rework(1), 4)) is None


def test_none_on_an_empty_line_with_a_circle_in_it():
    spec = spec_of(
        [
            feed(limit=1),
            buffer("queue", 1),
            asset("test", "inspection", process_s=5),
            station("mend", 5, defect_rate=0.5),
            OUT,
        ],
        [
            ["feed", "queue", "test"],
            {"from": "test", "to": {"pass": "out", "fail": "mend"}},
            ["mend", "queue"],
        ],
    )
    line = ran(spec, 100)
    assert line.made == 1
    assert find(line) is None


def test_a_shared_buffer_that_holds_the_wrong_part_for_an_assembly():
    spec = spec_of(
        [
            feed(part={"a": 0.5, "b": 0.5}),
            buffer("rack", 2, initial={"a": 2}),
            asset("join", "assembly", process_s=5, needs={"a": 1, "b": 1}, makes="c"),
            OUT,
        ],
        [["feed", "rack", "join", "out"]],
    )
    found = None
    for seed in range(8):
        found = find(ran(spec, 1000, seed)) or found
    assert found is not None
    names = [wait.asset for wait in found.circle]
    assert names == ["join", "rack"]
    assert "misses 1 " in str(found)


def test_a_card_too_few_for_an_assembly():
    join = asset("join", "assembly", process_s=5, needs={"a": 2}, makes="c")
    spec = spec_of(
        [feed(part="a"), buffer("q"), join, OUT],
        [["feed", "q"], ["join", "out"], {"loop": ["q", "join"], "pallets": 1}],
    )
    assert str(find(ran(spec, 100))) == (
        "feed (waits for the card of part a at join) → join (misses 1 a, from q) "
        "→ q (gets nothing from feed) → feed"
    )


def test_a_vehicle_that_brings_parts_round_in_a_circle():
    spec = spec_of(
        [
            feed(),
            buffer("queue", 1),
            TEST,
            buffer("hold", 1),
            station("mend", 5),
            OUT,
            asset("cart", "vehicle", distance_m={"hold": {"mend": 3}, "mend": {"queue": 3}}),
        ],
        [
            ["feed", "queue", "test"],
            {"from": "test", "to": {"pass": "out", "fail": "hold"}},
            ["hold", "cart", "mend"],
            ["mend", "cart", "queue"],
        ],
    )
    found = find(ran(spec, 1000))
    assert found is not None
    assert "cart" in [wait.asset for wait in found.circle]


@pytest.mark.parametrize("why", ["repair", "shift", "hand", "real"])
def test_a_machine_that_stands_for_a_while_is_no_deadlock(why):
    more = {}
    m = station("m", 5)
    if why == "shift":
        m["shifts"] = ["day"]
        more["calendar"] = {"shifts": [{"id": "day", "from": "08:00", "to": "16:00"}]}
    runner = running(row(feed(), buffer("q", 1), m, OUT, **more), 1)
    if why == "repair":
        runner.apply(Command("break", "m", {"downtime_s": 1000.0}))
    elif why == "hand":
        runner.apply(Command("stop", "m"))
    elif why == "real":
        runner.apply(Command("follow", "m", {"on": True}))
    runner.run_until(100)
    assert find(line_of(runner)) is None


def test_parts_that_are_left_over_when_nothing_comes_any_more():
    line = ran(row(feed(limit=5), station("oven", 9, batch=4), OUT), 100)
    assert str(find(line)) == "nothing will ever happen again: oven (holds 1 part)"


def test_an_empty_line_at_its_end_is_no_deadlock():
    assert find(ran(row(feed(limit=4), station("oven", 9, batch=4), OUT), 100)) is None


def test_two_parallel_ways_of_which_one_is_free():
    spec = spec_of(
        [
            feed(),
            buffer("queue", 1),
            TEST,
            station("mend", 5),
            buffer("park", 3),
            OUT,
            asset("bin", "sink", scrap=True),
        ],
        [
            ["feed", "queue", "test"],
            {"from": "test", "to": {"pass": "out", "fail": "park"}},
            ["park", "mend"],
            {"from": "mend", "to": ["queue", "bin"], "by": "priority"},
        ],
    )
    assert find(ran(spec, 1000)) is None
