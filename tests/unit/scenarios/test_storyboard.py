"""Scenarios in a run: events at drawn times, the same in each replay; and what a run is worth."""

import pytest

from scenarios.grade import grade
from scenarios.load import check_scenario, load_scenario, shipped_scenarios
from scenarios.storyboard import Storyboard, times_of
from tests.unit.plant.lives import alive
from tests.unit.plant.shapes import OUT, buffer, feed, row, running, station
from twin.kernel.command import Command, Stamped
from twin.kernel.errors import RecordError
from twin.kernel.record import Header, RunRecord
from twin.kernel.runner import Runner
from twin.plant.line import build
from twin.spec.errors import SpecError
from twin.spec.scenario import ScenarioSpec

LINE = row(feed(), station("a", 10), buffer("q", 5), station("b", 10), OUT)


def scenario(events, expect=()):
    return ScenarioSpec.model_validate(
        {
            "schema": "pilotline.scenario/1",
            "id": "s",
            "title": "S",
            "line": "t",
            "events": events,
            "expect": [{"title": "E", "points": 10, **e} for e in expect],
        }
    )


FAIL = {"id": "fails", "at_s": 100, "do": {"break": "a"}}


def test_times_are_drawn_from_the_seed():
    story = scenario(
        [
            {"id": "one", "at_s": {"uniform": [50, 90]}, "do": {"break": "a"}},
            {"id": "two", "after": "one", "delay_s": 30, "do": {"repair": "a"}},
            {"id": "three", "after": "two", "do": {"stop": "b"}},
        ]
    )
    times = times_of(story, 1)
    assert 50 <= times["one"] <= 90
    assert times["two"] == times["one"] + 30
    assert times["three"] == times["two"]
    assert times_of(story, 1) == times != times_of(story, 2)
    more = scenario(
        [
            {"id": "zero", "at_s": {"uniform": [50, 90]}, "do": {"stop": "b"}},
            *[e.model_dump(by_alias=True, exclude_none=True) for e in story.events],
        ]
    )
    assert times_of(more, 1)["one"] == times["one"]


def test_events_happen_at_their_times_however_the_run_is_cut():
    story = scenario(
        [FAIL, {"id": "ends", "after": "fails", "delay_s": 33.25, "do": {"repair": "a"}}]
    )
    logs = []
    for step_s in (0.7, 10, 1000):
        runner, board, goal_s = running(LINE), Storyboard(story, 0), 0.0
        while goal_s < 300:
            goal_s = min(300, goal_s + step_s)
            runner.run_until(board(runner, goal_s))
        logs.append([(s.time_s, s.command.verb, s.command.by) for s in runner.log])
        assert not board.refused
    assert logs[0] == logs[1] == logs[2]
    assert logs[0] == [(100, "break", "scenario:fails"), (133.25, "repair", "scenario:ends")]


def test_an_event_that_cannot_take_place_is_told_and_stops_nothing():
    story = scenario([FAIL, {"id": "again", "at_s": 110, "do": {"break": "a"}}])
    runner, board = running(LINE), Storyboard(story, 0)
    board(runner, 500)
    assert "has failure" in board.refused["again"]
    assert len(runner.log) == 1


def test_all_that_is_wrong_with_a_scenario_is_told():
    story = scenario(
        [
            {"id": "x", "at_s": 1, "do": {"break": "c"}},
            {"id": "y", "at_s": 1, "do": {"break": "a", "failure": "flood"}},
            {"id": "z", "at_s": 1, "do": {"write": "a/state", "value": 1}},
            {"id": "w", "at_s": 1, "do": {"stop": "q"}},
        ],
        [{"id": "e", "becomes": "a.stat == down"}],
    )
    found = list(check_scenario(story, build(LINE)))
    assert [finding.path[:2] for finding in found] == [
        ("events", 0),
        ("events", 1),
        ("events", 2),
        ("events", 3),
        ("expect", 0),
    ]


def test_the_shipped_scenarios_fit_their_lines():
    assert shipped_scenarios()
    for name in shipped_scenarios():
        story, spec = load_scenario(name)
        assert story.id == name
        assert not list(check_scenario(story, build(spec)))
        assert sum(expectation.points for expectation in story.expect) == 100


def test_a_scenario_that_is_not_there():
    with pytest.raises(SpecError, match="weld_camera"):
        load_scenario("weld_camra")


# ---- grades


def played(expect, doing=(), *, until_s=600.0, spec=LINE):
    """Run the failure at 100 s, with a person's commands, and grade it."""
    story = scenario([FAIL], expect)
    header = Header(
        spec.document(), 0, scenario=story.model_dump(mode="json", by_alias=True, exclude_none=True)
    )
    runner = Runner(build(spec), header)
    runner.digest()
    board = Storyboard(story, 0)
    for time_s, command in doing:
        board(runner, time_s)
        runner.apply(command, at_s=time_s)
    runner.run_until(board(runner, until_s))
    return grade(runner.record())


