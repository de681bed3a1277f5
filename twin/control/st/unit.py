"""All that one source declares, and where it lies."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from twin.control.syntax.diagnostic import Log, Span, nearest

from . import declare
from . import emit as e
from . import nodes as n
from .blocks import BLOCKS
from .datatypes import initial, type_of
from .expressions import direct_type
from .frame import Frame
from .kinds import (
    ERROR,
    TYPES,
    Array,
    Block,
    Cell,
    Elementary,
    Struct,
    Text,
    Type,
    elementary,
    same,
)
from .limits import Limits
from .scope import NO_SPAN, IoVariable, Memory, Routine, Variable, fold
from .standard import is_standard
from .standard import names as standard_names

_NOBODY = n.Pou("PROGRAM", "", NO_SPAN, None, [], [])


class Unit:
    """One source: its types, globals, points and routines."""

    def __init__(self, log: Log, limits: Limits, io: Sequence[IoVariable]) -> None:
        self.log = log
        self.limits = limits
        self.memory = Memory(e.FIRST)
        self.weight = 0
        self.io = tuple(io)
        self.named: dict[str, Type] = {fold(name): block for name, block in BLOCKS.items()}
        self.items: dict[str, tuple[Elementary, int]] = {}
        self.ambiguous: dict[str, str] = {}
        """Values that several enumerations have, with the name of one of these."""
        self.globals: dict[str, Variable] = {}
        self.addresses: dict[str, Variable] = {}
        self.routines: dict[str, Routine] = {}
        self.tables: dict[str, list[Cell]] = {}
        self.aliases: list[tuple[Routine, str, Variable, Span]] = []
        self.shown: dict[str, str] = {}
        self.retained: set[int] = set()
        self._pending: dict[str, n.TypeDecl | Routine] = {}
        self._open: list[str] = []
        self.nobody = Frame(self, Routine(_NOBODY, ""), base=0)
        self._points()

    # what is there

    def is_function(self, name: str) -> bool:
        """Tell whether a name is a standard function."""
        return is_standard(name)

    def functions(self) -> list[str]:
        """Return the names of every function."""
        own = [r.name for r in self.routines.values() if r.node.kind == "FUNCTION"]
        return [*own, *standard_names()]

    def pending_names(self) -> list[str]:
        """Return the names of types that nobody has asked for yet."""
        return [entry.name for entry in self._pending.values()]

    def visible(self, routine: Routine) -> list[str]:
        """Return the names that an expression in `routine` can use."""
        scopes: Iterable[dict[str, Variable]] = (routine.variables, self.globals)
        found = [v.name for scope in scopes for v in scope.values() if v.type is not ERROR]
        return [*found, *self.items]

    def take(self, cells: int, span: Span, kind: Type | None = None) -> int:
        """Return the first of so many cells.

        Tells when all variables together are too many.
        """
        self.weight += cells if kind is None else weight(kind)
        if self.weight > self.limits.cells:
            self.log.tell("limit.cells", span, limit=self.limits.cells)
            self.weight = 0
            return e.FIRST
        return self.memory.take(cells)

    def table(self, values: list[Any]) -> str:
        """Return the name of a list of constants in compiled code."""
        name = self.memory.fresh("c")
        self.tables[name] = values
        return name

    def declare_wrong(self, routine: Routine, name: str, span: Span) -> None:
        """Make an unknown name known as wrong, so that it is told once."""
        wrong = Variable(name, ERROR, "VAR", span, self.memory.fresh("v"))
        routine.variables.setdefault(fold(name), wrong)

    # types

    def register(self, units: list[n.Unit]) -> None:
        """Note the names of all types and routines, so that order does not matter."""
        for unit in units:
            if not isinstance(unit, n.TypeDecl | n.Pou):
                continue
            span = unit.span
            folded = fold(unit.name)
            other = self._pending.get(folded) or self.routines.get(folded)
            if other is not None:
                line = other.span.line if isinstance(other, n.TypeDecl) else other.node.span.line
                self.log.tell("name.twice", span, name=unit.name, line=line)
                continue
            if folded in self.named or elementary(unit.name) or is_standard(unit.name):
                self.log.tell("name.standard", span, name=unit.name)
                continue
            if isinstance(unit, n.TypeDecl):
                self._pending[folded] = unit
                continue
            routine = Routine(unit, self.memory.fresh("f"))
            self.routines[folded] = routine
            if unit.kind == "FUNCTION_BLOCK":
                self._pending[folded] = routine

    def resolve(self) -> None:
        """Make every type, and the variables of every routine."""
        for folded in list(self._pending):
            self.named_type(folded, NO_SPAN)
        for routine in self.routines.values():
            if routine.node.kind != "FUNCTION_BLOCK":
                self._variables(routine)

    def named_type(self, name: str, span: Span) -> Type | None:
        """Return the type of a name, made now if it was not, ERROR if it cannot be, or None."""
        folded = fold(name)
        if folded in self.named:
            return self.named[folded]
        entry = self._pending.get(folded)
        if entry is None:
            return None
        if folded in self._open:
            cycle = [self._pending[word].name for word in self._open[self._open.index(folded) :]]
            shown = " → ".join([*cycle, entry.name])
            self.log.tell("type.cycle", span, cycle=shown)
            return ERROR
        if len(self._open) >= self.limits.nesting:
            self.log.tell("limit.types", span, limit=self.limits.nesting)
            return ERROR
        self._open.append(folded)
        made = self._declared(entry) if isinstance(entry, n.TypeDecl) else self._block(entry)
        self._open.pop()
        self.named[folded] = made
        return made

    def _declared(self, entry: n.TypeDecl) -> Type:
        f = self.nobody
        made = type_of(f, entry.spec, entry.name)
        if made is ERROR or entry.initial is None:
            return made
        start = initial(f, entry.initial, made)
        if start is None:
            return made
        if isinstance(made, Array | Struct):
            made.start = start
        elif isinstance(made, Elementary) and made.name == entry.name:
            made.default = start[0]
        elif isinstance(made, Elementary):
            made = replace(made, name=entry.name, default=start[0], base=made)
        return made

    def _block(self, routine: Routine) -> Type:
        block = Block(routine.name, cells=0, runs=routine.runs, pou=routine)
        routine.block = block
        declare.variables(Frame(self, routine), routine.node.blocks)
        if block.cells == 0:
            # An instance without a cell would have no place of its own.
            block.cells = 1
            block.start = [False]
        return block

    def _variables(self, routine: Routine) -> None:
        f = Frame(self, routine)
        if routine.node.kind == "PROGRAM":
            routine.block = Block(routine.name, cells=0, runs=routine.runs, pou=routine)
        elif routine.node.result is not None:
            declare.result(f, routine.node.result, routine)
        declare.variables(f, routine.node.blocks)

    def add_items(self, kind: Elementary) -> None:
        """Make the values of an enumeration known by their names."""
        for name, number in (kind.items or {}).items():
            other = self.items.setdefault(fold(name), (kind, number))
            if other[0] is not kind:
                self.ambiguous[fold(name)] = kind.name

    # globals and points

    def _points(self) -> None:
        for point in (
            *(p for p in self.io if p.direction == "input"),
            *(p for p in self.io if p.direction != "input"),
        ):
            variable = Variable(
                point.name, TYPES[point.iec], "POINT", NO_SPAN, self.memory.fresh("v")
            )
            variable.offset, variable.shared, variable.point = self.memory.take(1), True, point
            self.globals[fold(point.name)] = variable
            self.addresses[_address(point.address)] = variable

    def add_globals(self, blocks: list[n.VarBlock]) -> None:
        """Declare VAR_GLOBAL blocks that stand outside of routines."""
        for block in blocks:
            if block.kind != "VAR_GLOBAL":
                self.log.tell("declare.kind", block.span, kind=block.kind, pou="–")
                continue
            declare.variables(self.nobody, [block])

    def add_global(
        self,
        f: Frame,
        block: n.VarBlock,
        decl: n.VarDecl,
        name: str,
        span: Span,
        kind: Type,
        start: list[Cell] | None,
    ) -> None:
        """Declare one global variable."""
        other = self.globals.get(fold(name))
        if other is not None:
            key = "name.point" if other.point else "name.twice"
            self.log.tell(key, span, name=name, line=other.span.line)
            return
        if decl.at is not None:
            found = self.located(f, decl.at, kind, name, span, start)
            if found is not None:
                self.globals[fold(name)] = found
            return
        variable = Variable(
            name, kind, "VAR_GLOBAL", span, self.memory.fresh("v"), shared=True, start=start
        )
        variable.constant = "CONSTANT" in block.qualifiers
        variable.offset = self.take(kind.cells, span, kind)
        if "RETAIN" in block.qualifiers:
            self.retained.update(range(variable.offset, variable.offset + kind.cells))
        self.globals[fold(name)] = variable

    def at_address(self, node: n.Direct, f: Frame) -> Variable | None:
        """Return the variable at an address that is used as it is."""
        if node.text[1] not in "IQM":
            self.log.tell("name.no_variable", node.span)
            return None
        if node.text.endswith("*"):
            self.log.tell("declare.open_address", node.span, address=node.text)
            return None
        found = self.addresses.get(_address(node.text))
        if found is None:
            kind = direct_type(node.text)
            found = self.located(f, node, kind, node.text, node.span, None)
        if found is not None:
            f.routine.touches.add(found)
        return found

    def located(
        self, f: Frame, at: n.Direct, kind: Type, name: str, span: Span, start: list[Cell] | None
    ) -> Variable | None:
        """Return the variable at an address: a point, or memory of the program's own."""
        if at.text.endswith("*"):
            self.log.tell("declare.open_address", at.span, address=at.text)
            return None
        address = _address(at.text)
        found = self.addresses.get(address)
        if found is not None:
            if not same(found.type, kind):
                self.log.tell(
                    "declare.point_type",
                    span,
                    address=at.text,
                    found=kind.name,
                    wanted=found.type.name,
                )
                return None
            if start is not None and not found.read_only:
                found.start = start
            return self._alias(f, name, found, span)
        if not isinstance(kind, Elementary) or not declare.size_type(address, kind):
            self.log.tell("declare.size", at.span, address=at.text, type=kind.name)
            return None
        if self.io and not address.startswith("%M"):
            choices = [p.address for p in self.io if p.address[1] == address[1]]
            hint = nearest(address, choices)
            self.log.caution("warn.no_point", at.span, address=at.text, hint=hint)
        variable = Variable(name, kind, "VAR_GLOBAL", span, self.memory.fresh("v"), shared=True)
        variable.offset, variable.start = self.take(1, span), start
        self.addresses[address] = variable
        self.globals[fold(address)], self.shown[fold(address)] = variable, address
        return self._alias(f, name, variable, span)

    def _alias(self, f: Frame, name: str, variable: Variable, span: Span) -> Variable:
        """Note one more name of a variable."""
        f.routine.touches.add(variable)
        if f is self.nobody:
            self.shown[fold(name)] = name
        else:
            self.aliases.append((f.routine, name, variable, span))
        return variable


def weight(kind: Type) -> int:
    """Return what a type takes of the memory: a cell each, strings one more per 8 characters."""
    if isinstance(kind, Text):
        return 1 + kind.length // 8
    if isinstance(kind, Array):
        return kind.cells // max(1, kind.element.cells) * weight(kind.element)
    if isinstance(kind, Struct):
        return sum(weight(member.type) for member in kind.fields.values())
    return kind.cells


def _address(text: str) -> str:
    """Return the one way to write an address: `%I0.3` is `%IX0.3`."""
    upper = text.upper()
    return upper if upper[2:3].isalpha() else f"{upper[:2]}X{upper[2:]}"
