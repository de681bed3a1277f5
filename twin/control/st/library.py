"""What compiled programs call: arithmetic, strings and mathematics as the standard has them.

Nothing here knows of Python's own errors: what cannot be done is a `Halt`, what IEEE 754 defines is
returned.
"""

import math
from bisect import bisect_right
from collections.abc import Callable
from struct import Struct
from typing import Any

from .casts import CASTS

LONGEST = 32_767
_FLOAT = Struct("f")


class Halt(Exception):
    """A scan cannot go on; `key` and `values` say why, the place is found by the scan."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def out_of_range(index: int, low: int, high: int) -> int:
    """An index is outside its array."""
    raise Halt("st.fault.index", found=index, low=low, high=high)


def out_of_subrange(value: int, low: int, high: int) -> int:
    """A value is outside the subrange that it was to be put in."""
    raise Halt("st.fault.subrange", found=value, low=low, high=high)


def tired() -> None:
    """The watchdog has counted to its end."""
    raise Halt("st.fault.watchdog")


def divide(left: int, right: int) -> int:
    """Whole division towards zero."""
    if right == 0:
        raise Halt("st.fault.division")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def modulo(left: int, right: int) -> int:
    """The rest of the whole division; it has the sign of `left`."""
    if right == 0:
        raise Halt("st.fault.division")
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def quotient(left: float, right: float) -> float:
    """Division of reals."""
    if right == 0.0:
        raise Halt("st.fault.division")
    return left / right


def power(base: float, exponent: float) -> float:
    """EXPT; not a number where IEEE 754 says so."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        odd = exponent == int(exponent) and int(exponent) % 2 == 1
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


def _tame(function: Callable[[float], float]) -> Callable[[float], float]:
    def tame(value: float) -> float:
        try:
            return function(value)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    return tame


def _log(function: Callable[[float], float]) -> Callable[[float], float]:
    def log(value: float) -> float:
        if value > 0:
            return function(value)
        return -math.inf if value == 0 else math.nan

    return log


MATHS: dict[str, Callable[..., Any]] = {
    "SQRT": _tame(math.sqrt),
    "LN": _log(math.log),
    "LOG": _log(math.log10),
    "EXP": _tame(math.exp),
    "SIN": _tame(math.sin),
    "COS": _tame(math.cos),
    "TAN": _tame(math.tan),
    "ASIN": _tame(math.asin),
    "ACOS": _tame(math.acos),
    "ATAN": math.atan,
    "ATAN2": math.atan2,
}


def trunc(value: float) -> int:
    """A real towards zero; 0 for what is no number."""
    return math.trunc(value) if math.isfinite(value) else 0


def shift_left(value: int, by: int, bits: int) -> int:
    """SHL: bits leave on the left, zeros come from the right."""
    return (value << by) & ((1 << bits) - 1) if 0 <= by < bits else 0


def shift_right(value: int, by: int, bits: int) -> int:
    """SHR: bits leave on the right, zeros come from the left."""
    return value >> by if 0 <= by < bits else 0


def rotate_left(value: int, by: int, bits: int) -> int:
    """ROL: what leaves on the left comes in on the right."""
    by %= bits
    return ((value << by) | (value >> (bits - by))) & ((1 << bits) - 1)


def rotate_right(value: int, by: int, bits: int) -> int:
    """ROR: what leaves on the right comes in on the left."""
    return rotate_left(value, -by, bits)


def choose(index: int, *values: Any) -> Any:
    """MUX: the value with the number `index`, from 0."""
    if 0 <= index < len(values):
        return values[index]
    raise Halt("st.fault.mux", found=index, high=len(values) - 1)


def left(text: str, length: int) -> str:
    """LEFT: the first characters."""
    return text[: max(0, length)]


def right(text: str, length: int) -> str:
    """RIGHT: the last characters."""
    return text[max(0, len(text) - length) :] if length > 0 else ""


def mid(text: str, length: int, position: int) -> str:
    """MID: characters from `position`, the first being 1."""
    start = max(0, position - 1)
    return text[start : start + max(0, length)]


def concat(*texts: str) -> str:
    """CONCAT: one behind the other."""
    return "".join(texts)[:LONGEST]


def insert(text: str, other: str, position: int) -> str:
    """INSERT: `other` behind the character at `position`."""
    at = min(max(0, position), len(text))
    return (text[:at] + other + text[at:])[:LONGEST]


def delete(text: str, length: int, position: int) -> str:
    """DELETE: without `length` characters from `position`."""
    start = max(0, position - 1)
    return text[:start] + text[start + max(0, length) :]


def replace(text: str, other: str, length: int, position: int) -> str:
    """REPLACE: `length` characters from `position` by `other`."""
    start = max(0, position - 1)
    return (text[:start] + other + text[start + max(0, length) :])[:LONGEST]


def find(text: str, other: str) -> int:
    """FIND: where `other` begins first, from 1; 0 when it is not there."""
    return text.find(other) + 1 if other else 0


def put(cells: list[Any], index: int, value: Any) -> None:
    """Set a cell, where only an expression can stand."""
    cells[index] = value


HELPERS: dict[str, Any] = {
    "PUT": put,
    "BISECT": bisect_right,
    "U": _FLOAT.unpack,
    "P": _FLOAT.pack,
    "IX": out_of_range,
    "SR": out_of_subrange,
    "W": tired,
    "DIV": divide,
    "MOD": modulo,
    "QUO": quotient,
    "POW": power,
    "TRUNC": trunc,
    "SHL": shift_left,
    "SHR": shift_right,
    "ROL": rotate_left,
    "ROR": rotate_right,
    "MUX": choose,
    "LEFT": left,
    "RIGHT": right,
    "MID": mid,
    "CONCAT": concat,
    "INSERT": insert,
    "DELETE": delete,
    "REPLACE": replace,
    "FIND": find,
    "F": float,
    "N": int,
    "ABS": abs,
    "MIN": min,
    "MAX": max,
    "LEN": len,
    "R": range,
    **MATHS,
    **CASTS,
}
