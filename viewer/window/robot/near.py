"""Shows in the hall what stands nearest to the chosen robot: a line between the two places."""

from typing import Any

import numpy as np
import pyvista as pv

from viewer.scene.frames import Frames

from .face import NEAR_M
from .seen import NearSeen

CLOSE, FAR = "#d8232a", "#1c5ca8"


class NearLine:
    """A line from a robot to its nearest obstacle. Hidden at first."""

    def __init__(self, plotter: Any) -> None:
        self._line = pv.Line((0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
        self._actor = plotter.add_mesh(
            self._line, color=FAR, line_width=4, lighting=False, reset_camera=False, render=False
        )
        self._actor.visibility = False

    def put(self, near: NearSeen | None, cell: str, frames: Frames) -> None:
        """Put it where a workcell's node has the two points; None hides it."""
        self._actor.visibility = near is not None
        if near is not None:
            pose = frames.pose(cell)
            ends = [pose @ np.array([*point, 1.0]) for point in (near.point, near.other_point)]
            self._line.points = np.array([end[:3] for end in ends])
            self._actor.prop.color = CLOSE if near.distance_m < NEAR_M else FAR
