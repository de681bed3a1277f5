"""Seats, racks and pallet seats: what they take, where it lies, what goes wrong."""

import pytest

from tests.unit.motion.gantry import TOP, gantry, go, grip, pick, spec
from tests.unit.motion.motion_world import (
    body,
    cell,
    changed_at,
    incidents,
    make,
    put,
    reborn,
    record,
    state,
    value,
    where,
    write,
)
from tests.unit.plant.lives import line_of
from twin.plant.motion.body import Watcher
from twin.plant.motion.frame import Pose

BELT = """\
- {id: infeed, kind: belt, at_m: [0, 0, 0.5], length_m: 1, speed_m_s: 0.2}
- {id: entry, kind: entry, to: infeed}
"""
NEST = BELT + "- {id: nest, kind: seat, at_m: [1.1, 0, 0.5]}\n"


class Eye(Watcher):
    def __init__(self):
        self.saw = []

    def seen(self, part):
        self.saw.append(part and part.id)


def test_a_belt_feeds_a_seat_and_the_part_slides_to_its_middle():
    runner = make(NEST)
    write(runner, "infeed_run", True)
    eye = Eye()
    body(runner, "nest").watch(eye, 0.0)
    runner.run_until(20.0)
    part = body(runner, "nest").part_at(0)
    assert part is not None
    assert where(runner, part) == pytest.approx((1.1, 0, 0.5))
    assert eye.saw == [part.id]


def test_a_part_does_not_jump_from_belt_to_seat():
    runner = make(NEST)
    write(runner, "infeed_run", True)
    runner.run_until(0.5)
    part = next(iter(body(runner, "infeed").parts()))[0]
    last = where(runner, part)
    for step in range(600):
        runner.run_until(0.5 + 0.01 * step)
        here = where(runner, part)
        assert abs(here[0] - last[0]) <= 0.2 * 0.011 + 1e-9
        last = here
    assert last[0] == pytest.approx(1.1)


def test_a_full_seat_holds_the_next_part_back_until_it_is_free():
    runner = make(NEST)
    write(runner, "infeed_run", True)
    runner.run_until(30.0)
    nest = body(runner, "nest")
    first = nest.part_at(0)
    assert not incidents(runner)
    nest.take(first)
    runner.run_until(40.0)
    assert nest.part_at(0) is not None
    assert nest.part_at(0).id == first.id + 1


def test_a_seat_gives_its_part_to_the_line():
    runner = make(NEST + "- {id: away, kind: exit, from: nest}\n")
    write(runner, "infeed_run", True)
    runner.run_until(30.0)
    assert line_of(runner).made >= 5
    assert cell(runner).made == line_of(runner).made


def test_a_held_part_does_not_leave_the_seat():
    runner = make("- {id: nest, kind: seat}\n- {id: away, kind: exit, from: nest}\n")
    nest = body(runner, "nest")
    part = put(runner, "nest")
    nest.hold(part, by=nest)
    runner.run_until(5.0)
    assert nest.part_at(0) is part
    nest.let_go(part, by=nest)
    runner.run_until(6.0)
    assert nest.part_at(0) is None
    assert line_of(runner).made == 1


def test_a_person_takes_a_part_off_a_seat():
    runner, part = gantry()
    assert body(runner, "a").remove(part)
    assert not body(runner, "a").remove(part)
    assert cell(runner).content() == 0


# ---- racks

RACK = "- {id: rack, kind: rack, at_m: [1, 0, 0.5], columns: 3, levels: 2, pitch_m: [0.3, 0.2]}\n"


def test_a_rack_takes_and_gives_by_place():
    runner, part = gantry(RACK.replace("[1, 0", "[1.3, 0"))
    rack = body(runner, "rack")
    eye = Eye()
    rack.watch_slot(eye, 1, 1)
    pick(runner)
    go(runner, "x", 1.6)
    go(runner, "z", TOP - 0.2)
    grip(runner, on=False)
    assert rack.slot_part(1, 1) is part
    assert eye.saw == [part.id]
    assert not incidents(runner)
    go(runner, "z", 0)
    assert where(runner, part) == pytest.approx((1.6, 0, 0.7))
    go(runner, "z", TOP - 0.2)
    grip(runner)
    go(runner, "z", 0)
    assert rack.slot_part(1, 1) is None
    assert eye.saw == [part.id, None]
    assert where(runner, part)[2] == pytest.approx(0.95)


