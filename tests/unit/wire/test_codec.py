"""The wire: what goes in comes out, merging loses nothing, strangers are refused."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.wire.codec import apply, decode, encode, merge
from twin.wire.errors import WireError
from twin.wire.model import Body, Delta, Motion, Piece, Ride, SignalState, Snapshot, along

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
micro = st.integers(-(10**8), 10**8).map(lambda ticks: ticks / 1e6)
pieces = st.builds(Piece, micro, micro, micro, micro, micro)
paths = st.lists(pieces, min_size=1, max_size=4).map(tuple)
rides = st.builds(Ride, names, *[micro] * 7, paths)
bodies = st.builds(Body, names, motions | rides, st.sampled_from([None, True, False]))
joints = st.dictionaries(names, paths, max_size=3)
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
    joints,
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
    joints,
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


def test_a_ride_and_a_joint_are_short_on_the_wire():
    path = (Piece(1.5, 0.25, 0.1), Piece(3.0000000000000004, 0.4))
    ride = Ride("cell__belt", 0.0, 0.05, 0.0, math.pi, 1.0, 0.0, 0.0, path)
    delta = Delta(3, 12.3, 1.0, bodies={"p7": Body("box", ride)}, joints={"cell/belt": path})
    data = json.loads(encode(delta))
    short = [[1.5, 0.25, 0.1], [3, 0.4]]
    assert data["bodies"] == {
        "p7": ["box", ["cell__belt", 0, 0.05, 0, 3.1415927, 1, 0, 0, short], None]
    }
    assert data["joints"] == {"cell/belt": short}


speeds = st.floats(-5, 5, allow_nan=False)


@given(
    st.lists(
        st.builds(Piece, st.floats(0, 1e6), st.floats(-1e3, 1e3), speeds, speeds, speeds),
        min_size=1,
        max_size=3,
    ),
    st.floats(0, 1),
)
@settings(max_examples=200, deadline=None)
def test_a_path_is_right_to_a_hundredth_of_a_millimetre_for_an_hour(found, share):
    path = tuple(sorted(found, key=lambda piece: piece.t0))[-1:]
    back = decode(encode(Delta(1, 0.0, 1.0, joints={"c/b": path}))).joints["c/b"]
    assert abs(back[0].p - path[0].p) <= 1e-6
    # Where a body is so fast that its speed is no thing of a plant, t0 alone is off by more.
    dt = 3600.0 * share
    true, read = path[0], back[0]
    off = (read.p - true.p) + dt * (
        (read.v - true.v) + dt * ((read.a - true.a) / 2 + dt * (read.j - true.j) / 6)
    )
    assert abs(off) < 1e-5
    assert abs(read.t0 - true.t0) <= 1e-6


def test_a_belt_and_a_cylinder_are_where_they_were_after_an_hour():
    for path in (
        (Piece(1234.567890123, 0.1234567891, 1 / 3),),
        (Piece(0.1, 0.0, 0.0, 1 / 0.7), Piece(0.1 + 0.7 / 3, 0.7 / 18, 1 / 3)),
        (Piece(2 / 3, 1 / 7, 0.15 / 0.4), Piece(2 / 3 + 0.4, 1 / 7 + 0.15)),
    ):
        back = decode(encode(Delta(1, 0.0, 1.0, joints={"c/b": path}))).joints["c/b"]
        for time_s in (0.0, 0.25, 1.1, 2000.0, path[0].t0 + 3600.0):
            assert abs(along(back, time_s) - along(path, time_s)) < 1e-5


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
@pytest.mark.parametrize("place", range(5))
def test_a_path_that_is_no_movement_is_refused(wrong, place):
    numbers = [0.0] * 5
    numbers[place] = wrong
    with pytest.raises(WireError, match="c/belt"):
        encode(Delta(1, 0.0, 1.0, joints={"c/belt": (Piece(*numbers),)}))
    ride = Ride("c__belt", 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, (Piece(*numbers),))
    with pytest.raises(WireError, match="p7"):
        encode(Delta(1, 0.0, 1.0, bodies={"p7": Body("box", ride)}))


def test_a_path_needs_a_piece_and_a_ride_a_place():
    with pytest.raises(WireError, match="c/belt"):
        encode(Delta(1, 0.0, 1.0, joints={"c/belt": ()}))
    ride = Ride("c__belt", 0.0, math.nan, 0.0, 0.0, 1.0, 0.0, 0.0, (Piece(0.0, 0.0),))
    with pytest.raises(WireError, match="p7"):
        encode(Delta(1, 0.0, 1.0, bodies={"p7": Body("box", ride)}))


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
        ('{"v": 99, "type": "delta"}', "version 99, this program reads version 2"),
        ('{"type": "delta"}', "version None"),
        ('{"v": 2, "type": "hello"}', "unknown message type 'hello'"),
        ('{"v": 2, "type": "delta", "seq": 4}', "without 'time_s'"),
        ('{"v": 2, "type": "delta", "seq": 4, "time_s": 1, "rate": "fast"}', "cannot be read"),
        ('{"v":2,"type":"delta","seq":4,"time_s":1,"rate":1,"bodies":{"p":[1]}}', "cannot be read"),
        ('{"v":2,"type":"delta","seq":4,"time_s":1,"rate":1,"joints":{"j":[]}}', "without pieces"),
        ('{"v":2,"type":"delta","seq":4,"time_s":1,"rate":1,"joints":{"j":[[]]}}', "cannot be"),
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
