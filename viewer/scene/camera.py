"""Points of view that show everything, and not much more."""

import math
from collections.abc import Iterable

from .document import Camera, Point

ASPECT = 16 / 9
ANGLE_DEG = 24.0


def fitted(
    points: Iterable[Point],
    *,
    heading_deg: float,
    elevation_deg: float,
    aspect: float = ASPECT,
    fill: tuple[float, float] = (0.96, 0.9),
    angle_deg: float = ANGLE_DEG,
) -> Camera:
    """Return the nearest camera that sees all points.

    Args:
        points: What the camera must see, m.
        heading_deg: Where the camera looks to on the floor; 90 is along +y.
        elevation_deg: How far above the floor it stands; 90 is straight above.
        aspect: Width over height of the picture.
        fill: Share of the picture's width and height that they may take.
        angle_deg: Vertical angle of view.
    """
    corners: list[tuple[float, ...]] = list(points)
    heading, elevation = math.radians(heading_deg), math.radians(elevation_deg)
    ahead = (
        math.cos(heading) * math.cos(elevation),
        math.sin(heading) * math.cos(elevation),
        -math.sin(elevation),
    )
    right = (math.sin(heading), -math.cos(heading), 0.0)
    up = _cross(right, ahead)
    tan_y = math.tan(math.radians(angle_deg) / 2) * fill[1]
    tan_x = math.tan(math.radians(angle_deg) / 2) * aspect * fill[0]
    target = tuple((min(v) + max(v)) / 2 for v in zip(*corners, strict=True))
    away = 1.0
    for _ in range(40):
        xs, ys = _seen(corners, target, away, ahead, right, up)
        if max(map(abs, xs)) <= tan_x and max(map(abs, ys)) <= tan_y:
            break
        away *= 1.25
    near = away / 1.25
    for _ in range(30):
        middle = (near + away) / 2
        xs, ys = _seen(corners, target, middle, ahead, right, up)
        dx, dy = (max(xs) + min(xs)) / 2 * middle, (max(ys) + min(ys)) / 2 * middle
        target = tuple(
            t + r * dx * 0.5 + u * dy * 0.5 for t, r, u in zip(target, right, up, strict=True)
        )
        xs, ys = _seen(corners, target, middle, ahead, right, up)
        if max(map(abs, xs)) <= tan_x and max(map(abs, ys)) <= tan_y:
            away = middle
        else:
            near = middle
        if away - near < 0.01:
            near = away * 0.98
    position = tuple(t - a * away for t, a in zip(target, ahead, strict=True))
    return Camera(_point(position), _point(target), angle_deg)


def _seen(
    corners: Iterable[tuple[float, ...]],
    target: tuple[float, ...],
    away: float,
    ahead: Point,
    right: Point,
    up: Point,
) -> tuple[list[float], list[float]]:
    """Return the tangents at which the corners are seen, to the right and up."""
    xs, ys = [], []
    for corner in corners:
        d = [c - t for c, t in zip(corner, target, strict=True)]
        depth = max(away + _dot(d, ahead), 0.05)
        xs.append(_dot(d, right) / depth)
        ys.append(_dot(d, up) / depth)
    return xs, ys


def _dot(a: Iterable[float], b: Iterable[float]) -> float:
    return sum(p * q for p, q in zip(a, b, strict=True))


def _cross(a: Point, b: Point) -> Point:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def _point(values: Iterable[float]) -> Point:
    x, y, z = values
    return (x, y, z)
