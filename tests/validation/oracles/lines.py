"""Serial lines with finite buffers, exactly: small Markov chains over counts of parts.

The state of a line of m stations is n_1 ... n_(m-1): the parts that station i has finished and
station i+1 has not. It holds them in buffer i, in the server of i+1, and, when nothing else has
room, in the server of station i itself, which is then blocked (blocking after service). The first
station never starves and the last never blocks.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import gammainc

from .chain import Stationary, continuous, discrete

Counts = tuple[int, ...]


@dataclass(frozen=True)
class Machine:
    """A station with Erlang (one phase: exponential) work that may fail and resumes."""

    process_s: float
    phases: int = 1
    uptime_s: float = math.inf
    downtime_s: float = 1.0
    clock: Literal["operating", "calendar"] = "operating"


def blocked(counts: Counts, buffers: Sequence[int]) -> list[bool]:
    """Say for each station whether its finished part has nowhere to go, from the last back."""
    answer = [False] * (len(buffers) + 1)
    for i in range(len(buffers) - 1, -1, -1):
        in_next_server = 0 if answer[i + 1] else 1
        answer[i] = counts[i] >= buffers[i] + in_next_server + 1
    return answer


def working(counts: Counts, buffers: Sequence[int]) -> list[bool]:
    """Say for each station whether it has an unfinished part."""
    stuck = blocked(counts, buffers)
    return [(i == 0 or counts[i - 1] > 0) and not stuck[i] for i in range(len(stuck))]


def passed(counts: Counts, done: Iterable[int]) -> Counts:
    """Return the counts after the stations `done` have each finished a part."""
    after = list(counts)
    for i in done:
        if i < len(after):
            after[i] += 1
        if i > 0:
            after[i - 1] -= 1
    return tuple(after)


def level(counts: Counts, buffers: Sequence[int], i: int) -> int:
    """Return the parts in buffer i itself."""
    in_next_server = 0 if blocked(counts, buffers)[i + 1] else 1
    return max(0, min(buffers[i], counts[i] - in_next_server))


def wip(counts: Counts, buffers: Sequence[int]) -> int:
    """Return all parts in the line, the one under work in the first station among them."""
    return sum(counts) + working(counts, buffers)[0]


@dataclass(frozen=True)
class LineState:
    """Counts between stations, phase of the work and health of each station."""

    counts: Counts
    phase: tuple[int, ...]
    up: tuple[bool, ...]


class TandemLine:
    """A serial line with exponential or Erlang work and exponential failures, in the long run.

    Source: exact solution of the chain, as Hillier and Boling (1967), Operations Research 15, did
    for lines without failures, and Gershwin and Berman (1981), AIIE Transactions 13, for two
    machines with failures. Gershwin and Berman count places: their N is the buffer plus two.

    Args:
        machines: the stations in order.
        buffers: places between them, one fewer than stations.
    """

    def __init__(self, machines: Sequence[Machine], buffers: Sequence[int]) -> None:
        self.machines, self.buffers = machines, buffers
        size = len(machines)
        start = LineState((0,) * (size - 1), (0,) * size, (True,) * size)
        self.law: Stationary[LineState] = continuous(start, self._moves)

    def _moves(self, state: LineState) -> Iterator[tuple[float, LineState]]:
        busy = working(state.counts, self.buffers)
        for i, machine in enumerate(self.machines):
            if state.up[i]:
                if machine.uptime_s < math.inf and (busy[i] or machine.clock == "calendar"):
                    up = _replaced(state.up, i, value=False)
                    yield 1 / machine.uptime_s, LineState(state.counts, state.phase, up)
                if busy[i]:
                    yield machine.phases / machine.process_s, self._step(state, i)
            else:
                up = _replaced(state.up, i, value=True)
                yield 1 / machine.downtime_s, LineState(state.counts, state.phase, up)

    def _step(self, state: LineState, i: int) -> LineState:
        phase = list(state.phase)
        phase[i] = (phase[i] + 1) % self.machines[i].phases
        counts = passed(state.counts, [i]) if phase[i] == 0 else state.counts
        return LineState(counts, tuple(phase), state.up)

    def busy(self, i: int) -> float:
        """Return the share of time in which station i works (up, with an unfinished part)."""
        return self.law.mean(lambda s: s.up[i] and working(s.counts, self.buffers)[i])

    def starved(self, i: int) -> float:
        """Return the share of time in which station i is up, empty, and waits for a part."""
        return self.law.mean(
            lambda s: (
                s.up[i]
                and i > 0
                and s.counts[i - 1] == 0
                and not blocked(s.counts, self.buffers)[i]
            )
        )

    def blocked(self, i: int) -> float:
        """Return the share of time in which station i is up and cannot pass its part on."""
        return self.law.mean(lambda s: s.up[i] and blocked(s.counts, self.buffers)[i])

    @property
    def per_s(self) -> float:
        """Parts per second."""
        return self.busy(len(self.machines) - 1) / self.machines[-1].process_s

    @property
    def wip(self) -> float:
        """Mean number of parts in the line."""
        return self.law.mean(lambda s: wip(s.counts, self.buffers))

    def level(self, i: int) -> float:
        """Mean number of parts in buffer i."""
        return self.law.mean(lambda s: level(s.counts, self.buffers, i))


def _replaced(values: tuple[bool, ...], i: int, *, value: bool) -> tuple[bool, ...]:
    return (*values[:i], value, *values[i + 1 :])


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
    cycles and failures (Buzacott 1967; Gershwin, Manufacturing Systems Engineering, 1994, ch. 3,
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

    Source: Li and Meerkov, Production Systems Engineering (2009), 4.2. Not the convention of this
    simulator; it checks the slotted chains against a published formula.
    """
    if math.isclose(first, second):
        empty = (1 - first) / (places + 1 - first)
    else:
        ratio = first * (1 - second) / (second * (1 - first))
        empty = (1 - first) * (1 - ratio) / (1 - first / second * ratio**places)
    return second * (1 - empty)


