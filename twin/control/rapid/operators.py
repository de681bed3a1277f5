"""Which operators take what, and what they do."""

from collections.abc import Callable
from typing import Any, NamedTuple

from .arithmetic import divided, number, quotient, remainder
from .kinds import BOOL, DNUM, NUM, ORIENT, POS, STRING, Kind
from .strings import text


class Operation(NamedTuple):
    """What an operator does with two types."""

    left: Kind
    right: Kind
    result: Kind
    do: Callable[[Any, Any], Any]


def _plus(a: float, b: float) -> float:
    return number(a + b)


def _minus(a: float, b: float) -> float:
    return number(a - b)


def _times(a: float, b: float) -> float:
    return number(a * b)


def _joined(a: str, b: str) -> str:
    return text(a + b)


def _pos_plus(a: Any, b: Any) -> Any:
    return (_plus(a[0], b[0]), _plus(a[1], b[1]), _plus(a[2], b[2]))


def _pos_minus(a: Any, b: Any) -> Any:
    return (_minus(a[0], b[0]), _minus(a[1], b[1]), _minus(a[2], b[2]))


def _pos_scaled(a: Any, b: float) -> Any:
    return (_times(a[0], b), _times(a[1], b), _times(a[2], b))


def _scaled_pos(a: float, b: Any) -> Any:
    return _pos_scaled(b, a)


def _cross(a: Any, b: Any) -> Any:
    return (
        number(a[1] * b[2] - a[2] * b[1]),
        number(a[2] * b[0] - a[0] * b[2]),
        number(a[0] * b[1] - a[1] * b[0]),
    )


def _turned(a: Any, b: Any) -> Any:
    """Return the turn `a`, then `b` in what has been turned."""
    w, i, j, k = a
    v, p, q, r = b
    return (
        number(w * v - i * p - j * q - k * r),
        number(w * p + i * v + j * r - k * q),
        number(w * q - i * r + j * v + k * p),
        number(w * r + i * q - j * p + k * v),
    )


def _pos_over(a: Any, b: float) -> Any:
    return (quotient(a[0], b), quotient(a[1], b), quotient(a[2], b))


def _numbers(do: Callable[[Any, Any], Any]) -> list[Operation]:
    return [Operation(kind, kind, kind, do) for kind in (NUM, DNUM)]


OPERATIONS: dict[str, list[Operation]] = {
    "+": [
        *_numbers(_plus),
        Operation(STRING, STRING, STRING, _joined),
        Operation(POS, POS, POS, _pos_plus),
    ],
    "-": [*_numbers(_minus), Operation(POS, POS, POS, _pos_minus)],
    "*": [
        *_numbers(_times),
        Operation(POS, NUM, POS, _pos_scaled),
        Operation(NUM, POS, POS, _scaled_pos),
        Operation(POS, POS, POS, _cross),
        Operation(ORIENT, ORIENT, ORIENT, _turned),
    ],
    "/": [*_numbers(quotient), Operation(POS, NUM, POS, _pos_over)],
    "DIV": _numbers(divided),
    "MOD": _numbers(remainder),
    "<": [Operation(kind, kind, BOOL, lambda a, b: a < b) for kind in (NUM, DNUM)],
    ">": [Operation(kind, kind, BOOL, lambda a, b: a > b) for kind in (NUM, DNUM)],
    "<=": [Operation(kind, kind, BOOL, lambda a, b: a <= b) for kind in (NUM, DNUM)],
    ">=": [Operation(kind, kind, BOOL, lambda a, b: a >= b) for kind in (NUM, DNUM)],
    "XOR": [Operation(BOOL, BOOL, BOOL, lambda a, b: a is not b)],
}
"""AND and OR, whose left side may decide, and the comparisons `=` and `<>` stand elsewhere."""


def equal(a: Any, b: Any) -> bool:
    """Return whether two values are the same."""
    return bool(a == b)


def unequal(a: Any, b: Any) -> bool:
    """Return whether two values differ."""
    return bool(a != b)


def negative(a: Any) -> Any:
    """Return -a, of a number or a pos."""
    return -a if isinstance(a, float) else (-a[0], -a[1], -a[2])
