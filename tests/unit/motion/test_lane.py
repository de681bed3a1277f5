"""Belts in line: what a person at the line would see, at times that a person can work out."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.motion.motion_world import (
    body,
    cell,
    changed_at,
    incidents,
    line_of,
    make,
    put,
    record,
    run,
    value,
    where,
    write,
)  # fmt: skip
from twin.kernel.command import Command
from twin.kernel.errors import PilotlineError
from twin.kernel.runner import Runner
from twin.plant.motion.body import Body, Giver, Holder
from twin.plant.motion.lane import MOST_TIMES
from twin.plant.part import Part

BELT = "- {id: belt, kind: belt, length_m: 2.0, speed_m_s: 0.25%s}\n"
TWO = """
- {id: one, kind: belt, length_m: 1.0, speed_m_s: 0.25, drive: reversible%s}
- {id: two, kind: belt, at_m: [1.0, 0, 0], length_m: 1.0, speed_m_s: 0.5, drive: reversible%s}
"""
ENDS = "- {id: entry, kind: entry, to: belt}\n- {id: exit, kind: exit, from: belt}\n"
EYE = "- {id: eye, kind: sensor, sees: belt, along_m: 1.0}\n"


def belt(more: str = "") -> str:
    return BELT % more


def test_a_part_interrupts_the_beam_from_its_front_to_its_rear_edge() -> None:
    runner = make(belt() + EYE)
    put(runner, "belt", along_m=0.4)
    seen = record(runner)
    write(runner, "belt_run", True, at_s=1.0)
    run(runner, 10.0)
    # From 0.4 m the front edge, 0.1 m ahead, has 0.5 m to go, the rear edge 0.7 m, at 0.25 m/s.
    assert seen[1:] == [(3.0, "eye", True), (pytest.approx(3.8, abs=1e-12), "eye", False)]


def test_a_ramp_takes_its_time_and_its_way() -> None:
    runner = make(belt(", accel_m_s2: 0.1") + EYE)
    put(runner, "belt", along_m=0.4)
    write(runner, "belt_run", True, at_s=1.0)
    run(runner, 5.0)
    # v²/2a = 0.3125 m in 2.5 s; 0.1875 m are left at 0.25 m/s.
    assert changed_at(runner, "eye") == pytest.approx(1.0 + 2.5 + 0.75, abs=1e-12)


def test_a_part_stops_at_a_stop_and_at_the_beam_there() -> None:
    runner = make(belt() + EYE)
    part = put(runner, "belt", along_m=0.4)
    body(runner, "belt").block("stop", 1.0, 0.0)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 10.0)
    assert where(runner, part) == (pytest.approx(0.9, abs=1e-12), 0.0, 0.0)
    assert value(runner, "eye") is True
    assert changed_at(runner, "eye") == pytest.approx(2.0, abs=1e-12)
    body(runner, "belt").unblock("stop")
    run(runner, 20.0)
    assert value(runner, "eye") is False
    assert changed_at(runner, "eye") == pytest.approx(10.8, abs=1e-12)


def test_touching_parts_are_one_to_a_beam() -> None:
    runner = make(belt() + EYE)
    for at in (0.1, 0.3, 0.5):
        put(runner, "belt", along_m=at)
    seen = record(runner)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 5.5)
    assert [on for _, name, on in seen if name == "eye"] == [True, False]


def test_a_stop_under_a_part_is_not_set() -> None:
    runner = make(belt())
    part = put(runner, "belt", along_m=0.4)
    assert body(runner, "belt").block("stop", 0.45, 0.0).id == part.id
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 1.0)
    assert where(runner, part)[0] == pytest.approx(0.65)


def test_a_queue_closes_up_behind_a_stop_and_opens_at_the_speed_of_the_belt() -> None:
    runner = make(belt())
    parts = [put(runner, "belt", along_m=at) for at in (0.9, 0.6, 0.2)]
    body(runner, "belt").block("stop", 1.2, 0.0)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 10.0)
    assert [where(runner, part)[0] for part in parts] == pytest.approx([1.1, 0.9, 0.7])
    body(runner, "belt").unblock("stop")
    run(runner, 11.0)
    assert [where(runner, part)[0] for part in parts] == pytest.approx([1.35, 1.15, 0.95])


def test_spaced_parts_keep_their_distance() -> None:
    runner = make(belt(", mode: spaced, gap_m: 0.06"))
    parts = [put(runner, "belt", along_m=at) for at in (0.9, 0.6, 0.2)]
    body(runner, "belt").block("stop", 1.2, 0.0)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 10.0)
    assert [where(runner, part)[0] for part in parts] == pytest.approx([1.1, 0.84, 0.58])


def test_belts_that_run_against_each_other_keep_a_part_between_them() -> None:
    runner = make(TWO % ("", ""))
    part, other = put(runner, "one", along_m=0.7), put(runner, "two", along_m=0.5)
    for point in ("one_run", "two_run", "two_reverse"):
        write(runner, point, True, at_s=0.0)
    run(runner, 20.0)
    # A gap of 0.6 m closes at 0.75 m/s, in 0.8 s.
    assert where(runner, other)[0] == pytest.approx(1.1)
    assert where(runner, part)[0] == pytest.approx(0.9)
    body(runner, "two").take(other)
    run(runner, 40.0)
    assert where(runner, part)[0] == pytest.approx(1.0)
    write(runner, "two_reverse", False)
    run(runner, 41.0)
    assert where(runner, part)[0] == pytest.approx(1.5)


def test_a_faster_belt_pulls_parts_apart_when_their_middles_are_on_it() -> None:
    runner = make(TWO % ("", ""))
    parts = [put(runner, "one", along_m=at) for at in (0.9, 0.7)]
    write(runner, "one_run", True, at_s=0.0)
    write(runner, "two_run", True)
    run(runner, 1.2)
    assert [where(runner, part)[0] for part in parts] == pytest.approx([1.4, 1.0])


def test_a_belt_runs_off_its_start_when_reversed() -> None:
    runner = make(TWO % ("", ""))
    part = put(runner, "one", along_m=0.5)
    write(runner, "one_reverse", True, at_s=0.0)
    run(runner, 1.0)
    assert where(runner, part)[0] == 0.5  # reverse alone is no order to run
    write(runner, "one_run", True)
    run(runner, 10.0)
    (incident,) = incidents(runner)
    assert (incident.kind, incident.body, incident.cause) == ("fallen", "one", "incident.ran_off")
    assert incident.time_s == pytest.approx(3.0)
    assert incident.part == part.id


# ---- rigid


def test_a_held_part_stalls_a_rigid_belt_once() -> None:
    runner = make(belt(", mode: rigid, encoder_per_m: 100"))
    first, second = put(runner, "belt", along_m=0.9), put(runner, "belt", along_m=0.3)
    body(runner, "belt").block("stop", 1.2, 0.0)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 5.0)
    assert [where(runner, part)[0] for part in (first, second)] == pytest.approx([1.1, 0.5])
    assert body(runner, "belt").surface_speed() == 0.0
    (jam,) = incidents(runner)
    assert (jam.kind, jam.part, jam.time_s) == ("jam", first.id, pytest.approx(0.8))
    body(runner, "belt").unblock("stop")
    run(runner, 6.0)
    assert [where(runner, part)[0] for part in (first, second)] == pytest.approx([1.35, 0.75])
    cell(runner).refresh()
    assert value(runner, "belt_count") == 45
    body(runner, "belt").block("stop", 1.5, 0.0)
    run(runner, 8.0)
    assert [i.kind for i in incidents(runner)] == ["jam", "jam"]


def test_a_stalled_belt_that_is_stopped_jams_anew_when_it_is_started() -> None:
    runner = make(belt(", mode: rigid, accel_m_s2: 0.5"))
    put(runner, "belt", along_m=0.9)
    body(runner, "belt").block("stop", 1.0, 0.0)
    for at_s, on in ((0.0, True), (2.0, False), (3.0, True)):
        write(runner, "belt_run", on, at_s=at_s)
    run(runner, 5.0)
    assert [i.time_s for i in incidents(runner)] == [0.0, 3.0]


def test_a_rigid_belt_goes_no_faster_than_the_belt_that_its_first_part_is_on() -> None:
    runner = make(TWO % (", mode: rigid", ""))
    first, second = put(runner, "two", along_m=0.05), put(runner, "one", along_m=0.8)
    body(runner, "two").hold(first, by=body(runner, "two"))
    write(runner, "one_run", True, at_s=0.0)
    write(runner, "two_run", True)
    run(runner, 2.0)
    assert where(runner, second)[0] == pytest.approx(0.85)
    assert body(runner, "one").surface_speed() == 0.0
    body(runner, "two").let_go(first, by=body(runner, "two"))
    run(runner, 2.4)
    assert where(runner, second)[0] == pytest.approx(0.95)
    assert len(incidents(runner)) == 1


# ---- ends


def test_parts_come_in_as_there_is_room_and_leave_at_the_end() -> None:
    runner = make(belt() + ENDS)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 10.2)
    # The first lies 0.1 m in, the next ones as soon as 0.2 m are free: one in 0.8 s.
    assert line_of(runner).made == 1 + int((10.2 - 1.9 / 0.25) / 0.8)
    assert cell(runner).content() == 9


def test_a_part_that_nobody_takes_stands_with_its_middle_at_the_end() -> None:
    bodies = belt() + ENDS + "- {id: next, kind: seat, at_m: [2.0, 0, 0]}\n"
    bodies = bodies.replace("- {id: exit, kind: exit, from: belt}\n", "")
    runner = make(bodies)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 30.0)
    assert cell(runner).content() >= 10
    places = sorted(where(runner, part)[0] for part, _ in body(runner, "belt").parts())
    assert places[-1] == pytest.approx(2.0)
    assert not incidents(runner)


@pytest.mark.parametrize(
    ("beyond", "cause"),
    [
        ("", "incident.ran_off"),
        (
            "- {id: low, kind: belt, at_m: [2.0, 0, -0.3], length_m: 1.0}\n",
            "incident.ran_off_height",
        ),
        (
            "- {id: table, kind: turntable, at_m: [2.5, 0, 0], diameter_m: 1.0}\n"
            "- {id: low, kind: belt, on: table, at_m: [0, -0.5, 0], heading_deg: 90,"
            " length_m: 1.0}\n",
            "incident.ran_off_away",
        ),
    ],
)  # fmt: skip
def test_a_part_that_falls_says_why(beyond: str, cause: str) -> None:
    runner = make(belt() + beyond)
    part = put(runner, "belt", along_m=1.5)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 5.0)
    (incident,) = incidents(runner)
    assert (incident.cause, incident.part) == (cause, part.id)
    assert incident.time_s == pytest.approx(2.0)
    assert incident.values["part"] == "box"


def test_a_chute_runs_by_itself_and_queues_at_its_end() -> None:
    bodies = "- {id: chute, kind: chute, length_m: 1.0, speed_m_s: 0.5, drop_m: 0.2}\n"
    runner = make(bodies + "- {id: exit, kind: exit, from: chute}\n")
    part = put(runner, "chute", along_m=0.1)
    body(runner, "chute").block("gate", 0.8, 0.0)
    run(runner, 10.0)
    assert where(runner, part) == (pytest.approx(0.7), 0.0, pytest.approx(-0.14))
    body(runner, "chute").unblock("gate")
    run(runner, 10.5)
    assert cell(runner).content() == 1
    run(runner, 10.7)
    assert line_of(runner).made == 1


def test_power_off_brings_belts_to_rest_on_their_ramps() -> None:
    runner = make(belt(", accel_m_s2: 0.5"))
    part = put(runner, "belt", along_m=0.4)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 1.0)
    there = where(runner, part)[0]
    cell(runner).world.set_power(on=False)
    run(runner, 3.0)
    assert where(runner, part)[0] - there == pytest.approx(0.25**2 / (2 * 0.5))
    cell(runner).world.set_power(on=True)
    run(runner, 3.5)
    assert body(runner, "belt").surface_speed() == pytest.approx(0.25)


# ---- what pushers, clamps and grippers do


class Hand(Body):
    """Holds and moves parts on a belt."""

    def __init__(self) -> None:
        self.address = "cell/hand"
        self.heard: list[int] = []

    def hear(self, part: Part) -> bool:
        self.heard.append(part.id)
        return False


def test_a_held_part_is_in_the_way_while_the_belt_runs_below() -> None:
    runner, hand = make(belt()), Hand()
    first, second = put(runner, "belt", along_m=0.9), put(runner, "belt", along_m=0.3)
    belt_ = body(runner, "belt")
    belt_.hold(first, by=hand)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 4.0)
    assert [where(runner, part)[0] for part in (first, second)] == pytest.approx([0.9, 0.7])
    at = belt_.take(first)
    assert (at.x, at.y) == pytest.approx((0.9, 0.0))
    run(runner, 5.0)
    assert where(runner, second)[0] == pytest.approx(0.95)


def test_a_part_that_is_moved_across_keeps_the_place_reached() -> None:
    from twin.plant.motion.path import even

    runner, hand = make(belt()), Hand()
    part = put(runner, "belt", along_m=0.5)
    belt_ = body(runner, "belt")
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 1.0)
    belt_.hold(part, by=hand)
    belt_.across(part, even(1.0, 0.0, 0.1, 0.5))
    run(runner, 1.25)
    assert where(runner, part)[:2] == (pytest.approx(0.75), pytest.approx(0.05))
    belt_.let_go(part, by=hand)
    run(runner, 2.25)
    assert where(runner, part)[:2] == (pytest.approx(1.0), pytest.approx(0.05))
    place = belt_.place_of(part)
    assert (place.half_length_m, place.half_width_m) == pytest.approx((0.1, 0.05))


def test_who_waits_for_the_middle_hears_it_both_ways() -> None:
    runner, hand = make(TWO % ("", "")), Hand()
    part = put(runner, "one", along_m=0.3)
    body(runner, "one").on_middle(0.5, hand.hear)
    write(runner, "one_run", True, at_s=0.0)
    run(runner, 0.79)
    assert hand.heard == []
    run(runner, 0.81)
    assert hand.heard == [part.id]
    write(runner, "one_reverse", True)
    run(runner, 1.0)
    assert hand.heard == [part.id] * 2


def test_a_part_lies_square_or_is_noted_as_askew() -> None:
    runner, hand = make(belt()), Hand()
    belt_ = body(runner, "belt")
    line = line_of(runner)
    at = belt_.entrance(1.0)._replace(y=0.05, heading_rad=1.5)
    turned = line.part("box", 0.0)
    assert belt_.accept(turned, at, giver=hand)
    assert belt_.place_of(turned).half_length_m == pytest.approx(0.05)
    assert belt_.place_of(turned).across_m == pytest.approx(0.05)
    assert not incidents(runner)
    askew = line.part("box", 0.0)
    assert belt_.accept(askew, at._replace(x=1.5, heading_rad=0.5), giver=hand)
    assert [i.kind for i in incidents(runner)] == ["misplaced"]
    assert not belt_.accept(line.part("box", 0.0), at._replace(x=1.06), giver=hand)


def test_a_person_takes_a_part_away() -> None:
    runner = make(belt() + EYE)
    part = put(runner, "belt", along_m=1.0)
    run(runner, 1.0)
    assert value(runner, "eye") is True
    runner.apply(Command("remove", "cell", {"part": part.id}, "test"))
    run(runner, 1.0)
    assert value(runner, "eye") is False
    assert cell(runner).content() == 0


def test_what_is_seen_of_a_part_goes_on_through_the_ramps_of_its_belt() -> None:
    from twin.wire.model import along

    runner = make(belt(", accel_m_s2: 0.1"))
    part = put(runner, "belt", along_m=0.4)
    write(runner, "belt_run", True, at_s=1.0)
    ((_, ride),) = body(runner, "belt").parts()
    joint = body(runner, "belt").joint()
    for time_s in (1.5, 3.0, 4.0, 5.0):
        assert along(ride.path, time_s) == pytest.approx(0.4 + along(joint, time_s))
        run(runner, time_s)
        assert where(runner, part)[0] == pytest.approx(along(ride.path, time_s))


class Waiter(Hand, Giver):
    """Waits until a place is free, and may lose a part that it holds."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.id = "hand"
        self.runner = runner
        self.told: list[float] = []
        self.gone: list[int] = []
        cell(runner).world.bodies["hand"] = self

    def retry(self, taker: Holder) -> None:
        self.told.append(self.runner.time_s)

    def lost(self, part: Part) -> None:
        self.gone.append(part.id)

    def content(self) -> int:
        return 0

    def parts(self) -> Iterator[Any]:
        return iter(())


