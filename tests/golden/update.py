"""The fingerprints of the shipped lines: what a run of each gave when it was last looked at.

`digests.json` holds them. A change of the plant, of a shipped line or of the versions of Python
packages that a run's last bit depends on (the versions in the file, pinned in constraints.txt)
may change them. If that is meant, write them anew and say why in the changelog:

    python tests/golden/update.py

`--print` writes them to the screen instead of the file.
"""

import json
import sys
from math import ceil, inf
from pathlib import Path
from typing import Any

from twin.control.attend import press_start
from twin.control.line import build
from twin.kernel.record import Header, versions
from twin.kernel.runner import Runner
from twin.spec import load_line
from twin.spec.shipped import shipped

FILE = Path(__file__).with_name("digests.json")
SEEDS = (0, 7)
EVENTS = 6000


def names() -> list[str]:
    """Return the names of the shipped lines."""
    return sorted(shipped("lines"))


def until_s(name: str) -> float:
    """Return the time in which some thousand things happen on a line, s, in whole minutes."""
    line = build(load_line(name))
    Runner(line, Header({})).run_until(inf, most=EVENTS)
    return 60.0 * ceil(line.env.time_s / 60.0)


def run(name: str, seed: int, end_s: float) -> dict[str, Any]:
    """Run a line, and return what is kept of it."""
    line = build(load_line(name), seed)
    runner = Runner(line, Header({}, seed))
    digest = runner.digest()
    press_start(runner)
    runner.run_until(end_s)
    return {"digest": digest.hex(), "made": line.made, "scrapped": line.scrapped}


def everything() -> dict[str, Any]:
    """Return what the file holds."""
    runs = {}
    for name in names():
        end_s = until_s(name)
        seeds = {str(seed): run(name, seed, end_s) for seed in SEEDS}
        runs[name] = {"until_s": end_s, "seeds": seeds}
    made_by = {key: value for key, value in versions().items() if key in ("numpy", "simpy")}
    return {
        "about": "written by tests/golden/update.py, which says when to write it anew",
        "versions": made_by,
        "runs": runs,
    }


if __name__ == "__main__":
    text = json.dumps(everything(), indent=1) + "\n"
    if "--print" in sys.argv:
        sys.stdout.write(text)
    else:
        FILE.write_text(text, encoding="utf-8")
