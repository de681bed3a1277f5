"""Accounts, ports, registry, words, streams, the bound on the log."""

import asyncio
import logging
import socket

import pytest

from devices.accounts import Account, Accounts, Right, accounts_from
from devices.base import TagReading, unanswered
from devices.errors import LinkError, OutletError
from devices.opcua.quiet import Quiet
from devices.ports import is_loopback, require_free
from devices.registry import make_link, make_mqtt_outlet, make_opcua_outlet
from devices.stream import LIMIT, TagStream
from devices.words import spoken
from twin.kernel.signal import Quality
from twin.spec.device import AccountSpec, LinkSpec, MqttOutletSpec, OpcUaOutletSpec

TECH = {"name": "tech", "password_env": "TECH_PASSWORD", "rights": ["write"]}


# ---- accounts


def test_an_account_needs_its_password() -> None:
    accounts = Accounts([Account("tech", "pässword", frozenset({Right.WRITE}))])
    found = accounts.find("tech", "pässword")
    assert found is not None
    assert found.rights == {Right.WRITE}
    for name, password in (("tech", ""), ("tech", "Pässword"), ("other", "pässword"), ("", "")):
        assert accounts.find(name, password) is None
    assert accounts.find("x", "no such account") is None


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(Account("tech", "secret"))


def test_passwords_come_from_the_environment() -> None:
    spec = AccountSpec.model_validate(TECH)
    accounts = accounts_from([spec], {"TECH_PASSWORD": "pw"})
    assert accounts.find("tech", "pw") is not None
    for environment in ({}, {"TECH_PASSWORD": ""}):
        with pytest.raises(
            OutletError, match=r"'tech'.*set the environment variable TECH_PASSWORD"
        ):
            accounts_from([spec], environment)


# ---- ports


def test_a_free_port_and_one_in_use() -> None:
    assert require_free("127.0.0.1", 0, what="x", option="--x") > 0
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(OutletError, match=rf"x: port {port} on 127.0.0.1 is in use.*--x-port"):
            require_free("127.0.0.1", port, what="x", option="--x-port")


def test_an_address_of_somebody_else() -> None:
    with pytest.raises(OutletError, match=r"cannot listen|no address"):
        require_free("192.0.2.1", 4840, what="x", option="--x")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("10.0.0.7", False),
        ("localhost.example.org", False),
        ("", False),
    ],
)
def test_loopback(host: str, own: bool) -> None:
    assert is_loopback(host) is own


# ---- registry


def link_spec(**more: object) -> LinkSpec:
    document = {"id": "plc", "kind": "opcua", "address": "opc.tcp://127.0.0.1:4841"}
    return LinkSpec.model_validate(document | more)


def test_drivers_by_kind(tmp_path) -> None:
    opcua = make_link(link_spec(armed=True), {}, tmp_path)
    assert (type(opcua).__name__, opcua.id, opcua.armed) == ("OpcUaLink", "plc", True)
    mqtt = make_link(link_spec(kind="mqtt", address="mqtt://127.0.0.1"), {}, tmp_path)
    assert (type(mqtt).__name__, mqtt.armed) == ("MqttLink", False)


def test_an_unknown_kind_names_the_nearest(tmp_path) -> None:
    with pytest.raises(LinkError, match=r"'opc_ua'; did you mean 'opcua'"):
        make_link(link_spec(kind="opc_ua"), {}, tmp_path)
    with pytest.raises(LinkError, match="kinds are: opcua, mqtt"):
        make_link(link_spec(kind="profinet"), {}, tmp_path)


def test_a_link_without_its_password(tmp_path) -> None:
    with pytest.raises(LinkError, match="PLC_PASSWORD"):
        make_link(link_spec(user="me", password_env="PLC_PASSWORD"), {}, tmp_path)


def test_outlets_of_a_devices_file(tmp_path) -> None:
    environment = {"TECH_PASSWORD": "pw", "BROKER": "pw"}
    opcua = OpcUaOutletSpec.model_validate({"port": 4899, "accounts": [TECH]})
    assert make_opcua_outlet(opcua, environment, tmp_path).address == (
        "opc.tcp://127.0.0.1:4899/pilotline"
    )
    broker = {"host": "hall", "user": "me", "password_env": "BROKER", "tls": True, "port": 8883}
    mqtt = MqttOutletSpec.model_validate({"broker": broker})
    assert make_mqtt_outlet(mqtt, environment).address == "mqtts://hall:8883"
    with pytest.raises(OutletError, match="BROKER"):
        make_mqtt_outlet(mqtt, {})


async def test_a_password_does_not_travel_readable(tmp_path) -> None:
    spec = link_spec(address="opc.tcp://plc.example:4840", user="me", password_env="P")
    with pytest.raises(LinkError, match="encrypted: true"):
        await make_link(spec, {"P": "pw"}, tmp_path).connect()


# ---- words


def test_an_alarm_in_words() -> None:
    title = '{"en": "Nozzle blocked", "zh": "喷嘴堵塞"}'
    assert spoken(title) == "Nozzle blocked"
    assert spoken(title, "zh") == "喷嘴堵塞"
    assert spoken("{broken") == "{broken"
    assert spoken("just words") == "just words"
    assert spoken("spec.hint.none") == "there is none to choose from"


# ---- streams


async def test_a_stream_gives_all_in_order_and_ends() -> None:
    stream = TagStream(["a", "b", "a"])
    assert stream.tags == ("a", "b")
    for value in range(5):
        stream.push(TagReading("a", value))
    stream.lose()
    stream.close()
    readings = [reading async for reading in stream]
    assert readings == [*(TagReading("a", v) for v in range(5)), unanswered("a"), unanswered("b")]


async def test_a_stream_is_bounded_and_keeps_the_last_of_each_tag() -> None:
    stream = TagStream(["a", "b"])
    stream.push(TagReading("b", -1))
    for value in range(5 * LIMIT):
        stream.push(TagReading("a", value))
    assert len(stream._pending) <= LIMIT + 1
    stream.close()
    last = {reading.tag: reading.value async for reading in stream}
    assert last == {"a": 5 * LIMIT - 1, "b": -1}


async def test_a_reader_waits_for_what_comes() -> None:
    stream = TagStream(["a"])
    reader = asyncio.create_task(anext(stream))
    await asyncio.sleep(0)
    assert not reader.done()
    stream.push(TagReading("a", 1, Quality.UNCERTAIN))
    assert await reader == TagReading("a", 1, Quality.UNCERTAIN)


# ---- the bound on the log


def test_a_flood_is_counted_not_written() -> None:
    now = [0.0]
    quiet = Quiet(limit=3, clock=lambda: now[0])

    def passes(text: str = "x", name: str = "server") -> logging.LogRecord | None:
        record = logging.LogRecord(name, logging.ERROR, "f", 1, text, None, None)
        return record if quiet.filter(record) else None

    assert [passes() is not None for _ in range(10)] == [True] * 3 + [False] * 7
    assert passes(name="other") is not None
    now[0] = 61.0
    record = passes("again")
    assert record is not None
    assert record.getMessage() == "again (and 7 lines left out)"


def test_a_traceback_becomes_one_line() -> None:
    try:
        raise ValueError("rubbish from a stranger")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("server", logging.ERROR, "f", 1, "while %s", ("reading",), info)
    assert Quiet().filter(record)
    assert record.exc_info is None
    assert record.getMessage() == "while reading: ValueError('rubbish from a stranger')"
