"""Grippers: suction cups, or two fingers."""

from twin.spec.motion import Gripper
from viewer.scene.document import Point

from .plan import TOOL_M
from .rig import Rig

SMALL_M = 0.11
"""A part that is narrower is held by one cup."""


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
        inwards = (0.0, -side, 0.0)
        joint = rig.joint("slide", inwards, gain=stroke, pin="opened", inverted=True)
        finger = rig.group("finger", joint=joint)
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
