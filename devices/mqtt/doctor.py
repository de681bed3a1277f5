"""What goes wrong with MQTT: no broker, the wrong user, TLS on one side only, a silent topic."""

import asyncio
import secrets
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace

from paho.mqtt.client import topic_matches_sub

from devices.checkup import Finding, Patient, bad, good, note
from devices.errors import DeviceError

from .address import endpoint, field_of, topic_of
from .client import ClientOptions, MqttClient

PORTS = (1883, 8883, 1884)
"""Where brokers often listen."""
LISTEN_S = 2.0
MOST = 5000
ACCEPTED, NO_CREDENTIALS, NOT_AUTHORISED = 0, 4, 5


async def examine(patient: Patient) -> AsyncIterator[Finding]:
    """Yield what is wrong with a broker and the topics that are wanted of it."""
    _, _, secure = endpoint("doctor", patient.url)
    context = None
    if secure:
        try:
            context = ssl.create_default_context(cafile=patient.ca_file)
        except OSError as error:
            yield bad("tls", "doctor.mqtt.no_ca_file", file=patient.ca_file, why=str(error))
            return
    finding = await _greet(patient, context)
    if finding is not None:
        yield finding
        return
    yield good("broker", "doctor.mqtt.broker", user=patient.user or "anonymous")
    async for finding in _topics(patient, context):
        yield finding


async def _greet(patient: Patient, context: ssl.SSLContext | None) -> Finding | None:
    """Return what is wrong with the connection and the login; None when both are right."""
    try:
        code = await _hello(patient, context)
    except ssl.SSLCertVerificationError as error:
        return bad("tls", "doctor.mqtt.certificate", why=error.verify_message)
    except ssl.SSLError:
        return bad("tls", "doctor.mqtt.no_tls", port=patient.port)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        if context is None and await _speaks_tls(patient):
            return bad("tls", "doctor.mqtt.tls_wanted", host=patient.host, port=patient.port)
        if context is not None and await _speaks_plainly(patient):
            return bad("tls", "doctor.mqtt.no_tls", port=patient.port)
        return bad("broker", "doctor.mqtt.no_broker", port=patient.port)
    if code in (NO_CREDENTIALS, NOT_AUTHORISED):
        return bad("user", "doctor.mqtt.wrong_user", user=patient.user or "anonymous")
    if code != ACCEPTED:
        return bad("broker", "doctor.mqtt.refused", code=code)
    return None


async def _hello(patient: Patient, context: ssl.SSLContext | None) -> int:
    """Return the code with which the broker answers a CONNECT of MQTT 3.1.1."""
    async with asyncio.timeout(patient.timeout_s):
        reader, writer = await asyncio.open_connection(patient.host, patient.port, ssl=context)
        try:
            writer.write(_connect(patient))
            head = await reader.readexactly(4)
            if head[0] != 0x20 or head[1] != 2:
                raise ConnectionError("no CONNACK")
            writer.write(b"\xe0\x00")
        finally:
            writer.close()
    return head[3]


def _connect(patient: Patient) -> bytes:
    flags, body = 0x02, _string(f"pilotline-doctor-{secrets.token_hex(4)}")
    if patient.user is not None:
        flags |= 0xC0
        body += _string(patient.user) + _string(patient.password or "")
    body = _string("MQTT") + bytes([4, flags]) + (30).to_bytes(2, "big") + body
    return b"\x10" + _length(len(body)) + body


def _string(text: str) -> bytes:
    packed = text.encode()
    return len(packed).to_bytes(2, "big") + packed


def _length(size: int) -> bytes:
    found = b""
    while True:
        size, digit = divmod(size, 128)
        found += bytes([digit | (0x80 if size else 0)])
        if not size:
            return found


async def _speaks_tls(patient: Patient) -> bool:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(patient.timeout_s):
            _, writer = await asyncio.open_connection(patient.host, patient.port, ssl=context)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def _speaks_plainly(patient: Patient) -> bool:
    # The password does not travel where nobody has wished for an open connection.
    try:
        await _hello(replace(patient, user=None, password=None), None)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False
    return True


async def _topics(patient: Patient, context: ssl.SSLContext | None) -> AsyncIterator[Finding]:
    """Yield what is published now: a look at all topics, and each that is wanted."""
    heard: dict[str, bytes] = {}

    def received(topic: str, message: bytes) -> None:
        if topic in heard or len(heard) < MOST:
            heard[topic] = message

    options = ClientOptions(
        patient.host,
        patient.port,
        name="pilotline-doctor",
        user=patient.user,
        password=patient.password,
        tls=context,
        timeout_s=patient.timeout_s,
    )
    client = MqttClient(
        options,
        on_up=lambda: client.subscribe(["#", *map(topic_of, patient.tags)]),
        on_message=received,
    )
    try:
        await client.start()
        await asyncio.sleep(LISTEN_S)
    except DeviceError:
        yield bad("broker", "doctor.mqtt.no_broker", port=patient.port)
        return
    finally:
        await client.stop()
    if heard:
        yield good("topics", "doctor.mqtt.topics", count=len(heard), seconds=f"{LISTEN_S:g}")
    else:
        yield note("topics", "doctor.mqtt.no_topics", seconds=f"{LISTEN_S:g}")
    for tag in patient.tags:
        yield _tag(tag, heard)


def _tag(tag: str, heard: dict[str, bytes]) -> Finding:
    topic, _, name = tag.partition("#")
    if topic not in heard:
        same = [known for known in heard if known.lower() == topic.lower().strip("/")]
        if same:
            return bad("tag", "doctor.mqtt.spelling", tag=tag, topic=same[0])
        above = topic.rpartition("/")[0]
        near = [known for known in heard if above and topic_matches_sub(f"{above}/#", known)]
        return bad("tag", "doctor.mqtt.silent", tag=tag, details=tuple(sorted(near)[:5]))
    value, _, _ = field_of(heard[topic], name)
    if value is None:
        text = heard[topic].decode("utf-8", "replace")[:100]
        return bad("tag", "doctor.mqtt.unreadable", tag=tag, details=(text,))
    return good("tag", "doctor.mqtt.tag", tag=tag, value=value)
