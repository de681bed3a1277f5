"""Collisions: foreseen in closed form whenever anything moves otherwise than before."""

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from twin.plant.part import Part
from twin.plant.plain import Stateful
from twin.wire.model import along

from .axis import Axis
from .body import Body
from .box import DEEP_M, Box, Gap, Sweep, Way, box, inside, straight, turned
from .chain import axes, carriers
from .frame import Pose
from .gripper import PRESS_M, Gripper
from .solid import Solid

if TYPE_CHECKING:
    from .world import World

SLACK_M = 0.002
"""Held parts are taken for so much smaller at each side: parts may stand side by side."""
POINT_M = (0.01, 0.01, 0.05)
"""Size of a gripper's point."""
GRAZE_M = 1e-4
"""Boxes that have hit each other and overlap by less can hit each other again."""
NOW_S = 1e-9


class Thing(NamedTuple):
    """A box that may hit another."""

    name: str
    body: Body
    part: Part | None
    """The part that it is, or that it holds."""
    shape: Box
    sweep: Sweep
    """The room that it takes from now on."""
    role: str
    """`tool`, `held`, `point`, `solid`, `part`."""


class Collisions(Stateful):
    """Watches over the tools of a workcell.

    The box `tool_m` of an axis stands on the axis' moving frame. It must not hit a `solid` or the
    tool of another axis, nor must a gripper's point or the part that it carries. These must not be
    driven into a part that lies somewhere either: more than 1 cm below its top is a crash. Boxes
    lie along the workcell's axes: one that stands askew counts with the box around it, one that is
    being turned is not watched until it has come to rest.

    All movements are straight in each direction, so each gap is a polynomial: the first overlap is
    known as soon as a movement is planned, and is the next event. Things that overlapped from the
    start are watched when they have come apart. Things that have hit each other stop each other's
    drives again when they are driven on, without another incident, until they have come apart.
    """

    STATE: ClassVar[tuple[str, ...]] = ("touching", "seeded")

    def __init__(self, world: "World") -> None:
        self.world = world
        self.env = world.env
        self.touching: dict[str, float] = {}
        """Pairs that overlap since they hit each other, and how deep they must to hit again, m; 0:
        they cannot, as nothing has been driven anew since."""
        self.seeded = False
        """Whether what overlaps from the start is known."""
        self.busy = False
        self.event = world.env.timer(f"{world.address}/collision", self._fire)
        self._tools: list[Axis] | None = None
        self._solids: list[Solid] = []
        self._grippers: list[Gripper] = []

    def _find(self) -> list[Axis]:
        if self._tools is None:
            bodies = self.world.bodies.values()
            self._tools = [b for b in bodies if isinstance(b, Axis) and b.tool_m is not None]
            self._solids = [b for b in bodies if isinstance(b, Solid)]
            self._grippers = [
                b for b in bodies if isinstance(b, Gripper) and b.frame.carrier and not _on_robot(b)
            ]
        return self._tools

    # ---- what may hit what

    def _things(self) -> list[Thing]:
        now = self.env.time_s
        found: list[Thing] = []
        for axis in self._find():
            at = inside(axis, now)
            if at is not None and axis.tool_m is not None:
                found.append(self._thing(axis.id, axis, None, box(*at, axis.tool_m), "tool"))
        for gripper in self._grippers:
            at = straight(gripper.frame, now)
            if at is None:
                continue
            base, ways = at
            point = box(base, ways, POINT_M)
            found.append(self._thing(gripper.id, gripper, None, point, "point"))
            part = gripper.carried
            if part is not None:
                lies = base.then(Pose(*gripper.grip_at))
                size = self.world.size(part)
                shape = box(lies, ways, size, bottom=SLACK_M, shrink=SLACK_M)
                found.append(self._thing(f"{gripper.id}#held", gripper, part, shape, "held"))
        for solid in self._solids:
            at = straight(solid.frame, now)
            if at is not None:
                hard = box(*at, solid.size_m)
                found.append(self._thing(solid.id, solid, None, hard, "solid"))
        return found

    def _thing(self, name: str, body: Body, part: Part | None, shape: Box, role: str) -> Thing:
        return Thing(name, body, part, shape, shape.sweep(self.env.time_s), role)

    def _lying(self) -> Iterator[Thing]:
        """Yield the parts that lie somewhere, lower by what a gripper may press."""
        now = self.env.time_s
        if not self._grippers:
            return
        for holder in self.world.holders:
            at = straight(holder.frame, now)
            if at is None:
                continue
            base, ways = at
            for part, ride in holder.parts():
                if ride.frame != holder.node:
                    continue
                lies = base.then(Pose(ride.x, ride.y, ride.z, ride.heading_rad))
                vector = turned((ride.dx, ride.dy, ride.dz), base.heading_rad)
                length, width, height = self.world.size(part)
                size = (length, width, max(height - PRESS_M, 0.0))
                shape = box(lies, (*ways, Way(vector, ride.path)), size)
                yield self._thing(f"#{part.id}", holder, part, shape, "part")

    def _pairs(self) -> Iterator[tuple[Thing, Thing]]:
        things = self._things()
        lying = list(self._lying())
        for index, one in enumerate(things):
            if one.role in ("point", "held"):
                yield from ((one, part) for part in lying)
            for other in things[index + 1 :]:
                points = one.role == other.role == "point"
                if one.role != "solid" and not points and not _one_piece(one.body, other.body):
                    yield one, other

    # ---- foreseeing

    def changed(self, body: Body) -> None:
        """Foresee anew: a body moves otherwise from now on, or has come to rest."""
        if self.busy or not (self._find() or self._grippers):
            return
        now = self.env.time_s
        pairs = list(self._pairs())
        if self.touching and getattr(body, "moves", _never)(now):
            for one, other in pairs:
                key = f"{one.name}|{other.name}"
                if key in self.touching and (_on(one.body, body) or _on(other.body, body)):
                    gap = Gap(one.shape, other.shape)
                    self.touching[key] = max(gap.depth(now), 0.0) + DEEP_M
        self._foresee(pairs)

    def _foresee(self, pairs: list[tuple[Thing, Thing]]) -> None:
        now = self.env.time_s
        due_s = inf
        still: dict[str, float] = {}
        for one, other in pairs:
            key = f"{one.name}|{other.name}"
            due_s = min(due_s, self._meets(key, one, other, now, still))
        self.touching = still
        self.seeded = True
        if due_s < inf:
            self.event.arm_at(due_s)
        else:
            self.event.cancel()

    def _meets(
        self, key: str, one: Thing, other: Thing, now: float, still: dict[str, float]
    ) -> float:
        """Return when two things hit each other; keep in `still` that they overlap now."""
        known = self.touching.get(key)
        if known is None and not one.sweep.meets(other.sweep):
            return inf
        gap = Gap(one.shape, other.shape)
        depth = gap.depth(now)
        if depth > DEEP_M / 2.0 and (known is not None or not self.seeded):
            still[key] = known or 0.0
            if known and known <= GRAZE_M:
                return gap.meets(now, known, apart_first=False)
            return gap.meets(now, DEEP_M / 2.0, apart_first=True)
        if not one.shape.moves and not other.shape.moves:
            return now if depth > DEEP_M else inf
        return gap.meets(now, DEEP_M, apart_first=False)

    def _fire(self) -> None:
        now = self.env.time_s
        self.busy = True
        for one, other in list(self._pairs()):
            key = f"{one.name}|{other.name}"
            if self._meets(key, one, other, now, {}) <= now + NOW_S:
                told = key in self.touching
                self.touching[key] = 0.0
                if not told:
                    self._tell(one, other)
                self._stop(one, other)
        self.busy = False
        self._foresee(list(self._pairs()))
        self.world.cell.changed()

    # ---- when it happens

    def _tell(self, one: Thing, other: Thing) -> None:
        now = self.env.time_s
        at = Pose(*(
            one.shape.middle[k] + sum(w.vector[k] * along(w.path, now) for w in one.shape.ways)
            for k in range(3)
        ))  # fmt: skip
        cause = "held_hit" if one.role == "held" else "hit"
        part = one.part
        if other.role == "part":
            part = other.part
            cause = "held_crash" if one.role == "held" else "crash"
        elif other.role == "held":
            one, other, part, cause = other, one, other.part, "held_hit"
        self.world.incident(
            "collision", one.body, f"incident.{cause}", part=part, at=at, other=other.body.id
        )

    def _stop(self, one: Thing, other: Thing) -> None:
        """Let the axes that drive two things against each other stop with a fault."""
        now = self.env.time_s
        chains = [*axes(one.body), *axes(other.body)]
        moving = [axis for axis in chains if axis.moves(now)]
        if not moving and other.role != "part":
            moving = axes(one.body)[:1]
        for axis in moving:
            axis.crash()


def _on_robot(body: Body) -> bool:
    """Tell whether a robot carries a body: it looks after itself."""
    return any(hasattr(carrier, "guard") for carrier in carriers(body))


def _never(_time_s: float) -> bool:
    return False


def _on(body: Body, mover: Body) -> bool:
    """Tell whether a body is, or is carried by, another."""
    return body is mover or any(carrier is mover for carrier in carriers(body))


def _one_piece(one: Body, other: Body) -> bool:
    """Tell whether one of two bodies carries the other: they belong together."""
    return _on(one, other) or _on(other, one)
