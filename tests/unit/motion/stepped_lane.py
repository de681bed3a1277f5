"""The law of contact on belts without events: small steps, halved until halving changes nothing.

It knows only where parts are and how far each surface runs within a step. It shares no code and no
way of thinking with the plant: no roots, no polynomials of parts, no next event.
"""

from dataclasses import dataclass, field, replace
from itertools import pairwise

FINE_S = 2.5e-7
SAME_M = 1e-10
WIDE_S = 0.01


@dataclass
class Surface:
    """A belt: its drive ramps its speed to the set point, or changes it at once."""

    length: float
    accel: float | None
    keeps: float = 0.0
    rigid: bool = False
    orders: list[tuple[float, float]] = field(default_factory=list)
    """Set points: (from when on, speed)."""

    def run(self, until: float) -> float:
        """Return how far it has run at a time."""
        way, speed, since = 0.0, 0.0, 0.0
        for (start, target), (end, _) in pairwise([*self.orders, (until, 0.0)]):
            if start >= until:
                break
            way += speed * (start - since)
            left = min(end, until) - start
            if self.accel is None:
                speed = target
            else:
                ramp = min(left, abs(target - speed) / self.accel)
                rate = self.accel if target > speed else -self.accel
                way += speed * ramp + rate * ramp * ramp / 2.0
                done = ramp < left
                speed = target if done else speed + rate * ramp
                left -= ramp
            way += speed * left
            since = min(end, until)
        return way


@dataclass
class Piece:
    """A part: its middle and half its length."""

    number: int
    at: float
    half: float
    held: bool = False


@dataclass
class World:
    """Belts in line, parts in order, and what stands across."""

    belts: list[Surface]
    pieces: list[Piece]
    blocks: dict[str, float] = field(default_factory=dict)
    gone: list[tuple[float, int, int]] = field(default_factory=list)
    """Parts that left: (when, number, way)."""

    @property
    def seams(self) -> list[float]:
        seams = [0.0]
        for belt in self.belts:
            seams.append(seams[-1] + belt.length)
        return seams

    def copy(self) -> "World":
        return World(
            self.belts,
            [replace(piece) for piece in self.pieces],
            dict(self.blocks),
            list(self.gone),
        )


def step(world: World, start: float, end: float) -> World:
    """Return the world after one step in which nothing but small things happens."""
    seams = world.seams
    moves = [belt.run(end) - belt.run(start) for belt in world.belts]
    after = world.copy()
    for _ in range(len(moves) + 1):
        after = world.copy()
        _shift(world, after, moves, seams)
        slowed = _drag(world, after, moves, seams)
        if slowed == moves:
            break
        moves = slowed
    for piece in list(after.pieces):
        way = (piece.at >= seams[-1] - SAME_M) - (piece.at <= SAME_M)
        below = -1 if way > 0 else 0
        if way and moves[below] * way > 0 and not piece.held:
            after.gone.append((end, piece.number, way))
            after.pieces.remove(piece)
    return after


def _below(at: float, seams: list[float], moves: list[float]) -> int:
    """Return which belt is below a middle; on a seam the one that it is brought to."""
    for index, seam in enumerate(seams[1:-1]):
        if abs(at - seam) <= SAME_M:
            return index + 1 if moves[index] > 0 and moves[index + 1] >= 0 else index
        if at < seam:
            return index
    return len(moves) - 1


def _free(piece: Piece, moves: list[float], seams: list[float]) -> float:
    """Return where a part would go if nothing was in its way."""
    if piece.held:
        return piece.at
    index = _below(piece.at, seams, moves)
    to = piece.at + moves[index]
    if index + 1 < len(moves) and to > seams[index + 1] >= piece.at:
        share = 1.0 - (seams[index + 1] - piece.at) / moves[index]
        to = seams[index + 1] + share * max(0.0, moves[index + 1])
    elif index > 0 and to < seams[index] <= piece.at:
        share = 1.0 - (seams[index] - piece.at) / moves[index]
        to = seams[index] + share * min(0.0, moves[index - 1])
    return to


def _shift(world: World, after: World, moves: list[float], seams: list[float]) -> None:
    """Move every part as far as what is ahead of it lets it."""
    old = world.pieces
    keeps = [world.belts[_below(piece.at, seams, moves)].keeps for piece in old]
    new = [_free(piece, moves, seams) for piece in old]
    for index in reversed(range(len(old))):
        _limit(world, old, new, keeps, index, 1)
    for index in range(len(old)):
        _limit(world, old, new, keeps, index, -1)
    for piece, at in zip(after.pieces, new, strict=True):
        piece.at = at


