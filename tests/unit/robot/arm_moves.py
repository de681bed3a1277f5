"""What the tests of movements share: arms, targets about them, and looks at a track's pieces."""

from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

pytest.importorskip("pinocchio")
pytest.importorskip("ruckig")

from twin.plant.robot.arm import Arm, load_arm
from twin.plant.robot.moves import Plan
from twin.plant.robot.order import Joints, Move, Tool, Track
from twin.plant.robot.placement import Placement
from twin.plant.robot.track import at, extremes

Array = NDArray[np.float64]

FOOT = Placement(1.0, 2.0, 0.5, 0.9, 0.0, 0.0, 0.43588989435406735).normal()
TOOL = Tool("gripper", Placement(0.02, 0.0, 0.12, 0.9238795325112867, 0.0, 0.0, 0.3826834323650898))
NOW = 7.25
few = settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
metres = st.floats(-0.28, 0.28)
angles = st.floats(-0.6, 0.6)


@st.composite
def offsets(draw: st.DrawFn) -> Placement:
    """A target as seen from the tool: some way off, a little turned."""
    x, y, z = draw(metres), draw(metres), draw(metres)
    turn = np.array([draw(angles), draw(angles), draw(angles)]) / 2.0
    return Placement(x, y, z, 1.0, *turn.tolist()).normal()


def stand(arm: Arm) -> Joints:
    """A posture with room in all directions."""
    if arm.id == "six":
        return (0.2, 0.3, -0.5, 0.3, 1.3, 0.4)
    if arm.id == "scara":
        return (-0.5, 1.2, 0.08, 0.3)
    return arm.rest


def tip(arm: Arm, q: Joints, tool: Tool = TOOL) -> Placement:
    return FOOT.then(arm.flange(q)).then(tool.tip)


def target(arm: Arm, q: Joints, offset: Placement) -> Placement:
    if arm.id == "scara":
        offset = Placement(
            offset.x, offset.y, offset.z / 4.0, offset.w, 0.0, 0.0, offset.k
        ).normal()
    return tip(arm, q).then(offset)


def tips(arm: Arm, track: Track, begins_s: float, ends_s: float, count: int = 400) -> Array:
    """(count, 3) where the tool's point is, by the arm's own kinematics."""
    times = np.linspace(begins_s, ends_s, count)
    return np.array([tip(arm, at(track, float(t))).place for t in times])


def within(arm: Arm, track: Track) -> bool:
    """Whether all limits hold, by the exact extremes."""
    return all(
        joint.low - 1e-9 <= found.low
        and found.high <= joint.high + 1e-9
        and found.speed <= joint.speed * (1.0 + 1e-8)
        and found.accel <= joint.accel * (1.0 + 1e-8)
        for joint, found in zip(arm.joints, extremes(track), strict=True)
    )


def jumps(track: Track) -> list[tuple[float, float, float]]:
    """Of each joint the greatest jumps of place, speed and acceleration between pieces."""
    found = []
    for path in track:
        worst = [0.0, 0.0, 0.0]
        for one, two in pairwise(path):
            dt = two.t0 - one.t0
            state = (
                one.at(two.t0),
                one.v + dt * (one.a + dt * one.j / 2.0),
                one.a + dt * one.j,
            )
            for k, (mine, its) in enumerate(zip(state, (two.p, two.v, two.a), strict=True)):
                worst[k] = max(worst[k], abs(mine - its))
        found.append((worst[0], worst[1], worst[2]))
    return found


def smooth(arm: Arm, track: Track, part: float = 0.05) -> bool:
    """Whether place and speed are continuous, and the acceleration but for a small part of it."""
    same = all([piece.t0 for piece in path] == [piece.t0 for piece in track[0]] for path in track)
    rests = all(path[-1].v == path[-1].a == path[-1].j == 0.0 for path in track)
    even = all(
        place < 1e-9 and speed < 1e-7 and accel < part * joint.accel
        for joint, (place, speed, accel) in zip(arm.joints, jumps(track), strict=True)
    )
    return same and rests and even


def off_line(places: Array, start: Placement, end: Placement) -> float:
    """How far points are off the straight line between two placements, at most, m."""
    first, way = np.array(start.place), np.array(end.place) - np.array(start.place)
    length = float(np.linalg.norm(way))
    if length < 1e-9:
        return float(np.abs(places - first).max())
    from_first = places - first
    beside = from_first - np.outer(from_first @ way / length**2, way)
    return float(np.sqrt(np.square(beside).sum(axis=1)).max())


def off_path(arm: Arm, nominal: Track, track: Track, count: int = 120) -> float:
    """How far the tool's point is off the path of another track, at most, m."""
    path = tips(arm, nominal, nominal[0][0].t0, nominal[0][-1].t0, 3000)
    here = tips(arm, track, track[0][0].t0, track[0][-1].t0, count)
    worst = 0.0
    for point in here:
        nearest = int(np.argmin(np.square(path - point).sum(axis=1)))
        found = inf
        for one in (nearest - 1, nearest):
            a, b = path[max(one, 0)], path[min(one + 1, len(path) - 1)]
            way = b - a
            square = float(way @ way)
            share = 0.0 if square == 0.0 else min(max(float((point - a) @ way) / square, 0.0), 1.0)
            found = min(found, float(np.linalg.norm(point - a - share * way)))
        worst = max(worst, found)
    return worst


def order(kind: str, end: Placement, **more: object) -> Move:
    found = Move(kind, end, tool=TOOL, speed_m_s=0.5, turn_rad_s=2.0, name="p10")
    return found._replace(**more)  # type: ignore[arg-type]


def rests_at(arm: Arm, plan: Plan, end: Placement) -> tuple[float, float]:
    """How far the tool rests from a placement, m and rad."""
    return tip(arm, at(plan.track, plan.ends_s + 1.0), plan.move.tool).off(end)


def plain(value: object) -> bool:
    """Whether state may hold it."""
    if isinstance(value, tuple):
        return all(plain(entry) for entry in value)
    return type(value) in {float, int, str, bool, type(None)}


SIX = load_arm("six")
