"""Contacts: when an arm first comes too near to anything, and how near it is now.

**Never a miss.** At a time t let d be the distance of two convex hulls, and n the direction from
the one to the other. Both move in closed form, so there are bounds that hold for all their points
until a later time: of speed, s, and of acceleration, a, both summed over the two (`sweep`). No
point comes nearer by more than the integral of s, so the hulls are at least d − ∫ s apart; and
along n the fastest approach w of any of their points at t is known, so they are at least
d − w h − a h²/2 apart after a time h. The next look is at the latest time until which either says
that they are further apart than they may be. It is never later than the first contact, whatever
happens in between, and no step is chosen by trial. Where the same bounds show that spheres around
the one stay clear of a box around the other, no look is needed at all.

The steps end when the hulls are `CLOSE_M` or less above what they may be apart. So the answer is
never later than the true moment, and at it they are at most that much too far apart.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, floor, inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.spec.messages import Phrase, phrase
from twin.wire.model import Piece

from .approach import CLOSE_M, Approach, Meeting, Pairs
from .hulls import Hull
from .linkage import Linkage, of_arm, of_neighbour, of_obstacles
from .obstacle import Jointed, Moves, Neighbour, Obstacle, Spin, Thing
from .order import Joints, Track
from .pairs import Gauge, Others, ball, least, lies, may_meet, own_pairs, pose, soft, split
from .placement import Placement, Vector
from .sweep import Room, Sweep, clear

__all__ = [
    "MARGIN_M", "Contact", "Hull", "Moves", "Nearest", "Neighbour", "Obstacle", "Spin", "Thing",
    "first_contact", "nearest", "touching_at", "would_meet",
]  # fmt: skip

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Touching = frozenset[tuple[str, str]]
"""Pairs of names (mine, other) as `Contact` gives them."""

MARGIN_M = 0.002
"""Nearer than this counts as contact."""
INTERVAL_S = 0.05
LEAST_INTERVALS, MOST_INTERVALS = 12, 64
"""Into how many a movement is cut: fine enough for bounds that tell, no finer."""
STILL_M = 1e-7
"""What moves by less against each other in all does not move."""
TICK_S = 1e-6
"""Answers are rounded down to it: the last bits of a sine are not the same on each processor."""


class Contact(NamedTuple):
    """The moment at which an arm comes too near to something."""

    time_s: float
    mine: str
    """Name of the arm's link, or of what it holds."""
    other: str
    """Name of the obstacle or robot; of a link, where the arm meets itself."""
    distance_m: float
    """How far they are apart then; below 0: how deep they are in each other."""
    point: Vector
    """Half way between them, in the workcell, m."""
    part: str = ""
    """Which hull of the other it is."""

    @property
    def pair(self) -> tuple[str, str]:
        """The names, as `touching` takes them."""
        return self.mine, self.other


class Nearest(NamedTuple):
    """How near an arm is to anything."""

    distance_m: float
    mine: str
    other: str
    point: Vector
    """Of the arm's, in the workcell, m."""
    other_point: Vector


def first_contact(
    arm: Jointed,
    foot: Placement,
    track: Track,
    from_s: float,
    obstacles: Sequence[Thing],
    *,
    held: Sequence[Hull] = (),
    margin_m: float = MARGIN_M,
    touching: Touching = frozenset(),
    until_s: float | None = None,
    moves: Moves = (),
) -> Contact | None:
    """Return when an arm first comes nearer than a margin to anything; None: it never does.

    Args:
        arm: the arm.
        foot: of the arm in the workcell (before `moves`).
        track: how its joints move.
        from_s: from when on.
        obstacles: all that it must not touch. Itself it knows.
        held: tool and held part, in the flange's frame; their roles `tool` and `held`.
        margin_m: nearer counts as contact. A held part and what is no robot may touch.
        touching: pairs that are near each other at `from_s` already, because they have stopped
            there or belong there. They may stay so and part, and come no nearer than they are by
            more than `SLIP_M`; once they are `APART_M` beyond the margin they count like all.
        until_s: up to when; None: until the last movement has ended that ever does, of the arm or
            of an obstacle.
        moves: what carries the foot: external axes.

    Call again, with the time from which on it holds, when anything moves otherwise than was said.
    """
    holds = tuple(held)
    mine = of_arm(arm, foot, track, holds, moves)
    lying = [each for each in obstacles if lies(each)]
    others = _others([each for each in obstacles if not lies(each)])
    end_s = until_s
    if end_s is None:
        end_s = max(mine.course.ends_s, from_s, *(o.linkage.course.ends_s for o in others))
    nodes = _nodes(from_s, max(end_s, from_s + TICK_S))
    sweep = Sweep(mine, nodes)
    near = _within(sweep.room, lying, margin_m + CLOSE_M)
    others += [_still(near)] if near else []
    groups = [_against(sweep, Sweep(o.linkage, nodes), o, margin_m, touching) for o in others]
    groups.append(_itself(sweep, own_pairs(arm, holds, margin_m), margin_m, touching))
    groups = [each for each in groups if len(each.mine)]
    if not groups:
        return None
    met = Approach(sweep, nodes, groups).first()
    if met is None:
        return None
    names = next((o.names for o in others if o.linkage is met.pairs.other.linkage), None)
    return _contact(mine, met, names, from_s)


