"""Serves one line with its page until it is told to stop: `python lab_server.py LINE ASSET`.

ASSET is said to be mirrored: its model expects 10 s, and the real one takes 12 s.

Prints one line of JSON: the port, and a token for each role.
"""

import asyncio
import json
import socket
import sys

import uvicorn
from beside import Beside

from twin.api import Access, Hub, Role, create_api, server_config
from twin.api.live import LiveRun
from twin.spec import load_line
from viewer.lab import attach_lab


async def main() -> None:
    live = LiveRun(load_line(sys.argv[1]), run_id="lab", seed=7)
    live.mirror = Beside(sys.argv[2], 10.0, [12.0])
    hub, access = Hub(), Access()
    hub.add(live)
    app = create_api(hub, access)
    attach_lab(app, hub, access)
    listener = socket.create_server(("127.0.0.1", 0))
    tokens = {role.word: access.grant(role) for role in Role}
    port = listener.getsockname()[1]
    sys.stdout.write(json.dumps({"port": port, "tokens": tokens}) + "\n")
    sys.stdout.flush()
    live.start()
    await uvicorn.Server(server_config(app, port=port)).serve([listener])
    await live.stop()


if __name__ == "__main__":
    asyncio.run(main())
