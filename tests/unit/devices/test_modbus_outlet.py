"""The Modbus server: what it answers, what it passes on, what it bears."""

import asyncio
import contextlib
import logging
import struct
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from pymodbus.client import AsyncModbusTcpClient

from devices.errors import OutletError
from devices.modbus.outlet import ModbusOptions, ModbusOutlet
from devices.modbus.registers import WordOrder
from devices.modbus.session import Session
from tests.unit.devices.fake_cell import CELL, FakeCell
from tests.unit.devices.fake_run import FakeRun
from twin.kernel.signal import Quality

RUN, START, EYE = "cell/infeed_speed", "cell/x_start", "cell/eye"
TARGET, HOME, COUNT = "cell/x_target", "cell/x_home", "cell/infeed_count"


class Stage:
    def __init__(self, options: ModbusOptions) -> None:
        self.run = FakeCell()
        self.outlet = ModbusOutlet(options)
        self.clients: list[AsyncModbusTcpClient] = []

    @property
    def port(self) -> int:
        return int(self.outlet.address.rsplit(":", 1)[1])

    async def client(self) -> AsyncModbusTcpClient:
        client = AsyncModbusTcpClient("127.0.0.1", port=self.port, retries=0, timeout=5)
        assert await client.connect()
        self.clients.append(client)
        return client

    def coil(self, path: str) -> int:
        return self.run.points[path].address.coil

    def register(self, path: str) -> int:
        return self.run.points[path].address.register

    def written(self) -> list[tuple[str, object]]:
        return [(command.target, command.args["value"]) for command in self.run.log]


async def staged(options: ModbusOptions) -> AsyncIterator[Stage]:
    stage = Stage(options)
    await stage.outlet.start(stage.run)
    yield stage
    for client in stage.clients:
        client.close()
    await stage.outlet.stop()
    await stage.outlet.stop()


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    async for stage in staged(ModbusOptions(port=0, writable=True)):
        yield stage


@pytest_asyncio.fixture
async def closed() -> AsyncIterator[Stage]:
    async for stage in staged(ModbusOptions(port=0)):
        yield stage


