"""Wishes over MQTT: who may publish them, what becomes of them, and why not."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from devices.accounts import Account, Accounts, Right
from devices.mqtt.address import wish
from devices.mqtt.broker import OWNER, BrokerOptions, EmbeddedBroker
from devices.mqtt.client import ClientOptions, MqttClient
from devices.mqtt.link import MqttLink, MqttLinkOptions
from devices.mqtt.outlet import External, MqttOptions, MqttOutlet
from tests.unit.devices.fake_run import FakeRun

BASE = "pilotline/v1/campus/small"
SPEED = f"{BASE}/pack/speed_factor"
LIGHT = f"{BASE}/weld_cell/weld/light"
ACCOUNTS = Accounts(
    [Account("hmi", "pw", frozenset({Right.WRITE})), Account("guest", "pw", frozenset())]
)


class Client:
    """Somebody on the bus, with what was heard."""

    def __init__(self, port: int, user: str | None, topics: list[str]) -> None:
        self.heard: list[tuple[str, Any]] = []
        password = "pw" if user else None
        self._topics = topics
        self.mqtt = MqttClient(
            ClientOptions("127.0.0.1", port, name="test", user=user, password=password),
            on_up=self._up,
            on_message=self._take,
        )

    def _up(self) -> None:
        self.mqtt.subscribe(self._topics)

    def _take(self, topic: str, message: bytes) -> None:
        self.heard.append((topic, json.loads(message)))

    async def say(self, topic: str, text: str, *, retain: bool = False) -> None:
        self.mqtt.publish(topic, text.encode(), retain=retain, qos=1)
        await self.mqtt.drain(confirmed=True)


class Stage:
    def __init__(self) -> None:
        self.run = FakeRun()
        self.outlet = MqttOutlet(MqttOptions(port=0, accounts=ACCOUNTS))
        self.clients: list[Client] = []

    async def client(self, user: str | None = "hmi") -> Client:
        port = int(self.outlet.address.rsplit(":", 1)[1])
        client = Client(port, user, [f"{BASE}/+/+/$refused", f"{BASE}/+/+/+/$refused"])
        await client.mqtt.start()
        self.clients.append(client)
        return client

    @property
    def wishes(self) -> list[tuple[str, object, str]]:
        return [(c.target, c.args["value"], c.by) for c in self.run.log if c.verb == "write"]


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    await stage.outlet.start(stage.run)
    yield stage
    for client in stage.clients:
        await client.mqtt.stop()
    await stage.outlet.stop()


async def eventually(true: Any) -> None:
    for _ in range(300):
        if true():
            return
        await asyncio.sleep(0.01)
    assert true()


@pytest.mark.parametrize("text", ["2.5", '{"v": 2.5}', '{"v": 2.5, "q": "good"}'])
async def test_a_wish_becomes_a_command(stage: Stage, text: str) -> None:
    client = await stage.client()
    await client.say(f"{SPEED}/$set", text)
    await eventually(lambda: stage.wishes == [("pack/speed_factor", 2.5, "mqtt:hmi")])
    await client.say(f"{LIGHT}/$set", "true")
    await eventually(lambda: stage.wishes[1:] == [("weld_cell/weld/light", True, "mqtt:hmi")])
    assert client.heard == []


@pytest.mark.parametrize(
    ("topic", "text", "why"),
    [
        (SPEED, "50", "above its highest value"),
        (SPEED, '"fast"', "holds float, not str"),
        (SPEED, "{}", "bare JSON value"),
        (SPEED, "fast", "bare JSON value"),
        (SPEED, "NaN", "bare JSON value"),
        (SPEED, "[1]", "bare JSON value"),
        (LIGHT, "1", "holds bool, not int"),
        (f"{BASE}/pack/made", "5", "cannot be written"),
        (f"{BASE}/pack/nothing", "5", "there is no signal"),
    ],
)
async def test_a_refusal_is_answered(stage: Stage, topic: str, text: str, why: str) -> None:
    client = await stage.client()
    await client.say(f"{topic}/$set", text)
    await eventually(lambda: len(client.heard) == 1)
    ((heard, document),) = client.heard
    assert heard == f"{topic}/$refused"
    assert why in document["why"]
    assert stage.wishes == []
    late = await stage.client()
    await asyncio.sleep(0.2)
    assert late.heard == [], "a refusal is not kept"


async def test_what_the_plant_refuses_is_answered(stage: Stage) -> None:
    client = await stage.client()
    stage.run.refuse = "the door is open"
    await client.say(f"{SPEED}/$set", "2")
    await eventually(lambda: len(client.heard) == 1)
    assert client.heard[0][1]["why"] == "the door is open"


@pytest.mark.parametrize("user", ["guest", None])
async def test_without_the_right_nothing_is_passed_on(stage: Stage, user: str | None) -> None:
    stranger = await stage.client(user)
    await stranger.say(f"{SPEED}/$set", "2")
    hmi = await stage.client("hmi")
    await hmi.say(f"{SPEED}/$set", "3")
    await eventually(lambda: bool(stage.wishes))
    assert stage.wishes == [("pack/speed_factor", 3.0, "mqtt:hmi")]


async def test_the_right_to_wish_is_not_that_to_tell(stage: Stage) -> None:
    hmi = await stage.client("hmi")
    await hmi.say(SPEED, "forged", retain=True)
    await hmi.say(f"{SPEED}/$set", "3")
    await eventually(lambda: bool(stage.wishes))
    looker = await stage.client(None)
    looker.mqtt.subscribe([SPEED])
    await eventually(lambda: bool(looker.heard))
    assert looker.heard[0][1]["v"] == 1.0


@pytest.mark.parametrize("writable", [True, False])
async def test_over_a_foreign_broker_only_when_asked_for(writable: bool) -> None:
    broker = EmbeddedBroker(BrokerOptions(port=0, accounts=ACCOUNTS, owner_password="theirs"))
    await broker.start()
    run = FakeRun()
    hmi = Client(broker.port, "hmi", [])
    await hmi.mqtt.start()
    await hmi.say(f"{SPEED}/$set", "7", retain=True)
    external = External("127.0.0.1", broker.port, OWNER, "theirs")
    outlet = MqttOutlet(MqttOptions(external=external, writable=writable))
    await outlet.start(run)
    await asyncio.sleep(0.2)
    assert run.log == [], "a wish that was kept is an old one"
    await hmi.say(f"{SPEED}/$set", "2")
    await asyncio.sleep(0.3)
    expected = [("pack/speed_factor", {"value": 2.0}, "mqtt")] if writable else []
    assert [(c.target, c.args, c.by) for c in run.log] == expected
    await hmi.mqtt.stop()
    await outlet.stop()
    await broker.stop()


@pytest.mark.parametrize(
    ("tag", "retain", "text"),
    [
        ("plc/out", False, "5"),
        ("plc/out#v", True, '{"v": 5}'),
        ("plc/out#a.b", True, '{"a": {"b": 5}}'),
    ],
)
async def test_a_link_writes_fields_and_may_let_them_stay(
    tag: str, retain: bool, text: str
) -> None:
    broker = EmbeddedBroker(BrokerOptions(port=0, accounts=ACCOUNTS))
    await broker.start()
    options = MqttLinkOptions(
        "bus",
        f"mqtt://127.0.0.1:{broker.port}",
        user="hmi",
        password="pw",
        armed=True,
        retain=retain,
    )
    link = MqttLink(options)
    await link.connect()
    await link.write(tag, 5)
    await asyncio.sleep(0.2)
    late = Client(broker.port, None, ["plc/#"])
    await late.mqtt.start()
    await asyncio.sleep(0.2)
    assert late.heard == ([("plc/out", json.loads(text))] if retain else [])
    await link.close()
    await late.mqtt.stop()
    await broker.stop()


def test_a_long_wish_is_refused() -> None:
    with pytest.raises(ValueError, match="bare JSON"):
        wish(b'"' + b"x" * 5000 + b'"')
    with pytest.raises(ValueError, match="bare JSON"):
        wish(b"[" * 4000)
