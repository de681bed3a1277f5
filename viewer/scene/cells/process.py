"""What works on parts: presses, welding torches, screwdrivers, dispensers, ovens, mills, drills."""

from twin.spec.motion import Belt, ProcessHead
from viewer.scene.document import Light, Point
from viewer.scene.maker import ALONG_Y, about_x

from .plan import standing_free
from .rig import Rig

BEHIND_M = 0.12


def process(rig: Rig, spec: ProcessHead) -> None:
    """A head over, or behind, the part that it works on."""
    at = rig if standing_free(spec) else rig.beside(spec.sees, spec.along_m)
    part = rig.plan.part
    width = rig.plan.width(spec.sees)
    behind = max(width / 2 + BEHIND_M, part[1] / 2 + BEHIND_M)
    host = rig.plan.bodies.get(spec.sees)
    floor = -rig.plan.height(spec if standing_free(spec) or host is None else host)
    draw = {
        "press": _press,
        "weld": _weld,
        "screw": _screw,
        "dispense": _dispense,
        "oven": _oven,
        "mill": _mill,
        "drill": _mill,
    }[spec.process]
    draw(rig, at, behind, floor)
    if isinstance(host, Belt) and spec.process == "oven":
        return
    top = part[2] + (0.42 if spec.process in ("press", "screw") else 0.3)
    at.box("sign", (0.07, behind + 0.035, top), (0.05, 0.012, 0.1), "dark")
    _lamp(at, (0.07, behind + 0.024, top + 0.025), "busy", "yellow")
    _lamp(at, (0.07, behind + 0.024, top - 0.025), "done", "green")


def _lamp(at: Rig, place: Point, pin: str, colour: str) -> None:
    at.led(f"led_{pin}", place, pin, colour, size=0.03)


def _shown(rig: Rig, material: str) -> Light | None:
    """What is there only while the head works."""
    return rig.light("busy", material)


def _gone(rig: Rig) -> Light | None:
    """What is there only while the head does not work."""
    return rig.light("busy", None)


def _stand(at: Rig, behind: float, floor: float, top: float, wide: float = 0.09) -> None:
    at.beam("stand", (0, behind + 0.05, floor), (0, behind + 0.05, top), wide, "body_shade")
    at.box("stand_foot", (0, behind + 0.05, floor + 0.008), (0.24, 0.24, 0.016), "frame")


def _press(rig: Rig, at: Rig, behind: float, floor: float) -> None:
    high = rig.plan.part[2]
    top = high + 0.34
    _stand(at, behind, floor, top, 0.13)
    at.block("arm", (-0.08, 0.08), (-0.1, behind + 0.1), (top - 0.06, top + 0.05), rig.tint("navy"))
    at.rod("cylinder", (0, 0, top + 0.05), (0, 0, top + 0.2), 0.055, "profile")
    at.rod("cap", (0, 0, top + 0.2), (0, 0, top + 0.22), 0.06, "pneumatic")
    for name, low, light in (
        ("ram_up", high + 0.14, _gone(rig)),
        ("ram_down", high + 0.004, _shown(rig, "chrome")),
    ):
        off = "chrome" if name == "ram_up" else None
        at.rod(name, (0, 0, low + 0.03), (0, 0, top - 0.06), 0.022, off, light=light)
        at.rod(f"{name}_foot", (0, 0, low), (0, 0, low + 0.03), 0.05, off, light=light)


def _weld(rig: Rig, at: Rig, behind: float, floor: float) -> None:
    high = rig.plan.part[2]
    _stand(at, behind, floor, high + 0.3)
    at.rod(
        "arm",
        (0, behind + 0.05, high + 0.28),
        (0, behind * 0.5, high + 0.22),
        0.028,
        rig.tint("orange"),
    )
    at.rod("torch", (0, behind * 0.5, high + 0.22), (0, 0.02, high + 0.05), 0.02, "dark")
    at.rod("nozzle", (0, 0.02, high + 0.05), (0, 0.004, high + 0.016), 0.01, "brass")
    at.rod("hose", (0, behind * 0.5, high + 0.24), (0, behind + 0.05, high + 0.34), 0.012, "rubber")
    at.add(
        "arc", "sphere", (0, 0, high + 0.008), (0.05, 0.05, 0.05), None, light=_shown(rig, "arc")
    )
    at.rod(
        "flare",
        (0, 0, high),
        (0, 0, high + 0.12),
        0.05,
        None,
        light=_shown(rig, "glow"),
        shape="cone",
    )


