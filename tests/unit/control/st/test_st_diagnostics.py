# ruff: noqa: E501 (tables are read along their lines)
"""What the compiler says: at the right place, of the right thing, with the remedy, in two languages."""

import re
from pathlib import Path

import pytest

import twin.control
from twin.control.st import CompileError, IoVariable, Severity, check_st, compile_st
from twin.spec.messages import catalogue

IO = (
    IoVariable("pusher_1_extend", "BOOL", "output", "%QX0.0"),
    IoVariable("scale", "INT", "input", "%IW64"),
    IoVariable("sensor", "BOOL", "input", "%IX0.1"),
)
DECLARED = (
    "VAR a, b : BOOL; i, j : INT; d : DINT; r : REAL; w : WORD; t : TIME; s : STRING; "
    "timer : TON; list : ARRAY [1..3] OF INT; p : Point; c : Colour; END_VAR"
)
TYPES = (
    "TYPE Point : STRUCT x, y : INT; END_STRUCT; Colour : (red, green); "
    "Level : (low, high); Other : (low, top); END_TYPE"
)


def check(body):
    """Lines of `body` count from 1."""
    found = check_st(f"{TYPES} PROGRAM main {DECLARED}\n{body}\nEND_PROGRAM", IO)
    return [entry for entry in found if entry.severity is Severity.ERROR]


