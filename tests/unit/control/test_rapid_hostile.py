# ruff: noqa: E501 (tables are read along their lines)
"""Programs that are broken, or mean no good: told or stopped, never a crash, never a hang."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.control.rapid import CompileError, check_rapid, compile_rapid
from twin.control.rapid.kinds import number_text
from twin.control.rapid.limits import LIMITS
from twin.control.syntax.diagnostic import Severity
from twin.spec.messages import catalogue

from .rapid_bench import SIGNALS, bench, keys, module
from .rapid_conformance import ROWS

PIECES = (
    "IF", "THEN", "ENDIF", "WHILE", "DO", "FOR", "FROM", "TO", "TEST", "CASE", "DEFAULT", "ERROR",
    "RETRY", "PROC", "ENDPROC", "FUNC", "MODULE", "ENDMODULE", "VAR", "CONST", "PERS", "num", "pos",
    "[", "]", "{", "}", "(", ")", ",", ";", ":", ":=", "=", "\\", "?", "|", ".", "+", "-", "*", "/",
    "NOT", "AND", '"', "!", "%", "9E9", "1", "x", "main", "MoveL", "Offs", "WaitTime", "SetDO", "di1",
    "\n", "：", "。", "\x00", "é", "RECORD", "TRAP", "CONNECT", "RAISE", "GOTO", "RETURN", "UNDO",
    "==", "!=", "&&", "||", "//", "ELSIF", "0x1F", "<>", "'", "v100", "tool0", "p1", "WObj", "T",
)  # fmt: skip
SEEDS = [row.source for row in ROWS]


@st.composite
def broken(draw):
    """A program of the table with pieces taken out, put in, doubled and swapped."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        put = draw(st.sampled_from(PIECES)) if draw(st.booleans()) else ""
        if draw(st.booleans()):
            put = f" {put} "
        text = text[:at] + put + text[end:]
    return text


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(broken())
def test_a_broken_text_has_diagnostics_and_a_whole_one_runs(text):
    found = check_rapid(text, SIGNALS, ("belt",))
    for entry in found:
        assert entry.line >= 1
        assert entry.column >= 1
        for language in ("en", "zh"):
            assert entry.text(language)
    if any(entry.severity is Severity.ERROR for entry in found):
        with pytest.raises(CompileError):
            compile_rapid(text, SIGNALS, ("belt",))
        return
    b = bench(text, until_s=50.0)
    assert b.machine.mode in ("ready", "run", "stopped", "error")
    if b.machine.mode == "error":
        assert b.machine.error_line >= 1