async def raw(port: int, data: bytes, answers: int) -> list[bytes]:
    """Send bytes and return that many answers, or fewer when the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    found = []
    try:
        async with asyncio.timeout(5):
            for _ in range(answers):
                head = await reader.readexactly(7)
                found.append(await reader.readexactly(struct.unpack(">H", head[4:6])[0] - 1))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()
    return found


def frame(body: bytes, unit: int = 1, transaction: int = 1) -> bytes:
    return struct.pack(">HHHB", transaction, 0, len(body) + 1, unit) + body


async def test_a_bit_an_integer_and_a_real_are_read(stage: Stage) -> None:
    stage.run.set(EYE, True)
    stage.run.set(COUNT, -70000)
    stage.run.set("cell/scale_weight", 1.5)
    client = await stage.client()
    bits = await client.read_discrete_inputs(stage.coil(EYE))
    count = await client.read_input_registers(stage.register(COUNT), count=2)
    weight = await client.read_input_registers(stage.register("cell/scale_weight"), count=2)
    assert bits.bits[0] is True
    assert count.registers == [0xFFFE, 0xEE90]
    assert weight.registers == [0x3FC0, 0x0000]


async def test_each_write_becomes_a_command_and_is_read_back(stage: Stage) -> None:
    client = await stage.client()
    await client.write_coil(stage.coil(START), True)
    await client.write_coils(stage.coil(HOME), [True])
    await client.write_registers(stage.register(TARGET), [0x3E80, 0x0000])
    assert stage.written() == [(START, True), (HOME, True), (TARGET, 0.25)]
    assert (await client.read_coils(stage.coil(START))).bits[0] is True
    read = await client.read_holding_registers(stage.register(TARGET), count=2)
    assert read.registers == [0x3E80, 0x0000]
    address, port = client.ctx.transport.get_extra_info("sockname")
    assert {command.by for command in stage.run.log} == {f"modbus:{address}:{port}"}


async def test_function_23_writes_before_it_reads(stage: Stage) -> None:
    client = await stage.client()
    where = stage.register(TARGET)
    answer = await client.readwrite_registers(
        read_address=where, read_count=2, write_address=where, values=[0x3F00, 0x0000]
    )
    assert answer.registers == [0x3F00, 0x0000]
    assert stage.written() == [(TARGET, 0.5)]


async def test_low_word_first_on_request() -> None:
    options = ModbusOptions(port=0, writable=True, word_order=WordOrder.LOW_FIRST)
    async for stage in staged(options):
        stage.run.set("cell/scale_weight", 1.5)
        client = await stage.client()
        where = stage.register("cell/scale_weight")
        assert (await client.read_input_registers(where, count=2)).registers == [0x0000, 0x3FC0]
        await client.write_registers(stage.register(TARGET), [0x0000, 0x3E80])
        assert stage.written() == [(TARGET, 0.25)]


async def test_each_workcell_is_a_unit_and_the_device_itself_is_the_first(stage: Stage) -> None:
    client = await stage.client()
    second = stage.coil("second/out_run")
    await client.write_coil(second, True, device_id=2)
    assert stage.written() == [("second/out_run", True)]
    stage.run.set(EYE, True)
    for unit in (0, 1, 255):
        answer = await client.read_discrete_inputs(stage.coil(EYE), device_id=unit)
        assert answer.bits[0] is True, unit
    assert (await client.read_coils(0, device_id=3)).exception_code == 11


async def test_a_cyclic_write_passes_on_only_what_changed(stage: Stage) -> None:
    client, other = await stage.client(), await stage.client()
    block = [False] * 16
    count = sum(place.first < 16 for place in stage.outlet.units[1]["coil"].places.values())
    await client.write_coils(0, block)
    assert len(stage.run.log) == count
    stage.run.log.clear()
    for _ in range(5):
        await client.write_coils(0, block)
    assert stage.written() == []
    await client.write_coil(stage.coil(HOME), True)
    await client.write_coil(stage.coil(HOME), True)
    assert stage.written() == [(HOME, True)]
    stage.run.log.clear()
    await other.write_coil(stage.coil(HOME), True)
    assert stage.written() == [(HOME, True)], "the first write after connecting is passed on"


async def test_a_reset_run_hears_everything_again(stage: Stage) -> None:
    client = await stage.client()
    await client.write_coil(stage.coil(HOME), True)
    stage.run.signals = stage.run.fresh_store()
    stage.run.log.clear()
    await client.write_coil(stage.coil(HOME), True)
    assert stage.written() == [(HOME, True)]


async def test_half_a_value_is_refused_and_a_whole_one_in_a_block_is_not(stage: Stage) -> None:
    client = await stage.client()
    where = stage.register(TARGET)
    for first, values in ((where, [0x3E80]), (where + 1, [0x0000])):
        assert (await client.write_registers(first, values)).exception_code == 2
        assert (await client.write_register(first, values[0])).exception_code == 2
    assert stage.written() == []
    size = stage.outlet.units[1]["holding"].size
    block = [0] * size
    block[where : where + 2] = [0x3E80, 0x0000]
    assert not (await client.write_registers(0, block)).isError()
    assert (TARGET, 0.25) in stage.written()


async def test_what_nobody_has_is_exception_2(stage: Stage) -> None:
    client = await stage.client()
    assert (await client.read_discrete_inputs(5000)).exception_code == 2
    assert (await client.read_input_registers(5000)).exception_code == 2
    assert (await client.read_coils(0, count=1000)).exception_code == 2
    assert (await client.write_coil(5000, True)).exception_code == 2
    assert (await client.write_registers(5000, [1, 2])).exception_code == 2
    assert stage.written() == []


async def test_a_spare_coil_reads_0_and_cannot_be_switched_on(stage: Stage) -> None:
    bank = stage.outlet.units[1]["coil"]
    spare = next(number for number in range(bank.size) if number not in bank.places)
    client = await stage.client()
    assert (await client.read_coils(spare)).bits[0] is False
    assert not (await client.write_coil(spare, False)).isError()
    assert (await client.write_coil(spare, True)).exception_code == 2


async def test_a_wrong_value_is_exception_3(stage: Stage) -> None:
    client = await stage.client()
    not_a_number = [0x7FC0, 0x0000]
    answer = await client.write_registers(stage.register(TARGET), not_a_number)
    assert answer.exception_code == 3
    too_fast = [0x4120, 0x0000]  # 10 m/s on a belt of 0.5 m/s
    answer = await client.write_registers(stage.register("cell/infeed_speed"), too_fast)
    assert answer.exception_code == 3
    neither_on_nor_off = struct.pack(">BHH", 5, stage.coil(START), 0x1234)
    assert await raw(stage.port, frame(neither_on_nor_off), 1) == [bytes([0x85, 3])]
    assert stage.written() == []


async def test_what_the_plant_refuses_is_exception_4_and_logged_once(stage: Stage, caplog) -> None:
    stage.run.refuse = "the key is on local"
    client = await stage.client()
    with caplog.at_level(logging.WARNING, "devices.modbus"):
        for _ in range(3):
            assert (await client.write_coil(stage.coil(HOME), True)).exception_code == 4
    assert [record.message.count("the key is on local") for record in caplog.records] == [1]
    stage.run.refuse = None
    assert not (await client.write_coil(stage.coil(HOME), True)).isError()
    assert stage.written() == [(HOME, True)], "a refused value is given again"


async def test_no_answer_is_never_zero(stage: Stage) -> None:
    stage.run.set("cell/scale_weight", 3.0, Quality.BAD)
    client = await stage.client()
    where = stage.register("cell/scale_weight")
    assert (await client.read_input_registers(where, count=2)).exception_code == 4
    stage.run.set("cell/scale_weight", 3.0, Quality.UNCERTAIN)
    read = await client.read_input_registers(where, count=2)
    assert read.registers == [0x4040, 0x0000]


async def test_nobody_writes_unless_it_is_switched_on(closed: Stage, caplog) -> None:
    client = await closed.client()
    with caplog.at_level(logging.WARNING, "devices.modbus"):
        for _ in range(2):
            assert (await client.write_coil(0, True)).exception_code == 1
            assert (await client.write_coils(0, [True])).exception_code == 1
            assert (await client.write_register(0, 1)).exception_code == 1
            assert (await client.write_registers(0, [1, 2])).exception_code == 1
            answer = await client.readwrite_registers(read_count=1, values=[1])
            assert answer.exception_code == 1
    assert closed.run.log == []
    assert [r.message for r in caplog.records] == [
        "modbus:127.0.0.1 may not write: start the twin with --writable modbus"
    ]
    assert not (await client.read_coils(0)).isError()


async def test_only_those_on_the_list_are_let_in() -> None:
    for allow, welcome in (("127.0.0.1", True), ("192.168.7.0/24", False)):
        async for stage in staged(ModbusOptions(port=0, allow=(allow,))):
            answers = await raw(stage.port, frame(struct.pack(">BHH", 1, 0, 1)), 1)
            assert bool(answers) is welcome
    with pytest.raises(OutletError, match=r"'plc' is no address.*192\.168\.0\.0/24"):
        ModbusOutlet(ModbusOptions(allow=("plc",)))


async def test_requests_that_arrive_together_are_all_answered_in_order(stage: Stage) -> None:
    stage.run.set(EYE, True)
    asked = struct.pack(">BHH", 2, stage.coil(EYE), 1)
    data = b"".join(frame(asked, transaction=number) for number in range(50))
    assert await raw(stage.port, data, 50) == [bytes([2, 1, 1])] * 50


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"\x07", b"\x87\x01"),
        (b"\x2b\x0e\x01\x00", b"\xab\x01"),
        (b"\x81\x00", b"\x81\x01"),
        (b"\x01\x00", b"\x81\x03"),
        (b"\x01\x00\x00\x00\x00", b"\x81\x03"),
        (b"\x01\x00\x00\xff\xff", b"\x81\x03"),
        (b"\x03\x00\x00\x00\x7e", b"\x83\x03"),
        (b"\x0f\x00\x00\x00\x08\x02\xff", b"\x8f\x03"),
        (b"\x10\x00\x00\x00\x02\x04\x00", b"\x90\x03"),
        (b"\x10\x00\x00\x00\x00\x00", b"\x90\x03"),
        (b"\x17\x00", b"\x97\x03"),
    ],
)
async def test_a_malformed_request_is_answered_by_its_exception(
    stage: Stage, body: bytes, answer: bytes
) -> None:
    assert await raw(stage.port, frame(body), 1) == [answer]
    assert stage.run.log == []


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: plc\r\n\r\n",
        b"\x00" * 300,
        b"\xff" * 5000,
        struct.pack(">HHHB", 1, 0, 1, 1),
        struct.pack(">HHHB", 1, 0, 60000, 1) + b"\x01" * 100,
        b"\x00\x01\x00\x00\x00\x06\x01",
    ],
)
async def test_what_is_not_modbus_is_hung_up_on_and_hurts_nobody(
    stage: Stage, garbage: bytes, caplog
) -> None:
    client = await stage.client()
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(garbage)
    writer.write_eof()
    async with asyncio.timeout(5):
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
    writer.close()
    assert not (await client.read_coils(0)).isError()
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


async def test_a_crowd_costs_the_one_that_is_silent_for_the_longest(
    stage: Stage, monkeypatch
) -> None:
    monkeypatch.setattr("devices.modbus.outlet.MOST_CLIENTS", 3)
    first = [await stage.client() for _ in range(3)]
    for client in (first[0], first[2]):
        assert not (await client.read_coils(0)).isError()
    newest = await stage.client()
    assert not (await newest.read_coils(0)).isError()
    assert not (await first[0].read_coils(0)).isError()
    assert not (await first[2].read_coils(0)).isError()
    assert not first[1].connected


async def test_it_stops_with_clients_that_do_nothing_and_one_that_does_not_read(
    stage: Stage,
) -> None:
    await stage.client()
    _, deaf = await asyncio.open_connection("127.0.0.1", stage.port)
    asked = frame(struct.pack(">BHH", 1, 0, 1))
    deaf.write(asked * 20000)
    await asyncio.sleep(0.2)
    async with asyncio.timeout(2):
        await stage.outlet.stop()
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncio.open_connection("127.0.0.1", stage.port)
    deaf.transport.abort()


async def test_an_input_that_comes_and_goes_between_two_reads_is_told_once(
    stage: Stage, caplog
) -> None:
    client = await stage.client()
    where = stage.coil(EYE)
    with caplog.at_level(logging.WARNING, "devices.modbus"):
        await client.read_discrete_inputs(where)
        stage.run.set(EYE, True)
        stage.run.tick()
        assert (await client.read_discrete_inputs(where)).bits[0] is True
        stage.run.set(EYE, False)
        stage.run.tick()
        await client.read_discrete_inputs(where)
        assert stage.outlet.warnings == [], "what is seen is not missed"
        for _ in range(2):
            stage.run.set(EYE, True)
            stage.run.tick()
            stage.run.set(EYE, False)
            stage.run.tick()
            assert (await client.read_discrete_inputs(where)).bits[0] is False
    assert len(stage.outlet.warnings) == 1
    assert stage.outlet.warnings[0].startswith(f"cell/eye (discrete {where}) came and went")
    assert len(caplog.records) == 1


async def test_a_pulse_within_one_telling_is_noticed_too(stage: Stage) -> None:
    client = await stage.client()
    await client.read_discrete_inputs(0, count=8)
    stage.run.set(EYE, True)
    stage.run.set(EYE, False)
    stage.run.tick()
    await client.read_discrete_inputs(0, count=8)
    assert len(stage.outlet.warnings) == 1


async def test_a_line_without_workcells_says_so() -> None:
    with pytest.raises(OutletError, match=r"line 'small' has no workcell"):
        await ModbusOutlet(ModbusOptions(port=0)).start(FakeRun())


async def test_no_two_points_share_a_place() -> None:
    run = FakeCell()
    outlet = ModbusOutlet(ModbusOptions(port=0))
    await outlet.start(run)
    paths = [
        place.point.path
        for banks in outlet.units.values()
        for bank in banks.values()
        for number, place in bank.places.items()
        if number == place.first
    ]
    await outlet.stop()
    assert sorted(paths) == sorted(run.points)
    assert [cell.id for cell in CELL.assets] == ["cell", "second"]


@settings(max_examples=400, deadline=None)
@given(
    unit=st.integers(0, 255),
    body=st.one_of(
        st.binary(min_size=1, max_size=253),
        st.builds(
            lambda function, rest: bytes([function]) + rest,
            st.sampled_from([1, 2, 3, 4, 5, 6, 15, 16, 23]),
            st.binary(max_size=40),
        ),
        st.builds(
            lambda function, first, count, rest: struct.pack(">BHH", function, first, count) + rest,
            st.sampled_from([1, 2, 3, 4, 5, 6, 15, 16, 23]),
            st.integers(0, 40),
            st.integers(0, 40),
            st.binary(max_size=90),
        ),
    ),
)
def test_whatever_is_asked_has_an_answer_that_fits_it(unit: int, body: bytes) -> None:
    async def ask() -> bytes:
        outlet = ModbusOutlet(ModbusOptions(port=0, writable=True))
        await outlet.start(FakeCell())
        try:
            session = Session(outlet, "stranger:1")
            answer = await session.answer(unit, body)
            return bytes([answer.function_code]) + answer.encode()
        finally:
            await outlet.stop()

    told = asyncio.run(ask())
    assert told[0] & 0x7F == body[0] & 0x7F
    if told[0] & 0x80:
        assert told[1] in (1, 2, 3, 4, 11)
    elif body[0] in (1, 2, 3, 4):
        count = struct.unpack(">H", body[3:5])[0]
        size = (count + 7) // 8 if body[0] in (1, 2) else 2 * count
        assert len(told) == 2 + size == 2 + told[1]
    elif body[0] in (5, 6, 15, 16):
        assert told == body[:5]
