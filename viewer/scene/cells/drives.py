"""What turns and lifts: lifts, turntables, dials."""

import math

from twin.spec.motion import IndexTable, Lift, Turntable
from viewer.scene.document import Point
from viewer.scene.maker import about_z

from .cylinders import switches
from .plan import rest_of
from .rig import Rig, Z

TABLE_M = 0.8
"""A lift that goes further than this runs on columns."""


def lift(rig: Rig, spec: Lift) -> None:
    """A table on bellows where it goes low, a carriage on columns where it goes high."""
    low, high = min(spec.levels.values()), max(spec.levels.values())
    reach = rig.plan.reach(spec.id)
    drop = -0.13 if rig.plan.riders(spec.id) else 0.0
    floor = min(-rig.plan.height(spec), low + drop - 0.1)
    moving = rig.moving(rig.joint("slide", Z, rest=rest_of(spec)))
    wide, deep = reach[1] - reach[0], reach[3] - reach[2]
    at = ((reach[0] + reach[1]) / 2, (reach[2] + reach[3]) / 2)
    moving.box("deck", (*at, drop - 0.018), (wide, deep, 0.035), rig.tint("drive"))
    if high - low > TABLE_M:
        _columns(rig, moving, spec, floor)
        return
    rig.box("base", (*at, floor + 0.02), (wide * 0.94, deep * 0.94, 0.04), "frame")
    bottom = floor + 0.04
    joint = rig.joint("stretch", Z, offset=drop - 0.036 - bottom, rest=rest_of(spec))
    folds = rig.group("folds", (*at, bottom), joint=joint)
    folds.add("bellows", "bellows", (0, 0, 0.5), (wide * 0.86, deep * 0.86, 1.0), "rubber")
    x, y = at[0] + wide / 2 + 0.05, at[1] + deep / 2 + 0.05
    rig.beam("switch_post", (x, y, floor), (x, y, high + drop + 0.1), 0.03, "profile_dark")
    _level_lamps(rig, spec, (x, y - 0.024, drop))


def _columns(rig: Rig, moving: Rig, spec: Lift, floor: float) -> None:
    """Two columns on the side where nothing comes or goes, a saddle between them."""
    drop = -0.13 if rig.plan.riders(spec.id) else 0.0
    side = rig.plan.free_side(spec.id)
    reach = rig.plan.reach(spec.id)
    spans = ((reach[1], reach[2], reach[3]), (reach[3], reach[0], reach[1]),
             (-reach[0], reach[2], reach[3]), (-reach[2], reach[0], reach[1]))  # fmt: skip
    edge, first, last = spans[side]
    middle = (first + last) / 2 * (1 if side % 2 == 0 else -1) * (1 if side < 2 else -1)
    turn = about_z(side * math.pi / 2)
    fixed = rig.group("mast", (0, 0, 0), turn)
    saddle = moving.group("saddle", (0, 0, 0), turn)
    x, half = edge + 0.1, min(max((last - first) / 2, 0.15), 0.3)
    top = max(spec.levels.values()) + 0.32
    for way in (-1, 1):
        y = middle + way * half
        fixed.beam("column", (x, y, floor), (x, y, top), 0.07, "profile")
        fixed.block("track", (x - 0.045, x - 0.035), (y - 0.012, y + 0.012), (floor, top), "chrome")
        fixed.box("foot", (x, y, floor + 0.008), (0.24, 0.16, 0.016), "frame")
        arm = (y - 0.02, y + 0.02) if half < 0.2 else (y - way * 0.06 - 0.02, y - way * 0.06 + 0.02)
        saddle.block("fork", (-edge * 0.8, x - 0.05), arm, (drop - 0.075, drop - 0.035), "frame")
    span = (middle - half - 0.06, middle + half + 0.06)
    fixed.block("head", (x - 0.06, x + 0.06), span, (top, top + 0.06), "frame")
    fixed.rod("motor", (x, middle, top + 0.06), (x, middle, top + 0.24), 0.055, "drive")
    fixed.rod("screw", (x, middle, floor + 0.05), (x, middle, top), 0.012, "chrome")
    saddle.block(
        "plate", (x - 0.1, x - 0.05), (span[0] + 0.04, span[1] - 0.04), (drop - 0.08, drop + 0.16),
        "frame",
    )  # fmt: skip
    _level_lamps(fixed, spec, (x - 0.03, span[0] - 0.012, drop))


