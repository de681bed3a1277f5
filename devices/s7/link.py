"""The client of a Siemens controller that allows PUT/GET.

The protocol knows no changes, so the link polls: tags that lie together are read at once, every
`publish_s`. A pulse that is shorter than that can be missed.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from devices.base import Link, LinkState, TagReading, unanswered
from devices.errors import LinkError, WriteRefused
from devices.stream import TagStream
from devices.timing import Timing
from twin.kernel.signal import Value

from .address import S7Tag, blocks, endpoint, parse_tag
from .client import S7Client, S7Gone, S7Refused

_logger = logging.getLogger(__name__)

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 5.0
SLOW = 1.5
"""Polls that take so many times longer than wished are told."""
REFUSED_AGAIN_S = 2.0
"""How soon a tag is asked for again that the controller does not have."""


@dataclass(frozen=True, slots=True)
class S7LinkOptions:
    """Where the controller is."""

    id: str
    url: str
    armed: bool = False
    timeout_s: float = 10.0
    """A controller that is silent for longer is lost."""
    publish_s: float = 0.1
    """How often tags are read."""


class S7Link(Link):
    """A client that mends itself. Tags are addresses such as `DB1.DBW2` or `I0.0`."""

    def __init__(self, options: S7LinkOptions) -> None:
        super().__init__(options.id, armed=options.armed)
        self._options = options
        self.timing = Timing()
        self._where = endpoint(options.id, options.url)
        self._client: S7Client | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._streams: dict[TagStream, dict[str, TagReading]] = {}
        """Each subscription, and what it has been told of its tags."""
        self._refused: dict[str, float] = {}
        """Tags that the controller does not have, and when to ask again."""

    async def connect(self) -> None:
        """Connect; raises `LinkError`."""
        self._become(LinkState.CONNECTING)
        try:
            self._client = await self._attempt()
        except S7Gone as error:
            self._become(LinkState.CLOSED)
            raise LinkError(f"link {self.id!r}: {error}") from None
        self._become(LinkState.CONNECTED)
        self._keeper = asyncio.create_task(self._keep(), name=f"s7 link {self.id}")

    async def _attempt(self) -> S7Client:
        client = S7Client(self._where, timeout_s=self._options.timeout_s, timing=self.timing)
        try:
            await client.connect()
        except BaseException:  # cancelled or failed: its thread must not stay
            await client.close()
            raise
        return client

    async def close(self) -> None:
        """Disconnect and end all subscriptions."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
        await self._let_go()
        for stream in self._streams:
            stream.close()
        self._streams.clear()
        self._become(LinkState.CLOSED)

    async def _let_go(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def read(self, tags: Iterable[str]) -> dict[str, TagReading]:
        """Read tags now."""
        wanted = list(tags)
        client = self._client
        if client is None or self.state is not LinkState.CONNECTED:
            return {tag: unanswered(tag) for tag in wanted}
        try:
            found = await self._fetch(client, wanted)
        except S7Gone:
            found = {}
        return {tag: found.get(tag, unanswered(tag)) for tag in wanted}

    async def write(self, tag: str, value: Value) -> None:
        """Write to the controller in the type that the tag names."""
        if not self.armed:
            raise WriteRefused(f"link {self.id!r} is not armed: {tag} = {value!r} was not sent")
        client = self._client
        if client is None or self.state is not LinkState.CONNECTED:
            raise WriteRefused(f"link {self.id!r} is {self.state}: {tag} was not written")
        try:
            place = parse_tag(tag)
            await client.write(place, place.data(value))
        except (S7Refused, S7Gone, LinkError, ValueError) as error:
            raise WriteRefused(
                f"link {self.id!r}: the PLC refused {tag} = {value!r} ({error})"
            ) from None

    def subscribe(self, tags: Iterable[str]) -> AsyncIterator[TagReading]:
        """Iterate over the readings of tags, as polling finds them."""
        stream = TagStream(tags)
        self._streams[stream] = {}
        if self.state is not LinkState.CONNECTED:
            stream.lose()
        self._wake.set()
        return stream

    # ---- polling

    async def _keep(self) -> None:
        """Poll for ever, and come back after a loss."""
        while True:
            try:
                await self._poll()
            except S7Gone as error:
                _logger.warning("link %s: lost %s (%s)", self.id, self._where, error)
            self._become(LinkState.LOST)
            self.timing.interrupted()
            for stream, told in self._streams.items():
                told.clear()
                stream.lose()
            await self._let_go()
            await self._come_back()
            self._refused.clear()
            self._become(LinkState.CONNECTED)
            _logger.info("link %s: %s is back", self.id, self._where)

    async def _come_back(self) -> None:
        delay_s = FIRST_DELAY_S
        while self._client is None:
            await asyncio.sleep(delay_s * (0.5 + secrets.randbelow(1000) / 1000))
            with contextlib.suppress(S7Gone):
                self._client = await self._attempt()
            delay_s = min(delay_s * 2, LONGEST_DELAY_S)

    async def _poll(self) -> None:
        """Read what anybody wants, again and again; raises `S7Gone`."""
        now = asyncio.get_running_loop().time
        client = self._client
        assert client is not None
        while True:
            self._wake.clear()
            begun_s = now()
            wanted = {tag for stream in self._streams for tag in stream.tags}
            self.timing.polled(begun_s)
            self._watch_pace()
            if wanted:
                self._tell(await self._fetch(client, sorted(wanted)))
            else:
                # Nobody asks for anything: see now and then that the controller is still there.
                await self._alive(client)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(max(begun_s + self._options.publish_s, now())):
                    await self._wake.wait()
                self.timing.interrupted()

    def _watch_pace(self) -> None:
        """Say once that polls take longer than wished: shorter pulses are missed then."""
        wished_ms, period_ms = self._options.publish_s * 1e3, self.timing.period_ms
        full = len(self.timing.gaps_s) == self.timing.gaps_s.maxlen
        if full and not self.warnings and period_ms and period_ms > SLOW * wished_ms:
            text = (
                f"the PLC is asked every {period_ms:.0f} ms instead of {wished_ms:g} ms, as its "
                "answers take so long: what is on for a shorter time is missed; ask for fewer "
                "areas, or let the PLC keep it longer"
            )
            self.warnings.append(text)
            _logger.warning("link %s: %s", self.id, text)

    async def _alive(self, client: S7Client) -> None:
        with contextlib.suppress(S7Refused):
            await client.read(parse_tag("MB0").area, 0, 0, 1)

    def _tell(self, found: dict[str, TagReading]) -> None:
        for stream, told in self._streams.items():
            for tag in stream.tags:
                reading = found.get(tag)
                if reading is not None and told.get(tag) != reading:
                    told[tag] = reading
                    stream.push(reading)

    async def _fetch(self, client: S7Client, tags: list[str]) -> dict[str, TagReading]:
        """Return the readings of tags; those that the controller does not have are BAD."""
        now_s = asyncio.get_running_loop().time()
        found: dict[str, TagReading] = {}
        places: list[S7Tag] = []
        for tag in tags:
            try:
                place = parse_tag(tag)
            except LinkError as error:
                self._refuse(tag, str(error), now_s + 1e9)
                found[tag] = unanswered(tag)
                continue
            if self._refused.get(tag, now_s) > now_s:
                found[tag] = unanswered(tag)
            else:
                places.append(place)
        for block in blocks(places):
            try:
                data = await client.read(block.area, block.db, block.first, block.end - block.first)
            except S7Refused as error:
                if len(block.tags) > 1:
                    found |= await self._one_by_one(client, block.tags, now_s)
                else:
                    self._refuse(block.tags[0].text, str(error), now_s + REFUSED_AGAIN_S)
                    found[block.tags[0].text] = unanswered(block.tags[0].text)
                continue
            for tag, value in block.values(data).items():
                self._refused.pop(tag, None)
                found[tag] = unanswered(tag) if value is None else TagReading(tag, value)
        return found

    async def _one_by_one(
        self, client: S7Client, places: list[S7Tag], now_s: float
    ) -> dict[str, TagReading]:
        """Read the tags of a block that was refused as a whole, to see which one is to blame."""
        found: dict[str, TagReading] = {}
        for place in places:
            try:
                value = place.value(await client.read(place.area, place.db, place.byte, place.size))
            except S7Refused as error:
                self._refuse(place.text, str(error), now_s + REFUSED_AGAIN_S)
                value = None
            found[place.text] = (
                unanswered(place.text) if value is None else TagReading(place.text, value)
            )
        return found

    def _refuse(self, tag: str, why: str, again_s: float) -> None:
        if tag not in self._refused:
            _logger.warning("link %s: %s: %s", self.id, tag, why)
        self._refused[tag] = again_s
