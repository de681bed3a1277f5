"""Shifts: breaks, nights, week ends, and where time 0 lies in the week."""

import pytest

from tests.unit.plant.shapes import OUT, feed, ran, row, station
from twin.plant.hours import DAY_S, WEEK_S, week
from twin.spec.line import Shift

H = 3600.0


def shift(**more):
    return Shift.model_validate({"id": "s", "from": "06:00", "to": "14:00", **more})


def test_a_day_with_breaks():
    one = shift(
        days=["mon"], breaks=[{"from": "09:00", "to": "09:15"}, {"from": "12:00", "to": "12:30"}]
    )
    assert week([one]) == [(6 * H, 9 * H), (9.25 * H, 12 * H), (12.5 * H, 14 * H)]


def test_a_night_goes_on_after_midnight():
    night = shift(
        **{
            "days": ["mon"],
            "from": "22:00",
            "to": "06:00",
            "breaks": [{"from": "02:00", "to": "02:30"}],
        }
    )
    assert week([night]) == [(22 * H, 26 * H), (26.5 * H, 30 * H)]


def test_a_night_over_the_end_of_the_week():
    night = shift(**{"days": ["sun"], "from": "22:00", "to": "06:00"})
    assert week([night]) == [(0, 6 * H), (WEEK_S - 2 * H, WEEK_S)]


def test_shifts_that_meet_are_one():
    early, late = shift(days=["tue"]), shift(**{"days": ["tue"], "from": "14:00", "to": "22:00"})
    assert week([early, late]) == [(DAY_S + 6 * H, DAY_S + 22 * H)]


def test_round_the_clock():
    whole = shift(
        **{
            "from": "00:00",
            "to": "24:00",
            "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        }
    )
    assert week([whole]) == [(0, WEEK_S)]


def works(shifts, start_day, start_time, hours):
    """Return during which hours of the run a machine in these shifts was ready."""
    names = [entry["id"] for entry in shifts]
    calendar = {"shifts": shifts, "start_day": start_day, "start_time": start_time}
    spec = row(feed(), station("m", 60, shifts=names), OUT, calendar=calendar)
    seen = []
    from tests.unit.plant.shapes import running

    runner = running(spec)
    for hour in range(hours):
        runner.run_until(hour * H + 1800)
        seen.append(runner.plant.assets["m"].state.name != "IDLE")
    return [hour for hour, on in enumerate(seen) if on]


EARLY = {"id": "early", "from": "06:00", "to": "14:00"}
NIGHT = {"id": "night", "days": ["sun"], "from": "22:00", "to": "06:00"}


def test_time_0_is_where_the_calendar_says():
    assert works([EARLY], "mon", "00:00", 24) == list(range(6, 14))
    assert works([EARLY], "mon", "10:00", 24) == [0, 1, 2, 3, *range(20, 24)]
    # Friday noon: until 14:00, then the week end, then Monday.
    assert works([EARLY], "fri", "12:00", 72) == [0, 1, *range(66, 72)]


def test_a_run_that_begins_in_a_night_over_the_week_end():
    assert works([NIGHT], "mon", "00:00", 10) == [0, 1, 2, 3, 4, 5]
    assert works([NIGHT], "sun", "20:00", 14) == list(range(2, 10))
    assert works([NIGHT], "mon", "00:00", 24 * 8)[6:8] == [24 * 6 + 22, 24 * 6 + 23]


def test_work_is_put_down_and_taken_up_again():
    spec = row(
        feed(),
        station("m", 5 * H, shifts=["early"]),
        OUT,
        calendar={"shifts": [EARLY], "start_time": "06:00"},
    )
    line = ran(spec, 2 * DAY_S)
    # 5 h, then 3 h that day and 2 h the next.
    assert [t / H for t in line.departures_s] == [5, 26, 31]
    assert line.assets["m"].result(2 * DAY_S).fractions["idle"] == pytest.approx(32 / 48)
