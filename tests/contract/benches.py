"""A device to each driver: a real server on a free port that a test can set, stop and start."""

import asyncio
import json
import socket
from abc import ABC, abstractmethod
from pathlib import Path

from asyncua import Server, ua
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.user_managers import UserManager

from devices.accounts import Account, Accounts, Right
from devices.base import Link, Outlet
from devices.mqtt.broker import BrokerOptions, EmbeddedBroker
from devices.mqtt.client import ClientOptions, MqttClient
from devices.mqtt.link import MqttLink, MqttLinkOptions
from devices.mqtt.outlet import MqttOptions, MqttOutlet
from devices.opcua.link import OpcUaLink, OpcUaLinkOptions
from devices.opcua.outlet import OpcUaOptions, OpcUaOutlet
from twin.kernel.signal import Value

USER, PASSWORD = "plc", "right-horse"
ACCOUNTS = Accounts([Account(USER, PASSWORD, frozenset(Right))])
FIRST: dict[str, Value] = {"busy": False, "count": 7, "temperature": 21.5, "recipe": "pack"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Bench(ABC):
    """One real device with four tags."""

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


BENCHES: dict[str, type[Bench]] = {"opcua": OpcUaBench, "mqtt": MqttBench}


def make_outlet(kind: str, directory: Path, port: int) -> Outlet:
    if kind == "opcua":
        return OpcUaOutlet(OpcUaOptions(port=port, accounts=ACCOUNTS, state_dir=directory))
    return MqttOutlet(MqttOptions(port=port, accounts=ACCOUNTS))


def reader_of(kind: str, directory: Path, address: str) -> Link:
    """A link to an outlet, as a stranger who may only look."""
    if kind == "opcua":
        options = OpcUaLinkOptions("reader", address, publish_s=0.05, state_dir=directory)
        return OpcUaLink(options)
    return MqttLink(MqttLinkOptions("reader", address))


def outlet_tag(kind: str, path: str) -> str:
    if kind == "opcua":
        return f"nsu=urn:pilotline:twin;s=small/{path}"
    return f"pilotline/v1/campus/small/{path}"
