MODULE Inspection
  ! Cycles of ISO 9283 (GB/T 12642): test cube 400 mm, plane C4-C1-C6-C7.
  ! Signals: label (number of what is measured), trigger (read once), follow (read on).

  PERS tooldata reflector := [TRUE, [[0, 0, 100], [1, 0, 0, 0]], [6, [0, 0, 50], [1, 0, 0, 0], 0, 0, 0]];
  CONST robtarget p1 := [[400, 0, 500], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget p2 := [[240, 160, 660], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget p3 := [[240, -160, 660], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget p4 := [[560, -160, 340], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget p5 := [[560, 160, 340], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t1 := [[448, 0, 500], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t2 := [[288, 160, 660], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t3 := [[512, -160, 340], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t4 := [[400, 48, 500], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t5 := [[240, 112, 660], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t6 := [[560, -112, 340], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t7 := [[400, 0, 548], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t8 := [[240, 160, 612], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t9 := [[560, -160, 388], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t10 := [[400, -160, 500], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t11 := [[400, 160, 500], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t12 := [[513.1371, 0, 386.8629], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t13 := [[286.8629, 0, 613.1371], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t14 := [[400, -20, 500], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t15 := [[400, 20, 500], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t16 := [[414.1421, 0, 485.8579], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t17 := [[385.8579, 0, 514.1421], [0, 1, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t18 := [[320, 80, 580], [0.087155743, -0.996194698, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t19 := [[400, 0, 500], [0.087155743, 0.996194698, 0, 0], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t20 := [[480, -80, 420], [0, 0.996194698, 0, -0.087155743], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];
  CONST robtarget t21 := [[560, -160, 340], [0, 0.996194698, 0, 0.087155743], [0, 0, 0, 0], [9E9, 9E9, 9E9, 9E9, 9E9, 9E9]];

  PROC main()
    ConfJ \Off;
    ConfL \Off;
    Reset trigger;
    Reset follow;
    test_1_pose;
    test_2_direction;
    test_3_direction;
    test_4_direction;
    test_5_distance;
    test_6_settle;
    test_7_line;
    test_8_circle_large;
    test_9_circle_small;
    test_10_reorient;
    test_11_corner;
    Stop;
  ENDPROC

  ! Waits until the arm is at rest, and reads where it is.
  PROC measure(num what)
    WaitTime 1;
    SetGO label, what;
    Set trigger;
    WaitTime 0.02;
    Reset trigger;
  ENDPROC

  ! Pose accuracy and repeatability (7.2.1, 7.2.2), 100 % speed
  PROC test_1_pose()
    VelSet 100, 7000;
    MoveJ p1, vmax, fine, reflector;
    FOR cycle FROM 1 TO 30 DO
      MoveJ p5, vmax, fine, reflector;
      measure 15;
      MoveJ p4, vmax, fine, reflector;
      measure 14;
      MoveJ p3, vmax, fine, reflector;
      measure 13;
      MoveJ p2, vmax, fine, reflector;
      measure 12;
      MoveJ p1, vmax, fine, reflector;
      measure 11;
    ENDFOR
  ENDPROC

  ! Multi-directional pose accuracy variation (7.2.3), 100 % speed
  PROC test_2_direction()
    VelSet 100, 7000;
    MoveJ p1, vmax, fine, reflector;
    FOR cycle FROM 1 TO 30 DO
      MoveJ t1, vmax, fine, reflector;
      MoveL p1, [950, 500, 5000, 1000], fine, reflector;
      measure 21;
      MoveJ t2, vmax, fine, reflector;
      MoveL p2, [950, 500, 5000, 1000], fine, reflector;
      measure 22;
      MoveJ t3, vmax, fine, reflector;
      MoveL p4, [950, 500, 5000, 1000], fine, reflector;
      measure 24;
    ENDFOR
  ENDPROC

  ! Multi-directional pose accuracy variation (7.2.3), 100 % speed
  PROC test_3_direction()
    VelSet 100, 7000;
    MoveJ p1, vmax, fine, reflector;
    FOR cycle FROM 1 TO 30 DO
      MoveJ t4, vmax, fine, reflector;
      MoveL p1, [950, 500, 5000, 1000], fine, reflector;
      measure 31;
      MoveJ t5, vmax, fine, reflector;
      MoveL p2, [950, 500, 5000, 1000], fine, reflector;
      measure 32;
      MoveJ t6, vmax, fine, reflector;
      MoveL p4, [950, 500, 5000, 1000], fine, reflector;
      measure 34;
    ENDFOR
  ENDPROC

  ! Multi-directional pose accuracy variation (7.2.3), 100 % speed
  PROC test_4_direction()
    VelSet 100, 7000;
    MoveJ p1, vmax, fine, reflector;
    FOR cycle FROM 1 TO 30 DO
      MoveJ t7, vmax, fine, reflector;
      MoveL p1, [950, 500, 5000, 1000], fine, reflector;
      measure 41;
      MoveJ t8, vmax, fine, reflector;
      MoveL p2, [950, 500, 5000, 1000], fine, reflector;
      measure 42;
      MoveJ t9, vmax, fine, reflector;
      MoveL p4, [950, 500, 5000, 1000], fine, reflector;
      measure 44;
    ENDFOR
  ENDPROC

  ! Distance accuracy and repeatability (7.3), 100 % speed
  PROC test_5_distance()
    VelSet 100, 7000;
    MoveJ p1, vmax, fine, reflector;
    FOR cycle FROM 1 TO 30 DO
      MoveJ p2, vmax, fine, reflector;
      measure 52;
      MoveJ p4, vmax, fine, reflector;
      measure 54;
    ENDFOR
  ENDPROC

  ! Stabilisation time and overshoot (7.4, 7.5), 100 % speed
  PROC test_6_settle()
    VelSet 100, 7000;
    MoveJ p1, vmax, fine, reflector;
    FOR cycle FROM 1 TO 3 DO
      SetGO label, 65;
      Set follow;
      MoveJ p5, vmax, fine, reflector;
      WaitTime 0.9;
      Reset follow;
      SetGO label, 64;
      Set follow;
      MoveJ p4, vmax, fine, reflector;
      WaitTime 0.9;
      Reset follow;
      SetGO label, 63;
      Set follow;
      MoveJ p3, vmax, fine, reflector;
      WaitTime 0.9;
      Reset follow;
      SetGO label, 62;
      Set follow;
      MoveJ p2, vmax, fine, reflector;
      WaitTime 0.9;
      Reset follow;
      SetGO label, 61;
      Set follow;
      MoveJ p1, vmax, fine, reflector;
      WaitTime 0.9;
      Reset follow;
    ENDFOR
  ENDPROC

  ! Straight line (8.2, 8.3, 8.6), 100 % speed
  PROC test_7_line()
    VelSet 100, 7000;
    FOR cycle FROM 1 TO 10 DO
      MoveJ p2, vmax, fine, reflector;
      SetGO label, 70;
      Set follow;
      MoveL p4, [950, 500, 5000, 1000], fine, reflector;
      Reset follow;
    ENDFOR
  ENDPROC

  ! Large circle (8.2, 8.3, 8.6), 100 % speed
  PROC test_8_circle_large()
    VelSet 100, 7000;
    FOR cycle FROM 1 TO 10 DO
      MoveJ t10, vmax, fine, reflector;
      SetGO label, 80;
      Set follow;
      MoveC t12, t11, [565.685, 500, 5000, 1000], [FALSE, 64, 64, 64, 10, 64, 10], reflector;
      MoveC t13, t10, [565.685, 500, 5000, 1000], fine, reflector;
      Reset follow;
    ENDFOR
  ENDPROC

  ! Small circle (8.2, 8.3, 8.6), 100 % speed
  PROC test_9_circle_small()
    VelSet 100, 7000;
    FOR cycle FROM 1 TO 10 DO
      MoveJ t14, vmax, fine, reflector;
      SetGO label, 90;
      Set follow;
      MoveC t16, t15, [200, 500, 5000, 1000], [FALSE, 8, 8, 8, 10, 8, 10], reflector;
      MoveC t17, t14, [200, 500, 5000, 1000], fine, reflector;
      Reset follow;
    ENDFOR
  ENDPROC

  ! Path accuracy on reorientation (8.4), 100 % speed
  PROC test_10_reorient()
    VelSet 100, 7000;
    FOR cycle FROM 1 TO 10 DO
      MoveJ p2, vmax, fine, reflector;
      SetGO label, 100;
      Set follow;
      MoveL t18, [950, 500, 5000, 1000], fine, reflector;
      MoveL t19, [950, 500, 5000, 1000], fine, reflector;
      MoveL t20, [950, 500, 5000, 1000], fine, reflector;
      MoveL t21, [950, 500, 5000, 1000], fine, reflector;
      Reset follow;
    ENDFOR
  ENDPROC

  ! Cornering (8.5), 100 % speed
  PROC test_11_corner()
    VelSet 100, 7000;
    FOR cycle FROM 1 TO 3 DO
      MoveJ p2, vmax, fine, reflector;
      SetGO label, 110;
      Set follow;
      MoveL p3, [950, 500, 5000, 1000], [FALSE, 10, 10, 10, 10, 10, 10], reflector;
      MoveL p4, [950, 500, 5000, 1000], [FALSE, 10, 10, 10, 10, 10, 10], reflector;
      MoveL p5, [950, 500, 5000, 1000], [FALSE, 10, 10, 10, 10, 10, 10], reflector;
      MoveL p2, [950, 500, 5000, 1000], fine, reflector;
      Reset follow;
    ENDFOR
  ENDPROC
ENDMODULE
