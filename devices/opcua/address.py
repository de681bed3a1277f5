"""Names and types of OPC UA for the twin's signals: node ids, units, data types, status."""

import math

from asyncua import Client, ua

from devices.base import TagReading, unanswered
from devices.errors import LinkError
from twin.kernel.signal import Quality, Signal, Value

NAMESPACE = "urn:pilotline:twin"
APPLICATION = "urn:pilotline:twin:server"
CLIENT = "urn:pilotline:twin:client"
PATH = "/pilotline"

UNECE = "http://www.opcfoundation.org/UA/units/un/cefact"
# Common codes of UN/CEFACT Recommendation 20, which OPC UA part 8 packs into an Int32.
UNIT_CODES = {
    "": "C62",
    "1": "C62",
    "s": "SEC",
    "ms": "C26",
    "min": "MIN",
    "h": "HUR",
    "1/h": "H10",
    "m": "MTR",
    "mm": "MMT",
    "m/s": "MTS",
    "m/s2": "MSK",
    "rad": "C81",
    "deg": "DD",
    "rad/s": "2A",
    "kg": "KGM",
    "N": "NEW",
    "Nm": "NU",
    "W": "WTT",
    "kW": "KWT",
    "J": "JOU",
    "kWh": "KWH",
    "V": "VLT",
    "A": "AMP",
    "Hz": "HTZ",
    "bar": "BAR",
    "Pa": "PAL",
    "degC": "CEL",
    "K": "KEL",
    "%": "P1",
}

GOOD = ua.StatusCode(ua.UInt32(ua.StatusCodes.Good))
STATUS = {
    Quality.GOOD: GOOD,
    Quality.UNCERTAIN: ua.StatusCode(ua.UInt32(ua.StatusCodes.UncertainLastUsableValue)),
    Quality.BAD: ua.StatusCode(ua.UInt32(ua.StatusCodes.BadNoCommunication)),
}

_TYPES = {
    bool: ua.VariantType.Boolean,
    int: ua.VariantType.Int64,
    float: ua.VariantType.Double,
    str: ua.VariantType.String,
}


def node_path(line: str, path: str) -> str:
    """Return the identifier of a node below a line: `LINE/CELL/ASSET/SIGNAL`."""
    return f"{line}/{path}"


def variant_type(signal: Signal) -> ua.VariantType:
    """Return the OPC UA type of a signal. Enumerations are UInt32, as part 8 wants them."""
    return ua.VariantType.UInt32 if signal.enum else _TYPES[signal.type]


def variable_type(signal: Signal) -> int:
    """Return the number of the variable type that fits a signal (OPC UA part 8)."""
    if signal.enum:
        return int(ua.ObjectIds.MultiStateDiscreteType)
    if signal.type not in (int, float):
        return int(ua.ObjectIds.BaseDataVariableType)
    if signal.low is not None and signal.high is not None:
        return int(ua.ObjectIds.AnalogItemType)
    if signal.unit:
        return int(ua.ObjectIds.AnalogUnitType)
    return int(ua.ObjectIds.BaseDataVariableType)


def engineering_unit(unit: str) -> ua.EUInformation:
    """Return a unit as OPC UA has it; one that the list does not hold keeps its text."""
    code = UNIT_CODES.get(unit)
    number = -1
    if code:
        number = 0
        for letter in code:
            number = number << 8 | ord(letter)
    return ua.EUInformation(
        NamespaceUri=UNECE if code else NAMESPACE,
        UnitId=number,
        DisplayName=ua.LocalizedText(unit or "1"),
        Description=ua.LocalizedText(unit or "one"),
    )


def enum_strings(signal: Signal) -> list[ua.LocalizedText]:
    """Return the names of an enumeration from 0 on, with a blank where a number has none."""
    members: dict[int, str] = {}
    if signal.enum is not None:
        members = {int(member): member.name for member in signal.enum}
    return [ua.LocalizedText(members.get(i, "")) for i in range(max(members, default=-1) + 1)]


def fits(signal: Signal, variant: ua.Variant) -> bool:
    """Tell whether a client's variant has the very type of the node; OPC UA never converts."""
    single = not variant.is_array and variant.Value is not None
    return single and bool(variant.VariantType == variant_type(signal))


def plain(value: object) -> Value | None:
    """Return a device's value as one of ours, None where it is none of the four types."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    return None


def quality_of(status: ua.StatusCode | None) -> Quality:
    """Return the quality that a status code means."""
    if status is None or status.is_good():
        return Quality.GOOD
    return Quality.UNCERTAIN if status.is_uncertain() else Quality.BAD


def reading(tag: str, value: ua.DataValue | None) -> TagReading:
    """Return what a device's data value says of a tag."""
    if value is None or value.Value is None:
        return unanswered(tag)
    quality = quality_of(value.StatusCode)
    ours = plain(value.Value.Value)
    if ours is None or quality is Quality.BAD:
        return unanswered(tag)
    source = value.SourceTimestamp
    return TagReading(tag, ours, quality, source.timestamp() if source else None)


async def find_node(client: Client, tag: str) -> ua.NodeId:
    """Return the node id of a tag; `nsu=URI;…` asks the server for its index of the namespace.

    Raises:
        LinkError: the tag is no node id, or the server does not know the namespace.
    """
    uri, rest = None, tag
    if tag.startswith("nsu="):
        uri, _, rest = tag[4:].partition(";")
    try:
        node = ua.NodeId.from_string(rest)
        if uri is None:
            return node
        index = await client.get_namespace_index(uri)
    except (ua.UaStringParsingError, ValueError) as error:
        raise LinkError(
            f"{tag!r} is no node of this server ({error}); write nsu=URI;s=NAME or ns=2;i=5"
        ) from None
    return ua.NodeId(node.Identifier, index)
