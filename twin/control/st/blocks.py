"""The standard function blocks: timers, edges, counters, flip-flops.

An instance is a row of cells from `b`; each function knows the order of its own. Timers measure
simulation time `t`, ns; one that is running says so in the first cell of all, because the next scan
then differs even where no input does.
"""

from collections.abc import Callable

from .emit import BUSY
from .kinds import BOOL, LINT, TIME, TYPES, Block, Cell, Elementary, Field

Cells = list[Cell]
Run = Callable[[list[int], int, int], None]
IDLE, RUNNING, DONE = 0, 1, 2


def ton(s: list[int], b: int, t: int) -> None:
    """On-delay: IN, PT, Q, ET, start, phase."""
    if not s[b]:
        if s[b + 5]:
            s[b + 2], s[b + 3], s[b + 5] = False, 0, IDLE
        return
    phase = s[b + 5]
    if phase == DONE:
        return
    if phase == IDLE:
        s[b + 4], s[b + 5] = t, RUNNING
    elapsed, wanted = t - s[b + 4], s[b + 1]
    if elapsed >= wanted:
        s[b + 2], s[b + 3], s[b + 5] = True, max(0, wanted), DONE
    else:
        s[b + 3], s[BUSY] = elapsed, True


def tof(s: list[int], b: int, t: int) -> None:
    """Off-delay: IN, PT, Q, ET, start, phase; DONE is IN."""
    if s[b]:
        s[b + 2], s[b + 3], s[b + 5] = True, 0, DONE
        return
    phase = s[b + 5]
    if phase == IDLE:
        return
    if phase == DONE:
        s[b + 4], s[b + 5] = t, RUNNING
    elapsed, wanted = t - s[b + 4], s[b + 1]
    if elapsed >= wanted:
        s[b + 2], s[b + 3], s[b + 5] = False, max(0, wanted), IDLE
    else:
        s[b + 3], s[BUSY] = elapsed, True


def tp(s: list[int], b: int, t: int) -> None:
    """Pulse: IN, PT, Q, ET, start, phase; a pulse ends when its time has come, whatever IN does."""
    phase = s[b + 5]
    if phase == IDLE and s[b]:
        s[b + 4], s[b + 5] = t, RUNNING
        s[b + 2] = True
        phase = RUNNING
    if phase == RUNNING:
        elapsed, wanted = t - s[b + 4], s[b + 1]
        if elapsed < wanted:
            s[b + 3], s[BUSY] = elapsed, True
            return
        s[b + 2], s[b + 3], s[b + 5] = False, max(0, wanted), DONE
        phase = DONE
    if phase == DONE and not s[b]:
        s[b + 3], s[b + 5] = 0, IDLE


def r_trig(s: list[int], b: int, _t: int) -> None:
    """Rising edge: CLK, Q, before."""
    now = s[b]
    s[b + 1] = now and not s[b + 2]
    s[b + 2] = now


def f_trig(s: list[int], b: int, _t: int) -> None:
    """Falling edge: CLK, Q, before."""
    now = s[b]
    s[b + 1] = s[b + 2] and not now
    s[b + 2] = now


def sr(s: list[int], b: int, _t: int) -> None:
    """Set dominates: S1, R, Q1."""
    s[b + 2] = s[b] or (s[b + 2] and not s[b + 1])


def rs(s: list[int], b: int, _t: int) -> None:
    """Reset dominates: S, R1, Q1."""
    s[b + 2] = not s[b + 1] and (s[b] or s[b + 2])


def counter_up(high: int) -> Run:
    """Return CTU for a type whose largest value is `high`: CU, R, PV, Q, CV, before."""

    def ctu(s: list[int], b: int, _t: int) -> None:
        if s[b + 1]:
            s[b + 4] = 0
        elif s[b] and not s[b + 5] and s[b + 4] < high:
            s[b + 4] += 1
        s[b + 5] = s[b]
        s[b + 3] = s[b + 4] >= s[b + 2]

    return ctu


