"""Belts and chutes: what carries parts along."""

from collections.abc import Callable, Iterator
from math import cos, degrees, floor, hypot, pi, radians, sin
from typing import TYPE_CHECKING, Any, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs
from twin.wire.model import Path, Piece, Ride, along

from .body import LEVEL_M, Body, Giver, Holder, Watcher
from .contact import Shadow
from .frame import Pose
from .join import JOIN_M, join, straight
from .lane import Block, Lane, Wish
from .path import rest, speed_at, stopped
from .rider import SAME_M_S, STANDING, Motion, Place, Rider
from .surface import driven, motion_at

if TYPE_CHECKING:
    from .world import World

SQUARE_RAD = radians(10.0)
"""A part that lies further off than this from square to the belt has been put there askew."""
SAME_COUNT = 1e-9
"""So near to the next count is it, so that a count falls where the belt comes to it."""
OFF_M = 0.03
"""So far beyond the end is a part that falls off it."""


class Belt(Holder, Giver):
    """A belt conveyor, on its own or in line with others: then they are one lane."""

    lazy: ClassVar[frozenset[str]] = frozenset(("count",))
    STATE: ClassVar[tuple[str, ...]] = ("path", "set_point", "held_up", "jammed")

    def __init__(self, world: "World", spec: specs.Belt | specs.Chute) -> None:
        super().__init__(world, spec)
        self.length_m = spec.length_m
        self.width_m = spec.width_m
        self.speed_m_s = spec.speed_m_s
        self.accel_m_s2: float | None = None
        self.encoder_per_m: float | None = None
        self.drop_m = 0.0
        self.keeps = 0.0
        """Distance that parts on it keep from the one ahead by themselves, m."""
        self.rigid = False
        if isinstance(spec, specs.Belt):
            self.accel_m_s2 = spec.accel_m_s2
            self.encoder_per_m = spec.encoder_per_m
            self.keeps = spec.gap_m if spec.mode == "spaced" else 0.0
            self.rigid = spec.mode == "rigid"
        self.path: Path = rest(0.0)
        """How far its surface has run."""
        self.set_point = 0.0
        """Speed at which its drive is told to run, m/s."""
        self.held_up = False
        """Whether parts on it keep a rigid surface from going as its drive wants."""
        self.jammed = False
        """Whether that has been noted as an incident."""
        self.motion: Motion = STANDING
        """Of its surface; for the lane's eyes."""
        self.begins = 0.0
        """Where its start edge is along the lane."""
        self.low, self.high = 0.0, self.length_m
        """From where to where along the lane it carries parts."""
        self.section = 0
        """Its number in the lane."""
        self._lane: Lane | None = None

    @property
    def lane(self) -> Lane:
        """The lane that it is part of."""
        if self._lane is None:
            join([body for body in self.world.bodies.values() if isinstance(body, Belt)])
            assert self._lane is not None
        return self._lane

    def joins(self, lane: Lane, section: int, begins: float) -> None:
        """Become part of a lane."""
        self._lane, self.section, self.begins = lane, section, begins
        self.low, self.high = begins, begins + self.length_m

    def _riders(self) -> list[Rider]:
        """Return the parts that it carries, in order along it."""
        section = self.section
        return [rider for rider in self.lane.riders if rider.section == section]

    def connect(self) -> None:
        assert self.lane is not None

    # ---- its drive

    def pin_changed(self, pin: str) -> None:
        set_point = self._told()
        if set_point == self.set_point:
            return
        self.set_point = set_point
        if not self.held_up:
            self.path = driven(self.path, self.env.time_s, set_point, self.accel_m_s2)
        self.lane.settle()

    def _told(self) -> float:
        """Return the speed that the controller tells the drive to run at, m/s."""
        if not self.reads("run"):
            return 0.0
        if "speed" in self.points:
            return max(-self.speed_m_s, min(self.speed_m_s, float(self.reads("speed"))))
        if "reverse" in self.points and self.reads("reverse"):
            return -self.speed_m_s
        return self.speed_m_s

    def drive_motion(self, now: float) -> Motion:
        """Return how the surface goes from now on if nothing holds it up."""
        if not self.held_up:
            return motion_at(self.path, now)
        return motion_at(driven(self.path, now, self.set_point, self.accel_m_s2), now)

    def jam(self, rider: Rider) -> None:
        """Note that a part cannot go on, and does not slip."""
        at = self.pose(rider)
        self.world.incident("jam", self, "incident.jam", part=rider.part, at=at)

    def surface_speed(self) -> float:
        """Return the speed of the surface now, m/s."""
        return speed_at(self.path, self.env.time_s)

    def refresh(self, pin: str) -> None:
        if pin == "count" and self.encoder_per_m is not None:
            turned = along(self.path, self.env.time_s) * self.encoder_per_m
            self.renew("count", floor(turned + SAME_COUNT))

    def joint(self) -> Path | None:
        return self.path

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
        riders = self._riders()
        if not riders:
            return None
        x = self.begins + inner.x
        rider = min(
            riders, key=lambda one: hypot(one.at(time_s) - x, one.across_at(time_s) - inner.y)
        )
        return rider.part, self.pose(rider)

    def pose(self, rider: Rider, further_m: float = 0.0) -> Pose:
        """Return where a rider is now, or so much further along, in the workcell."""
        now = self.env.time_s
        x = rider.at(now) - self.begins + further_m
        inner = Pose(x, rider.across_at(now), self._height(x), rider.heading_rad)
        return self.frame.at(now).then(inner)

    def _height(self, x: float) -> float:
        return -self.drop_m * x / self.length_m if self.drop_m else 0.0

    def entrance(self, along_m: float) -> Pose:
        return Pose(along_m, 0.0, self._height(along_m))

    # ---- parts come and go

    def covers(self, at: Pose, time_s: float) -> bool:
        inner = self.frame.at(time_s).seen(at)
        return (
            -JOIN_M <= inner.x <= self.length_m + JOIN_M
            and abs(inner.y) <= self.width_m / 2.0 + JOIN_M
            and abs(inner.z - self._height(inner.x)) <= LEVEL_M
        )

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
            lane.wish(Wish(giver, section, place, half))
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
        self.lane.remove(rider)
        return at

    def remove(self, part: Part) -> bool:
        for rider in self._riders():
            if rider.part.id == part.id:
                self.lane.remove(rider)
                return True
        return False

    def edge(self, way: int) -> Pose:
        """Return the middle of its end edge (1) or its start edge (-1)."""
        return self.entrance(self.length_m if way > 0 else 0.0)

    def shadow(
        self, others: "list[Belt]", way: int, now: float, giver: Lane | None = None
    ) -> Shadow | None:
        """Return the part nearest beyond an edge on a belt that lies in line there, if any.

        Args:
            others: belts that may lie there.
            way: of the end edge 1, of the start edge -1.
            now: time, s.
            giver: a lane that is just passing a part on, which does not count.
        """
        edge = self.edge(way)
        at = self.frame.at(now).then(edge)
        for other in others:
            inner = other.frame.at(now).seen(at)
            same = straight(inner.heading_rad)
            if not same or other.frame.moving(now) or not other.covers(at, now):
                continue
            riders = other.lane.riders
            for rider in riders if same * way > 0 else reversed(riders):
                if rider.refused and other.lane is giver:
                    continue
                beyond = rider.at(now) - other.begins - inner.x
                place = self.begins + edge.x + same * beyond
                return Shadow(place, rider.half, same * rider.speed(now), same * rider.a)
        return None

    def drops(self, rider: Rider, way: int) -> None:
        """Let a part fall that has gone off an end of the lane where nothing takes it."""
        missed = self._missed(self.frame.at(self.env.time_s).then(self.edge(way)))
        at = self.pose(rider, way * OFF_M)
        if missed is None:
            self.world.fall(rider.part, at, self, "incident.ran_off")
        else:
            cause, taker = missed
            self.world.fall(rider.part, at, self, cause, taker=taker.id)

    def _missed(self, at: Pose) -> tuple[str, Holder] | None:
        """Return what might have stood beyond an edge but does not just now, and how it is off."""
        now = self.env.time_s
        for holder in self.world.holders:
            if holder is not self:
                off_m = holder.frame.at(now).seen(at).z
                if holder.covers(at._replace(z=at.z - off_m), now):
                    return "incident.ran_off_height", holder
        for holder in self.world.holders:
            if isinstance(holder, Belt) and holder is not self and not holder.frame.fixed:
                inner = holder.frame.at(now).seen(at)
                if hypot(inner.x, inner.y) <= holder.length_m + holder.width_m:
                    return "incident.ran_off_away", holder
        return None

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
        return len(self._riders())

    def parts(self) -> Iterator[tuple[Part, Ride]]:
        slope = self._height(1.0)
        now = self.env.time_s
        for rider in self._riders():
            heading = rider.heading_rad
            if len(rider.across) > 1:
                x = rider.at(now) - self.begins
                yield rider.part, Ride(
                    self.node, x, 0.0, slope * x, heading, 0.0, 1.0, 0.0, rider.across
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
            pieces += [
                piece._replace(p=piece.p + off_m) for piece in self.path if piece.t0 > now
            ]
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
