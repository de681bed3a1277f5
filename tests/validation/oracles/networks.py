"""Networks of stations: open with rework, closed, with a crew, with blocking."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .chain import Stationary, continuous
from .lines import Machine
from .queues import Queue, erlang_b


def jackson(
    outside_per_s: Sequence[float],
    routes: Sequence[Sequence[float]],
    service_s: Sequence[float],
    servers: Sequence[int],
) -> Queue:
    """Open network of M/M/c stations. Source: Jackson (1957), Operations Research 5.

    Args:
        outside_per_s: arrivals from outside at each station.
        routes: chance of going from station i to station j; the rest leaves.
        service_s: mean service time of each station.
        servers: servers of each station.
    """
    flows = np.linalg.solve(np.eye(len(service_s)) - np.array(routes).T, np.array(outside_per_s))
    wip = 0.0
    for flow, service, number in zip(flows.tolist(), service_s, servers, strict=True):
        offered = flow * service
        loss = erlang_b(offered, number)
        delayed = number * loss / (number - offered * (1 - loss))
        wip += offered + delayed * offered / (number - offered)
    return Queue(sum(outside_per_s), wip)


@dataclass(frozen=True)
class Closed:
    """A closed network in the long run: rounds per second, mean parts at each station."""

    per_s: float
    content: tuple[float, ...]


def buzen(service_s: Sequence[float], servers: Sequence[int], parts: int) -> Closed:
    """Closed network of exponential stations, each visited once a round.

    Source: Gordon and Newell (1967), Operations Research 15; Buzen (1973), Communications of the
    ACM 16: convolution of the stations' factors. Servers may be as many as parts (a delay).
    """

    def factors(time_s: float, number: int) -> list[float]:
        weights = [1.0]
        for n in range(1, parts + 1):
            weights.append(weights[-1] * time_s / min(n, number))
        return weights

    def convolved(sets: Sequence[list[float]]) -> list[float]:
        total = [1.0] + [0.0] * parts
        for weights in sets:
            total = [
                math.fsum(total[k] * weights[n - k] for k in range(n + 1)) for n in range(parts + 1)
            ]
        return total

    each = [factors(t, c) for t, c in zip(service_s, servers, strict=True)]
    whole = convolved(each)
    content = []
    for i, weights in enumerate(each):
        rest = convolved([w for j, w in enumerate(each) if j != i])
        content.append(
            sum(n * weights[n] * rest[parts - n] for n in range(parts + 1)) / whole[parts]
        )
    return Closed(whole[parts - 1] / whole[parts], tuple(content))


def mva(service_s: Sequence[float], parts: int) -> Closed:
    """Closed network of single exponential servers, each visited once a round.

    Source: Reiser and Lavenberg (1980), Journal of the ACM 27: mean value analysis.
    """
    content = [0.0] * len(service_s)
    rounds = 0.0
    for n in range(1, parts + 1):
        stay = [t * (1 + c) for t, c in zip(service_s, content, strict=True)]
        rounds = n / sum(stay)
        content = [rounds * s for s in stay]
    return Closed(rounds, tuple(content))


def repairman(machines: int, uptime_s: float, downtime_s: float, crew: int) -> float:
    """Availability of machines that break at any time and share a crew, one person a machine.

    Source: Palm (1947); Cox and Smith, Queues (1961): the chain of machines down.
    """
    weights = [1.0]
    for down in range(machines):
        fail = (machines - down) / uptime_s
        repair = min(down + 1, crew) / downtime_s
        weights.append(weights[-1] * fail / repair)
    mean_down = sum(n * w for n, w in enumerate(weights)) / sum(weights)
    return 1 - mean_down / machines


@dataclass(frozen=True)
class Place:
    """An exponential station and the buffer behind it; state of its server: idle, work, full."""

    process_s: float
    buffer: int


IDLE, WORK, FULL = 0, 1, 2
LoopState = tuple[tuple[int, int], ...]


class BlockingLoop:
    """Pallets go round exponential stations with finite buffers, blocking after service.

    Source: exact chain. The state is explicit
    (server state and buffer content of each station), unlike that of `lines.TandemLine`.

    Args:
        places: each station with the buffer behind it, in order, the last before the first.
        pallets: how many go round; few enough that no deadlock can happen.
        open_ends: a line instead: the first station always has a part and the last buffer is a
            sink. Then `pallets` is not used.
    """

    def __init__(self, places: Sequence[Place], pallets: int, *, open_ends: bool = False) -> None:
        self.places, self.open_ends = places, open_ends
        empty = [[IDLE, 0] for _ in places]
        if open_ends:
            empty[0][0] = WORK
        else:
            left = pallets
            for i, place in enumerate(places):
                empty[i][1] = min(left, place.buffer)
                left -= empty[i][1]
            for i in range(len(places)):
                if left and empty[i][0] == IDLE:
                    empty[i][0] = WORK
                    left -= 1
            if left:
                raise ValueError(f"{pallets} pallets do not fit")
        self.law: Stationary[LoopState] = continuous(self._settled(empty), self._moves)

    def _settled(self, state: list[list[int]]) -> LoopState:
        moved = True
        size = len(self.places)
        while moved:
            moved = False
            for i in range(size):
                before = (i - 1) % size
                ends = self.open_ends
                if ends and i == size - 1 and state[i][0] == FULL:
                    state[i][0], moved = IDLE, True
                last = ends and i == size - 1
                if not last and state[i][0] == FULL and state[i][1] < self.places[i].buffer:
                    state[i][0], state[i][1], moved = IDLE, state[i][1] + 1, True
                if state[i][0] != IDLE:
                    continue
                if ends and i == 0:
                    state[i][0], moved = WORK, True
                elif state[before][1]:
                    state[before][1] -= 1
                    state[i][0], moved = WORK, True
                elif state[before][0] == FULL:
                    state[before][0], state[i][0], moved = IDLE, WORK, True
        return tuple((s, b) for s, b in state)

    def _moves(self, state: LoopState) -> Iterator[tuple[float, LoopState]]:
        for i, place in enumerate(self.places):
            if state[i][0] == WORK:
                after = [list(pair) for pair in state]
                after[i][0] = FULL
                yield 1 / place.process_s, self._settled(after)

    @property
    def per_s(self) -> float:
        """Rounds (or parts) per second."""
        return self.law.mean(lambda s: s[-1][0] == WORK) / self.places[-1].process_s


class UnreliablePool:
    """M/M/c whose servers fail only at work, exponential throughout: mean number in system.

    A part stays with its server through the repair. State: parts in the system, servers down.

    Args:
        interarrival_s: mean time between arrivals.
        server: mean work, working time between failures, and repair of a server.
        count: how many servers.
        most: parts beyond this number are left out (their share must be negligible).
    """

    def __init__(self, interarrival_s: float, server: Machine, count: int, most: int = 400) -> None:
        def moves(state: tuple[int, int]) -> Iterator[tuple[float, tuple[int, int]]]:
            parts, down = state
            busy = min(parts, count) - down
            if parts < most:
                yield 1 / interarrival_s, (parts + 1, down)
            if busy:
                yield busy / server.process_s, (parts - 1, down)
                yield busy / server.uptime_s, (parts, down + 1)
            if down:
                yield down / server.downtime_s, (parts, down - 1)

        law = continuous((0, 0), moves)
        self.wip = law.mean(lambda s: s[0])
        self.left_out = law.mean(lambda s: s[0] == most)
