"""The twin as MQTT topics."""

import asyncio
import contextlib
import json
import logging
import secrets
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from devices.accounts import Accounts
from devices.base import Outlet, Run
from devices.errors import DeviceError, OutletError
from devices.words import spoken
from twin.kernel.alarm import Alarm
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused, SignalError
from twin.kernel.signal import Reading, Value
from twin.spec.messages import phrase

from .address import REFUSED, SET, base_topic, payload, stamp, wish
from .broker import OWNER, BrokerOptions, EmbeddedBroker, Ledger
from .client import ClientOptions, MqttClient, Will

_logger = logging.getLogger(__name__)

LINGER_S = 0.2
CHUNK = 50
"""Messages handed over before the loop gets a turn and the socket is drained."""


@dataclass(frozen=True, slots=True)
class External:
    """A broker that runs elsewhere."""

    host: str
    port: int = 1883
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class MqttOptions:
    """The broker to publish to: an own one on `host` and `port`, or another."""

    host: str = "127.0.0.1"
    port: int = 1883
    external: External | None = None
    accounts: Accounts = field(default_factory=Accounts)
    text: Callable[[str], str] = spoken
    """Gives the text of a message key."""
    writable: bool = False
    """Whether wishes that come over an external broker are carried out. Its access control decides
    who may publish them; on the own broker the accounts do."""


