"""Air, signal towers, operator panels, and what keeps people safe: doors, curtains, zones."""

import math

from twin.spec.motion import Air, Door, LightCurtain, Panel, Solid, StackLight, Zone
from viewer.scene.bodies.common import person
from viewer.scene.document import Light, Point
from viewer.scene.maker import about_y
from viewer.scene.shapes import bars

from .rig import Rig, Z

DESK_M = 0.98
"""Height of the middle of a panel's desk above the floor."""
DESK_TILT_RAD = 0.6
ON_TOP_M = 1.1
"""A signal tower that begins higher stands on something, not on the floor."""
LEAF_RAD = 1.45
FENCE_M = 2.0
WIRE_M = 0.1


def air(rig: Rig, spec: Air) -> None:
    """A service unit on a post: filter, regulator with gauge, valve, hoses."""
    floor = -rig.plan.height(spec)
    z = max(0.75, floor + 0.75)
    rig.beam("post", (0, 0, floor), (0, 0, z + 0.14), 0.045, "profile")
    rig.box("foot", (0, 0, floor + 0.006), (0.18, 0.18, 0.012), "frame")
    for k, (wide, colour) in enumerate(
        ((0.055, "pneumatic"), (0.055, "pneumatic"), (0.05, "drive"))
    ):
        x = (k - 1) * 0.062
        rig.box("unit", (x, -0.055, z), (wide, 0.06, 0.075), colour)
        if k < 2:
            rig.rod("bowl", (x, -0.055, z - 0.13), (x, -0.055, z - 0.0375), 0.024, "glass")
            rig.rod("knob", (x, -0.055, z + 0.0375), (x, -0.055, z + 0.07), 0.017, "rubber")
    rig.rod("gauge", (0.0, -0.086, z), (0.0, -0.1, z), 0.026, "body")
    rig.box("needle", (0.004, -0.102, z + 0.006), (0.005, 0.003, 0.026), "red")
    rig.led("led_on", (0.062, -0.088, z + 0.018), "on", "green", size=0.02)
    rig.rod("hose", (0.09, -0.055, z), (0.2, -0.055, z - 0.12), 0.009, "drive")
    rig.rod("hose", (0.2, -0.055, z - 0.12), (0.2, -0.055, floor + 0.02), 0.009, "drive")


def stack_light(rig: Rig, spec: StackLight) -> None:
    """A tower: the lamps of the file from above, on a pole from the floor."""
    high = rig.plan.height(spec)
    floor = 0.0 if rig.plan.carried(spec) or high > ON_TOP_M else -high
    rig.rod("pole", (0, 0, floor), (0, 0, 0.32), 0.014, "profile")
    rig.rod("pole_foot", (0, 0, floor), (0, 0, floor + 0.012), 0.055, "frame")
    z, step = 0.32, 0.085
    rig.rod("base", (0, 0, z), (0, 0, z + 0.03), 0.04, "dark")
    z += 0.03
    for lamp in reversed(spec.lamps):
        if lamp == "buzzer":
            rig.rod("buzzer", (0, 0, z), (0, 0, z + 0.06), 0.038, "frame")
            sound = rig.light("buzzer", "sig_orange")
            rig.rod("buzzer_ring", (0, 0, z + 0.022), (0, 0, z + 0.036), 0.04, "dark", light=sound)
            z += 0.06
            continue
        light = rig.light(lamp, f"sig_{lamp}")
        rig.rod(
            f"lamp_{lamp}",
            (0, 0, z),
            (0, 0, z + step * 0.92),
            0.038,
            f"sig_{lamp}_off",
            light=light,
        )
        rig.rod("collar", (0, 0, z + step * 0.92), (0, 0, z + step), 0.036, "dark")
        z += step
    rig.rod("cap", (0, 0, z), (0, 0, z + 0.016), 0.034, "dark")


def panel(rig: Rig, spec: Panel) -> None:
    """A desk on a post that faces along its heading: buttons, key, emergency stop."""
    floor = -rig.plan.height(spec)
    z = floor + DESK_M
    rig.beam("post", (0, 0, floor), (0, 0, z - 0.06), 0.09, "body_shade")
    rig.box("foot", (0, 0, floor + 0.01), (0.34, 0.3, 0.02), "frame")
    desk = rig.group("desk", (0, 0, z), about_y(DESK_TILT_RAD))
    desk.box("case", (0, 0, -0.04), (0.28, 0.5, 0.11), rig.tint("body"))
    desk.box("plate", (0, 0, 0.017), (0.26, 0.48, 0.006), "frame")
    _button(desk, (0.05, -0.18), "green", rig.light("start_lamp", "sig_green"))
    _button(desk, (0.05, -0.09), "red", rig.light("stop_lamp", "sig_red"))
    _button(desk, (0.05, 0.0), "blue", rig.light("reset_lamp", "sig_blue"))
    _key(rig, desk, (-0.055, -0.09))
    desk.led("led_power", (-0.055, -0.18, 0.026), "power", "white", size=0.03)
    _mushroom(rig, desk, (0.0, 0.15))
    for name, y in (("start", -0.18), ("stop", -0.09), ("reset", 0.0)):
        desk.box(f"label_{name}", (0.1, y, 0.021), (0.02, 0.06, 0.002), "body")


