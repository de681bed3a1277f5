import numpy as np
import pytest

from twin.study.warmup import find, mser, mser5


def brute(values):
    """MSER by its definition, one truncation after the other, within the first half."""
    best = []
    for d in range(len(values) // 2 + 1):
        rest = values[d:]
        best.append(np.sum((rest - rest.mean()) ** 2) / len(rest) ** 2)
    return int(np.argmin(best))


@pytest.mark.parametrize("seed", range(8))
def test_mser_is_its_definition(seed):
    rng = np.random.default_rng(seed)
    values = 100 + rng.normal(size=200) + 20 * np.exp(-np.arange(200) / 15)
    assert mser(values) == (brute(values), True)


def test_a_step_is_cut_where_it_ends():
    values = np.concatenate([np.zeros(100), np.tile([9.0, 10.0, 11.0, 10.0], 225)])
    dropped, conclusive = mser5(values)
    assert 100 <= dropped <= 105
    assert conclusive


def test_a_level_series_loses_little():
    rng = np.random.default_rng(5)
    dropped, conclusive = mser5(rng.normal(50, 5, size=1000))
    assert dropped < 300
    assert conclusive


def test_a_rise_without_end_is_not_conclusive_and_keeps_half_of_the_run():
    assert mser5(np.arange(1000.0)) == (500, False)


def test_a_quiet_end_does_not_throw_the_run_away():
    values = np.random.default_rng(2).normal(50, 5, size=1000)
    values[-50:] = 50.0
    dropped, conclusive = mser5(values)
    assert dropped <= 500
    assert not conclusive


def test_the_empty_begin_of_a_line_is_found(run_result):
    pilots = []
    for replication in range(5):
        result = run_result(replication, simulated_s=100_000.0)
        late = result.departures_s[result.departures_s > 12_000.0]
        result.departures_s = late
        pilots.append(result)
    warmup = find(pilots, 100_000.0)
    assert warmup.conclusive
    assert 12_000.0 <= warmup.seconds <= 20_000.0


def test_a_run_without_parts_has_no_conclusive_warmup(run_result):
    result = run_result(0)
    result.departures_s = np.empty(0)
    assert not find([result], 3600.0).conclusive
