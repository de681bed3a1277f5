"""Programs in the robots of a line: read from files, told with their place, run on a real arm."""

import json

import pytest

from twin.control.line import ProgramError, build, check_programs
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.spec.line import LineSpec
from twin.spec.load import load_line

pytest.importorskip("pinocchio")
pytest.importorskip("ruckig")
pytest.importorskip("coal")

PROGRAM = """MODULE m
  PERS tooldata grip:=[TRUE,[[0,0,100],[1,0,0,0]],[1,[0,0,1],[1,0,0,0],0,0,0]];
  VAR robtarget home;
  VAR num n;
  VAR num heard;
  PROC main()
    home := CRobT(\\Tool:=grip);
    WHILE TRUE DO
      MoveL Offs(home,0,0,-80),v300,z10,grip;
      SetDO busy,1;
      MoveJ Offs(home,50,100,-40),v500,z20,grip;
      MoveC Offs(home,0,150,0),Offs(home,-50,100,20),v300,fine,grip;
      SetDO busy,0;
      MoveJ home,v500,fine,grip;
      n := n + 1;
      IF go = 1 heard := heard + Twice(1);
      SetGO count,n;
    ENDWHILE
  ENDPROC
  FUNC num Twice(num x)
    WaitTime 0.35;
    RETURN 2*x;
  ENDFUNC
ENDMODULE
"""
PLC = """PROGRAM main
robot_go := robot_busy;
END_PROGRAM
"""


SOCKET = """MODULE m
  VAR socketdev plc;
  VAR rawbytes raw;
  VAR num job;
  VAR num size;
  VAR num total;
  PROC main()
    SocketCreate plc;
    SocketConnect plc,"192.168.0.10",2000;
    WHILE TRUE DO
      SocketReceive plc\\RawData:=raw\\ReadNoOfBytes:=6\\Time:=WAIT_MAX;
      UnpackRawBytes raw\\Network,1,job\\IntX:=INT;
      UnpackRawBytes raw\\Network,3,size\\Float4;
      WaitTime 0.1;
      total := total+job;
      ClearRawBytes raw;
      PackRawBytes total,raw\\Network,1\\IntX:=INT;
      SocketSend plc\\RawData:=raw;
    ENDWHILE
  ENDPROC
ENDMODULE
"""
SENDING = """PROGRAM main
VAR pulse : TON; END_VAR
link_job := 7; link_size := 2.5;
pulse(IN := link_connected AND NOT pulse.Q, PT := T#500ms);
link_send := pulse.Q;
END_PROGRAM
"""
LINK = {
    "id": "link",
    "kind": "channel",
    "robot": "robot",
    "port": 2000,
    "order": "big",
    "to_robot": [{"id": "job"}, {"id": "size", "type": "real"}],
    "to_plc": [{"id": "total"}],
}


def document(program, **robot):
    bodies = [
        {"id": "belt", "kind": "belt", "length_m": 2.0, "speed_m_s": 0.5, "at_m": [0, 3, 0]},
        {"id": "door", "kind": "entry", "to": "belt"},
        {"id": "end", "kind": "exit", "from": "belt"},
        {"id": "light", "kind": "stack_light", "at_m": [0, -3, 0]},
        {
            "id": "robot",
            "kind": "robot",
            "runs": True,
            "inputs": ["go"],
            "outputs": ["busy", {"id": "count", "type": "int"}],
            "program": program,
            **robot,
        },
    ]
    return {
        "schema": "pilotline.line/1",
        "id": "one_arm",
        "parts": [{"id": "box"}],
        "assets": [
            {"id": "feed", "kind": "source", "part": "box", "limit": 1},
            {
                "id": "cell",
                "kind": "workcell",
                "bodies": bodies,
                "control": {"program": {"text": PLC}},
            },
            {"id": "out", "kind": "sink"},
        ],
        "flow": [["feed", "cell", "out"]],
    }


def alive(program=PROGRAM):
    spec = LineSpec.model_validate(document({"text": program}))
    return Runner(build(spec), Header(spec.document()))


def program_of(runner):
    return runner.plant.assets["cell"].world.bodies["robot"].program


def give(runner, verb, **args):
    return runner.apply(Command(verb, "cell/robot", args, "student"))


def seen(runner):
    return {v["name"]: v["value"] for v in program_of(runner).status()["variables"]}


def test_a_program_drives_the_arm_and_speaks_with_the_plc():
    runner = alive()
    runner.run_until(30.0)
    status = program_of(runner).status()
    assert (status["mode"], status["error"]) == ("run", "")
    count = runner.plant.assets["cell"].points["robot_count"].value
    assert count >= 5
    assert seen(runner)["n"] in (str(count), str(count + 1))


def test_from_a_snapshot_at_any_time_it_goes_on_alike():
    straight = alive()
    straight.run_until(9.0)
    whole = json.dumps(straight.plant.snapshot())
    for at_s in (0.4, 1.37, 2.2, 3.01, 4.44, 5.5, 7.77):
        first, second = alive(), alive()
        first.run_until(at_s)
        second.restore(json.loads(json.dumps(first.snapshot())))
        second.run_until(9.0)
        assert json.dumps(second.plant.snapshot()) == whole