def _screw(rig: Rig, at: Rig, behind: float, floor: float) -> None:
    high = rig.plan.part[2]
    top = high + 0.36
    _stand(at, behind, floor, top + 0.04)
    at.block("arm", (-0.03, 0.03), (-0.02, behind + 0.08), (top, top + 0.04), "body_shade")
    at.rod("driver", (0, 0, high + 0.16), (0, 0, top + 0.06), 0.03, rig.tint("teal"))
    at.rod("grip", (0, 0, high + 0.22), (0, 0, high + 0.3), 0.034, "rubber")
    for name, low, off, light in (
        ("bit_up", high + 0.1, "chrome", _gone(rig)),
        ("bit_down", high + 0.002, None, _shown(rig, "chrome")),
    ):
        at.rod(name, (0, 0, low), (0, 0, high + 0.17), 0.008, off, light=light)


def _dispense(rig: Rig, at: Rig, behind: float, floor: float) -> None:
    high = rig.plan.part[2]
    _stand(at, behind, floor, high + 0.34)
    at.rod("arm", (0, behind + 0.05, high + 0.3), (0, 0.03, high + 0.2), 0.022, "body_shade")
    at.rod("cartridge", (0, 0.03, high + 0.13), (0, 0.05, high + 0.36), 0.032, "plastic")
    at.rod("cap", (0, 0.05, high + 0.36), (0, 0.052, high + 0.385), 0.034, rig.tint("violet"))
    at.rod("needle", (0, 0.012, high + 0.03), (0, 0.03, high + 0.13), 0.006, "chrome")
    at.rod(
        "bead", (0, 0, high), (0, 0.012, high + 0.03), 0.007, None, light=_shown(rig, "sig_orange")
    )


def _oven(rig: Rig, at: Rig, behind: float, floor: float) -> None:
    """A tunnel over the part, whose slit glows while it heats."""
    part = rig.plan.part
    long, wide = max(part[0] + 0.3, 0.5), 2 * behind
    low, top = part[2] + 0.05, part[2] + 0.35
    at.block("roof", (-long / 2, long / 2), (-wide / 2, wide / 2), (low, top), rig.tint("body"))
    at.block("band", (-long / 2 - 0.004, long / 2 + 0.004), (-wide / 2 - 0.004, wide / 2 + 0.004),
             (top - 0.09, top - 0.05), "red")  # fmt: skip
    for side in (-1, 1):
        at.block("wall", (-long / 2, long / 2), (side * wide / 2, side * (wide / 2 - 0.05)),
                 (-0.02, low), "body")  # fmt: skip
        for end in (-1, 1):
            x, y = end * (long / 2 - 0.03), side * (wide / 2 - 0.025)
            at.beam("leg", (x, y, floor), (x, y, -0.02), 0.045, "frame")
    at.block("chimney", (-0.06, 0.06), (-0.06, 0.06), (top, top + 0.22), "steel")
    heat = rig.light("heat", "hot") or _shown(rig, "hot")
    at.block(
        "slit_dark",
        (-long * 0.36, long * 0.36),
        (-wide / 2 - 0.006, -wide / 2),
        (low + 0.04, low + 0.1),
        "dark",
    )
    at.add(
        "heater", "box", (0, 0, low - 0.012), (long * 0.9, wide * 0.7, 0.016), "frame", light=heat
    )
    at.add("slit", "box", (0, -wide / 2 - 0.008, low + 0.07), (long * 0.66, 0.006, 0.04), "frame",
           light=rig.light("heat", "hot") or _shown(rig, "hot"))  # fmt: skip
    _lamp(at, (long / 2 - 0.05, -wide / 2 - 0.01, top - 0.14), "busy", "yellow")
    _lamp(at, (long / 2 - 0.1, -wide / 2 - 0.01, top - 0.14), "done", "green")


def _mill(rig: Rig, at: Rig, behind: float, floor: float) -> None:
    """A spindle from behind, out of the way of what loads from above."""
    high = rig.plan.part[2]
    z = high * 0.6
    back = behind + 0.06
    at.block("column", (-0.13, 0.13), (back, back + 0.2), (floor, high + 0.34), rig.tint("body"))
    at.block(
        "column_band",
        (-0.132, 0.132),
        (back - 0.002, back + 0.202),
        (high + 0.2, high + 0.24),
        "blue",
    )
    at.block("carriage", (-0.09, 0.09), (back - 0.05, back), (z - 0.09, z + 0.13), "frame")
    at.add(
        "spindle", "cylinder", (0, back - 0.02, z), (0.12, 0.12, 0.16), "steel", rotation=ALONG_Y
    )
    at.add(
        "nose", "cone", (0, back - 0.13, z), (0.09, 0.09, 0.07), "chrome", rotation=about_x(1.5708)
    )
    for name, tip, off, light in (
        ("tool_back", back - 0.22, "brass", _gone(rig)),
        ("tool_out", min(0.03, back - 0.24), None, _shown(rig, "brass")),
    ):
        at.rod(name, (0, back - 0.15, z), (0, tip, z), 0.012, off, light=light)
    at.add("sparks", "sphere", (0, min(0.03, back - 0.24), z), (0.06, 0.04, 0.06), None,
           light=_shown(rig, "glow"))  # fmt: skip
