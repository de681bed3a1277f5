"""Triangles of what arms are made of: solids of revolution, hulls, meshes of files."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import cos, pi, sin
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import ConvexHull

from .errors import SceneError

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]
Mesh = tuple[Points, Triangles]
Vector = tuple[float, float, float]

SIDES = 32
CREASE_RAD = pi / 6
MOST_TRIANGLES = 6000
"""Of one file: what has more is made coarser."""
LEAST_M2 = 1e-11
"""A face that is smaller is nothing to be seen."""


def revolved(profile: Sequence[tuple[float, float]]) -> Mesh:
    """Return a solid of revolution about z.

    Args:
        profile: (radius, height) from the bottom to the top, m. A point given twice is an edge.
    """
    pieces: list[list[tuple[float, float]]] = [[profile[0]]]
    for before, point in pairwise(profile):
        if point == before:
            pieces.append([])
        pieces[-1].append(point)
    ends = [[(0.0, profile[0][1]), profile[0]], [profile[-1], (0.0, profile[-1][1])]]
    return together([creased(_turned(p)) for p in [ends[0], *pieces, ends[1]] if _wide(p)])


def _wide(profile: list[tuple[float, float]]) -> bool:
    return len(profile) > 1 and any(a != b for a, b in pairwise(profile))


def _turned(profile: list[tuple[float, float]]) -> Mesh:
    angles = [2.0 * pi * k / SIDES for k in range(SIDES)]
    points = [(r * cos(a), r * sin(a), z) for r, z in profile for a in angles]
    faces: list[tuple[int, int, int]] = []
    for row, ((r0, _), (r1, _)) in enumerate(pairwise(profile)):
        for k in range(SIDES):
            a, b = row * SIDES + k, row * SIDES + (k + 1) % SIDES
            if r0 > 0.0:
                faces.append((a, b, b + SIDES))
            if r1 > 0.0:
                faces.append((a, b + SIDES, a + SIDES))
    return welded((np.array(points, float), np.array(faces, np.int64)))


def hulled(points: Sequence[Vector]) -> Mesh:
    """Return the convex hull of points, m."""
    cloud = np.array(points, float)
    hull = ConvexHull(cloud)
    faces = hull.simplices.astype(np.int64)
    a, b, c = (cloud[faces[:, k]] for k in range(3))
    inwards = np.einsum("ij,ij->i", np.cross(b - a, c - a), hull.equations[:, :3]) < 0.0
    faces[inwards] = faces[inwards][:, ::-1]
    return creased((cloud, faces))


class FileMesh(NamedTuple):
    """One mesh of a file, and its colour where the file says one (`#rrggbb`)."""

    mesh: Mesh
    colour: str


@lru_cache(maxsize=64)
def loaded(path: str, scale: Vector = (1.0, 1.0, 1.0)) -> tuple[FileMesh, ...]:
    """Return the meshes of a file, made coarser where they are very fine.

    Args:
        path: An STL, OBJ or DAE file.
        scale: Along x, y and z.

    Raises:
        SceneError: The file cannot be read.
    """
    import trimesh

    try:
        scene = trimesh.load_scene(path)
        parts = [found for found in scene.dump() if len(getattr(found, "faces", ())) > 0]
    except Exception as error:  # any reader of any format may fail in its own way
        raise SceneError(
            f"the mesh {Path(path).name!r} cannot be read ({error}); "
            "use an STL, OBJ or DAE file that a mesh viewer opens"
        ) from error
    found: dict[str, list[Mesh]] = {}
    for part in parts:
        shape = (np.asarray(part.vertices, float) * scale, np.asarray(part.faces, np.int64))
        found.setdefault(_colour(part), []).append(shape)
    whole = {colour: together(meshes) for colour, meshes in found.items()}
    total = sum(len(faces) for _, faces in whole.values())
    return tuple(
        FileMesh(creased(coarser(mesh, max(MOST_TRIANGLES * len(mesh[1]) // total, 60))), colour)
        for colour, mesh in whole.items()
    )


def _colour(part: object) -> str:
    look = getattr(part, "visual", None)
    material = getattr(look, "material", None)
    colour = getattr(material, "main_color", None)
    if colour is None or getattr(look, "defined", True) is False:
        return ""
    red, green, blue = (int(channel) for channel in colour[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


# ---- meshes in general


def together(meshes: Sequence[Mesh]) -> Mesh:
    """Return several meshes as one."""
    points, faces, first = [], [], 0
    for corners, triangles in meshes:
        points.append(corners)
        faces.append(triangles + first)
        first += len(corners)
    return np.vstack(points), np.vstack(faces)


def welded(mesh: Mesh, grid_m: float = 1e-6) -> Mesh:
    """Return a mesh with points that are as good as the same made one."""
    points, faces = mesh
    _, first, which = np.unique(
        np.round(points / grid_m).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    taken = which.reshape(-1)[faces]
    whole = (
        (taken[:, 0] != taken[:, 1]) & (taken[:, 1] != taken[:, 2]) & (taken[:, 2] != taken[:, 0])
    )
    return points[first], taken[whole]


def coarser(mesh: Mesh, most: int = MOST_TRIANGLES) -> Mesh:
    """Return a mesh of at most so many triangles: points in one cell of a grid become one."""
    out = welded(mesh)
    extent = float(np.ptp(mesh[0], axis=0).max())
    cell_m = extent / 400.0
    while len(out[1]) > most:
        out = welded(mesh, cell_m)
        cell_m *= 1.15
    return out


def creased(mesh: Mesh, angle_rad: float = CREASE_RAD) -> Mesh:
    """Return a mesh whose faces share points only where they meet at less than an angle."""
    points, faces = welded(mesh)
    a, b, c = (points[faces[:, k]] for k in range(3))
    flat = np.cross(b - a, c - a)
    areas = np.linalg.norm(flat, axis=1, keepdims=True)
    faces = faces[areas[:, 0] > LEAST_M2]
    flat = flat[areas[:, 0] > LEAST_M2] / areas[areas > LEAST_M2][:, None]
    pairs = np.array(list(_smooth(faces, flat, cos(angle_rad))), np.int64).reshape(-1, 2)
    count = faces.size
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    groups, which = connected_components(graph, directed=False)
    out = np.zeros((groups, 3))
    out[which] = points[faces.reshape(-1)]
    return out, which.reshape(-1, 3).astype(np.int64)


def _smooth(faces: Triangles, flat: Points, least: float) -> Iterator[tuple[int, int]]:
    """Yield pairs of corners (3 * face + place) that are one point of a round surface."""
    edges: dict[tuple[int, int], tuple[int, int, int]] = {}
    for face, corners in enumerate(faces.tolist()):
        for place in range(3):
            start, end = corners[place], corners[(place + 1) % 3]
            here = (face, 3 * face + place, 3 * face + (place + 1) % 3)
            other = edges.get((end, start))
            if other is None:
                edges[(start, end)] = here
            elif float(flat[face] @ flat[other[0]]) > least:
                yield here[1], other[2]
                yield here[2], other[1]
