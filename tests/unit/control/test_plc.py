"""The soft PLC beside its workcell: who drives, what force and fault do, stop, step, exchange."""

import pytest

from twin.control.line import ProgramError, build, check_programs
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.spec.line import LineSpec

PROGRAM = """PROGRAM main
VAR n : INT; wait : TON; END_VAR
belt_run := eye OR panel_start;
wait(IN := eye, PT := T#500ms);
light_green := wait.Q;
END_PROGRAM
"""


def document(program=PROGRAM, **control):
    bodies = [
        {"id": "belt", "kind": "belt", "length_m": 2.0, "speed_m_s": 0.5, "drive": "analog"},
        {"id": "eye", "kind": "sensor", "sees": "belt", "along_m": 1.0},
        {"id": "door", "kind": "entry", "to": "belt"},
        {"id": "end", "kind": "exit", "from": "belt"},
        {"id": "panel", "kind": "panel"},
        {"id": "light", "kind": "stack_light"},
    ]
    return {
        "schema": "pilotline.line/1",
        "id": "small",
        "parts": [{"id": "box"}],
        "assets": [
            {"id": "feed", "kind": "source", "part": "box", "limit": 1},
            {
                "id": "cell",
                "kind": "workcell",
                "bodies": bodies,
                "control": {"program": {"text": program}, **control},
            },
            {"id": "out", "kind": "sink"},
        ],
        "flow": [["feed", "cell", "out"]],
    }


def without_program():
    given = document()
    del given["assets"][1]["control"]["program"]
    return given


def alive(program=PROGRAM, **control):
    spec = LineSpec.model_validate(document(program, **control))
    return Runner(build(spec), Header(spec.document()))


def cell_of(runner):
    return runner.plant.assets["cell"]


def plc_of(runner):
    return cell_of(runner).controller


def give(runner, verb, target, at_s=None, by="student", **args):
    return runner.apply(Command(verb, target, args, by), at_s=at_s)


def value(runner, point):
    return cell_of(runner).points[point].value


def test_inputs_are_read_and_outputs_written_at_the_scan():
    runner = alive()
    give(runner, "write", "cell/panel_start", 0.0234, value=True)
    assert value(runner, "belt_run") is False
    runner.run_until(0.03)
    assert value(runner, "belt_run") is True
    assert cell_of(runner).points["belt_run"].time_s == pytest.approx(0.03)


def test_a_forced_input_is_what_the_program_sees_until_it_is_released():
    runner = alive()
    give(runner, "force", "cell/eye", 1.0, value=True)
    runner.run_until(1.2)
    assert value(runner, "belt_run") is True
    give(runner, "release", "cell/eye", 1.3)
    runner.run_until(1.4)
    assert value(runner, "belt_run") is False


def test_a_forced_output_wins_over_the_program():
    runner = alive()
    give(runner, "force", "cell/light_green", 0.1, value=True)
    runner.run_until(1.0)
    assert value(runner, "light_green") is True
    assert cell_of(runner).points["light_green"].raw is False


def test_an_input_cannot_be_written():
    runner = alive()
    with pytest.raises(CommandRefused, match="force"):
        give(runner, "write", "cell/eye", 0.1, value=True)


def test_whoever_writes_an_output_first_has_the_cell_and_can_give_it_back():
    runner = alive()
    give(runner, "write", "cell/light_red", 0.5, by="opcua:operator", value=True)
    assert cell_of(runner).owner == "opcua:operator"
    give(runner, "write", "cell/panel_start", 0.6, value=True)
    runner.run_until(1.0)
    assert value(runner, "belt_run") is False
    assert value(runner, "light_red") is True
    give(runner, "control", "cell", 1.0, owner="plc")
    runner.run_until(1.1)
    assert cell_of(runner).owner == "plc"
    assert value(runner, "belt_run") is True
    assert value(runner, "light_red") is False


def test_a_button_is_no_take_over():
    runner = alive()
    give(runner, "write", "cell/panel_start", 0.5, value=True)
    assert cell_of(runner).owner == "plc"


def test_stopped_it_lets_go_of_its_outputs_and_steps_scan_by_scan():
    runner = alive()
    give(runner, "write", "cell/panel_start", 0.1, value=True)
    runner.run_until(0.2)
    give(runner, "plc_stop", "cell", 0.3)
    assert value(runner, "belt_run") is False
    scans = plc_of(runner).scans
    runner.run_until(0.5)
    assert plc_of(runner).scans == scans
    give(runner, "plc_step", "cell", 0.6)
    assert plc_of(runner).scans == scans + 1
    assert value(runner, "belt_run") is True
    give(runner, "plc_run", "cell", 0.7)
    with pytest.raises(CommandRefused, match="already"):
        give(runner, "plc_run", "cell", 0.8)
    with pytest.raises(CommandRefused, match="stop"):
        give(runner, "plc_step", "cell", 0.8)


def test_a_fault_stops_it_and_says_where():
    runner = alive(PROGRAM.replace("belt_run :=", "n := 10 / n; belt_run :="))
    runner.run_until(1.0)
    plc = plc_of(runner)
    assert plc.mode == "fault"
    assert plc.fault_line == 3
    assert plc.fault_text("en") != plc.fault_text("zh")
    alarm = runner.plant.alarms.get("cell/plc_fault")
    assert alarm.active
    assert value(runner, "belt_run") is False


