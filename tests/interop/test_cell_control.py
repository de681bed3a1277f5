"""The shipped sorting cell, driven by controllers that we did not write, over OPC UA and S7.

Each sorts blocks into the right chutes: first with the controller as the server and the twin as its
client, then with the controller as a client of the twin. PILOTLINE_PARTS=20 makes each sort twenty.
They all run the same program, in JavaScript or in Python.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from asyncua import Client as UaClient
from asyncua import ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from snap7.client import Client as S7Client
from snap7.datatypes import S7WordLen
from snap7.server import Server as S7Server
from snap7.type import Area, SrvArea
from snap7.util import get_real

from devices.accounts import Account, Accounts, Right
from devices.feed import Feed
from devices.opcua.certificate import own_certificate
from devices.opcua.outlet import OpcUaOptions, OpcUaOutlet
from devices.registry import make_link
from devices.s7.outlet import S7Options, S7Outlet
from tests.contract.benches import free_port
from tests.interop.sorting import PARTS, SETTLE_S, Sorting, sorted_parts
from twin.api.live import LiveRun
from twin.kernel.alarm import Alarm
from twin.kernel.signal import Reading
from twin.mirror.mirror import Mirror
from twin.spec.device import DevicesSpec
from twin.spec.io import IoPoint, io_list
from twin.spec.load import load_line
from twin.spec.pins import Direction, IecType

NODE = Path(__file__).parent / "node"
LINE = load_line("sorting_cell")
POINTS = io_list(LINE)
EDGES = {p.path for p in POINTS if p.direction is Direction.INPUT and p.iec is IecType.BOOL}
INPUTS = [point for point in POINTS if point.direction is not Direction.OUTPUT]
WANTED = PARTS
RATE = 4.0
PAUSE_S = 0.2
"""The plant stands so long after each edge of a sensor: the machine may be too busy to be quick."""
SETTLE_MS = str(1000 * SETTLE_S)
CYCLE_S = 0.01
USER, PASSWORD = "plc", "pw-plc"
ACCOUNTS = Accounts([Account(USER, PASSWORD, frozenset({Right.WRITE}))])

pytestmark = [pytest.mark.alone, pytest.mark.timeout(100 + 20 * WANTED)]


def io_document() -> bytes:
    points = [{"name": p.name, "iec": p.iec, "direction": p.direction} for p in POINTS]
    return json.dumps(points).encode() + b"\n"


@pytest_asyncio.fixture
async def live() -> AsyncIterator[LiveRun]:
    live = LiveRun(LINE, rate=RATE)
    loop = asyncio.get_running_loop()
    going_on: list[asyncio.TimerHandle] = []

    def pause(changes: dict[str, Reading], _alarms: list[Alarm]) -> None:
        if not EDGES.isdisjoint(changes):
            for timer in going_on:
                timer.cancel()
            live.set_rate(0.0)
            going_on[:] = [loop.call_later(PAUSE_S, live.set_rate, RATE)]

    end = live.on_change(pause)
    live.start()
    yield live
    end()
    for timer in going_on:
        timer.cancel()
    await live.stop()


async def sort(live: LiveRun, by: str) -> None:
    """Wait for the blocks, and look where they went."""
    async with asyncio.timeout(60 + 15 * WANTED):
        while sorted_parts(live) < WANTED:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert str(live.signals.read("sorting/owner").value).startswith(by)
    went_wrong = [(i.kind, i.body) for i in live.workcells["sorting"].world.incidents]
    assert went_wrong == []


def now_s() -> float:
    """The controller's own clock, s."""
    return asyncio.get_running_loop().time()


@asynccontextmanager
async def node(script: str, *arguments: str) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    process = await asyncio.create_subprocess_exec(
        "node",
        str(NODE / script),
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )

    async def said() -> Any:
        async with asyncio.timeout(60):
            while line := await process.stdout.readline():
                if line.startswith(b"{"):
                    return json.loads(line)
        raise AssertionError("the program has ended")

    async def swallow() -> None:
        while await process.stdout.readline():
            pass

    process.stdin.write(io_document())
    try:
        yield said
    finally:
        process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(10):
                await swallow()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()


