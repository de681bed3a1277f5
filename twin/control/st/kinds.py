"""The types: how many cells each takes, what it holds, what widens to what."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from twin.control.syntax.diagnostic import NOWHERE, Span

Cell = bool | int | float | str


@dataclass(eq=False, slots=True)
class Type:
    """Any type. `cells` is the number of elementary values it takes."""

    name: str
    cells: int = field(default=1, kw_only=True)

    def initial(self) -> list[Cell]:
        """Return the cells before anything was written."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.name


@dataclass(eq=False, slots=True)
class Elementary(Type):
    """BOOL, INT, REAL, TIME, … and subranges and enumerations, which stand on one of them."""

    family: str
    bits: int
    low: int = 0
    high: int = 0
    default: Cell = 0
    base: "Elementary | None" = None
    """What a subrange or an enumeration stands on."""
    items: dict[str, int] | None = None
    """Of an enumeration: names as written to values."""

    def initial(self) -> list[Cell]:
        """Return the default."""
        return [self.default]

    @property
    def root(self) -> "Elementary":
        """The type below a subrange; an enumeration is its own."""
        if self.base is None or (self.items is not None and self.base.items is None):
            return self
        return self.base.root

    @property
    def is_number(self) -> bool:
        """Whether it is an integer or a real."""
        return self.family in {"int", "real"} and self.items is None

    @property
    def is_whole(self) -> bool:
        """Whether Python holds it as an int."""
        return self.family not in {"bool", "real"}


@dataclass(eq=False, slots=True)
class Text(Elementary):
    """STRING[n], WSTRING[n], CHAR, WCHAR; `bits` is the number of characters."""

    @property
    def length(self) -> int:
        """The largest number of characters."""
        return self.bits


