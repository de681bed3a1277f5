"""Drivers by kind: what `kind:` in a devices file may say, and how each is made.

A new protocol adds a folder and a line in each table that it serves.
"""

import difflib
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

from twin.spec.device import (
    LinkSpec,
    ModbusOutletSpec,
    MqttOutletSpec,
    OpcUaOutletSpec,
    S7OutletSpec,
)

from .accounts import accounts_from
from .base import Link, Offer, Outlet
from .errors import LinkError, OutletError
from .words import spoken

Environment = Mapping[str, str]


def _opcua_link(spec: LinkSpec, password: str | None, state_dir: Path) -> Link:
    from .opcua.link import OpcUaLink, OpcUaLinkOptions

    return OpcUaLink(
        OpcUaLinkOptions(
            spec.id,
            spec.address,
            user=spec.user,
            password=password,
            encrypted=spec.encrypted,
            armed=spec.armed,
            timeout_s=spec.timeout_s,
            publish_s=spec.publish_s,
            state_dir=state_dir / "opcua",
        )
    )


def _mqtt_link(spec: LinkSpec, password: str | None, _state_dir: Path) -> Link:
    from .mqtt.link import MqttLink, MqttLinkOptions

    return MqttLink(
        MqttLinkOptions(
            spec.id,
            spec.address,
            user=spec.user,
            password=password,
            ca_file=spec.ca_file,
            armed=spec.armed,
            timeout_s=spec.timeout_s,
            presence=spec.presence,
            retain=spec.retain,
        )
    )


def _modbus_link(spec: LinkSpec, _password: str | None, _state_dir: Path) -> Link:
    from .modbus.link import ModbusLink, ModbusLinkOptions
    from .modbus.registers import WordOrder

    return ModbusLink(
        ModbusLinkOptions(
            spec.id,
            spec.address,
            armed=spec.armed,
            timeout_s=spec.timeout_s,
            publish_s=spec.publish_s,
            unit=spec.unit,
            word_order=WordOrder(spec.word_order),
        )
    )


def _s7_link(spec: LinkSpec, _password: str | None, _state_dir: Path) -> Link:
    from .s7.link import S7Link, S7LinkOptions

    return S7Link(
        S7LinkOptions(
            spec.id,
            spec.address,
            armed=spec.armed,
            timeout_s=spec.timeout_s,
            publish_s=spec.publish_s,
        )
    )


LINKS: dict[str, Callable[[LinkSpec, str | None, Path], Link]] = {
    "opcua": _opcua_link,
    "mqtt": _mqtt_link,
    "modbus": _modbus_link,
    "s7": _s7_link,
}


async def browse(url: str, *, user: str | None, password: str | None) -> AsyncIterator[Offer]:
    """Yield what the device or server at an address offers.

    Raises:
        LinkError: No driver knows such an address, or nothing can be reached there.
    """
    if url.startswith("opc.tcp://"):
        from .opcua.browse import browse as look
    elif url.startswith(("mqtt://", "mqtts://")):
        from .mqtt.browse import browse as look
    elif url.startswith("modbus://"):
        from .modbus.browse import browse as look
    elif url.startswith("s7://"):
        from .s7.browse import browse as look
    else:
        raise LinkError(
            f"{url!r}: nothing here speaks that; write opc.tcp://…, mqtt://…, modbus://… or s7://…"
        )
    async for offer in look(url, user=user, password=password):
        yield offer


def make_link(spec: LinkSpec, environment: Environment, state_dir: Path) -> Link:
    """Return the link that a devices file names; it is not connected yet.

    Args:
        spec: the link as the file has it.
        environment: where passwords are, usually `os.environ`.
        state_dir: where certificates are kept.
    """
    factory = LINKS.get(spec.kind)
    if factory is None:
        near = difflib.get_close_matches(spec.kind, LINKS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"kinds are: {', '.join(LINKS)}"
        raise LinkError(f"link {spec.id!r}: there is no driver of kind {spec.kind!r}; {hint}")
    password = None
    if spec.password_env is not None:
        password = environment.get(spec.password_env)
        if not password:
            raise LinkError(
                f"link {spec.id!r} has no password: set the environment variable "
                f"{spec.password_env}"
            )
    return factory(spec, password, state_dir)


def make_opcua_outlet(
    spec: OpcUaOutletSpec,
    environment: Environment,
    state_dir: Path,
    text: Callable[[str], str] = spoken,
) -> Outlet:
    """Return the OPC UA server of a devices file; `text` gives the message of a key."""
    from .opcua.outlet import OpcUaOptions, OpcUaOutlet

    return OpcUaOutlet(
        OpcUaOptions(
            spec.host,
            spec.port,
            accounts_from(spec.accounts, environment),
            state_dir / "opcua",
            text,
        )
    )


def make_mqtt_outlet(
    spec: MqttOutletSpec,
    environment: Environment,
    text: Callable[[str], str] = spoken,
) -> Outlet:
    """Return the MQTT publisher of a devices file; `text` gives the message of a key."""
    from .mqtt.outlet import External, MqttOptions, MqttOutlet

    external = None
    if spec.broker is not None:
        broker = spec.broker
        password = environment.get(broker.password_env) if broker.password_env else None
        if broker.password_env and not password:
            raise OutletError(
                f"the broker {broker.host} needs a password: set the environment variable "
                f"{broker.password_env}"
            )
        external = External(
            broker.host, broker.port, broker.user, password, broker.tls, broker.ca_file
        )
    accounts = accounts_from(spec.accounts, environment)
    return MqttOutlet(
        MqttOptions(spec.host, spec.port, external, accounts, text, writable=spec.writable)
    )


def make_modbus_outlet(spec: ModbusOutletSpec) -> Outlet:
    """Return the Modbus TCP server of a devices file."""
    from .modbus.outlet import ModbusOptions, ModbusOutlet
    from .modbus.registers import WordOrder

    return ModbusOutlet(
        ModbusOptions(spec.host, spec.port, spec.writable, spec.allow, WordOrder(spec.word_order))
    )


def make_s7_outlet(spec: S7OutletSpec) -> Outlet:
    """Return the S7 server of a devices file."""
    from .s7.outlet import S7Options, S7Outlet

    return S7Outlet(S7Options(spec.host, spec.port, spec.writable))
