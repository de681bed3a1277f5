MODULE Picking
  ! Takes relays from the running belt and packs them into the tray, four by three.
  !
  ! The sync sensor tells where a relay is: its front edge is at the sensor at that moment, and the
  ! work object `on_belt` goes along with the belt from then on.
  ! A line marked "interlock" waits for something that keeps the cell from harm.

  PERS tooldata cup := [TRUE, [[0, 0, 100], [1, 0, 0, 0]], [0.3, [0, 0, 50], [1, 0, 0, 0], 0, 0, 0]];
  PERS wobjdata on_belt := [FALSE, FALSE, "belt", [[0, 0, 0], [1, 0, 0, 0]], [[0, 0, 0], [1, 0, 0, 0]]];
  ! The tray: its middle on its top.
  PERS wobjdata in_tray := [FALSE, TRUE, "", [[0, -360, 50], [1, 0, 0, 0]], [[0, 0, 0], [1, 0, 0, 0]]];

  ! The middle of a relay's top, half its length behind its front edge.
  CONST robtarget on_relay := [[-25, 0, 30], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget first := [[-93, -62, 30], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget wait_here := [[-100, 340, 130], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget beside_belt := [[60, 280, 130], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST num PITCH := 62;
  CONST num LIFT := 55;

  PROC main()
    ConfJ \Off;
    ConfL \Off;
    Reset do_grip;
    Reset full;
    Reset busy;
    MoveJ wait_here, v500, fine, cup;
    WHILE TRUE DO
      FOR number FROM 0 TO 11 DO
        pick;
        IF number = 0 THEN
          WaitDI fill, 1;                               ! interlock: tray_is_there
          Set busy;
        ENDIF
        pack number;
      ENDFOR
      Reset busy;
      Set full;
      WaitDI fill, 0;
      Reset full;
    ENDWHILE
  ENDPROC

  PROC pick()
    MoveJ wait_here, v2000, z20, cup;
    WaitWObj on_belt;
    MoveL Offs(on_relay, 0, 0, LIFT), v1500, z5, cup \WObj:=on_belt;
    MoveL on_relay, v500, fine, cup \WObj:=on_belt;
    Set do_grip;
    WaitDI di_held, 1;
    MoveL Offs(on_relay, 0, 0, LIFT), v500, z5, cup \WObj:=on_belt;
    ! An arm comes to a belt and leaves it on a straight line.
    MoveL beside_belt, v1500, z20, cup;
    DropWObj on_belt;
  ERROR
    ! A relay that has gone by too far cannot be met any more: the next one.
    IF ERRNO = ERR_CNV_OBJ_LOST AND di_held = 0 THEN
      Reset do_grip;
      DropWObj on_belt;
      pick;
      RETURN;
    ENDIF
  ENDPROC

  PROC pack(num number)
    VAR robtarget goal;
    goal := Offs(first, number MOD 4 * PITCH, number DIV 4 * PITCH, 0);
    MoveJ Offs(goal, 0, 0, LIFT), v2000, z10, cup \WObj:=in_tray;
    MoveL goal, v500, fine, cup \WObj:=in_tray;
    Reset do_grip;
    WaitDI di_held, 0;                                  ! interlock: relay_is_let_go
    MoveL Offs(goal, 0, 0, LIFT), v1000, z10, cup \WObj:=in_tray;
  ENDPROC
ENDMODULE
