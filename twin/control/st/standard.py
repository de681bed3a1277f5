"""The standard functions: their parameters, types and code."""

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from twin.spec.messages import phrase

from . import casts, library
from . import emit as e
from . import nodes as n
from .convert import adapt, implicit, meet, widen
from .diagnostic import Span, nearest
from .expressions import value
from .frame import Frame
from .kinds import (
    BOOL,
    DINT,
    INT,
    LREAL,
    REAL,
    TIME,
    TYPES,
    Elementary,
    Text,
    widens,
)
from .literals import DAY_NS, single
from .operators import binary, power, real
from .scope import fold
from .values import Value, constant, wrong

Args = list[Value]
Maker = Callable[[Frame, n.Call, Args], Value]
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
        function = Function(("IN",), partial(_convert, name))
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


def _refuse(f: Frame, node: n.Call, number: int, found: Elementary, wanted: str) -> Value:
    f.log.tell("call.type", node.args[number].span, found=found.name, wanted=wanted)
    return wrong()


# numbers


def _maths(name: str, f: Frame, node: n.Call, args: Args) -> Value:
    for number, arg in enumerate(args):
        if not arg.type.is_number:
            return _refuse(f, node, number, arg.type, "REAL")
    kind = REAL
    for arg in args:
        wide = arg.type.bits > 32 if arg.type.family == "real" else arg.type.bits > 16
        if wide and not arg.bare:
            kind = LREAL
    if all(arg.bare for arg in args):
        kind = LREAL
    reals = [real(arg, kind) for arg in args]
    constants = [arg.const for arg in reals]
    if all(isinstance(const, float) for const in constants):
        result = library.MATHS[name](*constants)
        bare = all(arg.bare for arg in args)
        return constant(kind, single(result) if kind is REAL else result, bare=bare)
    code = e.call(name, *(arg.node for arg in reals))
    return Value(kind, e.single(code) if kind is REAL else code)


def _abs(f: Frame, node: n.Call, args: Args) -> Value:
    (arg,) = args
    if not (arg.type.is_number or arg.type.family == "time"):
        return _refuse(f, node, 0, arg.type, "ANY_NUM")
    if isinstance(arg.const, int | float):
        return constant(arg.type, abs(arg.const), bare=arg.bare)
    return Value(arg.type.root, e.call("ABS", arg.clean()), dirty=arg.type.family != "real")


def _expt(f: Frame, node: n.Call, args: Args) -> Value:
    return power(f, node, *args)


def _chain(op: str, f: Frame, node: n.Call, args: Args) -> Value:
    made = args[0]
    for number in range(1, len(args)):
        pair = n.Binary(node.span, op, node.args[number - 1].value, node.args[number].value)
        made = binary(f, pair, made, args[number])
    return made


def _relation(op: str, f: Frame, node: n.Call, args: Args) -> Value:
    made: Value | None = None
    for number in range(1, len(args)):
        pair = n.Binary(node.span, op, node.args[number - 1].value, node.args[number].value)
        step = binary(f, pair, args[number - 1], args[number])
        if step.wrong:
            return step
        made = step if made is None else Value(BOOL, e.both(made.node, step.node))
    return made or wrong()


def _not(f: Frame, node: n.Call, args: Args) -> Value:
    from .operators import invert

    return invert(f, node.args[0].value, args[0])


# bits


def _shift(name: str, f: Frame, node: n.Call, args: Args) -> Value:
    word, by = args
    if word.type.family != "bits":
        return _refuse(f, node, 0, word.type, "BYTE, WORD, DWORD, LWORD")
    if by.type.family != "int":
        return _refuse(f, node, 1, by.type, "ANY_INT")
    bits = word.type.bits
    code = e.call(name, word.node, by.clean(), e.const(bits))
    return Value(word.type.root, code)


# selection


def _met(f: Frame, node: n.Call, args: Args, first: int) -> Args | None:
    """Return the inputs from number `first` on in the least type that holds them all."""
    best = args[first]
    for number in range(first + 1, len(args)):
        met = meet(best, args[number])
        if met is None:
            f.log.tell(
                "type.mismatch",
                node.args[number].span,
                source=args[number].type.name,
                target=best.type.name,
                remedy=phrase("st.remedy.operands"),
            )
            return None
        best = met[0] if not met[0].bare else met[1]
    if best.bare:
        return [widen(arg, best.type) for arg in args[first:]]
    made = []
    for number, arg in enumerate(args[first:], first):
        one = adapt(arg, best.type) if arg.bare else None
        made.append(one or implicit(f, arg, best.type.root, node.args[number].span))
    return None if any(arg.wrong for arg in made) else made