@pytest.mark.parametrize(
    ("body", "around", "stops"),
    [
        ("WHILE TRUE DO\nn := n + 1;\nENDWHILE", "", "rapid.run.endless"),
        ("again:\nGOTO again;", "", "rapid.run.endless"),
        ("n := f(1);", "FUNC num f(num k)\nRETURN f(k + 1);\nENDFUNC", "rapid.run.depth"),
        ("p;", "PROC p()\nVAR num big{100,100,5};\np;\nENDPROC", "rapid.run.room"),
        ('FOR i FROM 1 TO 9 DO\ns := s + s + "x";\nENDFOR', "", "rapid.run.long_string"),
        ("n := 10; WHILE TRUE DO n := n * n; ENDWHILE", "", "rapid.run.num_limit"),
        ("WHILE TRUE DO WaitTime 0; ENDWHILE", "", "rapid.run.endless"),
        ("WHILE TRUE DO WaitUntil TRUE; ENDWHILE", "", "rapid.run.endless"),
        ("WHILE TRUE DO d := 1 / 0; ENDWHILE\nERROR\nTRYNEXT;", "", "rapid.run.endless"),
        ("n := 1 / d;\nERROR\nWHILE TRUE DO ENDWHILE", "", "rapid.run.endless"),
        ("FOR i FROM 1 TO 1E9 DO ENDFOR", "", "rapid.run.endless"),
        ("FOR i FROM 1 TO 5 STEP d DO ENDFOR", "", "rapid.run.zero_step"),
        ("WHILE TRUE DO big := big2; ENDWHILE", "", "rapid.run.endless"),
        ("WHILE TRUE DO p big; ENDWHILE", "PROC p(num x{*})\nENDPROC", "rapid.run.endless"),
        ("WHILE TRUE DO p; ENDWHILE", "PROC p()\nVAR num x{90000};\nENDPROC", "rapid.run.endless"),
        (
            "WHILE TRUE DO SetDO \\SDelay:=1E6, do1, 1; WaitTime 0.01; ENDWHILE",
            "",
            "rapid.run.pending",
        ),
        ("WaitTime -1;", "", "rapid.run.seconds"),
        ("n := Pow(10, 300) * Pow(10, 300);", "", "rapid.run.num_limit"),
        ("n := DotProd([1E200,0,0], [1E200,0,0]);", "", "rapid.run.num_limit"),
        ("n := Pow(-1, 0.5);", "", "rapid.run.root"),
        ("n := Sqrt(-1);", "", "rapid.run.root"),
        ("n := 5.5 DIV 2;", "", "rapid.run.whole"),
        ('s := StrPart("abc", 3, 2);', "", "rapid.run.str_part"),
        ("SetDO do1, 2;", "", "rapid.run.level"),
        ("SetGO go1, -1;", "", "rapid.run.group"),
        ("BitSet n, 99;", "", "rapid.run.bits"),
        ("RAISE 0;", "", "rapid.run.ill_raise"),
        ("a{0} := 1;", "", "rapid.run.index"),
        ("a{1.5} := 1;", "", "rapid.run.index_whole"),
        ("p \\k:=1;\np;", "PROC p(\\num k)\nn := k;\nENDPROC", "rapid.run.not_present"),
        ("a := b;", "", "rapid.run.shape"),
        ("VelSet 0, 100;", "", "rapid.run.vel_set"),
    ],
)
def test_a_hostile_program_is_stopped(body, around, stops):
    data = "VAR num n; VAR num d; VAR string s; VAR num a{3}; VAR num b{4};"
    data += "VAR num big{90000}; VAR num big2{90000};"
    b = bench(module(body, data=data, around=around))
    assert b.machine.mode == "error"
    assert b.machine.error[0] == stops
    assert b.machine.error_line >= 4
    assert len(b.machine.frames) <= LIMITS.depth


@pytest.mark.parametrize(
    ("source", "key"),
    [
        (module(";", data="VAR num a{100000,2};"), "rapid.limit.array"),
        (module(";", data="".join(f"VAR num a{i}{{100000}};\n" for i in range(4))), "rapid.limit.values"),
        (module("x := " + "(" * 60 + "1" + ")" * 60 + ";", data="VAR num x;"), "rapid.limit.nesting"),
        (module("x := 1" + "+1" * 300 + ";", data="VAR num x;"), "rapid.limit.expression"),
        (module("IF TRUE THEN\n" * 60 + "ENDIF\n" * 60), "rapid.limit.nesting"),
        ("!" + "x" * (LIMITS.source_bytes + 1), "rapid.limit.source"),
        (module("a := b;", data="CONST num a := b; CONST num b := a;"), "rapid.const.circle"),
        (module(";", data="CONST num a{2} := [a{1}, 2];"), "rapid.const.circle"),
        (module('s := "' + "y" * 100_000 + '";', data="VAR string s;"), "rapid.scan.long_string"),
        ("", "rapid.main.missing"),
        ("MODULE m\nENDMODULE", "rapid.main.missing"),
        ("MODULE m PROC main() " + "x;" * 5000 + " ENDPROC ENDMODULE", "rapid.call.unknown"),
    ],
)  # fmt: skip
def test_a_giant_or_empty_text_is_told(source, key):
    assert key in keys(source)
    assert len(keys(source)) <= LIMITS.errors + 1


def test_numbers_beyond_all_bounds_can_be_shown():
    assert [number_text(v) for v in (float("inf"), float("-inf"), 1e308)] == [
        "INF",
        "-INF",
        "1E+308",
    ]


def test_operator_messages_are_not_kept_for_ever():
    b = bench(module('FOR i FROM 1 TO 200 DO\nTPWrite "n" \\Num:=i;\nENDFOR'))
    assert len(b.machine.messages) == LIMITS.messages
    assert b.machine.messages[-1] == "n200"


def test_every_message_exists_in_both_languages():
    texts = {key: entry for key, entry in catalogue().items() if key.startswith("rapid.")}
    assert len(texts) > 120
    assert all(entry.get("en") and entry.get("zh") for entry in texts.values())
