"""Conveyors at flow fidelity: transit, capacity, and a queue at the end."""

from collections import deque
from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING, Any, ClassVar

from twin.spec.assets import Conveyor as ConveyorSpec
from twin.wire.model import Body, Motion

from .machine import Machine
from .part import Part
from .result import AssetResult
from .server import Server
from .states import BLOCKED, BUSY, STARVED

if TYPE_CHECKING:
    from .line import Line


SAME = 1e-9
"""Shares of the belt's length below which two places are the same."""


class Conveyor(Machine):
    """A belt whose only event is the next arrival at its end, whatever it carries.

    Times of parts are kept in belt time, the time during which the belt ran. An accumulating belt
    runs on below a queue of parts that stand `pitch` apart; one that does not accumulate stops
    with all its parts when the first one cannot leave.
    """

    can_follow = False
    STATE: ClassVar[tuple[str, ...]] = (
        *Machine.STATE, "items", "entries", "last_exit", "halted_s", "halted_since_s", "stuck",
        "area", "since_s", "most",
    )  # fmt: skip

    def __init__(self, line: "Line", spec: ConveyorSpec) -> None:
        super().__init__(line, spec)
        length = spec.length_m
        if length is not None and spec.speed_m_s is not None:
            self.transit_s = length / spec.speed_m_s
            pitch = spec.pitch_m or (length / spec.capacity if spec.capacity else 0.0)
            self.pitch = min(1.0, pitch / length)
            room = int(length / pitch + 1e-9) if pitch else inf
            self.room: float = min(spec.capacity or inf, room)
        else:
            assert spec.transit_s is not None
            self.transit_s = spec.transit_s
            self.pitch = 0.0
            self.room = spec.capacity or inf
        self.gap_s = self.pitch * self.transit_s
        self.accumulating = spec.accumulating
        self.items: deque[Part] = deque()
        self.entries: deque[float] = deque()
        """Belt time at which each part came on."""
        self.last_exit = -inf
        self.halted_s = 0.0
        """How long the belt has stood still in all."""
        self.halted_since_s: float | None = None
        self.stuck = False
        """Whether the first part has come to the end and nobody takes it."""
        self.area = 0.0
        self.since_s = 0.0
        self.most = 0
        self.exit = self.env.timer(f"{self.id}/exit", self._arrived)
        self.entrance = self.env.timer(f"{self.id}/entrance", self.pull)

    def _belt_s(self) -> float:
        now = self.env.time_s if self.halted_since_s is None else self.halted_since_s
        return now - self.halted_s

    def _halt(self) -> None:
        if self.halted_since_s is None:
            self.halted_since_s = self.env.time_s
            self.exit.cancel()
            self.entrance.cancel()

    def _go(self) -> None:
        if self.halted_since_s is not None:
            self.halted_s += self.env.time_s - self.halted_since_s
            self.halted_since_s = None
        self._plan()

    def _plan(self) -> None:
        if self.items and not self.stuck and self.halted_since_s is None:
            ready = max(self.entries[0] + self.transit_s, self.last_exit + self.gap_s)
            self.exit.arm_at(ready + self.halted_s)

    def _entry_wait_s(self) -> float:
        """Return how long until the entrance is free, s."""
        if not self.entries or not self.gap_s:
            return 0.0
        return self.entries[-1] + self.gap_s - self._belt_s()

    def offer(self, part: Part, giver: Any) -> bool:
        if len(self.items) < self.room and self.halted_since_s is None:
            wait_s = self._entry_wait_s()
            if wait_s <= 1e-9:
                self._count()
                self.items.append(part)
                self.entries.append(self._belt_s())
                self.most = max(self.most, len(self.items))
                if len(self.items) == 1:
                    self._plan()
                self._show()
                return True
            if not self.entrance.pending:
                self.entrance.arm(wait_s)
        self.waiting.append(giver)
        return False

    def put(self, part: Part) -> bool:
        if len(self.items) >= self.room:
            return False
        self.entries = deque(entry - self.gap_s for entry in self.entries)
        self.items.append(part)
        self.entries.append(self._belt_s())
        self._plan()
        self._show()
        return True

    def pull(self) -> None:
        while self.waiting and len(self.items) < self.room and self.halted_since_s is None:
            wait_s = self._entry_wait_s()
            if wait_s > 1e-9:
                if not self.entrance.pending:
                    self.entrance.arm(wait_s)
                break
            giver = self.waiting.popleft()
            if giver.retry():
                self.waiting.append(giver)

    def _arrived(self) -> None:
        self.retry()

    def retry(self) -> None:
        part = self.items[0]
        self.stuck = not self.send(part, self)
        if self.stuck:
            if not self.accumulating:
                self._halt()
            self._show()
            return
        self._count()
        self.items.popleft()
        self.entries.popleft()
        self.made += 1
        if not self.stops:
            self._go()
        self.last_exit = self._belt_s()
        self._plan()
        self.pull()
        self._show()

    def _show(self) -> None:
        server = self.servers[0]
        if self.stops:
            state = self.stop_state
        elif self.stuck:
            state = BLOCKED
        else:
            state = BUSY if self.items else STARVED
        server.enter(state)
        if self.wear is not None and state == BUSY:
            self.wear.arm()

    def stop(self, why: str, then: str) -> None:
        self.stops.append(why)
        self._halt()
        if then == "scrap" and self.items:
            self._count()
            for part in self.items:
                self.scrapped += 1
                self.line.scrap(part)
            self.items.clear()
            self.entries.clear()
            if self.stuck:
                self.stuck = False
                for taker in self.takers:
                    taker.forget(self)
        self._show()

    def release(self, why: str) -> None:
        self.stops.remove(why)
        if not self.stops and not (self.stuck and not self.accumulating):
            self._go()
        self._show()
        self.pull()

    def lose(self, server: Server) -> None:
        """A belt has no server with a part in it."""

    @property
    def offered(self) -> Part | None:
        return self.items[0] if self.stuck else None

    def content(self) -> int:
        return len(self.items)

    def places(self) -> float:
        return self.room

    def bodies(self) -> Iterator[tuple[str, Body]]:
        ahead = inf
        for place, (part, entry) in enumerate(zip(self.items, self.entries, strict=True)):
            motion = self._motion(place, entry, ahead)
            ahead = motion.at(self.env.time_s)
            yield f"p{part.id}", Body(part.type, motion, part.verdict)

    def _motion(self, place: int, entry: float, ahead: float) -> Motion:
        """Return how the part at `place` in the row moves, `ahead` being where the one before is.

        The same as long as it goes on in the same way, whenever one looks: what does not change is
        not sent again.
        """
        belt, transit = self._belt_s(), self.transit_s
        at = max(0.0, (belt - entry) / transit)
        limit = ahead - self.pitch
        if place == 0:
            limit = min(1.0, 1.0 - self.pitch + (belt - self.last_exit) / transit)
        free = at <= limit + SAME
        at = min(at, limit)
        if self.halted_since_s is not None:
            return Motion(self.id, 0, at, at, 0.0, 0.0)
        end = 1.0 - place * self.pitch if self.stuck else 1.0
        if free:
            since = entry + self.halted_s
            return Motion(self.id, 0, 0.0, end, since, since + end * transit)
        if self.stuck:
            return Motion(self.id, 0, at, at, 0.0, 0.0)
        # It moves up behind the one that left last.
        since, begin = self.last_exit + self.halted_s, 1.0 - (place + 1) * self.pitch
        return Motion(self.id, 0, begin, 1.0, since, since + (1.0 - begin) * transit)

    def _count(self) -> None:
        now = self.env.time_s
        self.area += len(self.items) * (now - self.since_s)
        self.since_s = now

    def reset_statistics(self) -> None:
        super().reset_statistics()
        self.area = 0.0
        self.since_s = self.env.time_s
        self.most = len(self.items)

    def result(self, seconds: float) -> AssetResult:
        result = super().result(seconds)
        area = self.area + len(self.items) * (self.env.time_s - self.since_s)
        result.level = area / seconds if seconds > 0 else float(len(self.items))
        result.level_max = self.most
        result.availability = result.performance = result.quality = result.oee = None
        return result
