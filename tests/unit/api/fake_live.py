"""A run that is no simulation: two machines and moving bodies, for tests of what shows it."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

from twin.kernel.alarm import Alarm, AlarmLog
from twin.kernel.command import Command, Stamped
from twin.kernel.errors import CommandRefused
from twin.kernel.record import Header, RunRecord
from twin.kernel.signal import Reading, Signal, SignalStore
from twin.spec.line import LineSpec
from twin.wire.codec import merge
from twin.wire.model import Body, Delta, Motion, SignalState, Snapshot

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SPEC = {
    "schema": "pilotline.line/1",
    "id": "two_machine",
    "title": {"en": "Two machines and a buffer", "zh": "双机一缓冲"},
    "parts": [{"id": "module", "title": {"en": "Module", "zh": "模组"}, "size_m": [0.5, 0.3, 0.3]}],
    "assets": [
        {"id": "feed", "kind": "source", "part": "module", "title": {"en": "Feed", "zh": "上料"}},
        {
            "id": "m1",
            "kind": "station",
            "process_s": 4,
            "title": {"en": "Press", "zh": "压力机"},
            "failures": [
                {
                    "id": "jam",
                    "title": {"en": "Part jammed", "zh": "工件卡死"},
                    "uptime_s": {"exponential": 12000},
                    "downtime_s": {"exponential": 300},
                }
            ],
        },
        {"id": "b1", "kind": "conveyor", "transit_s": 8, "capacity": 5},
        {"id": "m2", "kind": "station", "process_s": 4, "title": {"en": "Test", "zh": "检测"}},
        {"id": "out", "kind": "sink", "title": {"en": "Done", "zh": "成品"}},
    ],
    "flow": [["feed", "m1", "b1", "m2", "out"]],
}


class State(IntEnum):
    BUSY = 0
    STARVED = 1
    BLOCKED = 2
    DOWN = 3
    SETUP = 4
    IDLE = 5


def asset_signals(asset: str) -> list[Signal]:
    return [
        Signal(f"{asset}/state", int, enum=State, initial=0, about="signal.state"),
        Signal(f"{asset}/made", int),
        Signal(f"{asset}/content", int),
        Signal(f"{asset}/part", str),
        Signal(f"{asset}/speed_factor", float, low=0.1, high=10, writable=True, initial=1.0),
    ]


class FakeFeed:
    def __init__(self, live: "FakeLive") -> None:
        self._live = live
        self._waiting: Snapshot | Delta | None = live.snapshot()
        self._news = asyncio.Event()
        self._news.set()
        self.closed = False

    def put(self, message: Snapshot | Delta) -> None:
        if isinstance(self._waiting, Delta) and isinstance(message, Delta):
            self._waiting = merge(self._waiting, message)
        elif not isinstance(self._waiting, Snapshot) or isinstance(message, Snapshot):
            self._waiting = message
        self._news.set()

    def __aiter__(self) -> AsyncIterator[Snapshot | Delta]:
        return self._messages()

    async def _messages(self) -> AsyncIterator[Snapshot | Delta]:
        while not self.closed:
            await self._news.wait()
            self._news.clear()
            message, self._waiting = self._waiting, None
            if message is not None:
                yield message

    def close(self) -> None:
        self.closed = True
        self._news.set()
        if self in self._live.feeds:
            self._live.feeds.remove(self)


class FakeLive:
    """Answers as a live run does; time passes only by `tick`."""

    def __init__(self, run_id: str = "demo", bodies: int = 4) -> None:
        self.id = run_id
        self.spec = LineSpec.model_validate(SPEC)
        self.feeds: list[FakeFeed] = []
        self.log: list[Stamped] = []
        self.mirror: Any = None
        self._callbacks: list[Callable[[dict[str, Reading], list[Alarm]], None]] = []
        self._count = bodies
        self.scenario: dict[str, Any] | None = None
        self._seq = 0
        self.resets = -1
        self.reset()

    def reset(self) -> None:
        self.resets += 1
        self.time_s, self.rate = 0.0, 1.0
        self.signals, self.alarms = SignalStore(), AlarmLog()
        for asset in ("m1", "m2"):
            self.signals.define(asset_signals(asset))
        self.signals.define([Signal("line/made", int), Signal("line/wip", int)])
        self._changes = self.signals.subscribe()
        self.bodies = {f"p{n}": self._body(n) for n in range(self._count)}
        for feed in list(self.feeds):
            feed.put(self.snapshot())

    def _body(self, number: int) -> Body:
        asset = ("m1", "b1", "m2")[number % 3]
        return Body("module", Motion(asset, 0, 0.0, 1.0, self.time_s, self.time_s + 8), None)

    def wall_at(self, time_s: float) -> datetime:
        return START + timedelta(seconds=time_s)

    @property
    def workcells(self) -> dict[str, Any]:
        return {}

    def set_rate(self, rate: float) -> None:
        self.rate = rate
        self.tell()

    def step(self) -> None:
        self.tick(1.0)

    def tick(self, seconds: float) -> None:
        self.time_s += seconds
        moved = {key: self._body(n) for n, key in enumerate(self.bodies)}
        ended = {k for k, b in self.bodies.items() if b.motion.t1 <= self.time_s}
        self.bodies.update({key: body for key, body in moved.items() if key in ended})
        made = self.signals.read("line/made").value
        self._write("line/made", int(made) + len(ended))
        self.tell({key: self.bodies[key] for key in ended})

    def _write(self, path: str, value: Any) -> None:
        self.signals.write(path, Reading(value, self.time_s))

    def tell(self, bodies: dict[str, Body | None] | None = None) -> None:
        changes, alarms = self._changes.drain(), self.alarms.drain()
        self._seq += 1
        signals = {
            path: SignalState(reading.value, str(reading.quality), reading.time_s)
            for path, reading in changes.items()
        }
        delta = Delta(
            self._seq,
            self.time_s,
            self.rate,
            signals,
            bodies or {},
            [asdict(alarm) for alarm in alarms],
            self.kpis(),
        )
        for feed in list(self.feeds):
            feed.put(delta)
        for callback in list(self._callbacks):
            callback(changes, alarms)

    def command(self, command: Command) -> Stamped:
        verb, target = command.verb, command.target
        if verb == "break":
            if self.signals.read(f"{target}/state").value == State.DOWN:
                raise CommandRefused(f"{target} is down already; repair it first")
            self._write(f"{target}/state", State.DOWN.value)
            self.alarms.raise_(target, "jam", message="jam", severity=700, time_s=self.time_s)
        elif verb == "repair":
            self._write(f"{target}/state", State.BUSY.value)
            self.alarms.clear(target, "jam", time_s=self.time_s)
        elif verb in {"stop", "start"}:
            state = State.IDLE if verb == "stop" else State.BUSY
            for asset in [target] if target else ["m1", "m2"]:
                self._write(f"{asset}/state", state.value)
        elif verb == "write":
            self._write(target, command.args["value"])
        elif verb == "acknowledge":
            self.alarms.acknowledge(str(command.args["alarm"]))
        elif verb == "confirm":
            self.alarms.confirm(str(command.args["alarm"]))
        self.log.append(Stamped(self.time_s, command))
        self.tell()
        return self.log[-1]

    def watch(self) -> FakeFeed:
        feed = FakeFeed(self)
        self.feeds.append(feed)
        return feed

    def snapshot(self) -> Snapshot:
        signals = {
            path: SignalState(r.value, str(r.quality), r.time_s)
            for path, r in self.signals.readings().items()
        }
        alarms = [asdict(alarm) for alarm in self.alarms]
        return Snapshot(
            self.id,
            self.spec.id,
            self._seq,
            self.time_s,
            self.rate,
            signals,
            dict(self.bodies),
            alarms,
            self.kpis(),
        )

    def on_change(
        self, callback: Callable[[dict[str, Reading], list[Alarm]], None]
    ) -> Callable[[], None]:
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def record(self) -> RunRecord:
        document = self.spec.model_dump(mode="json", by_alias=True)
        return RunRecord(Header(document, 1, scenario=self.scenario), self.log, self.time_s)

    def kpis(self) -> dict[str, float]:
        return {"throughput_per_h": 90.0 + math.sin(self.time_s / 60), "wip": 4.0}
