"""What moves and lights up in workcells, in VTK: groups that joints move, and signal lamps."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyvista as pv

from twin.wire.model import SignalState
from viewer.scene import SceneDocument
from viewer.scene.document import Material, Node
from viewer.scene.frames import Frames
from viewer.scene.shapes import mesh, normals
from viewer.scene.solid import Matrix, Solid, joined, rgb

from .glyphs import poly

SURFACE = {"ambient": 0.38, "diffuse": 0.78, "specular_power": 24}

Look = tuple[float, bool, bool]


def look_of(material: Material) -> Look:
    """Return what nodes must share to be drawn as one: opacity, glow, and whether they shine."""
    return (material.opacity, material.glow, material.gloss > 0.5)


class Works:
    """The moving parts and the signal lamps of all workcells of a line."""

    def __init__(self, document: SceneDocument, plotter: Any, poses: dict[str, Matrix]) -> None:
        self._document = document
        self._plotter = plotter
        self._root = roots(document)
        self._groups: list[tuple[str, Any]] = []
        """Nodes with what is drawn in their frames."""
        self._lamps: list[tuple[Node, Any]] = []
        self._shown: dict[str, bool] = {}
        self._at: dict[int, bytes] = {}
        self._group(poses)
        self._light_up(poses)

    def moves(self, node: Node) -> bool:
        """Whether a joint moves a node."""
        return node.id in self._root

    def put(self, frames: Frames) -> None:
        """Put everything where the joints have it."""
        for name, actor in self._groups:
            self._place(actor, frames.pose(name))
        for node, actor in self._lamps:
            if node.id in self._root:
                self._place(actor, frames.pose(node.id) @ scale(node))

    def light(self, signals: Mapping[str, SignalState]) -> None:
        """Light the lamps by the signals."""
        for node, actor in self._lamps:
            light = node.light
            if light is None:
                continue
            state = signals.get(light.path)
            lit = light.shows(None if state is None else state.value)
            if self._shown.get(node.id) != lit:
                self._shown[node.id] = lit
                self._dress(actor, light.lit if lit else node.material)

    def _place(self, actor: Any, matrix: Matrix) -> None:
        key = matrix.tobytes()
        if self._at.get(id(actor)) != key:
            self._at[id(actor)] = key
            actor.user_matrix = matrix

    def _dress(self, actor: Any, material: str | None) -> None:
        actor.SetVisibility(material is not None)
        if material is None:
            return
        look = self._document.materials[material]
        actor.prop.color = rgb(look.colour)
        actor.prop.opacity = look.opacity
        actor.prop.lighting = not look.glow

    def _group(self, poses: dict[str, Matrix]) -> None:
        """Join what moves as one into one mesh, in the frame of the node that moves it."""
        groups: dict[tuple[str, Look], list[Node]] = {}
        for node in self._document.nodes:
            root = self._root.get(node.id)
            if root is None or node.shape is None or node.material is None or node.light:
                continue
            if node.role == "axes":
                continue
            look = look_of(self._document.materials[node.material])
            groups.setdefault((root, look), []).append(node)
        for (root, (opacity, glow, shines)), nodes in groups.items():
            back = np.linalg.inv(poses[root])
            local = {node.id: back @ poses[node.id] for node in nodes}
            actor = self._plotter.add_mesh(
                poly(joined(nodes, local, self._document.materials)),
                scalars="rgb",
                rgb=True,
                opacity=opacity,
                lighting=not glow,
                specular=0.3 if shines else 0.06,
                reset_camera=False,
                render=False,
                **SURFACE,
            )
            actor.user_matrix = poses[root]
            self._groups.append((root, actor))

    def _light_up(self, poses: dict[str, Matrix]) -> None:
        shapes: dict[str, Any] = {}
        for node in self._document.nodes:
            if node.light is None or node.shape is None:
                continue
            if node.shape not in shapes:
                shapes[node.shape] = unit(node.shape)
            actor = self._plotter.add_mesh(
                shapes[node.shape], color="white", reset_camera=False, render=False, **SURFACE
            )
            actor.user_matrix = poses[node.id] @ scale(node)
            self._lamps.append((node, actor))
        self.light({})


def roots(document: SceneDocument) -> dict[str, str]:
    """Return for each node that a joint moves the node whose joint moves it most directly."""
    found: dict[str, str] = {}
    for node in document.nodes:
        if node.joint is not None:
            found[node.id] = node.id
        elif node.parent in found:
            found[node.id] = found[node.parent]
    return found


def scale(node: Node) -> Matrix:
    """Return what stretches a unit shape to a node's size."""
    return np.diag([*node.size_m, 1.0])


def unit(shape: str) -> Any:
    """Return a unit shape without colours."""
    points, triangles = mesh(shape)
    solid = Solid(points, normals(shape), triangles, np.zeros((len(points), 3), np.uint8))
    made = poly(solid)
    made.point_data.pop("rgb")
    assert isinstance(made, pv.PolyData)
    return made
