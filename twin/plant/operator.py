"""Pools of people, and the calls for them."""

from bisect import insort
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from twin.spec.assets import Operator as OperatorSpec
from twin.spec.assets import OperatorCall

from .asset import Asset
from .plain import Stateful
from .result import AssetResult
from .states import BUSY, IDLE, STARVED, AssetState

if TYPE_CHECKING:
    from .line import Line


class OperatorPool(Asset):
    """People who are free, at work, or off shift. Who is called first comes by priority."""

    STATE: ClassVar[tuple[str, ...]] = (
        "busy", "queue", "orders", "on_shift", "area_busy", "area_on", "since_s", "made",
    )  # fmt: skip

    def __init__(self, line: "Line", spec: OperatorSpec) -> None:
        super().__init__(line, spec)
        self.count = spec.count
        self.busy = 0
        self.on_shift = True
        self.queue: list[list[Any]] = []
        """[priority, order, how many, who] of each call that waits, first to serve first."""
        self.orders = 0
        self.area_busy = 0.0
        self.area_on = 0.0
        self.since_s = 0.0
        self.hours = line.hours(spec.shifts, f"{self.id}/shift", self._shift)

    def call(self, spec: OperatorCall) -> "Call":
        """Return the way in which one asset calls these people."""
        return Call(self, spec)

    def start(self) -> None:
        if self.hours is not None:
            self.on_shift = self.hours.start()

    def _shift(self, *, on: bool) -> None:
        self._book()
        self.on_shift = on
        self.changed()
        self.dispatch()

    def dispatch(self) -> None:
        """Send free people to those who wait, in order; a large call at the head waits for all."""
        while self.queue and self.on_shift and self.busy + self.queue[0][2] <= self.count:
            _, _, number, who = self.queue.pop(0)
            self.take(number)
            who.granted()

    def take(self, number: int) -> None:
        """Book people as busy."""
        self._book()
        self.busy += number
        self.changed()

    def _book(self) -> None:
        now = self.env.time_s
        self.area_busy += self.busy * (now - self.since_s)
        self.area_on += (max(self.count, self.busy) if self.on_shift else self.busy) * (
            now - self.since_s
        )
        self.since_s = now

    @property
    def state(self) -> AssetState:
        if self.busy:
            return AssetState(BUSY)
        return AssetState(STARVED if self.on_shift else IDLE)

    def content(self) -> int:
        return self.busy

    def reset_statistics(self) -> None:
        super().reset_statistics()
        self._book()
        self.area_busy = self.area_on = 0.0

    def result(self, seconds: float) -> AssetResult:
        self._book()
        result = super().result(seconds)
        if seconds > 0:
            busy = self.area_busy / (self.count * seconds)
            ready = max(0.0, self.area_on / (self.count * seconds) - busy)
            result.fractions |= {"busy": busy, "starved": ready, "idle": max(0.0, 1 - busy - ready)}
        result.servers = self.count
        return result

    def parts_of_state(self) -> Iterator[Stateful]:
        yield self


class Call:
    """How one asset calls people of one pool: how many, how urgently."""

    def __init__(self, pool: OperatorPool, spec: OperatorCall) -> None:
        self.pool = pool
        self.count = spec.count
        self.priority = spec.priority

    def request(self, who: Any) -> None:
        """Ask; `who.granted()` is called when they come, perhaps at once."""
        pool = self.pool
        pool.orders += 1
        insort(pool.queue, [self.priority, pool.orders, self.count, who], key=_rank)
        pool.dispatch()

    def release(self, who: Any) -> None:
        """Let them go."""
        pool = self.pool
        who.holds = False
        pool.take(-self.count)
        pool.made += 1
        pool.dispatch()

    def withdraw(self, who: Any) -> None:
        """Ask no longer."""
        who.wants = False
        self.pool.queue = [entry for entry in self.pool.queue if entry[3] is not who]
        self.pool.dispatch()


def _rank(entry: list[Any]) -> tuple[int, int]:
    return entry[0], entry[1]
