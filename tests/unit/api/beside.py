"""A mirror that tells what it was told: for tests of what shows the departures of real devices."""

from typing import Any

from twin.kernel.signal import Quality
from twin.mirror.divergence import Divergence


class Beside:
    """Stands for the real devices beside a run: one station by one link."""

    def __init__(self, asset: str, expected_s: float | None, observed_s: list[float]) -> None:
        self.state, self.problem = "connected", ""
        self.station = Divergence(asset, "real", expected_s, Quality.GOOD)
        for cycle_s in observed_s:
            self.station.cycle(cycle_s)

    def links(self) -> dict[str, dict[str, Any]]:
        """Return the one link."""
        return {"plc": {"state": self.state, "armed": False, "problem": self.problem}}

    def figures(self) -> dict[str, dict[str, Any]]:
        """Return the one station's departures."""
        return {self.station.asset: self.station.as_dict() | {"link": "plc"}}

    def bindings(self) -> dict[str, str]:
        """Return the one bound signal's quality."""
        return {"m1/speed_factor": "uncertain"}

    def outlets(self) -> dict[str, dict[str, float | None]]:
        """Return how quick the outlets are: there are none."""
        return {}
