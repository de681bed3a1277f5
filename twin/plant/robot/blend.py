"""Blends: the next movement joins in while the arm still slows down to a fly-by point.

Both movements are added: the running one stops at its target, the next one begins there, and while
they overlap each joint makes the sum of both steps. So pieces stay pieces, speed and acceleration
stay without a jump, and the movement leads from the first path to the second inside the zone. What
must be judged is how early the next one may begin: as early as limits and zone allow; at the latest
when the first is at rest, which always goes.
"""

from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.wire.model import Path, Piece

from .chain import Chain, Poses, chain
from .group import Group, world
from .limits import allowed, excess
from .moves import Plan, begun, nominal
from .nominal import CAUTION, KEPT, LEAST, Nominal, tool_speed
from .order import Move, Track
from .placement import HERE, Placement
from .profile import Begin
from .rate import bend, reaches, state
from .ring import Ring
from .spline import NoSpline, track_along
from .track import SAME_S, Curve, curve

if TYPE_CHECKING:
    from .arm import Arm

Array = NDArray[np.float64]

DELAYS = (0.0, 0.2, 0.4, 0.6, 0.8)
"""Shares of the time until the running movement rests, after which the next may begin."""
HALVINGS = 3
"""Of the step between a share that is too small and one that is not."""
FASTER = 1.05
"""In a blend the tool may be this much faster than the faster of both movements is meant to be."""
SHARE = 0.98
LONG_S = 0.3
WAYS = frozenset({"linear", "circular"})
SHORTEST_S = 1e-3
LOOKS = 9
"""So many places of a way tell whether it is an arc."""


def blend(
    arm: "Arm | Group",
    foot: Placement,
    now_s: float,
    running: Plan,
    move: Move,
    *,
    limit_m_s: float | None = None,
) -> Plan:
    """Return the running movement with the next one joined to it.

    Args:
        arm: which moves.
        foot: of the arm, in the workcell.
        now_s: not before `running.enters_s`; later is possible, the corner is then sharper.
        running: ends at a fly-by point.
        move: the next one.
        limit_m_s: as of `plan`.

    Raises:
        MoveRefused: the next movement cannot be done; the running one may go on to its end.
    """
    passed, rate, _ = state(running.law, now_s)
    if abs(passed - running.entry_s) < SAME_S * 10.0:
        passed = running.entry_s  # so that what was worked out once is found again
    last_s = running.nominal[0][-1].t0
    if passed >= last_s - SAME_S:
        joints = tuple(path[-1].p for path in running.nominal)
        return begun(nominal(arm, foot, joints, move, limit_m_s), now_s, rate or 1.0, move)
    both = _joined(arm, foot, running.nominal, passed, running.move, move, limit_m_s)
    law = _shifted(running.law, now_s, passed)
    last = law[-1].v
    if len(law) > 1:
        # The rate is just changing: on the new way as fast as the axes allow there.
        found = Plan(running.track, inf, inf, both.track, law, both.entry_s, move)
        return bend(arm, found, now_s, last)
    goes = both.curve.scaled(now_s, last)
    enters_s = reaches(law, both.entry_s)
    return Plan(goes.track(), enters_s, goes.ends_s, both.track, law, both.entry_s, move)


@lru_cache(maxsize=KEPT)
def _joined(
    arm: "Arm | Group", foot: Placement, running: Track, passed: float, before: Move, move: Move,
    limit_m_s: float | None,
) -> Nominal:  # fmt: skip
    """Return what is left of a movement with the next one joined to it."""
    whole = curve(running)
    rest = whole.since(passed)
    begin = Begin(round(rest.ends_s, 4), before.zone_m)
    if isinstance(arm, Group) and before.on != move.on:
        # Each is seen from another work object: there is no common corner. It stops in the point.
        second = nominal(arm, foot, whole.last, move, limit_m_s)
        both = _both(rest, second.curve, rest.ends_s)
        return Nominal(both, both.track(), rest.ends_s + second.entry_s)
    second = nominal(arm, foot, whole.last, move, limit_m_s, begin)
    zone = _Zone(arm, before, move, rest, limit_m_s)
    delay_s = _delay(arm, zone, rest, second)
    if delay_s > 0.0 or rest.ends_s > LONG_S:
        # To begin gently takes its time: it may be sooner there that begins later, but harder.
        quick = nominal(arm, foot, whole.last, move, limit_m_s)
        if quick.curve.ends_s < delay_s + second.curve.ends_s:
            quick_s = _delay(arm, zone, rest, quick)
            if quick_s + quick.curve.ends_s < delay_s + second.curve.ends_s:
                second, delay_s = quick, quick_s
    both = _both(rest, second.curve, delay_s)
    ways = before.kind in WAYS and move.kind in WAYS and before.tool.tip == move.tool.tip
    if ways and not isinstance(arm, Group):
        arcs = before.kind == move.kind == "circular"
        led = _led(arm, before.tool.tip, rest, second.curve, delay_s, both, arcs=arcs)
        if led is not None and allowed(arm, led) and zone.holds(led):
            both = led
    return Nominal(both, both.track(), delay_s + second.entry_s)


