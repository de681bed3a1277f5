"""The topics, read by clients that we did not write, and through a broker likewise."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from devices.accounts import Account, Accounts, Right
from devices.mqtt.outlet import External, MqttOptions, MqttOutlet
from tests.unit.devices.fake_run import FakeRun

MQTT_JS = Path(__file__).parent / "node" / "mqtt.js"
Again = Callable[[], Awaitable[None]]
BASE = "pilotline/v1/campus/small"
ACCOUNTS = Accounts([Account("line3", "pw", frozenset({Right.WRITE}))])


async def output(*command: str) -> list[str]:
    """Run a program to its end and return its lines."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(60):
            told, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return told.decode().splitlines()


@pytest.fixture
def run() -> FakeRun:
    run = FakeRun()
    run.set("weld_cell/weld/made", 17)
    return run


@pytest_asyncio.fixture
async def outlet(run: FakeRun) -> AsyncIterator[MqttOutlet]:
    outlet = MqttOutlet(MqttOptions(port=0, accounts=ACCOUNTS))
    await outlet.start(run)
    await asyncio.sleep(0.3)
    yield outlet
    await outlet.stop()


def port_of(outlet: MqttOutlet) -> str:
    return outlet.address.rsplit(":", 1)[1]


@pytest.mark.needs_broker
async def test_mosquitto_sub_reads_everything(run: FakeRun, outlet: MqttOutlet) -> None:
    count = str(len(run.signals) + 1)
    command = ["mosquitto_sub", "-p", port_of(outlet), "-t", f"{BASE}/#", "-v", "-C", count]
    lines = await output(*command, "-W", "20")
    heard = {topic: json.loads(text) for topic, text in (line.split(" ", 1) for line in lines)}
    assert heard[f"{BASE}/weld_cell/weld/made"]["v"] == 17
    assert heard[f"{BASE}/$state"]["v"] == "online"
    assert {f"{BASE}/{signal.path}" for signal in run.signals} <= heard.keys()


@pytest.mark.needs_broker
async def test_mosquitto_pub_is_refused_without_rights(outlet: MqttOutlet) -> None:
    port, topic = port_of(outlet), "shop/x"
    await output("mosquitto_pub", "-p", port, "-t", topic, "-m", "forged", "-r", "-q", "1")
    login = ["-u", "line3", "-P", "pw"]
    await output("mosquitto_pub", "-p", port, *login, "-t", "shop/y", "-m", "true", "-r", "-q", "1")
    refused = await output(
        "mosquitto_pub", "-p", port, "-u", "line3", "-P", "x", "-t", "a", "-m", ""
    )
    assert any("not authorised" in line.lower() for line in refused)
    lines = await output("mosquitto_sub", "-p", port, "-t", "shop/#", "-v", "-W", "2")
    assert [line for line in lines if line.startswith("shop/")] == ["shop/y true"]


@pytest.mark.needs_node
async def test_mqtt_js_reads_and_may_not_publish(run: FakeRun, outlet: MqttOutlet) -> None:
    count = str(len(run.signals) + 1)
    lines = await output(
        "node", str(MQTT_JS), outlet.address, f"{BASE}/#", count, f"{BASE}/pack/made"
    )
    documents = [json.loads(line) for line in lines]
    assert documents[-1] == {"done": True}
    heard = {d["topic"]: d for d in documents[:-1]}
    made = heard[f"{BASE}/weld_cell/weld/made"]
    assert (json.loads(made["payload"])["v"], made["retain"]) == (17, True)
    assert "forged" not in heard[f"{BASE}/pack/made"]["payload"]


@pytest_asyncio.fixture
async def mosquitto(tmp_path: Path) -> AsyncIterator[tuple[int, Again]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    config = tmp_path / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    running: list[asyncio.subprocess.Process] = []

    async def start() -> None:
        process = await asyncio.create_subprocess_exec(
            "/usr/sbin/mosquitto", "-c", str(config), stderr=asyncio.subprocess.DEVNULL
        )
        running.append(process)
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        raise AssertionError("mosquitto does not start")

    async def again() -> None:
        running[-1].kill()
        await running[-1].wait()
        await start()

    await start()
    yield port, again
    running[-1].kill()
    await running[-1].wait()


@pytest.mark.needs_broker
async def test_a_foreign_broker_that_dies_is_filled_again(
    run: FakeRun, mosquitto: tuple[int, Again]
) -> None:
    port, again = mosquitto
    outlet = MqttOutlet(MqttOptions(external=External("127.0.0.1", port)))
    await outlet.start(run)
    listen = ["mosquitto_sub", "-p", str(port), "-t", f"{BASE}/weld_cell/weld/made", "-C", "1"]
    first = await output(*listen, "-W", "20")
    assert json.loads(first[0])["v"] == 17
    await again()
    run.set("weld_cell/weld/made", 18)
    second = await output(*listen, "-W", "30")
    assert json.loads(second[0])["v"] == 18
    await outlet.stop()
    state = await output("mosquitto_sub", "-p", str(port), "-t", f"{BASE}/$state", "-C", "1")
    assert json.loads(state[0])["v"] == "offline"


@pytest.mark.needs_broker
async def test_mosquitto_pub_wishes_and_hears_why_not(run: FakeRun, outlet: MqttOutlet) -> None:
    port, speed = port_of(outlet), f"{BASE}/pack/speed_factor"
    login = ["-u", "line3", "-P", "pw", "-q", "1"]
    told = f"{BASE}/pack/+/$refused"
    listening = asyncio.create_task(
        output("mosquitto_sub", "-p", port, "-t", told, "-v", "-C", "1", "-W", "20")
    )
    await asyncio.sleep(1.0)
    for message in ("2.5", "50"):
        await output("mosquitto_pub", "-p", port, *login, "-t", f"{speed}/$set", "-m", message)
    await output("mosquitto_pub", "-p", port, "-q", "1", "-t", f"{speed}/$set", "-m", "0.5")
    topic, document = (await listening)[0].split(" ", 1)
    assert topic == f"{speed}/$refused"
    assert "above its highest value" in json.loads(document)["why"]
    assert [(c.target, c.args, c.by) for c in run.log] == [
        ("pack/speed_factor", {"value": 2.5}, "mqtt:line3")
    ]
