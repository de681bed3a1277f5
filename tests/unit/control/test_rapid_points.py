# ruff: noqa: E501 (programs are read along their lines)
"""Points of a program: deleted, renamed, taken back; with what they are used; why a program stands."""

import pytest

from twin.kernel.errors import CommandRefused
from twin.plant.robot.placement import Placement

from .rapid_bench import Station, module

ZERO = "[[500,0,300],[0,0,1,0],[0,0,0,0],[9E9,9E9,9E9,9E9,9E9,9E9]]"
PROGRAM = f"""MODULE m
  ! where the parts lie
  CONST robtarget pick:={ZERO}; ! at the belt
  LOCAL CONST robtarget spare
    :={ZERO};
  CONST robtarget place:={ZERO};
  PERS tooldata cup:=[TRUE,[[0,0,100],[1,0,0,0]],[1,[0,0,1],[1,0,0,0],0,0,0]];
  PERS wobjdata tray:=[FALSE,TRUE,"",[[1000,0,0],[1,0,0,0]],[[0,0,500],[1,0,0,0]]];
  PERS wobjdata moved:=[FALSE,FALSE,"belt",[[0,0,0],[1,0,0,0]],[[0,0,0],[1,0,0,0]]];
  VAR num n;
  PROC main()
    VAR robtarget pick_up;
    n := n + 1;
    MoveJ Offs(PICK,0,0,50), v100, z10, cup \\WObj:=tray;
    ! pick and place
    MoveL pick, v100, fine, cup\\WObj:=tray;
    MoveL place, v100, fine, tool0;
    TPWrite "pick";
    WaitTime 2;
  ENDPROC
ENDMODULE
"""
LINE = {line.strip(): number for number, line in enumerate(PROGRAM.split("\n"), start=1)}


def stands(text=PROGRAM):
    """A program that stands at the third movement, with a breakpoint behind it."""
    s = Station(text)
    third = LINE["MoveL place, v100, fine, tool0;"]
    for line in (third, LINE["WaitTime 2;"]):
        s.give("rapid_break", line=line)
    s.give("rapid_run")
    s.until(5.0)
    assert s.program.status()["line"] == third
    return s


def names(s):
    return [point["name"] for point in s.program.points()]


def test_a_point_that_nobody_uses_is_deleted_with_its_lines():
    s = stands()
    before = s.program.status()
    s.give("point_delete", name="SPARE")
    after = s.program.status()
    lines = PROGRAM.split("\n")
    assert after["text"] == "\n".join(lines[:3] + lines[5:])
    assert names(s) == ["pick", "place"]
    assert after["line"] == before["line"] - 2
    assert after["breakpoints"] == [line - 2 for line in before["breakpoints"]]
    assert (after["mode"], s.value("n")) == ("stopped", "1")
    s.give("rapid_run")
    s.until(10.0)
    assert s.program.status()["line"] == LINE["WaitTime 2;"] - 2


def test_a_point_that_is_used_is_kept_and_the_lines_are_named():
    s = stands()
    with pytest.raises(CommandRefused, match=r"line 14, 16"):
        s.give("point_delete", name="pick")
    with pytest.raises(CommandRefused, match=r"no point 'pik'.*pick"):
        s.give("point_delete", name="pik")
    with pytest.raises(CommandRefused, match="no point 'cup'"):
        s.give("point_delete", name="cup")
    assert s.program.status()["text"] == PROGRAM


def test_a_point_is_renamed_wherever_it_is_used_and_nowhere_else():
    s = stands()
    s.give("point_rename", name="pick", to="take")
    after = s.program.status()
    assert after["text"] == (
        PROGRAM.replace("robtarget pick:", "robtarget take:")
        .replace("Offs(PICK", "Offs(take").replace("MoveL pick", "MoveL take")
    )  # fmt: skip
    assert names(s) == ["take", "spare", "place"]
    assert (after["mode"], s.value("n")) == ("stopped", "1")
    s.give("point_rename", name="take", to="TAKE")
    assert names(s)[0] == "TAKE"
    s.give("rapid_main")
    s.give("rapid_run")
    s.until(20.0)
    assert s.program.status()["line"] == LINE["MoveL place, v100, fine, tool0;"]
    assert (s.program.status()["reason"], len(s.mover.moves)) == ("break", 4)


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("2 bad name", "begins with a letter"),
        ("x" * 33, "at most 32"),
        ("", "begins with a letter"),
        ("place", r"there already \(line 6\)"),
        ("Pick_up", r"there already \(line 12\)"),
        ("IF", "something else"),
        ("MoveL", "there already"),
        ("MoveC", "something else"),
    ],
)
def test_a_name_that_cannot_be_had_is_refused(to, told):
    s = stands()
    with pytest.raises(CommandRefused, match=told):
        s.give("point_rename", name="pick", to=to)
    assert s.program.status()["text"] == PROGRAM


