"""Random expressions and statements, worked out by the machine and by Python."""

from math import fmod

from hypothesis import given, settings
from hypothesis import strategies as st

from .rapid_bench import bench, module, value

NUMBERS = st.one_of(
    st.integers(-20, 20).map(float),
    st.floats(-1e3, 1e3, allow_nan=False).map(lambda v: round(v, 3)),
)


class Zero(Exception):
    pass


def divided(a, b):
    if b == 0.0:
        raise Zero
    return a / b


def whole(a, b, way):
    a, b = int(a), int(b)
    if b == 0:
        raise Zero
    if way == "MOD":
        return fmod(float(a), float(b))
    return float(abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1))


@st.composite
def numbers(draw, depth=4):
    """A numeric expression: its text, and a function of a, b that works it out in Python."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        pick = draw(st.integers(0, 2))
        if pick == 0:
            v = draw(NUMBERS)
            return (f"({v!r})" if v < 0 else repr(v)), (lambda a, b: v)
        return ("a", lambda a, b: a) if pick == 1 else ("b", lambda a, b: b)
    kind = draw(st.sampled_from(["+", "-", "*", "/", "DIV", "MOD", "neg", "abs", "f"]))
    left, one = draw(numbers(depth=depth - 1))
    if kind == "neg":
        return f"-({left})", (lambda a, b: -one(a, b))
    if kind == "abs":
        return f"Abs({left})", (lambda a, b: abs(one(a, b)))
    if kind == "f":
        return f"f({left})", (lambda a, b: one(a, b) * 2.0 + 1.0)
    right, two = draw(numbers(depth=depth - 1))
    text = f"({left} {kind} {right})"
    if kind in ("DIV", "MOD"):
        text = f"(Trunc({left}) {kind} Trunc({right}))"
        return text, (lambda a, b: whole(one(a, b), two(a, b), kind))
    do = {
        "+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": divided,
    }[kind]  # fmt: skip
    return text, (lambda a, b: do(one(a, b), two(a, b)))


@st.composite
def truths(draw, depth=3):
    if depth == 0 or draw(st.booleans()):
        left, one = draw(numbers(depth=2))
        right, two = draw(numbers(depth=2))
        op = draw(st.sampled_from(["<", ">", "<=", ">=", "=", "<>"]))
        do = {
            "<": lambda x, y: x < y, ">": lambda x, y: x > y, "<=": lambda x, y: x <= y,
            ">=": lambda x, y: x >= y, "=": lambda x, y: x == y, "<>": lambda x, y: x != y,
        }[op]  # fmt: skip
        return f"({left} {op} {right})", (lambda a, b: do(one(a, b), two(a, b)))
    left, one = draw(truths(depth=depth - 1))
    kind = draw(st.sampled_from(["AND", "OR", "XOR", "NOT"]))
    if kind == "NOT":
        return f"(NOT {left})", (lambda a, b: not one(a, b))
    right, two = draw(truths(depth=depth - 1))
    do = {
        "AND": lambda x, y: x() and y(), "OR": lambda x, y: x() or y(),
        "XOR": lambda x, y: x() != y(),
    }[kind]  # fmt: skip
    return f"({left} {kind} {right})", (lambda a, b: do(lambda: one(a, b), lambda: two(a, b)))


DATA = "VAR num a; VAR num b; VAR num x; VAR bool t; VAR bool failed;"
FUNCTION = "FUNC num f(num v)\nWaitTime 0.001;\nRETURN v * 2 + 1;\nENDFUNC"


def worked_out(expression, a, b, target):
    body = (
        f"a := {a!r};\nb := {b!r};\n{target} := {expression};\nERROR\n"
        "failed := ERRNO = ERR_DIVZERO; TRYNEXT;"
    )
    found = bench(module(body, data=DATA, around=FUNCTION))
    assert found.machine.error == []
    return value(found, target), value(found, "failed")


@settings(max_examples=400, deadline=None)
@given(numbers(), NUMBERS, NUMBERS)
def test_numbers_come_out_as_in_python(expression, a, b):
    text, do = expression
    try:
        wanted = do(a, b)
    except (Zero, OverflowError):
        assert worked_out(text, a, b, "x")[1] is True
        return
    if abs(wanted) < 1e15:  # beyond, whole numbers are no longer exact in either
        assert worked_out(text, a, b, "x") == (wanted, False)


@settings(max_examples=300, deadline=None)
@given(truths(), NUMBERS, NUMBERS)
def test_conditions_come_out_as_in_python(expression, a, b):
    text, do = expression
    try:
        wanted = do(a, b)
    except Zero:
        assert worked_out(text, a, b, "t")[1] is True
        return
    assert worked_out(text, a, b, "t") == (wanted, False)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-5, 5)), max_size=25))
def test_programs_of_assignments_come_out_as_in_python(steps):
    lines, mirror, total = [], [0.0] * 10, 0.0
    for at, add in steps:
        lines.append(f"list{{{at + 1}}} := list{{{(at + 3) % 10 + 1}}} + {add};")
        lines.append(f"FOR i FROM {at} TO {add} DO total := total + i * list{{{at + 1}}}; ENDFOR")
        lines.append(f"IF list{{{at + 1}}} > 3 THEN Incr total; ELSE total := -total; ENDIF")
        mirror[at] = mirror[(at + 3) % 10] + add
        way = 1 if at <= add else -1
        for i in range(at, add + way, way):
            total += i * mirror[at]
        total = total + 1 if mirror[at] > 3 else -total
    found = bench(module("\n".join(lines) or ";", data="VAR num list{10}; VAR num total;"))
    assert found.machine.error == []
    assert (value(found, "list"), value(found, "total")) == (mirror, total)
