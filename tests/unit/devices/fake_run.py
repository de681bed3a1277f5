"""A live run as the outlets and the mirror see it, without a plant."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

from twin.kernel.alarm import Alarm, AlarmLog
from twin.kernel.command import Command, Stamped
from twin.kernel.errors import CommandRefused
from twin.kernel.signal import Quality, Reading, Signal, SignalStore
from twin.spec.line import LineSpec

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


class State(IntEnum):
    busy = 0
    starved = 1
    blocked = 2
    down = 3
    setup = 4
    idle = 5


LINE = LineSpec.model_validate(
    {
        "schema": "pilotline.line/1",
        "id": "small",
        "site": "campus",
        "cells": [{"id": "weld_cell", "title": "Welding cell"}],
        "assets": [
            {"id": "feed", "kind": "source"},
            {"id": "weld", "kind": "station", "cell": "weld_cell", "process_s": 40},
            {"id": "pack", "kind": "station", "process_s": 30},
            {"id": "out", "kind": "sink"},
        ],
        "flow": [["feed", "weld", "pack", "out"]],
    }
)


def station_signals(prefix: str) -> list[Signal]:
    return [
        Signal(f"{prefix}/state", int, enum=State, initial=int(State.idle)),
        Signal(f"{prefix}/made", int),
        Signal(f"{prefix}/part", str),
        Signal(f"{prefix}/mode", str, initial="model"),
        Signal(f"{prefix}/cycle_s", float, unit="s"),
        Signal(f"{prefix}/speed_factor", float, low=0.1, high=10.0, writable=True, initial=1.0),
        Signal(f"{prefix}/light", bool, writable=True),
    ]


class FakeRun:
    """Keeps signals, logs commands, and tells listeners when `tick` is called."""

    def __init__(self, spec: LineSpec = LINE) -> None:
        self.id = "run1"
        self.spec = spec
        self.signals = SignalStore()
        self.signals.define(station_signals("weld_cell/weld"))
        self.signals.define(station_signals("pack"))
        self.signals.define(
            [Signal("line/wip", int), Signal("line/throughput_per_h", float, "1/h")]
        )
        self.alarms = AlarmLog()
        self.time_s = 0.0
        self.rate = 1.0
        self.log: list[Command] = []
        self.refuse: str | None = None
        self._listeners: list[Callable[[dict[str, Reading], list[Alarm]], None]] = []
        self._pending: dict[str, Reading] = {}

    def wall_at(self, time_s: float) -> datetime:
        return START + timedelta(seconds=time_s)

    def command(self, command: Command) -> Stamped:
        if self.refuse:
            raise CommandRefused(self.refuse)
        self.log.append(command)
        if command.verb == "write":
            self.set(command.target, command.args["value"])
        if command.verb == "acknowledge":
            self.alarms.acknowledge(str(command.args["alarm"]))
        if command.verb == "confirm":
            self.alarms.confirm(str(command.args["alarm"]))
        self.tick()
        return Stamped(self.time_s, command)

    def on_change(
        self, callback: Callable[[dict[str, Reading], list[Alarm]], None]
    ) -> Callable[[], None]:
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def set(self, path: str, value: Any, quality: Quality = Quality.GOOD) -> None:
        reading = Reading(
            self.signals[path].check(int(value) if isinstance(value, State) else value),
            self.time_s,
            quality,
        )
        if self.signals.write(path, reading):
            self._pending[path] = reading

    def tick(self) -> None:
        changes, self._pending = self._pending, {}
        alarms = self.alarms.drain()
        for listener in list(self._listeners):
            listener(changes, alarms)

    def verbs(self, target: str | None = None) -> list[str]:
        return [c.verb for c in self.log if target is None or c.target == target]
