# ruff: noqa: E501 (tables are read along their lines)
"""Arithmetic against NumPy: whole numbers of fixed width, reals of single precision."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.control.st import ScanFault, compile_st

INTEGERS = {
    "SINT": np.int8,
    "INT": np.int16,
    "DINT": np.int32,
    "LINT": np.int64,
    "USINT": np.uint8,
    "UINT": np.uint16,
    "UDINT": np.uint32,
    "ULINT": np.uint64,
}
BITS = {"BYTE": np.uint8, "WORD": np.uint16, "DWORD": np.uint32, "LWORD": np.uint64}
NAMES = ("add", "sub", "mul", "div", "mod", "neg", "mixed")


def image_of(kind, statements, names):
    declared = "".join(f"{name} : {kind}; " for name in names)
    return compile_st(f"PROGRAM main VAR {declared} END_VAR {statements} END_PROGRAM").start()


INTEGER_IMAGES = {
    kind: image_of(
        kind,
        "add := a + b; sub := a - b; mul := a * b; div := a / b; mod_ := a MOD b; "
        "neg := 0 - a; mixed := (a + b) * (a - b) / b;",
        ("a", "b", "add", "sub", "mul", "div", "mod_", "neg", "mixed"),
    )
    for kind in INTEGERS
}


def edges(dtype):
    info = np.iinfo(dtype)
    low, high = int(info.min), int(info.max)
    return st.one_of(
        st.integers(low, high), st.sampled_from([low, high, high - 1, 0, 1, high // 2])
    )


@pytest.mark.parametrize("kind", INTEGERS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whole_numbers_wrap_as_in_numpy(kind, data):
    dtype = INTEGERS[kind]
    one, other = data.draw(edges(dtype)), data.draw(edges(dtype))
    image = INTEGER_IMAGES[kind]
    image.write("main.a", one)
    image.write("main.b", other)
    if other == 0:
        with pytest.raises(ScanFault) as caught:
            image.scan(time_ns=0)
        assert caught.value.key == "st.fault.division"
        return
    image.scan(time_ns=0)
    with np.errstate(all="ignore"):
        a, b = np.array(one, dtype), np.array(other, dtype)
        # NumPy floors, the standard cuts off: C's own operators are np.fmod and the quotient by it.
        rest = np.fmod(a, b) if not (one == np.iinfo(dtype).min and other == -1) else b * 0
        quotient = truncated(one, other)
        expected = {
            "add": a + b,
            "sub": a - b,
            "mul": a * b,
            "div": np.array(quotient).astype(dtype) if abs(quotient) < 2**63 else wrap(quotient, a),
            "mod_": rest,
            "neg": np.array(0, dtype) - a,
            "mixed": wrap(truncated(int((a + b) * (a - b)), other), a),
        }
    found = {name: image.read(f"main.{name}") for name in expected}
    assert found == {name: int(value) for name, value in expected.items()}


def truncated(one, other):
    quotient = abs(one) // abs(other)
    return quotient if (one < 0) == (other < 0) else -quotient


def wrap(value, like):
    return np.frombuffer((value % 2**64).to_bytes(8, "little"), like.dtype)[0]


BIT_IMAGES = {
    kind: image_of(
        kind,
        "x := a AND b; y := a OR b; z := a XOR b; n := NOT a; l := SHL(a, 3); r := SHR(a, 3); "
        "p := ROL(a, 3); q := ROR(a, 3);",
        ("a", "b", "x", "y", "z", "n", "l", "r", "p", "q"),
    )
    for kind in BITS
}


@pytest.mark.parametrize("kind", BITS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_bit_strings_as_in_numpy(kind, data):
    dtype = BITS[kind]
    one, other = data.draw(edges(dtype)), data.draw(edges(dtype))
    image = BIT_IMAGES[kind]
    image.write("main.a", one)
    image.write("main.b", other)
    image.scan(time_ns=0)
    a, b = np.array(one, dtype), np.array(other, dtype)
    width = np.array(dtype().itemsize * 8 - 3, dtype)
    three = np.array(3, dtype)
    expected = {
        "x": a & b,
        "y": a | b,
        "z": a ^ b,
        "n": ~a,
        "l": a << three,
        "r": a >> three,
        "p": (a << three) | (a >> width),
        "q": (a >> three) | (a << width),
    }
    found = {name: image.read(f"main.{name}") for name in expected}
    assert found == {name: int(value) for name, value in expected.items()}


REALS = image_of(
    "REAL",
    "add := a + b; sub := a - b; mul := a * b; sq := SQRT(a); poly := a * b + a - b * 0.1; "
    "neg := -a; IF b <> 0.0 THEN div := a / b; ELSE div := 0.0; END_IF;",
    ("a", "b", "add", "sub", "mul", "sq", "poly", "neg", "div"),
)


@settings(max_examples=300, deadline=None)
@given(st.floats(width=32), st.floats(width=32))
def test_reals_are_rounded_to_single_precision(one, other):
    REALS.write("main.a", one)
    REALS.write("main.b", other)
    REALS.scan(time_ns=0)
    with np.errstate(all="ignore"):
        a, b, tenth = np.float32(one), np.float32(other), np.float32(0.1)
        expected = {
            "add": a + b,
            "sub": a - b,
            "mul": a * b,
            "sq": np.sqrt(a),
            "poly": a * b + a - b * tenth,
            "neg": -a,
            "div": a / b if other != 0 else np.float32(0),
        }
    for name, value in expected.items():
        found = np.float32(REALS.read(f"main.{name}"))
        same = found.tobytes() == value.tobytes() or (np.isnan(found) and np.isnan(value))
        assert same, (name, found, value)


CASTS = {kind: image_of(kind, "", ("x",)) for kind in INTEGERS}


@pytest.mark.parametrize("source", ["SINT", "INT", "DINT", "USINT", "UINT", "UDINT", "LINT"])
@pytest.mark.parametrize("target", INTEGERS)
def test_conversions_of_whole_numbers_keep_the_low_bits(source, target):
    if source == target:
        return
    image = compile_st(
        f"PROGRAM main VAR a : {source}; b : {target}; END_VAR b := {source}_TO_{target}(a); END_PROGRAM"
    ).start()
    info = np.iinfo(INTEGERS[source])
    for value in (info.min, info.max, 0, 1, int(info.max) // 2 + 1, int(info.min) // 3):
        image.write("main.a", int(value))
        image.scan(time_ns=0)
        assert image.read("main.b") == int(
            np.array(value, INTEGERS[source]).astype(INTEGERS[target])
        )


def test_nan_and_infinity_go_their_way():
    image = compile_st("""
        PROGRAM main
        VAR r : REAL := 1.0E30; nan, inf : REAL; less, equal, other : BOOL; n : INT; END_VAR
        inf := r * r; nan := inf - inf;
        less := nan < inf; equal := nan = nan; other := nan <> nan;
        n := REAL_TO_INT(nan);
        END_PROGRAM
    """).start()
    image.scan(time_ns=0)
    assert image.read("main.inf") == float("inf")
    assert np.isnan(image.read("main.nan"))
    found = [image.read(f"main.{name}") for name in ("less", "equal", "other")]
    assert found == [False, False, True]
    assert image.read("main.n") == 0


@pytest.mark.parametrize(
    ("text", "time_ns"),
    [
        ("T#1m5s", 65_000_000_000),
        ("T#-2s", -2_000_000_000),
        ("", 0),
        ("#1s", 0),
        ("1.5.5", 0),
        ("minutes", 0),
        ("T#5x", 0),
        ("D#99999999999999999999-1-1", 0),
    ],
)
def test_a_string_that_is_no_duration_becomes_none(text, time_ns):
    declared = f"VAR s : STRING := '{text}'; t : TIME := T#7s; END_VAR"
    image = compile_st(f"PROGRAM main {declared} t := STRING_TO_TIME(s); END_PROGRAM").start()
    image.scan(time_ns=0)
    assert image.read("main.t") == time_ns
