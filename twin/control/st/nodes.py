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
    "Arg",
    "ArrayInitial",
    "ArrayType",
    "Assign",
    "Bad",
    "BadType",
    "Binary",
    "Branch",
    "Call",
    "Case",
    "Choice",
    "Configuration",
    "Direct",
    "Expr",
    "For",
    "If",
    "Index",
    "Initial",
    "Instance",
    "Invoke",
    "Jump",
    "Label",
    "Literal",
    "Member",
    "Name",
    "NamedType",
    "Pou",
    "Repeat",
    "Repeated",
    "Stmt",
    "StructInitial",
    "StructType",
    "TaskDecl",
    "TypeDecl",
    "TypeSpec",
    "Unary",
    "Unit",
    "VarBlock",
    "VarDecl",
    "While",
]


@dataclass(slots=True)
class Literal(Expr):
    """A value as written."""

    text: str


@dataclass(slots=True)
class Direct(Expr):
    """A directly represented variable, such as `%IX0.3`."""

    text: str


@dataclass(slots=True)
class Arg:
    """One argument of a call: `value`, `name := value`, `name => target`, `NOT name => target`."""

    span: Span
    value: Expr
    name: str | None = None
    output: bool = False
    negated: bool = False


@dataclass(slots=True)
class Call(Expr):
    """`callee(args)`, of a function or a function block."""

    callee: Expr
    args: list[Arg]


@dataclass(slots=True)
class Repeated:
    """`3(…)` in the initial value of an array."""

    span: Span
    count: Expr
    items: list["Initial"]


@dataclass(slots=True)
class ArrayInitial:
    """`[1, 2, 3(0)]`."""

    span: Span
    items: "list[Initial | Repeated]"


@dataclass(slots=True)
class StructInitial:
    """`(a := 1, b := 2)`."""

    span: Span
    fields: "list[tuple[str, Span, Initial]]"


Initial = Expr | ArrayInitial | StructInitial


@dataclass(slots=True)
class Invoke(Stmt):
    """A call as a statement."""

    call: Expr


@dataclass(slots=True)
class Label:
    """One label of a CASE branch: a value, or the range from `low` to `high`."""

    span: Span
    low: Expr
    high: Expr | None


@dataclass(slots=True)
class Choice:
    """The labels of a CASE branch and its statements; no labels for ELSE."""

    span: Span
    labels: list[Label]
    body: list[Stmt]


@dataclass(slots=True)
class Case(Stmt):
    """CASE selector OF … END_CASE."""

    selector: Expr
    choices: list[Choice]


@dataclass(slots=True)
class For(Stmt):
    """FOR variable := start TO end BY step DO … END_FOR."""

    variable: Expr
    start: Expr
    end: Expr
    step: Expr | None
    body: list[Stmt]


@dataclass(slots=True)
class Repeat(Stmt):
    """REPEAT … UNTIL condition."""

    condition: Expr
    body: list[Stmt]


@dataclass(slots=True)
class Jump(Stmt):
    """EXIT, CONTINUE or RETURN."""

    word: str


@dataclass(slots=True)
class TypeSpec:
    """Any way to say a type."""

    span: Span


@dataclass(slots=True)
class NamedType(TypeSpec):
    """`INT`, `STRING[80]`, `INT (0..10)`, `INT (red := 1, blue := 2)`."""

    name: str
    length: Expr | None = None
    low: Expr | None = None
    high: Expr | None = None
    items: list[Arg] | None = None
    edge: str = ""


@dataclass(slots=True)
class ArrayType(TypeSpec):
    """`ARRAY [low..high, …] OF element`."""

    ranges: list[tuple[Expr, Expr]]
    element: TypeSpec


@dataclass(slots=True)
class StructType(TypeSpec):
    """STRUCT … END_STRUCT."""

    fields: list["VarDecl"]


@dataclass(slots=True)
class BadType(TypeSpec):
    """A type that could not be read; it was told already."""


@dataclass(slots=True)
class VarDecl:
    """`a, b AT %IX0.0 : type := initial;`."""

    span: Span
    names: list[tuple[str, Span]]
    at: Direct | None
    type: TypeSpec
    initial: Initial | None


@dataclass(slots=True)
class VarBlock:
    """VAR … END_VAR; `kind` and `qualifiers` in upper case."""

    span: Span
    kind: str
    qualifiers: list[str]
    decls: list[VarDecl]


@dataclass(slots=True)
class Pou:
    """A program organisation unit; `kind` is PROGRAM, FUNCTION or FUNCTION_BLOCK."""

    kind: str
    name: str
    span: Span
    result: TypeSpec | None
    blocks: list[VarBlock]
    body: list[Stmt]


@dataclass(slots=True)
class TypeDecl:
    """One entry of TYPE … END_TYPE."""

    span: Span
    name: str
    spec: TypeSpec
    initial: Initial | None


@dataclass(slots=True)
class TaskDecl:
    """TASK name (INTERVAL := …, PRIORITY := …);."""

    span: Span
    name: str
    args: list[Arg]


@dataclass(slots=True)
class Instance:
    """PROGRAM name WITH task : type;."""

    span: Span
    name: str
    task: str | None
    program: str
    task_span: Span
    program_span: Span


@dataclass(slots=True)
class Configuration:
    """CONFIGURATION or RESOURCE: globals, tasks and program instances."""

    span: Span
    name: str
    entries: "list[VarBlock | TaskDecl | Instance | Configuration]"


Unit = Pou | TypeDecl | VarBlock | Configuration
