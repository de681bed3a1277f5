"""A page with nothing but the 3D view of a line, fed with what a test makes up.

Made on a thread of its own: `with ScenePage(document) as page: page.url`; `page.say(message)` sends
a Snapshot or a Delta to whoever looks.
"""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import nicegui
import uvicorn
from fastapi import FastAPI, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import FileResponse, HTMLResponse

from twin.wire.codec import Message, encode
from twin.wire.model import Snapshot
from viewer.scene import SceneDocument
from viewer.scene.floor import packed
from viewer.scene.shapes import mesh

GUI = Path(nicegui.__file__).parent
JS = Path(__file__).parents[2] / "viewer" / "lab" / "js"
MODULES = ("bodies", "eye", "hall", "labels", "mark", "panel", "robot", "stream", "works")
OPTIONS = {
    "stream": "/stream",
    "scene": "/scene",
    "floor": "/floor.jpg",
    "shapes": "/shapes",
    "language": "en",
    "assets": {},
    "kinds": {},
    "signals": {},
    "words": {
        "states": ["busy", "starved", "blocked", "down", "setup", "idle"],
        "state_names": {},
        "kind_states": {},
        "quality": {},
        "view": "line",
        "no_3d": "no 3D",
    },
}
PAGE = """<!doctype html><meta charset="utf-8">
<style>html, body, #app, .line-view {{ margin: 0; width: 100vw; height: 100vh; overflow: hidden }}
canvas {{ display: block; background: linear-gradient(#c3d0da, #eef2f5) }}
.line-view-labels {{ position: absolute; inset: 0; pointer-events: none }}</style>
<div id="app"></div>
<script type="importmap">{imports}</script>
<script type="module">
import {{ createApp, h }} from "vue";
import view from "/js/line_view.js";
window.selected = [];
const props = {{ options: {options}, onSelect: (it) => selected.push(it) }};
createApp({{ render: () => h(view, props) }}).mount("#app");
</script>"""


class ScenePage:
    """Serves the page until the `with` ends."""

    def __init__(self, document: SceneDocument, first: Snapshot, workcell: str | None = None):
        self._document = document
        self._texts = [encode(first)]
        self._options = OPTIONS | ({"workcell": workcell} if workcell else {})
        self._listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(self._app(), log_level="error", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],))

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def say(self, *messages: Message) -> None:
        """Send messages, in order."""
        self._texts += [encode(message) for message in messages]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/")
        def page() -> HTMLResponse:
            files = {
                "vue": "/gui/static/vue.esm-browser.prod.js",
                "nicegui-scene": "/gui/elements/scene/dist/index.js",
                **{f"pilotline_{name}": f"/js/pilotline_{name}.js" for name in MODULES},
            }
            imports = json.dumps({"imports": files})
            return HTMLResponse(PAGE.format(imports=imports, options=json.dumps(self._options)))

        @app.get("/scene")
        def scene() -> dict[str, object]:
            return self._document.to_dict()

        @app.get("/floor.jpg")
        def floor() -> Response:
            return Response(packed(self._document), media_type="image/jpeg")

        @app.get("/shapes")
        def shapes(names: str) -> dict[str, object]:
            return {name: _shape(name) for name in names.split(",")}

        @app.get("/js/{name}")
        def script(name: str) -> FileResponse:
            return FileResponse(JS / Path(name).name, media_type="text/javascript")

        @app.get("/gui/{path:path}")
        def gui(path: str) -> FileResponse:
            return FileResponse(GUI / path, media_type="text/javascript")

        @app.websocket("/stream")
        async def stream(watcher: WebSocket) -> None:
            await watcher.accept()
            try:
                async for text in self._told():
                    await watcher.send_text(text)
            except WebSocketDisconnect:
                return

        return app

    async def _told(self) -> AsyncIterator[str]:
        sent = 0
        while not self._server.should_exit:
            while sent < len(self._texts):
                yield self._texts[sent]
                sent += 1
            await asyncio.sleep(0.02)


def _shape(name: str) -> dict[str, object]:
    points, triangles = mesh(name)
    return {
        "points": points.round(5).tolist(),
        "triangles": triangles.tolist(),
        "round": name.startswith("made_"),
    }
