"""The floor as one picture: zones, roads, safety lines, and the soft shadow under everything."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw
from scipy import ndimage

from . import palette
from .document import Paint, SceneDocument
from .spot import Flat

Mask = NDArray[np.bool_]
Picture = NDArray[np.uint8]

FINEST_PX_M = 96.0
BORDER_M = 0.1
EDGE_M = 0.06
DASH_M = 0.9
SHADOW_M = 0.42
SHADOW = 0.42
CLOSED_M = 0.75
ROUND_M = 0.3


def texture(document: SceneDocument, *, longest: int = 2048) -> Picture:
    """Return the floor seen from above, `(rows, columns, 3) uint8`, +y up."""
    return _Sheet(document, longest).painted()


class _Sheet:
    """A drawing of the floor at a scale."""

    def __init__(self, document: SceneDocument, longest: int) -> None:
        self._document = document
        x0, y0, x1, y1 = document.floor_m
        self._scale = min(FINEST_PX_M, longest / max(x1 - x0, y1 - y0))
        self._size = (round((x1 - x0) * self._scale), round((y1 - y0) * self._scale))
        self._corner = (x0, y1)

    def painted(self) -> Picture:
        rgb = np.empty((self._size[1], self._size[0], 3), float)
        rgb[:] = _rgb(palette.FLOOR)
        self._tiles(rgb)
        zone = self._zone()
        lane = self._lanes(1.0)
        rgb[zone] = _rgb(palette.FLOOR_ZONE)
        rgb[zone & ~self._shrunk(zone, BORDER_M)] = _rgb(palette.SAFETY)
        rgb[lane] = _rgb(palette.FLOOR_LANE)
        rgb[lane & ~self._shrunk(lane, EDGE_M)] = _rgb(palette.LANE_EDGE)
        rgb[self._dashes() & lane] = _rgb(palette.LANE_EDGE)
        return self._shaded(rgb)

    def _tiles(self, rgb: NDArray[np.float64]) -> None:
        """Draw the joints of the slab, every five metres."""
        x0, y1 = self._corner
        for axis, first in ((1, x0), (0, y1)):
            sign = 1 if axis == 1 else -1
            count = rgb.shape[axis]
            at = [round((5.0 * k - first) * sign * self._scale) for k in range(-60, 60)]
            for p in at:
                if 0 <= p < count:
                    rgb[(slice(None), p) if axis else (p, slice(None))] *= 0.955

    def _zone(self) -> Mask:
        mask = self._filled([p for p in self._document.paint if p.kind == "zone"])
        mask |= self._stroked([p for p in self._document.paint if p.kind == "zone_line"])
        grown = ndimage.maximum_filter(mask, self._pixels(2 * CLOSED_M))
        return self._rounded(ndimage.minimum_filter(grown, self._pixels(2 * CLOSED_M)))

    def _rounded(self, mask: Mask) -> Mask:
        """Round the outer corners of an area."""
        reach = ROUND_M * self._scale
        core = ndimage.distance_transform_edt(mask) > reach
        rounded: Mask = ndimage.distance_transform_edt(~core) <= reach
        return rounded

    def _pixels(self, length_m: float) -> int:
        return 2 * round(length_m * self._scale / 2) + 1

    def _lanes(self, share: float) -> Mask:
        return self._stroked([p for p in self._document.paint if p.kind == "lane"], share)

    def _shrunk(self, mask: Mask, by_m: float) -> Mask:
        inner: Mask = ndimage.distance_transform_edt(mask) > max(by_m * self._scale, 1.2)
        return inner

    def _dashes(self) -> Mask:
        """Return the middle of each road, dashed."""
        image = Image.new("1", self._size)
        pen = ImageDraw.Draw(image)
        for paint in self._document.paint:
            if paint.kind == "lane":
                self._dash(pen, paint)
        return np.asarray(image)

    def _dash(self, pen: ImageDraw.ImageDraw, paint: Paint) -> None:
        wide = max(1, round(EDGE_M * self._scale))
        for a, b in zip(paint.points, paint.points[1:], strict=False):
            length = float(np.hypot(b[0] - a[0], b[1] - a[1]))
            for k in range(int(length / DASH_M)):
                near, far = ((k + f) * DASH_M / length for f in (0.25, 0.75))
                ends = [(a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f) for f in (near, far)]
                pen.line([self._pixel(p) for p in ends], fill=1, width=wide)

    def _shaded(self, rgb: NDArray[np.float64]) -> Picture:
        """Darken the floor under and around everything that stands on it."""
        stands = [
            Paint(
                "shadow", tuple(_footprint(asset.position_m, asset.heading_rad, asset.size_m)), ""
            )
            for asset in self._document.assets.values()
        ]
        links = [
            Paint(p.kind, p.points, p.colour, 0.5)
            for p in self._document.paint
            if p.kind == "zone_line"
        ]
        mask = self._filled(stands) | self._stroked(links)
        wide = ndimage.gaussian_filter(mask.astype(float), SHADOW_M * self._scale)
        close = ndimage.gaussian_filter(mask.astype(float), SHADOW_M * 0.3 * self._scale)
        dark = 1.0 - SHADOW * (0.55 * wide + 0.45 * close)
        return np.clip(rgb * dark[..., None], 0, 255).astype(np.uint8)

    def _filled(self, paints: list[Paint]) -> Mask:
        image = Image.new("1", self._size)
        pen = ImageDraw.Draw(image)
        for paint in paints:
            pen.polygon([self._pixel(p) for p in paint.points], fill=1)
        return np.asarray(image).copy()

    def _stroked(self, paints: list[Paint], share: float = 1.0) -> Mask:
        image = Image.new("1", self._size)
        pen = ImageDraw.Draw(image)
        for paint in paints:
            half = paint.width_m * share / 2 * self._scale
            points = [self._pixel(p) for p in paint.points]
            for a, b in zip(points, points[1:], strict=False):
                low = (min(a[0], b[0]) - half, min(a[1], b[1]) - half)
                high = (max(a[0], b[0]) + half, max(a[1], b[1]) + half)
                straight = abs(a[0] - b[0]) < 1 or abs(a[1] - b[1]) < 1
                if straight:
                    pen.rounded_rectangle((*low, *high), radius=half * 0.8, fill=1)
                else:
                    pen.line([a, b], fill=1, width=round(2 * half))
        return np.asarray(image).copy()

    def _pixel(self, point: Flat) -> tuple[float, float]:
        x0, y1 = self._corner
        return ((point[0] - x0) * self._scale, (y1 - point[1]) * self._scale)


def _footprint(
    at: tuple[float, float, float], heading_rad: float, size: tuple[float, float, float]
) -> list[Flat]:
    c, s = np.cos(heading_rad), np.sin(heading_rad)
    w, d = size[0] / 2, size[1] / 2
    return [
        (at[0] + float(c * x - s * y), at[1] + float(s * x + c * y))
        for x, y in ((-w, -d), (w, -d), (w, d), (-w, d))
    ]


def _rgb(colour: str) -> tuple[int, ...]:
    return ImageColor.getrgb(colour)[:3]
