"""The nodes of a tree that mean the same in every language."""

from dataclasses import dataclass, field

from .diagnostic import Span


@dataclass(slots=True)
class Expr:
    """Any expression; `depth` counts the operations within each other."""

    span: Span
    depth: int = field(default=1, kw_only=True)
    parens: bool = field(default=False, kw_only=True)
    """Whether it stands in parentheses of its own."""


@dataclass(slots=True)
class Bad(Expr):
    """What stands where the source could not be read; it was told already."""


@dataclass(slots=True)
class Name(Expr):
    """A name by itself."""

    name: str


@dataclass(slots=True)
class Member(Expr):
    """`base.name`."""

    base: Expr
    name: str
    name_span: Span


@dataclass(slots=True)
class Index(Expr):
    """An element of an array: `base[i, j]`, or `base{i, j}`."""

    base: Expr
    indices: list[Expr]


@dataclass(slots=True)
class Unary(Expr):
    """`-x`, `+x`, `NOT x`; `op` in upper case."""

    op: str
    operand: Expr


@dataclass(slots=True)
class Binary(Expr):
    """`left op right`; `op` in upper case."""

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True)
class Stmt:
    """Any statement; `span` is its head: the whole of a simple one, the condition of an IF."""

    span: Span


@dataclass(slots=True)
class Assign(Stmt):
    """`target := value;`."""

    target: Expr
    value: Expr


@dataclass(slots=True)
class Branch:
    """A condition and what is done when it holds; `condition` is None for ELSE."""

    span: Span
    condition: Expr | None
    body: list[Stmt]


@dataclass(slots=True)
class If(Stmt):
    """A condition with its statements, then those of each ELSIF, then those of ELSE."""

    branches: list[Branch]


@dataclass(slots=True)
class While(Stmt):
    """Statements that are done again as long as a condition holds."""

    condition: Expr
    body: list[Stmt]
