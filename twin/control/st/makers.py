"""What standard functions make of their inputs: types and code."""

import ast
import math

from twin.control.syntax.diagnostic import Span
from twin.spec.messages import phrase

from . import casts, library
from . import emit as e
from . import nodes as n
from .convert import adapt, implicit, meet, widen
from .frame import Frame
from .kinds import BOOL, INT, LREAL, REAL, TIME, TYPES, Elementary, Text, widens
from .literals import DAY_NS, single
from .operators import binary, invert, power, real
from .values import Value, constant, wrong

Args = list[Value]


def _refuse(f: Frame, node: n.Call, number: int, found: Elementary, wanted: str) -> Value:
    f.log.tell("call.type", node.args[number].span, found=found.name, wanted=wanted)
    return wrong()


# numbers


def maths(name: str, f: Frame, node: n.Call, args: Args) -> Value:
    """Make a function of reals, such as SIN or ATAN2."""
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


def absolute(f: Frame, node: n.Call, args: Args) -> Value:
    """Make ABS, of a number or a duration."""
    (arg,) = args
    if not (arg.type.is_number or arg.type.family == "time"):
        return _refuse(f, node, 0, arg.type, "ANY_NUM")
    if isinstance(arg.const, int | float):
        return constant(arg.type, abs(arg.const), bare=arg.bare)
    return Value(arg.type.root, e.call("ABS", arg.clean()), dirty=arg.type.family != "real")


def expt(f: Frame, node: n.Call, args: Args) -> Value:
    """Make EXPT."""
    return power(f, node, *args)


def chain(op: str, f: Frame, node: n.Call, args: Args) -> Value:
    """Make an operation of two inputs, or of each with the ones before it."""
    made = args[0]
    for number in range(1, len(args)):
        pair = n.Binary(node.span, op, node.args[number - 1].value, node.args[number].value)
        made = binary(f, pair, made, args[number])
    return made


def relation(op: str, f: Frame, node: n.Call, args: Args) -> Value:
    """Make a comparison of each input with the next."""
    made: Value | None = None
    for number in range(1, len(args)):
        pair = n.Binary(node.span, op, node.args[number - 1].value, node.args[number].value)
        step = binary(f, pair, args[number - 1], args[number])
        if step.wrong:
            return step
        made = step if made is None else Value(BOOL, e.both(made.node, step.node))
    return made or wrong()


def inverse(f: Frame, node: n.Call, args: Args) -> Value:
    """Make NOT."""
    return invert(f, node.args[0].value, args[0])


# bits


def shift(name: str, f: Frame, node: n.Call, args: Args) -> Value:
    """Make a shift or a rotation of bits."""
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


def select(f: Frame, node: n.Call, args: Args) -> Value:
    """Make SEL."""
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


def extreme(name: str, f: Frame, node: n.Call, args: Args) -> Value:
    """Make MAX or MIN."""
    met = _met(f, node, args, 0)
    if met is None:
        return wrong()
    if all(arg.const is not None for arg in met):
        values = [arg.const for arg in met]
        picked = (max if name == "MAX" else min)(values)  # type: ignore[type-var]
        return constant(met[0].type, picked, bare=met[0].bare)  # type: ignore[arg-type]
    return Value(met[0].type, e.call(name, *(arg.clean() for arg in met)))


def limit(f: Frame, node: n.Call, args: Args) -> Value:
    """Make LIMIT."""
    met = _met(f, node, args, 0)
    if met is None:
        return wrong()
    low, middle, high = (arg.clean() for arg in met)
    return _one_of(met, e.call("MIN", e.call("MAX", middle, low), high))


def multiplex(f: Frame, node: n.Call, args: Args) -> Value:
    """Make MUX."""
    if args[0].type.family != "int":
        return _refuse(f, node, 0, args[0].type, "ANY_INT")
    met = _met(f, node, args, 1)
    if met is None:
        return wrong()
    code = e.at(e.call("MUX", args[0].clean(), *(arg.clean() for arg in met)), node.span)
    return _one_of(met, code)


def move(_f: Frame, _node: n.Call, args: Args) -> Value:
    """Make MOVE."""
    return args[0]


# strings

_TEXT_RESULT = {
    family: Text(family.upper(), family, library.LONGEST, default="")
    for family in ("string", "wstring")
}


def text(name: str, shape: str, f: Frame, node: n.Call, args: Args) -> Value:
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


def timed(op: str, left: str, right: str, f: Frame, node: n.Call, args: Args) -> Value:
    """Make a function of times, of inputs of the types `left` and `right`."""
    for number, (arg, name) in enumerate(zip(args, (left, right), strict=True)):
        wanted = TYPES.get(name)
        good = arg.type.is_number if wanted is None else arg.type.family == wanted.family
        if not good:
            return _refuse(f, node, number, arg.type, name)
    pair = n.Binary(node.span, op, node.args[0].value, node.args[1].value)
    return binary(f, pair, *args)


def concat_date(f: Frame, node: n.Call, args: Args) -> Value:
    """Make CONCAT_DATE_TOD."""
    day, time = args
    for number, (arg, family) in enumerate(((day, "date"), (time, "tod"))):
        if arg.type.family != family:
            return _refuse(f, node, number, arg.type, ("DATE", "TIME_OF_DAY")[number])
    return Value(TYPES["DATE_AND_TIME"], e.plus(day.clean(), time.clean()), dirty=True)


def day_of_week(f: Frame, node: n.Call, args: Args) -> Value:
    """Make DAY_OF_WEEK."""
    if args[0].type.family != "date":
        return _refuse(f, node, 0, args[0].type, "DATE")
    # 1970-01-01 was a Thursday; 0 is Sunday.
    days = e.two(e.two(args[0].clean(), ast.FloorDiv(), e.const(DAY_NS)), ast.Add(), e.const(4))
    return Value(INT, e.two(days, ast.Mod(), e.const(7)))


def now(_f: Frame, _node: n.Call, _args: Args) -> Value:
    """Make TIME, the time since the start."""
    read = e.call("PUT", e.name(e.STATE), e.const(e.BUSY), e.true())
    return Value(TIME, e.item(e.many([read, e.name(e.NOW)]), e.const(1)))


def is_valid(f: Frame, node: n.Call, args: Args) -> Value:
    """Make IS_VALID: neither infinite nor no number."""
    if args[0].type.family != "real":
        return _refuse(f, node, 0, args[0].type, "REAL")
    if args[0].const is not None:
        return constant(BOOL, math.isfinite(float(args[0].const)))
    size = e.call("ABS", args[0].node)
    return Value(BOOL, e.compare(size, ast.Lt(), e.call("F", e.const("inf"))))


# conversions


def convert(name: str, f: Frame, node: n.Call, args: Args) -> Value:
    """Make a conversion, of the name `name`."""
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
