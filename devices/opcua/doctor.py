"""What goes wrong with OPC UA: security that does not match, wrong users, namespaces that moved."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from asyncua import Client, ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256

from devices.checkup import Finding, Mark, Patient, bad, good, note
from devices.errors import DeviceError, LinkError
from devices.ports import is_loopback

from .address import CLIENT, find_node, reading
from .certificate import own_certificate
from .quiet import speak_less

PORTS = (4840, 4841, 48010, 48020, 53530)
"""Where such servers often listen."""
OURS = "Basic256Sha256"
PATIENCE = 3
"""A login takes several round trips: it may take so many times the wait for one."""

_FAILURES = (OSError, TimeoutError, ua.UaError)
_NO_USER = (
    ua.uaerrors.BadUserAccessDenied,
    ua.uaerrors.BadIdentityTokenRejected,
    ua.uaerrors.BadIdentityTokenInvalid,
)
_NO_TRUST = (
    ua.uaerrors.BadCertificateUntrusted,
    ua.uaerrors.BadSecurityChecksFailed,
    ua.uaerrors.BadCertificateUriInvalid,
    ua.uaerrors.BadCertificateInvalid,
)


async def examine(patient: Patient) -> AsyncIterator[Finding]:
    """Yield what is wrong with an OPC UA server and the tags that are wanted of it."""
    speak_less()
    try:
        endpoints = await _client(patient).connect_and_get_server_endpoints()
    except _FAILURES:
        yield bad("protocol", "doctor.opcua.not_opcua", port=patient.port)
        return
    details = tuple(dict.fromkeys(_described(endpoint) for endpoint in endpoints))
    yield good("endpoints", "doctor.opcua.endpoints", count=len(details), details=details)
    for check in (_security, _users):
        finding = check(patient, endpoints)
        yield finding
        if finding.mark is Mark.BAD:
            return
    client, finding = await _login(patient)
    yield finding
    if client is None:
        return
    try:
        names = await client.get_namespace_array()
        told = tuple(f"ns={index}  {name}" for index, name in enumerate(names))
        yield good("namespaces", "doctor.opcua.namespaces", count=len(names), details=told)
        for tag in patient.tags:
            yield await _tag(client, tag, names)
    except _FAILURES as error:
        yield bad("protocol", "doctor.opcua.lost", why=str(error) or type(error).__name__)
    finally:
        with contextlib.suppress(*_FAILURES):
            await client.disconnect()


def _client(patient: Patient) -> Client:
    client = Client(patient.url, timeout=patient.timeout_s * PATIENCE)
    client.name = client.description = "Pilotline"
    client.application_uri = CLIENT
    return client


def _described(endpoint: ua.EndpointDescription) -> str:
    users = ", ".join(sorted({token.TokenType.name for token in endpoint.UserIdentityTokens}))
    mode = endpoint.SecurityMode.name.rstrip("_")
    return f"{_policy(endpoint)} {mode}  {endpoint.EndpointUrl}  ({users or '-'})"


def _policy(endpoint: ua.EndpointDescription) -> str:
    return str(endpoint.SecurityPolicyUri or "").rpartition("#")[2] or "None"


def _fitting(
    patient: Patient, endpoints: list[ua.EndpointDescription]
) -> list[ua.EndpointDescription]:
    """Return the endpoints that the twin would take."""
    wanted = OURS if patient.encrypted else "None"
    safe = {ua.MessageSecurityMode.SignAndEncrypt} if patient.encrypted else None
    return [
        endpoint
        for endpoint in endpoints
        if _policy(endpoint) == wanted and (safe is None or endpoint.SecurityMode in safe)
    ]


def _security(patient: Patient, endpoints: list[ua.EndpointDescription]) -> Finding:
    policies = sorted({_policy(endpoint) for endpoint in endpoints})
    offered = ", ".join(policies)
    if _fitting(patient, endpoints):
        key = "doctor.opcua.encrypted" if patient.encrypted else "doctor.opcua.open"
        return good("security", key, policy=OURS)
    if patient.encrypted:
        return bad("security", "doctor.opcua.no_encryption", policy=OURS, offered=offered)
    if OURS in policies:
        return bad("security", "doctor.opcua.only_encrypted", policy=OURS, offered=offered)
    return bad("security", "doctor.opcua.no_policy", policy=OURS, offered=offered)


def _users(patient: Patient, endpoints: list[ua.EndpointDescription]) -> Finding:
    kinds = {
        token.TokenType
        for endpoint in _fitting(patient, endpoints)
        for token in endpoint.UserIdentityTokens
    }
    if patient.user is None and ua.UserTokenType.Anonymous not in kinds:
        return bad("user", "doctor.opcua.no_anonymous")
    if patient.user is not None and ua.UserTokenType.UserName not in kinds:
        return bad("user", "doctor.opcua.no_users", user=patient.user)
    if patient.user is not None and not patient.encrypted and not is_loopback(patient.host):
        return bad("user", "doctor.opcua.readable", user=patient.user, host=patient.host)
    listed = ", ".join(sorted(kind.name for kind in kinds))
    return good("user", "doctor.opcua.kinds", kinds=listed)


async def _login(patient: Patient) -> tuple[Client | None, Finding]:
    client = _client(patient)
    who = patient.user or "anonymous"
    directory = patient.options.get("state_dir", Path.home() / ".pilotline" / "links" / "opcua")
    if patient.user is not None:
        client.set_user(patient.user)
        client.set_password(patient.password or "")
    try:
        if patient.encrypted:
            pair = await own_certificate(directory, uri=CLIENT, server=False)
            await client.set_security(SecurityPolicyBasic256Sha256, pair.certificate, pair.key)
        await client.connect()
    except _NO_USER:
        return None, bad("user", "doctor.opcua.wrong_user", user=who)
    except _NO_TRUST as error:
        return None, bad(
            "certificate", "doctor.opcua.not_trusted", file=directory / "client.der", why=str(error)
        )
    except DeviceError as error:
        return None, bad("certificate", "doctor.opcua.no_certificate", why=str(error))
    except _FAILURES as error:
        why = str(error) or type(error).__name__
        return None, bad("session", "doctor.opcua.no_session", user=who, why=why)
    return client, good("session", "doctor.opcua.session", user=who)


async def _tag(client: Client, tag: str, names: list[str]) -> Finding:
    listed = "; ".join(names)
    try:
        node = await find_node(client, tag)
    except LinkError:
        key = "doctor.opcua.no_namespace" if tag.startswith("nsu=") else "doctor.opcua.no_tag"
        return bad("tag", key, tag=tag, names=listed)
    found = await client.get_node(node).read_data_value(raise_on_bad_status=False)
    if found.StatusCode is None or found.StatusCode.is_good():
        told = reading(tag, found)
        if "ns=" in tag and not tag.startswith("nsu=") and node.NamespaceIndex:
            stable = f"nsu={names[node.NamespaceIndex]};{tag.partition(';')[2]}"
            return note("tag", "doctor.opcua.index", tag=tag, value=told.value, stable=stable)
        return good("tag", "doctor.opcua.tag", tag=tag, value=told.value)
    if found.StatusCode.value != ua.StatusCodes.BadNodeIdUnknown:
        return bad("tag", "doctor.opcua.tag_bad", tag=tag, status=found.StatusCode.name)
    for index, name in enumerate(names):
        other = ua.NodeId(node.Identifier, index)
        value = await client.get_node(other).read_data_value(raise_on_bad_status=False)
        if index != node.NamespaceIndex and (
            value.StatusCode is None or value.StatusCode.is_good()
        ):
            rest = tag.rpartition(";")[2]
            return bad(
                "tag", "doctor.opcua.moved", tag=tag, index=index, stable=f"nsu={name};{rest}"
            )
    return bad("tag", "doctor.opcua.tag_missing", tag=tag)
