"""Random streams: what they give depends on seed, replication, name and place alone."""

import pytest

from twin.kernel.streams import BLOCK, Streams, uniform


def draws(streams, name, number):
    stream = streams._streams.get(name) or streams.make(name, uniform)
    return [stream.draw() for _ in range(number)]


def test_a_stream_does_not_know_of_the_others():
    alone, among = Streams(1), Streams(1)
    expected = draws(alone, "m/process", 300)
    mixed = []
    for k in range(30):
        draws(among, f"x{k}", 17)
        mixed += draws(among, "m/process", 10)
    assert mixed == expected


@pytest.mark.parametrize("other", [(2, 0, "a"), (1, 1, "a"), (1, 0, "b"), (1, 0, "a ")])
def test_another_address_gives_other_numbers(other):
    seed, replication, name = other
    assert draws(Streams(seed, replication), name, 5) != draws(Streams(1), "a", 5)


def test_numbers_are_spread_evenly():
    values = draws(Streams(3), "a", 20_000)
    assert abs(sum(values) / len(values) - 0.5) < 0.01
    assert 0 <= min(values) < 0.001
    assert 0.999 < max(values) < 1
    assert len(set(values)) == len(values)


def test_a_name_is_made_once():
    streams = Streams(1)
    streams.make("a", uniform)
    with pytest.raises(ValueError, match="a already"):
        streams.make("a", uniform)


@pytest.mark.parametrize("place", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 77])
def test_going_back_to_a_position(place):
    values = draws(Streams(5), "a", 6 * BLOCK)
    streams = Streams(5)
    draws(streams, "a", place)
    position = streams.positions()
    assert draws(streams, "a", 200) == values[place : place + 200]
    streams.restore(position)
    assert draws(streams, "a", 200) == values[place : place + 200]
    fresh = Streams(5)
    fresh.make("a", uniform)
    fresh.restore(position)
    assert fresh.positions() == position
    assert draws(fresh, "a", 200) == values[place : place + 200]


def test_two_restores_in_a_row():
    values = draws(Streams(5), "a", 6 * BLOCK)
    streams, positions = Streams(5), {}
    for place in range(0, 400, 10):
        positions[place] = streams.positions() if place else None
        draws(streams, "a", 10)
    for first in (250, 10, 380):
        for second in (130, 20, 260, 390):
            streams.restore(positions[first])
            streams.restore(positions[second])
            assert streams.positions() == positions[second]
            assert draws(streams, "a", 3) == values[second : second + 3], (first, second)
