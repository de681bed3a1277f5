"""What people see of a robot: its state as plain data."""

from math import degrees
from typing import TYPE_CHECKING, Any

from twin.plant.robot.kept import told
from twin.plant.robot.order import Joints
from twin.plant.robot.placement import Placement
from twin.plant.robot.track import at, ends_at
from twin.spec.messages import Phrase

from .called import called, spoken

if TYPE_CHECKING:
    from .robot import Robot

LANGUAGES = ("en", "zh")
TRACE_POINTS = 60


def shown(robot: "Robot") -> dict[str, Any]:
    """Return how a robot is now.

    Lengths in m, angles in degrees; a placement is [x, y, z, w, i, j, k], a text {en, zh}.
    """
    drive, safety = robot.drive, robot.safety
    return {
        "id": robot.id,
        "arm": robot.arm.id,
        "time_s": robot.env.time_s,
        "mode": "auto" if safety.auto else "manual",
        "enabling": bool(robot.points["enabling"].value),
        "motors": safety.motors,
        "powered": robot.world.powered,
        "ready": safety.ready,
        "why_not": _text(robot, safety.hindrance()),
        "doing": drive.doing,
        "moving": robot.moves(robot.env.time_s),
        "interrupted": drive.broken is not None,
        "override": round(drive.rate * 100.0),
        "fault": _text(robot, told(safety.fault)) if safety.fault else None,
        **_places(robot),
        "nearest": _nearest(robot),
        "external": [
            {"id": axis.id, "value": axis.position(), "unit": "deg" if axis.rotary else "m"}
            for axis in robot.external.axes
        ],
        "signals": [
            {"name": name, "value": robot.wires.value(name), "writable": kind.writable}
            for name, kind in robot.wires.kinds.items()
        ],
        "belts": [
            {"id": name, "queue": len(queue), "bound": name in robot.follow.bound}
            for name, queue in robot.follow.queues.items()
        ],
    }


def _places(robot: "Robot") -> dict[str, Any]:
    """Return where its joints and its tool are, and where they go."""
    now = robot.env.time_s
    drive, pendant, arm = robot.drive, robot.pendant, robot.arm
    joints = drive.at(now)
    goal = tuple(path[-1].p for path in drive.track)
    tip = robot.mover.tip(pendant.tool)
    singular = arm.singularity(joints)
    return {
        "joints": [
            {
                "name": joint.name,
                "kind": joint.kind,
                "value": _shown(joint.kind, value),
                "low": _shown(joint.kind, joint.low),
                "high": _shown(joint.kind, joint.high),
                "speed": _shown(joint.kind, joint.speed),
            }
            for joint, value in zip(arm.joints, joints, strict=True)
        ],
        "goal": [_shown(j.kind, q) for j, q in zip(arm.joints, goal, strict=True)],
        "ghost": list(goal),
        "ends_s": ends_at(drive.track),
        "tool": pendant.tool.name,
        "wobj": pendant.wobj,
        "tip": list(tip),
        "tip_in_wobj": list(pendant.place().seen(tip)),
        "flange": list(robot.flange(now)),
        "configuration": list(arm.configuration(joints)),
        "singularity": None if singular is None else list(singular),
    }


def _nearest(robot: "Robot") -> dict[str, Any] | None:
    near = robot.guard.nearest()
    if near is None:
        return None
    return {
        "distance_m": near.distance_m,
        "mine": near.mine,
        "other": near.other,
        "mine_text": _named(robot, near.mine),
        "other_text": _named(robot, near.other),
        "point": list(near.point),
        "other_point": list(near.other_point),
    }


def ahead(robot: "Robot", *, points: int = TRACE_POINTS) -> list[list[float]]:
    """Return places of the tool's point along the rest of its present movement, in the workcell."""
    now = robot.env.time_s
    ends_s = max(ends_at(robot.drive.track), now)
    tip = robot.pendant.tool.tip
    found = []
    for number in range(points + 1):
        time_s = now + (ends_s - now) * number / points
        joints: Joints = at(robot.drive.track, time_s)
        place: Placement = robot.foot(time_s).then(robot.arm.flange(joints)).then(tip)
        found.append(list(place.place))
    return found


def _shown(kind: str, value: float) -> float:
    return degrees(value) if kind == "turn" else value


def _text(robot: "Robot", why: Phrase | None) -> dict[str, str] | None:
    return None if why is None else _both(spoken(robot.cell, why))


def _named(robot: "Robot", name: str) -> dict[str, str]:
    found = called(robot.cell, name)
    return dict.fromkeys(LANGUAGES, found) if isinstance(found, str) else _both(found)


def _both(why: Phrase) -> dict[str, str]:
    return {language: why.text(language) for language in LANGUAGES}
