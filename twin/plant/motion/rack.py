"""A rack: compartments in a wall."""

from collections.abc import Iterator
from math import dist
from typing import TYPE_CHECKING, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs
from twin.wire.model import Ride

from .body import LEVEL_M, Body, Watcher
from .frame import Pose
from .seat import Lie, Queue, lost, misplaced, quarter

if TYPE_CHECKING:
    from .world import World

DEEP_M = 0.15
"""How far before or behind the middle of a compartment a part may be put at all."""


class Rack(Queue):
    """Compartments, each for one part, numbered by column (from 0) and level (from 0, upwards).

    Parts are put down and picked up at their places. An entry fills the first free compartment of
    the lowest level first.
    """

    STATE: ClassVar[tuple[str, ...]] = (*Queue.STATE, "slots", "lies", "by")

    def __init__(self, world: "World", spec: specs.Rack) -> None:
        super().__init__(world, spec)
        self.columns, self.levels = spec.columns, spec.levels
        self.pitch_m = spec.pitch_m
        self.tolerance_m = spec.tolerance_m
        count = spec.columns * spec.levels
        self.slots: list[Part | None] = [None] * count
        """By level, then column."""
        self.lies: list[list[float]] = [[0.0] * Lie.SIZE for _ in range(count)]
        self.by: list[list[Body]] = [[] for _ in range(count)]
        self.watchers: list[list[Watcher]] = [[] for _ in range(count)]

    # ---- compartments

    def slot(self, column: int, level: int) -> int:
        """Return the number of a compartment."""
        return level * self.columns + column

    def middle(self, slot: int) -> Pose:
        """Return where the middle of a compartment's floor is, in the rack's frame."""
        level, column = divmod(slot, self.columns)
        return Pose(column * self.pitch_m[0], 0.0, level * self.pitch_m[1])

    def slot_part(self, column: int, level: int) -> Part | None:
        """Return the part in a compartment."""
        return self.slots[self.slot(column, level)]

    def watch_slot(self, watcher: Watcher, column: int, level: int) -> None:
        """Tell a watcher from now on what becomes of a compartment."""
        self.watchers[self.slot(column, level)].append(watcher)

    def _column(self, x: float) -> int:
        return min(max(round(x / self.pitch_m[0]), 0), self.columns - 1)

    def _slot_near(self, local: Pose) -> int:
        level = min(max(round(local.z / self.pitch_m[1]), 0), self.levels - 1)
        return self.slot(self._column(local.x), level)

    def _slot_of(self, part: Part) -> int:
        return next(slot for slot, here in enumerate(self.slots) if here is part)

    # ---- as a holder

    def covers(self, at: Pose, time_s: float) -> bool:
        local = self.frame.at(time_s).seen(at)
        middle = self.middle(self._slot_near(local))
        return (
            abs(local.x - middle.x) <= self.pitch_m[0] / 2.0
            and abs(local.y) <= DEEP_M
            and abs(local.z - middle.z) < LEVEL_M
        )

    def height(self, at: Pose, time_s: float) -> float:
        base = self.frame.at(time_s)
        local = base.seen(at)
        level = min(max(int((local.z + LEVEL_M) // self.pitch_m[1]), 0), self.levels - 1)
        return base.z + level * self.pitch_m[1]

    def entrance(self, along_m: float) -> Pose:
        free = next((slot for slot, part in enumerate(self.slots) if part is None), 0)
        return self.middle(free)

    def accept(self, part: Part, at: Pose, *, giver: Body) -> bool:
        now = self.env.time_s
        local = self.frame.at(now).seen(at)
        slot = self._slot_near(local)
        if self.slots[slot] is not None:
            return self.refuse(giver)
        middle = self.middle(slot)
        if giver.guides:
            local = Pose(middle.x, middle.y, middle.z, quarter(local.heading_rad))
        else:
            misplaced(self, part, at, middle.seen(local), self.tolerance_m)
        self.slots[slot] = part
        self.lies[slot][:] = Lie.still(local, now)
        self._tell(slot)
        self.cell.settle()
        return True

    def nearest(self, at: Pose, time_s: float) -> tuple[Part, Pose] | None:
        base = self.frame.at(time_s)
        best, best_m = None, 0.0
        for slot, part in enumerate(self.slots):
            if part is None:
                continue
            place = base.then(self._lies(slot))
            way_m = dist(place[:3], at[:3])
            if place.z <= at.z + LEVEL_M and (best is None or way_m < best_m):
                best, best_m = (part, place), way_m
        return best

    def _lies(self, slot: int) -> Pose:
        return Lie(self.lies[slot]).at(self.env.time_s, self.middle(slot).z)

    def part_at(self, along_m: float) -> Part | None:
        return self.slots[self._column(along_m)]

    def take(self, part: Part) -> Pose:
        slot = self._slot_of(part)
        at = self.frame.at(self.env.time_s).then(self._lies(slot))
        self._free(slot)
        return at

    def hold(self, part: Part, *, by: Body) -> None:
        slot = self._slot_of(part)
        if by not in self.by[slot]:
            self.by[slot].append(by)

    def let_go(self, part: Part, *, by: Body) -> None:
        for holding in self.by:
            if by in holding:
                holding.remove(by)

    def clamped(self, part: Part, *, but: Body | None = None) -> bool:
        return any(body is not but for body in self.by[self._slot_of(part)])

    def watch(self, watcher: Watcher, along_m: float) -> None:
        self.watch_slot(watcher, self._column(along_m), 0)

    def _tell(self, slot: int) -> None:
        for watcher in self.watchers[slot]:
            watcher.seen(self.slots[slot])

    def _free(self, slot: int) -> None:
        part, holding = self.slots[slot], list(self.by[slot])
        self.slots[slot] = None
        self.by[slot].clear()
        lost(part, holding)
        self._tell(slot)
        self.cell.settle()
        self.call()

    def remove(self, part: Part) -> bool:
        if not any(here is part for here in self.slots):
            return False
        self._free(self._slot_of(part))
        return True

    def content(self) -> int:
        return sum(part is not None for part in self.slots)

    def parts(self) -> Iterator[tuple[Part, Ride]]:
        for slot, part in enumerate(self.slots):
            if part is not None:
                yield part, Lie(self.lies[slot]).ride(self.node, self.middle(slot).z)
