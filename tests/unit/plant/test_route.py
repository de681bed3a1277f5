"""Ways on, each rule; loops with cards and with pallets; orders and due dates; sources."""

import pytest

from tests.unit.plant.shapes import (
    OUT,
    asset,
    buffer,
    departures,
    feed,
    ran,
    row,
    running,
    spec_of,
    station,
)
from twin.kernel.command import Command


def split(to, *, by=None, first=None, **more):
    """A feed, then three places that take all: how many parts each has got."""
    names = ["x", "y", "z"]
    branch = {"from": "feed", "to": to} | ({"by": by} if by else {})
    machines = [station(name, {"x": 4, "y": 4, "z": 4}[name]) for name in names]
    return spec_of(
        [first or feed(interarrival_s=1), *machines, OUT],
        [branch, *[[name, "out"] for name in names]],
        **more,
    )


def counts(spec, seconds=10_000):
    line = ran(spec, seconds)
    return [line.assets[name].made for name in "xyz"]


def test_shares():
    total = counts(split({"x": 0.5, "y": 0.2, "z": 0.3}, first=feed(interarrival_s=20)), 200_000)
    assert [n / sum(total) for n in total] == pytest.approx([0.5, 0.2, 0.3], abs=0.01)


def test_a_part_waits_for_the_way_that_was_drawn_for_it():
    spec = split({"x": 0.5, "y": 0.25, "z": 0.25}, first=feed())
    total = counts(spec, 100_000)
    # The first way in its line holds up the others: all wait for the machines' turn.
    assert [n / sum(total) for n in total] == pytest.approx([0.5, 0.25, 0.25], abs=0.01)


def test_cyclic():
    spec = split(["x", "y", "z"], by="cyclic", first=feed(interarrival_s=2))
    # 149 parts have come by 298 s and are done by 302 s.
    assert counts(spec, 302) == [50, 50, 49]


def test_cyclic_passes_over_who_has_no_room():
    spec = spec_of(
        [feed(interarrival_s=2), station("x", 1), station("y", 100), OUT],
        [{"from": "feed", "to": ["x", "y"], "by": "cyclic"}, ["x", "out"], ["y", "out"]],
    )
    line = ran(spec, 60)
    assert line.assets["x"].made == 28
    assert line.assets["y"].content() == 1


def test_priority():
    assert counts(split(["y", "z", "x"], by="priority", first=feed(interarrival_s=5)), 204) == [
        0,
        40,
        0,
    ]
    # Three parts in 4 s are for all three.
    total = counts(split(["y", "z", "x"], by="priority", first=feed(interarrival_s=2)), 400)
    assert total[0] == 0
    assert total[1] == pytest.approx(total[2], abs=1)


def test_shortest():
    spec = spec_of(
        [feed(interarrival_s=1), buffer("x"), buffer("y"), station("m", 3), station("n", 6), OUT],
        [
            {"from": "feed", "to": ["x", "y"], "by": "shortest"},
            ["x", "m", "out"],
            ["y", "n", "out"],
        ],
    )
    line = ran(spec, 1000)
    assert abs(line.assets["x"].content() - line.assets["y"].content()) <= 1
    assert line.assets["m"].made == pytest.approx(2 * line.assets["n"].made, abs=2)


def test_who_is_broken_comes_last():
    runner = running(split(["x", "y", "z"], by="priority", first=feed(interarrival_s=5)))
    runner.apply(Command("break", "x"))
    runner.run_until(52)
    assert [runner.plant.assets[name].made for name in "xyz"] == [0, 9, 0]
    assert runner.plant.assets["x"].content() == 0
    runner.apply(Command("repair", "x"))
    runner.run_until(102)
    assert [runner.plant.assets[name].made for name in "xyz"] == [9, 10, 0]


def test_by_part():
    spec = spec_of(
        [feed(orders=True), station("x", 1), station("y", 9), OUT],
        [{"from": "feed", "to": {"a": "x", "b": "y"}}, ["x", "out"], ["y", "out"]],
        orders=[{"id": f"o{k}", "part": p, "quantity": 1} for k, p in enumerate("aababa")],
    )
    # b goes on at 1 s and takes until 10 s; the next b waits for it, and the last a behind that.
    assert departures(spec, 50) == [1, 2, 3, 10, 11, 19]


