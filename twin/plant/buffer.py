"""Buffers: places to wait between assets."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from twin.spec.assets import Buffer as BufferSpec
from twin.wire.model import Body

from .asset import Asset, body
from .part import Part
from .result import AssetResult
from .states import BLOCKED, STARVED, AssetState

if TYPE_CHECKING:
    from .gather import Assembly
    from .line import Line
    from .machine import Machine


class Buffer(Asset):
    """Keeps parts in the order of the line file; passes them on as soon as somebody takes them."""

    STATE: ClassVar[tuple[str, ...]] = ("waiting", "made", "items", "area", "most")

    def __init__(self, line: "Line", spec: BufferSpec) -> None:
        super().__init__(line, spec)
        self.capacity = float("inf") if spec.capacity == "unlimited" else spec.capacity
        self.order = spec.order
        self.initial = spec.initial
        self.items: deque[Part] = deque()
        self.area = 0.0
        """Times at which parts left, less those at which they came, s: with those here, the content
        integrated over time."""
        self.most = 0
        self.alone = False
        """Whether there is one taker for every part, first in first out."""
        self.branched = False
        """Whether parts may pass each other on their way to different takers."""
        self.taker: Machine | None = None
        """The only taker, where it takes any part that it has room for."""
        self.audience: Assembly | None = None
        """Who wants to hear of each part, though it cannot take it yet."""
        self.simple = False
        """Whether a part that comes just goes to the end of the row: the hot path."""

    def start(self) -> None:
        self.simple = self.order != "priority" and not self.branched and self.audience is None
        for kind, number in self.initial.items():
            for _ in range(number):
                part = self.line.part(kind, self.env.time_s)
                self.line.enter(part)
                self.offer(part, self)

    def offer(self, part: Part, giver: Any) -> bool:
        items = self.items
        level = len(items)
        if not level:
            taker = self.taker
            if taker is not None and not taker.following:
                # The taker's `offer`, written out.
                if taker.free:
                    self.made += 1
                    taker.free.pop().load(part)
                    return True
                taker.waiting.append(self)
            elif self.send(part, self):
                self.made += 1
                return True
        if level >= self.capacity:
            self.waiting.append(giver)
            return False
        env = self.env
        self.area -= env.time_s
        if level >= self.most:
            self.most = level + 1
        if self.simple:
            items.append(part)
        else:
            self._add(part)
        if env.observer is not None:
            env.observer(self)
        return True

    def _add(self, part: Part) -> None:
        if self.order == "priority":
            self._insert(part)
        else:
            self.items.append(part)
        if len(self.items) > 1 and self.branched and part is self.offered:
            self._offer_first()
        if self.audience is not None:
            self.audience.noticed()

    def _offer_first(self) -> None:
        """Let a part that has passed the others find its own taker, not that of those behind it."""
        for taker in self.takers:
            taker.forget(self)
        self._give_all()

    def _insert(self, part: Part) -> None:
        place = len(self.items)
        while place and self.items[place - 1].priority > part.priority:
            place -= 1
        self.items.insert(place, part)

    def hand(self, waiting: deque[Any]) -> Part:
        """Give the next part to the only taker, which asks; wait again if there are more."""
        items, env = self.items, self.env
        part = items.popleft()
        self.area += env.time_s
        self.made += 1
        if items:
            waiting.append(self)
        if self.waiting:
            self._call()
        if env.observer is not None:
            env.observer(self)
        return part

    def _call(self) -> None:
        """Let those who wait send again while there is room."""
        waiting, items = self.waiting, self.items
        while waiting and len(items) < self.capacity:
            giver = waiting.popleft()
            if giver.retry():
                waiting.append(giver)

    def retry(self) -> bool:
        """Give one part to the only taker; return whether there are more for it."""
        if not self.alone:
            self._give_all()
            return False
        items = self.items
        part = items.popleft()
        if not self.send(part, self):
            items.appendleft(part)
            return False
        self.area += self.env.time_s
        self.made += 1
        more = bool(items)
        self._call()
        observer = self.env.observer
        if observer is not None:
            observer(self)
        return more

    def _give_all(self) -> None:
        """Give parts as long as the next one finds its taker."""
        items = self.items
        lifo = self.order == "lifo"
        now = self.env.time_s
        while items:
            part = items.pop() if lifo else items.popleft()
            if not self.send(part, self):
                if lifo:
                    items.append(part)
                else:
                    items.appendleft(part)
                break
            self.area += now
            self.made += 1
        self._call()
        observer = self.env.observer
        if observer is not None:
            observer(self)

    @property
    def offered(self) -> Part | None:
        if not self.items:
            return None
        return self.items[-1] if self.order == "lifo" else self.items[0]

    def available(self, kind: str) -> int:
        number = 0
        for part in reversed(self.items) if self.order == "lifo" else self.items:
            if part.type != kind:
                break
            number += 1
        return number

    def content(self) -> int:
        return len(self.items)

    def places(self) -> float:
        return self.capacity

    def bodies(self) -> Iterator[tuple[str, Body]]:
        for slot, part in enumerate(self.items):
            yield body(part, self.id, slot)

    @property
    def state(self) -> AssetState:
        return AssetState(BLOCKED if len(self.items) >= self.capacity else STARVED)

    def reset_statistics(self) -> None:
        super().reset_statistics()
        self.area = -len(self.items) * self.env.time_s
        self.most = len(self.items)

    def result(self, seconds: float) -> AssetResult:
        result = super().result(seconds)
        area = self.area + len(self.items) * self.env.time_s
        result.level = area / seconds if seconds > 0 else float(len(self.items))
        result.level_max = self.most
        return result
