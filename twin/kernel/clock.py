"""Pacing: which simulation time it is now, from pause through real time to as fast as it goes."""

from collections.abc import Callable
from math import inf

SLIP_S = 0.5
"""Wall seconds of lateness beyond which the clock slips instead of catching up."""


class PacingClock:
    """Maps wall time to simulation time at a rate that may change while running.

    `wall` is a monotonic clock in seconds; the kernel has none of its own. At rate 0 time stands,
    at 1 it is real time, at `inf` there is no pacing.
    """

    def __init__(self, wall: Callable[[], float], *, rate: float = 1.0) -> None:
        self._wall = wall
        self._rate = rate
        self._wall_s = wall()
        self._time_s = 0.0
        self.slipped_s = 0.0
        """Simulation seconds by which the clock has slipped in all."""

    @property
    def rate(self) -> float:
        """Simulation seconds per wall second."""
        return self._rate

    def set_rate(self, rate: float, time_s: float) -> None:
        """Go on from simulation time `time_s` at another rate.

        Raises:
            ValueError: a rate below 0, or not a number.
        """
        if not rate >= 0:
            raise ValueError(f"a rate of {rate} is not 0 or more")
        self._rate = rate
        self.set_time(time_s)

    def set_time(self, time_s: float) -> None:
        """Be at `time_s` now."""
        self._wall_s = self._wall()
        self._time_s = time_s

    def now_s(self) -> float:
        """Return the simulation time that it should be now; `inf` without pacing."""
        if self._rate == 0:
            return self._time_s
        if self._rate == inf:
            return inf
        return self._time_s + (self._wall() - self._wall_s) * self._rate

    def wait_s(self, due_s: float) -> float:
        """Return the wall seconds until simulation time `due_s`; `inf` when time stands."""
        if self._rate == 0 or due_s == inf:
            return inf
        if self._rate == inf:
            return 0.0
        return max(0.0, (due_s - self.now_s()) / self._rate)

    def wall_s(self, time_s: float) -> float:
        """Return the wall clock's reading at simulation time `time_s`."""
        if self._rate in (0, inf):
            return self._wall()
        return self._wall_s + (time_s - self._time_s) / self._rate

    def slip(self, reached_s: float) -> float:
        """Go on from `reached_s` when that is too late to catch up; return the slip, s."""
        late_s = self.now_s() - reached_s
        if self._rate in (0, inf) or late_s <= SLIP_S * self._rate:
            return 0.0
        self.slipped_s += late_s
        self.set_time(reached_s)
        return late_s
