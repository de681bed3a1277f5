"""The floor as one picture: zones, roads, safety lines, and the soft shadow under everything."""

import io
import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from . import palette
from .document import SceneDocument
from .solid import worlds
from .spot import Flat

Picture = NDArray[np.uint8]

FINEST_PX_M = 90.0
JOINT_M = 5.0
CLOSED_M = 1.5
COARSE_PX_M = 8.0
ROUND_M = 0.2
LANE_ROUND_M = 0.12
DASH_M = 0.9
DASH_WIDE_M = 0.07
BORDER = 0.22
"""Share of a soft edge's rise that is painted as a line; 0.22 of ROUND_M is about 0.11 m."""
UNDER = ((0.42, 0.2), (0.12, 0.16))
BEHIND = (0.07, 0.15)
"""Reach of a shadow's soft edge (m), and how dark it is at most."""
SUN = (0.24, 0.5)
"""How far a shadow falls in x and y for each metre of height."""
LINK_HEIGHT_M = 0.8
CUBE = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
LEAST_SHADED_M = 0.05
THINNEST_SHADED_M = 0.003
LOW_M = 0.3
RAISED = {"conveyor", "buffer", "operator"}
"""What stands on thin legs: its shadow does not reach its foot."""


def texture(document: SceneDocument, *, longest: int = 2048) -> Picture:
    """Return the floor seen from above, `(rows, columns, 3) uint8`, +y up."""
    return np.asarray(_Sheet(document, longest).painted())


def packed(document: SceneDocument, *, longest: int = 1280) -> bytes:
    """Return the floor as a small JPEG, for viewers that are far away."""
    out = io.BytesIO()
    Image.fromarray(texture(document, longest=longest)).save(out, "JPEG", quality=76)
    return out.getvalue()


