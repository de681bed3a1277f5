"""Strings within their length, and the functions that work with them."""

from typing import Any

from .arithmetic import whole
from .fault import Fault
from .functions import function
from .kinds import BOOL, NUM, STRING, text_of
from .limits import LIMITS


def text(value: str) -> str:
    """Return a string that a variable can hold.

    Raises:
        Fault: it is too long.
    """
    if len(value) > LIMITS.string:
        raise Fault("long_string", limit=LIMITS.string, found=len(value), errno="ERR_STRTOOLNG")
    return value


@function("StrLen", "Str:string", NUM)
def _str_len(value: str) -> float:
    return float(len(value))


@function("NumToStr", r"Val:num Dec:num \Exp", STRING)
def _num_to_str(value: float, digits: float, exponent: Any) -> str:
    places = min(max(whole(digits, "Dec"), 0), 15)
    return text(f"{value:.{places}E}" if exponent else f"{value:.{places}f}")


@function("DnumToStr", r"Val:dnum Dec:num \Exp", STRING)
def _dnum_to_str(value: float, digits: float, exponent: Any) -> str:
    return str(_num_to_str(value, digits, exponent))


@function("ValToStr", "Val:any", STRING)
def _val_to_str(value: Any) -> str:
    return text(value_text(value))


def value_text(value: Any) -> str:
    """Return a value as ValToStr writes it: a string in quotes only within others."""
    return value if isinstance(value, str) else text_of(value)


@function("StrPart", "Str:string ChPos:num Len:num", STRING)
def _str_part(value: str, begin: float, length: float) -> str:
    at, count = whole(begin, "ChPos"), whole(length, "Len")
    if at < 1 or count < 0 or at - 1 + count > len(value):
        raise Fault("str_part", errno="ERR_OUTOFBND", at=at, count=count, length=len(value))
    return value[at - 1 : at - 1 + count]


@function("StrFind", r"Str:string ChPos:num Set:string \NotInSet", NUM)
def _str_find(value: str, begin: float, letters: str, outside: Any) -> float:
    at = whole(begin, "ChPos")
    if not 1 <= at <= len(value) + 1:
        raise Fault("str_part", errno="ERR_OUTOFBND", at=at, count=1, length=len(value))
    for number_, letter in enumerate(value[at - 1 :], start=at):
        if (letter in letters) != bool(outside):
            return float(number_)
    return float(len(value) + 1)


@function("StrMatch", "Str:string ChPos:num Pattern:string", NUM)
def _str_match(value: str, begin: float, pattern: str) -> float:
    at = whole(begin, "ChPos")
    if not 1 <= at <= len(value) + 1:
        raise Fault("str_part", errno="ERR_OUTOFBND", at=at, count=1, length=len(value))
    found = value.find(pattern, at - 1)
    return float(found + 1 if found >= 0 else len(value) + 1)


@function("StrMap", "Str:string FromMap:string ToMap:string", STRING)
def _str_map(value: str, before: str, after: str) -> str:
    if len(before) != len(after):
        raise Fault("str_map", errno="ERR_ARGVALERR", one=len(before), other=len(after))
    return "".join(after[before.index(c)] if c in before else c for c in value)


@function("StrMemb", "Str:string ChPos:num Set:string", BOOL)
def _str_memb(value: str, at: float, letters: str) -> bool:
    return _str_part(value, at, 1.0) in letters


@function("StrOrder", "Str1:string Str2:string Order:string", BOOL)
def _str_order(one: str, other: str, _order: str) -> bool:
    return one <= other