def _contact(mine: Linkage, met: Meeting, names: tuple[str, ...] | None, from_s: float) -> Contact:
    one, other = mine.kit.hulls[met.mine].name, met.pairs.other.linkage.kit.hulls[met.theirs].name
    time_s = max(floor(met.time_s / TICK_S) * TICK_S, from_s)
    x, y, z = met.middle.tolist()
    if names is None:
        return Contact(time_s, other, one, met.distance_m, (x, y, z), one)
    return Contact(time_s, one, names[met.theirs], met.distance_m, (x, y, z), other)


def _others(things: Sequence[Thing]) -> list[Others]:
    """Return all but the arm itself, by what moves it."""
    fixed, groups, robots = split(things)
    found = [_still(fixed)] if fixed else []
    found += [_group(each) for each in groups]
    for robot in robots:
        made = of_neighbour(robot)
        count = len(made.kit.hulls)
        found.append(Others(made, (robot.name,) * count, np.zeros(count, dtype=np.int8)))
    return found


def _group(obstacles: Sequence[Obstacle]) -> Others:
    """Return obstacles that move as one."""
    doubled = [soft(each) for each in obstacles]
    names = [each.name for each, _ in doubled for _ in each.hulls]
    variant = np.array([kind for _, kinds in doubled for kind in kinds], dtype=np.int8)
    return Others(of_obstacles([each for each, _ in doubled]), tuple(names), variant)


def _within(room: Room, obstacles: Sequence[Obstacle], margin_m: float) -> tuple[Obstacle, ...]:
    """Return the obstacles that lie within a room or near it."""
    low, high = room.low.min(axis=0).tolist(), room.high.max(axis=0).tolist()
    found = []
    for each in obstacles:
        middle, radius = ball(each)
        spare = radius + margin_m
        if all(a - spare <= x <= b + spare for a, x, b in zip(low, middle, high, strict=True)):
            found.append(each)
    return tuple(found)


@lru_cache(maxsize=256)
def _still(obstacles: tuple[Obstacle, ...]) -> Others:
    return _group(obstacles)


def _nodes(from_s: float, end_s: float) -> Array:
    count = min(max(ceil((end_s - from_s) / INTERVAL_S), LEAST_INTERVALS), MOST_INTERVALS)
    return np.linspace(from_s, end_s, count + 1)


def _against(
    mine: Sweep, theirs: Sweep, others: Others, margin_m: float, touching: Touching
) -> Pairs:
    """Return the pairs of an arm's hulls with others that may come too near."""
    kit, other = mine.linkage.kit, theirs.linkage
    speed, accel = mine.whole
    close = np.flatnonzero(mine.room.meets(theirs.room, margin_m + CLOSE_M))
    speed2, accel2 = (each[close] for each in theirs.whole)
    may = least(kit, other.kit, margin_m)[:, close]
    step = (speed[:, None] + speed2[None]) * mine.half_s
    near = clear(mine, theirs, close) - step <= may[:, :, None] + CLOSE_M
    near &= may_meet(kit, others)[:, close, None]
    # What stands on each other, the base on its table, does so by design.
    near &= (step.sum(axis=2) > STILL_M)[:, :, None]
    i, j = np.nonzero(near.any(axis=2))
    pairs = [
        (kit.hulls[a].name, others.names[b]) in touching for a, b in zip(i, close[j], strict=True)
    ]
    return Pairs(
        theirs, i, close[j], may[i, j], np.array(pairs, dtype=bool), near[i, j],
        speed[i] + speed2[j], accel[i] + accel2[j],
    )  # fmt: skip