class _Sheet:
    """A drawing of the floor at a scale."""

    def __init__(self, document: SceneDocument, longest: int) -> None:
        self._document = document
        x0, y0, x1, y1 = document.floor_m
        self._scale = min(FINEST_PX_M, longest / max(x1 - x0, y1 - y0))
        self._size = (
            max(1, round((x1 - x0) * self._scale)),
            max(1, round((y1 - y0) * self._scale)),
        )
        self._corner = (x0, y1)

    def painted(self) -> Image.Image:
        sheet = Image.new("RGB", self._size, palette.FLOOR)
        self._joints(sheet)
        zone = self._soft(self._zone(), ROUND_M)
        sheet.paste(palette.SAFETY, mask=zone.point(_above(0.5)))
        sheet.paste(palette.FLOOR_ZONE, mask=zone.point(_above(0.5 + BORDER)))
        self._hatch(sheet)
        lane = self._soft(self._stroked("lane"), LANE_ROUND_M)
        sheet.paste(palette.LANE_EDGE, mask=lane.point(_above(0.5)))
        sheet.paste(palette.FLOOR_LANE, mask=lane.point(_above(0.5 + BORDER)))
        sheet.paste(palette.LANE_EDGE, mask=self._dashes())
        return self._shaded(sheet)

    def _joints(self, sheet: Image.Image) -> None:
        """Draw the joints of the slab, every five metres."""
        pen = ImageDraw.Draw(sheet)
        x0, y0, x1, y1 = self._document.floor_m
        for k in range(math.ceil(x0 / JOINT_M), math.floor(x1 / JOINT_M) + 1):
            pen.line([self._pixel((k * JOINT_M, y0)), self._pixel((k * JOINT_M, y1))], "#c9cfd4")
        for k in range(math.ceil(y0 / JOINT_M), math.floor(y1 / JOINT_M) + 1):
            pen.line([self._pixel((x0, k * JOINT_M)), self._pixel((x1, k * JOINT_M))], "#c9cfd4")

    def _zone(self) -> Image.Image:
        """Return where machines stand, with the gaps between them closed."""
        mask = self._stroked("zone_line")
        pen = ImageDraw.Draw(mask)
        for paint in self._document.paint:
            if paint.kind == "zone":
                pen.polygon([self._pixel(p) for p in paint.points], fill=255)
        shrink = max(1, round(self._scale / COARSE_PX_M))
        reach = 2 * round(CLOSED_M * self._scale / shrink / 2) + 1
        small = Image.new(
            "L", (self._size[0] // shrink + 2 * reach, self._size[1] // shrink + 2 * reach)
        )
        small.paste(mask.reduce(shrink), (reach, reach))
        small = small.point(_above(0.2, soft=0.01))
        small = small.filter(ImageFilter.MaxFilter(reach)).filter(ImageFilter.MinFilter(reach))
        small = small.crop((reach, reach, small.width - reach, small.height - reach))
        return ImageChops.lighter(mask, small.resize(self._size, Image.Resampling.BILINEAR))

    def _dashes(self) -> Image.Image:
        """Return the middle of each road, dashed."""
        mask = Image.new("L", self._size)
        pen = ImageDraw.Draw(mask)
        wide = max(1, round(DASH_WIDE_M * self._scale))
        for paint in self._document.paint:
            if paint.kind == "lane":
                for a, b in zip(paint.points, paint.points[1:], strict=False):
                    self._dash(pen, a, b, wide)
        return mask

    def _dash(self, pen: ImageDraw.ImageDraw, a: Flat, b: Flat, wide: int) -> None:
        length = math.dist(a, b)
        for k in range(int(length / DASH_M)):
            ends = [(k + share) * DASH_M / length for share in (0.25, 0.75)]
            points = [(a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f) for f in ends]
            pen.line([self._pixel(p) for p in points], fill=255, width=wide)

    def _shaded(self, sheet: Image.Image) -> Image.Image:
        """Darken the floor under what stands on it, and behind it as seen from the lamp."""
        under = self._stroked("zone_line", width_m=0.5)
        behind = ImageChops.offset(under, *self._shift(LINK_HEIGHT_M))
        for asset in self._document.assets.values():
            if asset.kind == "workcell":
                continue
            corners = _footprint(asset.position_m, asset.heading_rad, asset.size_m)
            raised = asset.kind in RAISED
            height_m = LINK_HEIGHT_M if raised else asset.size_m[2]
            moved = [(x + SUN[0] * height_m, y + SUN[1] * height_m) for x, y in corners]
            for mask, outline in (
                (under, corners),
                (behind, moved if raised else _hull([*corners, *moved])),
            ):
                points = [self._pixel(p) for p in outline]
                ImageDraw.Draw(mask).polygon(points, fill=255)
        self._shade_nodes(under, behind)
        for mask, reach_m, dark in (*((under, *soft) for soft in UNDER), (behind, *BEHIND)):
            shade = self._soft(mask, reach_m).point(
                lambda light, dark=dark: 255 - round(light * dark)
            )
            sheet = ImageChops.multiply(sheet, Image.merge("RGB", (shade, shade, shade)))
        return sheet

    def _shade_nodes(self, under: Image.Image, behind: Image.Image) -> None:
        """Darken the floor under the shapes of workcells, each for itself: there is air between."""
        pens = ImageDraw.Draw(under), ImageDraw.Draw(behind)
        poses = worlds(self._document)
        for node in self._document.nodes:
            if node.body is None or node.shape is None or node.material is None:
                continue
            pose = poses[node.id]
            corners = CUBE * np.array(node.size_m) @ pose[:3, :3].T + pose[:3, 3]
            flattened = np.ptp(corners[:, 2]) < THINNEST_SHADED_M
            if np.ptp(corners, axis=0).max() < LEAST_SHADED_M or flattened or node.light:
                continue
            flat: list[Flat] = _hull([(float(x), float(y)) for x, y, _ in corners])
            if corners[:, 2].min() < LOW_M:
                pens[0].polygon([self._pixel(p) for p in flat], fill=255)
            moved = _hull([(float(x + SUN[0] * z), float(y + SUN[1] * z)) for x, y, z in corners])
            pens[1].polygon([self._pixel(p) for p in moved], fill=255)

    def _hatch(self, sheet: Image.Image) -> None:
        """Paint slanted stripes, and a border around them."""
        for paint in self._document.paint:
            if paint.kind != "hatch":
                continue
            mask, inside = Image.new("L", self._size), Image.new("L", self._size)
            outline = [self._pixel(p) for p in paint.points]
            ImageDraw.Draw(inside).polygon(outline, fill=255)
            pen = ImageDraw.Draw(mask)
            wide = max(2.0, paint.width_m * self._scale)
            xs, ys = zip(*outline, strict=True)
            tall = max(ys) - min(ys)
            at = min(xs) - tall
            while at < max(xs):
                low, top = max(ys), min(ys)
                stripe = [(at, low), (at + wide, low), (at + wide + tall, top), (at + tall, top)]
                pen.polygon(stripe, fill=150)
                at += 2.4 * wide
            mask = mask.filter(ImageFilter.GaussianBlur(0.8))
            pen = ImageDraw.Draw(mask)
            border = max(1, round(wide * 0.5))
            pen.line([*outline, outline[0]], fill=255, width=border)
            sheet.paste(paint.colour, mask=ImageChops.multiply(mask, inside))

    def _shift(self, height_m: float) -> tuple[int, int]:
        """Return by how many pixels a shadow is moved, right and down."""
        return (
            round(SUN[0] * height_m * self._scale),
            -round(SUN[1] * height_m * self._scale),
        )

    def _soft(self, mask: Image.Image, reach_m: float) -> Image.Image:
        return mask.filter(ImageFilter.GaussianBlur(reach_m * self._scale))

    def _stroked(self, kind: str, width_m: float | None = None) -> Image.Image:
        mask = Image.new("L", self._size)
        pen = ImageDraw.Draw(mask)
        for paint in self._document.paint:
            if paint.kind != kind:
                continue
            half = (width_m or paint.width_m) / 2 * self._scale
            points = [self._pixel(p) for p in paint.points]
            for a, b in pairwise(points):
                pen.line([a, b], fill=255, width=max(1, round(2 * half)))
            for x, y in points:
                pen.rectangle((x - half, y - half, x + half, y + half), fill=255)
        return mask

    def _pixel(self, point: Flat) -> tuple[float, float]:
        x0, y1 = self._corner
        return ((point[0] - x0) * self._scale, (y1 - point[1]) * self._scale)


def _above(share: float, *, soft: float = 0.06) -> Callable[[int], float]:
    """Return what maps a grey level to 0 below `share` and to 255 above, with a soft step."""
    return lambda light: min(max((light / 255 - share) / soft + 0.5, 0.0), 1.0) * 255


def _footprint(
    at: tuple[float, float, float], heading_rad: float, size: tuple[float, float, float]
) -> list[Flat]:
    c, s = math.cos(heading_rad), math.sin(heading_rad)
    w, d = size[0] / 2, size[1] / 2
    return [
        (at[0] + c * x - s * y, at[1] + s * x + c * y)
        for x, y in ((-w, -d), (w, -d), (w, d), (-w, d))
    ]


def _hull(points: list[Flat]) -> list[Flat]:
    """Return the convex outline of points (Andrew's monotone chain)."""
    ordered = sorted(points)
    halves = []
    for half in (ordered, ordered[::-1]):
        chain: list[Flat] = []
        for point in half:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        halves += chain[:-1]
    return halves


def _turn(a: Flat, b: Flat, c: Flat) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
