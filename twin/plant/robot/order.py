"""Orders: what a program, or a person at the pendant, asks of an arm. Plain data, SI units."""

from typing import NamedTuple

from twin.kernel.errors import PilotlineError
from twin.plant.plain import record
from twin.spec.messages import Phrase, phrase
from twin.wire.model import Path

from .placement import HERE, Placement

Joints = tuple[float, ...]
"""A value for each joint, from the base on: rad, or m of one that slides."""
Track = tuple[Path, ...]
"""How each joint moves: pieces up to the third degree, all joints with the same begins. The last
piece is rest."""
Configuration = tuple[int, int, int, int]
"""cf1, cf4, cf6, cfx as RAPID counts them: quarter turns of axes 1, 4 and 6, and which of the arm's
shapes."""


@record
class Tool(NamedTuple):
    """What the arm holds its work with, or the load on it."""

    name: str = "tool0"
    tip: Placement = HERE
    """The tool's centre point (TCP) in the flange's frame."""
    mass_kg: float = 0.0


@record
class Move(NamedTuple):
    """One movement to one target."""

    kind: str
    """`joint`, `linear`, `circular`: the tool's point to `target`; `axes`: the joints to `axes`."""
    target: Placement | None = None
    """Of the tool's point, in the workcell, or in the frame of the moving body `on`."""
    via: Placement | None = None
    """Of a circle: a point on the way."""
    axes: Joints | None = None
    tool: Tool = Tool()
    on: str = ""
    """Body whose parts the work object goes along with: a belt that is tracked."""
    configuration: Configuration | None = None
    """Which of the arm's shapes; None: the nearest."""
    speed_m_s: float = 0.25
    turn_rad_s: float = 1.0
    """How fast the tool may turn."""
    joint_share: float = 1.0
    """Of `joint` and `axes`: share of the joints' own greatest speeds."""
    zone_m: float = -1.0
    """From this distance to the target on the next movement may begin; below 0: stop exactly
    there."""
    duration_s: float = 0.0
    """How long it shall take, instead of the speeds; 0: by the speeds."""
    external: tuple[float, ...] = ()
    """Where the external axes go along, m or degrees; empty: they stay."""
    name: str = ""
    """What the program calls the target, for messages."""

    @property
    def fine(self) -> bool:
        """Whether it ends at rest."""
        return self.zone_m < 0.0


class MoveRefused(PilotlineError):
    """A movement that cannot be done: out of reach, beyond a limit, through a singularity."""

    def __init__(self, key: str, **values: object) -> None:
        self.phrase: Phrase = phrase(key, **values)
        super().__init__(self.phrase.text("en"))
