"""An MQTT client on the asyncio loop: paho's protocol, our sockets, no thread.

The client connects once or says why not, and from then on comes back by itself. Nothing is queued
while it is away: what is retained is published anew when it is back, so that memory stays bounded
and nobody receives stale values late.
"""

import asyncio
import contextlib
import logging
import secrets
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from devices.errors import DeviceError
from devices.ports import is_loopback

from .transport import open_socket

_logger = logging.getLogger(__name__)

HOUSEKEEPING_S = 0.5
FIRST_DELAY_S = 0.3
LONGEST_DELAY_S = 5.0


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes when the client is gone without a word."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """Where the broker is, and who the client is."""

    host: str
    port: int
    name: str
    """What the connection is called in messages and in the client id."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    keepalive_s: int = 5
    timeout_s: float = 10.0
    will: Will | None = None
    fresh_only: bool = False
    """Whether messages that the broker had kept are passed over."""


class _Paho(paho.Client):
    """paho with a socket that was connected beforehand: its own way of connecting blocks."""

    ready: socket.socket

    def _create_socket(self) -> socket.socket:
        return self.ready


class MqttClient:
    """One connection to a broker.

    Args:
        options: where and who.
        on_up: called when the connection stands, each time.
        on_down: called when it is lost, each time.
        on_message: called with topic and payload.
    """

    def __init__(
        self,
        options: ClientOptions,
        *,
        on_up: Callable[[], None] | None = None,
        on_down: Callable[[], None] | None = None,
        on_message: Callable[[str, bytes], None] | None = None,
    ) -> None:
        self._options = options
        self._on_up = on_up or _nothing
        self._on_down = on_down or _nothing
        self._on_message = on_message or _ignore
        self._paho = self._make()
        self._loop: asyncio.AbstractEventLoop
        self._keeper: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[ReasonCode] | None = None
        self._down = asyncio.Event()
        self._drained = asyncio.Event()
        self._unconfirmed: set[int] = set()
        self.connected = False

    def _make(self) -> _Paho:
        options = self._options
        client = _Paho(
            CallbackAPIVersion.VERSION2,
            # Nobody can guess it, so nobody can take the connection over by using the same id.
            client_id=f"{options.name}-{secrets.token_hex(6)}",
            protocol=paho.MQTTv311,
            reconnect_on_failure=False,
        )
        if options.user is not None:
            client.username_pw_set(options.user, options.password)
        if options.will is not None:
            client.will_set(options.will.topic, options.will.payload, qos=1, retain=True)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_message = self._received
        client.on_publish = self._published
        client.on_socket_open = self._socket_opened
        client.on_socket_close = self._socket_closed
        client.on_socket_register_write = self._want_write
        client.on_socket_unregister_write = self._no_write
        return client

    async def start(self) -> None:
        """Connect, or raise `DeviceError` that says why not and what to do."""
        self._loop = asyncio.get_running_loop()
        options = self._options
        if options.password and options.tls is None and not is_loopback(options.host):
            _logger.warning("MQTT %s: the password travels readable; use TLS", options.name)
        problem = await self._attempt()
        if problem is not None:
            raise DeviceError(problem)
        self._keeper = self._loop.create_task(self._keep(), name=f"mqtt {self._options.name}")

    async def stop(self) -> None:
        """Say goodbye and close."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
        if self.connected:
            # A broker may drop what came just before a goodbye and was not confirmed.
            with contextlib.suppress(TimeoutError):
                await self.drain(timeout_s=0.5, confirmed=True)
            self.connected = False  # a goodbye is no loss
            self._paho.disconnect()
            with contextlib.suppress(TimeoutError):
                await self.drain(timeout_s=0.5)
        self._drop()

    def publish(self, topic: str, payload: bytes, *, retain: bool, qos: int = 0) -> bool:
        """Hand a message to the connection; returns whether there is one."""
        if not self.connected:
            return False
        sent = self._paho.publish(topic, payload, qos=qos, retain=retain)
        if qos:
            self._unconfirmed.add(sent.mid)
        return sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def subscribe(self, topics: list[str]) -> None:
        """Ask for topics; they must be asked for anew each time the connection is up."""
        if self.connected and topics:
            self._paho.subscribe([(topic, 1) for topic in topics])

    async def drain(self, *, timeout_s: float = 10.0, confirmed: bool = False) -> None:
        """Wait until everything handed over has left; raises `TimeoutError`.

        Args:
            timeout_s: longest wait.
            confirmed: wait for the broker to confirm what was sent with QoS 1, too.
        """
        async with asyncio.timeout(timeout_s):
            while self._paho.socket() is not None and (
                self._paho.want_write() or (confirmed and self._unconfirmed)
            ):
                self._drained.clear()
                await self._drained.wait()

    async def _keep(self) -> None:
        """Look after the connection for ever: keep-alive, and back again after a loss."""
        while True:
            while self.connected:
                self._paho.loop_misc()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(HOUSEKEEPING_S):
                        await self._down.wait()
            _logger.warning("MQTT %s: lost the broker %s", self._options.name, self._where)
            await self._come_back()
            _logger.info("MQTT %s: the broker %s is back", self._options.name, self._where)

    async def _come_back(self) -> None:
        delay_s = FIRST_DELAY_S
        while True:
            await asyncio.sleep(delay_s * (0.5 + secrets.randbelow(1000) / 1000))
            if await self._attempt() is None:
                return
            delay_s = min(delay_s * 2, LONGEST_DELAY_S)

    @property
    def _where(self) -> str:
        return f"{self._options.host}:{self._options.port}"

    async def _attempt(self) -> str | None:
        """Try once; returns what went wrong and the remedy, None when connected."""
        options = self._options
        try:
            self._paho.ready = await open_socket(
                options.host, options.port, tls=options.tls, timeout_s=options.timeout_s
            )
        except TimeoutError:
            return f"no answer from {self._where} within {options.timeout_s:g} s: is it reachable?"
        except ssl.SSLError as error:
            return f"{self._where} has no valid certificate ({error.reason}): see `ca_file`"
        except OSError as error:
            return f"no MQTT broker at {self._where} ({error.strerror or error}): is it running?"
        self._paho.connect_async(options.host, options.port, options.keepalive_s)
        self._answer = self._loop.create_future()
        self._down.clear()
        self._paho.reconnect()
        try:
            async with asyncio.timeout(options.timeout_s):
                code = await self._answer
        except TimeoutError:
            self._drop()
            return f"{self._where} takes the connection but does not speak MQTT"
        finally:
            self._answer = None
        if code.is_failure:
            self._drop()
            return (
                f"the broker at {self._where} refuses {options.user or 'an anonymous client'} "
                f"({code}): check user and password"
            )
        return None

    def _drop(self) -> None:
        self.connected = False
        sock = self._paho.socket()
        if isinstance(sock, socket.socket):
            self._forget(sock)
            sock.close()

    def _connected(
        self, _client: paho.Client, _data: Any, _flags: Any, code: ReasonCode, _properties: Any
    ) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(code)
        if not code.is_failure:
            self.connected = True
            self._on_up()

    def _disconnected(
        self, _client: paho.Client, _data: Any, _flags: Any, code: ReasonCode, _properties: Any
    ) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(code)
        if self.connected:
            self.connected = False
            self._on_down()
        self._unconfirmed.clear()
        self._down.set()
        self._drained.set()

    def _published(
        self, _client: paho.Client, _data: Any, number: int, _code: Any, _properties: Any
    ) -> None:
        self._unconfirmed.discard(number)
        self._drained.set()

    def _received(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        if not (message.retain and self._options.fresh_only):
            self._on_message(message.topic, bytes(message.payload))

    def _socket_opened(self, _client: paho.Client, _data: Any, sock: Any) -> None:
        self._loop.add_reader(sock, self._readable, sock)

    def _readable(self, sock: socket.socket) -> None:
        self._paho.loop_read()
        # TLS may hold decrypted bytes that the selector knows nothing of.
        while isinstance(sock, ssl.SSLSocket) and sock.fileno() >= 0 and sock.pending():
            self._paho.loop_read()

    def _socket_closed(self, _client: paho.Client, _data: Any, sock: Any) -> None:
        self._forget(sock)

    def _forget(self, sock: Any) -> None:
        if sock.fileno() >= 0:
            self._loop.remove_reader(sock)
            self._loop.remove_writer(sock)

    def _want_write(self, _client: paho.Client, _data: Any, sock: Any) -> None:
        self._loop.add_writer(sock, self._writable)

    def _writable(self) -> None:
        self._paho.loop_write()
        if not self._paho.want_write():
            self._drained.set()

    def _no_write(self, _client: paho.Client, _data: Any, sock: Any) -> None:
        if sock.fileno() >= 0:
            self._loop.remove_writer(sock)


def _nothing() -> None:
    pass


def _ignore(_topic: str, _payload: bytes) -> None:
    pass
