"""Jogging: straight on, or round about the tool's point, as far as the arm goes.

How far that is, is found beforehand by steps along the way: up to where no joints are found, a
joint is at its limit, or a joint would have to be faster than it can.
"""

from collections.abc import Callable
from math import cos, sin
from typing import TYPE_CHECKING

from twin.spec.messages import Phrase, phrase

from .limits import shown
from .moves import Plan, plan
from .order import Joints, Move, MoveRefused, Tool
from .placement import Placement

if TYPE_CHECKING:
    from .arm import Arm

STEP_M, MOST_M = 0.02, 2.5
STEP_RAD, MOST_RAD = 0.04, 3.0
FEWER = 0.5
LEAST = 1e-4
EDGE_RAD = 1e-3
"""So far before the limit of an axis a jog ends."""


def jog(
    arm: "Arm",
    foot: Placement,
    now_s: float,
    joints: Joints,
    *,
    frame: Placement,
    tool: Tool,
    axis: int,
    way: int,
    speed_m_s: float,
    turn_rad_s: float,
    limit_m_s: float | None = None,
    override: float = 1.0,
) -> tuple[Plan, Phrase]:
    """Return the movement to the end of what is possible, and why it ends there.

    Args:
        arm: which moves.
        foot: of the arm, in the workcell.
        now_s: when it begins.
        joints: where it stands.
        frame: along whose axes it goes, in the workcell; where that is does not count.
        tool: whose point goes, or stays when it turns.
        axis: 0 to 2: along x, y, z; 3 to 5: about them.
        way: 1 or -1.
        speed_m_s: of the point.
        turn_rad_s: of the tool.
        limit_m_s: as of `plan`.
        override: as of `plan`.
    """
    begin = foot.then(arm.flange(joints)).then(tool.tip)
    turns = axis > 2
    unit = frame.turned([float(k == axis % 3) for k in range(3)])

    def goal(far: float) -> Placement:
        if turns:
            half = way * far / 2.0
            about = Placement(0.0, 0.0, 0.0, cos(half), *(sin(half) * u for u in unit))
            turned = about.then(begin._replace(x=0.0, y=0.0, z=0.0))
            return turned._replace(x=begin.x, y=begin.y, z=begin.z)
        return begin._replace(
            x=begin.x + way * far * unit[0],
            y=begin.y + way * far * unit[1],
            z=begin.z + way * far * unit[2],
        )

    speed = turn_rad_s if turns else min(speed_m_s, limit_m_s or speed_m_s)
    far, why = _reach(arm, foot, joints, goal, tool, speed * override, turns=turns)
    move = Move("linear", tool=tool, speed_m_s=speed_m_s, turn_rad_s=turn_rad_s)
    while far > LEAST:
        try:
            found = plan(
                arm, foot, now_s, joints, move._replace(target=goal(far)),
                override=override, limit_m_s=limit_m_s,
            )  # fmt: skip
        except MoveRefused as refused:
            far, why = far * FEWER, refused.phrase
            continue
        return found, why
    return plan(arm, foot, now_s, joints, Move("axes", axes=joints)), why


def _reach(
    arm: "Arm",
    foot: Placement,
    joints: Joints,
    goal: Callable[[float], Placement],
    tool: Tool,
    speed: float,
    *,
    turns: bool,
) -> tuple[float, Phrase]:
    """Return how far a jog can go, m or rad, and why no further."""
    back = tool.tip.inverse()
    step, most = (STEP_RAD, MOST_RAD) if turns else (STEP_M, MOST_M)
    far, stand = 0.0, joints
    why = phrase("robot.jog_far")
    while far < most and step > LEAST:
        flange = foot.seen(goal(far + step)).then(back)
        found = arm.follow(flange, stand)
        problem = _problem(arm, flange, stand, found, step / max(speed, 1e-6))
        if problem is None:
            assert found is not None
            far, stand = far + step, found
        else:
            why, most, step = problem, far + step, step / 2.0
    return far, why


def _problem(
    arm: "Arm", flange: Placement, stand: Joints, found: Joints | None, lasts_s: float
) -> Phrase | None:
    if found is None:
        if arm.nearest(flange, stand) is None:
            return arm.trouble(flange, stand)
        return phrase("robot.jog_shape")
    for index, (joint, before, after) in enumerate(zip(arm.joints, stand, found, strict=True)):
        if abs(after - before) > 0.9 * joint.speed * lasts_s:
            near = arm.singularity(found)
            if near is None:
                return phrase("robot.jog_fast", axis=index + 1)
            return phrase("robot.jog_singular", axis=index + 1, near=phrase(f"arm.{near[0]}"))
        limit = joint.high if after > before else joint.low
        if abs(limit - after) < EDGE_RAD and abs(after - before) > 1e-9:
            return phrase("robot.jog_axis_limit", axis=index + 1, limit=shown(joint.kind, limit))
    return None
