"""Failures, their repair, planned maintenance, and the alarms that go with them."""

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


def jam(uptime_s, downtime_s, **more):
    return {"id": "jam", "uptime_s": uptime_s, "downtime_s": downtime_s, **more}


def test_the_operating_clock_runs_only_during_work():
    # A part each 20 s, 10 s of work: 25 s of work are done after 55 s.
    spec = row(feed(interarrival_s=20), buffer("q"), station("m", 10, failures=[jam(25, 7)]), OUT)
    line = ran(spec, 100)
    assert line.alarms.get("m/jam").raised_s == 65
    assert list(line.departures_s) == [30, 50, 77, 90]


def test_the_calendar_clock_runs_always():
    spec = row(
        feed(interarrival_s=20),
        buffer("q"),
        station("m", 10, failures=[jam(25, 7, clock="calendar")]),
        OUT,
    )
    # Broken from 25 to 32, 57 to 64, 89 to 96 s.
    line = ran(spec, 100)
    assert list(line.departures_s) == [37, 50, 74, 97]
    assert line.assets["m"].result(100).fractions["down"] == pytest.approx(21 / 100)


@pytest.mark.parametrize(
    ("then", "times", "scrapped"),
    [("resume", [10, 25], 0), ("restart", [10, 30], 0), ("scrap", [10, 30], 1)],
)
def test_what_becomes_of_the_part_in_work(then, times, scrapped):
    # 15 s of work, then 5 s of repair.
    spec = row(feed(), station("m", 10, failures=[jam(15, 5, on_failure=then)]), OUT)
    line = ran(spec, 34)
    assert list(line.departures_s) == times
    assert line.scrapped == scrapped == line.assets["m"].scrapped


def test_a_failure_during_another_one():
    failures = [
        jam(30, 20, clock="calendar"),
        {"id": "leak", "clock": "calendar", "uptime_s": 40, "downtime_s": 25},
    ]
    spec = row(feed(), station("m", 7, failures=failures), OUT)
    line = ran(spec, 79)
    # Jam 30-50, leak 40-65: down from 30 to 65; jam again at 80.
    assert line.assets["m"].result(79).fractions["down"] == pytest.approx(35 / 79)
    # 28 s for four parts; 2 s done of the fifth, 5 s left after 65 s.
    assert list(line.departures_s) == [7, 14, 21, 28, 70, 77]


def test_one_repairer_for_two_machines():
    failures = [jam(10, 6, clock="calendar", repair_by="crew")]
    spec = spec_of(
        [
            asset("crew", "operator"),
            feed(),
            station("a", 100, failures=failures),
            station("b", 100, failures=failures),
            OUT,
        ],
        [{"from": "feed", "to": ["a", "b"], "by": "cyclic"}, ["a", "out"], ["b", "out"]],
    )
    line = ran(spec, 25)
    # Both break at 10 s; a is repaired until 16 s, b until 22 s.
    downs = [line.assets[name].result(25).fractions["down"] * 25 for name in "ab"]
    assert downs == pytest.approx([6, 12])
    assert line.alarms.get("b/jam").cleared_s == 22


def test_a_machine_that_breaks_while_it_is_blocked_gives_its_part_away():
    spec = row(feed(), station("a", 5), buffer("q", 1), station("b", 20), OUT)
    runner = running(spec, 17)
    a = runner.plant.assets["a"]
    assert a.state.name == "BLOCKED"
    runner.apply(Command("break", "a", {"downtime_s": 30.0}))
    assert a.state.name == "DOWN"
    runner.run_until(30)
    assert a.made == 3
    assert runner.plant.assets["q"].content() == 1
    assert a.state.name == "DOWN"
    runner.run_until(53)
    assert a.made == 4


def test_maintenance_by_the_calendar_and_by_work():
    calendar = {"id": "care", "every_s": 27, "duration_s": 6}
    line = ran(row(feed(), station("m", 10, maintenance=[calendar]), OUT), 80)
    # 27-33, then again 27 s after its end: 60-66.
    assert list(line.departures_s) == [10, 20, 36, 46, 56, 72]
    result = line.assets["m"].result(80)
    assert result.fractions["idle"] == pytest.approx(12 / 80)
    assert result.availability == pytest.approx(1)
    work = calendar | {"clock": "operating", "every_s": 25}
    spec = row(feed(interarrival_s=20), station("m", 10, maintenance=[work]), OUT)
    assert departures(spec, 100) == [30, 50, 76, 90]


