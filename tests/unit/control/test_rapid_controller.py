# ruff: noqa: E501 (programs are read along their lines)
"""What a person does with a program: run, stop, step, breakpoints, pointer, data, teaching."""

from contextlib import suppress

import pytest

from twin.kernel.errors import CommandRefused
from twin.plant.robot.placement import Placement
from twin.spec.messages import phrase

from .rapid_bench import Station, module
from .rapid_conformance import AT

PROGRAM = f"""MODULE m
  CONST robtarget p1:={AT};
  CONST robtarget p2:=[[400,100,300],[0,0,1,0],[0,0,0,0],[9E9,9E9,9E9,9E9,9E9,9E9]];
  PERS tooldata tool1:=[TRUE,[[0,0,100],[1,0,0,0]],[1,[0,0,1],[1,0,0,0],0,0,0]];
  PERS wobjdata table:=[FALSE,TRUE,"",[[1000,0,0],[1,0,0,0]],[[0,0,500],[1,0,0,0]]];
  VAR num n;
  PERS num kept:=0;
  VAR string s;
  VAR num a{{2}};
  PROC main()
    n := n + 1;
    kept := kept + 1;
    MoveL p1, v100, z10, tool1;
    SetDO do1, 1;
    work 3;
    MoveL p2, v100, fine, tool1;
    SetDO do1, 0;
    WaitTime 2;
  ENDPROC
  PROC work(num k)
    VAR num inner;
    inner := k;
    n := n + inner;
  ENDPROC
  PROC other()
    n := 100;
    WaitTime 1;
  ENDPROC
ENDMODULE
"""
MAIN = {line.strip(): number for number, line in enumerate(PROGRAM.split("\n"), start=1)}


def station(**args):
    return Station(PROGRAM, **args)


def test_runs_again_and_again_until_it_is_stopped():
    s = station(runs=True)
    assert s.program.running is False
    s.until(20.0)
    assert s.program.running
    assert [entry[:2] for entry in s.mover.log[:7]] == [
        (0.0, "linear"), (0.8, "do1"), (0.8, "linear"), (1.8, "do1"),
        (3.8, "linear"), (4.6, "do1"), (4.6, "linear"),
    ]  # fmt: skip
    s.give("rapid_stop")
    assert s.program.status()["mode"] == "stopped"


def test_a_single_cycle_ends_at_main():
    s = station()
    s.give("rapid_run", cycle="single")
    s.until(20.0)
    status = s.program.status()
    assert (status["mode"], status["line"], status["cycle"]) == (
        "ready",
        MAIN["n := n + 1;"],
        "single",
    )
    assert s.value("n") == "4"


def test_a_main_that_takes_no_time_is_done_once():
    s = Station("MODULE m\nVAR num n;\nPROC main()\nn := n + 1;\nENDPROC\nENDMODULE")
    s.give("rapid_run")
    s.until(5.0)
    assert (s.machine.mode, s.value("n")) == ("ready", "1")


def test_var_data_begins_anew_at_main_and_pers_stays():
    s = station()
    for _ in range(2):
        s.give("rapid_run", cycle="single")
        s.until(s.env.time_s + 10.0)
    assert s.value("n") == "8"
    s.give("rapid_main")
    assert (s.value("n"), s.value("kept")) == ("0", "2")


def test_stop_pauses_on_the_path_and_start_goes_on():
    s = station()
    s.give("rapid_run")
    s.until(0.5)
    s.give("rapid_stop")
    assert s.mover.log[-1] == (0.5, "pause", "")
    s.until(9.0)
    assert [entry[1] for entry in s.mover.log] == ["linear", "pause"]
    s.give("rapid_run")
    s.until(9.31)
    assert s.mover.log[2:4] == [(9.0, "resume", ""), (9.3, "do1", True)]


def test_time_to_wait_stands_still_while_the_program_does():
    s = Station("MODULE m\nPROC main()\nWaitTime 2;\nSetDO do1,1;\nENDPROC\nENDMODULE")
    s.give("rapid_run", cycle="single")
    s.until(0.5)
    s.give("rapid_stop")
    s.until(10.0)
    s.give("rapid_run", cycle="single")
    s.until(20.0)
    assert s.mover.log == [(11.5, "do1", True)]


