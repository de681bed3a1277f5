r"""Sockets to the PLC, and the bytes that go through them.

A `socketdev` is a text: empty while there is none, `new` once created, else the port. `rawbytes`
are hexadecimal digits. Numbers are packed little end first, or with `\Network` big end first.
"""

import struct
from math import isfinite
from struct import pack, unpack
from typing import TYPE_CHECKING, Any

from .arithmetic import whole
from .fault import Fault
from .kinds import NUM, number_text
from .limits import LIMITS
from .motion import instruction
from .robot_functions import asks

if TYPE_CHECKING:
    from twin.plant.motion.channel import Channel

    from .machine import Machine

NEW = "new"
RAW_MOST = 1024
"""Bytes of `rawbytes`, as on the robot controller."""
RECEIVE_S = 60.0
"""How long SocketReceive waits when nothing is said."""
_FORMATS = {1: "B", 2: "H", 4: "I", 8: "Q", -1: "b", -2: "h", -4: "i", -8: "q"}
"""By the values of USINT, UINT, UDINT, ULINT, SINT, INT, DINT, LINT."""
STATES = {"SOCKET_CREATED": 1.0, "SOCKET_CONNECTED": 2.0, "SOCKET_CLOSED": 5.0}


def channel_of(m: "Machine", ref: Any) -> "Channel":
    """Return the channel of a socket.

    Raises:
        Fault: it is not connected.
    """
    state = m.load_ref(ref)
    channel = m.mover.channel(int(state)) if state not in ("", NEW) else None
    if channel is None:
        errno = "ERR_SOCK_NOT_CONN" if state == NEW else "ERR_SOCK_CLOSED"
        raise Fault("socket_closed", errno=errno)
    if not channel.open:
        raise Fault("socket_closed", errno="ERR_SOCK_CLOSED")
    return channel


# ---- connections


@instruction("SocketCreate", r"Socket:socketdev& \UDP!")
def _create(m: "Machine", ref: Any) -> None:
    if m.load_ref(ref) not in ("", NEW):
        raise Fault("socket_connected", errno="ERR_SOCK_ISCON")
    m.store_ref(ref, NEW)


@instruction("SocketConnect", r"Socket:socketdev& Address:string Port:num \Time:num")
def _connect(m: "Machine", ref: Any, _address: str, port: float, _time: Any) -> None:
    state = m.load_ref(ref)
    if state == "":
        raise Fault("socket_closed", errno="ERR_SOCK_CLOSED")
    if state != NEW:
        raise Fault("socket_connected", errno="ERR_SOCK_ISCON")
    number = whole(port, "Port")
    channel = m.mover.channel(number)
    if channel is None:
        raise Fault("socket_port", port=number, errno="ERR_SOCK_TIMEOUT")
    if not channel.connect_robot():
        if not channel.plugged:
            raise Fault("socket_cable", errno="ERR_SOCK_TIMEOUT")
        raise Fault("socket_connected", errno="ERR_SOCK_ISCON")
    m.ports.append(number)
    m.listen()
    m.store_ref(ref, str(number))


@instruction("SocketClose", "Socket:socketdev&")
def _close(m: "Machine", ref: Any) -> None:
    state = m.load_ref(ref)
    if state not in ("", NEW):
        m.hang_up(int(state))
    m.store_ref(ref, "")


@asks("SocketGetStatus", "Socket:socketdev&", NUM)
def _status(m: "Machine", ref: Any) -> float:
    state = m.load_ref(ref)
    if state in ("", NEW):
        return STATES["SOCKET_CREATED" if state else "SOCKET_CLOSED"]
    channel = m.mover.channel(int(state))
    return STATES["SOCKET_CONNECTED" if channel and channel.open else "SOCKET_CLOSED"]


@asks("SocketPeek", "Socket:socketdev&", NUM)
def _peek(m: "Machine", ref: Any) -> float:
    return float(len(channel_of(m, ref).inbox))


# ---- sending and receiving


@instruction(
    "SocketSend", r"Socket:socketdev& \Str:string|\RawData:rawbytes&|\Data:num*! \NoOfBytes:num"
)
def _send(m: "Machine", ref: Any, text: Any, raw: Any, most: Any) -> None:
    channel = channel_of(m, ref)
    if text is not None:
        data = list(text.encode("latin-1", "replace"))
    elif raw is not None:
        data = list(bytes.fromhex(m.load_ref(raw)))
    else:
        raise Fault("socket_what", errno="ERR_ARGVALERR")
    if most is not None:
        data = data[: max(whole(most, "NoOfBytes"), 0)]
    channel.send(data)


def ready(m: "Machine", _f: Any, ref: Any, raw: Any, count: Any) -> bool:
    """Tell whether as many bytes are there as SocketReceive waits for."""
    inbox = channel_of(m, ref).inbox
    wanted = 1 if count is None else whole(count, "ReadNoOfBytes")
    return len(inbox) >= min(max(wanted, 1), RAW_MOST if raw else LIMITS.string)


