"""Measured series: taken in order; when one is at its end, the run ends there, and says so."""

import json

import pytest

from tests.unit.plant.lives import alive, fingerprint, reborn
from tests.unit.plant.shapes import OUT, feed, row, running, station
from tests.unit.plant.truths import check
from twin.kernel.command import Command
from twin.kernel.errors import PilotlineError, TraceEnded
from twin.kernel.record import RunRecord
from twin.kernel.streams import Streams
from twin.plant.samplers import Duration
from twin.spec.times import Time

TRACED = row(feed(), station("m", {"trace": [3, 5, 4]}), station("n", 2), OUT)


def ended(runner):
    with pytest.raises(TraceEnded) as caught:
        runner.run_until(1000)
    return caught.value


def test_the_values_in_order_and_then_the_end():
    runner = running(TRACED, 11.5)
    error = ended(runner)
    assert list(runner.plant.departures_s) == [5, 10]
    assert error.args == ("m/process",)
    assert "m/process" in str(error)
    assert isinstance(error, PilotlineError)
    # It ends where the fourth part wants its time; nothing is half done.
    assert runner.time_s == 12
    check(runner.plant)


def test_an_alarm_says_so():
    runner = running(TRACED)
    ended(runner)
    alarm = runner.plant.alarms.get("m/trace")
    assert (alarm.active, alarm.raised_s, alarm.message) == (True, 12, "alarm.trace")


def test_the_end_is_for_good_but_can_be_looked_at():
    runner = running(TRACED)
    ended(runner)
    before = runner.plant.made
    ended(runner)
    runner.apply(Command("acknowledge", "m", {"alarm": "m/trace"}))
    assert runner.plant.alarms.get("m/trace").acknowledged
    with pytest.raises(TraceEnded):
        runner.step()
    assert runner.plant.made == before


def test_a_snapshot_of_the_end_and_of_the_way_there():
    runner = running(TRACED, 7)
    other = reborn(runner, TRACED)
    ended(runner)
    ended(other)
    assert fingerprint(other) == fingerprint(runner)
    third = reborn(runner, TRACED)
    ended(third)
    assert fingerprint(third) == fingerprint(runner)
    third.restore(json.loads(json.dumps(running(TRACED, 7).snapshot())))
    third.run_until(11)
    assert third.plant.made == 2


def test_a_run_that_ended_is_replayed():
    runner = running(TRACED)
    digest = runner.digest()
    ended(runner)
    runner.apply(Command("break", "n"))
    record = RunRecord(runner.header, runner.log, runner.time_s, digest.hex())
    again = alive(TRACED)
    its = again.digest()
    again.replay(record)
    assert its.hex() == digest.hex()
    assert fingerprint(again) == fingerprint(runner)


def test_one_that_is_long_enough_never_says_so():
    runner = running(row(feed(limit=3), station("m", {"trace": [3, 5, 4]}), OUT), 100)
    assert runner.plant.made == 3


def test_outside_a_line_the_end_is_an_error():
    duration = Duration(Time(trace=(1.0,)), "x", Streams(0))
    assert duration.draw() == 1
    with pytest.raises(TraceEnded, match="x has no more values"):
        duration.draw()


def test_arrivals_and_repairs_may_be_traces():
    jam = {"id": "jam", "uptime_s": {"trace": [5, 20]}, "downtime_s": {"trace": [4, 4]}}
    source = feed(interarrival_s={"trace": [1, 10, 10, 10]})
    runner = running(row(source, station("m", 3, failures=[jam]), OUT))
    error = ended(runner)
    assert error.args == ("feed/interarrival",)
    # At 1 s, done at 4; at 11 s, 2 s, repaired until 17, done at 18; …
    assert list(runner.plant.departures_s) == [4, 18, 24]
