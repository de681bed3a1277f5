"""Durations and widths as a person types them."""

import re
from math import isfinite

from twin.spec.messages import message
from twin.study.precision import Precision

_units_s = {
    "": 1.0, "s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0,
}  # fmt: skip
_number = r"[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+"
_piece = re.compile(rf"\s*({_number})\s*([a-z]*)\s*")


def seconds(text: str, language: str = "en") -> float:
    """Return a duration in seconds: `8h`, `30min`, `1h30min`, `3600s`, or a plain number of s."""
    total, place = 0.0, 0
    for piece in _piece.finditer(text.lower()):
        unit = piece.group(2)
        if piece.start() != place or unit not in _units_s:
            break
        total += float(piece.group(1)) * _units_s[unit]
        place = piece.end()
    if not text.strip() or place != len(text) or not isfinite(total):
        raise ValueError(message("cli.no_duration", language, text=text))
    return total


def half_width(text: str, language: str = "en") -> Precision:
    """Return a wished half-width: `1%` of the mean, or a number in the unit of the mean."""
    trimmed = text.strip()
    relative = trimmed.endswith("%")
    try:
        width = float(trimmed.removesuffix("%")) / (100 if relative else 1)
    except ValueError:
        width = 0.0
    if not (isfinite(width) and width > 0):
        raise ValueError(message("cli.no_half_width", language, text=text))
    return Precision(width, relative=relative)
