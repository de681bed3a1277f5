MODULE Palletiser
  ! Takes a box from the end stop and stacks it on the pallet.
  !
  ! Two patterns take turns: two boxes lengthways and three crosswise, then the mirror image.
  ! A line marked "interlock" waits for something that keeps the cell from harm.

  PERS tooldata cup := [TRUE, [[0, 0, 120], [1, 0, 0, 0]], [1.2, [0, 0, 60], [1, 0, 0, 0], 0, 0, 0]];
  ! The pallet: its middle on its top, x along the pallet.
  PERS wobjdata pallet := [FALSE, TRUE, "", [[600, 0, -40], [0.70710678, 0, 0, 0.70710678]], [[0, 0, 0], [1, 0, 0, 0]]];

  CONST robtarget home := [[350, 200, 580], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget at_stop := [[-20, 520, 400], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget first_box := [[0, 0, 120], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];

  CONST num BOX_HIGH := 120;
  CONST orient lengthways := [0, 1, 0, 0];
  CONST orient crosswise := [0, 0.70710678, -0.70710678, 0];
  ! Of the even and the odd layers: x and y of each place, and 1 where the box is turned.
  CONST num spots{2, 5, 3} := [
    [[-125, -125, 0], [125, -125, 0], [-170, 85, 1], [0, 85, 1], [170, 85, 1]],
    [[-170, -85, 1], [0, -85, 1], [170, -85, 1], [-125, 125, 0], [125, 125, 0]]];

  VAR robtarget goal;

  PROC main()
    ConfJ \Off;
    ConfL \Off;
    Reset do_grip;
    Reset picked;
    Reset done;
    Reset busy;
    MoveJ home, v500, fine, cup;
    WHILE TRUE DO
      WaitDI job, 1;
      find_goal place;
      Set busy;
      WaitDI job, 0;
      fetch;
      stack;
      Set done;
      WaitDI ack, 1;
      Reset picked;
      Reset done;
      Reset busy;
      WaitDI ack, 0;
    ENDWHILE
  ENDPROC

  ! Where box number 0..19 goes.
  PROC find_goal(num box)
    VAR num layer;
    VAR num pattern;
    VAR num spot;
    layer := box DIV 5;
    pattern := layer MOD 2 + 1;
    spot := box MOD 5 + 1;
    goal := Offs(first_box, spots{pattern, spot, 1}, spots{pattern, spot, 2}, layer * BOX_HIGH);
    IF spots{pattern, spot, 3} = 1 THEN
      goal.rot := crosswise;
    ELSE
      goal.rot := lengthways;
    ENDIF
  ENDPROC

  PROC fetch()
    MoveJ Offs(at_stop, 0, 0, 120), v1000, z10, cup;
    MoveL at_stop, v300, fine, cup;
    Set do_grip;
    WaitDI di_held, 1;                                  ! interlock: box_is_held
    MoveL Offs(at_stop, 0, 0, 260), v500, z50, cup;
    Set picked;
  ENDPROC

  PROC stack()
    MoveJ Offs(goal, 0, 0, 160), v1000, z20, cup \WObj:=pallet;
    MoveL goal, v300, fine, cup \WObj:=pallet;
    Reset do_grip;
    WaitDI di_held, 0;                                  ! interlock: box_is_let_go
    MoveL Offs(goal, 0, 0, 160), v500, z50, cup \WObj:=pallet;
  ENDPROC
ENDMODULE
