"""Approaches: pairs of hulls followed in time until the first of them are too near."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .linkage import cross
from .pairs import Gauge
from .sweep import State, Sweep

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

CLOSE_M = 2e-4
"""So much above what pairs may be apart the search ends."""
SLIP_M = 5e-4
"""Pairs that touch at the start may come so much nearer."""
APART_M = 1e-3
"""So far beyond the margin they have come apart."""
FUZZ_M = 5e-6
"""More than the library's distances are off, also as seen along the direction that it gives."""


class Pairs(NamedTuple):
    """Hulls of one linkage that may come near to those of another, or of the same one."""

    other: Sweep
    """The arm's own where both belong to it."""
    mine: Indices
    """(p,): their numbers; of an arm's own the outer one."""
    theirs: Indices
    least: Array
    """(p,): nearer is too near, m."""
    touching: NDArray[np.bool_]
    """(p,): whether they may be as near as they are at the start."""
    near: NDArray[np.bool_]
    """(p, t): in which intervals they may be too near at all."""
    speed: Array
    """(p, t): bound of the speed of one as seen from the other, m/s."""
    accel: Array


class Meeting(NamedTuple):
    """Two hulls that are too near."""

    time_s: float
    distance_m: float
    mine: int
    pairs: Pairs
    theirs: int
    middle: Array
    """Half way between them."""


class Looks(NamedTuple):
    """Pairs at times."""

    far: Array
    """(k,) distance, m."""
    closing: Array
    """(k,) how fast any of their points come nearer along the line of the distance, at most."""
    spread: Array
    """(k,) by how much less fast others of them do, at most."""


