"""Where a real station and its model depart, as figures."""

from collections import deque
from dataclasses import asdict, dataclass, field
from statistics import fmean
from typing import Any

from twin.kernel.signal import Quality

REMEMBERED = 20
"""Cycles in the mean of what was observed lately."""


@dataclass(slots=True)
class Divergence:
    """The figures of one station. Times are seconds of the device's clock."""

    asset: str
    mode: str
    expected_cycle_s: float | None
    """What the model expects of a cycle, in the mean."""
    quality: Quality = Quality.BAD
    cycles: int = 0
    last_cycle_s: float | None = None
    device_cycle_s: float | None = None
    """The device's own figure, where it gives one."""
    real_done: int = 0
    """Parts that the real station finished while it was watched."""
    twin_done: int = 0
    """Parts that the twin's station finished meanwhile."""
    missed: int = 0
    """Parts that the real one finished unseen; the twin does not invent them."""
    behind: int = 0
    """Parts that the real one has finished and the twin has not had yet."""
    restarts: int = 0
    """Times that the device's counter began anew."""
    losses: int = 0
    stale: int = 0
    refused: int = 0
    last_refusal: str = ""
    _lately: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED), repr=False)

    def cycle(self, observed_s: float) -> None:
        """Take note of a finished cycle."""
        if observed_s < 0.0:
            return
        self.cycles += 1
        self.last_cycle_s = observed_s
        self._lately.append(observed_s)

    @property
    def observed_cycle_s(self) -> float | None:
        """The mean of the latest cycles."""
        return fmean(self._lately) if self._lately else None

    @property
    def ratio(self) -> float | None:
        """Observed over expected cycle: above 1 the real station is slower than its model."""
        observed = self.observed_cycle_s
        if observed is None or not self.expected_cycle_s:
            return None
        return observed / self.expected_cycle_s

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        data = asdict(self)
        del data["_lately"]
        data["quality"] = self.quality.value
        data["observed_cycle_s"] = self.observed_cycle_s
        data["ratio"] = self.ratio
        return data
