"""What of a line stands at which coil and register: a unit for each workcell."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from twin.spec.io import IoPoint
from twin.spec.pins import IecType

from .address import Space
from .registers import WordType

TERMINAL = 16
"""Bits come in terminals of so many; spare ones read 0."""

WORD_TYPES = {IecType.INT: WordType.INT, IecType.DINT: WordType.DINT, IecType.REAL: WordType.REAL}


@dataclass(frozen=True, slots=True)
class Place:
    """One coil or register that a point takes."""

    point: IoPoint
    first: int
    """Number of the point's first coil or register."""
    width: int


@dataclass(slots=True)
class Bank:
    """One address space of a unit."""

    space: Space
    places: dict[int, Place] = field(default_factory=dict)
    size: int = 0
    """From here on there is nothing; below it, what no point takes is spare."""

    def add(self, point: IoPoint) -> None:
        """Put a point where its address says."""
        bit = point.iec is IecType.BOOL
        first = point.address.coil if bit else point.address.register
        width = 2 if point.iec in (IecType.DINT, IecType.REAL) else 1
        for number in range(first, first + width):
            self.places[number] = Place(point, first, width)
        end = first + width
        self.size = max(self.size, -(-end // TERMINAL) * TERMINAL if bit else end)

    def holds(self, first: int, count: int) -> bool:
        """Tell whether a range lies within it."""
        return first + count <= self.size

    def touched(self, first: int, count: int) -> list[Place]:
        """Return what stands in a range, each point once, in order."""
        found = (self.places.get(number) for number in range(first, first + count))
        return list({place.first: place for place in found if place is not None}.values())


Units = dict[int, dict[Space, Bank]]


def units_of(points: Iterable[IoPoint]) -> Units:
    """Return the banks of each unit: 1 is the first workcell of the line, 2 the second."""
    numbers: dict[str, int] = {}
    units: Units = {}
    for point in points:
        number = numbers.setdefault(point.workcell, len(numbers) + 1)
        banks = units.setdefault(number, {space: Bank(space) for space in Space})
        bit = point.iec is IecType.BOOL
        if point.address.area == "Q":
            space = Space.COIL if bit else Space.HOLDING
        else:
            space = Space.DISCRETE if bit else Space.INPUT
        banks[space].add(point)
    return units
