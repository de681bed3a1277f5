"""Operators: which types they take, what comes out, and its code."""

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

from twin.spec.messages import phrase

from . import emit as e
from . import library
from . import nodes as n
from .convert import adapt, meet, widen
from .frame import Frame
from .kinds import BOOL, INT, LREAL, REAL, TIME, Elementary, Text, fits, smallest, wrap
from .literals import single
from .values import Value, constant, wrong

_ARITHMETIC: dict[str, type[ast.operator]] = {
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
    "/": ast.Div,
    "MOD": ast.Mod,
}
_COMPARE: dict[str, type[ast.cmpop]] = {
    "=": ast.Eq,
    "<>": ast.NotEq,
    "<": ast.Lt,
    ">": ast.Gt,
    "<=": ast.LtE,
    ">=": ast.GtE,
}
_LOGIC: dict[str, type[ast.operator]] = {
    "AND": ast.BitAnd,
    "OR": ast.BitOr,
    "XOR": ast.BitXor,
}
_FOLD: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "AND": operator.and_,
    "OR": operator.or_,
    "XOR": operator.xor,
}


def binary(f: Frame, node: n.Binary, left: Value, right: Value) -> Value:
    """Return `left op right`."""
    if left.wrong or right.wrong:
        return wrong()
    if node.op in _COMPARE:
        return _comparison(f, node, left, right)
    if node.op in _LOGIC:
        return _logic(f, node, left, right)
    if node.op == "**":
        return power(f, node, left, right)
    if {"time", "date", "tod", "dt"} & {left.type.family, right.type.family}:
        return _with_time(f, node, left, right)
    met = meet(left, right)
    if met is None or not met[2].is_number:
        return _refuse(f, node, left, right)
    return calculate(f, node, *met)


def calculate(f: Frame, node: n.Binary, left: Value, right: Value, kind: Elementary) -> Value:
    """Return the arithmetic of two numbers of one type."""
    if node.op in {"/", "MOD"} and right.const is not None and right.const == 0:
        f.log.tell("type.division", node.right.span)
        return wrong()
    if kind.family == "real":
        if node.op == "MOD":
            return _refuse(f, node, left, right)
        return _real(node, left, right, kind)
    if left.const is not None and right.const is not None:
        return _folded(f, node, left, right, kind)
    if node.op in {"/", "MOD"}:
        return _division(node, left, right, kind)
    code = e.two(left.node, _ARITHMETIC[node.op](), right.node)
    return Value(kind, code, dirty=True)


def _division(node: n.Binary, left: Value, right: Value, kind: Elementary) -> Value:
    above, below = left.clean(), right.clean()
    if kind.low == 0 and right.const is not None:
        op = ast.FloorDiv() if node.op == "/" else ast.Mod()
        return Value(kind, e.two(above, op, below))
    made = e.at(e.call("DIV" if node.op == "/" else "MOD", above, below), node.span)
    return Value(kind, made, dirty=node.op == "/" and kind.low < 0)


def _folded(f: Frame, node: n.Binary, left: Value, right: Value, kind: Elementary) -> Value:
    one, other = left.const, right.const
    assert isinstance(one, int)
    assert isinstance(other, int)
    if node.op == "/":
        result = library.divide(one, other)
    elif node.op == "MOD":
        result = library.modulo(one, other)
    else:
        result = _FOLD[node.op](one, other)
    if left.bare and right.bare:
        kind = smallest(result)
        if not fits(result, kind):
            f.log.tell("literal.huge", node.span, found=str(result)[:30])
            return wrong()
        return constant(kind, result, bare=True)
    return constant(kind, wrap(result, kind))


def _real(node: n.Binary, left: Value, right: Value, kind: Elementary) -> Value:
    if isinstance(left.const, float) and isinstance(right.const, float):
        one, other = left.const, right.const
        result = one / other if node.op == "/" else _FOLD[node.op](one, other)
        bare = left.bare and right.bare
        return constant(kind, single(result) if kind is REAL else result, bare=bare)
    code: ast.expr = e.at(e.two(left.node, _ARITHMETIC[node.op](), right.node), node.span)
    return Value(kind, e.single(code) if kind is REAL else code)


