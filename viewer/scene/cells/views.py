"""Where one looks at a workcell from: as its file says, and one view that shows all of it."""

import math
from typing import TYPE_CHECKING

from twin.spec.motion import Workcell
from viewer.scene.camera import fitted
from viewer.scene.document import Camera, Point

if TYPE_CHECKING:
    from viewer.scene.hall import Hall

ANGLE_DEG = 34.0
HEADING_DEG = 66.0
ELEVATION_DEG = 30.0


def cameras_of(cell: Workcell, hall: "Hall") -> dict[str, Camera]:
    """Return `cell:WORKCELL`, and `cell:WORKCELL:VIEW` for each view of the file."""
    spot = hall.spots[cell.id]
    corners = spot.corners(0.0)
    points: list[Point] = [(x, y, z) for x, y in corners for z in (0.0, spot.h)]
    whole = fitted(
        points,
        heading_deg=math.degrees(spot.heading_rad) + HEADING_DEG,
        elevation_deg=ELEVATION_DEG,
        room=(-0.9, 0.9, -0.86, 0.86),
    )
    cameras = {f"cell:{cell.id}": whole}
    x0, y0 = hall.origin(cell.id)
    c, s = math.cos(spot.heading_rad), math.sin(spot.heading_rad)

    def out(point: Point) -> Point:
        x, y, z = point
        return (x0 + c * x - s * y, y0 + s * x + c * y, z)

    for view in cell.views:
        cameras[f"cell:{cell.id}:{view.id}"] = Camera(out(view.from_m), out(view.to_m), ANGLE_DEG)
    return cameras
