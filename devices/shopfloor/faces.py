"""How the stations show themselves: one as an OPC UA server, one on an MQTT broker."""

import contextlib
import json
import secrets
from datetime import UTC, datetime
from pathlib import Path

from asyncua import Server, ua

from devices.accounts import Accounts
from devices.mqtt.broker import OWNER, BrokerOptions, EmbeddedBroker
from devices.mqtt.client import ClientOptions, MqttClient, Will
from devices.opcua.certificate import own_certificate
from devices.opcua.quiet import hush
from devices.opcua.session import CarefulServer, GuardedServer
from devices.ports import require_free
from twin.kernel.signal import Value

URI = "urn:pilotline:shopfloor"
TOPIC = "shopfloor"

_TYPES = {
    bool: ua.VariantType.Boolean,
    int: ua.VariantType.UInt32,
    float: ua.VariantType.Double,
    str: ua.VariantType.String,
}


class ReadOnly:
    """Answers every wish of an OPC UA client with no."""

    def write(self, _node: ua.NodeId, _value: ua.Variant, _by: str) -> int:
        """Refuse."""
        return int(ua.StatusCodes.BadNotWritable)

    def act_on_alarm(self, _verb: str, _condition: ua.NodeId, _event: bytes, _by: str) -> int:
        """Refuse."""
        return int(ua.StatusCodes.BadMethodInvalid)

    def writable(self, _node: ua.NodeId) -> bool:
        """Nothing is."""
        return False


class OpcUaFace:
    """A station's OPC UA server: nodes `STATION.TAG` in namespace `urn:pilotline:shopfloor`."""

    def __init__(self, host: str, port: int, state_dir: Path) -> None:
        self._host = host
        self.port = port
        self._state_dir = state_dir
        self._server: Server | None = None
        self._nodes: dict[str, tuple[ua.NodeId, ua.VariantType]] = {}

    async def start(self, station: str, first: dict[str, Value]) -> None:
        """Open the server."""
        self.port = require_free(
            self._host, self.port, what="shop floor, OPC UA", option="--opcua-port"
        )
        pair = await own_certificate(self._state_dir, uri=URI, server=True)
        hush()
        server = CarefulServer(GuardedServer(Accounts(), ReadOnly()))
        await server.init()
        server.set_endpoint(f"opc.tcp://{self._host}:{self.port}/shopfloor")
        server.set_server_name("Pilotline shop floor")
        await server.set_application_uri(URI)
        await server.load_certificate(pair.certificate)
        await server.load_private_key(pair.key)
        namespace = await server.register_namespace(URI)
        machine = await server.nodes.objects.add_object(ua.NodeId(station, namespace), station)
        for tag, value in first.items():
            kind = _TYPES[type(value)]
            node_id = ua.NodeId(f"{station}.{tag}", namespace)
            await machine.add_variable(
                node_id, ua.QualifiedName(tag, namespace), ua.Variant(value, kind)
            )
            self._nodes[tag] = (node_id, kind)
        await server.start()
        self._server = server

    async def tell(self, _station: str, tag: str, value: Value) -> None:
        """Set a tag."""
        if self._server is not None:
            node_id, kind = self._nodes[tag]
            now = datetime.now(UTC)
            await self._server.write_attribute_value(
                node_id,
                ua.DataValue(ua.Variant(value, kind), SourceTimestamp=now, ServerTimestamp=now),
            )

    async def stop(self) -> None:
        """Close the server."""
        server, self._server = self._server, None
        if server is not None:
            await server.stop()


class MqttFace:
    """A station on a broker of its own: topics `shopfloor/STATION/TAG`, retained."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self.port = port
        self._broker: EmbeddedBroker | None = None
        self._client: MqttClient | None = None
        self._presence = ""

    async def start(self, station: str, first: dict[str, Value]) -> None:
        """Open the broker and publish everything."""
        password = secrets.token_urlsafe(24)
        broker = EmbeddedBroker(BrokerOptions(self._host, self.port, owner_password=password))
        await broker.start()
        self._broker = broker
        self.port = broker.port
        self._presence = f"{TOPIC}/{station}/$state"
        self._client = MqttClient(
            ClientOptions(
                self._host,
                self.port,
                name=f"shopfloor-{station}",
                user=OWNER,
                password=password,
                will=Will(self._presence, b"offline"),
            )
        )
        await self._client.start()
        self._client.publish(self._presence, b"online", retain=True, qos=1)
        for tag, value in first.items():
            await self.tell(station, tag, value)

    async def tell(self, station: str, tag: str, value: Value) -> None:
        """Publish a tag."""
        if self._client is not None:
            now = datetime.now(UTC).isoformat()
            message = json.dumps({"v": value, "q": "good", "t": now}).encode()
            self._client.publish(f"{TOPIC}/{station}/{tag}", message, retain=True, qos=1)

    async def stop(self) -> None:
        """Say goodbye and close the broker."""
        client, self._client = self._client, None
        if client is not None:
            client.publish(self._presence, b"offline", retain=True, qos=1)
            await client.stop()
        broker, self._broker = self._broker, None
        if broker is not None:
            with contextlib.suppress(TimeoutError):
                await broker.stop()