def test_a_source_mixes_its_parts():
    spec = spec_of(
        [feed(part={"a": 0.7, "b": 0.3}), station("x", 1), station("y", 1), OUT],
        [{"from": "feed", "to": {"a": "x", "b": "y"}}, ["x", "out"], ["y", "out"]],
    )
    line = ran(spec, 30_000)
    made = [line.assets[name].made for name in "xy"]
    assert made[0] / sum(made) == pytest.approx(0.7, abs=0.01)


# ---- sources


def test_a_source_of_so_many_parts():
    assert ran(row(feed(limit=7), station("m", 1), OUT), 100).made == 7
    assert ran(row(feed(limit=7, batch=3), station("m", 1), OUT), 100).made == 7
    assert (
        ran(
            row(feed(limit=7, interarrival_s=2, batch=3), buffer("q"), station("m", 1), OUT), 100
        ).made
        == 7
    )


def test_parts_come_in_batches():
    spec = row(feed(interarrival_s=10, batch=3, first_s=0), buffer("q"), station("m", 2), OUT)
    assert departures(spec, 18) == [2, 4, 6, 12, 14, 16]


def test_who_finds_the_line_full_is_lost():
    line = ran(row(feed(interarrival_s=2, when_full="lose"), station("m", 5), OUT), 101)
    # In at 2, 8, 14, …: a part each 6 s is worked on, two of three arrivals go away.
    assert line.made == 16
    assert line.lost == 50 - 17
    assert line.created == 17
    result = line.result()
    assert result.lost == 33


# ---- orders


def test_orders_in_time_by_priority_and_late():
    orders = [
        {"id": "now", "part": "a", "quantity": 2, "due_s": 25},
        {"id": "later", "part": "b", "quantity": 1, "release_s": 5, "due_s": 30, "priority": 1},
        {"id": "urgent", "part": "c", "quantity": 1, "release_s": 12, "due_s": 26, "priority": -1},
    ]
    spec = spec_of(
        [feed(orders=True), station("m", 10), OUT], [["feed", "m", "out"]], orders=orders
    )
    # a until 10, a until 20, b (ready at the source since 10 s) until 30, c until 40.
    line = ran(spec, 100)
    assert list(line.departures_s) == [10, 20, 30, 40]
    assert line.late == 1
    assert line.result().late == 1


@pytest.mark.parametrize(
    ("sequence", "kinds"), [("fifo", "abc"), ("due", "acb"), ("priority", "abc")]
)
def test_which_waiting_supplier_is_served_first(sequence, kinds):
    orders = [
        {"id": "o1", "part": "a", "quantity": 1, "due_s": 500},
        {"id": "o2", "part": "b", "quantity": 1, "release_s": 1, "due_s": 400, "priority": 1},
        {"id": "o3", "part": "c", "quantity": 1, "release_s": 2, "due_s": 300, "priority": 2},
    ]
    spec = spec_of(
        [
            feed(orders=True),
            buffer("qa"),
            buffer("qb"),
            buffer("qc"),
            station("m", 10, sequence=sequence),
            OUT,
        ],
        [
            {"from": "feed", "to": {"a": "qa", "b": "qb", "c": "qc"}},
            ["qa", "m"],
            ["qb", "m"],
            ["qc", "m", "out"],
        ],
        orders=orders,
    )
    runner, seen = running(spec), ""
    for k in range(3):
        runner.run_until(5 + 10 * k)
        seen += runner.plant.assets["m"].servers[0].part.type
    assert seen == kinds


# ---- loops


def ring(pallets):
    return spec_of(
        [station("a", 2), buffer("q", 9), station("b", 3), buffer("r", 9)],
        [{"loop": ["a", "q", "b", "r"], "pallets": pallets}],
    )


@pytest.mark.parametrize(("pallets", "cycle_s"), [(1, 5), (2, 3), (5, 3)])
def test_pallets_that_go_round(pallets, cycle_s):
    line = ran(ring(pallets), 3005)
    assert line.made == line.laps == pytest.approx(3000 / cycle_s, abs=2)
    assert line.wip == line.created == pallets
    assert line.result().wip == pallets
    assert list(line.lead_s)[-1] == pytest.approx(pallets * cycle_s)


