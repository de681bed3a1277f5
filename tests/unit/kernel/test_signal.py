"""Signals: their types and limits, and how changes wait for a slow reader."""

import pytest

from twin.kernel.errors import SignalError
from twin.kernel.signal import Quality, Reading, Signal, SignalStore

SPEED = Signal("m/speed", float, unit="m/s", low=0.0, high=2.0, writable=True)


@pytest.fixture
def store():
    store = SignalStore()
    store.define([SPEED, Signal("m/on", bool), Signal("m/made", int), Signal("m/part", str)])
    return store


@pytest.mark.parametrize(
    ("signal", "value", "kept"),
    [
        (SPEED, 1.5, 1.5),
        (SPEED, 2, 2.0),
        (SPEED, 0.0, 0.0),
        (Signal("x", int), 7, 7),
        (Signal("x", bool), True, True),
        (Signal("x", str), "", ""),
    ],
)
def test_values_of_the_right_type(signal, value, kept):
    found = signal.check(value)
    assert found == kept
    assert type(found) is signal.type


@pytest.mark.parametrize(
    ("signal", "value", "word"),
    [
        (SPEED, 2.5, "above its highest value 2.0"),
        (SPEED, -1, "below its lowest value 0.0"),
        (SPEED, True, "holds float, not bool"),
        (SPEED, "1", "not str '1'"),
        (SPEED, float("nan"), "cannot be nan"),
        (Signal("x", int), 1.0, "holds int, not float"),
        (Signal("x", int), False, "holds int, not bool"),
        (Signal("x", bool), 1, "holds bool, not int"),
        (Signal("x", str), 1, "holds str"),
    ],
)
def test_values_that_do_not_fit(signal, value, word):
    with pytest.raises(SignalError, match=word):
        signal.check(value)


def test_before_anything_is_written(store):
    assert store.read("m/speed") == Reading(0.0, 0.0)
    assert store.read("m/on").value is False
    assert store.read("m/part").value == ""
    assert Signal("x", float, initial=1.0).start_value == 1.0


def test_a_slow_reader_gets_the_last_value_of_each_signal(store):
    fast, slow = store.subscribe(["m/made"]), store.subscribe()
    for number in range(1, 1001):
        assert store.write("m/made", Reading(number, float(number)))
        assert store.write("m/speed", Reading(number / 1000, float(number)))
        assert fast.drain() == {"m/made": Reading(number, float(number))}
    assert slow.drain() == {"m/made": Reading(1000, 1000.0), "m/speed": Reading(1.0, 1000.0)}
    assert slow.drain() == {}


def test_only_changes_are_told(store):
    reader = store.subscribe()
    assert not store.write("m/made", Reading(0, 5.0))
    assert store.write("m/made", Reading(0, 6.0, Quality.BAD))
    assert not store.write("m/made", Reading(0, 7.0, Quality.BAD))
    assert reader.drain() == {"m/made": Reading(0, 6.0, Quality.BAD)}
    store.unsubscribe(reader)
    store.write("m/made", Reading(3, 8.0))
    assert reader.drain() == {}
    assert store.read("m/made").value == 3


def test_a_signal_that_is_not_there(store):
    for ask in (store.read, store.__getitem__, lambda path: store.subscribe([path])):
        with pytest.raises(SignalError, match="no signal 'm/none'"):
            ask("m/none")
    with pytest.raises(SignalError, match="twice"):
        store.define([SPEED])
    assert "m/none" not in store
    assert len(store) == 4