def test_the_nearest_part_of_a_rack_is_one_below():
    runner = make(RACK)
    rack = body(runner, "rack")
    parts = [put(runner, "rack") for _ in range(6)]
    assert [rack.slot_part(c, level) for level in (0, 1) for c in (0, 1, 2)] == parts
    assert rack.nearest(Pose(1.31, 0, 0.55), 0.0)[0] is parts[1]
    assert rack.nearest(Pose(1.31, 0, 0.75), 0.0)[0] is parts[4]
    assert not rack.accept(parts[0], Pose(1, 0, 0.5), giver=rack)


# ---- pallet seats

PARTS = """parts:
- {id: box, size_m: [0.2, 0.1, 0.05]}
- {id: pallet, size_m: [0.6, 0.4, 0.1]}
- {id: load, size_m: [0.6, 0.4, 0.2]}
"""
STACK = (
    "- {id: s, kind: pallet_seat, at_m: [1.5, 0, 0.3], pallet: pallet, pattern: [2, 1],"
    " pitch_m: [0.25, 0.2], layers: 2, makes: load}\n"
)
PLACES = [1.375, 1.625, 1.375, 1.625]


def stack_one(runner, x, layer):
    put(runner, "a")
    go(runner, "x", 0.0)
    pick(runner)
    go(runner, "x", x)
    go(runner, "z", TOP + 0.1 - 0.05 * layer)
    grip(runner, on=False)
    go(runner, "z", 0.0)


