"""The ten-machine line in Pilotline."""

from functools import cache

from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.line import build
from twin.spec.line import LineSpec

from . import DOWNTIME, MACHINES, PLACES, UPTIME, WORK, Outcome


@cache
def spec() -> LineSpec:
    """Return the line as a line file would give it."""
    machines = [
        {
            "id": f"m{number}",
            "kind": "station",
            "process_s": {"exponential": WORK},
            "failures": [
                {
                    "id": "jam",
                    "clock": "operating",
                    "uptime_s": {"exponential": UPTIME},
                    "downtime_s": {"exponential": DOWNTIME},
                }
            ],
        }
        for number in range(1, MACHINES + 1)
    ]
    buffers = [
        {"id": f"b{number}", "kind": "buffer", "capacity": PLACES} for number in range(1, MACHINES)
    ]
    chain = ["feed", "m1"]
    for number in range(1, MACHINES):
        chain += [f"b{number}", f"m{number + 1}"]
    return LineSpec.model_validate(
        {
            "schema": "pilotline.line/1",
            "id": "ten_machines",
            "assets": [
                {"id": "feed", "kind": "source"},
                *machines,
                *buffers,
                {"id": "out", "kind": "sink"},
            ],
            "flow": [[*chain, "out"]],
        }
    )


def run(parts: int, seed: int) -> Outcome:
    """Run until about so many parts have left."""
    line = build(spec(), seed=seed)
    runner = Runner(line, Header(line={}, seed=seed))
    runner.run_until(parts / 0.52)
    result = line.result()
    assets = result.assets
    return Outcome(
        parts=result.made,
        time=result.simulated_s,
        fractions=[assets[f"m{number}"].fractions for number in range(1, MACHINES + 1)],
        levels=[assets[f"b{number}"].level or 0.0 for number in range(1, MACHINES)],
        wip=result.wip,
        lead_times=list(result.lead_time_s),
    )
