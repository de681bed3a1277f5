"""The vacuum below a suction cup."""

from math import exp, inf, log

PUMP_KPA = -85.0
"""What the pump gets to on a tight part in the end."""
LEAKY_KPA = -45.0
"""What it gets to where the cup is worn or torn: a part hangs on it, and counts as not held."""
HELD_KPA = -60.0
"""The vacuum switch: a part is held."""
DROPS_KPA = -30.0
"""Above it a part falls off."""


class Vacuum:
    """The pressure below the cup over time: pumped in first order, or rising evenly. Plain data.

    `data` is [since when, kPa then, where it goes to, time constant (s), rise (kPa/s)]; with a time
    constant it is pumped, else it rises.
    """

    def __init__(self, data: list[float]) -> None:
        self.data = data

    def at(self, time_s: float) -> float:
        """Return the pressure against the air around, kPa."""
        since_s, level, goal, tau_s, rise = self.data
        dt = max(time_s - since_s, 0.0)
        if tau_s > 0.0:
            return goal + (level - goal) * exp(-dt / tau_s)
        return min(level + rise * dt, 0.0)

    def when(self, level: float) -> float:
        """Return when it gets to a level; `inf`: never."""
        since_s, begin, goal, tau_s, rise = self.data
        if tau_s > 0.0:
            share = (begin - goal) / (level - goal) if level != goal else 0.0
            return since_s + tau_s * log(share) if share >= 1.0 else inf
        return since_s + (level - begin) / rise if rise > 0.0 and level >= begin else inf
