"""Times and rates as JSON carries them."""

from datetime import UTC, datetime
from math import isinf
from typing import Literal


def rfc3339(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rate_out(rate: float) -> float | Literal["max"]:
    """Return a rate as JSON can carry it."""
    return "max" if isinf(rate) else rate
