"""State to plain data and back: what a snapshot is made of.

Each class with state lists it in `STATE`. Values are numbers, texts, parts, references to assets
(by address), and lists, deques, tuples, dicts or arrays of these. A named tuple comes back as what
it was if its class was `record`ed.
"""

from array import array
from base64 import b64decode, b64encode
from collections import deque
from typing import Any, ClassVar, Protocol, TypeVar

from twin.wire.model import Piece

from .part import Part

SIMPLE = frozenset((float, int, str, bool, type(None)))
RECORDS: dict[str, Any] = {}
"""The named tuples that state may hold, by name."""

R = TypeVar("R", bound=tuple[Any, ...])


def record(kind: type[R]) -> type[R]:
    """Let state hold a named tuple, such as a pose; each name once."""
    if kind.__name__ in RECORDS:
        raise ValueError(f"two named tuples of state have the name {kind.__name__}")
    RECORDS[kind.__name__] = kind
    return kind


record(Piece)


class Addressed(Protocol):
    """Something that others may refer to."""

    address: str


class Stateful:
    """Saves and restores the attributes that `STATE` names."""

    STATE: ClassVar[tuple[str, ...]] = ()

    def save(self) -> list[Any]:
        """Return the state as plain data, in the order of `STATE`."""
        return [
            value if type(value) in SIMPLE else _plain(value)
            for value in map(self.__getattribute__, type(self).STATE)
        ]

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        """Put back what `save` gave; `known` finds assets and servers by address."""
        for name, value in zip(type(self).STATE, data, strict=True):
            rich = value if type(value) in SIMPLE else _rich(value, known)
            if type(rich) is list:
                # The same list or deque, filled anew: others may hold on to it.
                kept = getattr(self, name)
                kept.clear()
                kept.extend(rich)
            else:
                setattr(self, name, rich)


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in SIMPLE:
        return value
    if kind is Part:
        return {"part": value.as_list()}
    if isinstance(value, list | deque):
        return [entry if type(entry) in SIMPLE else _plain(entry) for entry in value]
    if kind is dict:
        return {"dict": [[key, _plain(entry)] for key, entry in value.items()]}
    if isinstance(value, tuple):
        inner = [entry if type(entry) in SIMPLE else _plain(entry) for entry in value]
        return {kind.__name__: inner}
    if kind is array:
        return {"array": b64encode(value.tobytes()).decode()}
    return {"at": value.address}


def _rich(value: Any, known: dict[str, Any]) -> Any:
    kind = type(value)
    if kind in SIMPLE:
        return value
    if kind is list:
        return [entry if type(entry) in SIMPLE else _rich(entry, known) for entry in value]
    ((tag, inner),) = value.items()
    if tag == "part":
        return Part.from_list(inner)
    if tag == "at":
        return known[inner]
    if tag == "dict":
        return {key: _rich(entry, known) for key, entry in inner}
    if tag != "array":
        entries = [entry if type(entry) in SIMPLE else _rich(entry, known) for entry in inner]
        return tuple(entries) if tag == "tuple" else RECORDS[tag](*entries)
    values = array("d")
    values.frombytes(b64decode(inner))
    return values
