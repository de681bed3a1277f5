"""An inspection from beginning to end: place the cube, drive, measure, evaluate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from twin.plant.robot.order import Joints, MoveRefused, Track
from twin.plant.robot.placement import HERE, Placement
from twin.spec.motion.robots import ArmErrors
from twin.study.errors import StudyError
from twin.wire.model import Piece

from .cube import FLAT, TestCube
from .drive import ArmDriver
from .evaluate import Inspection, evaluate
from .place import largest_cube
from .programme import Wanted, programme
from .stand import Instrument, Stand

if TYPE_CHECKING:
    from twin.plant.robot.arm import Arm

KNOWN = {
    "six": TestCube(0.4, (0.4, 0.0, 0.5), "C4-C1-C6-C7"),
    "scara": TestCube(0.4, (0.4, 0.0, -0.025), FLAT),
    "ur5": TestCube(0.63, (0.5, 0.0, -0.1), "C2-C3-C8-C5"),
    "ur10": TestCube(1.0, (0.6, 0.0, -0.1), "C2-C3-C8-C5"),
    "panda": TestCube(0.4, (0.4, 0.0, 0.1), "C2-C3-C8-C5"),
}
"""What `largest_cube` finds for the arms of the catalogue with the usual reflector: to look for it
takes seconds."""
CLEAR_M = 0.02
"""By so much the links keep clear of one another in all of the cube."""
EXAMPLE = ArmErrors(
    repeat_mm=0.01,
    repeat_deg=0.001,
    joints_deg=(0.01, -0.015, 0.012, 0.01, -0.02, 0.01, 0.01),
    settle_mm=0.1,
)
"""Of an arm that nobody has said anything about: about as good as a new one of middle size."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is inspected, and how."""

    arm: "Arm"
    errors: ArmErrors = EXAMPLE
    wanted: Wanted = field(default_factory=Wanted)
    limits: Mapping[str, float] = field(default_factory=dict)
    """SI, by characteristic."""
    instrument: Instrument = field(default_factory=Instrument)
    seed: int = 0
    errors_from: str = "example"
    """Who declares the errors: `example`, `line`, `file`."""
    maker: tuple[str, ...] = ()
    """Limits that nobody has asked for: the arm's maker declares them."""


@lru_cache(maxsize=16)
def cube_of(arm: "Arm", tip: Placement, edge_m: float | None) -> TestCube:
    """Return the cube for an arm; looked for once."""
    if edge_m is None and tip == Wanted().tool.tip and arm.id in KNOWN:
        return KNOWN[arm.id]
    from twin.plant.robot.collide import first_contact

    def free(way: list[Joints]) -> bool:
        return first_contact(arm, HERE, _through(way), 0.0, (), margin_m=CLEAR_M) is None

    return largest_cube(arm, tip, edge_m, free)


def _through(way: list[Joints]) -> Track:
    """Return a movement straight from joints to joints, a second each."""
    return tuple(
        (
            *(Piece(float(k), a, b - a) for k, (a, b) in enumerate(pairwise(places))),
            Piece(float(len(places) - 1), places[-1]),
        )
        for places in zip(*way, strict=True)
    )


def inspect_arm(subject: Subject, hear: Callable[[int, int], None] = lambda *_: None) -> Inspection:
    """Inspect an arm alone on the stand.

    Args:
        subject: what is inspected.
        hear: told how many sections are done, of how many.

    Raises:
        StudyError: no cube fits, or a movement cannot be done.
    """
    wanted = subject.wanted
    cube = cube_of(subject.arm, wanted.tool.tip, wanted.edge_m)
    driven = programme(subject.arm, cube, wanted)
    stand = Stand(ArmDriver(subject.arm), subject.errors, subject.instrument, subject.seed)
    try:
        found = stand.measure(driven, hear)
    except MoveRefused as refused:
        raise StudyError("inspect.refused", arm=subject.arm.id, why=refused.phrase) from None
    return evaluate(driven, found, subject.limits)
