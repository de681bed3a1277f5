"""What parts stand or lie on without moving along: seats, racks, pallet seats, magazines."""

import math

from twin.spec.motion import Magazine, PalletSeat, Rack, Seat
from viewer.scene.maker import about_z

from .rig import Rig, X, part_colour

SHOWN_PARTS_M = 0.75
SHOWN_PARTS = 6


def seat(rig: Rig, spec: Seat) -> None:
    """A nest: a plate with stops at its corners, on a pedestal where nothing carries it."""
    part = rig.plan.part
    w, d = min(part[0] + 0.05, spec.size_m[0]), min(part[1] + 0.05, spec.size_m[1])
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
    rig.led("led_present", (w / 2 + 0.02, -d / 2, -0.02), "present", "yellow", size=0.03)
    high = max(base[2] * 0.7, 0.06)
    arm = min(w, d) * 0.16
    for sx in (-1, 1):
        for sy in (-1, 1):
            x, y = sx * w / 2, sy * d / 2
            rig.block("corner_x", (x, x + sx * 0.02), (y, y - sy * arm), (-0.04, high), "yellow")
            rig.block("corner_y", (x + sx * 0.02, x - sx * arm), (y, y + sy * 0.02), (-0.04, high),
                      "yellow")  # fmt: skip


def magazine(rig: Rig, spec: Magazine) -> None:
    """A shaft of four angles, and a slide below it that pushes the lowest part to its place."""
    part = rig.plan.parts.get(spec.part, rig.plan.part)
    long, w, h = part
    x, y, _ = rig.plan.target(spec, spec.to, spec.along_m or long / 2)
    way = math.hypot(x, y)
    at = rig.group("mount", rotation=about_z(math.atan2(y, x)))
    high = min(max(spec.capacity * h, 3 * h), SHOWN_PARTS_M) + 0.04
    for sx in (-1, 1):
        for sy in (-1, 1):
            x, y = sx * (long / 2 + 0.008), sy * (w / 2 + 0.008)
            low = h + 0.012 if sx > 0 else 0.0
            at.block(
                "angle_x", (x - 0.004, x + 0.004), (y, y - sy * w * 0.22), (low, high), "profile"
            )
            at.block(
                "angle_y", (x, x - sx * long * 0.22), (y - 0.004, y + 0.004), (0.0, high), "profile"
            )
    at.box("table", (0, 0, -0.0105), (long + 0.04, w + 0.06, 0.019), rig.tint("steel"))
    full = rig.light("empty", part_colour(spec.part), inverted=True)
    for k in range(min(spec.capacity, SHOWN_PARTS, int((high - 0.04) / h))):
        size = (long * 0.98, w * 0.98, h * 0.96)
        at.add("stacked", "box", (0, 0, h * (k + 0.5)), size, None, light=full)
    back = -long / 2 - 0.012
    moving = at.group("moving", joint=rig.joint("slide", X))
    tall = min(h * 0.7, 0.05)
    moving.block("slide", (back - 0.03, back), (-w * 0.35, w * 0.35), (0.004, tall), "amber")
    moving.rod("rod", (back - 0.03, 0, 0.022), (back - 0.06 - way, 0, 0.022), 0.008, "chrome")
    at.rod("barrel", (back - 0.05, 0, 0.022), (back - 0.09 - way, 0, 0.022), 0.024, "profile")
    at.box("cover", (back - 0.06, 0, 0.022), (0.03, 0.06, 0.06), "pneumatic")
    at.led("led_ejected", (back - 0.06, -0.02, 0.058), "ejected", "yellow")
    at.led("led_ready", (back - 0.06, 0.02, 0.058), "ready", "green")
    corner = (long / 2 + 0.008, -w / 2 - 0.008, high + 0.01)
    at.led("led_empty", corner, "empty", "red", size=0.03)
    if not rig.plan.carried(spec):
        for x in (-long / 2 + 0.02, long / 2 - 0.02, back - 0.05 - way):
            at.post((x, 0, -0.02 if x > back else 0.0))
