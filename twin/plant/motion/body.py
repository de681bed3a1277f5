"""What every body of a workcell is."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from twin.kernel.command import Command
from twin.kernel.environment import Environment, Timer
from twin.kernel.errors import CommandRefused
from twin.kernel.signal import Value
from twin.plant.part import Part
from twin.plant.plain import Stateful
from twin.spec.messages import Phrase, phrase
from twin.spec.motion import BodyBase
from twin.wire.model import Path, Ride

from .frame import Frame, Pose
from .point import Point

if TYPE_CHECKING:
    from .workcell import Workcell
    from .world import World

LEVEL_M = 0.02
"""Surfaces whose heights differ by less pass parts on to each other."""


class Body(Stateful):
    """A piece of a workcell. Its life: made, `connect`ed, `start`ed, then events.

    State is named in `STATE` (see `twin.plant.plain`); timers are made once, in `__init__`.
    """

    guides: ClassVar[bool] = True
    """Whether parts that it passes on slide into a seat by themselves."""
    ways: tuple[str, ...] = ()
    """In which ways it can break, the usual one first."""

    def __init__(self, world: "World", spec: BodyBase) -> None:
        self.world = world
        self.cell: Workcell = world.cell
        self.env: Environment = world.env
        self.spec = spec
        self.id = spec.id
        self.address = f"{self.cell.id}/{spec.id}"
        self.node = f"{self.cell.id}__{spec.id}"
        """Of the scene: its fixed frame."""
        self.frame = Frame(spec.at_m, spec.heading_deg)
        self.points: dict[str, Point] = {}
        """By name of the pin. The workcell fills it."""

    def timer(self, name: str, fire: Callable[[], None]) -> Timer:
        """Make a timer of this body."""
        return self.env.timer(f"{self.address}/{name}", fire)

    # ---- wires

    lazy: ClassVar[frozenset[str]] = frozenset()
    """Pins whose value goes on changing between events: `refresh` tells it when somebody looks."""

    def refresh(self, pin: str) -> None:
        """`renew` one of the `lazy` pins: somebody is about to read it."""

    def reads(self, pin: str) -> Any:
        """Return an output as the actuator sees it: nothing without power."""
        point = self.points[pin]
        return point.value if self.world.powered else point.type()

    def tells(self, pin: str, value: Value) -> None:
        """Set an input of the controller."""
        point = self.points.get(pin)
        if point is not None:
            point.set(value)

    def renew(self, pin: str, value: Value) -> None:
        """Set an input that changes all the time, without an event: it is looked at just now."""
        point = self.points.get(pin)
        if point is not None:
            point.renew(value)

    def pin_changed(self, pin: str) -> None:
        """Act on a change of an output; an empty name: power came or went."""

    def refuses(self, pin: str, value: Value) -> Phrase | None:
        """Say why a person cannot set what they work to a value; None: they can."""
        return None

    def breaks(self, way: str) -> None:
        """Break in one of its ways.

        Raises:
            CommandRefused: it is broken already.
        """
        raise NotImplementedError

    def mended(self) -> bool:
        """Be repaired; False when there is nothing to repair."""
        return False

    def apply(self, command: Command) -> None:
        """Carry out a command to this body, or refuse it."""
        raise CommandRefused(
            phrase("refused.body_cannot", body=self.id, kind=self.spec.kind, verb=command.verb)  # type: ignore[attr-defined]
        )

    # ---- life

    def connect(self) -> None:
        """Find the other bodies that it works with."""

    def start(self) -> None:
        """Begin, at time 0."""

    def restored(self) -> None:
        """Find again what is not part of the state, after a snapshot was put back."""

    def joint(self) -> Path | None:
        """Return how its moving part moves now, if it has one."""
        return None

    def joints(self) -> Iterator[tuple[str, Path]]:
        """Yield how its moving parts move now, each with its address."""
        path = self.joint()
        if path is not None:
            yield self.address, path

    # ---- parts

    def content(self) -> int:
        """Return how many parts it holds."""
        return 0

    def parts(self) -> Iterator[tuple[Part, Ride]]:
        """Yield the parts that it holds, and how each lies on it."""
        return iter(())

    def remove(self, part: Part) -> bool:
        """Let a person take a part away; False if it is not here."""
        return False


class Holder(Body):
    """A body with a surface on which parts lie."""

    def covers(self, at: Pose, time_s: float) -> bool:
        """Tell whether a part whose underside's middle is there (workcell frame) lies on it."""
        raise NotImplementedError

    def accept(self, part: Part, at: Pose, *, giver: Body) -> bool:
        """Take a part that comes to lie at a pose (workcell frame); False when there is no room.

        A giver that was refused is told by its `retry(self)` once there may be room.
        """
        raise NotImplementedError

    def nearest(self, at: Pose, time_s: float) -> "tuple[Part, Pose] | None":
        """Return the part whose underside's middle is nearest to a pose, and where it is."""
        raise NotImplementedError

    def part_at(self, along_m: float) -> Part | None:
        """Return the part that covers a place along it (a seat has one place)."""
        raise NotImplementedError

    def take(self, part: Part) -> Pose:
        """Give a part away; return where it was (workcell frame)."""
        raise NotImplementedError

    def hold(self, part: Part, *, by: Body) -> None:
        """Keep a part where it is, whatever the surface does: jaws or a plate hold it."""

    def let_go(self, part: Part, *, by: Body) -> None:
        """End a `hold`."""

    def clamped(self, part: Part, *, but: Body | None = None) -> bool:
        """Tell whether anything but `but` holds the part where it is."""
        return False

    def height(self, at: Pose, time_s: float) -> float:
        """Return how high its surface is at a place, in the workcell, m."""
        return self.frame.at(time_s).z

    def entrance(self, along_m: float) -> Pose:
        """Return where a part comes to lie that enters at a place along it (its own frame)."""
        return Pose(along_m, 0.0, 0.0)

    def leaving(self) -> Part | None:
        """Return the part that waits to be passed on."""
        return None

    def watch(self, watcher: "Watcher", along_m: float) -> None:
        """Tell a watcher from now on when the part at a place becomes another one, or none."""
        raise NotImplementedError


class Watcher:
    """Something that looks at a place of a holder: a sensor, a reader, a process head."""

    def seen(self, part: Part | None) -> None:
        """Hear that this part covers the place from now on, or none does."""
        raise NotImplementedError


class Giver:
    """A body that tries to pass a part on."""

    def retry(self, taker: Holder) -> None:
        """Try again: there may be room."""
        raise NotImplementedError
