"""How fast a cell at motion fidelity runs with its soft PLC, and what its parts cost.

The peer is the same cell driven by the same logic written by hand in Python, at the same period:
what the compiled program costs over that is the price of Structured Text. Without the quiet-scan
shortcut every scan is done, as a controller does it.

    python benchmarks/cell_speed.py [--minutes 30] [--rounds 3]
"""

import argparse
import platform
import statistics
import sys
import time
from importlib.metadata import version

from benchmarks.peers.sorting_by_hand import ByHand
from twin.control.attend import press_start
from twin.control.line import build
from twin.control.plc import SoftPlc, soft_plcs
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.motion.workcell import Workcell
from twin.spec.load import load_line

CELL, ASSET = "sorting_cell", "sorting"


def made_ready(name: str, *, sparing: bool) -> Runner:
    spec = load_line(name)
    runner = Runner(build(spec, 1), Header(line={}, seed=1))
    for plc in soft_plcs(runner.plant):
        plc.sparing = sparing
    press_start(runner)
    return runner


def by_hand() -> Runner:
    spec = load_line(CELL)
    runner = Runner(build(spec, 1), Header(line={}, seed=1))
    cell = runner.plant.assets[ASSET]  # type: ignore[attr-defined]
    assert isinstance(cell, Workcell)
    plc = cell.controller
    assert isinstance(plc, SoftPlc)
    plc.timer.cancel()
    ByHand(cell).start()
    press_start(runner)
    return runner


def times_real(runner: Runner, minutes: float) -> tuple[float, int]:
    """Run; return simulated seconds a second of processor time, and the parts made."""
    until_s = runner.time_s + 60.0 * minutes
    began = time.process_time()
    runner.run_until(until_s)
    return 60.0 * minutes / (time.process_time() - began), int(runner.plant.made)  # type: ignore[attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, simpy {version('simpy')}, {platform.machine()}")
    found: dict[str, list[float]] = {}
    made: dict[str, set[int]] = {}
    for _ in range(given.rounds):
        for name, runner in (
            ("by hand in Python", by_hand()),
            ("soft PLC, every scan", made_ready(CELL, sparing=False)),
            ("soft PLC, quiet scans left out", made_ready(CELL, sparing=True)),
        ):
            speed, parts = times_real(runner, given.minutes)
            found.setdefault(name, []).append(speed)
            made.setdefault(name, set()).add(parts)
    base = statistics.median(found["by hand in Python"])
    for name, speeds in found.items():
        middle = statistics.median(speeds)
        print(
            f"{name:32} {middle:8,.0f} x real time  {middle / base:5.2f} of by hand  "
            f"({min(speeds):,.0f} to {max(speeds):,.0f})  {sorted(made[name])} parts"
        )
    if len(set().union(*made.values())) > 1:
        sys.exit("the same logic has made different numbers of parts")


if __name__ == "__main__":
    main()
