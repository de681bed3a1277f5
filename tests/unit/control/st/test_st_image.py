# ruff: noqa: E501 (tables are read along their lines)
"""A running program: points, faults, state, restarts, tasks, and the window to its variables."""

import dis
import json
from types import CodeType

import pytest

from twin.control.st import CompileError, IoVariable, ScanFault, compile_st
from twin.control.st.library import HELPERS

IO = (
    IoVariable("lamp", "BOOL", "output", "%QX0.0"),
    IoVariable("button", "BOOL", "input", "%IX0.0"),
    IoVariable("level", "REAL", "input", "%ID66"),
    IoVariable("count", "INT", "output", "%QW64"),
    IoVariable("weight", "INT", "input", "%IW64"),
)
MS = 1_000_000


def started(source, io=()):
    return compile_st(source, io).start()


def test_points_go_in_and_out_in_their_order():
    image = started(
        """
        PROGRAM main
        VAR_EXTERNAL button : BOOL; END_VAR
        VAR seen AT %IW64 : INT; x : REAL; END_VAR
        lamp := button;
        count := seen * 2;
        x := level;
        END_PROGRAM
        """,
        IO,
    )
    assert (image.inputs, image.outputs) == ([False, 0.0, 0], [False, 0])
    image.inputs[:] = [True, 0.1, 21]
    assert image.scan(time_ns=0) is True
    assert image.outputs == [True, 42]
    # a REAL has single precision, wherever it comes from
    assert image.read("main.x") == image.read("level") == 0.10000000149011612
    assert image.scan(time_ns=1) is False


def test_points_are_reached_from_functions_and_blocks():
    image = started(
        """
        FUNCTION_BLOCK Light VAR_INPUT on_ : BOOL; END_VAR lamp := on_; END_FUNCTION_BLOCK
        FUNCTION heavy : BOOL heavy := weight > 10; count := count + 1; END_FUNCTION
        PROGRAM main
        VAR l : Light; END_VAR
        count := 5;
        l(on_ := heavy());
        IF lamp THEN count := count * 2; END_IF;
        END_PROGRAM
        """,
        IO,
    )
    image.inputs[2] = 11
    image.scan(time_ns=0)
    assert image.outputs == [True, 12]


def test_a_fault_keeps_the_outputs_of_the_last_good_scan_and_names_its_line():
    image = started(
        """PROGRAM main
VAR x : INT; END_VAR
lamp := TRUE;
count := 10 / weight;
lamp := button;
END_PROGRAM""",
        IO,
    )
    image.inputs[2] = 5
    image.scan(time_ns=0)
    assert image.outputs == [False, 2]
    image.inputs[2] = 0
    with pytest.raises(ScanFault) as caught:
        image.scan(time_ns=1)
    assert (caught.value.key, caught.value.line) == ("st.fault.division", 4)
    assert "main, line 4: division by zero" in str(caught.value)
    assert "第 4 行" in caught.value.text("zh")
    assert image.outputs == [False, 2]
    image.inputs[2] = 2
    image.scan(time_ns=2)
    assert image.outputs == [False, 5]


@pytest.mark.parametrize(
    ("body", "key", "line"),
    [
        ("x := 1;\nx := list[x + 9];", "index", 4),
        ("IF x = 0 THEN\n\n  list[x] := 1;\nEND_IF;", "index", 5),
        ("x := 1 MOD x;", "division", 3),
        ("r := 1.0 / r;", "division", 3),
        ("WHILE x = 0 DO\n  r := 1.0;\nEND_WHILE;", "watchdog", 3),
        ("\nREPEAT UNTIL x = 1 END_REPEAT;", "watchdog", 4),
        ("FOR x := 0 TO 32767 DO FOR y := 0 TO 32767 DO ; END_FOR; END_FOR;", "watchdog", 3),
        ("x := MUX(x - 1, 1, 2);", "mux", 3),
        ("small := x - 1;", "subrange", 3),
        ("WHILE TRUE DO\n x := f(x);\nEND_WHILE;", "watchdog", 3),
        ("g(n := x);", "division", 1),
        ("t := T#1s / x;", "division", 3),
    ],
)
def test_a_fault_is_found_where_it_happens(body, key, line):
    image = started(
        "FUNCTION f : INT VAR_INPUT n : INT; END_VAR f := n; END_FUNCTION FUNCTION_BLOCK G "
        "VAR_INPUT n : INT; END_VAR VAR m : INT; END_VAR m := 1 / n; END_FUNCTION_BLOCK PROGRAM main\n"
        "VAR x, y : INT; r : REAL; t : TIME; small : INT (0..9); list : ARRAY [1..5] OF INT; "
        f"g : G; END_VAR\n{body}\nEND_PROGRAM"
    )
    with pytest.raises(ScanFault) as caught:
        image.scan(time_ns=0)
    assert (caught.value.key, caught.value.line) == (f"st.fault.{key}", line)


