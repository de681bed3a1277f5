"""Names on S7: the address of a controller, tags of its data, and values as bytes both ways.

A tag is written as its controller's program writes it: `DB1.DBX0.3`, `DB1.DBW2`, `DB1.DBD4`,
`I0.0`, `Q0.1`, `M10.2`, `IW64`, `QD66`, with or without `%`, German `E` and `A` for `I` and `Q`. A
type may follow a colon: `DB1.DBD4:dint`. Everything is big-endian.
"""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite
from urllib.parse import urlsplit

from snap7.type import Area

from devices.errors import LinkError
from twin.kernel.signal import Value

PORT = 102
AREAS = {"I": Area.PE, "E": Area.PE, "Q": Area.PA, "A": Area.PA, "M": Area.MK, "DB": Area.DB}
GAP = 16
"""Bytes between two tags that are read along rather than in a request of their own."""
MOST_BYTES = 200
"""Bytes of one read: fits the smallest answer that controllers agree on (240 bytes)."""

_TAG = re.compile(
    r"^%?(?:DB(?P<db>\d+)\.DB(?P<size>[XBWD])|(?P<area>[IEQAM])(?P<short>[XBWD]?))"
    r"(?P<byte>\d+)(?:\.(?P<bit>[0-7]))?(?::(?P<type>[a-z]+)(?:\[(?P<length>\d+)\])?)?$",
    re.IGNORECASE,
)
_FORMATS = {
    "byte": ">B",
    "sint": ">b",
    "int": ">h",
    "word": ">H",
    "dint": ">i",
    "dword": ">I",
    "real": ">f",
    "lreal": ">d",
}
_DEFAULT = {"X": "bool", "B": "byte", "W": "int", "D": "real"}
_WIDTHS = {"X": {"bool"}, "B": {"byte", "sint", "string", "lreal"}, "W": {"int", "word"}}
_WIDTHS["D"] = {"real", "dint", "dword"}
WRONG = "write DB1.DBX0.3, DB1.DBW2, DB1.DBD4:dint, I0.0, QW64 or M10.2"


@dataclass(frozen=True, slots=True)
class S7Tag:
    """One value in a controller's memory."""

    text: str
    area: Area
    db: int
    byte: int
    bit: int
    type: str
    length: int = 0
    """Letters of a string at the most."""

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        if self.type == "bool":
            return 1
        if self.type == "string":
            return self.length + 2
        return struct.calcsize(_FORMATS[self.type])

    def value(self, data: bytes | bytearray) -> Value | None:
        """Return the value that its bytes hold, None where they hold none."""
        if self.type == "bool":
            return bool(data[0] >> self.bit & 1)
        if self.type == "string":
            return bytes(data[2 : 2 + min(data[1], self.length)]).decode("latin-1")
        value: int | float = struct.unpack(_FORMATS[self.type], data)[0]
        return value if isinstance(value, int) or isfinite(value) else None

    def data(self, value: Value) -> bytes:
        """Return the bytes of a value; of a bit, one byte that is 0 or 1.

        Raises:
            ValueError: It does not fit; the text says why.
        """
        if self.type == "bool":
            if not isinstance(value, bool):
                raise ValueError(f"{self.text} is a bit, {value!r} is none")
            return bytes([value])
        if self.type == "string":
            return self._letters(value)
        if isinstance(value, str):
            # A value of the wrong kind is as wrong as one that is too large.
            raise ValueError(f"{self.text} is a number, {value!r} is none")  # noqa: TRY004
        try:
            return struct.pack(_FORMATS[self.type], _whole(value, self.type))
        except (struct.error, OverflowError):
            raise ValueError(f"{value!r} does not fit into {self.text} ({self.type})") from None

    def _letters(self, value: Value) -> bytes:
        text = str(value).encode("latin-1", "replace")
        if len(text) > self.length:
            raise ValueError(f"{self.text} holds {self.length} letters, {value!r} has more")
        return bytes([self.length, len(text)]) + text.ljust(self.length, b"\0")


