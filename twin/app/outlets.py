"""How a twin is published: the outlets that somebody wishes for."""

from devices.accounts import Account, Accounts, Right
from devices.base import Outlet
from devices.modbus.outlet import ModbusOptions, ModbusOutlet
from devices.mqtt.outlet import MqttOptions, MqttOutlet
from devices.opcua.outlet import OpcUaOptions, OpcUaOutlet
from devices.registry import make_modbus_outlet, make_s7_outlet
from devices.s7.outlet import S7Options, S7Outlet
from devices.words import spoken
from twin.spec.device import OutletsSpec

from .wishes import STATE_DIR, Wishes


def make_outlets(
    wishes: Wishes, password: str, published: OutletsSpec | None = None
) -> list[Outlet]:
    """Return the outlets; the account `operator` with `password` may write over OPC UA and MQTT.

    Args:
        wishes: what somebody asked for.
        password: of `operator`.
        published: what a devices file says of outlets that nobody asked for otherwise.
    """
    rights = frozenset({Right.WRITE, Right.ACKNOWLEDGE})
    accounts = Accounts([Account("operator", password, rights)])
    outlets: list[Outlet] = []

    def text(said: str) -> str:
        return spoken(said, wishes.language)

    if wishes.opcua_port is not None:
        opcua = OpcUaOptions(wishes.host, wishes.opcua_port, accounts, STATE_DIR / "opcua", text)
        outlets.append(OpcUaOutlet(opcua))
    if wishes.mqtt_port is not None:
        mqtt = MqttOptions(wishes.host, wishes.mqtt_port, wishes.broker, accounts, text)
        outlets.append(MqttOutlet(mqtt))
    if wishes.modbus_port is not None:
        modbus = ModbusOptions(
            wishes.host,
            wishes.modbus_port,
            writable="modbus" in wishes.writable,
            allow=wishes.allow,
        )
        outlets.append(ModbusOutlet(modbus))
    elif published is not None and published.modbus is not None:
        outlets.append(make_modbus_outlet(published.modbus))
    if wishes.s7_port is not None:
        s7 = S7Options(wishes.host, wishes.s7_port, writable="s7" in wishes.writable)
        outlets.append(S7Outlet(s7))
    elif published is not None and published.s7 is not None:
        outlets.append(make_s7_outlet(published.s7))
    return outlets
