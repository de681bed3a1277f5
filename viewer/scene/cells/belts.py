"""Belts, roller tables and chutes."""

import math

from twin.spec.motion import Belt, Chute
from viewer.scene.maker import ALONG_Y, about_y
from viewer.scene.shapes import chevrons, rollers

from .rig import Rig, X, Z

DRUM_M = 0.05
FRAME_M = 0.036
DEEP_M = 0.1
ROLLER_PITCH_M = 0.085
CHEVRON_PITCH_M = 0.22
LEG_EVERY_M = 1.3


def belt(rig: Rig, spec: Belt) -> None:
    """A belt or rollers between two side frames, on legs, with its motor below."""
    length, width = spec.length_m, spec.width_m
    if spec.look == "rollers":
        _rollers(rig, length, width)
    else:
        _band(rig, length, width)
    _frames(rig, length, width)
    _motor(rig, length, width)
    if not rig.plan.carried(spec):
        _legs(rig, length, width, (0.0, 0.0))


def _band(rig: Rig, length: float, width: float) -> None:
    inner = width - 0.012
    rig.block("band", (0, length), (-inner / 2, inner / 2), (-0.006, -0.0005), "belt")
    rig.block(
        "return", (0.03, length - 0.03), (-inner / 2, inner / 2), (-DEEP_M + 0.004, -0.094), "belt"
    )
    rig.block("bed", (0.05, length - 0.05), (-inner / 2, inner / 2), (-0.03, -0.006), "frame")
    for x in (0.0, length):
        inwards = DRUM_M if x == 0.0 else -DRUM_M
        rig.add(
            "drum",
            "cylinder",
            (x + inwards, 0, -DRUM_M - 0.001),
            (2 * DRUM_M, 2 * DRUM_M, inner),
            "belt",
            rotation=ALONG_Y,
        )
    shape, pitch = chevrons(length, CHEVRON_PITCH_M)
    # The row is one pitch short, so that it fills the belt whichever way it has slid.
    marked = inner * 0.62
    rig.add(
        "marks",
        shape,
        (length / 2, 0, 0.0),
        (length, marked, 0.002),
        "belt_mark",
        joint=rig.joint("slide", X, wrap=pitch),
    )


def _rollers(rig: Rig, length: float, width: float) -> None:
    inner = width - 0.012
    shape = rollers(length, ROLLER_PITCH_M)
    count = int(shape.rpartition("_")[2])
    pitch = length / count
    radius = 0.41 * pitch
    rig.add("rollers", shape, (length / 2, 0, -radius / 2), (length, inner, radius), "steel")
    rig.block("bed", (0.02, length - 0.02), (-inner / 2, inner / 2), (-0.09, -0.075), "frame")
    for k in range(count):
        rig.add(
            "mark",
            "ribs",
            ((k + 0.5) * pitch, 0, -radius),
            (2.04 * radius, 2.04 * radius, inner * 0.985),
            "drive",
            rotation=ALONG_Y,
            joint=rig.joint("turn", Z, gain=1 / radius),
        )


def _frames(rig: Rig, length: float, width: float) -> None:
    for side in (-1, 1):
        y = side * (width / 2 + FRAME_M / 2)
        rig.block(
            "side", (-0.01, length + 0.01), (y - FRAME_M / 2, y + FRAME_M / 2), (-DEEP_M, 0.006),
            "profile",
        )  # fmt: skip
        outer = side * (width / 2 + FRAME_M)
        rig.block("groove", (0.0, length), (outer - 0.002, outer + 0.002), (-0.06, -0.045), "frame")


def _motor(rig: Rig, length: float, width: float) -> None:
    """Under the far end, sticking out on the right; its hub turns with the belt."""
    y = -(width / 2 + FRAME_M)
    x = length - DRUM_M
    rig.block("gearbox", (x - 0.06, x + 0.06), (y - 0.1, y - 0.004), (-DEEP_M - 0.05, 0.0), "drive")
    rig.rod("motor", (x - 0.06, y - 0.052, -0.072), (x - 0.27, y - 0.052, -0.072), 0.048, "drive")
    rig.rod("fan", (x - 0.27, y - 0.052, -0.072), (x - 0.3, y - 0.052, -0.072), 0.052, "frame")
    rig.block("terminals", (x - 0.2, x - 0.12), (y - 0.09, y - 0.015), (-0.03, 0.012), "frame")
    rig.led("running", (x - 0.16, y - 0.052, 0.018), "run", "green", size=0.026)
    hub = (x, y - 0.104, -DRUM_M)
    rig.rod("hub", (x, y - 0.1, -DRUM_M), (x, y - 0.108, -DRUM_M), 0.036, "frame")
    rig.add(
        "hub_mark",
        "ribs",
        hub,
        (0.066, 0.066, 0.012),
        "amber",
        rotation=ALONG_Y,
        joint=rig.joint("turn", Z, gain=1 / DRUM_M),
    )


def _legs(rig: Rig, length: float, width: float, drop: tuple[float, float]) -> None:
    """Pairs of legs from the floor; `drop` is how much lower the frame is at start and end."""
    floor = -rig.plan.height(rig.plan.bodies[rig.body])
    if -DEEP_M - max(drop) - floor < 0.08:
        return
    pairs = max(2, math.ceil(length / LEG_EVERY_M) + 1) if length > 0.5 else 1
    inset = min(0.14, length / 4)
    for k in range(pairs):
        share = k / (pairs - 1) if pairs > 1 else 0.5
        x = inset + (length - 2 * inset) * share
        top = -DEEP_M - (drop[0] + (drop[1] - drop[0]) * x / length)
        for side in (-1, 1):
            y = side * (width / 2 + FRAME_M / 2)
            rig.beam("leg", (x, y, floor), (x, y, top), 0.042, "profile_dark")
            rig.box("foot", (x, y, floor + 0.006), (0.1, 0.07, 0.012), "frame")
        if top - floor > 0.4:
            rig.beam(
                "brace", (x, -width / 2, floor + 0.22), (x, width / 2, floor + 0.22), 0.036,
                "profile_dark",
            )  # fmt: skip


def chute(rig: Rig, spec: Chute) -> None:
    """A sheet of steel between two rims, going down to its end."""
    length, width, drop = spec.length_m, spec.width_m, spec.drop_m
    slope = math.atan2(drop, length)
    long = math.hypot(length, drop)
    turn = about_y(slope)
    middle = (length / 2, 0.0, -drop / 2)

    def shifted(y: float, above: float) -> tuple[float, float, float]:
        return (
            middle[0] + math.sin(slope) * above,
            y,
            middle[2] + math.cos(slope) * above,
        )

    rig.add("sheet", "box", shifted(0, -0.005), (long, width, 0.008), "steel", rotation=turn)
    for side in (-1, 1):
        at = shifted(side * (width / 2 + 0.006), 0.012)
        rig.add("rim", "box", at, (long, 0.012, 0.05), "profile", rotation=turn)
        for lane in (0.0, 0.5):
            rib = shifted(side * width * (0.16 + lane / 3), 0.0)
            rig.add("rib", "box", rib, (long, 0.012, 0.004), "chrome", rotation=turn)
    stop = (length, 0.0, -drop + 0.014)
    rig.box("stop", stop, (0.012, width + 0.024, 0.055), "amber")
    if not rig.plan.carried(spec):
        _legs(rig, length, width, (-0.07, drop - 0.07))
