"""Lines that join, merge, split, or have several servers at a station, exactly."""

from collections.abc import Iterator, Sequence

from .chain import Stationary, continuous
from .lines import Counts, Machine
from .queues import Queue


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


def parallel_servers(first: tuple[float, int], buffer: int, second: tuple[float, int]) -> Queue:
    """Two exponential stations with several servers each and a finite buffer: birth and death.

    State: parts that the first has finished and the second has not; all but `buffer` and the
    second's servers block servers of the first. Parts in work at the first station count as WIP.

    Args:
        first: mean work and servers of the first station.
        buffer: places between.
        second: mean work and servers of the second station.
    """
    (first_s, givers), (second_s, takers) = first, second
    most = buffer + takers + givers
    weights = [1.0]
    for n in range(most):
        busy = givers - max(0, n - buffer - takers)
        weights.append(weights[-1] * busy / first_s / (min(n + 1, takers) / second_s))
    shares = [w / sum(weights) for w in weights]
    rate = sum(p * min(n, takers) for n, p in enumerate(shares)) / second_s
    in_work = sum(p * (givers - max(0, n - buffer - takers)) for n, p in enumerate(shares))
    return Queue(rate, in_work + sum(n * p for n, p in enumerate(shares)))


def shortest_buffer(interarrival_s: float, service_s: float, most: int = 60) -> Queue:
    """Two exponential stations behind their own buffers; an arrival goes to the emptier buffer.

    The part in a station does not count for the choice; equal buffers: the first. State: parts at
    the first and at the second station with its buffer. Exact chain, cut off at `most` parts.
    """

    def moves(state: tuple[int, int]) -> Iterator[tuple[float, tuple[int, int]]]:
        one, two = state
        if max(one, two) < most:
            to_first = max(one - 1, 0) <= max(two - 1, 0)
            yield 1 / interarrival_s, (one + 1, two) if to_first else (one, two + 1)
        if one:
            yield 1 / service_s, (one - 1, two)
        if two:
            yield 1 / service_s, (one, two - 1)

    law = continuous((0, 0), moves)
    return Queue(1 / interarrival_s, law.mean(sum))


def bulk_from_one(interarrival_s: float, batch: int, service_s: float, most: int = 400) -> Queue:
    """M/M^[1,b]/1: a free machine takes what waits, up to `batch`, and starts at once.

    Source: Bailey (1954) for the model; exact chain over parts waiting and parts in work.
    """

    def moves(state: tuple[int, int]) -> Iterator[tuple[float, tuple[int, int]]]:
        waiting, inside = state
        if not inside:
            yield 1 / interarrival_s, (0, 1)
            return
        if waiting < most:
            yield 1 / interarrival_s, (waiting + 1, inside)
        taken = min(waiting, batch)
        yield 1 / service_s, (waiting - taken, taken)

    law = continuous((0, 0), moves)
    return Queue(1 / interarrival_s, law.mean(sum))
