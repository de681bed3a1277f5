"""Expressions: what they mean, and the code that makes their values."""

import ast
from collections.abc import Callable
from typing import Any

from twin.control.syntax.diagnostic import nearest
from twin.spec.messages import phrase

from . import emit as e
from . import nodes as n
from .convert import implicit
from .frame import Frame
from .kinds import BOOL, TYPES, Array, Block, Elementary, Struct, Type, elementary
from .literals import LiteralError, read
from .operators import binary, unary
from .scanner import ABSENT
from .scope import Variable, fold
from .values import Place, Value, constant, wrong

_DIRECT_TYPES = {"X": "BOOL", "B": "BYTE", "W": "WORD", "D": "DWORD", "L": "LWORD"}


def value(f: Frame, node: n.Expr) -> Value:
    """Return the value of an expression, or one that is wrong, told in the log."""
    return VALUES[type(node)](f, node)


def whole(f: Frame, node: n.Expr) -> Value:
    """Return the value of an expression that must be an integer."""
    made = value(f, node)
    if made.wrong or (made.type.family == "int"):
        return made
    f.log.tell("type.whole", node.span, found=made.type.name)
    return wrong()


def condition(f: Frame, node: n.Expr) -> Value:
    """Return the value of an expression that must be BOOL."""
    made = value(f, node)
    if made.wrong or made.type.root is BOOL:
        return made
    return implicit(f, made, BOOL, node.span)


def fixed(f: Frame, node: n.Expr) -> Value:
    """Return the value of an expression that must be constant."""
    made = value(f, node)
    if not made.wrong and made.const is None:
        f.log.tell("type.constant", node.span)
        return wrong()
    return made


def fixed_int(f: Frame, node: n.Expr) -> int | None:
    """Return the number of an expression that must be a constant integer."""
    made = fixed(f, node)
    if made.wrong:
        return None
    if made.type.family != "int" or isinstance(made.const, bool):
        f.log.tell("type.whole", node.span, found=made.type.name)
        return None
    assert isinstance(made.const, int)
    return made.const


def _literal(f: Frame, node: n.Literal) -> Value:
    prefix, mark, item = node.text.partition("#")
    if mark and node.text[0] not in "'\"" and not prefix[0].isdigit():
        kind = f.unit.named.get(fold(prefix))
        if isinstance(kind, Elementary) and kind.items is not None:
            return _enumerated(f, node, kind, item)
    try:
        written = read(node.text)
    except LiteralError as error:
        f.log.tell(error.key, node.span, **error.values)
        return wrong()
    return constant(written.type, written.value, bare=written.bare)


def _enumerated(f: Frame, node: n.Literal, kind: Elementary, item: str) -> Value:
    assert kind.items is not None
    for name, number in kind.items.items():
        if fold(name) == fold(item):
            return constant(kind, number)
    hint = nearest(item, kind.items)
    f.log.tell("name.enum_item", node.span, name=item, type=kind.name, hint=hint)
    return wrong()


def _name(f: Frame, node: n.Name) -> Value:
    found = f.find(node.name)
    if found is None:
        item = f.unit.items.get(fold(node.name))
        if item is not None:
            kind = f.unit.ambiguous.get(fold(node.name))
            if kind is not None:
                f.log.tell("name.ambiguous", node.span, name=node.name, type=kind)
                return wrong()
            return constant(*item)
        return _unknown(f, node)
    return _loaded(f, node, _variable(f, found))


def _unknown(f: Frame, node: n.Name) -> Value:
    if fold(node.name) in f.unit.routines or f.unit.is_function(node.name):
        f.log.tell("name.function", node.span, name=node.name)
        return wrong()
    if fold(node.name) in f.unit.named or elementary(node.name) is not None:
        f.log.tell("name.type", node.span, name=node.name)
        return wrong()
    if node.name.upper() in ABSENT and f.log.errors:
        return wrong()
    hint = nearest(node.name, f.unit.visible(f.routine)) or phrase("st.hint.declare")
    f.log.tell("name.unknown", node.span, name=node.name[:60], hint=hint)
    f.unit.declare_wrong(f.routine, node.name, node.span)
    return wrong()


def _loaded(f: Frame, node: n.Expr, where: Place | None) -> Value:
    if where is None:
        return wrong()
    where.root.reads += 1
    if not isinstance(where.type, Elementary):
        key = "type.block_value" if isinstance(where.type, Block) else "type.aggregate"
        f.log.tell(key, node.span, type=where.type.name)
        return wrong()
    root = where.root
    if root.constant and root.scalar and root.start is not None and where.bit is None:
        return constant(where.type, root.start[0])
    if where.bit is not None:
        shifted = e.two(where.load(), ast.RShift(), e.const(where.bit))
        bit = e.two(shifted, ast.BitAnd(), e.const(1))
        return Value(BOOL, e.compare(bit, ast.Eq(), e.const(1)))
    return Value(where.type, e.at(where.load(), node.span))


def _placed(f: Frame, node: n.Expr) -> Value:
    return _loaded(f, node, place(f, node))


def place(f: Frame, node: n.Expr) -> Place | None:
    """Return where a variable or a part of one lies, or None when that was told to be wrong."""
    maker = _PLACES.get(type(node))
    if maker is None:
        if not isinstance(node, n.Bad):
            f.log.tell("name.no_variable", node.span)
        return None
    made: Place | None = maker(f, node)
    if made is not None and getattr(made.type, "family", "") == "error":
        return None
    return made


