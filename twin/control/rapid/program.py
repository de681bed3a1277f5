"""A compiled program: nothing in it changes while it runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.control.syntax.diagnostic import Diagnostic, Span

from .kinds import Type

if TYPE_CHECKING:
    from .machine import Machine
    from .memory import Frame
    from .scope import Names

Do = Callable[["Machine", "Frame", Any], None]


class Op(NamedTuple):
    """One instruction of the machine: what it does, with what, and for which statement."""

    do: Do
    arg: Any
    stmt: int


@dataclass(slots=True)
class Statement:
    """A statement: its place in the source, its first instruction, the first one behind it."""

    span: Span
    begin: int
    end: int


@dataclass(slots=True)
class Param:
    """A parameter; `mode` IN is by value, every other one by reference."""

    name: str
    type: Type
    mode: str = "IN"
    optional: bool = False
    group: int = 0


@dataclass(slots=True)
class Routine:
    """A procedure or a function."""

    name: str
    module: str
    number: int
    params: list[Param]
    result: Type | None
    span: Span
    end: Span
    slots: int = 0
    """How many values its frame holds."""
    ops: list[Op] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    handler: int | None = None
    """Where its error handler begins."""
    names: list[tuple[str, Type, int, str]] = field(default_factory=list)
    """What it calls its data: name, type, slot, how it was declared."""


@dataclass(slots=True)
class Datum:
    """Data of a module."""

    name: str
    module: str
    kind: str
    type: Type
    slot: int
    span: Span
    value_span: Span | None
    """Where its value stands in the source; None when it has none."""
    initial: Any


@dataclass(slots=True)
class Program:
    """All modules, linked."""

    source: str
    routines: list[Routine]
    data: list[Datum]
    main: int
    """Number of the routine to begin with; below 0: there is none."""
    warnings: tuple[Diagnostic, ...] = ()
    names: "Names | None" = None
    """What its modules know, for those who look in."""

    def line_of(self, routine: int, pc: int) -> int:
        """Return the line of the statement to which an instruction belongs."""
        found = self.routines[routine]
        if pc >= len(found.ops):
            return found.end.line
        number = found.ops[pc].stmt
        return found.statements[number].span.line if number >= 0 else found.end.line