def _button(desk: Rig, at: tuple[float, float], colour: str, light: Light | None) -> None:
    x, y = at
    desk.rod(f"bezel_{colour}", (x, y, 0.02), (x, y, 0.028), 0.03, "chrome")
    desk.rod(
        f"button_{colour}", (x, y, 0.028), (x, y, 0.042), 0.023, f"sig_{colour}_off", light=light
    )


def _key(rig: Rig, desk: Rig, at: tuple[float, float]) -> None:
    """The mode key: along the desk in automatic, across it by hand."""
    x, y = at
    desk.rod("key_base", (x, y, 0.02), (x, y, 0.03), 0.026, "dark")
    automatic, manual = rig.light("auto", "chrome"), rig.light("auto", None)
    desk.add("key_auto", "box", (x, y, 0.04), (0.044, 0.012, 0.02), None, light=automatic)
    desk.add("key_manual", "box", (x, y, 0.04), (0.012, 0.044, 0.02), "chrome", light=manual)


def _mushroom(rig: Rig, desk: Rig, at: tuple[float, float]) -> None:
    x, y = at
    desk.box("estop_plate", (x, y, 0.022), (0.13, 0.13, 0.006), "yellow")
    desk.rod("estop_stem", (x, y, 0.025), (x, y, 0.045), 0.022, "dark")
    released, pressed = rig.light("estop", "mushroom"), rig.light("estop", None)
    desk.rod("estop_up", (x, y, 0.05), (x, y, 0.076), 0.042, None, light=released)
    desk.rod("estop_down", (x, y, 0.03), (x, y, 0.056), 0.042, "mushroom", light=pressed)


def door(rig: Rig, spec: Door) -> None:
    """A mesh leaf between two posts; its hinge is at the start of its heading."""
    half = spec.width_m / 2
    floor = -rig.plan.height(spec)
    for x in (-half - 0.03, half + 0.03):
        rig.beam("post", (x, 0, floor), (x, 0, floor + FENCE_M), 0.06, "yellow")
        rig.box("foot", (x, 0, floor + 0.006), (0.14, 0.14, 0.012), "frame")
    swing = rig.joint("turn", (0.0, 0.0, -1.0), gain=LEAF_RAD, pin="closed", inverted=True)
    leaf = rig.group("hinge", (-half, 0, floor)).group("moving", joint=swing)
    _mesh(leaf, spec.width_m, 0.12, FENCE_M - 0.04, "yellow")
    leaf.box("handle", (spec.width_m - 0.07, -0.04, 1.05), (0.03, 0.04, 0.16), "dark")
    rig.box("switch", (half + 0.03, -0.045, floor + 1.3), (0.05, 0.04, 0.16), rig.tint("red"))
    rig.led("led_closed", (half + 0.03, -0.07, floor + 1.34), "closed", "green", size=0.028)
    rig.led("led_locked", (half + 0.03, -0.07, floor + 1.27), "locked", "yellow", size=0.028)


def _mesh(rig: Rig, width: float, low: float, top: float, frame: str) -> None:
    """A pane of mesh from x = 0, in a frame, with bars that can be seen from far."""
    rig.block("mesh", (0.02, width - 0.02), (-0.003, 0.003), (low, top), "fence")
    for z in (low, (low + top) / 2, top):
        rig.beam("bar", (0, 0, z), (width, 0, z), 0.03, frame)
    wires(rig, (0.0, width), (low, top))
    for x in (0.015, width - 0.015):
        rig.beam("stile", (x, 0, low), (x, 0, top), 0.03, frame)


def wires(rig: Rig, x: tuple[float, float], z: tuple[float, float]) -> None:
    """Upright wires of a fence, as one shape."""
    shape = bars(x[1] - x[0], WIRE_M)
    size = (x[1] - x[0], 0.004, z[1] - z[0])
    rig.add("wires", shape, (sum(x) / 2, 0, sum(z) / 2), size, "frame")


