"""Conditions over signals: a small, safe part of Python's expressions.

Allowed: `asset.signal`, numbers, texts in quotes, `true`, `false`, the names of states (`busy`,
`down`, `execute`, …), comparisons, `and`, `or`, `not`, `+ - * /` and brackets. A condition that
names an unknown signal, or anything else, is refused when it is read.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from twin.kernel.errors import PilotlineError
from twin.plant.packml import PackMLState
from twin.plant.states import AssetState

Read = Callable[[str, str], Any]
"""Gives the present value of a signal by asset and name."""

CONSTANTS: dict[str, Any] = {
    "true": True,
    "false": False,
    **{f"packml_{state.name.lower()}": int(state) for state in PackMLState},
    **{state.name.lower(): int(state) for state in AssetState},
}
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda a, b: a / b if b else float("inf"),
}
DEEPEST = 20


class ConditionError(PilotlineError):
    """A condition that cannot be understood."""


class Condition:
    """A condition that was read and checked. `holds(read)` gives its present truth."""

    def __init__(self, text: str, signals: Mapping[str, set[str]]) -> None:
        """Read a condition; `signals` gives the names of the signals of each asset."""
        self.text = text
        self.uses: list[tuple[str, str]] = []
        self._signals = signals
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise ConditionError(
                f"condition {text!r} is no expression: check brackets and words"
            ) from None
        self._value = self._compile(tree.body, 0)

    def holds(self, read: Read) -> bool:
        """Return whether the condition is true now."""
        return bool(self._value(read))

    def evidence(self, read: Read) -> dict[str, Any]:
        """Return the present value of each signal that the condition names."""
        return {f"{asset}.{name}": read(asset, name) for asset, name in self.uses}

    def _refuse(self, node: ast.AST, why: str) -> ConditionError:
        piece = ast.unparse(node)
        return ConditionError(f"condition {self.text!r}: {piece!r} {why}")

    def _compile(self, node: ast.AST, depth: int) -> Callable[[Read], Any]:
        if depth > DEEPEST:
            raise ConditionError(f"condition {self.text[:60]!r}… is nested too deeply")
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = [self._compile(value, depth + 1) for value in values]
                if isinstance(op, ast.And):
                    return lambda read: all(part(read) for part in parts)
                return lambda read: any(part(read) for part in parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self._compile(operand, depth + 1)
                return lambda read: not inner(read)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self._compile(operand, depth + 1)
                return lambda read: -inner(read)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                return self._binary(ARITHMETIC[type(op)], left, right, depth)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
                return self._binary(COMPARISONS[type(op)], left, right, depth)
            case ast.Attribute(value=ast.Name(id=asset), attr=name):
                return self._signal(node, asset, name)
            case ast.Name(id=name) if name.lower() in CONSTANTS:
                value = CONSTANTS[name.lower()]
                return lambda _: value
            case ast.Constant(value=int() | float() | str() as constant):
                return lambda _: constant
            case _:
                raise self._refuse(
                    node, "is not allowed here; write asset.signal, values, and/or/not"
                )

    def _binary(
        self, apply: Callable[[Any, Any], Any], left: ast.AST, right: ast.AST, depth: int
    ) -> Callable[[Read], Any]:
        a, b = self._compile(left, depth + 1), self._compile(right, depth + 1)

        def value(read: Read) -> Any:
            try:
                return apply(a(read), b(read))
            except TypeError:
                return False

        return value

    def _signal(self, node: ast.AST, asset: str, name: str) -> Callable[[Read], Any]:
        if asset not in self._signals:
            raise self._refuse(node, f"names no asset; there are {', '.join(self._signals)}")
        if name not in self._signals[asset]:
            known = ", ".join(sorted(self._signals[asset]))
            raise self._refuse(node, f"names no signal of {asset}; it has {known}")
        self.uses.append((asset, name))
        return lambda read: read(asset, name)
