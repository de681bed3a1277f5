"""State of bodies to plain data and back: movements, poses and what else bodies keep."""

import json
from typing import Any, ClassVar, NamedTuple

import pytest

from twin.plant.motion.frame import Pose
from twin.plant.plain import Stateful, record
from twin.wire.model import Piece


class Kept(Stateful):
    """Something with one piece of state."""

    STATE: ClassVar[tuple[str, ...]] = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


@pytest.mark.parametrize(
    "value",
    [
        (Piece(0.0, 1.0), Piece(2.5, 0.1 + 0.2, -0.3, 0.4, 0.5)),
        Pose(1.0, 2.0, 3.0, 0.1),
        (),
        (1, "two", None, (3.0, [4, (5,)])),
        {"path": (Piece(0.0, 1.0),), "at": Pose(0.0, 0.0, 0.0)},
    ],
)
def test_what_is_saved_comes_back_as_what_it_was(value: Any) -> None:
    saved = json.loads(json.dumps(Kept(value).save(), allow_nan=False))
    other = Kept(None)
    other.load_state(saved, {})
    assert other.value == value
    assert repr(other.value) == repr(value)


def test_lists_are_filled_anew_and_stay_the_same_lists() -> None:
    kept = Kept([Pose(1.0, 0.0, 0.0), (1, 2)])
    saved = json.loads(json.dumps(kept.save()))
    held_by_others = kept.value
    kept.value.append(3)
    kept.load_state(saved, {})
    assert kept.value is held_by_others
    assert kept.value == [Pose(1.0, 0.0, 0.0), (1, 2)]


def test_two_named_tuples_of_one_name_are_refused() -> None:
    class Pose(NamedTuple):
        x: float

    with pytest.raises(ValueError, match="two named tuples of state have the name Pose"):
        record(Pose)
