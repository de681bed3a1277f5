"""What a validator found, in words that a student understands."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .choices import hint, nearest
from .document import Finding, Path, shown
from .errors import Wrong
from .messages import Phrase, phrase
from .shape import MISSING, Spot, bare, follow, is_model, keys_of, tags_of, words_of

LIMITS = {
    "greater_than": ("spec.above", "gt"),
    "greater_than_equal": ("spec.at_least", "ge"),
    "less_than": ("spec.below", "lt"),
    "less_than_equal": ("spec.at_most", "le"),
    "string_too_long": ("spec.too_long_text", "max_length"),
    "string_too_short": ("spec.too_few", "min_length"),
    "too_long": ("spec.too_many", "max_length"),
    "too_short": ("spec.too_few", "min_length"),
}
KINDS = {
    "float": "spec.number",
    "decimal": "spec.number",
    "int": "spec.whole",
    "finite": "spec.finite",
    "bool": "spec.boolean",
    "string": "spec.text",
    "tuple": "spec.list",
    "list": "spec.list",
    "set": "spec.list",
    "frozen": "spec.list",
    "iterable": "spec.list",
    "dict": "spec.mapping",
    "mapping": "spec.mapping",
}


WORDS = {
    "float": "spec.word.number",
    "decimal": "spec.word.number",
    "int": "spec.word.whole",
    "bool": "spec.word.boolean",
    "string": "spec.word.text",
    "tuple": "spec.word.a_list",
    "list": "spec.word.a_list",
    "set": "spec.word.a_list",
    "dict": "spec.word.a_mapping",
    "model": "spec.word.a_mapping",
}


def explain(error: ValidationError, model: type[BaseModel], data: Any) -> list[Finding]:
    """Return what is wrong with `data`, each thing once."""
    details = error.errors(include_url=False)
    misspelt = _misspelt(details, model, data)
    found: dict[tuple[Path, bool], list[tuple[ErrorDetails, Spot]]] = {}
    for detail in details:
        spot = follow(model, data, detail["loc"])
        if detail["type"] == "missing" and spot.path in misspelt:
            continue
        if detail["type"] == "too_short" and _long_enough(detail):
            continue
        found.setdefault((spot.path, spot.key), []).append((detail, spot))
    deeper = {path[:i] for path, _ in found for i in range(len(path))}
    return [
        _one(group)
        for (path, _), group in found.items()
        if path not in deeper or not all(_is_type(detail) for detail, _ in group)
    ]


def _one(group: list[tuple[ErrorDetails, Spot]]) -> Finding:
    """Return one finding for what all members of a union said about one value."""
    detail, spot = group[0]
    words = [WORDS[_family(d)] for d, _ in group if _is_type(d)]
    words = list(dict.fromkeys(words))
    if len(words) < 2 or len(group) > len(words):
        return _finding(detail, spot)
    choices = phrase(words[0])
    for word in words[1:]:
        choices = phrase("spec.word.or", first=choices, second=phrase(word))
    value = spot.data if spot.data is not MISSING else detail["input"]
    about = phrase("spec.hint.about", about=spot.about) if spot.about else ""
    return Finding(
        spot.path, phrase("spec.none_of", found=shown(value), choices=choices, about=about)
    )


def _family(detail: ErrorDetails) -> str:
    return detail["type"].split("_", maxsplit=1)[0]


def _is_type(detail: ErrorDetails) -> bool:
    kind = detail["type"]
    return _family(detail) in WORDS and kind.endswith(("_type", "_parsing", "_from_float"))


def _misspelt(details: list[ErrorDetails], model: type[BaseModel], data: Any) -> set[Any]:
    """Return the paths of missing keys that are there under a misspelt name."""
    meant = set()
    for detail in details:
        if detail["type"] == "extra_forbidden":
            spot = follow(model, data, detail["loc"])
            near = nearest(spot.path[-1], keys_of(spot.owner)) if spot.path else None
            meant.add((*spot.path[:-1], near))
    return meant


def _long_enough(detail: ErrorDetails) -> bool:
    # Items that are refused themselves are not counted, so a full list can seem too short.
    found = detail["input"]
    return isinstance(found, list | tuple) and len(found) >= detail["ctx"]["min_length"]


def _finding(detail: ErrorDetails, spot: Spot) -> Finding:
    kind = detail["type"]
    context = detail.get("ctx", {})
    value = spot.data if spot.data is not MISSING and not spot.key else detail["input"]
    about: str | Phrase = phrase("spec.hint.about", about=spot.about) if spot.about else ""
    if kind == "missing":
        return _missing(spot, shown(detail["input"]), about)
    if kind == "extra_forbidden":
        key = str(spot.path[-1])
        told = phrase("spec.unknown_key", key=key, hint=hint(key, keys_of(spot.owner)))
        return Finding(spot.path, told, key=True)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return _tag(spot, context)
    return Finding(spot.path, _said(kind, context, spot, value, about), key=spot.key)


def _missing(spot: Spot, found: str | Phrase, about: str | Phrase) -> Finding:
    parent, key = spot.path[:-1], spot.path[-1] if spot.path else ""
    if isinstance(key, int):
        told = phrase("spec.too_few", found=found, limit=key + 1, about=about)
        return Finding(parent, told)
    return Finding(parent, phrase("spec.missing_key", key=key, about=about))


def _tag(spot: Spot, context: dict[str, Any]) -> Finding:
    key = str(context.get("discriminator", "")).strip("'")
    choices = tags_of(spot.type, key)
    found = spot.data.get(key) if isinstance(spot.data, dict) else None
    if found is None:
        told = phrase("spec.missing_kind", key=key, hint=hint("", choices))
        return Finding(spot.path, told)
    told = phrase("spec.unknown_choice", found=shown(found), hint=hint(found, choices))
    return Finding((*spot.path, key), told)


def _said(
    kind: str, context: dict[str, Any], spot: Spot, value: Any, about: str | Phrase
) -> Phrase:
    found = shown(value)
    if kind in {"value_error", "assertion_error"}:
        reason = context.get("error")
        return reason.phrase if isinstance(reason, Wrong) else phrase("spec.plain", text=reason)
    if kind in LIMITS:
        key, limit = LIMITS[kind]
        return phrase(key, found=found, limit=_number(context[limit]), about=about)
    if kind in {"literal_error", "enum"}:
        return _choice(spot, value, context)
    if kind == "string_pattern_mismatch":
        return phrase("spec.pattern", found=found, pattern=spot.about or context["pattern"])
    return _type(kind, spot, found, about)


def _type(kind: str, spot: Spot, found: str | Phrase, about: str | Phrase) -> Phrase:
    wanted = bare(spot.type)
    keys = ", ".join(keys_of(wanted))
    if spot.expected:
        return phrase(spot.expected, found=found, keys=keys)
    if is_model(wanted):
        return phrase("spec.mapping_of", found=found, keys=keys)
    key = KINDS.get(kind.split("_", maxsplit=1)[0], "spec.unfit")
    return phrase(key, found=found, about=about)


def _choice(spot: Spot, value: Any, context: dict[str, Any]) -> Phrase:
    words = words_of(spot.type) or list(_quoted(str(context.get("expected", ""))))
    if spot.path == ("schema",) and len(words) == 1:
        return phrase("spec.schema_version", found=shown(value), schema=words[0])
    return phrase("spec.unknown_choice", found=shown(value), hint=hint(value, words))


def _quoted(text: str) -> Iterator[str]:
    yield from text.split("'")[1::2]


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
