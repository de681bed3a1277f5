"""Conversion functions: `X_TO_Y`, `TO_Y`, `TRUNC`, and what they do to a value."""

import ast
import math
import re
from collections.abc import Callable
from datetime import date
from struct import Struct
from typing import Any

from . import emit as e
from .kinds import (
    ALIASES,
    BOOL,
    LREAL,
    REAL,
    STRING,
    TYPES,
    Cell,
    Elementary,
    Text,
    elementary,
    wrap,
)
from .literals import DAY_NS, LiteralError, read
from .values import Value, constant

_F32, _U32, _F64, _U64 = Struct("f"), Struct("I"), Struct("d"), Struct("Q")
_NUMBER = re.compile(r"\s*([+-]?\d+)\s*")
_UNITS = (
    (DAY_NS, "d"),
    (3_600_000_000_000, "h"),
    (60_000_000_000, "m"),
    (1_000_000_000, "s"),
    (1_000_000, "ms"),
    (1_000, "us"),
    (1, "ns"),
)
MS = 1_000_000


def nearest(value: float) -> int:
    """A real to the nearest whole number, halves to the even one; 0 for what is none."""
    return round(value) if math.isfinite(value) else 0


def cut(value: float) -> int:
    """A real towards zero; 0 for what is no number."""
    return math.trunc(value) if math.isfinite(value) else 0


def bits_of_real(value: float) -> int:
    """The 32 bits of a REAL."""
    bits: int = _U32.unpack(_F32.pack(value))[0]
    return bits


def real_of_bits(bits: int) -> float:
    """The REAL that 32 bits are."""
    value: float = _F32.unpack(_U32.pack(bits))[0]
    return value


def bits_of_lreal(value: float) -> int:
    """The 64 bits of an LREAL."""
    bits: int = _U64.unpack(_F64.pack(value))[0]
    return bits


def lreal_of_bits(bits: int) -> float:
    """The LREAL that 64 bits are."""
    value: float = _F64.unpack(_U64.pack(bits))[0]
    return value


def milliseconds(value: int) -> int:
    """Nanoseconds to whole milliseconds, towards zero."""
    return abs(value) // MS if value >= 0 else -(abs(value) // MS)


def real_text(value: float) -> str:
    """A real as the standard writes one."""
    if not math.isfinite(value):
        return {math.inf: "INF", -math.inf: "-INF"}.get(value, "NAN")
    text = repr(value).upper()
    return text if "." in text or "E" in text else f"{text}.0"


def single_text(value: float) -> str:
    """A REAL with the digits that single precision has."""
    if not math.isfinite(value):
        return real_text(value)
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if _F32.pack(float(text)) == _F32.pack(value):
            break
    text = text.upper()
    return text if "." in text or "E" in text else f"{text}.0"


def bool_text(value: bool) -> str:  # noqa: FBT001
    """TRUE or FALSE."""
    return "TRUE" if value else "FALSE"


def time_text(value: int) -> str:
    """A duration as a literal."""
    parts = []
    rest = abs(value)
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return f"T#{'-' if value < 0 else ''}{''.join(parts) or '0ms'}"


def date_text(value: int) -> str:
    """A date as a literal."""
    days = value // DAY_NS + date(1970, 1, 1).toordinal()
    if not 1 <= days <= date.max.toordinal():
        return "D#?"
    return f"D#{date.fromordinal(days).isoformat()}"


def moment_text(value: int) -> str:
    """A time of day as a literal."""
    seconds, rest = divmod(value % DAY_NS, 1_000_000_000)
    fraction = f".{rest:09}".rstrip("0") if rest else ""
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"TOD#{clock}{fraction}"


def date_and_time_text(value: int) -> str:
    """A date and time as a literal."""
    return f"DT#{date_text(value)[2:]}-{moment_text(value)[4:]}"


def text_whole(text: str) -> int:
    """The whole number that a string begins to be; 0 when it is none."""
    match = _NUMBER.fullmatch(text[:64])
    return int(match[1]) if match else 0


def text_real(text: str) -> float:
    """The real that a string is; 0.0 when it is none."""
    try:
        return float(text[:64].replace("_", "x"))
    except ValueError:
        return 0.0


def text_bool(text: str) -> bool:
    """Whether a string says TRUE or 1."""
    return text.strip().upper() in {"TRUE", "1"}