# statements, then key, line and column within them, and words that must be in the text
ERRORS = [
    ("i := 1\nj := 2;", "parse.missing_semi", 1, 7, "`;` is missing"),
    ("i = 1;", "parse.equal_for_assign", 1, 3, "write `:=`"),
    ("IF i := 1 THEN ; END_IF;", "parse.assign_for_equal", 1, 6, "write `=`"),
    ("IF a THEN\n i := 1;", "parse.not_closed", 2, 9, "IF of line 2 is not closed; write END_IF"),
    ("FOR i := 1 TO 3 DO\n j := i;", "parse.not_closed", 2, 9, "FOR of line 2"),
    ("WHILE a DO i := i + 1; END_IF;", "parse.orphan", 1, 24, "END_IF"),
    ("IF a\n i := 1; END_IF;", "parse.missing_word", 1, 5, "THEN is missing"),
    ("i := (1 + 2;", "parse.missing_sign", 1, 12, "`)` is missing"),
    ("i := 1 + * 2;", "parse.unexpected", 1, 10, "`*` does not fit"),
    ("IF a THEN i := 1; ELSEIF b THEN i := 2; END_IF;", "scan.word", 1, 19, "ELSIF"),
    ("a := i == 1;", "scan.foreign", 1, 8, "write `=`"),
    ("a := a && b;", "scan.foreign", 1, 8, "AND"),
    ("s := 'abc;", "scan.open_string", 1, 6, "put ' behind"),
    ("(* no end", "scan.open_comment", 1, 1, "never closed"),
    ("i ： = 1;", "scan.wide", 1, 3, "full-width"),
    ("pusher_1_extnd := TRUE;", "name.unknown", 1, 1, "did you mean `pusher_1_extend`?"),
    ("i := conut;", "name.unknown", 1, 6, "declare it"),
    ("i := MAXX(1, 2);", "call.unknown", 1, 6, "did you mean `MAX`?"),
    ("timer(INN := a);", "call.parameter", 1, 7, "did you mean `IN`?"),
    ("a := timer.QQ;", "name.member", 1, 12, "did you mean `Q`?"),
    ("a := timer;", "type.block_value", 1, 6, "timer.Q"),
    ("a := TON(IN := a);", "call.needs_instance", 1, 6, "x : TON"),
    ("timer(PT := 500);", "type.mismatch", 1, 13, "T#1s500ms"),
    ("i := d;", "type.mismatch", 1, 6, "DINT_TO_INT"),
    ("i := r + 1;", "type.mismatch", 1, 6, "REAL_TO_INT"),
    ("i := 2.5;", "type.mismatch", 1, 6, "whole number"),
    ("i := 40000;", "type.too_large", 1, 6, "-32768"),
    ("a := i;", "type.mismatch", 1, 6, "compare it"),
    ("IF i THEN ; END_IF;", "type.mismatch", 1, 4, "compare it"),
    ("c := 1;", "type.mismatch", 1, 6, "red, green"),
    ("c := low;", "name.ambiguous", 1, 6, "Other#low"),
    ("i := i AND 3;", "type.operands", 1, 6, "INT_TO_WORD"),
    ("i := w + 1;", "type.operands", 1, 6, "WORD_TO_UINT"),
    ("i := d + w;", "type.operands", 1, 6, "WORD_TO_DINT"),
    ("s := s + 'x';", "type.operands", 1, 6, "CONCAT"),
    ("i := NOT i;", "type.not", 1, 6, "bit string"),
    ("i := 1 / 0;", "type.division", 1, 10, "zero"),
    ("i := list[4];", "type.index", 1, 11, "1..3"),
    ("i := list[1, 2];", "type.dimensions", 1, 6, "1 dimensions"),
    ("i := list;", "type.aggregate", 1, 6, "ARRAY"),
    ("i[1] := 2;", "name.no_array", 1, 1, "no array"),
    ("p.z := 1;", "name.member", 1, 3, "possible: x, y"),
    ("scale := 3;", "assign.input_point", 1, 1, "force the point"),
    ("timer.Q := TRUE;", "assign.output_of_block", 1, 1, "only the block"),
    ("FOR i := 1 TO 3 DO i := 5; END_FOR;", "assign.control", 1, 20, "EXIT"),
    ("FOR r := 1 TO 3 DO ; END_FOR;", "for.variable", 1, 5, "whole-number"),
    ("FOR i := 1 TO 3 BY 0 DO ; END_FOR;", "for.step", 1, 1, "not 0"),
    ("EXIT;", "jump.outside", 1, 1, "RETURN"),
    ("CASE i OF 1: ; 0..2: ; END_CASE;", "case.twice", 1, 16, "already"),
    ("CASE r OF 1: ; END_CASE;", "case.selector", 1, 6, "use IF"),
    ("CASE i OF j: ; END_CASE;", "type.constant", 1, 11, "constant"),
    ("CASE i OF i := 1; 2: ; END_CASE;", "case.before_label", 1, 11, "label"),
    ("i := LIMIT(1, 2);", "call.missing", 1, 6, "MX"),
    ("i := MAX(IN1 := 1, 2);", "call.mixed", 1, 6, "name"),
    ("r := SQRT('x');", "call.type", 1, 11, "REAL"),
    ("i := SHL(i, 1);", "call.type", 1, 10, "WORD"),
    ("t := T#5x;", "literal.time", 1, 6, "T#1d2h3m4s500ms"),
    ("i := D#99999999999999999999-1-1;", "literal.date", 1, 6, "D#2026-01-31"),
    ("w := 16#1FFFF;", "type.too_large", 1, 6, "65535"),
    ("w := 3#12;", "literal.base", 1, 6, "2, 8, 10 or 16"),
    ("i := INT#99999;", "literal.range", 1, 6, "32767"),
    ("i := 99999999999999999999999;", "literal.huge", 1, 6, "largest"),
    ("i := XYZ#5;", "literal.prefix", 1, 6, "INT#5"),
    ("c := Colour#blue;", "name.enum_item", 1, 6, "no value"),
    ("3 := i;", "parse.unexpected", 1, 1, "does not fit"),
    ("i := Colour;", "name.type", 1, 6, "declare a variable"),
    ("timer(IN = a, PT = T#5s);", "parse.equal_for_assign", 1, 7, "write `:=`"),
    ("i := 1 j := 2;", "parse.missing_semi", 1, 7, "`;` is missing"),
    ("i := MAX;", "name.function", 1, 6, "brackets"),
    ("a := %QX9.*;", "parse.unexpected", 1, 11, "does not fit"),
]


@pytest.mark.parametrize(("body", "key", "line", "column", "words"), ERRORS)
def test_an_error_is_told_where_it_is_with_its_remedy(body, key, line, column, words):
    found = check(body)
    assert found, "no error at all"
    first = found[0]
    assert (first.key, first.line, first.column) == (f"st.{key}", line + 1, column)
    assert words in first.text("en")
    assert re.search(r"[\u4e00-\u9fff]", first.text("zh"))
    assert (first.end_line, first.end_column) >= (first.line, first.column)


