"""State is plain data: saved in the middle, put into another controller, it goes on alike."""

import json

from .rapid_bench import Station
from .rapid_conformance import AT

PROGRAM = f"""MODULE m
  CONST robtarget p1:={AT};
  PERS tooldata tool1:=[TRUE,[[0,0,100],[1,0,0,0]],[1,[0,0,1],[1,0,0,0],0,0,0]];
  VAR num list{{2,3}};
  VAR num sum;
  VAR clock c;
  VAR bool late;
  VAR errnum ERR_OWN := -1;
  VAR string text;
  PROC main()
    VAR robtarget at;
    VAR num tries;
    BookErrNo ERR_OWN;
    ClkReset c;
    ClkStart c;
    at := p1;
    FOR i FROM 1 TO 2 DO
      FOR j FROM 1 TO 3 DO
        list{{i,j}} := slow(i) + 10 * slow(j) + list{{i, slow(1)}};
      ENDFOR
      MoveL Offs(at, 0, 0, slow(10)), v100, z10, tool1;
      PulseDO \\PLength:=0.7, do1;
    ENDFOR
    fill list, sum;
    WaitDI di1, 1 \\MaxTime:=2 \\TimeFlag:=late;
    WaitUntil di2 = 1 AND ClkRead(c) > 3 \\MaxTime:=60;
    IF slow(2) = 2 AND NOT slow(3) = 2 THEN
      text := text + NumToStr(ClkRead(c), 3);
    ENDIF
    risky tries;
    MoveJ p1, v100, z50, tool1;
    Stop;
    MoveJ p1, v100, z50, tool1;
    WaitTime \\InPos, 0.25;
  ERROR
    TPWrite "main " \\Num:=ERRNO;
    TRYNEXT;
  ENDPROC
  PROC risky(INOUT num tries)
    Incr tries;
    WaitTime 0.1;
    IF tries < 3 RAISE ERR_OWN;
    WaitDI di1, 0 \\MaxTime:=0.5;
  ERROR
    IF ERRNO = ERR_OWN RETRY;
    WaitTime 0.2;
    RAISE;
  ENDPROC
  PROC fill(INOUT num all{{*,*}}, INOUT num total)
    FOR i FROM 1 TO Dim(all, 1) DO
      FOR j FROM 1 TO Dim(all, 2) DO
        WaitTime 0.01;
        Add total, all{{i,j}};
        all{{i,j}} := 0;
      ENDFOR
    ENDFOR
  ENDPROC
  FUNC num slow(num x)
    VAR num kept;
    kept := x;
    WaitTime 0.05;
    RETURN kept;
  ENDFUNC
ENDMODULE
"""
PLAN = ((0.3, "di2", True), (0.6, "di2", False), (7.0, "di1", True), (8.5, "di2", True))


def ends(station):
    station.env.run_through(60.0)
    if station.machine.mode == "stopped":
        station.give("rapid_run", cycle="single")
        station.env.run_through(120.0)
    return [station.mover.log, station.program.save(), station.program.status(), station.env.time_s]


def test_restored_at_any_event_it_ends_alike():
    straight = Station(PROGRAM, plan=PLAN)
    straight.give("rapid_run", cycle="single")
    whole = ends(straight)
    assert whole[2]["mode"] == "ready"
    assert whole[2]["error"] == ""
    assert straight.value("late") == "TRUE"
    first_row, second_row = (11, 1 + 20 + 11, 1 + 30 + 11), (12, 2 + 20 + 12, 2 + 30 + 12)
    assert float(straight.value("sum")) == sum(first_row) + sum(second_row)
    waits, deep = set(), 0
    for count in range(1, 10_000):
        first = Station(PROGRAM, plan=PLAN)
        first.give("rapid_run", cycle="single")
        first.env.run_through(60.0, most=count)
        data = json.loads(json.dumps(first.snapshot()))
        waits.add(first.machine.wait)
        deep += any(frame.stack for frame in first.machine.frames)
        second = Station(PROGRAM, plan=PLAN)
        second.restore(data)
        assert second.snapshot() == first.snapshot()
        assert ends(second) == whole
        if first.machine.mode != "run":
            break
    assert count > 50
    assert waits >= {"time", "motion", "rest", "signal"}
    assert deep > 20, "never saved in the middle of an expression"
