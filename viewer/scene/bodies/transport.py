"""What moves parts: conveyors, links between machines, vehicles and their charger."""

import math
from itertools import pairwise

from viewer.scene.maker import ALONG_Y, Maker, about_z, headed
from viewer.scene.shapes import rollers
from viewer.scene.sizes import Body, Size
from viewer.scene.spot import BELT_M, PORT_M, Flat

from .common import feet, strips

LINK_M = 0.5


def conveyor(m: Maker, b: Body) -> None:
    """A belt between two drums, with a drive and legs."""
    w, d, _ = b.size
    width = d - 0.14
    x = (-w / 2 - PORT_M, w / 2 + PORT_M)
    length = x[1] - x[0]
    m.box("belt", (0, 0, BELT_M - 0.02), (length - 0.16, width, 0.04), "belt")
    m.box("belt_back", (0, 0, BELT_M - 0.16), (length - 0.16, width, 0.03), "belt")
    for end in x:
        inner = end + (0.09 if end < 0 else -0.09)
        m.add(
            "drum",
            "cylinder",
            (inner, 0, BELT_M - 0.09),
            (0.18, 0.18, width),
            "steel",
            rotation=ALONG_Y,
        )
    for k in range(int(length / 0.5)):
        at = (x[0] + 0.25 + k * 0.5, 0.0, BELT_M - 0.0)
        m.box("cleat", at, (0.03, width * 0.98, 0.012), "frame")
    for side in (-1, 1):
        at = (0.0, side * (width / 2 + 0.035), BELT_M - 0.06)
        m.box("rail", at, (length, 0.06, 0.2), "steel")
        guide = (0.0, side * (width / 2 + 0.035), BELT_M + 0.16)
        m.box("guide", guide, (length, 0.025, 0.04), "body_shade")
    strips(m, w, d - 0.02, z=BELT_M - 0.06)
    feet(m, x, width, name="table")
    m.box("drive", (w / 2 - 0.2, -width / 2 - 0.02, BELT_M - 0.32), (0.42, 0.26, 0.24), "blue")
    m.pole("mast", (w / 2 - 0.1, d / 2 - 0.04, BELT_M), 0.03, 0.35, "frame")
    m.tower((w / 2 - 0.1, d / 2 - 0.04, BELT_M + 0.35), scale=0.6)


def link(
    m: Maker,
    way: list[Flat],
    *,
    forks: bool = False,
    merges: bool = False,
    heights: list[float] | None = None,
    wide: float = LINK_M,
) -> None:
    """Add rollers along a rectangular way, with a plate at each turn and junction.

    Args:
        m: Takes the nodes.
        way: Its points.
        forks: Whether it begins on another link.
        merges: Whether it ends on another link.
        heights: How high each point is, m; none: as usual.
        wide: How wide it is, m.
    """
    half = wide / 2
    high = heights or [BELT_M] * len(way)
    points = list(zip(way, high, strict=True))
    stretches = [(a, b) for a, b in pairwise(points) if math.dist(a[0], b[0]) > 0.02]
    for k, ((a, za), (b, zb)) in enumerate(stretches):
        length = math.dist(a, b)
        first, last = k == 0, k == len(stretches) - 1
        ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
        start = 0.0 if first and not forks else half
        end = length if last and not merges else length - half
        if end - start > 0.05:
            z0, z1 = (za + (zb - za) * share / length for share in (start, end))
            middle = (start + end) / 2
            at = (a[0] + ux * middle, a[1] + uy * middle)
            _stretch(m, at, math.atan2(uy, ux), end - start, (z0, z1), wide)
        if first and forks:
            _plate(m, a, za, wide)
        if not last or merges:
            _plate(m, b, zb, wide)


def _plate(m: Maker, at: Flat, z: float, wide: float) -> None:
    m.box("corner", (*at, z - 0.058), (wide + 0.08, wide + 0.08, 0.12), "steel")
    m.pole("corner_disc", (*at, z - 0.01), wide * 0.4, 0.016, "frame")
    low = z - 0.13
    m.box("corner_leg", (*at, low / 2), (0.12, 0.12, low), "frame")


