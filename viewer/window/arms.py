"""What a window shows of robot arms beyond themselves: tool frames, the ways of tools, ghosts."""

from collections import deque
from typing import Any

import numpy as np
import pyvista as pv

from twin.wire.model import Path, Piece, Snapshot
from viewer.scene import SceneDocument
from viewer.scene.document import Node
from viewer.scene.frames import Frames
from viewer.scene.solid import Matrix, joined, rgb

from .glyphs import poly
from .works import roots, scale, unit

KEPT_S = 10.0
"""So much of a tool's way is shown, in simulated time."""
APART_M = 1e-4
"""A tool that has moved less stands still."""
TRACE = "#e0189c"
GHOST = 0.22
"""Opacity."""
TOOL = "__tool"
"""Ends the name of the node that is an arm's tool frame."""


class Arms:
    """Tool frames, ways of the last seconds, and where each arm is going. Hidden at first."""

    def __init__(self, document: SceneDocument, plotter: Any, poses: dict[str, Matrix]) -> None:
        self._plotter = plotter
        self._ghosts = Frames(document)
        self._axes: list[tuple[Node, Any]] = []
        self._ways: dict[str, _Way] = {}
        self._shadows: list[tuple[str, str, Any]] = []
        """Arm, node that moves it, and what is drawn in that node's frame."""
        self.shown = False
        for node in document.nodes:
            if node.role == "axes" and node.shape and node.material and node.parent:
                self._axes.append((node, self._axis(document, node)))
                self._ways.setdefault(node.parent, _Way(plotter))
        names = [tool.removesuffix(TOOL) for tool in self._ways]
        self._joints = {
            name: {
                node.joint.id
                for node in document.nodes
                if node.joint is not None and node.id.startswith(f"{name}__")
            }
            for name in names
        }
        for name in names:
            self._shade(document, name, poses)

    def switch(self) -> None:
        """Show it, or hide it."""
        self.shown = not self.shown
        if not self.shown:
            for actor in self._actors():
                actor.visibility = False
            for way in self._ways.values():
                way.forget()

    def put(self, snapshot: Snapshot, frames: Frames) -> None:
        """Put it where the joints have it at a snapshot's time."""
        if not self.shown:
            return
        for node, actor in self._axes:
            actor.visibility = True
            actor.user_matrix = frames.pose(node.id) @ scale(node)
        for tool, way in self._ways.items():
            way.add(snapshot.time_s, frames.pose(tool)[:3, 3])
        ends = {name: _end(path) for name, path in snapshot.joints.items()}
        going = {
            arm
            for arm, joints in self._joints.items()
            if any(name in ends and ends[name].t0 > snapshot.time_s for name in joints)
        }
        self._ghosts.at({name: (end,) for name, end in ends.items()}, snapshot.time_s)
        for arm, root, actor in self._shadows:
            actor.visibility = arm in going
            if arm in going:
                actor.user_matrix = self._ghosts.pose(root)

    def _actors(self) -> list[Any]:
        return [actor for _, actor in self._axes] + [actor for *_, actor in self._shadows]

    def _axis(self, document: SceneDocument, node: Node) -> Any:
        assert node.shape is not None
        assert node.material is not None
        look = document.materials[node.material]
        actor = self._plotter.add_mesh(
            unit(node.shape), color=rgb(look.colour), lighting=False, reset_camera=False,
            render=False,
        )  # fmt: skip
        actor.visibility = False
        return actor

    def _shade(self, document: SceneDocument, name: str, poses: dict[str, Matrix]) -> None:
        root = roots(document)
        groups: dict[str, list[Node]] = {}
        for node in document.nodes:
            if not node.id.startswith(f"{name}__") or node.id not in root:
                continue
            if node.shape and node.material and node.light is None and node.role != "axes":
                groups.setdefault(root[node.id], []).append(node)
        for mover, nodes in groups.items():
            back = np.linalg.inv(poses[mover])
            local = {node.id: back @ poses[node.id] for node in nodes}
            actor = self._plotter.add_mesh(
                poly(joined(nodes, local, document.materials)), color="#3fa7ff", opacity=GHOST,
                reset_camera=False, render=False,
            )  # fmt: skip
            actor.visibility = False
            self._shadows.append((name, mover, actor))


class _Way:
    """Where the point of a tool has been."""

    def __init__(self, plotter: Any) -> None:
        self._plotter = plotter
        self._points: deque[tuple[float, Any]] = deque()
        self._actor: Any = None

    def add(self, time_s: float, at: Any) -> None:
        """Go on to a place; what is older than `KEPT_S` is forgotten."""
        points = self._points
        if points and time_s < points[-1][0]:
            points.clear()
        if not points or np.linalg.norm(points[-1][1] - at) > APART_M:
            points.append((time_s, np.array(at)))
        while points and points[0][0] < time_s - KEPT_S:
            points.popleft()
        self._draw()

    def forget(self) -> None:
        """Begin anew."""
        self._points.clear()
        self._draw()

    def _draw(self) -> None:
        if self._actor is not None:
            self._plotter.remove_actor(self._actor, render=False)
            self._actor = None
        if len(self._points) > 1:
            line = pv.lines_from_points(np.array([at for _, at in self._points]))
            self._actor = self._plotter.add_mesh(
                line, color=TRACE, line_width=3, lighting=False, reset_camera=False, render=False
            )


def _end(path: Path) -> Piece:
    """Return rest where a movement ends, from then on."""
    last = path[-1]
    return Piece(last.t0, last.p)
