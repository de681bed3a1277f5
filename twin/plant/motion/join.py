"""Which belts of a workcell are one lane, and which lanes may meet beyond their ends."""

from itertools import pairwise
from math import pi
from typing import TYPE_CHECKING

from .body import LEVEL_M
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
