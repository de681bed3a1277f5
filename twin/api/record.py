"""A run's record as text."""

import json
from dataclasses import asdict, is_dataclass
from typing import Any


def _plain(value: Any) -> Any:
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value


def header_of(record: Any) -> dict[str, Any]:
    """Return the header of a record as plain data."""
    header: dict[str, Any] = _plain(getattr(record, "header", None)) or _plain(record)["header"]
    return header


def record_text(record: Any) -> str:
    """Return a record as JSON text."""
    return json.dumps(_plain(record), ensure_ascii=False, default=_plain)
