"""A device to each driver: a real server on a free port that a test can set, stop and start."""

import asyncio
import contextlib
import json
import socket
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from asyncua import Server, ua
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.user_managers import UserManager
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice
from snap7.server import Server as S7Server
from snap7.type import SrvArea

from devices.accounts import Account, Accounts, Right
from devices.base import Link, Outlet
from devices.modbus.address import parse
from devices.modbus.link import ModbusLink, ModbusLinkOptions
from devices.modbus.outlet import ModbusOptions, ModbusOutlet
from devices.mqtt.broker import BrokerOptions, EmbeddedBroker
from devices.mqtt.client import ClientOptions, MqttClient
from devices.mqtt.link import MqttLink, MqttLinkOptions
from devices.mqtt.outlet import MqttOptions, MqttOutlet
from devices.opcua.link import OpcUaLink, OpcUaLinkOptions
from devices.opcua.outlet import OpcUaOptions, OpcUaOutlet
from devices.s7.address import parse_tag
from devices.s7.link import S7Link, S7LinkOptions
from devices.s7.outlet import S7Options, S7Outlet
from tests.unit.devices.fake_cell import FakeCell
from tests.unit.devices.fake_run import FakeRun
from twin.kernel.signal import Value
from twin.spec.io import IoPoint
from twin.spec.pins import IecType

