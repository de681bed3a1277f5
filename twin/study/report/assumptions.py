"""What a line file assumes about each asset, and where the figures come from, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from twin.spec.line import LineSpec
from twin.spec.messages import message
from twin.spec.times import Time, TimeByPart

left_out = frozenset({"id", "kind", "title", "cell", "source", "place", "power_w"})


@dataclass(frozen=True, slots=True)
class Assumption:
    """One asset's figures and their origin."""

    asset: str
    kind: str
    times: str
    source: str


def assumptions(spec: LineSpec, language: str) -> list[Assumption]:
    """Return, for each asset, the figures that differ from their defaults, and their source."""
    found = []
    for asset in spec.assets:
        said = "; ".join(_figures(asset))
        source = asset.source or (message("report.no_source", language) if said else "")
        kind = message(f"report.kind_{asset.kind}", language)
        found.append(Assumption(asset.id, kind, said, source))
    return found


def _figures(model: BaseModel) -> Iterator[str]:
    fields = type(model).model_fields
    for name in fields:
        if name in left_out or name not in model.model_fields_set:
            continue
        value = getattr(model, name)
        if value is not None and value not in ((), {}):
            yield f"{name} {_words(value)}"


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