@asynccontextmanager
async def mirrored(live: LiveRun, tmp_path: Path, **devices: Any) -> AsyncIterator[Mirror]:
    document = {"schema": "pilotline.devices/1", "line": "sorting_cell"} | devices
    spec = DevicesSpec.model_validate(document)
    mirror = Mirror(spec, live, lambda link: make_link(link, {}, tmp_path))
    await mirror.start()
    try:
        async with asyncio.timeout(20):
            while mirror.links()["plc"]["state"] != "connected":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        yield mirror
    finally:
        await mirror.stop()


# ---- the controller is the server, the twin its client


@pytest.mark.needs_node
async def test_a_node_opcua_plc_drives_the_cell(live: LiveRun, tmp_path: Path) -> None:
    async with node("plc.js", str(tmp_path), SETTLE_MS) as said:
        address = f"opc.tcp://127.0.0.1:{(await said())['port']}"
        link = {"id": "plc", "kind": "opcua", "address": address, "armed": True, "publish_s": 0.02}
        control = {"workcell": "sorting", "link": "plc", "tags": "ns=1;s=GVL.{name}"}
        async with mirrored(live, tmp_path, links=[link], control=control) as mirror:
            await sort(live, "device:plc")
            timing = mirror.links()["plc"]["timing"]
            assert 0.0 < timing["median_ms"] <= timing["p95_ms"]


class BitServer(S7Server):
    """The library's server, with bits written as bits: by itself it overwrites their whole byte."""

    def _parse_write_address(self, request: dict[str, Any]) -> Any:
        found = super()._parse_write_address(request)
        if found is None or request["parameters"]["address_spec"]["word_len"] != S7WordLen.BIT:
            return found
        area, number, start, count, data = found
        mask = 1 << (request["raw_parameters"][13] & 7)
        old = self.memory_areas[area, number][start]
        return area, number, start, count, bytearray([old | mask if data[0] else old & ~mask])


class S7Plc:
    """An S7 controller: the library's server, and a program that scans its process image."""

    def __init__(self) -> None:
        self.port = free_port()
        self.server = BitServer(log=False)
        self.inputs, self.outputs = bytearray(128), bytearray(128)
        self.server.register_area(SrvArea.PE, 0, self.inputs)
        self.server.register_area(SrvArea.PA, 0, self.outputs)
        self.program = Sorting()

    async def run(self) -> None:
        while True:
            self.scan()
            await asyncio.sleep(CYCLE_S)

    def scan(self) -> None:
        values = {p.name: from_image(p, self.inputs) for p in INPUTS}
        outputs = self.program.scan(values, now_s())
        for point in POINTS:
            if point.name in outputs:
                to_image(point, self.outputs, value=outputs[point.name])


def from_image(point: IoPoint, image: bytearray) -> bool | float:
    if point.iec is IecType.BOOL:
        return bool(image[point.address.byte] >> point.address.bit & 1)
    if point.iec is IecType.REAL:
        return get_real(image, point.address.byte)
    return int.from_bytes(image[point.address.byte :][:4], "big", signed=True)


def to_image(point: IoPoint, image: bytearray, *, value: bool) -> None:
    mask = 1 << point.address.bit
    old = image[point.address.byte]
    image[point.address.byte] = old | mask if value else old & ~mask


async def test_an_s7_plc_drives_the_cell(live: LiveRun, tmp_path: Path) -> None:
    plc = S7Plc()
    await asyncio.to_thread(plc.server.start_to, "127.0.0.1", plc.port)
    scanning = asyncio.create_task(plc.run())
    link = {
        "id": "plc",
        "kind": "s7",
        "address": f"s7://127.0.0.1:{plc.port}/0/1",
        "armed": True,
        "publish_s": 0.02,
    }
    control = {"workcell": "sorting", "link": "plc"}
    async with mirrored(live, tmp_path, links=[link], control=control) as mirror:
        await sort(live, "device:plc")
        timing = mirror.links()["plc"]["timing"]
        assert timing["period_ms"] >= 15.0
    scanning.cancel()
    await asyncio.to_thread(plc.server.stop)


