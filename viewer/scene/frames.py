"""Where nodes and bodies are at a time, as the joints of the workcells move them."""

import math
from collections.abc import Mapping

import numpy as np

from twin.wire.model import Body, Motion, Path, Ride, SignalState, along

from .document import Joint, Node, Point, SceneDocument
from .errors import SceneError
from .solid import Matrix, moved, placed


class Frames:
    """The poses of nodes at a time; set with `at`, asked for with `pose` and `place`."""

    def __init__(self, document: SceneDocument) -> None:
        self._document = document
        self._nodes = {node.id: node for node in document.nodes}
        self._jointed = _below_joints(document)
        self._joints: Mapping[str, Path] = {}
        self._signals: Mapping[str, SignalState] = {}
        self._time_s = 0.0
        self._still: dict[str, Matrix] = {}
        self._now: dict[str, Matrix] = {}

    def at(
        self,
        joints: Mapping[str, Path],
        time_s: float,
        signals: Mapping[str, SignalState] | None = None,
    ) -> "Frames":
        """Look at a time, s, while joints move along these paths, and signals say this."""
        self._joints, self._time_s, self._signals = joints, time_s, signals or {}
        self._now = {}
        return self

    def value(self, joint: Joint) -> float:
        """Return where a joint is: m, rad or a share."""
        path = self._joints.get(joint.id)
        if path is not None:
            return along(path, self._time_s)
        state = self._signals.get(joint.signal or "")
        return joint.told(None if state is None else state.value)

    def pose(self, name: str) -> Matrix:
        """Return a node's `(4, 4) float` pose in the hall, without its size.

        Raises:
            SceneError: There is no such node.
        """
        kept = self._now if name in self._jointed else self._still
        found = kept.get(name)
        if found is None:
            found = kept[name] = self._made(name)
        return found

    def place(self, body: Body) -> tuple[Point, float]:
        """Return where a body is, and which way it faces.

        Returns:
            The centre of a part's underside, or of a vehicle's deck (m), and the heading (rad).

        Raises:
            SceneError: The body is nowhere in this line.
        """
        if isinstance(body.motion, Motion):
            return self._document.place(body.motion, self._time_s)
        return self._riding(body.motion)

    def _riding(self, ride: Ride) -> tuple[Point, float]:
        frame = self.pose(ride.frame)
        way = along(ride.path, self._time_s)
        local = (ride.x + way * ride.dx, ride.y + way * ride.dy, ride.z + way * ride.dz, 1.0)
        x, y, z = (float(part) for part in (frame @ np.array(local))[:3])
        c, s = math.cos(ride.heading_rad), math.sin(ride.heading_rad)
        ahead = frame[:3, 0] * c + frame[:3, 1] * s
        return (x, y, z), math.atan2(float(ahead[1]), float(ahead[0]))

    def lie(self, body: Body) -> Matrix:
        """Return a body's `(4, 4) float` pose in the hall: it leans with what it rides on.

        Raises:
            SceneError: The body is nowhere in this line.
        """
        if isinstance(body.motion, Ride):
            ride = body.motion
            way = along(ride.path, self._time_s)
            own = _upright(ride.heading_rad)
            own[:3, 3] = (ride.x + way * ride.dx, ride.y + way * ride.dy, ride.z + way * ride.dz)
            return self.pose(ride.frame) @ own
        where, heading_rad = self.place(body)
        out = _upright(heading_rad)
        out[:3, 3] = where
        return out

    def _made(self, name: str) -> Matrix:
        node = self._nodes.get(name)
        if node is None:
            raise SceneError(
                f"line {self._document.line!r} has no node {name!r}; "
                "the picture was drawn from another version of the line: load it again"
            )
        out = placed(node)
        if node.joint is not None:
            out = out @ moved(node.joint, self.value(node.joint))
        return self.pose(node.parent) @ out if node.parent else out


def _upright(heading_rad: float) -> Matrix:
    c, s = math.cos(heading_rad), math.sin(heading_rad)
    out = np.eye(4)
    out[:2, :2] = [[c, -s], [s, c]]
    return out


def _below_joints(document: SceneDocument) -> frozenset[str]:
    """Return the nodes that a joint moves, by themselves or with one above them."""
    found: set[str] = set()
    for node in document.nodes:
        if node.joint is not None or node.parent in found:
            found.add(node.id)
    return frozenset(found)


def jointed(document: SceneDocument) -> list[Node]:
    """Return the nodes that a joint moves, by themselves or with one above them."""
    below = _below_joints(document)
    return [node for node in document.nodes if node.id in below]
