"""What an expression comes to: its type, its constant if it has one, the code that makes it."""

import ast
from dataclasses import dataclass

from . import emit as e
from .kinds import ERROR, Cell, Elementary, Type, wrap
from .scope import Variable


@dataclass(slots=True)
class Value:
    """An elementary value."""

    type: Elementary
    node: ast.expr
    const: Cell | None = None
    bare: bool = False
    """A literal that names no type and takes the one around it."""
    options: "tuple[Value, ...]" = ()
    """The bare constants that it is one of, when it is not constant itself."""
    dirty: bool = False
    """A whole number that may lie outside its type's range, right in its low bits."""

    @property
    def wrong(self) -> bool:
        """Whether it was told to be wrong already."""
        return self.type is ERROR

    def clean(self) -> ast.expr:
        """Return code for the value within its range."""
        return wrapped(self.node, self.type) if self.dirty else self.node


@dataclass(slots=True)
class Place:
    """Where a value of any type lies: a held variable, or cells from `base + offset`."""

    type: Type
    root: Variable
    held: ast.Name | None = None
    base: ast.expr | None = None
    offset: int = 0
    bit: int | None = None
    """A single bit of a bit string."""
    member: str = ""
    """Kind of the member of a block that this is."""

    def index(self) -> ast.expr:
        """Return the number of the first cell."""
        return (
            e.const(self.offset) if self.base is None else e.plus(self.base, e.const(self.offset))
        )

    def load(self) -> ast.expr:
        """Return code that reads the one cell."""
        return self.held if self.held is not None else e.cell(self.index())


def wrong() -> Value:
    """Return what stands for an expression that was told to be wrong."""
    return Value(ERROR, e.const(0))


def constant(kind: Elementary, value: Cell, *, bare: bool = False) -> Value:
    """Return a constant."""
    return Value(kind, e.const(value), value, bare)


def wrapped(node: ast.expr, kind: Elementary) -> ast.expr:
    """Return code that brings a whole number into the range of a type, as so many bits hold it."""
    kind = kind.root
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return e.const(wrap(node.value, kind))
    mask = e.const((1 << kind.bits) - 1)
    if kind.low == 0:
        return e.two(node, ast.BitAnd(), mask)
    half = e.const(1 << (kind.bits - 1))
    masked = e.two(e.two(node, ast.Add(), half), ast.BitAnd(), mask)
    return e.two(masked, ast.Sub(), half)
