"""How the app is served: on this machine only, unless somebody says otherwise."""

import uvicorn
from fastapi import FastAPI

HOST = "127.0.0.1"
PORT = 8080
LARGEST_MESSAGE = 1024 * 1024
STOP_WITHIN_S = 1


def server_config(app: FastAPI, *, host: str = HOST, port: int = PORT) -> uvicorn.Config:
    """Return the server's settings.

    Messages go uncompressed: each stream message is the same for all viewers, and compressing it
    once for each costs more than ten times what sending it does.

    Args:
        app: what `create_api` made.
        host: address to listen on.
        port: port; 0 takes a free one.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        ws_per_message_deflate=False,
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )
