"""What many bodies share: roller tables, panels, cabinets, glass houses."""

import math
from typing import Protocol

from viewer.scene.document import Point
from viewer.scene.maker import Maker, about_x
from viewer.scene.shapes import rollers
from viewer.scene.spot import BELT_M, PORT_M


class Adds(Protocol):
    """What shapes can be added to."""

    def add(self, name: str, shape: str, at: Point, size: Point, material: str) -> None:
        """Add one shape."""


ROLLER_M = 0.09
RAIL_M = 0.06
PANEL_M = 0.05


def roller_table(
    m: Maker,
    x: tuple[float, float],
    width: float,
    *,
    name: str = "table",
    y: float = 0.0,
    legs: bool = True,
    rails: str = "steel",
) -> None:
    """Add a roller conveyor from `x[0]` to `x[1]`, its rollers' top at belt height."""
    length = x[1] - x[0]
    middle = sum(x) / 2
    top = BELT_M
    m.add(
        f"{name}_rollers",
        rollers(length, 0.14),
        (middle, y, top - ROLLER_M / 2),
        (length, width, ROLLER_M),
        "steel",
    )
    m.box(f"{name}_bed", (middle, y, top - 0.12), (length, width * 0.94, 0.05), "belt")
    for side in (-1, 1):
        at = (middle, y + side * (width / 2 + RAIL_M / 2), top - 0.05)
        m.box(f"{name}_rail", at, (length, RAIL_M, 0.16), rails)
    if legs:
        feet(m, x, width, name=name, y=y)


def feet(m: Maker, x: tuple[float, float], width: float, *, name: str, y: float = 0.0) -> None:
    """Add pairs of legs with a brace under a table from `x[0]` to `x[1]`."""
    length = x[1] - x[0]
    pairs = max(1, math.ceil(length / 1.8))
    inset = min(0.18, length / 4)
    for k in range(pairs + 1 if length > 0.9 else 1):
        along = x[0] + inset + (length - 2 * inset) * k / pairs if length > 0.9 else sum(x) / 2
        for side in (-1, 1):
            across = y + side * width / 2
            m.box(f"{name}_leg", (along, across, 0.36), (0.07, 0.07, 0.72), "frame")
        m.box(f"{name}_brace", (along, y, 0.3), (0.05, width, 0.05), "frame")


def through_table(m: Maker, w: float, width: float) -> None:
    """Add the rollers that carry parts through a machine, and half way to its neighbours."""
    roller_table(m, (-w / 2 - PORT_M, w / 2 + PORT_M), width, name="through", legs=False)


def plinth(m: Maker, w: float, d: float, *, accent: str) -> None:
    """Add a machine's foot up to below the belt, with its state strip in front and behind."""
    m.block(
        "plinth", (-w / 2 + 0.06, w / 2 - 0.06), (-d / 2 + 0.06, d / 2 - 0.06), (0, 0.12), "dark"
    )
    m.block("base", (-w / 2, w / 2), (-d / 2, d / 2), (0.12, BELT_M - 0.14), "body")
    m.block(
        "base_band",
        (-w / 2 - 0.01, w / 2 + 0.01),
        (-d / 2 - 0.01, d / 2 + 0.01),
        (0.56, 0.64),
        accent,
    )
    strips(m, w, d)


def strips(m: Maker, w: float, d: float, *, z: float = 0.32) -> None:
    """Add the light strips that take the colour of the state, in front and behind."""
    for side in (-1, 1):
        m.strip((0, side * (d / 2 + 0.012), z), w * 0.86)


def hmi(m: Maker, at: tuple[float, float, float], *, scale: float = 1.0) -> None:
    """Add a tilted operator panel on a post, facing the front."""
    x, y, z = at
    m.box("hmi_arm", (x, y + 0.05, z - 0.2), (0.05, 0.05, 0.4), "frame")
    tilt = about_x(-0.25)
    m.add("hmi", "box", (x, y, z), (0.46 * scale, 0.06, 0.34 * scale), "dark", rotation=tilt)
    m.add(
        "hmi_screen",
        "box",
        (x, y - 0.028, z),
        (0.40 * scale, 0.02, 0.27 * scale),
        "screen",
        rotation=tilt,
    )
    for k, share in enumerate((0.7, 0.45, 0.6)):
        m.add(
            "hmi_line",
            "box",
            (x - (1 - share) * 0.15, y - 0.042, z + 0.07 - k * 0.07),
            (0.3 * share * scale, 0.01, 0.022),
            "screen_line",
            rotation=tilt,
        )


def cabinet(m: Maker, x: tuple[float, float], y: tuple[float, float], height: float) -> None:
    """Add a control cabinet with a door, a handle and vents."""
    m.block("cabinet", x, y, (0.1, height), "body_shade")
    m.block("cabinet_foot", x, y, (0, 0.1), "dark")
    front = y[0] - 0.012
    width = x[1] - x[0]
    m.box(
        "cabinet_door",
        (sum(x) / 2, front, height / 2 + 0.05),
        (width * 0.88, 0.02, height * 0.86),
        "body",
    )
    m.box(
        "cabinet_handle",
        (x[1] - width * 0.2, front - 0.02, height * 0.55),
        (0.03, 0.03, 0.2),
        "dark",
    )
    for k in range(3):
        m.box(
            "cabinet_vent",
            (sum(x) / 2, front - 0.012, height * 0.78 + k * 0.05),
            (width * 0.55, 0.01, 0.02),
            "frame",
        )


