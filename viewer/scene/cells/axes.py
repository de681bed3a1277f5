"""Servo axes: gantries, linear units, rams, columns, turning flanges."""

from twin.spec.motion import Axis, Cylinder, Gripper
from viewer.scene.document import Point

from .cranes import carriage, crane, fork
from .cylinders import along
from .plan import DIRECTIONS, rest_of
from .rig import Rig, status

BEAM_M = 0.09
BEHIND_M = 0.13
ABOVE_M = 0.24


def axis(rig: Rig, spec: Axis) -> None:
    """A servo axis by its look; a rotary one is a flange that turns."""
    if spec.rotary:
        _rotary(rig, spec)
        return
    ahead = DIRECTIONS[spec.direction]
    moving = rig.moving(rig.joint("slide", ahead, rest=rest_of(spec)))
    if ahead[2] != 0:
        if rig.plan.craned(spec):
            carriage(rig, moving, spec)
        else:
            (_ram if rig.plan.carried(spec) else _column)(rig, moving, spec)
    elif spec.look == "crane":
        crane(rig, moving, spec)
    elif rig.plan.carried(spec) and rig.plan.tool_m(spec.id) and not _lowers(rig, spec):
        fork(rig, moving, spec)
    elif spec.look in ("slide", "plain") or rig.plan.carried(spec):
        _slide(rig, moving, spec)
    else:
        _gantry(rig, moving, spec)


def _rotary(rig: Rig, spec: Axis) -> None:
    ahead = DIRECTIONS[spec.direction]
    lift = max(rig.plan.tool_m(spec.id), 0.03)
    rig.rod("motor", (0, 0, lift), (0, 0, lift + 0.13), 0.055, "drive")
    rig.rod("gear", (0, 0, lift - 0.012), (0, 0, lift + 0.012), 0.06, "frame")
    status(rig, (0.0, -0.056, lift + 0.05))
    moving = rig.moving(rig.joint("turn", ahead, rest=rest_of(spec)))
    moving.rod("flange", (0, 0, lift - 0.024), (0, 0, lift - 0.01), 0.05, "steel")
    moving.block("mark", (0.03, 0.052), (-0.006, 0.006), (lift - 0.026, lift - 0.008), "yellow")


def _ends(spec: Axis, spare: float) -> tuple[float, float]:
    return spec.low - spare, spec.high + spare


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
    status(rig, at(low + 0.09, lines[0] - 0.075, z - BEAM_M - 0.1))


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
    status(rig, (x - ahead[0] * 0.02, y - ahead[1] * 0.02, z - 0.02))


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
    status(rig, (0.08, -0.03, base + 0.08))


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
    status(rig, (0.075, y - 0.04, ends[1] + 0.2))
