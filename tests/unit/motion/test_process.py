"""Process heads: what they do to parts, and what they punish."""

from math import log

import pytest

from tests.unit.motion.gantry import TOP, gantry, go, grip
from tests.unit.motion.motion_world import (
    body,
    cell,
    changed_at,
    incidents,
    make,
    put,
    reborn,
    record,
    run,
    spec_of,
    state,
    value,
    write,
)

PARTS = "parts:\n- {id: box, size_m: [0.2, 0.1, 0.05]}\n- {id: done, size_m: [0.2, 0.1, 0.05]}\n"
PRESS = """\
- {id: nest, kind: seat}
- {id: jaws, kind: clamp, holds: nest, extend_s: 0.4, retract_s: 0.4}
- {id: gate, kind: cylinder, direction: x, stroke_m: 0.5, extend_s: 1, retract_s: 1}
- {id: press, kind: process, process: press, sees: nest, duration_s: 2, clamp: jaws, door: gate, \
makes: done}
- {id: panel, kind: panel}
"""
OVEN = """\
- {id: nest, kind: seat}
- {id: oven, kind: process, process: oven, sees: nest, duration_s: 10, temperature_c: 220, \
heat_s: 30, makes: done}
- {id: panel, kind: panel}
"""


def pressing(*, clamp=True, door=True, part=True):
    runner = make(PRESS, parts=PARTS)
    piece = put(runner, "nest") if part else None
    write(runner, "jaws_extend", clamp)
    write(runner, "gate_extend", door)
    run(runner, 5.0)
    write(runner, "press_start", True)
    return runner, piece


def causes(runner):
    return [(incident.kind, incident.cause) for incident in incidents(runner)]


def test_it_works_for_its_time_and_makes_another_type():
    runner, piece = pressing()
    assert value(runner, "press_busy")
    run(runner, 10.0)
    assert changed_at(runner, "press_done") == pytest.approx(7.0, abs=1e-9)
    assert changed_at(runner, "press_busy") == pytest.approx(7.0, abs=1e-9)
    assert piece.type == "done"
    assert piece.good
    assert not incidents(runner)


def test_done_lasts_until_the_next_start():
    runner, _ = pressing()
    run(runner, 8.0)
    write(runner, "press_start", False)
    assert value(runner, "press_done")
    write(runner, "press_start", True)
    assert not value(runner, "press_done")


def test_it_runs_idle_without_a_part():
    runner, _ = pressing(part=False)
    run(runner, 10.0)
    assert value(runner, "press_done")
    assert not incidents(runner)


def test_a_part_that_is_not_clamped_is_spoiled():
    runner, piece = pressing(clamp=False)
    assert causes(runner) == [("spoiled", "incident.not_clamped")]
    run(runner, 10.0)
    assert not piece.good
    assert piece.spoiled_by == "cell"
    assert piece.type == "done"


def test_a_clamp_that_opens_too_early_spoils_the_part_once():
    runner, piece = pressing()
    write(runner, "jaws_extend", False, 6.0)
    run(runner, 10.0)
    assert causes(runner) == [("spoiled", "incident.not_clamped")]
    assert incidents(runner)[0].time_s == pytest.approx(6.0, abs=1e-9)
    assert not piece.good


def test_an_open_door_is_a_danger():
    runner, piece = pressing(door=False)
    run(runner, 10.0)
    assert causes(runner) == [("danger", "incident.door_open")]
    assert piece.good


def test_a_door_that_opens_too_early_is_a_danger_once():
    runner, _ = pressing()
    write(runner, "gate_extend", False, 6.0)
    run(runner, 10.0)
    assert causes(runner) == [("danger", "incident.door_open")]
    assert incidents(runner)[0].time_s == pytest.approx(6.0, abs=1e-9)


def test_power_lost_in_mid_work_spoils_the_part():
    runner, piece = pressing()
    write(runner, "panel_estop", False, 6.0)
    assert not value(runner, "press_busy")
    run(runner, 20.0)
    assert not value(runner, "press_done")
    assert ("spoiled", "incident.cut_short") in causes(runner)
    assert not piece.good
    assert piece.type == "box"


