"""One replication of a line, cut into slices so that it can be watched and stopped."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.plant.line import build
from twin.spec.line import LineSpec

from .replicate import Tick

if TYPE_CHECKING:
    from twin.plant.line import Line
    from twin.plant.result import RunResult

slice_events = 20_000
"""Events between two looks at the board: about a tenth of a second."""


@dataclass(frozen=True, slots=True)
class FlowJob:
    """Runs one replication of a line."""

    spec: LineSpec
    seed: int
    duration_s: float
    warmup_s: float = 0.0
    parts: int | None = None
    histories: bool = False

    def __call__(self, replication: int, tick: Tick) -> "RunResult | None":
        """Run it; stopped early, return what was measured, or None if the warm-up was on."""
        began = time.perf_counter()
        line = build(self.spec, seed=self.seed, replication=replication)
        if self.warmup_s and not self._go(line, self.warmup_s, tick):
            return None
        if self.warmup_s:
            line.reset_statistics()
        line.stop_after = self.parts
        self._go(line, self.duration_s, tick)
        return line.result(wall_s=time.perf_counter() - began)

    def _go(self, line: "Line", until_s: float, tick: Tick) -> bool:
        env = line.env
        while env.next_due_s() <= until_s:
            env.run_through(until_s, most=slice_events)
            if tick(env.time_s / self.duration_s):
                return False
            if line.stop_after is not None and line.made >= line.stop_after:
                return True
        env.move_to(until_s)
        return True
