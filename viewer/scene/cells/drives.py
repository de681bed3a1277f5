"""What motors move: lifts, turntables, dials, servo axes, grippers."""

import math

from twin.spec.motion import Axis, BodyBase, Cylinder, Gripper, IndexTable, Lift, Turntable
from viewer.scene.document import Point
from viewer.scene.maker import about_z

from .cylinders import along, switches
from .plan import DIRECTIONS, TOOL_M, rest_of
from .rig import Rig, Z

BEAM_M = 0.09
BEHIND_M = 0.13
ABOVE_M = 0.24
TABLE_M = 0.8
"""A lift that goes further than this runs on columns."""
SMALL_M = 0.11
"""A part that is narrower is held by one cup."""
MAST_M = 0.16
"""How far beside what it carries a crane's mast stands."""


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


# ---- servo axes


def axis(rig: Rig, spec: Axis) -> None:
    """A servo axis by its look; a rotary one is a flange that turns."""
    if spec.rotary:
        _rotary(rig, spec)
        return
    ahead = DIRECTIONS[spec.direction]
    moving = rig.moving(rig.joint("slide", ahead, rest=rest_of(spec)))
    if ahead[2] != 0:
        if rig.plan.craned(spec):
            _carriage(rig, moving, spec)
        else:
            (_ram if rig.plan.carried(spec) else _column)(rig, moving, spec)
    elif spec.look == "crane":
        _crane(rig, moving, spec)
    elif rig.plan.carried(spec) and rig.plan.tool_m(spec.id) and not _lowers(rig, spec):
        _fork(rig, moving, spec)
    elif spec.look in ("slide", "plain") or rig.plan.carried(spec):
        _slide(rig, moving, spec)
    else:
        _gantry(rig, moving, spec)


def _rotary(rig: Rig, spec: Axis) -> None:
    ahead = DIRECTIONS[spec.direction]
    lift = max(rig.plan.tool_m(spec.id), 0.03)
    rig.rod("motor", (0, 0, lift), (0, 0, lift + 0.13), 0.055, "drive")
    rig.rod("gear", (0, 0, lift - 0.012), (0, 0, lift + 0.012), 0.06, "frame")
    _status(rig, (0.0, -0.056, lift + 0.05))
    moving = rig.moving(rig.joint("turn", ahead, rest=rest_of(spec)))
    moving.rod("flange", (0, 0, lift - 0.024), (0, 0, lift - 0.01), 0.05, "steel")
    moving.block("mark", (0.03, 0.052), (-0.006, 0.006), (lift - 0.026, lift - 0.008), "yellow")


def _ends(spec: Axis, spare: float) -> tuple[float, float]:
    return spec.low - spare, spec.high + spare


def _status(rig: Rig, at: Point) -> None:
    """A drive's lamps: referenced, and faulty."""
    x, y, z = at
    rig.led("led_homed", (x, y, z), "homed", "green", size=0.03)
    rig.led("led_fault", (x, y, z + 0.04), "fault", "red", size=0.03)


def _gantry(rig: Rig, moving: Rig, spec: Axis) -> None:
    """A beam on legs, or two where an axis across it needs both; a saddle on rails."""
    ahead = DIRECTIONS[spec.direction]
    low, high = _ends(spec, 0.26)
    across = _across(rig, spec)
    z = ABOVE_M + BEAM_M
    lines = [BEHIND_M] if across is None else [across[0] - 0.2, across[1] + 0.2]
    floor = -rig.plan.height(spec)

    def at(way: float, side: float, up: float) -> Point:
        x, y, _ = along(ahead, way)
        return (x - ahead[1] * side, y + ahead[0] * side, up)

    for side in lines:
        rig.beam("beam", at(low, side, z), at(high, side, z), 2 * BEAM_M, rig.tint("body"))
        rig.beam(
            "stripe", at(low, side, z - 0.03), at(high, side, z - 0.03), 2 * BEAM_M + 0.004, "drive"
        )
        for up in (z - 0.055, z + 0.055):
            front = side - BEAM_M - 0.008 if len(lines) == 1 else side
            rail = z + BEAM_M + 0.006 if len(lines) > 1 else up
            rig.beam(
                "rail", at(low + 0.04, front, rail), at(high - 0.04, front, rail), 0.018, "chrome"
            )
            if len(lines) > 1:
                break
        for end in (low + 0.09, high - 0.09):
            rig.beam("leg", at(end, side, floor), at(end, side, z - BEAM_M), 0.13, "body_shade")
            x, y, _ = at(end, side, 0.0)
            rig.box("foot", (x, y, floor + 0.01), (0.26, 0.3, 0.02), "frame")
    if len(lines) > 1:
        for end in (low + 0.09, high - 0.09):
            rig.beam(
                "tie", at(end, lines[0], z - 0.02), at(end, lines[1], z - 0.02), 0.1, "body_shade"
            )
        for side in lines:
            moving.box("saddle", at(0.0, side, z + BEAM_M + 0.03), (0.24, 0.16, 0.04), "frame")
    else:
        moving.box("saddle", at(0.0, lines[0] - BEAM_M - 0.028, z), (0.26, 0.03, 0.24), "frame")
        moving.box(
            "badge", at(0.0, lines[0] - BEAM_M - 0.045, z + 0.07), (0.16, 0.006, 0.03), "yellow"
        )
    x, y, _ = at(high + 0.02, lines[-1], 0.0)
    rig.rod("motor", (x, y, z), along(ahead, 0.2, (x, y, z)), 0.06, "drive")
    _status(rig, at(low + 0.09, lines[0] - 0.075, z - BEAM_M - 0.1))


