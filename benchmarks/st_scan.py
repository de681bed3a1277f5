"""How many scans a second does a compiled Structured Text program do, beside Python by hand?

    python -m benchmarks.st_scan [--scans 20000] [--rounds 9]

The program drives a sorting cell: about 60 statements, 20 points, three timers, two edges. The peer
by hand is the same logic as a person would write it in Python, with attributes and no ranges. Where
`iec2c` (MatIEC) and `gcc` are found, the same source compiled by them to machine code is the third.
All three see the same inputs, and must give the same outputs.
"""

import argparse
import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.harness import Contestant, headline, race, show
from twin.control.st import Image, IoVariable, compile_st

INPUTS = (
    *("start", "stop", "reset", "estop_ok", "part_at_entry", "part_at_scale", "part_at_exit"),
    *("pusher_out", "pusher_in", "metal"),
)
OUTPUTS = (
    *("belt_run", "belt_fast", "pusher_extend", "lamp_run", "lamp_fault", "horn", "gate_open"),
    *("busy", "sorted_metal", "sorted_other"),
)
PERIOD_NS = 10_000_000
VARIABLES = """
  step, next_step, metals, others, total, jams : INT;
  running, fault, is_metal, blink, full : BOOL;
  weight, mean : REAL;
  push_timer : TON; jam_timer : TON; blink_timer : TON;
  start_edge : R_TRIG; exit_edge : R_TRIG;
"""
BODY = """
start_edge(CLK := start);
exit_edge(CLK := part_at_exit);
IF NOT estop_ok THEN
  running := FALSE; fault := TRUE; step := 0;
ELSIF reset THEN
  fault := FALSE; jams := 0;
END_IF;
IF start_edge.Q AND NOT fault AND estop_ok THEN running := TRUE; END_IF;
IF stop THEN running := FALSE; END_IF;
next_step := step;
CASE step OF
  0: IF running AND part_at_entry THEN next_step := 1; END_IF;
  1: IF part_at_scale THEN
       is_metal := metal;
       weight := 1.5;
       IF metal THEN weight := weight + 0.75; END_IF;
       mean := mean * 0.9 + weight * 0.1;
       next_step := 2;
     END_IF;
  2: IF is_metal THEN next_step := 3; ELSE next_step := 5; END_IF;
  3: pusher_extend := TRUE;
     IF pusher_out THEN next_step := 4; END_IF;
  4: pusher_extend := FALSE;
     IF pusher_in THEN
       metals := metals + 1;
       sorted_metal := NOT sorted_metal;
       next_step := 0;
     END_IF;
  5: IF exit_edge.Q THEN
       others := others + 1;
       sorted_other := NOT sorted_other;
       next_step := 0;
     END_IF;
ELSE
  next_step := 0;
END_CASE;
push_timer(IN := step = 3, PT := T#800ms);
jam_timer(IN := running AND (step = 1 OR step = 5), PT := T#5s);
IF push_timer.Q OR jam_timer.Q THEN
  fault := TRUE; running := FALSE; jams := jams + 1; next_step := 0;
END_IF;
step := next_step;
blink_timer(IN := NOT blink, PT := T#500ms);
blink := blink_timer.Q;
total := metals + others;
full := total >= 30000;
IF full THEN metals := 0; others := 0; END_IF;
belt_run := running AND NOT fault AND step <> 3 AND step <> 4;
belt_fast := belt_run AND step = 5 AND NOT part_at_exit;
lamp_run := running;
lamp_fault := fault AND blink;
horn := fault AND jams > 0 AND jams < 3;
gate_open := step = 5 OR step = 0;
busy := step > 0;
"""


def points() -> list[IoVariable]:
    """Return the 20 points of the cell."""
    inputs = [
        IoVariable(name, "BOOL", "input", f"%IX{number // 8}.{number % 8}")
        for number, name in enumerate(INPUTS)
    ]
    outputs = [
        IoVariable(name, "BOOL", "output", f"%QX{number // 8}.{number % 8}")
        for number, name in enumerate(OUTPUTS)
    ]
    return inputs + outputs


