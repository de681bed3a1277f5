"""How late are events at real time, 2,000 a second, with an OPC UA client and a stream attached?

    python -m benchmarks.lateness [--seconds 20]

A probe on the plant's own heap goes off a hundred times a simulated second and notes how much later
that is, by the machine's clock, than it should be. First alone, then with an OPC UA client that
subscribes to 100 signals and a viewer on the stream, both in processes of their own.
"""

import argparse
import asyncio
import time
from typing import Any

import numpy as np

from benchmarks.harness import headline
from benchmarks.living import live, stream_url, watchers
from twin.app import Twin

LINES = 4
STATIONS = 10
CYCLE_S = 0.018
PROBE_S = 0.0101


def document() -> dict[str, Any]:
    """Return four lines of ten quick stations: about 2,000 events a second."""
    assets: list[dict[str, Any]] = []
    flow = []
    for line in range(LINES):
        chain = [f"feed{line}"]
        assets.append({"id": chain[0], "kind": "source"})
        for station in range(STATIONS):
            name = f"m{line}_{station}"
            law = {"uniform": [CYCLE_S / 2, CYCLE_S * 3 / 2]}
            assets.append({"id": name, "kind": "station", "process_s": law})
            chain.append(name)
            if station < STATIONS - 1:
                assets.append({"id": f"b{line}_{station}", "kind": "buffer", "capacity": 10})
                chain.append(f"b{line}_{station}")
        assets.append({"id": f"out{line}", "kind": "sink"})
        flow.append([*chain, f"out{line}"])
    return {"schema": "pilotline.line/1", "id": "quick", "assets": assets, "flow": flow}


class Probe:
    """Notes how late it goes off."""

    def __init__(self, twin: Twin) -> None:
        self.live = twin.live
        self.late_ms: list[float] = []
        self.timer = self.live.line.env.timer("benchmark/probe", self.fire)
        self.timer.arm(PROBE_S)

    def fire(self) -> None:
        due_s = self.live.clock.wall_s(self.live.line.env.time_s)
        self.late_ms.append((time.monotonic() - due_s) * 1e3)
        self.timer.arm(PROBE_S)


async def observe(twin: Twin, probe: Probe, name: str, seconds: float) -> None:
    """Print lateness, event rate and processor share over some time."""
    env = twin.live.line.env
    probe.late_ms.clear()
    events, work_s, began_s = env.events, time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    passed_s = time.monotonic() - began_s
    median, high, worst = np.percentile(probe.late_ms, [50, 99, 100])
    print(
        f"{name:34}{(env.events - events) / passed_s:10,.0f}"
        f"{(time.process_time() - work_s) / passed_s:10.0%}{median:10.2f}{high:10.2f}{worst:10.2f}"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=float, default=20.0)
    seconds = arguments.parse_args().seconds

    async def measure(twin: Twin) -> None:
        probe = Probe(twin)
        print(f"{'':34}{'events/s':>10}{'core':>10}{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}")
        await observe(twin, probe, "alone (OPC UA server and page on)", seconds / 2)
        opcua = f"opc.tcp://{twin.wishes.host}:{twin.wishes.opcua_port}/pilotline"
        clients = [
            asyncio.create_task(watchers("opcua", opcua, 100, seconds + 2)),
            asyncio.create_task(watchers("stream", stream_url(twin), 1, seconds + 6)),
        ]
        await asyncio.sleep(6.0)
        await observe(twin, probe, "OPC UA client and stream attached", seconds)
        for client in clients:
            print(await client)
        print(f"the clock slipped by {twin.live.clock.slipped_s:.3f} s in all")

    headline("Lateness of events at real time", "simpy", "asyncua", "uvicorn")
    live(document(), measure, opcua=True)


if __name__ == "__main__":
    main()
