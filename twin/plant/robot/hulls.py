"""Hulls: the convex shapes that stand for links, tools, parts and machines in collision checks.

A shape is plain data (`twin.spec.arms.description`), so that it may be kept, compared and sent. The
library's own geometry is made from it once and cached here; it is never part of a run's state.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil, hypot
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.spec.arms import description as shapes
from twin.spec.arms.description import Frame, Solid

from .placement import HERE, Matrix, Placement, Vector

Role = Literal["arm", "tool", "held", "fixed", "part"]
"""`arm`: a link. `tool`: on a flange. `held`: a part that a tool carries. `fixed`: machines, belts,
whatever does not give way. `part`: one that lies somewhere."""
LEAST_M = 1e-4
"""Half of the least edge that a shape has: what is flatter counts as so thick."""
MOST_SPHERES = 6


class Hull(NamedTuple):
    """A convex shape that must not touch others."""

    name: str
    shape: Solid
    at: Placement = HERE
    """In the frame of the link or body that it belongs to."""
    role: Role = "fixed"
    press_m: float = 0.0
    """How far a tool may press into it from above, along its own z axis; boxes only."""

    # Shapes are tuples: without their kind a cylinder would be a capsule of the same numbers, and
    # what is cached for the one would be taken for the other.

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Hull)
            and type(self.shape) is type(other.shape)
            and tuple.__eq__(self, other)
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self)

    def pressed(self) -> "Hull":
        """Return it as a tool finds it: lower by what the tool may press."""
        if self.press_m <= 0.0 or not isinstance(self.shape, shapes.Box):
            return self
        x, y, z = self.shape.size
        less = min(self.press_m, z - 2.0 * LEAST_M)
        at = self.at.then(Placement(0.0, 0.0, -less / 2.0))
        return self._replace(shape=shapes.Box((x, y, z - less)), at=at, press_m=0.0)

    def on(self, frame: Placement) -> "Hull":
        """Return it in the frame that `frame` is given in."""
        return self._replace(at=frame.then(self.at))


def box(
    name: str, size: Vector, at: Placement = HERE, *, role: Role = "fixed", press_m: float = 0.0
) -> Hull:
    """Return a box that stands on a placement: the middle of its underside."""
    x, y, z = (max(edge, 2.0 * LEAST_M) for edge in size)
    middle = at.then(Placement(0.0, 0.0, z / 2.0))
    return Hull(name, shapes.Box((x, y, z)), middle, role, press_m)


def around(
    name: str, points: Iterable[Sequence[float]], at: Placement = HERE, *, role: Role = "fixed"
) -> Hull:
    """Return the hull of points, m.

    Raises:
        ValueError: there are fewer than four, or all lie in one plane.
    """
    corners = tuple((float(x), float(y), float(z)) for x, y, z in points)
    hull = Hull(name, shapes.Hull(corners), at, role)
    geometry(hull.shape)
    return hull


def placed(frame: Frame) -> Placement:
    """Return a frame of a description as a placement."""
    return Placement(*frame.xyz, *frame.turn).normal()


# ---- the library's geometry


@lru_cache(maxsize=4096, typed=True)
def geometry(shape: Solid) -> Any:
    """Return the library's geometry of a shape.

    Raises:
        ValueError: the points of a hull lie in one plane, or are too few.
    """
    import coal

    if isinstance(shape, shapes.Box):
        return coal.Box(*(max(edge, 2.0 * LEAST_M) for edge in shape.size))
    if isinstance(shape, shapes.Sphere):
        return coal.Sphere(max(shape.radius, LEAST_M))
    if isinstance(shape, shapes.Cylinder):
        return coal.Cylinder(max(shape.radius, LEAST_M), max(shape.length, 2.0 * LEAST_M))
    if isinstance(shape, shapes.Capsule):
        return coal.Capsule(max(shape.radius, LEAST_M), max(shape.length, 2.0 * LEAST_M))
    return _convex(shape)


def _convex(shape: shapes.Hull) -> Any:
    import coal

    points = np.array(shape.points, dtype=float).reshape(-1, 3)
    spread = points - points.mean(axis=0) if len(points) else points
    if len(points) < 4 or np.linalg.matrix_rank(spread, tol=LEAST_M) < 3:
        raise ValueError(
            f"a hull needs four points that are not in one plane; these {len(points)} are flat: "
            "give it a thickness"
        )
    held = coal.StdVec_Vec3s()
    for point in points:
        held.append(point)
    # The hull of the points themselves; a "convex representation" of a mesh is none and misses.
    return coal.Convex.convexHull(held, True, "Qt")  # noqa: FBT003


def corners(shape: Solid) -> Matrix:
    """Return the corners (n, 3) of the hull that the library made of points."""
    made = geometry(shape)
    return np.array([made.point(k) for k in range(made.num_points)])


# ---- many hulls as arrays


class Kit(NamedTuple):
    """Hulls that move as one, as arrays, in the frame of what moves them."""

    hulls: tuple[Hull, ...]
    shapes: tuple[Any, ...]
    """The library's geometry of each."""
    turn: Matrix
    """(k, 3, 3): from each shape's frame."""
    place: Matrix
    """(k, 3) of each shape's frame, m."""
    middle: Matrix
    """(k, 3): middles of the boxes around them; their axes are those of the shapes."""
    half: Matrix
    """(k, 3): half the edges of these boxes."""
    balls: Matrix
    """(b, 3): middles of spheres that cover them."""
    of_ball: Matrix
    """(b,): radius of each sphere."""
    starts: NDArray[np.intp]
    """(k,): number of each hull's first sphere."""
    reach: Matrix
    """(k,): greatest distance of a point from the middle."""

    def moved(self, to: Placement) -> "Kit":
        """Return it in the frame that `to` is given in."""
        matrix = to.matrix()
        turn, place = matrix[:3, :3], matrix[:3, 3]
        return self._replace(
            turn=turn @ self.turn,
            place=self.place @ turn.T + place,
            middle=self.middle @ turn.T + place,
            balls=self.balls @ turn.T + place,
        )


