"""Serial lines whose works last whole slots: Bernoulli lines, fixed cycles with failures."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from .chain import Stationary, discrete
from .lines import Counts, level, passed, wip, working


@dataclass(frozen=True)
class Slots:
    """Work on a lattice of slots: chances of its start phase, and of each step between phases.

    Phase 0 is the last slot of the work; a step from phase 0 to None ends it.
    """

    start: dict[int, float]
    step: Callable[[int], list[tuple[float, int | None]]]


def geometric_slots(chance: float) -> Slots:
    """Work that ends in each slot with the same chance: a Bernoulli machine."""
    return Slots({0: 1.0}, lambda _: [(chance, None), (1 - chance, 0)])


def failing_slots(uptime_slots: float, repair: float, most: int = 8) -> Slots:
    """Work of one slot, with repairs of geometric length (chance `repair` in each slot).

    Failures come after exponential working times, so their number in the one slot of work is
    Poisson with mean 1 / `uptime_slots`. When in the slot they strike does not change when the
    part is finished, so the repairs are put first. Phase k: k repairs to go.
    """
    chances = [
        math.exp(-1 / uptime_slots) * uptime_slots**-k / math.factorial(k) for k in range(most + 1)
    ]
    start = {k: c / sum(chances) for k, c in enumerate(chances)}

    def step(phase: int) -> list[tuple[float, int | None]]:
        if phase == 0:
            return [(1.0, None)]
        return [(repair, phase - 1), (1 - repair, phase)]

    return Slots(start, step)


@dataclass(frozen=True)
class SlotState:
    """Counts between stations, and the phase of the work of each; None: no work."""

    counts: Counts
    phase: tuple[int | None, ...]


class SlottedLine:
    """A serial line whose works all last whole slots, in the long run.

    Convention: parts that are finished at the end of a slot move on at that instant, all of them,
    as far as there is room, and the next works begin with the next slot. A machine is blocked
    after service. Parts per slot, for Bernoulli machines (Li and Meerkov, Production Systems
    Engineering, 2009, state theirs with blocking before service) and for two machines with fixed
    cycles and failures (Buzacott 1967; Gershwin, Manufacturing Systems Engineering, 1994,
    whose machine fails at the start of a slot).

    Args:
        works: the work of each station.
        buffers: places between them, one fewer than stations.
    """

    def __init__(self, works: Sequence[Slots], buffers: Sequence[int]) -> None:
        self.works, self.buffers = works, buffers
        counts = (0,) * (len(works) - 1)
        first = next(iter(works[0].start))
        start = SlotState(counts, (first, *(None for _ in counts)))
        self.law: Stationary[SlotState] = discrete(start, self._moves)

    def _moves(self, state: SlotState) -> Iterator[tuple[float, SlotState]]:
        steps = [
            [(1.0, None)] if phase is None else work.step(phase)
            for work, phase in zip(self.works, state.phase, strict=True)
        ]
        for outcome in product(*steps):
            chance = math.prod(c for c, _ in outcome)
            after = [phase for _, phase in outcome]
            done = [i for i, p in enumerate(after) if p is None and state.phase[i] is not None]
            yield from self._begin(chance, passed(state.counts, done), after)

    def _begin(
        self, chance: float, counts: Counts, after: list[int | None]
    ) -> Iterator[tuple[float, SlotState]]:
        busy = working(counts, self.buffers)
        starts: list[list[tuple[float, int | None]]] = [
            [(c, p) for p, c in work.start.items()]
            if busy[i] and after[i] is None
            else [(1.0, after[i])]
            for i, work in enumerate(self.works)
        ]
        for begun in product(*starts):
            yield (
                chance * math.prod(c for c, _ in begun),
                SlotState(counts, tuple(p for _, p in begun)),
            )

    @property
    def per_slot(self) -> float:
        """Parts per slot."""
        last = self.works[-1]

        def ends(state: SlotState) -> float:
            phase = state.phase[-1]
            return 0.0 if phase is None else sum(c for c, p in last.step(phase) if p is None)

        return self.law.mean(ends)

    def level(self, i: int) -> float:
        """Mean number of parts in buffer i."""
        return self.law.mean(lambda s: level(s.counts, self.buffers, i))

    @property
    def wip(self) -> float:
        """Mean number of parts in the line."""
        return self.law.mean(lambda s: wip(s.counts, self.buffers))


def bernoulli_published(first: float, second: float, places: int) -> float:
    """Two Bernoulli machines, blocking before service: p2 (1 - Q(p1, p2, N)), parts per slot.

    Source: Li and Meerkov, Production Systems Engineering (2009), ch. 4. Not the convention of this
    simulator; it checks the slotted chains against a published formula.
    """
    if math.isclose(first, second):
        empty = (1 - first) / (places + 1 - first)
    else:
        ratio = first * (1 - second) / (second * (1 - first))
        empty = (1 - first) * (1 - ratio) / (1 - first / second * ratio**places)
    return second * (1 - empty)
