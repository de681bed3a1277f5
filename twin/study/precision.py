"""How many replications are enough: until an interval is as narrow as wished.

The half-width is judged after each replication in order of its number, and has to hold for a
few more, because a lucky first few agree by chance (K. Hoad, S. Robinson and R. Davies,
"Automated selection of the number of replications for a discrete-event simulation",
Journal of the Operational Research Society 61, 2010). The order is that of the replication
numbers, so the answer does not depend on how many workers there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .statistics import student

first_judged = 3
look_ahead = 5


@dataclass(frozen=True, slots=True)
class Precision:
    """The half-width that is wished for."""

    width: float
    relative: bool = True
    """True: `width` is a share of the mean. False: it has the unit of the mean."""

    def met(self, values: Sequence[float]) -> bool:
        """Tell whether the interval of these values is narrow enough."""
        estimate = student(values)
        half = estimate.half_width
        if half is None:
            return False
        return half <= (self.width * abs(estimate.mean) if self.relative else self.width)

    def enough(self, values: Sequence[float]) -> int | None:
        """Return how many of the values, from the first, are enough; None when all are not.

        That is the first count at which the half-width has been met `look_ahead` more times
        without a miss.
        """
        held = 0
        for count in range(first_judged, len(values) + 1):
            held = held + 1 if self.met(values[:count]) else 0
            if held > look_ahead:
                return count
        return None
