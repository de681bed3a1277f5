"""What a model allows at a place: following a validator's location through the types."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo

from .base import Expected
from .document import Path

MISSING = object()


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document, and what the model says about it."""

    path: Path
    data: Any
    """What stands there, `MISSING` where nothing does."""
    type: Any
    """The type wanted there, None where the model knows nothing of the place."""
    about: str = ""
    """The field's description."""
    expected: str = ""
    """Key of the message that says what to write there."""
    owner: Any = None
    """The type around it."""
    key: bool = False
    """The location means the key, not its value."""


def bare(kind: Any) -> Any:
    """Return a type without its annotations and without `| None`."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
            continue
        members = members_of(kind)
        rest = [member for member in members if member is not type(None)]
        if len(members) == 2 and len(rest) == 1:
            kind = rest[0]
            continue
        return kind


def members_of(kind: Any) -> tuple[Any, ...]:
    """Return the members of a union, none where it is no union."""
    return get_args(kind) if get_origin(kind) in {Union, UnionType} else ()


def is_model(kind: Any) -> bool:
    """Tell whether a type is a model."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def keys_of(kind: Any) -> list[str]:
    """Return the keys that a model's mapping may have."""
    if not is_model(kind):
        return []
    return [field.alias or name for name, field in kind.model_fields.items()]


def field_of(kind: Any, key: str) -> FieldInfo | None:
    """Return a model's field by the key that the file writes."""
    fields: dict[str, FieldInfo] = kind.model_fields if is_model(kind) else {}
    for name, field in fields.items():
        if key in {field.alias or name, name}:
            return field
    return None


def words_of(kind: Any) -> list[str]:
    """Return the words that a type allows: those of its literals, also within a union."""
    kind = bare(kind)
    if get_origin(kind) is Literal:
        return [str(word) for word in get_args(kind)]
    return [word for member in members_of(kind) for word in words_of(member)]


def tags_of(kind: Any, key: str) -> list[str]:
    """Return the values of `key` that tell the members of a union apart."""
    return [tag for member in members_of(bare(kind)) for tag in _tags(member, key)]


def _tags(member: Any, key: str = "") -> Iterator[str]:
    if get_origin(member) is Annotated:
        yield from (mark.tag for mark in get_args(member)[1:] if isinstance(mark, Tag))
    for name, field in getattr(bare(member), "model_fields", {}).items():
        if (name == key or (not key and len(words_of(field.annotation)) == 1)) and words_of(
            field.annotation
        ):
            yield from words_of(field.annotation)


def follow(model: type[BaseModel], data: Any, location: tuple[str | int, ...]) -> Spot:
    """Follow a validator's location, telling steps in the document from choices of a type."""
    spot = Spot((), data, model)
    for step in location:
        spot = _step(spot, step)
    return spot


def _step(spot: Spot, step: str | int) -> Spot:
    kind = bare(spot.type)
    if step == "[key]":
        return replace(spot, data=step, type=None, key=True)
    if members := members_of(kind):
        chosen = next((m for m in members if step in _labels(m)), None)
        return replace(spot, type=chosen, expected=spot.expected or expected_of(chosen))
    field = field_of(kind, str(step))
    if field is not None:
        wanted: Any = field.annotation
        for mark in field.metadata:
            wanted = Annotated[wanted, mark]
        return _down(spot, step, wanted, field.description or "")
    return _down(spot, step, _item(kind, step), spot.about)


def _item(kind: Any, step: str | int) -> Any:
    arguments = get_args(kind)
    if get_origin(kind) is tuple and isinstance(step, int):
        every = len(arguments) == 2 and arguments[1] is Ellipsis
        return arguments[0] if every or step >= len(arguments) else arguments[step]
    return arguments[-1] if get_origin(kind) in {list, set, frozenset, dict} else None


def _labels(member: Any) -> list[str]:
    kind = bare(member)
    return [*_tags(member), getattr(kind, "__name__", str(kind))]


def expected_of(kind: Any) -> str:
    """Return the key of the message that says what to write for a type, "" if it has none."""
    while get_origin(kind) is Annotated:
        marks = [mark.key for mark in get_args(kind)[1:] if isinstance(mark, Expected)]
        if marks:
            return marks[0]
        kind = get_args(kind)[0]
    inner = bare(kind)
    if inner is not kind:
        rest = [member for member in members_of(kind) if member is not type(None)]
        return expected_of(rest[0])
    return str(getattr(kind, "expected", "")) if is_model(kind) else ""


def about_of(kind: Any) -> str:
    """Return the description that a type carries with it, "" if none."""
    if get_origin(kind) is Annotated:
        marks = [m.description for m in get_args(kind)[1:] if isinstance(m, FieldInfo)]
        return next((text for text in marks if text), "") or about_of(get_args(kind)[0])
    rest = [member for member in members_of(kind) if member is not type(None)]
    return about_of(rest[0]) if len(rest) == 1 else ""


def _down(spot: Spot, step: str | int, kind: Any, about: str) -> Spot:
    data: Any = MISSING
    if isinstance(spot.data, dict):
        data = spot.data.get(step, MISSING)
    elif isinstance(spot.data, list) and isinstance(step, int) and step < len(spot.data):
        data = spot.data[step]
    inside = isinstance(spot.data, dict | list) and spot.data is not MISSING
    path = (*spot.path, step) if inside else spot.path
    return Spot(path, data, kind, about_of(kind) or about, expected_of(kind), bare(spot.type))
