"""A robot arm with its controller's drive side: power, modes, movements, signals, faults."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from math import radians
from typing import TYPE_CHECKING, Any

from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused, PilotlineError
from twin.plant.plain import Stateful
from twin.plant.robot.errors import Deviation
from twin.plant.robot.mover import RobotProgram
from twin.plant.robot.order import Joints, MoveRefused, Track
from twin.plant.robot.placement import OVER, Placement
from twin.spec import motion as specs
from twin.spec.extras import install_command
from twin.spec.messages import phrase
from twin.wire.model import Path

from .body import Body
from .broken import TRIPS
from .called import spoken
from .frame import Pose
from .robot_drive import Drive
from .robot_external import External
from .robot_follow import Follow
from .robot_guard import Guard
from .robot_mover import RobotMover
from .robot_pendant import Pendant
from .robot_safety import Safety
from .robot_view import shown
from .robot_wires import FIXED_PINS, Wires

if TYPE_CHECKING:
    from twin.plant.robot.arm import Arm

    from .world import World

LIBRARIES = ("pinocchio", "coal", "ruckig", "eaik")


class Robot(Body):
    """A robot arm: its joints, and what they make of it for the others.

    What stands on it stands on its flange turned over: upright while the tool points down. The rest
    is done by its parts: `drive` moves it, `safety` says whether it may, `guard` foresees what it
    would hit, `pendant` is for the hand, `mover` for the program, `wires` its signals, `follow` its
    belts, `external` the axes beside it.
    """

    ways = (TRIPS,)

    def __init__(self, world: "World", spec: specs.Robot) -> None:
        super().__init__(world, spec)
        self.robot_spec = spec
        self.arm = arm_of(spec)
        self.program: RobotProgram | None = None
        """What runs its program, once the control side has put it in."""
        errors = spec.errors
        self.zeros = tuple(radians(e) for e in (errors.joints_deg if errors is not None else ()))
        self.deviation: Deviation | None = None
        """How far it is from where it believes to be, if it declares errors."""
        if errors is not None:
            self.deviation = Deviation(errors, self.cell.line.streams, self.address)
        self.safety = Safety(self)
        self.drive = Drive(self)
        self.wires: Wires = Wires(self)
        self.external = External(self)
        self.follow = Follow(self)
        self.guard = Guard(self)
        self.pendant = Pendant(self)
        self.mover = RobotMover(self)

    def connect(self) -> None:
        self.wires.find()
        self.external.find()
        self.follow.find()
        self.mover.find()
        self.world.hearers.append(self.guard.mover_changed)

    def start(self) -> None:
        self.safety.settle()

    # ---- where it is

    def foot(self, time_s: float) -> Placement:
        """Return where its foot is, in the workcell."""
        return Placement.at(self.frame.at(time_s))

    def true(self, time_s: float) -> Joints:
        """Return where its joints really are: the zeros that it believes in may be off."""
        joints = self.drive.at(time_s)
        if not self.zeros:
            return joints
        off = (*self.zeros, *(0.0 for _ in joints))
        return tuple([q + e for q, e in zip(joints, off, strict=False)])

    @property
    def track(self) -> Track:
        """How its joints really move."""
        return self.with_zeros(self.drive.track)

    def with_zeros(self, track: Track) -> Track:
        """Return how joints really move that are believed to move by a track."""
        if not any(self.zeros):
            return track
        off = (*self.zeros, *(0.0 for _ in track))
        return tuple(
            tuple([piece._replace(p=piece.p + e) for piece in path])
            for path, e in zip(track, off, strict=False)
        )

    def flange(self, time_s: float) -> Placement:
        """Return where its flange really is, in the workcell."""
        return self.foot(time_s).then(self.arm.flange(self.true(time_s)))

    def moved(self, time_s: float) -> Pose:
        """Return where what stands on it stands, in its own frame: place and heading."""
        return self.arm.flange(self.true(time_s)).then(OVER).pose()

    def moves(self, time_s: float) -> bool:
        """Tell whether it is in movement."""
        return self.drive.moves(time_s)

    def tilt_rad(self, time_s: float) -> float:
        """Return by what angle what stands on it is off the vertical."""
        return self.flange(time_s).then(OVER).tilt_rad

    def measured(self, time_s: float) -> Placement:
        """Return where the tool's point really is, in the workcell, as an instrument finds it."""
        tip = self.flange(time_s).then(self.pendant.tool.tip)
        return tip if self.deviation is None else self.deviation.tool(tip, time_s)

    def joints(self) -> Iterator[tuple[str, Path]]:
        for number, path in enumerate(self.track, start=1):
            yield f"{self.address}/j{number}", path

    def shown(self) -> dict[str, Any]:
        """Return how it is now, for people: see `robot_view`."""
        return shown(self)

    @property
    def harmless(self) -> bool:
        """Whether a person may stand beside it while it moves: slowly, with the switch held."""
        return not self.safety.auto and self.safety.enabled

    def moves_otherwise(self) -> None:
        """Tell all whom its movement concerns."""
        self.world.movers_changed(self)
        self.guard.look()
        self.guard.weigh()
        self.cell.changed()

    # ---- wires and commands

    def pin_changed(self, pin: str) -> None:
        if pin == "" or pin in FIXED_PINS:
            self.safety.pin_changed(pin)

    def apply(self, command: Command) -> None:
        program = self.program
        if command.verb in self.pendant.verbs:
            try:
                self.pendant.apply(command)
            except MoveRefused as refused:
                raise CommandRefused(spoken(self.cell, refused.phrase)) from None
        elif program is not None and command.verb in program.verbs:
            program.apply(command)
        else:
            super().apply(command)
        self.safety.settle()

    def breaks(self, way: str) -> None:
        self.safety.trip()

    # ---- snapshots

    def _parts(self) -> Iterator[Stateful]:
        yield from (self.safety, self.drive, self.guard, self.pendant, self.follow, self.external)
        if self.deviation is not None:
            yield self.deviation

    def save(self) -> list[Any]:
        return [part.save() for part in self._parts()]

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        for part, saved in zip(self._parts(), data, strict=True):
            part.load_state(saved, known)


class NoLibraries(PilotlineError):
    """The libraries for arms are not installed."""

    def __init__(self, robot: str, missing: Sequence[str]) -> None:
        self.about = (robot, tuple(missing))
        self.phrase = phrase(
            "robot.no_libraries", robot=robot, libraries=", ".join(missing),
            command=install_command("robots"),
        )  # fmt: skip
        super().__init__(self.phrase.text())

    def __reduce__(self) -> tuple[Any, ...]:
        return NoLibraries, self.about


def arm_of(spec: specs.Robot) -> "Arm":
    """Return the arm that a line file names.

    Raises:
        NoLibraries: those for arms are not installed.
    """
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise NoLibraries(spec.id, missing)
    from twin.plant.robot.arm import load_arm

    return load_arm(spec.arm)
