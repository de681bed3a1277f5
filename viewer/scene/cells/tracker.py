"""What a laser tracker looks like: a tripod with a head."""

import math

from twin.spec.motion import Tracker

from .rig import Rig

HIGH_M = 1.1


def tracker(rig: Rig, spec: Tracker) -> None:
    """Three legs on the floor, a column, and a round head with its lens towards +x."""
    low = -spec.at_m[2]
    neck = low + HIGH_M
    for k in range(3):
        angle = 2.0 * math.pi * (k + 0.5) / 3.0
        foot = (0.38 * math.cos(angle), 0.38 * math.sin(angle), low + 0.02)
        rig.rod("leg", foot, (0.0, 0.0, neck - 0.25), 0.035, "dark")
        rig.rod("pad", (foot[0], foot[1], low), foot, 0.07, "rubber")
    rig.rod("column", (0.0, 0.0, neck - 0.45), (0.0, 0.0, neck), 0.08, "profile")
    rig.rod("plate", (0.0, 0.0, neck), (0.0, 0.0, neck + 0.03), 0.2, "profile_dark")
    for sy in (-1.0, 1.0):
        rig.box("fork", (0.0, sy * 0.105, neck + 0.16), (0.12, 0.035, 0.26), rig.tint("sensor"))
    rig.rod("head", (-0.08, 0.0, neck + 0.2), (0.08, 0.0, neck + 0.2), 0.16, rig.tint("sensor"))
    rig.rod("lens", (0.08, 0.0, neck + 0.2), (0.095, 0.0, neck + 0.2), 0.07, "dark")
    rig.led("led_ready", (0.06, -0.126, neck + 0.06), "ready", "green", size=0.018)
