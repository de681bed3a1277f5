"""A twin that lives while it is measured, and the processes that watch it."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from devices.ports import require_free
from twin.app import Twin, Wishes

HOST = "127.0.0.1"


def free_port() -> int:
    """Return a port that nobody uses."""
    return require_free(HOST, 0, what="the benchmark", option="")


async def watchers(kind: str, url: str, count: int, seconds: float) -> dict[str, float]:
    """Run `benchmarks.clients` and return what it counted."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.clients",
        kind,
        url,
        str(count),
        str(seconds),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    result: dict[str, float] = json.loads(out)
    return result


def live(
    document: dict[str, Any],
    measure: Callable[[Twin], Awaitable[None]],
    *,
    opcua: bool,
    head_start_s: float = 0.0,
) -> None:
    """Let a twin of the line in `document` live in real time while `measure` looks at it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{document['id']}.yaml"
        with path.open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(document, file)
        wishes = Wishes(
            line=str(path),
            port=free_port(),
            opcua_port=free_port() if opcua else None,
            mqtt_port=None,
            runs=Path(folder),
            head_start_s=head_start_s,
        )
        asyncio.run(_live(Twin(wishes, lambda _: None), measure))


async def _live(twin: Twin, measure: Callable[[Twin], Awaitable[None]]) -> None:
    stop = asyncio.Event()
    life = asyncio.create_task(twin.live_until(stop))
    try:
        await _until_open(twin.wishes.port, life)
        await measure(twin)
    finally:
        stop.set()
        await life


async def _until_open(port: int, life: "asyncio.Task[None]") -> None:
    while True:
        if life.done():
            life.result()
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.2)
            continue
        writer.close()
        await asyncio.sleep(2.0)
        return


def stream_url(twin: Twin) -> str:
    """Return where the run's stream is."""
    return f"ws://{HOST}:{twin.wishes.port}/api/v1/runs/{twin.live.id}/stream"
