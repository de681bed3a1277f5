"""The pacing clock with a wall that the test moves."""

from math import inf

import pytest

from twin.kernel.clock import SLIP_S, PacingClock


class Wall:
    s = 100.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def wall():
    return Wall()


def test_real_time_and_twice_as_fast(wall):
    clock = PacingClock(wall)
    wall.s += 3
    assert clock.now_s() == 3
    clock.set_rate(2, clock.now_s())
    wall.s += 3
    assert clock.now_s() == 9
    assert clock.rate == 2


def test_waiting_for_an_event(wall):
    clock = PacingClock(wall, rate=4)
    assert clock.wait_s(10) == 2.5
    wall.s += 1
    assert clock.wait_s(10) == 1.5
    wall.s += 10
    assert clock.wait_s(10) == 0
    assert clock.wait_s(inf) == inf


def test_a_pause_holds_time_still(wall):
    clock = PacingClock(wall)
    wall.s += 5
    clock.set_rate(0, clock.now_s())
    wall.s += 1000
    assert clock.now_s() == 5
    assert clock.wait_s(6) == inf
    clock.set_rate(1, clock.now_s())
    wall.s += 1
    assert clock.now_s() == 6


def test_without_pacing_everything_is_due(wall):
    clock = PacingClock(wall, rate=inf)
    assert clock.now_s() == inf
    assert clock.wait_s(1e9) == 0
    clock.set_rate(1, 500)
    assert clock.now_s() == 500


@pytest.mark.parametrize("rate", [-1, float("nan")])
def test_a_rate_that_is_none(wall, rate):
    with pytest.raises(ValueError, match="0 or more"):
        PacingClock(wall).set_rate(rate, 0)


@pytest.mark.parametrize("rate", [1, 8])
def test_a_little_late_is_made_up_and_much_too_late_slips(wall, rate):
    clock = PacingClock(wall, rate=rate)
    wall.s += 10
    assert clock.slip((10 - SLIP_S) * rate) == 0
    assert clock.now_s() == 10 * rate
    assert clock.slip(2 * rate) == 8 * rate
    assert clock.now_s() == 2 * rate
    wall.s += 1
    assert clock.now_s() == 3 * rate
    assert clock.slipped_s == 8 * rate


def test_no_slip_where_there_is_no_pacing(wall):
    for rate in (0, inf):
        clock = PacingClock(wall, rate=rate)
        wall.s += 100
        assert clock.slip(0) == 0


def test_the_wall_time_of_a_simulation_time(wall):
    clock = PacingClock(wall, rate=2)
    assert clock.wall_s(10) == 105
    wall.s += 7
    clock.set_rate(0, 10)
    assert clock.wall_s(10) == 107
