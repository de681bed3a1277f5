"""Points of view that show everything, and not much more."""

import math
from collections.abc import Iterable

import numpy as np

from .document import Camera, Point, SceneDocument
from .solid import Matrix

ASPECT = 16 / 9
ANGLE_DEG = 24.0
AROUND_M = 0.8
ROOM = (-0.95, 0.95, -0.84, 0.78)


def fitted(
    points: Iterable[Point],
    *,
    heading_deg: float,
    elevation_deg: float,
    aspect: float = ASPECT,
    room: tuple[float, float, float, float] = ROOM,
    angle_deg: float = ANGLE_DEG,
) -> Camera:
    """Return the nearest camera that sees all points.

    Args:
        points: What the camera must see, m.
        heading_deg: Where the camera looks to on the floor; 90 is along +y.
        elevation_deg: How far above the floor it stands; 90 is straight above.
        aspect: Width over height of the picture.
        room: Left, right, lower and upper bound of the points on the picture, -1 to 1.
        angle_deg: Vertical angle of view.
    """
    cloud = np.array(list(points), float)
    heading, elevation = math.radians(heading_deg), math.radians(elevation_deg)
    ahead = np.array(
        [
            math.cos(heading) * math.cos(elevation),
            math.sin(heading) * math.cos(elevation),
            -math.sin(elevation),
        ]
    )
    right = np.array([math.sin(heading), -math.cos(heading), 0.0])
    up = np.cross(right, ahead)
    tan_y = math.tan(math.radians(angle_deg) / 2)
    tan_x = tan_y * aspect
    low_x, high_x = room[0] * tan_x, room[1] * tan_x
    low_y, high_y = room[2] * tan_y, room[3] * tan_y
    middle = cloud.mean(axis=0)
    x, y, z = (cloud - middle) @ right, (cloud - middle) @ up, (cloud - middle) @ ahead
    # Seen from (u, v, -away), a point is at ((x - u) / (z + away), (y - v) / (z + away)): the
    # bounds are linear in u, v and away, so the nearest camera meets one of them on each side.
    away_x = (max(x - high_x * z) - min(x - low_x * z)) / (high_x - low_x)
    away_y = (max(y - high_y * z) - min(y - low_y * z)) / (high_y - low_y)
    away = max(away_x, away_y)
    u = (max(x - high_x * (z + away)) + min(x - low_x * (z + away))) / 2
    v = (max(y - high_y * (z + away)) + min(y - low_y * (z + away))) / 2
    position = middle + right * u + up * v - ahead * away
    return Camera(_point(position), _point(position + ahead * away), angle_deg)


def near(document: SceneDocument, asset: str) -> Camera:
    """Return a view of one asset and a little around it."""
    found = document.assets[asset]
    x, y, _ = found.position_m
    reach = max(found.size_m[:2]) / 2 + AROUND_M
    points = [
        (x + i * reach, y + j * reach, z)
        for i in (-1, 1)
        for j in (-1, 1)
        for z in (0.0, found.size_m[2] + AROUND_M)
    ]
    return fitted(points, heading_deg=72, elevation_deg=26)


def _point(values: Matrix) -> Point:
    x, y, z = (float(v) for v in values)
    return (x, y, z)
