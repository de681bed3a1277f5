"""Diverters and clamps on a belt."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.motion.motion_world import (
    body,
    cell,
    changed_at,
    incidents,
    make,
    put,
    reborn,
    spec_of,
    state,
    value,
    where,
    write,
)  # fmt: skip
from tests.unit.motion.motion_world import run as until
from tests.unit.plant.lives import line_of
from twin.kernel.command import Command
from twin.spec.messages import message

BELT = "- {id: belt, kind: belt, length_m: 2, width_m: 0.3, speed_m_s: 0.5}\n"
ARM = "- {id: arm, kind: diverter, belt: belt, along_m: 1.0, extend_s: 0.4, retract_s: 0.4}\n"
CHUTE = (
    "- {id: chute, kind: chute, length_m: %s, speed_m_s: 0.6, at_m: [1.0, 0.15, 0],"
    " heading_deg: 90}\n"
)
EXIT = "- {id: gone, kind: exit, from: chute}\n"
SORT = BELT + ARM + CHUTE % 1.0 + EXIT
SEAT = "- {id: nest, kind: seat}\n"
JAWS = "- {id: jaws, kind: clamp, holds: nest, extend_s: 0.2, retract_s: 0.2}\n"
BELT_JAWS = "- {id: jaws, kind: clamp, holds: belt, along_m: 1.0, extend_s: 0.2, retract_s: 0.2}\n"


def kinds(runner):
    for one in incidents(runner):
        assert all(message(one.cause, language, **one.values) for language in ("en", "zh"))
    return [(one.kind, one.body, one.cause.removeprefix("incident.")) for one in incidents(runner)]


def swung(bodies=SORT):
    """Return a run whose arm is swung over, at 1 s."""
    runner = make(bodies)
    write(runner, "arm_extend", True, 0.0)
    until(runner, 1.0)
    assert value(runner, "arm_extended")
    return runner


# ---- the diverter


def test_a_part_turns_off_where_its_middle_comes_to_the_arm():
    runner = swung()
    box = put(runner, "belt", along_m=0.5)
    write(runner, "belt_run", True, 2.0)
    until(runner, 3.1)  # there at 3 s; 0.15 m across take 0.3 s
    assert where(runner, box)[:2] == pytest.approx((1.0, 0.05))
    until(runner, 3.4)
    assert where(runner, box)[:2] == pytest.approx((1.0, 0.151 + 0.06))
    until(runner, 9.0)
    assert line_of(runner).made == 1
    assert not incidents(runner)


def test_at_rest_it_lets_parts_pass():
    runner = make(SORT)
    box = put(runner, "belt", along_m=0.5)
    write(runner, "belt_run", True, 0.0)
    until(runner, 2.0)
    assert where(runner, box)[:2] == pytest.approx((1.5, 0.0))


def test_its_rollers_bring_a_part_over_when_the_belt_has_stopped():
    runner = swung()
    put(runner, "belt", along_m=0.5)
    write(runner, "belt_run", True, 2.0)
    write(runner, "belt_run", False, 3.1)
    until(runner, 9.0)
    assert line_of(runner).made == 1


def test_without_power_the_rollers_stop_and_go_on_later():
    runner = swung()
    box = put(runner, "belt", along_m=0.5)
    write(runner, "belt_run", True, 2.0)
    until(runner, 3.1)
    cell(runner).world.set_power(on=False)
    until(runner, 5.0)
    assert where(runner, box)[1] == pytest.approx(0.05)
    assert kinds(runner) == [("jam", "arm", "diverter_swing")]  # its spring wants it back
    cell(runner).world.set_power(on=True)
    until(runner, 9.0)
    assert line_of(runner).made == 1


@pytest.mark.parametrize("swing", [True, False])
def test_a_part_in_its_range_stalls_it_until_it_has_gone(swing):
    runner = make(SORT) if swing else swung()
    box = put(runner, "belt", along_m=1.15 if swing else 0.85)
    write(runner, "arm_extend", swing, 2.0)
    until(runner, 4.0)
    assert kinds(runner) == [("jam", "arm", "diverter_swing")]
    assert incidents(runner)[0].part == box.id
    assert body(runner, "arm").stroke() == (0.0 if swing else 1.0)
    assert value(runner, "arm_retracted") == swing
    write(runner, "belt_run", True, 4.0)
    until(runner, 5.5)
    assert body(runner, "arm").stroke() == (1.0 if swing else 0.0)
    assert len(incidents(runner)) == 1
    if swing:  # its rear leaves the range at 1.15 m after 0.2 s
        assert changed_at(runner, "arm_extended") == pytest.approx(4.6)


def test_a_person_takes_the_part_away_that_stalls_it():
    small = "parts:\n- {id: box, size_m: [0.05, 0.05, 0.05]}\n"
    runner = make(SORT, parts=small)
    box = put(runner, "belt", along_m=0.93)
    write(runner, "arm_extend", True, 1.0)
    until(runner, 2.0)
    runner.apply(Command("remove", "cell", {"part": box.id}, "test"))
    until(runner, 3.0)
    assert value(runner, "arm_extended")
    assert kinds(runner) == [("jam", "arm", "diverter_swing")]


def test_while_it_swings_parts_wait_before_its_range():
    runner = make(SORT)
    box = put(runner, "belt", along_m=0.7)
    write(runner, "arm_extend", True, 1.0)
    write(runner, "belt_run", True, 1.0)
    until(runner, 1.35)
    assert where(runner, box)[0] == pytest.approx(0.75)  # its front at 0.85
    until(runner, 1.9 + 0.1)  # free at 1.4 s, at the arm half a second later
    assert where(runner, box)[:2] == pytest.approx((1.0, 0.05))


def test_a_full_chute_keeps_the_part_at_the_edge_until_there_is_room():
    full = BELT + ARM + CHUTE % 0.25 + EXIT
    full += "- {id: stop, kind: stopper, belt: chute, along_m: 0.24}\n"
    runner = swung(full)
    write(runner, "stop_extend", True, 1.0)
    until(runner, 1.5)
    put(runner, "chute", along_m=0.1)
    box = put(runner, "belt", along_m=0.5)
    write(runner, "belt_run", True, 2.0)
    until(runner, 5.0)
    assert kinds(runner) == [("jam", "arm", "target_full")]
    assert where(runner, box)[:2] == pytest.approx((1.0, 0.15))
    write(runner, "stop_extend", False, 6.0)
    until(runner, 9.0)
    assert line_of(runner).made == 2
    assert len(incidents(runner)) == 1


def test_with_nothing_beside_the_belt_the_part_falls():
    runner = swung(BELT + ARM)
    put(runner, "belt", along_m=0.5)
    write(runner, "belt_run", True, 2.0)
    until(runner, 5.0)
    assert kinds(runner) == [("fallen", "arm", "pushed_off")]
    assert incidents(runner)[0].time_s == pytest.approx(3.3)


# ---- clamps


def test_a_clamp_holds_what_is_on_the_seat_from_closed_until_it_is_half_open():
    runner = make(SEAT + JAWS)
    box = put(runner, "nest")
    write(runner, "jaws_extend", True, 1.0)
    until(runner, 1.1)
    nest, jaws = body(runner, "nest"), body(runner, "jaws")
    assert not nest.clamped(box)
    assert jaws.part is None
    until(runner, 1.3)
    assert nest.clamped(box)
    assert jaws.part.id == box.id
    assert jaws.out
    write(runner, "jaws_extend", False, 2.0)
    until(runner, 2.09)
    assert nest.clamped(box)
    until(runner, 2.11)
    assert not nest.clamped(box)
    assert jaws.part is None
    assert not incidents(runner)


def test_a_clamp_with_nothing_between_just_closes():
    runner = make(SEAT + JAWS)
    write(runner, "jaws_extend", True, 1.0)
    until(runner, 2.0)
    assert value(runner, "jaws_extended")
    assert body(runner, "jaws").part is None
    assert not incidents(runner)


def test_on_a_belt_a_clamp_keeps_the_part_while_the_belt_runs_below():
    runner = make(BELT + BELT_JAWS)
    box = put(runner, "belt", along_m=1.01)
    write(runner, "jaws_extend", True, 1.0)
    write(runner, "belt_run", True, 2.0)
    until(runner, 3.0)
    assert where(runner, box)[0] == pytest.approx(1.01)
    write(runner, "jaws_extend", False, 3.0)
    until(runner, 4.1)
    assert where(runner, box)[0] == pytest.approx(1.51)
    assert not incidents(runner)


def test_a_clamp_beside_the_middle_of_a_part_does_not_hold_it():
    runner = make(BELT + BELT_JAWS)
    box = put(runner, "belt", along_m=1.06)
    write(runner, "jaws_extend", True, 1.0)
    until(runner, 2.0)
    assert kinds(runner) == [("misplaced", "jaws", "clamp_beside")]
    assert incidents(runner)[0].values["off_mm"] == 60
    assert incidents(runner)[0].part == box.id
    write(runner, "belt_run", True, 2.0)
    until(runner, 3.0)
    assert where(runner, box)[0] == pytest.approx(1.56)


def test_a_person_takes_a_clamped_part_away():
    runner = make(SEAT + JAWS)
    box = put(runner, "nest")
    write(runner, "jaws_extend", True, 1.0)
    until(runner, 2.0)
    runner.apply(Command("remove", "cell", {"part": box.id}, "test"))
    assert body(runner, "jaws").part is None
    other = put(runner, "nest")
    write(runner, "jaws_extend", False, 3.0)
    until(runner, 4.0)
    assert not body(runner, "nest").clamped(other)


# ---- whatever happens

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["belt_run", "arm_extend", "jaws_extend"]),
        st.booleans(),
        st.floats(0.0, 1.2),
    ),
    min_size=2,
    max_size=20,
)
FLOW = (
    SORT
    + "- {id: in, kind: entry, to: belt}\n- {id: end, kind: exit, from: belt}\n"
    + BELT_JAWS.replace("1.0", "0.5")
)


@settings(max_examples=30, deadline=None)
@given(acts=ACTS)
def test_no_part_is_lost_or_there_twice(acts):
    runner = make(FLOW)
    write(runner, "belt_run", True, 0.0)
    for point, on_, wait_s in acts:
        write(runner, point, on_)
        until(runner, runner.time_s + wait_s)
        line = line_of(runner)
        assert line.created == line.made + line.scrapped + line.wip
        held = [part.id for one in cell(runner).world.bodies.values() for part, _ in one.parts()]
        assert len(set(held)) == len(held)
        assert cell(runner).content() == len(held) + len(cell(runner).world.lying)


@settings(max_examples=20, deadline=None)
@given(acts=ACTS, cut=st.integers(0, 19))
def test_a_run_put_back_in_mid_swing_goes_on_as_if_nothing_had_been(acts, cut):
    spec = spec_of(FLOW)
    runner = make(FLOW)
    runner.digest()
    write(runner, "belt_run", True, 0.0)
    for number, (point, on_, wait_s) in enumerate(acts):
        write(runner, point, on_)
        until(runner, runner.time_s + wait_s)
        if number == cut:
            runner = reborn(runner, spec)
    other = reborn(runner, spec)
    for one in (runner, other):
        until(one, 30.0)
    assert state(runner) == state(other)
    assert runner.digest().hex() == other.digest().hex()
