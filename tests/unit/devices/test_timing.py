"""Figures of a link's timing, against samples worked out by hand."""

import pytest

from devices.timing import KEPT, Timing, share


def test_nothing_measured_is_nothing_told() -> None:
    assert set(Timing().figures().values()) == {None}


def test_round_trips() -> None:
    timing = Timing()
    for trip_s in [0.001] * 18 + [0.005, 0.1]:
        timing.took(trip_s)
    figures = timing.figures()
    assert (figures["last_ms"], figures["median_ms"], figures["p95_ms"]) == (100.0, 1.0, 5.0)


def test_polls() -> None:
    timing = Timing()
    for now_s in (0.0, 0.1, 0.2, 0.3, 0.45):
        timing.polled(now_s)
    assert timing.period_ms == pytest.approx(100.0)
    assert timing.jitter_ms == pytest.approx(50.0)


def test_a_pause_is_no_gap() -> None:
    timing = Timing()
    timing.polled(0.0)
    timing.interrupted()
    timing.polled(1000.0)
    timing.polled(1000.5)
    assert list(timing.gaps_s) == [0.5]


def test_only_the_latest_samples_are_kept() -> None:
    timing = Timing()
    for number in range(10 * KEPT):
        timing.took(float(number))
    assert len(timing.trips_s) == KEPT
    assert timing.trips_s[0] == 9 * KEPT


@pytest.mark.parametrize(("fraction", "expected"), [(0.0, 1), (0.5, 5), (0.95, 10), (1.0, 10)])
def test_the_share_is_the_nearest_rank(fraction: float, expected: float) -> None:
    assert share([float(n) for n in range(10, 0, -1)], fraction) == expected
