"""Frames: where a body stands, on the floor of its workcell or on another body's moving part."""

from math import cos, radians, sin
from typing import NamedTuple, Protocol

from twin.plant.plain import record


@record
class Pose(NamedTuple):
    """A place and a heading (about z), m and rad."""

    x: float
    y: float
    z: float
    heading_rad: float = 0.0

    def then(self, inner: "Pose") -> "Pose":
        """Return `inner`, given in this pose's frame, in the frame that this pose is given in."""
        c, s = cos(self.heading_rad), sin(self.heading_rad)
        return Pose(
            self.x + c * inner.x - s * inner.y,
            self.y + s * inner.x + c * inner.y,
            self.z + inner.z,
            self.heading_rad + inner.heading_rad,
        )

    def seen(self, outer: "Pose") -> "Pose":
        """Return `outer`, given in the same frame as this pose, in this pose's own frame."""
        c, s = cos(self.heading_rad), sin(self.heading_rad)
        dx, dy = outer.x - self.x, outer.y - self.y
        return Pose(
            c * dx + s * dy,
            -s * dx + c * dy,
            outer.z - self.z,
            outer.heading_rad - self.heading_rad,
        )


STILL = Pose(0.0, 0.0, 0.0, 0.0)
Vector = tuple[float, float, float]
SLIDES: dict[str, Vector] = {
    "x": (1.0, 0.0, 0.0),
    "y": (0.0, 1.0, 0.0),
    "z": (0.0, 0.0, 1.0),
    "-x": (-1.0, 0.0, 0.0),
    "-y": (0.0, -1.0, 0.0),
    "-z": (0.0, 0.0, -1.0),
}
"""Unit vectors by the direction's name. A body that carries others straight has one as `slide`."""


class Carrier(Protocol):
    """A body with a moving part."""

    frame: "Frame"

    def moved(self, time_s: float) -> Pose:
        """Return where its moving part is, in its own frame."""

    def moves(self, time_s: float) -> bool:
        """Tell whether its moving part is in movement."""


class Frame:
    """Where a body stands."""

    __slots__ = ("carrier", "pose")

    def __init__(self, at_m: tuple[float, float, float], heading_deg: float) -> None:
        self.pose = Pose(*at_m, radians(heading_deg))
        self.carrier: Carrier | None = None

    def at(self, time_s: float) -> Pose:
        """Return the pose in the workcell at a time."""
        carrier = self.carrier
        if carrier is None:
            return self.pose
        return carrier.frame.at(time_s).then(carrier.moved(time_s)).then(self.pose)

    @property
    def fixed(self) -> bool:
        """Whether it stands on the floor of the workcell."""
        return self.carrier is None

    def moving(self, time_s: float) -> bool:
        """Tell whether anything that carries it is in movement."""
        carrier = self.carrier
        return carrier is not None and (carrier.moves(time_s) or carrier.frame.moving(time_s))