def _sel(f: Frame, node: n.Call, args: Args) -> Value:
    gate = implicit(f, args[0], BOOL, node.args[0].span)
    met = _met(f, node, args, 1)
    if gate.wrong or met is None:
        return wrong()
    return _one_of(met, e.choose(gate.node, met[1].clean(), met[0].clean()))


def _one_of(met: Args, code: ast.expr) -> Value:
    """Return a value that is one of `met`, bare where all of them are."""
    if all(arg.bare for arg in met):
        return Value(met[0].type, code, bare=True, options=tuple(met))
    return Value(met[0].type, code)


def _extreme(name: str, f: Frame, node: n.Call, args: Args) -> Value:
    met = _met(f, node, args, 0)
    if met is None:
        return wrong()
    if all(arg.const is not None for arg in met):
        values = [arg.const for arg in met]
        picked = (max if name == "MAX" else min)(values)  # type: ignore[type-var]
        return constant(met[0].type, picked, bare=met[0].bare)  # type: ignore[arg-type]
    return Value(met[0].type, e.call(name, *(arg.clean() for arg in met)))


def _limit(f: Frame, node: n.Call, args: Args) -> Value:
    met = _met(f, node, args, 0)
    if met is None:
        return wrong()
    low, middle, high = (arg.clean() for arg in met)
    return _one_of(met, e.call("MIN", e.call("MAX", middle, low), high))


def _mux(f: Frame, node: n.Call, args: Args) -> Value:
    if args[0].type.family != "int":
        return _refuse(f, node, 0, args[0].type, "ANY_INT")
    met = _met(f, node, args, 1)
    if met is None:
        return wrong()
    code = e.at(e.call("MUX", args[0].clean(), *(arg.clean() for arg in met)), node.span)
    return _one_of(met, code)


def _move(_f: Frame, _node: n.Call, args: Args) -> Value:
    return args[0]


# strings

_TEXT_RESULT = {
    family: Text(family.upper(), family, library.LONGEST, default="")
    for family in ("string", "wstring")
}


def _text(name: str, shape: str, f: Frame, node: n.Call, args: Args) -> Value:
    """Make a string function; `shape` says for each input whether it is `s`tring or `i`nteger."""
    family = args[0].type.family
    made = []
    for number, arg in enumerate(args):
        wanted = shape[min(number, len(shape) - 1)]
        if wanted == "i" and arg.type.family != "int":
            return _refuse(f, node, number, arg.type, "ANY_INT")
        if wanted == "s" and (not isinstance(arg.type, Text) or arg.type.family != family):
            return _refuse(f, node, number, arg.type, "STRING")
        made.append(arg.clean())
    code = e.call(name, *made)
    if name in {"LEN", "FIND"}:
        return Value(INT, code)
    return Value(_TEXT_RESULT[family], code)


# time


def _timed(op: str, left: str, right: str, f: Frame, node: n.Call, args: Args) -> Value:
    for number, (arg, name) in enumerate(zip(args, (left, right), strict=True)):
        wanted = TYPES.get(name)
        good = arg.type.is_number if wanted is None else arg.type.family == wanted.family
        if not good:
            return _refuse(f, node, number, arg.type, name)
    pair = n.Binary(node.span, op, node.args[0].value, node.args[1].value)
    return binary(f, pair, *args)


def _concat_date(f: Frame, node: n.Call, args: Args) -> Value:
    day, time = args
    for number, (arg, family) in enumerate(((day, "date"), (time, "tod"))):
        if arg.type.family != family:
            return _refuse(f, node, number, arg.type, ("DATE", "TIME_OF_DAY")[number])
    return Value(TYPES["DATE_AND_TIME"], e.plus(day.clean(), time.clean()), dirty=True)


def _day_of_week(f: Frame, node: n.Call, args: Args) -> Value:
    if args[0].type.family != "date":
        return _refuse(f, node, 0, args[0].type, "DATE")
    # 1970-01-01 was a Thursday; 0 is Sunday.
    days = e.two(e.two(args[0].clean(), ast.FloorDiv(), e.const(DAY_NS)), ast.Add(), e.const(4))
    return Value(INT, e.two(days, ast.Mod(), e.const(7)))


def _now(_f: Frame, _node: n.Call, _args: Args) -> Value:
    read = e.call("PUT", e.name(e.STATE), e.const(e.BUSY), e.true())
    return Value(TIME, e.item(e.many([read, e.name(e.NOW)]), e.const(1)))


def _is_valid(f: Frame, node: n.Call, args: Args) -> Value:
    if args[0].type.family != "real":
        return _refuse(f, node, 0, args[0].type, "REAL")
    if args[0].const is not None:
        return constant(BOOL, math.isfinite(float(args[0].const)))
    size = e.call("ABS", args[0].node)
    return Value(BOOL, e.compare(size, ast.Lt(), e.call("F", e.const("inf"))))


