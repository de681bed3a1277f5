"""Serial lines with finite buffers, exactly: small Markov chains over counts of parts.

The state of a line of m stations is n_1 ... n_(m-1): the parts that station i has finished and
station i+1 has not. It holds them in buffer i, in the server of i+1, and, when nothing else has
room, in the server of station i itself, which is then blocked (blocking after service). The first
station never starves and the last never blocks.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import gammainc

from .chain import Stationary, continuous

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


def max_plus_per_s(works: NDArray[np.float64], buffers: Sequence[int]) -> float:
    """Parts per second of a line from the recursion of its departure times.

    Station i lets part k go when it has finished it and the part B_i + 1 before k has left
    station i + 1. A second opinion on the chains, from other mathematics.
    Source: Muth (1979), Management Science 25.

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