PROGRAM = """
VAR_GLOBAL RETAIN hours : INT := 3; END_VAR
PROGRAM main
VAR RETAIN kept : INT := 5; END_VAR
VAR lost : INT := 7; t : TON; r : REAL; s : STRING := 'a'; END_VAR
kept := kept + 1; lost := lost + 1; hours := hours + 1; r := r + 0.1; s := CONCAT(s, 'b');
t(IN := TRUE, PT := T#50ms, Q => lamp);
END_PROGRAM
"""


def test_saved_and_loaded_it_goes_on_as_if_never_stopped():
    image, other = started(PROGRAM, IO), started(PROGRAM, IO)
    for number in range(7):
        image.scan(time_ns=number * 10 * MS)
    data = json.loads(json.dumps(image.save()))
    other.load(data)
    for number in range(7, 15):
        assert image.scan(time_ns=number * 10 * MS) == other.scan(time_ns=number * 10 * MS)
        assert repr(image.save()) == repr(other.save())
        assert image.outputs == other.outputs


def test_the_state_of_another_program_is_refused():
    with pytest.raises(ValueError, match="this very program"):
        started(PROGRAM, IO).load(started("PROGRAM main END_PROGRAM").save())


def test_a_saved_state_is_a_copy():
    image = started(PROGRAM, IO)
    data = image.save()
    image.scan(time_ns=0)
    assert data == started(PROGRAM, IO).save()


def test_restarts():
    image = started(PROGRAM, IO)
    for number in range(10):
        image.scan(time_ns=number * 10 * MS)
    assert image.outputs[0] is True
    image.restart(cold=False)
    names = ("main.kept", "main.lost", "hours", "main.t.ET", "main.s")
    assert [image.read(name) for name in names] == [15, 7, 13, 0, "a"]
    assert image.outputs[0] is False
    image.restart(cold=True)
    assert [image.read(name) for name in names] == [5, 7, 3, 0, "a"]


def test_instances_are_independent():
    program = compile_st(PROGRAM, IO)
    one, other = program.start(), program.start()
    one.scan(time_ns=0)
    assert (one.read("main.kept"), other.read("main.kept")) == (6, 5)


def test_every_variable_is_found_by_its_path():
    image = started(
        """
TYPE Point : STRUCT x, y : INT; END_STRUCT; Colour : (red, green); END_TYPE
FUNCTION_BLOCK Pair
VAR_INPUT go : BOOL; END_VAR
VAR inner : TON; END_VAR
inner(IN := go, PT := T#1s);
END_FUNCTION_BLOCK
PROGRAM main
VAR p : ARRAY [0..1] OF Point; c : Colour; pair : Pair; b AT %IX0.0 : BOOL; END_VAR
pair(go := b);
END_PROGRAM""",
        IO,
    )
    paths = {watched.path: (watched.type, watched.line) for watched in image.variables()}
    assert paths["main.p[1].y"] == ("INT", 2)
    assert paths["main.c"] == ("Colour", 9)
    assert paths["main.pair.inner.ET"] == ("TIME", 5)
    assert paths["main.b"] == ("BOOL", 9)
    assert paths["button"] == ("BOOL", 0)
    for path in paths:
        image.read(path)
    image.write("MAIN.P[1].Y", 4)
    assert image.read("main.p[1].y") == 4
    image.write("main.c", "GREEN")
    assert image.read("main.c") == "green"
    image.write("main.b", True)
    assert (image.read("button"), image.inputs[0]) == (True, True)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("main.nothing", 1, "no 'nothing'"),
        ("mian.x", 1, "did you mean 'main'"),
        ("main.list[9]", 1, "outside 1..3"),
        ("main.list[1,2]", 1, "1 dimensions"),
        ("main.list", 1, "name one value"),
        ("main.x", 40000, "outside -32768..32767"),
        ("main.x", 1.5, "holds INT, not float"),
        ("main.x", True, "holds INT, not bool"),
        ("main.b", 1, "holds BOOL, not int"),
        ("main.s", "abcdef", "4 characters"),
        ("main.c", "blue", "red, green"),
        ("main.k", 3, "constant"),
        ("main..x", 1, "no path"),
        ("", 1, "no path"),
    ],
)
def test_what_cannot_be_written(path, value, words):
    image = started("""
        PROGRAM main
        VAR x : INT; b : BOOL; s : STRING[4]; c : (red, green); list : ARRAY [1..3] OF INT; END_VAR
        VAR CONSTANT k : INT := 1; END_VAR
        END_PROGRAM
    """)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the words differ)
        image.write(path, value)
    assert words in str(caught.value)


