"""Shapes made for a scene: kept by the hash of their content, found by name like any other.

A shape is stretched to extent 1 about the origin, as those of `viewer.scene.shapes` are; `Made`
says by how much it was, and where its middle is.
"""

from hashlib import sha1
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]
Vector = tuple[float, float, float]

PREFIX = "made_"
THIN_M = 1e-6
_kept: dict[str, tuple[Points, Triangles]] = {}


class Made(NamedTuple):
    """A shape that was made: its name, its middle and its extent in its own frame, m."""

    shape: str
    at: Vector
    size: Vector


def keep(points: Points, triangles: Triangles) -> Made:
    """Keep a shape, and return what draws it.

    Args:
        points: `(n, 3) float`, m. Faces that share a point look round there.
        triangles: `(m, 3) int`, counter-clockwise from outside.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low, THIN_M)
    middle = (low + high) / 2.0
    unit = np.ascontiguousarray(((points - middle) / size).round(6))
    faces = np.ascontiguousarray(triangles, np.int64)
    name = PREFIX + sha1(unit.tobytes() + faces.tobytes(), usedforsecurity=False).hexdigest()[:12]
    _kept.setdefault(name, (unit, faces))
    return Made(name, _vector(middle), _vector(size))


def find(name: str) -> tuple[Points, Triangles] | None:
    """Return the points and triangles of a shape that was made, None where there is none."""
    return _kept.get(name)


def _vector(values: Points) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z
