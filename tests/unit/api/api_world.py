"""An app to ask: one run that is no simulation, and a token for each role."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
import uvicorn
from fake_live import FakeLive
from fastapi import FastAPI

from twin.api import Access, Hub, Role, create_api, server_config

HOST = "http://127.0.0.1"


class World:
    """An app with one run, and a token for each role."""

    def __init__(self) -> None:
        self.live = FakeLive()
        self.hub = Hub()
        self.hub.add(self.live)
        self.access = Access()
        self.tokens = {role: self.access.grant(role) for role in Role}
        self.app: FastAPI = create_api(self.hub, self.access)

    def client(self, role: Role | None = None, peer: str = "127.0.0.1") -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        transport = httpx.ASGITransport(self.app, client=(peer, 5000))
        return httpx.AsyncClient(transport=transport, base_url=HOST, headers=headers)


@pytest.fixture
def world() -> World:
    return World()


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[int]:
    """Serve the app on a free port of this machine; yield the port."""
    server = uvicorn.Server(server_config(app, port=0))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag only
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def port(world: World) -> AsyncIterator[int]:
    async with serving(world.app) as number:
        yield number
