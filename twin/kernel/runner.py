"""The one place that lets time pass: commands, their log, signals, snapshots and replay."""

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from math import inf, nextafter
from typing import Any, Protocol

from twin.spec.messages import phrase
from twin.wire.model import Body

from .alarm import AlarmLog
from .command import Command, Stamped
from .environment import Environment
from .errors import CommandRefused, SignalError, SnapshotError, TraceEnded
from .record import Digest, Header, RunRecord
from .signal import Quality, Reading, Signal, SignalStore, Value

SCHEMA = "pilotline.snapshot/1"


class Plant(Protocol):
    """What the runner needs of a line."""

    env: Environment
    alarms: AlarmLog

    def apply(self, command: Command) -> None:
        """Carry out a command at this instant, or raise `CommandRefused` and change nothing."""

    def signals(self) -> Iterable[Signal]:
        """Yield every signal."""

    def read(self) -> dict[str, Value]:
        """Return the values that belong to no single asset, by path."""

    def bodies(self) -> dict[str, Body]:
        """Return everything that can be seen."""

    def quality(self, asset_id: str) -> Quality:
        """Return how far the data of an asset can be trusted."""

    def snapshot(self) -> dict[str, Any]:
        """Return the full state as plain data."""

    def restore(self, data: dict[str, Any]) -> None:
        """Put a state back."""