def house(
    m: Maker,
    w: float,
    d: float,
    h: float,
    *,
    accent: str,
    glass: str = "glass",
    roof_m: float = 0.34,
    opening: float = 0.9,
) -> None:
    """Add a glazed enclosure above the belt: posts, roof, front and back panes, open ends."""
    low, top = BELT_M - 0.14, h - roof_m
    for sx in (-1, 1):
        for sy in (-1, 1):
            m.box(
                "post",
                (sx * (w / 2 - 0.05), sy * (d / 2 - 0.05), (low + top) / 2),
                (0.1, 0.1, top - low),
                "frame",
            )
        for sy in (-1, 1):
            width = (d - opening) / 2 - 0.1
            if width > 0.08:
                at = (sx * (w / 2 - 0.03), sy * (d / 2 - 0.1 - width / 2), (low + top) / 2)
                m.box("end_panel", at, (0.05, width, top - low), "body")
    for sy in (-1, 1):
        m.box("sill", (0, sy * (d / 2 - 0.04), low + 0.05), (w - 0.2, 0.06, 0.1), "frame")
        m.box(
            "pane",
            (0, sy * (d / 2 - 0.04), (low + top) / 2 + 0.05),
            (w - 0.2, 0.02, top - low - 0.1),
            glass,
        )
        m.box(
            "mullion",
            (0, sy * (d / 2 - 0.035), (low + top) / 2 + 0.05),
            (0.05, 0.04, top - low - 0.1),
            "frame",
        )
    m.block("roof", (-w / 2, w / 2), (-d / 2, d / 2), (top, h - 0.06), "body")
    m.block(
        "roof_cap",
        (-w / 2 + 0.04, w / 2 - 0.04),
        (-d / 2 + 0.04, d / 2 - 0.04),
        (h - 0.06, h),
        "body_shade",
    )
    m.block(
        "roof_band",
        (-w / 2 - 0.01, w / 2 + 0.01),
        (-d / 2 - 0.01, d / 2 + 0.01),
        (top + 0.04, top + 0.13),
        accent,
    )


def fans(m: Maker, w: float, h: float, *, count: int = 2) -> None:
    """Add fans in a roof at height `h`."""
    for k in range(count):
        x = -w / 2 + 0.5 + k * 0.62
        m.pole("fan_rim", (x, -0.12, h - 0.005), 0.25, 0.06, "body")
        m.add("fan", "cylinder", (x, -0.12, h + 0.056), (0.4, 0.4, 0.01), "frame")
        m.add(
            "fan_blade", "box", (x, -0.12, h + 0.066), (0.36, 0.05, 0.012), "steel", role="rotating"
        )


def warning_sign(m: Maker, at: tuple[float, float, float], *, size: float = 0.26) -> None:
    """Add a yellow warning diamond on a panel that faces the front."""
    half = math.sqrt(0.5) * size
    turn = (0.0, math.sin(math.pi / 8), 0.0, math.cos(math.pi / 8))
    m.add("sign", "box", at, (half, 0.02, half), "yellow", rotation=turn)
    m.box("sign_mark", (at[0], at[1] - 0.012, at[2] + 0.02), (0.03, 0.01, 0.1), "dark")
    m.box("sign_dot", (at[0], at[1] - 0.012, at[2] - 0.06), (0.03, 0.01, 0.03), "dark")


def duct(
    m: Maker, at: tuple[float, float, float], *, radius: float = 0.16, height: float = 0.7
) -> None:
    """Add an exhaust duct with a flange."""
    m.pole("duct_flange", at, radius * 1.3, 0.05, "frame")
    m.pole("duct", at, radius, height, "steel")
    m.pole("duct_hood", (at[0], at[1], at[2] + height), radius * 1.25, 0.08, "frame")


def person(m: Adds, at: tuple[float, float], facing_rad: float, *, vest: str = "vest") -> None:
    """Add a standing person in a safety vest and helmet."""
    x, y = at
    c, s = math.cos(facing_rad), math.sin(facing_rad)

    def side(across: float, z: float, ahead: float = 0.0) -> tuple[float, float, float]:
        return (x - s * across + c * ahead, y + c * across + s * ahead, z)

    for k in (-1, 1):
        m.add("leg", "cylinder", side(k * 0.09, 0.42), (0.16, 0.16, 0.84), "trousers")
        m.add("arm", "cylinder", side(k * 0.25, 1.12, 0.03), (0.1, 0.1, 0.58), "trousers")
        m.add("hand", "sphere", side(k * 0.25, 0.8, 0.04), (0.1, 0.1, 0.12), "skin")
    m.add("torso", "cone", (x, y, 1.12), (0.5, 0.5, 0.62), vest)
    m.add("vest_band", "cylinder", (x, y, 1.0), (0.47, 0.47, 0.05), "screen_line")
    m.add("head", "sphere", (x, y, 1.6), (0.22, 0.22, 0.27), "skin")
    m.add("helmet", "sphere", (x, y, 1.69), (0.28, 0.28, 0.2), "yellow")