def counter_down(low: int) -> Run:
    """Return CTD for a type whose least value is `low`: CD, LD, PV, Q, CV, before."""

    def ctd(s: list[int], b: int, _t: int) -> None:
        if s[b + 1]:
            s[b + 4] = s[b + 2]
        elif s[b] and not s[b + 5] and s[b + 4] > low:
            s[b + 4] -= 1
        s[b + 5] = s[b]
        s[b + 3] = s[b + 4] <= 0

    return ctd


def counter_both(low: int, high: int) -> Run:
    """Return CTUD: CU, CD, R, LD, PV, QU, QD, CV, before CU, before CD."""

    def ctud(s: list[int], b: int, _t: int) -> None:
        up, down = s[b] and not s[b + 8], s[b + 1] and not s[b + 9]
        if s[b + 2]:
            s[b + 7] = 0
        elif s[b + 3]:
            s[b + 7] = s[b + 4]
        elif up and not down and s[b + 7] < high:
            s[b + 7] += 1
        elif down and not up and s[b + 7] > low:
            s[b + 7] -= 1
        s[b + 8], s[b + 9] = s[b], s[b + 1]
        s[b + 5], s[b + 6] = s[b + 7] >= s[b + 4], s[b + 7] <= 0

    return ctud


BLOCKS: dict[str, Block] = {}
"""Types of the standard blocks by name."""
RUNS: dict[str, Run] = {}
"""What runs an instance, by the name in compiled code."""


def _add(
    name: str,
    run: Run,
    inputs: list[tuple[str, Elementary]],
    outputs: list[tuple[str, Elementary]],
    hidden: list[tuple[Elementary, Cell]],
) -> None:
    block = Block(name, cells=0, runs=f"std{len(RUNS)}", standard=True)
    for label, kind in inputs:
        block.add(Field(label, kind, 0, "VAR_INPUT"))
    for label, kind in outputs:
        block.add(Field(label, kind, 0, "VAR_OUTPUT"))
    for number, (kind, start) in enumerate(hidden):
        block.add(Field(f"#{number}", kind, 0, start=[start], hidden=True))
    BLOCKS[name] = block
    RUNS[block.runs] = run


def _fill() -> None:
    for prefix in ("", "L"):
        kind = TYPES[f"{prefix}TIME"]
        for name, run in (("TON", ton), ("TOF", tof), ("TP", tp)):
            timer = name if kind is TIME else f"{name}_LTIME"
            _add(
                timer,
                run,
                [("IN", BOOL), ("PT", kind)],
                [("Q", BOOL), ("ET", kind)],
                [(LINT, 0), (LINT, IDLE)],
            )
    _add("R_TRIG", r_trig, [("CLK", BOOL)], [("Q", BOOL)], [(BOOL, False)])
    _add("F_TRIG", f_trig, [("CLK", BOOL)], [("Q", BOOL)], [(BOOL, False)])
    _add("SR", sr, [("S1", BOOL), ("R", BOOL)], [("Q1", BOOL)], [])
    _add("RS", rs, [("S", BOOL), ("R1", BOOL)], [("Q1", BOOL)], [])
    for suffix in ("", "_INT", "_DINT", "_LINT", "_UINT", "_UDINT", "_ULINT"):
        kind = TYPES[suffix[1:] or "INT"]
        before: list[tuple[Elementary, Cell]] = [(BOOL, False)]
        counted = [("Q", BOOL), ("CV", kind)]
        up, down = ("CU", BOOL), ("CD", BOOL)
        reset, load, preset = ("R", BOOL), ("LD", BOOL), ("PV", kind)
        _add(f"CTU{suffix}", counter_up(kind.high), [up, reset, preset], counted, before)
        _add(f"CTD{suffix}", counter_down(kind.low), [down, load, preset], counted, before)
        _add(
            f"CTUD{suffix}",
            counter_both(kind.low, kind.high),
            [up, down, reset, load, preset],
            [("QU", BOOL), ("QD", BOOL), ("CV", kind)],
            before * 2,
        )


_fill()