def _delay(arm: "Arm | Group", zone: "_Zone", rest: Curve, second: Nominal) -> float:
    """Return how soon the second movement may begin, at the latest when the first is at rest."""

    def good(share: float) -> bool:
        delay_s = share * rest.ends_s
        if second.entry_s + delay_s < rest.ends_s:
            return False
        both = _both(rest, second.curve, delay_s)
        return excess(arm, both, SHARE).factor <= 1.0 and allowed(arm, both) and zone.holds(both)

    late = next((share for share in DELAYS if good(share)), 1.0)
    if late > 0.0:
        early = max((share for share in DELAYS if share < late), default=0.0)
        for _ in range(HALVINGS):
            middle = (early + late) / 2.0
            if good(middle):
                late = middle
            else:
                early = middle
    return late * rest.ends_s


def _led(
    arm: "Arm", tip: Placement, first: Curve, second: Curve, delay_s: float, near: Curve, *,
    arcs: bool,
) -> Curve | None:  # fmt: skip
    """Return the sum of two ways of the tool, where that of their joints is only nearly so.

    On one circle it is the sum of the arcs, so that the tool goes on round.
    """
    until_s = first.ends_s
    if until_s - delay_s < SHORTEST_S:
        return None
    links = chain(arm)
    corner = links.tip(np.array([first.last]), tip)
    middle = corner.place[0]
    ring = _ring(links, tip, first, second, middle) if arcs else None

    def poses(times: Array) -> Poses:
        one = links.tip(first.at(times).T, tip)
        two = links.tip(second.at(times - delay_s).T, tip)
        if ring is None:
            place = one.place + two.place - middle
        else:
            place = ring.added(one.place, two.place, middle)
        return Poses(place, one.turn @ corner.turn[0].T @ two.turn)

    inner = near.times[(near.times > delay_s + SHORTEST_S) & (near.times < until_s - SHORTEST_S)]
    ends = np.array([delay_s, until_s])
    _, speeds, _, _ = near.state(ends)
    try:
        found = track_along(
            links, tip, poses, np.concatenate((ends[:1], inner, ends[1:])), near.at,
            (speeds[:, 0], speeds[:, 1]),
        )  # fmt: skip
    except NoSpline:
        return None
    return near.then(found).then(near.from_time(until_s))


def _ring(links: Chain, tip: Placement, first: Curve, second: Curve, corner: Array) -> Ring | None:
    """Return the circle that two arcs are on; None: they are on two."""
    shares = np.linspace(0.0, 1.0, LOOKS)
    ahead = links.tip(second.at(shares * second.ends_s).T, tip).place
    behind = links.tip(first.at(shares * first.ends_s).T, tip).place
    ring = Ring.through(corner, *ahead[[LOOKS // 3, 2 * LOOKS // 3]])
    whole = np.concatenate((behind, ahead))
    return ring if ring is not None and ring.holds(whole, corner) else None


def _both(first: Curve, second: Curve, delay_s: float) -> Curve:
    return first.plus(second._replace(times=second.times + delay_s), first.last)


def _shifted(law: Path, now_s: float, passed: float) -> Path:
    """Return what is left of a law from a time on, its nominal time beginning at 0."""
    p, v, a = state(law, now_s)
    index = max(sum(piece.t0 <= now_s for piece in law) - 1, 0)
    begin = Piece(now_s, p - passed, v, a, law[index].j)
    return (begin, *(piece._replace(p=piece.p - passed) for piece in law[index + 1 :]))


class _Zone:
    """Whether the tool stays in the zone around a corner while two movements overlap."""

    def __init__(
        self, arm: "Arm | Group", before: Move, after: Move, first: Curve, limit_m_s: float | None
    ) -> None:
        self.arm, self.chain, self.tip = arm, chain(arm), before.tool.tip
        self.radius_m = before.zone_m
        self.limit_m_s = limit_m_s
        self.lasts_s = first.ends_s
        self.corner = self.chain.tip(np.array([first.last]), self.tip).place
        self.levers = self.chain.levers(self.tip)
        timed = before.duration_s > 0.0 or after.duration_s > 0.0
        self.fastest = inf if timed else FASTER * max(before.speed_m_s, after.speed_m_s, LEAST)

    def holds(self, both: Curve) -> bool:
        """Return whether it does, everywhere.

        Between two samples h apart a point is off the straight line by no more than h²/8 times its
        acceleration, whose bound the joints give.
        """
        _, _, speed, accel = both.extremes()
        # |p̈| ≤ Σ |q̈_i| L_i + (Σ |q̇_i|)² L
        bound = float(accel @ self.levers + self.chain.spin(speed) * (speed @ self.levers))
        h = np.sqrt(8.0 * 0.015 * self.radius_m / max(bound, 1e-9))
        count = int(np.clip(self.lasts_s / h, 4, 400)) + 1
        times = np.linspace(0.0, self.lasts_s, count + 1)
        step = self.lasts_s / count
        places = self.chain.tip(both.at(times).T, self.tip).place
        far = np.sqrt(np.square(places - self.corner).sum(axis=1)).max()
        if far + step * step / 8.0 * bound > self.radius_m:
            return False
        rates = np.sqrt(np.square(np.diff(places, axis=0)).sum(axis=1)) / step
        if rates.max() > self.fastest:
            return False
        if self.limit_m_s is None:
            return True
        seen = world(self.arm)
        fast = max(tool_speed(seen, both, tip) for tip in (self.tip, HERE))
        return fast <= CAUTION * self.limit_m_s
