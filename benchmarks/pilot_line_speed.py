"""How many times real time does the pilot line run, statistics on?

    python -m benchmarks.pilot_line_speed [--line pack_pilot] [--hours 8] [--rounds 5]

The ratio is simulated time to time of the machine; the peer is the clock on the wall.
"""

import argparse
import statistics
import time

from benchmarks.harness import headline
from twin.control.line import build
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.spec import load_line
from twin.spec.shipped import shipped


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--line", default="pack_pilot")
    arguments.add_argument("--hours", type=float, default=8.0)
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()

    headline(f"The line {given.line}, {given.hours:g} h", "simpy", "numpy")
    spec = load_line(shipped("lines")[given.line])
    processor, wall, events = [], [], 0
    for seed in range(given.rounds):
        began_wall_s, began_s = time.perf_counter(), time.process_time()
        line = build(spec, seed=seed)
        Runner(line, Header(line={}, seed=seed)).run_until(given.hours * 3600)
        result = line.result()
        processor.append(given.hours * 3600 / (time.process_time() - began_s))
        wall.append(given.hours * 3600 / (time.perf_counter() - began_wall_s))
        events = result.events
    print(f"{events / given.hours:,.0f} events an hour of the line")
    print(f"times real time, by processor: {statistics.median(processor):12,.0f}")
    print(f"times real time, by the wall:  {statistics.median(wall):12,.0f}")


if __name__ == "__main__":
    main()
