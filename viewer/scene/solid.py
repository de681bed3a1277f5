"""Nodes in world coordinates: poses down the tree, and many shapes joined into one mesh."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import ImageColor

from .document import Joint, Material, Node, Point, Quaternion, SceneDocument
from .shapes import mesh, normals

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Solid:
    """Joined shapes: `(n, 3)` points and normals, `(m, 3)` triangles, `(n, 3) uint8` colours."""

    points: NDArray[np.float64]
    normals: NDArray[np.float64]
    triangles: NDArray[np.int64]
    colours: NDArray[np.uint8]


def turned(rotation: Quaternion) -> Matrix:
    """Return a quaternion as a `(3, 3) float` rotation."""
    x, y, z, w = rotation
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def pose(node: Node) -> Matrix:
    """Return a node's `(4, 4) float` pose in its parent, without its size, its joint at rest."""
    out = placed(node)
    return out if node.joint is None else out @ moved(node.joint, node.joint.rest)


def placed(node: Node) -> Matrix:
    """Return a node's `(4, 4) float` pose in its parent, before its joint moves it."""
    out = np.eye(4)
    out[:3, :3] = turned(node.rotation)
    out[:3, 3] = node.position_m
    return out


def moved(joint: Joint, value: float) -> Matrix:
    """Return the `(4, 4) float` movement of a joint at a value."""
    out = np.eye(4)
    way = joint.travel(value)
    if joint.move == "turn":
        half = way / 2
        x, y, z = (math.sin(half) * part for part in joint.axis)
        out[:3, :3] = turned((x, y, z, math.cos(half)))
    elif joint.move == "stretch":
        axis = np.array(joint.axis)
        out[:3, :3] += (way - 1.0) * np.outer(axis, axis)
    else:
        out[:3, 3] = [way * part for part in joint.axis]
    return out


def worlds(
    document: SceneDocument, value: Callable[[Joint], float] | None = None
) -> dict[str, Matrix]:
    """Return each node's `(4, 4) float` pose in the hall, without its size.

    Args:
        document: The scene.
        value: Says where each joint is; none: all are at rest.
    """
    found: dict[str, Matrix] = {}
    for node in document.nodes:
        above = found[node.parent] if node.parent else np.eye(4)
        if node.joint is None or value is None:
            found[node.id] = above @ pose(node)
        else:
            found[node.id] = above @ placed(node) @ moved(node.joint, value(node.joint))
    return found


def joined(
    nodes: Iterable[Node],
    poses: dict[str, Matrix],
    materials: dict[str, Material],
    colours: dict[str, str] | None = None,
) -> Solid:
    """Return the shapes of `nodes` as one mesh.

    Args:
        nodes: Nodes; those without a shape are passed over.
        poses: Each node's pose, from `worlds`.
        materials: The document's materials.
        colours: Colours of single nodes, instead of their material's.
    """
    colours = colours or {}
    points, turns, faces, paints = [], [], [], []
    first = 0
    for node in nodes:
        if node.shape is None or node.material is None:
            continue
        corners, triangles = mesh(node.shape)
        turn, move = poses[node.id][:3, :3], poses[node.id][:3, 3]
        size = np.array(node.size_m)
        points.append((corners * size) @ turn.T + move)
        turns.append(_unit((normals(node.shape) / np.where(size == 0, 1e-9, size)) @ turn.T))
        flipped = triangles if np.prod(size) > 0 else triangles[:, ::-1]
        faces.append(flipped + first)
        colour = colours.get(node.id, materials[node.material].colour)
        paints.append(np.tile(np.array(rgb(colour), np.uint8), (len(corners), 1)))
        first += len(corners)
    if not points:
        return Solid(
            np.zeros((0, 3)),
            np.zeros((0, 3)),
            np.zeros((0, 3), np.int64),
            np.zeros((0, 3), np.uint8),
        )
    return Solid(np.vstack(points), np.vstack(turns), np.vstack(faces), np.vstack(paints))


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    out: NDArray[np.float64] = vectors / np.where(lengths > 0, lengths, 1.0)
    return out


def rgb(colour: str) -> tuple[int, int, int]:
    """Return a colour as red, green, blue from 0 to 255."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def centre(node: Node, poses: dict[str, Matrix]) -> Point:
    """Return where a node is in the hall."""
    x, y, z = poses[node.id][:3, 3]
    return (float(x), float(y), float(z))
