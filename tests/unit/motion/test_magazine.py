"""Magazines: parts come into being, and come to lie on what is there."""

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
STACK = (
    "- {id: stack, kind: magazine, part: box, to: %s, at_m: [0.4, -0.3, 0.1], eject_s: 0.5,"
    " return_s: 0.3%s}\n"
)
ONTO_BELT = BELT + STACK % ("belt", ", along_m: 0.4, filled: 2")
ONTO_SEAT = "- {id: nest, kind: seat, at_m: [0.4, 0, 0.1]}\n" + STACK % ("nest", "")


def kinds(runner):
    for one in incidents(runner):
        assert all(message(one.cause, language, **one.values) for language in ("en", "zh"))
    return [(one.kind, one.body, one.cause.removeprefix("incident.")) for one in incidents(runner)]


def eject(runner, at_s):
    write(runner, "stack_eject", True, at_s)
    until(runner, at_s + 1.0)
    write(runner, "stack_eject", False, at_s + 1.0)
    until(runner, at_s + 2.0)


def test_the_slide_brings_a_part_onto_the_belt():
    runner = make(ONTO_BELT)
    write(runner, "stack_eject", True, 1.0)
    until(runner, 1.25)
    line = line_of(runner)
    assert (line.created, line.wip) == (1, 1)
    ((part, _),) = body(runner, "stack").parts()
    assert where(runner, part) == pytest.approx((0.4, -0.15, 0.05))
    assert not value(runner, "stack_ready")
    until(runner, 1.6)
    assert body(runner, "belt").place_of(part).along_m == pytest.approx(0.4)
    assert where(runner, part) == pytest.approx((0.4, 0.0, 0.0))
    assert changed_at(runner, "stack_ejected") == 1.5
    write(runner, "stack_eject", False, 2.0)
    until(runner, 3.0)
    assert changed_at(runner, "stack_ready") == pytest.approx(2.3)
    assert not incidents(runner)


def test_the_last_part_makes_it_empty_and_an_empty_one_ejects_nothing():
    runner = make(ONTO_BELT)
    eject(runner, 0.0)
    assert not value(runner, "stack_empty")
    write(runner, "belt_run", True, 2.0)
    write(runner, "belt_run", False, 2.6)
    eject(runner, 3.0)
    assert value(runner, "stack_empty")
    assert changed_at(runner, "stack_empty") == 3.5
    eject(runner, 6.0)
    assert line_of(runner).created == 2
    assert value(runner, "stack_ready")
    assert not incidents(runner)
    assert body(runner, "stack").refill(5) == 5
    assert not value(runner, "stack_empty")
    assert body(runner, "stack").refill() == 15


def test_an_empty_file_value_starts_empty_and_an_endless_one_never_is():
    runner = make(BELT + STACK % ("belt", ", filled: 0"))
    assert value(runner, "stack_empty")
    runner = make(BELT + STACK % ("belt", ", filled: 0, endless: true"))
    assert not value(runner, "stack_empty")
    eject(runner, 0.0)
    assert line_of(runner).created == 1
    assert not value(runner, "stack_empty")


def test_no_room_stalls_the_slide_until_there_is():
    runner = make(ONTO_BELT)
    put(runner, "belt", along_m=0.5)
    write(runner, "stack_eject", True, 1.0)
    until(runner, 3.0)
    assert kinds(runner) == [("jam", "stack", "target_full")]
    assert incidents(runner)[0].time_s == 1.5
    assert incidents(runner)[0].values["target"] == "belt"
    assert not value(runner, "stack_ejected")
    assert cell(runner).content() == 2
    write(runner, "belt_run", True, 4.0)  # 10 cm of the way are taken: free after 0.2 s
    until(runner, 5.0)
    assert changed_at(runner, "stack_ejected") == pytest.approx(4.2)
    assert body(runner, "belt").content() == 2
    assert len(incidents(runner)) == 1


def test_called_back_early_it_takes_the_part_back():
    runner = make(ONTO_BELT)
    write(runner, "stack_eject", True, 1.0)
    write(runner, "stack_eject", False, 1.25)
    until(runner, 2.0)
    assert body(runner, "stack").content() == 1
    assert line_of(runner).created == 1
    eject(runner, 3.0)
    assert line_of(runner).created == 1
    assert body(runner, "belt").content() == 1


