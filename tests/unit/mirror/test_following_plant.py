"""A real plant that follows: the mirror's commands on a line of the kernel."""

import pytest

from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.kernel.signal import Quality
from twin.plant.line import build
from twin.plant.states import AssetState
from twin.spec.line import LineSpec

FRAGILE = {
    "schema": "pilotline.line/1",
    "id": "fragile",
    "assets": [
        {"id": "feed", "kind": "source"},
        {
            "id": "weld",
            "kind": "station",
            "process_s": 10,
            "failures": [
                {"id": "wear", "uptime_s": 25, "downtime_s": 5},
                {"id": "daily", "clock": "calendar", "uptime_s": 40, "downtime_s": 5},
            ],
            "maintenance": [{"id": "clean", "every_s": 60, "duration_s": 5}],
        },
        {"id": "out", "kind": "sink"},
    ],
    "flow": [["feed", "weld", "out"]],
}


@pytest.fixture
def runner() -> Runner:
    spec = LineSpec.model_validate(FRAGILE)
    runner = Runner(build(spec), Header(FRAGILE, 0))
    runner.watch()
    return runner


def say(runner: Runner, verb: str, at_s: float, **args: object) -> None:
    runner.apply(Command(verb, "weld", args), at_s=at_s)


def value(runner: Runner, name: str) -> object:
    runner.publish()
    return runner.signals.read(f"weld/{name}").value


def test_a_followed_station_works_as_long_as_the_real_one(runner: Runner) -> None:
    say(runner, "follow", 1.0, on=True)
    runner.run_until(30.0)
    assert value(runner, "made") == 0
    say(runner, "finish", 32.0)
    assert value(runner, "made") == 1
    assert value(runner, "cycle_s") == pytest.approx(32.0)
    runner.run_until(50.0)
    assert value(runner, "state") == AssetState.STARVED
    say(runner, "begin", 55.0)
    assert value(runner, "state") == AssetState.BUSY
    say(runner, "finish", 57.5)
    assert value(runner, "cycle_s") == pytest.approx(2.5)


def test_a_followed_station_breaks_only_when_the_real_one_does(runner: Runner) -> None:
    say(runner, "follow", 1.0, on=True)
    for instant in range(20, 500, 20):
        say(runner, "finish", float(instant))
        say(runner, "begin", float(instant) + 1.0)
        assert value(runner, "state") == AssetState.BUSY
    assert list(runner.plant.alarms) == []
    say(runner, "break", 500.0)
    assert value(runner, "state") == AssetState.DOWN
    say(runner, "repair", 510.0)
    assert value(runner, "state") == AssetState.BUSY


def test_given_back_it_breaks_by_its_model_again(runner: Runner) -> None:
    say(runner, "follow", 1.0, on=True)
    runner.run_until(300.0)
    say(runner, "follow", 300.0, on=False)
    runner.run_until(600.0)
    assert len(list(runner.plant.alarms)) == 2
    assert int(value(runner, "made")) > 10


def test_a_finish_without_a_part_is_refused(runner: Runner) -> None:
    say(runner, "follow", 1.0, on=True)
    say(runner, "finish", 5.0)
    with pytest.raises(CommandRefused, match="no part in work"):
        say(runner, "finish", 6.0)


def test_doubt_is_shown_at_every_signal_of_the_station(runner: Runner) -> None:
    say(runner, "mark", 1.0, quality="bad")
    runner.publish()
    own = [s.path for s in runner.signals if s.path.startswith("weld/")]
    assert {runner.signals.read(path).quality for path in own} == {Quality.BAD}
    say(runner, "mark", 2.0, quality="good")
    runner.publish()
    assert {runner.signals.read(path).quality for path in own} == {Quality.GOOD}
