"""What parts stand or lie on without moving along: seats, racks, pallet seats, magazines."""

from twin.spec.motion import Belt, Magazine, PalletSeat, Rack, Seat
from viewer.scene.document import Point

from .plan import standing_free
from .rig import X, Rig

SHOWN_PARTS_M = 0.75


def seat(rig: Rig, spec: Seat) -> None:
    """A nest: a plate with stops at its corners, on a pedestal where nothing carries it."""
    part = rig.plan.part
    w, d = part[0] + 0.05, part[1] + 0.05
    rig.block("plate", (-w / 2, w / 2), (-d / 2, d / 2), (-0.022, -0.001), rig.tint("steel"))
    reach = min(part[0], part[1]) * 0.22
    for sx in (-1, 1):
        for sy in (-1, 1):
            x, y = sx * (part[0] / 2 + 0.008), sy * (part[1] / 2 + 0.008)
            rig.block(
                "stop_x", (x - 0.006, x + 0.006), (y, y - sy * reach), (-0.001, 0.022), "amber"
            )
            rig.block(
                "stop_y", (x, x - sx * reach), (y - 0.006, y + 0.006), (-0.001, 0.022), "amber"
            )
    if rig.plan.carried(spec):
        rig.rod("stand", (0, 0, -0.022), (0, 0, -0.06), min(w, d) * 0.3, "profile_dark")
        return
    floor = -rig.plan.height(spec)
    if floor < -0.1:
        rig.beam("column", (0, 0, floor), (0, 0, -0.022), min(w, d, 0.14) * 0.8, "body_shade")
        rig.box("foot", (0, 0, floor + 0.01), (w * 1.1 + 0.05, d * 1.1 + 0.05, 0.02), "frame")


def rack(rig: Rig, spec: Rack) -> None:
    """Uprights between the columns, beams and boards at each level."""
    px, pz = spec.pitch_m
    columns, levels = spec.columns, spec.levels
    deep = max(rig.plan.part[1] + 0.06, 0.18)
    x0, x1 = -px / 2, (columns - 0.5) * px
    floor = min(-rig.plan.height(spec), -0.02)
    top = levels * pz - 0.02
    for k in range(columns + 1):
        x = x0 + k * px
        for side in (-1, 1):
            rig.beam(
                "upright",
                (x, side * deep / 2, floor),
                (x, side * deep / 2, top),
                0.035,
                "rack_post",
            )
        rig.beam("tie", (x, -deep / 2, top - 0.02), (x, deep / 2, top - 0.02), 0.025, "rack_post")
    for level in range(levels):
        z = level * pz
        for side in (-1, 1):
            rig.beam(
                "rail", (x0, side * deep / 2, z - 0.025), (x1, side * deep / 2, z - 0.025), 0.028,
                "rack_beam",
            )  # fmt: skip
        rig.block(
            "board", (x0, x1), (-deep / 2, deep / 2), (z - 0.012, z - 0.001), rig.tint("wood")
        )
    rig.block("back", (x0, x1), (deep / 2 + 0.015, deep / 2 + 0.02), (0.0, top), "fence")
    for k in range(columns + 1):
        rig.box("foot", (x0 + k * px, 0, floor + 0.006), (0.08, deep + 0.1, 0.012), "frame")


def pallet_seat(rig: Rig, spec: PalletSeat) -> None:
    """A low frame with yellow corners that guide a pallet."""
    base = rig.plan.parts.get(spec.pallet, (1.2, 0.8, 0.144))
    w, d = base[0] + 0.06, base[1] + 0.06
    floor = -rig.plan.height(spec)
    rig.block("deck", (-w / 2, w / 2), (-d / 2, d / 2), (-0.04, -0.002), "profile_dark")
    if not rig.plan.carried(spec) and floor < -0.06:
        for sx in (-1, 1):
            for sy in (-1, 1):
                x, y = sx * (w / 2 - 0.04), sy * (d / 2 - 0.04)
                rig.beam("leg", (x, y, floor), (x, y, -0.04), 0.06, "frame")
    high = max(base[2] * 0.7, 0.06)
    arm = min(w, d) * 0.16
    for sx in (-1, 1):
        for sy in (-1, 1):
            x, y = sx * w / 2, sy * d / 2
            rig.block("corner_x", (x, x + sx * 0.02), (y, y - sy * arm), (-0.04, high), "yellow")
            rig.block("corner_y", (x + sx * 0.02, x - sx * arm), (y, y + sy * 0.02), (-0.04, high),
                      "yellow")  # fmt: skip


def magazine(rig: Rig, spec: Magazine) -> None:
    """A shaft of four angles, and a slide below it that pushes the lowest part out."""
    at = rig if standing_free(spec) else _before(rig, spec)
    part = rig.plan.parts.get(spec.part, rig.plan.part)
    l, w, h = part
    high = min(max(spec.capacity * h, 3 * h), SHOWN_PARTS_M) + 0.04
    stroke = l + 0.04
    for sx in (-1, 1):
        for sy in (-1, 1):
            x, y = sx * (l / 2 + 0.008), sy * (w / 2 + 0.008)
            low = h + 0.012 if sx > 0 else 0.0
            at.block(
                "angle_x", (x - 0.004, x + 0.004), (y, y - sy * w * 0.22), (low, high), "profile"
            )
            at.block(
                "angle_y", (x, x - sx * l * 0.22), (y - 0.004, y + 0.004), (0.0, high), "profile"
            )
    at.block("table", (-l / 2 - 0.02, l / 2 + 0.02), (-w / 2 - 0.03, w / 2 + 0.03), (-0.02, -0.001),
             rig.tint("steel"))  # fmt: skip
    moving = at.group("moving", joint=rig.joint("slide", X, gain=stroke))
    back = -l / 2 - 0.012
    moving.block("slide", (back - 0.03, back), (-w * 0.35, w * 0.35), (0.004, min(h * 0.7, 0.05)),
                 "amber")  # fmt: skip
    moving.rod("rod", (back - 0.03, 0, 0.022), (back - 0.06 - stroke, 0, 0.022), 0.008, "chrome")
    at.rod("barrel", (back - 0.05, 0, 0.022), (back - 0.09 - stroke, 0, 0.022), 0.024, "profile")
    at.box("cover", (back - 0.06, 0, 0.022), (0.03, 0.06, 0.06), "pneumatic")
    at.led("led_ejected", (back - 0.06, -0.02, 0.058), "ejected", "yellow")
    at.led("led_ready", (back - 0.06, 0.02, 0.058), "ready", "green")
    at.led("led_empty", (l / 2 + 0.014, -w / 2 - 0.014, high + 0.008), "empty", "red", size=0.026)
    if not rig.plan.carried(spec) and at is rig:
        for x in (-l / 2 + 0.02, l / 2 - 0.02, back - 0.05 - stroke):
            rig.post((x, 0, -0.02 if x > back else 0.0))


def _before(rig: Rig, spec: Magazine) -> Rig:
    """Stand before the start of what it ejects onto, a part's length away."""
    part = rig.plan.parts.get(spec.part, rig.plan.part)
    host = rig.plan.bodies.get(spec.to)
    clear = part[0] + 0.04
    place: Point = (
        (spec.along_m - clear, 0.0, 0.0) if isinstance(host, Belt) else (-clear, 0.0, 0.0)
    )
    return rig.group("mount", place, parent=rig.plan.node(spec.to))
