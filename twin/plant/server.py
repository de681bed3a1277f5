"""A server: one place of a machine where a part is worked on. The hot path of the plant.

Here and in the buffer and the environment, what is called ten thousand times a second is fetched
before it is called (`send = self.send`): CPython looks a stored function up faster that way.
"""

from array import array
from collections.abc import Callable
from heapq import heappush
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from simpy.events import NORMAL

from .part import Part
from .plain import Stateful
from .result import Floats
from .states import ACTIVE, BLOCKED, BUSY, SETUP, STARVED

if TYPE_CHECKING:
    from .machine import Machine

FREE, CHANGING, WORKING, DONE = range(4)
"""Phases of a server: no part, changeover before the work, work, finished part to hand over."""


class Server(Stateful):
    """Takes a part, changes over if need be, works, hands over; may be interrupted at any time."""

    STATE: ClassVar[tuple[str, ...]] = (
        "state", "since_s", "time_in", "turns", "part", "rest", "phase", "left_s", "work_s",
        "wants", "holds",
    )  # fmt: skip
    direct = False
    __slots__ = (
        "address", "env", "holds", "left_s", "machine", "part", "phase", "rest", "send", "since_s",
        "state", "time_in", "timer", "turns", "wants", "work_s",
    )  # fmt: skip

    def __init__(self, machine: "Machine", index: int) -> None:
        self.machine = machine
        self.env = machine.env
        self.address = f"{machine.id}/{index}"
        self.timer = machine.env.timer(f"{self.address}/work", self.elapsed)
        self.send: Callable[[Part, Any], bool] = machine.send
        self.state = STARVED
        self.since_s = 0.0
        self.time_in = [0.0] * 6
        self.turns = array("d")
        """When it became active, inactive, active, …, s."""
        self.part: Part | None = None
        self.rest: list[Part] = []
        """Further finished parts, last one first to go."""
        self.phase = FREE
        self.left_s = 0.0
        self.work_s = 0.0
        self.wants = False
        self.holds = False

    def enter(self, state: int) -> None:
        """Book the time in the old state and go to the new one."""
        old = self.state
        if old != state:
            now = self.env.time_s
            self.time_in[old] += now - self.since_s
            self.since_s = now
            self.state = state
            if ACTIVE[old] != ACTIVE[state]:
                self.turns.append(now)
            wear = self.machine.wear
            if wear is not None:
                if state == BUSY:
                    wear.started()
                elif old == BUSY:
                    wear.stopped()
        observer = self.env.observer
        if observer is not None:
            observer(self.machine)

    def load(self, part: Part) -> None:
        """Take a part and begin."""
        machine = self.machine
        self.part = part
        if not machine.plain:
            self._load_with_care(part)
            return
        self.phase = WORKING
        draw = machine.draw
        self.work_s = work_s = draw()
        env, timer = self.env, self.timer
        timer.due_s = due_s = env.time_s + work_s
        timer.order = order = next(env.orders)
        heappush(env.heap, (due_s, NORMAL, order, timer))
        wear = machine.wear
        old = self.state
        if old != BUSY:
            # `enter(BUSY)`, written out: this happens for every second part or so.
            now = env.time_s
            self.time_in[old] += now - self.since_s
            self.since_s = now
            self.state = BUSY
            if not ACTIVE[old]:
                self.turns.append(now)
            if wear is not None:
                wear.started()
        if env.observer is not None:
            env.observer(machine)
        if wear is not None and wear.due_s < due_s:
            wear.arm()

    def _load_with_care(self, part: Part) -> None:
        machine = self.machine
        setup_s = 0.0 if machine.setups is None else machine.setups.needed(part)
        if setup_s:
            self.phase = CHANGING
            self.left_s = setup_s
        else:
            self.phase = WORKING
            self.left_s = self.work_s = machine.draw_work(part)
        self.begin()

    def begin(self) -> None:
        """Begin or go on with the phase, if nothing stops the machine and the people are there."""
        machine = self.machine
        if machine.stops:
            self.enter(machine.stop_state)
            return
        changing = self.phase == CHANGING
        call = machine.setup_call if changing else machine.work_call
        if call is not None and not self.holds:
            self.wants = True
            self.enter(SETUP if changing else STARVED)
            call.request(self)
            return
        self.run()

    def granted(self) -> None:
        """Hear that the people asked for have come."""
        self.wants = False
        self.holds = True
        self.run()

    def run(self) -> None:
        """Let the time of the phase run."""
        if self.phase == CHANGING:
            self.timer.arm(self.left_s)
            self.enter(SETUP)
            return
        machine = self.machine
        if machine.following:
            self.timer.due_s = self.env.time_s + self.left_s
        else:
            self.timer.arm(self.left_s)
        self.enter(BUSY)
        if machine.wear is not None and machine.wear.due_s < self.timer.due_s:
            machine.wear.arm()

    def elapsed(self) -> None:
        """Go from the changeover to the work, and from the work to handing over."""
        machine = self.machine
        if machine.plain and self.phase == WORKING:
            machine.made += 1
            self.phase = DONE
            send = self.send
            if not send(self.part, self):  # type: ignore[arg-type]
                self.enter(BLOCKED)
                return
            waiting = machine.waiting
            if waiting and waiting[0].direct:
                self.load(waiting.popleft().hand(waiting))
            else:
                self.part = None
                self.phase = FREE
                machine.vacated(self)
            return
        if self.phase == CHANGING:
            if self.holds:
                machine.setup_call.release(self)  # type: ignore[union-attr]
            self.phase = WORKING
            self.left_s = self.work_s = machine.draw_work(self.part)
            self.begin()
            return
        self.phase = DONE
        machine.complete(self)
        if self.holds:
            machine.work_call.release(self)  # type: ignore[union-attr]
        if self.phase == DONE:
            self.retry()

    def retry(self) -> None:
        """Hand the finished parts over; what nobody takes blocks the server."""
        send = self.send
        while send(self.part, self):  # type: ignore[arg-type]
            if not self.rest:
                self.part = None
                self.phase = FREE
                self.machine.vacated(self)
                return
            self.part = self.rest.pop()
        self.enter(self.machine.stop_state if self.machine.stops else BLOCKED)

    @property
    def offered(self) -> Part | None:
        """The finished part, if there is one."""
        return self.part if self.phase == DONE else None

    def available(self, kind: str) -> int:
        """Return how many parts of a type could be handed over at once."""
        part = self.offered
        return 0 if part is None or part.type != kind else 1

    def interrupt(self) -> None:
        """Stop where it is, because the machine stops."""
        if self.phase in (CHANGING, WORKING):
            self._pause()
        self.enter(self.machine.stop_state)

    def _pause(self) -> None:
        machine = self.machine
        if self.state == BUSY or self.timer.pending:
            self.left_s = max(0.0, self.timer.left_s)
        self.timer.cancel()
        call = machine.setup_call if self.phase == CHANGING else machine.work_call
        if call is not None:
            if self.holds:
                call.release(self)
            elif self.wants:
                call.withdraw(self)

    def resume(self) -> None:
        """Go on, because the machine runs again."""
        if self.phase == FREE:
            self.enter(STARVED)
        elif self.phase == DONE:
            self.enter(BLOCKED)
        else:
            self.begin()

    def clear(self) -> Part | None:
        """Take the part away from a stopped server, as scrap."""
        part, self.part = self.part, None
        self.rest.clear()
        self.phase = FREE
        return part

    def times(self) -> list[float]:
        """Return the time in each state up to now, s."""
        times = list(self.time_in)
        times[self.state] += self.env.time_s - self.since_s
        return times

    def reset_statistics(self) -> None:
        """Count from now on."""
        self.time_in = [0.0] * 6
        self.since_s = self.env.time_s
        self.turns = array("d", [self.since_s] if ACTIVE[self.state] else [])

    def active_s(self) -> Floats:
        """Return the active periods up to now, (n, 2) float: begin and end, s."""
        turns = np.array(self.turns)
        if len(turns) % 2:
            turns = np.append(turns, self.env.time_s)
        periods = turns.reshape(-1, 2)
        return periods[periods[:, 1] > periods[:, 0]]