def text_time(text: str) -> int:
    """The duration that a string is as a literal; 0 when it is none."""
    try:
        written = read(text.strip()[:100] or "0")
    except LiteralError:
        return 0
    return written.value if written.type.family == "time" and type(written.value) is int else 0


def code_of(text: str) -> int:
    """The code of a character; 0 for an empty one."""
    return ord(text[0]) if text else 0


def character(code: int) -> str:
    """The character of a code; none for what is no character."""
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else ""


def from_bcd(value: int) -> int:
    """The number whose decimal digits are the hexadecimal ones of `value`; 9 for a digit above."""
    digits = [min(9, value >> shift & 15) for shift in range(60, -4, -4)]
    return int("".join(map(str, digits)))


def to_bcd(value: int) -> int:
    """The bits that show the decimal digits of a number, four each."""
    return int(str(abs(value)), 16)


def day(value: int) -> int:
    """The date of a date and time."""
    return value - value % DAY_NS


def time_of_day(value: int) -> int:
    """The time of day of a date and time."""
    return value % DAY_NS


def is_true(value: float) -> bool:
    """Whether a number is not 0."""
    return value != 0


CASTS: dict[str, Callable[..., Any]] = {
    "NEAREST": nearest,
    "CUT": cut,
    "BITS_R": bits_of_real,
    "R_BITS": real_of_bits,
    "BITS_L": bits_of_lreal,
    "L_BITS": lreal_of_bits,
    "MS": milliseconds,
    "REAL_TEXT": real_text,
    "SINGLE_TEXT": single_text,
    "BOOL_TEXT": bool_text,
    "INT_TEXT": str,
    "TIME_TEXT": time_text,
    "DATE_TEXT": date_text,
    "TOD_TEXT": moment_text,
    "DT_TEXT": date_and_time_text,
    "TEXT_INT": text_whole,
    "TEXT_REAL": text_real,
    "TEXT_BOOL": text_bool,
    "TEXT_TIME": text_time,
    "CODE": code_of,
    "CHARACTER": character,
    "FROM_BCD": from_bcd,
    "TO_BCD": to_bcd,
    "DAY": day,
    "TIME_OF_DAY": time_of_day,
    "TRUE": is_true,
}
"""What compiled programs call, by name."""

# from a family to a family: the functions that a value goes through, in their order
_WAYS: dict[tuple[str, str], tuple[str, ...]] = {
    ("bool", "int"): ("N",),
    ("bool", "bits"): ("N",),
    ("bool", "real"): ("F",),
    ("bool", "string"): ("BOOL_TEXT",),
    ("int", "int"): (),
    ("int", "bits"): (),
    ("int", "bool"): ("TRUE",),
    ("int", "real"): ("F",),
    ("int", "string"): ("INT_TEXT",),
    ("bits", "bits"): (),
    ("bits", "int"): (),
    ("bits", "bool"): ("TRUE",),
    ("bits", "real"): ("F",),
    ("bits", "string"): ("INT_TEXT",),
    ("real", "int"): ("NEAREST",),
    ("real", "bits"): ("NEAREST",),
    ("real", "bool"): ("TRUE",),
    ("real", "real"): (),
    ("string", "int"): ("TEXT_INT",),
    ("string", "bits"): ("TEXT_INT",),
    ("string", "real"): ("TEXT_REAL",),
    ("string", "bool"): ("TEXT_BOOL",),
    ("string", "time"): ("TEXT_TIME",),
    ("string", "string"): (),
    ("string", "wstring"): (),
    ("wstring", "string"): (),
    ("wstring", "wstring"): (),
    ("time", "time"): (),
    ("time", "string"): ("TIME_TEXT",),
    ("date", "string"): ("DATE_TEXT",),
    ("tod", "string"): ("TOD_TEXT",),
    ("dt", "string"): ("DT_TEXT",),
    ("dt", "dt"): (),
    ("dt", "date"): ("DAY",),
    ("dt", "tod"): ("TIME_OF_DAY",),
    ("tod", "tod"): (),
    ("date", "date"): (),
    ("date", "dt"): (),
}


