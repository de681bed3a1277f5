"""Belts and chutes: what carries parts along."""

from collections.abc import Callable, Iterator
from math import cos, degrees, hypot, pi, radians, sin
from typing import TYPE_CHECKING, Any

from twin.plant.part import Part
from twin.spec import motion as specs
from twin.wire.model import Path, Piece, Ride, along

from .body import Body, Holder, Watcher
from .frame import Pose
from .lane import Block, Wish
from .path import rest, stopped
from .rider import SAME_M_S, Place, Rider
from .seat import lost
from .surface import motion_at
from .track import Track

if TYPE_CHECKING:
    from .world import World

SQUARE_RAD = radians(10.0)
"""A part that lies further off than this from square to the belt has been put there askew."""


class Belt(Track):
    """A belt conveyor, on its own or in line with others: then they are one lane."""

    # ---- parts on it, as others see them

    def place_of(self, part: Part) -> Place:
        """Return where a part is on this belt now.

        Raises:
            LookupError: it is not on the lane of this belt.
        """
        rider = self.lane.find(part)
        now = self.env.time_s
        return Place(
            rider.at(now) - self.begins, rider.across_at(now), rider.half, rider.wide,
            rider.heading_rad,
        )  # fmt: skip

    def over(self, from_m: float, to_m: float) -> list[Part]:
        """Return the parts that reach into an interval along the belt, in order."""
        riders = self.lane.over(self.begins + from_m, self.begins + to_m)
        return [rider.part for rider in riders]

    def clear_at(self, along_m: float, half_m: float) -> bool:
        """Tell whether a part with half that length would touch nothing at a place."""
        middle = self.begins + along_m
        return self.lane.is_clear(middle - half_m, middle + half_m)

    def part_at(self, along_m: float) -> Part | None:
        middle = self.begins + along_m
        now = self.env.time_s
        for rider in self.lane.riders:
            if abs(rider.at(now) - middle) <= rider.half:
                return rider.part
        return None

    def nearest(self, at: Pose, time_s: float) -> tuple[Part, Pose] | None:
        inner = self.frame.at(time_s).seen(at)
        riders = self.riders()
        if not riders:
            return None
        x = self.begins + inner.x
        rider = min(
            riders, key=lambda one: hypot(one.at(time_s) - x, one.across_at(time_s) - inner.y)
        )
        return rider.part, self.pose(rider)

    # ---- parts come and go

    def accept(self, part: Part, at: Pose, *, giver: Body) -> bool:
        now = self.env.time_s
        inner = self.frame.at(now).seen(at)
        quarter = round(inner.heading_rad / (pi / 2.0))
        off = inner.heading_rad - quarter * pi / 2.0
        length, width, _ = self.world.size(part)
        heading = inner.heading_rad if abs(off) > SQUARE_RAD else quarter * pi / 2.0
        c, s = abs(cos(heading)), abs(sin(heading))
        if abs(off) <= SQUARE_RAD:
            c, s = (0.0, 1.0) if quarter % 2 else (1.0, 0.0)
        half, wide = (length * c + width * s) / 2.0, (length * s + width * c) / 2.0
        place = self.begins + inner.x
        lane = self.lane
        section = lane.section_at(place)
        if not lane.admits(section, place, half, giver):
            lane.wish(Wish(giver, section, place, half, room=True))
            return False
        rider = Rider(part, half, wide, heading)
        rider.section = section
        rider.across = rest(inner.y)
        if abs(off) > SQUARE_RAD:
            self.world.incident(
                "misplaced", self, "incident.askew", part=part, at=at, angle=round(degrees(off))
            )
        lane.add(rider, place)
        return True

    def take(self, part: Part) -> Pose:
        rider = self.lane.find(part)
        at = self.lane.belts[rider.section].pose(rider)
        self._off(rider)
        return at

    def remove(self, part: Part) -> bool:
        for rider in self.riders():
            if rider.part.id == part.id:
                self._off(rider)
                return True
        return False

    def _off(self, rider: Rider) -> None:
        """Take a part off, and tell those who held it."""
        self.lane.remove(rider)
        bodies = self.world.bodies.values()
        lost(rider.part, [body for body in bodies if body.address in rider.holders])

    def when_free(self, giver: Body, from_m: float, to_m: float) -> None:
        """Call the `retry` of a giver once, as soon as no part reaches into an interval."""
        middle, half = self.begins + (from_m + to_m) / 2.0, (to_m - from_m) / 2.0
        self.lane.wish(Wish(giver, self.section, middle, half, room=False))

    def retry(self, taker: Holder) -> None:
        self.lane.retry()

    def leaving(self) -> Part | None:
        return self.lane.waiting()

    # ---- what holds parts up

    def block(self, name: str, at_m: float, thick_m: float) -> Part | None:
        """Let something stand across the belt; if a part is there, do nothing and return it."""
        lane, middle = self.lane, self.begins + at_m
        low, high = middle - thick_m / 2.0, middle + thick_m / 2.0
        riders = lane.over(low, high)
        if riders:
            return riders[0].part
        self.unblock(name)
        lane.blocks.append(Block(low, high, name))
        lane.blocks.sort()
        lane.settle()
        return None

    def unblock(self, name: str) -> None:
        """Take away what stands across the belt."""
        lane = self.lane
        kept = [block for block in lane.blocks if block.name != name]
        if len(kept) != len(lane.blocks):
            lane.blocks[:] = kept
            lane.settle()

    def hold(self, part: Part, *, by: Body) -> None:
        rider = self.lane.find(part)
        if by.address not in rider.holders:
            rider.holders.append(by.address)
            self.lane.settle()

    def let_go(self, part: Part, *, by: Body) -> None:
        rider = self.lane.find(part)
        if by.address in rider.holders:
            rider.holders.remove(by.address)
            if not rider.holders:
                rider.across = stopped(rider.across, self.env.time_s)
            self.lane.settle()

    def clamped(self, part: Part, *, but: Body | None = None) -> bool:
        but_address = None if but is None else but.address
        return any(address != but_address for address in self.lane.find(part).holders)

    def across(self, part: Part, path: Path) -> None:
        """Let the distance of a held part from the middle of the belt follow a path."""
        self.lane.find(part).across = path
        self.cell.changed()

    def on_middle(self, at_m: float, hear: Callable[[Part], bool]) -> None:
        """Call `hear` whenever a part's middle comes to a place.

        Whoever hears may `hold` the part, or `take` it, at once.
        """
        self.lane.mark(self.begins + at_m, hear)

    def watch(self, watcher: Watcher, along_m: float) -> None:
        self.lane.watch(watcher, self.begins + along_m)

    # ---- what can be seen

    def content(self) -> int:
        return len(self.riders())

    def parts(self) -> Iterator[tuple[Part, Ride]]:
        slope = self._height(1.0)
        now = self.env.time_s
        for rider in self.riders():
            heading = rider.heading_rad
            if len(rider.across) > 1:
                x = rider.at(now) - self.begins
                yield (
                    rider.part,
                    Ride(self.node, x, 0.0, slope * x, heading, 0.0, 1.0, 0.0, rider.across),
                )
            else:
                y = rider.across[0].p
                path = self._way_of(rider, now)
                yield rider.part, Ride(self.node, 0.0, y, 0.0, heading, 1.0, 0.0, slope, path)

    def _way_of(self, rider: Rider, now: float) -> Path:
        """Return how a rider goes on along this belt as long as nothing happens to it."""
        pieces = [Piece(rider.t0, rider.p - self.begins, rider.v, rider.a)]
        v, a = motion_at(self.path, now)
        if rider.way and rider.a == a and abs(rider.speed(now) - v) <= SAME_M_S:
            off_m = rider.at(now) - self.begins - along(self.path, now)
            pieces += [piece._replace(p=piece.p + off_m) for piece in self.path if piece.t0 > now]
        return tuple(pieces)

    # ---- state

    def save(self) -> list[Any]:
        lane = self.lane
        return [super().save(), lane.save() if lane.belts[0] is self else None]

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        own, lane = data
        super().load_state(own, known)
        if lane is not None:
            self.lane.load(lane, known)


class Chute(Belt):
    """A slide: parts go down it at an even speed whenever they can."""

    def __init__(self, world: "World", spec: specs.Chute) -> None:
        super().__init__(world, spec)
        self.drop_m = spec.drop_m
        self.path = (Piece(0.0, 0.0, self.speed_m_s),)

    def pin_changed(self, pin: str) -> None:
        """It has no drive."""

    def joint(self) -> Path | None:
        return None
