"""The MQTT publisher and its own broker: topics, payloads, birth and will, who may publish."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
import pytest_asyncio

from devices.accounts import Account, Accounts, Right
from devices.errors import DeviceError, OutletError
from devices.mqtt.broker import OWNER, BrokerOptions, EmbeddedBroker
from devices.mqtt.client import ClientOptions, MqttClient, Will
from devices.mqtt.outlet import External, MqttOptions, MqttOutlet
from tests.unit.devices.fake_run import FakeRun
from twin.kernel.signal import Quality

ACCOUNTS = Accounts(
    [Account("line3", "pw-line3", frozenset({Right.WRITE})), Account("guest", "pw-guest")]
)
BASE = "pilotline/v1/campus/small"


class Listener:
    """A client that keeps what it hears."""

    def __init__(self, port: int, name: str = "", *, will: Will | None = None) -> None:
        self.heard: dict[str, bytes] = {}
        self.times: dict[str, int] = {}
        user = {"user": name, "password": f"pw-{name}"} if name else {}
        self.client = MqttClient(
            ClientOptions("127.0.0.1", port, name="test", will=will, **user),
            on_up=lambda: self.client.subscribe(["#"]),
            on_message=self._hear,
        )

    def _hear(self, topic: str, message: bytes) -> None:
        self.heard[topic] = message
        self.times[topic] = self.times.get(topic, 0) + 1

    async def __aenter__(self) -> "Listener":
        await self.client.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.stop()

    async def wait(self, topic: str, message: object) -> None:
        for _ in range(300):
            if topic in self.heard and json.loads(self.heard[topic])["v"] == message:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{topic}: {self.heard.get(topic)!r} instead of {message!r}")


@pytest.fixture
def run() -> FakeRun:
    return FakeRun()


@pytest_asyncio.fixture
async def outlet(run: FakeRun) -> AsyncIterator[MqttOutlet]:
    outlet = MqttOutlet(MqttOptions(port=0, accounts=ACCOUNTS))
    await outlet.start(run)
    yield outlet
    await outlet.stop()


def port_of(outlet: MqttOutlet) -> int:
    return int(outlet.address.rsplit(":", 1)[1])


async def test_the_contract_of_topics_and_payloads(run: FakeRun, outlet: MqttOutlet) -> None:
    async with Listener(port_of(outlet)) as listener:
        await listener.wait(f"{BASE}/$state", "online")
        for signal in run.signals:
            await listener.wait(f"{BASE}/{signal.path}", signal.start_value)
        run.time_s = 90.5
        run.set("weld_cell/weld/part", "模组")
        await outlet.publish({"weld_cell/weld/part": run.signals.read("weld_cell/weld/part")}, [])
        await listener.wait(f"{BASE}/weld_cell/weld/part", "模组")
        document = json.loads(listener.heard[f"{BASE}/weld_cell/weld/part"])
        assert set(document) == {"v", "q", "t", "s"}
        assert (document["q"], document["s"]) == ("good", 90.5)
        assert document["t"] == "2026-03-02T06:01:30.500Z"
        assert datetime.fromisoformat(document["t"]) == run.wall_at(90.5)


async def test_a_bad_value_is_null(run: FakeRun, outlet: MqttOutlet) -> None:
    async with Listener(port_of(outlet)) as listener:
        run.set("pack/cycle_s", 31.0, Quality.BAD)
        await outlet.publish({"pack/cycle_s": run.signals.read("pack/cycle_s")}, [])
        await listener.wait(f"{BASE}/pack/cycle_s", None)
        assert json.loads(listener.heard[f"{BASE}/pack/cycle_s"])["q"] == "bad"


async def test_alarms_are_retained(run: FakeRun, outlet: MqttOutlet) -> None:
    title = '{"en": "Nozzle blocked", "zh": "喷嘴堵塞"}'
    run.alarms.raise_("weld", "jam", message=title, severity=600, time_s=2.0)
    await outlet.publish({}, run.alarms.drain())
    await asyncio.sleep(0.2)
    async with Listener(port_of(outlet)) as listener:
        await listener.wait(f"{BASE}/$state", "online")
        for _ in range(100):
            if f"{BASE}/$alarms/weld/jam" in listener.heard:
                break
            await asyncio.sleep(0.02)
        document = json.loads(listener.heard[f"{BASE}/$alarms/weld/jam"])
        assert (document["active"], document["message"]) == (True, "Nozzle blocked")


async def test_a_goodbye_says_offline(run: FakeRun) -> None:
    broker = EmbeddedBroker(BrokerOptions(port=0, owner_password="pw"))
    await broker.start()
    outlet = MqttOutlet(MqttOptions(external=External("127.0.0.1", broker.port, OWNER, "pw")))
    await outlet.start(run)
    async with Listener(broker.port) as listener:
        await listener.wait(f"{BASE}/$state", "online")
        await outlet.stop()
        await listener.wait(f"{BASE}/$state", "offline")
    await broker.stop()


async def test_a_death_says_offline(run: FakeRun) -> None:
    broker = EmbeddedBroker(BrokerOptions(port=0, owner_password="pw"))
    await broker.start()
    outlet = MqttOutlet(MqttOptions(external=External("127.0.0.1", broker.port, OWNER, "pw")))
    await outlet.start(run)
    async with Listener(broker.port) as listener:
        await listener.wait(f"{BASE}/$state", "online")
        # The connection is cut without a word, as when a cable is pulled.
        outlet._client._keeper.cancel()
        outlet._client._paho._sock_close()
        await listener.wait(f"{BASE}/$state", "offline")
    await outlet.stop()
    await broker.stop()


async def test_a_broker_that_comes_back_gets_everything(
    run: FakeRun, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "devices.mqtt")
    broker = EmbeddedBroker(BrokerOptions(port=0, owner_password="pw"))
    await broker.start()
    port = broker.port
    outlet = MqttOutlet(MqttOptions(external=External("127.0.0.1", port, OWNER, "pw")))
    await outlet.start(run)
    await broker.stop()
    await asyncio.sleep(0.3)
    run.set("pack/made", 12)
    await outlet.publish({"pack/made": run.signals.read("pack/made")}, [])
    broker = EmbeddedBroker(BrokerOptions(port=port, owner_password="pw"))
    await broker.start()
    async with Listener(port) as listener:
        await listener.wait(f"{BASE}/$state", "online")
        await listener.wait(f"{BASE}/pack/made", 12)
        await listener.wait(f"{BASE}/pack/part", "")
    told = [record.message for record in caplog.records if "MQTT pilotline" in record.message]
    assert [("lost" in line, "back" in line) for line in told] == [(True, False), (False, True)]
    await outlet.stop()
    await broker.stop()


async def test_no_broker_is_said_clearly(run: FakeRun) -> None:
    probe = EmbeddedBroker(BrokerOptions(port=0))
    await probe.start()
    port = probe.port
    await probe.stop()
    outlet = MqttOutlet(MqttOptions(external=External("127.0.0.1", port)))
    with pytest.raises(OutletError, match=rf"no MQTT broker at 127.0.0.1:{port}.*running"):
        await outlet.start(run)


# ---- who may publish


@pytest.mark.parametrize(
    ("name", "topic", "passes"),
    [
        ("", "shop/x", False),
        ("", f"{BASE}/pack/made", False),
        ("guest", "shop/x", False),
        ("line3", "shop/x", True),
        ("line3", f"{BASE}/pack/made", False),
        ("line3", "pilotline/v1", False),
        ("line3", "pilotline/v10/x", True),
    ],
)
async def test_who_may_publish_what(
    outlet: MqttOutlet, name: str, topic: str, passes: bool
) -> None:
    message = json.dumps({"v": "forged"}).encode()
    async with Listener(port_of(outlet)) as listener, Listener(port_of(outlet), name) as sender:
        await listener.wait(f"{BASE}/$state", "online")
        sender.client.publish(topic, message, retain=True, qos=1)
        await asyncio.sleep(0.3)
        assert (listener.heard.get(topic) == message) is passes
    async with Listener(port_of(outlet)) as late:
        await late.wait(f"{BASE}/$state", "online")
        await asyncio.sleep(0.2)
        assert (late.heard.get(topic) == message) is passes


@pytest.mark.parametrize("name", ["", "guest", "line3"])
async def test_nobody_leaves_a_will_in_the_twins_name(outlet: MqttOutlet, name: str) -> None:
    will = Will(f"{BASE}/$state", b'{"v": "offline"}')
    with pytest.raises(DeviceError, match="refuses"):
        await Listener(port_of(outlet), name, will=will).client.start()


@pytest.mark.parametrize(("user", "password"), [("line3", "x"), ("nobody", "x"), (OWNER, "")])
async def test_a_wrong_password(outlet: MqttOutlet, user: str, password: str) -> None:
    options = ClientOptions("127.0.0.1", port_of(outlet), name="t", user=user, password=password)
    with pytest.raises(DeviceError, match="check user and password"):
        await MqttClient(options).start()


async def test_a_failed_login_lends_no_name(outlet: MqttOutlet) -> None:
    """The broker's library copies a name into a session before it knows the password."""
    port = port_of(outlet)
    async with Listener(port) as listener:
        plain = _client(port, "same-id")
        await plain.start()
        with pytest.raises(DeviceError):
            await _client(port, "same-id", user=OWNER, password="guess").start()
        plain.publish(f"{BASE}/pack/made", b'{"v": 666}', retain=True)
        await asyncio.sleep(0.3)
        assert b"666" not in listener.heard[f"{BASE}/pack/made"]
        await plain.stop()


def _client(port: int, identity: str, **login: str) -> MqttClient:
    client = MqttClient(ClientOptions("127.0.0.1", port, name="t", **login))
    client._paho._client_id = identity.encode()
    client._paho._clean_session = False
    return client