def _stretch(
    m: Maker, at: Flat, heading_rad: float, length: float, z: tuple[float, float], wide: float
) -> None:
    middle = sum(z) / 2
    turn = headed(heading_rad, math.atan2(z[0] - z[1], length))
    c, s = math.cos(heading_rad), math.sin(heading_rad)
    m.add(
        "rollers",
        rollers(length, 0.16),
        (*at, middle - 0.045),
        (length, wide, 0.09),
        "steel",
        rotation=turn,
    )
    m.add("bed", "box", (*at, middle - 0.12), (length, wide * 0.9, 0.05), "belt", rotation=turn)
    for side in (-1, 1):
        off = side * (wide / 2 + 0.02)
        m.add(
            "rail",
            "box",
            (at[0] - s * off, at[1] + c * off, middle - 0.05),
            (length, 0.05, 0.15),
            "steel",
            rotation=turn,
        )
    pairs = max(1, round(length / 2.0))
    for k in range(pairs):
        share = (k + 0.5) / pairs
        along = (share - 0.5) * length
        top = z[0] + (z[1] - z[0]) * share - 0.13
        m.add(
            "leg",
            "box",
            (at[0] + c * along, at[1] + s * along, top / 2),
            (0.08, wide * 0.8, top),
            "frame",
            rotation=about_z(heading_rad),
        )


def vehicle(m: Maker, size: Size) -> None:
    """Add a vehicle that hangs below its origin, the middle of its deck."""
    w, d, h = size
    low = -h + 0.06
    m.block("hull", (-w / 2, w / 2), (-d / 2, d / 2), (low + 0.08, -0.12), "body")
    m.block(
        "skirt",
        (-w / 2 + 0.03, w / 2 - 0.03),
        (-d / 2 + 0.03, d / 2 - 0.03),
        (low, low + 0.1),
        "dark",
    )
    m.block(
        "band",
        (-w / 2 - 0.008, w / 2 + 0.008),
        (-d / 2 - 0.008, d / 2 + 0.008),
        (-0.24, -0.17),
        "teal",
    )
    m.block(
        "deck_lift",
        (-w / 2 + 0.12, w / 2 - 0.12),
        (-d / 2 + 0.1, d / 2 - 0.1),
        (-0.12, -0.05),
        "frame",
    )
    m.block(
        "deck", (-w / 2 + 0.06, w / 2 - 0.06), (-d / 2 + 0.05, d / 2 - 0.05), (-0.05, 0.0), "belt"
    )
    for side in (-1, 1):
        m.add(
            "wheel",
            "cylinder",
            (0, side * (d / 2 - 0.08), low + 0.04),
            (0.2, 0.2, 0.09),
            "dark",
            rotation=ALONG_Y,
        )
        corner = (side * (w / 2 - 0.08), side * (d / 2 - 0.08), -0.1)
        m.add("scanner", "cylinder", corner, (0.14, 0.14, 0.1), "yellow")
        m.box(
            "light",
            (w / 2 + 0.005, side * (d / 2 - 0.12), low + 0.2),
            (0.02, 0.12, 0.05),
            "screen_line",
        )


def charger(m: Maker, b: Body) -> None:
    """A charging post for vehicles."""
    w, d, h = b.size
    y = d / 2 - 0.22
    m.block("post", (-0.3, 0.3), (y - 0.2, y + 0.2), (0.0, h - 0.2), "body")
    m.block("post_band", (-0.31, 0.31), (y - 0.21, y + 0.21), (h - 0.45, h - 0.3), "teal")
    m.box("post_screen", (0, y - 0.21, h * 0.6), (0.3, 0.02, 0.2), "screen")
    m.box("contact", (0, y - 0.3, 0.18), (0.4, 0.2, 0.12), "steel")
    strips(m, min(w, 0.7), 2 * (y + 0.2), z=0.4)
    m.tower((0.0, y, h - 0.2), scale=0.8)