def test_onto_a_seat():
    runner = make(ONTO_SEAT)
    eject(runner, 1.0)
    assert body(runner, "nest").part_at(0.0) is not None
    assert not incidents(runner)
    eject(runner, 4.0)
    assert kinds(runner) == [("jam", "stack", "target_full")]


def test_the_seat_that_is_there_gets_the_part():
    runner = make(
        "- {id: dial, kind: index_table, stations: 2, index_s: 1}\n"
        "- {id: near, kind: seat, on: dial, at_m: [0.3, 0, 0]}\n"
        "- {id: far, kind: seat, on: dial, at_m: [-0.3, 0, 0]}\n"
        + STACK.replace("0.4, -0.3, 0.1", "0.3, -0.3, 0")
        % ("near", "")
    )
    write(runner, "dial_index", True, 0.0)
    until(runner, 2.0)
    eject(runner, 2.0)
    assert body(runner, "far").content() == 1
    assert body(runner, "near").content() == 0
    assert not incidents(runner)


def test_with_nothing_there_the_part_falls():
    runner = make(
        "- {id: disc, kind: turntable}\n"
        "- {id: nest, kind: seat, on: disc, at_m: [0.3, 0, 0.5]}\n"
        + STACK.replace("0.4, -0.3, 0.1", "0.3, -0.3, 0.5")
        % ("nest", "")
    )
    write(runner, "disc_extend", True, 0.0)
    until(runner, 2.0)
    write(runner, "stack_eject", True, 2.0)
    until(runner, 4.0)
    assert kinds(runner) == [("fallen", "stack", "ejected_off")]
    assert incidents(runner)[0].values["target"] == "nest"
    assert line_of(runner).wip == 1
    assert value(runner, "stack_ejected")


def test_a_person_takes_the_part_off_the_slide():
    runner = make(ONTO_BELT)
    put(runner, "belt", along_m=0.5)
    write(runner, "stack_eject", True, 1.0)
    until(runner, 3.0)
    ((part, _),) = body(runner, "stack").parts()
    runner.apply(Command("remove", "cell", {"part": part.id}, "test"))
    until(runner, 4.0)
    assert value(runner, "stack_ejected")
    assert line_of(runner).scrapped == 1


ACTS = st.lists(
    st.tuples(st.sampled_from(["belt_run", "stack_eject"]), st.booleans(), st.floats(0.0, 0.9)),
    min_size=2,
    max_size=20,
)
FLOW = (
    BELT
    + STACK % ("belt", ", along_m: 0.4, endless: true")
    + "- {id: end, kind: exit, from: belt}\n"
)


@settings(max_examples=25, deadline=None)
@given(acts=ACTS, cut=st.integers(0, 19))
def test_whatever_happens_parts_are_conserved_and_a_restored_run_is_the_same(acts, cut):
    spec = spec_of(FLOW)
    runner = make(FLOW)
    runner.digest()
    for number, (point, on, wait_s) in enumerate(acts):
        write(runner, point, on)
        until(runner, runner.time_s + wait_s)
        line = line_of(runner)
        assert line.created == line.made + line.wip
        assert cell(runner).content() == line.wip
        if number == cut:
            runner = reborn(runner, spec)
    other = reborn(runner, spec)
    for one in (runner, other):
        until(one, 30.0)
    assert state(runner) == state(other)
    assert runner.digest().hex() == other.digest().hex()


def test_bad_parts_come_as_often_as_said_and_only_then():
    # 300 parts, a tenth of them bad: 30, standard deviation 5.2.
    endless = (
        BELT
        + STACK % ("belt", ", along_m: 0.4, endless: true, bad: 0.1")
        + "- {id: x, kind: exit, from: belt}\n"
    )
    runner = make(endless, seed=4)
    stack, quality = body(runner, "stack"), []
    write(runner, "belt_run", True)
    for number in range(300):
        write(runner, "stack_eject", True, 4.0 * number)
        until(runner, 4.0 * number + 0.2)
        quality.append(stack.part.good)
        until(runner, 4.0 * number + 1.0)
        write(runner, "stack_eject", False)
    assert 15 <= quality.count(False) <= 45
    assert body(make(ONTO_BELT), "stack").luck is None