def _level_lamps(at: Rig, spec: Lift, foot: Point) -> None:
    x, y, drop = foot
    for name, z in spec.levels.items():
        at.box("switch", (x, y + 0.006, z + drop), (0.04, 0.026, 0.03), "rubber")
        at.led(f"led_{name}", (x, y - 0.008, z + drop), f"at_{name}", "yellow", size=0.026)


def turntable(rig: Rig, spec: Turntable) -> None:
    """A disc on a pedestal, with a mark, and its swing drive below."""
    radius = spec.diameter_m / 2
    drop = -0.13 if rig.plan.riders(spec.id) else -0.002
    _pedestal(rig, radius * 0.55, drop - 0.04)
    moving = rig.moving(rig.joint("turn", Z))
    _disc(moving, radius, drop, rig.tint("drive"))
    moving.block(
        "mark", (radius * 0.62, radius * 0.94), (-0.015, 0.015), (drop, drop + 0.004), "yellow"
    )
    edge = -radius * 0.55
    rig.block("drive", (-0.06, 0.06), (edge - 0.16, edge), (drop - 0.16, drop - 0.05), "pneumatic")
    y, z = edge - 0.11, drop - 0.05 - 0.024
    switches(rig, rig, (0.03, y, z), (-0.03, y, z))


def index_table(rig: Rig, spec: IndexTable) -> None:
    """A dial on a housing; a mark for each station, another colour for the first."""
    radius = spec.diameter_m / 2
    _pedestal(rig, radius * 0.5, -0.096)
    moving = rig.moving(rig.joint("turn", Z))
    _disc(moving, radius, -0.06, rig.tint("body_shade"))
    moving.rod("hub", (0, 0, -0.06), (0, 0, 0.03), radius * 0.2, "drive")
    moving.rod("hub_cap", (0, 0, 0.03), (0, 0, 0.045), radius * 0.13, "chrome")
    for k in range(spec.stations):
        angle = math.tau * k / spec.stations
        c, s = math.cos(angle), math.sin(angle)
        colour = "yellow" if k == 0 else "frame"
        moving.rod("station", (c * radius * 0.93, s * radius * 0.93, -0.06),
                   (c * radius * 0.93, s * radius * 0.93, -0.054), 0.014, colour)  # fmt: skip
    rig.block("drive", (-0.09, 0.09), (-radius * 0.5 - 0.2, -radius * 0.5), (-0.3, -0.12), "drive")
    rig.led("led_position", (0.0, -radius * 0.5 - 0.12, -0.112), "in_position", "green", size=0.03)


def _pedestal(rig: Rig, radius: float, top: float) -> None:
    body = rig.plan.bodies[rig.body]
    floor = -rig.plan.height(body)
    if rig.plan.carried(body) or top - floor < 0.05:
        rig.rod("pedestal", (0, 0, top - 0.06), (0, 0, top), radius, "body_shade")
        return
    rig.rod("pedestal", (0, 0, floor + 0.02), (0, 0, top), radius, "body_shade")
    rig.rod("pedestal_foot", (0, 0, floor), (0, 0, floor + 0.02), radius * 1.25, "frame")
    rig.rod("bearing", (0, 0, top - 0.03), (0, 0, top), radius * 1.1, "frame")


def _disc(rig: Rig, radius: float, top: float, material: str) -> None:
    rig.rod("disc", (0, 0, top - 0.03), (0, 0, top), radius, material)
    rig.rod("rim", (0, 0, top - 0.034), (0, 0, top - 0.01), radius * 1.015, "frame")
