"""Values as Modbus carries them: 16-bit words, big-endian, two of them for 32 bits."""

import math
import struct
from enum import StrEnum

from twin.kernel.signal import Value


class WordOrder(StrEnum):
    """Which word of a 32-bit value comes first. Modbus leaves that open."""

    HIGH_FIRST = "high_first"
    LOW_FIRST = "low_first"


class WordType(StrEnum):
    """What one or two registers hold."""

    INT = "int"
    WORD = "word"
    DINT = "dint"
    DWORD = "dword"
    REAL = "real"


_CODES = {
    WordType.INT: ">h",
    WordType.WORD: ">H",
    WordType.DINT: ">i",
    WordType.DWORD: ">I",
    WordType.REAL: ">f",
}


def width(kind: WordType) -> int:
    """Return the number of registers that a value takes."""
    return struct.calcsize(_CODES[kind]) // 2


def to_words(value: Value, kind: WordType, order: WordOrder) -> list[int]:
    """Return the registers of a value.

    Raises:
        ValueError: the type cannot hold it; the text says what it can.
    """
    if type(value) is str:
        raise ValueError(f"{value!r} is text; a {kind.name} is a number")
    try:
        number = float(value) if kind is WordType.REAL else _whole(value)
        packed = struct.pack(_CODES[kind], number)
    except (struct.error, OverflowError):
        raise ValueError(f"{value!r} does not fit {kind.name}") from None
    words = [int.from_bytes(packed[i : i + 2], "big") for i in range(0, len(packed), 2)]
    return words if order is WordOrder.HIGH_FIRST else words[::-1]


def from_words(words: list[int], kind: WordType, order: WordOrder) -> int | float:
    """Return the value of registers. A REAL that is no number comes as it is: NaN, infinite."""
    ordered = words if order is WordOrder.HIGH_FIRST else words[::-1]
    packed = b"".join(word.to_bytes(2, "big") for word in ordered)
    value: int | float = struct.unpack(_CODES[kind], packed)[0]
    return value


def text_of(words: list[int]) -> str:
    """Return text, two letters a register, up to the first zero byte."""
    packed = b"".join(word.to_bytes(2, "big") for word in words)
    return packed.partition(b"\0")[0].decode("utf-8", "replace")


def words_of(text: str, count: int) -> list[int]:
    """Return the registers of text, filled up with zero bytes.

    Raises:
        ValueError: it is too long.
    """
    packed = text.encode()
    if len(packed) > 2 * count:
        raise ValueError(f"{text!r} takes {len(packed)} bytes; {count} registers hold {2 * count}")
    packed = packed.ljust(2 * count, b"\0")
    return [int.from_bytes(packed[i : i + 2], "big") for i in range(0, len(packed), 2)]


def _whole(value: Value) -> int:
    number = float(value)
    if not math.isfinite(number) or number != int(number):
        raise ValueError(f"{value!r} is no whole number")
    return int(value)