def stimulus(scans: int) -> list[list[bool]]:
    """Return the inputs of each scan: a cell that works, and now and then is disturbed."""
    chances = np.array((0.2, 0.002, 0.1, 0.999, 0.4, 0.3, 0.3, 0.2, 0.3, 0.5))
    drawn = np.random.default_rng(4).random((scans // 5 + 1, len(INPUTS))) < chances
    return [[bool(value) for value in row] for row in np.repeat(drawn, 5, axis=0)[:scans]]


class Timer:
    """On-delay as a person writes it."""

    def __init__(self, wanted_ns: int) -> None:
        self.wanted_ns = wanted_ns
        self.since: int | None = None
        self.q = False

    def __call__(self, on: bool, now: int) -> bool:
        if not on:
            self.since = None
        elif self.since is None:
            self.since = now
        self.q = self.since is not None and now - self.since >= self.wanted_ns
        return self.q


class Sorter:
    """The same logic by hand."""

    def __init__(self) -> None:
        self.step = self.metals = self.others = self.jams = 0
        self.running = self.fault = self.is_metal = self.blink = False
        self.before_start = self.before_exit = False
        self.weight = self.mean = 0.0
        self.push_timer, self.jam_timer = Timer(800_000_000), Timer(5_000_000_000)
        self.blink_timer = Timer(500_000_000)
        self.pusher_extend = self.sorted_metal = self.sorted_other = False

    def scan(self, inputs: Sequence[bool], now: int) -> list[bool]:
        start, stop, reset, estop_ok, entry, scale, exit_, pusher_out, pusher_in, metal = inputs
        start_edge, self.before_start = start and not self.before_start, start
        exit_edge, self.before_exit = exit_ and not self.before_exit, exit_
        if not estop_ok:
            self.running, self.fault, self.step = False, True, 0
        elif reset:
            self.fault, self.jams = False, 0
        if start_edge and not self.fault and estop_ok:
            self.running = True
        if stop:
            self.running = False
        follow = self.follow(entry, scale, exit_edge, pusher_out, pusher_in, metal)
        pushing = self.push_timer(self.step == 3, now)
        jammed = self.jam_timer(self.running and self.step in {1, 5}, now)
        if pushing or jammed:
            self.fault, self.running, follow = True, False, 0
            self.jams += 1
        self.step = follow
        self.blink = self.blink_timer(not self.blink, now)
        if self.metals + self.others >= 30000:
            self.metals = self.others = 0
        belt = self.running and not self.fault and self.step not in {3, 4}
        return [
            belt,
            belt and self.step == 5 and not exit_,
            self.pusher_extend,
            self.running,
            self.fault and self.blink,
            self.fault and 0 < self.jams < 3,
            self.step in {0, 5},
            self.step > 0,
            self.sorted_metal,
            self.sorted_other,
        ]

    def follow(
        self, entry: bool, scale: bool, left: bool, out: bool, back: bool, metal: bool
    ) -> int:
        step = self.step
        if step == 0:
            return 1 if self.running and entry else 0
        if step == 1 and scale:
            self.is_metal, self.weight = metal, 2.25 if metal else 1.5
            self.mean = self.mean * 0.9 + self.weight * 0.1
            return 2
        if step == 2:
            return 3 if self.is_metal else 5
        if step == 3:
            self.pusher_extend = True
            return 4 if out else 3
        if step == 4:
            self.pusher_extend = False
            if back:
                self.metals += 1
                self.sorted_metal = not self.sorted_metal
                return 0
        if step == 5 and left:
            self.others += 1
            self.sorted_other = not self.sorted_other
            return 0
        return step


def compiled() -> Image:
    """Return our own, compiled."""
    return compile_st(f"PROGRAM main VAR {VARIABLES} END_VAR {BODY} END_PROGRAM", points()).start()


def ours(rows: list[list[bool]]) -> list[list[bool]]:
    """Return the outputs of each scan."""
    image, seen = compiled(), []
    for number, row in enumerate(rows):
        image.inputs[:] = row
        image.scan(time_ns=number * PERIOD_NS)
        seen.append(image.outputs[:])
    return seen


def by_hand(rows: list[list[bool]]) -> list[list[bool]]:
    """Return the outputs of each scan."""
    sorter = Sorter()
    return [sorter.scan(row, number * PERIOD_NS) for number, row in enumerate(rows)]


MATIEC_MAIN = """
#include <string.h>
#include "iec_std_lib.h"
TIME __CURRENT_TIME;
BOOL __DEBUG = 0;
static unsigned char in_[{inputs}], out_[{outputs}];
{places}
void config_init__(void);
void config_run__(unsigned long tick);
void start(void) {{ config_init__(); }}
void scan(const unsigned char *inputs, unsigned char *outputs, long long now) {{
  memcpy(in_, inputs, sizeof in_);
  __CURRENT_TIME.tv_sec = now / 1000000000; __CURRENT_TIME.tv_nsec = now % 1000000000;
  config_run__(0);
  memcpy(outputs, out_, sizeof out_);
}}
"""


def matiec(folder: Path) -> Callable[[list[list[bool]]], list[list[bool]]] | None:
    """Return the same program made by MatIEC and gcc, or None where one of them is not there."""
    compiler, gcc = shutil.which("iec2c"), shutil.which("gcc")
    if compiler is None or gcc is None:
        return None
    own = Path(compiler).resolve().parent
    library = next((p for p in (own / "lib", own.parent / "lib") if (p / "C").is_dir()), None)
    if library is None:
        return None
    located = "".join(f"  {p.name} AT {p.address} : BOOL;\n" for p in points())
    (folder / "cell.st").write_text(
        f"PROGRAM main VAR {located} END_VAR VAR {VARIABLES} END_VAR {BODY} END_PROGRAM\n"
        "CONFIGURATION config RESOURCE res ON plc TASK t (INTERVAL := T#10ms, PRIORITY := 0); "
        "PROGRAM run WITH t : main; END_RESOURCE END_CONFIGURATION\n"
    )
    call = [compiler, "-I", str(library), "-T", str(folder), str(folder / "cell.st")]
    subprocess.run(call, check=True, capture_output=True, cwd=folder)
    places = [
        f"BOOL *__{area}X{n // 8}_{n % 8} = (BOOL *)&{field}[{n}];"
        for area, field, count in (("I", "in_", len(INPUTS)), ("Q", "out_", len(OUTPUTS)))
        for n in range(count)
    ]
    main = MATIEC_MAIN.format(inputs=len(INPUTS), outputs=len(OUTPUTS), places="\n".join(places))
    (folder / "run.c").write_text(main)
    sources = [str(folder / name) for name in ("run.c", "config.c", "res.c")]
    binary = str(folder / "cell.so")
    made = [gcc, "-O2", "-shared", "-fPIC", "-w", "-I", str(library / "C"), *sources, "-o", binary]
    subprocess.run(made, check=True, capture_output=True, cwd=folder)
    loaded = ctypes.CDLL(binary)

    def run(rows: list[list[bool]]) -> list[list[bool]]:
        loaded.start()
        out = (ctypes.c_ubyte * len(OUTPUTS))()
        seen = []
        for number, row in enumerate(rows):
            loaded.scan(bytes(row), out, ctypes.c_longlong(number * PERIOD_NS))
            seen.append([bool(value) for value in out])
        return seen

    return run


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--scans", type=int, default=20_000)
    arguments.add_argument("--rounds", type=int, default=9)
    given = arguments.parse_args()

    headline("Scans a second of a sorting cell: 60 statements, 20 points, 3 timers", "lark")
    rows = stimulus(given.scans)
    ways: dict[str, Callable[[list[list[bool]]], list[list[bool]]]] = {
        "by hand in Python": by_hand,
        "Structured Text": ours,
    }
    with tempfile.TemporaryDirectory() as name:
        other = matiec(Path(name))
        if other is None:
            print("iec2c and gcc: not both found, so MatIEC does not run\n")
        else:
            ways["MatIEC and gcc"] = other
        expected = by_hand(rows)
        for label, way in ways.items():
            if way(rows) != expected:
                raise SystemExit(f"{label} gives other outputs")
        moves = sum(a != b for a, b in pairwise(expected))
        print(f"the same outputs in {len(rows):,} scans, which changed {moves:,} times\n")

        def contestant(label: str) -> Contestant:
            return Contestant(label, lambda _: len(ways[label](rows)))

        standings = race(
            [contestant(label) for label in ways], base="by hand in Python", rounds=given.rounds
        )
    show(standings, unit="scans a second", base="by hand")


if __name__ == "__main__":
    main()
