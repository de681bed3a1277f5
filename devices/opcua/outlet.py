"""The twin as an OPC UA server."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from asyncua import Server, ua

from devices.accounts import Accounts
from devices.base import Outlet, Run
from devices.errors import OutletError
from devices.ports import require_free
from devices.words import spoken
from twin.kernel.alarm import Alarm
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused, SignalError
from twin.kernel.signal import Reading, Value

from . import address
from .certificate import own_certificate
from .conditions import Conditions
from .nodes import Nodes, value_of
from .quiet import hush
from .session import CarefulServer, GuardedServer

_logger = logging.getLogger(__name__)

CHUNK = 50
"""Values written before the loop gets a turn: about 10 ms with a few subscribers."""


@dataclass(frozen=True, slots=True)
class OpcUaOptions:
    """Where the server listens, who may write, and where it keeps its certificate."""

    host: str = "127.0.0.1"
    port: int = 4840
    accounts: Accounts = field(default_factory=Accounts)
    state_dir: Path = field(default_factory=lambda: Path.home() / ".pilotline" / "opcua")
    text: Callable[[str], str] = spoken
    """Gives the text of a message key."""


class OpcUaOutlet(Outlet):
    """Publishes a run at `opc.tcp://HOST:PORT/pilotline`.

    Anyone may browse, read and subscribe. A write from an account with the right becomes a
    `write` command; the node changes when the plant does.
    """

    def __init__(self, options: OpcUaOptions | None = None) -> None:
        self._options = options or OpcUaOptions()
        self._port = self._options.port
        self._server: Server | None = None
        self._unhush: Callable[[], None] | None = None
        self._sent: dict[str, tuple[Value, str]] = {}
        self._run: Run
        self._nodes: Nodes
        self._conditions: Conditions

    @property
    def address(self) -> str:
        """The endpoint's URL."""
        host = self._options.host
        shown = f"[{host}]" if ":" in host else host
        return f"opc.tcp://{shown}:{self._port}{address.PATH}"

    async def start(self, run: Run) -> None:
        """Open the server with everything as it is now."""
        options = self._options
        self._port = require_free(
            options.host, options.port, what="OPC UA server", option="--opcua-port"
        )
        pair = await own_certificate(options.state_dir, uri=address.APPLICATION, server=True)
        self._unhush = hush()
        self._run = run
        core = GuardedServer(options.accounts, self)
        server = CarefulServer(core)
        await server.init()
        server.set_endpoint(self.address)
        server.set_server_name("Pilotline")
        server.product_uri = "urn:pilotline"
        server.application_type = ua.ApplicationType.Server
        await server.set_application_uri(address.APPLICATION)
        await server.load_certificate(pair.certificate)
        await server.load_private_key(pair.key)
        namespace = await server.register_namespace(address.NAMESPACE)
        self._nodes = Nodes(server, namespace)
        self._conditions = Conditions(core, run, namespace, self._nodes.source_of, options.text)
        self._server = server
        await self.publish(run.signals.readings(), list(run.alarms))
        try:
            await server.start()
        except OSError as error:
            self._server = None
            raise OutletError(f"OPC UA server: cannot listen at {self.address} ({error})") from None
        _logger.info("OPC UA server at %s", self.address)

    async def publish(self, changes: Mapping[str, Reading], alarms: Sequence[Alarm]) -> None:
        """Write the changed values, in chunks, and tell the changed alarms."""
        server = self._server
        if server is None:
            return
        if any(path not in self._nodes.ids for path in changes):
            await self._nodes.build(self._run.spec, list(self._run.signals))
        for number, (path, reading) in enumerate(changes.items(), 1):
            sent = (reading.value, reading.quality)
            if self._sent.get(path) != sent:
                self._sent[path] = sent
                node = self._nodes.ids[path]
                await server.write_attribute_value(node, self._data_value(node, reading))
            if number % CHUNK == 0:
                await asyncio.sleep(0)
        for alarm in alarms:
            await self._conditions.tell(alarm)

    def _data_value(self, node: ua.NodeId, reading: Reading) -> ua.DataValue:
        if reading.source_s is None:
            source = self._run.wall_at(reading.time_s)
        else:
            source = datetime.fromtimestamp(reading.source_s, UTC)
        return ua.DataValue(
            value_of(self._nodes.signals[node], reading),
            StatusCode=address.STATUS[reading.quality],
            SourceTimestamp=source,
            ServerTimestamp=datetime.now(UTC),
        )

    async def stop(self) -> None:
        """Close the server."""
        server, self._server = self._server, None
        self._sent.clear()
        if server is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(server.stop(), timeout=2.0)
        if self._unhush is not None:
            self._unhush()
            self._unhush = None

    def writable(self, node: ua.NodeId) -> bool:
        """Tell whether a node is a signal that can be written."""
        signal = self._nodes.signals.get(node)
        return signal is not None and signal.writable

    def write(self, node: ua.NodeId, value: ua.Variant, by: str) -> int:
        """Turn a client's wish into a command; returns the status for the client."""
        codes = ua.StatusCodes
        signal = self._nodes.signals.get(node)
        if signal is None or not signal.writable:
            return int(codes.BadNotWritable)
        if not address.fits(signal, value):
            return int(codes.BadTypeMismatch)
        try:
            wanted = signal.check(value.Value)
        except SignalError:
            return int(codes.BadOutOfRange)
        try:
            self._run.command(Command("write", signal.path, {"value": wanted}, by))
        except (CommandRefused, SignalError) as error:
            _logger.info("refused %s's write to %s: %s", by, signal.path, error)
            return int(codes.BadInvalidState)
        return int(codes.Good)

    def act_on_alarm(self, verb: str, condition: ua.NodeId, event: bytes, by: str) -> int:
        """Acknowledge or confirm an alarm for a client."""
        return self._conditions.act(verb, condition, event, by)
