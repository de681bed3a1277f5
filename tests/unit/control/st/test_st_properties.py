# ruff: noqa: E501 (tables are read along their lines)
"""Random programs: quiet scans may be skipped, state goes on, and no text makes the compiler fall."""

import contextlib
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.control.st import CompileError, IoVariable, ScanFault, compile_st

from .conformance import ROWS

IO = (
    IoVariable("in_a", "BOOL", "input", "%IX0.0"),
    IoVariable("in_b", "BOOL", "input", "%IX0.1"),
    IoVariable("in_n", "INT", "input", "%IW64"),
    IoVariable("in_r", "REAL", "input", "%ID66"),
    IoVariable("out_a", "BOOL", "output", "%QX0.0"),
    IoVariable("out_n", "INT", "output", "%QW64"),
)
DECLARED = (
    "VAR b0, b1, b2 : BOOL; n0, n1 : INT; d0 : DINT; r0, r1 : REAL; t0 : TIME; i : INT; "
    "list : ARRAY [0..3] OF INT; ton1 : TON; tof1 : TOF; tp1 : TP; up : R_TRIG; down : F_TRIG; "
    "c : CTU; END_VAR"
)
BOOLS = [
    "b0",
    "b1",
    "b2",
    "in_a",
    "in_b",
    "ton1.Q",
    "tof1.Q",
    "tp1.Q",
    "up.Q",
    "down.Q",
    "c.Q",
    "out_a",
]
NUMBERS = ["n0", "n1", "in_n", "out_n", "list[0]", "list[3]", "0", "1", "-7", "3", "c.CV"]
REALS = ["r0", "r1", "in_r", "0.5", "-2.0", "INT_TO_REAL(n0)"]
TIMES = ["t0", "T#10ms", "T#35ms", "ton1.ET", "tp1.ET"]


@st.composite
def numbers(draw, depth=2):
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(NUMBERS))
    one, other = draw(numbers(depth - 1)), draw(numbers(depth - 1))
    form = draw(
        st.sampled_from(
            [
                "({} + {})",
                "({} - {})",
                "({} * {})",
                "MAX({}, {})",
                "({} MOD 7 + {})",
                "SEL(b0, {}, {})",
            ]
        )
    )
    return form.format(one, other)


@st.composite
def reals(draw, depth=2):
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(REALS))
    one, other = draw(reals(depth - 1)), draw(reals(depth - 1))
    form = draw(
        st.sampled_from(["({} + {})", "({} * {})", "({} - {})", "({} / 3.0 + {})", "-ABS({} * {})"])
    )
    return form.format(one, other)


@st.composite
def bools(draw, depth=2):
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(BOOLS))
    form = draw(st.sampled_from(["({} AND {})", "({} OR NOT {})", "({} XOR {})", "n<", "r<", "t<"]))
    if form == "n<":
        return f"({draw(numbers(1))} < {draw(numbers(1))})"
    if form == "r<":
        return f"({draw(reals(1))} >= {draw(reals(1))})"
    if form == "t<":
        return f"({draw(st.sampled_from(TIMES))} > {draw(st.sampled_from(TIMES))})"
    return form.format(draw(bools(depth - 1)), draw(bools(depth - 1)))


