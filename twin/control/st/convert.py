"""From type to type: what happens by itself, and what is refused with the remedy."""

import ast
from typing import TYPE_CHECKING, Any

from twin.control.syntax.diagnostic import Span
from twin.spec.messages import phrase

from . import emit as e
from .kinds import BOOL, LREAL, REAL, TYPES, WIDER, Elementary, Text, common, fits, widens
from .literals import single
from .values import Value, constant, wrong

if TYPE_CHECKING:
    from .frame import Frame


def adapt(value: Value, target: Elementary) -> Value | None:
    """Return a bare literal in the type of `target`, or None when it cannot be one."""
    root = target.root
    if value.options:
        return _adapt_any(value, target)
    if isinstance(value.const, bool) or value.const is None:
        return None
    if isinstance(value.const, int):
        if root is BOOL:
            return constant(target, bool(value.const)) if value.const in {0, 1} else None
        if root.family in {"int", "bits"} and root.items is None:
            return constant(target, value.const) if fits(value.const, root) else None
        if root.family == "real":
            return _real(float(value.const), target)
        return None
    if isinstance(value.const, float):
        return _real(value.const, target) if root.family == "real" else None
    if isinstance(value.const, str) and isinstance(target, Text):
        kind = value.type
        if kind.family == target.family and not (
            target.name in {"CHAR", "WCHAR"} and len(value.const) != 1
        ):
            return constant(target, value.const[: target.length])
    return None


def _adapt_any(value: Value, target: Elementary) -> Value | None:
    """Return one of several bare literals, chosen when it runs, in the type of `target`."""
    if target.root is BOOL or any(adapt(option, target) is None for option in value.options):
        return None
    node = value.node
    if target.family == "real":
        node = e.call("F", node)
        node = e.single(node) if target.root is REAL else node
    return Value(target, node)


def _real(number: float, target: Elementary) -> Value:
    return constant(target, single(number) if target.root is REAL else number)


def meet(left: Value, right: Value) -> tuple[Value, Value, Elementary] | None:
    """Return both values in the least type that holds them, and that type; None: there is none."""
    if left.bare != right.bare:
        bare, other = (left, right) if left.bare else (right, left)
        adapted = adapt(bare, other.type)
        if adapted is None and isinstance(bare.const, float) and other.type.is_number:
            wide = REAL if "REAL" in WIDER.get(other.type.root.name, ()) else LREAL
            adapted = adapt(bare, wide)
        if adapted is not None:
            bare = adapted
        left, right = (bare, other) if left.bare else (other, bare)
    kind = common(left.type, right.type)
    if kind is None:
        return None
    if left.bare and right.bare and kind.family == "real":
        kind = LREAL
    return widen(left, kind), widen(right, kind), kind


def widen(value: Value, target: Elementary) -> Value:
    """Return `value` in a type that its own widens to."""
    source, root = value.type.root, target.root
    if source is root or value.wrong or (isinstance(root, Text) and value.const is None):
        return value
    if value.const is not None:
        return _widen_constant(value, target)
    node = value.clean()
    if source.family == "int" and root.family == "real":
        node = e.call("F", node)
    elif source is BOOL:
        node = ast.UnaryOp(op=ast.UAdd(), operand=node)
    return Value(target, node)


def _widen_constant(value: Value, target: Elementary) -> Value:
    adapted = adapt(value, target)
    if adapted is not None:
        adapted.bare = value.bare
        return adapted
    const = value.const
    assert const is not None
    if value.type.root is BOOL and target.root is not BOOL:
        const = int(const)
    return constant(target, const, bare=value.bare)


def implicit(f: "Frame", value: Value, target: Elementary, span: Span) -> Value:
    """Return `value` as a variable of `target` takes it, or tell why it cannot."""
    if value.wrong or target.family == "error":
        return wrong()
    if value.bare:
        adapted = adapt(value, target)
        if adapted is None:
            f.log.tell(*_misfit(value, target, span)[:2], **_misfit(value, target, span)[2])
            return wrong()
        value = adapted
    elif not widens(value.type, target):
        key, place, values = _misfit(value, target, span)
        f.log.tell(key, place, **values)
        return wrong()
    return ranged(f, shortened(widen(value, target), target), target, span)


def shortened(value: Value, target: Elementary) -> Value:
    """Cut a string to the length of its target."""
    if not isinstance(target, Text) or not isinstance(value.type, Text):
        return value
    if isinstance(value.const, str):
        return constant(target, value.const[: target.length])
    if value.type.length <= target.length:
        return value
    cut = ast.Slice(upper=e.const(target.length))
    return Value(target, e.item(value.node, cut))


def ranged(f: "Frame", value: Value, target: Elementary, span: Span) -> Value:
    """Check a value against a subrange: a constant now, anything else when it runs."""
    if target.base is None or target.items is not None:
        return value
    if value.const is not None:
        if isinstance(value.const, int) and not fits(value.const, target):
            f.log.tell("type.subrange", span, found=value.const, low=target.low, high=target.high)
        return value
    root = target.root
    if value.type.low >= target.low and value.type.high <= target.high and not value.dirty:
        return value
    low, high = e.const(target.low), e.const(target.high)
    held = f.temp()
    node = Value(root, value.node, dirty=value.dirty).clean()
    bad = e.at(e.call("SR", e.name(held), low, high), span)
    return Value(target, e.choose(e.between(low, e.keep(held, node), high), e.name(held), bad))


def _misfit(value: Value, target: Elementary, span: Span) -> tuple[str, Span, dict[str, Any]]:
    source = value.type
    values: dict[str, Any] = {"source": source.name, "target": target.name}
    bare_int = value.bare and isinstance(value.const, int) and target.items is None
    if bare_int and target.family in {"int", "bits", "bool"}:
        values = {"found": value.const, "type": target.name}
        return "type.too_large", span, {**values, "low": target.low, "high": target.high}
    return "type.mismatch", span, {**values, "remedy": remedy(value, target)}


def remedy(value: Value, target: Elementary) -> Any:
    """Say how to bring a value into a type."""
    source, root = value.type.root, target.root
    if target.items is not None:
        return phrase("st.remedy.enum", names=", ".join(list(target.items)[:6]))
    if root.family == "time" and source.is_number:
        return phrase("st.remedy.time")
    if root is BOOL and source.is_number:
        return phrase("st.remedy.bool")
    if value.bare and isinstance(value.const, float) and root.family == "int":
        return phrase("st.remedy.whole", type=root.name)
    if source.name in TYPES and root.name in TYPES:
        return phrase("st.remedy.convert", function=f"{source.name}_TO_{root.name}")
    if source.items is not None:
        return phrase("st.remedy.from_enum")
    if isinstance(source, Text) and isinstance(target, Text):
        return phrase("st.remedy.quotes")
    return phrase("st.remedy.none")
