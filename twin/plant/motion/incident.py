"""Incidents: what went wrong in a workcell, where, when and why."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from .frame import Pose

KEPT = 500


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that went wrong."""

    number: int
    time_s: float
    kind: str
    """`fallen`, `dropped`, `jam`, `collision`, `overtravel`, `danger`, `spoiled`, `misplaced`."""
    body: str
    """The body at which it happened."""
    part: int | None
    x: float
    y: float
    z: float
    """Where, in the workcell, m."""
    cause: str
    """Key of the message that says why."""
    values: dict[str, Any] = field(default_factory=dict)
    """What the message is about: plain numbers and texts."""


class Incidents:
    """The incidents of a workcell, the latest last; plain data."""

    def __init__(self) -> None:
        self._list: list[Incident] = []
        self.count = 0

    def __iter__(self) -> Iterator[Incident]:
        return iter(self._list)

    def __len__(self) -> int:
        return len(self._list)

    def add(
        self, time_s: float, kind: str, body: str, part: int | None, at: Pose, cause: str,
        values: dict[str, Any],
    ) -> Incident:  # fmt: skip
        """Note an incident."""
        self.count += 1
        incident = Incident(self.count, time_s, kind, body, part, at.x, at.y, at.z, cause, values)
        self._list.append(incident)
        del self._list[:-KEPT]
        return incident

    def save(self) -> list[Any]:
        """Return the incidents as plain data."""
        return [self.count, [asdict(incident) for incident in self._list]]

    def load(self, data: list[Any]) -> None:
        """Put back what `save` gave."""
        self.count, entries = data
        self._list = [Incident(**entry) for entry in entries]
