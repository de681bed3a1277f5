"""Unit shapes: extent 1 in x, y and z, centred on the origin, flat shaded.

Every shape is `(n, 3) float` points and `(m, 3) int` triangles. Faces that share a point look round
there; those of the shapes below do not share any, so that each face keeps its own normal. Shapes
that were made for a scene (`viewer.scene.stock`) are found here as well.
"""

import math
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from . import stock
from .errors import SceneError

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]
Mesh = tuple[Points, Triangles]

ROUND_SIDES = 20
ROLLER_SIDES = 4
ROLLER_COUNTS = (2, 3, 4, 6, 8, 11, 16, 22, 32, 44, 64)
SMOOTH = ("cylinder", "cone", "sphere")


@cache
def mesh(name: str) -> Mesh:
    """Return the points and triangles of the unit shape `name`.

    Args:
        name: `box`, `cylinder`, `cone`, `sphere`, `diamond`, `wedge`, `ring`, or `rollers_N`:
            N rollers along x with their axes along y; `chevrons_N`: N flat arrow heads along x,
            each at the beginning of its share of it; `bars_N`: N upright strips along x;
            `ribs`: two bars on a unit cylinder; `bellows`: a box whose sides are folded.
    """
    made = stock.find(name)
    if made is not None:
        return made
    kind, _, count = name.rpartition("_")
    if kind in ROWS and count.isdigit():
        return _soup(ROWS[kind](int(count)))
    makers = {
        "box": _box,
        "cylinder": lambda: _turned([(0.5, -0.5), (0.5, 0.5)], ROUND_SIDES),
        "cone": lambda: _turned([(0.5, -0.5), (0.18, 0.5)], ROUND_SIDES),
        "sphere": lambda: _turned(_arc(8), ROUND_SIDES),
        "diamond": lambda: _turned([(0.0, -0.5), (0.5, 0.0), (0.0, 0.5)], 4),
        "wedge": _wedge,
        "ring": _ring,
        "ribs": _ribs,
        "bellows": _bellows,
    }
    if name not in makers:
        raise SceneError(f"there is no shape {name!r}; shapes are: {', '.join(makers)}, rollers_N")
    return _soup(makers[name]())


Polygon = list[tuple[float, float, float]]


def _soup(polygons: list[Polygon]) -> Mesh:
    corners: list[tuple[float, float, float]] = []
    triangles: list[tuple[int, int, int]] = []
    for polygon in polygons:
        first = len(corners)
        corners += polygon
        triangles += [(first, first + i, first + i + 1) for i in range(1, len(polygon) - 1)]
    return np.array(corners, float), np.array(triangles, np.int64)


def _box() -> list[Polygon]:
    h = 0.5
    low = [(-h, -h, -h), (h, -h, -h), (h, h, -h), (-h, h, -h)]
    top = [(x, y, h) for x, y, _ in low]
    sides = [[low[i], low[(i + 1) % 4], top[(i + 1) % 4], top[i]] for i in range(4)]
    return [low[::-1], top, *sides]


def _wedge() -> list[Polygon]:
    h = 0.5
    left = [(-h, -h, -h), (-h, h, -h), (-h, h, h)]
    right = [(h, y, z) for _, y, z in left]
    return [
        left[::-1],
        right,
        [left[0], right[0], right[2], left[2]],
        [left[1], left[2], right[2], right[1]],
        [left[0], left[1], right[1], right[0]],
    ]


def _arc(steps: int) -> list[tuple[float, float]]:
    angles = [math.pi * (i / steps - 0.5) for i in range(steps + 1)]
    return [(max(0.5 * math.cos(a), 0.0), 0.5 * math.sin(a)) for a in angles]


def _turned(profile: list[tuple[float, float]], sides: int) -> list[Polygon]:
    """Turn a profile of (radius, z) about z, closing its ends."""
    angles = [2 * math.pi * i / sides for i in range(sides)]
    rings = [[(r * math.cos(a), r * math.sin(a), z) for a in angles] for r, z in profile]
    faces: list[Polygon] = []
    for lower, upper in pairwise(rings):
        for i in range(sides):
            j = (i + 1) % sides
            quad = [lower[i], lower[j], upper[j], upper[i]]
            faces.append([p for k, p in enumerate(quad) if p != quad[k - 1]])
    for (radius, _), ring, turn in zip(
        (profile[0], profile[-1]), (rings[0], rings[-1]), (-1, 1), strict=True
    ):
        if radius > 1e-6:
            faces.append(ring[::turn])
    return [face for face in faces if len(face) > 2]


def _ring() -> list[Polygon]:
    profile = [(0.5, -0.5), (0.5, 0.5), (0.36, 0.5), (0.36, -0.5), (0.5, -0.5)]
    return _turned(profile, ROUND_SIDES)[: 4 * ROUND_SIDES]


