"""Given the same times, Pilotline and a model written in SimPy's usual style do the same."""

from itertools import islice

import pytest

from benchmarks.peers import MACHINES, PLACES, chances, simpy_line
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.line import build
from twin.plant.result import RunResult
from twin.spec.line import LineSpec

PARTS = 400
SEED = 20


def traced_line(seed: int) -> LineSpec:
    """The ten-machine line with the very numbers that the SimPy model draws, as traces."""
    assets: list[dict[str, object]] = [{"id": "feed", "kind": "source"}]
    chain = ["feed"]
    for number, chance in enumerate(chances(seed), 1):
        work, uptimes, downtimes = (list(islice(s, 3 * PARTS)) for s in chance.streams())
        failure = {
            "id": "jam",
            "clock": "operating",
            "uptime_s": {"trace": uptimes},
            "downtime_s": {"trace": downtimes},
        }
        assets.append(
            {
                "id": f"m{number}",
                "kind": "station",
                "process_s": {"trace": work},
                "failures": [failure],
            }
        )
        chain.append(f"m{number}")
        if number < MACHINES:
            assets.append({"id": f"b{number}", "kind": "buffer", "capacity": PLACES})
            chain.append(f"b{number}")
    assets.append({"id": "out", "kind": "sink"})
    return LineSpec.model_validate(
        {
            "schema": "pilotline.line/1",
            "id": "ten_machines",
            "assets": assets,
            "flow": [[*chain, "out"]],
        }
    )


@pytest.fixture(scope="module")
def peer() -> simpy_line.Line:
    line = simpy_line.Line(SEED, PARTS)
    line.env.run(until=line.done)
    return line


@pytest.fixture(scope="module")
def ours(peer: simpy_line.Line) -> RunResult:
    line = build(traced_line(SEED), seed=1)
    Runner(line, Header(line={}, seed=1)).run_until(peer.env.now + 1e-6)
    return line.result()


def test_every_part_leaves_at_the_same_time(ours: RunResult, peer: simpy_line.Line) -> None:
    assert ours.departures_s == pytest.approx(peer.departures, abs=1e-6)


def test_every_part_takes_the_same_time_through(ours: RunResult, peer: simpy_line.Line) -> None:
    assert list(ours.lead_time_s) == pytest.approx(peer.lead_times, abs=1e-6)


def test_machines_spend_their_time_alike(ours: RunResult, peer: simpy_line.Line) -> None:
    for number, machine in enumerate(peer.machines, 1):
        machine.enter(machine.state)
        share = {state: time / peer.env.now for state, time in machine.times.items()}
        assert ours.assets[f"m{number}"].fractions == pytest.approx(
            share | {"setup": 0.0, "idle": 0.0}, abs=1e-6
        )


def test_buffers_are_as_full(ours: RunResult, peer: simpy_line.Line) -> None:
    for number, buffer in enumerate(peer.buffers, 1):
        assert ours.assets[f"b{number}"].level == pytest.approx(buffer.level.mean(), abs=1e-5)
    assert ours.wip == pytest.approx(peer.wip.mean(), abs=1e-5)
