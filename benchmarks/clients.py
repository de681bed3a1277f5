"""Those who watch a twin, in a process of their own, so that their work is not counted as its work.

    python -m benchmarks.clients stream ws://127.0.0.1:8080/api/v1/runs/run/stream COUNT SECONDS
    python -m benchmarks.clients opcua opc.tcp://127.0.0.1:4840/pilotline SIGNALS SECONDS

They print what came, as JSON.
"""

import asyncio
import json
import sys
import time
from typing import Any

from asyncua import Client, ua
from websockets.asyncio.client import connect


async def _watch(url: str, seconds: float, came: list[int]) -> None:
    async with connect(url, compression=None, max_size=None) as socket:
        await socket.recv()  # the Snapshot
        end = time.monotonic() + seconds
        while (left_s := end - time.monotonic()) > 0:
            try:
                text = await asyncio.wait_for(socket.recv(), left_s)
            except TimeoutError:
                break
            came.append(len(text))


async def stream(url: str, count: int, seconds: float) -> dict[str, float]:
    """Follow the stream as so many browsers would; return bytes and messages of each."""
    came: list[list[int]] = [[] for _ in range(count)]
    await asyncio.gather(*(_watch(url, seconds, own) for own in came))
    return {
        "clients": count,
        "bytes_per_s": sum(map(sum, came)) / count / seconds,
        "messages_per_s": sum(map(len, came)) / count / seconds,
    }


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def datachange_notification(self, *_: Any) -> None:
        self.count += 1


async def opcua(url: str, signals: int, seconds: float) -> dict[str, float]:
    """Subscribe to so many signals; return the notifications that came."""
    counter = _Counter()
    async with Client(url) as client:
        found: list[Any] = []
        pending = list(await client.nodes.objects.get_children())
        while pending and len(found) < signals:
            node = pending.pop()
            if node.nodeid.NamespaceIndex == 0:
                continue
            if await node.read_node_class() == ua.NodeClass.Variable:
                found.append(node)
            else:
                pending += await node.get_children()
        subscription = await client.create_subscription(100, counter)
        await subscription.subscribe_data_change(found)
        counter.count = 0
        await asyncio.sleep(seconds)
    return {"signals": len(found), "notifications_per_s": counter.count / seconds}


def main() -> None:
    kind, url, count, seconds = sys.argv[1:]
    work = stream if kind == "stream" else opcua
    print(json.dumps(asyncio.run(work(url, int(count), float(seconds)))))


if __name__ == "__main__":
    main()