def light_curtain(rig: Rig, spec: LightCurtain) -> None:
    """Two posts and the beams between them."""
    half, high = spec.width_m / 2, spec.height_m
    floor = -rig.plan.height(spec)
    for x in (-half, half):
        rig.block("post", (x - 0.025, x + 0.025), (-0.025, 0.025), (0, high + 0.08), "yellow")
        inwards = 0.02 if x < 0 else -0.02
        rig.beam("window", (x + inwards, 0, 0.04), (x + inwards, 0, high), 0.018, "dark")
        if floor < -0.02:
            rig.beam("stand", (x, 0, floor), (x, 0, 0), 0.045, "profile_dark")
        rig.box("foot", (x, 0, floor + 0.006), (0.16, 0.16, 0.012), "frame")
    count = max(4, min(12, round(high / 0.12)))
    for k in range(count):
        z = 0.05 + (high - 0.1) * k / (count - 1)
        light = rig.light("clear", "curtain")
        rig.rod(
            "beam", (-half + 0.03, 0, z), (half - 0.03, 0, z), 0.005, "curtain_hit", light=light
        )
    rig.led("led_clear", (-half, -0.03, high + 0.05), "clear", "green", size=0.034)
    rig.led("led_mute", (half, -0.03, high + 0.05), "mute", "white", size=0.034)


def zone(rig: Rig, spec: Zone) -> None:
    """The floor is painted; a person grows out of it; a scanner stands at its corner, if any."""
    there = rig.joint("stretch", Z, gain=0.999, offset=0.001, pin="occupied")
    person(rig.group("person", (0, 0, -0.01), joint=there), (0.0, 0.0), math.pi / 2)
    if not spec.scanner:
        return
    x, y = spec.size_m[0] / 2, spec.size_m[1] / 2
    rig.box("scanner_foot", (x, y, 0.06), (0.14, 0.14, 0.12), "dark")
    rig.rod("scanner", (x, y, 0.12), (x, y, 0.24), 0.065, "yellow")
    rig.rod("scanner_window", (x, y, 0.15), (x, y, 0.18), 0.067, "dark")
    rig.led("led_occupied", (x, y, 0.255), "occupied", "red", size=0.04)
    field = rig.light("occupied", "beam_hit")
    rig.add("field", "box", (0, 0, 0.012), (2 * x, 2 * y, 0.004), None, light=field)


def solid(rig: Rig, spec: Solid) -> None:
    """A frame, a machine's housing or its door; `at_m` is the middle of its underside."""
    w, d, h = spec.size_m
    x, y, z = (-w / 2, w / 2), (-d / 2, d / 2), (0.0, h)
    if spec.look == "none":
        return
    if spec.look == "fence":
        _fence(rig, (w, d, h))
    elif spec.look == "table":
        rig.block("top", x, y, (h - min(0.05, h), h), rig.tint("wood"))
        for sx in (-1, 1):
            for sy in (-1, 1):
                px, py = sx * (w / 2 - 0.04), sy * (d / 2 - 0.04)
                rig.beam("leg", (px, py, 0), (px, py, h - 0.05), 0.05, "frame")
    elif spec.look == "door":
        rig.block("leaf", x, y, z, rig.tint("amber"))
        rig.box("pane", (0, 0, h + 0.001), (w * 0.6, d * 0.6, 0.004), "glass")
    elif spec.look == "machine":
        rig.block("housing", x, y, (min(0.08, h / 4), h), rig.tint("body"))
        rig.block(
            "plinth",
            (x[0] + 0.01, x[1] - 0.01),
            (y[0] + 0.01, y[1] - 0.01),
            (0, min(0.08, h / 4)),
            "dark",
        )
        band = (h * 0.86, h * 0.9)
        rig.block("band", (x[0] - 0.004, x[1] + 0.004), (y[0] - 0.004, y[1] + 0.004), band, "blue")
    else:
        rig.block("box", x, y, z, rig.tint("body_shade"))


def _fence(rig: Rig, size: Point) -> None:
    """Panes along the longer side, in yellow posts."""
    w, d, h = size
    along_x = w >= d
    length = max(w, d)
    panes = max(1, round(length / 1.2))
    step = length / panes
    turn = rig if along_x else rig.group("turned", (0, 0, 0), (0.0, 0.0, 0.70710678, 0.70710678))
    for k in range(panes + 1):
        x = -length / 2 + k * step
        turn.beam("post", (x, 0, 0), (x, 0, h), 0.05, "yellow")
        turn.box("foot", (x, 0, 0.006), (0.12, 0.12, 0.012), "frame")
    wires(turn, (-length / 2, length / 2), (0.12, h - 0.03))
    turn.block("mesh", (-length / 2, length / 2), (-0.003, 0.003), (0.12, h - 0.03), "fence")
    for z in (0.12, h * 0.55, h - 0.03):
        turn.beam("bar", (-length / 2, 0, z), (length / 2, 0, z), 0.022, "frame")
