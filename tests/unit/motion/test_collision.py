"""Collisions: foreseen exactly, against a fine-stepped brute force; what they do."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.motion.gantry import TOP, gantry, go, grip, pick
from tests.unit.motion.motion_world import (
    body,
    cell,
    incidents,
    make,
    put,
    reborn,
    record,
    spec_of,
    state,
    value,
    where,
    write,
)
from twin.wire.model import along

ARM = """\
- {{id: x, kind: axis, direction: x, high: 2, speed: 1, accel: 2, needs_homing: false}}
- {{id: y, kind: axis, on: x, direction: -y, high: 2, speed: 0.7, accel: 3, needs_homing: false}}
- {{id: z, kind: axis, on: y, direction: z, high: 2, speed: 0.9, accel: 1.5, \
needs_homing: false{tool}}}
- {{id: other, kind: axis, at_m: [2, -1, 1], direction: -x, high: 2, speed: 0.8, accel: 2, \
needs_homing: false{second}}}
- {{id: block, kind: solid, at_m: [{block}], size_m: [0.4, 0.3, 0.5]}}
- {{id: door, kind: solid, on: other, at_m: [0, 0.6, -0.2], size_m: [0.3, 0.1, 0.3]}}
"""
TOOL = (0.2, 0.3, 0.25)
SECOND = (0.25, 0.2, 0.3)
NAMES = ("x", "y", "z", "other")


def arm(block, *, tools):
    return ARM.format(
        tool=f", tool_m: {list(TOOL)}" if tools else "",
        second=f", tool_m: {list(SECOND)}" if tools else "",
        block=", ".join(map(str, block)),
    )


def standing(at, size):
    x, y, z = at
    length, width, height = size
    return ((x - length / 2, x + length / 2), (y - width / 2, y + width / 2), (z, z + height))


def overlap(one, other):
    return min(min(a[1] - b[0], b[1] - a[0]) for a, b in zip(one, other, strict=True))


def depth(places, block):
    """How deep anything overlaps that must not, m; plain arithmetic of its own."""
    x, y, z, other = places
    tool = standing((x, -y, z), TOOL)
    second = standing((2 - other, -1, 1), SECOND)
    hard = standing(block, (0.4, 0.3, 0.5))
    door = standing((2 - other, -0.4, 0.8), (0.3, 0.1, 0.3))
    return max(overlap(tool, second), overlap(tool, hard), overlap(tool, door),
               overlap(second, hard))  # fmt: skip


def drive(runner, moves):
    """Give the moves; return from when on each axis had which path."""
    phases = []
    for axis in NAMES:
        write(runner, f"{axis}_enable", True)
    for at_s, axis, target in moves:
        runner.run_until(at_s)
        write(runner, f"{axis}_start", False)
        write(runner, f"{axis}_target", target)
        write(runner, f"{axis}_start", True)
        phases.append((runner.time_s, [body(runner, name).path for name in NAMES]))
    runner.run_until(moves[-1][0] + 6.0)
    return phases


def places_at(phases, time_s):
    paths = [paths for begin_s, paths in phases if begin_s <= time_s]
    return [along(path, time_s) for path in (paths or [phases[0][1]])[-1]]


def first_overlap(phases, block, until_s, step_s=0.002):
    """Search by small steps, then halve the last one."""
    time_s = 0.0
    while time_s < until_s:
        if depth(places_at(phases, time_s), block) > 1e-9:
            low, high = max(time_s - step_s, 0.0), time_s
            for _ in range(40):
                middle = (low + high) / 2
                if depth(places_at(phases, middle), block) > 1e-9:
                    high = middle
                else:
                    low = middle
            return high
        time_s += step_s
    return None


places = st.floats(0.0, 2.0).map(lambda place: round(place, 3))
moves_of = st.lists(
    st.tuples(st.floats(0.05, 1.2), st.sampled_from(NAMES), places), min_size=2, max_size=8
)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(moves=moves_of, block=st.tuples(places, places.map(lambda y: -y), places))
def test_the_first_collision_is_that_of_a_fine_stepped_search(moves, block):
    if depth([0.0, 0.0, 0.0, 0.0], block) > 0:
        return
    time_s, timed = 0.0, []
    for wait_s, axis, target in moves:
        time_s += wait_s
        timed.append((time_s, axis, target))
    phases = drive(make(arm(block, tools=False)), timed)
    found_s = first_overlap(phases, block, time_s + 5.0)

    runner = make(arm(block, tools=True))
    drive(runner, timed)
    hits = [incident.time_s for incident in incidents(runner) if incident.kind == "collision"]
    hit_s = hits[0] if hits else None
    if hit_s is not None and (found_s is None or hit_s < found_s - 1e-6):
        # Shorter than a step of the search: look closer.
        closer = [hit_s + k * 2e-5 for k in range(1, 110)]
        assert max(depth(places_at(phases, t), block) for t in closer) > 0
        assert depth(places_at(phases, hit_s), block) == pytest.approx(0.0, abs=1e-6)
    elif found_s is not None:
        assert hit_s == pytest.approx(found_s, abs=1e-6)


def straight(more="", tool=", tool_m: [0.2, 0.2, 0.2]"):
    runner = make(
        "- {id: x, kind: axis, direction: x, high: 2, speed: 0.5, accel: 2, needs_homing: false"
        f"{tool}}}\n- {{id: wall, kind: solid, at_m: [1.1, 0, 0], size_m: [0.2, 1, 1]}}\n" + more
    )
    write(runner, "x_enable", True)
    return runner


def test_a_tool_that_hits_a_solid_stops_there_with_a_fault():
    # The gap is 0.9 m: 0.0625 m while it speeds up in 0.25 s, the rest at 0.5 m/s.
    runner = straight()
    go(runner, "x", 2.0)
    (incident,) = incidents(runner)
    assert incident.time_s == pytest.approx(0.25 + (0.9 - 0.0625) / 0.5, abs=1e-7)
    assert (incident.kind, incident.cause) == ("collision", "incident.hit")
    assert incident.values == {"body": "x", "other": "wall"}
    assert body(runner, "x").position() == pytest.approx(0.9, abs=1e-7)
    assert value(runner, "x_fault")
    assert not value(runner, "x_moving")


def test_it_can_be_driven_away_and_hits_again_when_driven_back():
    runner = straight()
    go(runner, "x", 2.0)
    write(runner, "x_reset", True)
    go(runner, "x", 0.5)
    assert body(runner, "x").position() == 0.5
    assert len(incidents(runner)) == 1
    go(runner, "x", 2.0)
    assert len(incidents(runner)) == 2


def test_driving_on_into_the_solid_stops_again_at_once_and_is_told_once():
    runner = straight()
    go(runner, "x", 2.0)
    write(runner, "x_reset", True)
    assert not value(runner, "x_fault")
    go(runner, "x", 2.0)
    assert len(incidents(runner)) == 1
    assert value(runner, "x_fault")
    assert body(runner, "x").position() == pytest.approx(0.9, abs=1e-6)


def test_a_tool_may_touch_a_solid():
    runner = straight()
    go(runner, "x", 0.9)
    assert value(runner, "x_in_position")
    assert not incidents(runner)


def test_what_overlaps_from_the_start_is_not_told_until_it_was_apart():
    runner = straight("- {id: table, kind: solid, size_m: [1, 1, 0.05]}\n")
    go(runner, "x", 0.7)
    assert not incidents(runner)
    go(runner, "x", 0.3)
    assert [incident.values["other"] for incident in incidents(runner)] == ["table"]


def test_a_door_that_closes_on_a_tool_is_a_collision_told_once():
    door = (
        "- {id: drive, kind: axis, at_m: [0, 1, 0], direction: -y, high: 1, speed: 1, accel: 4,"
        " needs_homing: false}\n- {id: door, kind: solid, on: drive, size_m: [0.5, 0.1, 1]}\n"
    )
    runner = straight(door)
    write(runner, "drive_enable", True)
    go(runner, "drive", 1.0)
    (incident,) = incidents(runner)
    assert (incident.body, incident.values["other"]) == ("x", "door")
    assert value(runner, "drive_fault")
    assert body(runner, "drive").position() == pytest.approx(0.85, abs=1e-7)


def test_two_tools_hit_each_other_and_both_stop():
    other = (
        "- {id: y, kind: axis, at_m: [0.5, -1, 0], direction: y, high: 1, speed: 0.4, accel: 2,"
        " needs_homing: false, tool_m: [0.2, 0.2, 0.2]}\n"
    )
    runner = straight(other)
    write(runner, "y_enable", True)
    go(runner, "y", 1.0, wait_s=1.2)
    go(runner, "x", 0.8)
    assert [incident.cause for incident in incidents(runner)] == ["incident.hit"]
    assert value(runner, "x_fault")
    assert value(runner, "y_fault")


def test_a_held_part_makes_the_tool_longer():
    # The gripper's point passes over the wall, the 5 cm part below it does not.
    wall = "- {id: wall, kind: solid, at_m: [0.5, 0, 0], size_m: [0.02, 1, 0.98]}\n"
    runner, _ = gantry(wall)
    go(runner, "x", 1.0)
    assert not incidents(runner)
    go(runner, "x", 0.0)
    pick(runner)
    go(runner, "x", 1.0)
    (incident,) = incidents(runner)
    assert (incident.kind, incident.cause) == ("collision", "incident.held_hit")
    assert body(runner, "x").position() == pytest.approx(0.49 - 0.098, abs=1e-6)
    assert value(runner, "x_fault")


def test_the_empty_gripper_must_not_hit_a_solid_either():
    wall = "- {id: wall, kind: solid, at_m: [0.5, 0, 0], size_m: [0.02, 1, 0.7]}\n"
    runner, _ = gantry(wall)
    go(runner, "z", 0.35)
    go(runner, "x", 1.0)
    (incident,) = incidents(runner)
    assert (incident.body, incident.cause) == ("grip", "incident.hit")
    assert body(runner, "x").position() == pytest.approx(0.49 - 0.005, abs=1e-6)


def test_driving_down_into_a_part_is_a_crash_one_centimetre_below_its_top():
    runner, part = gantry()
    go(runner, "z", 0.6)
    (incident,) = incidents(runner)
    assert (incident.kind, incident.cause, incident.part) == (
        "collision", "incident.crash", part.id,
    )  # fmt: skip
    assert incident.values["other"] == "a"
    assert body(runner, "z").position() == pytest.approx(TOP + 0.01, abs=1e-7)
    assert value(runner, "z_fault")


def test_putting_a_part_onto_another_is_a_crash():
    runner, _ = gantry()
    put(runner, "b")
    pick(runner)
    go(runner, "x", 1.0)
    go(runner, "z", TOP)
    (incident,) = incidents(runner)
    assert incident.cause == "incident.held_crash"
    assert body(runner, "z").position() == pytest.approx(TOP - 0.05 + 0.012, abs=1e-6)


def test_parts_side_by_side_are_no_collision():
    pallet = "parts:\n- {id: box, size_m: [0.2, 0.1, 0.05]}\n"
    more = "- {id: c, kind: seat, at_m: [1.2, 0, 0.5]}\n"
    runner, part = gantry(more, parts=pallet)
    put(runner, "c")
    pick(runner)
    go(runner, "x", 1.0)
    go(runner, "z", TOP)
    grip(runner, on=False)
    go(runner, "z", 0.0)
    assert not incidents(runner)
    assert body(runner, "b").part_at(0) is part


def test_a_part_that_a_belt_drives_into_the_gripper():
    belt = "- {id: line, kind: belt, at_m: [0.4, 0, 0.5], length_m: 1, speed_m_s: 0.2}\n"
    runner, _ = gantry(belt)
    part = put(runner, "line", along_m=0.2)
    go(runner, "x", 1.0)
    go(runner, "z", 0.48)  # the point 2 cm above the belt
    assert not incidents(runner)
    begin = runner.time_s
    write(runner, "line_run", True)
    runner.run_until(begin + 4)
    (incident,) = incidents(runner)
    assert (incident.cause, incident.part) == ("incident.crash", part.id)
    # Its front at 0.7 m comes to the point's side at 0.995 m.
    assert incident.time_s == pytest.approx(begin + 0.295 / 0.2, abs=1e-6)
    assert where(runner, part)[0] > 0.6


def test_a_restored_run_foresees_the_same_collision():
    text = arm((1.0, -1.0, 0.4), tools=True)
    runner = make(text)
    for axis in NAMES:
        write(runner, f"{axis}_enable", True)
    go(runner, "y", 1.0, wait_s=0.3)
    go(runner, "x", 2.0, wait_s=0.5)
    again = reborn(runner, spec_of(text))
    ends = []
    for one in (runner, again):
        changes = record(one)
        go(one, "z", 0.3)
        ends.append((changes, state(one)))
    assert ends[0] == ends[1]
    assert len(incidents(runner)) == 1
    assert cell(again).world.collisions.touching == cell(runner).world.collisions.touching
