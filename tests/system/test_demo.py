"""`twin demo` as a person starts it: every organ is on, a fault comes, Ctrl-C ends it cleanly."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import paho.mqtt.client as paho
import pytest
from asyncua import Client, ua

from twin.kernel.record import RunRecord

from .live_twin import TwinProcess, free_port, running

pytestmark = pytest.mark.timeout(300)


class Demo:
    """A running demo and its addresses."""

    def __init__(self, twin: TwinProcess, folder: Path, ports: dict[str, int]) -> None:
        self.twin = twin
        self.folder = folder
        self.ports = ports
        self.token = twin.wait_for(r"token=(\S+)")[1]
        self.password = twin.wait_for(r"password (\S+)")[1]
        twin.wait_for("Ctrl-C")
        self.base = f"http://127.0.0.1:{ports['page']}/api/v1/runs/run"

    def get(self, path: str) -> Any:
        return httpx.get(self.base + path, timeout=30).raise_for_status().json()

    def post(self, path: str, body: object = None) -> None:
        rights = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.post(self.base + path, json=body, headers=rights, timeout=30)
        assert answer.is_success, answer.text

    def until(self, path: str, good: object, timeout_s: float = 90.0) -> object:
        """Ask until the answer pleases."""
        end = time.monotonic() + timeout_s
        while True:
            answer = self.get(path)
            if good(answer):  # type: ignore[operator]
                return answer
            assert time.monotonic() < end, f"{path} stayed {json.dumps(answer)[:2000]}"
            time.sleep(0.3)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    ports = {"page": free_port(), "opcua": free_port(), "mqtt": free_port()}
    arguments = [
        "demo", "--port", str(ports["page"]), "--opcua-port", str(ports["opcua"]),
        "--mqtt-port", str(ports["mqtt"]), "--runs", str(folder / "runs"), "--lang", "en",
    ]  # fmt: skip
    with running(arguments, folder) as twin:
        yield Demo(twin, folder, ports)


def test_time_passes_and_changes_are_published(demo: Demo) -> None:
    begin = demo.get("")["time_s"]
    demo.until("", lambda run: run["time_s"] > begin + 1)


async def test_opcua_reads_but_a_stranger_cannot_write(demo: Demo) -> None:
    async with Client(f"opc.tcp://127.0.0.1:{demo.ports['opcua']}/pilotline") as client:
        index = await client.get_namespace_index("urn:pilotline:twin")
        path = await _path_of(client, index, "cover")
        state = client.get_node(ua.NodeId(f"{path}/state", index, ua.NodeIdType.String))
        assert await state.read_value() in range(6)
        speed = client.get_node(ua.NodeId(f"{path}/speed_factor", index, ua.NodeIdType.String))
        with pytest.raises(ua.UaStatusCodeError):
            await speed.write_value(2.0)


async def _path_of(client: Client, index: int, asset: str) -> str:
    line = await client.nodes.objects.get_child(f"{index}:pack_pilot")
    waiting = [line]
    while waiting:
        node = waiting.pop()
        if node.nodeid.Identifier.endswith(f"/{asset}"):
            return str(node.nodeid.Identifier)
        waiting += await node.get_children()
    raise AssertionError(f"{asset} is not below Objects/pack_pilot")


def test_mqtt_keeps_every_signal(demo: Demo) -> None:
    heard: dict[str, bytes] = {}
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: heard.update(
        {message.topic: message.payload}
    )
    client.connect("127.0.0.1", demo.ports["mqtt"])
    client.subscribe("pilotline/v1/#")
    client.loop_start()
    end = time.monotonic() + 60
    while time.monotonic() < end and not any(topic.endswith("/cover/state") for topic in heard):
        time.sleep(0.1)
    client.loop_stop()
    client.disconnect()
    (topic,) = (topic for topic in heard if topic.endswith("/cover/state"))
    reading = json.loads(heard[topic])
    assert reading["q"] == "good"
    assert reading["v"] in range(6)
    assert re.match(r"\d{4}-\d\d-\d\dT", reading["t"])
    life = next(payload for topic, payload in heard.items() if topic.endswith("/$state"))
    assert b"online" in life


def test_the_departures_of_both_real_stations_are_told(demo: Demo) -> None:
    def seen(mirror: dict[str, Any]) -> bool:
        return all(figures["ratio"] for figures in mirror["assets"].values())

    mirror = demo.until("/mirror", seen)
    assert isinstance(mirror, dict)
    assert sorted(mirror["assets"]) == ["ocv", "unpack"]
    assert {link["state"] for link in mirror["links"].values()} == {"connected"}
    for figures in mirror["assets"].values():
        assert figures["quality"] == "good"
        assert figures["ratio"] == pytest.approx(
            figures["observed_cycle_s"] / figures["expected_cycle_s"]
        )


def test_two_stations_follow_the_second_process(demo: Demo) -> None:
    def following(signals: list[dict[str, object]]) -> bool:
        modes = {
            s["path"]: s["reading"]["value"] for s in signals if str(s["path"]).endswith("/mode")
        }
        return sorted(p.split("/")[-2] for p, mode in modes.items() if mode == "follow") == [
            "ocv", "unpack",
        ]  # fmt: skip

    demo.until("/signals", following)


def test_a_fault_comes_is_acknowledged_and_repaired(demo: Demo) -> None:
    demo.post("/speed", {"rate": 20})
    demo.until("/alarms", lambda all_: any(a["id"] == "weld/fault" and a["active"] for a in all_))
    demo.post("/alarms/weld/fault/acknowledge")
    demo.post("/assets/weld/repair")
    demo.until(
        "/alarms?all=true",
        lambda all_: any(a["id"] == "weld/fault" and not a["active"] for a in all_),
    )


def test_ctrl_c_ends_it_and_the_record_is_kept_and_graded(demo: Demo) -> None:
    assert demo.twin.interrupt() == 0
    assert "Traceback" not in demo.twin.text
    (path,) = (demo.folder / "runs").glob("*.jsonl")
    record = RunRecord.read(path)
    assert any(entry.command.by.startswith("scenario:") for entry in record.log)

    from scenarios.grade import grade

    result = grade(record)
    assert result.same
    assert result.points == result.most == 100