# whole sources, then the key
SOURCES = [
    ("", "task.no_program"),
    ("x := 1;", "parse.outside"),
    ("PROGRAM main VAR x INT; END_VAR END_PROGRAM", "parse.missing_sign"),
    ("FUNCTION_BLOCK F METHOD x : INT END_METHOD END_FUNCTION_BLOCK PROGRAM m END_PROGRAM", "parse.absent"),
    ("PROGRAM m VAR p : REF_TO INT; END_VAR END_PROGRAM", "parse.absent"),
    ("INTERFACE i END_INTERFACE PROGRAM m END_PROGRAM", "parse.absent"),
    ("PROGRAM main VAR x : INT; x := 1; END_PROGRAM", "parse.not_closed"),
    ("PROGRAM main VAR x : INT; IF x > 1 THEN x := 1; END_IF; END_PROGRAM", "parse.not_closed"),
    ("PROGRAM main VAR_INPUT x : INT; VAR y : INT; END_VAR y := x; END_PROGRAM", "parse.not_closed"),
    ("PROGRAM main VAR x : INT := 5 y : INT; END_VAR END_PROGRAM", "parse.missing_semi"),
    ("PROGRAM main VAR x : BOOOL; END_VAR END_PROGRAM", "name.no_type"),
    ("PROGRAM main VAR x : INT; X : BOOL; END_VAR END_PROGRAM", "name.twice"),
    ("PROGRAM main VAR sensor : BOOL; END_VAR END_PROGRAM VAR_GLOBAL sensor : INT; END_VAR", "name.point"),
    ("PROGRAM main VAR x AT %IX0.1 : INT; END_VAR END_PROGRAM", "declare.point_type"),
    ("PROGRAM main VAR x AT %IW64 : BOOL; END_VAR END_PROGRAM", "declare.point_type"),
    ("PROGRAM main VAR x AT %MW0 : BOOL; END_VAR END_PROGRAM", "declare.size"),
    ("PROGRAM main VAR x AT %I* : BOOL; END_VAR END_PROGRAM", "declare.open_address"),
    ("PROGRAM main VAR_EXTERNAL sensr : BOOL; END_VAR END_PROGRAM", "declare.external"),
    ("PROGRAM main VAR_EXTERNAL sensor : INT; END_VAR END_PROGRAM", "declare.external_type"),
    ("PROGRAM main VAR CONSTANT n : INT; END_VAR END_PROGRAM", "declare.constant"),
    ("PROGRAM main VAR a : ARRAY [3..1] OF INT; END_VAR END_PROGRAM", "type.bounds"),
    ("PROGRAM main VAR a : ARRAY [1..2] OF INT := [1, 2, 3]; END_VAR END_PROGRAM", "declare.too_many"),
    ("PROGRAM main VAR a : INT := [1]; END_VAR END_PROGRAM", "declare.array_initial"),
    ("PROGRAM main VAR a : INT := (b := 1); END_VAR END_PROGRAM", "declare.struct_initial"),
    ("PROGRAM main VAR a : INT; b : INT := a; END_VAR END_PROGRAM", "type.constant"),
    ("PROGRAM main VAR x : INT (0..5) := 9; END_VAR END_PROGRAM", "type.subrange"),
    ("PROGRAM TON END_PROGRAM", "name.standard"),
    ("TYPE A : STRUCT b : B; END_STRUCT; B : STRUCT a : A; END_STRUCT; END_TYPE PROGRAM m END_PROGRAM", "type.cycle"),
    ("FUNCTION_BLOCK F VAR f : F; END_VAR END_FUNCTION_BLOCK PROGRAM m END_PROGRAM", "type.cycle"),
    ("FUNCTION f : INT f := g(); END_FUNCTION FUNCTION g : INT g := f(); END_FUNCTION PROGRAM m END_PROGRAM", "call.recursion"),
    ("FUNCTION f : INT VAR t : TON; END_VAR f := 1; END_FUNCTION PROGRAM m END_PROGRAM", "declare.block_here"),
    ("FUNCTION f : INT VAR_INPUT x : INT; END_VAR x := 1; f := x; END_FUNCTION PROGRAM m END_PROGRAM", "assign.input"),
    ("CONFIGURATION c TASK t (INTERVALL := T#1s); END_CONFIGURATION PROGRAM m END_PROGRAM", "task.parameter"),
    ("CONFIGURATION c PROGRAM x WITH u : m; END_CONFIGURATION PROGRAM m END_PROGRAM", "task.unknown"),
    ("CONFIGURATION c PROGRAM x : n; END_CONFIGURATION PROGRAM m END_PROGRAM", "task.unknown_program"),
    ("CONFIGURATION c END_CONFIGURATION PROGRAM m END_PROGRAM", "task.no_instance"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "key"), SOURCES)
def test_an_error_in_declarations(source, key):
    assert f"st.{key}" in [d.key for d in check_st(source, IO) if d.severity is Severity.ERROR]