def _limit(
    world: World, old: list[Piece], new: list[float], keeps: list[float], index: int, way: int
) -> None:
    piece = old[index]
    wants = way * (new[index] - piece.at)
    if wants <= 0:
        return
    for at in world.blocks.values():
        room = way * (at - piece.at) - piece.half
        if room > -1e-6:
            wants = min(wants, max(0.0, room))
    other = index + way
    if 0 <= other < len(old):
        front = old[other]
        gap = way * (front.at - piece.at) - piece.half - front.half - keeps[index]
        goes = way * (new[other] - front.at)
        if goes >= 0:
            wants = min(wants, max(0.0, gap) + goes)
        elif gap <= SAME_M:
            wants = 0.0
        elif wants - goes > gap:
            wants = gap * wants / (wants - goes)  # they meet on the way
    new[index] = piece.at + way * wants


def _drag(world: World, after: World, moves: list[float], seams: list[float]) -> list[float]:
    """Return how far the surfaces go when rigid ones go no further than their slowest part."""
    slowed = list(moves)
    for before, now in zip(world.pieces, after.pieces, strict=True):
        index = _below(before.at, seams, moves)
        went = now.at - before.at
        if not seams[index] - SAME_M <= now.at <= seams[index + 1] + SAME_M:
            continue  # it has come onto another belt
        if world.belts[index].rigid and abs(went) < abs(slowed[index]) - 1e-15:
            slowed[index] = went
    return slowed


def _differ(one: World, other: World) -> bool:
    if [piece.number for piece in one.pieces] != [piece.number for piece in other.pieces]:
        return True
    return any(
        abs(a.at - b.at) > SAME_M for a, b in zip(one.pieces, other.pieces, strict=True)
    )  # fmt: skip


def go(world: World, start: float, end: float, whole: World | None = None) -> World:
    """Return the world after any time, in steps as small as it takes."""
    whole = whole or step(world, start, end)
    if end - start < FINE_S:
        return whole
    middle = (start + end) / 2.0
    half = step(world, start, middle)
    halves = step(half, middle, end)
    if not _differ(whole, halves):
        return halves
    return go(go(world, start, middle, half), middle, end)


def covers(world: World, beam: float) -> set[int]:
    """Return the parts that interrupt a beam."""
    return {piece.number for piece in world.pieces if abs(piece.at - beam) <= piece.half}


class Watch:
    """Looks at a world with beams while it goes on, and finds when each part crosses each beam."""

    def __init__(self, world: World, beams: list[float]) -> None:
        self.world = world
        self.now = 0.0
        self.beams = beams
        self.edges: list[list[tuple[float, int, bool]]] = [[] for _ in beams]
        """For each beam: (when, part, whether it came)."""
        for index, beam in enumerate(beams):
            self.edges[index] += [(0.0, number, True) for number in sorted(covers(world, beam))]

    def until(self, time: float) -> None:
        """Let time pass."""
        while self.now < time:
            end = min(time, self.now + WIDE_S)
            after = go(self.world, self.now, end)
            for index, beam in enumerate(self.beams):
                before, later = covers(self.world, beam), covers(after, beam)
                for number in sorted(before ^ later):
                    when = self._when(end, beam, number, number in later)
                    self.edges[index].append((when, number, number in later))
            self.world, self.now = after, end

    def _when(self, end: float, beam: float, number: int, comes: bool) -> float:
        """Return when a part comes to a beam, or leaves it, by halving the step."""
        world, start = self.world, self.now
        while end - start > 2e-8:
            middle = (start + end) / 2.0
            after = go(world, start, middle)
            if (number in covers(after, beam)) == comes:
                end = middle
            else:
                world, start = after, middle
        return (start + end) / 2.0

    def signal(self, beam: int, *, shortest: float = 5e-6) -> list[tuple[float, bool]]:
        """Return how the sensor at a beam changed, without what is too short to tell."""
        there: set[int] = set()
        changes: list[tuple[float, bool]] = []
        for when, number, comes in sorted(self.edges[beam]):
            (there.add if comes else there.discard)(number)
            if bool(there) != (bool(changes) and changes[-1][1]):
                changes.append((when, bool(there)))
        return without_flicker(changes, shortest)


def without_flicker(changes: list[tuple[float, bool]], shortest: float) -> list[tuple[float, bool]]:
    """Leave out pulses and gaps that are shorter than anybody can tell."""
    kept: list[tuple[float, bool]] = []
    for change in changes:
        if kept and change[0] - kept[-1][0] < shortest:
            kept.pop()
        else:
            kept.append(change)
    return kept
