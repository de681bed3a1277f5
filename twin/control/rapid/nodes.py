"""The tree of a source as it was written, before anything in it has a meaning."""

from dataclasses import dataclass

from twin.control.syntax.diagnostic import Span
from twin.control.syntax.nodes import (
    Assign,
    Bad,
    Binary,
    Branch,
    Expr,
    If,
    Index,
    Member,
    Name,
    Stmt,
    Unary,
    While,
)

__all__ = [
    "Aggregate",
    "Arg",
    "Assign",
    "Bad",
    "Binary",
    "Branch",
    "Call",
    "Case",
    "Data",
    "Expr",
    "For",
    "Goto",
    "If",
    "Index",
    "Invoke",
    "Label",
    "Member",
    "Module",
    "Name",
    "Number",
    "Param",
    "Raise",
    "Return",
    "Routine",
    "Stmt",
    "Test",
    "Text",
    "Truth",
    "Unary",
    "While",
    "Word",
]


@dataclass(slots=True)
class Number(Expr):
    """A number."""

    value: float
    whole: bool


@dataclass(slots=True)
class Text(Expr):
    """A string."""

    value: str


@dataclass(slots=True)
class Truth(Expr):
    """TRUE or FALSE."""

    value: bool


@dataclass(slots=True)
class Aggregate(Expr):
    """`[a, b, c]`."""

    parts: list[Expr]


@dataclass(slots=True)
class Arg:
    r"""An argument: `value`, `\name`, `\name := value` or `\name ? value`."""

    span: Span
    value: Expr | None = None
    option: str = ""
    maybe: bool = False


@dataclass(slots=True)
class Call(Expr):
    """`name(args)`: a function's value."""

    name: str
    name_span: Span
    args: list[Arg]


@dataclass(slots=True)
class Invoke(Stmt):
    """`name args;`: an instruction or a procedure."""

    name: str
    name_span: Span
    args: list[Arg]


@dataclass(slots=True)
class For(Stmt):
    """`FOR … ENDFOR`."""

    name: str
    name_span: Span
    start: Expr
    end: Expr
    step: Expr | None
    body: list[Stmt]


@dataclass(slots=True)
class Case:
    """Values (none: DEFAULT) and what is done then."""

    span: Span
    values: list[Expr]
    body: list[Stmt]


@dataclass(slots=True)
class Test(Stmt):
    """`TEST … ENDTEST`."""

    value: Expr
    cases: list[Case]


@dataclass(slots=True)
class Label(Stmt):
    """`name:`."""

    name: str


@dataclass(slots=True)
class Goto(Stmt):
    """`GOTO name;`."""

    name: str
    name_span: Span


@dataclass(slots=True)
class Return(Stmt):
    """`RETURN value;`."""

    value: Expr | None


@dataclass(slots=True)
class Raise(Stmt):
    """`RAISE number;`."""

    value: Expr | None


@dataclass(slots=True)
class Word(Stmt):
    """`RETRY`, `TRYNEXT` or `EXIT`."""

    word: str


@dataclass(slots=True)
class Data:
    """A declaration."""

    span: Span
    scope: str
    kind: str
    type: str
    type_span: Span
    name: str
    name_span: Span
    sizes: list[Expr]
    value: Expr | None


@dataclass(slots=True)
class Param:
    """A parameter of a routine."""

    span: Span
    mode: str
    type: str
    type_span: Span
    name: str
    stars: int
    optional: bool = False
    group: int = 0
    """Those of one group of optional ones exclude each other."""


@dataclass(slots=True)
class Routine:
    """A PROC (`type` empty) or a FUNC."""

    span: Span
    local: bool
    type: str
    type_span: Span
    name: str
    name_span: Span
    params: list[Param]
    data: list[Data]
    body: list[Stmt]
    handler: list[Stmt] | None
    handler_span: Span
    end: Span


@dataclass(slots=True)
class Module:
    """A module."""

    span: Span
    name: str
    data: list[Data]
    routines: list[Routine]
    end: Span
