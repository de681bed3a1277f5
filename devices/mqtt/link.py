"""The client of devices on an MQTT bus."""

import asyncio
import json
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from devices.base import Link, LinkState, TagReading, unanswered
from devices.errors import DeviceError, LinkError, WriteRefused
from devices.stream import TagStream
from twin.kernel.signal import Value

from .address import endpoint, field_of, topic_of
from .client import ClientOptions, MqttClient

RETAINED_WAIT_S = 0.5
"""How long a reading waits for a retained message that the broker may have."""


@dataclass(frozen=True, slots=True)
class MqttLinkOptions:
    """Where the broker is and who the twin is there."""

    id: str
    url: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    armed: bool = False
    timeout_s: float = 10.0
    """A broker that is silent for longer is lost."""
    presence: str | None = None
    """Topic that says `offline` when the device is gone: its will."""
    retain: bool = False
    """Whether the broker keeps what is written, for those who subscribe later."""


class MqttLink(Link):
    """A client that mends itself. Tags are `TOPIC`, or `TOPIC#FIELD` of a JSON message."""

    def __init__(self, options: MqttLinkOptions) -> None:
        super().__init__(options.id, armed=options.armed)
        self._options = options
        self._client: MqttClient | None = None
        self._streams: list[TagStream] = []
        self._latest: dict[str, bytes] = {}
        self._asked: set[str] = set()
        self._heard: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._absent = False

    async def connect(self) -> None:
        """Connect; raises `LinkError`."""
        options = self._options
        host, port, tls = endpoint(self.id, options.url)
        self._become(LinkState.CONNECTING)
        self._client = MqttClient(
            ClientOptions(
                host,
                port,
                name=f"pilotline-{self.id}",
                user=options.user,
                password=options.password,
                tls=self._context() if tls else None,
                timeout_s=options.timeout_s,
                keepalive_s=max(1, round(options.timeout_s / 2)),
            ),
            on_up=self._up,
            on_down=self._down,
            on_message=self._message,
        )
        try:
            await self._client.start()
        except DeviceError as error:
            self._client = None
            self._become(LinkState.CLOSED)
            raise LinkError(f"link {self.id!r}: {error}") from None

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._options.ca_file)
        except OSError as error:
            raise LinkError(
                f"link {self.id!r}: cannot read ca_file {self._options.ca_file!r} ({error})"
            ) from None

    async def close(self) -> None:
        """Disconnect and end all subscriptions."""
        client, self._client = self._client, None
        if client is not None:
            await client.stop()
        for stream in self._streams:
            stream.close()
        self._streams.clear()
        self._become(LinkState.CLOSED)

    async def read(self, tags: Iterable[str]) -> dict[str, TagReading]:
        """Return the last message of each tag, waiting briefly for what the broker retains."""
        wanted = list(tags)
        if self.state is not LinkState.CONNECTED:
            return {tag: unanswered(tag) for tag in wanted}
        fresh = {topic_of(tag) for tag in wanted} - self._latest.keys()
        self._ask(fresh)
        waits = [asyncio.create_task(self._heard[topic].wait()) for topic in fresh]
        if waits:
            _, late = await asyncio.wait(waits, timeout=RETAINED_WAIT_S)
            for wait in late:
                wait.cancel()
        return {tag: self._reading(tag) for tag in wanted}

    async def write(self, tag: str, value: Value) -> None:
        """Publish a value on a topic: bare JSON, or an object with the field that the tag names."""
        if not self.armed:
            raise WriteRefused(f"link {self.id!r} is not armed: {tag} = {value!r} was not sent")
        document: Value | dict[str, object] = value
        for name in reversed(tag.partition("#")[2].split(".")):
            document = {name: document} if name else document
        message = json.dumps(document, ensure_ascii=False).encode()
        client, retain = self._client, self._options.retain
        if client is None or not client.publish(topic_of(tag), message, retain=retain, qos=1):
            raise WriteRefused(f"link {self.id!r} is {self.state}: {tag} was not written")

    def subscribe(self, tags: Iterable[str]) -> AsyncIterator[TagReading]:
        """Iterate over the readings of tags."""
        stream = TagStream(tags)
        self._streams.append(stream)
        for tag in stream.tags:
            if topic_of(tag) in self._latest or self.state is not LinkState.CONNECTED:
                stream.push(self._reading(tag))
        self._ask({topic_of(tag) for tag in stream.tags})
        return stream

    def _ask(self, topics: set[str]) -> None:
        fresh = topics - self._asked
        self._asked |= fresh
        if self._client is not None:
            self._client.subscribe(sorted(fresh))

    def _up(self) -> None:
        if self._options.presence:
            self._asked.add(self._options.presence)
        if self._client is not None:
            self._client.subscribe(sorted(self._asked))
        self._become(LinkState.CONNECTED)

    def _down(self) -> None:
        self._become(LinkState.LOST)
        self._forget()

    def _forget(self) -> None:
        self._latest.clear()
        self._heard.clear()
        for stream in self._streams:
            stream.lose()

    def _message(self, topic: str, message: bytes) -> None:
        if topic == self._options.presence:
            self._present(message)
        if self._absent:
            return
        self._latest[topic] = message
        self._heard[topic].set()
        for stream in self._streams:
            for tag in stream.tags:
                if topic_of(tag) == topic:
                    stream.push(self._reading(tag))

    def _present(self, message: bytes) -> None:
        gone = str(field_of(message, "")[0]).lower() in {"offline", "false", "0", "none"}
        if gone and not self._absent:
            self._forget()
        if self._absent and not gone and self._client is not None:
            self._absent = False
            self._client.subscribe(sorted(self._asked - {topic_of(self._options.presence or "")}))
        self._absent = gone

    def _reading(self, tag: str) -> TagReading:
        message = self._latest.get(topic_of(tag))
        if message is None or self.state is not LinkState.CONNECTED:
            return unanswered(tag)
        value, quality, source_s = field_of(message, tag.partition("#")[2])
        return TagReading(tag, value, quality, source_s)