@pytest.mark.parametrize(
    "mend",
    [
        [("load_program", {"text": PROGRAM}), ("plc_run", {})],
        [("plc_stop", {}), ("plc_write", {"path": "main.n", "value": 5}), ("plc_run", {})],
        [("plc_write", {"path": "main.n", "value": 5}), ("plc_step", {}), ("plc_run", {})],
    ],
)
def test_the_alarm_of_a_fault_is_over_when_it_runs_again(mend):
    broken = "n := 10 / n; belt_run :="
    runner = alive(
        PROGRAM.replace("n : INT", "n : INT; once : BOOL").replace("belt_run :=", broken)
    )
    runner.run_until(0.5)
    for number, (verb, args) in enumerate(mend):
        give(runner, verb, "cell", 1.0 + number, **args)
    runner.run_until(3.005)
    assert not runner.plant.alarms.get("cell/plc_fault").active


def test_a_step_writes_nothing_while_somebody_else_drives():
    runner = alive("PROGRAM p\nbelt_run := TRUE;\nEND_PROGRAM", runs=False)
    give(runner, "write", "cell/light_red", 0.5, by="opcua:operator", value=True)
    give(runner, "plc_step", "cell", 0.6)
    assert cell_of(runner).owner == "opcua:operator"
    assert value(runner, "belt_run") is False
    assert value(runner, "light_red") is True


def test_a_wrong_program_is_refused_and_the_old_one_goes_on():
    runner = alive()
    with pytest.raises(CommandRefused, match=r"line 2.*bel_run"):
        give(runner, "load_program", "cell", 0.5, text="PROGRAM p\nbel_run := TRUE;\nEND_PROGRAM")
    give(runner, "write", "cell/panel_start", 0.6, value=True)
    runner.run_until(0.7)
    assert value(runner, "belt_run") is True


def test_another_program_takes_over_at_once():
    runner = alive()
    text = "PROGRAM p\nbelt_run := TRUE; belt_speed := 9.0;\nEND_PROGRAM"
    give(runner, "load_program", "cell", 0.5, text=text)
    runner.run_until(0.6)
    assert value(runner, "belt_run") is True
    assert value(runner, "belt_speed") == 0.5, "no converter goes beyond its bounds"


def test_what_is_no_number_does_not_reach_the_plant():
    text = "PROGRAM p\nVAR r : REAL := 1.0; END_VAR\nr := r * 1.0E30; belt_speed := r;\nEND_PROGRAM"
    runner = alive(text)
    runner.run_until(0.5)
    assert value(runner, "belt_speed") == 0.0


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_nobody_outside_writes_or_forces_what_is_no_number(number):
    runner = alive()
    for verb in ("write", "force"):
        with pytest.raises(CommandRefused, match="belt_speed"):
            give(runner, verb, "cell/belt_speed", 0.5, value=number)


def test_variables_can_be_seen_and_set():
    runner = alive()
    give(runner, "plc_write", "cell", 0.5, path="main.n", value=7)
    found = {path: (kind, now) for path, kind, now in plc_of(runner).variables()}
    assert found["main.n"] == ("INT", 7)
    with pytest.raises(CommandRefused):
        give(runner, "plc_write", "cell", 0.6, path="main.n", value=99999)
    with pytest.raises(CommandRefused):
        give(runner, "plc_write", "cell", 0.6, path="main.nothing", value=1)


def test_a_forced_variable_keeps_its_value_until_it_is_released():
    runner = alive(PROGRAM.replace("belt_run :=", "n := 3; belt_run :="))
    give(runner, "plc_force", "cell", 0.5, path="main.n", value=7)
    runner.run_until(0.6)
    found = {path: now for path, _, now in plc_of(runner).variables()}
    assert found["main.n"] == 7
    give(runner, "plc_release", "cell", 0.7, path="main.n")
    runner.run_until(0.8)
    found = {path: now for path, _, now in plc_of(runner).variables()}
    assert found["main.n"] == 3


def test_a_cell_that_nobody_drives_is_taken_by_the_first_program_that_runs():
    runner = Runner(build(LineSpec.model_validate(without_program())), Header({}))
    assert cell_of(runner).owner == ""
    give(runner, "load_program", "cell", 0.1, text=PROGRAM)
    give(runner, "plc_run", "cell", 0.2)
    give(runner, "write", "cell/panel_start", 0.3, value=True)
    runner.run_until(0.4)
    assert cell_of(runner).owner == "plc"
    assert value(runner, "belt_run") is True


def test_a_cell_without_a_program_waits_for_one():
    runner = alive("")
    runner.run_until(1.0)
    assert plc_of(runner).mode == "empty"
    with pytest.raises(CommandRefused, match="program"):
        give(runner, "plc_run", "cell", 1.1)


def test_a_line_with_a_wrong_program_says_file_line_and_column_in_both_languages():
    spec = LineSpec.model_validate(document("PROGRAM p\n  belt_run := 5;\nEND_PROGRAM"))
    with pytest.raises(ProgramError) as caught:
        check_programs(spec)
    assert str(caught.value).startswith("cell.st:2:")
    assert caught.value.text("zh") != caught.value.text("en")
    with pytest.raises(ProgramError):
        build(spec)


def test_when_a_controller_outside_is_lost_an_alarm_stands_until_it_is_back():
    runner = alive()
    give(runner, "lost", "cell", 1.0, by="device:plc")
    assert runner.plant.alarms.get("cell/controller").active
    give(runner, "found", "cell", 2.0, by="device:plc")
    assert not runner.plant.alarms.get("cell/controller").active
