"""Tracks: evaluation and exact extremes, against numpy's polynomials."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.robot.arm_moves import few
from twin.plant.robot.track import Curve, accels, at, curve, ends_at, extremes, rest, speeds, still
from twin.wire.model import Piece, along

values = st.floats(-3.0, 3.0).map(lambda x: round(x, 3))


@st.composite
def tracks(draw):
    """Any pieces, joined or not: the arithmetic does not care."""
    count, joints = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    spans = draw(st.lists(st.floats(0.05, 2.0), min_size=count, max_size=count))
    times = np.cumsum([draw(st.floats(-5.0, 5.0)), *spans]).tolist()
    rows = []
    for _ in range(joints):
        pieces = [Piece(t, *(draw(values) for _ in range(4))) for t in times[:-1]]
        rows.append((*pieces, Piece(times[-1], draw(values))))
    return tuple(rows)


@few
@given(tracks())
def test_extremes_are_those_of_the_polynomials(track):
    for path, found in zip(track, extremes(track), strict=True):
        lows, highs, tops, gains = [path[-1].p], [path[-1].p], [0.0], [0.0]
        for piece, after in pairwise(path):
            place = np.polynomial.Polynomial([piece.p, piece.v, piece.a / 2, piece.j / 6])
            speed, last = place.deriv(), after.t0 - piece.t0
            inner = [
                float(r.real)
                for derived in (speed, speed.deriv())
                for r in np.atleast_1d(derived.trim().roots() if derived.trim().degree() else [])
                if abs(r.imag) < 1e-9 and 0.0 <= r.real <= last
            ]
            spots = np.array([0.0, last, *inner])
            lows.append(place(spots).min())
            highs.append(place(spots).max())
            tops.append(np.abs(speed(spots)).max())
            gains.append(np.abs(speed.deriv()(np.array([0.0, last]))).max())
        assert found.low == pytest.approx(min(lows), abs=1e-7)
        assert found.high == pytest.approx(max(highs), abs=1e-7)
        assert found.speed == pytest.approx(max(tops), abs=1e-7)
        assert found.accel == pytest.approx(max(gains), abs=1e-7)


@few
@given(tracks(), st.floats(-0.5, 1.5))
def test_a_track_is_where_each_of_its_paths_is(track, share):
    first, last = track[0][0].t0, track[0][-1].t0
    time_s = first + share * (last - first)
    assert at(track, time_s) == tuple(along(path, time_s) for path in track)
    state = curve(track).state(np.array([time_s]))
    if time_s > first:
        assert state[0][:, 0] == pytest.approx(at(track, time_s), abs=1e-6)
        assert state[1][:, 0] == pytest.approx(speeds(track, time_s), abs=1e-6)
        assert state[2][:, 0] == pytest.approx(accels(track, time_s), abs=1e-6)
    else:
        assert speeds(track, first - 0.1) == accels(track, first - 0.1) == (0.0,) * len(track)


@few
@given(tracks(), st.floats(0.3, 2.0), st.floats(0.0, 1.0))
def test_scaled_and_cut_curves_are_at_the_same_places(track, rate, share):
    whole = curve(track)
    fast = whole._replace(times=whole.times - whole.times[0]).scaled(3.0, rate)
    spots = np.linspace(0.0, whole.ends_s - whole.times[0], 7) + 1e-7
    assert fast.at(3.0 + spots / rate) == pytest.approx(whole.at(whole.times[0] + spots), abs=1e-5)
    cut = whole.times[0] + share * (whole.ends_s - whole.times[0])
    rest_of_it = whole.since(cut)
    assert rest_of_it.at(spots) == pytest.approx(whole.at(cut + spots), abs=1e-9)


@few
@given(tracks(), st.floats(0.0, 3.0))
def test_the_sum_of_two_curves_is_at_the_sum_of_their_places(track, delay):
    one = curve(track)
    one = one._replace(times=one.times - one.times[0])
    two = one._replace(times=one.times + delay)
    both = one.plus(two, one.last)
    for t in np.linspace(0.0, both.ends_s + 1.0, 23):
        now = np.array([t])
        alone = one.at(now) + two.at(now) - np.array(one.last)[:, None]
        if np.abs(both.times - t).min() > 1e-8:
            assert both.at(now) == pytest.approx(alone, abs=1e-9)


def test_plain_data_and_back():
    track = ((Piece(1.0, 2.0, 3.0, 4.0, 5.0), Piece(2.0, 9.0)),) * 2
    assert curve(track).track() == track
    assert all(isinstance(x, float) for piece in curve(track).track()[0] for x in piece)
    assert ends_at(track) == 2.0
    assert rest((1.0, 2.0), 3.0) == still((1.0, 2.0), 3.0).track()
    assert isinstance(curve(track), Curve)