def test_the_last_change_is_taken_back():
    s = stands()
    with pytest.raises(CommandRefused, match="no change"):
        s.give("point_undo")
    for verb, args in (
        ("point_delete", {"name": "spare"}), ("point_rename", {"name": "place", "to": "put"}),
    ):  # fmt: skip
        before = s.program.status()
        s.give(verb, **args)
        assert s.program.status()["undo"]
        s.give("point_undo")
        after = s.program.status()
        for key in ("text", "line", "breakpoints", "mode", "variables", "undo"):
            assert after[key] == before[key], key
    s.program.teach("place", Placement(0.1, 0.2, 0.3), (0, 0, 0, 0), ())
    s.program.teach("fresh", Placement(0.1, 0.2, 0.3), (0, 0, 0, 0), ())
    assert "fresh" in names(s)
    s.give("point_undo")
    assert names(s) == ["pick", "spare", "place"]
    assert s.value("place").startswith("[[100,200,300]")
    s.give("rapid_run")
    s.until(6.0)
    assert s.mover.moves[-1].target.place == pytest.approx((0.1, 0.2, 0.3))


def test_what_can_be_taken_back_is_part_of_a_snapshot():
    s = stands()
    s.give("point_delete", name="spare")
    fresh = Station(PROGRAM)
    fresh.restore(s.snapshot())
    fresh.give("point_undo")
    assert fresh.program.status()["text"] == PROGRAM


def test_nothing_is_changed_while_it_runs():
    s = Station(PROGRAM)
    s.give("rapid_run")
    s.until(0.5)
    for verb, args in (
        ("point_delete", {"name": "spare"}), ("point_rename", {"name": "pick", "to": "take"}),
        ("point_undo", {}),
    ):  # fmt: skip
        with pytest.raises(CommandRefused, match="runs"):
            s.give(verb, **args)


def test_each_point_tells_with_what_the_program_moves_there():
    found = {point["name"]: point for point in Station(PROGRAM).program.points()}
    told = {name: (point["tool"], point["wobj"], point["lines"]) for name, point in found.items()}
    assert told == {
        "pick": ("cup", "tray", [14, 16]),
        "spare": ("", "", []),
        "place": ("tool0", "wobj0", [17]),
    }


def test_a_pendant_begins_with_what_the_program_moves_with():
    tool, wobj, frame = Station(PROGRAM).program.hand()
    assert (tool.name, tool.tip.z, wobj) == ("cup", 0.1, "tray")
    assert frame.place == pytest.approx((1.0, 0.0, 0.5))
    # A work object that a belt moves is nothing to teach in.
    assert Station(PROGRAM.replace("WObj:=tray", "WObj:=moved")).program.hand()[1:] == (
        "wobj0",
        None,
    )
    only = Station(module("n := 1;", data=f"VAR num n;\n{PROGRAM.splitlines()[6]}")).program.hand()
    assert (only[0].name, only[1]) == ("cup", "wobj0")
    assert Station(module("n := 1;", data="VAR num n;")).program.hand()[0].name == "tool0"
    assert Station("").program.hand()[0].name == "tool0"


def test_it_says_why_it_does_not_run():
    s = Station(PROGRAM)
    reason = lambda: s.program.status()["reason"]  # noqa: E731 - short
    assert reason() == "loaded"
    s.give("rapid_break", line=16)
    s.give("rapid_run", cycle="single")
    assert reason() == ""
    s.until(5.0)
    assert reason() == "break"
    s.give("rapid_break", line=16, on=False)
    s.give("rapid_step")
    s.until(10.0)
    assert reason() == "step"
    s.give("rapid_run", cycle="single")
    s.until(11.5)
    s.give("rapid_stop")
    assert reason() == "stop"
    s.give("rapid_run", cycle="single")
    s.until(30.0)
    assert (reason(), s.program.status()["mode"]) == ("end", "ready")
    s.give("rapid_pointer", line=16)
    assert reason() == "pointer"
    s.give("rapid_main")
    assert reason() == "main"
    assert not s.program.status()["bare"]
    assert Station(module("")).program.status()["bare"]
    stop = Station(module("Stop;"))
    stop.give("rapid_run")
    stop.until(1.0)
    assert stop.program.status()["reason"] == "statement"


def test_after_an_error_start_does_the_statement_again():
    s = Station(module("n := 1 / d;\nn := n + 1;", data="VAR num n;\nVAR num d;"))
    s.give("rapid_run", cycle="single")
    s.until(1.0)
    assert (s.program.status()["mode"], s.program.status()["reason"]) == ("error", "")
    s.give("rapid_write", name="d", value=2.0)
    s.give("rapid_run", cycle="single")
    s.until(2.0)
    assert (s.value("n"), s.program.status()["reason"]) == ("1.5", "end")