@lru_cache(maxsize=4096)
def kit(hulls: tuple[Hull, ...]) -> Kit:
    """Return hulls as arrays."""
    rows = [_covered(hull.shape, hull.at) for hull in hulls]
    turns = [hull.at.matrix()[:3, :3] for hull in hulls]
    counts = [len(row[2]) for row in rows]
    return Kit(
        hulls,
        tuple(geometry(hull.shape) for hull in hulls),
        np.array(turns).reshape(-1, 3, 3),
        np.array([hull.at.place for hull in hulls]).reshape(-1, 3),
        np.array([row[0] for row in rows]).reshape(-1, 3),
        np.array([row[1] for row in rows]).reshape(-1, 3),
        np.array([ball for row in rows for ball in row[2]]).reshape(-1, 3),
        np.array([row[3] for row in rows for _ in row[2]]),
        np.cumsum([0, *counts])[:-1] if rows else np.zeros(0, dtype=np.intp),
        np.array([hypot(*row[1]) for row in rows]),
    )


def together(kits: Sequence[Kit]) -> Kit:
    """Return several kits as one."""
    if len(kits) == 1:
        return kits[0]
    shift = np.cumsum([0, *(len(each.balls) for each in kits)])
    starts = [each.starts + more for each, more in zip(kits, shift, strict=False)]
    return Kit(
        tuple(hull for each in kits for hull in each.hulls),
        tuple(shape for each in kits for shape in each.shapes),
        np.concatenate([each.turn for each in kits]),
        np.concatenate([each.place for each in kits]),
        np.concatenate([each.middle for each in kits]),
        np.concatenate([each.half for each in kits]),
        np.concatenate([each.balls for each in kits]),
        np.concatenate([each.of_ball for each in kits]),
        np.concatenate(starts),
        np.concatenate([each.reach for each in kits]),
    )


def spread(kits: Sequence[Kit], at: Sequence[Placement]) -> Kit:
    """Return several kits as one, each in the frame that its placement is given in."""
    if len(kits) == 1:
        return kits[0].moved(at[0])
    one = together(kits)
    turns, places = _matrices(at)
    hulls = np.repeat(np.arange(len(kits)), [len(each.hulls) for each in kits])
    balls = np.repeat(np.arange(len(kits)), [len(each.balls) for each in kits])

    def moved(points: Matrix, of: NDArray[np.intp]) -> Matrix:
        return np.asarray((turns[of] @ points[:, :, None])[:, :, 0] + places[of])

    return one._replace(
        turn=turns[hulls] @ one.turn,
        place=moved(one.place, hulls),
        middle=moved(one.middle, hulls),
        balls=moved(one.balls, balls),
    )


def _matrices(at: Sequence[Placement]) -> tuple[Matrix, Matrix]:
    """Return rotations (k, 3, 3) and places (k, 3) of placements."""
    data = np.array(at, dtype=float)
    w, i, j, k = data[:, 3:].T
    rows = (
        1.0 - 2.0 * (j * j + k * k), 2.0 * (i * j - w * k), 2.0 * (i * k + w * j),
        2.0 * (i * j + w * k), 1.0 - 2.0 * (i * i + k * k), 2.0 * (j * k - w * i),
        2.0 * (i * k - w * j), 2.0 * (j * k + w * i), 1.0 - 2.0 * (i * i + j * j),
    )  # fmt: skip
    return np.stack(rows, axis=1).reshape(-1, 3, 3), data[:, :3]


def _covered(shape: Solid, at: Placement) -> tuple[Vector, Vector, list[Vector], float]:
    """Return middle and half edges of a box around a shape, and spheres that cover it."""
    low, high = _extent(shape)
    centre = [(a + b) / 2.0 for a, b in zip(low, high, strict=True)]
    half = [max((b - a) / 2.0, LEAST_M) for a, b in zip(low, high, strict=True)]
    order = sorted(range(3), key=half.__getitem__)
    long, wide = order[2], hypot(half[order[0]], half[order[1]])
    count = min(max(ceil(half[long] / wide), 1), MOST_SPHERES)
    step = 2.0 * half[long] / count
    balls = []
    for k in range(count):
        ball = list(centre)
        ball[long] += -half[long] + (k + 0.5) * step
        balls.append(at.point(ball))
    return at.point(centre), (half[0], half[1], half[2]), balls, hypot(wide, step / 2.0)


def _extent(shape: Solid) -> tuple[Vector, Vector]:
    if isinstance(shape, shapes.Box):
        x, y, z = (edge / 2.0 for edge in shape.size)
    elif isinstance(shape, shapes.Sphere):
        x = y = z = shape.radius
    elif isinstance(shape, shapes.Cylinder):
        x = y = shape.radius
        z = shape.length / 2.0
    elif isinstance(shape, shapes.Capsule):
        x = y = shape.radius
        z = shape.length / 2.0 + shape.radius
    else:
        points = np.array(shape.points)
        low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        return (low[0], low[1], low[2]), (high[0], high[1], high[2])
    return (-x, -y, -z), (x, y, z)
