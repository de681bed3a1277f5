"""Vehicles: the time of a trip, which one comes, charging, and where nobody takes the part."""

import pytest

from tests.unit.plant.shapes import (
    OUT,
    asset,
    buffer,
    departures,
    feed,
    ran,
    row,
    running,
    spec_of,
    station,
)
from twin.kernel.command import Command


def cart(**more):
    return asset(
        "cart", "vehicle", speed_m_s=2, distance_m={"a": {"b": 30}}, load_s=4, unload_s=6, **more
    )


def line(*, vehicle=None, first=None, last=None):
    return spec_of(
        [
            first or feed("a", interarrival_s=100),
            vehicle or cart(),
            last or buffer("b"),
            station("m", 1),
            OUT,
        ],
        [["a", "cart", "b", "m", "out"]],
    )


def test_the_time_of_a_trip():
    # Called at 100 s where it stands: 4 s loading, 15 s there, 6 s unloading, 1 s of work.
    # The next part comes 100 s after this one left, at 204 s; then it has to come back first: 15 s.
    assert departures(line(), 330) == [126, 245]


def test_a_steady_call_is_a_round_trip():
    # 4 + 15 + 6 + 15 = 40 s a part.
    assert departures(line(first=feed("a")), 150) == [26, 66, 106, 146]


def test_two_vehicles_carry_twice_as_much():
    # One part at a time is ready: the second vehicle is called when the first has loaded.
    assert departures(line(first=feed("a"), vehicle=cart(count=2)), 70) == [26, 30, 66]
    one, two = (ran(line(first=feed("a"), vehicle=cart(count=n)), 4000).made for n in (1, 2))
    assert one == 100
    assert two == pytest.approx(2 * one, rel=0.3)


def test_a_vehicle_waits_with_its_part_where_nobody_takes_it():
    spec = line(first=feed("a"), last=buffer("b", 1))
    slow = spec_of([feed("a"), cart(), station("b", 1000), OUT], [["a", "cart", "b", "out"]])
    vehicle = ran(slow, 500).assets["cart"]
    # It delivered one at 25 s and came with the next at 65 s.
    assert vehicle.result(500).fractions["blocked"] == pytest.approx((500 - 65) / 500)
    assert vehicle.content() == 1
    assert ran(spec, 500).made == 12


def test_it_goes_to_charge_and_comes_back():
    battery = {"runtime_s": 60, "charge_s": 100, "reserve": 0.5, "charger": "a"}
    spec = line(first=feed("a"), vehicle=cart(battery=battery))
    line_ = ran(spec, 900)
    result = line_.assets["cart"].result(900)
    # 15 s there, 15 s back, 15 s there: 15 s are left, below half. Back to charge: empty, so 100 s.
    assert list(line_.departures_s)[:3] == [26, 66, 66 - 1 + 15 + 100 + 25 + 1]
    assert result.fractions["setup"] > 0.3
    steady = ran(line(first=feed("a"), vehicle=cart(battery=battery)), 90_000)
    assert steady.made > 400  # it never stops for good


def test_after_charging_where_it_gave_its_last_part_calls_are_still_heard():
    """A vehicle that charges was once taken for one that is on its way."""
    spec = spec_of(
        [
            feed(interarrival_s=60),
            buffer("a", 4),
            asset(
                "cart",
                "vehicle",
                speed_m_s=1,
                distance_m={"a": {"b": 20}},
                battery={"runtime_s": 400, "charge_s": 200},
            ),
            buffer("b", 4),
            station("m", 30),
            OUT,
        ],
        [["feed", "a", "cart", "b", "m", "out"]],
    )
    assert ran(spec, 40_000).made >= 600


def two_calls(dispatch):
    return spec_of(
        [
            feed("x", part="x", interarrival_s=1000, first_s=0),
            feed("far", part="far", interarrival_s=1000, first_s=1),
            feed("near", part="near", interarrival_s=1000, first_s=2),
            asset(
                "cart",
                "vehicle",
                home="x",
                dispatch=dispatch,
                distance_m={"x": {"end": 10}, "far": {"end": 40}, "near": {"end": 5}},
            ),
            buffer("end"),
            station("m", 0.5),
            OUT,
        ],
        [
            ["x", "cart", "end"],
            ["far", "cart", "end"],
            ["near", "cart", "end"],
            ["end", "m", "out"],
        ],
    )


def test_the_oldest_call_or_the_nearest():
    # Busy with x until 10 s. Then far (40 + 40) and near (5 + 5), or the other way round.
    assert departures(two_calls("fifo"), 500) == [10.5, 90.5, 100.5]
    assert departures(two_calls("nearest"), 500) == [10.5, 20.5, 100.5]


def test_the_nearest_of_several_free_vehicles_answers():
    places = {"x": 0, "y": 100, "end": 50}
    spec = spec_of(
        [
            *[
                asset(
                    name,
                    "source",
                    part=name,
                    interarrival_s=1000,
                    first_s=first,
                    place={"at_m": [places[name], 0]},
                )
                for name, first in (("x", 0), ("y", 300))
            ],
            asset("cart", "vehicle", count=2, home="x"),
            buffer("end", place={"at_m": [50, 0]}),
            station("m", 1),
            OUT,
        ],
        [["x", "cart", "end"], ["y", "cart", "end"], ["end", "m", "out"]],
    )
    # One carried x to the end, 50 m from y; the other stands at x, 100 m from y.
    assert departures(spec, 900) == [51, 401]


def test_a_failure_stops_the_fleet_on_its_way():
    runner = running(line())
    runner.apply(Command("break", "cart", {"downtime_s": 33.0}), at_s=110)
    runner.run_until(170)
    assert list(runner.plant.departures_s) == [126 + 33]


def test_a_failure_that_scraps_loses_the_load_and_not_the_vehicle():
    crash = {"id": "crash", "uptime_s": 10_000, "downtime_s": 10, "on_failure": "scrap"}
    spec = line(first=feed("a"), vehicle=cart(failures=[crash]))
    runner = running(spec, 10)
    runner.apply(Command("break", "cart", {"failure": "crash"}))  # on its way with a part
    runner.run_until(50)
    assert runner.plant.scrapped == 1
    runner.apply(Command("break", "cart", {"failure": "crash"}))  # perhaps without one
    runner.run_until(500)
    assert runner.plant.made > 5


def test_it_drives_as_fast_as_it_is_told():
    runner = running(line())
    runner.apply(Command("write", "cart/speed_factor", {"value": 3.0}))
    runner.run_until(120)
    assert list(runner.plant.departures_s) == [100 + 4 + 5 + 6 + 1]


def test_without_a_battery_it_never_charges():
    assert row(feed("a"), cart(), buffer("b"), station("m", 1), OUT).assets[1].battery is None
