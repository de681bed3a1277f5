"""The I/O list of a workcell: names, addresses that never overlap, and what the file gave."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.spec import load_line
from twin.spec.io import FIRST_WORD_BYTE, Address, io_list, io_of
from twin.spec.motion import Axis, Belt, IoEntry, Panel, Sensor, Workcell
from twin.spec.pins import Direction, IecType
from twin.spec.shipped import shipped

bits = st.builds(
    Address, st.sampled_from("IQ"), st.just("X"), st.integers(0, 63), st.integers(0, 7)
)
words = st.builds(Address, st.sampled_from("IQ"), st.sampled_from("WD"), st.integers(64, 300))
addresses = bits | words


@given(addresses)
def test_an_address_is_read_as_it_is_written(address: Address) -> None:
    assert Address.parse(str(address)) == address
    assert Address.parse(str(address).lower().removeprefix("%")) == address


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I0.3", "%IX0.3"),
        (" %q1.0 ", "%QX1.0"),
        ("IW64", "%IW64"),
        ("%ID66", "%ID66"),
    ],
)
def test_short_forms_are_understood(text: str, told: str) -> None:
    assert str(Address.parse(text)) == told


@pytest.mark.parametrize("text", ["", "%M0.1", "%IX0.8", "%IX3", "%IW", "I-1.0", "%IX0.3.1"])
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"write %IX0\.3, %QX1\.0, %IW64 or %QD66"):
        Address.parse(text)


def test_bits_and_words_have_their_modbus_numbers() -> None:
    assert Address.parse("%QX1.2").coil == 10
    assert Address.parse("%IW64").register == 0
    assert Address.parse("%ID68").register == 2


@given(addresses)
def test_an_address_takes_as_many_bits_as_its_type(address: Address) -> None:
    taken = address.bits()
    assert len(taken) == {"X": 1, "W": 16, "D": 32}[address.size]
    assert taken[0] // 8 == address.byte


def cell(given_addresses: dict[str, str]) -> Workcell:
    """A workcell with points of every direction and of three types."""
    bodies = (
        Belt(id="belt", kind="belt", length_m=1.0, drive="analog", encoder_per_m=1000.0),
        Sensor(id="eye", kind="sensor", sees="belt"),
        Axis(id="x", kind="axis", high=1.0),
        Panel(id="panel", kind="panel"),
    )
    io = {name: IoEntry(address=address) for name, address in given_addresses.items()}
    return Workcell(id="cell", kind="workcell", bodies=bodies, io=io)


NAMES = {
    point.name: ("Q" if point.direction is Direction.OUTPUT else "I") + point.address.size
    for point in io_of(cell({}))
}


@st.composite
def some_addresses(draw: st.DrawFn) -> dict[str, str]:
    """Addresses for some points, right for their kind, none overlapping another."""
    told: dict[str, str] = {}
    taken: set[tuple[str, int]] = set()
    for name in draw(st.lists(st.sampled_from(sorted(NAMES)), unique=True)):
        area, size = NAMES[name]
        byte = draw(st.integers(0, 63) if size == "X" else st.integers(64, 200))
        bit = draw(st.integers(0, 7)) if size == "X" else 0
        address = Address(area, size, byte, bit)
        if not taken & {(area, number) for number in address.bits()}:
            taken |= {(area, number) for number in address.bits()}
            told[name] = str(address)
    return told


@settings(max_examples=60, deadline=None)
@given(some_addresses())
def test_given_addresses_are_kept_and_none_overlap(told: dict[str, str]) -> None:
    taken: dict[tuple[str, int], str] = {}
    for point in io_of(cell(told)):
        if point.name in told:
            assert str(point.address) == told[point.name]
        for bit in point.address.bits():
            other = taken.setdefault((point.address.area, bit), point.name)
            assert other == point.name


@settings(max_examples=30, deadline=None)
@given(some_addresses())
def test_an_address_fits_its_point(told: dict[str, str]) -> None:
    sizes = {IecType.BOOL: "X", IecType.INT: "W", IecType.DINT: "D", IecType.REAL: "D"}
    for point in io_of(cell(told)):
        address = point.address
        assert address.area == ("Q" if point.direction is Direction.OUTPUT else "I")
        assert address.size == sizes[point.iec]
        assert (address.byte < FIRST_WORD_BYTE) == (point.iec is IecType.BOOL)


@pytest.mark.parametrize("name", [name for name in shipped("lines") if name.endswith("_cell")])
def test_the_points_of_a_shipped_cell_speak_both_languages(name: str) -> None:
    spec = load_line(name)
    points = io_list(spec)
    assert points
    assert len({point.path for point in points}) == len(points)
    for point in points:
        assert point.comment.en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in point.comment.zh), point.name


def test_a_cell_and_its_line_are_in_the_path() -> None:
    points = {point.name: point for point in io_list(load_line("mixed_pilot"))}
    assert points["stopper_extend"].path == "sort/sorting/stopper_extend"
    alone = {point.name: point for point in io_list(load_line("sorting_cell"))}
    assert alone["stopper_extend"].path == "sorting/stopper_extend"
    assert alone["stopper_extend"].address == points["stopper_extend"].address


def test_a_comment_of_the_file_goes_before_that_of_the_body() -> None:
    entry = IoEntry.model_validate({"comment": {"en": "The eye", "zh": "光电开关"}})
    named = cell({}).model_copy(update={"io": {"eye": entry}})
    comments = {point.name: point.comment for point in io_of(named)}
    assert (comments["eye"].en, comments["eye"].zh) == ("The eye", "光电开关")
    assert comments["belt_run"].en == "belt: motor on"
