"""What do 50 viewers of 1,000 moving parts cost?

    python -m benchmarks.stream_clients [--clients 50] [--seconds 20]

Twenty belts of 18 m at 0.3 m/s carry about fifty parts each. The processor share of the twin
without viewers is measured in the same run, so the difference is theirs. The peer: each viewer that
is sent every pose thirty times a second, which is what a simulator without closed-form motion must
do.
"""

import argparse
import asyncio
import json
import time
from typing import Any

from benchmarks.harness import headline
from benchmarks.living import live, stream_url, watchers
from twin.app import Twin

BELTS = 20
LENGTH_M = 18.0
SPEED_M_S = 0.3
PITCH_M = 0.3
BETWEEN_S = 1.2
FRAMES_PER_S = 30


def document() -> dict[str, Any]:
    """Return twenty belts with fifty parts on each."""
    assets: list[dict[str, Any]] = []
    flow = []
    for belt in range(BELTS):
        law = {"uniform": [BETWEEN_S / 2, BETWEEN_S * 3 / 2]}
        assets += [
            {"id": f"feed{belt}", "kind": "source", "interarrival_s": law},
            {
                "id": f"belt{belt}",
                "kind": "conveyor",
                "length_m": LENGTH_M,
                "speed_m_s": SPEED_M_S,
                "pitch_m": PITCH_M,
            },
            {"id": f"out{belt}", "kind": "sink"},
        ]
        flow.append([f"feed{belt}", f"belt{belt}", f"out{belt}"])
    return {"schema": "pilotline.line/1", "id": "belts", "assets": assets, "flow": flow}


async def share(seconds: float) -> float:
    """Return the share of one core that this process uses over some time."""
    began_s, work_s = time.monotonic(), time.process_time()
    await asyncio.sleep(seconds)
    return (time.process_time() - work_s) / (time.monotonic() - began_s)


def pose_bytes(parts: int) -> int:
    """Return the bytes of one message with a pose (x, y, z, heading) for every part."""
    return len(json.dumps({f"p{number}": [12.345, 1.234, 0.85, 1.57] for number in range(parts)}))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--clients", type=int, default=50)
    arguments.add_argument("--seconds", type=float, default=20.0)
    given = arguments.parse_args()

    async def measure(twin: Twin) -> None:
        url = stream_url(twin)
        before = await share(given.seconds / 2)
        one = asyncio.create_task(watchers("stream", url, 1, given.seconds / 2 + 4))
        await asyncio.sleep(4.0)
        with_one = await share(given.seconds / 2)
        await one
        many = asyncio.create_task(watchers("stream", url, given.clients, given.seconds + 4))
        await asyncio.sleep(4.0)
        parts = len(twin.live.snapshot().bodies)
        with_all = await share(given.seconds)
        counted = await many
        each = counted["bytes_per_s"]
        poses = pose_bytes(parts) * FRAMES_PER_S
        print(f"moving parts: {parts}, messages a second: {counted['messages_per_s']:.1f}")
        print(f"core, nobody watches:         {before:8.1%}")
        print(f"core, one viewer:             {with_one:8.1%}")
        print(f"core, {given.clients} viewers:             {with_all:8.1%}")
        print(f"core, for the viewers:        {with_all - before:8.1%}")
        print(f"bytes/s for each viewer:      {each:8,.0f}")
        print(f"poses at {FRAMES_PER_S}/s would be:        {poses:8,} ({poses / each:,.0f} times)")

    headline(f"{given.clients} viewers on the stream", "websockets", "uvicorn", "starlette")
    live(document(), measure, opcua=False, head_start_s=120.0)


if __name__ == "__main__":
    main()
