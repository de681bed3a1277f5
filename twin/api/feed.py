"""What one watcher of a run reads, at its own pace."""

import asyncio
from collections.abc import AsyncIterator, Callable

from twin.wire.codec import apply, merge
from twin.wire.model import Delta, Snapshot


class Feed:
    """What one watcher reads: a Snapshot, then Deltas, merged while it is slow.

    Args:
        first: where it begins.
        closed: hears when the watcher reads no more.
    """

    def __init__(self, first: Snapshot, closed: Callable[["Feed"], None]) -> None:
        self._closed = closed
        self._waiting: Snapshot | Delta | None = first
        self._ready = asyncio.Event()
        self._ready.set()
        self._open = True

    def put(self, message: Snapshot | Delta) -> None:
        """Add a message to what waits to be read."""
        waiting = self._waiting
        if waiting is None or isinstance(message, Snapshot):
            self._waiting = message
        elif isinstance(waiting, Snapshot):
            self._waiting = apply(waiting, message)
        else:
            self._waiting = merge(waiting, message)
        self._ready.set()

    def close(self) -> None:
        """End the iteration."""
        self._open = False
        self._closed(self)
        self._ready.set()

    def __aiter__(self) -> AsyncIterator[Snapshot | Delta]:
        return self._messages()

    async def _messages(self) -> AsyncIterator[Snapshot | Delta]:
        while self._open:
            await self._ready.wait()
            self._ready.clear()
            message, self._waiting = self._waiting, None
            if message is not None and self._open:
                yield message