def test_steps_one_statement_at_a_time_and_stops_at_each_point():
    s = station()
    lines = []
    for _ in range(10):
        lines.append(s.program.status()["line"])
        s.give("rapid_step")
        s.until(s.env.time_s + 3.0)
    names = {number: text for text, number in MAIN.items()}
    assert [names[line] for line in lines] == [
        "n := n + 1;", "kept := kept + 1;", "MoveL p1, v100, z10, tool1;", "SetDO do1, 1;",
        "work 3;", "inner := k;", "n := n + inner;", "MoveL p2, v100, fine, tool1;",
        "SetDO do1, 0;", "WaitTime 2;",
    ]  # fmt: skip
    assert [move.fine for move in s.mover.moves] == [True, True]


def test_a_step_over_does_a_whole_routine():
    s = station()
    s.give("rapid_pointer", line=MAIN["work 3;"])
    s.give("rapid_step", over=True)
    assert (s.program.status()["line"], s.value("n")) == (MAIN["MoveL p2, v100, fine, tool1;"], "3")


def test_breakpoints_stop_ahead_of_the_line():
    s = station()
    s.give("rapid_break", line=MAIN["n := n + inner;"])
    s.give("rapid_run")
    s.until(10.0)
    status = s.program.status()
    assert (status["mode"], status["line"], status["routine"]) == (
        "stopped",
        MAIN["n := n + inner;"],
        "work",
    )
    assert ("inner", "3") in [(v["name"], v["value"]) for v in status["variables"]]
    assert status["motion_line"] == MAIN["MoveL p1, v100, z10, tool1;"]
    s.give("rapid_break", line=MAIN["n := n + inner;"], on=False)
    s.give("rapid_run")
    s.until(14.0)
    assert s.program.status()["mode"] == "run"
    assert s.program.status()["breakpoints"] == []


def test_the_pointer_goes_to_a_line_or_a_routine():
    s = station()
    s.give("rapid_pointer", line=MAIN["SetDO do1, 0;"])
    s.give("rapid_run", cycle="single")
    s.until(1.0)
    assert s.mover.log == [(0.0, "do1", False)]
    s.give("rapid_stop")
    s.give("rapid_pointer", line=MAIN["n := 100;"])
    assert s.program.status()["routine"] == "other"
    with pytest.raises(CommandRefused, match="no statement in line"):
        s.give("rapid_pointer", line=MAIN["inner := k;"])
    with pytest.raises(CommandRefused, match="no statement in line 1"):
        s.give("rapid_pointer", line=1)


