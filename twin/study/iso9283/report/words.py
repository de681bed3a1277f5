"""Numbers and names as a report writes them."""

import re
from math import isfinite

from twin.spec.messages import message
from twin.study.iso9283.evaluate import Figure
from twin.study.iso9283.limits import CHARACTERISTICS

WIDE_FROM = "\u2e80"
"""From here on letters are Chinese, and signs as wide as these."""
_WORD = re.compile(r"[\u2e80-\uffff][，。；：、）]*\s*|[^\s\u2e80-\uffff]+[，。；：、）]*\s*|\s+")


def shown(value: float, id_: str) -> str:
    """Return a value in the unit of its characteristic, without it."""
    one = CHARACTERISTICS[id_]
    number = value * one.scale
    if not isfinite(number):
        return "–"
    places = {"mm": 3, "deg": 4, "s": 3, "%": 2, "mm/s": 1}[one.unit]
    return f"{number:.{places}f}".replace("-", "−")


def unit(id_: str) -> str:
    """Return the unit of a characteristic."""
    return {"deg": "°"}.get(CHARACTERISTICS[id_].unit, CHARACTERISTICS[id_].unit)


def name(id_: str, language: str) -> str:
    """Return what people call a characteristic."""
    return message(f"inspect.name_{id_.lower()}", language)


def symbol(id_: str) -> str:
    """Return its sign in the standard."""
    return {"APo": "APa,b,c", "RPo": "RPa,b,c", "vAPo": "vAPa,b,c", "ATo": "ATa,b,c",
            "RTo": "RTa,b,c", "PST": "t", "ATr": "AT"}.get(id_, id_)  # fmt: skip


def place(figure: Figure, language: str) -> str:
    """Return where a figure was found."""
    return place_name(figure.place, language)


def place_name(text: str, language: str) -> str:
    """Return what people call a pose or a path."""
    return text if text.startswith("P") else message(f"inspect.path_{text}", language)


def verdict(passed: bool | None, language: str) -> str:  # noqa: FBT001 - what it says is all
    """Return pass, fail or a dash."""
    if passed is None:
        return "–"
    return message("inspect.pass" if passed else "inspect.fail", language)


def breadth(text: str) -> int:
    """Return how wide a text is, in Latin letters: a Chinese one is as wide as two."""
    return sum(2 if letter >= WIDE_FROM else 1 for letter in text)


def folded(text: str, width: int) -> list[str]:
    """Return a text in lines of at most a width, broken between words or Chinese letters."""
    lines = [""]
    for word in _WORD.findall(text):
        room = width - breadth(lines[-1])
        if breadth(word.rstrip()) > room and lines[-1]:
            lines.append("")
        lines[-1] += word
    return [line.rstrip() for line in lines]
