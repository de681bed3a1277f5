"""A line: its assets, what counts over all of them, and how it is built from a line file."""

import sys
from array import array
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from twin.kernel.alarm import AlarmLog
from twin.kernel.command import Command
from twin.kernel.environment import Environment
from twin.kernel.errors import CommandRefused, TraceEnded
from twin.kernel.signal import Quality, Signal, Value
from twin.kernel.streams import Streams
from twin.spec import assets as kinds
from twin.spec.line import LineSpec
from twin.spec.messages import phrase
from twin.spec.motion import Workcell as WorkcellSpec
from twin.spec.place import AssetBase
from twin.wire.model import Body

from .asset import Asset
from .buffer import Buffer
from .connect import connect
from .conveyor import Conveyor
from .ends import Sink, Source
from .gather import Assembly, BatchStation, Disassembly
from .hours import Hours
from .machine import Machine
from .motion.workcell import Workcell
from .operator import Call, OperatorPool
from .part import Part
from .plain import Stateful
from .result import RunResult
from .route import Cards
from .station import Inspection, Station
from .storage import Storage
from .vehicle import Fleet

MAKERS: dict[type[AssetBase], type[Asset]] = {
    kinds.Source: Source,
    kinds.Sink: Sink,
    kinds.Station: Station,
    kinds.Inspection: Inspection,
    kinds.Assembly: Assembly,
    kinds.Disassembly: Disassembly,
    kinds.Buffer: Buffer,
    kinds.Conveyor: Conveyor,
    kinds.Storage: Storage,
    kinds.Vehicle: Fleet,
    kinds.Operator: OperatorPool,
    WorkcellSpec: Workcell,
}
"""Which class makes which kind of asset: a new kind is one line here, one in `twin.spec.assets`."""

FRAMES_PER_ASSET = 12
"""Python frames that one asset adds when a whole blocked line moves up at once."""


