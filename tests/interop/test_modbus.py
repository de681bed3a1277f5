"""Modbus TCP with programs that we did not write: modbus-serial and pymodbus as clients, and
modbus-serial as the PLC."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from devices.base import Link
from devices.modbus.link import ModbusLink, ModbusLinkOptions
from devices.modbus.outlet import ModbusOptions, ModbusOutlet
from devices.registry import make_link
from tests.contract.benches import free_port
from tests.interop.sorting import (
    HIGH_FROM_MM,
    PARTS,
    RATE,
    RED_FROM,
    SETTLE_S,
    Sorting,
    assert_sorted,
    points_of,
    sorted_parts,
    sorting_run,
)
from tests.unit.devices.fake_cell import FakeCell
from twin.api.live import LiveRun
from twin.mirror.load import load_devices
from twin.mirror.mirror import Mirror
from twin.spec.device import LinkSpec
from twin.spec.io import IoPoint
from twin.spec.pins import IecType

SCRIPT = Path(__file__).parent / "node" / "modbus.js"
COIL, TARGET, EYE, COUNT = "cell/x_home", "cell/x_target", "cell/eye", "cell/infeed_count"


@pytest.fixture
def run() -> FakeCell:
    run = FakeCell()
    run.set(EYE, True)
    run.set(COUNT, -70000)
    return run


@pytest_asyncio.fixture
async def outlet(run: FakeCell) -> AsyncIterator[ModbusOutlet]:
    outlet = ModbusOutlet(ModbusOptions(port=0, writable=True))
    await outlet.start(run)
    yield outlet
    await outlet.stop()


def port_of(outlet: ModbusOutlet) -> int:
    return int(outlet.address.rsplit(":", 1)[1])


async def node(mode: str, wish: dict[str, Any]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        "node",
        str(SCRIPT),
        mode,
        json.dumps(wish),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def output(process: asyncio.subprocess.Process) -> list[dict[str, Any]]:
    try:
        async with asyncio.timeout(60):
            told, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    documents = [json.loads(line) for line in told.splitlines()]
    assert documents[-1:] == [{"done": True}], f"{documents} {errors.decode()[-2000:]}"
    return documents[:-1]


@pytest.mark.needs_node
async def test_modbus_serial_drives_the_twin(run: FakeCell, outlet: ModbusOutlet) -> None:
    wish = {
        "host": "127.0.0.1",
        "port": port_of(outlet),
        "coil": run.points[COIL].address.coil,
        "real": run.points[TARGET].address.register,
        "discrete": run.points[EYE].address.coil,
        "dint": run.points[COUNT].address.register,
    }
    found = await output(await node("drive", wish))
    assert found == [
        {"coil": True},
        {"coils": False},
        {"real": 0.25},
        {"discrete": True},
        {"dint": -70000},
        {"half": 2},
        {"nowhere": 2},
        {"infinite": 3},
        {"together": 20},
        {"stranger": 11},
    ]
    assert [(c.target, c.args["value"]) for c in run.log] == [
        (COIL, True),
        (COIL, False),
        (TARGET, 0.25),
    ]


async def test_pymodbus_drives_the_twin(run: FakeCell, outlet: ModbusOutlet) -> None:
    client = AsyncModbusTcpClient("127.0.0.1", port=port_of(outlet))
    assert await client.connect()
    coil, register = run.points[COIL].address.coil, run.points[TARGET].address.register
    for value in (True, False):
        await client.write_coil(coil, value)
        assert (await client.read_coils(coil)).bits[0] is value
    kind = client.DATATYPE.FLOAT32
    await client.write_registers(register, client.convert_to_registers(0.75, kind))
    read = await client.read_holding_registers(register, count=2)
    assert client.convert_from_registers(read.registers, kind) == 0.75
    count = await client.read_input_registers(run.points[COUNT].address.register, count=2)
    assert client.convert_from_registers(count.registers, client.DATATYPE.INT32) == -70000
    client.close()
    assert run.signals.read(TARGET).value == 0.75


@pytest.mark.needs_node
async def test_the_link_follows_and_commands_a_foreign_plc() -> None:
    port = free_port()
    words = {"10": 0x3FC0, "11": 0, "20": 0xFFFE}
    plc = await node("plc", {"port": port, "unit": 1, "words": words})
    try:
        async with asyncio.timeout(20):
            assert json.loads(await plc.stdout.readline()) == {"port": port}
        url = f"modbus://127.0.0.1:{port}"
        link = ModbusLink(ModbusLinkOptions("plc", url, armed=True, publish_s=0.02))
        await link.connect()
        tags = ["discrete:3", "discrete:4", "holding:10:real", "input:20"]
        found = await link.read(tags)
        assert [found[tag].value for tag in tags] == [True, False, 1.5, -2]
        stream = link.subscribe(["coil:5", "holding:12:dint"])
        assert [(await anext(stream)).value for _ in range(2)] == [False, 0]
        await link.write("coil:5", True)
        await link.write("holding:12:dint", 70000)
        heard = {}
        async with asyncio.timeout(20):
            while heard != {"coil:5": True, "holding:12:dint": 70000}:
                reading = await anext(stream)
                heard[reading.tag] = reading.value
        await link.close()
    finally:
        plc.stdin.close()
    assert await output(plc) == [
        {"coil": 5, "value": True, "unit": 1},
        {"register": 12, "value": 1, "unit": 1},
        {"register": 13, "value": 4464, "unit": 1},
    ]


@pytest_asyncio.fixture
async def sorting(monkeypatch) -> AsyncIterator[tuple[LiveRun, ModbusOutlet]]:
    run, outlet = sorting_run(monkeypatch), ModbusOutlet(ModbusOptions(port=0, writable=True))
    await outlet.start(run)
    run.start()
    yield run, outlet
    await run.stop()
    await outlet.stop()


@pytest.mark.alone
@pytest.mark.needs_node
async def test_modbus_serial_controls_the_sorting_cell(
    sorting: tuple[LiveRun, ModbusOutlet],
) -> None:
    run, outlet = sorting
    points = points_of(run).values()
    bits = [point for point in points if point.iec is IecType.BOOL]
    wish = {
        "host": "127.0.0.1",
        "port": port_of(outlet),
        "inputs": {p.name: p.address.coil for p in bits if p.address.area == "I"},
        "outputs": {p.name: p.address.coil for p in bits if p.address.area == "Q"},
        "measured": {p.name: p.address.register for p in points if p.iec is IecType.REAL},
        "settle_ms": 1000 * SETTLE_S / RATE,
        "high_from": HIGH_FROM_MM,
        "red_from": RED_FROM,
        "parts": 100 * PARTS,
    }
    controller = await node("sort", wish)
    try:
        async with asyncio.timeout(110):
            while sorted_parts(run) < PARTS and controller.returncode is None:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    finally:
        if controller.returncode is None:
            controller.kill()
        await controller.communicate()
    assert_sorted(run, "modbus:127.0.0.1:")


@pytest.mark.alone
async def test_pymodbus_controls_the_sorting_cell(sorting: tuple[LiveRun, ModbusOutlet]) -> None:
    run, outlet = sorting
    points, control = points_of(run), Sorting()
    client = AsyncModbusTcpClient("127.0.0.1", port=port_of(outlet))
    assert await client.connect()
    wanted = ("colour", "height")
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(110):
        while sorted_parts(run) < PARTS:
            bits = (await client.read_discrete_inputs(0, count=24)).bits
            words = (await client.read_input_registers(0, count=8)).registers
            on = {
                name: bits[point.address.coil]
                for name, point in points.items()
                if point.address.area == "I" and point.iec is IecType.BOOL
            }
            for name in wanted:
                first = points[name].address.register
                real = client.DATATYPE.FLOAT32
                on[name] = client.convert_from_registers(words[first : first + 2], real)
            outputs = control.scan(on, loop.time() * RATE)
            coils = [False] * 16
            for name, value in outputs.items():
                coils[points[name].address.coil] = value
            await client.write_coils(0, coils)
            await asyncio.sleep(0.002)
    client.close()
    assert_sorted(run, "modbus:127.0.0.1:")


PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "connect-modbus.md"
FEW = 5


class Plc:
    """A Modbus server of pymodbus with a control program: coils and registers as on the page."""

    def __init__(self, points: dict[str, IoPoint], port: int) -> None:
        self.port = port
        self._points = points
        self._device = SimDevice(1, simdata=([_bits()], [_bits()], [_words()], [_words()]))

    async def run(self) -> None:
        server = ModbusTcpServer(self._device, address=("127.0.0.1", self.port))
        await server.serve_forever(background=True)
        control, loop = Sorting(), asyncio.get_running_loop()
        try:
            while True:
                bits = await server.async_getValues(1, 1, 256, 32)
                words = await server.async_getValues(1, 3, 256, 16)
                on = {name: self._input(p, bits, words) for name, p in self._points.items()}
                outputs = control.scan(on, loop.time() * RATE)
                for name, value in outputs.items():
                    coil = self._points[name].address.coil
                    await server.async_setValues(1, 15, coil, [value])
                await asyncio.sleep(0.01)
        finally:
            await server.shutdown()

    def _input(self, point: IoPoint, bits: list[bool], words: list[int]) -> bool | int | float:
        if point.address.area == "Q":
            return False
        if point.iec is IecType.BOOL:
            return bits[point.address.coil]
        first = point.address.register
        kind = AsyncModbusTcpClient.DATATYPE.FLOAT32
        return AsyncModbusTcpClient.convert_from_registers(words[first : first + 2], kind)


def _bits() -> SimData:
    return SimData(0, values=[False] * 512, datatype=DataType.BITS)


def _words() -> SimData:
    return SimData(0, values=[0] * 512, datatype=DataType.REGISTERS)


@pytest.mark.alone
async def test_a_plc_that_is_a_server_controls_the_sorting_cell(monkeypatch, tmp_path) -> None:
    """With the devices file of the page."""
    run = sorting_run(monkeypatch)
    plc = Plc(points_of(run), free_port())
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    file = tmp_path / "modbus_plc.yaml"
    file.write_text(text.replace("192.168.0.10:502", f"127.0.0.1:{plc.port}"), encoding="utf-8")
    devices = load_devices(file, run.spec)
    links: list[Link] = []

    def linked(spec: LinkSpec) -> Link:
        links.append(make_link(spec, {}, tmp_path))
        return links[-1]

    mirror = Mirror(devices, run, linked)
    program = asyncio.create_task(plc.run())
    run.start()
    await mirror.start()
    try:
        async with asyncio.timeout(100):
            while sorted_parts(run) < FEW and not program.done():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert run.signals.read("sorting/owner").value == "device:plc"
        assert run.signals.read("sorting/incidents").value == 0
        assert sorted_parts(run) >= FEW
        assert [text for text in links[0].warnings if "changed twice" not in text] == []
        figures = links[0].timing.figures()
        assert None not in figures.values()
        assert figures["period_ms"] >= 15
    finally:
        await mirror.stop()
        await run.stop()
        program.cancel()
        await asyncio.wait({program})


async def test_the_script_of_the_page_runs(run: FakeCell, outlet: ModbusOutlet) -> None:
    (script,) = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script.replace("port=5020", f"port={port_of(outlet)}"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        told, errors = await process.communicate()
    assert re.fullmatch(r"at the entry: (True|False)\nheight, mm: \S+\n", told.decode()), errors
    assert len(run.log) == 2