@st.composite
def statements(draw, depth=2):
    kind = draw(
        st.sampled_from(
            ["b", "n", "r", "t", "block", "array", *(["if", "case", "for"] * (depth > 0))]
        )
    )
    if kind == "b":
        return f"{draw(st.sampled_from(['b0', 'b1', 'b2', 'out_a']))} := {draw(bools())};"
    if kind == "n":
        return f"{draw(st.sampled_from(['n0', 'n1', 'out_n']))} := {draw(numbers())};"
    if kind == "r":
        return f"{draw(st.sampled_from(['r0', 'r1']))} := {draw(reals())};"
    if kind == "t":
        return f"t0 := {draw(st.sampled_from(TIMES))} + {draw(st.sampled_from(TIMES))};"
    if kind == "array":
        return f"list[{draw(st.sampled_from(['0', '3', 'ABS(n0 MOD 4)']))}] := {draw(numbers())};"
    if kind == "block":
        call = draw(st.sampled_from([
            "ton1(IN := {}, PT := T#35ms);", "tof1(IN := {}, PT := T#25ms);", "tp1(IN := {}, PT := T#15ms);",
            "up(CLK := {});", "down(CLK := {});", "c(CU := {}, R := b1, PV := 3);",
        ]))  # fmt: skip
        return call.format(draw(bools()))
    inner = [
        " ".join(draw(st.lists(statements(depth - 1), min_size=1, max_size=3))) for _ in range(2)
    ]
    if kind == "if":
        return f"IF {draw(bools())} THEN {inner[0]} ELSE {inner[1]} END_IF;"
    if kind == "case":
        return f"CASE {draw(numbers(1))} OF -3..0: {inner[0]} 1, 5: {inner[1]} ELSE ; END_CASE;"
    return f"FOR i := 0 TO {draw(st.integers(0, 3))} DO d0 := d0 + i; END_FOR;"


programs = st.lists(statements(), min_size=1, max_size=8).map(
    lambda body: f"PROGRAM main {DECLARED}\n" + "\n".join(body) + "\nEND_PROGRAM"
)
inputs = st.tuples(
    st.booleans(),
    st.booleans(),
    st.integers(-300, 300),
    st.sampled_from([0.0, -0.0, 0.5, -3.25, 1e30]),
)
# the same inputs for a while, as a plant gives them
courses = st.lists(st.tuples(inputs, st.integers(1, 12)), min_size=1, max_size=6)


def rows(course):
    return [list(row) for row, times in course for _ in range(times)]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs, courses)
def test_a_quiet_scan_may_be_skipped(source, course):
    program = compile_st(source, IO)
    always, lazy = program.start(), program.start()
    quiet, before = False, None
    for number, row in enumerate(rows(course)):
        always.inputs[:] = row
        lazy.inputs[:] = row
        always.scan(time_ns=number * 10_000_000)
        # Zeros of other sign are other inputs.
        if not quiet or repr(row) != repr(before):
            quiet = not lazy.scan(time_ns=number * 10_000_000)
        before = row
        assert repr(always.save()) == repr(lazy.save())


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs, courses, st.integers(0, 40))
def test_a_state_goes_on_in_another_instance(source, course, cut):
    program = compile_st(source, IO)
    one, other = program.start(), program.start()
    for number, row in enumerate(rows(course)):
        one.inputs[:] = row
        one.scan(time_ns=number * 10_000_000)
        if number == cut:
            other.load(one.save())
        elif number > cut:
            other.inputs[:] = row
            other.scan(time_ns=number * 10_000_000)
            assert repr(one.save()) == repr(other.save())


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs, courses)
def test_cells_keep_their_types(source, course):
    image = compile_st(source, IO).start()
    kinds = [type(cell) for cell in image.save()[0]]
    for number, row in enumerate(rows(course)):
        image.inputs[:] = row
        image.scan(time_ns=number * 10_000_000)
        assert [type(cell) for cell in image.save()[0]] == kinds
    for watched in image.variables():
        # Whatever was reached can be written back: nothing has left its range.
        image.write(watched.path, image.read(watched.path))


# An expression with every bracket, and the same with only those that the precedences need.

LEVELS = {
    "OR": 1,
    "XOR": 2,
    "AND": 3,
    "=": 4,
    "<": 5,
    "+": 6,
    "-": 6,
    "*": 7,
    "MOD": 7,
    "u-": 9,
    "NOT": 9,
}
trees = st.recursive(
    st.sampled_from(["n0", "n1", "2", "13"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*"]), inner, inner),
        st.tuples(st.just("MOD"), inner, st.just("7")),
        st.tuples(st.just("u-"), inner),
    ),
    max_leaves=8,
)
conditions = st.recursive(
    st.one_of(
        st.sampled_from(["b0", "b1"]),
        st.tuples(st.sampled_from(["=", "<"]), trees, trees),
    ),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["OR", "XOR", "AND", "="]), inner, inner),
        st.tuples(st.just("NOT"), inner),
    ),
    max_leaves=8,
)


