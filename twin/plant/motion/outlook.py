"""When the next thing happens on a lane."""

from math import inf, nextafter
from typing import TYPE_CHECKING

from .contact import Shadow
from .rider import Rider, time_to
from .surface import changes_at

if TYPE_CHECKING:
    from .lane import Lane
    from .track import Track


def look_ahead(lane: "Lane", now: float) -> float:
    """Find for each rider when it comes to what is next; return when the first thing happens."""
    due = min(_turns_at(belt, now) for belt in lane.belts)
    if lane.riders:
        due = min(due, _meets_beyond(lane, now))
    lane.turns_s = due
    rear: Rider | None = None
    for rider in lane.riders:
        aim(lane, rider, now)
        due = min(due, rider.due_s)
        if rear is not None:
            rear.meets_s = meets_s = now + _meets(lane, rear, rider, now)
            due = min(due, meets_s)
        rear = rider
    if rear is not None:
        rear.meets_s = inf
    return due


def aim(lane: "Lane", rider: Rider, now: float) -> None:
    """Find when a rider comes to the next thing that it can come to by itself."""
    v = rider.speed(now)
    way = rider.way
    if way == 0:
        rider.due_s = inf
        return
    place = rider.at(now)
    soft, hard = _soft_way(lane, rider, place, way), _hard_way(lane, rider, place, way)
    rider.hard = hard <= soft
    far = max(min(soft, hard), 1e-300)
    rider.due_s = now + time_to(far, -way * v, -way * rider.a)
    if rider.leaning is not None:
        parts_s = _parts(rider, v, now)
        if parts_s <= rider.due_s:
            rider.due_s, rider.hard = parts_s, True


def _soft_way(lane: "Lane", rider: Rider, place: float, way: int) -> float:
    """Return how far it is to where a rider is only seen: a beam, a mark."""
    beams, marks = lane.beam_places, lane.mark_places
    far = inf
    if way > 0:
        if rider.hi < len(beams):
            far = beams[rider.hi] - place - rider.half
        if rider.lo < len(beams):
            far = min(far, beams[rider.lo] - place + rider.half)
        if rider.next_mark < len(marks):
            far = min(far, marks[rider.next_mark] - place)
    else:
        if rider.lo > 0:
            far = place - rider.half - beams[rider.lo - 1]
        if rider.hi > 0:
            far = min(far, place + rider.half - beams[rider.hi - 1])
        if rider.next_mark > 0:
            far = min(far, place - marks[rider.next_mark - 1])
    return far


def _hard_way(lane: "Lane", rider: Rider, place: float, way: int) -> float:
    """Return how far it is to where a movement may change: an edge of a belt, a block."""
    belt = lane.belts[rider.section]
    far = belt.high - place if way > 0 else place - belt.low
    if not (lane.blocks or lane.wishes):
        return far
    slack = lane.slack()
    for block in lane.blocks:
        gap = way * ((block.low_m if way > 0 else block.high_m) - place) - rider.half
        if slack < gap < far:
            far = gap
    for wish in lane.wishes:
        # Until it has left the room that somebody waits for.
        gap = way * (wish.at_m - place) + wish.half_m + rider.half
        if slack < gap < far and gap < 2.0 * (wish.half_m + rider.half):
            far = gap
    return far


def _meets(lane: "Lane", rear: Rider, front: Rider, now: float) -> float:
    """Return in what time the gap between two riders closes."""
    if rear.way <= 0 <= front.way:
        return inf
    v, a = front.speed(now) - rear.speed(now), front.a - rear.a
    if v >= 0.0 and a >= 0.0:
        return inf
    gap = front.at(now) - front.half - rear.at(now) - rear.half
    soonest = _closes(lane, rear, gap, v, a) if rear.way > 0 else inf
    return min(soonest, _closes(lane, front, gap, v, a)) if front.way < 0 else soonest


def _meets_beyond(lane: "Lane", now: float) -> float:
    """Return when the outermost riders come to a part beyond the ends."""
    soonest = inf
    for rider, way in ((lane.riders[-1], 1), (lane.riders[0], -1)):
        shadow = lane.shadow(way, now)
        if shadow is not None:
            soonest = min(soonest, now + _meets_shadow(lane, rider, shadow, way, now))
    return soonest


def _meets_shadow(lane: "Lane", rider: Rider, shadow: Shadow, way: int, now: float) -> float:
    if rider.way != way:
        return inf
    v, a = way * (shadow.v - rider.speed(now)), way * (shadow.a - rider.a)
    gap = way * (shadow.place - rider.at(now)) - shadow.half - rider.half
    return _closes(lane, rider, gap, v, a)


def _closes(lane: "Lane", rider: Rider, gap: float, v: float, a: float) -> float:
    """Return in what time a gap is as small as the rider that goes there keeps it."""
    free = gap - lane.belts[rider.section].keeps
    return time_to(free if free > lane.slack() else 0.0, v, a)


def _parts(rider: Rider, v: float, now: float) -> float:
    """Return when a rider that goes behind a slower one falls behind it by itself."""
    assert rider.leaning is not None
    dv, da = rider.leaning[0] - v, rider.a - rider.leaning[1]
    return max(now + dv / da, nextafter(now, inf)) if dv * da > 0.0 else inf


def _turns_at(belt: "Track", now: float) -> float:
    """Return when a surface goes on in another way."""
    if not belt.held_up:
        return changes_at(belt.path, now)
    v, a = belt.motion
    to_go = belt.set_point - v
    return max(now + to_go / a, nextafter(now, inf)) if to_go * a > 0.0 else inf
