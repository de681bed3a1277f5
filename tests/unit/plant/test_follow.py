"""Machines that follow a real one: it says when work begins and ends, and what came of it."""

import pytest

from tests.unit.plant.shapes import OUT, asset, buffer, feed, row, running, spec_of, station
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused

FOLLOW = Command("follow", "m", {"on": True})


def following(*machines):
    runner = running(row(feed(), buffer("q", 3), *machines, OUT))
    runner.apply(FOLLOW)
    return runner


def test_work_begins_and_ends_when_the_real_machine_says_so():
    runner = following(station("m", 10))
    runner.run_until(50)
    assert runner.plant.made == 0
    runner.apply(Command("begin", "m"), at_s=60)
    runner.apply(Command("finish", "m"), at_s=73)
    runner.run_until(80)
    assert list(runner.plant.departures_s) == [73]
    assert runner.plant.assets["m"].read()["cycle_s"] == pytest.approx(13)
    assert runner.plant.assets["m"].read()["mode"] == "follow"


def test_it_finishes_what_the_model_had_begun():
    runner = running(row(feed(), station("m", 10), OUT), 4)
    runner.apply(FOLLOW)
    runner.run_until(30)
    assert runner.plant.made == 0
    runner.apply(Command("finish", "m"))
    assert runner.plant.made == 1


def test_back_to_the_model_it_goes_on_with_the_time_that_is_left():
    runner = running(row(feed(), station("m", 10), OUT), 4)
    runner.apply(FOLLOW)
    runner.run_until(7)
    runner.apply(Command("follow", "m", {"on": False}))
    runner.run_until(25)
    assert list(runner.plant.departures_s) == pytest.approx([10, 20])


def test_a_verdict_of_the_real_inspection_counts():
    spec = spec_of(
        [feed(), asset("m", "inspection", process_s=5), OUT, asset("bin", "sink", scrap=True)],
        [["feed", "m"], {"from": "m", "to": {"pass": "out", "fail": "bin"}}],
    )
    runner = running(spec)
    runner.apply(FOLLOW)
    runner.run_until(1)
    for verdict in (True, False, False):
        runner.apply(Command("begin", "m"))
        runner.apply(Command("finish", "m", {"verdict": verdict}))
    assert (runner.plant.made, runner.plant.scrapped) == (1, 2)


def test_a_verdict_of_a_real_station_is_the_truth():
    runner = following(station("m", 5))
    runner.run_until(1)
    for verdict in (False, True):
        runner.apply(Command("begin", "m"))
        runner.apply(Command("finish", "m", {"verdict": verdict}))
    assert (runner.plant.made, runner.plant.escaped) == (2, 1)


def test_a_real_oven_begins_with_what_is_there():
    spec = row(feed(interarrival_s=10), station("m", 5, batch=4), OUT)
    runner = running(spec)
    runner.apply(FOLLOW)
    runner.run_until(25)
    runner.apply(Command("begin", "m"))
    runner.apply(Command("finish", "m"))
    assert runner.plant.made == 2


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (Command("finish", "m"), "no part in work"),
        (Command("finish", "m", {"verdict": "good"}), "neither true nor false"),
    ],
)
def test_what_makes_no_sense_is_refused(command, word):
    with pytest.raises(CommandRefused, match=word):
        following(station("m", 5)).apply(command)


@pytest.mark.parametrize(
    "kind",
    [
        {"kind": "conveyor", "transit_s": 5, "capacity": 9},
        {"kind": "storage", "capacity": 3, "store_s": 1, "retrieve_s": 1},
    ],
)
def test_what_moves_parts_by_itself_cannot_follow(kind):
    runner = running(row(feed(), {"id": "m", **kind}, station("n", 1), OUT))
    with pytest.raises(CommandRefused, match="cannot follow"):
        runner.apply(FOLLOW)
