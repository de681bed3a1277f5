"""Sensors: a small housing on a bracket, its lamp, and the beam that a part breaks."""

from twin.spec.motion import Belt, Chute, Rack, Sensor
from viewer.scene.document import Light, Point

from .plan import standing_free
from .rig import Rig

BEAMS = {"diffuse": "beam_red", "retro": "beam_red", "height": "beam_green", "colour": "beam_blue"}
BESIDE_M = 0.075


def sensor(rig: Rig, spec: Sensor) -> None:
    """A sensor where it stands itself, else beside or above the place that it looks at."""
    plan = rig.plan
    if standing_free(spec):
        place = plan.target(spec, spec.sees, spec.along_m)
        _pointed(rig, spec, (0.0, 0.0, 0.0), (place[0], place[1], place[2] + spec.beam_m))
        return
    at = rig.beside(spec.sees, spec.along_m, spec.slot)
    edge = plan.width(spec.sees) / 2 + BESIDE_M
    if spec.type in ("height", "colour"):
        high = plan.part[2] + 0.22
        _portal(at, spec, edge, high)
        _pointed(at, spec, (0.0, 0.0, high), (0.0, 0.0, 0.0))
    elif spec.type == "inductive":
        _bracket(at, spec, edge, 0.03)
        near = max(edge - 0.06, 0.03)
        _pointed(at, spec, (0.0, edge, 0.03), (0.0, near, 0.03))
    else:
        z = max(spec.beam_m, 0.015)
        _bracket(at, spec, edge, z)
        _pointed(at, spec, (0.0, edge, z), (0.0, -edge, z))


def _bracket(rig: Rig, spec: Sensor, edge: float, z: float) -> None:
    """Fix it to the frame of what it looks at."""
    rig.box("bracket", (0, edge + 0.008, z / 2 - 0.05), (0.03, 0.006, z + 0.13), "profile_dark")
    rig.box("bracket_foot", (0, edge - 0.02, -0.085), (0.03, 0.06, 0.008), "profile_dark")
    if spec.type == "retro" or isinstance(rig.plan.bodies.get(spec.sees), Rack):
        rig.box("far_bracket", (0, -edge - 0.008, z / 2 - 0.04), (0.04, 0.006, z + 0.1), "profile")


def _portal(rig: Rig, spec: Sensor, edge: float, high: float) -> None:
    host = rig.plan.bodies.get(spec.sees)
    low = -0.09 if isinstance(host, Belt | Chute) else 0.0
    for side in (-1, 1) if isinstance(host, Belt) else (1,):
        rig.beam("portal", (0, side * edge, low), (0, side * edge, high + 0.06), 0.024, "profile")
    reach = -edge if isinstance(host, Belt) else 0.0
    rig.beam("portal_top", (0, reach, high + 0.06), (0, edge, high + 0.06), 0.024, "profile")


def _pointed(rig: Rig, spec: Sensor, at: Point, to: Point) -> None:
    """Draw the housing at a point, and the beam to another one."""
    out = "" if spec.type not in ("height", "colour") else None
    lit = None if out is None else rig.light("", "sig_yellow")
    x, y, z = at
    if spec.type == "inductive":
        rig.rod("barrel", at, to, 0.009, "brass")
        away = tuple(q - p for p, q in zip(at, to, strict=True))
        face = (to[0] + away[0] * 0.12, to[1] + away[1] * 0.12, to[2] + away[2] * 0.12)
        rig.rod("face", to, face, 0.0085, "drive")
        rig.add("led", "sphere", (x, y, z + 0.012), (0.014,) * 3, "sig_yellow_off", light=lit)
        return
    down = abs(to[2] - z) > 0.05
    size = (0.044, 0.044, 0.07) if down else (0.022, 0.036, 0.06)
    rig.box("housing", at, size, "sensor")
    rig.box("cap", (x, y, z + size[2] / 2 + 0.004), (size[0], size[1], 0.008), "amber")
    if lit is not None:
        top = (x, y, z + size[2] / 2 + 0.014)
        rig.add("led", "sphere", top, (0.022,) * 3, "sig_yellow_off", light=lit)
    if spec.type == "retro":
        rig.box("reflector", to, (0.05, 0.008, 0.05), "amber")
    _beam(rig, spec, at, to)


def _beam(rig: Rig, spec: Sensor, at: Point, to: Point) -> None:
    """A beam as long as the way to what it looks at; another colour while a part is in it."""
    usual = BEAMS[spec.type]
    if spec.type == "colour":
        rig.rod("beam", to, at, 0.03, usual, shape="cone")
        return
    light: Light | None = rig.light("", "beam_hit", inverted=spec.normally_closed)
    if spec.type == "height":
        light = None
    end = to if spec.type == "retro" else _short(at, to)
    rig.rod("beam", at, end, 0.0045, usual, light=light)


def _short(at: Point, to: Point) -> Point:
    """A diffuse beam ends within what it looks at, not at the other side of it."""
    share = 0.72
    x, y, z = (p + (q - p) * share for p, q in zip(at, to, strict=True))
    return (x, y, z) if abs(to[2] - at[2]) < 0.05 else to
