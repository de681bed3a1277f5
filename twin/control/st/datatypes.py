"""Data types and initial values: from what is written to types and cells."""

from collections.abc import Iterator
from typing import Any

from twin.control.syntax.diagnostic import nearest

from . import nodes as n
from .convert import implicit
from .expressions import fixed, fixed_int
from .frame import Frame
from .kinds import (
    ERROR,
    LINT,
    TYPES,
    Array,
    Cell,
    Elementary,
    Field,
    Struct,
    Text,
    Type,
    elementary,
    fits,
)
from .scope import fold


def type_of(f: Frame, spec: n.TypeSpec, name: str = "") -> Type:
    """Return the type that is written, or ERROR, told in the log."""
    f.depth += 1
    try:
        if f.depth > f.limits.nesting:
            f.log.tell("limit.types", spec.span, limit=f.limits.nesting)
            return ERROR
        if isinstance(spec, n.ArrayType):
            return _array(f, spec, name)
        if isinstance(spec, n.StructType):
            return _struct(f, spec, name)
        return _named(f, spec, name) if isinstance(spec, n.NamedType) else ERROR
    finally:
        f.depth -= 1


def _named(f: Frame, spec: n.NamedType, name: str) -> Type:
    base = elementary(spec.name)
    found: Type | None = base if base is not None else f.unit.named_type(spec.name, spec.span)
    if found is None:
        choices = [*TYPES, *(t.name for t in f.unit.named.values()), *f.unit.pending_names()]
        hint = nearest(spec.name, choices)
        f.log.tell("name.no_type", spec.span, name=spec.name[:60], hint=hint)
        return ERROR
    if found is ERROR:
        return ERROR
    if spec.low is not None and spec.high is not None:
        return _subrange(f, spec, found, name)
    if spec.length is not None or (spec.items is not None and isinstance(found, Text)):
        return _sized(f, spec, found)
    return found if spec.items is None else _enum(f, spec, found, name)


def _subrange(f: Frame, spec: n.NamedType, base: Type, name: str) -> Type:
    assert spec.low is not None
    assert spec.high is not None
    low, high = fixed_int(f, spec.low), fixed_int(f, spec.high)
    if low is None or high is None:
        return ERROR
    if not isinstance(base, Elementary) or base.family != "int":
        f.log.tell("type.subrange_base", spec.span, type=base.name)
        return ERROR
    if low > high or not fits(low, base) or not fits(high, base):
        f.log.tell("type.subrange_bounds", spec.span, low=low, high=high, type=base.name)
        return ERROR
    label = name or f"{base.name} ({low}..{high})"
    start = 0 if low <= 0 <= high else low
    return Elementary(label, "int", base.bits, low, high, start, base.root)


def _sized(f: Frame, spec: n.NamedType, base: Type) -> Type:
    length = spec.length
    if length is None and spec.items is not None and len(spec.items) == 1:
        length = spec.items[0].value
    if length is None or not isinstance(base, Text) or base.name in {"CHAR", "WCHAR"}:
        f.log.tell("type.length", spec.span, type=base.name)
        return ERROR
    count = fixed_int(f, length)
    if count is None:
        return ERROR
    if not 1 <= count <= f.limits.string_length:
        f.log.tell("limit.string", spec.span, found=count, limit=f.limits.string_length)
        return ERROR
    return Text(f"{base.name}[{count}]", base.family, count, default="")


def _enum(f: Frame, spec: n.NamedType, base: Type, name: str) -> Type:
    assert spec.items is not None
    if not isinstance(base, Elementary) or base.family not in {"int", "bits"} or base.items:
        f.log.tell("type.enum_base", spec.span, type=base.name)
        return ERROR
    kind = Elementary(name or "ENUM", base.family, base.bits, base.low, base.high, 0, base, {})
    assert kind.items is not None
    number = 0
    seen: set[str] = set()
    for arg in spec.items:
        word = arg.name
        if word is None and isinstance(arg.value, n.Name):
            word = arg.value.name
        elif word is not None and not arg.output:
            given = fixed_int(f, arg.value)
            number = number if given is None else given
        if word is None or arg.output:
            f.log.tell("type.enum_item", arg.span)
            continue
        if fold(word) in seen:
            f.log.tell("name.twice", arg.span, name=word, line=spec.span.line)
        elif not fits(number, base):
            f.log.tell(
                "type.too_large",
                arg.span,
                found=number,
                type=base.name,
                low=base.low,
                high=base.high,
            )
        else:
            seen.add(fold(word))
            kind.items[word] = number
        number += 1
    kind.default = next(iter(kind.items.values()), 0)
    f.unit.add_items(kind)
    return kind


