"""Where the links of an arm are at given joints: Pinocchio's model of an `ArmDescription`."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.kernel.errors import PilotlineError
from twin.spec.arms import ArmDescription, Frame
from twin.spec.arms import Joint as SpecJoint
from twin.spec.extras import install_command
from twin.spec.messages import Phrase, phrase

from .placement import HERE, Placement

try:
    import pinocchio as pin
except ImportError:  # the extra `robots` is not installed
    pin = None

Array = NDArray[np.float64]
MEET_M = 1e-5
BY_STRETCH_M = 0.05
"""What a reach is never below: lengths are compared with turns by it."""


class NoRobots(PilotlineError):
    """The packages for arms are not installed."""

    def __init__(self) -> None:
        self.phrase: Phrase = phrase("arm.not_installed", command=install_command("robots"))
        super().__init__(self.phrase.text("en"))


class Axis(NamedTuple):
    """A joint's axis when all joints are at 0, seen from the foot."""

    kind: str
    through: Array
    """A point of it, m, shape (3,)."""
    along: Array
    """Unit vector, shape (3,)."""


class Kinematics:
    """The forward kinematics of one arm.

    Args:
        description: what it is made of.

    Raises:
        NoRobots: the packages for arms are not installed.
    """

    def __init__(self, description: ArmDescription) -> None:
        if pin is None:
            raise NoRobots
        model = pin.Model()
        model.name = description.id
        # Frame of each link: which joint it hangs on, and how it sits there.
        held: dict[str, tuple[int, Any]] = {description.foot: (0, pin.SE3.Identity())}
        for joint in description.joints:
            parent, before = held[joint.parent]
            at = before * _se3(joint.at)
            if joint.kind == "fixed":
                held[joint.child] = (parent, at)
            else:
                number = model.addJoint(parent, _kind(joint), at, joint.name)
                held[joint.child] = (number, pin.SE3.Identity())
        kind = pin.FrameType.OP_FRAME
        for link in description.links:
            number, at = held[link.name]
            model.addFrame(pin.Frame(link.name, number, 0, at, kind))
        self.frames = tuple(model.getFrameId(link.name, kind) for link in description.links)
        self.tip = model.getFrameId(description.flange, kind)
        self.joints = description.moving
        self.count: int = model.nq
        self.model = model
        self.data = model.createData()

    def flange(self, q: Sequence[float] | Array) -> Placement:
        """Return the flange, seen from the foot."""
        pin.forwardKinematics(self.model, self.data, np.asarray(q, dtype=float))
        return _placement(pin.updateFramePlacement(self.model, self.data, self.tip))

    def links(self, q: Sequence[float] | Array) -> tuple[Placement, ...]:
        """Return every link, seen from the foot."""
        pin.framesForwardKinematics(self.model, self.data, np.asarray(q, dtype=float))
        return tuple(_placement(self.data.oMf[number]) for number in self.frames)

    def flange_matrix(self, q: Sequence[float] | Array) -> Array:
        """Return the flange as a (4, 4) matrix."""
        pin.forwardKinematics(self.model, self.data, np.asarray(q, dtype=float))
        found: Array = pin.updateFramePlacement(self.model, self.data, self.tip).homogeneous
        return found

    def jacobian(self, q: Sequence[float] | Array, tip: Placement = HERE) -> Array:
        """Return the (6, n) Jacobian of a point that the flange carries.

        Linear over angular speed along the foot's axes, per rad/s or m/s of each joint.
        """
        pin.computeJointJacobians(self.model, self.data, np.asarray(q, dtype=float))
        at = pin.updateFramePlacement(self.model, self.data, self.tip)
        found: Array = pin.getFrameJacobian(
            self.model, self.data, self.tip, pin.ReferenceFrame.LOCAL_WORLD_ALIGNED
        )
        if tip.place != (0.0, 0.0, 0.0):
            arm = at.rotation @ np.array(tip.place)
            found[:3] += np.cross(found[3:].T, arm).T
        return found

    def miss(self, q: Array, target: Any) -> tuple[Array, Array]:
        """Return by what twist the flange misses a placement, and the Jacobian to it, both local.

        Args:
            q: the joints.
            target: a pinocchio SE3.
        """
        pin.computeJointJacobians(self.model, self.data, q)
        at = pin.updateFramePlacement(self.model, self.data, self.tip)
        twist: Array = pin.log6(at.actInv(target)).vector
        local: Array = pin.getFrameJacobian(
            self.model, self.data, self.tip, pin.ReferenceFrame.LOCAL
        )
        return twist, local

    def off(self, q: Array, target: Any) -> tuple[float, float]:
        """Return how far the flange is from a placement: m, and the sine of the angle, rad."""
        pin.forwardKinematics(self.model, self.data, q)
        at = pin.updateFramePlacement(self.model, self.data, self.tip)
        far = target.translation - at.translation
        turned = target.rotation - at.rotation
        return float(np.sqrt(far @ far)), float(np.sqrt((turned * turned).sum() / 2.0))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The axes when all joints are at 0."""
        pin.forwardKinematics(self.model, self.data, np.zeros(self.count))
        found = []
        for number, joint in enumerate(self.joints, start=1):
            at = self.data.oMi[number]
            along = at.rotation @ np.array(joint.axis)
            found.append(Axis(joint.kind, at.translation.copy(), along))
        return tuple(found)

    @cached_property
    def reach_m(self) -> float:
        """How far the chain is when pulled straight, with all strokes out: never less than that."""
        total = 0.0
        places = [Placement(), *(Placement(*j.at.xyz) for j in self.joints)]
        for place in places:
            total += float(np.hypot(np.hypot(place.x, place.y), place.z))
        strokes = sum(max(abs(j.low), abs(j.high)) for j in self.joints if j.kind == "slide")
        return max(total + strokes, BY_STRETCH_M)


def meeting(axes: Sequence[Axis]) -> Array | None:
    """Return the point in which axes meet, shape (3,), m; None: they do not."""
    normal, right = np.zeros((3, 3)), np.zeros(3)
    for axis in axes:
        across = np.eye(3) - np.outer(axis.along, axis.along)
        normal += across
        right += across @ axis.through
    if np.linalg.matrix_rank(normal, tol=1e-6) < 3:
        return None
    point = np.linalg.solve(normal, right)
    offs = [np.abs(np.cross(point - axis.through, axis.along)).max() for axis in axes]
    return np.asarray(point, dtype=np.float64) if max(offs) < MEET_M else None


def se3(at: Placement) -> Any:
    """Return a placement as the library has it."""
    return pin.XYZQUATToSE3(np.array([at.x, at.y, at.z, at.i, at.j, at.k, at.w]))


def _placement(at: Any) -> Placement:
    x, y, z, i, j, k, w = pin.SE3ToXYZQUATtuple(at)
    return Placement(x, y, z, w, i, j, k).normal()


def _se3(frame: Frame) -> Any:
    return pin.SE3(pin.rpy.rpyToMatrix(*frame.rpy), np.array(frame.xyz))


def _kind(joint: SpecJoint) -> Any:
    axis = np.array(joint.axis)
    straight = {
        (1.0, 0.0, 0.0): (pin.JointModelRX, pin.JointModelPX),
        (0.0, 1.0, 0.0): (pin.JointModelRY, pin.JointModelPY),
        (0.0, 0.0, 1.0): (pin.JointModelRZ, pin.JointModelPZ),
    }.get(joint.axis)
    turn = joint.kind == "turn"
    if straight is not None:
        return straight[0]() if turn else straight[1]()
    return pin.JointModelRevoluteUnaligned(axis) if turn else pin.JointModelPrismaticUnaligned(axis)