def _variable(f: Frame, variable: Variable) -> Place:
    if variable.reference:
        return Place(variable.type, variable, base=f.hold(variable))
    if variable.scalar:
        return Place(variable.type, variable, held=f.hold(variable))
    return _cells(f.home(variable), Place(variable.type, variable))


def _cells(home: ast.expr, made: Place) -> Place:
    offset = e.number(home)
    if offset is None:
        made.base = home
    else:
        made.offset = offset
    return made


def _place_of_name(f: Frame, node: n.Name) -> Place | None:
    found = f.find(node.name)
    if found is not None:
        return _variable(f, found)
    if fold(node.name) in f.unit.items:
        f.log.tell("name.no_variable", node.span)
    else:
        _unknown(f, node)
    return None


def _place_of_member(f: Frame, node: n.Member) -> Place | None:
    base = place(f, node.base)
    if base is None:
        return None
    kind: Type = base.type
    if isinstance(kind, Elementary):
        return _bit(f, node, base, kind)
    if not isinstance(kind, Struct):
        f.log.tell("name.no_members", node.span, type=kind.name)
        return None
    found = kind.fields.get(fold(node.name))
    if found is None or found.hidden or found.kind == "VAR_IN_OUT":
        names = [m.name for m in kind.fields.values() if not m.hidden]
        hint = nearest(node.name, names) or phrase("st.hint.choices", choices=", ".join(names[:9]))
        f.log.tell("name.member", node.name_span, name=node.name, type=kind.name, hint=hint)
        return None
    if isinstance(kind, Block) and found.kind not in {"VAR_INPUT", "VAR_OUTPUT"}:
        f.log.tell("name.private", node.name_span, name=node.name, type=kind.name)
        return None
    member = found.kind if isinstance(kind, Block) else base.member
    return Place(found.type, base.root, None, base.base, base.offset + found.offset, None, member)


def _bit(f: Frame, node: n.Member, base: Place, kind: Elementary) -> Place | None:
    digits = node.name.upper().removeprefix("%X")
    if kind.family != "bits" or not digits.isdecimal() or len(digits) > 3:
        f.log.tell("name.no_members", node.span, type=kind.name)
        return None
    if int(digits) >= kind.bits:
        f.log.tell("type.bit", node.name_span, found=digits, type=kind.name, high=kind.bits - 1)
        return None
    base.type, base.bit = BOOL, int(digits)
    base.held = base.held or None
    return base


def _place_of_index(f: Frame, node: n.Index) -> Place | None:
    base = place(f, node.base)
    if base is None:
        return None
    kind = base.type
    if not isinstance(kind, Array):
        f.log.tell("name.no_array", node.span, type=kind.name)
        return None
    if len(kind.ranges) != len(node.indices):
        f.log.tell("type.dimensions", node.span, found=len(node.indices), wanted=len(kind.ranges))
        return None
    index, offset = base.base, base.offset
    for entry, (low, high), stride in zip(node.indices, kind.ranges, kind.strides(), strict=True):
        made = whole(f, entry)
        if made.wrong:
            return None
        offset -= low * stride
        if isinstance(made.const, int):
            if not low <= made.const <= high:
                f.log.tell("type.index", entry.span, found=made.const, low=low, high=high)
                return None
            offset += made.const * stride
            continue
        step = _checked(f, made, entry, low, high)
        if stride != 1:
            step = e.two(step, ast.Mult(), e.const(stride))
        index = step if index is None else e.plus(index, step)
    return Place(kind.element, base.root, None, index, offset, None, base.member)


def _checked(f: Frame, index: Value, node: n.Expr, low: int, high: int) -> ast.expr:
    """Return code for an index that is within its bounds, or halts the scan."""
    if index.type.low >= low and index.type.high <= high:
        return index.clean()
    held = f.temp()
    least, most = e.const(low), e.const(high)
    bad = e.at(e.call("IX", e.name(held), least, most), node.span)
    return e.choose(e.between(least, e.keep(held, index.clean()), most), e.name(held), bad)


def _place_of_direct(f: Frame, node: n.Direct) -> Place | None:
    found = f.unit.at_address(node, f)
    return None if found is None else _variable(f, found)


def direct_type(text: str) -> Elementary:
    """Return the type of an address that no point has: a bit string of its size."""
    return TYPES[_DIRECT_TYPES.get(text[2:3], "BOOL")]


def _wrong(_f: Frame, _node: n.Expr) -> Value:
    return wrong()


def _binary(f: Frame, node: n.Binary) -> Value:
    return binary(f, node, value(f, node.left), value(f, node.right))


def _unary(f: Frame, node: n.Unary) -> Value:
    return unary(f, node, value(f, node.operand))


VALUES: dict[type[n.Expr], Callable[[Frame, Any], Value]] = {
    n.Bad: _wrong,
    n.Literal: _literal,
    n.Name: _name,
    n.Direct: _placed,
    n.Member: _placed,
    n.Index: _placed,
    n.Binary: _binary,
    n.Unary: _unary,
}
"""How each kind of expression is valued; `calls` adds its own."""
_PLACES: dict[type[n.Expr], Callable[[Frame, Any], Place | None]] = {
    n.Name: _place_of_name,
    n.Member: _place_of_member,
    n.Index: _place_of_index,
    n.Direct: _place_of_direct,
}
