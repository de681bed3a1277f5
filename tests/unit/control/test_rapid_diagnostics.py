# ruff: noqa: E501 (tables are read along their lines)
"""What the compiler says: at the right place, of the right thing, with the remedy, in two languages."""

import re
from pathlib import Path

import pytest

import twin.control
from twin.control.rapid import check_rapid
from twin.control.syntax.diagnostic import Severity
from twin.spec.messages import catalogue

from .rapid_bench import SIGNALS
from .rapid_conformance import P1

DATA = f"{P1} VAR num n; VAR num count; VAR bool b; VAR string s; VAR num a{{3}}; VAR dnum d; VAR clock c; PERS tooldata tool1:=[TRUE,[[0,0,1],[1,0,0,0]],[1,[0,0,1],[1,0,0,0],0,0,0]];"


def check(body):
    """Lines of `body` count from 1."""
    text = f"MODULE m {DATA} PROC proc1(num k) n := k; ENDPROC FUNC num f(num k) RETURN k; ENDFUNC PROC main()\n{body}\nENDPROC ENDMODULE"
    found = check_rapid(text, SIGNALS, ("belt",))
    return [(d, d.line - 1) for d in found if d.severity is Severity.ERROR]


# statements, then key, line and column within them, and words that must be in the text
ERRORS = [
    ("n := 1\nn := 2;", "parse.missing_semi", 1, 7, "`;` is missing"),
    ("n = 1;", "parse.equal_for_assign", 1, 3, "write `:=`"),
    ("IF n := 1 THEN ; ENDIF", "parse.assign_for_equal", 1, 6, "write `=`"),
    ("IF b THEN\n n := 1;", "parse.not_closed", 2, 9, "IF of line 2 is not closed; write ENDIF"),
    ("WHILE b DO\n n := 1;", "parse.not_closed", 2, 9, "WHILE of line 2"),
    ("WHILE b DO n := 1; ENDIF ENDWHILE", "parse.orphan", 1, 20, "ENDIF"),
    ("WHILE b\n n := 1; ENDWHILE", "parse.missing_word", 1, 8, "DO is missing"),
    ("n := (1 + 2;", "parse.missing_sign", 1, 12, "`)` is missing"),
    ("n := 1 + * 2;", "parse.unexpected", 1, 10, "`*` does not fit"),
    ("IF b THEN ; ELSIF b THEN ; ENDIF", "scan.word", 1, 13, "ELSEIF"),
    ("b := n == 1;", "scan.foreign", 1, 8, "write `=`"),
    ("b := b && b;", "scan.foreign", 1, 8, "AND"),
    ("n := 1; // no", "scan.foreign", 1, 9, "write `!`"),
    ('s := "abc;', "scan.open_string", 1, 6, 'put " behind'),
    ("n ：= 1;", "scan.wide", 1, 3, "full-width"),
    ("n := 1; VAR num k;", "parse.late_data", 1, 9, "before the statements"),
    ("cuont := 1;", "name.unknown", 1, 1, "did you mean `count`?"),
    ("n := Ofs(p1,0,0,0);", "call.unknown_function", 1, 6, "did you mean `Offs`?"),
    ("MovL p1, v100, fine, tool1;", "call.unknown", 1, 1, "did you mean `MoveL`?"),
    ("MoveL p1, v100, fine;", "call.count", 1, 1, "takes 4 arguments (ToPoint, Speed, Zone, Tool), not 3"),
    ("MoveL p2, v100, fine, tool1;", "name.unknown", 1, 7, "`p2` is not declared"),
    ("MoveL p1, v101, fine, tool1;", "name.unknown", 1, 11, "did you mean `v100`?"),
    ("MoveL p1, v501, fine, tool1;", "name.unknown", 1, 11, "did you mean `v500`?"),
    ("MoveL p1, fine, v100, tool1;", "type.other", 1, 11, "a speeddata is needed here, not a zonedata"),
    ("MoveL p1, v100, fine, tool1 \\Wobj=wobj0;", "parse.equal_for_assign", 1, 34, "write `:=`"),
    ("MoveL p1, v100, fine, tool1 \\Wob:=wobj0;", "call.option", 1, 29, "did you mean `WObj`?"),
    ("MoveL p1, v100 \\V:=1 \\T:=2, fine, tool1;", "call.either", 1, 22, "exclude each other"),
    ("SetDO di1, 1;", "signal.kind", 1, 7, "`di1` is a signaldi"),
    ("SetDO do3, 1;", "signal.unknown", 1, 7, "did you mean `do2`?"),
    ("SetDO nosuch, 1;", "signal.unknown", 1, 7, "signals of this kind: do1, do2"),
    ("do1 := 1;", "assign.signal", 1, 1, "SetDO do1"),
    ("di1 := 1;", "assign.input", 1, 1, "only reads"),
    ("IF di1 THEN ; ENDIF", "type.compare", 1, 4, "`= 1`"),
    ("IF di1 = TRUE THEN ; ENDIF", "type.signal_bool", 1, 4, "0 or 1"),
    ("n := b;", "type.from_bool", 1, 6, "IF"),
    ("s := n;", "type.to_string", 1, 6, "NumToStr"),
    ("n := d;", "type.to_num", 1, 6, "DnumToNum"),
    ("n := a;", "type.dims", 1, 6, "mind the index"),
    ("n := a(1);", "call.data", 1, 6, "`a{1}`"),
    ("n := a{1,2};", "type.indices", 1, 6, "takes 1 indices, not 2"),
    ("n := p1.tran.x;", "name.component", 1, 9, "did you mean `trans`?"),
    ("b := [1,2,3] = [1,2,3];", "type.aggregate", 1, 6, "cannot be told"),
    ("p1 := p1;", "assign.constant", 1, 1, "declare it VAR or PERS"),
    ("v100 := v200;", "assign.builtin", 1, 1, "given by the controller"),
    ("c := c;", "assign.not_valued", 1, 1, "instructions"),
    ("f 1;", "call.function", 1, 1, "x := f(…)"),
    ("n := proc1(1);", "call.no_value", 1, 6, "statement of its own"),
    ("proc1;", "call.count", 1, 1, "takes 1 arguments (k), not 0"),
    ("RETURN 1;", "call.return_value", 1, 1, "FUNC"),
    ("RAISE;", "error.raise", 1, 1, "RAISE number"),
    ("GOTO far;", "name.label", 1, 6, "no label"),
    ("ActUnit CNV1;", "signal.unit", 1, 9, "there are: belt"),
    ("TriggL p1, v100, t, fine, tool1;", "absent.instruction", 1, 1, "is not there"),
    ("s := s + 1;", "type.operands", 1, 6, "string and num"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "key", "line", "column", "words"), ERRORS, ids=lambda v: str(v)[:40]
)
def test_what_is_wrong_is_told_where_it_is(body, key, line, column, words):
    found = check(body)
    assert found, "no error was found"
    keys = [(d.key, at, d.column) for d, at in found]
    assert (f"rapid.{key}", line, column) in keys, keys
    told = next(d for d, at in found if (d.key, at, d.column) == (f"rapid.{key}", line, column))
    assert words in told.text()
    assert re.search(r"[\u4e00-\u9fff]", told.text("zh"))
    assert len(keys) <= 2, keys


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("IF NOT b AND n = 1 THEN ; ENDIF", ["not_and"]),
        ("IF NOT (b AND n = 1) THEN ; ENDIF", []),
        ("IF (NOT b) AND n = 1 THEN ; ENDIF", []),
        ("IF n = 1 AND NOT b THEN ; ENDIF", ["not_place"]),
        ("IF n = 1 OR NOT b THEN ; ENDIF", ["not_place"]),
        ("IF n = 1 OR (NOT b) THEN ; ENDIF", []),
        ("SingArea \\Wrist;", ["sing_area"]),
    ],
)
def test_warnings_stop_nothing(body, keys):
    text = f"MODULE m VAR bool b; VAR num n; PROC main()\n{body}\nENDPROC ENDMODULE"
    found = check_rapid(text, SIGNALS)
    assert [d.key for d in found] == [f"rapid.warn.{key}" for key in keys]
    assert all(d.severity is Severity.WARNING for d in found)


def test_data_that_nobody_uses_and_values_that_are_not_portable_are_warned_of():
    text = "MODULE m CONST num c := 1; PERS num p := c; PROC main()\nVAR num k;\nENDPROC ENDMODULE"
    assert [d.key for d in check_rapid(text)] == ["rapid.warn.pers_literal", "rapid.warn.unused"]


def test_several_errors_are_told_in_one_run():
    found = check("n := x1;\nMoveL p1;\ns := 5;\nIF b THEN n := ; ENDIF\nWaitDI do1, 1;")
    assert [line for _, line in found] == [1, 2, 3, 4, 5]


def test_every_key_is_used_and_every_message_takes_its_values():
    control = Path(twin.control.__file__).parent
    files = [*control.glob("rapid/*.py"), *control.glob("syntax/*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    parts = {"type": ("compare", "from_bool", "to_string", "to_dnum", "to_num", "dims", "other")}
    unused = []
    for key in catalogue():
        if not key.startswith("rapid."):
            continue
        _, group, *rest = key.split(".")
        name = ".".join(rest)
        known = f'"{group}.{name}"' in text or (group == "run" and f'"{name}"' in text)
        if not known and name not in parts.get(group, ()):
            unused.append(key)
    assert unused == []