def parts(name: str) -> tuple[Elementary | None, Elementary, str] | None:
    """Return source (None: any), target and kind (`TO`, `TRUNC`, `BCD`) of a conversion's name."""
    upper = name.upper()
    if upper == "TRUNC":
        return None, TYPES["DINT"], "TRUNC"
    bcd = re.fullmatch(r"(\w+)_BCD_TO_(\w+)", upper) or re.fullmatch(r"(\w+)_TO_BCD_(\w+)", upper)
    if bcd:
        source, target = elementary(bcd[1]), elementary(bcd[2])
        families = {source.family, target.family} if source and target else set()
        if (
            source is None
            or target is None
            or families != {"bits", "int"}
            or target.low
            or source.low
        ):
            return None
        return source, target, "BCD"
    for word in ("TRUNC", "TO"):
        match = re.fullmatch(rf"(?:(\w+?)_)?{word}_(\w+)", upper)
        if not match:
            continue
        source = elementary(match[1]) if match[1] else None
        target = elementary(match[2])
        if target is None or (match[1] and source is None):
            continue
        if source is not None and way(source, target) is None:
            return None
        return source, target, word
    return None


def way(source: Elementary, target: Elementary) -> tuple[str, ...] | None:
    """Return the functions that lead from a type to another, or None where nothing leads."""
    families = (source.family, target.family)
    if "wstring" in families and not {"string", "wstring"}.issuperset(families):
        # Numbers are written in either kind of string alike.
        families = (families[0].removeprefix("w"), families[1].removeprefix("w"))
    if source.root is REAL and target.name == "DWORD":
        return ("BITS_R",)
    if source.name == "DWORD" and target is REAL:
        return ("R_BITS",)
    if source.root is LREAL and target.name == "LWORD":
        return ("BITS_L",)
    if source.name == "LWORD" and target is LREAL:
        return ("L_BITS",)
    if families == ("real", "string"):
        return ("SINGLE_TEXT",) if source.root is REAL else ("REAL_TEXT",)
    if isinstance(target, Text) and target.length == 1 and families[0] in {"int", "bits"}:
        return ("CHARACTER",)
    if isinstance(source, Text) and source.length == 1 and families[1] in {"int", "bits"}:
        return ("CODE",) if source.name in {"CHAR", "WCHAR"} else ("TEXT_INT",)
    if "time" in families and not {"time", "string"}.issuperset(families):
        return _time_way(source, target)
    return _WAYS.get(families)


def _time_way(source: Elementary, target: Elementary) -> tuple[str, ...] | None:
    """TIME counts in milliseconds as a number, LTIME in nanoseconds."""
    fine = "LTIME" in {source.name, target.name}
    if source.family == "time":
        if target.family in {"int", "bits"}:
            return () if fine else ("MS",)
        if target.family == "real":
            return ("F",) if fine else ("F", "MS_R")
    elif source.family in {"int", "bits"}:
        return () if fine else ("X_MS",)
    elif source.family == "real":
        return ("NEAREST",) if fine else ("X_MS", "NEAREST")
    return _WAYS.get((source.family, target.family))


def cast(value: Value, target: Elementary, functions: tuple[str, ...]) -> Value:
    """Return `value` converted; a constant at once."""
    if value.const is not None:
        made: Any = value.const
        for name in functions:
            made = apply(name, made)
        return constant(target, into(made, target))
    node = value.clean()
    for name in functions:
        node = call(name, node)
    if target.root is REAL and (value.type.root is not REAL or functions):
        node = e.single(node)
    if isinstance(target, Text):
        cut_to = ast.Slice(upper=e.const(target.length))
        return Value(target, e.item(node, cut_to))
    dirty = target.is_whole and not isinstance(target, Text)
    return Value(target, node, dirty=dirty)


def into(value: Any, target: Elementary) -> Cell:
    """Return a converted constant as a cell of its type."""
    from .literals import single

    if isinstance(target, Text):
        return str(value)[: target.length]
    if target.root is REAL:
        return single(float(value))
    if target.root is BOOL:
        return bool(value)
    return float(value) if target.family == "real" else wrap(int(value), target)


def apply(name: str, value: Any) -> Any:
    """Do now what `call` makes code for."""
    plain: dict[str, Callable[[Any], Any]] = {
        "N": int,
        "F": float,
        "MS_R": lambda number: number / MS,
        "X_MS": lambda number: number * MS,
    }
    return (plain.get(name) or CASTS[name])(value)


def call(name: str, node: ast.expr) -> ast.expr:
    """Return code that does one step of a conversion."""
    if name == "MS_R":
        return e.two(node, ast.Div(), e.const(float(MS)))
    if name == "X_MS":
        return e.two(node, ast.Mult(), e.const(MS))
    return e.call(name, node)


__all__ = ["ALIASES", "CASTS", "STRING", "cast", "parts", "way"]