def _itself(
    mine: Sweep, pairs: tuple[Indices, Indices], margin_m: float, touching: Touching
) -> Pairs:
    """Return the pairs of an arm's own hulls that may come too near."""
    inner, outer = pairs
    linkage = mine.linkage
    hulls = linkage.kit.hulls
    speed, accel = mine.flow(outer, linkage.link[inner])
    far = clear(mine, mine, np.arange(len(hulls)))[outer, inner]
    may = np.full(len(inner), margin_m)
    near = far - speed * mine.half_s <= may[:, None] + CLOSE_M
    near &= (speed.sum(axis=1) > 0.0)[:, None]
    kept = near.any(axis=1)
    inner, outer = inner[kept], outer[kept]
    held = [
        hulls[b].role == "held" or (hulls[a].name, hulls[b].name) in touching
        for a, b in zip(inner, outer, strict=True)
    ]
    return Pairs(
        mine, outer, inner, may[kept], np.array(held, dtype=bool), near[kept],
        speed[kept], accel[kept],
    )  # fmt: skip


# ---- now


def touching_at(
    arm: Jointed,
    foot: Placement,
    q: Joints,
    obstacles: Sequence[Thing],
    *,
    held: Sequence[Hull] = (),
    margin_m: float = MARGIN_M,
    time_s: float = 0.0,
    moves: Moves = (),
) -> Touching:
    """Return the pairs that are too near at a time: what `first_contact` may take as `touching`."""
    found = _look(arm, foot, q, obstacles, tuple(held), margin_m, time_s, moves)
    return frozenset(
        (each.mine, each.other) for each, may in found if each.distance_m <= may + CLOSE_M
    )


def nearest(
    arm: Jointed,
    foot: Placement,
    q: Joints,
    obstacles: Sequence[Thing],
    *,
    held: Sequence[Hull] = (),
    time_s: float = 0.0,
    moves: Moves = (),
) -> Nearest | None:
    """Return how near an arm is to anything but itself at a time; None: there is nothing.

    Args:
        arm: the arm.
        foot: of the arm in the workcell (before `moves`).
        q: its joints.
        obstacles: all that it must not touch.
        held: tool and held part, in the flange's frame.
        time_s: when, for what moves.
        moves: what carries the foot.
    """
    found = _look(arm, foot, q, obstacles, tuple(held), None, time_s, moves)
    return min((each for each, _ in found), key=lambda each: each.distance_m, default=None)


def _look(
    arm: Jointed, foot: Placement, q: Joints, obstacles: Sequence[Thing], held: tuple[Hull, ...],
    margin_m: float | None, time_s: float, moves: Moves,
) -> list[tuple[Nearest, float]]:  # fmt: skip
    """Return the nearest pairs, or all that may be nearer than the margin, with what they may."""
    mine = of_arm(arm, foot, tuple((Piece(time_s, each),) for each in q), held, moves)
    nodes = np.array([time_s, time_s + TICK_S])
    sweep = Sweep(mine, nodes)
    at = np.array([time_s])
    q_mine, _ = mine.course.at(at)
    frames = mine.frames(q_mine)
    found: list[tuple[Nearest, float]] = []
    best = inf
    for others in _others(obstacles):
        other = others.linkage
        theirs = Sweep(other, nodes)
        far = clear(sweep, theirs, np.arange(len(other.kit.hulls)))[:, :, 0]
        far = np.where(may_meet(mine.kit, others), far, inf)
        may = least(mine.kit, other.kit, margin_m or 0.0)
        if margin_m is None:
            far = np.where(mine.link[:, None] > len(moves), far, inf)
        other_frames = other.frames(other.course.at(at)[0])
        for number in np.argsort(far, axis=None, kind="stable").tolist():
            i, j = divmod(number, far.shape[1])
            if far[i, j] > (best if margin_m is None else margin_m + CLOSE_M):
                break
            gauge = Gauge(mine.kit.shapes[i], other.kit.shapes[j])
            d = gauge.far(*pose(mine, *frames, i, 0), *pose(other, *other_frames, j, 0))
            best = min(best, d)
            one, two = (tuple(point.tolist()) for point in gauge.points)
            pair = (mine.kit.hulls[i].name, others.names[j])
            found.append((Nearest(d, *pair, one, two), float(may[i, j])))
    return found


def would_meet(contact: Contact, now_s: float, other: Phrase | str = "") -> Phrase:
    """Return what a person reads about a contact that is foreseen.

    Args:
        contact: the contact.
        now_s: the time.
        other: what people call the other; empty: by its name.
    """
    ahead = max(contact.time_s - now_s, 0.0)
    key = "robot.contact_now" if ahead < 0.05 else "robot.contact"
    return phrase(key, mine=contact.mine, other=other or contact.other, time=f"{ahead:.1f}")
