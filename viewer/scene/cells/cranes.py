"""Stacker cranes: the truck with its mast, the carriage, the arm that reaches into a rack."""

from twin.spec.motion import Axis, BodyBase
from viewer.scene.document import Point

from .cylinders import along
from .plan import DIRECTIONS
from .rig import Rig, status

MAST_M = 0.16
"""How far beside what it carries a crane's mast stands."""


def fork(rig: Rig, moving: Rig, spec: Axis) -> None:
    """An arm that reaches out of a housing: nothing but the arm goes where it reaches."""
    ahead = DIRECTIONS[spec.direction]
    foot = rig.plan.tool_m(spec.id)
    travel = spec.high - spec.low
    z = foot + 0.02
    wide = (0.0, 0.07, 0.036) if ahead[0] else (0.07, 0.0, 0.036)

    def beam(
        at: Rig, name: str, start: float, end: float, up: float, size: Point, look: str
    ) -> None:
        a, b = along(ahead, start, (0, 0, up)), along(ahead, end, (0, 0, up))
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, up)
        length = abs(end - start)
        full = (length, size[1], size[2]) if ahead[0] else (size[0], length, size[2])
        at.box(name, middle, full, look)

    beam(moving, "arm", -travel - 0.16, 0.06, z, wide, rig.tint("profile"))
    beam(moving, "rail", -travel - 0.1, 0.02, z + 0.022, (0.02, 0.02, 0.01), "chrome")
    low = spec.low - 0.3
    broad = (0.0, 0.13, 0.05) if ahead[0] else (0.13, 0.0, 0.05)
    beam(rig, "housing", low, spec.low - 0.06, z + 0.055, broad, "frame")
    beam(
        rig,
        "band",
        low + 0.03,
        low + 0.05,
        z + 0.055,
        (broad[0] + 0.004, broad[1] + 0.004, 0.054),
        "yellow",
    )
    motor = along(ahead, low + 0.08, (0, 0, z + 0.08))
    rig.rod("motor", motor, (motor[0], motor[1], z + 0.2), 0.04, "drive")
    status(rig, along(ahead, low - 0.015, (0, 0, z + 0.05)))


def carriage(rig: Rig, moving: Rig, spec: Axis) -> None:
    """The lifting carriage of a stacker crane: on the mast beside its place, an arm to it."""
    back = rig.plan.part[0] / 2 + MAST_M
    lift = 0.0
    for body in rig.plan.riders(spec.id):
        lift = max(lift, rig.plan.tool_m(body.id) + 0.1)
    lift = lift or rig.plan.tool_m(spec.id)
    moving.block(
        "saddle", (-back - 0.1, -back + 0.1), (-0.1, 0.1), (lift - 0.12, lift + 0.12), "frame"
    )
    moving.block(
        "saddle_band",
        (-back - 0.102, -back + 0.102),
        (-0.102, 0.102),
        (lift + 0.07, lift + 0.09),
        "yellow",
    )
    moving.block(
        "arm", (-back + 0.1, 0.1), (-0.26, -0.1), (lift - 0.02, lift + 0.03), rig.tint("amber")
    )
    for z in (lift - 0.1, lift + 0.1):
        moving.rod("roller", (-back + 0.07, -0.11, z), (-back + 0.07, 0.11, z), 0.018, "chrome")
    status(moving, (-back + 0.06, -0.11, lift + 0.02))


def crane(rig: Rig, moving: Rig, spec: Axis) -> None:
    """A stacker crane: a rail on the floor, a mast on a truck beside its place, a guide above."""
    ahead = DIRECTIONS[spec.direction]
    back = -(rig.plan.part[0] / 2 + MAST_M)
    low, high = spec.low + back - 0.35, spec.high + 0.45
    floor = -rig.plan.height(spec)
    tall = max((sum(_top(body)) for body in rig.plan.riders(spec.id)), default=1.5) + 0.5

    def at(way: float, up: float) -> Point:
        return along(ahead, way, (0.0, 0.0, up))

    rig.beam("rail_foot", at(low, floor + 0.012), at(high, floor + 0.012), 0.1, "frame")
    rig.beam("rail", at(low, floor + 0.05), at(high, floor + 0.05), 0.05, "steel")
    rig.beam("guide", at(low, tall + 0.09), at(high, tall + 0.09), 0.05, "steel")
    for end in (low + 0.03, high - 0.03):
        rig.beam("guide_post", at(end, floor), at(end, tall + 0.09), 0.06, "rack_post")
        rig.box("buffer", at(end, floor + 0.12), (0.07, 0.07, 0.07), "amber")
    size = (0.62, 0.2, 0.1) if ahead[0] else (0.2, 0.62, 0.1)
    moving.box("truck", at(back + 0.08, floor + 0.12), size, rig.tint("amber"))
    moving.beam("mast", at(back, floor + 0.17), at(back, tall), 0.1, rig.tint("amber"))
    x, y, _ = at(back, 0.0)
    moving.block(
        "mast_rail", (x - 0.02, x + 0.02), (y - 0.062, y - 0.05), (floor + 0.2, tall), "chrome"
    )
    moving.box("head", at(back, tall + 0.02), (0.2, 0.14, 0.08), "frame")
    moving.rod("motor", at(back + 0.3, floor + 0.17), at(back + 0.3, floor + 0.36), 0.05, "drive")
    moving.box("cabinet", at(back - 0.15, floor + 0.5), (0.16, 0.16, 0.4), "body")
    status(moving, at(back - 0.15, floor + 0.73))


def _top(body: BodyBase) -> tuple[float, float]:
    """Return how high what rides on a crane reaches."""
    return (body.at_m[2], max(getattr(body, "high", 0.0), 0.0))
