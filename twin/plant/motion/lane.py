"""Lanes: belts in line, and the parts on them.

A lane has one coordinate along all its belts. Between two events each part on it moves by a
polynomial, so a lane has one timer, set to the next event, whatever it carries: a part's edge at a
beam, its middle over the seam of two belts, two parts that touch, a ramp's end.
"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.kernel.errors import PilotlineError
from twin.plant.part import Part

from .body import Body, Giver, Watcher
from .contact import Contact, Shadow
from .outlook import aim, look_ahead
from .path import SAME_S, piece_at
from .rider import Rider, sense
from .surface import motion_at

if TYPE_CHECKING:
    from .track import Track

SAME_M = 1e-9
"""Places closer than this are the same."""
MOST_TIMES = 10_000
"""So often at one instant has nothing real ever to be settled."""


class Block(NamedTuple):
    """Something that stands across the lane."""

    low_m: float
    high_m: float
    name: str


class Wish(NamedTuple):
    """Somebody who waits for room."""

    giver: Body
    section: int
    at_m: float
    half_m: float
    room: bool
    """Whether for a part to come to lie there; else it is enough that no part is in the way."""


class Lane:
    """Belts in line."""

    def __init__(self, belts: "list[Track]") -> None:
        self.belts = belts
        head = belts[0]
        self.world = head.world
        self.cell = head.cell
        self.env = head.env
        self.has_rigid = any(belt.rigid for belt in belts)
        self.riders: list[Rider] = []
        """In order along the lane."""
        self.beam_places: list[float] = []
        self.watchers: list[Watcher] = []
        self.seen: list[int | None] = []
        """Number of the part that each beam sees."""
        self.guests: list[int | None] = []
        """Number of the part that reaches over from another lane to each beam."""
        self.mark_places: list[float] = []
        self.hearers: list[Callable[[Part], bool]] = []
        self.blocks: list[Block] = []
        self.wishes: list[Wish] = []
        self.lookers: list[Lane] = []
        """Lanes whose parts may meet those of this one beyond an end."""
        self.beyond: dict[int, list[Track]] = {1: [], -1: []}
        """Belts of other lanes that may lie in line beyond its end (1), or its start (-1)."""
        self.outermost: list[Any] = []
        """How the first and the last rider moved when the lookers were told last."""
        self.turns_s = inf
        """When a surface goes on in another way, or a part meets one of another lane."""
        self._instant, self._times = -inf, 0
        self._news: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._telling = False
        self._next = head.timer("next", self._event)

    # ---- who looks

    def watch(self, watcher: Watcher, at_m: float) -> None:
        """Tell a watcher which part is at a place."""
        index = bisect_right(self.beam_places, at_m)
        self.beam_places.insert(index, at_m)
        self.watchers.insert(index, watcher)
        self.seen.insert(index, None)
        self.guests.insert(index, None)
        for rider in self.riders:
            self._aim(rider, rider.at(self.env.time_s))

    def mark(self, at_m: float, hear: Callable[[Part], bool]) -> None:
        """Call somebody when the middle of a part comes to a place."""
        index = bisect_right(self.mark_places, at_m)
        self.mark_places.insert(index, at_m)
        self.hearers.insert(index, hear)

    def _aim(self, rider: Rider, place: float) -> None:
        """Find the beams that a rider covers, and the marks that it has passed."""
        rider.lo = bisect_left(self.beam_places, place - rider.half)
        rider.hi = bisect_right(self.beam_places, place + rider.half)
        rider.next_mark = bisect_right(self.mark_places, place)

    # ---- who is where

    def find(self, part: Part) -> Rider:
        """Return the rider that a part is.

        Raises:
            LookupError: it is not on this lane.
        """
        for rider in self.riders:
            if rider.part.id == part.id:
                return rider
        raise LookupError(f"part {part.id} is not on {self.belts[0].address}")

    def section_at(self, place: float) -> int:
        """Return the number of the belt that carries a part there."""
        for section, belt in enumerate(self.belts):
            if place <= belt.high:
                return section
        return len(self.belts) - 1

    def slack(self) -> float:
        """Return by how much a place may be off, m."""
        # A float of a late time is coarse: what happens at it happens that much off its place.
        return SAME_M + 2e-15 * self.env.time_s

    def over(self, low: float, high: float) -> list[Rider]:
        """Return the riders that reach into an interval."""
        now, slack = self.env.time_s, self.slack()
        low, high = low + slack, high - slack
        return [
            rider for rider in self.riders
            if low < rider.at(now) + rider.half and rider.at(now) - rider.half < high
        ]  # fmt: skip

    def is_clear(self, low: float, high: float, giver: "Lane | None" = None) -> bool:
        """Tell whether nothing is in an interval; but for what a lane is about to give."""
        if self.over(low, high):
            return False
        now, slack = self.env.time_s, self.slack()
        if any(low + slack < block.high_m and block.low_m < high - slack for block in self.blocks):
            return False
        after, before = self.shadow(1, now, giver), self.shadow(-1, now, giver)
        return (after is None or high - slack < after.place - after.half) and (
            before is None or before.place + before.half < low + slack
        )

    def admits(self, section: int, place: float, half: float, giver: Body) -> bool:
        """Tell whether a part may come to lie at a place: room, and no way straight back.

        Two belts that run against each other hold a part between them.
        """
        lane = getattr(giver, "lane", None)
        if lane is None:
            return self.is_clear(place - half, place + half)
        belt = self.belts[section]
        way = sense(motion_at(belt.path, self.env.time_s))
        left = belt.high - place if way > 0 else place - belt.low
        if way and left <= self.slack() and not 0 <= section + way < len(self.belts):
            return False
        return self.is_clear(place - half, place + half, lane)

    def shadow(self, way: int, now: float, giver: "Lane | None" = None) -> Shadow | None:
        """Return the nearest part beyond an end, if a belt lies in line there."""
        others = self.beyond[way]
        if not others:
            return None
        return self.belts[-1 if way > 0 else 0].shadow(others, way, now, giver)

    # ---- what others do

    def add(self, rider: Rider, place: float) -> None:
        """Put a part down."""
        now = self.env.time_s
        rider.t0, rider.p = now, place
        insort(self.riders, rider, key=lambda one: one.at(now))
        self._aim(rider, place)
        self._look(rider.lo, rider.hi)
        self.settle()
        self.cell.settle()

    def remove(self, rider: Rider) -> None:
        """Take a part off."""
        self.riders.remove(rider)
        self._look(rider.lo, rider.hi)
        self.settle()
        self.cell.settle()

    def wish(self, wish: Wish) -> None:
        """Remember who waits for room, once."""
        self.wishes = [
            other
            for other in self.wishes
            if other.giver is not wish.giver or other.room != wish.room
        ]
        self.wishes.append(wish)
        self.settle()

    def retry(self) -> None:
        """Offer again the parts that stand at the ends because nobody took them."""
        for rider in self.riders:
            rider.refused = False
        self.settle()

    # ---- events

    def _event(self) -> None:
        """Do what is due; if nothing moves in another way than before, that is little."""
        now = self.env.time_s
        soon = now + SAME_S
        due = []
        first = self.turns_s
        for rider in self.riders:
            first = min(first, rider.meets_s)
            if rider.due_s <= soon:
                due.append(rider)
        if first <= soon or any(rider.hard for rider in due):
            self.settle()
            return
        for rider in due:
            self._pass(rider, now)
            aim(self, rider, now)
        for rider in self.riders:
            first = min(first, rider.due_s)
        self._wait(first)
        self._tell()

    def settle(self) -> None:
        """Do what is due now, find how everything moves from now on, and wait for what is next."""
        now = self.env.time_s
        for rider in self.riders:
            if rider.due_s <= now + SAME_S:
                self._pass(rider, now)
        self._count(now)
        Contact(self, now).settle()
        self._grant()
        self._wait(look_ahead(self, now))
        for belt in self.belts:
            if piece_at(belt.path, now) != belt.told:
                self._news.append((belt.tell, (now,)))
        self._tell_lookers()
        self.cell.changed()
        self._tell()

    def _count(self, now: float) -> None:
        """Stop rather than go on for ever at one instant."""
        self._times = self._times + 1 if now == self._instant else 0
        self._instant = now
        if self._times >= MOST_TIMES:
            raise PilotlineError(
                f"{self.belts[0].address} finds no end at {now} s: save the line file and the log"
                " of this run, and report it"
            )

    def _wait(self, due_s: float) -> None:
        if due_s == inf:
            self._next.cancel()
        elif not self._next.pending or self._next.due_s != due_s:
            self._next.arm_at(due_s)

    def _pass(self, rider: Rider, now: float) -> None:
        """Let a rider pass the beams and marks that it has got to."""
        place, slack = rider.at(now), self.slack()
        beams, marks = self.beam_places, self.mark_places
        lo, hi = rider.lo, rider.hi
        if rider.way > 0:
            front, rear = place + rider.half + slack, place - rider.half + slack
            while rider.hi < len(beams) and beams[rider.hi] <= front:
                rider.hi += 1
            while rider.lo < len(beams) and beams[rider.lo] <= rear:
                rider.lo += 1
            while rider.next_mark < len(marks) and marks[rider.next_mark] <= place + slack:
                self._news.append((self._heard, (rider, rider.next_mark)))
                rider.next_mark += 1
        elif rider.way < 0:
            front, rear = place - rider.half - slack, place + rider.half - slack
            while rider.lo > 0 and beams[rider.lo - 1] >= front:
                rider.lo -= 1
            while rider.hi > 0 and beams[rider.hi - 1] >= rear:
                rider.hi -= 1
            while rider.next_mark > 0 and marks[rider.next_mark - 1] >= place - slack:
                rider.next_mark -= 1
                self._news.append((self._heard, (rider, rider.next_mark)))
        self._look(min(lo, rider.lo), max(lo, rider.lo))
        self._look(min(hi, rider.hi), max(hi, rider.hi))

    # ---- telling others, once all is settled

    def _look(self, first: int, end: int) -> None:
        for beam in range(first, end):
            self._news.append((self._seen, (beam,)))

    def comes_to_end(self, rider: Rider, way: int) -> None:
        """Note that a part has come to an end of the lane, and is to be passed on."""
        self._news.append((self._leave, (rider, way)))

    def jams(self, belt: "Track", rider: Rider) -> None:
        """Note that a part holds a belt up."""
        self._news.append((belt.jam, (rider,)))

    def _tell(self) -> None:
        """Tell everybody what has happened; what they do may bring more of it."""
        if self._telling:
            return
        self._telling = True
        try:
            while self._news:
                tell, what = self._news.popleft()
                tell(*what)
        finally:
            self._telling = False

    def _seen(self, beam: int) -> None:
        """Tell a watcher if another part is at its beam now, or none."""
        before = self.seen[beam]
        parts = [rider.part for rider in self.riders if rider.lo <= beam < rider.hi]
        if self.guests[beam] is not None:
            parts += self._guest(beam)
        if before is not None and any(part.id == before for part in parts):
            return
        part = parts[0] if parts else None
        number = None if part is None else part.id
        if number != before:
            self.seen[beam] = number
            self.watchers[beam].seen(part)

    def _guest(self, beam: int) -> list[Part]:
        """Return the part that reaches over to a beam, in a list."""
        others = [belt.lane for way in (1, -1) for belt in self.beyond[way]]
        number = self.guests[beam]
        riders = (rider for other in others for rider in other.riders)
        return [rider.part for rider in riders if rider.part.id == number][:1]

    def reaches_over(self, watcher: Watcher, at_m: float, part: Part | None) -> None:
        """Note that a part of another lane reaches to a beam of this one, or none does now."""
        beam = bisect_left(self.beam_places, at_m)
        while self.watchers[beam] is not watcher:
            beam += 1
        self.guests[beam] = None if part is None else part.id
        self._look(beam, beam + 1)
        self._tell()

    def _heard(self, rider: Rider, mark: int) -> None:
        if rider in self.riders:
            self.hearers[mark](rider.part)

    def _grant(self) -> None:
        """Tell those for whom there is room now."""
        for wish in list(self.wishes):
            if self._comes_true(wish):
                self.wishes.remove(wish)
                self._news.append((self._room, (wish.giver, wish.section)))

    def _comes_true(self, wish: Wish) -> bool:
        if wish.room:
            return self.admits(wish.section, wish.at_m, wish.half_m, wish.giver)
        return not self.over(wish.at_m - wish.half_m, wish.at_m + wish.half_m)

    def _room(self, giver: Body, section: int) -> None:
        if isinstance(giver, Giver):
            giver.retry(self.belts[section])

    def _tell_lookers(self) -> None:
        """Let the lanes beyond the ends find their movements anew if that at the ends changed."""
        if not self.lookers:
            return
        outermost = [
            [rider.part.id, rider.t0, rider.p, rider.v, rider.a]
            for rider in (self.riders[:1] + self.riders[-1:])
        ]
        if outermost != self.outermost:
            self.outermost = outermost
            for lane in self.lookers:
                self._news.append((lane.settle, ()))

    # ---- the ends

    def _leave(self, rider: Rider, way: int) -> None:
        """Pass a part on that has come to an end."""
        if rider not in self.riders or rider.refused or rider.holders or rider.way != way:
            return
        belt, place = self.belts[rider.section], rider.at(self.env.time_s)
        if (belt.high - place if way > 0 else place - belt.low) > self.slack():
            return
        rider.refused = True  # until it has gone: what others do meanwhile must not pass it twice
        at = belt.pose(rider)
        if way > 0:
            taker = self.world.pass_on(rider.part, at, belt)
        else:
            taker = self.world.holder_at(at, but=belt)
        if taker is None:
            self.remove(rider)
            belt.drops(rider, way)
        elif taker.accept(rider.part, at, giver=belt):
            self.remove(rider)
        else:
            self.settle()
            self.cell.settle()

    def waiting(self) -> Part | None:
        """Return the part that waits at the end to be passed on."""
        last = self.riders[-1] if self.riders else None
        return last.part if last is not None and last.refused else None

    # ---- state

    def save(self) -> list[Any]:
        """Return the state as plain data."""
        return [
            [rider.save() for rider in self.riders],
            [list(block) for block in self.blocks],
            list(self.seen),
            list(self.guests),
            [[wish.giver.address, *wish[1:]] for wish in self.wishes],
            self.outermost,
            None if self.turns_s == inf else self.turns_s,
        ]

    def load(self, data: list[Any], known: dict[str, Any]) -> None:
        """Put back what `save` gave."""
        riders, blocks, self.seen[:], self.guests[:], wishes, self.outermost, turns_s = data
        self.riders[:] = [Rider.load(entry) for entry in riders]
        self.blocks[:] = [Block(*entry) for entry in blocks]
        self.wishes = [Wish(known[giver], *entry) for giver, *entry in wishes]
        self.turns_s = inf if turns_s is None else turns_s
