"""The client of a Modbus TCP server: a PLC, remote I/O, another twin. It polls."""

import asyncio
import contextlib
import logging
import math
import secrets
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from devices.base import Link, LinkState, TagReading, unanswered
from devices.errors import LinkError, WriteRefused
from devices.stream import TagStream
from twin.kernel.signal import Value

from .address import Space, Tag, endpoint, parse
from .client import Client, Gone, Refused
from .poll import Block, block_of, blocks
from .registers import WordOrder

_logger = logging.getLogger(__name__)

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 5.0
AGAIN_S = 2.0
"""How soon tags are asked for again that the device did not have."""
PLANS = 32
"""Sets of tags whose requests are remembered."""
PASSING = (4, 5, 6)
"""Refusals that may be over soon: failure, not finished, busy."""


@dataclass(frozen=True, slots=True)
class ModbusLinkOptions:
    """Where the server is, and what its tags mean that do not say it."""

    id: str
    url: str
    unit: int = 1
    """Of tags that name none."""
    word_order: WordOrder = WordOrder.HIGH_FIRST
    armed: bool = False
    timeout_s: float = 10.0
    """A server that is silent for longer is lost."""
    publish_s: float = 0.1
    """From one poll to the next, s."""


class ModbusLink(Link):
    """A client that mends itself. Tags are as `holding:10:real`: see `address`."""

    def __init__(self, options: ModbusLinkOptions) -> None:
        super().__init__(options.id, armed=options.armed)
        self._options = options
        self._client: Client | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._streams: dict[TagStream, dict[str, TagReading]] = {}
        """Each with what it was told last of each tag."""
        self._tags: dict[str, Tag | None] = {}
        self._latest: dict[str, TagReading] = {}
        self._missing: dict[str, float] = {}
        """What the device refused although it was asked for alone, and when to ask again."""
        self._bridge = True
        self._plans: dict[tuple[frozenset[str], bool], list[Block]] = {}
        self._written: dict[str, Value] = {}
        self._edges_s: dict[str, float] = {}
        """When each bit was written last with another value."""

    async def connect(self) -> None:
        """Connect; raises `LinkError`."""
        self._become(LinkState.CONNECTING)
        problem = await self._attempt()
        if problem is not None:
            self._become(LinkState.CLOSED)
            raise LinkError(f"link {self.id!r}: {self._options.url}: {problem}")
        self._become(LinkState.CONNECTED)
        self._keeper = asyncio.create_task(self._keep(), name=f"modbus link {self.id}")

    async def close(self) -> None:
        """Disconnect and end all subscriptions."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
        self._let_go()
        for stream in self._streams:
            stream.close()
        self._streams.clear()
        self._become(LinkState.CLOSED)

    async def read(self, tags: Iterable[str]) -> dict[str, TagReading]:
        """Read tags now."""
        wanted = list(tags)
        found = {tag: unanswered(tag) for tag in wanted}
        if self._client is not None and self.state is LinkState.CONNECTED:
            with contextlib.suppress(Gone):
                found |= await self._ask(self._client, wanted)
        return found

    async def write(self, tag: str, value: Value) -> None:
        """Write to the device, both words of a 32-bit value in one request."""
        if not self.armed:
            raise WriteRefused(f"link {self.id!r} is not armed: {tag} = {value!r} was not sent")
        client = self._client
        if client is None or self.state is not LinkState.CONNECTED:
            raise WriteRefused(f"link {self.id!r} is {self.state}: {tag} was not written")
        try:
            meant = self._parse(tag)
            await self._write(client, meant, value)
        except (Refused, ValueError) as error:
            more = ""
            if isinstance(error, Refused) and error.code == 1 and "." in tag:
                more = "; it may not know how to write one bit of a register: give the whole one"
            raise WriteRefused(
                f"link {self.id!r}: {tag} = {value!r} was not written: {error}{more}"
            ) from None
        except Gone:
            raise WriteRefused(f"link {self.id!r} is lost: {tag} was not written") from None
        self._note_edge(tag, value)

    def subscribe(self, tags: Iterable[str]) -> AsyncIterator[TagReading]:
        """Iterate over the readings of tags, the present ones first, then the changes."""
        stream = TagStream(tags)
        self._streams[stream] = {}
        if self._client is not None and self.state is LinkState.CONNECTED:
            self._wake.set()
        else:
            stream.lose()
        return stream

    # ---- the connection

    async def _keep(self) -> None:
        """Poll for ever, and come back after a loss."""
        while True:
            if self._client is not None:
                with contextlib.suppress(Gone):
                    await self._poll(self._client)
            self._become(LinkState.LOST)
            _logger.warning("link %s: lost %s", self.id, self._options.url)
            for stream, told in self._streams.items():
                stream.lose()
                told.clear()
            self._let_go()
            await self._come_back()
            self._become(LinkState.CONNECTED)
            _logger.info("link %s: %s is back", self.id, self._options.url)

    async def _come_back(self) -> None:
        delay_s = FIRST_DELAY_S
        while True:
            await asyncio.sleep(delay_s * (0.5 + secrets.randbelow(1000) / 1000))
            if await self._attempt() is None:
                return
            delay_s = min(delay_s * 2, LONGEST_DELAY_S)

    async def _attempt(self) -> str | None:
        """Try once; returns what went wrong and the remedy, None when connected."""
        host, port = endpoint(self.id, self._options.url)
        client = Client(host, port, self._options.timeout_s, self.timing, self._wake.set)
        problem = await client.open()
        if problem is None:
            self._client = client
        return problem

    def _let_go(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()
        self.timing.interrupted()
        self._latest.clear()
        self._missing.clear()
        self._written.clear()
        self._edges_s.clear()
        self._bridge = True

    # ---- reading

    async def _poll(self, client: Client) -> None:
        """Ask for all subscribed tags again and again; raises `Gone`."""
        loop = asyncio.get_running_loop()
        due_s = loop.time() + (0.0 if self._streams else self._pace(set()))
        while True:
            now_s = loop.time()
            wanted = {tag for stream in self._streams for tag in stream.tags}
            if now_s >= due_s:
                self.timing.polled(now_s)
                if not wanted:
                    await self._probe(client)
                due_s = max(due_s + self._pace(wanted), now_s)
            else:
                # Somebody subscribed: what is new is not kept waiting.
                due_s = min(due_s, now_s + self._pace(wanted))
                wanted -= self._latest.keys()
            self._wake.clear()
            self._latest |= await self._ask(client, wanted) if wanted else {}
            self._tell()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(due_s - loop.time(), 0.0)):
                    await self._wake.wait()
            if client.lost.is_set():
                raise Gone

    def _pace(self, wanted: set[str]) -> float:
        """Return the time to the next poll, s. With nothing to ask it is to notice a loss."""
        return self._options.publish_s if wanted else self._options.timeout_s / 2

    async def _probe(self, client: Client) -> None:
        tag = Tag(self._options.unit, Space.COIL, 0)
        with contextlib.suppress(Refused):
            await client.read(block_of([("", tag)]))

    def _tell(self) -> None:
        for stream, told in self._streams.items():
            for tag in stream.tags:
                reading = self._latest.get(tag)
                if reading is not None and told.get(tag) != reading:
                    told[tag] = reading
                    stream.push(reading)

    async def _ask(self, client: Client, tags: Iterable[str]) -> dict[str, TagReading]:
        """Return a reading of each tag; raises `Gone`."""
        found = {tag: unanswered(tag) for tag in tags}
        now_s = asyncio.get_running_loop().time()
        for block in self._plan(frozenset(found).difference(self._missing)):
            try:
                found |= _readings(block, await client.read(block))
            except Refused as error:
                if len(block.tags) == 1:
                    self._note_missing(block.tags[0][0], error)
                else:
                    found |= await self._ask_apart(client, block)
        again = [tag for tag in found if now_s >= self._missing.get(tag, math.inf)]
        for block in blocks(self._meanings(again)):
            found |= await self._ask_apart(client, block)
        return found

    def _plan(self, tags: frozenset[str]) -> list[Block]:
        """Return the requests for tags; the same ones are asked for again and again."""
        key = (tags, self._bridge)
        if key not in self._plans:
            if len(self._plans) >= PLANS:
                self._plans.clear()
            self._plans[key] = blocks(self._meanings(tags), bridge=self._bridge)
        return self._plans[key]

    async def _ask_apart(self, client: Client, block: Block) -> dict[str, TagReading]:
        """Ask for each tag of a refused block alone, and remember which the device has not."""
        found: dict[str, TagReading] = {}
        for one in block.apart():
            tag = one.tags[0][0]
            try:
                found |= _readings(one, await client.read(one))
                self._missing.pop(tag, None)
            except Refused as error:
                self._note_missing(tag, error)
        if len(found) == len(block.tags) > 1:
            # Each can be had, so it is what lies between them that cannot.
            self._bridge = False
        return found

    def _note_missing(self, tag: str, error: Refused) -> None:
        if tag not in self._missing:
            self._warn(f"{tag}: {error}")
        wait_s = 0.0 if error.code in PASSING else AGAIN_S
        self._missing[tag] = asyncio.get_running_loop().time() + wait_s

    def _meanings(self, tags: Iterable[str]) -> list[tuple[str, Tag]]:
        """Return what tags mean; one that means nothing is told once."""
        for tag in tags:
            if tag not in self._tags:
                try:
                    self._tags[tag] = self._parse(tag)
                except ValueError as error:
                    self._tags[tag] = None
                    self._warn(str(error))
        return [(tag, meant) for tag in tags if (meant := self._tags[tag]) is not None]

    def _parse(self, tag: str) -> Tag:
        return parse(tag, unit=self._options.unit, order=self._options.word_order)

    # ---- writing

    async def _write(self, client: Client, tag: Tag, value: Value) -> None:
        if not tag.space.writable:
            raise ValueError(
                f"a {tag.space} can only be read; write to a coil or a holding register"
            )
        if tag.space.bits or tag.bit is not None:
            if isinstance(value, str) or value not in (0, 1):
                raise ValueError("a bit is true or false")
            await client.write_bit(tag, value=bool(value))
        else:
            await client.write_words(tag, tag.words(value))

    def _note_edge(self, tag: str, value: Value) -> None:
        """Look whether a bit came and went within one poll: the device may miss it as well."""
        if not isinstance(value, bool) or self._written.get(tag) == value:
            return
        known = tag in self._written
        self._written[tag] = value
        now_s = asyncio.get_running_loop().time()
        before_s = self._edges_s.get(tag, -math.inf)
        if known:
            self._edges_s[tag] = now_s
        if now_s - before_s < self._options.publish_s:
            self._warn(
                f"{tag} changed twice within one poll ({self._options.publish_s * 1e3:g} ms): a "
                "pulse so short is likely to be missed by the device; lengthen it, or count it"
            )

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)
            _logger.warning("link %s: %s", self.id, text)


def _readings(block: Block, answer: list[int] | list[bool]) -> dict[str, TagReading]:
    found: dict[str, TagReading] = {}
    for name, tag in block.tags:
        value = tag.value(block.elements(tag, answer))
        broken = isinstance(value, float) and not math.isfinite(value)
        found[name] = unanswered(name) if broken else TagReading(name, value)
    return found
