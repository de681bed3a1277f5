"""Stations: blocking after service, parallel servers, people, changeovers, batches, speed."""

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

DAY = {"shifts": [{"id": "day", "from": "06:00", "to": "14:00"}], "start_time": "06:00"}


def test_a_row_of_machines_without_buffers():
    # Blocking after service: the line goes at the pace of the slowest, the first blocks.
    line = ran(row(feed(), station("a", 2), station("b", 5), station("c", 3), OUT), 102)
    assert list(line.departures_s)[:3] == [10, 15, 20]
    assert line.made == 19
    a = line.assets["a"].result(102).fractions
    assert a["blocked"] == pytest.approx((102 - 2 * 21) / 102)


def test_parallel_servers():
    assert departures(row(feed(), station("m", 10, capacity=3), OUT), 25) == [10] * 3 + [20] * 3
    three = ran(row(feed(limit=4), station("m", 10, capacity=3), OUT), 40).assets["m"].result(40)
    # 3 servers, 4 jobs of 10 s in 40 s.
    assert three.fractions["busy"] == pytest.approx(40 / 120)
    assert three.fractions["starved"] == pytest.approx(80 / 120)


def test_one_person_for_two_machines():
    spec = row(
        asset("crew", "operator", count=1),
        feed(),
        station("a", 4, operator="crew"),
        buffer("q", 1),
        station("b", 4, operator="crew"),
        OUT,
    )
    line = ran(spec, 100)
    # One pair of hands: 4 s of work at a and 4 s at b for each part.
    assert line.assets["a"].made + line.assets["b"].made == 25
    assert line.assets["crew"].result(100).fractions["busy"] == 1
    assert line.made == 12


def test_who_is_more_urgent_is_served_first():
    first = {"pool": "crew", "priority": 1}
    urgent = {"pool": "crew", "priority": 0}
    spec = spec_of(
        [
            asset("crew", "operator"),
            feed("fa", interarrival_s=100, first_s=0),
            feed("fb", interarrival_s=100, first_s=1),
            feed("fc", interarrival_s=100, first_s=2),
            station("a", 5, operator=first),
            station("b", 5, operator=first),
            station("c", 5, operator=urgent),
            OUT,
            asset("oc", "sink"),
        ],
        [["fa", "a", "out"], ["fb", "b", "out"], ["fc", "c", "oc"]],
    )
    line = ran(spec, 50)
    # a has the person until 5 s; then c before b, though b asked first.
    assert list(line.departures_s) == [5, 10, 15]
    assert line.assets["c"].servers[0].time_in[0] == 5
    assert line.assets["oc"].made == 1


def test_a_failure_lets_the_person_go():
    spec = spec_of(
        [
            asset("crew", "operator"),
            feed("fa", limit=1),
            feed("fb", interarrival_s=100, first_s=1),
            station("a", 10, operator="crew"),
            station("b", 10, operator="crew"),
            OUT,
        ],
        [["fa", "a", "out"], ["fb", "b", "out"]],
    )
    runner = running(spec)
    runner.apply(Command("break", "a", {"downtime_s": 2.0}), at_s=4)
    runner.run_until(100)
    # b gets the person at 4 s and keeps it until 14 s; a has 6 s left.
    assert list(runner.plant.departures_s) == [14, 20]


def test_a_call_for_two_people_waits_for_both():
    spec = spec_of(
        [
            asset("crew", "operator", count=2),
            feed("fa", limit=1),
            feed("fb", limit=1),
            station("a", 3, operator="crew"),
            station("b", 4, operator={"pool": "crew", "count": 2}),
            OUT,
        ],
        [["fa", "a", "out"], ["fb", "b", "out"]],
    )
    assert departures(spec, 50) == [3, 7]


def test_people_finish_what_they_do_when_their_shift_ends():
    spec = row(
        asset("crew", "operator", shifts=["day"]),
        feed(),
        station("m", 3600 * 5, operator="crew"),
        OUT,
        calendar=DAY,
    )
    line = ran(spec, 3600 * 30)
    # 06:00 + 5 h, + 5 h (beyond 14:00); the next morning at 06:00 the third begins.
    assert [t / 3600 for t in line.departures_s] == [5, 10, 29]


