"""One run's messages for many viewers: each encoded once, the recent ones kept.

A viewer that comes back names the last message it has and gets those it missed; when they are no
longer kept, a Snapshot. A viewer that lags gets what it missed merged into one message. Nobody
waits for anybody.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import reduce
from typing import Generic, Protocol, TypeVar

from twin.wire.codec import Message, apply, encode, merge
from twin.wire.model import Delta, Snapshot

KEPT = 256
"""Recent messages that a returning viewer can ask for; at 5 a second almost a minute."""
LAG = 2
"""A viewer that is further behind than so many messages gets them merged."""
PERIOD_S = 0.2
BEAT_S = 1.0
"""Longest silence: viewers set their clocks by each message, and miss a server that is gone."""


M = TypeVar("M", Snapshot, Delta)


class _Feed(Protocol):
    def __aiter__(self) -> AsyncIterator[Message]: ...
    def close(self) -> None: ...


class _Encoded(Generic[M]):
    """A message and its text, made when somebody first wants it."""

    __slots__ = ("_text", "message")

    def __init__(self, message: M) -> None:
        self.message: M = message
        self._text: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = encode(self.message)
        return self._text


def merged_text(deltas: list[Delta]) -> str:
    """Return several Deltas as one message that says how far back it reaches.

    `since` is the number of the message that it follows: a Delta without it follows `seq` - 1.
    """
    return f'{encode(reduce(merge, deltas))[:-1]},"since":{deltas[0].seq - 1}}}'


class Broadcast:
    """Follows one run and serves any number of viewers.

    Its numbers begin at a random one, so that a viewer which outlived an earlier server never
    takes the messages of this one for the next of that.

    Args:
        watch: opens the run's feed.
        now: returns the run's time (s) and rate.
        kept: how many recent messages are kept.
        period_s: shortest time between messages.
        beat_s: longest time between messages.
    """

    def __init__(
        self,
        watch: Callable[[], _Feed],
        now: Callable[[], tuple[float, float]],
        *,
        kept: int = KEPT,
        period_s: float = PERIOD_S,
        beat_s: float = BEAT_S,
    ) -> None:
        self._watch = watch
        self._now = now
        self._period_s = period_s
        self._beat_s = beat_s
        self._recent: deque[_Encoded[Delta]] = deque(maxlen=kept)
        self._state: _Encoded[Snapshot] | None = None
        self._seq = secrets.randbits(40)
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.closed = False
        self.viewers = 0

    def close(self) -> None:
        """End every viewer's stream."""
        self.closed = True
        if self._task is not None:
            self._task.cancel()
        self._news.set()

    async def follow(self, from_seq: int | None = None) -> AsyncIterator[str]:
        """Yield messages as text: a Snapshot, or what came after `from_seq`; then all that comes.

        Args:
            from_seq: number of the last message that the viewer has.
        """
        if self._task is None and not self.closed:
            self._task = asyncio.create_task(self._run(), name="broadcast")
        self.viewers += 1
        try:
            seen = from_seq
            while not self.closed:
                news = self._news
                for text, seq in self._after(seen):
                    seen = seq
                    yield text
                if seen == self._seq or self._state is None:
                    await news.wait()
        finally:
            self.viewers -= 1

    def _after(self, seen: int | None) -> list[tuple[str, int]]:
        """Return what a viewer who has seen `seen` is to get now, each with its number."""
        if self._state is None:
            return []
        missed = None if seen is None else self._seq - seen
        if missed is None or missed < 0 or missed > len(self._recent):
            return [(self._state.text, self._seq)]
        if missed == 0:
            return []
        waiting = list(self._recent)[-missed:]
        if missed > LAG:
            return [(merged_text([kept.message for kept in waiting]), self._seq)]
        return [(kept.text, kept.message.seq) for kept in waiting]

    async def _run(self) -> None:
        feed = self._watch()
        messages = aiter(feed)
        coming: asyncio.Task[Message | None] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(_next(messages))
                done, _ = await asyncio.wait({coming}, timeout=self._beat_s)
                if done:
                    message = coming.result()
                    coming = None
                    if message is None:
                        break
                    self._take(message)
                elif self._state is not None:
                    self._take(Delta(0, *self._now()))
                await asyncio.sleep(self._period_s)
        finally:
            self.closed = True
            if coming is not None:
                coming.cancel()
            feed.close()
            self._tell()

    def _take(self, message: Message) -> None:
        self._seq += 1
        numbered = replace(message, seq=self._seq)
        if isinstance(numbered, Snapshot):
            self._state = _Encoded(numbered)
            self._recent.clear()
        elif self._state is not None:
            self._state = _Encoded(apply(self._state.message, numbered))
            self._recent.append(_Encoded(numbered))
        self._tell()

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


async def _next(messages: AsyncIterator[Message]) -> Message | None:
    return await anext(messages, None)
