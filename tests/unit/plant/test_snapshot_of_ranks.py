"""A station that serves by rank keeps its rule through a snapshot."""

import json

import pytest

from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.line import build
from twin.spec.line import LineSpec

END_S = 4000.0


def line(sequence: str) -> LineSpec:
    """Three buffers of parts of different rank before one slow station."""
    kinds = ("low", "middle", "high")
    feeds = [
        {
            "id": f"feed_{kind}",
            "kind": "source",
            "part": kind,
            "interarrival_s": {"exponential": 30},
        }
        for kind in kinds
    ]
    buffers = [{"id": f"wait_{kind}", "kind": "buffer"} for kind in kinds]
    return LineSpec.model_validate(
        {
            "schema": "pilotline.line/1",
            "id": "ranks",
            "parts": [{"id": kind, "priority": -rank} for rank, kind in enumerate(kinds)],
            "assets": [
                *feeds,
                *buffers,
                {"id": "m", "kind": "station", "process_s": 12, "sequence": sequence},
                {"id": "out", "kind": "sink"},
            ],
            "flow": [*[[f"feed_{kind}", f"wait_{kind}", "m"] for kind in kinds], ["m", "out"]],
        }
    )


@pytest.mark.parametrize("sequence", ["priority", "due"])
def test_restored_run_serves_in_the_same_order(sequence: str) -> None:
    spec = line(sequence)
    whole, restored = (Runner(build(spec, seed=5), Header(line={}, seed=5)) for _ in range(2))
    whole.run_until(END_S / 2)
    saved = json.loads(json.dumps(whole.snapshot()))
    restored.restore(saved)
    digests = whole.digest(), restored.digest()
    whole.run_until(END_S)
    restored.run_until(END_S)
    assert digests[0].hex() == digests[1].hex()
    assert digests[0].changes > 100


def test_higher_rank_waits_less() -> None:
    runner = Runner(build(line("priority"), seed=5), Header(line={}, seed=5))
    runner.run_until(END_S)
    content = {kind: runner.plant.assets[f"wait_{kind}"].content() for kind in ("low", "high")}  # type: ignore[attr-defined]  # the runner knows a plant, not a line
    assert content["high"] < content["low"]
