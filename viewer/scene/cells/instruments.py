"""What measures and identifies: scales, readers, cameras, testers.

Sensors have a module of their own.
"""

from twin.spec.motion import Belt, Reader, Scale, Tester, Vision

from .plan import standing_free
from .rig import Rig


def scale(rig: Rig, spec: Scale) -> None:
    """A plate below the part, and a display beside it."""
    at = rig if standing_free(spec) else rig.beside(spec.sees, spec.along_m)
    part, width = rig.plan.part, rig.plan.width(spec.sees)
    on_belt = isinstance(rig.plan.bodies.get(spec.sees), Belt)
    half = max(part[0], part[1]) / 2 + 0.03
    low = -0.13 if on_belt else -0.05
    at.block("cell", (-half, half), (-width / 2, width / 2), (low, low + 0.026), rig.tint("teal"))
    for sx in (-1, 1):
        at.rod("foot", (sx * half * 0.8, 0, low - 0.03), (sx * half * 0.8, 0, low), 0.02, "rubber")
    y = -(width / 2 + 0.11)
    at.beam("display_arm", (0, -width / 2, low + 0.012), (0, y, low + 0.012), 0.024, "profile_dark")
    at.beam("display_post", (0, y, low), (0, y, 0.03), 0.024, "profile_dark")
    at.box("display", (0, y - 0.01, 0.07), (0.14, 0.03, 0.08), "dark")
    at.box("display_screen", (-0.012, y - 0.027, 0.075), (0.095, 0.004, 0.045), "screen")
    at.box("display_line", (-0.012, y - 0.03, 0.07), (0.07, 0.003, 0.016), "screen_line")
    at.led("led_stable", (0.054, y - 0.028, 0.075), "stable", "green", size=0.02)


def reader(rig: Rig, spec: Reader) -> None:
    """A scanner on a bracket with a fan of light, or a flat antenna."""
    at = rig if standing_free(spec) else rig.beside(spec.sees, spec.along_m)
    part, width = rig.plan.part, rig.plan.width(spec.sees)
    edge = width / 2 + 0.09
    z = part[2] / 2 + 0.02
    at.beam("arm", (0, edge + 0.01, -0.08), (0, edge + 0.01, z), 0.022, "profile_dark")
    if spec.type == "rfid":
        at.box("antenna", (0, edge - 0.02, z), (0.13, 0.022, 0.1), rig.tint("plastic"))
        at.box("antenna_band", (0, edge - 0.032, z), (0.1, 0.003, 0.07), "drive")
        field = rig.light("trigger", "beam_blue")
        at.add("field", "sphere", (0, width * 0.22, z), (0.14, width * 0.5, 0.1), None, light=field)
    else:
        at.box("scanner", (0, edge - 0.01, z), (0.06, 0.05, 0.045), rig.tint("sensor"))
        at.box("window", (0, edge - 0.036, z), (0.044, 0.004, 0.026), "red")
        fan = rig.light("trigger", "beam_red")
        at.add("fan", "box", (0, edge / 2 - 0.02, z), (0.11, edge - 0.04, 0.003), None, light=fan)
    at.led("led_valid", (-0.018, edge - 0.01, z + 0.062), "valid", "green", size=0.02)
    at.led("led_failed", (0.018, edge - 0.01, z + 0.062), "failed", "red", size=0.02)


def vision(rig: Rig, spec: Vision) -> None:
    """A camera on a portal, with a ring of light that flashes while it looks."""
    at = rig if standing_free(spec) else rig.beside(spec.sees, spec.along_m)
    part, width = rig.plan.part, rig.plan.width(spec.sees)
    edge = width / 2 + 0.08
    high = part[2] + 0.42
    low = -0.09 if isinstance(rig.plan.bodies.get(spec.sees), Belt) else 0.0
    at.beam("post", (0, edge, low), (0, edge, high + 0.1), 0.034, "profile")
    at.beam("arm", (0, -0.02, high + 0.1), (0, edge, high + 0.1), 0.034, "profile")
    at.box("camera", (0, 0, high + 0.04), (0.06, 0.06, 0.1), rig.tint("sensor"))
    at.rod("lens", (0, 0, high - 0.05), (0, 0, high - 0.01), 0.024, "dark")
    at.add("ring", "ring", (0, 0, high - 0.07), (0.17, 0.17, 0.028), "body")
    flash = rig.light("ready", "sig_white", inverted=True)
    at.add("ring_light", "ring", (0, 0, high - 0.086), (0.16, 0.16, 0.008), "plastic", light=flash)
    cone = rig.light("ready", "beam_green", inverted=True)
    at.rod("view", (0, 0, part[2]), (0, 0, high - 0.09), 0.085, None, light=cone, shape="cone")
    at.led("led_ready", (0.0, -0.036, high + 0.06), "ready", "green", size=0.02)


def tester(rig: Rig, spec: Tester) -> None:
    """Two probes that touch the part from behind, and an instrument with a display beside them."""
    at = rig if standing_free(spec) else rig.beside(spec.sees, spec.along_m)
    part, width = rig.plan.part, rig.plan.width(spec.sees)
    edge = max(width, part[1]) / 2 + 0.05
    high = part[2] * 0.5
    for sx in (-1, 1):
        x = sx * part[0] * 0.25
        at.rod("probe", (x, part[1] / 2, high), (x, edge, high), 0.008, "brass")
        at.rod("cable", (x, edge, high), (x, edge + 0.05, high - 0.02), 0.012, "rubber")
    at.box("mount", (0, edge, high - 0.02), (part[0] * 0.7, 0.03, 0.05), "profile_dark")
    y, z = edge + 0.1, max(high + 0.02, 0.05)
    at.box("instrument", (0, y, z), (0.17, 0.1, 0.1), rig.tint("sensor"))
    at.box("display_screen", (-0.015, y - 0.052, z + 0.015), (0.11, 0.004, 0.045), "screen")
    at.box("display_line", (-0.015, y - 0.055, z + 0.015), (0.08, 0.003, 0.02), "screen_line")
    at.led("led_ready", (0.066, y - 0.052, z + 0.025), "ready", "yellow", size=0.016)
    at.led("led_passed", (0.066, y - 0.052, z - 0.005), "passed", "green", size=0.016)
