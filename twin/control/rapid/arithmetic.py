"""Numbers within their bounds, and the operations that may leave them."""

from math import fmod, isfinite

from .fault import Fault
from .kinds import number_text


def whole(value: float, what: str) -> int:
    """Return a number as a whole one.

    Raises:
        Fault: it is none.
    """
    if value != int(value):
        raise Fault("whole", found=number_text(value), what=what, errno="ERR_ARGVALERR")
    return int(value)


def number(value: float) -> float:
    """Return a number that can be reckoned with.

    Raises:
        Fault: it is beyond all bounds.
    """
    if not isfinite(value):
        raise Fault("num_limit", errno="ERR_NUM_LIMIT")
    return value


def divided(left: float, right: float) -> float:
    """Return left DIV right: towards zero."""
    a, b = whole(left, "DIV"), whole(right, "DIV")
    if b == 0:
        raise Fault("div_zero", errno="ERR_DIVZERO")
    return float(abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1))


def remainder(left: float, right: float) -> float:
    """Return left MOD right: with the sign of the left one."""
    a, b = whole(left, "MOD"), whole(right, "MOD")
    if b == 0:
        raise Fault("div_zero", errno="ERR_DIVZERO")
    return fmod(float(a), float(b))


def quotient(left: float, right: float) -> float:
    """Return left / right."""
    if right == 0.0:
        raise Fault("div_zero", errno="ERR_DIVZERO")
    return number(left / right)
