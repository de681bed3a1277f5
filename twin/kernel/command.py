"""Commands: the only way in from outside, stamped with the time at which they take effect."""

from dataclasses import asdict, dataclass, field
from typing import Any

from .signal import Value

Args = dict[str, Value | None]


@dataclass(frozen=True, slots=True)
class Command:
    """An imperative to one target, that may be refused.

    `target` is an asset's id, a signal's path (verb `write`) or "" for the whole line.
    Verbs of the plant: `break` (failure, downtime_s), `repair` (failure), `stop`, `start`,
    `write` (value), `follow` (on), `begin`, `finish` (verdict): the last two drive a station that
    follows a real one; `mark` (quality), and `follow` too, say how far its data can be trusted;
    `acknowledge` and `confirm` act on an asset's alarm (alarm: ASSET/FAILURE).
    In a workcell: `break` (failure; value) and `repair` of WORKCELL/BODY or WORKCELL/POINT, `force`
    (value), `release`, `enter` and `leave` (zone), and more that its bodies and its PLC know.
    """

    verb: str
    target: str = ""
    args: Args = field(default_factory=dict)
    by: str = ""
    """Who said it: a person, a device link, a scenario."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """A command as it stands in the log."""

    time_s: float
    command: Command

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as plain data."""
        return {"time_s": self.time_s, **asdict(self.command)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Stamped":
        """Read an entry back."""
        return cls(
            float(data["time_s"]),
            Command(data["verb"], data["target"], dict(data["args"]), data["by"]),
        )
