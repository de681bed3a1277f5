"""The wire: what goes in comes out, merging loses nothing, strangers are refused."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.wire.codec import apply, decode, encode, merge
from twin.wire.errors import WireError
from twin.wire.model import Body, Delta, Motion, SignalState, Snapshot

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
times_s = st.integers(0, 10**10).map(lambda ticks: ticks / 1e4)
shares = st.integers(0, 10**6).map(lambda ticks: ticks / 1e6)
values = st.one_of(
    st.booleans(),
    st.integers(),
    st.text(max_size=5),
    st.floats(allow_nan=False, allow_infinity=False),
)
signals = st.builds(SignalState, values, st.sampled_from(["good", "uncertain", "bad"]), times_s)
motions = st.builds(Motion, names, st.integers(0, 99), shares, shares, times_s, times_s)
bodies = st.builds(Body, names, motions, st.sampled_from([None, True, False]))
alarms = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["m1/jam", "m2/jam", "m3/hot"]),
            "active": st.booleans(),
            "acknowledged": st.booleans(),
            "confirmed": st.booleans(),
        }
    ),
    max_size=3,
    unique_by=lambda alarm: alarm["id"],
)
kpis = st.dictionaries(st.sampled_from(["wip", "made"]), st.integers(-(10**6), 10**6).map(float))
rates = st.one_of(st.just(0.0), st.just(math.inf), times_s)
snapshots = st.builds(
    Snapshot,
    names,
    names,
    st.integers(0, 2**40),
    times_s,
    rates,
    st.dictionaries(names, signals, max_size=3),
    st.dictionaries(names, bodies, max_size=3),
    alarms,
    kpis,
)
deltas = st.builds(
    Delta,
    st.integers(0, 2**40),
    times_s,
    rates,
    st.dictionaries(names, signals, max_size=3),
    st.dictionaries(names, st.none() | bodies, max_size=3),
    alarms,
    kpis,
)


@given(st.one_of(snapshots, deltas))
@settings(max_examples=60, deadline=None)
def test_what_goes_in_comes_out(message):
    assert decode(encode(message)) == message


@given(snapshots, deltas, deltas)
@settings(max_examples=60, deadline=None)
def test_merged_deltas_do_what_both_do(snapshot, first, second):
    both = apply(apply(snapshot, first), second)
    assert apply(snapshot, merge(first, second)) == both


def test_value_types_survive():
    state = {"m/a": 1, "m/b": 1.0, "m/c": True, "m/d": "1"}
    delta = Delta(1, 0.0, 1.0, {path: SignalState(v, "good", 0.0) for path, v in state.items()})
    back = decode(encode(delta))
    assert [type(s.value) for s in back.signals.values()] == [int, float, bool, str]


def test_a_motion_is_short_on_the_wire():
    motion = Motion("m1", 0, 0.0, 1.0, 12.300000000000001, 52.3)
    data = json.loads(encode(Delta(3, 12.3, 1.0, bodies={"p7": Body("cell", motion, None)})))
    assert data["bodies"] == {"p7": ["cell", ["m1", 0, 0, 1, 12.3, 52.3], None]}
    assert set(data) == {"v", "type", "seq", "time_s", "rate", "bodies"}


def test_as_fast_as_it_goes_travels_as_a_word():
    text = encode(Delta(1, 0.0, math.inf))
    assert json.loads(text)["rate"] == "max"
    assert decode(text).rate == math.inf


def test_a_value_that_is_no_number_comes_back_as_one():
    message = Delta(1, 0.0, 1.0, {"m/x": SignalState(math.nan, "bad", 0.0)}, kpis={"oee": math.inf})
    back = decode(encode(message))
    assert math.isnan(back.signals["m/x"].value)
    assert math.isnan(back.kpis["oee"])


def test_a_motion_without_end_is_refused():
    body = Body("cell", Motion("m1", 0, 0.0, 1.0, 0.0, math.inf))
    with pytest.raises(WireError, match="p7"):
        encode(Delta(1, 0.0, 1.0, bodies={"p7": body}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"v": 99, "type": "delta"}', "version 99, this program reads version 1"),
        ('{"type": "delta"}', "version None"),
        ('{"v": 1, "type": "hello"}', "unknown message type 'hello'"),
        ('{"v": 1, "type": "delta", "seq": 4}', "without 'time_s'"),
        ('{"v": 1, "type": "delta", "seq": 4, "time_s": 1, "rate": "fast"}', "cannot be read"),
        ('{"v":1,"type":"delta","seq":4,"time_s":1,"rate":1,"bodies":{"p":[1]}}', "cannot be read"),
        ("[1, 2]", "expected an object"),
        ("not json", "no JSON"),
    ],
)
def test_strangers_are_refused(text, says):
    with pytest.raises(WireError, match=says):
        decode(text)


def test_an_alarm_goes_when_it_wants_nothing():
    raised = {"id": "m1/jam", "active": True, "acknowledged": False, "confirmed": False}
    done = raised | {"active": False, "acknowledged": True, "confirmed": True}
    start = Snapshot("r", "l", 0, 0.0, 1.0, {}, {}, [], {})
    up = apply(start, Delta(1, 1.0, 1.0, alarms=[raised]))
    assert up.alarms == [raised]
    assert apply(up, Delta(2, 2.0, 1.0, alarms=[done])).alarms == []


def test_an_alarm_that_comes_again_is_the_latest():
    def alarm(name, *, active):
        done = {"acknowledged": not active, "confirmed": not active}
        return {"id": name, "active": active} | done

    both = [alarm("m1/jam", active=True), alarm("m2/jam", active=True)]
    start = Snapshot("r", "l", 0, 0.0, 1.0, {}, {}, both, {})
    first = Delta(1, 1.0, 1.0, alarms=[alarm("m1/jam", active=False)])
    second = Delta(2, 2.0, 1.0, alarms=[alarm("m1/jam", active=True)])
    one_by_one = apply(apply(start, first), second)
    assert [a["id"] for a in one_by_one.alarms] == ["m2/jam", "m1/jam"]
    assert apply(start, merge(first, second)) == one_by_one