def the_one(*arguments, **named):
    result = played(*arguments, **named)
    assert result.same
    (judgement,) = result.judgements
    return judgement


ACK = {
    "id": "e",
    "after": "fails",
    "within_s": 60,
    "command": {"verb": "acknowledge", "target": "a/*"},
}
REPAIR = Command("repair", "a", {}, "ada")


@pytest.mark.parametrize(("at_s", "points"), [(100, 10), (130, 10), (160, 10), (160.5, 0), (99, 0)])
def test_a_command_within_its_time(at_s, points):
    command = Command("acknowledge", "a", {"alarm": "a/fault"}, "ada")
    doing = [(at_s, command)]
    if at_s == 99:  # too early for this alarm: it is about another one
        doing = [(50, Command("break", "a")), (60, REPAIR), (99, command)]
    found = the_one([ACK], doing)
    assert found.points == points
    assert found.met is (points > 0)
    if points:
        assert found.at_s == pytest.approx(at_s)
        assert "ada" in found.why


def test_a_command_that_nobody_gave():
    found = the_one([ACK])
    assert (found.points, found.most, found.at_s) == (0, 10, None)
    assert "within 60.0 s" in found.why


def test_a_command_that_came_too_late():
    found = the_one([ACK], [(170, Command("acknowledge", "a", {"alarm": "a/fault"}, "me"))])
    assert (found.points, found.most, found.at_s) == (0, 10, 170)
    assert "70.0 s after" in found.why


def test_the_scenarios_own_commands_do_not_count():
    wish = {"id": "e", "command": {"verb": "break", "target": "*"}}
    assert not the_one([wish]).met


def test_a_condition_that_becomes_true():
    wish = {"id": "e", "after": "fails", "within_s": 120, "becomes": "a.state != down"}
    found = the_one([wish], [(170, REPAIR)])
    assert found.met
    assert found.at_s == 170
    assert found.values == {"a.state": 0}
    late = the_one([wish], [(230, REPAIR)])
    assert not late.met
    assert late.values == {"a.state": 3}


def test_and_stays_so_for_a_while():
    wish = {"id": "e", "after": "fails", "becomes": "a.state == busy", "sustained_s": 50}
    twice = [(150, REPAIR), (180, Command("break", "a")), (300, REPAIR)]
    found = the_one([wish], twice)
    assert found.at_s == 300
    short = played([wish], twice, until_s=340)
    assert short.points == 0


def test_a_condition_that_holds_all_the_time():
    wish = {"id": "e", "after": "fails", "within_s": 100, "holds": "b.state == busy"}
    # b lives on the buffer, which holds nothing: it starves when a is broken.
    broken = the_one([wish])
    assert not broken.met
    assert broken.at_s == 100
    assert broken.values["b.state"] == 1
    assert the_one([wish | {"holds": "q.content < 5"}]).met


def test_an_event_that_did_not_take_place():
    found = the_one([ACK], until_s=90.0)
    assert (found.met, found.points) == (False, 0)
    assert "fails" in found.why


def test_points_are_summed():
    result = played(
        [
            ACK,
            {"id": "f", "points": 30, "becomes": "a.made > 5"},
            {"id": "g", "points": 5, "holds": "a.made < 5"},
        ],
        [],
    )
    assert (result.points, result.most) == (30, 45)


def test_a_record_that_somebody_changed_is_found():
    story = scenario([FAIL], [ACK])
    header = Header(
        LINE.document(), 0, scenario=story.model_dump(mode="json", by_alias=True, exclude_none=True)
    )
    runner = Runner(build(LINE), header)
    runner.digest()
    Storyboard(story, 0)(runner, 200)
    runner.apply(Command("acknowledge", "a", {"alarm": "a/fault"}, "ada"), at_s=200)
    runner.apply(Command("repair", "a", {}, "ada"), at_s=250)
    runner.run_until(600)
    record = runner.record()
    assert not grade(record).judgements[0].met
    earlier = [Stamped(s.time_s - 60 * (s.command.by == "ada"), s.command) for s in record.log]
    forged = RunRecord(record.header, earlier, record.end_s, record.digest)
    found = grade(forged)
    assert found.judgements[0].met
    assert not found.same
    nonsense = RunRecord(record.header, [Stamped(5.0, Command("repair", "a"))], 10.0, "00")
    with pytest.raises(RecordError, match="do not fit"):
        grade(nonsense)
    with pytest.raises(RecordError, match="no scenario"):
        grade(alive(LINE).record())


def test_a_run_that_ended_early_is_graded():
    spec = row(feed(), station("a", {"trace": [30, 30, 30, 20]}), OUT)
    found = played(
        [{"id": "e", "becomes": "a.made >= 3"}, {"id": "f", "holds": "a.made < 9"}],
        [(150, REPAIR)],
        spec=spec,
        until_s=120,
    )
    assert [j.met for j in found.judgements] == [True, True]