def _whole(value: float, kind: str) -> float:
    """Return a number as its type wants it: whole where it must be."""
    if kind in ("real", "lreal"):
        return float(value)
    if float(value) != round(value):
        raise OverflowError
    return int(value)


def parse_tag(text: str) -> S7Tag:
    """Read a tag.

    Raises:
        LinkError: It is none; the text says what is right.
    """
    match = _TAG.match(text.strip())
    if match is None:
        raise LinkError(f"{text!r} is no S7 tag; {WRONG}")
    size = (match["size"] or match["short"] or "X").upper()
    kind = (match["type"] or _DEFAULT[size]).lower()
    if (size == "X") != (match["bit"] is not None):
        lacks = "needs a bit" if size == "X" else "has a bit too many"
        raise LinkError(f"{text!r} {lacks}; {WRONG}")
    if kind not in _WIDTHS[size]:
        known = ", ".join(sorted(_WIDTHS[size]))
        raise LinkError(f"{text!r}: {size} cannot be {kind!r}; it can be {known}")
    if (match["length"] is not None) != (kind == "string"):
        raise LinkError(f"{text!r}: write DB1.DBB20:string[16], and a length for strings only")
    length = int(match["length"] or 0)
    if length > 254:
        raise LinkError(f"{text!r}: a string has 254 letters at the most")
    area = AREAS["DB" if match["db"] else match["area"].upper()]
    return S7Tag(
        text, area, int(match["db"] or 0), int(match["byte"]), int(match["bit"] or 0), kind, length
    )


@dataclass(slots=True)
class Block:
    """Bytes of one area that are read at once, for several tags."""

    area: Area
    db: int
    first: int
    end: int
    tags: list[S7Tag] = field(default_factory=list)

    def values(self, data: bytes | bytearray) -> dict[str, Value | None]:
        """Return the value of each tag from the bytes of the block."""
        return {
            tag.text: tag.value(data[tag.byte - self.first : tag.byte - self.first + tag.size])
            for tag in self.tags
        }


def blocks(tags: Iterable[S7Tag]) -> list[Block]:
    """Return the fewest reads that bring all tags: neighbours are read together."""
    found: list[Block] = []
    for tag in sorted(tags, key=lambda t: (t.area, t.db, t.byte)):
        last = found[-1] if found else None
        end = tag.byte + tag.size
        fits = (
            last is not None
            and (last.area, last.db) == (tag.area, tag.db)
            and tag.byte <= last.end + GAP
            and max(end, last.end) - last.first <= MOST_BYTES
        )
        if last is None or not fits:
            last = Block(tag.area, tag.db, tag.byte, end)
            found.append(last)
        last.end = max(last.end, end)
        last.tags.append(tag)
    return found


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a controller is."""

    host: str
    port: int
    rack: int
    slot: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port} rack {self.rack} slot {self.slot}"


def endpoint(link: str, address: str) -> Endpoint:
    """Return where `s7://HOST[:PORT]/RACK/SLOT` is; without rack and slot 0 and 1.

    Args:
        link: the link's id, for the message.
        address: as the devices file has it.

    Raises:
        LinkError: It is no such address.
    """
    parts = urlsplit(address)
    places = [place for place in parts.path.split("/") if place] or ["0", "1"]
    try:
        port = parts.port or PORT
        rack, slot = (int(place) for place in places)
    except ValueError:
        rack = slot = port = -1
    if parts.scheme != "s7" or not parts.hostname or not (0 <= rack <= 7 and 0 <= slot <= 31):
        raise LinkError(
            f"link {link!r}: {address!r} is no S7 address; write s7://HOST/RACK/SLOT: "
            "0/1 for S7-1200 and S7-1500, 0/2 for S7-300"
        )
    return Endpoint(parts.hostname, port, rack, slot)
