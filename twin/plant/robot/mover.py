"""What a program sees of the robot that it moves, and what the robot tells its program."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from twin.kernel.command import Command
from twin.kernel.signal import Value
from twin.plant.motion.channel import Channel
from twin.spec.messages import Phrase

from .order import Configuration, Joints, Move, Tool
from .placement import Placement


class SignalKind(NamedTuple):
    """A signal of the robot controller."""

    name: str
    writable: bool
    """Whether the program sets it; else it only reads it."""
    type: type[bool] | type[int] | type[float]
    """`bool`: digital (DI, DO), `int`: a group (GI, GO), `float`: analog (AI, AO)."""


class Mover(Protocol):
    """A robot, as its program sees it. All that it does takes effect at the present instant."""

    id: str
    signals: Mapping[str, SignalKind]
    """By the name that the program uses."""
    external: tuple[str, ...]
    """The axes that it moves along: `eax_a`, `eax_b` … in order."""
    tracks: tuple[str, ...]
    """The belts that it can follow."""
    world: Placement
    """Where the arm's foot is, in the workcell, as it stands at the beginning: what programs call
    the world."""
    kinds: tuple[str, ...]
    """Of each joint: `turn` or `slide`."""
    external_kinds: tuple[str, ...]
    """The same of each external axis."""

    @property
    def ready(self) -> bool:
        """Whether a program can move it.

        Motors on, no fault, no stop; in manual the enabling switch held.
        """

    @property
    def moving(self) -> bool:
        """Whether a movement is going on."""

    def go(self, move: Move) -> None:
        """Begin a movement, or join it to the running one within that one's zone.

        `client.arrived` tells when the next may be given: at rest in a fine point, or at the entry
        into the zone. While a movement runs that is not there yet another one is a mistake.

        Raises:
            MoveRefused: it cannot be done; nothing has changed.
        """

    def joints(self) -> Joints:
        """Return where its joints are now, as it believes, rad or m."""

    def places(self, *, ahead: bool = False) -> tuple[float, ...]:
        """Return where its external axes are now, m or degrees.

        Args:
            ahead: where they will be when the movement that is going on has ended.
        """

    def tip(self, tool: Tool) -> Placement:
        """Return where a tool's point is now, as it believes, in the workcell."""

    def inverse(
        self, tip: Placement, tool: Tool, configuration: Configuration | None = None
    ) -> Joints:
        """Return the joints that bring a tool's point to a place in the workcell.

        Raises:
            MoveRefused: there are none.
        """

    def forward(self, joints: Joints, tool: Tool) -> Placement:
        """Return where joints bring a tool's point to, in the workcell."""

    def configuration(self) -> Configuration:
        """Return which of the arm's shapes it is in."""

    def pause(self) -> None:
        """Stop on the path (category 2)."""

    def resume(self) -> None:
        """Go on along the path that `pause`, or a stop, has interrupted.

        Raises:
            MoveRefused: it has been moved off the path in the meantime.
        """

    def forget(self) -> None:
        """Give up the movement that was interrupted: the next one begins where the arm stands."""

    def signal(self, name: str) -> Value:
        """Return what a signal is now."""

    def set_signal(self, name: str, value: Value) -> None:
        """Set an output."""

    def connect(self, belt: str) -> bool:
        """Bind the frame of moves `on` a belt to the first part in its window; False: none there.

        `client.signal_changed(belt)` tells when a part comes into the window.
        """

    def drop(self, belt: str) -> None:
        """End the binding: the part is done."""

    def belt_frame(self, belt: str) -> Placement | None:
        """Return where the frame of moves `on` a belt is now, in the workcell; None: not bound.

        Of an external axis: of what moves there.
        """

    def channel(self, port: int) -> Channel | None:
        """Return the socket to the PLC at a port, if the cell has one for this robot."""

    def program_changed(self) -> None:
        """Hear that the program runs, or does not any more, or that its pointer is elsewhere."""


class MoverClient(Protocol):
    """Who hears of what happens to a robot."""

    def arrived(self) -> None:
        """Hear that the movement is at rest in its fine point, or enters the zone of its target."""

    def rested(self) -> None:
        """Hear that the arm has come to rest, after `arrived` if it rests where it was to."""

    def signal_changed(self, name: str) -> None:
        """Hear that a signal has another value."""

    def stopped(self, why: Phrase) -> None:
        """Hear that the arm stops, or stands, though nobody has said `pause`."""

    def ready_changed(self) -> None:
        """Hear that `ready` is another."""


class RobotProgram(MoverClient, Protocol):
    """The program of a robot, as the robot sees it: `Robot.program`. A `Stateful` with `save`."""

    verbs: frozenset[str]
    """The commands that it carries out."""
    address: str

    @property
    def running(self) -> bool:
        """Whether it runs."""

    @property
    def error(self) -> Phrase | None:
        """Why it ended by itself; None: it did not."""

    def apply(self, command: Command) -> None:
        """Carry out one of `verbs`, or refuse it (`CommandRefused`)."""

    def run(self) -> None:
        """Begin, or go on: the pin `start`. Nothing if it cannot."""

    def halt(self) -> None:
        """Stop after the present statement; the arm stops on its path: the pin `stop`."""

    def to_main(self) -> None:
        """Set the pointer to `main` while it does not run: the pin `main`."""

    def tool(self, name: str) -> Tool | None:
        """Return a tool that the program has declared."""

    def wobj(self, name: str) -> Placement | None:
        """Return where a work object of the program is, in the workcell."""

    def tools(self) -> tuple[str, ...]:
        """Return the names of its tools."""

    def wobjs(self) -> tuple[str, ...]:
        """Return the names of its work objects."""

    def hand(self) -> tuple[Tool, str, Placement | None]:
        """Return tool, work object and its place with which a pendant begins; None: `wobj0`."""

    def teach(
        self, name: str, at: Placement, configuration: Configuration, external: tuple[float, ...]
    ) -> None:
        """Write a robtarget into its module: where the tool's point is in the work object.

        Raises:
            CommandRefused: it runs, or the name is none.
        """

    def target(
        self, name: str
    ) -> tuple[Placement, Configuration, tuple[float, ...]] | Joints | None:
        """Return a robtarget (in its work object), or a jointtarget (rad, m), by its name."""

    def save(self) -> list[Any]:
        """Return its state as plain data."""

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        """Put back what `save` gave."""
