import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.study.bottleneck import Period, candidates, find, merged, reign, shares


def test_back_to_back_cycles_are_one_period():
    assert merged([[0, 4], [4, 8], [9, 9], [10, 12]]).tolist() == [[0, 8], [10, 12]]


def test_a_period_within_another_is_no_candidate():
    active = {"a": [[0, 10], [12, 14]], "b": [[2, 9], [10, 20]]}
    assert candidates(active) == [Period(0, 10, "a"), Period(10, 20, "b")]


def test_two_machines_that_take_turns():
    """Worked by hand: A works 0-10, B 6-20, A again 18-26.

    B's 14 s beat A's 10 s, so B reigns from 6; the two overlap 6-10. A's second period (8 s)
    is shorter than B's, so A reigns from 20; they overlap 18-20.
    """
    found = find({"a": [[0, 10], [18, 26]], "b": [[6, 20]]}, 0, 26)
    assert found["a"].momentary == pytest.approx((6 + 6) / 26)
    assert found["b"].momentary == pytest.approx(14 / 26)
    assert found["a"].shifting == pytest.approx((4 + 2) / 26)
    assert found["b"].shifting == pytest.approx((4 + 2) / 26)
    assert found["a"].sole == pytest.approx((6 + 6) / 26)
    assert found["b"].sole == pytest.approx((14 - 6) / 26)


def test_an_asset_that_never_works_is_no_bottleneck():
    found = find({"a": np.zeros((0, 2)), "b": [[0, 5]]}, 0, 10)
    assert found["a"].momentary == 0
    assert found["b"].sole == 0.5


def test_only_the_window_counts():
    found = find({"a": [[0, 100]]}, 50, 150)
    assert found["a"].momentary == 0.5


def spans(draws):
    edges = np.cumsum(draws)
    return edges[: edges.size // 2 * 2].reshape(-1, 2)


lengths = st.lists(st.integers(1, 20), min_size=2, max_size=14).map(spans)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcd"), lengths, min_size=1))
def test_the_longest_period_reigns_at_every_instant(active):
    periods = [
        Period(begin, end, name)
        for name, spans_ in active.items()
        for begin, end in merged(spans_).tolist()
    ]
    ruled = reign(candidates(active))
    for instant in np.arange(0.5, 300):
        running = [one for one in periods if one.begin_s <= instant < one.end_s]
        chiefs = [chief for chief, begin, until in ruled if begin <= instant < until]
        assert len(chiefs) == bool(running)
        if running:
            assert chiefs[0].length_s == max(one.length_s for one in running)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcd"), lengths, min_size=1))
def test_shares_are_shares(active):
    found = shares(candidates(active), 0.0, 300.0)
    covered = sum(one.momentary for one in found.values())
    assert 0 < covered <= 1 + 1e-12
    for one in found.values():
        assert 0 <= one.sole <= one.momentary + 1e-12
        assert one.momentary <= one.sole + one.shifting + 1e-12