def no_buffer_no_repair_overlap(cycle_s: float, ratios: Sequence[float]) -> float:
    """Parts per second of a line that stops as a whole: 1 / (T (1 + sum downtime / uptime)).

    Source: Buzacott (1967), Int. J. Production Research 5. Exact for one machine with several
    operating failures; for more machines it leaves out that one may fail while another is down.
    """
    return 1 / (cycle_s * (1 + sum(ratios)))


def two_machines_no_buffer(
    cycle_s: float, first: tuple[float, float], second: tuple[float, float]
) -> float:
    """Parts per second of two machines with a fixed cycle, operating failures and no buffer.

    Both start a part at the same instant, whenever both are done: the cycle is max(C1, C2) with
    C = T + a Poisson(T / uptime) number of exponential downtimes. So the mean cycle is
    T + integral of 1 - F1 F2, where F is the law of the compound Poisson sum.

    Args:
        cycle_s: T.
        first: mean uptime and mean downtime of the first machine, s.
        second: the same of the second.
    """

    def law(x: float, uptime_s: float, downtime_s: float) -> float:
        mean = cycle_s / uptime_s
        return math.exp(-mean) * (
            1
            + sum(
                mean**k / math.factorial(k) * float(gammainc(k, x / downtime_s))
                for k in range(1, 30)
            )
        )

    longest = 60 * max(first[1], second[1])
    wait, _ = quad(lambda x: 1 - law(x, *first) * law(x, *second), 0, longest, limit=500)
    return 1 / (cycle_s + wait)


