"""From a source to a program that can be started, and its tasks."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from twin.control.syntax.diagnostic import (
    NOWHERE,
    CompileError,
    Diagnostic,
    Log,
    Severity,
    TooManyErrors,
)

from . import emit as e
from . import nodes as n
from .blocks import RUNS
from .frame import Frame
from .image import Image, Layout
from .library import HELPERS
from .limits import Limits
from .order import in_order
from .parser import parse
from .scope import IoVariable, Routine
from .statements import body
from .tasks import Plan, plan
from .unit import Unit
from .usage import warn_unused

FILE = "<st>"


@dataclass(frozen=True, slots=True)
class Task:
    """What is scanned together: names of program instances; the caller's period when None."""

    name: str
    interval_s: float | None
    priority: int
    programs: tuple[str, ...]


class Program:
    """A compiled program: what it needs and says, and the code that `start` sets to work."""

    def __init__(
        self,
        io: tuple[IoVariable, ...],
        warnings: tuple[Diagnostic, ...],
        tasks: tuple[Task, ...],
        layout: Layout,
    ) -> None:
        self.io = io
        self.warnings = warnings
        self.tasks = tasks
        self._layout = layout

    def start(self) -> Image:
        """Return a new running instance, every variable at its initial value."""
        return Image(self._layout)


def compile_st(
    source: str, io: Sequence[IoVariable] = (), *, limits: Limits | None = None
) -> Program:
    """Return the program of a source.

    Args:
        source: IEC 61131-3 Structured Text.
        io: Points that it can use by name or by address.
        limits: What it may ask for.

    Raises:
        CompileError: it has errors; they are all told at once.
    """
    program, log = _compile(source, io, limits or Limits())
    if program is None:
        raise CompileError(log.all())
    return program


def check_st(
    source: str, io: Sequence[IoVariable] = (), *, limits: Limits | None = None
) -> tuple[Diagnostic, ...]:
    """Return the errors and warnings of a source, in its order; raises nothing."""
    return _compile(source, io, limits or Limits())[1].all()


def _compile(source: str, io: Sequence[IoVariable], limits: Limits) -> tuple[Program | None, Log]:
    log = Log("st", limits.errors)
    try:
        if len(source.encode("utf-8", "replace")) > limits.source_bytes:
            log.tell("limit.source", NOWHERE, limit=limits.source_bytes // 1024)
            return None, log
        made = _made(source, io, limits, log)
    except TooManyErrors:
        return None, log
    except (RecursionError, MemoryError):
        log.tell("limit.too_deep", NOWHERE)
        return None, log
    return (None if log.errors else made), log


def _made(source: str, io: Sequence[IoVariable], limits: Limits, log: Log) -> Program | None:
    units = parse(source, log, limits)
    unit = Unit(log, limits, io)
    unit.register(units)
    work = plan(units)
    unit.add_globals(work.globals)
    unit.resolve()
    work.settle(unit)
    functions: list[ast.stmt] = []
    functions += [
        _function(unit, routine, routine.runs, None)
        for routine in in_order(unit)
        if routine.node.kind != "PROGRAM"
    ]
    runs = []
    for instance in work.instances:
        assert instance.routine.block is not None
        block = instance.routine.block
        instance.base = unit.take(max(1, block.cells), instance.span, block)
        name = unit.memory.fresh("f")
        functions.append(_function(unit, instance.routine, name, instance.base))
        runs.append(name)
    if log.errors:
        return None
    running = {instance.routine for instance in work.instances}
    idle = {r for r in unit.routines.values() if r.node.kind == "PROGRAM"} - running
    warn_unused(unit, [r for r in unit.routines.values() if r not in idle])
    compiled = _code(functions, unit)
    return _program(unit, work, [compiled[name] for name in runs], log)


def _function(unit: Unit, routine: Routine, name: str, base: int | None) -> ast.FunctionDef:
    f = Frame(unit, routine, base)
    code = f.finish(body(f, routine.node.body))
    if routine.node.kind == "FUNCTION":
        params = [v.local for v in routine.of_kind("VAR_INPUT", "VAR_IN_OUT")]
        arguments = [e.STATE, e.NOW, *params]
    elif base is None:
        arguments = [e.STATE, e.BASE, e.NOW]
    else:
        arguments = [e.STATE, e.NOW]
    return e.at_function(e.function(name, arguments, code), routine.node.span)


def _code(functions: list[ast.stmt], unit: Unit) -> dict[str, FunctionType]:
    """Compile the functions; what they can reach is what stands here, and nothing of Python."""
    tree = ast.Module(body=functions, type_ignores=[])
    e.locate(tree)
    module = compile(tree, FILE, "exec")
    reach: dict[str, Any] = {"__builtins__": {}, **HELPERS, **RUNS, **unit.tables}
    made: dict[str, FunctionType] = {}
    for code in module.co_consts:
        if isinstance(code, CodeType):
            made[code.co_name] = FunctionType(code, reach, code.co_name)
    reach.update(made)
    return made


def _program(unit: Unit, work: Plan, runs: list[FunctionType], log: Log) -> Program:
    by_task = []
    tasks = []
    for task in work.tasks:
        numbers = [i for i, inst in enumerate(work.instances) if inst.task == task.name]
        tasks.append(
            Task(
                task.name,
                task.interval_s,
                task.priority,
                tuple(work.instances[i].name for i in numbers),
            )
        )
        by_task.append(tuple(runs[i] for i in numbers))
    names = {routine.runs: routine.name for routine in unit.routines.values()}
    names |= {run.__name__: inst.name for run, inst in zip(runs, work.instances, strict=True)}
    layout = Layout.make(
        unit=unit,
        instances=[(i.name, i.routine.block, i.base, i.span.line) for i in work.instances],
        tasks=tuple(by_task),
        names=names,
    )
    warnings = tuple(d for d in log.all() if d.severity is Severity.WARNING)
    return Program(unit.io, warnings, tuple(tasks), layout)


__all__ = ["Program", "Task", "check_st", "compile_st", "n"]