def test_stop_and_run_by_command_and_a_text_with_a_mistake_is_refused():
    runner = alive()
    runner.run_until(1.0)
    give(runner, "rapid_stop")
    runner.run_until(5.0)
    assert program_of(runner).status()["mode"] == "stopped"
    with pytest.raises(CommandRefused, match="in line 4"):
        give(runner, "rapid_load", text=PROGRAM.replace("VAR num n;", "VAR nom n;"))
    give(runner, "rapid_run")
    runner.run_until(12.0)
    assert program_of(runner).running


def test_a_target_out_of_reach_stops_the_program_at_its_line():
    runner = alive(PROGRAM.replace("Offs(home,50,100,-40)", "Offs(home,5000,0,0)"))
    runner.run_until(10.0)
    status = program_of(runner).status()
    assert (status["mode"], status["error_line"]) == ("error", 11)
    assert program_of(runner).error is not None
    assert status["error"]


def test_a_wrong_program_is_told_with_its_place(tmp_path):
    (tmp_path / "arm.mod").write_text(PROGRAM.replace("SetDO busy,1", "SetDO bussy,1"))
    file = tmp_path / "line.yaml"
    file.write_text(json.dumps(document("arm.mod")))
    spec = load_line(file)
    with pytest.raises(ProgramError) as caught:
        check_programs(spec)
    assert str(caught.value).startswith("arm.mod:10:13: there is no signaldo `bussy`; did you mean")
    with pytest.raises(ProgramError, match=r"arm\.mod:10:13"):
        build(spec)


def test_a_file_that_is_missing_is_told(tmp_path):
    file = tmp_path / "line.yaml"
    file.write_text(json.dumps(document("arm.mod")))
    with pytest.raises(Exception, match=r"arm\.mod"):
        load_line(file)


def test_the_program_of_the_file_is_in_the_line(tmp_path):
    (tmp_path / "arm.mod").write_text(PROGRAM)
    file = tmp_path / "line.yaml"
    file.write_text(json.dumps(document("arm.mod")))
    spec = load_line(file)
    check_programs(spec)
    assert spec.assets[1].bodies[-1].program.text == PROGRAM


def connected():
    given = document({"text": SOCKET})
    cell = given["assets"][1]
    cell["bodies"].append(LINK)
    cell["control"]["program"]["text"] = SENDING
    spec = LineSpec.model_validate(given)
    return Runner(build(spec), Header(spec.document()))


def test_the_plc_and_the_program_exchange_frames_over_a_socket():
    straight = connected()
    straight.run_until(5.3)
    points = straight.plant.assets["cell"].points
    assert points["link_connected"].value is True
    assert points["link_received"].value >= 8
    assert points["link_total"].value == 7 * points["link_received"].value
    assert seen(straight)["size"] == "2.5"
    whole = json.dumps(straight.plant.snapshot())
    for at_s in (0.0, 0.25, 0.503, 0.55, 1.01, 3.33):
        first, second = connected(), connected()
        first.run_until(at_s)
        second.restore(json.loads(json.dumps(first.snapshot())))
        second.run_until(5.3)
        assert json.dumps(second.plant.snapshot()) == whole
    give(straight, "rapid_stop")
    give(straight, "rapid_main")
    assert points["link_connected"].value is False


def test_a_line_without_a_program_for_its_robot_runs():
    given = document({"text": ""})
    runner = Runner(build(LineSpec.model_validate(given)), Header(given))
    runner.run_until(2.0)
    assert program_of(runner).status()["mode"] == "empty"


ASKING = """MODULE m
  PERS tooldata grip:=[TRUE,[[0,0,100],[1,0,0,0]],[1,[0,0,1],[1,0,0,0],0,0,0]];
  VAR robtarget home;
  VAR robtarget back;
  VAR jointtarget now;
  VAR jointtarget same;
  VAR pos place;
  VAR num far;
  VAR bool refused;
  PROC main()
    home := CRobT(\\Tool:=grip);
    now := CJointT();
    same := CalcJointT(home,grip);
    back := CalcRobT(same,grip);
    place := CPos(\\Tool:=grip);
    far := Distance(place,back.trans);
    same := CalcJointT(Offs(home,9000,0,0),grip);
    WaitTime 1000;
  ERROR
    refused := ERRNO=ERR_ROBLIMIT;
    TRYNEXT;
  ENDPROC
ENDMODULE
"""


def test_what_the_arm_is_asked_for_is_plain_data_and_fits_together():
    runner = alive(ASKING)
    runner.run_until(1.0)
    found = seen(runner)
    assert found["refused"] == "TRUE"
    assert abs(float(found["far"])) < 1e-6
    data = json.loads(json.dumps(runner.snapshot()))
    other = alive(ASKING)
    other.restore(data)
    assert seen(other) == found
