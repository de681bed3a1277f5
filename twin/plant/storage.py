"""A store with one device that puts parts away and fetches them."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from twin.spec.assets import Storage as StorageSpec
from twin.wire.model import Body

from .asset import body
from .machine import Machine
from .part import Part
from .result import AssetResult
from .samplers import Duration
from .server import DONE, FREE, Server

if TYPE_CHECKING:
    from .line import Line


class Storage(Machine):
    """Parts come in one at a time, wait in the rack, and go out through a port for one part.

    The device fetches as soon as the port is empty, and puts away when there is nothing to fetch.
    """

    can_follow = False
    STATE: ClassVar[tuple[str, ...]] = (
        *Machine.STATE, "items", "port", "fetching", "area", "since_s", "most",
    )  # fmt: skip

    def __init__(self, line: "Line", spec: StorageSpec) -> None:
        super().__init__(line, spec)
        self.only_time = False
        self.room = spec.capacity
        self.order = spec.order
        self.storing = Duration(spec.store_s, f"{self.id}/store", line.streams)
        self.retrieving = Duration(spec.retrieve_s, f"{self.id}/retrieve", line.streams)
        self.items: deque[Part] = deque()
        self.port: Part | None = None
        self.fetching = False
        self.area = 0.0
        self.since_s = 0.0
        self.most = 0

    def offer(self, part: Part, giver: Any) -> bool:
        if self.free and len(self.items) < self.room and not self._can_fetch():
            self.fetching = False
            self.free.pop().load(part)
            return True
        self.waiting.append(giver)
        return False

    def pull(self) -> None:
        if self.free and self._can_fetch():
            self._fetch()
        while self.waiting and self.free and len(self.items) < self.room:
            giver = self.waiting.popleft()
            if giver.retry():
                self.waiting.append(giver)

    def _can_fetch(self) -> bool:
        return bool(self.items) and self.port is None

    def _fetch(self) -> None:
        self.fetching = True
        self._count()
        if self.order == "lifo":
            part = self.items.pop()
        elif self.order == "priority":
            part = min(self.items, key=lambda item: item.priority)
            self.items.remove(part)
        else:
            part = self.items.popleft()
        self.free.pop().load(part)

    def draw_work(self, part: Part | None) -> float:
        return (self.retrieving if self.fetching else self.storing).draw() / self.speed_factor

    def complete(self, server: Server) -> None:
        part, server.part = server.part, None
        assert part is not None
        server.phase = FREE
        if self.fetching:
            self.port = part
            self.made += 1
            self._push()
        else:
            self._count()
            self.items.append(part)
            self.most = max(self.most, len(self.items))
        self.free.append(server)
        self.pull()
        if server.phase == FREE:
            server.resume()

    def _push(self) -> None:
        assert self.port is not None
        if self.send(self.port, self):
            self.port = None

    def retry(self) -> None:
        self._push()
        self.pull()

    def vacated(self, server: Server) -> None:
        assert server.phase != DONE

    @property
    def offered(self) -> Part | None:
        return self.port

    def content(self) -> int:
        return len(self.items) + (self.port is not None) + super().content()

    def places(self) -> float:
        return self.room

    def bodies(self) -> Iterator[tuple[str, Body]]:
        for slot, part in enumerate(self.items):
            yield body(part, self.id, slot)
        if self.servers[0].part is not None:
            yield body(self.servers[0].part, self.id, self.room, 0.0)
        if self.port is not None:
            yield body(self.port, self.id, self.room, 1.0)

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
        return result

    def _planned_s(self) -> float:
        return self.storing.mean_s + self.retrieving.mean_s