def palletised(more="", count=4):
    runner, part = gantry(STACK + more, parts=PARTS)
    body(runner, "a").remove(part)
    put(runner, "s", kind="pallet")
    for number, x in enumerate(PLACES[:count]):
        stack_one(runner, x, number // 2)
    return runner


def test_parts_are_stacked_on_the_pallet_in_layers():
    runner = palletised(count=3)
    assert not incidents(runner)
    seat = body(runner, "s")
    heights = [[round(where(runner, part)[2], 9) for part in stack] for stack in seat.stacks]
    assert heights == [[0.4, 0.45], [0.4]]
    assert seat.content() == 4
    assert seat.pallet.type == "pallet"


def test_a_full_pallet_becomes_one_part_with_all_inside():
    runner = palletised()
    seat, line = body(runner, "s"), line_of(runner)
    assert not incidents(runner)
    assert seat.pallet.type == "load"
    assert [part.type for part in seat.pallet.contents] == ["box"] * 4
    assert line.wip == 2  # the box taken off by hand, and the load
    assert seat.content() == 1


def test_a_full_pallet_leaves_by_its_exit_when_it_is_told_to():
    runner = palletised("- {id: away, kind: exit, from: s}\n")
    assert line_of(runner).made_of == {}
    begin = runner.time_s
    write(runner, "s_out", True)
    runner.run_until(begin + 10)
    assert line_of(runner).made_of == {"load": 1}
    # Half a pallet's length at 0.2 m/s.
    assert changed_at(runner, "s_present") == pytest.approx(begin + 0.3 / 0.2, abs=1e-6)
    assert body(runner, "s").pallet is None


OUT_BELT = "- {id: out_belt, kind: belt, at_m: [1.8, 0, 0.3], length_m: 2, width_m: 0.5}\n"


def test_the_rollers_carry_a_pallet_onto_the_belt_that_begins_at_the_edge():
    runner = palletised(OUT_BELT)
    write(runner, "out_belt_run", True)
    write(runner, "s_out", True)
    last = 1.5
    part = body(runner, "s").pallet
    begin = runner.time_s
    for step in range(400):
        runner.run_until(begin + 0.01 * step)
        here = where(runner, part)[0]
        assert last - 1e-9 <= here <= last + 0.0026
        last = here
    assert body(runner, "s").pallet is None
    assert not value(runner, "s_present")
    assert [part.type for part, _ in body(runner, "out_belt").parts()] == ["load"]
    assert not incidents(runner)


def test_the_rollers_stop_when_the_signal_goes():
    runner = palletised(OUT_BELT, count=1)
    begin = runner.time_s
    write(runner, "s_out", True)
    write(runner, "s_out", False, begin + 0.5)
    runner.run_until(begin + 3)
    seat = body(runner, "s")
    assert where(runner, seat.pallet)[0] == pytest.approx(1.6, abs=1e-6)
    assert where(runner, seat.stacks[0][0])[0] == pytest.approx(1.375 + 0.1, abs=1e-6)
    assert value(runner, "s_present")


def test_a_pallet_that_leaves_early_takes_what_is_on_it_along():
    runner = palletised(OUT_BELT, count=3)
    write(runner, "out_belt_run", True)
    write(runner, "s_out", True)
    runner.run_until(runner.time_s + 3)
    ((part, _),) = body(runner, "out_belt").parts()
    assert part.type == "pallet"
    assert len(part.contents) == 3
    assert cell(runner).content() == 1


def test_a_pallet_is_jammed_where_there_is_no_room_and_goes_on_later():
    runner = palletised(OUT_BELT)
    other = put(runner, "out_belt", along_m=0.3, kind="pallet")
    write(runner, "s_out", True)
    runner.run_until(runner.time_s + 5)
    assert [(i.kind, i.cause) for i in incidents(runner)] == [("jam", "incident.pallet_jam")]
    assert body(runner, "s").pallet is not None
    body(runner, "out_belt").take(other)
    runner.run_until(runner.time_s + 5)
    assert body(runner, "s").pallet is None


def test_a_pallet_carried_off_where_nothing_is_falls():
    runner = palletised()
    write(runner, "s_out", True)
    runner.run_until(runner.time_s + 5)
    assert [(i.kind, i.cause) for i in incidents(runner)] == [("fallen", "incident.off_edge")]
    assert len(cell(runner).world.lying) == 1


def test_a_belt_brings_the_pallet():
    belt = (
        "- {id: way, kind: belt, at_m: [1.5, 1.8, 0.3], heading_deg: -90, length_m: 1.5,"
        " width_m: 0.6}\n"
    )
    runner = make(STACK + belt, parts=PARTS)
    part = put(runner, "way", along_m=0.4, kind="pallet")
    write(runner, "way_run", True)
    runner.run_until(20.0)
    assert where(runner, part) == pytest.approx((1.5, 0, 0.3))
    assert value(runner, "s_present")


def test_without_a_pallet_a_part_finds_no_place():
    runner, _ = gantry(STACK, parts=PARTS)
    pick(runner)
    go(runner, "x", 1.5)
    go(runner, "z", TOP + 0.2)
    grip(runner, on=False)
    assert [incident.kind for incident in incidents(runner)] == ["collision"]
    assert body(runner, "s").content() == 0


def test_a_part_off_the_pattern_is_an_incident():
    runner, part = gantry(STACK, parts=PARTS)
    put(runner, "s", kind="pallet")
    pick(runner)
    go(runner, "x", 1.42)
    go(runner, "z", TOP + 0.1)
    grip(runner, on=False)
    (incident,) = incidents(runner)
    assert (incident.kind, incident.cause) == ("misplaced", "incident.off_pattern")
    assert incident.values["off_mm"] == 45.0
    assert where(runner, part) == pytest.approx((1.42, 0, 0.4))


def test_parts_can_be_taken_off_again():
    runner = palletised(count=2)
    go(runner, "z", TOP + 0.1)
    grip(runner)
    go(runner, "z", 0)
    seat = body(runner, "s")
    assert [len(stack) for stack in seat.stacks] == [1, 0]
    assert not incidents(runner)


def test_a_restored_stack_goes_on_as_if_never_stopped():
    runner = palletised(count=3)
    again = reborn(runner, spec(STACK, parts=PARTS))
    ends = []
    for one in (runner, again):
        changes = record(one)
        stack_one(one, PLACES[3], 1)
        ends.append((changes, state(one)))
        assert body(one, "s").pallet.type == "load"
    assert ends[0] == ends[1]


def test_a_restored_seat_goes_on_while_a_part_slides_in():
    from tests.unit.motion.motion_world import spec_of

    runner = make(NEST)
    write(runner, "infeed_run", True)
    runner.run_until(5.3)
    nest = body(runner, "nest")
    runner.run_until(4.75 if nest.part is None else runner.time_s)
    assert nest.part is not None
    again = reborn(runner, spec_of(NEST))
    for one in (runner, again):
        one.run_until(20.0)
    assert state(runner) == state(again)
    assert changed_at(runner, "infeed_run") == 0.0
    assert value(runner, "infeed_run")