class Line(Stateful):
    """The plant of one run."""

    STATE: ClassVar[tuple[str, ...]] = (
        "parts", "created", "made", "scrapped", "escaped", "lost", "late", "wip", "wip_area",
        "counted_since_s", "lead_s", "departures_s", "laps", "marks",
        "made_of", "scrapped_of",
    )  # fmt: skip

    def __init__(self, spec: LineSpec, *, seed: int = 0, replication: int = 0) -> None:
        self.spec = spec
        self.seed = seed
        self.replication = replication
        self.env = Environment()
        self.streams = Streams(seed, replication)
        self.streams.run_out = self._run_out
        self.alarms = AlarmLog()
        self.parts = 0
        self.created = self.made = self.scrapped = self.escaped = self.lost = self.late = 0
        self.wip = 0
        self.wip_area = 0.0
        """Times at which parts left, less those at which they came, s."""
        self.counted_since_s = 0.0
        self.lead_s = array("d")
        self.departures_s = array("d")
        self.laps = 0
        self.made_of: dict[str, int] = {}
        """Made parts by type."""
        self.scrapped_of: dict[str, int] = {}
        self.marks: dict[str, str] = {}
        """Quality of the data of assets that follow real ones, where it is not good."""
        self.stop_after: int | None = None
        """End the run after so many good parts."""
        self.priorities = {kind.id: kind.priority for kind in spec.parts}
        self.assets: dict[str, Asset] = {}
        self.cards: dict[str, Cards] = {}
        for entry in sorted(spec.assets, key=lambda asset: asset.kind != "operator"):
            self.assets[entry.id] = self._make(entry)
        self.assets = {entry.id: self.assets[entry.id] for entry in spec.assets}
        self.routes: list[Stateful] = []
        pallets = connect(self)
        deep = FRAMES_PER_ASSET * len(self.assets) + 500
        if sys.getrecursionlimit() < deep:
            sys.setrecursionlimit(deep)
        # Buffers last: what they begin with may move on at once, to assets that are ready for it.
        for asset in sorted(self.assets.values(), key=lambda asset: isinstance(asset, Buffer)):
            asset.start()
        pallets()
        for asset in self.assets.values():
            asset.reset_statistics()

    def _make(self, spec: Any) -> Asset:
        if isinstance(spec, kinds.Station) and spec.batch is not None:
            return BatchStation(self, spec)
        return MAKERS[type(spec)](self, spec)

    def _run_out(self, name: str) -> None:
        """End the run, because a measured series has no further value."""
        self.env.end(TraceEnded(name))
        asset = name.partition("/")[0]
        self.alarms.raise_(
            asset, "trace", message="alarm.trace", severity=800, time_s=self.env.time_s
        )

    # ---- what assets ask for while they are made

    def call(self, spec: kinds.OperatorCall | None) -> Call | None:
        """Return the way to call the people that a line file names."""
        if spec is None:
            return None
        pool = self.assets[spec.pool]
        assert isinstance(pool, OperatorPool)
        return pool.call(spec)

    def hours(self, names: tuple[str, ...], address: str, switch: Any) -> Hours | None:
        """Return the hours of an asset; none named means always."""
        if not names:
            return None
        calendar = self.spec.calendar
        assert calendar is not None
        shifts = [shift for shift in calendar.shifts if shift.id in names]
        return Hours(self.env, calendar, shifts, address, switch)

    # ---- parts come and go

    def part(self, kind: str, born_s: float) -> Part:
        """Make a part that is not in the line yet."""
        self.parts += 1
        return Part(self.parts, kind, born_s, self.priorities.get(kind, 0))

    def enter(self, part: Part) -> None:
        """Count a part into the line."""
        self.created += 1
        self._count_wip(1)

    def _count_wip(self, change: int) -> None:
        self.wip += change
        self.wip_area -= change * self.env.time_s

    def _leave(self, part: Part) -> None:
        self._count_wip(-1)
        if part.cards:
            self.give_back(part.cards)
            part.cards = ()

    def give_back(self, cards: tuple[str, ...]) -> None:
        """Take the cards of loops back from parts that need them no more."""
        for address in cards:
            self.cards[address].give_back()

    def deliver(self, part: Part) -> None:
        """Count a part that leaves as made."""
        self._leave(part)
        self._made(part)

    def _made(self, part: Part) -> None:
        now = self.env.time_s
        self.made += 1
        self.made_of[part.type] = self.made_of.get(part.type, 0) + 1
        self.lead_s.append(now - part.born_s)
        self.departures_s.append(now)
        self.escaped += not part.good
        if part.due_s is not None and now > part.due_s:
            self.late += 1
        if self.stop_after is not None and self.made >= self.stop_after:
            self.env.halt()

    def scrap(self, part: Part) -> None:
        """Count a part that leaves as scrap."""
        self._leave(part)
        self.scrapped += 1
        self.scrapped_of[part.type] = self.scrapped_of.get(part.type, 0) + 1

    def turn_away(self, part: Part) -> None:
        """Count an arrival that found no room."""
        self._count_wip(-1)
        self.created -= 1
        self.lost += 1

    def lap(self, part: Part) -> None:
        """Count a pallet that has gone round."""
        self.laps += 1
        self._made(part)
        part.born_s = self.env.time_s
        part.good, part.verdict = True, None

    def joined(self, number: int) -> None:
        """Count so many parts that have become one."""
        self._count_wip(1 - number)

    def split(self, number: int) -> None:
        """Count one part that has become so many."""
        self._count_wip(number - 1)

    # ---- from outside

    def apply(self, command: Command) -> None:
        """Carry out a command at this instant, or refuse it."""
        verb, target = command.verb, command.target
        if verb in ("acknowledge", "confirm"):
            alarm = str(command.args.get("alarm") or target)
            (self.alarms.acknowledge if verb == "acknowledge" else self.alarms.confirm)(alarm)
            return
        if target == "" and verb in ("stop", "start"):
            self._every_machine(command)
            return
        if verb in ("write", "force", "release"):
            target = target.rsplit("/", 1)[0].rsplit("/", 1)[-1]
        asset = self.assets.get(target)
        if asset is None and "/" in target:  # a body of a workcell
            owner = self.assets.get(target.partition("/")[0])
            asset = owner if isinstance(owner, Workcell) else None
        if asset is None:
            raise CommandRefused(phrase("refused.no_asset", asset=target, line=self.spec.id))
        if verb != "mark":
            asset.apply(command)
        if verb in ("mark", "follow"):
            self._mark(asset, str(command.args.get("quality") or Quality.GOOD))

    def _every_machine(self, command: Command) -> None:
        """Stop, or start, all machines that are not so already."""
        stopped = command.verb == "start"
        machines = [a for a in self.assets.values() if isinstance(a, Machine)]
        wanted = [machine for machine in machines if ("hand" in machine.stops) == stopped]
        if not wanted:
            key = "refused.none_stopped" if stopped else "refused.all_stopped"
            raise CommandRefused(phrase(key, line=self.spec.id))
        for machine in wanted:
            machine.apply(command)

    def _mark(self, asset: Asset, quality: str) -> None:
        if quality not in list(Quality):
            said = phrase("refused.no_quality", found=quality, known=", ".join(Quality))
            raise CommandRefused(said)
        self.marks.pop(asset.id, None)
        if quality != Quality.GOOD:
            self.marks[asset.id] = quality
        asset.changed()

    def quality(self, asset_id: str) -> Quality:
        """Return how far the data of an asset can be trusted."""
        return Quality(self.marks.get(asset_id, Quality.GOOD))

    def signals(self) -> Iterator[Signal]:
        """Yield every signal of the line."""
        yield Signal("line/made", int, about="signal.line_made")
        yield Signal("line/wip", int, about="signal.line_wip")
        yield Signal("line/throughput_per_h", float, unit="1/h", about="signal.line_throughput")
        for asset in self.assets.values():
            yield from asset.signals()

    def read(self) -> dict[str, Value]:
        """Return the line's own values, by path."""
        hours = (self.env.time_s - self.counted_since_s) / 3600.0
        rate = self.made / hours if hours > 0 else 0.0
        return {
            "line/made": self.made,
            "line/wip": self.wip,
            "line/throughput_per_h": round(rate, 2),
        }

    def bodies(self) -> dict[str, Body]:
        """Return everything that can be seen."""
        return {key: body for asset in self.assets.values() for key, body in asset.bodies()}

    # ---- statistics

    def reset_statistics(self) -> None:
        """Forget what was counted so far: the warm-up is over."""
        self.created = self.made = self.scrapped = self.escaped = self.lost = self.late = 0
        self.wip_area = -self.wip * self.env.time_s
        self.counted_since_s = self.env.time_s
        self.made_of, self.scrapped_of = {}, {}
        self.lead_s = array("d")
        for asset in self.assets.values():
            asset.reset_statistics()

    def result(self, *, wall_s: float = 0.0, ended: str | None = None) -> RunResult:
        """Return what was counted since the warm-up."""
        now = self.env.time_s
        seconds = now - self.counted_since_s
        results = {key: asset.result(seconds) for key, asset in self.assets.items()}
        return RunResult(
            line=self.spec.id,
            seed=self.seed,
            replication=self.replication,
            simulated_s=now,
            warmup_s=self.counted_since_s,
            events=self.env.events,
            wall_s=wall_s,
            created=self.created,
            made=self.made,
            scrapped=self.scrapped,
            escaped=self.escaped,
            throughput_per_h=self.made / seconds * 3600.0 if seconds > 0 else 0.0,
            wip=(self.wip_area + self.wip * now) / seconds if seconds > 0 else float(self.wip),
            lead_time_s=np.frombuffer(self.lead_s, dtype=np.float64).copy(),
            departures_s=np.frombuffer(self.departures_s, dtype=np.float64).copy(),
            assets=results,
            energy_j=sum(result.energy_j for result in results.values()),
            lost=self.lost,
            late=self.late,
            ended=ended,
            part_operations=sum(
                result.made for key, result in results.items()
                if isinstance(self.assets[key], Machine)
            ),
        )  # fmt: skip

    # ---- snapshots

    def _everything(self) -> Iterator[Stateful]:
        yield self
        for asset in self.assets.values():
            yield from asset.parts_of_state()
        yield from self.routes
        yield from self.cards.values()

    def snapshot(self) -> dict[str, Any]:
        """Return the full state as plain data."""
        env = self.env
        return {
            "time_s": env.time_s,
            "order": env.next_order(),
            "events": env.events,
            "ended": env.ended and list(env.ended.args),
            "pending": env.pending(),
            "streams": self.streams.positions(),
            "hours": [asset.hours.on for asset in self._with_hours()],
            "alarms": self.alarms.snapshot(),
            "state": [entry.save() for entry in self._everything()],
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Put back what `snapshot` gave, of a line with the same line file."""
        known: dict[str, Any] = {}
        for asset in self.assets.values():
            known.update(asset.known())
        for route in self.routes:
            if hasattr(route, "address"):
                known[route.address] = route
        for entry, saved in zip(self._everything(), data["state"], strict=True):
            entry.load_state(saved, known)
        for asset, on in zip(self._with_hours(), data["hours"], strict=True):
            asset.hours.on = on
        self.streams.restore(data["streams"])
        self.alarms.restore(data["alarms"])
        pending = [(a, d, o) for a, d, o in data["pending"]]
        self.env.restore(data["time_s"], data["order"], pending, data["events"])
        self.env.ended = TraceEnded(*data["ended"]) if data["ended"] else None
        for asset in self.assets.values():
            asset.restored()

    def _with_hours(self) -> Iterator[Any]:
        for asset in self.assets.values():
            if getattr(asset, "hours", None) is not None:
                yield asset


def build(spec: LineSpec, seed: int = 0, replication: int = 0) -> Line:
    """Build a line, ready to run from time 0."""
    return Line(spec, seed=seed, replication=replication)
