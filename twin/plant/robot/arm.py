"""A robot arm: what its joints may do, where its links are, and how its flange gets somewhere."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from twin.spec.arms import ArmDescription, describe
from twin.spec.messages import Phrase
from twin.spec.motion.robots import ArmFile

from .inverse import Inverse
from .kinematics import Array, Kinematics
from .order import Configuration, Joints
from .placement import HERE, Placement
from .posture import Posture
from .trouble import trouble


class Joint(NamedTuple):
    """What one joint may do, in rad, or in m for one that slides."""

    name: str
    kind: str
    """`turn` or `slide`."""
    low: float
    high: float
    speed: float
    accel: float
    jerk: float


class Arm:
    """An arm. Never changes; shared by all robots of its kind.

    Args:
        description: what it is made of.

    Raises:
        NoRobots: the packages for arms are not installed.
    """

    def __init__(self, description: ArmDescription) -> None:
        self.description = description
        self.id = description.id
        self.joints = tuple(
            Joint(j.name, j.kind, j.low, j.high, j.speed, j.accel, j.jerk)
            for j in description.moving
        )
        self.rest: Joints = description.rest
        self.payload_kg = description.payload_kg
        self.kinematics = Kinematics(description)
        self._inverse = Inverse(self.kinematics)
        self._posture = Posture(self.kinematics)

    @property
    def reach_m(self) -> float:
        """How far the flange could be from the foot if the arm could be pulled straight."""
        return self.kinematics.reach_m

    def flange(self, q: Sequence[float]) -> Placement:
        """Return the flange in the foot's frame, its z axis out of the flange."""
        return self.kinematics.flange(q)

    def links(self, q: Sequence[float]) -> tuple[Placement, ...]:
        """Return each link's frame in the foot's, in the order of `description.links`."""
        return self.kinematics.links(q)

    def jacobian(self, q: Sequence[float], tip: Placement = HERE) -> Array:
        """Return how fast the tool's point goes when the joints go: shape (6, n).

        Linear (m) over angular (rad) speed along the foot's axes, for each joint's rad/s or m/s.

        Args:
            q: the joints.
            tip: the tool's point in the flange's frame.
        """
        return self.kinematics.jacobian(q, tip)

    def inverse(self, flange: Placement, near: Sequence[float]) -> list[Joints]:
        """Return every solution within the limits, all turns of each joint, the nearest first.

        The nearest is the one to which all joints at full speed have the shortest way. An arm with
        more than six axes has endless many; of these it is a fixed choice, and the one next to
        `near`. Empty: `trouble` says why.
        """
        return self._inverse.all(flange, near)

    def nearest(self, flange: Placement, near: Sequence[float]) -> Joints | None:
        """Return the first of `inverse`, without making the others."""
        return self._inverse.nearest(flange, near)

    def follow(self, flange: Placement, near: Sequence[float]) -> Joints | None:
        """Return the solution that joins on to `near` without a leap: for a path, step by step.

        None: none within the limits was found from there.
        """
        return self._inverse.follow(flange, near)

    def configuration(self, q: Sequence[float]) -> Configuration:
        """Return quarter turns of axes 1, 4 and 6, and the number of the arm's shape."""
        return self._posture.configuration(q)

    def has(self, q: Sequence[float], configuration: Configuration) -> bool:
        """Return whether joints are in a configuration; at its edge both sides are right."""
        return self._posture.has(q, configuration)

    def singularity(self, q: Sequence[float]) -> tuple[str, float] | None:
        """Return which singularity is near (`wrist`, `elbow`, `shoulder`, `arm`) and how near.

        The figure is the ratio of the Jacobian's smallest singular value to its greatest, with
        lengths measured by the arm's reach: 0 in the singularity. None: well away.
        """
        return self._posture.singularity(q)

    def trouble(self, flange: Placement, near: Sequence[float]) -> Phrase:
        """Return why `inverse` is empty: which axis passes which limit, or how far out of reach."""
        return trouble(self._inverse, flange, near)


@lru_cache(maxsize=32)
def load_arm(arm: str | ArmFile) -> Arm:
    """Return an arm of the catalogue, or one's own.

    Raises:
        SpecError: there is no such arm, or its file is wrong.
        NoRobots: the packages for arms are not installed.
    """
    return Arm(describe(arm))
