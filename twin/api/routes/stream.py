"""The stream: a Snapshot, then Deltas, on a WebSocket that only speaks."""

import asyncio
from contextlib import suppress

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from twin.api.broadcast import Broadcast
from twin.api.context import context_of
from twin.api.problems import ApiError
from twin.spec.messages import phrase

router = APIRouter()
MOST_VIEWERS = 300
REFUSED, GOING_AWAY, TRY_LATER = 1008, 1001, 1013


def _from_seq(websocket: WebSocket) -> int | None:
    text = websocket.query_params.get("from_seq", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 16:
        raise ApiError(422, phrase("api.from_seq"))
    return int(text)


@router.websocket("/runs/{run}/stream")
async def stream(websocket: WebSocket, run: str) -> None:
    """Send a run's messages until the viewer leaves."""
    shared = context_of(websocket)
    await websocket.accept()
    try:
        if shared.access.identify(websocket) is None:
            raise ApiError(401, phrase("api.needs_token"))
        broadcast = shared.hub.broadcast(run)
        from_seq = _from_seq(websocket)
    except ApiError as error:
        await websocket.close(REFUSED, str(error)[:120])
        return
    if broadcast.viewers >= MOST_VIEWERS:
        await websocket.close(TRY_LATER, f"{MOST_VIEWERS} viewers are watching already")
        return
    await _serve(websocket, broadcast, from_seq)


async def _serve(websocket: WebSocket, broadcast: Broadcast, from_seq: int | None) -> None:
    speaking = asyncio.create_task(_speak(websocket, broadcast, from_seq))
    listening = asyncio.create_task(_listen(websocket))
    done, open_tasks = await asyncio.wait(
        {speaking, listening}, return_when=asyncio.FIRST_COMPLETED
    )
    for task in open_tasks:
        task.cancel()
    await asyncio.gather(*open_tasks, return_exceptions=True)
    # The socket may be gone in the middle of any of this; there is nobody left to tell.
    with suppress(WebSocketDisconnect, RuntimeError):
        if listening in done and listening.result():
            await websocket.close(REFUSED, "this stream is read-only; send commands to /api/v1")
        elif speaking in done and speaking.exception() is None:
            await websocket.close(GOING_AWAY, "the run has ended")


async def _speak(websocket: WebSocket, broadcast: Broadcast, from_seq: int | None) -> None:
    async for text in broadcast.follow(from_seq):
        await websocket.send_text(text)


async def _listen(websocket: WebSocket) -> bool:
    """Return True when the viewer spoke, False when it left."""
    message = await websocket.receive()
    return bool(message["type"] == "websocket.receive")