class MqttOutlet(Outlet):
    """Publishes a run below `pilotline/v1/SITE/LINE`, retained, changes only.

    `$state` there is born `online` and dies `offline`; alarms are below `$alarms`. A wish on
    `SIGNAL/$set` becomes a `write` command; one that is refused is answered on `SIGNAL/$refused`.
    """

    def __init__(self, options: MqttOptions | None = None) -> None:
        self._options = options or MqttOptions()
        self._broker: EmbeddedBroker | None = None
        self._client: MqttClient | None = None
        self._sent: dict[str, tuple[Value, str]] = {}
        self._again: asyncio.Task[None] | None = None
        self._ledger = Ledger()
        self._run: Run
        self._base: str

    @property
    def address(self) -> str:
        """The broker's URL."""
        external = self._options.external
        if external is not None:
            scheme = "mqtts" if external.tls else "mqtt"
            return f"{scheme}://{external.host}:{external.port}"
        port = self._broker.port if self._broker else self._options.port
        return f"mqtt://{self._options.host}:{port}"

    async def start(self, run: Run) -> None:
        """Start or find the broker, and publish everything as it is now."""
        self._run = run
        self._base = base_topic(run.spec)
        options = self._options.external or await self._own_broker()
        will = Will(f"{self._base}/$state", self._life("offline"))
        self._client = MqttClient(
            ClientOptions(
                options.host,
                options.port,
                name="pilotline",
                user=options.user,
                password=options.password,
                tls=_tls(options),
                will=will,
                fresh_only=True,
            ),
            on_up=self._up,
            on_message=self._wished,
        )
        try:
            await self._client.start()
        except DeviceError as error:
            await self.stop()
            raise OutletError(f"MQTT: {error}") from None
        _logger.info("MQTT at %s below %s", self.address, self._base)

    async def _own_broker(self) -> External:
        options = self._options
        password = secrets.token_urlsafe(24)
        self._broker = EmbeddedBroker(
            BrokerOptions(options.host, options.port, options.accounts, password, self._ledger)
        )
        try:
            await self._broker.start()
        except OutletError:
            self._broker = None
            raise
        return External(options.host, self._broker.port, OWNER, password)

    def _up(self) -> None:
        """Publish all anew: the broker may have forgotten, and time has passed."""
        self._sent.clear()
        if self._client is not None and (self._options.external is None or self._options.writable):
            self._client.subscribe([f"{self._base}/+/+{SET}", f"{self._base}/+/+/+{SET}"])
        if self._again is not None:
            self._again.cancel()
        self._again = asyncio.get_running_loop().create_task(self._publish_all())

    async def _publish_all(self) -> None:
        if self._client is not None:
            self._client.publish(f"{self._base}/$state", self._life("online"), retain=True, qos=1)
        await self.publish(self._run.signals.readings(), list(self._run.alarms))

    def _life(self, state: str) -> bytes:
        return json.dumps({"v": state, "t": stamp(datetime.now(UTC))}).encode()

    def _wished(self, topic: str, message: bytes) -> None:
        """Turn a wish into a command, or tell why not."""
        path = topic.removeprefix(f"{self._base}/").removesuffix(SET)
        name = self._ledger.who(topic)
        by = f"mqtt:{name}" if name else "mqtt"
        wanted: Value | None = None
        try:
            wanted = wish(message)
            signal = self._run.signals[path]
            if not signal.writable:
                raise CommandRefused(phrase("refused.reported", path=path))
            if signal.type is int and isinstance(wanted, float) and wanted == round(wanted):
                wanted = round(wanted)  # JSON knows one kind of number
            value = signal.check(wanted)
            self._run.command(Command("write", path, {"value": value}, by))
        except (CommandRefused, SignalError, ValueError) as error:
            _logger.info("refused %s's wish for %s: %s", by, path, error)
            self._refuse(
                f"{topic.removesuffix(SET)}{REFUSED}", wanted, self._options.text(str(error))
            )

    def _refuse(self, topic: str, wanted: Value | None, why: str) -> None:
        if self._client is not None:
            document = {"v": wanted, "why": why, "t": stamp(datetime.now(UTC))}
            told = json.dumps(document, ensure_ascii=False).encode()
            self._client.publish(topic, told, retain=False, qos=1)

    async def publish(self, changes: Mapping[str, Reading], alarms: Sequence[Alarm]) -> None:
        """Publish the changed signals and alarms. While the broker is away nothing is kept."""
        client = self._client
        if client is None or not client.connected:
            return
        for number, (path, reading) in enumerate(changes.items(), 1):
            sent = (reading.value, reading.quality)
            if self._sent.get(path) != sent and client.publish(
                f"{self._base}/{path}", self._message(reading), retain=True
            ):
                self._sent[path] = sent
            if number % CHUNK == 0:
                await self._breathe(client)
        for alarm in alarms:
            topic = f"{self._base}/$alarms/{alarm.id}"
            client.publish(topic, self._alarm(alarm), retain=True, qos=1)
        await self._breathe(client)

    async def _breathe(self, client: MqttClient) -> None:
        # A broker that does not read for so long is lost soon; then all is published anew.
        with contextlib.suppress(TimeoutError):
            await client.drain(timeout_s=5.0)
        await asyncio.sleep(0)

    def _message(self, reading: Reading) -> bytes:
        if reading.source_s is None:
            moment = self._run.wall_at(reading.time_s)
        else:
            moment = datetime.fromtimestamp(reading.source_s, UTC)
        return payload(reading.value, reading.quality, moment, reading.time_s)

    def _alarm(self, alarm: Alarm) -> bytes:
        changed = alarm.raised_s if alarm.active else (alarm.cleared_s or alarm.raised_s)
        document = {
            "active": alarm.active,
            "acknowledged": alarm.acknowledged,
            "confirmed": alarm.confirmed,
            "severity": alarm.severity,
            "message": self._options.text(alarm.message),
            "count": alarm.count,
            "t": stamp(self._run.wall_at(changed)),
            "s": changed,
        }
        return json.dumps(document, ensure_ascii=False).encode()

    async def stop(self) -> None:
        """Say `offline`, and close; the own broker too."""
        again, self._again = self._again, None
        if again is not None:
            again.cancel()
        client, self._client = self._client, None
        if client is not None:
            if client.publish(f"{self._base}/$state", self._life("offline"), retain=True, qos=1):
                with contextlib.suppress(TimeoutError):
                    await client.drain(timeout_s=0.5, confirmed=True)
                # Some brokers confirm before they pass on, and drop the rest at a goodbye.
                await asyncio.sleep(LINGER_S)
            await client.stop()
        self._sent.clear()
        broker, self._broker = self._broker, None
        if broker is not None:
            await broker.stop()


def _tls(external: External) -> ssl.SSLContext | None:
    if not external.tls:
        return None
    try:
        return ssl.create_default_context(cafile=external.ca_file)
    except OSError as error:
        raise OutletError(f"MQTT: cannot read ca_file {external.ca_file!r} ({error})") from None
