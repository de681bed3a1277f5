# ruff: noqa: E501 (tables are read along their lines)
"""Variables held in fast locals behave as if each access went to its cell.

Random programs with functions, function blocks, globals, points and references run twice: as they
are compiled, and with holding switched off.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.control.st import IoVariable, ScanFault, compile_st
from twin.control.st.frame import Frame

IO = (
    IoVariable("sensor", "BOOL", "input", "%IX0.0"),
    IoVariable("level", "INT", "input", "%IW64"),
    IoVariable("valve", "BOOL", "output", "%QX0.0"),
    IoVariable("speed", "INT", "output", "%QW64"),
)
AROUND = """
VAR_GLOBAL total, peak : INT; flags : WORD; END_VAR
FUNCTION bump : INT
VAR_INPUT inc : INT; END_VAR
VAR_OUTPUT twice : INT; END_VAR
VAR_IN_OUT cell : INT; END_VAR
VAR k : INT := 2; END_VAR
cell := cell + inc; total := total + cell; twice := inc * k; bump := cell - total;
IF inc > 5 THEN RETURN; END_IF;
speed := speed + 1; k := k + 1; twice := twice + k;
END_FUNCTION
FUNCTION_BLOCK Tank
VAR_INPUT fill : INT; open_ : BOOL R_EDGE; END_VAR
VAR_OUTPUT height : INT; full : BOOL; END_VAR
VAR_IN_OUT stock : INT; END_VAR
VAR seen : INT; delay : TON; bits : BYTE; END_VAR
VAR_TEMP t : INT; END_VAR
t := t + 1;
height := height + fill + t; stock := stock - fill; seen := seen + 1;
delay(IN := open_ OR valve, PT := T#20ms);
IF height > 50 THEN full := TRUE; height := 0; RETURN; END_IF;
bits.0 := NOT bits.0; bits.3 := open_;
total := total + BYTE_TO_INT(bits); full := delay.Q; peak := MAX(peak, height);
seen := bump(inc := seen, cell := stock, twice => t);
valve := valve XOR open_;
END_FUNCTION_BLOCK
"""
DECLARED = "VAR a, b, c : INT; one, two : Tank; tanks : ARRAY [0..1] OF Tank; list : ARRAY [0..3] OF INT; i : INT; f : BOOL; w : WORD; END_VAR"
INTS = [
    "a",
    "b",
    "c",
    "total",
    "peak",
    "speed",
    "level",
    "list[1]",
    "list[ABS(a MOD 4)]",
    "one.height",
    "tanks[1].height",
    "3",
    "-2",
]
PLACES = ["a", "b", "c", "total", "peak", "speed", "list[1]", "list[ABS(b MOD 4)]"]
BOOLS = ["f", "sensor", "valve", "one.full", "a > b", "w.2", "flags.1", "total < 10"]
REFS = ["a", "b", "total", "speed", "list[2]", "list[ABS(c MOD 4)]"]

ints = st.one_of(
    st.sampled_from(INTS),
    st.tuples(st.sampled_from(INTS), st.sampled_from(["+", "-", "*"]), st.sampled_from(INTS)).map(
        " ".join
    ),
    st.builds(
        "bump(inc := {}, cell := {}, twice => {})".format,
        st.sampled_from(INTS),
        st.sampled_from(REFS),
        st.sampled_from(PLACES),
    ),
    st.builds(
        "{} + bump({}, {}) * 2".format,
        st.sampled_from(INTS),
        st.sampled_from(INTS),
        st.sampled_from(REFS),
    ),
)
simple = st.one_of(
    st.builds("{} := {};".format, st.sampled_from(PLACES), ints),
    st.builds("f := {};".format, st.sampled_from(BOOLS)),
    st.builds("valve := {};".format, st.sampled_from(BOOLS)),
    st.builds(
        "{} := {};".format, st.sampled_from(["w.2", "flags.1", "w.%X7"]), st.sampled_from(BOOLS)
    ),
    st.builds(
        "one(fill := {}, open_ := {}, stock := {});".format,
        ints,
        st.sampled_from(BOOLS),
        st.sampled_from(REFS),
    ),
    st.builds(
        "two(fill := 1, stock := {}, height => {}, NOT full => f);".format,
        st.sampled_from(REFS),
        st.sampled_from(PLACES),
    ),
    st.builds("tanks[ABS(a MOD 2)](fill := {}, stock := {});".format, ints, st.sampled_from(REFS)),
)
statements = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds("IF {} THEN {} ELSE {} END_IF;".format, st.sampled_from(BOOLS), inner, inner),
        st.builds(
            "FOR i := 0 TO 3 DO list[i] := list[i] + {}; {} END_FOR;".format,
            st.sampled_from(["i", "a", "level"]),
            simple.filter(lambda text: "RETURN" not in text),
        ),
        st.builds(
            "CASE {} OF 0..3: {} 4, -1: {} END_CASE;".format, st.sampled_from(INTS), inner, inner
        ),
        st.just("IF a > 20 THEN a := 0; RETURN; END_IF;"),
    ),
    max_leaves=4,
)
programs = st.lists(statements, min_size=1, max_size=8).map(
    lambda body: f"{AROUND}PROGRAM main {DECLARED}\n" + "\n".join(body) + "\nEND_PROGRAM"
)
courses = st.lists(st.tuples(st.booleans(), st.integers(-20, 20)), min_size=1, max_size=12)


def never_held(_frame, variable, _foreign):
    if variable.by_ref:
        return False
    return not (variable.shared or variable.relative) or variable.reference or bool(variable.edge)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs, courses)
def test_held_variables_are_as_good_as_cells(source, course):
    held = compile_st(source, IO).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Frame, "stays", never_held)
        plain = compile_st(source, IO).start()
    assert [w.path for w in held.variables()] == [w.path for w in plain.variables()]
    for number, row in enumerate(course):
        ends = []
        for image in (held, plain):
            image.inputs[:] = row
            try:
                ends.append(image.scan(time_ns=number * 7_000_000))
            except ScanFault as fault:
                ends.append((fault.key, fault.line))
        assert ends[0] == ends[1]
        for watched in held.variables():
            assert held.read(watched.path) == plain.read(watched.path), watched.path
        assert held.outputs == plain.outputs


def test_switching_it_off_makes_other_code():
    source = "PROGRAM main VAR a : INT; END_VAR a := a + 1; END_PROGRAM"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Frame, "stays", never_held)
        plain = compile_st(source)
    codes = [p._layout.tasks[0][0].__code__.co_code for p in (compile_st(source), plain)]
    assert codes[0] != codes[1]


def test_a_reference_may_lead_to_a_global_that_the_routine_uses_itself():
    image = compile_st("""
        VAR_GLOBAL g : INT; END_VAR
        FUNCTION both : INT VAR_IN_OUT c : INT; END_VAR g := 10; c := c + 1; both := g; END_FUNCTION
        FUNCTION_BLOCK Own
        VAR_INPUT n : INT; END_VAR VAR_OUTPUT seen : INT; END_VAR VAR_IN_OUT c : INT; END_VAR
        c := c + 5; seen := n;
        END_FUNCTION_BLOCK
        PROGRAM main
        VAR x, y : INT; own : Own; END_VAR
        x := both(c := g);
        own.n := 1;
        own(c := own.n, seen => y);
        END_PROGRAM
    """).start()
    image.scan(time_ns=0)
    assert (image.read("main.x"), image.read("g"), image.read("main.y")) == (11, 11, 6)
