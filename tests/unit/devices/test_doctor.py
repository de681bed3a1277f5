"""What the doctor says of real little servers that are wrong in the usual ways."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from asyncua import Server, ua
from asyncua.server.user_managers import UserManager

from devices import network as way
from devices.accounts import Account, Accounts, Right
from devices.checkup import Examine, Finding, Mark, Patient
from devices.modbus import doctor as modbus
from devices.modbus.outlet import ModbusOptions, ModbusOutlet
from devices.mqtt import doctor as mqtt
from devices.mqtt.outlet import MqttOptions, MqttOutlet
from devices.network import holder_of, knock, network, own_port, resolve
from devices.opcua import doctor as opcua
from devices.opcua.outlet import OpcUaOptions, OpcUaOutlet
from tests.unit.devices.fake_cell import FakeCell
from tests.unit.devices.fake_run import FakeRun
from twin.spec.messages import catalogue

HERE = "127.0.0.1"
HARE_SECRET = "hare-secret"
ACCOUNTS = Accounts([Account("tech", HARE_SECRET, frozenset(Right))])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def patient(scheme: str, port: int, host: str = HERE, **more) -> Patient:
    return Patient(f"{scheme}://{host}:{port}", host, port, timeout_s=1.0, **more)


def port_of(address: str) -> int:
    return int(address.removesuffix("/pilotline").rsplit(":", 1)[1])


async def looked(examine: Examine, who: Patient) -> dict[str, list[Finding]]:
    """What is found, by what it is about; every text exists in both languages."""
    found: dict[str, list[Finding]] = {}
    async with asyncio.timeout(60):
        async for finding in examine(who):
            found.setdefault(finding.about, []).append(finding)
            for text in (finding.found, finding.remedy):
                if text is not None:
                    assert text.text("en") != text.text("zh") or text.key.endswith(".tag")
            assert (finding.remedy is None) is (finding.mark is Mark.GOOD)
    return found


def said(finding: Finding) -> tuple[Mark, str]:
    return finding.mark, finding.found.key.removeprefix("doctor.")


@asynccontextmanager
async def listener(
    reply: Callable[[bytes], bytes] = lambda _: b"", **options
) -> AsyncIterator[int]:
    """A server that answers whatever comes with some bytes, and hangs up when there are none."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            if not (answer := reply(data)):
                break
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(connected, HERE, 0, **options)
    yield server.sockets[0].getsockname()[1]
    server.close()


# ---- the way there


async def test_an_unknown_name_is_the_only_finding() -> None:
    found = await looked(network, patient("modbus", 502, "no-such-host.invalid"))
    assert [said(f) for f in found["name"]] == [(Mark.BAD, "name.unknown")]
    assert list(found) == ["name"]


async def test_a_name_is_told_with_its_address() -> None:
    async with listener() as port:
        found = await looked(network, patient("modbus", port, "localhost"))
    assert said(found["name"][0]) == (Mark.GOOD, "name.known")
    assert await resolve("::1", 1.0) == "::1"


async def test_a_closed_port_of_this_machine_lists_its_own_addresses(monkeypatch) -> None:
    monkeypatch.setattr(way, "own_addresses", lambda: ["192.168.7.5"])
    found = await looked(network, patient("modbus", free_port()))
    assert said(found["port"][0]) == (Mark.BAD, "port.nobody_here")
    assert "192.168.7.5" in found["port"][0].remedy.text("en")


async def test_another_usual_port_that_is_open_is_told() -> None:
    async with listener() as port:
        who = patient("modbus", free_port())
        found = [f async for f in network(who, (port, free_port()))]
    assert said(found[-1]) == (Mark.NOTE, "port.others")
    assert found[-1].found.values["ports"] == str(port)


