"""The client of an OPC UA server: a PLC, a machine, another twin.

After a loss everything is asked for anew on a fresh session. The library can transfer an old
subscription instead, but several servers answer that wrongly, and a mirror wants the present
state, not the missed steps.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from asyncua import Client, ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256

from devices.base import Link, LinkState, TagReading, unanswered
from devices.errors import LinkError, WriteRefused
from devices.ports import is_loopback
from devices.stream import TagStream
from twin.kernel.signal import Value

from .address import CLIENT, find_node, reading
from .certificate import own_certificate
from .follow import follow
from .quiet import speak_less

_logger = logging.getLogger(__name__)

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 5.0
SESSION_S = 60.0
MEASURE_S = 1.0
"""How often the round trip is measured while nobody reads or writes."""

_FAILURES = (OSError, TimeoutError, ua.UaError)


@dataclass(frozen=True, slots=True)
class OpcUaLinkOptions:
    """Where the server is and who the twin is there."""

    id: str
    url: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    encrypted: bool = False
    armed: bool = False
    timeout_s: float = 10.0
    """A server that is silent for longer is lost. It must be more than two round trips."""
    publish_s: float = 0.1
    state_dir: Path = field(default_factory=lambda: Path.home() / ".pilotline" / "opcua")


class OpcUaLink(Link):
    """A client that mends itself. Tags are node ids, best as `nsu=URI;s=NAME`."""

    def __init__(self, options: OpcUaLinkOptions) -> None:
        super().__init__(options.id, armed=options.armed)
        self._options = options
        self._client: Client | None = None
        self._lost = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._streams: list[TagStream] = []
        self._followers: set[asyncio.Task[None]] = set()
        self._types: dict[str, ua.VariantType] = {}
        self._nodes: dict[str, ua.NodeId] = {}

    async def connect(self) -> None:
        """Connect; raises `LinkError`."""
        host = urlsplit(self._options.url).hostname or ""
        if self._options.user and not self._options.encrypted and not is_loopback(host):
            raise LinkError(
                f"link {self.id!r}: the password would travel readable to {host}; "
                "set `encrypted: true`"
            )
        speak_less()
        self._become(LinkState.CONNECTING)
        problem = await self._attempt()
        if problem is not None:
            self._become(LinkState.CLOSED)
            raise LinkError(f"link {self.id!r}: {problem}")
        self._become(LinkState.CONNECTED)
        self._keeper = asyncio.create_task(self._keep(), name=f"opcua link {self.id}")

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

    async def read(self, tags: Iterable[str]) -> dict[str, TagReading]:
        """Read tags now."""
        wanted = list(tags)
        client = self._client
        if client is None or self.state is not LinkState.CONNECTED:
            return {tag: unanswered(tag) for tag in wanted}
        try:
            nodes = [client.get_node(await self._find(client, tag)) for tag in wanted]
            began_s = monotonic()
            values = await client.read_attributes(nodes)
            self.timing.took(monotonic() - began_s)
        except (*_FAILURES, LinkError):
            return {tag: unanswered(tag) for tag in wanted}
        return {tag: reading(tag, value) for tag, value in zip(wanted, values, strict=True)}

    async def write(self, tag: str, value: Value) -> None:
        """Write to the device in the type that its node has."""
        if not self.armed:
            raise WriteRefused(f"link {self.id!r} is not armed: {tag} = {value!r} was not sent")
        client = self._client
        if client is None or self.state is not LinkState.CONNECTED:
            raise WriteRefused(f"link {self.id!r} is {self.state}: {tag} was not written")
        try:
            node = client.get_node(await self._find(client, tag))
            if tag not in self._types:
                self._types[tag] = await node.read_data_type_as_variant_type()
            variant = ua.Variant(value, self._types[tag])
            began_s = monotonic()
            await node.write_attribute(ua.AttributeIds.Value, ua.DataValue(variant))
            self.timing.took(monotonic() - began_s)
        except (*_FAILURES, LinkError) as error:
            raise WriteRefused(
                f"link {self.id!r}: the device refused {tag} = {value!r} ({error})"
            ) from None

    async def _find(self, client: Client, tag: str) -> ua.NodeId:
        """Return the node of a tag; a server numbers its namespaces once for each session."""
        node = self._nodes.get(tag)
        if node is None:
            node = self._nodes[tag] = await find_node(client, tag)
        return node

    def subscribe(self, tags: Iterable[str]) -> AsyncIterator[TagReading]:
        """Iterate over the readings of tags."""
        stream = TagStream(tags)
        self._streams.append(stream)
        if self._client is not None and self.state is LinkState.CONNECTED:
            self._follow(self._client, stream)
        else:
            stream.lose()
        return stream

    def _follow(self, client: Client, stream: TagStream) -> None:
        follower = asyncio.create_task(
            follow(client, stream, publish_s=self._options.publish_s, lost=self._lost)
        )
        self._followers.add(follower)

    async def _keep(self) -> None:
        """Watch the connection for ever, and come back after a loss."""
        while True:
            await self._lost.wait()
            self._become(LinkState.LOST)
            _logger.warning("link %s: lost %s", self.id, self._options.url)
            for stream in self._streams:
                stream.lose()
            await self._let_go()
            client = await self._come_back()
            self._become(LinkState.CONNECTED)
            _logger.info("link %s: %s is back", self.id, self._options.url)
            for stream in self._streams:
                self._follow(client, stream)

    async def _measure(self, client: Client) -> None:
        """Ask the server how it is now and then, to know the round trip."""
        state = client.get_node(ua.NodeId(ua.ObjectIds.Server_ServerStatus_State))
        while True:
            await asyncio.sleep(MEASURE_S)
            began_s = monotonic()
            with contextlib.suppress(*_FAILURES):  # the library sees by itself what is lost
                await state.read_value()
                self.timing.took(monotonic() - began_s)

    async def _come_back(self) -> Client:
        delay_s = FIRST_DELAY_S
        while True:
            await asyncio.sleep(delay_s * (0.5 + secrets.randbelow(1000) / 1000))
            if await self._attempt() is None and self._client is not None:
                return self._client
            delay_s = min(delay_s * 2, LONGEST_DELAY_S)

    async def _attempt(self) -> str | None:
        """Try once; returns what went wrong and the remedy, None when connected."""
        options = self._options
        client = Client(
            options.url,
            timeout=options.timeout_s,
            # The library waits no longer for its probe than it waits between probes.
            watchdog_intervall=options.timeout_s / 2,
        )
        client.name = client.description = "Pilotline"
        client.application_uri = CLIENT
        client.session_timeout = SESSION_S * 1000
        if options.user is not None:
            client.set_user(options.user)
            client.set_password(options.password or "")
        client.connection_lost_callback = self._on_lost
        try:
            if options.encrypted:
                pair = await own_certificate(options.state_dir, uri=CLIENT, server=False)
                await client.set_security(SecurityPolicyBasic256Sha256, pair.certificate, pair.key)
            await client.connect()
        except TimeoutError:
            return f"no answer from {options.url} within {options.timeout_s:g} s"
        except ConnectionRefusedError:
            return f"nothing listens at {options.url}: is the server running?"
        except OSError as error:
            return f"cannot reach {options.url} ({error.strerror or error})"
        except (ua.uaerrors.BadUserAccessDenied, ua.uaerrors.BadIdentityTokenRejected):
            who = options.user or "an anonymous client"
            return f"{options.url} refuses {who}: check user and password"
        except ua.UaError as error:
            return f"{options.url} refuses ({error}): check `encrypted`, user and password"
        self._lost.clear()
        self._nodes.clear()
        self._types.clear()
        self._client = client
        self._followers.add(asyncio.create_task(self._measure(client)))
        return None

    async def _on_lost(self, _error: Exception) -> None:
        self._lost.set()

    async def _let_go(self) -> None:
        client, self._client = self._client, None
        followers, self._followers = self._followers, set()
        for follower in followers:
            follower.cancel()
        await asyncio.gather(*followers, return_exceptions=True)
        if client is not None:
            client.connection_lost_callback = None
            with contextlib.suppress(*_FAILURES):
                await asyncio.wait_for(client.disconnect(), 1.0)
