"""A seat: one place for one part."""

from collections.abc import Iterator
from math import hypot, pi, radians
from typing import TYPE_CHECKING, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs
from twin.wire.model import Path, Ride

from .body import LEVEL_M, Body, Giver, Holder, Watcher
from .frame import Pose
from .path import even, rest

if TYPE_CHECKING:
    from .ports import Exit
    from .world import World

QUARTER_RAD = pi / 2.0
ASKEW_RAD = radians(10.0)
"""A part turned further off the nearest quarter turn does not sit."""
FUZZ_M = 1e-5
"""Controllers count in single precision."""
SLIDE_M_S = 0.25
"""Speed at which a part slides into a seat when its giver has none of its own."""


def quarter(heading_rad: float) -> float:
    """Return the quarter turn nearest to a heading."""
    return round(heading_rad / QUARTER_RAD) * QUARTER_RAD


class Lie:
    """How a part lies on a place: where it came, where it comes to rest, when. Plain data."""

    SIZE = 7

    def __init__(self, data: list[float]) -> None:
        self.data = data

    @classmethod
    def still(cls, at: Pose, time_s: float) -> list[float]:
        """Return lying still at a pose."""
        return [at.x, at.y, at.heading_rad, at.x, at.y, time_s, time_s]

    @classmethod
    def sliding(cls, at: Pose, to: Pose, time_s: float, speed_m_s: float) -> list[float]:
        """Return sliding evenly to another place."""
        takes_s = hypot(to.x - at.x, to.y - at.y) / speed_m_s
        return [at.x, at.y, to.heading_rad, to.x, to.y, time_s, time_s + takes_s]

    def ride(self, node: str, z: float) -> Ride:
        """Return how the part is drawn."""
        x, y, heading_rad, to_x, to_y, since_s, until_s = self.data
        way = hypot(to_x - x, to_y - y)
        if way == 0.0:
            return Ride(node, x, y, z, heading_rad, 1.0, 0.0, 0.0, rest(0.0, since_s))
        path: Path = even(since_s, 0.0, way, until_s - since_s)
        return Ride(node, x, y, z, heading_rad, (to_x - x) / way, (to_y - y) / way, 0.0, path)

    def at(self, time_s: float, z: float) -> Pose:
        """Return where the part is, in the frame of its holder."""
        x, y, heading_rad, to_x, to_y, since_s, until_s = self.data
        if time_s >= until_s:
            return Pose(to_x, to_y, z, heading_rad)
        share = (time_s - since_s) / (until_s - since_s)
        return Pose(x + share * (to_x - x), y + share * (to_y - y), z, heading_rad)


class Queue(Holder):
    """A holder that remembers whom it refused."""

    STATE: ClassVar[tuple[str, ...]] = ("waiting",)

    def __init__(self, world: "World", spec: specs.BodyBase) -> None:
        super().__init__(world, spec)
        self.waiting: list[Body] = []
        """Givers that were refused, in order."""

    def refuse(self, giver: Body) -> bool:
        """Remember a giver; it tries again when there is room."""
        if isinstance(giver, Giver) and giver not in self.waiting:
            self.waiting.append(giver)
        return False

    def call(self) -> None:
        """Let those who were refused try again."""
        for giver in list(self.waiting):
            if giver in self.waiting:
                self.waiting.remove(giver)
                assert isinstance(giver, Giver)
                giver.retry(self)


