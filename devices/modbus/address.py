"""Names on Modbus: the address of a server, and the tags of a PLC's coils and registers.

A tag is `[unit=N/]SPACE:NUMBER[.BIT][:TYPE[:ORDER]]`, such as `coil:12`, `discrete:3`,
`input:4:int`, `holding:10:real`, `holding:10:real:low_first`, `holding:3.5` (bit 5 of a register),
`holding:20:text:8` (text in eight registers), `unit=2/coil:0`. Numbers count from 0.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from devices.errors import LinkError
from twin.kernel.signal import Value

from .registers import WordOrder, WordType, from_words, text_of, to_words, width, words_of

PORT = 502
UNITS = range(256)
LAST = 65535
LONGEST_TEXT = 100


class Space(StrEnum):
    """The four address spaces of Modbus."""

    COIL = "coil"
    DISCRETE = "discrete"
    INPUT = "input"
    HOLDING = "holding"

    @property
    def bits(self) -> bool:
        """Whether it holds single bits; else registers of 16."""
        return self in (Space.COIL, Space.DISCRETE)

    @property
    def writable(self) -> bool:
        """Whether a client may write there at all."""
        return self in (Space.COIL, Space.HOLDING)

    @property
    def most(self) -> int:
        """How many elements one request can read."""
        return 2000 if self.bits else 125


@dataclass(frozen=True, slots=True)
class Tag:
    """What a tag means."""

    unit: int
    space: Space
    number: int
    """Of the coil or the first register, from 0."""
    kind: WordType | None = None
    """None for a bit and for text."""
    order: WordOrder = WordOrder.HIGH_FIRST
    bit: int | None = None
    """The one bit of a register that is meant, 0 the lowest."""
    letters: int = 0
    """Registers of text."""

    @property
    def width(self) -> int:
        """How many coils or registers it takes."""
        if self.letters:
            return self.letters
        return width(self.kind) if self.kind is not None else 1

    def value(self, elements: list[int] | list[bool]) -> Value:
        """Return the value of its elements as they were read."""
        if self.space.bits:
            return bool(elements[0])
        words = [int(element) for element in elements]
        if self.bit is not None:
            return bool(words[0] >> self.bit & 1)
        if self.letters:
            return text_of(words)
        return from_words(words, self.kind or WordType.INT, self.order)

    def words(self, value: Value) -> list[int]:
        """Return the registers to write for a value; raises `ValueError`."""
        if self.letters:
            return words_of(str(value), self.letters)
        return to_words(value, self.kind or WordType.INT, self.order)


_Kind = TypeVar("_Kind", WordType, WordOrder)

_TAG = re.compile(
    r"^(?:unit=(?P<unit>\d+)/)?(?P<space>coil|discrete|input|holding):(?P<number>\d+)"
    r"(?:\.(?P<bit>\d+))?(?::(?P<type>[a-z]+))?(?::(?P<more>[a-z_0-9]+))?$"
)


def parse(tag: str, *, unit: int = 1, order: WordOrder = WordOrder.HIGH_FIRST) -> Tag:
    """Return what a tag means.

    Args:
        tag: as the devices file has it.
        unit: of a tag that names none.
        order: of a tag that names none.

    Raises:
        ValueError: it is none; the text says what is right.
    """
    match = _TAG.match(tag.strip())
    if match is None:
        raise ValueError(
            f"{tag!r} is no Modbus tag; write coil:12, discrete:3, input:4:int, holding:10:real, "
            "holding:3.5 or unit=2/coil:0"
        )
    found = Tag(
        int(match["unit"]) if match["unit"] else unit,
        Space(match["space"]),
        int(match["number"]),
        order=order,
    )
    if found.unit not in UNITS:
        raise ValueError(f"{tag!r}: unit {found.unit} is none; write 0 to 255")
    if found.space.bits:
        _refuse(tag, match["bit"] or match["type"], f"a {found.space} is one bit, nothing follows")
        meant = found
    elif match["bit"] is not None:
        _refuse(tag, match["type"], "one bit of a register has no type")
        _refuse(tag, int(match["bit"]) > 15, "a register has the bits 0 to 15")
        meant = _replace(found, bit=int(match["bit"]))
    elif match["type"] == "text":
        count = int(match["more"]) if (match["more"] or "").isdigit() else 0
        _refuse(tag, not 1 <= count <= LONGEST_TEXT, "write text:8 for text in 8 registers")
        meant = _replace(found, letters=count)
    else:
        meant = _replace(
            found,
            kind=_choice(tag, match["type"] or "int", WordType),
            order=_choice(tag, match["more"], WordOrder) if match["more"] else order,
        )
    _refuse(tag, meant.number + meant.width - 1 > LAST, f"the last number is {LAST}")
    return meant


def _replace(
    tag: Tag,
    *,
    kind: WordType | None = None,
    order: WordOrder | None = None,
    bit: int | None = None,
    letters: int = 0,
) -> Tag:
    return Tag(tag.unit, tag.space, tag.number, kind, order or tag.order, bit, letters)


def _refuse(tag: str, wrong: object, why: str) -> None:
    if wrong:
        raise ValueError(f"{tag!r}: {why}")


def _choice(tag: str, word: str, kinds: type[_Kind]) -> _Kind:
    try:
        return kinds(word)
    except ValueError:
        raise ValueError(f"{tag!r}: {word!r} is none of {', '.join(kinds)}") from None


def endpoint(link: str, address: str) -> tuple[str, int]:
    """Return host and port of `modbus://HOST[:PORT]`.

    Args:
        link: the link's id, for the message.
        address: as the devices file has it.

    Raises:
        LinkError: it is no such address.
    """
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
        parts = parts._replace(scheme="")
    if parts.scheme != "modbus" or not parts.hostname:
        raise LinkError(
            f"link {link!r}: {address!r} is no Modbus address; write modbus://HOST or "
            "modbus://HOST:PORT"
        )
    return parts.hostname, port or PORT
