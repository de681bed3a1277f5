"""What names mean: variables, routines, and the cells they have."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from twin.control.syntax.diagnostic import NOWHERE, Span

from . import nodes as n
from .kinds import Block, Cell, Elementary, Type


@dataclass(frozen=True, slots=True)
class IoVariable:
    """A point that a program can use by its name without declaring it."""

    name: str
    iec: str
    """`BOOL`, `INT`, `DINT`, `REAL`."""
    direction: str
    """`input` or `output`, seen from the program."""
    address: str
    """`%IX0.3`, `%QW64`, …: for AT."""


@dataclass(eq=False, slots=True)
class Variable:
    """A variable as the compiler sees it.

    `offset` is its first cell: of all cells, or, with `relative`, of its block's instance. `local`
    is the name that it has in compiled code while it is held there.
    """

    name: str
    type: Type
    kind: str
    span: Span
    local: str
    offset: int = -1
    relative: bool = False
    reference: bool = False
    """Holds the number of a cell: VAR_IN_OUT."""
    shared: bool = False
    """A global or a point: other routines may touch it."""
    constant: bool = False
    point: IoVariable | None = None
    start: list[Cell] | None = None
    by_ref: bool = False
    """Handed on as a reference, so that no copy may be held."""
    reads: int = 0
    writes: list[Span] = field(default_factory=list)
    edge: str = ""

    @property
    def scalar(self) -> bool:
        """Whether it is one elementary value."""
        return isinstance(self.type, Elementary)

    @property
    def read_only(self) -> bool:
        """Whether the program may not assign it."""
        return self.constant or (self.point is not None and self.point.direction == "input")

    def initial(self) -> list[Cell]:
        """Return the cells before anything was written."""
        return self.type.initial() if self.start is None else list(self.start)


@dataclass(eq=False, slots=True)
class Routine:
    """A PROGRAM, FUNCTION or FUNCTION_BLOCK with its variables."""

    node: n.Pou
    runs: str
    """The name of its compiled function."""
    variables: dict[str, Variable] = field(default_factory=dict)
    result: Elementary | None = None
    block: Block | None = None
    touches: set[Variable] = field(default_factory=set)
    """Globals and points that it, or what it calls, reads or writes."""

    @property
    def name(self) -> str:
        """As written where it is declared."""
        return self.node.name

    def of_kind(self, *kinds: str) -> list[Variable]:
        """Return the variables of these kinds in the order of declaration."""
        return [v for v in self.variables.values() if v.kind in kinds]


class Memory:
    """Hands out cells and names of compiled code."""

    def __init__(self, first: int) -> None:
        self.used = first
        self._numbers = count()

    def take(self, cells: int) -> int:
        """Return the first of so many new cells."""
        start, self.used = self.used, self.used + cells
        return start

    def fresh(self, letter: str) -> str:
        """Return a name that no other has."""
        return f"{letter}{next(self._numbers)}"


def fold(name: str) -> str:
    """Return the name that all ways to write it share."""
    return name.casefold()


def known_names(scopes: Iterable[dict[str, Variable]]) -> list[str]:
    """Return every variable's name as written."""
    return [variable.name for scope in scopes for variable in scope.values()]


NO_SPAN = NOWHERE
