"""The points of a mesh file: STL and OBJ."""

import struct
from functools import lru_cache
from pathlib import Path

from .description import Points

MAX_BYTES = 20_000_000
HEAD, FACET = 84, 50
SUFFIXES = (".stl", ".obj", ".dae")
"""Of files that can be looked at; those for collisions are STL or OBJ."""


@lru_cache(maxsize=64)
def vertices(path: str) -> Points | None:
    """Return the points of a mesh file, each once, in the file's unit; None: it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return None
    if len(data) > MAX_BYTES:
        return None
    try:
        if path.lower().endswith(".stl"):
            found = _stl(data)
        elif path.lower().endswith(".obj"):
            found = _lines(data, "v")
        else:
            return None
    except (ValueError, struct.error):
        return None
    return tuple(dict.fromkeys(found))


def _stl(data: bytes) -> list[tuple[float, float, float]]:
    count = struct.unpack_from("<I", data, 80)[0] if len(data) >= HEAD else 0
    if len(data) != HEAD + FACET * count:  # written as text
        return _lines(data, "vertex")
    found = []
    for number in range(count):
        nine = struct.unpack_from("<9f", data, HEAD + FACET * number + 12)
        found += [nine[0:3], nine[3:6], nine[6:9]]
    return found


def _lines(data: bytes, word: str) -> list[tuple[float, float, float]]:
    found = []
    for line in data.decode().splitlines():
        words = line.split()
        if len(words) >= 4 and words[0] == word:
            found.append((float(words[1]), float(words[2]), float(words[3])))
    return found


def hull(points: Points) -> Points:
    """Return those of the points that are corners of their convex hull; flat ones: all."""
    import numpy as np
    from scipy.spatial import ConvexHull, QhullError

    try:
        corners = ConvexHull(np.array(points)).vertices
    except (QhullError, ValueError):
        return points
    return tuple(points[int(number)] for number in sorted(corners))
