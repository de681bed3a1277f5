MODULE Bench
  ! Takes blocks from the end stop, lifts them over the post, and puts them on the outgoing belt.

  PERS tooldata cup := [TRUE, [[0, 0, 100], [1, 0, 0, 0]], [0.3, [0, 0, 50], [1, 0, 0, 0], 0, 0, 0]];

  ! The middle of a block's top, seen from the foot of the arm.
  CONST robtarget pick := [[0, 500, 150], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget over_post := [[560, 110, 430], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget place := [[600, -400, 150], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST num LIFT := 100;

  PROC main()
    ConfJ \Off;
    ConfL \Off;
    Reset do_grip;
    Set clear;
    MoveJ Offs(pick, 0, 0, LIFT), v200, fine, cup;
    WHILE TRUE DO
      fetch;
      bring;
    ENDWHILE
  ENDPROC

  PROC fetch()
    MoveJ Offs(pick, 0, 0, LIFT), v500, fine, cup;
    WaitDI block, 1;
    MoveL pick, v200, fine, cup;
    Set do_grip;
    WaitDI di_held, 1;
    MoveL Offs(pick, 0, 0, LIFT), v200, z10, cup;
  ENDPROC

  PROC bring()
    MoveJ over_post, v500, z50, cup;
    MoveJ Offs(place, 0, 0, LIFT), v500, fine, cup;
    WaitDI free, 1;
    Reset clear;
    MoveL place, v200, fine, cup;
    Reset do_grip;
    WaitDI di_held, 0;
    MoveL Offs(place, 0, 0, LIFT), v200, z10, cup;
    Set clear;
    MoveJ over_post, v500, z50, cup;
  ENDPROC
ENDMODULE
