"""The Modbus client: its requests, what it does with refusals, pulses and broken devices."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from devices.base import LinkState, TagReading
from devices.errors import LinkError, WriteRefused
from devices.modbus.address import Space, parse
from devices.modbus.browse import browse
from devices.modbus.link import ModbusLink, ModbusLinkOptions
from devices.modbus.poll import blocks
from devices.modbus.registers import WordOrder
from twin.kernel.signal import Quality


@dataclass
class Plc:
    """A little server written from the specification, that notes each request."""

    has: Callable[[int, int], bool] = lambda number, unit: number < 100
    words: dict[int, int] = field(default_factory=dict)
    asked: list[tuple[int, ...]] = field(default_factory=list)
    mute: bool = False
    answer: bytes | None = None
    port: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while True:
                head = await reader.readexactly(7)
                transaction, _, length, unit = struct.unpack(">HHHB", head)
                body = await reader.readexactly(length - 1)
                told = self.answer or self.respond(unit, body)
                self.heard.set()
                if not self.mute:
                    writer.write(struct.pack(">HHHB", transaction, 0, len(told) + 1, unit) + told)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()

    def respond(self, unit: int, body: bytes) -> bytes:
        function, first, second = struct.unpack(">BHH", body[:5])
        self.asked.append((unit, function, first, second))
        count = second if function in (1, 2, 3, 4, 15, 16) else 1
        if not all(self.has(number, unit) for number in range(first, first + count)):
            return bytes([function | 0x80, 2])
        if function in (1, 2):
            bits = [self.words.get(first + i, 0) for i in range(count)]
            packed = sum(bool(bit) << i for i, bit in enumerate(bits))
            size = (count + 7) // 8
            return bytes([function, size]) + packed.to_bytes(size, "little")
        if function in (3, 4):
            words = [self.words.get(first + i, 0) for i in range(count)]
            return bytes([function, 2 * count]) + struct.pack(f">{count}H", *words)
        if function in (5, 6):
            self.words[first] = int(second == 0xFF00) if function == 5 else second
            return body[:5]
        if function == 16:
            values = struct.unpack(f">{count}H", body[6:])
            self.words.update(zip(range(first, first + count), values, strict=True))
            return body[:5]
        if function == 22:
            both, either = struct.unpack(">HH", body[3:7])
            self.words[first] = (self.words.get(first, 0) & both) | (either & ~both)
            return body
        return bytes([function | 0x80, 1])


@pytest_asyncio.fixture
async def plc() -> AsyncIterator[Plc]:
    plc = Plc()
    server = await asyncio.start_server(plc.connected, "127.0.0.1", 0)
    plc.port = server.sockets[0].getsockname()[1]
    yield plc
    server.close()
    for writer in plc.writers:
        writer.transport.abort()


@pytest_asyncio.fixture
async def link(plc: Plc) -> AsyncIterator[ModbusLink]:
    link = linked(plc)
    await link.connect()
    yield link
    await link.close()


def linked(plc: Plc, **options) -> ModbusLink:
    wanted = {"armed": True, "publish_s": 0.02, "timeout_s": 5.0} | options
    return ModbusLink(ModbusLinkOptions("plc", f"modbus://127.0.0.1:{plc.port}", **wanted))


async def until(stream: AsyncIterator[TagReading], tag: str, value: object) -> TagReading:
    async with asyncio.timeout(10):
        async for reading in stream:
            if reading.tag == tag and reading.value == value:
                return reading
    raise AssertionError(f"the stream ended before {tag} was {value}")


def planned(*tags: str, bridge: bool = True) -> list[tuple[Space, int, int]]:
    found = blocks([(tag, parse(tag)) for tag in tags], bridge=bridge)
    return [(block.space, block.first, block.count) for block in found]


def test_near_tags_are_one_request_and_far_ones_several() -> None:
    assert planned("coil:3", "coil:0", "coil:7") == [(Space.COIL, 0, 8)]
    assert planned("coil:0", "coil:500") == [(Space.COIL, 0, 1), (Space.COIL, 500, 1)]
    assert planned("holding:0:real", "holding:2", "holding:3.4") == [(Space.HOLDING, 0, 4)]
    assert planned("holding:0", "input:1") == [(Space.HOLDING, 0, 1), (Space.INPUT, 1, 1)]
    assert len(planned("unit=1/coil:0", "unit=2/coil:1")) == 2


def test_no_request_is_longer_than_modbus_allows() -> None:
    found = planned(*(f"holding:{number}:real" for number in range(0, 1000, 2)))
    assert all(count <= 125 for _, _, count in found)
    assert sum(count for _, _, count in found) == 1000
    bits = planned(*(f"coil:{number}" for number in range(5000)))
    assert [count for _, _, count in bits] == [2000, 2000, 1000]


def test_only_touching_tags_are_one_request_without_a_bridge() -> None:
    assert planned("coil:0", "coil:1", "coil:3", bridge=False) == [
        (Space.COIL, 0, 2),
        (Space.COIL, 3, 1),
    ]


TAGS = st.builds(
    "unit={}/{}:{}{}".format,
    st.integers(1, 2),
    st.sampled_from(["input", "holding"]),
    st.integers(0, 400),
    st.sampled_from(["", ":real", ":dint:low_first", ".3", ":text:40"]),
) | st.builds("{}:{}".format, st.sampled_from(["coil", "discrete"]), st.integers(0, 9000))


@given(st.sets(TAGS, max_size=60), st.booleans())
def test_every_tag_is_read_by_exactly_one_request_that_may_be(tags: set[str], bridge: bool) -> None:
    found = blocks([(tag, parse(tag)) for tag in tags], bridge=bridge)
    assert sorted(name for block in found for name, _ in block.tags) == sorted(tags)
    for block in found:
        assert 1 <= block.count <= block.space.most
        numbers = range(block.first, block.first + block.count)
        for _, tag in block.tags:
            assert (tag.unit, tag.space) == (block.unit, block.space)
            assert block.elements(tag, list(numbers)) == [
                *range(tag.number, tag.number + tag.width)
            ]
        if not bridge:
            read = {n for _, tag in block.tags for n in range(tag.number, tag.number + tag.width)}
            assert read == set(numbers)


async def test_it_reads_each_type_in_one_request(plc: Plc, link: ModbusLink) -> None:
    plc.words |= {0: 0xFFFE, 1: 0x3FC0, 2: 0, 3: 0b1000, 4: 0, 5: 0x3FC0}
    tags = ["holding:0", "holding:1:real", "holding:3.3", "holding:4:real:low_first"]
    found = await link.read(tags)
    assert [found[tag].value for tag in tags] == [-2, 1.5, True, 1.5]
    assert plc.asked == [(1, 3, 0, 6)]
    assert len(link.timing.trips_s) == 1


async def test_the_link_says_unit_and_word_order_of_tags_that_do_not(plc: Plc) -> None:
    plc.words |= {0: 0, 1: 0x3FC0}
    link = linked(plc, unit=9, word_order=WordOrder.LOW_FIRST)
    await link.connect()
    assert (await link.read(["holding:0:real"]))["holding:0:real"].value == 1.5
    assert plc.asked == [(9, 3, 0, 2)]
    await link.close()


async def test_what_lies_between_two_tags_may_be_missing(plc: Plc, link: ModbusLink) -> None:
    plc.has = lambda number, unit: number in (0, 8)
    plc.words |= {0: 11, 8: 22}
    for _ in range(3):
        found = await link.read(["holding:0", "holding:8"])
        assert [reading.value for reading in found.values()] == [11, 22]
    # The block once, each alone, and from then on nothing that bridges the gap.
    assert [(first, count) for _, _, first, count in plc.asked] == [
        (0, 9),
        *[(0, 1), (8, 1)] * 3,
    ]
    assert link.warnings == []


async def test_a_tag_that_is_not_there_is_bad_alone_and_said_once(plc: Plc, link) -> None:
    plc.has = lambda number, unit: number < 4
    plc.words |= {3: 7}
    for _ in range(3):
        found = await link.read(["holding:3", "holding:4"])
        assert found["holding:3"].value == 7
        assert found["holding:4"] == TagReading("holding:4", None, Quality.BAD)
    assert link.warnings == ["holding:4: the device has nothing at this address (exception 2)"]


async def test_a_tag_that_comes_is_found_although_others_are_asked_for_all_the_time(
    plc: Plc, link: ModbusLink, monkeypatch
) -> None:
    monkeypatch.setattr("devices.modbus.link.AGAIN_S", 0.05)
    plc.has = lambda number, unit: number < 4
    await until(link.subscribe(["holding:3"]), "holding:3", 0)
    assert (await link.read(["holding:4"]))["holding:4"].quality is Quality.BAD
    plc.has = lambda number, unit: number < 5
    async with asyncio.timeout(10):
        while (await link.read(["holding:4"]))["holding:4"].quality is Quality.BAD:
            continue


async def test_a_failure_that_passes_is_asked_about_in_each_poll(plc: Plc, link) -> None:
    plc.answer = bytes([0x83, 4])
    assert (await link.read(["holding:3"]))["holding:3"].quality is Quality.BAD
    plc.answer = None
    assert (await link.read(["holding:3"]))["holding:3"].quality is Quality.GOOD


async def test_a_real_that_is_no_number_is_bad(plc: Plc, link: ModbusLink) -> None:
    plc.words |= {0: 0x7FC0}
    assert (await link.read(["holding:0:real"]))["holding:0:real"].quality is Quality.BAD


async def test_a_misspelled_tag_is_bad_and_said_with_what_is_right(link: ModbusLink) -> None:
    assert (await link.read(["40001"]))["40001"].quality is Quality.BAD
    assert "write coil:12" in link.warnings[0]


async def test_it_writes_each_type(plc: Plc, link: ModbusLink) -> None:
    plc.words[3] = 0b0001
    await link.write("coil:7", True)
    await link.write("holding:0", -2)
    await link.write("holding:10:real", 1.5)
    await link.write("holding:3.2", True)
    assert (plc.words[7], plc.words[0]) == (1, 0xFFFE)
    assert (plc.words[10], plc.words[11]) == (0x3FC0, 0)
    assert plc.words[3] == 0b0101
    assert [function for _, function, _, _ in plc.asked] == [5, 6, 16, 22]


@pytest.mark.parametrize(
    ("tag", "value", "said"),
    [
        ("discrete:0", True, "discrete can only be read"),
        ("input:0", 1, "input can only be read"),
        ("coil:0", "on", "true or false"),
        ("coil:0", 7, "true or false"),
        ("holding:0", 70000, "does not fit INT"),
        ("holding:500", 1, r"nothing at this address \(exception 2\)"),
        ("holding", 1, "no Modbus tag"),
    ],
)
async def test_a_write_that_cannot_be_says_why(link: ModbusLink, tag, value, said) -> None:
    with pytest.raises(WriteRefused, match=said):
        await link.write(tag, value)


async def test_a_device_that_cannot_write_one_bit_of_a_register(plc: Plc, link) -> None:
    plc.answer = bytes([0x96, 1])
    with pytest.raises(WriteRefused, match=r"illegal function.*give the whole one"):
        await link.write("holding:3.2", True)


async def test_a_pulse_shorter_than_the_poll_is_warned_of_once(plc: Plc) -> None:
    link = linked(plc, publish_s=60.0)
    await link.connect()
    await link.write("coil:0", False)
    await link.write("coil:0", True)
    assert link.warnings == []
    for value in (False, True, False):
        await link.write("coil:0", value)
    assert len(link.warnings) == 1
    assert "coil:0 changed twice within one poll (60000 ms)" in link.warnings[0]
    await link.close()


async def test_a_new_subscriber_is_not_kept_waiting_for_the_next_poll(plc: Plc) -> None:
    link = linked(plc, publish_s=60.0)
    await link.connect()
    await until(link.subscribe(["holding:0"]), "holding:0", 0)
    plc.words[5] = 55
    await until(link.subscribe(["holding:5"]), "holding:5", 55)
    await link.close()


async def test_polls_are_timed(plc: Plc, link: ModbusLink) -> None:
    stream = link.subscribe(["holding:0"])
    for value in range(1, 6):
        plc.words[0] = value
        await until(stream, "holding:0", value)
    figures = link.timing.figures()
    assert figures["last_ms"] is not None
    assert 0 < figures["median_ms"] <= figures["p95_ms"]
    assert figures["period_ms"] is not None
    assert figures["jitter_ms"] is not None


async def test_a_connection_cut_in_the_middle_of_a_request_is_noticed_at_once(plc: Plc) -> None:
    plc.mute = True
    link = linked(plc, timeout_s=60.0)
    await link.connect()
    stream = link.subscribe(["holding:0"])
    async with asyncio.timeout(10):
        await plc.heard.wait()
        plc.mute = False
        plc.writers[0].transport.abort()
        assert (await anext(stream)).quality is Quality.BAD
        await until(stream, "holding:0", 0)
    assert link.state is LinkState.CONNECTED
    await link.close()


@pytest.mark.parametrize("told", [b"\x03", b"\x03\x09\x00", b"\x63\x00\x00", b"\x03\x00"])
async def test_an_answer_that_is_not_modbus_is_bad_and_ends_nothing(
    plc: Plc, link: ModbusLink, told: bytes
) -> None:
    plc.answer = told
    assert (await link.read(["holding:0"]))["holding:0"].quality is Quality.BAD
    plc.answer = None
    link._missing.clear()
    assert (await link.read(["holding:0"]))["holding:0"].value == 0


async def test_what_is_wrong_with_an_address_is_said(plc: Plc) -> None:
    nowhere = ModbusLink(ModbusLinkOptions("plc", "modbus://no-such-host.invalid"))
    with pytest.raises(LinkError, match="no host of this name"):
        await nowhere.connect()
    with pytest.raises(LinkError, match="write modbus://HOST"):
        await ModbusLink(ModbusLinkOptions("plc", "http://127.0.0.1")).connect()


async def test_browsing_lists_what_the_server_has(plc: Plc) -> None:
    plc.has = lambda number, unit: number < 5
    plc.words |= {2: 1, 4: 40000}
    url = f"modbus://127.0.0.1:{plc.port}"
    found = {offer.tag: offer.value async for offer in browse(url, user=None, password=None)}
    assert len(found) == 20
    assert found["coil:2"] is True
    assert found["discrete:1"] is False
    assert found["holding:4:word"] == found["input:4:word"] == 40000
    with pytest.raises(LinkError, match="no users"):
        [offer async for offer in browse(url, user="me", password=None)]
