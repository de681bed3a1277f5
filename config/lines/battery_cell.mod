MODULE Stacker
  ! Takes a cell from its nest and lays it on the module, or throws it out. Both robots run this
  ! program: seen from its foot everything is at the same place for either.
  !
  ! The space above the module belongs to one robot at a time: `want` asks for it, `may` gives it,
  ! and it is given back when `want` goes off. A line marked "interlock" keeps the cell from harm.

  PERS tooldata cup := [TRUE, [[0, 0, 100], [1, 0, 0, 0]], [0.8, [0, 0, 50], [1, 0, 0, 0], 0, 0, 0]];

  CONST robtarget nest := [[0, 450, 175], [0, 1, 0, 0], [1, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  ! Outside the shared space, beside it.
  CONST robtarget gate := [[150, 400, 400], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  ! The first cell on the tray.
  CONST robtarget first_cell := [[550, 0, 195], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget over_bin := [[-430, 200, 145], [0, 0.70710678, 0.70710678, 0], [1, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST num CELL_HIGH := 25;

  PROC main()
    VAR bool passed;
    ConfJ \Off;
    ConfL \Off;
    Reset do_grip;
    Reset picked;
    Reset want;
    Reset done;
    Reset busy;
    MoveJ Offs(nest, 0, 0, 150), v500, fine, cup;
    WHILE TRUE DO
      WaitDI job, 1;
      passed := good = 1;
      Set busy;
      WaitDI job, 0;
      fetch;
      IF passed THEN
        lay;
      ELSE
        throw_out;
      ENDIF
      MoveJ Offs(nest, 0, 0, 150), v1000, z50, cup;
      Set done;
      WaitDI ack, 1;
      Reset picked;
      Reset done;
      Reset busy;
      WaitDI ack, 0;
    ENDWHILE
  ENDPROC

  PROC fetch()
    MoveL Offs(nest, 0, 0, 40), v500, z5, cup;
    MoveL nest, v200, fine, cup;
    Set do_grip;
    WaitDI di_held, 1;
    MoveL Offs(nest, 0, 0, 150), v500, z20, cup;
    Set picked;
  ENDPROC

  PROC lay()
    VAR robtarget goal;
    MoveJ gate, v1000, fine, cup;
    Set want;
    WaitDI may, 1;                                      ! interlock: space_is_mine
    goal := Offs(first_cell, 0, 0, level * CELL_HIGH);
    MoveJ Offs(goal, 0, 0, 80), v1000, z10, cup;
    MoveL goal, v200, fine, cup;
    Reset do_grip;
    WaitDI di_held, 0;                                  ! interlock: cell_is_let_go
    MoveL Offs(goal, 0, 0, 80), v500, z20, cup;
    MoveJ gate, v1000, fine, cup;
    Reset want;
    WaitDI may, 0;
  ENDPROC

  PROC throw_out()
    MoveJ Offs(over_bin, 0, 0, 80), v1000, z10, cup;
    MoveL over_bin, v200, fine, cup;
    Reset do_grip;
    WaitDI di_held, 0;
    MoveL Offs(over_bin, 0, 0, 80), v500, z20, cup;
  ENDPROC
ENDMODULE