def test_taking_the_part_away_in_mid_work_is_a_collision():
    runner, piece = gantry("- {id: head, kind: process, process: screw, sees: a, duration_s: 9}\n")
    go(runner, "z", TOP)
    grip(runner)
    write(runner, "head_start", True)
    begin = runner.time_s
    go(runner, "z", 0.0)
    (incident,) = incidents(runner)
    assert (incident.kind, incident.cause) == ("collision", "incident.taken_away")
    assert incident.time_s == pytest.approx(begin, abs=1e-6)
    assert incident.values["work"] == "box"
    assert not piece.good
    run(runner, begin + 20)
    assert value(runner, "head_done")


def test_a_part_that_does_not_sit_is_spoiled():
    runner, piece = gantry("- {id: head, kind: process, process: weld, sees: b, duration_s: 1}\n")
    go(runner, "z", TOP)
    grip(runner)
    go(runner, "z", 0.0)
    go(runner, "x", 1.03)
    go(runner, "z", TOP)
    grip(runner, on=False)
    write(runner, "head_start", True)
    assert causes(runner)[-1] == ("spoiled", "incident.not_seated")
    assert not piece.good


def test_an_oven_counts_only_the_time_above_95_per_cent():
    # From 20 towards 220 degrees with 30 s: past 209 after 30 ln(200 / 11) s.
    runner = make(OVEN, parts=PARTS)
    piece = put(runner, "nest")
    write(runner, "oven_heat", True)
    write(runner, "oven_start", True)
    hot_s = 30 * log(200 / 11)
    run(runner, hot_s)
    assert cell(runner).read()["oven_temperature"] == pytest.approx(209.0)
    run(runner, 200.0)
    assert changed_at(runner, "oven_done") == pytest.approx(hot_s + 10.0)
    assert piece.type == "done"


def test_an_oven_that_cools_goes_on_when_it_is_hot_again():
    runner = make(OVEN, parts=PARTS)
    put(runner, "nest")
    write(runner, "oven_heat", True)
    run(runner, 300.0)  # all but at 220
    write(runner, "oven_start", True)
    write(runner, "oven_heat", False, 304.0)
    # Cools from 220 to 209 in about 30 ln(200 / 189), which still counts.
    cool_s = 30 * log((cell(runner).read()["oven_temperature"] - 20) / 189)
    run(runner, 320.0)
    assert value(runner, "oven_busy")
    at_320 = cell(runner).read()["oven_temperature"]
    write(runner, "oven_heat", True)
    run(runner, 500.0)
    hot_s = 320 + 30 * log((220 - at_320) / 11)
    assert changed_at(runner, "oven_done") == pytest.approx(hot_s + 10 - 4 - cool_s)


def test_without_power_an_oven_cools_and_counts_what_it_can():
    runner = make(OVEN, parts=PARTS)
    put(runner, "nest")
    write(runner, "oven_heat", True)
    run(runner, 300.0)
    write(runner, "oven_start", True)
    write(runner, "panel_estop", False)
    run(runner, 400.0)
    assert value(runner, "oven_busy")
    assert cell(runner).read()["oven_temperature"] < 60
    assert not incidents(runner)


@pytest.mark.parametrize("text", [PRESS, OVEN])
def test_a_restored_head_goes_on_as_if_never_stopped(text):
    runner = make(text, parts=PARTS)
    put(runner, "nest")
    names = ["jaws_extend", "gate_extend", "press_start"]
    if text == OVEN:
        names = ["oven_heat", "oven_start"]
    for name in names[:-1]:
        write(runner, name, True)
    run(runner, 90.0)
    write(runner, names[-1], True)
    run(runner, 91.0)
    again = reborn(runner, spec_of(text, parts=PARTS))
    ends = []
    for one in (runner, again):
        changes = record(one)
        write(one, names[0], False, 91.5)
        write(one, names[0], True, 95.0)
        run(one, 200.0)
        part = body(one, "nest").part_at(0)
        ends.append((changes, causes(one), part.as_list(), state(one)))
        assert part.type == "done"
    assert ends[0] == ends[1]
