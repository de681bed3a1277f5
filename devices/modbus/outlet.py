"""The twin as a Modbus TCP server: the I/O list of its workcells as coils and registers."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from pymodbus.constants import ExcCodes

from devices.base import Outlet, Run
from devices.errors import OutletError
from devices.ports import require_free
from twin.kernel.alarm import Alarm
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused, SignalError
from twin.kernel.signal import Quality, Reading, SignalStore, Value
from twin.spec.io import io_list
from twin.spec.pins import Direction, IecType

from .address import PORT, Space
from .quiet import speak_less
from .registers import WordOrder
from .session import Session
from .table import Place, Units, units_of

_logger = logging.getLogger(__name__)

MOST_CLIENTS = 64
"""One more, and whoever has been silent for the longest is let go."""
MOST_TOLD = 1000
"""Different refusals that are written into the log."""
STOP_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True)
class ModbusOptions:
    """Where the server listens and who may do what. Modbus itself knows no accounts."""

    host: str = "127.0.0.1"
    port: int = PORT
    writable: bool = False
    """Whether clients may write coils and holding registers at all."""
    allow: tuple[str, ...] = ()
    """Addresses or networks of clients, as `192.168.0.10` or `192.168.0.0/24`; empty: any."""
    word_order: WordOrder = WordOrder.HIGH_FIRST


class ModbusOutlet(Outlet):
    """Serves the workcells of a run: the first as unit 1, the second as unit 2, and so on.

    Discrete inputs and input registers are what a controller reads, coils and holding registers
    what it writes. A write becomes a `write` command at once; reads give the present readings.
    """

    def __init__(self, options: ModbusOptions | None = None) -> None:
        self._options = options or ModbusOptions()
        self._port = self._options.port
        self._allow = [_network(text) for text in self._options.allow]
        self._server: asyncio.Server | None = None
        self._clients: dict[Session, asyncio.Task[None]] = {}
        self._end: Callable[[], None] | None = None
        self._changes: Counter[str] = Counter()
        self._latest: dict[str, tuple[Value, Quality]] = {}
        self._inputs: frozenset[str] = frozenset()
        self._told: set[str] = set()
        self._store: SignalStore | None = None
        self._run: Run
        self.units: Units = {}
        self.warnings: list[str] = []
        """What a person should know although all works; each is said once."""

    @property
    def address(self) -> str:
        """The server's URL."""
        host = self._options.host
        shown = f"[{host}]" if ":" in host else host
        return f"modbus://{shown}:{self._port}"

    @property
    def order(self) -> WordOrder:
        """Which word of a 32-bit value comes first."""
        return self._options.word_order

    @property
    def writable(self) -> bool:
        """Whether clients may write."""
        return self._options.writable

    async def start(self, run: Run) -> None:
        """Listen; raises `OutletError`."""
        options = self._options
        points = io_list(run.spec)
        if not points:
            raise OutletError(
                f"Modbus server: line {run.spec.id!r} has no workcell, so there is nothing to "
                "read or write; serve a line with an asset of kind workcell"
            )
        speak_less()
        self._port = require_free(
            options.host, options.port, what="Modbus server", option="--modbus-port"
        )
        self._run = run
        self.units = units_of(points)
        self._inputs = frozenset(
            point.path
            for point in points
            if point.direction is not Direction.OUTPUT and point.iec is IecType.BOOL
        )
        self._note_inputs()
        try:
            self._server = await asyncio.start_server(self._connected, options.host, self._port)
        except OSError as error:
            raise OutletError(f"Modbus server: cannot listen at {self.address} ({error})") from None
        self._end = run.on_change(self._changed)
        _logger.info("Modbus server at %s", self.address)

    async def publish(self, changes: Mapping[str, Reading], alarms: Sequence[Alarm]) -> None:
        """Do nothing: Modbus cannot tell, it is asked, and answers with what is."""

    async def stop(self) -> None:
        """Cut all clients off and let go of the port."""
        if self._end is not None:
            self._end()
            self._end = None
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        tasks = list(self._clients.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_WITHIN_S)

    # ---- clients

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = (writer.get_extra_info("peername") or ("unknown", 0))[:2]
        task = asyncio.current_task()
        if task is None or not self._may_come(host):
            self._tell_once(host, f"Modbus client {host} is not among those allowed: turned away")
            writer.transport.abort()
            return
        session = Session(self, f"{host}:{port}")
        session.last_s = asyncio.get_running_loop().time()
        if len(self._clients) >= MOST_CLIENTS:
            self._clients.pop(min(self._clients, key=lambda client: client.last_s)).cancel()
        self._clients[session] = task
        try:
            await session.serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        except Exception:  # supervisor: what one client sends must not end the server
            _logger.exception("Modbus client %s:%s is cut off", host, port)
        finally:
            self._clients.pop(session, None)
            writer.transport.abort()

    def _may_come(self, host: str) -> bool:
        if not self._allow:
            return True
        try:
            address = ip_address(host.split("%", 1)[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._allow)

    # ---- what sessions ask for

    @property
    def signals(self) -> SignalStore:
        """Of the run; another store means that it has begun anew."""
        return self._run.signals

    def give(self, path: str, value: Value, by: str) -> ExcCodes | None:
        """Give a value to the plant; returns why not."""
        try:
            self._run.command(Command("write", path, {"value": value}, by))
        except SignalError as error:
            self._tell_once(path, f"Modbus: {path} = {value!r} was refused: {error}")
            return ExcCodes.ILLEGAL_VALUE
        except CommandRefused as error:
            self._tell_once(f"{path} {error}", f"Modbus: {path} = {value!r} was refused: {error}")
            return ExcCodes.DEVICE_FAILURE
        return None

    def seen(self, session: Session, places: Iterable[Place]) -> None:
        """Look whether an input that a client reads came and went since it read it last."""
        for place in places:
            path = place.point.path
            if path not in self._inputs:
                continue
            changes = self._changes[path]
            if changes - session.counts.get(path, changes) >= 2:
                number = f"{Space.DISCRETE} {place.first}"
                self._warn_once(
                    f"{path} ({number}) came and went between two reads of one client: what is "
                    "shorter than its poll is lost; read more often, or let the program that has "
                    "the shorter cycle keep it"
                )
            session.counts[path] = changes

    def forbidden(self, by: str) -> None:
        """Tell of a write where nobody may write."""
        client = by.rpartition(":")[0]
        self._tell_once(client, f"{client} may not write: start the twin with --writable modbus")

    def _note_inputs(self) -> None:
        self._store = self._run.signals
        readings = ((path, self._store.read(path)) for path in self._inputs)
        self._latest = {path: (reading.value, reading.quality) for path, reading in readings}

    def _changed(self, changes: dict[str, Reading], _alarms: list[Alarm]) -> None:
        if self._store is not self._run.signals:
            self._note_inputs()
            return
        for path in self._inputs & changes.keys():
            now = (changes[path].value, changes[path].quality)
            before, self._latest[path] = self._latest[path], now
            # Told anew with nothing different: it went and came back since.
            self._changes[path] += 2 if now == before else int(now[0] != before[0])

    def _warn_once(self, text: str) -> None:
        if text not in self.warnings and len(self.warnings) < MOST_TOLD:
            self.warnings.append(text)
            _logger.warning("Modbus: %s", text)

    def _tell_once(self, about: str, text: str) -> None:
        if about not in self._told and len(self._told) < MOST_TOLD:
            self._told.add(about)
            _logger.warning("%s", text)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise OutletError(
            f"Modbus server: {text!r} is no address of clients; write 192.168.0.10 or "
            "192.168.0.0/24"
        ) from None