def test_forced_variables_hold_until_released():
    image = started(
        "PROGRAM main VAR n : INT; END_VAR n := n + 1; count := n; lamp := n > 2; END_PROGRAM", IO
    )
    image.force("main.n", 40)
    image.force("lamp", False)
    other = compile_st(
        "PROGRAM main VAR n : INT; END_VAR n := n + 1; count := n; lamp := n > 2; END_PROGRAM", IO
    ).start()
    other.load(json.loads(json.dumps(image.save())))
    for running in (image, other):
        for number in range(3):
            running.scan(time_ns=number)
            assert (running.read("main.n"), running.outputs) == (40, [False, 41])
        running.release("main.n")
        running.release("lamp")
        running.scan(time_ns=9)
        running.scan(time_ns=10)
        assert (running.read("main.n"), running.outputs) == (42, [True, 42])


def test_tasks_share_points_and_globals():
    program = compile_st(
        """
        CONFIGURATION cell
          VAR_GLOBAL shared : INT; END_VAR
          RESOURCE plc ON soft
            TASK slow (INTERVAL := T#100ms, PRIORITY := 5);
            TASK fast (INTERVAL := T#10ms, PRIORITY := 1);
            PROGRAM one WITH fast : Adder;
            PROGRAM two WITH fast : Adder;
            PROGRAM three WITH slow : Shower;
          END_RESOURCE
        END_CONFIGURATION
        PROGRAM Adder VAR own : INT; END_VAR own := own + 1; shared := shared + own; END_PROGRAM
        PROGRAM Shower count := shared; END_PROGRAM
        """,
        IO,
    )
    tasks = [(t.name, t.interval_s, t.priority, t.programs) for t in program.tasks]
    assert tasks == [("slow", 0.1, 5, ("three",)), ("fast", 0.01, 1, ("one", "two"))]
    image = program.start()
    image.scan(1, time_ns=0)
    image.scan(1, time_ns=10 * MS)
    assert image.outputs[1] == 0
    image.scan(0, time_ns=10 * MS)
    assert image.outputs[1] == 6
    assert image.read("one.own") == image.read("two.own") == 2


def test_a_forced_value_is_no_reason_to_scan_again():
    image = started("PROGRAM main lamp := button; END_PROGRAM", IO)
    image.force("lamp", True)
    assert [image.scan(time_ns=number) for number in range(3)] == [False, False, False]


def test_inputs_keep_their_number():
    image = started("PROGRAM main END_PROGRAM", IO)
    image.inputs.append(True)
    with pytest.raises(ValueError, match="holds 4 values"):
        image.scan(time_ns=0)


def test_zeros_of_other_sign_are_a_change():
    image = started("""
        PROGRAM main
        VAR x : LREAL; y : LREAL := 3.141592653589793; END_VAR
        x := -x; y := ATAN2(x, -1.0);
        END_PROGRAM
    """)
    seen = []
    for number in range(4):
        changed = image.scan(time_ns=number)
        seen.append((changed, image.read("main.y") > 0))
    assert seen == [(True, False), (True, True), (True, False), (True, True)]


HOSTILE = """
FUNCTION_BLOCK exec VAR_INPUT __class__ : INT; END_VAR VAR_OUTPUT __dict__ : INT; END_VAR
__dict__ := __class__; END_FUNCTION_BLOCK
FUNCTION __import__ : INT VAR_INPUT os : INT; END_VAR __import__ := os + 1; END_FUNCTION
PROGRAM eval
VAR s, t, b, U, P, globals, lambda_ : INT; __builtins__ : exec; k1, v1, f1, c1 : INT;
None_, self, print : STRING := '__import__("os").system("x")'; END_VAR
s := __import__(t); __builtins__(__class__ := s, __dict__ => globals); U := P + globals;
k1 := v1 + f1 + c1 + U; print := CONCAT(self, None_);
FOR b := 0 TO 2 DO t := t + b; END_FOR;
END_PROGRAM
"""


def code_objects(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from code_objects(constant)


def test_no_name_of_the_source_is_a_name_of_python():
    program = compile_st(HOSTILE)
    image = program.start()
    image.scan(time_ns=0)
    assert image.read("eval.globals") == 1
    runs = [run for task in program._layout.tasks for run in task]
    reach = runs[0].__globals__
    assert reach["__builtins__"] == {}
    made = {value.__code__ for value in reach.values() if hasattr(value, "__code__")}
    ours = [run.__code__ for run in runs] + [c for c in made if c.co_filename == "<st>"]
    assert len(ours) >= 3
    for code in ours:
        for part in code_objects(code):
            names = set(part.co_names)
            assert names <= set(HELPERS) | set(reach)
            assert not names & {"exec", "eval", "__import__", "globals", "print", "self"}
            kinds = {step.opname for step in dis.get_instructions(part)}
            assert not kinds & {"LOAD_ATTR", "LOAD_METHOD", "IMPORT_NAME", "STORE_ATTR"}


def test_errors_of_compilation_are_no_other_exception():
    with pytest.raises(CompileError):
        compile_st("\x00\ud800 PROGRAM")
