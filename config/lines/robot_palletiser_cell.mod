MODULE Palletiser
  ! Takes boxes from the end stop and stacks them on the pallet, one for each order of the PLC.
  !
  ! Orders and answers are frames of a fixed length, the high byte of a number first (\Network):
  !
  !   order, 10 bytes                          answer, 8 bytes
  !   1  INT   number, 1..30000                1  INT   number of the order
  !   3  BYTE  part: 0 none, 1 box             3  BYTE  state: 1 ready, 2 taken, 3 done, 4 refused
  !   4  BYTE  pattern, 1..2                   4  BYTE  error: why it is refused
  !   5  BYTE  layer, 1..4                     5  DINT  boxes stacked so far
  !   6  BYTE  place in the layer, 1..5
  !   7  REAL  height of the layer's top, mm
  !
  ! An order without a part only asks: "ready" names the order that was taken last.
  ! A line marked "interlock" waits for something that keeps the cell from harm.

  PERS tooldata cup := [TRUE, [[0, 0, 120], [1, 0, 0, 0]], [1.2, [0, 0, 60], [1, 0, 0, 0], 0, 0, 0]];
  ! The pallet: its middle on its top, x along the pallet.
  PERS wobjdata pallet := [FALSE, TRUE, "", [[600, 0, -40], [0.70710678, 0, 0, 0.70710678]], [[0, 0, 0], [1, 0, 0, 0]]];

  CONST robtarget home := [[350, 200, 580], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget at_stop := [[-20, 520, 400], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget middle := [[0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];

  CONST num BOX_HIGH := 120;
  CONST orient lengthways := [0, 1, 0, 0];
  CONST orient crosswise := [0, 0.70710678, -0.70710678, 0];
  ! Of both patterns: x and y of each place, and 1 where the box is turned.
  CONST num spots{2, 5, 3} := [
    [[-125, -125, 0], [125, -125, 0], [-170, 85, 1], [0, 85, 1], [170, 85, 1]],
    [[-170, -85, 1], [0, -85, 1], [170, -85, 1], [-125, 125, 0], [125, 125, 0]]];

  ! Parts of an order, states of an answer, errors.
  CONST num NOTHING := 0;
  CONST num A_BOX := 1;
  CONST num READY := 1;
  CONST num TAKEN := 2;
  CONST num DONE := 3;
  CONST num REFUSED := 4;
  CONST num BAD_FRAME := 1;
  CONST num BAD_NUMBER := 2;
  CONST num BAD_PART := 3;
  CONST num BAD_PLACE := 4;
  CONST num BAD_HEIGHT := 5;
  CONST num NOBODY := 99;
  CONST num MOST_NUMBER := 30000;

  VAR socketdev plc;
  VAR rawbytes frame;
  ! The order.
  VAR num number;
  VAR num part;
  VAR num pattern;
  VAR num layer;
  VAR num place;
  VAR num height;
  VAR num wrong;
  ! Kept when the pointer is set to main: the order that was taken last, and the boxes stacked.
  PERS num last := 0;
  PERS num stacked := 0;

  VAR robtarget goal;

  PROC main()
    ConfJ \Off;
    ConfL \Off;
    Reset do_grip;
    Reset picked;
    MoveJ home, v500, fine, cup;
    Set clear;
    WHILE TRUE DO
      dial;
      receive;
      IF wrong = NOBODY THEN
        TPWrite "connection lost";
      ELSEIF wrong <> 0 THEN
        TPWrite "order refused, error " \Num:=wrong;
        answer number, REFUSED, wrong;
      ELSEIF part = NOTHING THEN
        answer last, READY, 0;
      ELSE
        last := number;
        answer number, TAKEN, 0;
        fetch;
        stack;
        Incr stacked;
        answer number, DONE, 0;
      ENDIF
    ENDWHILE
  ENDPROC

  ! ---- the PLC

  ! Connects to the PLC; nothing if the connection is there.
  PROC dial()
    IF SocketGetStatus(plc) = SOCKET_CONNECTED RETURN;
    SocketClose plc;
    SocketCreate plc;
    SocketConnect plc, "192.168.0.1", 2000;
  ERROR
    ! No answer: try again, as often as it takes.
    TPWrite "no connection to the PLC";
    WaitTime 1;
    ResetRetryCount;
    RETRY;
  ENDPROC

  ! Waits for an order: its number first, and at once all the rest. Sets wrong.
  PROC receive()
    SocketReceive plc \RawData:=frame \ReadNoOfBytes:=2 \Time:=WAIT_MAX;
    UnpackRawBytes frame \Network, 1, number \IntX:=INT;
    SocketReceive plc \RawData:=frame \ReadNoOfBytes:=8 \Time:=0.5;
    UnpackRawBytes frame \Network, 1, part \IntX:=USINT;
    UnpackRawBytes frame \Network, 2, pattern \IntX:=USINT;
    UnpackRawBytes frame \Network, 3, layer \IntX:=USINT;
    UnpackRawBytes frame \Network, 4, place \IntX:=USINT;
    UnpackRawBytes frame \Network, 5, height \Float4;
    wrong := what_is_wrong();
    IF SocketPeek(plc) > 0 THEN
      ! More than an order: throw it away, or the next one would be read from its middle.
      SocketReceive plc \RawData:=frame;
      wrong := BAD_FRAME;
    ENDIF
  ERROR
    ! The rest does not come, or is no number, unless nobody is there any more.
    wrong := BAD_FRAME;
    IF ERRNO = ERR_SOCK_CLOSED wrong := NOBODY;
    RETURN;
  ENDPROC

  ! Why the order is refused; 0: it is not.
  FUNC num what_is_wrong()
    IF part = NOTHING RETURN 0;
    IF number <> last MOD MOST_NUMBER + 1 RETURN BAD_NUMBER;
    IF part <> A_BOX RETURN BAD_PART;
    IF pattern < 1 OR pattern > 2 RETURN BAD_PLACE;
    IF layer < 1 OR layer > 4 OR place < 1 OR place > 5 RETURN BAD_PLACE;
    IF Abs(height - layer * BOX_HIGH) > 10 RETURN BAD_HEIGHT;
    RETURN 0;
  ENDFUNC

  PROC answer(num about, num state, num why)
    ClearRawBytes frame;
    PackRawBytes about, frame \Network, 1 \IntX:=INT;
    PackRawBytes state, frame \Network, 3 \IntX:=USINT;
    PackRawBytes why, frame \Network, 4 \IntX:=USINT;
    PackRawBytes stacked, frame \Network, 5 \IntX:=DINT;
    SocketSend plc \RawData:=frame;
  ERROR
    ! Nobody hears it: the PLC asks when the connection is there again.
    RETURN;
  ENDPROC

  ! ---- the box

  PROC fetch()
    MoveJ Offs(at_stop, 0, 0, 120), v1000, z10, cup;
    WaitDI box_ready, 1;
    MoveL at_stop, v300, fine, cup;
    Set do_grip;
    WaitDI di_held, 1;                                  ! interlock: box_is_held
    MoveL Offs(at_stop, 0, 0, 260), v500, z50, cup;
    Set picked;
  ENDPROC

  PROC stack()
    goal := Offs(middle, spots{pattern, place, 1}, spots{pattern, place, 2}, height);
    IF spots{pattern, place, 3} = 1 THEN
      goal.rot := crosswise;
    ELSE
      goal.rot := lengthways;
    ENDIF
    Reset clear;
    MoveJ Offs(goal, 0, 0, 160), v1000, z20, cup \WObj:=pallet;
    MoveL goal, v300, fine, cup \WObj:=pallet;
    Reset do_grip;
    WaitDI di_held, 0;                                  ! interlock: box_is_let_go
    MoveL Offs(goal, 0, 0, 160), v500, z50, cup \WObj:=pallet;
    Set clear;
    Reset picked;
  ENDPROC
ENDMODULE
