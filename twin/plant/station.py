"""Stations: parallel servers, blocking after service."""

from typing import TYPE_CHECKING, Any

from twin.kernel.streams import Stream, uniform
from twin.spec.assets import Inspection as InspectionSpec
from twin.spec.assets import Station as StationSpec

from .machine import Machine
from .part import Part
from .server import Server

if TYPE_CHECKING:
    from .line import Line


class Station(Machine):
    """Works on one part in each server, and may spoil or cure it."""

    def __init__(self, line: "Line", spec: StationSpec) -> None:
        super().__init__(
            line,
            spec,
            capacity=spec.capacity,
            process=spec.process_s,
            operator=spec.operator,
            setups=spec.setups,
        )
        self.defect_rate = spec.defect_rate
        self.cure_rate = spec.cure_rate
        self.quality: Stream | None = None
        if spec.defect_rate or spec.cure_rate:
            self.quality = line.streams.make(f"{self.id}/quality", uniform)
            self.only_time = False
        if spec.sequence != "fifo":
            self.waiting = Ranked(spec.sequence)

    def complete(self, server: Server) -> None:
        super().complete(server)
        part = server.part
        if self.told is not None and part is not None:
            part.good, part.verdict = self.told, None
        elif self.quality is not None and part is not None:
            part.worked(self.id, self.quality.draw(), self.defect_rate, self.cure_rate)


class Inspection(Machine):
    """Judges parts, and errs at known rates."""

    def __init__(self, line: "Line", spec: InspectionSpec) -> None:
        super().__init__(
            line, spec, capacity=spec.capacity, process=spec.process_s, operator=spec.operator
        )
        self.only_time = False
        self.escape_rate = spec.escape_rate
        self.false_reject_rate = spec.false_reject_rate
        self.luck = line.streams.make(f"{self.id}/verdict", uniform)

    def complete(self, server: Server) -> None:
        super().complete(server)
        part = server.part
        assert part is not None
        if self.told is not None:
            part.verdict = self.told
        else:
            luck = self.luck.draw()
            part.verdict = luck >= self.false_reject_rate if part.good else luck < self.escape_rate
        if not part.verdict:
            self.scrapped += 1


class Ranked(list[Any]):
    """Waiting givers, served by the priority or the due date of what they offer."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule

    def popleft(self) -> Any:
        """Take out the giver to serve next."""
        best = min(range(len(self)), key=lambda index: (self._rank(self[index].offered), index))
        return self.pop(best)

    def _rank(self, part: Part | None) -> float:
        if part is None:
            return float("inf")
        if self.rule == "priority":
            return part.priority
        return float("inf") if part.due_s is None else part.due_s
