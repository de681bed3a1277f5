"""Where parts come from and go to: pallet gates and scrap bins."""

from viewer.scene.maker import Maker
from viewer.scene.sizes import Body
from viewer.scene.spot import PORT_M

from .common import roller_table


def pallet(m: Maker, at: tuple[float, float], *, layers: int, material: str) -> None:
    """Add a wooden pallet with cartons."""
    x, y = at
    for k in (-1, 0, 1):
        m.box("pallet_skid", (x, y + k * 0.34, 0.06), (0.98, 0.1, 0.12), "wood")
    m.box("pallet_deck", (x, y, 0.14), (1.0, 0.8, 0.04), "wood")
    for layer in range(layers):
        for kx in (-1, 1):
            for ky in (-1, 1):
                m.box(
                    "carton",
                    (x + kx * 0.24, y + ky * 0.195, 0.31 + layer * 0.31),
                    (0.45, 0.36, 0.29),
                    material,
                )


def _portal(m: Maker, x: float, d: float, h: float, material: str) -> None:
    for side in (-1, 1):
        m.box("portal_post", (x, side * (d / 2 - 0.06), h / 2), (0.12, 0.12, h), "frame")
        m.box("portal_foot", (x, side * (d / 2 - 0.06), 0.25), (0.15, 0.15, 0.5), "yellow")
    m.box("portal_beam", (x, 0, h - 0.16), (0.2, d, 0.32), material)
    for k in range(3):
        m.box("portal_light", (x - 0.11, (k - 1) * d / 4, h - 0.16), (0.02, 0.14, 0.1), "body")
        m.box("portal_light", (x + 0.11, (k - 1) * d / 4, h - 0.16), (0.02, 0.14, 0.1), "body")


def pallet_in(m: Maker, b: Body) -> None:
    """A goods-in gate: a pallet behind a green portal, rollers out of it."""
    w, d, h = b.size
    _portal(m, 0.1, d, h, "green")
    pallet(m, (-w / 2 + 0.5, d / 2 - 0.45), layers=3, material="carton")
    roller_table(m, (-w / 2 + 0.1, w / 2 + PORT_M), _lane(b), name="through")


def pallet_out(m: Maker, b: Body) -> None:
    """A goods-out gate: rollers under a blue portal, a pallet behind it."""
    w, d, h = b.size
    _portal(m, -0.1, d, h, "blue")
    pallet(m, (w / 2 - 0.5, d / 2 - 0.45), layers=2, material="carton")
    roller_table(m, (-w / 2 - PORT_M, w / 2 - 0.1), _lane(b), name="through")


def scrap_bin(m: Maker, b: Body) -> None:
    """A red open bin that parts are dropped into."""
    w, d, _ = b.size
    low, high, wall = 0.12, 0.8, 0.06
    wide, deep = w * 0.42, d * 0.42
    m.block("bin_floor", (-wide, wide), (-deep, deep), (low, low + wall), "bin_red")
    for side in (-1, 1):
        m.block(
            "bin_side",
            (-wide, wide),
            (side * deep - wall / 2, side * deep + wall / 2),
            (low, high),
            "bin_red",
        )
        m.block(
            "bin_end",
            (side * wide - wall / 2, side * wide + wall / 2),
            (-deep, deep),
            (low, high),
            "bin_red",
        )
        for other in (-1, 1):
            m.pole("wheel", (side * wide * 0.8, other * deep * 0.8, 0), 0.07, low, "dark")
    m.block(
        "bin_heap", (-wide * 0.85, wide * 0.85), (-deep * 0.85, deep * 0.85), (0.3, 0.55), "frame"
    )
    roller_table(m, (-w / 2 - PORT_M, -wide), _lane(b), name="through")


def _lane(b: Body) -> float:
    return min(max(0.45, b.part[1] + 0.1), b.size[1] - 0.3)
