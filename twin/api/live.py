"""A run that lives: paced by the wall clock, commanded and watched from outside."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import count
from math import inf
from typing import Any

from twin.control.attend import press_start
from twin.control.line import build
from twin.control.plc import soft_plcs
from twin.kernel.alarm import Alarm, AlarmLog
from twin.kernel.clock import PacingClock
from twin.kernel.command import Args, Command, Stamped
from twin.kernel.errors import CommandRefused, TraceEnded
from twin.kernel.record import Header, RunRecord
from twin.kernel.runner import Runner
from twin.kernel.signal import Reading, SignalStore
from twin.plant.line import Line
from twin.plant.motion.workcell import Workcell
from twin.spec.line import LineSpec
from twin.spec.messages import phrase
from twin.wire.model import Body, Delta, Path, SignalState, Snapshot

from .feed import Feed
from .figures import Figures
from .hub import Mirrored

log = logging.getLogger(__name__)

PUBLISH_S = 0.1
"""Wall seconds between two messages to those who watch."""
PROMPT_S = 0.01
"""The same while something has changed that a controller waits for."""
TURN_S = 0.02
"""Longest wall time for which events are done before others on the loop get their turn."""
EVENTS_A_TURN = 500

Callback = Callable[[dict[str, Reading], list[Alarm]], None]
Hurdle = Callable[[Runner, float], float]
"""Called before each advance with the time aimed at; returns how far it may go. For scenarios."""


class LiveRun:
    """One run of a line on the event loop. `start()` lets it live, `stop()` ends it.

    Args:
        spec: the line.
        run_id: its name.
        seed: of all random numbers.
        rate: simulation seconds a second to begin with.
        scenario: the scenario's document, for the record.
        head_start_s: so much time has passed when it begins to live, s; the line is full then.
    """

    def __init__(
        self,
        spec: LineSpec,
        *,
        run_id: str = "run",
        seed: int = 0,
        rate: float = 1.0,
        scenario: dict[str, Any] | None = None,
        head_start_s: float = 0.0,
    ) -> None:
        self.id = run_id
        self.spec = spec
        self.seed = seed
        self._scenario = scenario
        self._head_start_s = head_start_s
        self.hurdles: list[Hurdle] = []
        self.on_reset: list[Callable[[], None]] = []
        self.mirror: Mirrored | None = None
        """The real devices that it follows, once somebody joins them to it."""
        self.clock = PacingClock(time.monotonic, rate=rate)
        self._feeds: list[Feed] = []
        self._callbacks: list[Callback] = []
        self._numbers = count(1)
        self._task: asyncio.Task[None] | None = None
        self._ending = False
        self._published_at = 0.0
        self._wake = asyncio.Event()
        self._begin()

    def _begin(self) -> None:
        self.line: Line = build(self.spec, self.seed)
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        document = self.spec.document()
        header = Header(document, self.seed, scenario=self._scenario, started=started)
        self.runner = Runner(self.line, header)
        self.runner.digest()
        self._head_start()
        self.runner.watch()
        self.figures = Figures(self.line)
        self._bodies: dict[str, Body] = {}
        self._owned: dict[str, set[str]] = {}
        self._joints: dict[str, Path] = {}
        self._seq = next(self._numbers)
        self._changes = self.runner.signals.subscribe()
        self.clock.set_time(self.time_s)
        self._gather()

    def _head_start(self) -> None:
        """Let the time pass that nobody watches, and leave no alarms of it but those that stand."""
        if self._head_start_s:
            press_start(self.runner)
        with suppress(TraceEnded):  # the first advance says so
            self.runner.run_until(self._head_start_s)
        for alarm in self.alarms.standing():
            if not alarm.active:
                args: Args = {"alarm": alarm.id}
                for verb in ("acknowledge", "confirm"):
                    self.runner.apply(Command(verb, alarm.asset, args, "head start"))

    # ---- what it is

    @property
    def signals(self) -> SignalStore:
        """All signals with their latest readings."""
        return self.runner.signals

    @property
    def alarms(self) -> AlarmLog:
        """All alarms."""
        return self.line.alarms

    @property
    def workcells(self) -> dict[str, Workcell]:
        """The workcells by id."""
        return {a.id: a for a in self.line.assets.values() if isinstance(a, Workcell)}

    @property
    def time_s(self) -> float:
        """Simulation time, s."""
        return self.runner.time_s

    @property
    def rate(self) -> float:
        """Simulation seconds a second: 0 paused, 1 real time, `inf` as fast as it goes."""
        return self.clock.rate

    def wall_at(self, time_s: float) -> datetime:
        """Return the wall time at which simulation time `time_s` was, or will be."""
        ago_s = time.monotonic() - self.clock.wall_s(time_s)
        return datetime.now(UTC) - timedelta(seconds=max(-1e6, min(1e9, ago_s)))

    def kpis(self) -> dict[str, float]:
        """Return the figures that a person looks at first."""
        return self.figures.read()

    def record(self) -> RunRecord:
        """Return the record of the run so far."""
        return self.runner.record()

    def snapshot(self) -> Snapshot:
        """Return everything that a viewer needs to begin."""
        states = {path: _state(r) for path, r in self.signals.readings().items()}
        alarms = [asdict(alarm) for alarm in self.alarms]
        return Snapshot(
            run=self.id,
            line=self.spec.id,
            seq=self._seq,
            time_s=self.time_s,
            rate=self.rate,
            signals=states,
            bodies=dict(self._bodies),
            alarms=alarms,
            kpis=self.kpis(),
            joints=dict(self._joints),
        )

    # ---- what one can do with it

    def command(self, command: Command) -> Stamped:
        """Carry out a command now.

        Raises:
            CommandRefused: it cannot be carried out; the text says why.
        """
        at_s = self.clock.now_s()
        if self.rate not in (0, inf):
            self._advance(at_s)
        stamped = self.runner.apply(command, at_s=None if at_s == inf else at_s)
        self.clock.set_time(self.time_s)
        self._wake.set()
        return stamped

    def set_rate(self, rate: float) -> None:
        """Go on at another rate.

        Raises:
            CommandRefused: a rate below 0.
        """
        if not rate >= 0:
            raise CommandRefused(phrase("refused.rate", rate=rate))
        self.clock.set_rate(rate, self.time_s)
        self._wake.set()

    def step(self) -> None:
        """Do the next instant that holds an event, while paused.

        Raises:
            CommandRefused: the run is not paused, or nothing will ever happen.
        """
        if self.rate != 0:
            raise CommandRefused(phrase("refused.pause_first"))
        try:
            stepped = self.runner.step()
        except TraceEnded as ended:
            raise CommandRefused(phrase("refused.ended", why=ended)) from None
        if not stepped:
            raise CommandRefused(phrase("refused.nothing_left"))
        self.clock.set_time(self.time_s)
        self._wake.set()

    def reset(self) -> None:
        """Begin again from the header; watchers get a new Snapshot.

        Programs that were put into soft PLCs meanwhile stay in them.
        """
        programs = {plc.cell.id: plc.source for plc in soft_plcs(self.line)}
        self._begin()
        for plc in soft_plcs(self.line):
            text = programs[plc.cell.id]
            if text and text != plc.source:
                keep = Command("load_program", plc.cell.id, {"text": text}, "begin again")
                self.runner.apply(keep)
        for hook in self.on_reset:
            hook()
        snapshot = self.snapshot()
        for feed in self._feeds:
            feed.put(snapshot)
        readings = self.signals.readings()
        for callback in self._callbacks:
            callback(readings, [])
        self._wake.set()

    # ---- who watches

    def watch(self) -> Feed:
        """Begin to watch: iterate over the result, and close it at the end."""
        self._publish()
        feed = Feed(self.snapshot(), self.unwatch)
        self._feeds.append(feed)
        return feed

    def unwatch(self, feed: Feed) -> None:
        """Stop watching."""
        if feed in self._feeds:
            self._feeds.remove(feed)

    def on_change(self, callback: Callback) -> Callable[[], None]:
        """Call back with changed readings and alarms; return what ends it."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    # ---- living

    def start(self) -> None:
        """Let time pass, from now on."""
        self.clock.set_time(self.time_s)
        self._ending = False
        self._task = asyncio.create_task(self._live(), name=f"run {self.id}")

    async def stop(self) -> None:
        """Let time pass no more."""
        if self._task is not None:
            # A flag, not `cancel`: the record must end between two advances, never within one.
            self._ending = True
            self._wake.set()
            await self._task
            self._task = None
        for feed in list(self._feeds):
            feed.close()

    async def _live(self) -> None:
        while not self._ending:
            whole = self._advance(self.clock.now_s())
            now = time.monotonic()
            if now >= self._publish_at():
                self._publish()
            if not whole:
                await asyncio.sleep(0)
                continue
            wait_s = min(self.clock.wait_s(self.line.env.next_due_s()), self._publish_at() - now)
            self._wake.clear()
            if self._ending:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, wait_s)):
                    await self._wake.wait()

    def _publish_at(self) -> float:
        """Return the wall time of the next message to those who watch."""
        return self._published_at + (PROMPT_S if self.runner.prompt else PUBLISH_S)

    def _advance(self, until_s: float) -> bool:
        """Do what is due; return False when others should have a turn before the rest."""
        runner = self.runner
        if self.rate == 0:
            return True
        turn_ends = time.monotonic() + TURN_S
        while self.rate:
            goal_s = until_s
            for hurdle in self.hurdles:
                goal_s = min(goal_s, hurdle(runner, goal_s))
            try:
                done = runner.run_until(goal_s, most=EVENTS_A_TURN)
            except TraceEnded as ended:
                log.warning("run %s is paused: %s", self.id, ended)
                self.set_rate(0)
                return True
            if done and goal_s in (until_s, inf):
                if until_s == inf:
                    # Nothing is left to happen; without pacing, time has nowhere to go.
                    self.set_rate(1.0)
                return True
            if time.monotonic() > turn_ends:
                late_s = self.clock.slip(runner.time_s)
                if late_s:
                    log.warning("the clock of run %s has slipped by %.1f s", self.id, late_s)
                return False
        return True

    def _publish(self) -> None:
        self._published_at = time.monotonic()
        bodies, joints = self._gather()
        readings = self._changes.drain()
        alarms = self.alarms.drain()
        for callback in list(self._callbacks):
            callback(readings, alarms)
        self._seq = next(self._numbers)
        if not self._feeds:
            return
        delta = Delta(
            seq=self._seq,
            time_s=self.time_s,
            rate=self.rate,
            signals={path: _state(reading) for path, reading in readings.items()},
            bodies=bodies,
            alarms=[asdict(alarm) for alarm in alarms],
            kpis=self.figures.changed(),
            joints=joints,
        )
        for feed in self._feeds:
            feed.put(delta)

    def _gather(self) -> tuple[dict[str, Body | None], dict[str, Path]]:
        """Take note of how bodies and joints move now, and return what changed."""
        changed: dict[str, Body | None] = {}
        turned: dict[str, Path] = {}
        gone: set[str] = set()
        self.runner.look_again()
        for asset in self.runner.publish():
            present = dict(asset.bodies())
            gone |= self._owned.get(asset.id, set()) - present.keys()
            self._owned[asset.id] = set(present)
            for key, body in present.items():
                if self._bodies.get(key) != body:
                    changed[key] = self._bodies[key] = body
            for name, path in asset.joints():
                if self._joints.get(name) != path:
                    turned[name] = self._joints[name] = path
        for key in gone - changed.keys():
            if not any(key in keys for keys in self._owned.values()):
                changed[key] = None
                self._bodies.pop(key, None)
        return changed, turned


def _state(reading: Reading) -> SignalState:
    return SignalState(reading.value, str(reading.quality), reading.time_s)
