"""Sequence-dependent changeovers between part types."""

from typing import TYPE_CHECKING, ClassVar

from twin.spec.assets import Setups

from .part import Part
from .plain import Stateful
from .samplers import Duration

if TYPE_CHECKING:
    from .machine import Machine


class SetupPlan(Stateful):
    """Remembers what the machine is set up for, and says what a change takes."""

    STATE: ClassVar[tuple[str, ...]] = ("ready_for", "count")

    def __init__(self, machine: "Machine", spec: Setups) -> None:
        streams = machine.line.streams
        name = f"{machine.id}/setup"
        self.ready_for: str | None = None
        self.count = 0
        self.default = Duration(spec.default_s, name, streams) if spec.default_s else None
        self.pairs = {
            (pair.from_, pair.to): Duration(pair.s, f"{name}/{pair.from_}/{pair.to}", streams)
            for pair in spec.pairs
        }

    def needed(self, part: Part) -> float:
        """Return the time of the changeover to this part's type, s, and take note of it."""
        before, self.ready_for = self.ready_for, part.type
        if before is None or before == part.type:
            return 0.0
        duration = self.pairs.get((before, part.type), self.default)
        if duration is None:
            return 0.0
        self.count += 1
        return duration.draw()
