"""Process machines: enclosures, presses, laser cells, robot cells, ovens."""

import math

from viewer.scene.maker import ALONG_X, ALONG_Y, Maker, about_y
from viewer.scene.palette import ACCENT
from viewer.scene.sizes import Body
from viewer.scene.spot import BELT_M

from .common import cabinet, duct, fans, hmi, house, plinth, strips, through_table, warning_sign


def lane_width(b: Body) -> float:
    """Return the width of the rollers through a machine."""
    return min(max(0.45, b.across_m + 0.1), b.size[1] - 0.5)


def machine(m: Maker, b: Body) -> None:
    """A glazed machining cell with a spindle."""
    w, d, h = b.size
    plinth(m, w, d, accent=ACCENT["machine"])
    through_table(m, w, lane_width(b))
    house(m, w, d, h, accent=ACCENT["machine"], opening=lane_width(b) + 0.3)
    m.box("slide", (0, 0.12, h - 0.5), (w * 0.5, 0.16, 0.22), "frame")
    m.box("head", (0, 0, h - 0.62), (0.34, 0.34, 0.4), ACCENT["machine"])
    m.add("spindle", "cone", (0, 0, h - 0.9), (0.2, 0.2, -0.22), "steel", role="rotating")
    hmi(m, (w / 2 - 0.35, -d / 2 - 0.1, 1.25))
    cabinet(m, (-w / 2 + 0.1, -w / 2 + 0.75), (d / 2 - 0.34, d / 2 - 0.02), h + 0.12)
    fans(m, w, h)
    m.tower((w / 2 - 0.25, d / 2 - 0.3, h))


def press(m: Maker, b: Body) -> None:
    """A four-column press."""
    w, d, h = b.size
    plinth(m, w, d, accent=ACCENT["press"])
    through_table(m, w, lane_width(b))
    for sx in (-1, 1):
        for sy in (-1, 1):
            at = (sx * (w / 2 - 0.2), sy * (d / 2 - 0.2), BELT_M - 0.14)
            m.pole("column", at, 0.1, h - 0.5 - at[2], "steel")
    m.block(
        "crown",
        (-w / 2 + 0.02, w / 2 - 0.02),
        (-d / 2 + 0.02, d / 2 - 0.02),
        (h - 0.55, h - 0.12),
        "body",
    )
    m.block("crown_band", (-w / 2, w / 2), (-d / 2, d / 2), (h - 0.5, h - 0.4), ACCENT["press"])
    m.pole("cylinder", (0, 0, h - 0.14), 0.26, 0.4, "steel")
    m.block(
        "platen",
        (-w / 2 + 0.1, w / 2 - 0.1),
        (-d / 2 + 0.1, d / 2 - 0.1),
        (BELT_M + 0.55, BELT_M + 0.75),
        ACCENT["press"],
    )
    m.pole("ram", (0, 0, BELT_M + 0.7), 0.14, h - 0.55 - BELT_M - 0.7, "steel")
    hmi(m, (w / 2 - 0.3, -d / 2 - 0.1, 1.25))
    m.tower((w / 2 - 0.25, d / 2 - 0.25, h - 0.12))


def laser_weld(m: Maker, b: Body) -> None:
    """A light-tight laser cell with an amber window, a beam head and an exhaust."""
    w, d, h = b.size
    accent = ACCENT["laser_weld"]
    plinth(m, w, d, accent=accent)
    through_table(m, w, lane_width(b))
    house(m, w, d, h, accent=accent, glass="glass_laser", opening=lane_width(b) + 0.3)
    for side in (-1, 1):
        for x in (-w / 2 + 0.36, w / 2 - 0.36):
            m.box(
                "shutter",
                (x, side * (d / 2 - 0.03), (BELT_M + h) / 2 - 0.22),
                (0.52, 0.05, h - BELT_M - 0.36),
                "frame",
            )
    m.box("gantry", (0, 0, h - 0.44), (w * 0.72, 0.16, 0.14), "steel")
    m.box("laser_head", (0.1, 0, h - 0.62), (0.24, 0.24, 0.4), "dark")
    m.add("nozzle", "cone", (0.1, 0, h - 0.9), (0.18, 0.18, -0.2), "steel")
    m.add(
        "beam",
        "cylinder",
        (0.1, 0, (BELT_M + b.part[2] + h - 0.98) / 2),
        (0.035, 0.035, max(0.05, h - 0.98 - BELT_M - b.part[2])),
        "hot",
        role="beacon",
        state="busy",
    )
    warning_sign(m, (-w / 2 + 0.36, -d / 2 - 0.01, 1.5))
    hmi(m, (w / 2 - 0.36, -d / 2 - 0.1, 1.3))
    cabinet(m, (-w / 2 + 0.06, -w / 2 + 0.8), (d / 2 - 0.36, d / 2 - 0.02), h + 0.2)
    duct(m, (-0.15, d / 2 - 0.4, h))
    m.tower((w / 2 - 0.25, d / 2 - 0.3, h))


