"""One replication of real lines."""

import numpy as np
import pytest

from twin.kernel.errors import PilotlineError
from twin.spec import load_line
from twin.spec.shipped import shipped
from twin.study.errors import StudyError
from twin.study.job import FlowJob
from twin.study.plan import Plan, carry_out
from twin.study.precision import Precision
from twin.study.statistics import time_weighted_bins
from twin.study.summary import states
from twin.study.warmup import Warmup

HEAD = "schema: pilotline.line/1\nid: small\nassets:\n"

SERIAL = """
  - {id: feed, kind: source}
  - {id: fast, kind: station, process_s: 10}
  - {id: slow, kind: station, process_s: 30}
  - {id: last, kind: station, process_s: 20}
  - {id: out, kind: sink}
flow:
  - [feed, fast, slow, last, out]
"""

BROKEN_DOWN = """
  - {id: feed, kind: source}
  - {id: a, kind: station, process_s: 10}
  - {id: b, kind: station, process_s: 10,
     failures: [{id: dead, clock: calendar, uptime_s: 105, downtime_s: 100000}]}
  - {id: out, kind: sink}
flow:
  - [feed, a, b, out]
"""

THREE_IN_A_RING = """
  - {id: feed, kind: source, interarrival_s: 1}
  - {id: a, kind: station, process_s: 10}
  - {id: b, kind: station, process_s: 10, capacity: 2}
  - {id: c, kind: buffer, capacity: 1}
  - {id: out, kind: sink}
flow:
  - [feed, a]
  - {from: a, to: {b: 0.99, out: 0.01}, by: share}
  - [b, c, a]
"""


@pytest.fixture
def line(tmp_path):
    def load(text):
        path = tmp_path / "small.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        return load_line(path)

    return load


def on(share):
    return False


def test_a_serial_line_without_chance_is_exact(line):
    result = FlowJob(line(SERIAL), 0, duration_s=3700.0, warmup_s=100.0)(0, on)
    assert result.throughput_per_h == 120
    assert result.warmup_s == 100.0
    assert result.simulated_s == 3700.0
    assert result.assets["slow"].fractions["busy"] == pytest.approx(1.0)
    assert result.assets["fast"].fractions["blocked"] == pytest.approx(2 / 3)
    assert result.assets["last"].fractions["starved"] == pytest.approx(1 / 3)
    assert result.assets["slow"].bottleneck == pytest.approx(1.0)
    assert result.deadlock is None


@pytest.mark.parametrize("name", ["two_machine", "pack_pilot"])
def test_histories_tell_the_same_as_the_counts(name):
    spec = load_line(shipped("lines")[name])
    result = FlowJob(spec, 4, duration_s=20_000.0, histories=True)(0, on)
    whole = np.array([0.0, 20_000.0])
    for asset, counted in result.assets.items():
        if counted.servers == 1 and asset in result.states and counted.kind == "station":
            history = result.states[asset]
            for number, state in enumerate(states):
                share = time_weighted_bins(history[:, 0], history[:, 1] == number, whole)[0]
                assert share == pytest.approx(counted.fractions[state], abs=1e-9)
        if counted.kind == "buffer":
            history = result.levels[asset]
            mean = time_weighted_bins(history[:, 0], history[:, 1], whole)[0]
            assert mean == pytest.approx(counted.level, abs=1e-9)


def test_watching_changes_nothing():
    spec = load_line(shipped("lines")["pack_pilot"])
    plain = FlowJob(spec, 4, duration_s=20_000.0)(0, on)
    watched = FlowJob(spec, 4, duration_s=20_000.0, histories=True)(0, on)
    assert plain.events == watched.events
    assert plain.departures_s.tolist() == watched.departures_s.tolist()


def test_a_stop_gives_what_was_measured():
    spec = load_line(shipped("lines")["ten_machines"])
    result = FlowJob(spec, 1, duration_s=1e8)(0, lambda share: share > 0)
    assert 0 < result.simulated_s < 1e8
    assert result.made > 0
    assert FlowJob(spec, 1, duration_s=1e8, warmup_s=9e7)(0, lambda share: True) is None


def test_the_parts_asked_for_end_the_run(line):
    result = FlowJob(line(SERIAL), 0, duration_s=3700.0, warmup_s=100.0, parts=7)(0, on)
    assert result.made == 7
    # Parts leave each 30 s: the third at 120 s, the ninth at 300 s.
    assert result.simulated_s == 300.0


def test_a_ring_that_locks_up_is_named(line):
    result = FlowJob(line(THREE_IN_A_RING), 2, duration_s=36_000.0)(0, on)
    steps = result.deadlock.split(" → ")
    assert [step.partition(" (")[0] for step in steps] == ["a", "b", "c", "a"]


def test_a_long_repair_is_no_deadlock(line):
    result = FlowJob(line(BROKEN_DOWN), 0, duration_s=5000.0)(0, on)
    assert result.made == 9
    assert result.deadlock is None


@pytest.mark.parametrize("name", sorted(shipped("lines")))
def test_no_shipped_line_locks_up(name):
    spec = load_line(shipped("lines")[name])
    cells = any(asset.kind == "workcell" for asset in spec.assets)
    result = FlowJob(spec, 0, duration_s=1_200.0 if cells else 30_000.0)(0, on)
    assert result.deadlock is None
    assert result.made > 0 or not spec.flow  # nothing passes through a stand for measuring


def test_a_warm_up_as_long_as_the_run_is_refused(line):
    plan = Plan(line(SERIAL), 100.0, warmup=Warmup(100.0, "given"))
    with pytest.raises(StudyError, match="leaves nothing"):
        carry_out(plan)


def test_a_plan_is_carried_out_whole():
    spec = load_line(shipped("lines")["two_machine"])
    seen = []
    plan = Plan(
        spec, 40_000.0, seed=5, warmup=None, replications=60, precision=Precision(0.01), workers=1
    )
    study = carry_out(plan, progress=lambda *told: seen.append(told))
    assert study.precise
    assert study.warmup.method == "mser5"
    assert study.summary.throughput_per_h.relative_width <= 0.01
    assert {stage for stage, *_ in seen} == {"warmup", "replications"}
    assert issubclass(StudyError, PilotlineError)
