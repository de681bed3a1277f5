"""Declarations: from what is written to variables and their cells."""

from twin.control.syntax.diagnostic import Span, nearest

from . import nodes as n
from .datatypes import initial, type_of
from .frame import Frame
from .kinds import (
    ERROR,
    LINT,
    Block,
    Cell,
    Elementary,
    Field,
    Type,
    same,
)
from .scope import Routine, Variable, fold


def variables(f: Frame, blocks: list[n.VarBlock]) -> None:
    """Declare the variables of a routine, in order, so that constants can be used at once."""
    for block in blocks:
        if f is not f.unit.nobody:
            _check_block(f, block)
        for decl in block.decls:
            _declare(f, block, decl)


def _check_block(f: Frame, block: n.VarBlock) -> None:
    kind = f.routine.node.kind
    wrong = {
        "FUNCTION": {"VAR_GLOBAL"},
        "FUNCTION_BLOCK": {"VAR_GLOBAL"},
        "PROGRAM": set(),
    }[kind]
    if block.kind in wrong:
        f.log.tell("declare.kind", block.span, kind=block.kind, pou=kind)
    if "CONSTANT" in block.qualifiers and ("RETAIN" in block.qualifiers):
        f.log.tell("declare.constant_retain", block.span)


def _declare(f: Frame, block: n.VarBlock, decl: n.VarDecl) -> None:
    kind = type_of(f, decl.type)
    edge = decl.type.edge if isinstance(decl.type, n.NamedType) else ""
    if edge and (block.kind != "VAR_INPUT" or f.routine.node.kind == "FUNCTION"):
        f.log.tell("declare.edge", decl.type.span)
    start = None if decl.initial is None else initial(f, decl.initial, kind)
    if kind is ERROR:
        for name, span in decl.names:
            f.unit.declare_wrong(f.routine, name, span)
        return
    for name, span in decl.names:
        previous = f.routine.variables.get(fold(name))
        if previous is not None and previous.type is not ERROR:
            f.log.tell("name.twice", span, name=name, line=previous.span.line)
            continue
        _one(f, block, decl, name, span, kind, start, edge)


def _one(
    f: Frame,
    block: n.VarBlock,
    decl: n.VarDecl,
    name: str,
    span: Span,
    kind: Type,
    start: list[Cell] | None,
    edge: str,
) -> None:
    unit = f.unit
    if block.kind == "VAR_EXTERNAL":
        _external(f, name, span, kind)
        return
    if block.kind == "VAR_GLOBAL":
        unit.add_global(f, block, decl, name, span, kind, start)
        return
    if decl.at is not None:
        found = unit.located(f, decl.at, kind, name, span, start)
        if found is not None:
            f.routine.variables[fold(name)] = found
        return
    hidden = unit.globals.get(fold(name))
    if hidden is not None and hidden.point is not None and f.routine.node.kind == "PROGRAM":
        f.log.caution("warn.hides_point", span, name=name, address=hidden.point.address)
    variable = Variable(
        name,
        kind,
        block.kind,
        span,
        unit.memory.fresh("v"),
        constant="CONSTANT" in block.qualifiers,
        start=start,
        edge=edge,
    )
    if variable.constant and start is None:
        f.log.tell("declare.constant", span, name=name)
    f.routine.variables[fold(name)] = variable
    _home(f, block, variable)


def _home(f: Frame, block: n.VarBlock, variable: Variable) -> None:
    """Give a variable its cells."""
    unit, kind = f.unit, variable.type
    variable.reference = block.kind == "VAR_IN_OUT"
    if (
        isinstance(kind, Block)
        and (f.routine.node.kind == "FUNCTION" or block.kind == "VAR_TEMP")
        and not variable.reference
    ):
        f.log.tell("declare.block_here", variable.span, type=kind.name)
    if f.routine.node.kind == "FUNCTION" or block.kind == "VAR_TEMP":
        if variable.reference:
            return
        if not variable.scalar or block.kind == "VAR_OUTPUT":
            variable.offset = unit.take(kind.cells, variable.span, kind)
        return
    struct = f.routine.block
    assert struct is not None
    if variable.reference:
        member = Field(variable.name, LINT, 0, "VAR_IN_OUT", variable.span, refers=kind)
    else:
        member = Field(variable.name, kind, 0, block.kind, variable.span, variable.start)
        member.retain = "RETAIN" in block.qualifiers
        member.constant = variable.constant
    if struct.cells + kind.cells > unit.limits.cells:
        f.log.tell("limit.cells", variable.span, limit=unit.limits.cells)
        return
    struct.add(member)
    variable.offset, variable.relative = member.offset, True
    if variable.edge:
        # The value before, one cell on.
        struct.add(Field(f"#{variable.name}", kind, 0, hidden=True))


def _external(f: Frame, name: str, span: Span, kind: Type) -> None:
    found = f.unit.globals.get(fold(name))
    if found is None:
        hint = nearest(name, [v.name for v in f.unit.globals.values()])
        f.log.tell("declare.external", span, name=name, hint=hint)
        f.unit.declare_wrong(f.routine, name, span)
        return
    if not same(found.type, kind) and found.type is not ERROR:
        f.log.tell(
            "declare.external_type", span, name=name, found=kind.name, wanted=found.type.name
        )
    f.routine.variables[fold(name)] = found
    f.routine.touches.add(found)


def result(f: Frame, spec: n.TypeSpec, routine: Routine) -> None:
    """Declare what a function gives back, by its own name."""
    kind = type_of(f, spec)
    if kind is ERROR:
        f.unit.declare_wrong(routine, routine.name, spec.span)
        routine.result = ERROR
        return
    if not isinstance(kind, Elementary):
        f.log.tell("declare.result", spec.span, type=kind.name)
        f.unit.declare_wrong(routine, routine.name, spec.span)
        routine.result = ERROR
        return
    routine.result = kind
    routine.variables[fold(routine.name)] = Variable(
        routine.name, kind, "RESULT", routine.node.span, f.unit.memory.fresh("v")
    )


def size_type(text: str, kind: Elementary) -> bool:
    """Tell whether a type has the size that an address says."""
    bits = {"X": 1, "B": 8, "W": 16, "D": 32, "L": 64}.get(text[2:3], 1)
    return kind.root.bits == bits
