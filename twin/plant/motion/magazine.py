"""A stack of parts with a slide that ejects the lowest."""

from collections.abc import Iterator
from math import sqrt
from typing import TYPE_CHECKING, ClassVar

from twin.kernel.streams import uniform
from twin.plant.part import Part
from twin.spec import motion as specs
from twin.wire.model import Path, Ride

from .body import Giver, Holder
from .frame import STILL, Pose
from .pneumatic import Pneumatic
from .stroke import scaled

if TYPE_CHECKING:
    from .world import World


class Magazine(Pneumatic, Giver):
    """A slide below a stack: `eject` pushes the lowest part out, a spring brings the slide back.

    A part comes into being as the slide sets off with it. At full stroke it comes to lie on what is
    there: normally `to`; nothing there: it falls; no room there: the slide stalls, an incident,
    until there is. A slide called back before that takes the part back along in its pocket. `empty`
    comes on when the last part has been put down.
    """

    STATE: ClassVar[tuple[str, ...]] = (*Pneumatic.STATE, "filled", "part")
    PINS = ("eject", "", "ejected", "ready")

    def __init__(self, world: "World", spec: specs.Magazine) -> None:
        super().__init__(world, spec)
        self.extend_s = spec.eject_s
        self.retract_s = spec.return_s
        self.kind = spec.part
        self.to_id = spec.to
        self.along_m = spec.along_m
        self.capacity = spec.capacity
        self.endless = spec.endless
        self.bad = spec.bad
        streams = world.cell.line.streams
        self.luck = streams.make(f"{self.address}/bad", uniform) if spec.bad else None
        self.filled = spec.capacity if spec.filled is None else min(spec.filled, spec.capacity)
        """Parts in the stack, that on the slide not among them."""
        self.part: Part | None = None
        """The part on the slide."""
        self.to: Holder
        self.target = STILL
        """Where parts come to lie, in its own frame: where `to` was at the start."""
        self.way_m = 0.0

    def connect(self) -> None:
        holder = self.world.bodies[self.to_id]
        assert isinstance(holder, Holder)
        self.to = holder

    def start(self) -> None:
        now = self.env.time_s
        along_m = self.along_m or self.cell.part_specs[self.kind].size_m[0] / 2.0
        place = self.to.frame.at(now).then(self.to.entrance(along_m))
        self.target = target = self.frame.at(now).seen(place)
        self.way_m = sqrt(target.x**2 + target.y**2 + target.z**2)
        self._tell_empty()

    # ---- the stack

    def refill(self, number: int | None = None) -> int:
        """Put parts on the stack, or fill it; return how many found room."""
        room = self.capacity - self.filled
        number = room if number is None else max(0, min(number, room))
        self.filled += number
        self._tell_empty()
        self.cell.changed()
        return number

    def _tell_empty(self) -> None:
        self.tells("empty", self.part is None and self.filled == 0 and not self.endless)

    # ---- the slide

    def sets_off(self, stroke: float, goal: float) -> None:
        if stroke != 0.0 or self.part is not None or not (self.endless or self.filled):
            return
        if not self.endless:
            self.filled -= 1
        line = self.cell.line
        self.part = line.part(self.kind, self.env.time_s)
        if self.luck is not None and self.luck.draw() < self.bad:
            self.part.good, self.part.spoiled_by = False, self.cell.id
        line.enter(self.part)
        self.cell.settle()

    def passes(self, stroke: float, goal: float | None) -> bool:
        if goal != 1.0 or stroke != 1.0 or self.part is None:
            return True
        now, part = self.env.time_s, self.part
        at = self.frame.at(now).then(self.target)
        taker = self.to if self.to.covers(at, now) else self.world.holder_at(at)
        if taker is not None and not taker.accept(part, at, giver=self):
            self.jam("incident.target_full", part, target=taker.id)
            return False
        self.part = None
        if taker is None:
            self.world.fall(part, at, self, "incident.ejected_off", target=self.to.id)
        self._tell_empty()
        self.cell.settle()
        return True

    def retry(self, taker: Holder) -> None:
        if self.stalled:
            self.plan()

    def where(self, part: Part) -> Pose:
        return self.frame.at(self.env.time_s).then(self.target)

    # ---- what can be seen

    def joint(self) -> Path:
        return scaled(self.path, self.way_m)

    def content(self) -> int:
        return 0 if self.part is None else 1

    def parts(self) -> Iterator[tuple[Part, Ride]]:
        if self.part is not None:
            x, y, z, heading_rad = self.target
            far = self.way_m or 1.0
            yield (
                self.part,
                Ride(
                    self.node, 0.0, 0.0, 0.0, heading_rad, x / far, y / far, z / far, self.joint()
                ),
            )

    def remove(self, part: Part) -> bool:
        if self.part is None or self.part.id != part.id:
            return False
        self.part = None
        self._tell_empty()
        self.plan()
        return True
