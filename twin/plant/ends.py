"""Where parts come from and where they go: sources and sinks."""

from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar

from twin.kernel.errors import PilotlineError
from twin.kernel.streams import uniform
from twin.spec.assets import Sink as SinkSpec
from twin.spec.assets import Source as SourceSpec

from .asset import Asset
from .part import Part
from .samplers import Duration
from .states import BLOCKED, BUSY, AssetState

if TYPE_CHECKING:
    from .line import Line

MOST_AT_ONCE = 1_000_000
"""More parts than any place takes at one instant: a source that gives more would never stop."""


class Source(Asset):
    """Makes parts: at intervals, for work orders, or whenever the line takes one."""

    STATE: ClassVar[tuple[str, ...]] = (
        "waiting",
        "made",
        "part",
        "left",
        "queue",
        "orders",
        "lost",
    )

    def __init__(self, line: "Line", spec: SourceSpec) -> None:
        super().__init__(line, spec)
        self.shares = {spec.part: 1.0} if isinstance(spec.part, str) else dict(spec.part)
        self.kinds = list(self.shares)
        self.mix = None
        if len(self.kinds) > 1:
            self.mix = line.streams.make(f"{self.id}/mix", uniform)
        self.interval = None
        if spec.interarrival_s is not None:
            self.interval = Duration(spec.interarrival_s, f"{self.id}/interarrival", line.streams)
        self.first_s = spec.first_s
        self.batch = spec.batch
        self.left = float("inf") if spec.limit is None else spec.limit
        self.lose = spec.when_full == "lose"
        self.by_order = spec.orders
        self.orders: list[list[Any]] = []
        """[release time, priority, order id, part type, due time, how many] still to release."""
        self.part: Part | None = None
        """The part that waits to go."""
        self.queue: list[Part] = []
        """Further parts of the same arrival or order."""
        self.lost = 0
        self.timer = self.env.timer(f"{self.id}/next", self._arrive)

    @property
    def endless(self) -> bool:
        """Whether it has a part whenever the line takes one."""
        return self.interval is None and not self.by_order

    def start(self) -> None:
        if self.by_order:
            self.orders = sorted(
                [o.release_s, o.priority, o.id, o.part, o.due_s, o.quantity]
                for o in self.line.spec.orders
            )
            self._plan_orders()
        elif self.interval is None:
            self.timer.arm(self.first_s or 0.0)
        else:
            self.timer.arm(self.interval.draw() if self.first_s is None else self.first_s)

    def _plan_orders(self) -> None:
        if self.orders and not self.timer.pending:
            self.timer.arm_at(self.orders[0][0])

    def _kind(self) -> str:
        if self.mix is None:
            return self.kinds[0]
        luck = self.mix.draw()
        for kind, share in self.shares.items():
            luck -= share
            if luck < 0:
                return kind
        return self.kinds[-1]

    def _arrive(self) -> None:
        if self.by_order:
            self._release_orders()
        else:
            number = int(min(self.batch, self.left))
            for _ in range(number):
                part = self._new()
                if self.interval is not None:
                    self.line.enter(part)
                self.queue.append(part)
            self.left -= number
        if self.part is None:
            self.retry()

    def _release_orders(self) -> None:
        now = self.env.time_s
        while self.orders and self.orders[0][0] <= now:
            _, priority, order, kind, due_s, quantity = self.orders.pop(0)
            for _ in range(quantity):
                part = self.line.part(kind, now)
                part.order, part.due_s, part.priority = order, due_s, priority
                self.queue.append(part)
        self.queue.sort(key=lambda part: part.priority)
        self._plan_orders()

    def retry(self) -> None:
        for _ in range(MOST_AT_ONCE):
            part = self.part
            if part is None:
                if not self.queue:
                    if not self._refill():
                        break
                    continue
                part = self.part = self.queue.pop(0)
            if self.interval is None:
                part.born_s = self.env.time_s
            if self.send(part, self):
                self.made += 1
                if self.interval is None:
                    self.line.enter(part)
            elif self.lose and self.interval is not None:
                self._forget(part)
            else:
                self.changed()
                return
            self.part = None
        else:
            raise PilotlineError(
                f"{self.id} has given {MOST_AT_ONCE} parts at {self.env.time_s:g} s and never "
                "stops giving: give it interarrival_s, or the place behind it a capacity"
            )
        self.changed()

    def hand(self, waiting: deque[Any]) -> Part:
        """Give the part that waits to the only taker, which asks; wait again with the next one."""
        part = self.part
        assert part is not None
        part.born_s = self.env.time_s
        self.made += 1
        self.line.enter(part)
        self.part = None
        if self.queue or self._refill():
            self.part = self.queue.pop(0)
            waiting.append(self)
        self.changed()
        return part

    def _refill(self) -> bool:
        """Get the next part of an endless supply, or set the time of the next arrival."""
        if self.left <= 0 or self.by_order:
            return False
        if self.interval is not None:
            if not self.timer.pending:
                self.timer.arm(self.interval.draw())
            return False
        self.queue.append(self._new())
        self.left -= 1
        return True

    def _new(self) -> Part:
        return self.line.part(self._kind(), self.env.time_s)

    def _forget(self, part: Part) -> None:
        for taker in self.takers:
            taker.forget(self)
        self.line.turn_away(part)
        self.lost += 1

    @property
    def offered(self) -> Part | None:
        return self.part

    def available(self, kind: str) -> int:
        if self.part is None or self.part.type != kind:
            return 0
        endless = self.interval is None and not self.by_order and self.mix is None
        return int(min(self.left + 1, 1_000_000)) if endless else 1

    def content(self) -> int:
        return (self.part is not None) + len(self.queue)

    @property
    def state(self) -> AssetState:
        return AssetState(BLOCKED if self.part is not None else BUSY)

    def reset_statistics(self) -> None:
        super().reset_statistics()
        self.lost = 0


class Sink(Asset):
    """Takes every part out of the line."""

    def __init__(self, line: "Line", spec: SinkSpec) -> None:
        super().__init__(line, spec)
        self.scrap = spec.scrap

    def offer(self, part: Part, giver: Any) -> bool:
        self.made += 1
        if self.scrap:
            self.line.scrap(part)
        else:
            self.line.deliver(part)
        observer = self.env.observer
        if observer is not None:
            observer(self)
        return True

    @property
    def state(self) -> AssetState:
        return AssetState(BUSY)

    def places(self) -> float:
        return float("inf")
