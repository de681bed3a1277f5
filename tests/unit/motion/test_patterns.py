"""Pallet seats whose layers have patterns of their own."""

from math import radians

import pytest

from tests.unit.motion.motion_world import body, incidents, make, put, reborn, spec_of, state, where
from tests.unit.plant.lives import line_of
from twin.plant.motion.frame import Pose
from twin.spec.errors import SpecError

PARTS = """parts:
- {id: box, size_m: [0.3, 0.2, 0.1]}
- {id: pallet, size_m: [0.6, 0.6, 0.1]}
- {id: load, size_m: [0.6, 0.6, 0.3]}
"""
STACK = (
    "- {id: s, kind: pallet_seat, at_m: [1, 2, 0.3], heading_deg: 90, pallet: pallet, layers: 2,"
    " makes: load, pitch_m: [0.3, 0.2], patterns: %s}\n"
)
TWO = (
    "[[[-0.15, -0.2, 0], [0.15, -0.2, 0], [0, 0.1, 90]],"
    " [[-0.15, 0.2, 0], [0.15, 0.2, 0], [0, -0.1, 90]]]"
)
EVEN = [(-0.15, -0.2, 0), (0.15, -0.2, 0), (0, 0.1, 90)]
ODD = [(-0.15, 0.2, 0), (0.15, 0.2, 0), (0, -0.1, 90)]


def stacked():
    runner = make(STACK % TWO, parts=PARTS)
    put(runner, "s", kind="pallet")
    return runner


def lay(runner, x, y, turn_deg, height_m):
    """Lay a box at a place, seen from the pallet's middle; tell whether there was room."""
    line, seat = line_of(runner), body(runner, "s")
    part = line.part("box", line.env.time_s)
    line.enter(part)
    at = seat.frame.at(0.0).then(Pose(x, y, height_m, radians(turn_deg)))
    assert seat.covers(at, 0.0) or height_m != pytest.approx(seat.height(at, 0.0) - 0.3)
    return part if seat.accept(part, at, giver=_Hand) else None


class _Hand:
    guides = False
    address = "hand"


def test_layers_take_their_patterns_in_turn():
    runner = stacked()
    seat = body(runner, "s")
    low = [lay(runner, x, y, turn, 0.1) for x, y, turn in EVEN]
    assert [len(stack) for stack in seat.stacks] == [1, 1, 1]
    # Seat x is the workcell's y, seat y its -x: by hand for the third place.
    assert where(runner, low[2]) == pytest.approx((1 - 0.1, 2.0, 0.4))
    high = [lay(runner, x, y, turn, 0.2) for x, y, turn in ODD[:2]]
    assert where(runner, high[0]) == pytest.approx((1 - 0.2, 2 - 0.15, 0.5))
    assert not incidents(runner)
    lay(runner, *ODD[2], 0.2)
    assert seat.pallet.type == "load"
    assert len(seat.pallet.contents) == 6


def test_a_layer_must_be_full_before_the_next_begins():
    runner = stacked()
    lay(runner, *EVEN[0], 0.1)
    assert lay(runner, *EVEN[0], 0.2) is None
    assert [len(stack) for stack in body(runner, "s").stacks] == [1, 0, 0]


@pytest.mark.parametrize(("turn", "causes"), [(90, []), (-90, []), (0, ["incident.crosswise"])])
def test_a_part_across_its_place_is_an_incident(turn, causes):
    runner = stacked()
    assert lay(runner, 0, 0.1, turn, 0.1) is not None
    assert [incident.cause for incident in incidents(runner)] == causes


def test_the_surface_is_the_top_of_the_layer_that_is_being_filled():
    runner = stacked()
    seat = body(runner, "s")
    for x, y, turn in EVEN:
        at = seat.frame.at(0.0).then(Pose(x, y, 0.0))
        assert seat.height(at, 0.0) == pytest.approx(0.4)
        lay(runner, x, y, turn, 0.1)
    for x, y, _ in ODD:
        at = seat.frame.at(0.0).then(Pose(x, y, 0.0))
        assert seat.height(at, 0.0) == pytest.approx(0.5)
    outside = seat.frame.at(0.0).then(Pose(0.35, 0.0, 0.2))
    assert not seat.covers(outside, 0.0)


def test_a_half_full_layer_restores_as_it_was():
    runner = stacked()
    for place in EVEN:
        lay(runner, *place, 0.1)
    lay(runner, *ODD[1], 0.2)
    spec = spec_of(STACK % TWO, parts=PARTS)
    assert state(reborn(runner, spec)) == state(runner)


@pytest.mark.parametrize(
    ("patterns", "told"),
    [
        ("[[[0, 0, 0]], [[0, 0, 0], [0.3, 0, 0]]]", "one pattern has 1 places, another one 2"),
        ("[[[0, 0, 0]]], pattern: [2, 2]", "either a pattern or patterns"),
    ],
)
def test_patterns_that_cannot_be_are_refused(patterns, told):
    with pytest.raises(SpecError, match=told):
        spec_of(STACK % patterns, parts=PARTS)
