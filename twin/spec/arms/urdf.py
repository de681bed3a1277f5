"""Reading URDF: the chain from foot to flange, its limits and its shapes."""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt
from typing import Literal

from .description import ArmDescription, Bumper, Frame, Joint, Link, Part
from .geometry import Shapes
from .tree import Node, read_tree

KINDS: dict[str, Literal["turn", "slide", "fixed"]] = {
    "revolute": "turn",
    "continuous": "turn",
    "prismatic": "slide",
    "fixed": "fixed",
}
ENDLESS_RAD = 4.0 * pi
"""How far a joint without limits may turn to either side."""
TO_SPEED_S = 0.25
TO_ACCEL_S = 0.1
FEWEST, MOST = 4, 7


@dataclass(frozen=True)
class Hints:
    """What a URDF does not say of an arm; its own `<pilotline>` element comes before these."""

    flange: str = ""
    rest: tuple[float, ...] = ()
    payload_kg: float = 0.0


def read_urdf(
    text: str,
    *,
    arm_id: str,
    file: str,
    mesh: Callable[[str], str | None],
    hints: Hints = Hints(),
) -> ArmDescription:
    """Read an arm from URDF.

    Args:
        text: the URDF.
        arm_id: what the arm is called.
        file: name for messages.
        mesh: returns the absolute path of a mesh file by the name that stands in the URDF, or None.
        hints: what the text need not say.

    Raises:
        SpecError: it is no arm that can be used: what, where, and the remedy.
    """
    root = read_tree(text, file)
    own = root.one("pilotline") or Node(file, "pilotline", root.line, {})
    links = {node.text("name"): node for node in root.all("link")}
    joints = [_joint(node, own, links) for node in root.all("joint")]
    chain = _chain(root, links, joints, own.values.get("flange", "") or hints.flange)
    shapes = Shapes(root, own, mesh)
    moving = [joint for joint in chain if joint.kind != "fixed"]
    if not FEWEST <= len(moving) <= MOST:
        raise root.wrong("spec.arm.axes", count=len(moving), fewest=FEWEST, most=MOST)
    beside = _beside(chain, joints, links, root)
    names = [chain[0].parent, *(joint.child for joint in (*chain, *beside))]
    return ArmDescription(
        id=arm_id,
        links=tuple(_link(links[name], shapes) for name in names),
        joints=(*chain, *beside),
        foot=names[0],
        flange=chain[-1].child,
        rest=_rest(moving, own, hints),
        payload_kg=own.number("payload_kg", default=str(hints.payload_kg)),
        urdf=text,
    )


def _joint(node: Node, own: Node, links: dict[str, Node]) -> Joint:
    name, kind = node.text("name"), node.text("type")
    if kind not in KINDS:
        raise node.wrong("spec.arm.joint_kind", joint=name, found=kind, known=", ".join(KINDS))
    ends = []
    for tag in ("parent", "child"):
        end = node.one(tag)
        link = end.text("link") if end else ""
        if link not in links:
            raise (end or node).wrong("spec.arm.no_link", joint=name, end=tag, link=link or "–")
        ends.append(link)
    joint = Joint(name, KINDS[kind], ends[0], ends[1], frame(node))
    return joint if kind == "fixed" else _driven(joint, node, own, endless=kind == "continuous")


def _driven(joint: Joint, node: Node, own: Node, *, endless: bool) -> Joint:
    axis = node.one("axis")
    x, y, z = axis.numbers("xyz", count=3) if axis else (1.0, 0.0, 0.0)
    length = sqrt(x * x + y * y + z * z)
    if length < 1e-6:
        raise (axis or node).wrong("spec.arm.no_axis", joint=joint.name)
    limit = node.one("limit")
    if limit is None:
        raise node.wrong("spec.arm.no_limit", joint=joint.name)
    low, high = -ENDLESS_RAD, ENDLESS_RAD
    if not endless:
        low, high = limit.number("lower", default="0"), limit.number("upper", default="0")
        if low >= high:
            raise limit.wrong("spec.arm.no_room", joint=joint.name, low=low, high=high)
    speed = limit.number("velocity")
    tuned = next((n for n in own.all("axis") if n.values.get("joint") == joint.name), None)
    accel = tuned.number("acceleration", default=str(speed / TO_SPEED_S)) if tuned else 0.0
    accel = accel if tuned else speed / TO_SPEED_S
    jerk = tuned.number("jerk", default=str(accel / TO_ACCEL_S)) if tuned else accel / TO_ACCEL_S
    for what, value in (("velocity", speed), ("acceleration", accel), ("jerk", jerk)):
        if value <= 0.0:
            raise (tuned or limit).wrong(
                "spec.arm.not_positive", joint=joint.name, what=what, found=value
            )
    unit = (x / length, y / length, z / length)
    return joint._replace(axis=unit, low=low, high=high, speed=speed, accel=accel, jerk=jerk)


