"""Scenarios at workcells: what goes wrong there, that it heals, and what is told of bad targets."""

import re

import pytest

from scenarios.grade import grade
from scenarios.load import check_scenario
from scenarios.storyboard import Storyboard
from tests.unit.motion.motion_world import cell, spec_of, value
from tests.unit.scenarios.test_storyboard import scenario
from twin.kernel.command import Command
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.line import build
from twin.spec.document import Finding
from twin.spec.errors import SpecError
from twin.spec.load import parse_model
from twin.spec.scenario import ScenarioSpec

BODIES = """\
- {id: seat, kind: seat, at_m: [0, 0, 0.5]}
- {id: s, kind: sensor, sees: seat}
- {id: x, kind: axis, direction: x, at_m: [0, 0, 1], high: 2, speed: 1, accel: 4}
- {id: grip, kind: gripper, on: x}
- {id: guard, kind: door, at_m: [2, 0, 0]}
- {id: inside, kind: zone, at_m: [1, 1, 0], size_m: [1, 1], dangers: [x], behind: guard}
- {id: panel, kind: panel}
"""
LINE = spec_of(BODIES)


def played(events, until_s, expect=(), doing=()):
    story = scenario([{"id": f"e{n}", **e} for n, e in enumerate(events)], expect)
    document = story.model_dump(mode="json", by_alias=True, exclude_none=True)
    runner = Runner(build(LINE), Header(LINE.document(), 0, scenario=document))
    runner.digest()
    board = Storyboard(story, 0)
    for time_s, command in doing:
        runner.run_until(board(runner, time_s))
        runner.apply(command)
    runner.run_until(board(runner, until_s))
    return runner, board


def event(at_s, **do):
    return {"at_s": at_s, "do": do}


def test_a_stuck_sensor_heals_by_itself():
    events = [event(10, **{"break": "cell/s", "value": True, "downtime_s": 30})]
    for until_s, stuck in ((9, False), (11, True), (39, True), (41, False)):
        runner, board = played(events, until_s)
        assert value(runner, "s") is stuck
        assert not board.refused
    log = [(s.time_s, s.command.verb, s.command.by) for s in runner.log]
    assert log == [(10, "break", "scenario:e0"), (40, "repair", "scenario:e0:ends")]


def test_a_force_is_seen_as_one_and_is_released():
    events = [event(10, force="cell/s", value=True, downtime_s=5)]
    runner, _ = played(events, 12)
    assert cell(runner).points["s"].forced is True
    runner, _ = played(events, 16)
    assert cell(runner).points["s"].forced is None
    runner, _ = played([event(1, force="cell/s", value=True), event(2, release="cell/s")], 3)
    assert cell(runner).points["s"].forced is None


def test_somebody_comes_in_by_the_door_and_goes_again():
    events = [
        event(1, enter="cell/inside"),
        event(2, write="cell/guard_closed", value=False),
        event(3, enter="cell/inside"),
        event(9, leave="cell/inside"),
    ]
    runner, board = played(events, 5)
    assert "guard" in board.refused["e0"]
    assert cell(runner).world.bodies["inside"].inside
    runner, _ = played(events, 10)
    assert not cell(runner).world.bodies["inside"].inside


def test_who_repairs_it_before_is_no_matter():
    events = [event(10, **{"break": "cell/grip", "failure": "dead", "downtime_s": 30})]
    repair = Command("repair", "cell/grip", {}, "ada")
    wish = {"id": "e", "after": "e0", "within_s": 60,
            "command": {"verb": "repair", "target": "cell/grip"}}  # fmt: skip
    runner, board = played(events, 100, [wish], [(20, repair)])
    assert not board.refused
    result = grade(runner.record())
    assert result.same
    assert result.points == 10
    assert result.judgements[0].at_s == pytest.approx(20)
    alone, _ = played(events, 100, [wish])
    assert grade(alone.record()).points == 0  # the scenario's own repair does not count


BAD = [
    ({"break": "cell"}, "break", "as a whole.*cell/x, cell/grip"),
    ({"break": "cell/seat"}, "break", "never breaks"),
    ({"break": "cell/panel"}, "break", "cell/panel_start"),
    ({"break": "cell/gripper"}, "break", "no 'cell/gripper'.*cell/grip"),
    ({"break": "cell/grip", "failure": "leek"}, "break", "no failure 'leek'.*leaks"),
    ({"break": "cell/s", "value": 3.5}, "break", "s"),
    ({"break": "cell/x", "downtime_s": 5}, "downtime_s", "waits for a reset"),
    ({"repair": "cell/x_gone"}, "repair", "cell/x"),
    ({"stop": "cell"}, "stop", "panel, such as.*cell/panel_stop"),
    ({"write": "cell/s", "value": True}, "write", "'force' it, or 'break' it"),
    ({"write": "cell/panel_start", "value": 7.5}, "value", "panel_start"),
    ({"force": "cell/t", "value": True}, "force", "cell/s"),
    ({"enter": "cell/guard"}, "enter", "cell/inside"),
    ({"break": "feed"}, "break", "no machine"),
]


@pytest.mark.parametrize(("do", "key", "told"), BAD)
def test_a_bad_target_is_told_with_its_place_and_the_remedy(do, key, told):
    story = scenario([{"id": "e", "at_s": 1, "do": do}])
    (found,) = list(check_scenario(story, build(LINE)))
    assert isinstance(found, Finding)
    assert found.path == ("events", 0, "do", key)
    assert re.search(told, found.phrase.text())


SHAPES = [
    ("{force: cell/s}", "need a 'value'"),
    ("{repair: cell/s, value: true}", "need a 'value'"),
    ("{enter: cell/inside, downtime_s: 5}", "'downtime_s' goes with"),
    ("{write: cell/s, value: true, failure: a}", "'failure' goes with"),
    ("{force: cell/s, value: true, enter: cell/inside}", "has 2 verbs"),
]


@pytest.mark.parametrize(("do", "told"), SHAPES)
def test_what_does_not_belong_to_a_verb_is_told(do, told):
    text = (
        "schema: pilotline.scenario/1\nid: s\ntitle: S\nline: t\nevents:\n"
        f"- {{id: e, at_s: 1, do: {do}}}\n"
    )
    with pytest.raises(SpecError, match=told):
        parse_model(text, ScenarioSpec)