@pytest.mark.parametrize(
    ("name", "given", "shown"),
    [
        ("n", 5, "5"), ("n", "2.5", "2.5"), ("s", "hello", '"hello"'), ("a{2}", 7, None),
        ("tool1.tframe.trans.z", 150, None), ("a", "[3,4]", "[3,4]"), ("N", 6, "6"),
    ],
)  # fmt: skip
def test_data_are_written(name, given, shown):
    s = station()
    s.give("rapid_write", name=name, value=given)
    if shown is not None:
        assert s.value(name.lower()) == shown
    if "tool1" in name:
        assert s.value("tool1").startswith("[TRUE,[[0,0,150]")
    if name == "a{2}":
        assert s.value("a") == "[0,7]"


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("m", 5, "no data `m`"), ("p1", "[[1,2,3]]", "CONST"), ("n", "abc", "is no num"),
        ("n", True, "is no num"), ("n", "1; Stop", "is no num"), ("a{3}", 1, "outside"),
        ("a", "[1]", "does not go"), ("s", "x" * 81, "is no string"), ("n", None, "is no num"),
        ("keptt", 1, "did you mean `kept`"), ("n; Stop", 1, "no data"), ("n", 1e308, "is no num"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_told(name, given, told):
    with pytest.raises(CommandRefused, match=told):
        station().give("rapid_write", name=name, value=given)


def test_a_point_is_taught_in_the_text_and_the_program_stays_where_it_is():
    s = station()
    s.give("rapid_break", line=MAIN["MoveL p2, v100, fine, tool1;"])
    s.give("rapid_run")
    s.until(5.0)
    before = s.program.status()
    s.program.teach("p2", Placement(0.4567891, -0.1, 0.25, 0.0, 0.0, 1.0, 0.0), (0, -1, 1, 0), ())
    after = s.program.status()
    line = after["text"].split("\n")[2]
    assert line == (
        "  CONST robtarget p2:=[[456.789,-100,250],[0,0,1,0],[0,-1,1,0],[9E9,9E9,9E9,9E9,9E9,9E9]];"
    )
    assert (after["line"], after["mode"], s.value("n")) == (before["line"], "stopped", "4")
    s.give("rapid_run")
    s.until(7.0)
    assert s.mover.moves[-1].target.place == pytest.approx((0.456789, -0.1, 0.25))
    assert s.mover.moves[-1].configuration == (0, -1, 1, 0)


def test_a_new_point_is_declared_and_everything_else_stays():
    s = station()
    s.give("rapid_break", line=MAIN["n := n + inner;"])
    s.give("rapid_run")
    s.until(5.0)
    s.program.teach("p3", Placement(0.1, 0.2, 0.3), (0, 0, 0, 0), ())
    status = s.program.status()
    assert status["line"] == MAIN["n := n + inner;"] + 1
    assert status["breakpoints"] == [status["line"]]
    assert [p["name"] for p in status["points"]] == ["p1", "p2", "p3"]
    assert status["points"][2]["value"][0] == (100.0, 200.0, 300.0)
    assert (s.value("kept"), s.value("inner")) == ("1", "3")
    s.give("rapid_run")
    s.until(5.5)
    assert s.value("n") == "4"
    s.give("rapid_stop")
    for bad in ("two words", "MoveL", "n", "x" * 33, "IF", ""):
        with pytest.raises(CommandRefused, match="cannot be taught"):
            s.program.teach(bad, Placement(), (0, 0, 0, 0), ())


def test_tools_work_objects_and_targets_are_found_by_name():
    program = station().program
    assert program.tools() == ("tool1",)
    assert program.wobjs() == ("table",)
    assert program.tool("TOOL1").tip.z == pytest.approx(0.1)
    assert program.tool("p1") is None
    assert program.wobj("table").place == pytest.approx((1.0, 0.0, 0.5))
    at, configuration, external = program.target("p1")
    assert at.place == pytest.approx((0.5, 0.0, 0.3))
    assert (configuration, external) == ((0, 0, 0, 0), ())
    assert program.target("nothing") is None


def test_another_text_is_loaded_or_refused_with_its_line():
    s = station()
    with pytest.raises(CommandRefused, match="in line 3"):
        s.give("rapid_load", text="MODULE m\nPROC main()\nx := 1;\nENDPROC\nENDMODULE")
    s.give("rapid_run")
    with pytest.raises(CommandRefused, match="stop it first"):
        s.give("rapid_load", text=PROGRAM)
    s.give("rapid_stop")
    s.give("rapid_load", text="MODULE m\nPROC main()\nStop;\nENDPROC\nENDMODULE")
    assert (s.program.status()["mode"], s.program.status()["line"]) == ("ready", 3)
    s.give("rapid_load", text="")
    assert s.program.status()["mode"] == "empty"
    with pytest.raises(CommandRefused, match="no program"):
        s.give("rapid_run")


def test_other_values_in_the_text_leave_the_pointer_where_it_is():
    s = station()
    s.give("rapid_break", line=MAIN["n := n + inner;"])
    s.give("rapid_run")
    s.until(5.0)
    s.give("rapid_load", text=PROGRAM.replace("p2:=[[400", "p2:=[[444"))
    assert (s.program.status()["routine"], s.value("n")) == ("work", "1")
    assert s.value("p2").startswith("[[444")


@pytest.mark.parametrize(
    ("around", "told"),
    [
        ("FUNC num f()\nENDFUNC", "rapid.run.no_result"),
        ("FUNC num f()\nVAR num a{100,100,5};\nRETURN f();\nENDFUNC", "rapid.run.room"),
    ],
)
def test_an_error_outside_of_any_statement_is_told_again_at_each_start(around, told):
    s = Station(module("n := f();", data="VAR num n;", around=around))
    for _ in range(3):
        s.give("rapid_run")
        assert (s.machine.mode, s.machine.error[0]) == ("error", told)


def test_a_refused_movement_stops_with_its_line_and_can_be_tried_again():
    s = station()
    s.mover.refuse, s.mover.refuse_values = "rapid.run.no_speed", {}
    s.give("rapid_run")
    s.until(1.0)
    status = s.program.status("zh")
    assert (status["mode"], status["error_line"]) == ("error", MAIN["MoveL p1, v100, z10, tool1;"])
    assert "速度" in status["error"]
    s.mover.refuse = None
    s.give("rapid_run")
    s.until(2.0)
    assert s.program.status()["mode"] == "run"
    assert s.value("kept") == "1"


def test_a_stop_of_the_arm_stops_the_program_with_the_reason():
    s = station()
    s.give("rapid_run")
    s.until(0.4)
    s.mover.pause()
    s.program.stopped(phrase("rapid.run.no_speed"))
    assert s.program.running is False
    assert "speed" in s.program.status()["error"]
    s.until(3.0)
    s.program.run()
    assert s.program.running
    s.until(5.0)
    assert (s.mover.log[2], s.mover.log[3]) == ((3.0, "resume", ""), (3.4, "do1", True))


def test_a_robot_that_is_not_ready_does_not_run():
    s = station()
    s.mover.ready = False
    with pytest.raises(CommandRefused, match="motors on"):
        s.give("rapid_run")
    s.program.run()
    assert s.program.running is False


def test_without_a_program_there_is_nothing_to_run():
    s = Station("")
    assert s.program.status()["mode"] == "empty"
    for verb in ("rapid_run", "rapid_stop", "rapid_main"):
        with pytest.raises(CommandRefused, match="no program"):
            s.give(verb)


ODD = (None, True, -1, 0, 1.5, 10**9, "", "x", "a{9}", "[1,2", [], {"a": 1}, "main", float("inf"))


@pytest.mark.parametrize("verb", sorted(Station(PROGRAM).program.verbs))
def test_odd_arguments_are_refused_in_a_sentence_or_do_no_harm(verb):
    for name in ("line", "name", "value", "text", "on", "cycle", "over"):
        for odd in ODD:
            s = station()
            args = {"name": "n", "value": 1, "line": MAIN["n := 100;"], name: odd}
            with suppress(CommandRefused):
                s.give(verb, **args)
            s.until(3.0)
            assert s.program.status()["mode"] in ("ready", "run", "stopped", "error", "empty")


def test_a_new_value_is_seen_by_a_condition_that_waits_for_it():
    s = Station(
        "MODULE m\nVAR num n;\nPROC main()\nWaitUntil n = 5;\nSetDO do1,1;\nENDPROC\nENDMODULE"
    )
    s.give("rapid_run", cycle="single")
    s.until(3.0)
    s.give("rapid_write", name="n", value=5)
    s.until(4.0)
    assert s.mover.log == [(3.0, "do1", True)]
    assert s.env.events < 10, "nobody looks at it meanwhile"


def test_logic_waits_for_the_plc_and_hears_it_at_once():
    source = "MODULE m\nPROC main()\nWaitDI di1,1;\nSetDO do1,1;\nWaitDI di1,0;\nSetDO do1,0;\nENDPROC\nENDMODULE"
    s = Station(source, plan=((1.25, "di1", True), (2.5, "di1", False)))
    s.give("rapid_run", cycle="single")
    s.until(10.0)
    assert s.mover.log == [(1.25, "do1", True), (2.5, "do1", False)]


def test_a_program_that_ended_with_an_error_says_so_to_the_robot():
    s = Station("MODULE m\nVAR num n;\nPROC main()\nn := 1 / n;\nENDPROC\nENDMODULE")
    assert s.program.error is None
    s.give("rapid_run")
    assert s.program.error.key == "rapid.run.div_zero"
    s.give("rapid_main")
    assert s.program.error is None


def test_a_snapshot_holds_the_text_with_the_points_that_were_taught():
    s = station()
    s.give("rapid_break", line=MAIN["n := n + inner;"])
    s.give("rapid_run")
    s.until(5.0)
    s.program.teach("p3", Placement(0.1, 0.2, 0.3), (0, 0, 0, 0), ())
    other = station()
    other.restore(s.snapshot())
    assert other.program.status() == s.program.status()
    for each in (s, other):
        each.give("rapid_run")
        each.until(9.0)
    assert other.snapshot() == s.snapshot()
