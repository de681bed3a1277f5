"""Heads that work on parts, as obstacles: stand, arm and tool, where people see them.

They stand at the place of the part that they work on, in the frame of what that lies on.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from twin.plant.motion.belt import Belt, Chute
from twin.plant.motion.frame import Frame
from twin.plant.motion.process import ProcessHead
from twin.spec.arms import description as shapes
from twin.spec.arms.description import Vector

from .hulls import Hull, box, placed
from .placement import Placement

BEHIND_M = 0.12
"""From the part, or the edge of its belt, to the stand."""
STAND_M = 0.09
TALL_M = {"press": 0.34, "screw": 0.40, "weld": 0.30, "dispense": 0.34}
"""How much higher than a part the stands are."""


class Site(NamedTuple):
    """Where a head stands."""

    name: str
    process: str
    behind: float
    """From the middle of the part to the stand, m."""
    floor: float
    """How high the floor is above the part's underside, m."""
    part: Vector


def head_frame(body: ProcessHead) -> Frame:
    """Return the frame that its hulls are in."""
    spec: Any = body.spec
    if spec.on is not None or any(spec.at_m):
        return body.frame
    return body.world.bodies[spec.sees].frame


def head(body: ProcessHead, part: Vector) -> list[Hull]:
    """Return the hulls of a head.

    Args:
        body: the head.
        part: size that the largest part needs, m.
    """
    spec: Any = body.spec
    host = body.world.bodies[spec.sees]
    wide = getattr(host.spec, "width_m", part[1] + 0.06)
    behind = max(wide / 2.0, part[1] / 2.0) + BEHIND_M
    frame = head_frame(body)
    along = spec.along_m if frame is host.frame and isinstance(host, Belt | Chute) else 0.0
    at = Placement(along, 0.0, 0.0)
    floor = -frame.pose.z if frame.fixed else -0.1
    made = MAKERS.get(spec.process, _stand)
    return [hull.on(at) for hull in made(Site(body.id, spec.process, behind, floor, part))]


def _block(name: str, x: float, y: tuple[float, float], z: tuple[float, float]) -> Hull:
    """Return a block as wide as `x` to both sides."""
    size = (2.0 * x, y[1] - y[0], z[1] - z[0])
    return box(name, size, Placement(0.0, (y[0] + y[1]) / 2.0, z[0]))


def _rod(name: str, start: Vector, end: Vector, radius: float) -> Hull:
    frame, length = shapes.Frame.along(start, end)
    return Hull(name, shapes.Cylinder(radius, length), placed(frame))


def _stand(site: Site) -> Iterator[Hull]:
    half = 0.065 if site.process == "press" else STAND_M / 2.0
    y = site.behind + 0.05
    top = site.part[2] + TALL_M.get(site.process, 0.3)
    yield _block(site.name, half, (y - half, y + half), (site.floor, top))


def _press(site: Site) -> Iterator[Hull]:
    yield from _stand(site)
    top = site.part[2] + 0.34
    yield _block(site.name, 0.08, (-0.1, site.behind + 0.1), (top - 0.06, top + 0.05))
    yield _rod(site.name, (0.0, 0.0, top), (0.0, 0.0, top + 0.22), 0.06)
    yield _rod(site.name, (0.0, 0.0, site.part[2] + 0.14), (0.0, 0.0, top), 0.05)


def _weld(site: Site) -> Iterator[Hull]:
    yield from _stand(site)
    z = site.part[2]
    elbow = (0.0, site.behind * 0.5, z + 0.22)
    yield _rod(site.name, (0.0, site.behind + 0.05, z + 0.28), elbow, 0.028)
    yield _rod(site.name, elbow, (0.0, 0.004, z + 0.016), 0.02)


def _screw(site: Site) -> Iterator[Hull]:
    yield from _stand(site)
    top = site.part[2] + 0.36
    yield _block(site.name, 0.03, (-0.02, site.behind + 0.08), (top, top + 0.04))
    yield _rod(site.name, (0.0, 0.0, site.part[2] + 0.1), (0.0, 0.0, top + 0.06), 0.034)


def _dispense(site: Site) -> Iterator[Hull]:
    yield from _stand(site)
    z = site.part[2]
    yield _rod(site.name, (0.0, site.behind + 0.05, z + 0.3), (0.0, 0.03, z + 0.2), 0.022)
    yield _rod(site.name, (0.0, 0.012, z + 0.03), (0.0, 0.05, z + 0.385), 0.034)


def _oven(site: Site) -> Iterator[Hull]:
    half = max(site.part[0] + 0.3, 0.5) / 2.0
    low, top = site.part[2] + 0.05, site.part[2] + 0.35
    yield _block(site.name, half, (-site.behind, site.behind), (low, top))
    yield _block(site.name, 0.06, (-0.06, 0.06), (top, top + 0.22))
    for inner, outer in ((-site.behind, 0.05 - site.behind), (site.behind - 0.05, site.behind)):
        yield _block(site.name, half, (inner, outer), (-0.02, low))


def _mill(site: Site) -> Iterator[Hull]:
    back, z = site.behind + 0.06, site.part[2] * 0.6
    yield _block(site.name, 0.13, (back, back + 0.2), (site.floor, site.part[2] + 0.34))
    yield _block(site.name, 0.09, (back - 0.05, back), (z - 0.09, z + 0.13))
    yield _rod(site.name, (0.0, back, z), (0.0, back - 0.17, z), 0.06)


MAKERS = {
    "press": _press,
    "weld": _weld,
    "screw": _screw,
    "dispense": _dispense,
    "oven": _oven,
    "mill": _mill,
    "drill": _mill,
}
