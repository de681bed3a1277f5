"""What turns with all that is on it: a disc that swings, and a dial that goes on by stations."""

from math import radians, tau
from typing import TYPE_CHECKING, ClassVar

from twin.spec import motion as specs
from twin.wire.model import Path, along

from .body import Body
from .bridge import tear
from .frame import Pose
from .path import ends_at, piece_at, rest, stopped, trapezoid
from .pneumatic import Pneumatic
from .stroke import scaled

if TYPE_CHECKING:
    from .world import World


class Turntable(Pneumatic):
    """A disc that swings by an angle, to the left if positive, and back."""

    def __init__(self, world: "World", spec: specs.Turntable) -> None:
        super().__init__(world, spec)
        self.angle_rad = radians(spec.angle_deg)

    def moved(self, time_s: float) -> Pose:
        """Return how its disc is turned."""
        return Pose(0.0, 0.0, 0.0, self.angle_rad * along(self.path, time_s))

    def joint(self) -> Path:
        return scaled(self.path, self.angle_rad)

    def sets_off(self, stroke: float, goal: float) -> None:
        tear(self)


class IndexTable(Body):
    """A dial that turns to the left by one station at each rising edge of `index`.

    A step takes `index_s`: a third of it speeding up evenly, a third at even speed, a third slowing
    down. An edge during a step is lost. Without power the dial stops dead in its drive, and goes on
    with the rest of the step, from rest, when power is back. `station` counts from 0 and is told
    at the end of each step.
    """

    STATE: ClassVar[tuple[str, ...]] = ("path", "steps", "under_way", "signal")

    def __init__(self, world: "World", spec: specs.IndexTable) -> None:
        super().__init__(world, spec)
        self.stations = spec.stations
        self.pitch_rad = tau / spec.stations
        # A trapezoid of three equal times: way = 2/3 of top speed times the whole time.
        self.speed_rad_s = 1.5 * self.pitch_rad / spec.index_s
        self.accel_rad_s2 = 3.0 * self.speed_rad_s / spec.index_s
        self.path: Path = rest(0.0)
        """How far it has turned, rad."""
        self.steps = 0
        self.under_way = False
        """Whether a step has begun and is not at its end."""
        self.signal = False
        """What `index` was last, to know its edge."""
        self.step = self.timer("step", self._stepped)

    def moved(self, time_s: float) -> Pose:
        """Return how the dial is turned."""
        return Pose(0.0, 0.0, 0.0, along(self.path, time_s))

    def moves(self, time_s: float) -> bool:
        """Tell whether the dial is turning at a time."""
        piece = piece_at(self.path, time_s)
        return piece is not None and (piece.v != 0.0 or piece.a != 0.0)

    def joint(self) -> Path:
        return self.path

    def pin_changed(self, pin: str) -> None:
        signal = bool(self.points["index"].value)  # also without power: its return is no edge
        edge, self.signal = signal and not self.signal, signal
        if not self.world.powered:
            self._brake()
        elif self.under_way:
            if not self.step.pending:
                self._go()
        elif edge:
            self.under_way = True
            self._tell_position(reached=False)
            self._go()

    def _brake(self) -> None:
        now = self.env.time_s
        if self.moves(now):
            self.path = stopped(self.path, now)
            self.step.cancel()
            self._moved()

    def _go(self) -> None:
        now = self.env.time_s
        start, goal = along(self.path, now), (self.steps + 1) * self.pitch_rad
        self.path = trapezoid(now, start, goal, self.speed_rad_s, self.accel_rad_s2)
        self.step.arm_at(ends_at(self.path))
        tear(self)
        self._moved()

    def _stepped(self) -> None:
        self.steps += 1
        self.under_way = False
        self.path = rest(self.steps * self.pitch_rad, self.env.time_s)
        self.tells("station", self.steps % self.stations)
        self._tell_position(reached=True)
        self._moved()

    def _tell_position(self, *, reached: bool) -> None:
        self.tells("in_position", reached)

    def _moved(self) -> None:
        self.world.movers_changed(self)
        self.cell.changed()
