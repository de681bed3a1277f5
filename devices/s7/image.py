"""The process image: the I/O points of a line's workcells as bytes that S7 clients read and write.

The first workcell is areas I and Q, at the addresses of its I/O list. The k-th workcell of the
line, from 1, is DB k too: inputs at their own bytes, outputs `OUTPUTS_AT` bytes further on.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from snap7.type import Area

from devices.errors import OutletError
from twin.kernel.signal import Value
from twin.spec.io import IoPoint
from twin.spec.pins import Direction, IecType

OUTPUTS_AT = 256
"""Where the outputs begin in a DB; inputs have to lie below it."""
LEAST_BYTES = 128
"""Bytes of areas I and Q at the least: clients like to read more than there is."""

_FORMATS = {IecType.INT: ">h", IecType.DINT: ">i", IecType.REAL: ">f"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where one point lies in one area."""

    point: IoPoint
    byte: int
    bit: int

    @property
    def size(self) -> int:
        """Bytes that it takes or shares."""
        iec = self.point.iec
        return 1 if iec is IecType.BOOL else struct.calcsize(_FORMATS[iec])

    def value(self, data: bytes | bytearray) -> Value:
        """Return what the bytes of its area say."""
        if self.point.iec is IecType.BOOL:
            return bool(data[self.byte] >> self.bit & 1)
        value: int | float = struct.unpack_from(_FORMATS[self.point.iec], data, self.byte)[0]
        return value

    def put(self, data: bytearray, value: Value) -> None:
        """Put a value into the bytes of its area."""
        if self.point.iec is IecType.BOOL:
            mask = 1 << self.bit
            data[self.byte] = data[self.byte] | mask if value else data[self.byte] & ~mask
        else:
            struct.pack_into(_FORMATS[self.point.iec], data, self.byte, value)

    def touches(self, first: int, end: int) -> bool:
        """Tell whether a span of bytes holds any of it."""
        return self.byte < end and first < self.byte + self.size


Key = tuple[Area, int]


class Image:
    """The bytes of all areas, and where each point is in them.

    Args:
        points: the I/O list of a line.

    Raises:
        OutletError: An address is too high to be in a DB.
    """

    def __init__(self, points: tuple[IoPoint, ...]) -> None:
        self.areas: dict[Key, bytearray] = {
            (Area.PE, 0): bytearray(LEAST_BYTES),
            (Area.PA, 0): bytearray(LEAST_BYTES),
        }
        self._places: dict[Key, list[Place]] = {key: [] for key in self.areas}
        self._of: dict[str, list[tuple[Key, Place]]] = {}
        self._bad: dict[Key, dict[str, Place]] = {}
        workcells = list(dict.fromkeys(point.workcell for point in points))
        for point in points:
            number = workcells.index(point.workcell) + 1
            for key, place in _places(point, number):
                self._add(key, place)

    def _add(self, key: Key, place: Place) -> None:
        data = self.areas.setdefault(key, bytearray())
        short = place.byte + place.size - len(data)
        if short > 0:
            data.extend(bytes(short))
        self._places.setdefault(key, []).append(place)
        self._of.setdefault(place.point.path, []).append((key, place))

    def __contains__(self, path: object) -> bool:
        return path in self._of

    def put(self, path: str, value: Value, *, bad: bool = False) -> None:
        """Show the value of a point, wherever it is; none where it is bad."""
        for key, place in self._of[path]:
            if bad:
                self._bad.setdefault(key, {})[path] = place
            else:
                self._bad.get(key, {}).pop(path, None)
                place.put(self.areas[key], value)

    def doubted(self, key: Key, first: int, end: int) -> bool:
        """Tell whether a span of bytes holds a point that nobody answers for."""
        return any(place.touches(first, end) for place in self._bad.get(key, {}).values())

    def read(self, key: Key, first: int, size: int) -> bytes | None:
        """Return bytes of an area, None where there are none."""
        data = self.areas.get(key)
        if data is None or first + size > len(data):
            return None
        return bytes(data[first : first + size])

    def bits(self, key: Key, first: int, end: int) -> Iterator[IoPoint]:
        """Yield the bits to the controller that lie in a span of bytes."""
        for place in self._places.get(key, ()):
            point = place.point
            reads = point.iec is IecType.BOOL and point.direction is not Direction.OUTPUT
            if reads and place.touches(first, end):
                yield point

    def wishes(
        self, key: Key, first: int, data: bytes, *, mask: int = 0xFF
    ) -> Iterator[tuple[IoPoint, Value]]:
        """Yield what somebody wants of whom who writes bytes.

        Args:
            key: the area.
            first: first byte.
            data: the bytes.
            mask: which bits are meant, where `data` is one byte.
        """
        end = first + len(data)
        wanted = bytearray(self.areas[key])
        if len(data) == 1:
            wanted[first] = wanted[first] & ~mask | data[0] & mask
        else:
            wanted[first:end] = data
        for place in self._places[key]:
            meant = place.point.iec is not IecType.BOOL or mask >> place.bit & 1
            if place.touches(first, end) and meant:
                yield place.point, place.value(wanted)


def _places(point: IoPoint, number: int) -> Iterator[tuple[Key, Place]]:
    address = point.address
    output = point.direction is Direction.OUTPUT
    if number == 1:
        yield (Area.PA if output else Area.PE, 0), Place(point, address.byte, address.bit)
    if not output and address.byte + 4 > OUTPUTS_AT:
        raise OutletError(
            f"S7 server: {point.path} at {address} lies beyond byte {OUTPUTS_AT - 4} of the "
            "inputs, where the outputs begin in a DB; give it a lower address in `io:`"
        )
    byte = address.byte + (OUTPUTS_AT if output else 0)
    yield (Area.DB, number), Place(point, byte, address.bit)
