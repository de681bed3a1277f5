"""How many part-operations a second, beside SimPy, salabim and Ciw on the same line?

    python -m benchmarks.line_speed [--rounds 7]

The line and the statistics that everybody keeps are in `benchmarks/peers`. The second table shows
that they simulate the same line: the figures agree within chance.
"""

import argparse

from benchmarks.harness import Contestant, headline, race, show
from benchmarks.peers import STATES, ciw_line, pilotline_line, salabim_line, simpy_line

PARTS = {"Pilotline": 4000, "SimPy": 4000, "salabim": 600, "Ciw": 600}
RUNS = {
    "Pilotline": pilotline_line.run,
    "SimPy": simpy_line.run,
    "salabim": salabim_line.run,
    "Ciw": ciw_line.run,
}


def contestant(name: str) -> Contestant:
    return Contestant(name, lambda number: RUNS[name](PARTS[name], number).operations)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=7)
    rounds = arguments.parse_args().rounds

    headline("Ten machines, buffers of four, failures", "simpy", "salabim", "ciw", "numpy")
    standings = race([contestant(name) for name in RUNS], base="SimPy", rounds=rounds)
    show(standings, unit="part-operations/s", base="SimPy")

    print(f"\nThe same line? Means over the machines and buffers of one run ({PARTS} parts):")
    heads = "".join(f"{state:>9}" for state in STATES)
    print(f"{'':12}{'throughput':>10}{heads}{'level':>9}{'wip':>9}{'lead time':>10}")
    for name, run in RUNS.items():
        print(f"{name:12}{run(PARTS[name] * 3, 99).row()}")
    print("Ciw counts repairs as busy: it has no failures that depend on work done.")


if __name__ == "__main__":
    main()
