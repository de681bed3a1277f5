"""Buffers and high-bay storage."""

from viewer.scene.maker import Maker
from viewer.scene.sizes import Body
from viewer.scene.spot import BELT_M, PORT_M

from .common import ROLLER_M, roller_table, strips


def buffer(m: Maker, b: Body) -> None:
    """A roller table with a mark for each slot; with shelves where it stacks."""
    w, d, h = b.size
    width = d - 0.14
    roller_table(m, (-w / 2 - PORT_M, w / 2 + PORT_M), width, name="table", rails="navy")
    strips(m, w, d, z=BELT_M - 0.05)
    if b.slots.layers == 1:
        _marks(m, b)
        m.pole("mast", (w / 2 - 0.1, d / 2 - 0.06, BELT_M), 0.03, 0.45, "frame")
        m.tower((w / 2 - 0.1, d / 2 - 0.06, BELT_M + 0.45), scale=0.6)
        return
    top = h
    for x in (-w / 2 + 0.05, w / 2 - 0.05):
        for side in (-1, 1):
            m.box("upright", (x, side * (d / 2 - 0.04), top / 2), (0.07, 0.07, top), "navy")
    for side in (-1, 1):
        m.box("upright_rail", (0, side * (d / 2 - 0.04), top), (w, 0.06, 0.06), "navy")
        for layer in range(1, b.slots.layers):
            z = BELT_M + layer * b.slots.layer_m - 0.03
            m.box("shelf_rail", (0, side * (d / 2 - 0.04), z), (w, 0.04, 0.03), "yellow")
    m.tower((w / 2 - 0.1, d / 2 - 0.06, top), scale=0.7)


def _marks(m: Maker, b: Body) -> None:
    px, py, _ = b.part
    for x, y, _ in b.slots.at:
        for side in (-1, 1):
            m.box(
                "mark",
                (x + side * (px / 2 + 0.04), y, BELT_M - ROLLER_M / 2 + 0.04),
                (0.025, py * 0.7, 0.02),
                "yellow",
            )


def storage(m: Maker, b: Body) -> None:
    """A high-bay rack on both sides of an aisle with a stacker crane."""
    w, d, h = b.size
    bays = max(2, round(w / 1.0))
    for side in (-1, 1):
        y = side * (d / 2 - 0.45)
        for k in range(bays + 1):
            x = -w / 2 + 0.06 + k * (w - 0.12) / bays
            for dy in (-0.36, 0.36):
                m.box("upright", (x, y + dy, h / 2), (0.08, 0.08, h), "navy")
        for level in range(4):
            z = 0.5 + level * (h - 0.7) / 3.4
            for dy in (-0.36, 0.36):
                m.box("beam", (0, y + dy, z), (w, 0.05, 0.1), "orange")
            if side == 1:
                _loads(m, bays, w, (y, z), level)
    m.box("rail", (0, 0, 0.05), (w + 0.6, 0.14, 0.1), "steel")
    m.box("top_rail", (0, 0, h - 0.05), (w + 0.2, 0.1, 0.1), "steel")
    m.box("crane_mast", (-w * 0.12, 0, h / 2), (0.22, 0.22, h - 0.2), "yellow")
    m.box("crane_foot", (-w * 0.12, 0, 0.2), (0.9, 0.34, 0.2), "frame")
    m.box("crane_fork", (-w * 0.12 + 0.35, 0, BELT_M - 0.1), (0.6, 0.6, 0.08), "steel")
    roller_table(
        m, (-w / 2 - PORT_M, w / 2 + PORT_M), min(0.7, d - 2.0), name="through", legs=False
    )
    strips(m, w, d, z=0.2)
    m.tower((w / 2 - 0.2, -d / 2 + 0.45, h), scale=1.2)


def _loads(m: Maker, bays: int, w: float, at: tuple[float, float], level: int) -> None:
    for k in range(bays):
        if (k * 7 + level * 3) % 4:
            x = -w / 2 + 0.06 + (k + 0.5) * (w - 0.12) / bays
            kind = ("bin_blue", "carton", "body_shade")[(k + level) % 3]
            m.box("load", (x, at[0], at[1] + 0.28), (w / bays * 0.7, 0.6, 0.42), kind)