# conversions


def _convert(name: str, f: Frame, node: n.Call, args: Args) -> Value:
    parts = casts.parts(name)
    assert parts is not None
    source, target, word = parts
    (arg,) = args
    place = node.args[0].span
    if word == "TRUNC":
        if arg.type.family != "real" and not (arg.bare and arg.type.is_number):
            return _refuse(f, node, 0, arg.type, "REAL, LREAL")
        number = real(arg, arg.type.root if arg.type.family == "real" else LREAL)
        return casts.cast(number, target, ("CUT",))
    if source is not None:
        arg = _as_source(f, arg, source, place)
        if arg.wrong:
            return arg
    if word == "BCD":
        return casts.cast(arg, target, ("FROM_BCD" if target.family == "int" else "TO_BCD",))
    functions = casts.way(arg.type, target)
    if functions is None:
        return _refuse(f, node, 0, arg.type, f"TO_{target.name}")
    return casts.cast(arg, target, functions)


def _as_source(f: Frame, arg: Value, source: Elementary, place: Span) -> Value:
    if isinstance(source, Text) and isinstance(arg.type, Text) and source.length > 1:
        return arg if arg.type.family == source.family else implicit(f, arg, source, place)
    if not arg.bare and not widens(arg.type, source):
        f.log.tell("call.type", place, found=arg.type.name, wanted=source.name)
        return wrong()
    return implicit(f, arg, source, place)


def _functions() -> dict[str, Function]:
    one, two = ("IN",), ("IN1", "IN2")
    made = {name: Function(one, partial(_maths, name)) for name in library.MATHS if name != "ATAN2"}
    made["ATAN2"] = Function(("Y", "X"), partial(_maths, "ATAN2"))
    made["ABS"] = Function(one, _abs)
    made["EXPT"] = Function(two, _expt)
    for name, op in (("ADD", "+"), ("MUL", "*"), ("AND", "AND"), ("OR", "OR"), ("XOR", "XOR")):
        made[name] = Function(two, partial(_chain, op), more=True)
    for name, op in (("SUB", "-"), ("DIV", "/"), ("MOD", "MOD")):
        made[name] = Function(two, partial(_chain, op))
    for name, op in (("GT", ">"), ("GE", ">="), ("EQ", "="), ("LE", "<="), ("LT", "<")):
        made[name] = Function(two, partial(_relation, op), more=True)
    made["NE"] = Function(two, partial(_relation, "<>"))
    made["NOT"] = Function(one, _not)
    for name in ("SHL", "SHR", "ROL", "ROR"):
        made[name] = Function(("IN", "N"), partial(_shift, name))
    made["SEL"] = Function(("G", "IN0", "IN1"), _sel)
    made["MAX"] = Function(two, partial(_extreme, "MAX"), more=True)
    made["MIN"] = Function(two, partial(_extreme, "MIN"), more=True)
    made["LIMIT"] = Function(("MN", "IN", "MX"), _limit)
    made["MUX"] = Function(("K", "IN0", "IN1"), _mux, more=True)
    made["MOVE"] = Function(one, _move)
    made["IS_VALID"] = Function(one, _is_valid)
    return made | _text_functions() | _time_functions()


def _text_functions() -> dict[str, Function]:
    return {
        "LEN": Function(("IN",), partial(_text, "LEN", "s")),
        "LEFT": Function(("IN", "L"), partial(_text, "LEFT", "si")),
        "RIGHT": Function(("IN", "L"), partial(_text, "RIGHT", "si")),
        "MID": Function(("IN", "L", "P"), partial(_text, "MID", "sii")),
        "CONCAT": Function(("IN1", "IN2"), partial(_text, "CONCAT", "s"), more=True),
        "INSERT": Function(("IN1", "IN2", "P"), partial(_text, "INSERT", "ssi")),
        "DELETE": Function(("IN", "L", "P"), partial(_text, "DELETE", "sii")),
        "REPLACE": Function(("IN1", "IN2", "L", "P"), partial(_text, "REPLACE", "ssii")),
        "FIND": Function(("IN1", "IN2"), partial(_text, "FIND", "ss")),
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
    made = {name: Function(two, partial(_timed, op, left, right)) for name, op, left, right in rows}
    made["MULTIME"], made["DIVTIME"] = made["MUL_TIME"], made["DIV_TIME"]
    made["CONCAT_DATE_TOD"] = Function(("IN1", "IN2"), _concat_date)
    made["DAY_OF_WEEK"] = Function(("IN",), _day_of_week)
    made["TIME"] = Function((), _now)
    return made


FUNCTIONS = _functions()
__all__ = ["DINT", "FUNCTIONS", "call_standard", "is_standard", "names"]
