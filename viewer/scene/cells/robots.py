"""Robot arms: the links of a description, turned by the joints, with what they stand on."""

import math
import re
from collections.abc import Iterator
from functools import lru_cache

from twin.spec.arms import ArmDescription, Frame, Part, describe
from twin.spec.arms import description as arms
from twin.spec.motion import Gripper, Robot
from viewer.scene import stock
from viewer.scene.document import Joint, Material, Point, Quaternion
from viewer.scene.facets import Mesh, hulled, loaded, revolved

from .rig import Rig

OVER: Quaternion = (1.0, 0.0, 0.0, 0.0)
"""What stands on a flange has its z against the flange's."""
GLOSS = {"paint": 0.42, "metal": 0.75, "rubber": 0.05}
GREY = "#d5dadf"
AXES = (("x", (1.0, 0.0, 0.0)), ("y", (0.0, 1.0, 0.0)), ("z", (0.0, 0.0, 1.0)))
AXIS_M = 0.11
ROUND = 9
"""Half a ball is so many edges."""
BAND_M = 0.008


def robot(rig: Rig, spec: Robot) -> None:
    """An arm on its pedestal; its flange carries what stands on it."""
    arm = describe(spec.arm)
    foot = _links(rig, spec, arm)
    wide = _reach(arm.link(arm.foot))
    _status(rig, wide)
    if spec.pedestal_m > 0.0:
        _pedestal(rig, spec.pedestal_m, wide)
    flange = foot[arm.flange]
    flange.group("moving", rotation=OVER)
    _tool_frame(rig, spec, flange)


def _links(rig: Rig, spec: Robot, arm: ArmDescription) -> dict[str, Rig]:
    """Add each link below the one that it hangs on, and return what adds nodes to them."""
    starts = _starts(spec, arm)
    numbers = {joint.name: k for k, joint in enumerate(arm.moving, 1)}
    found = {arm.foot: rig.group(node_name(arm.foot))}
    for hung in _parents_first(arm):
        joint = None
        if hung.name in numbers:
            number = numbers[hung.name]
            name = f"{rig.plan.spec.id}/{spec.id}/j{number}"
            joint = Joint(name, hung.kind, hung.axis, rest=starts[number - 1])
        found[hung.child] = rig.group(
            node_name(hung.child),
            hung.at.xyz,
            _turn(hung.at),
            joint=joint,
            parent=found[hung.parent].root,
        )
    for link in arm.links:
        for part in link.parts:
            _part(found[link.name], part, spec.colour or GREY)
    return found


def _parents_first(arm: ArmDescription) -> Iterator[arms.Joint]:
    known, left = {arm.foot}, list(arm.joints)
    while left:
        ready = [joint for joint in left if joint.parent in known]
        if not ready:
            return
        yield from ready
        known |= {joint.child for joint in ready}
        left = [joint for joint in left if joint not in ready]


def _starts(spec: Robot, arm: ArmDescription) -> list[float]:
    """Return where the joints are before anybody says it, rad or m."""
    starts = list(arm.rest)
    for k, (joint, value) in enumerate(zip(arm.moving, spec.starts_deg, strict=False)):
        starts[k] = math.radians(value) if joint.kind == "turn" else value
    return starts


def node_name(link: str) -> str:
    """Return what a link's node is called, behind the robot's own name."""
    name = re.sub(r"\W", "_", link)
    return f"link_{name}" if name in {"moving", "tool"} else name


def _turn(frame: Frame) -> Quaternion:
    w, x, y, z = frame.turn
    return (x, y, z, w)


# ---- shapes


def _part(rig: Rig, part: Part, otherwise: str) -> None:
    for k, (mesh, colour) in enumerate(_meshes(part.shape), 1):
        look = part.colour or colour or otherwise
        material = f"arm_{part.finish}_{look.removeprefix('#').lower()}"
        rig.plan.materials.setdefault(material, Material(look, gloss=GLOSS[part.finish]))
        turn = _turn(part.at)
        x, y, z = _rotated(turn, mesh.at)
        at = (part.at.xyz[0] + x, part.at.xyz[1] + y, part.at.xyz[2] + z)
        name = f"{rig.root.rpartition('__')[2]}_{node_name(part.name) or 'part'}"
        name += f"_m{k}" if k > 1 else ""
        rig.add(name, mesh.shape, at, mesh.size, material, rotation=turn)


@lru_cache(maxsize=512)
def _meshes(shape: arms.Shape) -> tuple[tuple[stock.Made, str], ...]:
    """Return what a shape is drawn as, each with a colour where a file says it."""
    if isinstance(shape, arms.Box):
        return ((stock.Made("box", (0.0, 0.0, 0.0), shape.size), ""),)
    if isinstance(shape, arms.MeshFile):
        return tuple((stock.keep(*part.mesh), part.colour) for part in loaded(*shape))
    return ((stock.keep(*_own(shape)), ""),)


