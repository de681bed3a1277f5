"""The figures that a person looks at first, kept up to date while a run lives."""

from twin.plant.line import Line
from twin.plant.machine import Machine
from twin.plant.states import BUSY, DOWN, IDLE

WINDOW_S = 3600.0
"""Simulation seconds over which the present throughput is counted."""
LATEST = 50
"""Parts over which the present lead time is averaged."""


class Figures:
    """Key figures of a live line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._last: dict[str, float] = {}

    def read(self) -> dict[str, float]:
        """Return throughput, WIP, lead time, yield, energy and the busiest machine's share."""
        line = self._line
        now = line.env.time_s
        window = min(WINDOW_S, now)
        departures = line.departures_s
        recent = 0
        for time_s in reversed(departures):
            if time_s < now - window:
                break
            recent += 1
        leads = line.lead_s[-LATEST:]
        # Scrapped pieces of a product are no lost products: only like is set against like.
        finished = line.made + sum(line.scrapped_of.get(kind, 0) for kind in line.made_of)
        figures = {
            "throughput_per_h": recent / window * 3600.0 if window > 0 else 0.0,
            "made": float(line.made),
            "scrapped": float(line.scrapped),
            "wip": float(line.wip),
            "lead_time_s": sum(leads) / len(leads) if leads else 0.0,
            "yield": line.made / finished if finished else 1.0,
        }
        # Digits that nobody reads would travel to every viewer ten times a second.
        return {key: round(value, 3) for key, value in (figures | self._machines()).items()}

    def _machines(self) -> dict[str, float]:
        busiest = 0.0
        down = 0
        for asset in self._line.assets.values():
            if not isinstance(asset, Machine) or not asset.servers or asset.spec.kind == "vehicle":  # type: ignore[attr-defined]
                continue
            down += asset.state == DOWN
            times = [server.times() for server in asset.servers]
            busy = sum(t[BUSY] for t in times)
            planned = sum(sum(t) - t[IDLE] for t in times)
            busiest = max(busiest, busy / planned if planned > 0 else 0.0)
        return {"busiest": busiest, "machines_down": float(down)}

    def changed(self) -> dict[str, float]:
        """Return the figures that differ from those of the last call."""
        now = self.read()
        changed = {key: value for key, value in now.items() if self._last.get(key) != value}
        self._last = now
        return changed
