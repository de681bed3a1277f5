"""Machines that judge: camera gates, test racks, leak-test chambers."""

from viewer.scene.maker import ALONG_X, Maker
from viewer.scene.palette import ACCENT
from viewer.scene.sizes import Body
from viewer.scene.spot import BELT_M

from .common import hmi, plinth, through_table
from .machines import lane_width


def gate(m: Maker, b: Body) -> None:
    """A portal with a camera, a ring light and a monitor."""
    w, d, h = b.size
    accent = ACCENT["gate"]
    plinth(m, w, d, accent=accent)
    through_table(m, w, lane_width(b))
    for side in (-1, 1):
        m.box(
            "portal_post",
            (0, side * (d / 2 - 0.12), (BELT_M + h) / 2 - 0.07),
            (0.3, 0.16, h - BELT_M + 0.14),
            "body",
        )
        m.box(
            "portal_edge",
            (0, side * (d / 2 - 0.12), (BELT_M + h) / 2 - 0.07),
            (0.32, 0.05, h - BELT_M),
            accent,
        )
    m.block("portal_beam", (-0.2, 0.2), (-d / 2, d / 2), (h - 0.2, h), "body")
    m.block(
        "portal_band", (-0.21, 0.21), (-d / 2 - 0.01, d / 2 + 0.01), (h - 0.15, h - 0.07), accent
    )
    m.box("camera", (0, 0, h - 0.32), (0.2, 0.2, 0.26), "dark")
    m.pole("lens", (0, 0, h - 0.57), 0.07, 0.14, "steel")
    m.add("ring_light", "ring", (0, 0, h - 0.62), (0.4, 0.4, 0.05), "lamp_starved")
    hmi(m, (0.42, -d / 2 - 0.05, 1.4), scale=1.25)
    m.tower((0, d / 2 - 0.2, h))


def eol_test(m: Maker, b: Body) -> None:
    """A test place between instrument racks, with a contact plate above the part."""
    w, d, h = b.size
    accent = ACCENT["eol_test"]
    plinth(m, w, d, accent=accent)
    through_table(m, w, lane_width(b))
    back = d / 2 - 0.02
    racks = max(2, round(w / 0.8))
    each = (w - 0.1) / racks
    for k in range(racks):
        x = (-w / 2 + 0.05 + k * each + 0.02, -w / 2 + 0.05 + (k + 1) * each - 0.02)
        m.block("rack", x, (back - 0.4, back), (BELT_M - 0.14, h), "body")
        for unit in range(4):
            z = BELT_M + 0.12 + unit * (h - BELT_M - 0.2) / 4
            kind = ("screen", "frame", "dark", "frame")[(unit + k) % 4]
            m.box(
                "instrument",
                (sum(x) / 2, back - 0.41, z + 0.08),
                (each * 0.78, 0.03, (h - BELT_M - 0.2) / 4 * 0.7),
                kind,
            )
            m.box(
                "led", (x[0] + each * 0.2, back - 0.43, z + 0.08), (0.05, 0.02, 0.05), "screen_line"
            )
    m.block(
        "rack_band",
        (-w / 2 + 0.04, w / 2 - 0.04),
        (back - 0.41, back + 0.01),
        (h - 0.02, h + 0.06),
        accent,
    )
    for side in (-1, 1):
        m.box("arm", (side * 0.3, (back - 0.4) / 2, h - 0.25), (0.08, back - 0.4, 0.08), "frame")
    m.box(
        "contact_plate",
        (0, 0, h - 0.42),
        (min(w - 0.5, b.part[0] + 0.3), b.part[1] + 0.2, 0.08),
        accent,
    )
    for along in (-0.3, -0.1, 0.1, 0.3):
        m.pole("probe", (along, 0, h - 0.58), 0.025, 0.14, "yellow")
    hmi(m, (-w / 2 + 0.4, -d / 2 - 0.05, 1.3))
    m.tower((w / 2 - 0.25, back - 0.2, h + 0.06))


def leak_test(m: Maker, b: Body) -> None:
    """A bell that is lowered over the part, with pressure tanks behind."""
    w, d, h = b.size
    accent = ACCENT["leak_test"]
    plinth(m, w, d, accent=accent)
    through_table(m, w, lane_width(b))
    for sx in (-1, 1):
        for sy in (-1, 1):
            at = (sx * (w / 2 - 0.12), sy * (d / 2 - 0.16), BELT_M - 0.14)
            m.pole("guide", at, 0.055, h - at[2], "steel")
    m.block("head", (-w / 2, w / 2), (-d / 2 + 0.05, d / 2 - 0.05), (h - 0.22, h), "body")
    m.block(
        "head_band",
        (-w / 2 - 0.01, w / 2 + 0.01),
        (-d / 2 + 0.04, d / 2 - 0.04),
        (h - 0.17, h - 0.08),
        accent,
    )
    rim = BELT_M + b.part[2] + 0.28
    bell = (w * 0.74, d * 0.66)
    m.box("bell", (0, 0, (rim + h - 0.5) / 2), (*bell, h - 0.5 - rim), "glass")
    for z in (rim, h - 0.5):
        m.box("bell_rim", (0, 0, z), (bell[0] + 0.08, bell[1] + 0.08, 0.07), accent)
    m.pole("piston", (0, 0, h - 0.5), 0.1, 0.3, "steel")
    for k in range(2):
        m.add(
            "tank",
            "cylinder",
            (-w / 4 + k * w / 2, d / 2 - 0.02, 0.42),
            (0.3, 0.3, 0.7),
            "steel",
            rotation=ALONG_X,
        )
    m.add(
        "gauge",
        "cylinder",
        (-w / 2 + 0.35, -d / 2 + 0.05, h - 0.11),
        (0.2, 0.2, 0.05),
        "body",
        rotation=(0.7071068, 0.0, 0.0, 0.7071068),
    )
    hmi(m, (w / 2 - 0.35, -d / 2 - 0.1, 1.3))
    m.tower((w / 2 - 0.25, d / 2 - 0.3, h))
