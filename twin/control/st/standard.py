"""The standard functions: which there are, and what each of them takes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from twin.control.syntax.diagnostic import nearest
from twin.spec.messages import phrase

from . import casts, library, makers
from . import nodes as n
from .expressions import value
from .frame import Frame
from .scope import fold
from .values import Value, wrong

Maker = Callable[[Frame, n.Call, makers.Args], Value]
MOST = 64
"""Inputs of a function that takes any number of them."""


@dataclass(frozen=True, slots=True)
class Function:
    """A standard function: the names of its inputs, and what makes its value."""

    inputs: tuple[str, ...]
    make: Maker
    more: bool = False
    """Takes further inputs, numbered on from the last one."""


def is_standard(name: str) -> bool:
    """Tell whether there is a standard function of this name."""
    return name.upper() in FUNCTIONS or casts.parts(name) is not None


def names() -> list[str]:
    """Return the names of all standard functions, without the conversions."""
    return list(FUNCTIONS)


def call_standard(f: Frame, node: n.Call, name: str) -> Value:
    """Return what a standard function gives back."""
    function = FUNCTIONS.get(name.upper())
    if function is None:
        function = Function(("IN",), partial(makers.convert, name))
    ordered = _ordered(f, node, name.upper(), function)
    if ordered is None:
        return wrong()
    # The nodes are put in order too: what goes wrong with an argument is told at its place.
    args = [value(f, entry) for entry in ordered]
    if any(arg.wrong for arg in args):
        return wrong()
    call = replace(node, args=[n.Arg(entry.span, entry) for entry in ordered])
    return function.make(f, call, args)


def _ordered(f: Frame, node: n.Call, name: str, function: Function) -> list[n.Expr] | None:
    inputs = list(function.inputs)
    if function.more:
        stem, number = inputs[-1].rstrip("0123456789"), int(inputs[-1][len("IN") :])
        inputs += [f"{stem}{i}" for i in range(number + 1, MOST)]
    given: dict[str, n.Expr] = {}
    formal = [arg for arg in node.args if arg.name is not None]
    if formal and len(formal) != len(node.args):
        f.log.tell("call.mixed", node.span)
        return None
    if len(node.args) > len(inputs):
        f.log.tell("call.too_many", node.span, name=name, found=len(node.args), wanted=len(inputs))
        return None
    for number, arg in enumerate(node.args):
        label = inputs[number] if arg.name is None else fold(arg.name).upper()
        if label not in inputs or arg.output:
            hint = nearest(label, inputs[:8]) or phrase(
                "st.hint.choices", choices=", ".join(function.inputs) or "–"
            )
            f.log.tell("call.parameter", arg.span, name=name, parameter=arg.name, hint=hint)
            return None
        if label in given:
            f.log.tell("call.twice", arg.span, parameter=label)
            return None
        given[label] = arg.value
    missing = [label for label in function.inputs if label not in given]
    if missing:
        f.log.tell("call.missing", node.span, name=name, missing=", ".join(missing))
        return None
    return [given[label] for label in inputs if label in given]


def _functions() -> dict[str, Function]:
    one, two = ("IN",), ("IN1", "IN2")
    made = {
        name: Function(one, partial(makers.maths, name))
        for name in library.MATHS
        if name != "ATAN2"
    }
    made["ATAN2"] = Function(("Y", "X"), partial(makers.maths, "ATAN2"))
    made["ABS"] = Function(one, makers.absolute)
    made["EXPT"] = Function(two, makers.expt)
    for name, op in (("ADD", "+"), ("MUL", "*"), ("AND", "AND"), ("OR", "OR"), ("XOR", "XOR")):
        made[name] = Function(two, partial(makers.chain, op), more=True)
    for name, op in (("SUB", "-"), ("DIV", "/"), ("MOD", "MOD")):
        made[name] = Function(two, partial(makers.chain, op))
    for name, op in (("GT", ">"), ("GE", ">="), ("EQ", "="), ("LE", "<="), ("LT", "<")):
        made[name] = Function(two, partial(makers.relation, op), more=True)
    made["NE"] = Function(two, partial(makers.relation, "<>"))
    made["NOT"] = Function(one, makers.inverse)
    for name in ("SHL", "SHR", "ROL", "ROR"):
        made[name] = Function(("IN", "N"), partial(makers.shift, name))
    made["SEL"] = Function(("G", "IN0", "IN1"), makers.select)
    made["MAX"] = Function(two, partial(makers.extreme, "MAX"), more=True)
    made["MIN"] = Function(two, partial(makers.extreme, "MIN"), more=True)
    made["LIMIT"] = Function(("MN", "IN", "MX"), makers.limit)
    made["MUX"] = Function(("K", "IN0", "IN1"), makers.multiplex, more=True)
    made["MOVE"] = Function(one, makers.move)
    made["IS_VALID"] = Function(one, makers.is_valid)
    return made | _text_functions() | _time_functions()


def _text_functions() -> dict[str, Function]:
    return {
        "LEN": Function(("IN",), partial(makers.text, "LEN", "s")),
        "LEFT": Function(("IN", "L"), partial(makers.text, "LEFT", "si")),
        "RIGHT": Function(("IN", "L"), partial(makers.text, "RIGHT", "si")),
        "MID": Function(("IN", "L", "P"), partial(makers.text, "MID", "sii")),
        "CONCAT": Function(("IN1", "IN2"), partial(makers.text, "CONCAT", "s"), more=True),
        "INSERT": Function(("IN1", "IN2", "P"), partial(makers.text, "INSERT", "ssi")),
        "DELETE": Function(("IN", "L", "P"), partial(makers.text, "DELETE", "sii")),
        "REPLACE": Function(("IN1", "IN2", "L", "P"), partial(makers.text, "REPLACE", "ssii")),
        "FIND": Function(("IN1", "IN2"), partial(makers.text, "FIND", "ss")),
    }


def _time_functions() -> dict[str, Function]:
    two = ("IN1", "IN2")
    rows = (
        ("ADD_TIME", "+", "TIME", "TIME"),
        ("ADD_TOD_TIME", "+", "TIME_OF_DAY", "TIME"),
        ("ADD_DT_TIME", "+", "DATE_AND_TIME", "TIME"),
        ("SUB_TIME", "-", "TIME", "TIME"),
        ("SUB_DATE_DATE", "-", "DATE", "DATE"),
        ("SUB_TOD_TIME", "-", "TIME_OF_DAY", "TIME"),
        ("SUB_TOD_TOD", "-", "TIME_OF_DAY", "TIME_OF_DAY"),
        ("SUB_DT_TIME", "-", "DATE_AND_TIME", "TIME"),
        ("SUB_DT_DT", "-", "DATE_AND_TIME", "DATE_AND_TIME"),
        ("MUL_TIME", "*", "TIME", "ANY_NUM"),
        ("DIV_TIME", "/", "TIME", "ANY_NUM"),
    )
    made = {
        name: Function(two, partial(makers.timed, op, left, right))
        for name, op, left, right in rows
    }
    made["MULTIME"], made["DIVTIME"] = made["MUL_TIME"], made["DIV_TIME"]
    made["CONCAT_DATE_TOD"] = Function(("IN1", "IN2"), makers.concat_date)
    made["DAY_OF_WEEK"] = Function(("IN",), makers.day_of_week)
    made["TIME"] = Function((), makers.now)
    return made


FUNCTIONS = _functions()