class Runner:
    """Runs one plant: lets time pass, and lets commands in at exact instants.

    A command takes effect ahead of the events of its instant. One that comes when the events of
    the present instant are done already takes effect at the next time a float can express.
    """

    def __init__(self, plant: Plant, header: Header) -> None:
        self.plant = plant
        self.env = plant.env
        self.header = header
        self.log: list[Stamped] = []
        self.signals = SignalStore()
        self.signals.define(plant.signals())
        self._done_s = -inf
        """All events up to this time, this time included, are done."""
        self._dirty: dict[Any, None] = {}
        self.prompt = False
        """Whether something changed that should be published at once."""
        self._digest: Digest | None = None
        self._observers: list[Callable[[Any], None]] = []

    # ---- time

    @property
    def time_s(self) -> float:
        """Simulation time, s."""
        return self.env.time_s

    def run_until(self, until_s: float, *, most: int = sys.maxsize) -> bool:
        """Do all events due at or before `until_s`, then set the clock there.

        Returns False when the run was halted or `most` events were done before.

        Raises:
            TraceEnded: A measured series is at its end; the run stays at that instant.
        """
        until_s = float(until_s)
        try:
            whole = self.env.run_through(until_s, most=most)
        except TraceEnded:
            self._done_s = self.env.time_s
            raise
        if not whole:
            self._done_s = self.env.time_s
            return False
        if until_s < inf:
            self.env.move_to(until_s)
            self._done_s = max(self._done_s, until_s)
        return True

    def run_before(self, time_s: float) -> bool:
        """Do all events due before `time_s`; those due at it are still to come."""
        return self.run_until(nextafter(time_s, -inf))

    def step(self) -> bool:
        """Do all events of the next instant; return False when there is none.

        Raises:
            TraceEnded: A measured series is at its end.
        """
        if self.env.ended is not None:
            raise self.env.ended
        due_s = self.env.next_due_s()
        if due_s == inf:
            return False
        self.run_until(due_s)
        return True

    # ---- commands

    def apply(self, command: Command, *, at_s: float | None = None) -> Stamped:
        """Carry out a command now, or at a later time before which all events are done first.

        Raises:
            CommandRefused: it cannot be carried out; nothing has changed and nothing is logged.
        """
        time_s = self.env.time_s if at_s is None else max(float(at_s), self.env.time_s)
        if time_s <= self._done_s:
            time_s = nextafter(self._done_s, inf)
        with suppress(TraceEnded):  # what has ended can still be looked at, and told things
            self.run_before(time_s)
        before_s = self.env.time_s
        self.env.move_to(time_s)
        try:
            command = self._checked(command)
            self.plant.apply(command)
        except CommandRefused:
            self.env.time_s = before_s
            raise
        stamped = Stamped(time_s, command)
        self.log.append(stamped)
        return stamped

    def _checked(self, command: Command) -> Command:
        if command.verb != "write":
            return command
        value = command.args.get("value")
        if value is None:
            raise CommandRefused(phrase("refused.no_value", point=command.target))
        try:
            value = self.signals[command.target].check(value)
        except SignalError as error:
            raise CommandRefused(*error.args) from None
        return Command(command.verb, command.target, {**command.args, "value": value}, command.by)

    # ---- those who watch

    def watch(self) -> None:
        """Keep the signals up to date from now on; call `publish` after each advance."""
        self._observe(self._note)
        for asset in self._assets():
            self._dirty[asset] = None

    def _note(self, asset: Any) -> None:
        self._dirty[asset] = None
        if asset.prompt:
            self.prompt = True

    def _assets(self) -> Iterable[Any]:
        return getattr(self.plant, "assets", {}).values()

    def look_again(self) -> None:
        """Let the next `publish` look at the assets whose signals change without events."""
        for asset in self._assets():
            if asset.restless:
                self._dirty[asset] = None

    def publish(self) -> list[Any]:
        """Write the signals of what changed since the last call, and return the assets."""
        dirty, self._dirty = self._dirty, {}
        self.prompt = False
        time_s = self.env.time_s
        write = self.signals.write
        for asset in dirty:
            quality = self.plant.quality(asset.id)
            since = asset.times()
            for name, value in asset.read().items():
                at_s = since.get(name, time_s)
                write(f"{asset.path}/{name}", Reading(value, at_s, quality))
        for path, value in self.plant.read().items():
            write(path, Reading(value, time_s))
        return list(dirty)

    def digest(self) -> Digest:
        """Take a fingerprint of everything that happens from now on.

        A run that is restored from a snapshot with a fingerprint goes on with that.
        """
        if self._digest is None:
            self._digest = Digest()
            self._observe(self._digest.note)
        return self._digest

    def _observe(self, observer: Callable[[Any], None]) -> None:
        if observer not in self._observers:
            self._observers.append(observer)
        if len(self._observers) == 1:
            self.env.observer = self._observers[0]
        else:
            observers = tuple(self._observers)

            def tell(asset: Any) -> None:
                for one in observers:
                    one(asset)

            self.env.observer = tell

    # ---- records, snapshots, replay

    def record(self) -> RunRecord:
        """Return the record of the run so far; the present instant is brought to its end first."""
        self.run_until(self.env.time_s)
        digest = self._digest.hex() if self._digest else None
        return RunRecord(self.header, list(self.log), self.env.time_s, digest)

    def snapshot(self) -> dict[str, Any]:
        """Return the full state of the run as plain data.

        Raises:
            SnapshotError: SimPy processes take part; such a run can be replayed, not saved.
        """
        try:
            state = self.plant.snapshot()
        except ValueError as error:
            raise SnapshotError(
                f"this run cannot be saved, only replayed: a SimPy process takes part ({error})"
            ) from None
        return {
            "schema": SCHEMA,
            "header": self.header.as_dict(),
            "log": [stamped.as_dict() for stamped in self.log],
            "done_s": self._done_s,
            "digest": self._digest.save() if self._digest else None,
            "plant": state,
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Go back, or forward, to a snapshot of this line.

        Raises:
            SnapshotError: it is of another line or made by other versions.
        """
        if data.get("schema") != SCHEMA:
            raise SnapshotError(f"this is no snapshot of schema {SCHEMA}")
        mine, its = self.header, data["header"]
        if its["line"] != mine.line:
            raise SnapshotError("the snapshot is of another line file")
        if its["versions"] != mine.versions:
            raise SnapshotError(
                f"the snapshot was made by {its['versions']}, this is {mine.versions}"
            )
        if (its["seed"], its["replication"]) != (mine.seed, mine.replication):
            raise SnapshotError(
                f"the snapshot has seed {its['seed']} and replication {its['replication']}, "
                f"this run {mine.seed} and {mine.replication}"
            )
        self.plant.restore(data["plant"])
        self.log = [Stamped.from_dict(entry) for entry in data["log"]]
        self._done_s = data["done_s"]
        if data["digest"] is not None:
            self.digest().load(data["digest"])
        elif self._digest is not None:
            self._digest.clear()
        for asset in self._assets():
            self._dirty[asset] = None

    def fork(self, plant: Plant) -> "Runner":
        """Return a run that goes on from here, on a plant built from the same line file."""
        fork = Runner(plant, self.header)
        fork.restore(self.snapshot())
        return fork

    def replay(self, record: RunRecord) -> None:
        """Carry out a record's commands at their times, up to its end."""
        for stamped in record.log:
            self.apply(stamped.command, at_s=stamped.time_s)
        with suppress(TraceEnded):
            self.run_until(record.end_s)
