"""How a benchmark here measures: processor time, contestants in turn, medians of ratios.

Machines are shared and their clocks wander. So each round runs every contestant once, a ratio is
taken inside the round, and the median over the rounds is told with its spread.
"""

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version


@dataclass(frozen=True)
class Contestant:
    """A name and a call that does some work and returns how much of it."""

    name: str
    work: Callable[[int], float]
    """Takes the number of the round, returns the units of work done."""


@dataclass(frozen=True)
class Standing:
    """How one contestant did: units of work a second of processor time, ratio to the base."""

    name: str
    rate: float
    ratio: float
    lowest: float
    highest: float


def race(contestants: Iterable[Contestant], *, base: str, rounds: int) -> list[Standing]:
    """Run everybody `rounds` times in turn and compare with the contestant called `base`."""
    rates: dict[str, list[float]] = {}
    for number in range(rounds):
        for contestant in contestants:
            gc.collect()
            began_s = time.process_time()
            done = contestant.work(number)
            rates.setdefault(contestant.name, []).append(done / (time.process_time() - began_s))
    standings = []
    for name, own in rates.items():
        ratios = [mine / its for mine, its in zip(own, rates[base], strict=True)]
        standings.append(
            Standing(
                name, statistics.median(own), statistics.median(ratios), min(ratios), max(ratios)
            )
        )
    return standings


def show(standings: Iterable[Standing], *, unit: str, base: str) -> None:
    """Print the table."""
    print(f"{'':24}{unit:>24}{'times ' + base:>20}   lowest  highest")
    for row in standings:
        print(f"{row.name:24}{row.rate:24,.0f}{row.ratio:20.2f}{row.lowest:9.2f}{row.highest:9.2f}")


def machine() -> str:
    """Say what this runs on."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            model = next(line.split(":")[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        pass
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} x {model}{load}, {platform.system()}"


def headline(question: str, *libraries: str) -> None:
    """Print what is asked, of which machine and which versions."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("pilotline", *libraries))
    print(question)
    print(f"on {machine()}")
    print(f"with Python {platform.python_version()}, {versions}\n")