class AssemblyLine:
    """Two exponential machines feed an exponential assembly through buffers, in the long run.

    Source: exact chain, after Harrison (1973), J. Applied Probability 10, and Lipper and Sengupta
    (1986), Queueing Systems 1, with blocking after service. State: components finished and not
    yet in a work, per branch, and whether a work is under way.

    Args:
        feed_s: mean time of each feeder.
        buffers: places behind each feeder.
        assembly_s: mean time of the assembly.
        needs: components of each branch in one work.
        fixture: the assembly gathers components into its fixture while it does not work
            (`collect: each`); else it takes all at once (`together`).
    """

    def __init__(
        self,
        feed_s: Sequence[float],
        buffers: Sequence[int],
        assembly_s: float,
        needs: Sequence[int],
        *,
        fixture: bool,
    ) -> None:
        self.feed_s, self.buffers, self.assembly_s = feed_s, buffers, assembly_s
        self.needs, self.fixture = needs, fixture
        self.law: Stationary[tuple[Counts, bool]] = continuous(
            ((0,) * len(feed_s), False), self._moves
        )

    def _stuck(self, counts: Counts, i: int, *, at_work: bool) -> bool:
        gathered = self.needs[i] if self.fixture and not at_work else 0
        return counts[i] >= self.buffers[i] + gathered + 1

    def _begun(self, counts: Counts, *, at_work: bool) -> tuple[Counts, bool]:
        if not at_work and all(n >= need for n, need in zip(counts, self.needs, strict=True)):
            return tuple(n - need for n, need in zip(counts, self.needs, strict=True)), True
        return counts, at_work

    def _moves(self, state: tuple[Counts, bool]) -> Iterator[tuple[float, tuple[Counts, bool]]]:
        counts, at_work = state
        for i, time_s in enumerate(self.feed_s):
            if not self._stuck(counts, i, at_work=at_work):
                more = (*counts[:i], counts[i] + 1, *counts[i + 1 :])
                yield 1 / time_s, self._begun(more, at_work=at_work)
        if at_work:
            yield 1 / self.assembly_s, self._begun(counts, at_work=False)

    @property
    def per_s(self) -> float:
        """Assemblies per second."""
        return self.law.mean(lambda s: s[1]) / self.assembly_s


class MergingLine:
    """Equal machines side by side, with operating failures, share a buffer before one machine.

    All exponential. State: how many of the side machines work, are down, and are blocked
    with a finished part; the parts at the last machine and in the buffer; its health.

    Args:
        side: the machine that stands there `count` times.
        count: how many.
        buffer: places of the buffer.
        last: the machine behind the buffer.
    """

    def __init__(self, side: Machine, count: int, buffer: int, last: Machine) -> None:
        self.side, self.count, self.buffer, self.last = side, count, buffer, last
        self.law: Stationary[tuple[int, int, bool]] = continuous((0, 0, True), self._moves)

    def _moves(self, state: tuple[int, int, bool]) -> Iterator[tuple[float, tuple[int, int, bool]]]:
        down, waiting, up = state  # waiting: at the last machine, in the buffer, and blocked
        stuck = max(0, waiting - self.buffer - 1)
        busy = self.count - down - stuck
        yield busy / self.side.process_s, (down, waiting + 1, up)
        yield busy / self.side.uptime_s, (down + 1, waiting, up)
        yield down / self.side.downtime_s, (down - 1, waiting, up)
        if up and waiting:
            yield 1 / self.last.process_s, (down, waiting - 1, up)
            yield 1 / self.last.uptime_s, (down, waiting, False)
        if not up:
            yield 1 / self.last.downtime_s, (down, waiting, True)

    @property
    def per_s(self) -> float:
        """Parts per second."""
        return self.law.mean(lambda s: s[2] and s[1] > 0) / self.last.process_s


def max_plus_per_s(works: NDArray[np.float64], buffers: Sequence[int]) -> float:
    """Parts per second of a line from the recursion of its departure times.

    Station i lets part k go when it has finished it and the part B_i + 1 before k has left
    station i + 1. A second opinion on the chains, from other mathematics.
    Source: Muth (1979), Int. J. Production Research 17.

    Args:
        works: (stations, parts) durations of each part on each station, s.
        buffers: places between the stations.
    """
    stations, parts = works.shape
    left = np.zeros((stations, parts + 1))
    for k in range(1, parts + 1):
        for i in range(stations):
            ready = max(left[i, k - 1], left[i - 1, k] if i else 0.0) + works[i, k - 1]
            gate = k - buffers[i] - 1 if i < stations - 1 else 0
            left[i, k] = max(ready, left[i + 1, gate] if gate > 0 else 0.0)
    half = parts // 10
    return float((parts - half) / (left[-1, parts] - left[-1, half]))
