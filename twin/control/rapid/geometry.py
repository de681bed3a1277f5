"""RAPID's frames and ours: millimetres and quaternions on the one side, metres on the other."""

from math import asin, atan2, cos, degrees, hypot, pi, radians, sin
from typing import Any

from twin.plant.robot.placement import Placement

from .fault import Fault

Pos = tuple[float, float, float]
Orient = tuple[float, float, float, float]
Pose = tuple[Pos, Orient]
MM = 1000.0
OFF_UNIT = 0.1
"""By how much a quaternion's length may differ from 1."""


def unit(rot: Orient) -> Orient:
    """Return an orientation with length 1.

    Raises:
        Fault: it is no orientation.
    """
    length = hypot(*rot)
    if abs(length - 1.0) > OFF_UNIT:
        raise Fault("orient", found="[" + ",".join(f"{q:g}" for q in rot) + "]")
    return rot[0] / length, rot[1] / length, rot[2] / length, rot[3] / length


def placed(trans: Pos, rot: Orient) -> Placement:
    """Return a frame of a program, mm, as a placement, m."""
    return Placement(trans[0] / MM, trans[1] / MM, trans[2] / MM, *unit(rot)).normal()


def pose(frame: Pose) -> Placement:
    """Return a `pose`."""
    return placed(*frame)


def trans_of(at: Placement) -> Pos:
    """Return where a placement is, mm."""
    return float(at.x * MM), float(at.y * MM), float(at.z * MM)


def turn_of(at: Placement) -> Orient:
    """Return how a placement is turned."""
    return float(at.w), float(at.i), float(at.j), float(at.k)


def pose_of(at: Placement) -> Pose:
    """Return a placement as a `pose`."""
    return trans_of(at), turn_of(at)


def wobj_frame(wobj: Any) -> Placement:
    """Return the object's frame of a work object: user frame, then object frame."""
    return pose(wobj[3]).then(pose(wobj[4]))


def euler(rot: Orient) -> Pos:
    """Return the turns about z, then y, then x of an orientation, as (x, y, z) in degrees."""
    w, i, j, k = unit(rot)
    sine = max(-1.0, min(1.0, 2.0 * (w * j - i * k)))
    if abs(sine) > 1.0 - 1e-12:  # looking straight up or down: x and z turn about the same axis
        return 0.0, degrees(asin(sine)), degrees(2.0 * atan2(k, w)) % 360.0 if w or k else 0.0
    x = atan2(2.0 * (w * i + j * k), 1.0 - 2.0 * (i * i + j * j))
    z = atan2(2.0 * (w * k + i * j), 1.0 - 2.0 * (j * j + k * k))
    return degrees(x), degrees(asin(sine)), degrees(z)


def orient_zyx(z: float, y: float, x: float) -> Orient:
    """Return the orientation of turns about z, then the new y, then the new x, degrees."""
    a, b, c = (radians(angle) / 2.0 for angle in (z, y, x))
    ca, sa, cb, sb, cc, sc = cos(a), sin(a), cos(b), sin(b), cos(c), sin(c)
    return (
        ca * cb * cc + sa * sb * sc,
        ca * cb * sc - sa * sb * cc,
        ca * sb * cc + sa * cb * sc,
        sa * cb * cc - ca * sb * sc,
    )


def rel_tool(
    target: Any,
    dx: float,
    dy: float,
    dz: float,
    rx: float | None,
    ry: float | None,
    rz: float | None,
) -> Any:
    """Return a robtarget moved, and turned about x, y and z in this order, in the tool's frame."""
    here = placed(target[0], target[1])
    moved = Placement(dx / MM, dy / MM, dz / MM)
    for turn, axis in ((rx, 0), (ry, 1), (rz, 2)):
        if turn:
            angle = radians(turn) / 2.0
            vector = [0.0, 0.0, 0.0]
            vector[axis] = sin(angle)
            moved = moved.then(Placement(0.0, 0.0, 0.0, cos(angle), *vector))
    there = here.then(moved)
    return (trans_of(there), turn_of(there), target[2], target[3])


def joints_in(target: Any, kinds: tuple[str, ...]) -> tuple[float, ...]:
    """Return a jointtarget, degrees or mm, as joints, rad or m; a seventh axis is its eax_a."""
    axes = (*target[0], *target[1])
    return tuple(
        v / MM if kind == "slide" else radians(v) for v, kind in zip(axes, kinds, strict=False)
    )


def arm_externals(kinds: tuple[str, ...]) -> int:
    """Return how many of the external axes of a target are the arm's own."""
    return max(len(kinds) - 6, 0)


def joints_out(joints: tuple[float, ...], kinds: tuple[str, ...]) -> tuple[float, ...]:
    """Return joints, rad or m, as six axes of a robjoint, and what is left of them."""
    axes = [
        v * MM if kind == "slide" else v * 180.0 / pi for v, kind in zip(joints, kinds, strict=True)
    ]
    return tuple([float(v) for v in axes] + [0.0] * (6 - len(axes)))
