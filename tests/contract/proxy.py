"""A network in between: delays what passes, or swallows it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Network:
    """A TCP proxy on a free port of this machine."""

    target: int
    one_way_s: float = 0.0
    swallow: bool = False
    port: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pass(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while data := await source.read(65536):
            if not self.swallow:
                loop.call_later(self.one_way_s, sink.write, data)
        loop.call_later(self.one_way_s, sink.close)


@asynccontextmanager
async def network(target: int, *, one_way_s: float = 0.0) -> AsyncIterator[Network]:
    between = Network(target, one_way_s)
    server = await asyncio.start_server(between._connected, "127.0.0.1", 0)
    between.port = server.sockets[0].getsockname()[1]
    yield between
    server.close()
    for task in list(between._tasks):
        task.cancel()
