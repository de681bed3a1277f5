"""Modbus tags and words, against values worked out by hand from IEEE 754 and two's complement."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import LinkError
from devices.modbus.address import Space, endpoint, parse
from devices.modbus.registers import WordOrder, WordType, from_words, to_words

HIGH, LOW = WordOrder.HIGH_FIRST, WordOrder.LOW_FIRST


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (1.0, WordType.REAL, [0x3F80, 0x0000]),
        (-2.5, WordType.REAL, [0xC020, 0x0000]),
        (123.456, WordType.REAL, [0x42F6, 0xE979]),
        (70000, WordType.DINT, [0x0001, 0x1170]),
        (-1, WordType.DINT, [0xFFFF, 0xFFFF]),
        (-2, WordType.INT, [0xFFFE]),
        (40000, WordType.WORD, [0x9C40]),
    ],
)
def test_values_are_the_words_of_the_standards(value, kind, words) -> None:
    assert to_words(value, kind, HIGH) == words
    assert to_words(value, kind, LOW) == words[::-1]
    assert from_words(words, kind, HIGH) == pytest.approx(value, rel=1e-7)
    assert from_words(words[::-1], kind, LOW) == pytest.approx(value, rel=1e-7)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.sampled_from(WordOrder))
def test_a_real_comes_back_as_it_was(value: float, order: WordOrder) -> None:
    assert from_words(to_words(value, WordType.REAL, order), WordType.REAL, order) == value


@pytest.mark.parametrize(
    ("value", "kind"),
    [(32768, WordType.INT), (2**31, WordType.DINT), (-1, WordType.WORD), (1e39, WordType.REAL)],
)
def test_what_does_not_fit_is_said(value, kind) -> None:
    with pytest.raises(ValueError, match=f"does not fit {kind.name}"):
        to_words(value, kind, HIGH)


def test_a_broken_number_is_not_cut() -> None:
    with pytest.raises(ValueError, match="no whole number"):
        to_words(2.5, WordType.INT, HIGH)


@pytest.mark.parametrize(
    ("text", "unit", "space", "number", "width"),
    [
        ("coil:12", 1, Space.COIL, 12, 1),
        ("discrete:3", 1, Space.DISCRETE, 3, 1),
        ("input:4:int", 1, Space.INPUT, 4, 1),
        ("input:4", 1, Space.INPUT, 4, 1),
        ("holding:10:real", 1, Space.HOLDING, 10, 2),
        ("holding:10:dint:low_first", 1, Space.HOLDING, 10, 2),
        ("holding:3.5", 1, Space.HOLDING, 3, 1),
        ("unit=7/coil:0", 7, Space.COIL, 0, 1),
        ("holding:20:text:8", 1, Space.HOLDING, 20, 8),
    ],
)
def test_tags_mean_what_they_say(text, unit, space, number, width) -> None:
    tag = parse(text)
    assert (tag.unit, tag.space, tag.number, tag.width) == (unit, space, number, width)


def test_a_tag_takes_the_unit_and_the_order_of_its_link_unless_it_has_its_own() -> None:
    assert parse("holding:0:real", unit=4, order=LOW).order is LOW
    assert parse("holding:0:real:high_first", unit=4, order=LOW).order is HIGH
    assert parse("unit=2/coil:0", unit=4).unit == 2


def test_a_tag_reads_its_value_from_its_elements() -> None:
    assert parse("holding:3.5").value([0b100000]) is True
    assert parse("holding:3.4").value([0b100000]) is False
    assert parse("coil:1").value([True]) is True
    assert parse("holding:0:int").value([0xFFFE]) == -2
    assert parse("holding:0:real:low_first").value([0x0000, 0xC020]) == -2.5
    letters = list(struct.unpack(">3H", b"pack\0\0"))
    assert parse("holding:0:text:3").value(letters) == "pack"
    assert parse("holding:0:text:3").words("pack") == letters


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("40001", "no Modbus tag; write coil:12"),
        ("coil:3:int", "one bit"),
        ("discrete:3.1", "one bit"),
        ("holding:3.16", "bits 0 to 15"),
        ("holding:3.1:int", "no type"),
        ("holding:3:rael", "'rael' is none of int, word, dint, dword, real"),
        ("holding:3:real:big", "'big' is none of high_first, low_first"),
        ("holding:65535:real", "last number is 65535"),
        ("unit=300/coil:0", "0 to 255"),
        ("holding:3:text", "text:8"),
    ],
)
def test_a_wrong_tag_is_refused_with_what_is_right(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(text)


def test_an_endpoint_has_the_port_of_the_standard_unless_it_names_one() -> None:
    assert endpoint("plc", "modbus://192.168.0.10") == ("192.168.0.10", 502)
    assert endpoint("plc", "modbus://[::1]:1502") == ("::1", 1502)
    for wrong in ("mqtt://host", "modbus://host:70000", "modbus://:502"):
        with pytest.raises(LinkError, match="write modbus://HOST"):
            endpoint("plc", wrong)
