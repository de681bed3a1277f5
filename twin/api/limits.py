"""How much one caller may ask for: a token bucket for each caller, bounded in number."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_CALLERS = 1000


@dataclass(slots=True)
class _Bucket:
    left: float
    filled_s: float


class RateLimit:
    """Lets each caller act `per_s` times a second on average, and `burst` times at once.

    Args:
        per_s: actions a second.
        burst: actions at once.
        clock: returns monotonic time, s.
    """

    def __init__(self, per_s: float, burst: int, clock: Callable[[], float]) -> None:
        self.per_s = per_s
        self.burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_s(self, caller: str) -> float:
        """Take one action; return 0 if it may go ahead, else the seconds until it may."""
        now_s = self._clock()
        bucket = self._buckets.setdefault(caller, _Bucket(self.burst, now_s))
        self._buckets.move_to_end(caller)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        bucket.left = min(self.burst, bucket.left + (now_s - bucket.filled_s) * self.per_s)
        bucket.filled_s = now_s
        if bucket.left >= 1:
            bucket.left -= 1
            return 0.0
        return (1 - bucket.left) / self.per_s
