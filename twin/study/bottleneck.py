"""Which asset holds the line back: the active-period method.

An asset is active while it works, is set up or is down, and inactive while it waits. At each
instant the asset whose unbroken active period is longest is the momentary bottleneck; where the
period of one bottleneck overlaps that of the next, the bottleneck shifts.
C. Roser, M. Nakano and M. Tanaka, "A practical bottleneck detection method", Winter Simulation
Conference 2001, and "Shifting bottleneck detection", Winter Simulation Conference 2002.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .statistics import Floats


class Period(NamedTuple):
    """A time during which an asset is active without a break."""

    begin_s: float
    end_s: float
    asset: str

    @property
    def length_s(self) -> float:
        """How long the period is."""
        return self.end_s - self.begin_s


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the time an asset is the bottleneck."""

    momentary: float = 0.0
    """Its active period is the longest of all that are going on."""
    sole: float = 0.0
    """It is so alone."""
    shifting: float = 0.0
    """Its period overlaps that of the bottleneck before or after it."""


def merged(active_s: ArrayLike) -> Floats:
    """Return an asset's active periods, (n, 2) float, those that touch made one.

    A wait that lasts no time is no break: a part leaves and the next comes in one instant.

    Args:
        active_s: begin and end of each active time, in order, (m, 2) float.
    """
    spans = np.asarray(active_s, dtype=float).reshape(-1, 2)
    spans = spans[spans[:, 1] > spans[:, 0]]
    if not spans.size:
        return spans
    fresh = np.append(True, spans[1:, 0] > spans[:-1, 1])
    return np.column_stack([spans[fresh, 0], spans[np.append(fresh[1:], True), 1]])


def candidates(active_s: Mapping[str, ArrayLike]) -> list[Period]:
    """Return the active periods that may be the longest of some instant, in order of time.

    One that lies within another is never the longest. What is left begins and ends in the same
    order, and it is little: of a long run, a few periods in a hundred.
    """
    names = sorted(active_s)
    spans = [merged(active_s[name]) for name in names]
    owner = np.repeat(np.arange(len(names)), [len(one) for one in spans])
    both = np.concatenate(spans) if spans else np.empty((0, 2))
    order = np.lexsort((owner, -both[:, 1], both[:, 0]))
    both, owner = both[order], owner[order]
    ends_so_far = np.maximum.accumulate(both[:, 1])
    leads = np.append(True, both[1:, 1] > ends_so_far[:-1])[: len(both)]
    return [
        Period(begin, end, names[index])
        for (begin, end), index in zip(both[leads].tolist(), owner[leads].tolist(), strict=True)
    ]


def reign(periods: Iterable[Period]) -> list[tuple[Period, float, float]]:
    """Return who is the momentary bottleneck, from when to when, in order of time.

    Of two equally long periods the one that began first stays; of those, the first id.
    """
    waiting = sorted(periods)
    running: list[tuple[float, float, str, Period]] = []
    reigns: list[tuple[Period, float, float]] = []
    index, now = 0, 0.0
    while index < len(waiting) or running:
        while running and running[0][3].end_s <= now:
            heapq.heappop(running)
        if not running:
            if index == len(waiting):
                break
            now = max(now, waiting[index].begin_s)
        while index < len(waiting) and waiting[index].begin_s <= now:
            one = waiting[index]
            heapq.heappush(running, (-one.length_s, one.begin_s, one.asset, one))
            index += 1
        while running and running[0][3].end_s <= now:
            heapq.heappop(running)
        if not running:
            continue
        chief = running[0][3]
        until = chief.end_s
        if index < len(waiting):
            until = min(until, waiting[index].begin_s)
        if reigns and reigns[-1][0] is chief:
            reigns[-1] = (chief, reigns[-1][1], until)
        else:
            reigns.append((chief, now, until))
        now = until
    return reigns


def shares(periods: Sequence[Period], begin_s: float, end_s: float) -> dict[str, Share]:
    """Return for each asset how much of the window it is the bottleneck, alone and shifting.

    `momentary` shares add up to at most 1; the rest is time in which nothing was active. Time in
    which the bottleneck shifts between two assets counts for both as `shifting`, for none as
    `sole`.
    """
    reigns = reign(periods)
    span = end_s - begin_s
    momentary = dict.fromkeys((one.asset for one in periods), 0.0)
    shifting = dict(momentary)
    shared = dict(momentary)
    for chief, begin, until in reigns:
        momentary[chief.asset] += _inside(begin, until, begin_s, end_s)
    for (old, _, handover), (new, _, _) in pairwise(reigns):
        begin, until = new.begin_s, old.end_s
        if until <= begin:
            continue
        for one in (old, new):
            shifting[one.asset] += _inside(begin, until, begin_s, end_s)
        shared[old.asset] += _inside(begin, min(handover, until), begin_s, end_s)
        shared[new.asset] += _inside(max(handover, begin), until, begin_s, end_s)
    return {
        asset: Share(
            momentary[asset] / span,
            max(0.0, momentary[asset] - shared[asset]) / span,
            min(1.0, shifting[asset] / span),
        )
        for asset in momentary
    }


def find(active_s: Mapping[str, ArrayLike], begin_s: float, end_s: float) -> dict[str, Share]:
    """Return for each asset how much of the window it is the bottleneck.

    Args:
        active_s: per asset, begin and end of its active times, (n, 2) float.
        begin_s: begin of the window.
        end_s: end of the window, after `begin_s`.
    """
    return dict.fromkeys(active_s, Share()) | shares(candidates(active_s), begin_s, end_s)


def _inside(begin: float, until: float, low: float, high: float) -> float:
    return max(0.0, min(until, high) - max(begin, low))
