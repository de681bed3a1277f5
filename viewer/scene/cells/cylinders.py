"""What air drives beside belts and seats: slides, pushers, stoppers, diverters, clamps."""

import math

from twin.spec.motion import Belt, Clamp, Cylinder, Diverter, Pusher, Stopper
from viewer.scene.document import Point
from viewer.scene.maker import about_z

from .plan import DIRECTIONS, standing_free
from .rig import Rig, Z

ROD_M = 0.008
BARREL_M = 0.024
GAP_M = 0.02
"""From the face of a pusher that is home to the edge of its belt."""
RISE_M = 0.06
ARM_RAD = math.radians(45)


def cylinder(rig: Rig, spec: Cylinder) -> None:
    """A slide: a tube behind its place, a rod, and a plate that carries others."""
    ahead = DIRECTIONS[spec.direction]
    upright = ahead[2] != 0
    lift = rig.plan.tool_m(spec.id) if upright else 0.0
    side: Point = (0.0, 0.0, 0.0) if upright else (0.0, 0.0, -0.045)
    start = along(ahead, -0.03 - lift if ahead[2] < 0 else -0.03, side)
    back = along(ahead, -0.05 - lift - spec.stroke_m, side)
    tube(rig, start, back)
    moving = rig.moving(rig.joint("slide", ahead))
    tip = along(ahead, -lift, side)
    moving.rod("rod", tip, along(ahead, -0.06 - lift - spec.stroke_m, side), ROD_M, "chrome")
    for off in (-0.032, 0.032):
        shift = (side[0] + off, side[1], side[2]) if ahead[0] == 0 else (0.0, off, side[2])
        moving.rod(
            "guide", along(ahead, -lift, shift), along(ahead, -lift - spec.stroke_m, shift),
            0.006, "chrome",
        )  # fmt: skip
    plate = along(ahead, -lift - 0.006, side)
    size = tuple(0.012 if part else 0.09 for part in ahead)
    moving.box("plate", plate, (size[0], size[1], size[2]), rig.tint("profile"))
    out = along(ahead, -0.05 - lift, side)
    switches(rig, rig, out, along(back_to(ahead), 0.02 - 0.05, back))


def back_to(ahead: Point) -> Point:
    """Return the opposite direction."""
    return (-ahead[0], -ahead[1], -ahead[2])


def along(ahead: Point, way: float, start: Point = (0.0, 0.0, 0.0)) -> Point:
    """Return the point some way along a direction from another one."""
    return (start[0] + ahead[0] * way, start[1] + ahead[1] * way, start[2] + ahead[2] * way)


def pusher(rig: Rig, spec: Pusher) -> None:
    """A cylinder beside the belt; its plate stands upright over the belt's edge."""
    at = rig if standing_free(spec) else rig.beside(spec.belt, spec.along_m)
    width = rig.plan.width(spec.belt)
    reach = spec.reach_m or width + 0.05
    push = 1.0 if spec.side == "left" else -1.0
    edge = -push * (width / 2 + GAP_M + 0.0105)
    high = max(0.05, min(rig.plan.part[2] * 0.7, 0.12))
    z = 0.012 + high / 2
    back = edge - push * 0.05
    moving = at.group("moving", joint=rig.joint("slide", (0.0, push, 0.0)))
    moving.box("plate", (0, edge, z), (spec.plate_m, 0.012, high), rig.tint("chrome"))
    moving.box(
        "pad", (0, edge + push * 0.008, z), (spec.plate_m * 0.96, 0.005, high * 0.9), "rubber"
    )
    moving.rod("rod", (0, edge, z), (0, edge - push * (reach + 0.06), z), ROD_M, "chrome")
    spread = min(spec.plate_m * 0.35, 0.04)
    for x in (-spread, spread):
        moving.rod("guide", (x, edge, z), (x, edge - push * (reach + 0.05), z), 0.005, "chrome")
    far = back - push * (reach + 0.05)
    tube(at, (0, back, z), (0, far, z))
    at.box("head", (0, back, z), (0.13, 0.03, 0.07), "pneumatic")
    if rig.plan.grounded(spec.belt):
        for y in (back - push * 0.02, far + push * 0.03):
            rig.post_at(at, (0, y, z - BARREL_M), spec.belt)
    switches(rig, at, (0, back - push * 0.03, z), (0, far + push * 0.03, z))


def stopper(rig: Rig, spec: Stopper) -> None:
    """A blade that rises out of the belt, with its cylinder below."""
    at = rig if standing_free(spec) else rig.beside(spec.belt, spec.along_m)
    width = rig.plan.width(spec.belt)
    half = width * 0.3
    moving = at.group("moving", joint=rig.joint("slide", Z, gain=RISE_M))
    moving.box("blade", (0.006, 0, -0.035), (0.012, 2 * half, 0.066), rig.tint("amber"))
    for side in (-1, 1):
        moving.rod("pin", (0.006, side * half * 0.7, -0.068), (0.006, side * half * 0.7, -0.15),
                   ROD_M, "chrome")  # fmt: skip
    edge = width / 2 + 0.05
    at.block("frame", (-0.03, 0.042), (-half - 0.02, half + 0.02), (-0.19, -0.115), "pneumatic")
    at.rod("barrel", (0.006, 0, -0.17), (0.006, 0, -0.27), BARREL_M, "profile")
    at.block("valve", (-0.025, 0.037), (-edge - 0.03, -edge + 0.008), (-0.06, -0.005), "pneumatic")
    at.led("led_extended", (0.02, -edge - 0.011, 0.003), "extended", "yellow")
    at.led("led_retracted", (-0.008, -edge - 0.011, 0.003), "retracted", "green")


