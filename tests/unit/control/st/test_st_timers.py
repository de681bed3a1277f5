"""Timers and edges against the timing diagrams of the standard, worked out by hand.

Each diagram is a row of scans: time in ms, IN, and what Q and ET must be.
"""

import pytest

from twin.control.st import compile_st

TON = [
    # IN for less than PT: nothing comes of it
    (0, 0, 0, 0),
    (10, 1, 0, 0),
    (30, 1, 0, 20),
    (40, 0, 0, 0),
    # IN for longer: Q once PT has passed, ET stays at PT
    (50, 1, 0, 0),
    (90, 1, 0, 40),
    (100, 1, 1, 50),
    (170, 1, 1, 50),
    (180, 0, 0, 0),
    # a scan that comes late sees all of it at once
    (200, 1, 0, 0),
    (900, 1, 1, 50),
]
TOF = [
    (0, 0, 0, 0),
    (10, 1, 1, 0),
    (40, 1, 1, 0),
    (50, 0, 1, 0),
    (80, 0, 1, 30),
    # IN again before PT: Q never falls, ET begins anew
    (90, 1, 1, 0),
    (100, 0, 1, 0),
    (149, 0, 1, 49),
    (150, 0, 0, 50),
    (400, 0, 0, 50),
    (410, 1, 1, 0),
]
TP = [
    (0, 0, 0, 0),
    (10, 1, 1, 0),
    # IN falls and rises within the pulse: no matter
    (20, 0, 1, 10),
    (30, 1, 1, 20),
    (60, 1, 0, 50),
    (90, 1, 0, 50),
    (100, 0, 0, 0),
    # a short IN gives a whole pulse
    (110, 1, 1, 0),
    (120, 0, 1, 10),
    (160, 0, 0, 0),
    (170, 0, 0, 0),
    (180, 1, 1, 0),
]


@pytest.mark.parametrize(("kind", "diagram"), [("TON", TON), ("TOF", TOF), ("TP", TP)])
@pytest.mark.parametrize("suffix", ["", "_LTIME"])
def test_timing_diagram(kind, diagram, suffix):
    prefix = "LT" if suffix else "T"
    image = compile_st(f"""
        PROGRAM main
        VAR go : BOOL; t : {kind}{suffix}; END_VAR
        t(IN := go, PT := {prefix}#50ms);
        END_PROGRAM
    """).start()
    for ms, in_, q, et in diagram:
        image.write("main.go", bool(in_))
        image.scan(time_ns=ms * 1_000_000)
        found = (ms, image.read("main.t.Q"), image.read("main.t.ET"))
        assert found == (ms, bool(q), et * 1_000_000)


def test_a_timer_that_runs_makes_the_next_scan_matter_though_time_stands_still():
    image = compile_st("""
        PROGRAM main
        VAR t : TON; END_VAR
        t(IN := TRUE, PT := T#1s);
        END_PROGRAM
    """).start()
    assert [image.scan(time_ns=5) for _ in range(3)] == [True, True, True]
    assert image.scan(time_ns=1_000_000_005) is True
    assert image.scan(time_ns=1_000_000_005) is False
    assert image.scan(time_ns=9_000_000_000) is False


def test_reading_the_time_makes_every_scan_matter():
    image = compile_st("PROGRAM main VAR n : TIME; END_VAR n := TIME(); END_PROGRAM").start()
    assert [image.scan(time_ns=7), image.scan(time_ns=7)] == [True, True]
    assert image.read("main.n") == 7


@pytest.mark.parametrize(
    ("block", "inputs", "outputs"),
    [
        # the first scan sees an edge of R_TRIG when CLK is TRUE from the start, none of F_TRIG
        ("R_TRIG", [1, 1, 0, 1, 0, 0, 1], [1, 0, 0, 1, 0, 0, 1]),
        ("R_TRIG", [0, 0, 1, 1, 1, 0], [0, 0, 1, 0, 0, 0]),
        ("F_TRIG", [0, 1, 1, 0, 0, 1, 0], [0, 0, 0, 1, 0, 0, 1]),
    ],
)
def test_edges(block, inputs, outputs):
    image = compile_st(f"""
        PROGRAM main
        VAR go : BOOL; e : {block}; END_VAR
        e(CLK := go);
        END_PROGRAM
    """).start()
    found = []
    for number, value in enumerate(inputs):
        image.write("main.go", bool(value))
        image.scan(time_ns=number)
        found.append(int(image.read("main.e.Q")))
    assert found == outputs


@pytest.mark.parametrize(
    ("block", "truth"),
    [
        # (set, reset) scan by scan and the output: SR sets when both are TRUE, RS resets
        ("SR", [(0, 0, 0), (1, 0, 1), (0, 0, 1), (1, 1, 1), (0, 1, 0), (0, 0, 0)]),
        ("RS", [(0, 0, 0), (1, 0, 1), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 0)]),
    ],
)
def test_bistables(block, truth):
    names = ("S1", "R") if block == "SR" else ("S", "R1")
    image = compile_st(f"""
        PROGRAM main
        VAR s, r : BOOL; f : {block}; END_VAR
        f({names[0]} := s, {names[1]} := r);
        END_PROGRAM
    """).start()
    for number, (set_, reset, out) in enumerate(truth):
        image.write("main.s", bool(set_))
        image.write("main.r", bool(reset))
        image.scan(time_ns=number)
        assert image.read("main.f.Q1") is bool(out), number


def test_counters_stop_at_the_ends_of_their_type():
    image = compile_st("""
        PROGRAM main
        VAR u : CTU; d : CTD; go : BOOL; END_VAR
        u(CU := go, PV := 32767); d(CD := go, PV := 0);
        go := NOT go;
        END_PROGRAM
    """).start()
    image.write("main.u.CV", 32766)
    image.write("main.d.CV", -32767)
    for number in range(10):
        image.scan(time_ns=number)
    assert image.read("main.u.CV") == 32767
    assert image.read("main.d.CV") == -32768
    assert image.read("main.u.Q") is True
