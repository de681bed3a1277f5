"""What each asset did when: states and contents of one run, for plots."""

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

from .statistics import Floats

if TYPE_CHECKING:
    from twin.plant.line import Line

most_changes = 5_000_000
"""Changes that are kept: 80 MB. A longer run has no histories."""


class History:
    """Watches a line and writes down each change of state and of content."""

    def __init__(self, line: "Line") -> None:
        self.env = line.env
        self.states = {name: array("d") for name in line.assets}
        self.levels = {name: array("d") for name in line.assets}
        self.changes = 0
        self._last: dict[str, tuple[int, int]] = {}
        for asset in line.assets.values():
            self._note(asset)
        self.env.observer = self._note

    @property
    def complete(self) -> bool:
        """Whether every change was kept."""
        return self.changes <= most_changes

    def _note(self, asset: Any) -> None:
        state, content = int(asset.state), int(asset.content())
        name, now = asset.id, self.env.time_s
        before = self._last.get(name)
        if before == (state, content):
            return
        self._last[name] = (state, content)
        self.changes += 1
        if not self.complete:
            self.env.observer = None
            return
        if before is None or before[0] != state:
            self.states[name].extend((now, state))
        if before is None or before[1] != content:
            self.levels[name].extend((now, content))

    def state_changes(self) -> dict[str, Floats]:
        """Return, per asset, times and states entered, (k, 2) float; nothing when incomplete."""
        return _table(self.states) if self.complete else {}

    def level_changes(self) -> dict[str, Floats]:
        """Return, per asset, times and contents, (k, 2) float; nothing when incomplete."""
        return _table(self.levels) if self.complete else {}


def _table(rows: dict[str, "array[float]"]) -> dict[str, Floats]:
    return {
        name: np.frombuffer(flat, dtype=np.float64).reshape(-1, 2).copy()
        for name, flat in rows.items()
        if len(flat)
    }
