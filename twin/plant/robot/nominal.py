"""What a movement is at full rate, and how hard a tool may be moved."""

from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .chain import Poses, chain
from .order import Track
from .placement import Placement
from .profile import Limits
from .track import Curve

if TYPE_CHECKING:
    from .arm import Arm
    from .group import Group

TOOL = Limits(inf, 8.0, 160.0)
"""Acceleration and jerk of the tool's point on lines and circles, m/s² and m/s³."""
TURN = Limits(inf, 30.0, 600.0)
"""Of its turning, rad/s² and rad/s³."""
TRIES = 4
"""So many times a way is planned, more gently each time, before it is slowed down as a whole."""
JOINTS = frozenset({"joint", "axes"})
"""Kinds of movements that are straight for the joints, not for the tool."""
TOP_M_S = 7.0
"""No tool is faster, whatever an order says."""
TOP_RAD_S = 20.0
KEPT = 1024
"""So many movements are kept for the next time that they are asked for; each some 50 KB."""
LEAST = 1e-4
"""Speeds below this, m/s and rad/s, are taken as this: a movement ends some time."""
INSIDE = 0.98
"""Share of a zone's radius at which the tool counts as having entered."""
CAUTION = 0.99
"""Share of a limit for the tool's speed that is used: between the samples it may be a little
faster."""
SLOWEST = 10.0
"""A movement that must be slower than asked by a greater factor leads through a singularity."""


class Nominal(NamedTuple):
    """A movement at full rate from time 0."""

    curve: Curve
    track: Track
    entry_s: float


def tool_speed(arm: "Arm | Group", curve: Curve, tip: Placement) -> float:
    """Return about how fast a tip gets, m/s: the fastest of samples at most 20 ms apart."""
    if curve.ends_s <= 0.0:
        return 0.0
    times = np.linspace(0.0, curve.ends_s, int(np.clip(curve.ends_s / 0.02, 32, 512)))
    q, v, _, _ = curve.state(times)
    _, jacobian = chain(arm).jacobian(q.T, tip)
    speeds = (jacobian[:, :3] @ v.T[:, :, None])[:, :, 0]
    return float(np.sqrt(np.square(speeds).sum(axis=1).max()))


def placed(poses: Poses) -> Placement:
    """Return the first of some poses as a placement."""
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = poses.turn[0], poses.place[0]
    return Placement.of(matrix)