def power(f: Frame, node: n.Expr, base: Value, exponent: Value) -> Value:
    """Return EXPT: a real, whatever comes in."""
    if not (base.type.is_number and exponent.type.is_number):
        if not (base.wrong or exponent.wrong):
            f.log.tell("type.power", node.span, left=base.type.name, right=exponent.type.name)
        return wrong()
    kind = REAL
    for part in (base, exponent):
        wide = part.type.root.bits > 32 if part.type.family == "real" else part.type.bits > 16
        if wide and not (part.bare and part.type.family == "real"):
            kind = LREAL
    if base.bare and exponent.bare:
        kind = LREAL
    if base.const is not None and exponent.const is not None:
        result = library.power(float(base.const), float(exponent.const))
        return constant(
            kind, single(result) if kind is REAL else result, bare=base.bare and exponent.bare
        )
    code = e.call("POW", real(base, kind).node, real(exponent, kind).node)
    return Value(kind, e.single(code) if kind is REAL else code)


def real(value: Value, kind: Elementary) -> Value:
    """Return any number as a real."""
    if value.const is not None:
        return adapt(value, kind) or value
    if value.type.family == "real":
        return value
    return Value(kind, e.call("F", value.clean()))


def _comparison(f: Frame, node: n.Binary, left: Value, right: Value) -> Value:
    met = meet(left, right)
    enums = left.type.items is not None or right.type.items is not None
    if met is None or (enums and node.op not in {"=", "<>"}):
        return _refuse(f, node, left, right)
    one, other, kind = met
    if kind.family == "real" and node.op in {"=", "<>"} and not _exact(left, right):
        f.log.caution("warn.real_equal", node.span, op=node.op)
    if one.const is not None and other.const is not None:
        return constant(BOOL, _FOLD[node.op](one.const, other.const))
    return Value(BOOL, e.compare(one.clean(), _COMPARE[node.op](), other.clean()))


def _exact(left: Value, right: Value) -> bool:
    """Tell whether a comparison with a constant 0 or infinity is what was meant."""
    return any(
        v.const is not None and (v.const == 0 or math.isinf(v.const))
        for v in (left, right)
        if isinstance(v.const, float | int)
    )


def _logic(f: Frame, node: n.Binary, left: Value, right: Value) -> Value:
    met = meet(left, right)
    if met is not None and left.bare and right.bare:
        met = None
    if met is None or met[2].family not in {"bool", "bits"}:
        return _refuse(f, node, left, right)
    one, other, kind = met
    if one.const is not None and other.const is not None:
        return constant(kind, _FOLD[node.op](one.const, other.const))
    if kind.family == "bits":
        return Value(kind, e.two(one.node, _LOGIC[node.op](), other.node))
    if node.op == "XOR":
        return Value(kind, e.compare(one.node, ast.NotEq(), other.node))
    op: ast.boolop = ast.And() if node.op == "AND" else ast.Or()
    parts: list[ast.expr] = []
    for part in (one.node, other.node):
        flat = isinstance(part, ast.BoolOp) and type(part.op) is type(op)
        parts += part.values if flat and isinstance(part, ast.BoolOp) else [part]
    return Value(kind, ast.BoolOp(op=op, values=parts))


_TIMES: dict[tuple[str, str, str], str] = {
    ("+", "time", "time"): "time",
    ("-", "time", "time"): "time",
    ("+", "tod", "time"): "tod",
    ("-", "tod", "time"): "tod",
    ("+", "dt", "time"): "dt",
    ("-", "dt", "time"): "dt",
    ("-", "tod", "tod"): "time",
    ("-", "dt", "dt"): "time",
    ("-", "date", "date"): "time",
}


