"""How fast the robot cells run with their PLC, RAPID and collision checking, and what each costs.

The cell's own time is the peer: shares of it are printed, measured in the same run. A share is the
time within the functions named here, without that of another share called from there.

    python -m benchmarks.robot_cell [--minutes 10]
"""

import argparse
import platform
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

from twin.control.attend import press_start
from twin.control.line import build
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.spec.load import load_line

CELLS = ("picking_cell", "robot_palletiser_cell", "battery_cell")
LEAST = 50.0
"""Times real time that a cell must run at."""
PARTS = {
    "moves": (
        ("twin.plant.robot.moves", "plan"),
        ("twin.plant.robot.blend", "blend"),
        ("twin.plant.robot.follow", "follow"),
        ("twin.plant.robot.stops", "stop"),
        ("twin.plant.robot.stops", "resume"),
    ),
    "collision": (
        ("twin.plant.robot.collide", "first_contact"),
        ("twin.plant.robot.collide", "touching_at"),
        ("twin.plant.robot.collide", "nearest"),
    ),
    "kinematics": (
        ("twin.plant.robot.arm", "Arm.inverse"),
        ("twin.plant.robot.arm", "Arm.flange"),
    ),
    "PLC": (("twin.control.plc", "SoftPlc._scan"),),
}


class Meter:
    """Processor time by part: whoever was entered last has it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.stack = ["the rest"]
        self.since = time.process_time()

    def enter(self, part: str) -> None:
        self._book()
        self.stack.append(part)

    def leave(self) -> None:
        self._book()
        self.stack.pop()

    def _book(self) -> None:
        now = time.process_time()
        part = self.stack[-1]
        self.spent[part] = self.spent.get(part, 0.0) + now - self.since
        self.since = now

    def around(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*args: Any, **kwargs: Any) -> Any:
            self.enter(part)
            try:
                return function(*args, **kwargs)
            finally:
                self.leave()

        return measured


def wrapped(meter: Meter) -> list[tuple[Any, str, Any]]:
    """Put the meter around all that is measured; return what was there."""
    kept = []
    for part, places in PARTS.items():
        for module, path in places:
            owner: Any = import_module(module)
            *outer, name = path.split(".")
            for step in outer:
                owner = getattr(owner, step)
            kept.append((owner, name, getattr(owner, name)))
            setattr(owner, name, meter.around(part, getattr(owner, name)))
    return kept


def made_ready(name: str) -> Runner:
    runner = Runner(build(load_line(name), 1), Header(line={}, seed=1))
    press_start(runner)
    return runner


def times_real(runner: Runner, minutes: float) -> float:
    until_s = runner.time_s + 60.0 * minutes
    began = time.process_time()
    runner.run_until(until_s)
    return 60.0 * minutes / (time.process_time() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    given = parser.parse_args()
    print(
        f"Python {platform.python_version()}, pin {version('pin')}, coal {version('coal')}, "
        f"ruckig {version('ruckig')}, {platform.machine()}"
    )
    for name in CELLS:
        speed = times_real(made_ready(name), given.minutes)
        meter = Meter()
        kept = wrapped(meter)
        try:
            times_real(made_ready(name), given.minutes)
        finally:
            for owner, attribute, function in kept:
                setattr(owner, attribute, function)
        meter.enter("")
        whole = sum(meter.spent.values())
        shares = ", ".join(
            f"{part} {spent / whole:.0%}"
            for part, spent in sorted(meter.spent.items(), key=lambda entry: -entry[1])
        )
        verdict = "enough" if speed >= LEAST else f"below {LEAST:.0f}"
        print(f"{name:24} {speed:6.0f} x real time ({verdict})  {shares}")


if __name__ == "__main__":
    main()
