import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from twin.study.statistics import (
    batch_means,
    correlation,
    percentile,
    rate_batches,
    student,
    time_weighted_mean,
)

# Law, Simulation Modeling and Analysis, section 4.5: ten observations, 90 % interval 1.34 ± 0.24.
LAW = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]


def test_student_interval_of_the_textbook_sample():
    estimate = student(LAW)
    assert estimate.mean == pytest.approx(1.343, abs=5e-4)
    # The book's 90 % half-width is t(9, .95) * sqrt(.17 / 10); ours has t(9, .975) = 2.262.
    assert estimate.half_width == pytest.approx(0.24 * 2.262 / 1.833, abs=6e-3)


@settings(deadline=None)
@given(st.lists(st.integers(-(10**8), 10**8).map(lambda n: n / 100), min_size=2, max_size=40))
def test_student_agrees_with_scipy(values):
    estimate = student(values)
    if len(set(values)) == 1:
        assert (estimate.low, estimate.high) == (values[0], values[0])
        return
    low, high = stats.t.interval(
        0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values)
    )
    assert estimate.low == pytest.approx(low, rel=1e-6, abs=1e-6)
    assert estimate.high == pytest.approx(high, rel=1e-6, abs=1e-6)


def test_one_value_has_no_interval_and_none_has_no_mean():
    assert student([3.0]).low is None
    assert student([3.0]).mean == 3.0
    assert np.isnan(student([]).mean)
    assert student([2.0, float("nan"), 4.0]).mean == 3.0


def test_student_covers_the_true_mean_as_often_as_it_says():
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(2000):
        estimate = student(rng.normal(5.0, 2.0, size=6))
        covered += estimate.low <= 5.0 <= estimate.high
    # 95 % of 2000, give or take four standard deviations of a binomial.
    assert abs(covered - 1900) < 4 * (2000 * 0.95 * 0.05) ** 0.5


def test_relative_width_of_a_mean_of_zero_is_unknown():
    assert student([-1.0, 1.0]).relative_width is None
    assert student([9.0, 11.0]).relative_width == pytest.approx(12.706 * 1.0 / 10, rel=1e-3)


def test_batch_means_cover_a_correlated_series():
    rng = np.random.default_rng(3)
    covered = intervals = 0
    for _ in range(300):
        noise = rng.normal(size=20_000)
        series = np.empty_like(noise)
        value = 0.0
        for index, step in enumerate(noise):
            value = 0.9 * value + step
            series[index] = value
        estimate = batch_means(series.reshape(20, -1).mean(axis=1), observations=series.size)
        if estimate.low is not None:
            intervals += 1
            covered += estimate.low <= 0.0 <= estimate.high
    assert intervals > 250
    assert covered / intervals > 0.90


def test_batch_means_refuse_a_trend_and_a_handful():
    assert batch_means(np.arange(20.0), observations=10_000).low is None
    assert batch_means(np.ones(20), observations=40).low is None
    assert correlation([1.0, -1.0] * 10) == pytest.approx(-0.95)


def test_rate_batches_count_per_hour():
    rates = rate_batches(np.arange(5.0, 3600.0, 10.0), begin_s=0.0, end_s=3600.0)
    assert rates == pytest.approx([360.0] * 20)


def test_percentile_pools_replications():
    assert percentile([[1.0, 2.0], [3.0, 4.0, 5.0]], 0.5) == 3.0
    assert np.isnan(percentile([], 0.5))
    assert np.isnan(percentile([np.empty(0)], 0.95))


def test_time_weighted_mean_of_a_staircase():
    # 2 for 1 s, 5 for 3 s, 0 for 6 s; then only the last 8 s of it.
    assert time_weighted_mean([0, 1, 4], [2, 5, 0], begin_s=0, end_s=10) == pytest.approx(1.7)
    assert time_weighted_mean([0, 1, 4], [2, 5, 0], begin_s=2, end_s=10) == pytest.approx(10 / 8)
    with pytest.raises(ValueError, match="holds no time"):
        time_weighted_mean([0], [1], begin_s=3, end_s=3)
