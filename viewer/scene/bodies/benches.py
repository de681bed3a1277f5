"""Workplaces for people, and the board where a team meets."""

from viewer.scene.maker import Maker
from viewer.scene.palette import ACCENT
from viewer.scene.sizes import Body
from viewer.scene.spot import BELT_M, PORT_M

from .common import hmi, roller_table, strips
from .machines import lane_width

BIN_COLOURS = ("bin_blue", "bin_red", "bin_green", "bin_blue")


def bench(m: Maker, b: Body) -> None:
    """An assembly bench: table, gantry with a screwdriver, shelf with bins."""
    w, d, h = b.size
    _table(m, b, ACCENT["bench"])
    for side in (-1, 1):
        m.box(
            "gantry_post",
            (side * (w / 2 - 0.1), -d / 2 + 0.25, (BELT_M + h) / 2),
            (0.09, 0.09, h - BELT_M),
            "steel",
        )
        m.box(
            "gantry_post",
            (side * (w / 2 - 0.1), d / 2 - 0.3, (BELT_M + h) / 2),
            (0.09, 0.09, h - BELT_M),
            "steel",
        )
        m.box("gantry_rail", (side * (w / 2 - 0.1), 0, h), (0.09, d - 0.4, 0.1), "steel")
    m.box("gantry_beam", (0, -0.05, h + 0.02), (w - 0.1, 0.14, 0.14), ACCENT["bench"])
    m.box("carriage", (w * 0.12, -0.05, h - 0.02), (0.26, 0.24, 0.24), "frame")
    m.pole("driver", (w * 0.12, -0.05, h - 0.62), 0.05, 0.55, "steel")
    m.add("bit", "cone", (w * 0.12, -0.05, h - 0.66), (0.08, 0.08, -0.12), "dark", role="rotating")
    _shelf(m, w, d, 1.62)
    m.tower((-w / 2 + 0.1, d / 2 - 0.3, h + 0.05))


def manual(m: Maker, b: Body) -> None:
    """A workplace for work by hand: table, lamp, bins, screen."""
    w, d, h = b.size
    _table(m, b, ACCENT["manual"])
    _shelf(m, w, d, min(h, 1.62))
    m.box("lamp_bar", (0, 0, h), (w * 0.8, 0.14, 0.06), "body")
    for side in (-1, 1):
        m.box(
            "lamp_post",
            (side * w * 0.4, d / 2 - 0.2, (BELT_M + h) / 2),
            (0.05, 0.05, h - BELT_M),
            "steel",
        )
        m.box("lamp_arm", (side * w * 0.4, d / 4 - 0.1, h), (0.05, d / 2 - 0.2, 0.05), "steel")
    m.tower((w / 2 - 0.15, d / 2 - 0.2, 1.62))


def _table(m: Maker, b: Body, accent: str) -> None:
    w, d, _ = b.size
    for sx in (-1, 1):
        for sy in (-1, 1):
            m.box(
                "leg", (sx * (w / 2 - 0.1), sy * (d / 2 - 0.12), 0.36), (0.09, 0.09, 0.72), "frame"
            )
    m.block("top", (-w / 2, w / 2), (-d / 2, d / 2), (0.70, 0.76), "wood")
    m.block(
        "apron", (-w / 2 + 0.02, w / 2 - 0.02), (-d / 2 + 0.02, d / 2 - 0.02), (0.58, 0.70), "body"
    )
    m.block(
        "apron_band",
        (-w / 2 + 0.01, w / 2 - 0.01),
        (-d / 2 + 0.01, d / 2 - 0.01),
        (0.66, 0.70),
        accent,
    )
    m.block(
        "drawers",
        (w / 2 - 0.75, w / 2 - 0.2),
        (-d / 2 + 0.1, d / 2 - 0.3),
        (0.12, 0.58),
        "body_shade",
    )
    for k in range(3):
        m.box("drawer", (w / 2 - 0.475, -d / 2 + 0.09, 0.2 + k * 0.15), (0.5, 0.02, 0.12), "body")
    roller_table(m, (-w / 2 - PORT_M, w / 2 + PORT_M), lane_width(b), name="through", legs=False)
    strips(m, w, d - 0.04, z=0.62)
    hmi(m, (-w / 2 + 0.3, -d / 2 - 0.02, 1.25))


def _shelf(m: Maker, w: float, d: float, top: float) -> None:
    y = d / 2 - 0.14
    m.box(
        "shelf_back", (0, d / 2 - 0.02, (0.76 + top) / 2), (w - 0.1, 0.03, top - 0.76), "body_shade"
    )
    for level in range(2):
        z = 1.05 + level * 0.34
        m.box("shelf", (0, y, z), (w - 0.1, 0.26, 0.03), "frame")
        count = max(3, int((w - 0.2) / 0.32))
        for k in range(count):
            x = -w / 2 + 0.1 + (k + 0.5) * (w - 0.2) / count
            m.box(
                "bin",
                (x, y - 0.01, z + 0.1),
                (0.22, 0.22, 0.16),
                BIN_COLOURS[(k + level) % len(BIN_COLOURS)],
            )


def people_board(m: Maker, b: Body) -> None:
    """A team board on legs."""
    w, d, _ = b.size
    y = d / 2 - 0.1
    for side in (-1, 1):
        m.box("board_leg", (side * (w / 2 - 0.25), y, 0.55), (0.06, 0.06, 1.1), "frame")
        m.box("board_foot", (side * (w / 2 - 0.25), y, 0.03), (0.08, 0.5, 0.06), "frame")
    m.box("board", (0, y, 1.45), (w - 0.3, 0.05, 0.9), "body")
    m.box("board_edge", (0, y, 1.92), (w - 0.26, 0.07, 0.06), "navy")
    marks = ("bin_green", "bin_green", "yellow", "bin_blue", "bin_green", "bin_red")
    for k, mark in enumerate(marks):
        x = -w / 2 + 0.45 + (k % 3) * (w - 0.9) / 2
        m.box("board_card", (x, y - 0.035, 1.62 - (k // 3) * 0.36), (0.32, 0.02, 0.24), mark)
