"""The workcells as an S7 controller, asked by a client that we did not write."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from snap7.client import Client
from snap7.error import S7ProtocolError
from snap7.type import Area, WordLen
from snap7.util import get_dint, get_real

from devices.errors import OutletError
from devices.s7.outlet import S7Options, S7Outlet
from devices.s7.server import GuardedServer, Span
from tests.unit.devices.fake_cell import FakeCell
from tests.unit.devices.fake_run import FakeRun
from twin.kernel.signal import Quality


class Stage:
    def __init__(self, *, writable: bool) -> None:
        self.run = FakeCell()
        self.outlet = S7Outlet(S7Options(port=0, writable=writable))
        self.client = Client()

    async def start(self) -> None:
        await self.outlet.start(self.run)
        port = urlsplit(self.outlet.address).port
        await asyncio.to_thread(self.client.connect, "127.0.0.1", 0, 1, port)

    async def stop(self) -> None:
        await asyncio.to_thread(self.client.disconnect)
        await self.outlet.stop()

    async def ask(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.to_thread(work, *args)

    async def refused(self, work: Callable[..., Any], *args: Any) -> str:
        with pytest.raises(S7ProtocolError) as error:
            await self.ask(work, *args)
        return str(error.value)

    def set(self, path: str, value: object) -> None:
        self.run.set(path, value)
        self.run.tick()

    @property
    def wishes(self) -> list[tuple[str, object]]:
        return [(c.target, c.args["value"]) for c in self.run.log]


@pytest_asyncio.fixture(params=[True])
async def stage(request) -> AsyncIterator[Stage]:
    stage = Stage(writable=request.param)
    await stage.start()
    yield stage
    await stage.stop()


async def test_areas_and_blocks_show_the_points(stage: Stage) -> None:
    read = stage.client.read_area
    stage.set("cell/eye", True)
    stage.set("cell/infeed_count", -70000)
    stage.set("cell/x_target", 0.75)
    stage.set("second/out_run", True)
    assert (await stage.ask(read, Area.PE, 0, 0, 1))[0] == 1
    assert get_dint(await stage.ask(read, Area.PE, 0, 64, 4), 0) == -70000
    assert get_real(await stage.ask(read, Area.PA, 0, 68, 4), 0) == 0.75
    assert (await stage.ask(read, Area.PA, 0, 0, 1))[0] == 0, "of the first workcell only"
    assert (await stage.ask(stage.client.db_read, 1, 0, 1))[0] == 1
    assert get_real(await stage.ask(stage.client.db_read, 1, 256 + 68, 4), 0) == 0.75
    assert (await stage.ask(stage.client.db_read, 2, 256, 1))[0] == 1


async def test_one_bit_is_one_wish(stage: Stage) -> None:
    write = stage.client.write_area
    await stage.ask(write, Area.PA, 0, 3 * 8 + 1, bytearray([1]), WordLen.Bit)
    assert stage.wishes == [("cell/x_start", True)]
    assert {c.by.rpartition(":")[0] for c in stage.run.log} == {"s7:127.0.0.1"}
    assert (await stage.ask(stage.client.read_area, Area.PA, 0, 3, 1))[0] == 0b10
    bit = await stage.ask(stage.client.read_area, Area.PA, 0, 3 * 8 + 1, 1, WordLen.Bit)
    assert list(bit) == [1]


async def test_of_a_byte_that_is_written_again_only_changes_are_wishes(stage: Stage) -> None:
    write = stage.client.write_area
    await stage.ask(write, Area.PA, 0, 0, bytearray([0b11]))
    assert dict(stage.wishes)["cell/infeed_run"] is True
    assert len(stage.wishes) == 8
    stage.run.log.clear()
    await stage.ask(write, Area.PA, 0, 0, bytearray([0b11]))
    assert stage.wishes == []
    await stage.ask(write, Area.PA, 0, 0, bytearray([0b01]))
    assert stage.wishes == [("cell/panel_start_lamp", False)]


async def test_a_reset_run_hears_everything_anew(stage: Stage) -> None:
    write = stage.client.write_area
    await stage.ask(write, Area.PA, 0, 0, bytearray([1]))
    stage.run.signals = stage.run.fresh_store()
    stage.run.tick()
    assert (await stage.ask(stage.client.read_area, Area.PA, 0, 0, 1))[0] == 0
    stage.run.log.clear()
    await stage.ask(write, Area.PA, 0, 0, bytearray([1]))
    assert ("cell/infeed_run", True) in stage.wishes


async def test_several_items_are_all_carried_out(stage: Stage) -> None:
    items = [
        {"area": Area.DB, "db_number": 2, "start": 256, "data": bytearray([1])},
        {"area": Area.PA, "db_number": 0, "start": 64, "data": bytearray(b"\x3e\x80\0\0")},
    ]
    await stage.ask(stage.client.write_multi_vars, items)
    assert stage.wishes == [("second/out_run", True), ("cell/infeed_speed", 0.25)]
    reads = [
        {"area": Area.DB, "db_number": 2, "start": 256, "size": 1},
        {"area": Area.PA, "db_number": 0, "start": 64, "size": 4},
    ]
    _, found = await stage.ask(stage.client.read_multi_vars, reads)
    assert [bytes(item) for item in found] == [b"\x01", b"\x3e\x80\0\0"]


async def test_inputs_cannot_be_written(stage: Stage) -> None:
    bit = bytearray([1])
    said = await stage.refused(stage.client.write_area, Area.PE, 0, 0, bit, WordLen.Bit)
    assert "not allowed" in said
    assert stage.wishes == []


async def test_a_button_is_pressed_by_a_change_only(stage: Stage) -> None:
    write = stage.client.write_area
    stage.set("cell/panel_stop", True)
    await stage.ask(write, Area.PE, 0, 0, bytearray([0b0100]))
    assert stage.wishes == [], "what is so already is no wish"
    await stage.ask(write, Area.PE, 0, 0, bytearray([0b0110]))
    assert stage.wishes == [("cell/panel_start", True)]


async def test_what_is_not_there_and_what_is_not_offered(stage: Stage) -> None:
    client = stage.client
    assert "does not exist" in await stage.refused(client.db_read, 9, 0, 1)
    assert "does not exist" in await stage.refused(client.read_area, Area.MK, 0, 0, 1)
    assert "Invalid address" in await stage.refused(client.db_write, 1, 4000, bytearray(2))
    assert "Invalid address" in await stage.refused(client.read_area, Area.PA, 0, 120, 40)
    for work in (client.plc_stop, client.plc_cold_start, lambda: client.upload(1)):
        assert "not implemented" in await stage.refused(work)
    assert (await stage.ask(client.read_area, Area.PA, 0, 0, 1))[0] == 0, "and it goes on"


async def test_a_point_without_answer_cannot_be_read(stage: Stage) -> None:
    stage.run.set("cell/scale_weight", 1.0, Quality.BAD)
    stage.run.tick()
    said = await stage.refused(stage.client.read_area, Area.PE, 0, 72, 4)
    assert "Hardware error" in said
    assert (await stage.ask(stage.client.read_area, Area.PE, 0, 0, 1))[0] == 0


async def test_a_pulse_between_two_reads_is_told(stage: Stage) -> None:
    read = stage.client.read_area
    await stage.ask(read, Area.PE, 0, 0, 1)
    stage.set("cell/eye", True)
    stage.set("cell/eye", False)
    await stage.ask(read, Area.PE, 0, 0, 1)
    assert len(stage.outlet.warnings) == 1
    assert "cell/eye (%IX0.0) came and went" in stage.outlet.warnings[0]
    (timing,) = stage.outlet.timing.values()
    assert timing.period_ms is not None


@pytest.mark.parametrize("stage", [False], indirect=True)
async def test_nobody_writes_unless_allowed(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        said = await stage.refused(stage.client.write_area, Area.PA, 0, 0, bytearray([1]))
        assert "not allowed" in said
    assert stage.wishes == []
    assert caplog.text.count("--writable s7") == 1


async def test_what_the_plant_refuses_is_refused(stage: Stage) -> None:
    stage.run.refuse = "not now"
    said = await stage.refused(stage.client.write_area, Area.PA, 0, 0, bytearray([1]), WordLen.Bit)
    assert "not allowed" in said
    assert (await stage.ask(stage.client.read_area, Area.PA, 0, 0, 1))[0] == 0


async def test_stop_hangs_up_on_clients(stage: Stage) -> None:
    await stage.outlet.stop()
    assert not await stage.ask(stage.client.get_connected)


async def test_a_line_without_a_workcell_is_said() -> None:
    with pytest.raises(OutletError, match="no workcell"):
        await S7Outlet(S7Options(port=0)).start(FakeRun())


READ = bytes.fromhex("32010000000100 0e0000 0401120a10020004000084000000".replace(" ", ""))
WRITE = bytes.fromhex(
    "32010000000100 0e0005 0501120a10020001000082000000 0004000801".replace(" ", "")
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([READ, WRITE]), st.data())
def test_a_broken_request_is_answered_or_dropped(frame: bytes, data: st.DataObject) -> None:
    """Whatever bytes come, nothing but an answer comes back, and no wish that was not written."""
    broken = bytearray(frame)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(broken[: data.draw(st.integers(0, len(broken)))])
    asked: list[int] = []

    def read(span: Span, by: str) -> bytes | int:
        return bytes(span.size) if span.size < 1000 else 0x05

    def write(span: Span, data: bytes, by: str) -> int:
        asked.append(len(data))
        assert len(data) == span.size
        return 0xFF

    server = GuardedServer(read, write, lambda by: None)
    answer = server._process_request(cut, ("127.0.0.1", 1))
    assert answer is None or answer[0] == 0x32
    if cut == frame:
        assert answer is not None


def test_the_same_requests_unbroken() -> None:
    seen: list[tuple[Span, bytes]] = []

    def write(span: Span, data: bytes, by: str) -> int:
        seen.append((span, data))
        return 0x03

    server = GuardedServer(lambda span, by: b"\xab\xcd", write, lambda by: None)
    answer = server._process_request(READ, ("127.0.0.1", 1))
    assert answer.endswith(bytes.fromhex("0401ff040010abcd"))
    answer = server._process_request(WRITE, ("127.0.0.1", 1))
    assert answer.endswith(bytes.fromhex("050103"))
    assert seen == [(Span(Area.PA, 0, 0, 1, None), b"\x01")]
