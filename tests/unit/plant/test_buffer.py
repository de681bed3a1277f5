"""Buffers: order, capacity, what is in them at the start."""

import pytest

from tests.unit.plant.lives import reborn
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

RANKS = {"a": 2, "b": 0, "c": 1}
KINDS = [{"id": name, "priority": rank} for name, rank in RANKS.items()]


def order_of_leaving(order: str) -> list[str]:
    """Fill a buffer with a, a, b, c before a machine that is busy, and see who leaves when."""
    orders = [
        {"id": f"o{k}", "part": p, "quantity": 1, "release_s": k, "priority": RANKS[p]}
        for k, p in enumerate("aabcab")
    ]
    spec = spec_of(
        [feed(orders=True), buffer("q", order=order), station("m", 10), OUT],
        [["feed", "q", "m", "out"]],
        orders=orders,
        parts=KINDS,
    )
    runner, seen = running(spec), []
    machine = runner.plant.assets["m"]
    for k in range(6):
        runner.run_until(5 + 10 * k)
        seen.append(machine.servers[0].part.type)
    return "".join(seen)


@pytest.mark.parametrize(
    ("order", "seen"), [("fifo", "aabcab"), ("lifo", "abacba"), ("priority", "abbcaa")]
)
def test_the_order_in_which_parts_leave(order, seen):
    assert order_of_leaving(order) == seen


def test_a_full_buffer_blocks_and_hands_on_at_once():
    line = ran(row(feed(), station("a", 1), buffer("q", 2), station("b", 10), OUT), 100)
    # b works from 1 s on without a pause: nine parts, the tenth in work.
    assert line.made == 9
    assert line.assets["q"].content() == 2
    assert line.assets["a"].state.name == "BLOCKED"
    assert line.assets["a"].made == 9 + 1 + 2 + 1
    blocked = line.assets["a"].result(100).fractions["blocked"]
    # a works 13 times for 1 s; the rest it is blocked.
    assert blocked == pytest.approx(0.87)


def test_a_buffer_of_no_places_is_not_there():
    with_it = row(feed(), station("a", 3), buffer("q", 0), station("b", 7), OUT)
    without = row(feed(), station("a", 3), station("b", 7), OUT)
    assert departures(with_it, 500) == departures(without, 500)
    assert ran(with_it, 500).assets["q"].content() == 0


def test_the_level_over_time():
    # A part each 10 s, served in 4 s after a failure until 25 s: 0 1 2 waiting.
    spec = row(feed(interarrival_s=10), buffer("q"), station("m", 4), OUT)
    runner = running(spec)
    runner.apply(Command("break", "m"), at_s=5)
    runner.apply(Command("repair", "m"), at_s=25)
    runner.run_until(40)
    # The first part goes into the machine at 10 s although it is broken, the second waits from
    # 20 s until 29 s; the third comes at 30 s and waits until 33 s; so 9 + 3 part-seconds.
    result = runner.plant.assets["q"].result(40)
    assert result.level == pytest.approx((9 + 3) / 40)
    assert result.level_max == 1


def test_parts_that_are_there_at_the_start():
    spec = row(
        feed(interarrival_s=1000), buffer("q", 5, initial={"part": 3}), station("m", 10), OUT
    )
    line = ran(spec, 100)
    assert list(line.departures_s) == [10, 20, 30]
    assert line.created == 3


def test_parts_at_the_start_wait_for_a_vehicle_that_is_ready():
    cart = asset("cart", "vehicle", distance_m={"q": {"r": 20}}, speed_m_s=2)
    spec = spec_of(
        [
            feed(interarrival_s=1000),
            buffer("q", 5, initial={"part": 2}),
            cart,
            buffer("r"),
            station("m", 1),
            OUT,
        ],
        [["feed", "q", "cart", "r", "m", "out"]],
    )
    # 10 s there, 10 s back, 10 s there; then 1 s of work.
    assert departures(spec, 100) == [11, 31]


def test_parts_at_the_start_do_not_begin_work_off_shift():
    calendar = {"shifts": [{"id": "day", "from": "01:00", "to": "16:00"}]}
    spec = row(
        feed(interarrival_s=100_000),
        buffer("q", 5, initial={"part": 2}),
        station("m", 10, shifts=["day"]),
        OUT,
        calendar=calendar,
    )
    assert departures(spec, 4000) == [3610, 3620]


def test_a_part_that_passes_others_finds_its_own_way():
    """In a stack the last part is first; the one below it may wait for another way."""
    spec = spec_of(
        [
            feed(orders=True),
            buffer("q", order="lifo"),
            station("slow", 100),
            station("free", 1),
            OUT,
        ],
        [
            ["feed", "q"],
            {"from": "q", "to": {"a": "slow", "b": "free"}},
            ["slow", "out"],
            ["free", "out"],
        ],
        orders=[
            {"id": f"o{k}", "part": part, "quantity": 1, "release_s": k}
            for k, part in enumerate("aab")
        ],
    )
    # The second a waits for the slow machine; b comes on top at 2 s and goes to the free one.
    assert departures(spec, 50) == [3]


def test_the_order_of_waiting_givers_is_kept_in_a_snapshot():
    sources = [feed(f"f{k}", part="abc"[k], interarrival_s=3) for k in range(3)]
    spec = spec_of(
        [*sources, buffer("q", 1), station("m", 4, sequence="priority"), OUT],
        [["f0", "q"], ["f1", "q"], ["f2", "m"], ["q", "m", "out"]],
        parts=KINDS,
    )
    runner = running(spec, 50)
    other = reborn(runner, spec)
    for one in (runner, other):
        one.run_until(500)
    assert list(other.plant.departures_s) == list(runner.plant.departures_s)
    assert other.plant.assets["m"].waiting.rule == "priority"
