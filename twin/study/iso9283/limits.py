"""What a characteristic is called, its clause and unit; and its limits, which somebody declares."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, pi

from twin.study.errors import WrongWish


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One of the standard's characteristics."""

    id: str
    clause: str
    unit: str
    scale: float
    """From SI to that unit."""
    absolute: bool = True
    """Whether a limit is on the size, whatever the sign."""
    angle: bool = False


_MM, _DEG = ("mm", 1e3), ("deg", 180.0 / pi)
CHARACTERISTICS = {
    one.id: one
    for one in (
        Characteristic("AP", "7.2.1", *_MM),
        Characteristic("APo", "7.2.1", *_DEG, angle=True),
        Characteristic("RP", "7.2.2", *_MM),
        Characteristic("RPo", "7.2.2", *_DEG, angle=True),
        Characteristic("vAP", "7.2.3", *_MM),
        Characteristic("vAPo", "7.2.3", *_DEG, angle=True),
        Characteristic("AD", "7.3.2", *_MM),
        Characteristic("RD", "7.3.3", *_MM),
        Characteristic("PST", "7.4", "s", 1.0),
        Characteristic("OV", "7.5", *_MM),
        Characteristic("AT", "8.2", *_MM),
        Characteristic("ATo", "8.2", *_DEG, angle=True),
        Characteristic("RT", "8.3", *_MM),
        Characteristic("RTo", "8.3", *_DEG, angle=True),
        Characteristic("ATr", "8.4", *_MM),
        Characteristic("CR", "8.5.1", *_MM),
        Characteristic("CO", "8.5.2", *_MM),
        Characteristic("AV", "8.6.2", "%", 1.0),
        Characteristic("RV", "8.6.3", "%", 1.0),
        Characteristic("FV", "8.6.4", "mm/s", 1e3),
    )
}
"""By id, in the order of the standard. `o`: of the orientation, the worst of the three angles."""
UNITS = {
    "m": ("mm", 1.0), "mm": ("mm", 1e-3), "um": ("mm", 1e-6), "µm": ("mm", 1e-6),
    "deg": ("deg", pi / 180.0), "°": ("deg", pi / 180.0), "rad": ("deg", 1.0),
    "mrad": ("deg", 1e-3), "s": ("s", 1.0), "ms": ("s", 1e-3), "%": ("%", 1.0),
    "m/s": ("mm/s", 1.0), "mm/s": ("mm/s", 1e-3),
}  # fmt: skip
"""What a unit measures, by the unit that reports use, and how much of SI it is."""
DECLARED: Mapping[str, Mapping[str, float]] = {
    "six": {"RP": 0.05e-3},
    "scara": {"RP": 0.05e-3},
    "ur5": {"RP": 0.1e-3},
    "ur10": {"RP": 0.1e-3},
    "panda": {"RP": 0.1e-3},
}
"""The pose repeatability that makers declare, m: ± 0.1 mm in the data sheets of UR5 and UR10 (CB
series) and of the Panda; 0.05 mm of our own arms."""
_LIMIT = re.compile(r"^\s*([A-Za-z]+)\s*=\s*([0-9.eE+-]+)\s*([A-Za-zµ°%/]*)\s*$")


def parsed(texts: list[str]) -> dict[str, float]:
    """Return limits from texts such as `RP=0.05mm, AV=5%`; SI, by characteristic.

    Raises:
        WrongWish: a text is none, names no characteristic, or has a unit of something else.
    """
    found: dict[str, float] = {}
    for text in (part for one in texts for part in one.split(",") if part.strip()):
        match = _LIMIT.match(text)
        value = _number(match[2]) if match else inf
        if match is None or not 0.0 < value < inf:
            raise WrongWish("inspect.limit", text=text.strip())
        known = {name.lower(): one for name, one in CHARACTERISTICS.items()}
        one = known.get(match[1].lower())
        if one is None:
            names = ", ".join(CHARACTERISTICS)
            raise WrongWish("inspect.limit_unknown", name=match[1], names=names)
        kind, scale = UNITS.get(match[3] or one.unit, ("", 0.0))
        if kind != one.unit:
            raise WrongWish("inspect.limit_unit", name=one.id, unit=match[3], wanted=one.unit)
        found[one.id] = value * scale
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return inf