def frame(node: Node) -> Frame:
    """Return the `<origin>` of an element."""
    origin = node.one("origin")
    if origin is None:
        return Frame()
    x, y, z = origin.numbers("xyz", count=3, default="0 0 0")
    roll, pitch, yaw = origin.numbers("rpy", count=3, default="0 0 0")
    return Frame((x, y, z), (roll, pitch, yaw))


def _chain(root: Node, links: dict[str, Node], joints: list[Joint], flange: str) -> list[Joint]:
    """Return the joints from the foot to the flange."""
    above: dict[str, Joint] = {}
    for joint in joints:
        if joint.child in above or joint.child == joint.parent:
            raise root.wrong("spec.arm.two_parents", link=joint.child, joint=joint.name)
        above[joint.child] = joint
    if flange and flange not in links:
        raise root.wrong("spec.arm.no_flange", link=flange, links=", ".join(links))
    end = flange or _tip(root, joints)
    chain: list[Joint] = []
    while end in above:
        chain.append(above[end])
        end = above[end].parent
        if len(chain) > len(joints):
            raise root.wrong("spec.arm.ring", link=end)
    if not chain:
        raise root.wrong("spec.arm.no_chain")
    return chain[::-1]


def _tip(root: Node, joints: list[Joint]) -> str:
    """Return the last link behind the last joint that moves; there must be only one."""
    moved = {joint.child for joint in joints if joint.kind != "fixed"}
    if not moved:
        raise root.wrong("spec.arm.axes", count=0, fewest=FEWEST, most=MOST)
    parents = {joint.parent for joint in joints}
    last = []
    for link in moved:
        below, grows = {link}, True
        while grows:
            more = {j.child for j in joints if j.parent in below} - below
            below, grows = below | more, bool(more)
        if not (below - {link}) & moved:
            last.append((link, sorted(below - parents)))
    if len(last) != 1:
        ends = ", ".join(sorted(link for link, _ in last)) or "–"
        raise root.wrong("spec.arm.branches", ends=ends)
    ends_ = last[0][1]
    for usual in ("flange", "tool0"):
        if usual in ends_:
            return usual
    return ends_[0] if len(ends_) == 1 else last[0][0]


def _beside(
    chain: list[Joint], joints: list[Joint], links: dict[str, Node], root: Node
) -> list[Joint]:
    """Return the fixed joints of links that hang beside the chain and can be seen."""
    held = {chain[0].parent, *(joint.child for joint in chain)} - {chain[-1].child}
    found: list[Joint] = []
    chained = {joint.name for joint in chain}
    grows = True
    while grows:
        grows = False
        for joint in joints:
            if joint.name in chained or joint in found or joint.parent not in held:
                continue
            if joint.kind != "fixed":
                raise root.wrong("spec.arm.side_joint", joint=joint.name, flange=chain[-1].child)
            if links[joint.child].one("visual") is not None:
                found.append(joint)
                held.add(joint.child)
                grows = True
    return found


def _link(node: Node, shapes: Shapes) -> Link:
    name = node.text("name")
    parts = [
        Part(f"{name}_{number}", shape, frame(visual), *shapes.look(visual))
        for number, visual in enumerate(node.all("visual"), start=1)
        if (shape := shapes.shape(visual)) is not None
    ]
    bumpers = [Bumper(shapes.solid(n), frame(n)) for n in node.all("collision")]
    if not parts:  # whose meshes are not on this machine
        parts = [
            Part(f"{name}_{number}", bumper.shape, bumper.at)
            for number, bumper in enumerate(bumpers, start=1)
        ]
    return Link(name, tuple(parts), tuple(bumpers))


def _rest(moving: list[Joint], own: Node, hints: Hints) -> tuple[float, ...]:
    rest = own.numbers("rest") if "rest" in own.values else hints.rest
    if not rest:
        rest = tuple(min(max(0.0, joint.low), joint.high) for joint in moving)
    if len(rest) != len(moving):
        raise own.wrong("spec.arm.rest_count", count=len(rest), axes=len(moving))
    for joint, value in zip(moving, rest, strict=True):
        if not joint.low <= value <= joint.high:
            raise own.wrong("spec.arm.rest_beyond", joint=joint.name, value=value)
    return rest
