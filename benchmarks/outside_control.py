"""How soon does a controller outside see a sensor's edge over OPC UA, and its output act?

    python -m benchmarks.outside_control [--seconds 30] [--publish 0.05]

Parts slide past a sensor several times a second, at real time. A client in a process of its own
subscribes to the sensor and compares the time of arrival with the edge's own source time; it also
writes an output again and again, and the plant notes when that acts. The floor of the first figure
is half the publishing interval: an edge comes at any time between two publications.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any

import numpy as np
from asyncua import Client, ua

from benchmarks.harness import headline
from benchmarks.living import live
from twin.app import Twin
from twin.plant.motion.workcell import Workcell

NODE = "ns={namespace};s=slide/cell/{name}"
WRITE_EVERY_S = 0.2
ALLOWED_MS = 15.0
"""What may come on top of the publishing interval, in the median."""


def document() -> dict[str, Any]:
    """Return a slide with a sensor, and a belt that nobody uses but the client."""
    bodies = [
        {"id": "slide", "kind": "chute", "at_m": [0, 0, 0.8], "length_m": 1.0, "drop_m": 0},
        {"id": "top", "kind": "entry", "to": "slide"},
        {"id": "bottom", "kind": "exit", "from": "slide"},
        {"id": "seen", "kind": "sensor", "sees": "slide", "along_m": 0.5},
        {"id": "belt", "kind": "belt", "at_m": [0, 1, 0.8], "length_m": 1.0},
    ]
    often = {"uniform": [0.2, 0.4]}
    return {
        "schema": "pilotline.line/1",
        "id": "slide",
        "parts": [{"id": "part", "size_m": [0.05, 0.05, 0.05]}],
        "assets": [
            {"id": "feed", "kind": "source", "part": "part", "interarrival_s": often},
            {"id": "cell", "kind": "workcell", "bodies": bodies},
            {"id": "out", "kind": "sink"},
        ],
        "flow": [["feed", "cell", "out"]],
    }  # fmt: skip


class Arrivals:
    """Notes how long each edge was under way."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []

    def datachange_notification(self, _node: Any, _value: Any, data: Any) -> None:
        source = data.monitored_item.Value.SourceTimestamp
        now = datetime.now(UTC)
        if source.tzinfo is None:
            source = source.replace(tzinfo=UTC)
        self.late_ms.append((now - source).total_seconds() * 1e3)


async def client(url: str, password: str, publish_s: float, seconds: float) -> None:
    """Subscribe and write for some time; print what was measured as JSON."""
    arrivals = Arrivals()
    writes: list[float] = []
    connection = Client(url)
    connection.set_user("operator")
    connection.set_password(password)
    await connection.connect()
    try:
        namespace = await connection.get_namespace_index("urn:pilotline:twin")
        seen = connection.get_node(NODE.format(namespace=namespace, name="seen"))
        run = connection.get_node(NODE.format(namespace=namespace, name="belt_run"))
        subscription = await connection.create_subscription(publish_s * 1e3, arrivals)
        await subscription.subscribe_data_change(seen, queuesize=100)
        await asyncio.sleep(1.0)
        arrivals.late_ms.clear()
        ends = time.monotonic() + seconds
        on = True
        while time.monotonic() < ends:
            writes.append(time.time())
            await run.write_value(ua.DataValue(ua.Variant(on, ua.VariantType.Boolean)))
            on = not on
            await asyncio.sleep(WRITE_EVERY_S)
    finally:
        await connection.disconnect()
    print(json.dumps({"late_ms": arrivals.late_ms, "writes": writes}))


async def measured(twin: Twin, publish_s: float, seconds: float) -> None:
    cell = twin.live.line.assets["cell"]
    assert isinstance(cell, Workcell)
    acted: list[float] = []
    cell.listeners.append(
        lambda point: acted.append(time.time()) if point.name == "belt_run" else None
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.outside_control", "--client",
        f"opc.tcp://{twin.wishes.host}:{twin.wishes.opcua_port}/pilotline",
        "--seconds", str(seconds), "--publish", str(publish_s),
        env={**os.environ, "PILOTLINE_PASSWORD": twin.password},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    found = json.loads(out)
    edges = np.array(found["late_ms"])
    delays = (np.array(acted) - np.array(found["writes"][: len(acted)])) * 1e3
    print(f"{'':34}{'count':>8}{'p50 ms':>10}{'p95 ms':>10}{'max ms':>10}")
    for name, values in (("sensor edge to the client", edges), ("output to the plant", delays)):
        median, high, worst = np.percentile(values, [50, 95, 100])
        print(f"{name:34}{len(values):8}{median:10.1f}{high:10.1f}{worst:10.1f}")
    limit_ms = publish_s * 1e3 + ALLOWED_MS
    verdict = "under" if np.median(edges) < limit_ms else "OVER"
    print(f"median edge {verdict} the publishing interval plus {ALLOWED_MS:g} ms = {limit_ms:g} ms")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=float, default=30.0)
    arguments.add_argument("--publish", type=float, default=0.05, help="publishing interval, s")
    arguments.add_argument("--client", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.client:
        password = os.environ["PILOTLINE_PASSWORD"]
        asyncio.run(client(given.client, password, given.publish, given.seconds))
        return
    headline("A controller outside, over OPC UA at real time", "asyncua", "simpy")
    live(document(), lambda twin: measured(twin, given.publish, given.seconds), opcua=True)


if __name__ == "__main__":
    main()