WARNINGS = [
    ("VAR x : INT; END_VAR ;", "warn.unused", "x"),
    ("VAR x : INT; END_VAR x := 3;", "warn.never_read", "x"),
    ("VAR_OUTPUT x : INT; END_VAR ;", "warn.never_written", "x"),
    ("VAR r : REAL; a : BOOL; END_VAR a := r = 1.5; r := SEL(a, 1.0, 2.0);", "warn.real_equal", None),
    ("VAR CONSTANT n : INT := 3; END_VAR IF n > 2 THEN ; END_IF;", "warn.always", None),
    ("VAR x : INT; END_VAR IF x = 0 THEN RETURN; x := 2; END_IF;", "warn.unreachable", None),
    ("pusher_1_extend := sensor; pusher_1_extend := NOT sensor;", "warn.overwritten", "pusher_1_extend"),
    ("VAR x AT %IX7.7 : BOOL; END_VAR pusher_1_extend := x;", "warn.no_point", None),
    ("VAR Sensor : BOOL; END_VAR pusher_1_extend := sensor;", "warn.hides_point", "Sensor"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "key", "name"), WARNINGS)
def test_a_warning_stops_nothing(body, key, name):
    program = compile_st(f"PROGRAM main {body} END_PROGRAM", IO)
    found = {entry.key: entry for entry in program.warnings}
    assert f"st.{key}" in found
    entry = found[f"st.{key}"]
    assert entry.severity is Severity.WARNING
    assert entry.values.get("name") == name
    assert re.search(r"[\u4e00-\u9fff]", entry.text("zh"))


@pytest.mark.parametrize(
    "body",
    [
        # read in between, or set under conditions: no last-one-wins mistake
        "pusher_1_extend := sensor; pusher_1_extend := pusher_1_extend OR scale > 3;",
        "pusher_1_extend := FALSE; IF sensor THEN pusher_1_extend := TRUE; END_IF;",
        "VAR x : INT; END_VAR x := x + 1; pusher_1_extend := x > 3;",
        "VAR t : TON; END_VAR t(IN := sensor, PT := T#1s, Q => pusher_1_extend);",
        "VAR a : ARRAY [0..1] OF INT; i : INT; END_VAR FOR i := 0 TO 1 DO a[i] := scale; END_FOR; pusher_1_extend := a[1] > 3;",
    ],
)
def test_good_programs_draw_no_warning(body):
    assert check_st(f"PROGRAM main {body} END_PROGRAM", IO) == ()


def test_many_errors_are_told_at_once_in_the_order_of_the_source():
    source = """
PROGRAM main
VAR a : BOOL; i : INT; b : BOOOL; END_VAR
i := 1
a = TRUE;
IF a THEN
  i := unknown_1;
WHILE i < 3
  i := i + 'x';
END_WHILE;
END_IF;
i := (2;
CASE i OF 1: a := 5.5; 1: ; END_CASE;
END_PROGRAM
"""
    found = check_st(source)
    lines = [entry.line for entry in found]
    assert lines == sorted(lines)
    assert [(entry.line, entry.key.removeprefix("st.")) for entry in found] == [
        (3, "name.no_type"),
        (4, "parse.missing_semi"),
        (5, "parse.equal_for_assign"),
        (7, "name.unknown"),
        (8, "parse.missing_word"),
        (9, "type.operands"),
        (12, "parse.missing_sign"),
        (13, "type.mismatch"),
        (13, "case.twice"),
    ]


def test_an_unknown_name_is_told_once():
    found = check("i := nope; j := nope + nope;")
    assert [entry.key for entry in found] == ["st.name.unknown"]


def test_compile_error_holds_all_diagnostics_and_reads_well():
    with pytest.raises(CompileError) as caught:
        compile_st("PROGRAM main VAR i : INT; END_VAR\ni := j;\nEND_PROGRAM")
    (entry,) = caught.value.diagnostics
    assert (entry.line, entry.column, entry.end_line, entry.end_column) == (2, 6, 2, 7)
    assert str(caught.value) == "2:6: " + entry.text("en")
    assert caught.value.text("zh").startswith("2:6: ")


def test_every_message_is_used_and_every_key_has_a_message():
    control = Path(twin.control.__file__).parent
    files = [*control.glob("st/*.py"), *control.glob("syntax/*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    written = set(re.findall(r'"(?:st\.)?([a-z]+\.[a-z0-9_]+)"', code))
    known = {key.removeprefix("st.") for key in catalogue() if key.startswith("st.")}
    areas = {key.partition(".")[0] for key in known}
    assert known <= written, "nobody uses these"
    assert {key for key in written if key.partition(".")[0] in areas} <= known


def test_texts_with_a_problem_name_a_remedy():
    # A text of one clause only says what is wrong; the others say what to do too.
    for key, texts in catalogue().items():
        if key.startswith(("st.type.", "st.name.", "st.call.", "st.limit.", "st.fault.")):
            assert re.search(r"[;{:,]", texts["en"]), key