def receive(m: "Machine", ref: Any, text: Any, raw: Any, count: Any, told: Any) -> None:
    """Fetch what has come."""
    if text is None and raw is None:
        raise Fault("socket_what", errno="ERR_ARGVALERR")
    most = LIMITS.string if text is not None else RAW_MOST
    if count is not None:
        most = min(most, max(whole(count, "ReadNoOfBytes"), 1))
    data = bytes(channel_of(m, ref).take(most))
    if text is not None:
        m.store_ref(text, data.decode("latin-1"))
    else:
        m.store_ref(raw, data.hex())
    if told is not None:
        m.store_ref(told, float(len(data)))


# ---- bytes


def _at(index: float, length: int, raw: bytes | bytearray) -> int:
    at = whole(index, "StartIndex")
    if at < 1 or at - 1 + length > RAW_MOST:
        raise Fault("raw_index", at=at, limit=RAW_MOST, errno="ERR_OUTOFBND")
    return min(at - 1, max(len(raw), at - 1))


def _format(network: Any, hex1: Any, int_x: Any, float4: Any) -> str:
    order = ">" if network else "<"
    if hex1:
        return order + "B"
    if float4:
        return order + "f"
    code = _FORMATS.get(int(int_x)) if int_x is not None else None
    if code is None:
        raise Fault("raw_type", errno="ERR_ARGVALERR")
    return order + code


@instruction("ClearRawBytes", r"RawData:rawbytes& \FromIndex:num")
def _clear(m: "Machine", ref: Any, begin: Any) -> None:
    raw = bytes.fromhex(m.load_ref(ref))
    keep = 0 if begin is None else max(whole(begin, "FromIndex") - 1, 0)
    m.store_ref(ref, raw[:keep].hex())


@instruction(
    "PackRawBytes",
    r"Value:packed RawData:rawbytes& \Network StartIndex:num \Hex1|\IntX:num|\Float4|\ASCII",
)
def _pack(
    m: "Machine", value: Any, ref: Any, network: Any, index: float,
    hex1: Any, int_x: Any, float4: Any, ascii_: Any,
) -> None:  # fmt: skip
    if isinstance(value, str) != bool(ascii_):
        raise Fault("raw_type", errno="ERR_ARGVALERR")
    if isinstance(value, str):
        data = value.encode("latin-1", "replace")
    else:
        layout = _format(network, hex1, int_x, float4)
        if not isfinite(value):
            raise Fault("num_limit", errno="ERR_NUM_LIMIT")
        number = value if float4 else whole(value, "PackRawBytes")
        try:
            data = pack(layout, number)
        except (struct.error, OverflowError):
            raise Fault("raw_range", found=number_text(value), errno="ERR_ARGVALERR") from None
    raw = bytearray.fromhex(m.load_ref(ref))
    at = _at(index, len(data), raw)
    raw.extend(bytes(max(at + len(data) - len(raw), 0)))
    raw[at : at + len(data)] = data
    m.store_ref(ref, raw.hex())


@instruction(
    "UnpackRawBytes",
    r"RawData:rawbytes& \Network StartIndex:num Value:packed& "
    r"\Hex1|\IntX:num|\Float4|\ASCII:num",
)
def _unpack(
    m: "Machine", ref: Any, network: Any, index: float, target: Any,
    hex1: Any, int_x: Any, float4: Any, ascii_: Any,
) -> None:  # fmt: skip
    raw = bytes.fromhex(m.load_ref(ref))
    into_text = isinstance(m.load_ref(target), str)
    if into_text != (ascii_ is not None):
        raise Fault("raw_type", errno="ERR_ARGVALERR")
    layout = "" if into_text else _format(network, hex1, int_x, float4)
    length = whole(ascii_, "ASCII") if into_text else len(pack(layout, 0))
    at = whole(index, "StartIndex") - 1
    if at < 0 or length < 0 or at + length > len(raw):
        raise Fault("raw_short", at=at + 1, count=length, length=len(raw), errno="ERR_OUTOFBND")
    data = raw[at : at + length]
    if into_text:
        if length > LIMITS.string:
            raise Fault("long_string", limit=LIMITS.string, found=length, errno="ERR_STRTOOLNG")
        m.store_ref(target, data.decode("latin-1"))
        return
    value = float(unpack(layout, data)[0])
    if not isfinite(value):
        raise Fault("num_limit", errno="ERR_NUM_LIMIT")
    m.store_ref(target, value)


@instruction(
    "CopyRawBytes",
    r"FromRawData:rawbytes& FromIndex:num ToRawData:rawbytes& ToIndex:num \NoOfBytes:num",
)
def _copy(m: "Machine", source: Any, begin: float, ref: Any, index: float, count: Any) -> None:
    raw = bytes.fromhex(m.load_ref(source))
    first = whole(begin, "FromIndex") - 1
    length = len(raw) - first if count is None else whole(count, "NoOfBytes")
    if first < 0 or length < 0 or first + length > len(raw):
        raise Fault("raw_short", at=first + 1, count=length, length=len(raw), errno="ERR_OUTOFBND")
    data = raw[first : first + length]
    there = bytearray.fromhex(m.load_ref(ref))
    at = _at(index, len(data), there)
    there.extend(bytes(max(at + len(data) - len(there), 0)))
    there[at : at + len(data)] = data
    m.store_ref(ref, there.hex())


@asks("RawBytesLen", "RawData:rawbytes&", NUM, restless=False)
def _length(m: "Machine", ref: Any) -> float:
    return float(len(m.load_ref(ref)) // 2)
