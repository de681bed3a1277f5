"""Machines that gather several parts before they work: batches and assemblies."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from twin.kernel.streams import uniform
from twin.spec.assets import Assembly as AssemblySpec
from twin.spec.assets import Disassembly as DisassemblySpec
from twin.spec.assets import Station as StationSpec
from twin.wire.model import Body

from .asset import body
from .machine import Machine
from .part import Part
from .server import Server
from .station import Ranked

if TYPE_CHECKING:
    from .line import Line


class BatchStation(Machine):
    """Works on several parts at once: waits for a full batch, or for the longest wait.

    Each of its servers takes a batch; the next one gathers while a server is free.
    """

    STATE: ClassVar[tuple[str, ...]] = (*Machine.STATE, "held")

    def __init__(self, line: "Line", spec: StationSpec) -> None:
        super().__init__(
            line,
            spec,
            capacity=spec.capacity,
            process=spec.process_s,
            operator=spec.operator,
            setups=spec.setups,
        )
        self.only_time = False
        assert spec.batch is not None
        self.size = spec.batch.size
        self.least = spec.batch.min or self.size
        self.wait_s = spec.batch.wait_s
        if self.wait_s is None and self.least < self.size:
            self.wait_s = 0.0
        self.held: list[Part] = []
        """Parts of the batch that is gathered."""
        self.patience = self.env.timer(f"{self.id}/patience", self._waited)
        self.quality = None
        self.defect_rate = spec.defect_rate
        self.cure_rate = spec.cure_rate
        if spec.defect_rate or spec.cure_rate:
            self.quality = line.streams.make(f"{self.id}/quality", uniform)
        if spec.sequence != "fifo":
            self.waiting = Ranked(spec.sequence)

    def offer(self, part: Part, giver: Any) -> bool:
        if not self.free or len(self.held) >= self.size:
            self.waiting.append(giver)
            return False
        self.held.append(part)
        if len(self.held) == 1 and self.wait_s is not None and not self.following:
            self.patience.arm(self.wait_s)
        self._consider()
        self.changed()
        return True

    def _consider(self) -> None:
        """Begin if the batch is full, or as large as it need be after the longest wait."""
        if not self.held or not self.free:
            return
        if self.following:
            if self._begin_real():
                self._go()
        elif len(self.held) == self.size:
            self._go()
        elif self.wait_s is not None and not self.patience.pending:
            self._waited()

    def _waited(self) -> None:
        if self.free and len(self.held) >= self.least:
            self._go()

    def _go(self) -> None:
        self.patience.cancel()
        first, *rest = self.held
        self.held.clear()
        server = self.free.pop()
        server.rest = rest[::-1]
        server.load(first)

    def pull(self) -> None:
        self._consider()
        while self.waiting and self.free and len(self.held) < self.size:
            giver = self.waiting.popleft()
            if giver.retry():
                self.waiting.append(giver)

    def complete(self, server: Server) -> None:
        parts = _inside(server)
        self.made += len(parts)
        for part in parts:
            if self.told is not None:
                part.good, part.verdict = self.told, None
            elif self.quality is not None:
                part.worked(self.id, self.quality.draw(), self.defect_rate, self.cure_rate)

    def lose(self, server: Server) -> None:
        parts = _inside(server)
        server.clear()
        self.free.append(server)
        for part in parts:
            self.scrapped += 1
            self.line.scrap(part)

    def content(self) -> int:
        return len(self.held) + super().content()

    def places(self) -> float:
        return self.size * self.capacity

    def bodies(self) -> Iterator[tuple[str, Body]]:
        inside = [part for server in self.servers for part in _inside(server)]
        for slot, part in enumerate((*inside, *self.held)):
            yield body(part, self.id, slot)

    def _planned_s(self) -> float:
        return super()._planned_s() / self.size


def _inside(server: Server) -> list[Part]:
    return [part for part in (server.part, *reversed(server.rest)) if part is not None]


class Assembly(Machine):
    """Joins parts into one product."""

    STATE: ClassVar[tuple[str, ...]] = (*Machine.STATE, "fixture", "missing", "gathering")

    def __init__(self, line: "Line", spec: AssemblySpec) -> None:
        super().__init__(line, spec, process=spec.process_s, operator=spec.operator)
        self.needs = dict(spec.needs)
        self.only_time = False
        self.makes = spec.makes
        self.together = spec.collect == "together"
        self.missing = dict(self.needs)
        self.fixture: list[Part] = []
        self.look = self.env.timer(f"{self.id}/look", self._look)
        self.gathering = False
        """While `together` takes what it has seen to be complete."""
        self.quality = None
        self.defect_rate = spec.defect_rate
        if spec.defect_rate:
            self.quality = line.streams.make(f"{self.id}/quality", uniform)

    def offer(self, part: Part, giver: Any) -> bool:
        if not self._wants(part):
            self.waiting.append(giver)
            self.noticed()
            return False
        self.missing[part.type] -= 1
        self.fixture.append(part)
        if not any(self.missing.values()):
            self.missing = dict(self.needs)
            self.gathering = False
            if self.following:
                self.begun -= 1
            self.free.pop().load(part)
        self.changed()
        return True

    def _wants(self, part: Part) -> bool:
        if not self.free or not self.missing.get(part.type):
            return False
        if self.together and not self.gathering:
            return False
        return not self.following or self.begun > 0

    def pull(self) -> None:
        for _ in range(len(self.waiting)):
            if not self.free:
                break
            giver = self.waiting.popleft()
            while giver.retry():
                if not self.free:
                    self.waiting.append(giver)
                    break

    def noticed(self) -> None:
        """Look, at this instant but later, whether everything is there to be taken together."""
        if self.together and self.free and not self.gathering and not self.look.pending:
            self.look.arm(0.0)

    def vacated(self, server: Server) -> None:
        super().vacated(server)
        self.noticed()

    def _look(self) -> None:
        for kind, number in self.missing.items():
            if number and sum(giver.available(kind) for giver in self.waiting) < number:
                return
        self.gathering = True
        self.pull()
        self.gathering = False

    def complete(self, server: Server) -> None:
        super().complete(server)
        parts, self.fixture = self.fixture, []
        product = self.line.part(self.makes, min(part.born_s for part in parts))
        product.good = all(part.good for part in parts)
        product.contents = parts
        first = parts[0]
        product.order, product.due_s = first.order, first.due_s
        product.cards = self._cards(parts)
        if self.told is not None:
            product.good = self.told
        elif self.quality is not None and self.quality.draw() < self.defect_rate:
            product.good = False
        self.line.joined(len(parts))
        server.part = product

    def _cards(self, parts: list[Part]) -> tuple[str, ...]:
        """Return the cards that the product goes on with: one of each loop. The rest is free."""
        kept: dict[str, None] = {}
        for part in parts:
            self.line.give_back(tuple(card for card in part.cards if card in kept))
            kept |= dict.fromkeys(part.cards)
            part.cards = ()
        return tuple(kept)

    def lose(self, server: Server) -> None:
        parts, self.fixture = self.fixture, []
        server.clear()
        self.free.append(server)
        for part in parts:
            self.scrapped += 1
            self.line.scrap(part)

    def content(self) -> int:
        return len(self.fixture) + (0 if self.fixture else super().content())

    def places(self) -> float:
        return sum(self.needs.values())

    def bodies(self) -> Iterator[tuple[str, Body]]:
        if self.fixture:
            for slot, part in enumerate(self.fixture):
                yield body(part, self.id, slot)
        else:
            yield from super().bodies()


class Disassembly(Machine):
    """Takes one part apart."""

    def __init__(self, line: "Line", spec: DisassemblySpec) -> None:
        super().__init__(line, spec, process=spec.process_s, operator=spec.operator)
        self.gives = dict(spec.gives)
        self.only_time = False

    def complete(self, server: Server) -> None:
        super().complete(server)
        whole = server.part
        assert whole is not None
        parts: list[Part] = []
        inside = list(whole.contents or ())
        for kind, number in self.gives.items():
            for _ in range(number):
                found = next((part for part in inside if part.type == kind), None)
                if found is not None:
                    inside.remove(found)
                else:
                    found = self.line.part(kind, whole.born_s)
                    found.good = whole.good
                parts.append(found)
        parts[0].cards = whole.cards
        self.line.split(len(parts))
        server.part = parts[0]
        server.rest = parts[:0:-1]
