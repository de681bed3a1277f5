"""Tracks: the drive and the surface of a belt, and how it lies among others."""

from math import floor, hypot
from typing import TYPE_CHECKING, ClassVar

from twin.spec import motion as specs
from twin.wire.model import Path, Piece, along

from .body import LEVEL_M, Giver, Holder
from .contact import Shadow
from .frame import Pose
from .join import JOIN_M, join, overhangs, straight
from .lane import Lane
from .path import piece_at, rest, speed_at
from .rider import STANDING, Motion, Rider
from .surface import driven, motion_at

if TYPE_CHECKING:
    from .world import World

SAME_COUNT = 1e-9
"""So near to the next count is it, so that a count falls where the belt comes to it."""
OFF_M = 0.03
"""So far beyond the end is a part that falls off it."""


class Track(Holder, Giver):
    """A driven surface, on its own or in line with others: then they are one lane."""

    lazy: ClassVar[frozenset[str]] = frozenset(("count",))
    STATE: ClassVar[tuple[str, ...]] = ("path", "set_point", "held_up", "jammed", "told")

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
        self.told: Piece | None = self.path[0]
        """The piece of its movement that others have heard of last."""
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
            join([body for body in self.world.bodies.values() if isinstance(body, Track)])
            assert self._lane is not None
        return self._lane

    def joins(self, lane: Lane, section: int, begins: float) -> None:
        """Become part of a lane."""
        self._lane, self.section, self.begins = lane, section, begins
        self.low, self.high = begins, begins + self.length_m

    def riders(self) -> list[Rider]:
        """Return the parts that it carries, in order along it."""
        section = self.section
        return [rider for rider in self.lane.riders if rider.section == section]

    def connect(self) -> None:
        assert self.lane is not None

    def start(self) -> None:
        """Let beams beyond the ends see what reaches over: all who look are known now."""
        tracks = [body for body in self.world.bodies.values() if isinstance(body, Track)]
        if tracks[0] is self:
            overhangs([track.lane for track in tracks if track.lane.belts[0] is track])

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

    def tell(self, now: float) -> None:
        """Let those hear that watch movements that the surface goes on in another way."""
        piece = piece_at(self.path, now)
        if piece != self.told:
            self.told = piece
            self.world.movers_changed(self)

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

    # ---- where it is

    def covers(self, at: Pose, time_s: float) -> bool:
        inner = self.frame.at(time_s).seen(at)
        return (
            -JOIN_M <= inner.x <= self.length_m + JOIN_M
            and abs(inner.y) <= self.width_m / 2.0 + JOIN_M
            and abs(inner.z - self._height(inner.x)) <= LEVEL_M
        )

    def pose(self, rider: Rider, further_m: float = 0.0) -> Pose:
        """Return where a rider is now, or so much further along, in the workcell."""
        now = self.env.time_s
        x = rider.at(now) - self.begins + further_m
        inner = Pose(x, rider.across_at(now), self._height(x), rider.heading_rad)
        return self.frame.at(now).then(inner)

    def height(self, at: Pose, time_s: float) -> float:
        base = self.frame.at(time_s)
        return base.z + self._height(base.seen(at).x)

    def _height(self, x: float) -> float:
        return -self.drop_m * x / self.length_m if self.drop_m else 0.0

    def entrance(self, along_m: float) -> Pose:
        return Pose(along_m, 0.0, self._height(along_m))

    def edge(self, way: int) -> Pose:
        """Return the middle of its end edge (1) or its start edge (-1)."""
        return self.entrance(self.length_m if way > 0 else 0.0)

    def shadow(
        self, others: "list[Track]", way: int, now: float, giver: Lane | None = None
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
            if isinstance(holder, Track) and holder is not self and not holder.frame.fixed:
                inner = holder.frame.at(now).seen(at)
                if hypot(inner.x, inner.y) <= holder.length_m + holder.width_m:
                    return "incident.ran_off_away", holder
        return None