def _rollers(count: int) -> list[Polygon]:
    """Only the upper halves: rails and bed hide the rest."""
    pitch = 1.0 / count
    angles = [math.pi * i / ROLLER_SIDES for i in range(ROLLER_SIDES + 1)]
    faces: list[Polygon] = []
    for k in range(count):
        centre = -0.5 + (k + 0.5) * pitch
        arc = [(centre + 0.41 * pitch * math.cos(a), math.sin(a) - 0.5) for a in angles]
        for (x0, z0), (x1, z1) in pairwise(arc):
            faces.append([(x0, 0.5, z0), (x0, -0.5, z0), (x1, -0.5, z1), (x1, 0.5, z1)][::-1])
    return faces


def _chevrons(count: int) -> list[Polygon]:
    """Two slanted bands each, seen from above and below; flat."""
    pitch = 1.0 / count
    arm, wide = 0.42 * pitch, 0.3 * pitch
    faces: list[Polygon] = []
    for k in range(count):
        x = -0.5 + k * pitch
        for side in (-1.0, 1.0):
            tip, foot = (x + arm, 0.0), (x, side * 0.5)
            face = [
                (foot[0], foot[1], 0.5),
                (foot[0] + wide, foot[1], 0.5),
                (tip[0] + wide, tip[1], 0.5),
                (tip[0], tip[1], 0.5),
            ]
            under = [(px, py, -0.5) for px, py, _ in face]
            faces += [face, under[::-1]] if side < 0 else [face[::-1], under]
    return faces


def _ribs() -> list[Polygon]:
    """Two bars along z on opposite sides of a cylinder, a little proud of it."""
    faces: list[Polygon] = []
    half, low, high = 0.07, 0.46, 0.5
    for side in (-1.0, 1.0):
        corners = [
            (side * x, side * y, z)
            for x, y, z in (
                (low, -half, -0.5), (high, -half, -0.5), (high, half, -0.5), (low, half, -0.5),
                (low, -half, 0.5), (high, -half, 0.5), (high, half, 0.5), (low, half, 0.5),
            )
        ]  # fmt: skip
        for a, b, c, d in ((0, 3, 2, 1), (4, 5, 6, 7), (1, 2, 6, 5), (0, 1, 5, 4), (2, 3, 7, 6)):
            faces.append([corners[a], corners[b], corners[c], corners[d]])
    return faces


def _bellows() -> list[Polygon]:
    folds = 6
    rings: list[Polygon] = []
    for k in range(2 * folds + 1):
        h, z = (0.5 if k % 2 else 0.43), -0.5 + k / (2 * folds)
        rings.append([(-h, -h, z), (h, -h, z), (h, h, z), (-h, h, z)])
    faces = [rings[0][::-1], rings[-1]]
    for low, top in pairwise(rings):
        faces += [[low[i], low[(i + 1) % 4], top[(i + 1) % 4], top[i]] for i in range(4)]
    return faces


def _bars(count: int) -> list[Polygon]:
    """Upright strips along x, thin against their pitch, seen from both sides."""
    pitch = 1.0 / count
    half = 0.045 * pitch
    faces: list[Polygon] = []
    for k in range(count):
        x = -0.5 + (k + 0.5) * pitch
        for y in (-0.5, 0.5):
            face = [
                (x - half, y, -0.5),
                (x + half, y, -0.5),
                (x + half, y, 0.5),
                (x - half, y, 0.5),
            ]
            faces.append(face if y < 0 else face[::-1])
    return faces


ROWS = {"rollers": _rollers, "chevrons": _chevrons, "bars": _bars}
"""Shapes in a row along x, by how many they are."""


def rollers(length_m: float, pitch_m: float) -> str:
    """Return the name of the roller shape nearest to a pitch; few counts, to share shapes."""
    return f"rollers_{_nearest(length_m, pitch_m)}"


def chevrons(length_m: float, pitch_m: float) -> tuple[str, float]:
    """Return the name of the chevron shape nearest to a pitch, and the pitch that it has, m."""
    count = _nearest(length_m, pitch_m)
    return f"chevrons_{count}", length_m / count


def bars(length_m: float, pitch_m: float) -> str:
    """Return the name of the row of bars nearest to a pitch."""
    return f"bars_{_nearest(length_m, pitch_m)}"


def _nearest(length_m: float, pitch_m: float) -> int:
    wanted = max(length_m / pitch_m, 1.0)
    return min(ROLLER_COUNTS, key=lambda n: abs(math.log(n / wanted)))


@cache
def normals(name: str) -> Points:
    """Return the `(n, 3) float` normals of the unit shape's points, smooth on round ones."""
    points, triangles = mesh(name)
    out = np.zeros_like(points)
    a, b, c = (points[triangles[:, i]] for i in range(3))
    flat = np.cross(b - a, c - a)
    for i in range(3):
        np.add.at(out, triangles[:, i], flat)
    lengths = np.linalg.norm(out, axis=1, keepdims=True)
    out = np.where(lengths > 1e-12, out / np.maximum(lengths, 1e-12), [0.0, 0.0, 1.0])
    if name in SMOOTH:
        round_ = np.abs(out[:, 2]) < 0.98
        smooth = np.column_stack([points[:, 0], points[:, 1], np.zeros(len(points))])
        if name == "sphere":
            smooth, round_ = points.copy(), np.ones(len(points), bool)
        out[round_] = smooth[round_] / np.linalg.norm(smooth[round_], axis=1, keepdims=True)
    return out
