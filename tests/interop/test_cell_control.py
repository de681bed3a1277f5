"""The shipped sorting cell, driven by controllers that we did not write, over OPC UA and S7.

Each sorts blocks into the right chutes: first with the controller as the server and the twin as its
client, then with the controller as a client of the twin. PILOTLINE_PARTS=20 makes each sort twenty.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from asyncua import Client as UaClient
from asyncua import ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from snap7.client import Client as S7Client
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
from tests.interop.sorting import Sorting
from twin.api.live import LiveRun
from twin.kernel.command import Command
from twin.mirror.mirror import Mirror
from twin.spec.device import DevicesSpec
from twin.spec.io import IoPoint, io_list
from twin.spec.load import load_line
from twin.spec.pins import Direction, IecType

NODE = Path(__file__).parent / "node"
LINE = load_line("sorting_cell")
POINTS = io_list(LINE)
WANTED = int(os.environ.get("PILOTLINE_PARTS", "4"))
SETTLE_S = 0.3
CYCLE_S = 0.01
USER, PASSWORD = "plc", "pw-plc"
ACCOUNTS = Accounts([Account(USER, PASSWORD, frozenset({Right.WRITE}))])

pytestmark = pytest.mark.timeout(100 + 20 * WANTED)


def io_document() -> bytes:
    points = [{"name": p.name, "iec": p.iec, "direction": p.direction} for p in POINTS]
    return json.dumps(points).encode() + b"\n"


@asynccontextmanager
async def living() -> AsyncIterator[LiveRun]:
    live = LiveRun(LINE)
    live.start()
    try:
        yield live
    finally:
        await live.stop()


async def sort(live: LiveRun, by: str) -> None:
    """Press start, wait for the blocks, and look where they went."""
    press = Command("write", "sorting/panel_start", {"value": True}, "operator")
    await asyncio.sleep(0.3)
    live.command(press)
    async with asyncio.timeout(40 + 15 * WANTED):
        while live.signals.read("sorting/made").value < WANTED:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert live.signals.read("sorting/owner").value.startswith(by)
    misplaced = [i for i in live.workcells["sorting"].world.incidents if i.kind == "misplaced"]
    assert misplaced == []


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
async def test_a_node_opcua_plc_drives_the_cell(tmp_path: Path) -> None:
    async with node("plc.js", str(tmp_path), str(SETTLE_S * 1000)) as said, living() as live:
        address = f"opc.tcp://127.0.0.1:{(await said())['port']}"
        link = {"id": "plc", "kind": "opcua", "address": address, "armed": True, "publish_s": 0.02}
        control = {"workcell": "sorting", "link": "plc", "tags": "ns=1;s=GVL.{name}"}
        async with mirrored(live, tmp_path, links=[link], control=control) as mirror:
            await sort(live, "device:plc")
            timing = mirror.links()["plc"]["timing"]
            assert 0.0 < timing["median_ms"] <= timing["p95_ms"]


class S7Plc:
    """An S7 controller: the library's server, and a program that scans its process image."""

    def __init__(self) -> None:
        self.port = free_port()
        self.server = S7Server(log=False)
        self.inputs, self.outputs = bytearray(128), bytearray(128)
        self.server.register_area(SrvArea.PE, 0, self.inputs)
        self.server.register_area(SrvArea.PA, 0, self.outputs)
        self.program = Sorting(SETTLE_S)

    async def run(self) -> None:
        while True:
            self.scan()
            await asyncio.sleep(CYCLE_S)

    def scan(self) -> None:
        values = {
            p.name: from_image(p, self.inputs)
            for p in POINTS
            if p.direction is not Direction.OUTPUT
        }
        outputs = self.program.scan(values)
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


async def test_an_s7_plc_drives_the_cell(tmp_path: Path) -> None:
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
    async with living() as live, mirrored(live, tmp_path, links=[link], control=control) as mirror:
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
async def test_a_node_opcua_client_drives_the_cell(tmp_path: Path) -> None:
    outlet = OpcUaOutlet(OpcUaOptions(port=0, accounts=ACCOUNTS, state_dir=tmp_path))
    async with living() as live, served(live, outlet):
        wishes = ("sorting_cell/sorting", USER, PASSWORD, str(SETTLE_S * 1000))
        async with node("drive.js", outlet.address, *wishes) as said:
            assert await said() == {"ready": True}
            await sort(live, "opcua:plc")


async def test_an_asyncua_client_drives_the_cell(tmp_path: Path) -> None:
    outlet = OpcUaOutlet(OpcUaOptions(port=0, accounts=ACCOUNTS, state_dir=tmp_path))
    async with living() as live, served(live, outlet):
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


async def drive_over_opcua(client: UaClient) -> None:
    index = await client.get_namespace_index("urn:pilotline:twin")
    nodes = {p.name: client.get_node(f"ns={index};s=sorting_cell/{p.path}") for p in POINTS}
    inputs = [p.name for p in POINTS if p.direction is not Direction.OUTPUT]
    program, written = Sorting(SETTLE_S), {}
    while True:
        values = await client.read_values([nodes[name] for name in inputs])
        outputs = program.scan(dict(zip(inputs, values, strict=True)))
        for name, value in outputs.items():
            if written.get(name) != value:
                data = ua.DataValue(ua.Variant(value, ua.VariantType.Boolean))
                await nodes[name].write_attribute(ua.AttributeIds.Value, data)
                written[name] = value
        await asyncio.sleep(CYCLE_S)


async def test_a_snap7_client_drives_the_cell() -> None:
    outlet = S7Outlet(S7Options(port=0, writable=True))
    async with living() as live, served(live, outlet):
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
    program, last = Sorting(SETTLE_S), bytearray()
    while True:
        image = await asyncio.to_thread(client.read_area, Area.PE, 0, 0, 80)
        outputs = program.scan(
            {p.name: from_image(p, image) for p in POINTS if p.direction is not Direction.OUTPUT}
        )
        wanted = bytearray(2)
        for point in POINTS:
            if point.direction is Direction.OUTPUT:
                to_image(point, wanted, value=outputs.get(point.name, False))
        if wanted != last:
            await asyncio.to_thread(client.write_area, Area.PA, 0, 0, bytearray(wanted))
            last = wanted
        await asyncio.sleep(CYCLE_S)
