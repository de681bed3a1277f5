"""One replication of a line, cut into slices so that it can be watched and stopped."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.control.attend import press_start
from twin.control.line import build
from twin.kernel.errors import TraceEnded
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant import deadlock
from twin.spec.line import LineSpec
from twin.spec.messages import message

from . import bottleneck
from .errors import StudyError
from .history import History
from .workers import Tick

if TYPE_CHECKING:
    from twin.plant.line import Line
    from twin.plant.result import RunResult

slice_events = 10_000
"""Events between two looks at the board: a few hundredths of a second."""


@dataclass(frozen=True, slots=True)
class FlowJob:
    """Runs one replication of a line."""

    spec: LineSpec
    seed: int
    duration_s: float
    warmup_s: float = 0.0
    parts: int | None = None
    histories: bool = False
    """Keep the histories of replication 0."""

    def __call__(self, replication: int, tick: Tick) -> "RunResult | None":
        """Run it; stopped early, return what was measured, or None if the warm-up was on."""
        began = time.perf_counter()
        line = build(self.spec, seed=self.seed, replication=replication)
        runner = Runner(line, Header(line={}, seed=self.seed, replication=replication))
        history = History(line) if self.histories and replication == 0 else None
        ended = None
        press_start(runner)
        try:
            if self.warmup_s and not self._go(runner, line, self.warmup_s, tick):
                return None
            if self.warmup_s:
                line.reset_statistics()
            line.stop_after = self.parts
            self._go(runner, line, self.duration_s, tick)
        except TraceEnded as end:
            where = {"name": end.args[0], "time": f"{line.env.time_s:.6g}"}
            if line.env.time_s <= self.warmup_s:
                raise StudyError("error.study_trace", **where) from None
            ended = message("report.trace_ended", **where)
        result = line.result(wall_s=time.perf_counter() - began, ended=ended)
        locked = deadlock.find(line)
        result.deadlock = str(locked) if locked else None
        _find_bottleneck(result)
        if history is not None:
            result.states, result.levels = history.state_changes(), history.level_changes()
        return result

    def _go(self, runner: Runner, line: "Line", until_s: float, tick: Tick) -> bool:
        """Run to a time, or to the last part asked for; return False when asked to stop."""
        while not runner.run_until(until_s, most=slice_events):
            if line.stop_after is not None and line.made >= line.stop_after:
                return True
            if self.parts is not None and deadlock.find(line) is not None:
                return True  # the parts asked for will never come
            if tick(line.env.time_s / self.duration_s):
                return False
        return True


def _find_bottleneck(result: "RunResult") -> None:
    """Put bottleneck shares into a result in place of the active periods, which are many."""
    if result.simulated_s <= result.warmup_s:
        return
    active = {name: asset.active_s for name, asset in result.assets.items()}
    found = bottleneck.find(active, result.warmup_s, result.simulated_s)
    for name, asset in result.assets.items():
        asset.bottleneck, asset.shifting = found[name].momentary, found[name].shifting
        asset.active_s = np.zeros((0, 2))
