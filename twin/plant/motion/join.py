"""Which belts of a workcell are one lane, and which lanes may meet beyond their ends."""

from itertools import pairwise
from math import pi
from typing import TYPE_CHECKING

from twin.plant.part import Part

from .body import LEVEL_M, Watcher
from .frame import Pose
from .lane import Lane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .track import Track
    from .world import World

JOIN_M = 0.02
"""Edges of belts closer than this are one way for parts."""
JOIN_RAD = pi / 180.0


def join(belts: "list[Track]") -> None:
    """Make the lanes of a workcell: belts on the floor whose edges meet are one."""
    after: dict[str, Track] = {}
    before: set[str] = set()
    for belt in belts:
        for other in belts:
            if belt is not other and other.id not in before and _follows(other, belt):
                after[belt.id] = other
                before.add(other.id)
                break
    done: set[str] = set()
    lanes = []
    # First those that nothing comes before; what is left is a ring, cut where the file begins.
    for belt in [belt for belt in belts if belt.id not in before] + belts:
        if belt.id in done:
            continue
        chain = [belt]
        done.add(belt.id)
        while (follower := after.get(chain[-1].id)) is not None and follower.id not in done:
            chain.append(follower)
            done.add(follower.id)
        lanes.append(_lay(chain))
    for lane in lanes:
        for way in (1, -1):
            lane.beyond[way] = list(_beyond(lane, way, belts))
            for other in lane.beyond[way]:
                if lane not in other.lane.lookers:
                    other.lane.lookers.append(lane)


class Overhang(Watcher):
    """Looks past an end of a lane at a beam of another one, for what reaches over."""

    def __init__(self, end: "Track", other: "Track", watcher: Watcher, at_m: float) -> None:
        self.end = end
        self.other = other
        self.watcher = watcher
        self.at_m = at_m

    def seen(self, part: Part | None) -> None:
        if part is not None and not in_line(self.end, self.other):
            return
        self.other.lane.reaches_over(self.watcher, self.at_m, part)


def in_line(belt: "Track", other: "Track") -> bool:
    """Tell whether two belts lie in line just now, edge to edge, and stand still."""
    now = belt.env.time_s
    if belt.frame.moving(now) or other.frame.moving(now):
        return False
    for way in (1, -1):
        at = belt.frame.at(now).then(belt.edge(way))
        if straight(other.frame.at(now).seen(at).heading_rad) and other.covers(at, now):
            return True
    return False


def overhangs(lanes: list[Lane]) -> None:
    """Let each lane's parts be seen by beams of the next one that they reach over to.

    It counts how the belts lie at the start: in line as seen from above, at whatever height.
    """
    found: list[tuple[Lane, Overhang, float]] = []  # first all: what is found looks no further
    for lane in lanes:
        sizes = [kind.size_m for kind in lane.cell.part_specs.values()]
        reach = max((max(size[:2]) for size in sizes), default=0.0)
        for way in (1, -1):
            end = lane.belts[-1 if way > 0 else 0]
            for other in lane.beyond[way]:
                found += [(lane, *past) for past in _past(end, other, way, reach)]
    for lane, overhang, at_m in found:
        lane.watch(overhang, at_m)


def _past(
    end: "Track", other: "Track", way: int, reach_m: float
) -> "Iterable[tuple[Overhang, float]]":
    """Yield the beams of another lane within reach of an end: who looks, and where on this lane."""
    at = end.frame.at(0.0).then(end.edge(way))
    at = at._replace(z=other.height(at, 0.0))
    inner = other.frame.at(0.0).seen(at)
    same = straight(inner.heading_rad)
    if not same or not other.covers(at, 0.0):
        return
    edge = end.begins + end.edge(way).x
    for place, watcher in zip(other.lane.beam_places, other.lane.watchers, strict=True):
        past_m = same * (place - other.begins - inner.x)
        if -JOIN_M < way * past_m <= reach_m:
            yield Overhang(end, other, watcher, place), edge + past_m


def straight(heading_rad: float) -> int:
    """Return 1 for the same heading, -1 for the opposite one, 0 for any other."""
    turned = (heading_rad + pi) % (2.0 * pi) - pi
    if abs(turned) <= JOIN_RAD:
        return 1
    return -1 if pi - abs(turned) <= JOIN_RAD else 0


def _follows(other: "Track", belt: "Track") -> bool:
    """Tell whether a belt's end edge is another's start edge."""
    if not (belt.frame.fixed and other.frame.fixed):
        return False
    inner = belt.frame.pose.seen(other.frame.pose)
    return (
        abs(inner.x - belt.length_m) <= JOIN_M
        and abs(inner.y) <= JOIN_M
        and abs(inner.z + belt.drop_m) <= LEVEL_M
        and straight(inner.heading_rad) == 1
    )


def _lay(chain: "list[Track]") -> Lane:
    """Lay belts one after the other as a lane; in a gap, its middle is the seam."""
    lane = Lane(chain)
    begins = 0.0
    for section, belt in enumerate(chain):
        if section:
            begins += chain[section - 1].frame.pose.seen(belt.frame.pose).x
        belt.joins(lane, section, begins)
    for belt, follower in pairwise(chain):
        belt.high = follower.low = (belt.high + follower.low) / 2.0
    return lane


def _beyond(lane: Lane, way: int, belts: "Iterable[Track]") -> "Iterable[Track]":
    """Yield the belts that lie, or may come to lie, in line beyond an end of a lane."""
    end = lane.belts[-1 if way > 0 else 0]
    edge = end.edge(way)
    for belt in belts:
        if belt is end or (belt.lane is lane and belt not in (lane.belts[0], lane.belts[-1])):
            continue
        if not (belt.frame.fixed and end.frame.fixed):
            yield belt
            continue
        at: Pose = end.frame.pose.then(edge)
        if straight(belt.frame.pose.seen(at).heading_rad) and belt.covers(at, 0.0):
            yield belt


def shifted(world: "World") -> None:
    """Let lanes that may meet beyond their ends look again: a carrier begins or ends a movement."""
    for body in world.bodies.values():
        lane = getattr(body, "lane", None)
        if lane is not None and lane.belts[0] is body and (lane.beyond[1] or lane.beyond[-1]):
            lane.settle()
