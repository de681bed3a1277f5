"""The I/O list of a line: every point between its workcells and whoever controls them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .base import Text
from .line import LineSpec
from .messages import message
from .motion import Robot, Workcell
from .pins import Direction, IecType, Pin

FIRST_WORD_BYTE = 64
"""Bits live below this byte of each area, words from it on."""

_SIZES = {IecType.BOOL: "X", IecType.INT: "W", IecType.DINT: "D", IecType.REAL: "D"}
_BYTES = {IecType.INT: 2, IecType.DINT: 4, IecType.REAL: 4}
_WRITTEN = re.compile(r"^%?([IQ])(?:X?(\d+)\.([0-7])|([WD])(\d+))$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a point lies in a controller's process image, in bytes as Siemens controllers count."""

    area: str
    """`I` to the controller, `Q` from it."""
    size: str
    """`X` a bit, `W` 16 bits, `D` 32 bits."""
    byte: int
    bit: int = 0

    def __str__(self) -> str:
        if self.size == "X":
            return f"%{self.area}X{self.byte}.{self.bit}"
        return f"%{self.area}{self.size}{self.byte}"

    @property
    def coil(self) -> int:
        """Number of a bit as a Modbus coil (area Q) or discrete input (area I), from 0."""
        return self.byte * 8 + self.bit

    @property
    def register(self) -> int:
        """Number of the first Modbus register: holding (area Q) or input (area I), from 0."""
        return (self.byte - FIRST_WORD_BYTE) // 2

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read `%IX0.3`, `I0.3`, `%QW64`, `%ID66`.

        Raises:
            ValueError: it is none of these; the text says what is right.
        """
        match = _WRITTEN.match(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is no address; write %IX0.3, %QX1.0, %IW64 or %QD66")
        area, byte, bit, size, word = match.groups()
        if size is None:
            return cls(area.upper(), "X", int(byte), int(bit))
        return cls(area.upper(), size.upper(), int(word))

    def bits(self) -> range:
        """Return the numbers of the bits that it takes in its area."""
        width = {"X": 1, "W": 16, "D": 32}[self.size]
        first = self.byte * 8 + self.bit
        return range(first, first + width)


@dataclass(frozen=True, slots=True)
class IoPoint:
    """One point between a workcell and its controller."""

    name: str
    """Within the workcell: `BODY_PIN`."""
    path: str
    """Of its signal: `[CELL/]WORKCELL/NAME`."""
    workcell: str
    body: str
    direction: Direction
    iec: IecType
    address: Address
    unit: str
    low: float | None
    high: float | None
    comment: Text
    wired_to: str = ""
    """The robot that it is wired to: an output of this kind is no affair of the PLC."""


def io_list(spec: LineSpec) -> tuple[IoPoint, ...]:
    """Return the points of all workcells of a line, in the order of its file."""
    return tuple(
        point for asset in spec.assets if isinstance(asset, Workcell) for point in io_of(asset)
    )


def io_of(workcell: Workcell) -> tuple[IoPoint, ...]:
    """Return the points of one workcell: addresses as its file gives them, the rest in order."""
    path = f"{workcell.cell}/{workcell.id}" if workcell.cell else workcell.id
    pins = [(body, pin) for body in workcell.bodies for pin in body.pins()]
    given = {
        name: Address.parse(entry.address)
        for name, entry in workcell.io.items()
        if entry.address is not None
    }
    free = _Free(given.values())
    robots = [body for body in workcell.bodies if isinstance(body, Robot)]
    wired = {name: body.id for body in robots for name in body.wires.values()}
    points = []
    for body, pin in pins:
        name = point_name(body.id, pin)
        address = given.get(name) or free.next(pin)
        entry = workcell.io.get(name)
        comment = entry.comment if entry is not None and entry.comment else _comment(body, pin)
        points.append(
            IoPoint(
                name=name,
                path=f"{path}/{name}",
                workcell=workcell.id,
                body=body.id,
                direction=pin.direction,
                iec=pin.iec,
                address=address,
                unit=pin.unit,
                low=pin.low,
                high=pin.high,
                comment=_wired(comment, wired.get(name), alone=len(robots) == 1),
                wired_to=wired.get(name, ""),
            )
        )
    return tuple(points)


def point_name(body: str, pin: Pin) -> str:
    """Return the name of a body's pin in its workcell: the body's own for a pin without one."""
    return f"{body}_{pin.name}" if pin.name else body


def _comment(body: object, pin: Pin) -> Text:
    title = getattr(body, "title", None)
    words = {}
    for language in ("en", "zh"):
        name = title.get(language) if title else str(getattr(body, "id", "")).replace("_", " ")
        colon = "：" if language == "zh" else ": "
        what = pin.title.get(language) if pin.title else message(pin.about, language)
        words[language] = f"{name}{colon}{what}"
    return Text(en=words["en"], zh=words["zh"])


def _wired(comment: Text, robot: str | None, *, alone: bool) -> Text:
    """Return a point's comment that says which robot it is wired to, by name if there are more."""
    if robot is None:
        return comment
    key = "io.wired" if alone else "io.wired_of"
    return Text(
        en=f"{comment.en} ({message(key, robot=robot)})",
        zh=f"{comment.get('zh')}（{message(key, 'zh', robot=robot)}）",
    )


class _Free:
    """Gives addresses that nobody has, in order."""

    def __init__(self, taken: Iterable[Address]) -> None:
        self._taken = {(address.area, bit) for address in taken for bit in address.bits()}

    def next(self, pin: Pin) -> Address:
        area = "Q" if pin.direction is Direction.OUTPUT else "I"
        for address in _addresses(area, pin.iec):
            wanted = {(area, bit) for bit in address.bits()}
            if not wanted & self._taken:
                self._taken |= wanted
                return address
        raise AssertionError("unreachable: addresses never end")


def _addresses(area: str, iec: IecType) -> Iterator[Address]:
    size = _SIZES[iec]
    if size == "X":
        for number in range(10**6):
            yield Address(area, "X", number // 8, number % 8)
    else:
        for byte in range(FIRST_WORD_BYTE, 10**6, _BYTES[iec]):
            yield Address(area, size, byte)
