"""A compressed-air supply: what it does to the rods that hang on it."""

from typing import TYPE_CHECKING, ClassVar, Protocol

from twin.spec import motion as specs
from twin.wire.model import Path, Piece, along

from .body import Body
from .path import ends_at, rest

if TYPE_CHECKING:
    from .world import World


class User(Protocol):
    """What hangs on a supply."""

    def air_changed(self) -> None:
        """Hear that the pressure will go another way than before."""


class Air(Body):
    """A supply whose pressure rises and falls evenly: all of it in `fill_s`, either way.

    With a valve, it fills while `on` is on and vents otherwise, also without power. Without one it
    is always full. Since the pressure is straight over time, a rod's stroke is quadratic: exact,
    without steps. The pin `pressure` is told at the valve's changes, at both ends of the way and
    when the pressure passes `least_bar`; in between whenever `refresh` asks.
    """

    STATE: ClassVar[tuple[str, ...]] = ("path",)
    lazy: ClassVar[frozenset[str]] = frozenset({"pressure"})

    def __init__(self, world: "World", spec: specs.Air) -> None:
        super().__init__(world, spec)
        self.full_bar = spec.pressure_bar
        self.least_bar = spec.least_bar
        self.rate_bar_s = spec.pressure_bar / spec.fill_s
        self.valve = spec.valve
        self.path: Path = rest(0.0 if spec.valve else self.full_bar)
        """The pressure, bar."""
        self.users: list[User] = []
        self.step = self.timer("pressure", self._step)

    def join(self, user: User) -> None:
        """Tell a user from now on when the pressure goes another way."""
        self.users.append(user)

    def start(self) -> None:
        self._tell()

    # ---- what others ask

    def bar(self, time_s: float) -> float:
        """Return the pressure at a time, bar."""
        return along(self.path, time_s)

    def shares(self) -> Path:
        """Return the pressure over the full one, as a path."""
        full = self.full_bar
        return tuple(Piece(piece.t0, piece.p / full, piece.v / full) for piece in self.path)

    @property
    def least(self) -> float:
        """The share of the full pressure below which nothing moves."""
        return self.least_bar / self.full_bar

    def enough(self, time_s: float) -> bool:
        """Tell whether the pressure moves anything at a time."""
        return self.bar(time_s) >= self.least_bar

    # ---- its valve

    def pin_changed(self, pin: str) -> None:
        if not self.valve:
            return
        goal = self.full_bar if self.reads("on") else 0.0
        if self.path[-1].p == goal:
            return
        now = self.env.time_s
        bar = self.bar(now)
        rate = self.rate_bar_s if goal > bar else -self.rate_bar_s
        way = (Piece(now, bar, rate),) if bar != goal else ()
        self.path = (*way, Piece(now + abs(goal - bar) / self.rate_bar_s, goal))
        self._arm()
        self._tell()
        for user in self.users:
            user.air_changed()
        self.cell.changed()

    def _arm(self) -> None:
        now, first = self.env.time_s, self.path[0]
        passes_s = now
        if first.v != 0.0:
            passes_s = first.t0 + (self.least_bar - first.p) / first.v
        self.step.arm_at(passes_s if now < passes_s < ends_at(self.path) else ends_at(self.path))

    def _step(self) -> None:
        self._tell()
        if self.env.time_s < ends_at(self.path):
            self._arm()
        self.cell.changed()

    def refresh(self, pin: str) -> None:
        if pin == "pressure":
            self.renew(pin, self.bar(self.env.time_s))

    def _tell(self) -> None:
        self.tells("pressure", self.bar(self.env.time_s))
