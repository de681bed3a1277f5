"""SimPy's clock and event heap, with timers that can be cancelled, saved and put back."""

import sys
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf
from typing import Any

import simpy
from simpy.core import EmptySchedule
from simpy.events import NORMAL

IDLE = -1
FIRST = -1
"""Heap priority ahead of every event of the same instant."""


class Timer:
    """A named alarm clock on the heap, made once, armed again and again.

    `address` names it for good (`ASSET/…/NAME`), so that a snapshot can say which are pending.
    A cancelled entry stays on the heap until its time; it is known by its order and ignored.
    """

    __slots__ = ("address", "due_s", "env", "fire", "order")

    def __init__(self, env: "Environment", address: str, fire: Callable[[], None]) -> None:
        self.env = env
        self.address = address
        self.fire = fire
        self.due_s = inf
        self.order = IDLE

    def arm(self, delay_s: float) -> None:
        """Go off after `delay_s`; a pending timer is set anew."""
        env = self.env
        self.due_s = due_s = env.time_s + delay_s
        self.order = order = next(env.orders)
        heappush(env.heap, (due_s, NORMAL, order, self))

    def arm_at(self, due_s: float) -> None:
        """Go off at an absolute time; one in the past means now."""
        env = self.env
        self.due_s = due_s = max(due_s, env.time_s)
        self.order = order = next(env.orders)
        heappush(env.heap, (due_s, NORMAL, order, self))

    def cancel(self) -> None:
        """Do not go off."""
        self.order = IDLE

    @property
    def pending(self) -> bool:
        """Whether it will go off."""
        return self.order != IDLE

    @property
    def left_s(self) -> float:
        """Time until it goes off, s."""
        return self.due_s - self.env.time_s


class Halt(Exception):
    """What lies on the heap to end a call of `run_through` early."""


class Environment(simpy.Environment):
    """`simpy.Environment` whose heap also holds timers.

    SimPy processes and events work as ever beside them. `observer`, when set, is called with an
    asset each time that its state changes. `time_s` is the clock as a plain attribute.
    """

    def __init__(self) -> None:
        self.time_s = 0.0
        super().__init__()
        self.heap: list[Any] = self._queue
        self.orders = self._eid
        self.timers: dict[str, Timer] = {}
        self.observer: Callable[[Any], None] | None = None
        self.events = 0
        self.ended: Exception | None = None
        """Why there is nothing more to do for ever."""

    def timer(self, address: str, fire: Callable[[], None]) -> Timer:
        """Make a timer; each address once."""
        if address in self.timers:
            raise ValueError(f"two timers have the address {address}")
        timer = self.timers[address] = Timer(self, address, fire)
        return timer

    def halt(self) -> None:
        """End the call of `run_through` that is going on, before the next event."""
        heappush(self.heap, (self.time_s, FIRST, next(self.orders), Halt()))

    def end(self, why: Exception) -> None:
        """End the run for good before the next event: `run_through` raises `why` from then on."""
        if self.ended is None:
            self.ended = why
            self.halt()

    @property
    def _now(self) -> float:
        return self.time_s

    @_now.setter
    def _now(self, time_s: float) -> None:
        self.time_s = time_s

    def run_through(self, until_s: float, *, most: int = sys.maxsize) -> bool:
        """Do all events due at or before `until_s`; return False if halted or `most` is reached.

        The clock stays at the last event; see `move_to`.
        """
        heap = self.heap
        if self.ended is not None and (until_s > self.time_s or self.next_due_s() <= until_s):
            raise self.ended
        turn = -1
        skipped = 0  # turns that were no event
        try:
            for turn in range(most):  # noqa: B007 - counted at the end
                if not heap:
                    skipped += 1
                    return True
                due_s, _, order, item = entry = heappop(heap)
                if due_s > until_s:
                    heappush(heap, entry)
                    skipped += 1
                    return True
                if type(item) is Timer:
                    if item.order == order:
                        self.time_s = due_s
                        item.order = IDLE
                        fire = item.fire
                        fire()
                    else:
                        skipped += 1
                elif type(item) is Halt:
                    skipped += 1
                    if self.ended is not None:
                        raise self.ended
                    return False
                else:
                    self._simpy_event(entry)
            return False
        finally:
            self.events += turn + 1 - skipped

    def move_to(self, time_s: float) -> None:
        """Set the clock forward to a time before the next event."""
        self.time_s = max(time_s, self.time_s)

    def step(self) -> None:
        """Do the next event."""
        self.next_due_s()
        if not self.heap:
            raise EmptySchedule
        self.run_through(self.heap[0][0], most=1)

    def next_due_s(self) -> float:
        """Return when the next live event is due, `inf` if there is none."""
        heap = self.heap
        while heap and type(heap[0][3]) is Timer and heap[0][3].order != heap[0][2]:
            heappop(heap)
        return heap[0][0] if heap else inf

    def peek(self) -> float:
        """Return when the next live event is due."""
        return self.next_due_s()

    def _simpy_event(self, entry: tuple[float, int, int, Any]) -> None:
        heappush(self.heap, entry)
        self.time_s = entry[0]
        super().step()

    def pending(self) -> list[tuple[str, float, int]]:
        """Return the pending timers as (address, due time, order), in order of happening.

        Raises:
            ValueError: a SimPy process or event is on the heap; such a run can be replayed only.
        """
        live = []
        for due_s, _, order, item in sorted(self.heap, key=lambda entry: entry[:3]):
            if type(item) is Timer:
                if item.order == order:
                    live.append((item.address, due_s, order))
            elif type(item) is not Halt:
                raise ValueError(f"{item!r} cannot be saved")
        return live

    def next_order(self) -> int:
        """Return the number that the next heap entry gets, without using it up."""
        order = next(self.orders)
        self._set_orders(order)
        return order

    def restore(
        self, time_s: float, order: int, pending: list[tuple[str, float, int]], events: int
    ) -> None:
        """Put the clock and the pending timers back, with their old order among equals."""
        for timer in self.timers.values():
            timer.order = IDLE
        self.heap.clear()
        for address, due_s, number in pending:
            timer = self.timers[address]
            timer.due_s, timer.order = due_s, number
            self.heap.append((due_s, NORMAL, number, timer))
        heapify(self.heap)
        self.time_s = time_s
        self.events = events
        self._set_orders(order)

    def _set_orders(self, order: int) -> None:
        self._eid = self.orders = count(order)