@dataclass(eq=False, slots=True)
class Array(Type):
    """ARRAY [low..high, …] OF element."""

    ranges: tuple[tuple[int, int], ...]
    element: Type
    start: list[Cell] | None = None

    def initial(self) -> list[Cell]:
        """Return the initial elements."""
        if self.start is not None:
            return list(self.start)
        return self.element.initial() * (self.cells // max(1, self.element.cells))

    def strides(self) -> list[int]:
        """Return how many cells a step of each index makes."""
        steps = [self.element.cells]
        for low, high in reversed(self.ranges[1:]):
            steps.insert(0, steps[0] * (high - low + 1))
        return steps


@dataclass(eq=False, slots=True)
class Field:
    """A member of a structure or a block; `hidden` ones are nobody's to see."""

    name: str
    type: Type
    offset: int
    kind: str = "VAR"
    span: Span = NOWHERE
    start: list[Cell] | None = None
    hidden: bool = False
    retain: bool = False
    edge: str = ""
    constant: bool = False
    refers: Type | None = None
    """What the variable is that a VAR_IN_OUT member holds the cell of."""

    def initial(self) -> list[Cell]:
        """Return the cells before anything was written."""
        return self.type.initial() if self.start is None else list(self.start)


@dataclass(eq=False, slots=True)
class Struct(Type):
    """STRUCT … END_STRUCT, and what blocks are made of; `fields` by folded name."""

    fields: dict[str, Field] = field(default_factory=dict)
    start: list[Cell] | None = None

    def initial(self) -> list[Cell]:
        """Return the initial fields, one after the other."""
        if self.start is not None:
            return list(self.start)
        return [cell for member in self.fields.values() for cell in member.initial()]

    def add(self, member: Field) -> None:
        """Add a field behind the others."""
        member.offset = self.cells
        self.fields[member.name.casefold()] = member
        self.cells += member.type.cells


@dataclass(eq=False, slots=True)
class Block(Struct):
    """A function block's type; `runs` names the function that runs an instance."""

    runs: str = ""
    standard: bool = False
    pou: Any = None

    def members(self, *kinds: str) -> Iterator[Field]:
        """Yield the members of these kinds, in their order."""
        return (m for m in self.fields.values() if m.kind in kinds)


def _whole(name: str, bits: int, *, signed: bool) -> Elementary:
    half = 1 << (bits - 1)
    low, high = (-half, half - 1) if signed else (0, 2 * half - 1)
    return Elementary(name, "int", bits, low, high)


ERROR = Elementary("?", "error", 0)
"""The type of what was told to be wrong already; it fits everywhere."""

INTEGERS = [
    *(_whole(name, 8 << i, signed=True) for i, name in enumerate(("SINT", "INT", "DINT", "LINT"))),
    *(
        _whole(name, 8 << i, signed=False)
        for i, name in enumerate(("USINT", "UINT", "UDINT", "ULINT"))
    ),
]
BITS = [
    Elementary(name, "bits", bits, 0, (1 << bits) - 1)
    for name, bits in (("BYTE", 8), ("WORD", 16), ("DWORD", 32), ("LWORD", 64))
]
_MOMENTS = (
    ("TIME", "LTIME", "time"),
    ("DATE", "LDATE", "date"),
    ("TIME_OF_DAY", "LTIME_OF_DAY", "tod"),
    ("DATE_AND_TIME", "LDATE_AND_TIME", "dt"),
)
_LOW64, _HIGH64 = -(1 << 63), (1 << 63) - 1
BOOL = Elementary("BOOL", "bool", 1, 0, 1, default=False)
REAL = Elementary("REAL", "real", 32, default=0.0)
LREAL = Elementary("LREAL", "real", 64, default=0.0)
STRING = Text("STRING", "string", 80, default="")
WSTRING = Text("WSTRING", "wstring", 80, default="")
CHAR = Text("CHAR", "string", 1, default="")
WCHAR = Text("WCHAR", "wstring", 1, default="")

TYPES: dict[str, Elementary] = {
    entry.name: entry
    for entry in (
        BOOL,
        *BITS,
        *INTEGERS,
        REAL,
        LREAL,
        STRING,
        WSTRING,
        CHAR,
        WCHAR,
        *(
            Elementary(name, family, 64, _LOW64, _HIGH64)
            for *names, family in _MOMENTS
            for name in names
        ),
    )
}
ALIASES = {"TOD": "TIME_OF_DAY", "DT": "DATE_AND_TIME", "LTOD": "LTIME_OF_DAY"}
ALIASES["LDT"] = "LDATE_AND_TIME"
INT, DINT, LINT, ULINT = (TYPES[name] for name in ("INT", "DINT", "LINT", "ULINT"))
TIME = TYPES["TIME"]

_WIDER = {
    "SINT": "INT DINT LINT REAL LREAL",
    "INT": "DINT LINT REAL LREAL",
    "DINT": "LINT LREAL",
    "USINT": "UINT INT UDINT DINT ULINT LINT REAL LREAL",
    "UINT": "UDINT DINT ULINT LINT REAL LREAL",
    "UDINT": "ULINT LINT LREAL",
    "REAL": "LREAL",
    "BOOL": "BYTE WORD DWORD LWORD",
    "BYTE": "WORD DWORD LWORD",
    "WORD": "DWORD LWORD",
    "DWORD": "LWORD",
    "TIME": "LTIME",
    "DATE": "LDATE",
    "TIME_OF_DAY": "LTIME_OF_DAY",
    "DATE_AND_TIME": "LDATE_AND_TIME",
    "CHAR": "STRING",
    "WCHAR": "WSTRING",
}
WIDER = {name: tuple(wider.split()) for name, wider in _WIDER.items()}


def elementary(name: str) -> Elementary | None:
    """Return the elementary type of a name as written, or None."""
    upper = name.upper()
    return TYPES.get(ALIASES.get(upper, upper))


def widens(source: Elementary, target: Elementary) -> bool:
    """Tell whether a value of `source` may stand where one of `target` is wanted."""
    source, target = source.root, target.root
    if source is target:
        return True
    if source.items is not None or target.items is not None:
        return False
    if isinstance(source, Text) and isinstance(target, Text):
        return source.family == target.family and not (
            target.length == 1 and target.name in {"CHAR", "WCHAR"}
        )
    return target.name in WIDER.get(source.name, ())


def common(left: Elementary, right: Elementary) -> Elementary | None:
    """Return the least type that both widen to, or None."""
    left, right = left.root, right.root
    if widens(left, right):
        return right
    if widens(right, left):
        return left
    shared = [name for name in WIDER.get(left.name, ()) if name in WIDER.get(right.name, ())]
    return TYPES[shared[0]] if shared else None


def same(left: Type, right: Type) -> bool:
    """Tell whether two types are one and the same, in name or in shape."""
    if left is right:
        return True
    if isinstance(left, Text) and isinstance(right, Text):
        return left.family == right.family and left.length == right.length
    if isinstance(left, Array) and isinstance(right, Array):
        return left.ranges == right.ranges and same(left.element, right.element)
    return False


def fits(value: int, kind: Elementary) -> bool:
    """Tell whether a whole number is within the range of a type."""
    return kind.low <= value <= kind.high


def smallest(value: int) -> Elementary:
    """Return the type that a bare whole number has."""
    for kind in (INT, DINT, LINT):
        if fits(value, kind):
            return kind
    return ULINT


def wrap(value: int, kind: Elementary) -> int:
    """Return `value` as so many bits hold it: two's complement for signed types."""
    if kind.bits == 0 or fits(value, kind):
        return value
    masked = value & ((1 << kind.root.bits) - 1)
    return masked - (1 << kind.root.bits) if masked > kind.root.high else masked