def test_pallets_have_their_places_on_a_belt_from_the_start():
    spec = spec_of(
        [asset("belt", "conveyor", length_m=10, speed_m_s=1, capacity=10), station("m", 1)],
        [{"loop": ["belt", "m"], "pallets": 8}],
    )
    line = ran(spec, 0)
    assert line.assets["belt"].content() == 8
    # The first is at 7 m, and at the end after 3 s: made at 4 s, then each second, eight in 11 s.
    assert list(ran(spec, 13).departures_s) == [4, 5, 6, 7, 8, 9, 10, 11]
    assert ran(spec, 100).made == 72


def test_pallets_on_a_loop_with_a_vehicle():
    spec = spec_of(
        [buffer("q", 5), station("m", 1), asset("cart", "vehicle", distance_m={"m": {"q": 10}})],
        [{"loop": ["q", "m", "cart"], "pallets": 3}],
    )
    # There and back: 20 s a pallet, the first without the way back.
    assert ran(spec, 100).made == 5


def cards(number):
    return spec_of(
        [feed(), buffer("q"), station("a", 2), buffer("r"), station("b", 3), OUT],
        [["feed", "q"], ["b", "out"], {"loop": ["q", "a", "r", "b"], "pallets": number}],
    )


@pytest.mark.parametrize(("number", "cycle_s"), [(1, 5), (2, 3), (4, 3)])
def test_cards_hold_the_work_in_process(number, cycle_s):
    runner = running(cards(number), 100)
    runner.plant.reset_statistics()
    runner.run_until(3100)
    assert runner.plant.wip == number
    assert runner.plant.result().wip == pytest.approx(number)
    assert runner.plant.made == pytest.approx(3000 / cycle_s, abs=1)


def test_scrap_gives_its_card_back():
    spec = spec_of(
        [
            feed(),
            station("a", 2, defect_rate=0.5),
            asset("test", "inspection", process_s=1),
            OUT,
            asset("bin", "sink", scrap=True),
        ],
        [
            ["feed", "a"],
            {"from": "test", "to": {"pass": "out", "fail": "bin"}},
            {"loop": ["a", "test"], "pallets": 1},
        ],
    )
    line = ran(spec, 300)
    assert line.made + line.scrapped == 100
    assert line.scrapped > 30


def test_one_loop_of_cards_after_another():
    spec = spec_of(
        [feed(), buffer("q"), station("a", 1), buffer("r"), station("b", 5), OUT],
        [
            ["feed", "q"],
            ["a", "r"],
            ["b", "out"],
            {"loop": ["q", "a"], "pallets": 3},
            {"loop": ["r", "b"], "pallets": 2},
        ],
    )
    line = ran(spec, 500)
    assert line.wip == 5
    inside = [line.assets[name].content() for name in ("q", "a", "r", "b")]
    assert sum(inside[:2]) == 3
    assert sum(inside[2:]) == 2
    assert line.made == 99


def test_a_loop_within_a_loop():
    spec = spec_of(
        [feed(), buffer("q"), station("a", 1), buffer("r"), station("b", 5), OUT],
        [
            ["feed", "q"],
            ["b", "out"],
            {"loop": ["q", "a", "r", "b"], "pallets": 4},
            {"loop": ["r", "b"], "pallets": 2},
        ],
    )
    line = ran(spec, 500)
    assert line.wip == 4
    assert line.assets["r"].content() + line.assets["b"].content() == 2


def test_an_assembly_goes_on_with_one_card_and_gives_the_rest_back():
    spec = spec_of(
        [
            feed(part="a"),
            buffer("q"),
            asset("join", "assembly", process_s=4, needs={"a": 3}, makes="c"),
            station("m", 1),
            OUT,
        ],
        [["feed", "q"], ["m", "out"], {"loop": ["q", "join", "m"], "pallets": 5}],
    )
    # With two cards kept by each product it would lock up; so it makes one each 4 s.
    assert ran(spec, 406).made == 101
