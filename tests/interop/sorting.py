"""The control of the sorting cell as any outside controller may have it: inputs in, outputs out.

It follows docs/cells/sorting.md. Times are simulated seconds, so that it can drive a faster run.
"""

import os
from collections.abc import Mapping
from typing import Any

import pytest

from twin.api.live import LiveRun
from twin.spec.io import IoPoint, io_list
from twin.spec.load import load_line

HIGH_FROM_MM = 80.0
RED_FROM = 12.0
SETTLE_S = 0.3
PARTS = int(os.environ.get("PILOTLINE_PARTS", "3"))
"""How many are sorted: PILOTLINE_PARTS=20 makes it twenty, and takes some minutes more."""
RATE = 3.0
"""Of the runs that the tests drive: clients poll by the wall clock, so not as fast as can be."""
SLIP_S = 0.03
"""A plant that was held up for longer goes on from there: no client sees what is caught up."""


class Sorting:
    """One scan at a time. The clock is given, nothing else is kept outside."""

    def __init__(self) -> None:
        self._kind = ""
        self._gate = self._pushed = self._passing = self._at_end = False
        self._still_since_s: float | None = None
        self._outputs = {"red_pusher_extend": False, "blue_pusher_extend": False}

    def scan(self, on: Mapping[str, Any], now_s: float) -> dict[str, bool]:
        """Return what to write, given what was read.

        Args:
            on: the inputs of the cell by name, bits and numbers.
            now_s: simulated time, s.
        """
        still = on["s_stop"] and on["stopper_extended"]
        self._still_since_s = (self._still_since_s or now_s) if still else None
        if self._gate:
            self._gate = not (self._passing and not on["s_passed"])
        elif not self._kind and self._may_go(on, now_s):
            high, red = on["height"] >= HIGH_FROM_MM, on["colour"] >= RED_FROM
            self._kind = "high" if high else "red" if red else "blue"
            self._gate, self._pushed = True, False
        self._sort(on)
        self._passing, self._at_end = on["s_passed"], on["s_end"]
        waits = self._kind in ("red", "blue") and on[f"s_{self._kind}"] and not self._pushed
        return {
            **self._outputs,
            "stopper_extend": not self._gate,
            "infeed_run": not (self._gate and on["s_passed"]),
            "sortbelt_run": not waits,
        }

    def _may_go(self, on: Mapping[str, Any], now_s: float) -> bool:
        since_s = self._still_since_s
        back = on["red_pusher_retracted"] and on["blue_pusher_retracted"]
        return back and since_s is not None and now_s - since_s >= SETTLE_S

    def _sort(self, on: Mapping[str, Any]) -> None:
        kind = self._kind
        if kind == "high" and self._at_end and not on["s_end"]:
            self._kind = ""
        if kind not in ("red", "blue"):
            return
        self._pushed = self._pushed or on[f"{kind}_pusher_extended"]
        if self._pushed:
            self._outputs[f"{kind}_pusher_extend"] = False
            if on[f"{kind}_pusher_retracted"]:
                self._kind = ""
        elif on[f"s_{kind}"] and not on[f"{kind}_full"]:
            self._outputs[f"{kind}_pusher_extend"] = True


def sorting_run(monkeypatch: pytest.MonkeyPatch) -> LiveRun:
    """A live run of the cell whose own controller waits for somebody to press start."""
    monkeypatch.setattr("twin.kernel.clock.SLIP_S", SLIP_S)
    return LiveRun(load_line("sorting_cell"), rate=RATE)


def points_of(run: LiveRun) -> dict[str, IoPoint]:
    """The cell's points by name."""
    return {point.name: point for point in io_list(run.spec)}


def sorted_parts(run: LiveRun) -> int:
    """How many parts have left the cell."""
    return int(run.signals.read("sorting/made").value)


def assert_sorted(run: LiveRun, by: str) -> None:
    """Each part went where it belongs: a wrong one, a jam, a crash would be an incident."""
    assert sorted_parts(run) >= PARTS
    assert run.signals.read("sorting/incidents").value == 0
    assert str(run.signals.read("sorting/owner").value).startswith(by)