# ---- the controller is a client of the twin


@asynccontextmanager
async def served(live: LiveRun, outlet: Any) -> AsyncIterator[Any]:
    feed = Feed(live, [outlet], period_s=0.01)
    await feed.start()
    try:
        yield outlet
    finally:
        await feed.stop()


@pytest.mark.needs_node
async def test_a_node_opcua_client_drives_the_cell(live: LiveRun, tmp_path: Path) -> None:
    outlet = OpcUaOutlet(OpcUaOptions(port=0, accounts=ACCOUNTS, state_dir=tmp_path))
    async with served(live, outlet):
        wishes = ("sorting_cell/sorting", USER, PASSWORD, SETTLE_MS)
        async with node("drive.js", outlet.address, *wishes) as said:
            assert await said() == {"ready": True}
            await sort(live, "opcua:plc")


async def test_an_asyncua_client_drives_the_cell(live: LiveRun, tmp_path: Path) -> None:
    outlet = OpcUaOutlet(OpcUaOptions(port=0, accounts=ACCOUNTS, state_dir=tmp_path))
    async with served(live, outlet):
        client = UaClient(outlet.address)
        client.application_uri = "urn:bench"
        client.set_user(USER)
        client.set_password(PASSWORD)
        pair = await own_certificate(tmp_path / "client", uri="urn:bench", server=False)
        await client.set_security(SecurityPolicyBasic256Sha256, pair.certificate, pair.key)
        async with client:
            driving = asyncio.create_task(drive_over_opcua(client))
            await sort(live, "opcua:plc")
            assert not driving.done()
            driving.cancel()


class Image(dict[Any, Any]):
    """The latest value of each node, as a subscription tells it."""

    def datachange_notification(self, node: Any, value: Any, _data: Any) -> None:
        self[node.nodeid] = value


async def drive_over_opcua(client: UaClient) -> None:
    index = await client.get_namespace_index("urn:pilotline:twin")
    nodes = {p.name: client.get_node(f"ns={index};s=sorting_cell/{p.path}") for p in POINTS}
    image = Image()
    subscription = await client.create_subscription(20, image)
    await subscription.subscribe_data_change([nodes[point.name] for point in INPUTS])
    while len(image) < len(INPUTS):  # noqa: ASYNC110 - the subscription tells no end
        await asyncio.sleep(CYCLE_S)
    program, written = Sorting(), {}
    while True:
        values = {point.name: image[nodes[point.name].nodeid] for point in INPUTS}
        for name, value in program.scan(values, now_s()).items():
            if written.get(name) != value:
                data = ua.DataValue(ua.Variant(value, ua.VariantType.Boolean))
                await nodes[name].write_attribute(ua.AttributeIds.Value, data)
                written[name] = value
        await asyncio.sleep(CYCLE_S)


async def test_a_snap7_client_drives_the_cell(live: LiveRun) -> None:
    outlet = S7Outlet(S7Options(port=0, writable=True))
    async with served(live, outlet):
        client = S7Client()
        port = urlsplit(outlet.address).port
        await asyncio.to_thread(client.connect, "127.0.0.1", 0, 1, port)
        driving = asyncio.create_task(drive_over_s7(client))
        await sort(live, "s7:127.0.0.1:")
        assert not driving.done()
        driving.cancel()
        with suppress(asyncio.CancelledError):
            await driving
        await asyncio.to_thread(client.disconnect)


async def drive_over_s7(client: S7Client) -> None:
    program, last = Sorting(), bytearray()
    while True:
        image = await asyncio.to_thread(client.read_area, Area.PE, 0, 0, 80)
        outputs = program.scan({p.name: from_image(p, image) for p in INPUTS}, now_s())
        wanted = bytearray(2)
        for point in POINTS:
            if point.direction is Direction.OUTPUT:
                to_image(point, wanted, value=outputs.get(point.name, False))
        if wanted != last:
            await asyncio.to_thread(client.write_area, Area.PA, 0, 0, bytearray(wanted))
            last = wanted
        await asyncio.sleep(CYCLE_S)
