"""Softens the hand-over of a part from one asset to the next, where its place jumps."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from twin.wire.model import Body, Ride
from viewer.scene import SceneError
from viewer.scene.document import Point
from viewer.scene.frames import Frames

GLIDE_S = 0.6
JUMP_M = 0.05
FAR_M = 9.0

Placed = tuple[Body, Point, float]


@dataclass(slots=True)
class _Glide:
    """A body's last place, and what is left of its last jump."""

    where: Point
    left: Point = (0.0, 0.0, 0.0)
    since_s: float = -math.inf


class Glider:
    """Places bodies; one that jumps to a near place slides there within `GLIDE_S` of wall time.

    On workcells nothing jumps: there a body is where its ride says.
    """

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._known: dict[str, tuple[Body, _Glide]] = {}

    def place(self, bodies: Mapping[str, Body], wall_s: float) -> dict[str, Placed]:
        """Return where each body is drawn at the time that the frames look at.

        Args:
            bodies: The bodies of a run.
            wall_s: A clock that only goes forward, s.
        """
        placed: dict[str, Placed] = {}
        known: dict[str, tuple[Body, _Glide]] = {}
        for key, body in bodies.items():
            try:
                target, heading_rad = self._frames.place(body)
            except SceneError:
                continue
            old = self._known.get(key)
            glide = old[1] if old else _Glide(target)
            if old and old[0].motion != body.motion and not _rides_on(old[0], body):
                _jump(glide, target, wall_s)
            share = 1.0 - _eased((wall_s - glide.since_s) / GLIDE_S)
            where = (
                target[0] + glide.left[0] * share,
                target[1] + glide.left[1] * share,
                target[2] + glide.left[2] * share,
            )
            glide.where = where
            known[key] = (body, glide)
            placed[key] = (body, where, heading_rad)
        self._known = known
        return placed


def _rides_on(before: Body, after: Body) -> bool:
    return isinstance(before.motion, Ride) and isinstance(after.motion, Ride)


def _jump(glide: _Glide, target: Point, wall_s: float) -> None:
    away = math.dist(glide.where, target)
    if JUMP_M < away < FAR_M:
        x, y, z = (a - b for a, b in zip(glide.where, target, strict=True))
        glide.left, glide.since_s = (x, y, z), wall_s
    else:
        glide.since_s = -math.inf


def _eased(share: float) -> float:
    """Return 0 to 1, slow at both ends."""
    s = min(max(share, 0.0), 1.0)
    return s * s * (3.0 - 2.0 * s)
