"""Waiting: for a time, a movement, rest, or a condition that signals make true."""

from abc import abstractmethod

from twin.kernel.environment import Environment, Timer

RUN = "run"


class Waiting:
    """What a program waits for, and what ends it."""

    env: Environment
    mode: str
    wait: str
    """`time`, `motion`, `rest`, `signal` (a condition), or nothing."""
    wait_until_s: float
    """In program time; below 0: for ever."""
    idle_s: float
    """How long it has stood since its start: what program time leaves out."""
    timer: Timer

    @abstractmethod
    def run(self) -> None:
        """Do instructions until something has to be waited for."""

    @property
    def now_s(self) -> float:
        """Program time: simulation time without that in which the program stood."""
        return self.env.time_s - self.idle_s

    def hold(self, what: str, until_s: float = -1.0) -> None:
        """Wait; `until_s` in program time, below 0 for ever."""
        self.wait = what
        self.wait_until_s = until_s
        if until_s >= 0.0:
            self.timer.arm_at(until_s + self.idle_s)
        else:
            self.timer.cancel()

    def unwait(self) -> None:
        """Wait no more."""
        self.wait = ""
        self.wait_until_s = -1.0
        self.timer.cancel()

    def due(self) -> None:
        """Go on when the time has come."""
        if self.mode == RUN:
            self.unwait()
            self.run()

    def signal_changed(self, _name: str) -> None:
        """Look at the condition that is waited for, once this instant's causes have acted."""
        if self.wait == "signal" and self.mode == RUN:
            self.timer.arm(0.0)

    def arrived(self) -> None:
        """Go on behind a movement."""
        if self.wait == "motion":
            self.unwait()
            self.run()

    def rested(self) -> None:
        """Go on where rest is waited for."""
        if self.wait == "rest":
            self.unwait()
            self.run()