def full(tree):
    if isinstance(tree, str):
        return tree
    if len(tree) == 2:
        return f"({tree[0].removeprefix('u')} {full(tree[1])})"
    return f"({full(tree[1])} {tree[0]} {full(tree[2])})"


def least(tree, level=0):
    if isinstance(tree, str):
        return tree
    own = LEVELS[tree[0]]
    if len(tree) == 2:
        text = f"{tree[0].removeprefix('u')} {least(tree[1], own)}"
    else:
        text = f"{least(tree[1], own)} {tree[0]} {least(tree[2], own + 1)}"
    return f"({text})" if own < level else text


@settings(max_examples=80, deadline=None)
@given(conditions, trees, st.integers(-50, 50), st.integers(-50, 50), st.booleans(), st.booleans())
def test_precedence(condition, tree, n0, n1, b0, b1):
    image = compile_st(
        "PROGRAM main VAR n0, n1, x, y : INT; b0, b1, c, d : BOOL; END_VAR\n"
        f"x := {full(tree)}; y := {least(tree)};\nc := {full(condition)}; d := {least(condition)};\n"
        "END_PROGRAM"
    ).start()
    for name, value in (("n0", n0), ("n1", n1), ("b0", b0), ("b1", b1)):
        image.write(f"main.{name}", value)
    image.scan(time_ns=0)
    assert image.read("main.x") == image.read("main.y")
    assert image.read("main.c") == image.read("main.d")
    assert image.read("main.x") == reckon(tree, {"n0": n0, "n1": n1})


def reckon(tree, known):
    """The same in Python, wrapped to 16 bits at each step."""
    if isinstance(tree, str):
        return known[tree] if tree in known else int(tree)
    values = [reckon(part, known) for part in tree[1:]]
    if tree[0] == "MOD":
        rest = abs(values[0]) % 7
        return -rest if values[0] < 0 else rest
    result = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "u-": lambda a: -a,
    }[tree[0]](*values)
    return (result + 32768) % 65536 - 32768


# Whatever is written, the compiler answers.

TOKEN = re.compile(r"\w+|\s+|:=|=>|\.\.|[^\w\s]")
POOL = sorted({token for row in ROWS for token in TOKEN.findall(row.source) if token.strip()})


@st.composite
def mutated(draw):
    tokens = TOKEN.findall(draw(st.sampled_from(ROWS)).source)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(tokens) - 1))
        change = draw(st.sampled_from(["drop", "add", "replace", "swap"]))
        if change == "drop" and len(tokens) > 1:
            del tokens[at]
        elif change == "add":
            tokens.insert(at, draw(st.sampled_from(POOL)) + " ")
        elif change == "replace":
            tokens[at] = draw(st.one_of(st.sampled_from(POOL), st.text(max_size=3)))
        else:
            other = draw(st.integers(0, len(tokens) - 1))
            tokens[at], tokens[other] = tokens[other], tokens[at]
    return "".join(tokens)


def answers(source):
    try:
        program = compile_st(source)
    except CompileError as error:
        told(source, error.diagnostics or [None])
        return
    told(source, program.warnings)
    with contextlib.suppress(ScanFault):
        program.start().scan(time_ns=0)


def told(source, diagnostics):
    for entry in diagnostics:
        assert entry.text("en")
        assert entry.text("zh")
        assert 1 <= entry.line <= entry.end_line <= source.count("\n") + 2
        assert entry.column >= 1


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_mutated_programs(source):
    answers(source)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.binary().map(lambda data: data.decode("latin-1"))))
def test_random_text(source):
    answers(source)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_program_that_is_cut_off_anywhere(row):
    for end in range(0, len(row.source), 41):
        answers(row.source[:end])
