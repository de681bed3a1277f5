import json

import numpy as np
import pytest
from scipy import stats

from twin.study.summary import as_json, states, summarise
from twin.study.warmup import Warmup


def summary_of(results, **more):
    warmup = Warmup(results[0].warmup_s, "given")
    return summarise(results, warmup=warmup, wall_s=1.5, **more)


def data_of(results, **more):
    text = json.dumps(as_json(summary_of(results, **more), version="1"), allow_nan=False)
    return json.loads(text)


def test_the_contract_is_whole(run_result):
    data = data_of([run_result(one, warmup_s=600.0) for one in range(5)])
    contract = {"line", "seed", "replications", "simulated_s", "events", "wall_s"}
    assert contract <= data.keys()
    for name in ("throughput_per_h", "wip", "lead_time_s"):
        low, high = data[name]["ci95"]
        assert low <= data[name]["mean"] <= high
    assert data["lead_time_s"]["p50"] < data["lead_time_s"]["p95"]
    asset = data["assets"]["m1"]
    for name in (*states, "made", "scrapped", "availability", "performance", "quality", "oee"):
        assert name in asset
    assert sum(asset[state] for state in states) == pytest.approx(1, abs=1e-12)
    assert data["assets"]["b1"]["level"] == 2.5
    assert data["assets"]["b1"]["oee"] is None


def test_intervals_are_over_replications(run_result):
    results = [run_result(one) for one in range(6)]
    rates = [one.throughput_per_h for one in results]
    low, high = stats.t.interval(0.95, 5, loc=np.mean(rates), scale=stats.sem(rates))
    assert data_of(results)["throughput_per_h"]["ci95"] == pytest.approx([low, high])


def test_percentiles_are_of_all_parts_together(run_result):
    results = [run_result(one) for one in range(4)]
    pooled = np.concatenate([one.lead_time_s for one in results])
    assert data_of(results)["lead_time_s"]["p95"] == pytest.approx(np.quantile(pooled, 0.95))


def test_one_long_replication_has_intervals_by_batches(run_result):
    """Poisson departures of known rate: the batch interval covers it as often as it says."""
    covered = told = 0
    for replication in range(100):
        result = run_result(replication, simulated_s=20_000.0, warmup_s=2000.0)
        interval = data_of([result])["throughput_per_h"]["ci95"]
        if interval:
            told += 1
            covered += interval[0] <= 360.0 <= interval[1]
    assert told >= 95
    assert covered >= 0.88 * told


def test_one_short_replication_says_that_it_has_none(run_result):
    data = data_of([run_result(0, simulated_s=300.0)])
    assert data["throughput_per_h"]["ci95"] is None
    assert [note["code"] for note in data["notes"]] == ["report.note_one_none"]


def test_a_run_without_parts_has_a_result(run_result):
    empty = run_result(0)
    empty.made, empty.throughput_per_h = 0, 0.0
    empty.lead_time_s = empty.departures_s = np.empty(0)
    data = data_of([empty, empty])
    assert data["throughput_per_h"]["mean"] == 0
    assert data["lead_time_s"] == {"mean": None, "ci95": None, "p50": None, "p95": None}
    assert data["energy_per_good_part_j"]["mean"] is None
    assert "report.note_no_parts" in [note["code"] for note in data["notes"]]


def test_energy_is_per_good_part(run_result):
    assert data_of([run_result(0)])["energy_per_good_part_j"]["mean"] == pytest.approx(7200.0)


def test_deadlock_and_early_end_are_told(run_result):
    stuck = run_result(1)
    stuck.deadlock = "m1 waits for m2 waits for m1"
    data = data_of([run_result(0), stuck])
    assert data["deadlock"] == "m1 waits for m2 waits for m1"
    assert data["ended"] is None


def test_the_bottleneck_is_the_asset_with_the_largest_share(run_result):
    data = data_of([run_result(one) for one in range(3)])
    assert data["bottleneck"] == {"asset": "m1", "shares": {"m1": 0.55}}
