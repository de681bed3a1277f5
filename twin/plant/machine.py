"""What stations, assemblies, inspections and the like share: servers, stops, failures, orders."""

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.kernel.signal import Signal, Value
from twin.spec.assets import MachineBase, OperatorCall, Setups
from twin.spec.messages import phrase
from twin.spec.times import ProcessTime, TimeByPart
from twin.wire.model import Body

from .asset import Asset, body
from .fault import BY_HAND, FailureMode, MaintenanceTask, Wear
from .part import Part
from .periods import common
from .plain import Addressed, Stateful
from .result import AssetResult
from .samplers import Duration, DurationByPart
from .server import DONE, FREE, WORKING, Server
from .setups import SetupPlan
from .states import BLOCKED, BUSY, DOWN, IDLE, NAMES, SETUP, STARVED, AssetState

if TYPE_CHECKING:
    from .line import Line
    from .operator import Call

SEEN_FIRST = (DOWN, BUSY, SETUP, BLOCKED, STARVED, IDLE)
"""Which server's state stands for the machine."""


class Machine(Asset):
    """An asset with servers that work, that breaks, and that keeps hours."""

    STATE: ClassVar[tuple[str, ...]] = (
        "waiting", "made", "scrapped", "stops", "faults", "following", "begun", "speed_factor",
        "free_order", "dues_s",
    )  # fmt: skip

    can_follow = True
    """Whether a real machine may lead it; not those that move parts by themselves."""

    def __init__(
        self,
        line: "Line",
        spec: MachineBase,
        *,
        capacity: int = 1,
        process: ProcessTime | None = None,
        operator: OperatorCall | None = None,
        setups: Setups | None = None,
    ) -> None:
        super().__init__(line, spec)
        self.machine_spec = spec
        self.capacity = capacity
        self.scrapped = 0
        self.stops: list[str] = []
        """Names of what makes the machine stand still."""
        self.faults = 0
        self.following = False
        self.begun = 0
        """While following: parts that the real machine has begun and this one has not."""
        self.told: bool | None = None
        """What the real machine says of the part that it has just finished."""
        self.speed_factor = 1.0
        self.work_call: Call | None = line.call(operator)
        self.setups = SetupPlan(self, setups) if setups else None
        self.setup_call: Call | None = line.call(setups.by) if setups else None
        self.duration = self._duration(process) if process else None
        by_wear = "operating" in [e.clock for e in spec.failures] + [
            e.clock for e in spec.maintenance
        ]
        self.wear = Wear(self) if by_wear else None
        self.modes = [FailureMode(self, failure) for failure in spec.failures]
        self.modes.append(FailureMode(self, None))
        self.tasks = [MaintenanceTask(self, task) for task in spec.maintenance]
        if self.wear is not None:
            self.wear.stops = [s for s in (*self.modes, *self.tasks) if s.operating]
        self.hours = line.hours(spec.shifts, f"{self.id}/shift", self._shift)
        self.servers = [Server(self, index) for index in range(capacity)]
        self.free = list(reversed(self.servers))
        self.free_order: list[int] = []
        self.dues_s: list[float] = []
        """For a snapshot: when each server would be done, though the real machine says when."""
        self.only_time = True
        """Whether the work does nothing to a part but take time; kinds that do more say so."""
        self.plain = False
        """Whether a part that is loaded needs only time: the hot path."""

    def _duration(self, process: ProcessTime) -> Duration | DurationByPart:
        name = f"{self.id}/process"
        streams = self.line.streams
        if isinstance(process, TimeByPart):
            return DurationByPart(
                {k: Duration(t, f"{name}/{k}", streams) for k, t in process.by_part.items()}
            )
        return Duration(process, name, streams)

    # ---- work

    def start(self) -> None:
        for server in self.servers:
            server.send = self.send
        self._find_plain()
        for stop in (*self.modes, *self.tasks):
            stop.plan()
        if self.hours is not None and not self.hours.start():
            self.stop("shift", "resume")

    def _find_plain(self) -> None:
        self.plain = (
            type(self.duration) is Duration
            and self.only_time
            and self.setups is None
            and self.work_call is None
            and self.speed_factor == 1.0
            and not self.following
            and not self.stops
        )
        if type(self.duration) is Duration:
            self.draw = self.duration.draw

    def draw_work(self, part: Part | None) -> float:
        """Return the time that the work on this part takes, s."""
        duration = self.duration
        work_s = duration.draw() if type(duration) is Duration else self._by_part(part)
        if self.speed_factor != 1.0:
            work_s /= self.speed_factor
        return work_s

    def _by_part(self, part: Part | None) -> float:
        assert isinstance(self.duration, DurationByPart)
        assert part is not None
        try:
            duration = self.duration.by_part[part.type]
        except KeyError:
            said = phrase("refused.no_time", asset=self.id, part=part.type)
            raise CommandRefused(said) from None
        return duration.draw()

    def offer(self, part: Part, giver: Any) -> bool:
        if self.free and not (self.following and not self._begin_real()):
            self.free.pop().load(part)
            return True
        self.waiting.append(giver)
        return False

    def complete(self, server: Server) -> None:
        """Count a finished part; kinds of machine add what the work does to it."""
        self.made += 1

    def vacated(self, server: Server) -> None:
        """Take the next part into a server that has become free."""
        waiting = self.waiting
        if waiting and waiting[0].direct and not self.following:
            server.load(waiting.popleft().hand(waiting))
            return
        self.free.append(server)
        if waiting:
            self.pull()
        if server.phase == FREE:
            server.enter(self.stop_state if self.stops else STARVED)

    def pull(self) -> None:
        """Let those who wait send again while there is room."""
        waiting, free = self.waiting, self.free
        while waiting and free and not (self.following and not self.begun):
            giver = waiting.popleft()
            if giver.retry():
                waiting.append(giver)

    def lose(self, server: Server) -> None:
        """Throw away the part in a server."""
        part = server.clear()
        if part is not None:
            self.scrapped += 1
            self.line.scrap(part)
            self.free.append(server)

    def content(self) -> int:
        return sum((s.part is not None) + len(s.rest) for s in self.servers)

    def places(self) -> float:
        return self.capacity

    def bodies(self) -> Iterator[tuple[str, Body]]:
        for slot, server in enumerate(self.servers):
            if server.part is None:
                continue
            if server.phase == DONE:
                yield body(server.part, self.id, slot, 1.0)
            else:
                yield body(server.part, self.id, slot)

    # ---- standing still

    @property
    def stop_state(self) -> int:
        """The state of a machine that stands still."""
        return DOWN if self.faults else IDLE

    def stop(self, why: str, then: str) -> None:
        """Stand still for one more reason; `then` says what becomes of the work."""
        self.stops.append(why)
        self.plain = False
        for server in self.servers:
            working = server.phase == WORKING
            server.interrupt()
            if working and then == "restart":
                server.left_s = server.work_s
            elif working and then == "scrap":
                self.lose(server)

    def release(self, why: str) -> None:
        """Stand still for one reason less."""
        self.stops.remove(why)
        self._find_plain()
        for server in self.servers:
            if self.stops:
                server.enter(self.stop_state)
            else:
                server.resume()
        # A part may have been lost meanwhile, and its place is free.
        self.pull()

    def _shift(self, *, on: bool) -> None:
        if on:
            self.release("shift")
        else:
            self.stop("shift", "resume")

    def raise_alarm(self, mode: FailureMode) -> None:
        """Tell people that the machine is broken."""
        spec = mode.spec
        text = spec.title.model_dump_json() if spec and spec.title else "alarm.fault"
        self.line.alarms.raise_(
            self.id,
            mode.id,
            message=text,
            severity=spec.severity if spec else 700,
            time_s=self.env.time_s,
        )

    def clear_alarm(self, mode: FailureMode) -> None:
        """Tell people that it is mended."""
        self.line.alarms.clear(self.id, mode.id, time_s=self.env.time_s)

    # ---- commands

    def apply(self, command: Command) -> None:
        verb, args = command.verb, command.args
        if verb == "break":
            self._break(args.get("failure"), args.get("downtime_s"))
        elif verb == "repair":
            self._repair(args.get("failure"))
        elif verb == "stop":
            if "hand" in self.stops:
                raise CommandRefused(phrase("refused.stopped", asset=self.id))
            self.stop("hand", "resume")
        elif verb == "start":
            if "hand" not in self.stops:
                raise CommandRefused(phrase("refused.not_stopped", asset=self.id))
            self.release("hand")
        elif verb == "write":
            self._write(command)
        elif verb in ("follow", "begin", "finish"):
            self._follow(command)
        else:
            super().apply(command)

    def _mode(self, name: Value | None) -> FailureMode | None:
        known = {mode.id: mode for mode in self.modes}
        if name is not None and name not in known:
            said = phrase("refused.no_failure", asset=self.id, failure=name, known=", ".join(known))
            raise CommandRefused(said)
        return known[str(name)] if name is not None else None

    def _break(self, failure: Value | None, downtime_s: Value | None) -> None:
        mode = self._mode(failure) or self._mode(BY_HAND)
        assert mode is not None
        if mode.active:
            raise CommandRefused(phrase("refused.failed", asset=self.id, failure=mode.id))
        if downtime_s is not None and not _is_time(downtime_s):
            raise CommandRefused(phrase("refused.downtime", found=repr(downtime_s)))
        mode.begin(None if downtime_s is None else float(downtime_s))

    def _repair(self, failure: Value | None) -> None:
        mode = self._mode(failure)
        active = [m for m in self.modes if m.active and mode in (None, m)]
        if not active:
            raise CommandRefused(phrase("refused.nothing_to_repair", asset=self.id))
        for entry in active:
            entry.end()

    def _write(self, command: Command) -> None:
        value = command.args.get("value")
        if command.target.rsplit("/", 1)[-1] != "speed_factor":
            raise CommandRefused(phrase("refused.read_only", path=command.target))
        assert isinstance(value, int | float)
        self.speed_factor = float(value)
        self._find_plain()
        self.changed()

    def _follow(self, command: Command) -> None:
        if not self.can_follow:
            kind: str = self.machine_spec.kind  # type: ignore[attr-defined]
            raise CommandRefused(phrase("refused.cannot_follow", asset=self.id, kind=kind))
        if command.verb == "follow":
            self._set_following(on=command.args.get("on") is not False)
            return
        if not self.following:
            raise CommandRefused(phrase("refused.not_following", asset=self.id))
        if command.verb == "begin":
            self.begun += 1
            self.pull()
            return
        verdict = command.args.get("verdict")
        if verdict is not None and not isinstance(verdict, bool):
            raise CommandRefused(phrase("refused.verdict", found=repr(verdict)))
        working = [server for server in self.servers if server.state == BUSY]
        if not working:
            raise CommandRefused(phrase("refused.none_in_work", asset=self.id))
        server = working[0]
        server.work_s -= server.timer.left_s
        self.told = verdict
        server.elapsed()
        self.told = None

    def _set_following(self, *, on: bool) -> None:
        if on == self.following:
            return
        self.following = on
        self.begun = 0
        self._find_plain()
        for server in self.servers:
            if server.phase == WORKING and server.state == BUSY:
                if on:
                    server.timer.cancel()
                else:
                    server.timer.arm(max(0.0, server.timer.left_s))
        self.pull()
        self.changed()

    def _begin_real(self) -> bool:
        if self.begun:
            self.begun -= 1
            return True
        return False

    # ---- what a person sees

    @property
    def state(self) -> AssetState:
        if len(self.servers) == 1:
            return AssetState(self.servers[0].state)
        states = {server.state for server in self.servers}
        return AssetState(next(s for s in SEEN_FIRST if s in states))

    def signals(self) -> Iterator[Signal]:
        yield from super().signals()
        yield Signal(f"{self.path}/scrapped", int, about="signal.scrapped")
        yield Signal(f"{self.path}/part", str, about="signal.part")
        yield Signal(f"{self.path}/mode", str, initial="model", about="signal.mode")
        yield Signal(f"{self.path}/cycle_s", float, unit="s", low=0.0, about="signal.cycle_s")
        yield Signal(
            f"{self.path}/speed_factor", float, low=0.1, high=10.0, writable=True, initial=1.0,
            about="signal.speed_factor",
        )  # fmt: skip

    def read(self) -> dict[str, Value]:
        parts = [server.part.type for server in self.servers if server.part is not None]
        return super().read() | {
            "scrapped": self.scrapped,
            "part": parts[0] if parts else "",
            "mode": "follow" if self.following else "model",
            "cycle_s": self.servers[0].work_s if self.servers else 0.0,
            "speed_factor": self.speed_factor,
        }

    # ---- statistics

    def reset_statistics(self) -> None:
        super().reset_statistics()
        self.scrapped = 0
        for server in self.servers:
            server.reset_statistics()

    def result(self, seconds: float) -> AssetResult:
        totals = np.sum([server.times() for server in self.servers], axis=0) / self.capacity
        whole = float(totals.sum())
        shares = [float(t) / whole for t in totals] if whole > 0 else [0.0] * 4 + [0.0, 1.0]
        watts = self.machine_spec.power_w
        energy = sum(float(t) * getattr(watts, n) for t, n in zip(totals, NAMES, strict=True))
        busy_s, planned_s = float(totals[BUSY]), whole - float(totals[IDLE])
        availability = busy_s / planned_s if planned_s > 0 else 0.0
        done = self.made
        performance = self._planned_s() * done / (busy_s * self.capacity) if busy_s > 0 else 0.0
        quality = (done - self.scrapped) / done if done else 1.0
        failures = sum(mode.count for mode in self.modes)
        return AssetResult(
            kind=self.spec.kind,  # type: ignore[attr-defined]
            fractions=dict(zip(NAMES, shares, strict=True)),
            made=done,
            scrapped=self.scrapped,
            energy_j=energy,
            availability=availability,
            performance=performance,
            quality=quality,
            oee=availability * performance * quality,
            active_s=common([server.active_s() for server in self.servers]),
            servers=self.capacity,
            detail={"failures": float(failures)},
        )

    def _planned_s(self) -> float:
        """Return the planned time of one piece, s."""
        return self.duration.mean_s if self.duration else 0.0

    # ---- snapshots

    def save(self) -> list[Any]:
        self.free_order = [self.servers.index(server) for server in self.free]
        self.dues_s = [
            server.timer.due_s if server.state == BUSY else 0.0
            for server in self.servers if self.following
        ]  # fmt: skip
        return super().save()

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        super().load_state(data, known)
        self.free = [self.servers[index] for index in self.free_order]
        for server, due_s in zip(self.servers, self.dues_s, strict=False):
            server.timer.due_s = due_s
        self._find_plain()

    def parts_of_state(self) -> Iterator[Stateful]:
        yield self
        yield from self.servers
        if self.wear is not None:
            yield self.wear
        yield from self.modes
        yield from self.tasks
        if self.setups is not None:
            yield self.setups

    def known(self) -> Iterator[tuple[str, Any]]:
        yield from super().known()
        others: tuple[Addressed, ...] = (*self.servers, *self.modes, *self.tasks)
        for entry in others:
            yield entry.address, entry


def _is_time(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < inf
