"""A bounded stream of tag readings from a link to one reader."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable

from .base import TagReading, unanswered

LIMIT = 1000


class TagStream(AsyncIterator[TagReading]):
    """What a link has for one subscriber.

    Every reading is kept until there are `LIMIT`; from then on only the last of each tag, so a
    reader that is late loses steps in between, never the present state, and no memory grows.
    """

    def __init__(self, tags: Iterable[str]) -> None:
        self.tags = tuple(dict.fromkeys(tags))
        self._pending: deque[TagReading] = deque()
        self._ready = asyncio.Event()
        self._closed = False

    def push(self, reading: TagReading) -> None:
        """Add a reading."""
        if len(self._pending) >= LIMIT:
            self._pending = deque({kept.tag: kept for kept in self._pending}.values())
        self._pending.append(reading)
        self._ready.set()

    def lose(self) -> None:
        """Say that nobody answers for any tag."""
        for tag in self.tags:
            self.push(unanswered(tag))

    def close(self) -> None:
        """End the iteration after what is pending."""
        self._closed = True
        self._ready.set()

    async def __anext__(self) -> TagReading:
        """Return the next reading."""
        while not self._pending:
            if self._closed:
                raise StopAsyncIteration
            self._ready.clear()
            await self._ready.wait()
        return self._pending.popleft()