class Seat(Queue, Giver):
    """One place for one part: a nest, a fixture, a machine's chuck.

    A part that a belt, an entry or a slide gives comes to its middle by itself. One that a gripper
    puts down lies as it was put; further off than `tolerance_m`, or askew, it does not sit, which
    is an incident. With an exit behind it, a part that nothing holds leaves as soon as it can.
    """

    STATE: ClassVar[tuple[str, ...]] = (*Queue.STATE, "part", "lie", "askew", "here", "by")

    def __init__(self, world: "World", spec: specs.Seat) -> None:
        super().__init__(world, spec)
        self.tolerance_m = spec.tolerance_m
        self.half_m = (spec.size_m[0] / 2.0, spec.size_m[1] / 2.0)
        self.part: Part | None = None
        self.lie: list[float] = [0.0] * Lie.SIZE
        self.askew = False
        """Whether its part does not sit as it should."""
        self.here = False
        """Whether its part has come to rest."""
        self.by: list[Body] = []
        """What holds the part."""
        self.watchers: list[Watcher] = []
        self.exits: list[Exit] = []
        self.rests = self.timer("rest", self._rests)
        self.leave = self.timer("leave", self._leave)

    def start(self) -> None:
        self.exits = [exit_ for exit_ in self.cell.exits if exit_.source is self]

    # ---- as a holder

    def covers(self, at: Pose, time_s: float) -> bool:
        local = self.frame.at(time_s).seen(at)
        x, y = self.half_m
        return abs(local.x) <= x and abs(local.y) <= y and abs(local.z) < LEVEL_M

    def entrance(self, along_m: float) -> Pose:
        return Pose(0.0, 0.0, 0.0)

    def accept(self, part: Part, at: Pose, *, giver: Body) -> bool:
        if self.part is not None:
            return self.refuse(giver)
        now = self.env.time_s
        local = self.frame.at(now).seen(at)
        self.part, self.here, self.askew = part, False, False
        if giver.guides:
            middle = Pose(0.0, 0.0, 0.0, quarter(local.heading_rad))
            self.lie[:] = Lie.sliding(local, middle, now, speed_of(giver))
        else:
            self.lie[:] = Lie.still(local, now)
            self.askew = misplaced(self, part, at, local, self.tolerance_m)
        if self.lie[-1] > now:
            self.rests.arm_at(self.lie[-1])
        else:
            self._rests()
        self.cell.changed()
        return True

    def _rests(self) -> None:
        self.here = True
        self.tell()
        self.leave.arm(0.0)
        self.cell.changed()

    def nearest(self, at: Pose, time_s: float) -> tuple[Part, Pose] | None:
        return None if self.part is None else (self.part, self.place(time_s))

    def place(self, time_s: float) -> Pose:
        """Return where its part is, in the workcell."""
        return self.frame.at(time_s).then(Lie(self.lie).at(time_s, 0.0))

    def part_at(self, along_m: float) -> Part | None:
        return self.part if self.here else None

    def take(self, part: Part) -> Pose:
        at = self.place(self.env.time_s)
        self._free()
        return at

    def hold(self, part: Part, *, by: Body) -> None:
        if part is self.part and by not in self.by:
            self.by.append(by)

    def let_go(self, part: Part, *, by: Body) -> None:
        if by in self.by:
            self.by.remove(by)
            self.leave.arm(0.0)

    def clamped(self, part: Part, *, but: Body | None = None) -> bool:
        return part is self.part and any(body is not but for body in self.by)

    def watch(self, watcher: Watcher, along_m: float) -> None:
        self.watchers.append(watcher)

    def tell(self) -> None:
        """Tell all watchers what lies here."""
        part = self.part_at(0.0)
        for watcher in self.watchers:
            watcher.seen(part)

    # ---- parts leave

    def leaving(self) -> Part | None:
        return self.part if self.here and not self.by else None

    def retry(self, taker: Holder) -> None:
        self._leave()

    def _leave(self) -> None:
        part = self.leaving()
        if part is None:
            return
        at = self.place(self.env.time_s)
        for exit_ in self.exits:
            if exit_.accept(part, at, giver=self):
                self._free()
                return

    def _free(self) -> None:
        part, holding = self.part, list(self.by)
        self.part, self.here, self.askew = None, False, False
        self.by.clear()
        lost(part, holding)
        self.rests.cancel()
        self.tell()
        self.cell.settle()
        self.call()

    def remove(self, part: Part) -> bool:
        if part is not self.part:
            return False
        self._free()
        return True

    def content(self) -> int:
        return int(self.part is not None)

    def parts(self) -> Iterator[tuple[Part, Ride]]:
        if self.part is not None:
            yield self.part, Lie(self.lie).ride(self.node, 0.0)


def lost(part: Part | None, holding: list[Body]) -> None:
    """Tell those who held a part that it was taken away."""
    for body in holding:
        tell = getattr(body, "lost", None)
        if tell is not None and part is not None:
            tell(part)


def speed_of(giver: Body) -> float:
    """Return how fast a part comes from a giver, m/s."""
    surface_speed = getattr(giver, "surface_speed", None)
    speed = abs(surface_speed()) if surface_speed is not None else 0.0
    return speed or SLIDE_M_S


def misplaced(
    holder: Body, part: Part, at: Pose, off: Pose, tolerance_m: float, key: str = "misplaced"
) -> bool:
    """Tell, and note, whether a part was put down too far off its place, or askew.

    Args:
        holder: where it was put.
        part: the part.
        at: where it lies now, in the workcell.
        off: the same, seen from its place.
        tolerance_m: what is still good.
        key: of the incident's cause.
    """
    off_m = hypot(off.x, off.y)
    off_rad = abs(off.heading_rad - quarter(off.heading_rad))
    if off_m <= tolerance_m + FUZZ_M and off_rad <= ASKEW_RAD:
        return False
    holder.world.incident(
        "misplaced",
        holder,
        f"incident.{key}",
        part=part,
        at=at,
        off_mm=round(off_m * 1000.0, 1),
        off_deg=round(off_rad * 180.0 / pi, 1),
        tolerance_mm=round(tolerance_m * 1000.0, 1),
    )
    return True
