"""Looking into a program that is loaded, and changing its data from outside."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from twin.control.syntax.diagnostic import Log, nearest
from twin.kernel.errors import CommandRefused
from twin.spec.messages import phrase

from . import nodes as n
from .fault import Fault
from .kinds import BOOL, STRING, Type, copied, shape, text_of
from .limits import LIMITS
from .machine import Machine
from .memory import Frame
from .parser import parse
from .program import Program
from .scope import Local, Names
from .statements import Statements
from .values import NOTHING, Value

SHOWN = 200
"""Characters of a value that are shown."""


class Seen(NamedTuple):
    """Data as people see it."""

    name: str
    module: str
    """Of the module, or the routine in whose frame it is."""
    kind: str
    type: str
    value: str
    line: int
    writable: bool


def variables(machine: Machine) -> Iterator[Seen]:
    """Yield the data of the modules, then that of the present routine."""
    program = machine.program
    if program is None:
        return
    for datum in program.data:
        value = machine.data[datum.slot]
        yield Seen(
            datum.name, datum.module, datum.kind, _typed(datum.type, value), shown(value),
            datum.span.line, datum.kind != "CONST" and datum.type.kind.valued,
        )  # fmt: skip
    if not machine.frames:
        return
    frame = machine.frames[-1]
    routine = program.routines[frame.routine]
    for name, kind, slot, declared in routine.names:
        value = frame.values[slot] if slot < len(frame.values) else None
        if declared in ("INOUT", "VARREF", "PERS") and value is not None:
            value = machine.load_ref(value)
        yield Seen(
            name, routine.name, declared, _typed(kind, value), shown(value),
            routine.span.line, declared in ("VAR", "IN") and kind.kind.valued,
        )  # fmt: skip


def _typed(kind: Type, value: Any) -> str:
    sizes = shape(value)
    return kind.kind.name + ("{" + ",".join(map(str, sizes)) + "}" if sizes else "")


def shown(value: Any) -> str:
    """Return a value as people see it."""
    if value is None:
        return ""
    text = text_of(_begin(value))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _begin(value: Any) -> Any:
    """Return a value with no more of its arrays than is shown."""
    return [_begin(entry) for entry in value[:SHOWN]] if type(value) is list else value


def write(machine: Machine, name: str, value: Any) -> None:
    """Give data another value.

    Raises:
        CommandRefused: there is no such data, or the value does not fit.
    """
    program = machine.program
    if program is None or program.names is None:
        raise CommandRefused(phrase("refused.rapid_none", robot=machine.mover.id))
    compiler, log = _inside(program, program.names, machine)
    target = _expression(name)
    place = compiler.place(target) if target is not None else None
    if place is None or log.errors:
        known = [datum.name for datum in program.data]
        raise CommandRefused(
            phrase("refused.rapid_name", name=name[:80], hint=nearest(name, known))
        )
    if place.kind == "CONST":
        raise CommandRefused(phrase("refused.rapid_const", name=place.root.name))
    made = _value(compiler, log, place.type, value)
    steps = [step.const if isinstance(step, Value) else step for step in place.steps]
    if made is NOTHING or NOTHING in steps or place.kind in ("INOUT", "VARREF", "FOR"):
        raise CommandRefused(
            phrase("refused.rapid_value", value=str(value)[:80], type=place.type.name)
        )
    frame = machine.frames[-1] if machine.frames else Frame()
    reference = compiler.reference(place)
    assert reference.fn is not None
    try:
        ref = reference.fn(machine, frame)
        if shape(machine.load_ref(ref)) != shape(made):
            raise Fault("shape", found=str(shape(made)), want=str(shape(machine.load_ref(ref))))
        machine.store_ref(ref, copied(made))
    except Fault as fault:
        raise CommandRefused(fault.phrase) from None


def _inside(program: Program, names: Names, machine: Machine) -> tuple[Statements, Log]:
    """Return a compiler that knows what the present routine knows."""
    log = Log("rapid", LIMITS.errors)
    module = program.routines[program.main].module
    compiler = Statements(names, module, log, lambda datum: datum.initial)
    if machine.frames:
        routine = program.routines[machine.frames[-1].routine]
        compiler.module = routine.module
        for name, kind, slot, declared in routine.names:
            compiler.locals[name.lower()] = Local(name, kind, slot, declared, routine.span)
    return compiler, log


def _value(compiler: Statements, log: Log, want: Type, value: Any) -> Any:
    """Return a value of a type from what was given: a value, or its text in RAPID."""
    if isinstance(value, bool):
        return value if want == Type(BOOL) else NOTHING
    if isinstance(value, int | float):
        return float(value) if not want.dims and want.kind.zero == 0.0 and not isinstance(
            want.kind.zero, bool) and abs(value) < 1e300 else NOTHING  # fmt: skip
    text = str(value)
    if want == Type(STRING) and not text.startswith('"'):
        return text if len(text) <= LIMITS.string else NOTHING
    node = _expression(text)
    if node is None:
        return NOTHING
    compiler.constant_only = True
    found = compiler.value(node, want)
    compiler.constant_only = False
    return NOTHING if found.wrong or log.errors else found.const


def _expression(text: str) -> n.Expr | None:
    """Return the tree of an expression, None if the text is none."""
    if len(text) > 10_000 or "\n" in text or "!" in text or ";" in text:
        return None
    log = Log("rapid", LIMITS.errors)
    modules = parse(f"MODULE m\nPROC p()\nx := {text};\nENDPROC\nENDMODULE", log)
    if log.errors or len(modules) != 1 or len(modules[0].routines) != 1:
        return None
    body = modules[0].routines[0].body
    return body[0].value if len(body) == 1 and isinstance(body[0], n.Assign) else None