def test_changeovers_depend_on_the_sequence():
    pairs = [{"from": "a", "to": "b", "s": 30}, {"from": "b", "to": "a", "s": 50}]
    spec = spec_of(
        [
            feed(orders=True),
            buffer("q"),
            station("m", 10, setups={"pairs": pairs, "default_s": 7}),
            OUT,
        ],
        [["feed", "q", "m", "out"]],
        orders=[{"id": f"o{k}", "part": p, "quantity": 1} for k, p in enumerate("aabbacc")],
    )
    # a a 30 b b 50 a 7 c c
    line = ran(spec, 500)
    assert list(line.departures_s) == [10, 20, 60, 70, 130, 147, 157]
    fractions = line.assets["m"].result(500).fractions
    assert fractions["setup"] == pytest.approx(87 / 500)
    assert fractions["busy"] == pytest.approx(70 / 500)


def test_a_changeover_needs_its_person_and_the_work_does_not():
    setups = {"default_s": 10, "by": "crew"}
    spec = spec_of(
        [
            asset("crew", "operator"),
            feed(orders=True),
            buffer("q"),
            station("m", 5, setups=setups),
            feed("fx", limit=1),
            station("x", 22, operator="crew"),
            OUT,
        ],
        [["feed", "q", "m", "out"], ["fx", "x", "out"]],
        orders=[{"id": f"o{k}", "part": p, "quantity": 1} for k, p in enumerate("ab")],
    )
    # The person is busy until 22 s: b waits from 5 s, changeover until 32 s, work until 37 s.
    line = ran(spec, 100)
    assert list(line.departures_s) == [5, 22, 37]
    assert line.assets["m"].result(100).fractions["setup"] == pytest.approx(27 / 100)


def test_twice_the_speed_is_half_the_time_from_the_next_part_on():
    runner = running(row(feed(), station("m", 10), OUT), 4)
    runner.apply(Command("write", "m/speed_factor", {"value": 2.0}))
    runner.run_until(26)
    assert list(runner.plant.departures_s) == [10, 15, 20, 25]


def test_times_by_part_type():
    spec = spec_of(
        [feed(orders=True), station("m", {"by_part": {"a": 3, "b": 8}}), OUT],
        [["feed", "m", "out"]],
        orders=[{"id": f"o{k}", "part": p, "quantity": 1} for k, p in enumerate("abba")],
    )
    assert departures(spec, 50) == [3, 11, 19, 22]


def test_spoiled_and_cured():
    all_bad = ran(row(feed(), station("m", 1, defect_rate=1.0), OUT), 10)
    assert (all_bad.made, all_bad.escaped) == (10, 10)
    cured = ran(
        row(feed(), station("m", 1, defect_rate=1.0), station("n", 1, cure_rate=1.0), OUT), 11
    )
    assert (cured.made, cured.escaped) == (10, 0)
    half = ran(row(feed(), station("m", 1, defect_rate=0.3), OUT), 20_000)
    assert half.escaped / half.made == pytest.approx(0.3, abs=0.015)


# ---- batches


def test_a_full_batch_goes_together():
    spec = row(feed(interarrival_s=10), buffer("q"), station("oven", 25, batch=3), OUT)
    assert departures(spec, 150) == [55, 55, 55, 85, 85, 85, 115, 115, 115, 145, 145, 145]


def test_two_chambers_take_twice_as_much():
    one = row(feed(), station("oven", 100, batch=4), OUT)
    two = row(feed(), station("oven", 100, batch=4, capacity=2), OUT)
    assert ran(one, 1000).made == 40
    assert ran(two, 1000).made == 80
    assert ran(two, 1000).assets["oven"].result(1000).fractions["busy"] == 1


def test_a_batch_begins_with_fewer_after_the_longest_wait():
    batch = {"size": 4, "min": 2, "wait_s": 15}
    spec = row(feed(interarrival_s=10), buffer("q"), station("oven", 5, batch=batch), OUT)
    # Parts at 10 and 20 s: begins at 25 s with two; again at 45 s.
    assert departures(spec, 75) == [30, 30, 50, 50, 70, 70]


def test_a_batch_that_waited_too_long_begins_with_its_second_part():
    batch = {"size": 4, "min": 2, "wait_s": 3}
    spec = row(feed(interarrival_s=10), buffer("q"), station("oven", 5, batch=batch), OUT)
    assert departures(spec, 50) == [25, 25, 45, 45]


def test_a_failure_that_scraps_takes_the_whole_batch():
    jam = {"id": "jam", "uptime_s": 50, "downtime_s": 10, "on_failure": "scrap"}
    line = ran(row(feed(), station("oven", 20, batch=3, failures=[jam]), OUT), 100)
    # 20, 40, broken at 50 with three parts, again from 60: 80, 100.
    assert sorted(set(line.departures_s)) == [20, 40, 80, 100]
    assert line.scrapped == 3
