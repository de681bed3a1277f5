"""Conveyors: transit, distance, queues, standing still; and stores."""

import pytest

from tests.unit.plant.shapes import OUT, asset, buffer, departures, feed, ran, row, running, station
from twin.kernel.command import Command

BELT = {"length_m": 4, "speed_m_s": 0.5, "capacity": 4}  # 8 s long, a part each 1 m or 2 s


def test_a_transit_time_is_a_delay():
    spec = row(feed(interarrival_s=3), asset("belt", "conveyor", transit_s=20), OUT)
    assert departures(spec, 33) == [23, 26, 29, 32]
    assert ran(spec, 33).assets["belt"].content() == 7


def test_parts_keep_their_distance():
    spec = row(feed(), asset("belt", "conveyor", **BELT), OUT)
    assert departures(spec, 15) == [8, 10, 12, 14]
    line = ran(spec, 9.9)
    assert line.assets["belt"].content() == 4
    close = row(feed(), asset("belt", "conveyor", length_m=4, speed_m_s=0.5, pitch_m=0.5), OUT)
    assert departures(close, 11) == [8, 9, 10, 11]


def test_an_accumulating_belt_fills_up_behind_a_part_that_waits():
    spec = row(feed(), asset("belt", "conveyor", **BELT), station("m", 100), OUT)
    line = ran(spec, 60)
    # One in the machine, four on the belt, which is full; the machine has it since 8 s.
    assert line.assets["belt"].content() == 4
    assert line.assets["belt"].state.name == "BLOCKED"
    # When the machine takes one, the next one comes up 1 m in 2 s.
    runner = running(spec, 108)
    assert runner.plant.made == 1
    assert not runner.plant.assets["belt"].stuck
    runner.run_until(109.5)
    assert not runner.plant.assets["belt"].stuck
    runner.run_until(110.5)
    assert runner.plant.assets["belt"].stuck


def test_one_that_does_not_accumulate_stands_with_all_its_parts():
    belt = asset("belt", "conveyor", accumulating=False, **BELT)
    spec = row(feed(), belt, station("m", 100), OUT)
    line = ran(spec, 60)
    # The first at 8 s into the machine; the next at 10 s finds it busy, and all stand: three on
    # the belt, and the fourth's place at the entrance is never reached.
    assert line.assets["belt"].content() == 4
    assert line.assets["belt"].made == 1
    after = running(spec, 108)
    after.run_until(111)
    # It goes on for 2 s, until the next part is at the end: one more comes on at its beginning.
    assert after.plant.assets["belt"].made == 2
    assert after.plant.assets["belt"].content() == 4


def test_a_belt_that_stood_goes_on_with_what_is_left_of_the_way():
    spec = row(feed(interarrival_s=30), asset("belt", "conveyor", **BELT), OUT)
    runner = running(spec)
    runner.apply(Command("break", "belt", {"downtime_s": 11.0}), at_s=33)
    runner.run_until(70)
    # On at 30 s, 3 s of the way, 11 s of standing, 5 s more.
    assert list(runner.plant.departures_s) == [49, 68]
    assert runner.plant.assets["belt"].result(70).fractions["down"] == pytest.approx(11 / 70)


def test_nothing_comes_on_while_it_stands():
    runner = running(row(feed(interarrival_s=10), asset("belt", "conveyor", **BELT), OUT))
    runner.apply(Command("stop", "belt"), at_s=5)
    runner.run_until(60)
    assert runner.plant.assets["belt"].content() == 0
    runner.apply(Command("start", "belt"))
    runner.run_until(68.5)
    assert runner.plant.made == 1


def test_a_failure_that_scraps_clears_the_belt():
    runner = running(
        row(
            feed(),
            asset(
                "belt",
                "conveyor",
                **BELT,
                failures=[{"id": "rip", "uptime_s": 1000, "downtime_s": 5, "on_failure": "scrap"}],
            ),
            station("m", 100),
            OUT,
        ),
        50,
    )
    runner.apply(Command("break", "belt", {"failure": "rip"}))
    line = runner.plant
    assert line.scrapped == 4
    assert line.assets["m"].waiting == type(line.assets["m"].waiting)()
    runner.run_until(200)
    assert line.made == 1
    assert line.assets["m"].content() == 1


def test_the_mean_content_obeys_littles_law():
    spec = row(
        feed(interarrival_s={"exponential": 3}), asset("belt", "conveyor", transit_s=20), OUT
    )
    runner = running(spec, 1000)
    runner.plant.reset_statistics()
    runner.run_until(61_000)
    result = runner.plant.assets["belt"].result(60_000)
    assert result.level == pytest.approx(runner.plant.made / 60_000 * 20, rel=0.01)
    assert result.level == pytest.approx(20 / 3, rel=0.03)


# ---- stores


def store(**more):
    return asset("rack", "storage", capacity=2, store_s=3, retrieve_s=4, **more)


def test_a_part_is_put_away_and_fetched():
    spec = row(feed(interarrival_s=20), store(), OUT)
    assert departures(spec, 70) == [27, 47, 67]


def test_the_device_fetches_before_it_puts_away():
    # In at 0-3, fetched 3-7, out at once; in 7-10, …: 7 s a part.
    spec = row(feed(), store(), OUT)
    assert departures(spec, 30) == [7, 14, 21, 28]


def test_a_rack_and_its_port_fill_up():
    line = ran(row(feed(), store(), station("m", 1000), OUT), 200)
    # One in the machine, one at the port, two in the rack; one more waits at the source.
    assert line.assets["rack"].content() == 3
    assert len(line.assets["rack"].items) == 2
    assert line.wip == 4


@pytest.mark.parametrize(
    ("order", "seen"), [("fifo", "aabb"), ("lifo", "aabb"), ("priority", "abba")]
)
def test_the_order_of_a_store(order, seen):
    from tests.unit.plant.shapes import spec_of

    spec = spec_of(
        [
            feed(orders=True),
            buffer("q"),
            asset("rack", "storage", capacity=5, store_s=1, retrieve_s=1, order=order),
            station("m", 50),
            OUT,
        ],
        [["feed", "q", "rack", "m", "out"]],
        orders=[
            {
                "id": f"o{k}",
                "part": p,
                "quantity": 1,
                "priority": {"a": 1, "b": 0}[p],
                "release_s": k * 5,
            }
            for k, p in enumerate("abab" if order != "fifo" else "aabb")
        ],
    )
    runner, got = running(spec), []
    for k in range(4):
        runner.run_until(20 + 50 * k)
        got.append(runner.plant.assets["m"].servers[0].part.type)
    # The first two are through before the rack fills: machine and port.
    expected = {"fifo": "aabb", "lifo": "abba", "priority": "abba"}[order]
    assert "".join(got) == expected
