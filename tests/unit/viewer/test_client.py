"""The window's side of the stream, against a small server that speaks the API."""

import socket
import threading
import time

import pytest
import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response, WebSocket

from twin.wire.codec import encode
from twin.wire.model import Body, Delta, Motion, SignalState, Snapshot
from viewer.window.client import Twin
from viewer.window.errors import NoTwin
from viewer.window.feed import Feed

START = Snapshot("r1", "small", 1, 10.0, 2.0, {"m1/state": SignalState(0, "good", 0.0)}, {}, [], {})
TOKEN = "let-me-in"


class Server:
    """A twin with one run, which sends what a test gives it."""

    def __init__(self, spec):
        self.app = FastAPI()
        self.rates = []
        self.greeting = [START]
        self.connections = 0
        self._spec = spec
        self._routes()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        config = uvicorn.Config(self.app, port=self.port, log_level="critical")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)

    def _routes(self):
        app, spec = self.app, self._spec

        def allowed(request):
            if request.headers.get("authorization") not in {None, f"Bearer {TOKEN}"}:
                raise HTTPException(401)

        @app.get("/api/v1/runs")
        def runs(request: Request):
            allowed(request)
            return [{"id": "r1"}]

        @app.get("/api/v1/runs/{run}/line")
        def line(run: str):
            if run != "r1":
                raise HTTPException(404)
            return spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)

        @app.get("/api/v1/runs/{run}/snapshot")
        def snapshot(run: str):
            return Response(encode(START), media_type="application/json")

        @app.post("/api/v1/runs/{run}/speed")
        async def speed(request: Request):
            self.rates.append((await request.json())["rate"])

        @app.post("/api/v1/runs/{run}/pause")
        def pause():
            self.rates.append(0.0)

        @app.websocket("/api/v1/runs/{run}/stream")
        async def stream(socket: WebSocket, run: str):
            await socket.accept()
            self.connections += 1
            for message in self.greeting:
                await socket.send_text(encode(message))
            if self.connections > 1:
                await socket.receive()

    def __enter__(self):
        self._thread.start()
        wait_for(lambda: self._server.started)
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join(timeout=10)


def wait_for(done, most_s=15.0):
    end_s = time.monotonic() + most_s
    while not done():
        assert time.monotonic() < end_s, "nothing happened"
        time.sleep(0.02)


@pytest.fixture
def server(small):
    with Server(small) as running:
        yield running


def test_a_twin_tells_its_line_and_state(server, small):
    twin = Twin(f"127.0.0.1:{server.port}")
    assert twin.run == "r1"
    assert twin.line() == small
    assert twin.snapshot() == START
    assert twin.stream_url == f"ws://127.0.0.1:{server.port}/api/v1/runs/r1/stream"


def test_the_pace_is_set_over_http(server):
    twin = Twin(f"http://127.0.0.1:{server.port}", token=TOKEN)
    twin.set_rate(10.0)
    twin.set_rate(0.0)
    assert server.rates == [10.0, 0.0]


def test_an_unknown_run_is_named_with_those_that_are_there(server):
    with pytest.raises(NoTwin, match="no run r9; it has: r1"):
        Twin(f"127.0.0.1:{server.port}", run="r9").line()


def test_a_wrong_token_is_said(server):
    with pytest.raises(NoTwin, match="token"):
        Twin(f"127.0.0.1:{server.port}", token="wrong")


def test_nobody_at_the_address_is_said():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoTwin, match="twin demo"):
        Twin(f"127.0.0.1:{port}")


@pytest.mark.parametrize("url", ["", "ftp://there", "http://"])
def test_what_is_no_address_is_said(url):
    with pytest.raises(NoTwin, match="not an address"):
        Twin(url)


def test_the_feed_applies_deltas_and_comes_back_after_a_loss(server):
    part = Body("pack", Motion("m1", 0, 0.0, 1.0, 0.0, 5.0))
    server.greeting = [START, Delta(2, 12.0, 0.0, bodies={"p1": part}, kpis={"made": 4.0})]
    twin = Twin(f"127.0.0.1:{server.port}")
    feed = Feed(twin, twin.snapshot()).start()
    try:
        wait_for(lambda: feed.now().bodies == {"p1": part})
        wait_for(lambda: server.connections > 1 and feed.connected)
        now = feed.now()
        assert (now.seq, now.time_s, now.kpis) == (2, 12.0, {"made": 4.0})
        assert now.signals == START.signals
    finally:
        feed.close()


def test_between_messages_time_goes_on_at_the_runs_pace(server, monkeypatch):
    server.connections = 1
    twin = Twin(f"127.0.0.1:{server.port}")
    feed = Feed(twin, twin.snapshot()).start()
    try:
        wait_for(lambda: feed.connected)
        read_at_s = feed._read_at_s
        monkeypatch.setattr("viewer.window.feed.time.monotonic", lambda: read_at_s + 3.0)
        assert feed.now().time_s == pytest.approx(10.0 + 2.0 * 3.0)
    finally:
        monkeypatch.undo()
        feed.close()