def _with_time(f: Frame, node: n.Binary, left: Value, right: Value) -> Value:
    families = (left.type.family, right.type.family)
    result = _TIMES.get((node.op, *families))
    if result is not None:
        kind = left.type.root if families[0] == result else TIME
        if left.const is not None and right.const is not None:
            return constant(kind, wrap(_FOLD[node.op](left.const, right.const), kind))
        code = e.two(left.node, _ARITHMETIC[node.op](), right.node)
        return Value(kind, code, dirty=True)
    if families[0] == "time" and right.type.is_number and node.op in {"*", "/"}:
        return _scaled(f, node, left, right)
    return _refuse(f, node, left, right)


def _scaled(f: Frame, node: n.Binary, time: Value, factor: Value) -> Value:
    """Return a duration times or divided by a number."""
    kind = time.type.root
    if node.op == "/" and factor.const is not None and factor.const == 0:
        f.log.tell("type.division", node.right.span)
        return wrong()
    if factor.type.family == "int":
        if node.op == "*":
            return Value(kind, e.two(time.node, ast.Mult(), factor.clean()), dirty=True)
        divided = e.at(e.call("DIV", time.clean(), factor.clean()), node.span)
        return Value(kind, divided, dirty=True)
    product = e.at(e.two(time.clean(), _ARITHMETIC[node.op](), factor.node), node.span)
    return Value(kind, e.call("TRUNC", product), dirty=True)


def unary(f: Frame, node: n.Unary, value: Value) -> Value:
    """Return `op value`."""
    if value.wrong:
        return value
    if node.op == "NOT":
        return invert(f, node, value)
    if not (value.type.is_number or value.type.family == "time"):
        f.log.tell("type.sign", node.span, op=node.op, type=value.type.name)
        return wrong()
    if node.op == "+":
        return value
    if value.const is not None:
        negated = -value.const if not isinstance(value.const, str) else 0
        if value.bare and isinstance(negated, int):
            return constant(smallest(negated), negated, bare=True)
        if isinstance(negated, int):
            negated = wrap(negated, value.type)
        return constant(value.type.root, negated, bare=value.bare)
    code = ast.UnaryOp(op=ast.USub(), operand=value.node)
    return Value(value.type.root, code, dirty=value.type.family != "real")


def invert(f: Frame, node: n.Expr, value: Value) -> Value:
    """Return NOT."""
    if value.type.root is BOOL:
        if value.const is not None:
            return constant(BOOL, not value.const)
        return Value(BOOL, e.negate(value.node))
    if value.type.family == "bits":
        mask = (1 << value.type.bits) - 1
        if isinstance(value.const, int):
            return constant(value.type.root, value.const ^ mask)
        return Value(value.type.root, e.two(value.node, ast.BitXor(), e.const(mask)))
    if not value.wrong:
        f.log.tell("type.not", node.span, type=value.type.name)
    return wrong()


def _refuse(f: Frame, node: n.Binary, left: Value, right: Value) -> Value:
    one, other = left.type, right.type
    remedy: Any = phrase("st.remedy.operands")
    if node.op in _LOGIC and (one.is_number or other.is_number):
        number = one if one.is_number else other
        remedy = phrase("st.remedy.logic", type=number.root.name)
    elif isinstance(one, Text) and isinstance(other, Text) and node.op == "+":
        remedy = phrase("st.remedy.concat")
    elif one.is_number and other.is_number:
        remedy = phrase("st.remedy.convert", function=f"{other.root.name}_TO_{one.root.name}")
    elif "bits" in {one.family, other.family} and {"int", "real"} & {one.family, other.family}:
        bits, number = (one, other) if one.family == "bits" else (other, one)
        name = number.root.name if not (left.bare or right.bare) else "UINT"
        remedy = phrase("st.remedy.convert", function=f"{bits.root.name}_TO_{name}")
    f.log.tell(
        "type.operands", node.span, op=node.op, left=one.name, right=other.name, remedy=remedy
    )
    return wrong()


__all__ = ["INT", "binary", "calculate", "invert", "power", "real", "unary", "widen"]
