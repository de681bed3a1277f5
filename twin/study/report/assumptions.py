"""What a line file assumes about each asset, and where the figures come from, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from twin.spec.line import LineSpec
from twin.spec.messages import kind_name, message
from twin.spec.times import Time, TimeByPart

left_out = frozenset({"id", "kind", "title", "cell", "source", "place", "power_w", "severity"})
first = ("process_s", "interarrival_s", "transit_s", "capacity", "count")
"""Figures that are told before the others."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """The figures of one asset, or of several that have the same, and their origin."""

    assets: tuple[str, ...]
    kind: str
    figures: tuple[str, ...]
    source: str


def assumptions(spec: LineSpec, language: str) -> list[Assumption]:
    """Return the figures that differ from their defaults, and their sources.

    Neighbours in the file that have the same figures and the same source are told once.
    """
    found: list[Assumption] = []
    for asset in spec.assets:
        figures = tuple(_figures(asset))
        if not figures and not asset.source:
            continue
        source = asset.source or message("report.no_source", language)
        name = asset.title.get(language) if asset.title else asset.id
        kind = kind_name(asset.kind, language)
        last = found[-1] if found else None
        if last and (last.kind, last.figures, last.source) == (kind, figures, source):
            found[-1] = Assumption((*last.assets, name), kind, figures, source)
        else:
            found.append(Assumption((name,), kind, figures, source))
    return found


def _figures(model: BaseModel) -> Iterator[str]:
    fields = [name for name in first if name in type(model).model_fields]
    fields += [name for name in type(model).model_fields if name not in first]
    for name in fields:
        if name in left_out or name not in model.model_fields_set:
            continue
        value = getattr(model, name)
        if name in ("failures", "maintenance"):
            yield from (f"{name} {_words(one)}" for one in value)
        elif value is not None and value not in ((), {}, False):
            yield name if value is True else f"{name} {_words(value)}"


def _words(value: Any) -> str:
    """Return a figure much as the line file writes it."""
    if isinstance(value, Time):
        numbers = ", ".join(f"{one:g}" for one in value.parameters[:6])
        more = "…" if len(value.parameters) > 6 else ""
        return numbers if value.law == "constant" else f"{value.law}({numbers}{more})"
    if isinstance(value, TimeByPart):
        return ", ".join(f"{part} {_words(one)}" for part, one in value.by_part.items())
    if isinstance(value, BaseModel):
        name = getattr(value, "id", None)
        inner = ", ".join(one for one in _figures(value))
        return f"{name} ({inner})" if name else f"({inner})"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(one)}" for key, one in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(_words(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
