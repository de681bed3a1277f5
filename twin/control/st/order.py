"""Who calls whom: routines in the order that callees come first, cycles refused."""

from dataclasses import fields, is_dataclass
from typing import Any

from . import nodes as n
from .kinds import Array, Block, Struct, Type
from .scope import Routine, fold
from .unit import Unit


def in_order(unit: Unit) -> list[Routine]:
    """Return the routines, each behind those that it calls; tells cycles and long chains."""
    shared: dict[Routine, None] = {}
    for variable in unit.globals.values():
        _instances(variable.type, shared)
    calls = {
        routine: list({**_callees(unit, routine), **shared}) for routine in unit.routines.values()
    }
    for routine in shared:
        calls[routine] = list(_callees(unit, routine))
    done: dict[Routine, int] = {}
    for root in calls:
        _visit(unit, root, calls, done)
    return list(done)


def _visit(
    unit: Unit, root: Routine, calls: dict[Routine, list[Routine]], done: dict[Routine, int]
) -> None:
    path: list[tuple[Routine, int]] = [(root, 0)]
    while path:
        routine, at = path[-1]
        if routine in done:
            path.pop()
            continue
        below = calls[routine]
        if at == len(below):
            done[routine] = 1 + max((done.get(c, 0) for c in below), default=0)
            if done[routine] == unit.limits.calls + 1:
                unit.log.tell("limit.calls", routine.node.span, limit=unit.limits.calls)
            path.pop()
            continue
        path[-1] = (routine, at + 1)
        callee = below[at]
        on_path = [entry for entry, _ in path]
        if callee in on_path:
            cycle = [r.name for r in on_path[on_path.index(callee) :]]
            shown = " → ".join([*cycle, callee.name])
            unit.log.tell("call.recursion", callee.node.span, cycle=shown)
        elif callee not in done:
            path.append((callee, 0))


def _callees(unit: Unit, routine: Routine) -> dict[Routine, None]:
    """Return the routines that one names in a call, or has instances of."""
    found: dict[Routine, None] = {}
    waiting: list[Any] = list(routine.node.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, n.Call) and isinstance(node.callee, n.Name):
            callee = unit.routines.get(fold(node.callee.name))
            local = routine.variables.get(fold(node.callee.name))
            if callee is not None and (local is None or local.kind == "RESULT"):
                found[callee] = None
        if isinstance(node, list):
            waiting.extend(node)
        elif is_dataclass(node):
            waiting.extend(getattr(node, entry.name) for entry in fields(node))
    for variable in routine.variables.values():
        _instances(variable.type, found)
    return found


def _instances(kind: Type, found: dict[Routine, None]) -> None:
    if isinstance(kind, Block):
        if kind.pou is not None:
            found[kind.pou] = None
    elif isinstance(kind, Array):
        _instances(kind.element, found)
    elif isinstance(kind, Struct):
        for member in kind.fields.values():
            _instances(member.type, found)
