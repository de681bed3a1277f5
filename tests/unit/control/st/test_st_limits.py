# ruff: noqa: E501 (tables are read along their lines)
"""Hostile programs: refused with a clear text, or stopped; never a hang, never an error of Python."""

import pytest

from twin.control.st import CompileError, Limits, ScanFault, check_st, compile_st


def program(body, declare="", around=""):
    return f"{around}\nPROGRAM main\nVAR x, y : INT; r : REAL; a : BOOL; s : STRING; {declare} END_VAR\n{body}\nEND_PROGRAM"


REFUSED = [
    ("x := 1;" * 60_000, "source"),
    (program("x := " + "(" * 200 + "1" + ")" * 200 + ";"), "nesting"),
    (program("IF a THEN " * 100 + "x := 1;" + "END_IF;" * 100), "nesting"),
    (program("FOR x := 1 TO 2 DO " * 20 + ";" + "END_FOR;" * 20), "loops"),
    (program("x := " + "+".join(["x"] * 500) + ";"), "expression"),
    (program("a := " + "NOT " * 500 + "a;"), "expression"),
    (program("x := y" + "[1]" * 300 + ";"), "expression"),
    (program("IF a THEN ;" + "ELSIF a THEN ;" * 500 + "END_IF;"), "branches"),
    (program("CASE x OF " + "".join(f"{n}: ;" for n in range(500)) + "END_CASE;"), "branches"),
    (program("", "big : ARRAY [0..100000000] OF INT;"), "array"),
    (program("", "big : ARRAY [0..999, 0..999, 0..999] OF BOOL;"), "array"),
    (program("", "b1, b2 : ARRAY [1..600000] OF INT;"), "cells"),
    (program("", "big : ARRAY [1..1000] OF STRING[32767];"), "cells"),
    (program("", "big : STRING[40000];"), "string"),
    (
        program(
            "",
            "z : T60;",
            "TYPE T0 : INT; END_TYPE "
            + "".join(
                f"TYPE T{n} : STRUCT a, b : T{n - 1}; END_STRUCT; END_TYPE " for n in range(1, 61)
            ),
        ),
        None,
    ),
    (
        program(
            "x := f60(1);",
            "",
            "FUNCTION f0 : INT VAR_INPUT n : INT; END_VAR f0 := n; END_FUNCTION "
            + "".join(
                f"FUNCTION f{k} : INT VAR_INPUT n : INT; END_VAR f{k} := f{k - 1}(n); END_FUNCTION "
                for k in range(1, 61)
            ),
        ),
        "calls",
    ),
]


@pytest.mark.parametrize(
    ("source", "key"), REFUSED, ids=[f"{n}-{r[1]}" for n, r in enumerate(REFUSED)]
)
def test_too_much_is_refused(source, key):
    with pytest.raises(CompileError) as caught:
        compile_st(source)
    keys = [entry.key for entry in caught.value.diagnostics]
    assert key is None or f"st.limit.{key}" in keys
    assert all(entry.text("zh") and entry.text("en") for entry in caught.value.diagnostics)


def test_within_the_limits_it_runs():
    branches = "".join(f"{n}: y := {n};" for n in range(390))
    chain = "IF x = 0 THEN y := 0;" + "".join(
        f"ELSIF x = {n} THEN y := {n};" for n in range(1, 390)
    )
    deep = "x + (" * 30 + "x" + ")" * 30
    source = program(
        f"x := 389; CASE x OF {branches} END_CASE; {chain} END_IF; x := {deep};"
        + "".join(f"IF x > {n} THEN " for n in range(25))
        + "a := TRUE;"
        + "END_IF;" * 25
        + "FOR q[1] := 0 TO 0 DO ; END_FOR;".replace("q[1]", "y")
    )
    image = compile_st(source).start()
    image.scan(time_ns=0)
    assert image.read("main.a") is True


def test_functions_that_double_their_calls_are_stopped_by_the_watchdog():
    around = "FUNCTION f0 : INT VAR_INPUT n : INT; END_VAR f0 := n; END_FUNCTION " + "".join(
        f"FUNCTION f{k} : INT VAR_INPUT n : INT; END_VAR f{k} := f{k - 1}(n) + f{k - 1}(n); "
        "END_FUNCTION "
        for k in range(1, 30)
    )
    image = compile_st(program("x := f29(1);", "", around)).start()
    with pytest.raises(ScanFault) as caught:
        image.scan(time_ns=0)
    assert caught.value.key == "st.fault.watchdog"


def test_the_watchdog_counts_as_far_as_it_is_told():
    source = program("FOR x := 1 TO 100 DO FOR y := 1 TO 10 DO ; END_FOR; END_FOR;")
    compile_st(source, limits=Limits(steps=1100)).start().scan(time_ns=0)
    with pytest.raises(ScanFault):
        compile_st(source, limits=Limits(steps=1099)).start().scan(time_ns=0)


def test_copies_of_large_arrays_count_too():
    source = program(
        "WHILE TRUE DO big := other; END_WHILE;", "big, other : ARRAY [1..400000] OF INT;"
    )
    with pytest.raises(ScanFault) as caught:
        compile_st(source).start().scan(time_ns=0)
    assert caught.value.key == "st.fault.watchdog"


def test_strings_do_not_grow_beyond_their_length():
    image = compile_st(
        program(
            "WHILE LEN(t) < 32767 DO t := CONCAT(t, t, 'x'); END_WHILE; s := t;",
            "t : STRING[32767];",
        )
    ).start()
    image.scan(time_ns=0)
    assert (len(image.read("main.t")), len(image.read("main.s"))) == (32767, 80)


def test_errors_are_told_up_to_a_limit():
    found = check_st(program("".join(f"v{n} := 1;\n" for n in range(1000))))
    assert len(found) == Limits().errors


def test_a_long_chain_of_blocks_in_blocks():
    around = "FUNCTION_BLOCK B0 VAR_INPUT n : INT; END_VAR VAR_OUTPUT o : INT; END_VAR o := n; END_FUNCTION_BLOCK "
    around += "".join(
        f"FUNCTION_BLOCK B{k} VAR_INPUT n : INT; END_VAR VAR_OUTPUT o : INT; END_VAR "
        f"VAR inner : B{k - 1}; END_VAR inner(n := n, o => o); END_FUNCTION_BLOCK "
        for k in range(1, 25)
    )
    image = compile_st(program("b(n := 7, o => x);", "b : B24;", around)).start()
    image.scan(time_ns=0)
    assert image.read("main.x") == 7