async def test_a_port_that_swallows_everything_looks_like_a_firewall() -> None:
    with socket.socket() as full:
        # A queue that is full drops whoever knocks, as a firewall does.
        full.bind((HERE, 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex((HERE, port))
        found = await looked(network, patient("modbus", port))
        for one in waiting:
            one.close()
    assert said(found["port"][0]) == (Mark.BAD, "port.silent")
    assert f"ufw allow {port}/tcp" in found["port"][0].remedy.text("zh")


async def test_a_server_on_loopback_only_is_a_note_here_and_a_fault_from_outside(
    monkeypatch,
) -> None:
    async with listener() as port:
        monkeypatch.setattr(way, "own_addresses", lambda: ["127.0.0.2"])
        found = await looked(network, patient("modbus", port))
        assert [said(f) for f in found["port"]] == [
            (Mark.GOOD, "port.open"),
            (Mark.NOTE, "port.only_here"),
        ]
        found = await looked(network, patient("modbus", port, "127.0.0.2"))
        assert [said(f) for f in found["port"]] == [(Mark.BAD, "port.loopback_only")]


async def test_knocking_tells_open_from_refused() -> None:
    async with listener() as port:
        assert await knock(HERE, port, 1.0) is None
    assert await knock(HERE, port, 1.0) == "refused"


def test_a_port_that_is_taken_is_told_with_who_has_it() -> None:
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        taken.listen()
        port = taken.getsockname()[1]
        finding = own_port(HERE, port, "--opcua-port")
        assert finding.mark is Mark.BAD
        assert "--opcua-port" in finding.remedy.text("en")
        if Path("/proc/net/tcp").exists():
            import os

            assert holder_of(port).endswith(f"({os.getpid()})")
            assert said(finding) == (Mark.BAD, "own.taken_by")
    assert said(own_port(HERE, port, "--opcua-port")) == (Mark.GOOD, "own.free")
    assert said(own_port("192.0.2.77", 0, "--x")) == (Mark.BAD, "own.not_mine")


# ---- Modbus


@asynccontextmanager
async def cell() -> AsyncIterator[tuple[FakeCell, int]]:
    run, outlet = FakeCell(), ModbusOutlet(ModbusOptions(port=0))
    await outlet.start(run)
    yield run, port_of(outlet.address)
    await outlet.stop()


async def test_a_healthy_modbus_server() -> None:
    async with cell() as (run, port):
        run.set("cell/scale_weight", 1.5)
        where = run.points["cell/scale_weight"].address.register
        who = patient("modbus", port, tags=(f"input:{where}:real", "coil:0"))
        found = await looked(modbus.examine, who)
    assert said(found["unit"][0]) == (Mark.GOOD, "modbus.unit")
    sizes = {line.split(":")[0] for line in found["extent"][0].details}
    assert sizes == {"coil", "discrete", "input", "holding"}
    real, coil = found["tag"]
    assert said(real) == (Mark.GOOD, "modbus.both_orders")
    assert real.found.values["value"] == "1.5"
    assert coil.found.values["value"] is False


async def test_another_unit_answers() -> None:
    async with cell() as (_, port):
        found = await looked(modbus.examine, patient("modbus", port, unit=7))
    assert list(found) == ["unit"]
    assert said(found["unit"][0]) == (Mark.BAD, "modbus.other_unit")
    assert found["unit"][0].found.values["units"] == "1, 0, 255, 2"


async def test_another_word_order_is_shown_both_ways() -> None:
    async with cell() as (run, port):
        run.set("cell/scale_weight", 1.5)
        tag = f"input:{run.points['cell/scale_weight'].address.register}:real"
        who = patient("modbus", port, tags=(tag,), word_order="low_first")
        (finding,) = (await looked(modbus.examine, who))["tag"]
    assert said(finding) == (Mark.NOTE, "modbus.word_order")
    assert finding.found.values["swapped"] == "1.5"
    assert "high_first" in finding.remedy.text("en")


@pytest.mark.parametrize(
    ("tag", "key", "meant"),
    [
        ("40011", "modbus.manual_number", "holding:10"),
        ("holding:40011:real", "modbus.manual_number", "holding:10:real"),
        ("unit=1/input:30003", "modbus.manual_number", "unit=1/input:2"),
        ("holding:900", "modbus.tag_missing", None),
        ("holding:3:rael", "modbus.no_tag", None),
        ("unit=9/coil:0", "modbus.tag_unit", None),
    ],
)
async def test_a_wrong_modbus_tag_is_put_right(tag: str, key: str, meant: str | None) -> None:
    async with cell() as (_, port):
        (finding,) = (await looked(modbus.examine, patient("modbus", port, tags=(tag,))))["tag"]
    assert said(finding) == (Mark.BAD, key)
    if meant:
        assert meant in finding.remedy.text("zh")


async def test_a_number_that_counts_from_one_is_found() -> None:
    async with cell() as (run, port):
        run.set("cell/scale_weight", 1.5)
        last = run.points["cell/scale_weight"].address.register
        tag = f"input:{last + 1}:real"
        (finding,) = (await looked(modbus.examine, patient("modbus", port, tags=(tag,))))["tag"]
    assert said(finding) == (Mark.BAD, "modbus.off_by_one")
    assert finding.found.values["meant"] == f"input:{last}:real"
    assert finding.found.values["value"] == 1.5


async def test_what_is_not_modbus() -> None:
    async with listener(lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        found = await looked(modbus.examine, patient("modbus", port))
    assert said(found["unit"][0]) == (Mark.BAD, "modbus.not_modbus")


async def test_a_gateway_without_any_unit() -> None:
    def refuse(data: bytes) -> bytes:
        return data[:4] + b"\x00\x03" + data[6:7] + bytes([data[7] | 0x80, 10])

    async with listener(refuse) as port:
        found = await looked(modbus.examine, patient("modbus", port))
    assert said(found["unit"][0]) == (Mark.BAD, "modbus.no_unit")


# ---- OPC UA


@asynccontextmanager
async def twin_server(directory: Path) -> AsyncIterator[Patient]:
    outlet = OpcUaOutlet(OpcUaOptions(port=0, accounts=ACCOUNTS, state_dir=directory))
    await outlet.start(FakeRun())
    who = patient("opc.tcp", port_of(outlet.address), options={"state_dir": directory})
    yield replace(who, url=outlet.address)
    await outlet.stop()


async def test_an_opcua_server_and_all_that_may_be_wrong_with_a_client(tmp_path: Path) -> None:
    async with twin_server(tmp_path) as who:
        known = "nsu=urn:pilotline:twin;s=small/pack/made"
        tags = (
            known,
            "ns=9;s=small/pack/made",
            "ns=2;s=small/pack/made",
            "nsu=urn:other;s=x",
            "ns=2;s=nothing",
            "made",
        )
        found = await looked(opcua.examine, replace(who, tags=tags))
        assert any("None None" in line for line in found["endpoints"][0].details)
        assert any("Basic256Sha256 SignAndEncrypt" in d for d in found["endpoints"][0].details)
        assert any("urn:pilotline:twin" in line for line in found["namespaces"][0].details)
        marks = dict(zip(tags, map(said, found["tag"]), strict=True))
        assert marks[known] == (Mark.GOOD, "opcua.tag")
        assert marks["ns=9;s=small/pack/made"] == (Mark.BAD, "opcua.moved")
        assert marks["ns=2;s=small/pack/made"] == (Mark.NOTE, "opcua.index")
        assert marks["nsu=urn:other;s=x"] == (Mark.BAD, "opcua.no_namespace")
        assert marks["ns=2;s=nothing"] == (Mark.BAD, "opcua.tag_missing")
        assert marks["made"] == (Mark.BAD, "opcua.no_tag")
        assert known in found["tag"][1].remedy.text("en")

        right = replace(who, user="tech", password=HARE_SECRET)
        assert "session" in await looked(opcua.examine, right)
        assert "session" in await looked(opcua.examine, replace(right, encrypted=True))
        wrong = (await looked(opcua.examine, replace(right, password="no")))["user"]
        assert said(wrong[-1]) == (Mark.BAD, "opcua.wrong_user")


class OnlyTech(UserManager):
    def get_user(self, iserver, username=None, password=None, certificate=None):
        return None


@pytest.mark.parametrize(
    ("policies", "encrypted", "key"),
    [
        ([ua.SecurityPolicyType.NoSecurity], True, "opcua.no_encryption"),
        ([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt], False, "opcua.only_encrypted"),
    ],
)
async def test_a_security_policy_that_does_not_match(
    tmp_path: Path, policies, encrypted: bool, key: str
) -> None:
    from devices.opcua.certificate import own_certificate

    pair = await own_certificate(tmp_path, uri="urn:bench", server=True)
    server = Server(user_manager=OnlyTech())
    await server.init()
    port = free_port()
    server.set_endpoint(f"opc.tcp://{HERE}:{port}")
    server.set_security_policy(policies)
    await server.load_certificate(pair.certificate)
    await server.load_private_key(pair.key)
    async with server:
        found = await looked(opcua.examine, patient("opc.tcp", port, encrypted=encrypted))
    assert list(found) == ["endpoints", "security"]
    assert said(found["security"][0]) == (Mark.BAD, key)


async def test_what_is_not_opcua() -> None:
    async with listener() as port:
        found = await looked(opcua.examine, patient("opc.tcp", port))
    assert said(found["protocol"][0]) == (Mark.BAD, "opcua.not_opcua")


# ---- MQTT


async def test_a_broker_and_all_that_may_be_wrong_with_a_client() -> None:
    outlet = MqttOutlet(MqttOptions(port=0, accounts=ACCOUNTS))
    await outlet.start(FakeRun())
    base = "pilotline/v1/campus/small"
    try:
        tags = (f"{base}/pack/made", f"{base}/Pack/made", f"{base}/pack/none", f"{base}/$state#no")
        who = patient("mqtt", port_of(outlet.address), tags=tags)
        found = await looked(mqtt.examine, who)
        assert said(found["broker"][0]) == (Mark.GOOD, "mqtt.broker")
        assert said(found["topics"][0]) == (Mark.GOOD, "mqtt.topics")
        assert [said(f)[1] for f in found["tag"]] == [
            "mqtt.tag",
            "mqtt.spelling",
            "mqtt.silent",
            "mqtt.unreadable",
        ]
        assert f"{base}/pack/made" in found["tag"][1].remedy.text("en")
        assert f"{base}/pack/made" in found["tag"][2].details
        wrong = replace(who, user="tech", password="no")
        assert said((await looked(mqtt.examine, wrong))["user"][0])[1] == "mqtt.wrong_user"
        right = replace(who, user="tech", password=HARE_SECRET)
        assert "topics" in await looked(mqtt.examine, right)
        secure = replace(who, url=who.url.replace("mqtt:", "mqtts:"))
        assert said((await looked(mqtt.examine, secure))["tls"][0])[1] == "mqtt.no_tls"
    finally:
        await outlet.stop()


async def test_a_broker_that_wants_tls(tmp_path: Path) -> None:
    from devices.opcua.certificate import own_certificate

    pair = await own_certificate(tmp_path, uri="urn:bench", server=True)
    pem = tmp_path / "server.crt"
    pem.write_text(ssl.DER_cert_to_PEM_cert(pair.certificate.read_bytes()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, pair.key)
    async with listener(lambda _: b"\x20\x02\x00\x00", ssl=context) as port:
        found = await looked(mqtt.examine, patient("mqtt", port))
        assert said(found["tls"][0]) == (Mark.BAD, "mqtt.tls_wanted")
        assert f"mqtts://{HERE}:{port}" in found["tls"][0].remedy.text("en")
        found = await looked(mqtt.examine, patient("mqtts", port))
        assert said(found["tls"][0]) == (Mark.BAD, "mqtt.certificate")


async def test_what_is_not_mqtt() -> None:
    async with listener(lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        found = await looked(mqtt.examine, patient("mqtt", port))
    assert said(found["broker"][0]) == (Mark.BAD, "mqtt.no_broker")


def test_every_remedy_has_its_finding() -> None:
    keys = [key for key in catalogue() if key.startswith("doctor.")]
    remedies = [key.removesuffix(".do") for key in keys if key.endswith(".do") and "." in key[7:]]
    assert [key for key in remedies if key not in keys and key != "doctor"] == []