def test_who_waits_for_a_free_place_is_told_once() -> None:
    runner = make(belt())
    hand = Waiter(runner)
    put(runner, "belt", along_m=0.95)
    body(runner, "belt").block("stop", 1.7, 0.0)
    body(runner, "belt").when_free(hand, 1.0, 1.0)
    write(runner, "belt_run", True, at_s=1.0)
    run(runner, 1.0)
    assert hand.told == []
    run(runner, 9.0)
    assert hand.told == [pytest.approx(1.6, abs=1e-9)]


def test_who_holds_a_part_hears_that_a_person_took_it() -> None:
    runner = make(belt())
    hand = Waiter(runner)
    part = put(runner, "belt", along_m=0.9)
    belt_ = body(runner, "belt")
    belt_.hold(part, by=hand)
    assert belt_.clamped(part)
    assert not belt_.clamped(part, but=hand)
    assert belt_.remove(part)
    assert hand.gone == [part.id]


def test_who_watches_movements_hears_when_a_belt_moves_and_when_it_rests() -> None:
    runner = make(belt(", accel_m_s2: 0.5"))
    heard: list[tuple[float, float]] = []

    def hear(moved: Any) -> None:
        heard.append((runner.time_s, moved.surface_speed()))

    cell(runner).world.hearers.append(hear)
    write(runner, "belt_run", True, at_s=1.0)
    write(runner, "belt_run", False, at_s=3.0)
    run(runner, 5.0)
    assert heard == [
        (1.0, 0.0),
        (1.5, pytest.approx(0.25)),
        (3.0, pytest.approx(0.25)),
        (3.5, pytest.approx(0.0)),
    ]


def test_a_lane_that_finds_no_end_says_so() -> None:
    runner = make(belt())
    lane = body(runner, "belt").lane

    def settle_for_ever() -> None:
        for _ in range(2 * MOST_TIMES):
            lane.settle()

    with pytest.raises(PilotlineError, match="cell/belt finds no end at 0"):
        settle_for_ever()
