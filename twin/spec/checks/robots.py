"""What is wrong with the robots of a workcell: joints, signals, wires, external axes, belts."""

from collections.abc import Iterator
from math import degrees

from twin.spec import motion
from twin.spec.arms import describe
from twin.spec.document import Finding, Path
from twin.spec.errors import SpecError
from twin.spec.io import point_name
from twin.spec.pins import Direction, Pin

from .arms import check_arm
from .facts import unknown, wrong

Points = dict[str, tuple[motion.BodyBase, Pin]]

SYNC = "_sync"
"""After a belt's name: the wire to the sensor at which parts that a robot follows come in."""


def check_robots(cell: motion.Workcell, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the robots of a workcell."""
    points: Points = {
        point_name(body.id, pin): (body, pin) for body in cell.bodies for pin in body.pins()
    }
    driven: dict[str, str] = {}
    moved: dict[str, str] = {}
    for index, body in enumerate(cell.bodies):
        if isinstance(body, motion.Robot):
            at = (*path, "bodies", index)
            yield from _signals(at, body)
            yield from _wires(at, body, points, driven)
            yield from _external(at, body, cell, moved)
            yield from _tracks(at, body, cell, points)
            yield from check_arm((*at, "arm"), body.arm)
            yield from check_joints(at, body)


def _signals(path: Path, robot: motion.Robot) -> Iterator[Finding]:
    own = {signal.id for signal in (*robot.inputs, *robot.outputs)}
    fixed = {pin.name for pin in robot.pins()} - own
    bare = robot.model_copy(update={"inputs": (), "outputs": ()})
    fixed |= {pin.name for pin in bare.pins()}
    seen: set[str] = set()
    for field in ("inputs", "outputs"):
        for j, signal in enumerate(getattr(robot, field)):
            name = signal.id.casefold()
            if signal.id in fixed:
                yield wrong((*path, field, j), "robot_pin", name=signal.id, robot=robot.id)
            elif name in seen:
                yield wrong((*path, field, j), "robot_signal_twice", name=signal.id, robot=robot.id)
            seen.add(name)
    for name in robot.wires:
        if name.casefold() in seen:
            yield wrong(
                (*path, "wires", name), "robot_signal_twice", name=name, robot=robot.id, at_key=True
            )
        seen.add(name.casefold())


def _wires(
    path: Path,
    robot: motion.Robot,
    points: Points,
    driven: dict[str, str],
) -> Iterator[Finding]:
    own = {point_name(robot.id, pin) for pin in robot.pins()}
    for name, wired in robot.wires.items():
        at = (*path, "wires", name)
        if wired not in points or wired in own:
            yield unknown(at, "point", wired, [point for point in points if point not in own])
        elif points[wired][1].direction is Direction.OUTPUT:
            other = driven.setdefault(wired, f"{robot.id}.{name}")
            if other != f"{robot.id}.{name}":
                yield wrong(at, "robot_wire_twice", point=wired, other=other)


def _external(
    path: Path, robot: motion.Robot, cell: motion.Workcell, moved: dict[str, str]
) -> Iterator[Finding]:
    axes = {body.id: body for body in cell.bodies if isinstance(body, motion.Axis)}
    for j, name in enumerate(robot.external):
        at = (*path, "external", j)
        if name not in axes:
            yield unknown(at, "body", name, list(axes))
            continue
        other = moved.setdefault(name, robot.id)
        if other != robot.id or robot.external.index(name) != j:
            yield wrong(at, "robot_axis_twice", axis=name, other=other)


def _tracks(
    path: Path,
    robot: motion.Robot,
    cell: motion.Workcell,
    points: Points,
) -> Iterator[Finding]:
    belts = [body.id for body in cell.bodies if isinstance(body, motion.Belt)]
    for j, name in enumerate(robot.tracks):
        at = (*path, "tracks", j)
        if name not in belts:
            yield unknown(at, "body", name, belts)
            continue
        wired = points.get(robot.wires.get(f"{name}{SYNC}", ""))
        sensor = wired[0] if wired is not None else None
        if not isinstance(sensor, motion.Sensor) or sensor.sees != name:
            yield wrong(at, "robot_sync", belt=name, robot=robot.id, wire=f"{name}{SYNC}")


def check_joints(path: Path, robot: motion.Robot) -> Iterator[Finding]:
    """Yield what is wrong with the joints that a robot begins with; of an arm in a file nothing."""
    arm = robot.arm
    if isinstance(arm, motion.ArmFile) and arm.urdf is None:
        return  # told with the line's files
    try:
        joints = describe(arm).moving
    except SpecError:
        return  # told with the arm itself
    given = robot.starts_deg
    if given and len(given) != len(joints):
        yield wrong(
            (*path, "starts_deg"), "robot_joints", robot=robot.id, count=len(joints),
            found=len(given),
        )  # fmt: skip
        return
    for value, joint in zip(given, joints, strict=False):
        scale = degrees(1.0) if joint.kind == "turn" else 1.0
        low, high = round(joint.low * scale, 3), round(joint.high * scale, 3)
        if not low <= value <= high:
            yield wrong(
                (*path, "starts_deg"), "robot_joint_outside", joint=joint.name, at=value, low=low,
                high=high,
            )  # fmt: skip
    errors = robot.errors
    if errors is not None and len(errors.joints_deg) > len(joints):
        yield wrong(
            (*path, "errors", "joints_deg"), "robot_joints", robot=robot.id, count=len(joints),
            found=len(errors.joints_deg),
        )  # fmt: skip
