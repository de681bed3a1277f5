"""S7 tags and values: as a controller's program writes them, big-endian, and read together."""

import pytest
from snap7.type import Area
from snap7.util import get_bool, get_dint, get_int, get_real, get_string, set_real, set_string

from devices.errors import LinkError
from devices.s7.address import GAP, MOST_BYTES, blocks, endpoint, parse_tag


@pytest.mark.parametrize(
    ("text", "area", "db", "byte", "bit", "kind"),
    [
        ("DB1.DBX0.3", Area.DB, 1, 0, 3, "bool"),
        ("db12.dbw2", Area.DB, 12, 2, 0, "int"),
        ("DB1.DBD4", Area.DB, 1, 4, 0, "real"),
        ("DB1.DBD4:dint", Area.DB, 1, 4, 0, "dint"),
        ("I0.0", Area.PE, 0, 0, 0, "bool"),
        ("%IX0.7", Area.PE, 0, 0, 7, "bool"),
        ("E1.2", Area.PE, 0, 1, 2, "bool"),
        ("A4.5", Area.PA, 0, 4, 5, "bool"),
        ("Q0.1", Area.PA, 0, 0, 1, "bool"),
        ("M10.2", Area.MK, 0, 10, 2, "bool"),
        ("IW64", Area.PE, 0, 64, 0, "int"),
        ("%QD66:real", Area.PA, 0, 66, 0, "real"),
        ("MB3", Area.MK, 0, 3, 0, "byte"),
        ("DB2.DBB8:string[16]", Area.DB, 2, 8, 0, "string"),
        ("DB2.DBB8:lreal", Area.DB, 2, 8, 0, "lreal"),
    ],
)
def test_a_tag(text: str, area: Area, db: int, byte: int, bit: int, kind: str) -> None:
    tag = parse_tag(text)
    assert (tag.area, tag.db, tag.byte, tag.bit, tag.type) == (area, db, byte, bit, kind)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DB1.DBX0", "needs a bit"),
        ("DB1.DBW0.1", "a bit too many"),
        ("I0.8", "no S7 tag"),
        ("DB1", "no S7 tag"),
        ("DB1.DBW2:real", "cannot be 'real'; it can be int, word"),
        ("DB1.DBB2:string", "string"),
        ("DB1.DBB2:string[999]", "254"),
        ("DB1.DBW2:int[3]", "string"),
    ],
)
def test_no_tag(text: str, said: str) -> None:
    with pytest.raises(LinkError, match=said):
        parse_tag(text)


def test_values_are_those_of_the_librarys_own_helpers() -> None:
    data = bytearray(40)
    for text, value in (
        ("DB1.DBX0.3", True),
        ("DB1.DBW2", -7),
        ("DB1.DBD4", 21.5),
        ("DB1.DBD8:dint", -(2**31)),
    ):
        tag = parse_tag(text)
        data[tag.byte : tag.byte + tag.size] = (
            bytes([1 << tag.bit]) if tag.type == "bool" else tag.data(value)
        )
        assert tag.value(data[tag.byte : tag.byte + tag.size]) == value
    assert get_bool(data, 0, 3)
    assert (get_int(data, 2), get_real(data, 4), get_dint(data, 8)) == (-7, 21.5, -(2**31))
    text = parse_tag("DB1.DBB12:string[16]")
    data[12:30] = text.data("pack")
    assert get_string(data, 12) == "pack"
    set_string(data, 12, "module", 16)
    assert text.value(data[12:30]) == "module"


def test_what_is_no_number_is_no_value() -> None:
    data = bytearray(4)
    set_real(data, 0, float("nan"))
    assert parse_tag("DB1.DBD0").value(data) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("DB1.DBX0.3", 1),
        ("DB1.DBW2", 40000),
        ("DB1.DBW2", 1.5),
        ("DB1.DBW2", "7"),
        ("DB1.DBB2", -1),
        ("DB1.DBD2", 1e300),
        ("DB1.DBB2:string[3]", "four"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, value: object) -> None:
    with pytest.raises(ValueError, match="DB1"):
        parse_tag(text).data(value)


def test_neighbours_are_read_together() -> None:
    tags = ["DB1.DBX0.3", "DB1.DBX0.4", "DB1.DBW2", f"DB1.DBD{4 + GAP}", "DB2.DBW0", "I0.0"]
    far = f"DB1.DBD{4 + MOST_BYTES}"
    found = blocks(parse_tag(tag) for tag in [far, *tags])
    spans = {(b.area, b.db, b.first, b.end): {t.text for t in b.tags} for b in found}
    assert spans == {
        (Area.PE, 0, 0, 1): {"I0.0"},
        (Area.DB, 1, 0, 8 + GAP): {"DB1.DBX0.3", "DB1.DBX0.4", "DB1.DBW2", f"DB1.DBD{4 + GAP}"},
        (Area.DB, 1, 4 + MOST_BYTES, 8 + MOST_BYTES): {far},
        (Area.DB, 2, 0, 2): {"DB2.DBW0"},
    }
    data = bytearray(8 + GAP)
    data[0], data[3] = 0b10000, 5
    block = next(b for b in found if b.db == 1 and b.first == 0)
    assert block.values(data)["DB1.DBX0.3"] is False
    assert block.values(data)["DB1.DBX0.4"] is True
    assert block.values(data)["DB1.DBW2"] == 5


def test_an_address_has_rack_and_slot() -> None:
    where = endpoint("plc", "s7://10.0.0.5/0/2")
    assert (where.host, where.port, where.rack, where.slot) == ("10.0.0.5", 102, 0, 2)
    assert (endpoint("plc", "s7://h").rack, endpoint("plc", "s7://h").slot) == (0, 1)
    assert endpoint("plc", "s7://h:1102/1/3").port == 1102
    for wrong in ("s7://h/0", "s7://h/0/99", "s7://h/a/b", "s8://h/0/1", "s7://h:x/0/1"):
        with pytest.raises(LinkError, match=r"link 'plc'.*0/1 for S7-1200"):
            endpoint("plc", wrong)
