"""A carriage that a motor drives up and down past level switches."""

from math import inf
from typing import TYPE_CHECKING, ClassVar

from twin.spec import motion as specs
from twin.wire.model import Path, along

from .body import Body
from .bridge import tear
from .frame import SLIDES, Pose
from .path import ends_at, piece_at, reaches, rest
from .rider import sense
from .surface import driven, motion_at

if TYPE_CHECKING:
    from .world import World

SAME_M = 1e-8
"""Heights closer than this are the same: more than the way of a nanosecond."""


class Lift(Body):
    """A carriage between two hard stops; what is `on` it goes along.

    A level's switch is on from `switch_m` below it to `switch_m` above it, both included. The motor
    goes with `accel_m_s2` where one is given, else it has its speed at once; both signals at once,
    none, or no power brake it in the same way. Driven against a hard stop it stalls there, an
    incident, until it is driven away.
    """

    STATE: ClassVar[tuple[str, ...]] = ("path", "struck")

    def __init__(self, world: "World", spec: specs.Lift) -> None:
        super().__init__(world, spec)
        self.levels = dict(spec.levels)
        self.speed_m_s = spec.speed_m_s
        self.accel_m_s2 = spec.accel_m_s2
        self.switch_m = spec.switch_m
        self.lowest = min(self.levels.values()) - spec.overtravel_m
        self.highest = max(self.levels.values()) + spec.overtravel_m
        self.slide = SLIDES["z"]
        """Which way it goes, in its own frame."""
        self.path: Path = rest(self.levels[spec.start])
        """Height of the carriage, m."""
        self.struck = 0
        """At which hard stop it stalls: 1 the upper, -1 the lower, 0 none."""
        switches = [
            level + s for level in self.levels.values() for s in (-self.switch_m, self.switch_m)
        ]
        self.edges = [self.lowest, self.highest, *switches]
        """The heights at which something happens, m."""
        self.event = self.timer("event", self._event)

    # ---- where it is

    def moved(self, time_s: float) -> Pose:
        """Return where the carriage is, in its own frame."""
        return Pose(0.0, 0.0, along(self.path, time_s))

    def moves(self, time_s: float) -> bool:
        """Tell whether the carriage is in movement at a time."""
        piece = piece_at(self.path, time_s)
        return piece is not None and (piece.v != 0.0 or piece.a != 0.0)

    def joint(self) -> Path:
        return self.path

    # ---- the motor

    def wanted(self) -> float:
        """Return the speed that the motor is told to have, m/s, up."""
        up, down = bool(self.reads("up")), bool(self.reads("down"))
        return 0.0 if up == down else self.speed_m_s if up else -self.speed_m_s

    def pin_changed(self, pin: str) -> None:
        now, speed = self.env.time_s, self.wanted()
        if self.struck and speed * self.struck > 0.0:
            return
        self.struck = 0
        rested = not self.moves(now)
        if rested and speed == 0.0:
            return
        self.path = driven(self.path, now, speed, self.accel_m_s2)
        if rested:
            tear(self)
        self._goes_on(self._place())

    # ---- its events

    def _place(self) -> float:
        """Return the height now; exactly that of an edge when it is there."""
        place = along(self.path, self.env.time_s)
        return next((edge for edge in self.edges if abs(edge - place) < SAME_M), place)

    def _event(self) -> None:
        self._goes_on(self._place())

    def _goes_on(self, place: float) -> None:
        now = self.env.time_s
        way = sense(motion_at(self.path, now))
        stop = self.highest if way > 0 else self.lowest
        hits = way != 0 and abs(place - stop) < SAME_M
        if hits:
            self.struck, way = way, 0
            self.path = rest(place, now)
        for name, level in self.levels.items():
            self.tells(f"at_{name}", self._seen(level, place, way))
        self._arm()
        self.world.movers_changed(self)
        if hits:
            at = self.frame.at(now).then(self.moved(now))
            self.world.incident("overtravel", self, "incident.lift_overtravel", at=at)
        self.cell.changed()

    def _seen(self, level: float, place: float, way: int) -> bool:
        """Tell whether a level's switch is on right after now: at an edge the way out counts."""
        low, high = level - self.switch_m, level + self.switch_m
        if abs(place - low) < SAME_M:
            return way >= 0
        if abs(place - high) < SAME_M:
            return way <= 0
        return low < place < high

    def _arm(self) -> None:
        """Go on to the next edge, or to where it comes to rest."""
        now = self.env.time_s
        due_s = min(reaches(self.path, edge, now) for edge in self.edges)
        rests_s = ends_at(self.path)
        if now < rests_s < due_s:
            due_s = rests_s
        if due_s < inf:
            self.event.arm_at(due_s)
        else:
            self.event.cancel()
