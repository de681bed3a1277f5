"""Commands at exact instants, ahead of what happens then; refusals; signals for those who watch."""

from math import inf, nextafter

import pytest

from tests.unit.plant.lives import alive, fingerprint, line_of
from tests.unit.plant.shapes import OUT, buffer, feed, row, running, station
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused, SnapshotError
from twin.kernel.signal import Quality

LINE = row(feed(), station("m", 10), OUT)
BREAK = Command("break", "m")


def test_a_command_comes_before_the_events_of_its_instant():
    runner = running(LINE)
    stamped = runner.apply(BREAK, at_s=10)
    assert stamped.time_s == 10
    assert line_of(runner).made == 0  # the part that is due at 10 s is not done
    runner.run_until(10)
    assert line_of(runner).made == 0
    runner.run_until(1000)
    assert line_of(runner).made == 0


def test_when_the_instant_is_over_the_stamp_is_the_next_time_there_is():
    runner = running(LINE, 10)
    assert line_of(runner).made == 1
    stamped = runner.apply(BREAK)
    assert stamped.time_s == nextafter(10, inf) == runner.time_s
    second = runner.apply(Command("repair", "m"))
    assert second.time_s == stamped.time_s  # nothing has happened since: the same instant
    again = runner.apply(BREAK, at_s=3)
    assert again.time_s == stamped.time_s  # the past means now


def test_everything_before_a_later_command_is_done_first():
    runner = running(LINE)
    runner.apply(BREAK, at_s=35)
    assert line_of(runner).made == 3
    assert runner.time_s == 35


def test_the_order_of_commands_of_one_instant_is_kept_in_a_replay():
    runner = running(LINE, 12)
    for verb in ("stop", "start", "stop"):
        runner.apply(Command(verb, "m"))
    runner.run_until(50)
    assert line_of(runner).assets["m"].state == 5
    again = alive(LINE)
    again.replay(runner.record())
    assert fingerprint(again) == fingerprint(runner)
    assert [s.time_s for s in again.log] == [s.time_s for s in runner.log]


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (Command("break", "nobody"), "nobody"),
        (Command("dance", "m"), "cannot dance"),
        (Command("break", "out"), r"out \(sink\) cannot break"),
        (Command("repair", "m"), "nothing to repair"),
        (Command("break", "m", {"failure": "flood"}), "no failure 'flood'"),
        (Command("break", "m", {"downtime_s": -3}), "-3"),
        (Command("break", "m", {"downtime_s": inf}), "inf"),
        (Command("start", "m"), "not stopped by hand"),
        (Command("begin", "m"), "does not follow"),
        (Command("write", "m/speed_factor", {"value": 99.0}), "highest value 10"),
        (Command("write", "m/speed_factor", {"value": "fast"}), "holds float"),
        (Command("write", "m/speed_factor"), "no value"),
        (Command("write", "m/state", {"value": 1}), "cannot be written"),
        (Command("write", "m/nothing", {"value": 1}), "no signal"),
        (Command("write", "m", {"value": 1}), "no signal"),
        (Command("mark", "m", {"quality": "fine"}), "fine"),
        (Command("acknowledge", "m", {"alarm": "m/fault"}), "no alarm"),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(command, word):
    runner = running(LINE, 10)
    before = fingerprint(runner)
    with pytest.raises(CommandRefused, match=word):
        runner.apply(command)
    assert fingerprint(runner) == before
    assert runner.log == []
    assert runner.time_s == 10


def test_signals_are_published_for_what_changed():
    runner = running(row(feed(), buffer("q", 2), station("m", 10), OUT))
    runner.watch()
    runner.publish()
    changes = runner.signals.subscribe(["m/made", "q/content", "line/made", "feed/made"])
    runner.run_until(25)
    assert {asset.id for asset in runner.publish()} == {"feed", "q", "m", "out"}
    drained = changes.drain()
    assert {path: reading.value for path, reading in drained.items()} == {
        "m/made": 2,
        "line/made": 2,
        "feed/made": 5,
        "q/content": 2,
    }
    assert {reading.time_s for reading in drained.values()} == {25}
    assert runner.signals.read("q/content").value == 2
    runner.apply(Command("mark", "m", {"quality": "bad"}))
    runner.publish()
    assert changes.drain()["m/made"].quality == Quality.BAD


def test_watching_changes_nothing():
    plain, watched = running(LINE, 500), running(LINE)
    watched.watch()
    watched.digest()
    for time_s in range(0, 501, 7):
        watched.run_until(time_s)
        watched.publish()
    watched.run_until(500)
    assert fingerprint(watched) == fingerprint(plain)


def test_a_step_does_a_whole_instant():
    runner = running(LINE)
    assert runner.step()
    assert runner.time_s == 0
    assert runner.step()
    assert (runner.time_s, line_of(runner).made) == (10, 1)
    empty = running(row(feed(limit=1), station("m", 10), OUT), 100)
    assert not empty.step()


def test_a_run_with_a_simpy_process_is_replayed_not_saved():
    runner = running(LINE)

    def person(env):
        yield env.timeout(100)

    runner.env.process(person(runner.env))
    with pytest.raises(SnapshotError, match="SimPy process"):
        runner.snapshot()


def test_a_snapshot_after_commands_goes_on_with_the_log():
    runner = running(LINE, 10)
    runner.apply(BREAK)
    fresh = alive(LINE)
    fresh.restore(runner.snapshot())
    fresh.apply(Command("repair", "m"))
    assert [s.command.verb for s in fresh.log] == ["break", "repair"]
    again = alive(LINE)
    again.replay(fresh.record())
    assert fingerprint(again) == fingerprint(fresh)
