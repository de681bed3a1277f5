"""How quick a link is, measured: the round trip of its requests and the pace of its polls."""

from collections import deque
from dataclasses import dataclass, field
from statistics import median
from time import monotonic

KEPT = 256
"""Samples that are kept, the latest."""


@dataclass(slots=True)
class Timing:
    """The latest round trips of a link and the time between its polls, both in seconds.

    A poll may take several requests: give `took` for each of them, `polled` once as a poll begins.
    Figures are None as long as there is nothing to tell.
    """

    trips_s: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))
    gaps_s: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))
    """From the begin of one poll to the begin of the next."""
    _began_s: float | None = None

    def took(self, trip_s: float) -> None:
        """Take in one round trip: from the sending of a request to its answer, s."""
        self.trips_s.append(trip_s)

    def polled(self, now_s: float | None = None) -> None:
        """Take note that a poll begins.

        Args:
            now_s: time on a clock that does not jump, s; the machine's own when left out.
        """
        now_s = monotonic() if now_s is None else now_s
        if self._began_s is not None:
            self.gaps_s.append(now_s - self._began_s)
        self._began_s = now_s

    def interrupted(self) -> None:
        """Hear that polling stops, so that the pause counts as no gap."""
        self._began_s = None

    @property
    def last_ms(self) -> float | None:
        """The latest round trip, ms."""
        return self.trips_s[-1] * 1e3 if self.trips_s else None

    @property
    def median_ms(self) -> float | None:
        """The middle round trip, ms."""
        return median(self.trips_s) * 1e3 if self.trips_s else None

    @property
    def p95_ms(self) -> float | None:
        """What 95 of 100 round trips did not exceed, ms."""
        return share(self.trips_s, 0.95) * 1e3 if self.trips_s else None

    @property
    def period_ms(self) -> float | None:
        """The middle time between two polls, ms."""
        return median(self.gaps_s) * 1e3 if self.gaps_s else None

    @property
    def jitter_ms(self) -> float | None:
        """How far 95 of 100 polls came from the middle time between polls at the most, ms."""
        if not self.gaps_s:
            return None
        middle = median(self.gaps_s)
        return share([abs(gap - middle) for gap in self.gaps_s], 0.95) * 1e3

    def figures(self) -> dict[str, float | None]:
        """Return all figures by name, rounded to a microsecond."""
        names = ("last_ms", "median_ms", "p95_ms", "period_ms", "jitter_ms")
        found = ((name, getattr(self, name)) for name in names)
        return {name: None if value is None else round(value, 3) for name, value in found}


def share(samples: "deque[float] | list[float]", fraction: float) -> float:
    """Return the least sample that a fraction of all samples does not exceed (nearest rank)."""
    ranked = sorted(samples)
    rank = -(-len(ranked) * fraction // 1)
    return ranked[max(int(rank), 1) - 1]