USER, PASSWORD = "plc", "right-horse"
ACCOUNTS = Accounts([Account(USER, PASSWORD, frozenset(Right))])
FIRST: dict[str, Value] = {"busy": False, "count": 7, "temperature": 21.5, "recipe": "pack"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Bench(ABC):
    """One real device with four tags."""

    every_step = True
    """Whether a subscriber sees each value; a link that polls sees what is when it asks."""
    has_accounts = True
    """Whether the protocol knows users and passwords."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()

    @abstractmethod
    def tag(self, name: str) -> str: ...

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def stop(self) -> None: ...

    @abstractmethod
    async def set(self, name: str, value: Value) -> None: ...

    @abstractmethod
    async def get(self, name: str) -> Value: ...

    @abstractmethod
    def link(
        self,
        *,
        armed: bool = False,
        password: str = PASSWORD,
        port: int | None = None,
        timeout_s: float = 10.0,
    ) -> Link: ...


class OnlyUs(UserManager):
    def get_user(self, iserver, username=None, password=None, certificate=None):
        fits = (username, password) == (USER, PASSWORD)
        return User(role=UserRole.Admin, name=username) if fits else None


class OpcUaBench(Bench):
    URI = "urn:bench"

    def tag(self, name: str) -> str:
        return f"nsu={self.URI};s=machine.{name}"

    async def start(self) -> None:
        self.server = Server(user_manager=OnlyUs())
        await self.server.init()
        self.server.set_endpoint(f"opc.tcp://127.0.0.1:{self.port}/bench")
        self.server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        index = await self.server.register_namespace(self.URI)
        self.nodes = {}
        for name, value in FIRST.items():
            node = await self.server.nodes.objects.add_variable(
                ua.NodeId(f"machine.{name}", index), name, value
            )
            await node.set_writable()
            self.nodes[name] = node
        await self.server.start()

    async def stop(self) -> None:
        await self.server.stop()

    async def set(self, name: str, value: Value) -> None:
        await self.nodes[name].write_value(value)

    async def get(self, name: str) -> Value:
        return await self.nodes[name].read_value()

    def link(
        self,
        *,
        armed: bool = False,
        password: str = PASSWORD,
        port: int | None = None,
        timeout_s: float = 10.0,
    ) -> Link:
        return OpcUaLink(
            OpcUaLinkOptions(
                "bench",
                f"opc.tcp://127.0.0.1:{port or self.port}/bench",
                user=USER,
                password=password,
                armed=armed,
                timeout_s=timeout_s,
                publish_s=0.05,
                state_dir=self.directory,
            )
        )


class MqttBench(Bench):
    def tag(self, name: str) -> str:
        return f"shop/machine/{name}"

    async def start(self) -> None:
        self.broker = EmbeddedBroker(BrokerOptions("127.0.0.1", self.port, ACCOUNTS))
        await self.broker.start()
        self.seen: dict[str, bytes] = {}
        self.machine = MqttClient(
            ClientOptions("127.0.0.1", self.port, name="machine", user=USER, password=PASSWORD),
            on_up=lambda: self.machine.subscribe(["shop/#"]),
            on_message=self.seen.__setitem__,
        )
        await self.machine.start()
        for name, value in FIRST.items():
            await self.set(name, value)

    async def stop(self) -> None:
        await self.machine.stop()
        await self.broker.stop()

    async def set(self, name: str, value: Value) -> None:
        self.machine.publish(self.tag(name), json.dumps(value).encode(), retain=True)
        await self.machine.drain()

    async def get(self, name: str) -> Value:
        await asyncio.sleep(0.1)
        return json.loads(self.seen[self.tag(name)])

    def link(
        self,
        *,
        armed: bool = False,
        password: str = PASSWORD,
        port: int | None = None,
        timeout_s: float = 10.0,
    ) -> Link:
        return MqttLink(
            MqttLinkOptions(
                "bench",
                f"mqtt://127.0.0.1:{port or self.port}",
                user=USER,
                password=password,
                armed=armed,
                timeout_s=timeout_s,
            )
        )


class ModbusBench(Bench):
    every_step = False
    has_accounts = False
    TAGS: ClassVar = {
        "busy": "coil:3",
        "count": "holding:4",
        "temperature": "holding:10:real",
        "recipe": "holding:20:text:8",
        "no_such_thing": "holding:900",
    }
    HOLDING, COIL = 3, 1

    def tag(self, name: str) -> str:
        return self.TAGS[name]

    async def start(self) -> None:
        zeros, offs = (
            SimData(0, values=[0] * 100, datatype=DataType.REGISTERS),
            SimData(0, values=[False] * 100, datatype=DataType.BITS),
        )
        device = SimDevice(1, simdata=([offs], [offs], [zeros], [zeros]))
        self.server = ModbusTcpServer(device, address=("127.0.0.1", self.port))
        await self.server.serve_forever(background=True)
        for name, value in FIRST.items():
            await self.set(name, value)

    async def stop(self) -> None:
        await self.server.shutdown()

    async def set(self, name: str, value: Value) -> None:
        tag = parse(self.tag(name))
        if tag.space.bits:
            await self.server.async_setValues(1, 15, tag.number, [bool(value)])
        else:
            await self.server.async_setValues(1, 16, tag.number, tag.words(value))

    async def get(self, name: str) -> Value:
        tag = parse(self.tag(name))
        code = self.COIL if tag.space.bits else self.HOLDING
        return tag.value(await self.server.async_getValues(1, code, tag.number, tag.width))

    def link(
        self,
        *,
        armed: bool = False,
        password: str = PASSWORD,
        port: int | None = None,
        timeout_s: float = 10.0,
    ) -> Link:
        return ModbusLink(
            ModbusLinkOptions(
                "bench",
                f"modbus://127.0.0.1:{port or self.port}",
                armed=armed,
                timeout_s=timeout_s,
                publish_s=0.02,
            )
        )


class S7Bench(Bench):
    every_step = False
    has_accounts = False
    TAGS: ClassVar = {
        "busy": "DB1.DBX0.3",
        "count": "DB1.DBW2",
        "temperature": "DB1.DBD4",
        "recipe": "DB1.DBB8:string[16]",
        "no_such_thing": "DB9.DBW0",
    }

    def tag(self, name: str) -> str:
        return self.TAGS[name]

    async def start(self) -> None:
        self.server = S7Server(log=False)
        self.data = bytearray(64)
        self.server.register_area(SrvArea.DB, 1, self.data)
        for name, value in FIRST.items():
            await self.set(name, value)
        await asyncio.to_thread(self.server.start_to, "127.0.0.1", self.port)

    async def stop(self) -> None:
        # The library lets its clients' threads run on until they have heard nothing for 5 s.
        for thread in list(self.server.clients):
            client_socket = thread._args[0]
            with contextlib.suppress(OSError):
                client_socket.shutdown(socket.SHUT_RDWR)
        await asyncio.to_thread(self.server.stop)

    async def set(self, name: str, value: Value) -> None:
        tag = parse_tag(self.tag(name))
        if tag.type == "bool":
            mask = 1 << tag.bit
            self.data[tag.byte] = self.data[tag.byte] & ~mask | (mask if value else 0)
        else:
            self.data[tag.byte : tag.byte + tag.size] = tag.data(value)

    async def get(self, name: str) -> Value:
        tag = parse_tag(self.tag(name))
        return tag.value(self.data[tag.byte : tag.byte + tag.size])

    def link(
        self,
        *,
        armed: bool = False,
        password: str = PASSWORD,
        port: int | None = None,
        timeout_s: float = 10.0,
    ) -> Link:
        return S7Link(
            S7LinkOptions(
                "bench",
                f"s7://127.0.0.1:{port or self.port}/0/1",
                armed=armed,
                timeout_s=timeout_s,
                publish_s=0.02,
            )
        )


BENCHES: dict[str, type[Bench]] = {
    "opcua": OpcUaBench,
    "mqtt": MqttBench,
    "modbus": ModbusBench,
    "s7": S7Bench,
}


@dataclass(frozen=True)
class Dialect:
    """What of a run an outlet can tell, and under which paths a test finds it."""

    run: type[FakeRun] = FakeRun
    integer: str = "pack/made"
    real: str = "pack/cycle_s"
    other: str = "pack/part"
    """Some further signal."""
    before: Value = ""
    after: Value = "module"
    times: bool = True
    """Whether a client learns when a value became so."""
    doubts: bool = True
    """Whether a client learns that a value is uncertain."""
    enumeration: str | None = "pack/state"


POINTS = Dialect(
    FakeCell,
    integer="cell/infeed_count",
    real="cell/scale_weight",
    other="cell/eye",
    before=False,
    after=True,
    times=False,
    doubts=False,
    enumeration=None,
)
"""Outlets that serve the I/O list of workcells, as a PLC does."""
DIALECTS = {"opcua": Dialect(), "mqtt": Dialect(), "modbus": POINTS, "s7": POINTS}


def make_outlet(kind: str, directory: Path, port: int) -> Outlet:
    if kind == "opcua":
        return OpcUaOutlet(OpcUaOptions(port=port, accounts=ACCOUNTS, state_dir=directory))
    if kind == "modbus":
        return ModbusOutlet(ModbusOptions(port=port))
    if kind == "s7":
        return S7Outlet(S7Options(port=port))
    return MqttOutlet(MqttOptions(port=port, accounts=ACCOUNTS))


def reader_of(kind: str, directory: Path, address: str) -> Link:
    """A link to an outlet, as a stranger who may only look."""
    if kind == "opcua":
        options = OpcUaLinkOptions("reader", address, publish_s=0.05, state_dir=directory)
        return OpcUaLink(options)
    if kind == "modbus":
        return ModbusLink(ModbusLinkOptions("reader", address, publish_s=0.02))
    if kind == "s7":
        return S7Link(S7LinkOptions("reader", address, publish_s=0.02))
    return MqttLink(MqttLinkOptions("reader", address))


def outlet_tag(kind: str, path: str) -> str:
    if kind == "opcua":
        return f"nsu=urn:pilotline:twin;s=small/{path}"
    if kind == "modbus":
        return modbus_tag(FakeCell().points[path])
    if kind == "s7":
        return s7_tag(FakeCell().points[path])
    return f"pilotline/v1/campus/small/{path}"


def modbus_tag(point: IoPoint) -> str:
    """The tag under which the Modbus outlet has a point of the fake cell."""
    unit = f"unit={['cell', 'second'].index(point.workcell) + 1}/"
    output = point.address.area == "Q"
    if point.iec is IecType.BOOL:
        return f"{unit}{'coil' if output else 'discrete'}:{point.address.coil}"
    space = "holding" if output else "input"
    return f"{unit}{space}:{point.address.register}:{point.iec.lower()}"


def s7_tag(point: IoPoint) -> str:
    """The tag under which the S7 outlet has a point of the fake cell in a DB."""
    address = point.address
    number = ["cell", "second"].index(point.workcell) + 1
    byte = address.byte + (256 if address.area == "Q" else 0)
    bit = f".{address.bit}" if address.size == "X" else ""
    return f"DB{number}.DB{address.size}{byte}{bit}:{point.iec.lower()}"
