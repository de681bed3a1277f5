"""From a run to its outlets: each is told what changed, at its own pace."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from time import monotonic

from twin.kernel.alarm import Alarm
from twin.kernel.signal import Reading

from .base import Outlet, Run
from .timing import Timing

_logger = logging.getLogger(__name__)

AGAIN_S = 1.0
"""How soon an outlet that failed is tried again."""


class Feed:
    """Tells outlets of changes. Those that an outlet has not taken yet are merged by signal.

    Args:
        run: the run.
        outlets: where to.
        period_s: shortest time between two publications to one outlet.
    """

    def __init__(self, run: Run, outlets: Iterable[Outlet], *, period_s: float = 0.1) -> None:
        self._run = run
        self._pumps = [_Pump(outlet, period_s) for outlet in outlets]
        self._store = run.signals
        self._alarms: dict[str, Alarm] = {}
        self._end: Callable[[], None] | None = None

    async def start(self) -> None:
        """Start all outlets; if one cannot, those before it are stopped and its error raised."""
        started: list[_Pump] = []
        try:
            for pump in self._pumps:
                await pump.outlet.start(self._run)
                started.append(pump)
        except BaseException:  # cancelled or failed: what has started must not stay
            for pump in started:
                await pump.outlet.stop()
            raise
        self._store = self._run.signals
        self._alarms = {alarm.id: alarm for alarm in self._run.alarms}
        self._end = self._run.on_change(self._changed)
        for pump in self._pumps:
            pump.begin()

    def timings(self) -> dict[str, Timing]:
        """Return how long publishing takes and how often it happens, by the outlet's address."""
        return {pump.outlet.address: pump.timing for pump in self._pumps}

    async def stop(self) -> None:
        """Stop all outlets."""
        if self._end is not None:
            self._end()
            self._end = None
        await asyncio.gather(*(pump.end() for pump in self._pumps))

    def _changed(self, changes: dict[str, Reading], alarms: list[Alarm]) -> None:
        if self._run.signals is not self._store:
            # A reset run has a new store: what did not change since its start is new too.
            self._store = self._run.signals
            changes = self._store.readings()
            alarms = [*self._ended(), *self._run.alarms]
        self._alarms.update({alarm.id: alarm for alarm in alarms})
        for pump in self._pumps:
            pump.add(changes, alarms)

    def _ended(self) -> list[Alarm]:
        """Return the alarms of the run before, as over: nobody will clear them any more."""
        before, self._alarms = self._alarms, {}
        return [
            replace(alarm, active=False, acknowledged=True, confirmed=True)
            for alarm in before.values()
            if self._run.alarms.get(alarm.id) is None
        ]


class _Pump:
    def __init__(self, outlet: Outlet, period_s: float) -> None:
        self.outlet = outlet
        self._period_s = period_s
        self._changes: dict[str, Reading] = {}
        self._alarms: dict[str, Alarm] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.timing = Timing()

    def add(self, changes: dict[str, Reading], alarms: list[Alarm]) -> None:
        self._changes.update(changes)
        self._alarms.update({alarm.id: alarm for alarm in alarms})
        if self._changes or self._alarms:
            self._wake.set()

    def begin(self) -> None:
        self._task = asyncio.create_task(self._pump(), name=f"feed {self.outlet.address}")

    async def end(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.outlet.stop()

    async def _pump(self) -> None:
        failing = False
        while True:
            if not self._wake.is_set():
                self.timing.interrupted()  # there is nothing to tell: that is no slow pace
            await self._wake.wait()
            self._wake.clear()
            began_s = monotonic()
            self.timing.polled(began_s)
            changes, self._changes = self._changes, {}
            alarms, self._alarms = self._alarms, {}
            try:
                await self.outlet.publish(changes, list(alarms.values()))
                self.timing.took(monotonic() - began_s)
                failing = False
            except Exception:  # supervisor: one outlet's trouble must not end the others
                if not failing:
                    _logger.exception("cannot publish at %s", self.outlet.address)
                failing = True
                # What was not told is told again, under what has changed since.
                self._changes = changes | self._changes
                self._alarms = alarms | self._alarms
                self._wake.set()
            await asyncio.sleep(AGAIN_S if failing else self._period_s)
