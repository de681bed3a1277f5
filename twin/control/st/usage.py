"""What a program declares and never uses, or sets and never looks at."""

from .kinds import ERROR, Block
from .scope import Routine, Variable
from .unit import Unit


def warn_unused(unit: Unit, routines: list[Routine]) -> None:
    """Tell of variables that nobody reads or sets; the bodies of `routines` are compiled."""
    for routine in routines:
        for variable in routine.variables.values():
            if not variable.shared and variable.type is not ERROR:
                _warn(unit, variable)
    for variable in unit.globals.values():
        if variable.kind == "VAR_GLOBAL" and variable.type is not ERROR:
            _unused(unit, variable)


def _warn(unit: Unit, variable: Variable) -> None:
    kind, span = variable.kind, variable.span
    if kind in {"VAR", "VAR_TEMP"}:
        if _unused(unit, variable) or isinstance(variable.type, Block) or variable.reads:
            return
        unit.log.caution("warn.never_read", span, name=variable.name)
    elif kind == "VAR_OUTPUT" and not variable.writes:
        unit.log.caution("warn.never_written", span, name=variable.name)
    elif kind == "RESULT" and not variable.writes:
        unit.log.caution("warn.no_result", span, name=variable.name)


def _unused(unit: Unit, variable: Variable) -> bool:
    if variable.reads or variable.writes:
        return False
    unit.log.caution("warn.unused", variable.span, name=variable.name)
    return True