def _across(rig: Rig, spec: Axis) -> tuple[float, float] | None:
    """Return from where to where an axis reaches that goes across this one, None if none does."""
    ahead = DIRECTIONS[spec.direction]
    for body in rig.plan.riders(spec.id):
        if isinstance(body, Axis) and not body.rotary:
            other = DIRECTIONS[body.direction]
            side = other[1] * ahead[0] - other[0] * ahead[1]
            if side:
                start = body.at_m[1] * ahead[0] - body.at_m[0] * ahead[1]
                ends = [start + side * body.low, start + side * body.high]
                return min(ends), max(ends)
    return None


def _slide(rig: Rig, moving: Rig, spec: Axis) -> None:
    """A linear unit: a profile with a rail, a saddle on it, a motor at its end."""
    ahead = DIRECTIONS[spec.direction]
    carried = rig.plan.carried(spec)
    carrier = rig.plan.bodies.get(spec.on or "")
    spans = isinstance(carrier, Axis) and _across(rig, carrier) is not None
    low, high = _ends(spec, 0.28 if spans else 0.16)
    tall = 2 * BEAM_M * 0.8 if carried else 0.07
    z = ABOVE_M + BEAM_M if _hangs(rig, spec) else -0.06
    if spans:
        z = ABOVE_M + 2 * BEAM_M + 0.05 + tall / 2  # it lies on the saddles of two beams

    def at(way: float, up: float) -> Point:
        x, y, _ = along(ahead, way)
        side = BEHIND_M * 0.9 if _hangs(rig, spec) else 0.0
        return (x - ahead[1] * side, y + ahead[0] * side, up)

    rig.beam("unit", at(low, z), at(high, z), tall, rig.tint("profile"))
    rig.beam("cover", at(low + 0.03, z + 0.002), at(high - 0.03, z + 0.002), tall * 0.6, "frame")
    x, y, _ = at(high, z)
    rig.rod("motor", (x, y, z), along(ahead, 0.16, (x, y, z)), tall * 0.5, "drive")
    up = z + tall / 2 + 0.014
    if _hangs(rig, spec):
        x, y, _ = at(0.0, z)
        face = (x + ahead[1] * (tall / 2 + 0.014), y - ahead[0] * (tall / 2 + 0.014), z)
        low_z = min(rig.plan.tool_m(spec.id) + 0.05, z - 0.11)
        size = (0.2, 0.028, z + 0.09 - low_z) if ahead[0] else (0.028, 0.2, z + 0.09 - low_z)
        moving.box("saddle", (face[0], face[1], (z + 0.09 + low_z) / 2), size, "frame")
    else:
        moving.box(
            "saddle", at(0.0, up), (0.16, 0.12, 0.028) if ahead[0] else (0.12, 0.16, 0.028), "frame"
        )
    if not carried:
        for end in (low + 0.06, high - 0.06):
            rig.post(at(end, z - tall / 2), wide=0.07)
    x, y, _ = at(low, z)
    _status(rig, (x - ahead[0] * 0.02, y - ahead[1] * 0.02, z - 0.02))


def _hangs(rig: Rig, spec: Axis) -> bool:
    """Whether something hangs down from an axis: another upright one, or a gripper."""
    return any(
        isinstance(body, Gripper)
        or (isinstance(body, Axis | Cylinder) and body.direction in ("z", "-z"))
        for body in rig.plan.riders(spec.id)
    )


def _lowers(rig: Rig, spec: Axis) -> bool:
    """Whether what rides on an axis goes up and down by itself."""
    return any(
        isinstance(body, Axis | Cylinder) and body.direction in ("z", "-z")
        for body in rig.plan.riders(spec.id)
    )


def _fork(rig: Rig, moving: Rig, spec: Axis) -> None:
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
    _status(rig, along(ahead, low - 0.015, (0, 0, z + 0.05)))


def _carriage(rig: Rig, moving: Rig, spec: Axis) -> None:
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
    _status(moving, (-back + 0.06, -0.11, lift + 0.02))


