"""The OPC UA server: who may do what, what nodes carry, alarms as conditions, and known traps."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from asyncua import Client, Node, ua
from asyncua.common.events import Event
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256

from devices.accounts import Account, Accounts, Right
from devices.opcua.certificate import own_certificate
from devices.opcua.outlet import OpcUaOptions, OpcUaOutlet
from tests.unit.devices.fake_run import FakeRun
from twin.kernel.command import Command

pytestmark = pytest.mark.asyncio(loop_scope="module")

ACCOUNTS = Accounts(
    [
        Account("tech", "pw-tech", frozenset(Right)),
        Account("guest", "pw-guest"),
        Account("admin", "pw-admin"),
    ]
)


@dataclass
class Stage:
    run: FakeRun
    outlet: OpcUaOutlet
    directory: Path

    @asynccontextmanager
    async def client(self, name: str = "") -> AsyncIterator[Client]:
        client = Client(self.outlet.address)
        if name:
            client.set_user(name)
            client.set_password(f"pw-{name}")
        async with client:
            yield client

    async def node(self, client: Client, path: str) -> Node:
        index = await client.get_namespace_index("urn:pilotline:twin")
        return client.get_node(ua.NodeId(f"small/{path}", index))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(tmp_path_factory) -> AsyncIterator[Stage]:
    directory = tmp_path_factory.mktemp("opcua")
    run = FakeRun()
    options = OpcUaOptions(port=0, accounts=ACCOUNTS, state_dir=directory)
    outlet = OpcUaOutlet(options)
    await outlet.start(run)
    yield Stage(run, outlet, directory)
    await outlet.stop()


@pytest.fixture(autouse=True)
def fresh(stage: Stage) -> None:
    stage.run.log.clear()
    stage.run.refuse = None


# ---- what nodes carry


async def test_the_contract_of_addresses(stage: Stage) -> None:
    assert stage.outlet.address.startswith("opc.tcp://127.0.0.1:")
    assert stage.outlet.address.endswith("/pilotline")
    async with stage.client() as client:
        index = await client.get_namespace_index("urn:pilotline:twin")
        names = [f"{index}:small", f"{index}:weld_cell", f"{index}:weld", f"{index}:state"]
        found = await client.nodes.objects.get_child(names)
        assert found.nodeid == ua.NodeId("small/weld_cell/weld/state", index)
        bare = await client.nodes.objects.get_child([names[0], f"{index}:pack", names[3]])
        assert bare.nodeid == ua.NodeId("small/pack/state", index)
        cell = await client.nodes.objects.get_child(names[:2])
        assert (await cell.read_display_name()).Text == "Welding cell"


async def test_enumerations_name_their_values(stage: Stage) -> None:
    async with stage.client() as client:
        node = await stage.node(client, "pack/state")
        strings = await (await node.get_child("0:EnumStrings")).read_value()
        value = await node.read_value()
        assert strings[value].Text == "idle"
        kind = (await node.read_type_definition()).Identifier
        assert kind == ua.ObjectIds.MultiStateDiscreteType


async def test_units_and_ranges(stage: Stage) -> None:
    async with stage.client() as client:
        cycle = await stage.node(client, "pack/cycle_s")
        unit = await (await cycle.get_child("0:EngineeringUnits")).read_value()
        # "SEC" of UN/CEFACT Recommendation 20, packed as OPC UA part 8 has it.
        assert (unit.UnitId, unit.DisplayName.Text) == (5457219, "s")
        speed = await stage.node(client, "pack/speed_factor")
        span = await (await speed.get_child("0:EURange")).read_value()
        assert (span.Low, span.High) == (0.1, 10.0)


# ---- who may do what


async def test_a_stranger_reads_and_may_not_write(stage: Stage) -> None:
    async with stage.client() as client:
        node = await stage.node(client, "pack/speed_factor")
        assert await node.read_value() == 1.0
        with pytest.raises(ua.uaerrors.BadUserAccessDenied):
            await node.write_value(2.0)
        level = (await node.read_attribute(ua.AttributeIds.UserAccessLevel)).Value.Value
        assert level == 1 << ua.AccessLevel.CurrentRead
    assert stage.run.log == []


async def test_an_account_without_the_right_may_not_write(stage: Stage) -> None:
    for name in ("guest", "admin"):
        async with stage.client(name) as client:
            node = await stage.node(client, "pack/speed_factor")
            with pytest.raises(ua.uaerrors.BadUserAccessDenied):
                await node.write_value(2.0)
    assert stage.run.log == []


async def test_a_write_becomes_a_command_and_nothing_else(stage: Stage) -> None:
    async with stage.client("tech") as client:
        node = await stage.node(client, "pack/speed_factor")
        level = (await node.read_attribute(ua.AttributeIds.UserAccessLevel)).Value.Value
        assert level & 1 << ua.AccessLevel.CurrentWrite
        before = await node.read_value()
        await node.write_value(2.5)
        assert stage.run.log == [
            Command("write", "pack/speed_factor", {"value": 2.5}, "opcua:tech")
        ]
        assert await node.read_value() == before
        await stage.outlet.publish(stage.run.signals.readings(), [])
        assert await node.read_value() == 2.5


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        ("pack/speed_factor", ua.Variant(50.0), "BadOutOfRange"),
        ("pack/speed_factor", ua.Variant(float("nan")), "BadOutOfRange"),
        ("pack/speed_factor", ua.Variant("fast"), "BadTypeMismatch"),
        ("pack/speed_factor", ua.Variant(2, ua.VariantType.Int64), "BadTypeMismatch"),
        ("pack/speed_factor", ua.Variant([1.0, 2.0]), "BadTypeMismatch"),
        ("pack/light", ua.Variant(1, ua.VariantType.Byte), "BadTypeMismatch"),
        ("pack/made", ua.Variant(5, ua.VariantType.Int64), "BadNotWritable"),
        ("pack", ua.Variant(5), "BadNotWritable"),
    ],
)
async def test_a_wrong_write_is_refused(
    stage: Stage, path: str, value: ua.Variant, error: str
) -> None:
    async with stage.client("tech") as client:
        node = await stage.node(client, path)
        with pytest.raises(getattr(ua.uaerrors, error)):
            await node.write_attribute(ua.AttributeIds.Value, ua.DataValue(value))
    assert stage.run.log == []


async def test_a_refused_command_is_bad_for_the_client(stage: Stage) -> None:
    stage.run.refuse = "not now"
    async with stage.client("tech") as client:
        node = await stage.node(client, "pack/speed_factor")
        with pytest.raises(ua.uaerrors.BadInvalidState):
            await node.write_value(3.0)


async def test_only_the_value_can_be_written(stage: Stage) -> None:
    async with stage.client("tech") as client:
        node = await stage.node(client, "pack/speed_factor")
        name = ua.DataValue(ua.Variant(ua.LocalizedText("mine")))
        with pytest.raises(ua.uaerrors.BadNotWritable):
            await node.write_attribute(ua.AttributeIds.DisplayName, name)


@pytest.mark.parametrize(("name", "password"), [("tech", "wrong"), ("nobody", "x"), ("tech", "")])
async def test_a_wrong_password(stage: Stage, name: str, password: str) -> None:
    client = Client(stage.outlet.address)
    client.set_user(name)
    client.set_password(password)
    with pytest.raises(ua.uaerrors.BadUserAccessDenied):
        await client.connect()


async def test_nobody_from_outside_adds_nodes(stage: Stage) -> None:
    for name in ("", "tech", "admin"):
        async with stage.client(name) as client:
            with pytest.raises(ua.UaError):
                await client.nodes.objects.add_folder(2, "mine")


async def test_an_encrypted_channel(stage: Stage) -> None:
    client = Client(stage.outlet.address)
    client.application_uri = "urn:test"
    pair = await own_certificate(stage.directory / "own", uri="urn:test", server=False)
    await client.set_security(SecurityPolicyBasic256Sha256, pair.certificate, pair.key)
    client.set_user("tech")
    client.set_password("pw-tech")
    async with client:
        await (await stage.node(client, "pack/light")).write_value(True)
    assert stage.run.log[-1].args == {"value": True}


async def test_a_password_over_an_open_wire_is_refused(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.opcua.session.is_loopback", lambda host: False)
    pair = await own_certificate(stage.directory / "own", uri="urn:test", server=False)
    for certificate in (None, pair.certificate.read_bytes()):
        client = Client(stage.outlet.address)
        # A client may send a certificate on an open channel too; that makes it no safer.
        client.security_policy.host_certificate = certificate
        client.set_user("tech")
        client.set_password("pw-tech")
        with pytest.raises(ua.uaerrors.BadSecurityModeInsufficient):
            await client.connect()
    async with stage.client() as stranger:
        assert await (await stage.node(stranger, "pack/part")).read_value() == ""


async def test_the_key_is_for_its_owner_only(stage: Stage) -> None:
    key = stage.directory / "server.pem"
    assert key.stat().st_mode & 0o077 == 0


# ---- alarms


class Listener:
    def __init__(self) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()

    def event_notification(self, event: Event) -> None:
        self.events.put_nowait(event)

    async def next(self, *, active: bool, acked: bool, confirmed: bool) -> Event:
        """Wait for the event of that state, over those of the states before."""
        wanted = (active, acked, confirmed)
        async with asyncio.timeout(10):
            while True:
                event = await self.events.get()
                fields = ("ActiveState/Id", "AckedState/Id", "ConfirmedState/Id")
                if tuple(getattr(event, field, None) for field in fields) == wanted:
                    return event


async def call(client: Client, method: int, event: Event, event_id: bytes | None = None) -> None:
    arguments = (event_id or event.EventId, ua.LocalizedText("seen"))
    await client.get_node(event.NodeId).call_method(ua.NodeId(method), *arguments)


ACKNOWLEDGE = ua.ObjectIds.AcknowledgeableConditionType_Acknowledge
CONFIRM = ua.ObjectIds.AcknowledgeableConditionType_Confirm
REFRESH = ua.ObjectIds.ConditionType_ConditionRefresh


async def tell(stage: Stage) -> None:
    await stage.outlet.publish({}, stage.run.alarms.drain())


async def test_the_life_of_an_alarm(stage: Stage) -> None:
    listener = Listener()
    async with stage.client("tech") as client:
        subscription = await client.create_subscription(50, listener)
        await subscription.subscribe_alarms_and_conditions(evtypes=ua.ObjectIds.AlarmConditionType)
        stage.run.alarms.raise_("weld", "jam", message="Nozzle", severity=600, time_s=2.0)
        await tell(stage)
        event = await listener.next(active=True, acked=False, confirmed=False)
        assert (event.Message.Text, event.Severity, event.Retain) == ("Nozzle", 600, True)
        assert event.SourceNode == (await stage.node(client, "weld_cell/weld")).nodeid
        assert event.Time == stage.run.wall_at(2.0)

        with pytest.raises(ua.uaerrors.BadEventIdUnknown):
            await call(client, ACKNOWLEDGE, event, b"somebody else's")
        await call(client, ACKNOWLEDGE, event)
        assert stage.run.log[-1] == Command(
            "acknowledge", "weld", {"alarm": "weld/jam"}, "opcua:tech"
        )
        await stage.outlet.publish({}, list(stage.run.alarms))
        event = await listener.next(active=True, acked=True, confirmed=False)
        with pytest.raises(ua.uaerrors.BadConditionBranchAlreadyAcked):
            await call(client, ACKNOWLEDGE, event)

        stage.run.alarms.clear("weld", "jam", time_s=9.0)
        await tell(stage)
        event = await listener.next(active=False, acked=True, confirmed=False)
        assert event.Retain is True
        await call(client, CONFIRM, event)
        await stage.outlet.publish({}, list(stage.run.alarms))
        event = await listener.next(active=False, acked=True, confirmed=True)
        assert event.Retain is False


async def test_a_late_client_asks_for_what_stands(stage: Stage) -> None:
    stage.run.alarms.raise_("pack", "seal", message="Seal worn", severity=500, time_s=3.0)
    await tell(stage)
    listener = Listener()
    async with stage.client() as client:
        subscription = await client.create_subscription(50, listener)
        await subscription.subscribe_alarms_and_conditions(evtypes=ua.ObjectIds.AlarmConditionType)
        number = ua.Variant(subscription.subscription_id, ua.VariantType.UInt32)
        await client.get_node(ua.ObjectIds.ConditionType).call_method(ua.NodeId(REFRESH), number)
        event = await listener.next(active=True, acked=False, confirmed=False)
        assert event.Message.Text == "Seal worn"
        with pytest.raises(ua.uaerrors.BadUserAccessDenied):
            await call(client, ACKNOWLEDGE, event)
    assert stage.run.log == []


# ---- known traps of the library


async def test_a_message_that_is_gone_is_said_to_be_gone(stage: Stage) -> None:
    async with stage.client() as client:
        subscription = await client.create_subscription(50, Listener())
        with pytest.raises(ua.uaerrors.BadMessageNotAvailable):
            await client.uaclient.session.republish(subscription.subscription_id, 4711)
        with pytest.raises(ua.UaError):
            await client.uaclient.session.republish(4711, 1)


async def test_a_lost_client_comes_back_and_hears_on(stage: Stage) -> None:
    client = Client(stage.outlet.address, watchdog_intervall=0.5, auto_reconnect=True)
    await client.connect()
    subscription = await client.create_subscription(50)
    await subscription.subscribe_data_change(await stage.node(client, "line/wip"))
    for count in (71, 72, 73):
        stage.run.set("line/wip", count)
        path = "line/wip"
        await stage.outlet.publish({path: stage.run.signals.read(path)}, [])
        async with asyncio.timeout(20):
            async for event in subscription:
                if getattr(event, "value", None) == count:
                    break
        client.uaclient.protocol.transport.abort()
        await asyncio.sleep(0.1)
    await client.disconnect()


async def test_a_queue_is_bounded(stage: Stage) -> None:
    async with stage.client() as client:
        subscription = await client.create_subscription(500_000, Listener())
        node = await stage.node(client, "line/wip")
        params = subscription._make_monitored_item_request(
            node, ua.AttributeIds.Value, None, 1_000_000, ua.MonitoringMode.Reporting, 0.0
        )
        create = ua.CreateMonitoredItemsParameters()
        create.SubscriptionId = subscription.subscription_id
        create.ItemsToCreate = [params]
        results = await client.uaclient.session.create_monitored_items(create)
        assert results[0].RevisedQueueSize == 100


async def test_a_flood_of_rubbish_is_a_few_lines(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = "127.0.0.1", int(stage.outlet.address.split(":")[2].split("/")[0])
    rubbish = b"HELF\x20\x00\x00\x00" + b"\xff" * 24
    for _ in range(60):
        _, writer = await asyncio.open_connection(host, port)
        writer.write(rubbish)
        await writer.drain()
        writer.close()
    async with stage.client() as client:
        assert await (await stage.node(client, "pack/part")).read_value() == ""
    lines = [r for r in caplog.records if r.name.startswith("asyncua.server")]
    assert len(lines) <= 25
    assert not any(record.exc_info for record in lines)
