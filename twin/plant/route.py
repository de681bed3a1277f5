"""Ways on: the rules by which a giver's part finds its taker.

A route's `send(part, giver)` follows the rule of the hand-over in `asset`: True, the part is taken;
False, the giver waits at every taker that could have it.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from twin.kernel.streams import Stream

from .part import Part
from .plain import Stateful


class Sorted(Stateful):
    """Each part has one taker, by what it is: verdict or type."""

    def __init__(self, takers: dict[str, Any], key: Callable[[Part], str], who: str) -> None:
        self.takers = takers
        self.key = key
        self.who = who

    def send(self, part: Part, giver: Any) -> bool:
        """Offer the part to its taker."""
        return bool(self.takers[self.key(part)].offer(part, giver))


def by_quality(part: Part) -> str:
    """Return the way of a part by the last verdict, or by what it is where nobody judged."""
    judged = part.good if part.verdict is None else part.verdict
    return "pass" if judged else "fail"


def by_type(part: Part) -> str:
    """Return the way of a part by its type."""
    return part.type


class ByExit(Stateful):
    """Each exit of a workcell has its own taker."""

    def __init__(self, takers: dict[str, Any]) -> None:
        self.takers = takers

    def send(self, part: Part, giver: Any) -> bool:
        """Offer the part to the taker of the exit that gives it."""
        return bool(self.takers[giver.id].offer(part, giver))


class Shared(Stateful):
    """Each part has one taker, drawn once with given shares."""

    STATE: ClassVar[tuple[str, ...]] = ("drawn",)

    def __init__(self, takers: list[Any], shares: list[float], stream: Stream) -> None:
        self.takers = takers
        self.shares = shares
        self.stream = stream
        self.drawn: dict[int, int] = {}
        """Place of the taker drawn for each part that could not go yet."""

    def send(self, part: Part, giver: Any) -> bool:
        """Offer the part to the taker drawn for it."""
        place = self.drawn.pop(part.id, None)
        if place is None:
            place = self._draw()
        if self.takers[place].offer(part, giver):
            return True
        self.drawn[part.id] = place
        return False

    def _draw(self) -> int:
        luck = self.stream.draw()
        for place, share in enumerate(self.shares):
            luck -= share
            if luck < 0:
                return place
        return max(range(len(self.shares)), key=self.shares.__getitem__)


class Chosen(Stateful):
    """Any taker will do; a rule says which is tried first.

    `priority` the first listed, `cyclic` the next in turn, `shortest` the least full. Takers that
    are broken come last.
    """

    STATE: ClassVar[tuple[str, ...]] = ("turn",)

    def __init__(self, takers: list[Any], rule: str) -> None:
        self.takers = takers
        self.rule = rule
        self.turn = 0
        self.machines = [_behind(taker) for taker in takers]

    def _order(self) -> list[int]:
        places = list(range(len(self.takers)))
        if self.rule == "cyclic":
            places = places[self.turn :] + places[: self.turn]
        elif self.rule == "shortest":
            places.sort(key=lambda place: self.takers[place].content())
        if any(machine is not None and machine.faults for machine in self.machines):
            places.sort(key=self._is_broken)
        return places

    def _is_broken(self, place: int) -> bool:
        machine = self.machines[place]
        return machine is not None and machine.faults > 0

    def send(self, part: Part, giver: Any) -> bool:
        """Offer the part to one after the other."""
        for place in self._order():
            taker = self.takers[place]
            if taker.offer(part, giver):
                for other in self.takers:
                    other.forget(giver)
                self.turn = (place + 1) % len(self.takers)
                return True
            taker.once(giver)
        return False


def _behind(taker: Any) -> Any:
    """Return the machine that a way leads to, None where it is none."""
    while not hasattr(taker, "faults"):
        taker = getattr(taker, "taker", None)
        if taker is None:
            return None
    return taker


class Gate(Stateful):
    """The way into a loop with a fixed number of cards: no card, no entry (CONWIP)."""

    STATE: ClassVar[tuple[str, ...]] = ("waiting",)

    def __init__(self, cards: "Cards", taker: Any, giver: str) -> None:
        self.cards = cards
        self.taker = taker
        self.waiting: list[Any] = []
        self.address = f"{cards.address}/gate/{giver}/{taker.address}"

    def content(self) -> int:
        """Return how many parts are behind the gate."""
        return int(self.taker.content())

    def offer(self, part: Part, giver: Any) -> bool:
        """Let the part in if there is a card and room."""
        cards = self.cards
        self.forget(giver)
        if not cards.free:
            self.waiting.append(giver)
            return False
        # The card goes along: where a part passes through at once it is given back at once.
        cards.free -= 1
        part.cards = (*part.cards, cards.address)
        if self.taker.offer(part, giver):
            return True
        cards.free += 1
        part.cards = part.cards[:-1]
        return False

    def forget(self, giver: Any) -> None:
        """Call a giver no more, here or behind the gate."""
        if giver in self.waiting:
            self.waiting.remove(giver)
        self.taker.forget(giver)

    def once(self, giver: Any) -> None:
        """A giver waits once anyway: here, or behind the gate."""


class Cards(Stateful):
    """The cards of one loop."""

    STATE: ClassVar[tuple[str, ...]] = ("free",)

    def __init__(self, env: Any, name: str, number: int) -> None:
        self.address = name
        self.free = number
        self.gates: list[Gate] = []
        self.timer = env.timer(f"{name}/card", self._serve)

    def give_back(self) -> None:
        """Take a card back; who waits for it hears at this instant, after what goes on now."""
        self.free += 1
        if not self.timer.pending:
            self.timer.arm(0.0)

    def _serve(self) -> None:
        for gate in self.gates:
            while gate.waiting and self.free:
                giver = gate.waiting.pop(0)
                if giver.retry():
                    gate.waiting.append(giver)


class Way:
    """What stands before a taker and does something to the parts that it takes."""

    def __init__(self, taker: Any, address: str) -> None:
        self.taker = taker
        self.address = address

    def content(self) -> int:
        """Return how many parts are at the taker."""
        return int(self.taker.content())

    def forget(self, giver: Any) -> None:
        """Call a giver no more."""
        self.taker.forget(giver)

    def once(self, giver: Any) -> None:
        """Let a giver that offered again wait once."""
        self.taker.once(giver)


class Exit(Way):
    """The way out of a loop with cards: the part leaves its card behind."""

    def __init__(self, cards: Cards, taker: Any) -> None:
        super().__init__(taker, taker.address)
        self.cards = cards

    def offer(self, part: Part, giver: Any) -> bool:
        """Let the part out if there is room."""
        before = part.cards
        mine = self.cards.address
        part.cards = tuple(card for card in before if card != mine)
        if not self.taker.offer(part, giver):
            part.cards = before
            return False
        if mine in before:
            self.cards.give_back()
        return True


class Lap(Way):
    """The way from the last asset of a closed loop to its first: who takes it counts as made."""

    def __init__(self, line: Any, taker: Any) -> None:
        super().__init__(taker, f"lap/{taker.address}")
        self.line = line

    def offer(self, part: Part, giver: Any) -> bool:
        """Pass the part on and count it."""
        if not self.taker.offer(part, giver):
            return False
        self.line.lap(part)
        return True