def _ram(rig: Rig, moving: Rig, spec: Axis) -> None:
    """A ram through a housing: its foot is its place, with room for a gripper."""
    travel = spec.high - spec.low
    foot = max(rig.plan.tool_m(spec.id), 0.02)
    up = DIRECTIONS[spec.direction][2] < 0
    top = foot + travel + 0.34
    shift = 0.0 if up else -spec.high
    moving.block("ram", (-0.035, 0.035), (-0.035, 0.035), (foot, top), rig.tint("profile"))
    moving.block("rail", (-0.012, 0.012), (-0.042, -0.034), (foot + 0.02, top - 0.02), "chrome")
    moving.box("ram_foot", (0, 0, foot + 0.006), (0.1, 0.1, 0.012), "frame")
    moving.box("ram_cap", (0, 0, top + 0.006), (0.08, 0.08, 0.012), "frame")
    base = foot + 0.03 - (0.0 if up else shift)
    rig.block("housing", (-0.075, 0.075), (-0.06, 0.075), (base, base + 0.24), "frame")
    rig.block("band", (-0.077, 0.077), (-0.062, 0.077), (base + 0.17, base + 0.19), "yellow")
    rig.rod("motor", (0.0, -0.06, base + 0.1), (0.0, -0.2, base + 0.1), 0.045, "drive")
    _status(rig, (0.08, -0.03, base + 0.08))


def _column(rig: Rig, moving: Rig, spec: Axis) -> None:
    """A standing column behind, with a saddle that goes up and down in front of it."""
    sign = DIRECTIONS[spec.direction][2]
    ends = sorted((sign * spec.low, sign * spec.high))
    floor = -rig.plan.height(spec)
    y = max(rig.plan.part[1] / 2 + 0.16, 0.22)
    rig.beam("column", (0, y, floor), (0, y, ends[1] + 0.3), 0.12, rig.tint("body_shade"))
    rig.block(
        "rail", (-0.02, 0.02), (y - 0.072, y - 0.058), (floor + 0.02, ends[1] + 0.28), "chrome"
    )
    rig.rod("motor", (0, y, ends[1] + 0.3), (0, y, ends[1] + 0.5), 0.05, "drive")
    rig.box("foot", (0, y, floor + 0.01), (0.3, 0.3, 0.02), "frame")
    lift = rig.plan.tool_m(spec.id)
    moving.block("saddle", (-0.09, 0.09), (y - 0.1, y - 0.07), (lift - 0.09, lift + 0.09), "frame")
    moving.block(
        "arm", (-0.05, 0.05), (-0.05, y - 0.08), (lift + 0.0, lift + 0.035), rig.tint("drive")
    )
    _status(rig, (0.075, y - 0.04, ends[1] + 0.2))


def _crane(rig: Rig, moving: Rig, spec: Axis) -> None:
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
    _status(moving, at(back - 0.15, floor + 0.73))


def _top(body: BodyBase) -> tuple[float, float]:
    """Return how high what rides on a crane reaches."""
    return (body.at_m[2], max(getattr(body, "high", 0.0), 0.0))


# ---- grippers


def gripper(rig: Rig, spec: Gripper) -> None:
    """Suction cups or two fingers; the point is where a part's top comes."""
    rig.group("moving")
    part = rig.plan.part
    if spec.type == "vacuum":
        _cups(rig, part)
        rig.led("led_held", (0.0, -0.048, 0.1), "held", "green", size=0.026)
        return
    half = part[1] / 2
    rig.box("palm", (0, 0, 0.05), (0.09, max(part[1] + 0.1, 0.12), 0.045), rig.tint("pneumatic"))
    rig.rod("neck", (0, 0, 0.07), (0, 0, TOOL_M), 0.035, "profile_dark")
    stroke = 0.02
    deep = min(max(part[2] * 0.6, 0.03), 0.08)
    wide = min(max(part[0] * 0.3, 0.03), 0.08) / 2
    for side in (-1.0, 1.0):
        finger = rig.group("finger", joint=rig.joint("slide", (0.0, -side, 0.0), gain=stroke))
        y = side * (half + stroke)
        finger.block("finger", (-wide, wide), (y, y + side * 0.014), (-deep, 0.03), "chrome")
        finger.block("pad", (-wide, wide), (y - side * 0.004, y), (-deep, -deep * 0.2), "rubber")
    rig.led("led_held", (0.05, -0.03, 0.05), "held", "green", size=0.024)
    rig.led("led_opened", (0.05, 0.03, 0.05), "opened", "yellow", size=0.024)


def _cups(rig: Rig, part: Point) -> None:
    dx, dy = part[0] * 0.28, part[1] * 0.28
    small = min(part[0], part[1]) < SMALL_M
    spots = [(0.0, 0.0)] if small else [(sx * dx, sy * dy) for sx in (-1, 1) for sy in (-1, 1)]
    radius = min(part[0], part[1]) * (0.2 if small else 0.11)
    radius = min(max(radius, 0.012), 0.045)
    wide, deep = max(2 * dx + 0.05, 0.07), max(2 * dy + 0.05, 0.07)
    rig.box("palm", (0, 0, 0.064), (wide, deep, 0.024), rig.tint("profile"))
    rig.box("ejector", (0, 0.0, 0.1), (0.06, 0.09, 0.05), "pneumatic")
    rig.rod("neck", (0, 0, 0.12), (0, 0, TOOL_M + 0.01), 0.03, "profile_dark")
    for x, y in spots:
        rig.rod("stem", (x, y, 0.02), (x, y, 0.055), radius * 0.35, "chrome")
        rig.rod("cup", (x, y, 0.0), (x, y, 0.026), radius, "rubber", shape="cone")