class Approach:
    """Follows pairs of hulls.

    Args:
        arm: the arm that all pairs have in common.
        nodes: (t + 1,) times that bound the intervals.
        groups: the pairs.
    """

    def __init__(self, arm: Sweep, nodes: Array, groups: list[Pairs]) -> None:
        self.arm, self.nodes, self.groups = arm, nodes, groups
        self.group = np.repeat(np.arange(len(groups)), [len(each.mine) for each in groups])
        self.mine, self.theirs, self.least, self.touching, self.near, self.speed, self.accel = (
            np.concatenate([each[k] for each in groups]) for k in range(1, 8)
        )
        steps = np.diff(nodes)
        self.way = np.zeros((len(self.near), len(nodes)))
        np.cumsum(self.speed * steps, axis=1, out=self.way[:, 1:])
        own = arm.linkage.kit
        kits = [each.other.linkage.kit for each in groups]
        self.gauges = [
            Gauge(own.shapes[i], kits[g].shapes[j])
            for g, i, j in zip(self.group, self.mine, self.theirs, strict=True)
        ]
        self.reach = own.reach[self.mine]
        self.other_reach = np.concatenate([
            # Of two of the arm's own the outer one counts as seen from the inner one.
            np.zeros(len(each.mine)) if each.other is arm else kits[g].reach[each.theirs]
            for g, each in enumerate(groups)
        ])  # fmt: skip

    def first(self) -> Meeting | None:
        """Return the first two hulls that come too near to each other; None: none do.

        Each interval in which a pair may be too near is gone through by itself, all at once. Only
        pairs that touch at the start are followed from one to the next.
        """
        self._pass_over()
        nodes, last = self.nodes, len(self.nodes) - 1
        begins = self.near.copy()
        begins[self.touching] = False
        first = self.near.argmax(axis=1)
        follow = np.flatnonzero(self.touching & self.near.any(axis=1))
        begins[follow, first[follow]] = True
        pair, index = np.nonzero(begins)
        times = nodes[index]
        ends = nodes[np.where(self.touching[pair], last, index + 1)]
        later = np.where(self.near, np.arange(last), last)
        later = np.minimum.accumulate(later[:, ::-1], axis=1)[:, ::-1]
        may, waits = self.least[pair], self.touching[pair]
        best: tuple[float, int] | None = None
        begun = False
        while len(pair):
            found = self._look(pair, times)
            if not begun:
                may = np.where(waits, np.minimum(may, found.far - SLIP_M), may)
                begun = True
            free = waits & (found.far > self.least[pair] + APART_M)
            may = np.where(free, self.least[pair], may)
            waits = waits & ~free
            left = found.far - may
            met = left <= CLOSE_M
            for k in np.flatnonzero(met):
                best = min(best or (np.inf, 0), (float(times[k]), int(pair[k])))
            after = self._later(pair, times, left - FUZZ_M, found.closing)
            # What has been shown to be clear is passed over.
            index = np.minimum(nodes.searchsorted(after, side="right") - 1, last - 1)
            due = later[pair, index]
            passed = self.touching[pair] & (due > index)
            after = np.where(passed, nodes[due], after)
            may = np.where(passed & waits, self.least[pair], may)
            waits = waits & ~passed
            going = ~met & (after < ends)
            if best is not None:
                going &= after <= best[0]
            pair, times, ends = pair[going], after[going], ends[going]
            may, waits = may[going], waits[going]
        return None if best is None else self._meeting(*best)

    def _pass_over(self) -> None:
        """Take intervals off `near` that the distance in their middle shows to be clear."""
        pair, index = np.nonzero(self.near)
        if not len(pair):
            return
        half = self.arm.half_s[index]
        found = self._measure(pair, self.arm.state, index, middles=index)
        fast = np.maximum(np.abs(found.closing), np.abs(found.closing - found.spread))
        along = fast * half + self.accel[pair, index] * np.square(half) / 2.0
        way = np.minimum(self.speed[pair, index] * half, along)
        clear = found.far - FUZZ_M - way > self.least[pair] + CLOSE_M
        self.near[pair[clear], index[clear]] = False

    def _meeting(self, time_s: float, pair: int) -> Meeting:
        times, number = np.array([time_s]), np.array([pair])
        far = float(self._look(number, times).far[0])
        one, other = self.gauges[pair].points
        group = self.groups[self.group[pair]]
        middle = (one + other) / 2.0
        return Meeting(time_s, far, int(self.mine[pair]), group, int(self.theirs[pair]), middle)

    def _later(self, pair: Indices, times: Array, left: Array, closing: Array) -> Array:
        """Return until when pairs are certain not to come nearer by more than is left, (k,)."""
        nodes, last = self.nodes, len(self.nodes) - 1
        left = np.maximum(left, CLOSE_M / 2.0)
        index = np.minimum(nodes.searchsorted(times, side="right") - 1, last - 1)
        way = self.way[pair]
        goal = self.way[pair, index] + self.speed[pair, index] * (times - nodes[index]) + left
        until = np.minimum((way <= goal[:, None]).sum(axis=1) - 1, last)
        inner = np.minimum(until, last - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            more = (goal - self.way[pair, inner]) / self.speed[pair, inner]
        by_speed = np.where(until >= last, nodes[-1], nodes[inner] + more)
        here = times + _fall(left, closing, self.accel[pair, index])
        return np.asarray(np.maximum(by_speed, np.minimum(here, nodes[index + 1])))

    def _look(self, pair: Indices, times: Array) -> Looks:
        """Return pairs at times."""
        return self._measure(pair, State.at(self.arm.linkage, times), np.arange(len(pair)), times)

    def _measure(
        self, pair: Indices, mine: State, at: Indices, times: Array | None = None,
        *, middles: Indices | None = None,
    ) -> Looks:  # fmt: skip
        """Return pairs at times.

        Args:
            pair: their numbers, (k,).
            mine: how the arm lies and moves.
            at: at which of its times each of them counts, (k,).
            times: the time of each; for the middles of intervals not needed.
            middles: instead of them, numbers of intervals.
        """
        count = len(pair)
        turn, place, centre, spin, flow = mine.of(self.mine[pair], at)
        spin_off, drift = np.zeros((count, 3)), np.zeros((count, 3))
        turn2, place2 = np.empty((count, 3, 3)), np.empty((count, 3))
        group = self.group[pair]
        for number, each in enumerate(self.groups):
            rows = np.flatnonzero(group == number)
            if not len(rows):
                continue
            theirs, state, when = self.theirs[pair[rows]], each.other.state, at[rows]
            if middles is None and each.other is self.arm:
                state = mine
            elif middles is None and not each.other.linkage.still:
                assert times is not None
                state, when = State.at(each.other.linkage, times[rows]), np.arange(len(rows))
            elif each.other.linkage.still:
                when = np.zeros_like(rows)
            turn2[rows], place2[rows], centre2, spin2, flow2 = state.of(theirs, when)
            if each.other is self.arm:
                # Both turn along with the inner link: what counts is the movement seen from there.
                spin[rows] -= spin2
                flow[rows] -= flow2
            elif not each.other.linkage.still:
                spin_off[rows] = spin2
                drift[rows] = flow2 + cross(spin2, centre2)
        far, along = self._distances(pair, turn, place, turn2, place2)
        closing = ((flow + cross(spin, centre) - drift) * along).sum(axis=1)
        spread = self.reach[pair] * _length(cross(spin, along))
        spread += self.other_reach[pair] * _length(cross(spin_off, along))
        return Looks(far, closing + spread, 2.0 * spread)

    def _distances(
        self, pair: Indices, turn: Array, place: Array, turn2: Array, place2: Array
    ) -> tuple[Array, Array]:
        far, along = np.empty(len(pair)), np.empty((len(pair), 3))
        gauges = self.gauges
        for k, number in enumerate(pair.tolist()):
            gauge = gauges[number]
            far[k] = gauge.far(turn[k], place[k], turn2[k], place2[k])
            along[k] = gauge.normal
        return far, along


def _length(vectors: Array) -> Array:
    return np.asarray(np.sqrt(np.square(vectors).sum(axis=-1)))


def _fall(left: Array, closing: Array, accel: Array) -> Array:
    """Return after what time h the sum w h + a h²/2 is `left`, in the form that does not cancel."""
    root = closing + np.sqrt(np.square(closing) + 2.0 * accel * left)
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(root > 0.0, 2.0 * left / np.maximum(root, 1e-300), np.inf))
