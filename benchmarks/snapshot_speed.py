"""How long do a snapshot and a restore take, beside playing the run again?

    python -m benchmarks.snapshot_speed [--line pack_pilot] [--hours 8] [--rounds 9]

A run made of SimPy processes can be neither pickled nor copied: its generators forbid it. What such
a run can do is play again from the start, which is the peer here. Three figures for ours: snapshot
and restore in memory, the same through a pickle as if by disk, and into a line built anew.
"""

import argparse
import pickle
import statistics
import time
from collections.abc import Callable

import simpy

from benchmarks.harness import headline
from benchmarks.peers import simpy_line
from twin.control.line import build
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.spec import load_line
from twin.spec.shipped import shipped


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median processor time of `work`, ms."""
    times = []
    for _ in range(rounds):
        began_s = time.process_time()
        work()
        times.append((time.process_time() - began_s) * 1e3)
    return statistics.median(times)


def refusal_of_simpy() -> str:
    """Return what pickling a running SimPy model says."""
    line = simpy_line.Line(seed=1, parts=10)
    line.env.run(until=5)
    try:
        pickle.dumps(line)
    except (TypeError, pickle.PicklingError) as error:
        return str(error)
    return f"it can be pickled with simpy {simpy.__version__}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--line", default="pack_pilot")
    arguments.add_argument("--hours", type=float, default=8.0)
    arguments.add_argument("--rounds", type=int, default=9)
    given = arguments.parse_args()

    headline(f"Snapshot and restore of {given.line} after {given.hours:g} h", "simpy", "numpy")
    spec = load_line(shipped("lines")[given.line])
    line = build(spec, seed=1)
    runner = Runner(line, Header(line={}, seed=1))
    runner.run_until(given.hours * 3600)
    fresh = Runner(build(spec, seed=1), Header(line={}, seed=1))

    def play_again() -> None:
        Runner(build(spec, seed=1), Header(line={}, seed=1)).run_until(given.hours * 3600)

    data = runner.snapshot()
    print(f"parts in the line: {sum(asset.content() for asset in line.assets.values())}")
    print(f"snapshot as a pickle: {len(pickle.dumps(data)):,} bytes\n")
    replay_ms = milliseconds(play_again, max(3, given.rounds // 3))
    ways: dict[str, Callable[[], object]] = {
        "in memory": lambda: runner.restore(runner.snapshot()),
        "through a pickle": lambda: runner.restore(pickle.loads(pickle.dumps(runner.snapshot()))),
        "into a line built before": lambda: fresh.restore(runner.snapshot()),
    }
    print(f"{'snapshot + restore':28}{'ms':>10}{'playing again / this':>24}")
    for name, way in ways.items():
        took_ms = milliseconds(way, given.rounds)
        print(f"{name:28}{took_ms:10.2f}{replay_ms / took_ms:24,.0f}")
    print(f"{'playing again':28}{replay_ms:10.1f}{1:24}")
    print(f"\nSimPy processes, pickled: {refusal_of_simpy()}")


if __name__ == "__main__":
    main()
