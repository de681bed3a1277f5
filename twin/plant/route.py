"""Ways on: the rules by which a giver's part finds its taker.

A route's `send(part, giver)` follows the rule of the hand-over in `asset`: True, the part is taken;
False, the giver waits at every taker that could have it.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from twin.kernel.streams import Stream

from .part import Part
from .plain import Stateful
from .states import DOWN


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

    def _order(self) -> list[int]:
        places = list(range(len(self.takers)))
        if self.rule == "cyclic":
            places = places[self.turn :] + places[: self.turn]
        elif self.rule == "shortest":
            places.sort(key=lambda place: self.takers[place].content())
        return sorted(places, key=lambda place: self.takers[place].state == DOWN)

    def send(self, part: Part, giver: Any) -> bool:
        """Offer the part to one after the other."""
        for place in self._order():
            taker = self.takers[place]
            if taker.offer(part, giver):
                for other in self.takers:
                    _forget(other.waiting, giver)
                self.turn = (place + 1) % len(self.takers)
                return True
            if taker.waiting.count(giver) > 1:
                taker.waiting.pop()
        return False


def _forget(waiting: Any, giver: Any) -> None:
    while giver in waiting:
        waiting.remove(giver)


class Gate(Stateful):
    """The way into a loop with a fixed number of cards: no card, no entry (CONWIP)."""

    STATE: ClassVar[tuple[str, ...]] = ("waiting",)

    def __init__(self, cards: "Cards", taker: Any, giver: str) -> None:
        self.cards = cards
        self.taker = taker
        self.waiting: list[Any] = []
        self.address = f"{cards.address}/gate/{giver}/{taker.address}"

    @property
    def state(self) -> Any:
        """The state of the asset behind the gate."""
        return self.taker.state

    def content(self) -> int:
        """Return how many parts are behind the gate."""
        return int(self.taker.content())

    def offer(self, part: Part, giver: Any) -> bool:
        """Let the part in if there is a card and room."""
        cards = self.cards
        if part.card is not None:
            return bool(self.taker.offer(part, giver))
        if not cards.free:
            self.waiting.append(giver)
            return False
        if not self.taker.offer(part, giver):
            return False
        cards.free -= 1
        part.card = cards.address
        return True


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


class Exit:
    """The way out of a loop with cards: the part leaves its card behind."""

    def __init__(self, cards: Cards, taker: Any) -> None:
        self.cards = cards
        self.taker = taker
        self.address = taker.address

    @property
    def waiting(self) -> Any:
        """Who waits behind the exit."""
        return self.taker.waiting

    @property
    def state(self) -> Any:
        """The state of the asset behind the exit."""
        return self.taker.state

    def content(self) -> int:
        """Return how many parts are behind the exit."""
        return int(self.taker.content())

    def offer(self, part: Part, giver: Any) -> bool:
        """Let the part out if there is room."""
        if not self.taker.offer(part, giver):
            return False
        if part.card is not None:
            self.cards.give_back()
            part.card = None
        return True


class Lap(Stateful):
    """The way from the last asset of a closed loop to its first: each part that takes it is made."""

    def __init__(self, line: Any, taker: Any) -> None:
        self.line = line
        self.taker = taker
        self.address = f"lap/{taker.address}"

    @property
    def waiting(self) -> Any:
        """Who waits at the first asset."""
        return self.taker.waiting

    def offer(self, part: Part, giver: Any) -> bool:
        """Pass the part on and count it."""
        if not self.taker.offer(part, giver):
            return False
        self.line.lap(part)
        return True