def _array(f: Frame, spec: n.ArrayType, name: str) -> Type:
    ranges: list[tuple[int, int]] = []
    for low_node, high_node in spec.ranges:
        low, high = fixed_int(f, low_node), fixed_int(f, high_node)
        if low is None or high is None:
            return ERROR
        if low > high or not (fits(low, LINT) and fits(high, LINT)):
            f.log.tell("type.bounds", low_node.span.to(high_node.span), low=low, high=high)
            return ERROR
        ranges.append((low, high))
    element = type_of(f, spec.element)
    if element is ERROR:
        return ERROR
    count = element.cells
    for low, high in ranges:
        count *= high - low + 1
    if count > f.limits.cells:
        f.log.tell("limit.array", spec.span, found=count, limit=f.limits.cells)
        return ERROR
    shown = ", ".join(f"{low}..{high}" for low, high in ranges)
    label = name or f"ARRAY [{shown}] OF {element.name}"
    return Array(label, tuple(ranges), element, cells=count)


def _struct(f: Frame, spec: n.StructType, name: str) -> Type:
    made = Struct(name or "STRUCT", cells=0)
    for decl in spec.fields:
        if decl.at is not None:
            f.log.tell("declare.at_field", decl.at.span)
        kind = type_of(f, decl.type)
        start = None if decl.initial is None else initial(f, decl.initial, kind)
        for label, span in decl.names:
            if fold(label) in made.fields:
                first = made.fields[fold(label)].span.line
                f.log.tell("name.twice", span, name=label, line=first)
            elif made.cells + kind.cells > f.limits.cells:
                f.log.tell("limit.cells", span, limit=f.limits.cells)
            else:
                made.add(Field(label, kind, 0, span=span, start=start))
    if not made.fields:
        f.log.tell("type.empty_struct", spec.span)
        return ERROR
    return made


def initial(f: Frame, node: n.Initial, kind: Type) -> list[Cell] | None:
    """Return the cells of an initial value, or None when it is none, told in the log."""
    if kind is ERROR:
        return None
    if isinstance(node, n.ArrayInitial):
        if not isinstance(kind, Array):
            f.log.tell("declare.array_initial", node.span, type=kind.name)
            return None
        return _array_initial(f, node, kind)
    if isinstance(node, n.StructInitial):
        if not isinstance(kind, Struct):
            f.log.tell("declare.struct_initial", node.span, type=kind.name)
            return None
        return _struct_initial(f, node, kind)
    if not isinstance(kind, Elementary):
        shape = "[…]" if isinstance(kind, Array) else "(… := …)"
        f.log.tell("declare.aggregate", node.span, type=kind.name, shape=shape)
        return None
    made = fixed(f, node)
    if made.wrong:
        return None
    made = implicit(f, made, kind, node.span)
    return None if made.wrong or made.const is None else [made.const]


def _array_initial(f: Frame, node: n.ArrayInitial, kind: Array) -> list[Cell] | None:
    cells = kind.initial()
    size = kind.element.cells
    at = 0
    for entry, times in _items(f, node.items):
        made = initial(f, entry, kind.element)
        if made is None:
            return None
        if at + times * size > len(cells):
            f.log.tell("declare.too_many", node.span, wanted=len(cells) // size)
            return None
        cells[at : at + times * size] = made * times
        at += times * size
    return cells


def _items(f: Frame, items: list[Any]) -> Iterator[tuple[n.Initial, int]]:
    for item in items:
        if not isinstance(item, n.Repeated):
            yield item, 1
            continue
        count = fixed_int(f, item.count)
        if count is None or not 0 <= count <= f.limits.cells:
            f.log.tell("declare.count", item.span)
            return
        if len(item.items) == 1:
            yield from ((inner, count * times) for inner, times in _items(f, item.items))
        elif count * len(item.items) > f.limits.cells:
            f.log.tell("declare.count", item.span)
        else:
            for _ in range(count):
                yield from _items(f, item.items)


def _struct_initial(f: Frame, node: n.StructInitial, kind: Struct) -> list[Cell] | None:
    cells = kind.initial()
    good = True
    for name, span, entry in node.fields:
        member = kind.fields.get(fold(name))
        if member is None or member.hidden or member.kind == "VAR_IN_OUT":
            names = [m.name for m in kind.fields.values() if not m.hidden]
            hint = nearest(name, names)
            f.log.tell("name.member", span, name=name, type=kind.name, hint=hint)
            good = False
            continue
        made = initial(f, entry, member.type)
        if made is not None:
            cells[member.offset : member.offset + len(made)] = made
    return cells if good else None