def robot_cell(m: Maker, b: Body) -> None:
    """A six-axis robot beside the line, behind a fence."""
    w, d, h = b.size
    plinth_z = BELT_M - 0.3
    m.block("floor_plate", (-w / 2, w / 2), (-d / 2, d / 2), (0.0, 0.05), "body_shade")
    m.block(
        "base",
        (-w / 2 + 0.1, w / 2 - 0.1),
        (-lane_width(b) / 2 - 0.12, lane_width(b) / 2 + 0.12),
        (0.05, BELT_M - 0.14),
        "body",
    )
    through_table(m, w, lane_width(b))
    strips(m, w, d, z=0.14)
    _fence(m, w, d, 1.75)
    _robot(m, (-0.1, min(d / 2 - 0.55, lane_width(b) / 2 + 0.62), plinth_z), h)
    hmi(m, (w / 2 - 0.4, -d / 2 - 0.1, 1.3))
    cabinet(m, (w / 2 - 0.75, w / 2 - 0.1), (d / 2 - 0.5, d / 2 - 0.12), 1.5)
    m.tower((w / 2 - 0.42, d / 2 - 0.3, 1.5), scale=1.15)


def _fence(m: Maker, w: float, d: float, h: float) -> None:
    for sx in (-1, 1):
        for sy in (-1, 1):
            m.box(
                "fence_post",
                (sx * (w / 2 - 0.04), sy * (d / 2 - 0.04), h / 2),
                (0.07, 0.07, h),
                "yellow",
            )
    for z in (0.35, h - 0.04):
        m.box("fence_rail", (0, d / 2 - 0.04, z), (w, 0.05, 0.05), "yellow")
        m.box("fence_rail", (0, -d / 2 + 0.04, z), (w, 0.05, 0.05), "yellow")
    for sy in (-1, 1):
        m.box(
            "fence_net", (0, sy * (d / 2 - 0.04), h / 2 + 0.15), (w - 0.1, 0.01, h - 0.45), "mesh"
        )


def _robot(m: Maker, at: tuple[float, float, float], h: float) -> None:
    x, y, z = at
    m.block("robot_stand", (x - 0.28, x + 0.28), (y - 0.28, y + 0.28), (0.05, z), "frame")
    m.pole("robot_foot", (x, y, z), 0.24, 0.14, "dark")
    m.pole("robot_turret", (x, y, z + 0.14), 0.2, 0.3, "orange")
    m.add(
        "robot_shoulder",
        "cylinder",
        (x, y, z + 0.5),
        (0.32, 0.32, 0.42),
        "orange",
        rotation=ALONG_X,
    )
    reach = h - z - 0.75
    lean = 0.28
    m.add(
        "robot_upper",
        "box",
        (x, y + 0.13, z + 0.5 + reach / 2),
        (0.18, 0.2, reach + 0.1),
        "orange",
        rotation=_lean(-lean),
    )
    elbow = (x, y + 0.28, z + 0.5 + reach)
    m.add("robot_elbow", "cylinder", elbow, (0.28, 0.28, 0.36), "orange", rotation=ALONG_X)
    span = max(0.5, y + 0.2)
    mid = (x, elbow[1] - span / 2, elbow[2] - 0.06)
    m.add("robot_fore", "box", mid, (0.15, span, 0.16), "orange", rotation=_lean(0.12))
    m.add(
        "robot_wrist",
        "cylinder",
        (x, elbow[1] - span, elbow[2] - 0.16),
        (0.15, 0.15, 0.2),
        "dark",
        rotation=ALONG_Y,
    )
    tip = elbow[2] - 0.2
    m.add("robot_tool", "cylinder", (x, elbow[1] - span, tip - 0.12), (0.1, 0.1, 0.26), "steel")
    m.box("robot_grip", (x, elbow[1] - span, tip - 0.28), (0.3, 0.16, 0.06), "dark")


