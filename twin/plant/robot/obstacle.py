"""Obstacles: what an arm must not touch, and how it moves, in closed form."""

from typing import NamedTuple, Protocol

from twin.plant.motion.box import Way
from twin.spec.arms.description import ArmDescription
from twin.wire.model import Path

from .hulls import Hull
from .order import Track
from .placement import HERE, Placement, Vector


class Spin(NamedTuple):
    """A turn about an axis, both given in the workcell as it is before anything has moved."""

    point: Vector
    """Of the axis, m."""
    axis: Vector
    """Unit vector."""
    path: Path
    """rad."""


Moves = tuple[Way | Spin, ...]
"""What moves a body: the first carries the second, and so on; each as it is given at paths of 0."""


class Obstacle(NamedTuple):
    """A body that stands still, slides, or turns."""

    name: str
    """Of the body, for messages: two obstacles of one name count as one."""
    hulls: tuple[Hull, ...]
    """In its own frame."""
    at: Placement = HERE
    """Where its frame is in the workcell, before anything has moved."""
    moves: Moves = ()


class Jointed(Protocol):
    """What of an arm counts here."""

    @property
    def description(self) -> ArmDescription:
        """Its links and joints."""

    def __hash__(self) -> int:
        """It never changes: what is worked out once is kept for it."""

    @property
    def rest(self) -> tuple[float, ...]:
        """Where its joints stand when nothing is said."""


class Neighbour(NamedTuple):
    """Another arm, with all that it holds."""

    name: str
    """Of the robot, for messages."""
    arm: Jointed
    foot: Placement
    """In the workcell, before anything has moved."""
    track: Track
    held: tuple[Hull, ...] = ()
    """Tool and part, in the flange's frame."""
    moves: Moves = ()
    """What carries its foot: external axes."""


Thing = Obstacle | Neighbour