def diverter(rig: Rig, spec: Diverter) -> None:
    """An arm on a post upstream, along the belt's edge until it swings across."""
    at = rig if standing_free(spec) else rig.beside(spec.belt, spec.along_m)
    width = rig.plan.width(spec.belt)
    turn = 1.0 if spec.side == "left" else -1.0
    pivot = (-width / 2 - 0.03, -turn * (width / 2 + 0.01), 0.0)
    length = (width + 0.04) / math.sin(ARM_RAD)
    base = at.group("pivot", pivot)
    base.rod("bearing", (0, 0, -0.1), (0, 0, 0.01), 0.03, "pneumatic")
    moving = at.group(
        "moving", pivot, about_z(0.0), joint=rig.joint("turn", (0.0, 0.0, turn), gain=ARM_RAD)
    )
    moving.rod("post", (0, 0, 0.0), (0, 0, 0.1), 0.016, "chrome")
    moving.block("arm", (0, length), (-0.01, 0.01), (0.012, 0.085), rig.tint("amber"))
    moving.block("lining", (0.03, length), (turn * 0.01, turn * 0.015), (0.02, 0.075), "rubber")
    moving.rod("tip", (length, 0, 0.012), (length, 0, 0.085), 0.014, "rubber")
    switches(rig, base, (0.035, -turn * 0.03, 0.0), (-0.035, -turn * 0.03, 0.0))


def clamp(rig: Rig, spec: Clamp) -> None:
    """Two jaws that close on a part from both sides."""
    at = rig if standing_free(spec) else rig.beside(spec.holds, spec.along_m)
    part = rig.plan.part
    half = part[1] / 2
    stroke = 0.03
    on_belt = isinstance(rig.plan.bodies.get(spec.holds), Belt)
    outer = max(half + stroke + 0.05, rig.plan.width(spec.holds) / 2 + 0.05 if on_belt else 0.0)
    high = min(max(part[2] * 0.6, 0.035), 0.09)
    length = min(part[0] * 0.6, 0.12)
    for side in (-1.0, 1.0):
        joint = rig.joint("slide", (0.0, -side, 0.0), gain=stroke)
        jaw = at.group("jaw", joint=joint)
        face = side * (half + stroke)
        jaw.block(
            "face", (-length / 2, length / 2), (face, face + side * 0.014),
            (0.008, high + 0.008), rig.tint("steel"),
        )  # fmt: skip
        jaw.block(
            "grip", (-length / 2, length / 2), (face - side * 0.003, face), (0.012, high), "rubber"
        )
        jaw.rod(
            "rod", (0, face + side * 0.01, high / 2), (0, side * (outer + 0.02), high / 2),
            0.009, "chrome",
        )  # fmt: skip
        at.block(
            "cylinder", (-0.035, 0.035), (side * outer, side * (outer + 0.075)),
            (high / 2 - 0.035, high / 2 + 0.035), "pneumatic",
        )  # fmt: skip
        at.block(
            "foot", (-0.03, 0.03), (side * outer, side * (outer + 0.06)),
            (-0.1 if on_belt else 0.0, high / 2 - 0.035), "profile_dark",
        )  # fmt: skip
    rig.group("moving")
    switches(
        rig, at, (0.0, -outer - 0.02, high / 2 + 0.011), (0.0, -outer - 0.06, high / 2 + 0.011)
    )


def tube(rig: Rig, a: Point, b: Point) -> None:
    """Add a cylinder's tube with its covers."""
    rig.rod("barrel", a, b, BARREL_M, "profile")
    for end, other in ((a, b), (b, a)):
        x, y, z = (e + (o - e) * 0.04 for e, o in zip(end, other, strict=True))
        rig.box("cover", (x, y, z), (0.056, 0.056, 0.056), "pneumatic")


def switches(rig: Rig, at: Rig, out: Point, back: Point) -> None:
    """Add the switches of both ends on top of a tube, each with a lamp; else the valve's lamp."""
    pins = [pin for pin in ("extended", "retracted") if rig.light(pin, None) is not None]
    for pin in pins or ["extend"]:
        x, y, z = back if pin == "retracted" else out
        top = z + BARREL_M
        at.box("switch", (x, y, top + 0.004), (0.03, 0.03, 0.012), "rubber")
        colour = "yellow" if pins else "orange"
        at.led(f"led_{pin}", (x, y, top + 0.014), pin, colour, size=0.018)
