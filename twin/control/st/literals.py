"""Literals as written to values: numbers in any base, durations, dates, strings."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from struct import Struct

from .kinds import BOOL, LREAL, REAL, TYPES, Cell, Elementary, Text, elementary, fits, smallest

NS = 1_000_000_000
DAY_NS = 86_400 * NS
_UNITS = {
    "d": DAY_NS,
    "h": 3600 * NS,
    "m": 60 * NS,
    "s": NS,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}
_FLOAT = Struct("f")
_PARTS = re.compile(r"(\d[\d_]*(?:\.\d[\d_]*)?)_?(ms|us|ns|d|h|m|s)_?", re.IGNORECASE)
_BASED = re.compile(r"(\d+)#([0-9A-Za-z_]+)")
_DECIMAL = re.compile(r"\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?")
_ESCAPES = {"$": "$", "'": "'", '"': '"', "l": "\n", "n": "\n", "p": "\f", "r": "\r", "t": "\t"}


class LiteralError(ValueError):
    """A literal that says nothing; `key` is the message's."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Written:
    """A literal's type and value; `bare` when it names no type and takes the one around it."""

    type: Elementary
    value: Cell
    bare: bool = False


def single(value: float) -> float:
    """Return the nearest number of single precision, as a REAL holds it."""
    try:
        rounded: float = _FLOAT.unpack(_FLOAT.pack(value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    return rounded


def read(text: str) -> Written:
    """Return what a literal says.

    Raises:
        LiteralError: it says nothing that there is.
    """
    if text[0] in "'\"":
        return _string(text)
    prefix, mark, rest = text.partition("#")
    if not mark:
        if text.upper() in {"TRUE", "FALSE"}:
            return Written(BOOL, text.upper() == "TRUE")
        return _number(text)
    if prefix[:1].isdigit():
        value = _whole(text)
        return Written(smallest(value), value, bare=True)
    return _typed(prefix.upper(), rest, text)


def _typed(prefix: str, rest: str, text: str) -> Written:
    short = {"T": "TIME", "LT": "LTIME", "D": "DATE", "LD": "LDATE"}
    kind = elementary(short.get(prefix, prefix))
    if kind is None:
        raise LiteralError("literal.prefix", found=prefix)
    readers = {"time": _duration, "date": _date, "tod": _time_of_day, "dt": _date_and_time}
    if kind.family in readers:
        value = readers[kind.family](rest, text)
        if not fits(value, kind):
            raise LiteralError("literal.range", found=text[:40], type=kind.name, low="", high="")
        return Written(kind, value)
    if isinstance(kind, Text):
        if rest[:1] not in {"'", '"'}:
            raise LiteralError("literal.string", found=text[:40])
        inner = _string(rest)
        return Written(inner.type, inner.value, bare=True)
    if kind is BOOL:
        known = {"TRUE": True, "1": True, "FALSE": False, "0": False}
        if rest.upper() not in known:
            raise LiteralError("literal.bool", found=text[:40])
        return Written(BOOL, known[rest.upper()])
    return _typed_number(kind, rest, text)


def _typed_number(kind: Elementary, rest: str, text: str) -> Written:
    if kind.family == "real":
        if not _DECIMAL.fullmatch(rest.lstrip("+-")):
            raise LiteralError("literal.number", found=text[:40])
        value = float(rest.replace("_", ""))
        return Written(kind, single(value) if kind is REAL else value)
    sign = -1 if rest.startswith("-") else 1
    whole = sign * _whole(rest.lstrip("+-"))
    if not fits(whole, kind):
        raise LiteralError(
            "literal.range", found=text[:40], type=kind.name, low=kind.low, high=kind.high
        )
    return Written(kind, whole)


def _number(text: str) -> Written:
    if "." in text or "e" in text.lower():
        if not _DECIMAL.fullmatch(text):
            raise LiteralError("literal.number", found=text[:40])
        return Written(LREAL, float(text.replace("_", "")), bare=True)
    value = _whole(text)
    return Written(smallest(value), value, bare=True)


def _whole(text: str) -> int:
    based = _BASED.fullmatch(text)
    try:
        if based:
            base = int(based[1])
            if base not in {2, 8, 10, 16}:
                raise LiteralError("literal.base", found=text[:40])
            value = int(based[2].replace("_", ""), base)
        else:
            value = int(text.replace("_", ""))
    except LiteralError:
        raise
    except ValueError:
        raise LiteralError("literal.number", found=text[:40]) from None
    if value > TYPES["ULINT"].high:
        raise LiteralError("literal.huge", found=text[:40])
    return value


def _duration(rest: str, text: str) -> int:
    sign = -1 if rest.startswith("-") else 1
    body = rest.lstrip("+-")
    total, at, units = Decimal(0), 0, list(_UNITS)
    while at < len(body):
        match = _PARTS.match(body, at)
        if match is None or match[2].lower() not in units:
            raise LiteralError("literal.time", found=text[:40])
        # Units go from large to small, each at most once.
        units = units[units.index(match[2].lower()) + 1 :]
        total += Decimal(match[1].replace("_", "")) * _UNITS[match[2].lower()]
        at = match.end()
    if not body:
        raise LiteralError("literal.time", found=text[:40])
    return sign * int(total)


def _date(rest: str, text: str) -> int:
    try:
        year, month, day = (int(part) for part in rest.split("-"))
        return (date(year, month, day) - date(1970, 1, 1)).days * DAY_NS
    except (ValueError, OverflowError):
        raise LiteralError("literal.date", found=text[:40]) from None


def _time_of_day(rest: str, text: str) -> int:
    match = re.fullmatch(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d{1,9})?))?", rest)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59 or Decimal(match[3] or 0) >= 60:
        raise LiteralError("literal.time_of_day", found=text[:40])
    return int((int(match[1]) * 3600 + int(match[2]) * 60) * NS + Decimal(match[3] or 0) * NS)


def _date_and_time(rest: str, text: str) -> int:
    day, _, time = rest.rpartition("-")
    if not day:
        raise LiteralError("literal.date_and_time", found=text[:40])
    return _date(day, text) + _time_of_day(time, text)


def _string(text: str) -> Written:
    wide, body = text[0] == '"', text[1:-1]
    digits = 4 if wide else 2
    out, at = [], 0
    while at < len(body):
        character = body[at]
        at += 1
        if character != "$":
            out.append(character)
            continue
        code = body[at : at + digits]
        if re.fullmatch(f"[0-9A-Fa-f]{{{digits}}}", code):
            out.append(chr(int(code, 16)))
            at += digits
        elif body[at : at + 1].lower() in _ESCAPES:
            out.append(_ESCAPES[body[at].lower()])
            at += 1
        else:
            raise LiteralError("literal.escape", found=f"${body[at : at + 1]}")
    value = "".join(out)
    family = "wstring" if wide else "string"
    name = f"{family.upper()}[{len(value)}]"
    return Written(Text(name, family, len(value), default=""), value, bare=True)