def _lean(angle_rad: float) -> tuple[float, float, float, float]:
    return (math.sin(angle_rad / 2), 0.0, 0.0, math.cos(angle_rad / 2))


def oven(m: Maker, b: Body) -> None:
    """A closed tunnel with a glowing slit and two chimneys."""
    w, d, h = b.size
    plinth(m, w, d, accent=ACCENT["oven"])
    through_table(m, w, lane_width(b))
    for side in (-1, 1):
        wall = (d - lane_width(b) - 0.3) / 2
        y = side * (d / 2 - wall / 2)
        m.box(
            "wall",
            (0, y, (BELT_M - 0.14 + h - 0.3) / 2),
            (w, wall, h - 0.3 - BELT_M + 0.14),
            "body",
        )
        m.box("slit", (0, side * (d / 2 + 0.005), BELT_M + 0.3), (w * 0.72, 0.02, 0.14), "hot")
    m.block("hood", (-w / 2, w / 2), (-d / 2, d / 2), (h - 0.36, h), "body_shade")
    m.block(
        "hood_band",
        (-w / 2 - 0.01, w / 2 + 0.01),
        (-d / 2 - 0.01, d / 2 + 0.01),
        (h - 0.3, h - 0.2),
        ACCENT["oven"],
    )
    for x in (-w / 4, w / 4):
        duct(m, (x, 0, h), radius=0.14, height=0.55)
    hmi(m, (w / 2 - 0.4, -d / 2 - 0.1, 1.3))
    m.tower((w / 2 - 0.25, d / 2 - 0.25, h))


def laminator(m: Maker, b: Body) -> None:
    """A flat vacuum laminator with a raised lid on cylinders and a pump set."""
    w, d, h = b.size
    accent = ACCENT["laminator"]
    plinth(m, w, d, accent=accent)
    through_table(m, w, lane_width(b))
    lid = BELT_M + 0.5
    m.block(
        "lid", (-w / 2 + 0.1, w / 2 - 0.1), (-d / 2 + 0.06, d / 2 - 0.06), (lid, lid + 0.22), "body"
    )
    m.block(
        "lid_band",
        (-w / 2 + 0.09, w / 2 - 0.09),
        (-d / 2 + 0.05, d / 2 - 0.05),
        (lid + 0.05, lid + 0.13),
        accent,
    )
    for k in range(4):
        x = -w / 2 + 0.45 + k * (w - 0.9) / 3
        m.box("lid_rib", (x, 0, lid + 0.27), (0.1, d - 0.4, 0.12), "body_shade")
    for sx in (-1, 1):
        for sy in (-1, 1):
            at = (sx * (w / 2 - 0.28), sy * (d / 2 - 0.12), BELT_M - 0.14)
            m.pole("lift", at, 0.05, lid - at[2], "steel")
    m.add(
        "vacuum_tank",
        "cylinder",
        (0, d / 2 - 0.3, h - 0.18),
        (0.34, 0.34, w * 0.5),
        "steel",
        rotation=ALONG_X,
    )
    m.add(
        "vacuum_pipe",
        "cylinder",
        (w * 0.3, d / 2 - 0.3, (lid + h) / 2),
        (0.1, 0.1, 0.4),
        "frame",
        rotation=about_y(0.0),
    )
    hmi(m, (w / 2 - 0.4, -d / 2 - 0.1, 1.3))
    m.tower((w / 2 - 0.3, d / 2 - 0.3, lid + 0.22), scale=1.1)
