"""Heads that press, weld, screw, dispense, mill, drill or heat the part before them."""

from math import exp, inf, log
from typing import TYPE_CHECKING, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs

from .body import Body, Holder, Watcher
from .clamp import Clamp
from .pneumatic import Pneumatic
from .seat import Seat

if TYPE_CHECKING:
    from .world import World

AMBIENT_C = 20.0
HOT = 0.95
"""An oven works at this share of its set point."""
SET_POINT_C = 200.0


class Heat:
    """A temperature that nears a goal in first order. Plain data: since when, from, to."""

    def __init__(self, data: list[float], tau_s: float) -> None:
        self.data = data
        self.tau_s = tau_s

    def at(self, time_s: float) -> float:
        """Return the temperature at a time, degrees C."""
        since_s, begin, goal = self.data
        return goal + (begin - goal) * exp(-max(time_s - since_s, 0.0) / self.tau_s)

    def when(self, level: float) -> float:
        """Return when it passes a level; `inf`: never, or at its start."""
        since_s, begin, goal = self.data
        if (begin - level) * (goal - level) >= 0.0:
            return inf
        return since_s + self.tau_s * log((begin - goal) / (level - goal))


class ProcessHead(Body, Watcher):
    """Works for `duration_s` after each rising edge of `start`; then `done`, until the next start.

    Like a real machine it works without a part too, and tells `done` all the same. What it needs is
    for the controller to see to: a part that its clamp does not hold the whole time, or that does
    not sit, is spoiled; a door that is not closed the whole time is a danger; a part that is taken
    away meanwhile is a collision, and spoiled. Without power the work ends, and the part is
    spoiled.

    An oven's temperature nears the set point, or the hall's 20 degrees, in first order. Only time
    above 95 % of the set point counts, with power or without.
    """

    STATE: ClassVar[tuple[str, ...]] = (
        "busy", "piece", "kind", "left_s", "since_s", "counts", "told", "heat", "gone",
    )  # fmt: skip

    lazy: ClassVar[frozenset[str]] = frozenset({"temperature"})

    def __init__(self, world: "World", spec: specs.ProcessHead) -> None:
        super().__init__(world, spec)
        self.oven = spec.process == "oven"
        self.duration_s = spec.duration_s
        self.sees, self.along_m = spec.sees, spec.along_m
        self.clamp_id, self.door_id = spec.clamp, spec.door
        self.makes = spec.makes
        self.set_c = spec.temperature_c or SET_POINT_C
        self.tau_s = spec.heat_s
        self.holder: Holder
        self.busy = False
        self.piece: int | None = None
        """Number of the part that it works on."""
        self.kind = ""
        """Type of that part."""
        self.left_s = 0.0
        """Work still to be done at `since_s`, s."""
        self.since_s = 0.0
        self.counts = False
        """Whether work goes on: always, but in an oven that is not hot."""
        self.told: list[str] = []
        """What was noted in this work already."""
        self.heat: list[float] = [0.0, AMBIENT_C, AMBIENT_C]
        self.gone = False
        """Whether the part was taken away just now."""
        self.step = self.timer("step", self._step)
        self.lost = self.timer("lost", self._lost)

    def connect(self) -> None:
        holder = self.world.bodies[self.sees]
        assert isinstance(holder, Holder)
        self.holder = holder
        holder.watch(self, self.along_m)
        if self.clamp_id is not None or self.door_id is not None:
            self.world.hearers.append(self.mover_changed)

    # ---- what the controller wants

    def pin_changed(self, pin: str) -> None:
        if pin == "start":
            if self.reads("start") and not self.busy:
                self._begin()
            return
        if self.oven and pin in ("", "heat"):
            self._heating()
        elif pin == "" and not self.world.powered and self.busy:
            self._cut_short()

    def _begin(self) -> None:
        part = self.holder.part_at(self.along_m)
        self.busy, self.gone = True, False
        self.piece, self.kind = (None, "") if part is None else (part.id, part.type)
        self.told.clear()
        self.left_s, self.since_s = self.duration_s, self.env.time_s
        self.tells("done", value=False)
        self.tells("busy", value=True)
        if part is not None and getattr(self.holder, "askew", False):
            self._spoil(part, "not_seated", self.holder.id)
        self._check()
        self._reckon()
        self.cell.changed()

    # ---- what must be so the whole time

    def mover_changed(self, body: Body) -> None:
        """Hear that something moves otherwise: maybe its clamp or its door."""
        if self.busy and body.id in (self.clamp_id, self.door_id):
            self._check()

    def _check(self) -> None:
        part = self.part()
        clamp = self.world.bodies[self.clamp_id] if self.clamp_id else None
        if part is not None and clamp is not None and not _holds(clamp, part):
            self._spoil(part, "not_clamped", clamp.id)
        door = self.world.bodies[self.door_id] if self.door_id else None
        if door is not None and not _closed(door) and "door_open" not in self.told:
            self.told.append("door_open")
            self.world.incident("danger", self, "incident.door_open", other=door.id)

    def part(self) -> Part | None:
        """Return the part that it works on, if that is still there."""
        part = self.holder.part_at(self.along_m)
        return part if part is not None and part.id == self.piece else None

    def _spoil(self, part: Part, why: str, other: str) -> None:
        if why not in self.told:
            self.told.append(why)
            spoil(part, self.cell.id)
            self.world.incident("spoiled", self, f"incident.{why}", part=part, other=other)

    def seen(self, part: Part | None) -> None:
        if self.busy and self.piece is not None and (part is None or part.id != self.piece):
            self.gone = True
            self.lost.arm(0.0)

    def _lost(self) -> None:
        """Note that the part was taken away, now that whoever took it has it."""
        parts = (part for body in self.world.bodies.values() for part, _ in body.parts())
        part = next((part for part in parts if part.id == self.piece), None)
        if part is not None:
            spoil(part, self.cell.id)
        self.world.incident("collision", self, "incident.taken_away", part=part, work=self.kind)
        self.piece, self.gone = None, False

    def _cut_short(self) -> None:
        part = self.part()
        if part is not None:
            self._spoil(part, "cut_short", self.holder.id)
        self.busy = False
        self.step.cancel()
        self.tells("busy", value=False)
        self.cell.changed()

    # ---- time

    def _heating(self) -> None:
        now = self.env.time_s
        goal = self.set_c if self.reads("heat") else AMBIENT_C
        if goal != self.heat[2]:
            self.heat[:] = [now, Heat(self.heat, self.tau_s).at(now), goal]
            self._reckon()

    def _reckon(self) -> None:
        """Count the work done so far, and find when the next thing happens."""
        if not self.busy:
            return
        now = self.env.time_s
        if self.counts:
            self.left_s -= now - self.since_s
        self.since_s = now
        heat = Heat(self.heat, self.tau_s)
        turns_s = inf
        self.counts = True
        if self.oven:
            turns_s = heat.when(HOT * self.set_c)
            if turns_s <= now:
                turns_s = inf
            rising = heat.data[2] > HOT * self.set_c
            self.counts = rising if turns_s == inf else not rising
        due_s = min(turns_s, now + self.left_s if self.counts else inf)
        if due_s < inf:
            self.step.arm_at(due_s)
        else:
            self.step.cancel()

    def _step(self) -> None:
        now = self.env.time_s
        if self.counts and self.since_s + self.left_s <= now + 1e-12:
            self._end()
        else:
            self._reckon()

    def _end(self) -> None:
        part = None if self.gone else self.part()
        self.busy, self.counts = False, False
        self.tells("busy", value=False)
        self.tells("done", value=True)
        self.piece = None
        if part is not None:
            part.verdict = None
            if self.makes is not None:
                part.type = self.makes
                if isinstance(self.holder, Seat):
                    self.holder.tell()
        self.cell.changed()

    def refresh(self, pin: str) -> None:
        if pin == "temperature":
            self.renew(pin, Heat(self.heat, self.tau_s).at(self.env.time_s))


def spoil(part: Part, where: str) -> None:
    """Make a part bad."""
    part.good, part.spoiled_by, part.verdict = False, where, None


def _holds(clamp: Body, part: Part) -> bool:
    return _closed(clamp) and (not isinstance(clamp, Clamp) or clamp.held == part.id)


def _closed(body: Body) -> bool:
    """Tell whether a cylinder is out, and stays there."""
    if not isinstance(body, Pneumatic):
        return True
    return body.out and not body.moves(body.env.time_s)