def test_maintenance_waits_for_its_person():
    care = {"id": "care", "every_s": 27, "duration_s": 6, "by": "crew"}
    spec = spec_of(
        [
            asset("crew", "operator"),
            feed(),
            station("m", 10, maintenance=[care]),
            OUT,
            feed("fx", limit=1),
            station("x", 42, operator="crew"),
        ],
        [["feed", "m", "out"], ["fx", "x", "out"]],
    )
    # The person comes at 42 s; care until 48 s.
    assert departures(spec, 62) == [10, 20, 42, 51, 61]


def test_broken_and_repaired_by_hand():
    runner = running(row(feed(), station("m", 10), OUT), 4)
    runner.apply(Command("break", "m"))
    runner.run_until(50)
    alarm = runner.plant.alarms.get("m/fault")
    assert alarm.active
    assert alarm.raised_s == pytest.approx(4)
    runner.apply(Command("repair", "m"))
    runner.run_until(100)
    assert list(runner.plant.departures_s) == pytest.approx([56, 66, 76, 86, 96])
    assert not runner.plant.alarms.get("m/fault").active


def test_a_failure_begun_by_hand_takes_its_own_repair_time():
    spec = row(feed(), station("m", 10, failures=[jam(1000, 30)]), OUT)
    runner = running(spec)
    runner.apply(Command("break", "m", {"failure": "jam"}), at_s=15)
    runner.run_until(60)
    assert list(runner.plant.departures_s) == [10, 50, 60]


def test_repaired_before_its_time_it_works_and_fails_later_again():
    spec = row(feed(), station("m", 10, failures=[jam(15, 1000)]), OUT)
    runner = running(spec, 20)
    runner.apply(Command("repair", "m", {"failure": "jam"}))
    runner.run_until(60)
    # 15 s of work before, 15 s after: at 35 s it is broken again, with 0 s left to do.
    assert list(runner.plant.departures_s) == pytest.approx([10, 25, 35])
    assert runner.plant.alarms.get("m/jam").count == 2


def test_stopped_and_started_by_hand():
    runner = running(row(feed(), station("m", 10), OUT), 4)
    runner.apply(Command("stop", "m"))
    runner.run_until(24)
    assert runner.plant.assets["m"].state.name == "IDLE"
    runner.apply(Command("start", "m"))
    runner.run_until(45)
    assert list(runner.plant.departures_s) == pytest.approx([30, 40])


def test_the_whole_line_is_stopped_and_started():
    runner = running(row(feed(), station("a", 5), station("b", 5), OUT), 12)
    runner.apply(Command("stop"))
    runner.run_until(50)
    assert {runner.plant.assets[name].state.name for name in "ab"} == {"IDLE"}
    runner.apply(Command("start"))
    runner.run_until(60)
    assert list(runner.plant.departures_s) == pytest.approx([10, 53, 58])


def test_packml_follows_the_state():
    runner = running(row(feed(), station("m", 10), OUT), 4)
    m = runner.plant.assets["m"]
    assert m.read()["packml"] == 6  # execute
    runner.apply(Command("break", "m"))
    assert m.read()["packml"] == 9  # aborted
    runner.apply(Command("repair", "m"))
    runner.apply(Command("stop", "m"))
    assert m.read()["packml"] == 2  # stopped


def test_energy_is_power_times_time():
    watts = {"busy": 100, "starved": 10, "down": 5}
    line = ran(row(feed(limit=3), station("m", 10, power_w=watts, failures=[jam(25, 4)]), OUT), 50)
    # 30 s busy, 4 s down, 16 s starved.
    assert line.assets["m"].result(50).energy_j == pytest.approx(3000 + 20 + 160)


def test_oee_of_a_machine():
    line = ran(row(feed(), station("m", 10, failures=[jam(25, 25)]), OUT), 100)
    result = line.assets["m"].result(100)
    assert result.availability == pytest.approx(0.5)
    assert result.performance == pytest.approx(1, rel=0.21)
    assert result.oee == pytest.approx(result.availability * result.performance * result.quality)