def _own(shape: arms.Cylinder | arms.Sphere | arms.Capsule | arms.Revolve | arms.Hull) -> Mesh:
    if isinstance(shape, arms.Hull):
        return hulled(shape.points)
    if isinstance(shape, arms.Revolve):
        return revolved(shape.profile)
    r = shape.radius
    if isinstance(shape, arms.Cylinder):
        return revolved([(r, -shape.length / 2.0), (r, shape.length / 2.0)])
    half = shape.length / 2.0 if isinstance(shape, arms.Capsule) else 0.0
    ball = [(r * math.cos(a), r * math.sin(a)) for a in _quarter()]
    lower = [(x, -half - z) for x, z in reversed(ball)]
    upper = [(x, half + z) for x, z in ball]
    return revolved([*lower, *(upper if half else upper[1:])])


def _quarter() -> list[float]:
    return [math.pi / 2.0 * k / ROUND for k in range(ROUND + 1)]


def _rotated(turn: Quaternion, point: Point) -> Point:
    x, y, z, w = turn
    a, b, c = point
    p, q, r = y * c - z * b, z * a - x * c, x * b - y * a
    return (
        a + 2.0 * (w * p + y * r - z * q),
        b + 2.0 * (w * q + z * p - x * r),
        c + 2.0 * (w * r + x * q - y * p),
    )


# ---- what is around the arm


def _reach(link: arms.Link) -> float:
    """Return how far a foot reaches from its axis, m."""
    reach = 0.06
    for part in link.parts:
        for mesh, _ in _meshes(part.shape):
            x, y, _ = part.at.xyz
            low_x, low_y = (abs(x + mesh.at[0]), abs(y + mesh.at[1]))
            reach = max(reach, low_x + mesh.size[0] / 2.0, low_y + mesh.size[1] / 2.0)
    return min(reach, 0.2)


def _status(rig: Rig, wide: float) -> None:
    """A mounting plate with a band of light: green while it runs, red when it has stopped."""
    size = (2.0 * wide + 0.06, 2.0 * wide + 0.06, 0.012)
    rig.add("plate", "cylinder", (0.0, 0.0, -0.006), size, "steel")
    for name, pin, colour in (("runs", "running", "green"), ("fault", "fault", "red")):
        light = rig.light(pin, f"sig_{colour}")
        grown = 0.066 if name == "fault" else 0.064
        band = (2.0 * wide + grown, 2.0 * wide + grown, BAND_M)
        dark = "body_shade" if name == "runs" else None
        if light is not None:
            rig.add(f"band_{name}", "cylinder", (0, 0, -0.006), band, dark, light=light)


def _pedestal(rig: Rig, height_m: float, wide: float) -> None:
    foot = wide + 0.1
    top, low = -0.012, -height_m
    profile = [
        (wide + 0.05, low + 0.02),
        (wide + 0.02, low + 0.05),
        (wide - 0.005, low + 0.12),
        (wide - 0.005, top - 0.08),
        (wide + 0.025, top - 0.02),
        (wide + 0.025, top),
    ]
    rig.block("pedestal_foot", (-foot, foot), (-foot, foot), (low, low + 0.02), "frame")
    if height_m > 0.3:
        column = stock.keep(*revolved(profile))
        rig.add("pedestal", column.shape, column.at, column.size, "frame")
        band = (2.0 * wide - 0.004, 2.0 * wide - 0.004, 0.03)
        rig.add("pedestal_band", "cylinder", (0.0, 0.0, top - 0.13), band, "yellow")
    else:
        half = wide + 0.03
        rig.block("pedestal", (-half, half), (-half, half), (low + 0.02, top), "frame")
    for x in (-1.0, 1.0):
        for y in (-1.0, 1.0):
            at = (x * (foot - 0.03), y * (foot - 0.03), low + 0.026)
            rig.add("bolt", "cylinder", at, (0.022, 0.022, 0.012), "steel")


def _tool_frame(rig: Rig, spec: Robot, flange: Rig) -> None:
    """The axes of the tool's frame: drawn where somebody asks for them."""
    held = next((b for b in rig.plan.riders(spec.id) if isinstance(b, Gripper)), None)
    x, y, z = held.at_m if held is not None else (0.0, 0.0, 0.0)
    tool = flange.group("tool", (x, -y, -z))
    for name, axis in AXES:
        tip = (axis[0] * AXIS_M, axis[1] * AXIS_M, axis[2] * AXIS_M)
        tool.axis(f"tool_{name}", tip, f"axis_{name}")
