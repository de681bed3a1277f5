"""What all pneumatic bodies share: a rod between two ends, a valve, switches, compressed air."""

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs
from twin.wire.model import Path, along

from .air import Air
from .body import Body
from .path import ends_at, piece_at, rest
from .stroke import FULL, SAME, driven, moving, when_at

if TYPE_CHECKING:
    from .frame import Pose
    from .world import World

MOST_ASKS = 4
"""So often at one instant a rod looks again whether its way is free."""


class Pneumatic(Body):
    """A rod whose stroke goes from 0, retracted, to 1, extended.

    Single acting: air drives it out while `extend` is on, a spring back in its full `retract_s`
    without signal or power, whatever the air. Double acting: air drives it both ways; both signals
    or none close the valve's middle position, and the rod stays where it is.

    Air drives it at a speed in proportion to the pressure; below the supply's `least_bar` it stays
    where it is. The stroke is closed form: straight or quadratic pieces. An event happens only when
    the rod sets off, where its subclass names a place (`marks`), and at an end.
    """

    STATE: ClassVar[tuple[str, ...]] = ("path", "aim", "begun", "stalled", "noted")
    PINS: ClassVar[tuple[str, str, str, str]] = ("extend", "retract", "extended", "retracted")
    """Names of its pins: out, back, is out, is back."""

    def __init__(self, world: "World", spec: specs.BodyBase) -> None:
        super().__init__(world, spec)
        self.extend_s = 1.0
        self.retract_s = 1.0
        self.double = False
        self.air_id: str | None = None
        if isinstance(spec, specs.Pneumatic):
            self.extend_s = spec.extend_s
            self.retract_s = spec.retract_s
            self.double = spec.acting == "double"
            self.air_id = spec.air
        self.air: Air | None = None
        self.path: Path = rest(0.0)
        self.aim = 0.0
        """The stroke at which its next event is."""
        self.begun = False
        """Whether it has set off on its path; before that it waits for pressure."""
        self.stalled = False
        """Whether something is in its way."""
        self.noted: int | None = None
        """The part in its way of which the incident is noted."""
        self.turning = False
        """Whether it decides just now: what that causes must not make it decide within that."""
        self.asked = False
        """Whether it was to decide again while it decided."""
        self.step = self.timer("stroke", self._step)

    def connect(self) -> None:
        if self.air_id is not None:
            air = self.world.bodies[self.air_id]
            assert isinstance(air, Air)
            self.air = air
            air.join(self)

    # ---- where it is

    def stroke(self) -> float:
        """Return the stroke now, 0 to 1; exactly what it is at events."""
        place = along(self.path, self.env.time_s)
        for exact in (self.aim, 0.0, 1.0):
            if abs(place - exact) < SAME:
                return exact
        return place

    def moves(self, time_s: float) -> bool:
        """Tell whether the rod is in movement at a time."""
        return moving(piece_at(self.path, time_s))

    @property
    def out(self) -> bool:
        """Whether the rod is fully extended now."""
        return self.stroke() == 1.0 and not self.stalled

    @property
    def home(self) -> bool:
        """Whether the rod is fully retracted now."""
        return self.stroke() == 0.0

    def joint(self) -> Path | None:
        return self.path

    # ---- the valve

    def wanted(self) -> float | None:
        """Return to which end the valve drives the rod; None: to none."""
        out = bool(self.reads(self.PINS[0]))
        if not self.double:
            return 1.0 if out else 0.0
        if out == bool(self.reads(self.PINS[1])):
            return None
        return 1.0 if out else 0.0

    def pin_changed(self, pin: str) -> None:
        self.plan()

    def air_changed(self) -> None:
        """Hear that the pressure will go another way than before."""
        self.plan()

    def plan(self) -> None:
        """Drive the rod from where it is to where the valve wants it."""
        if self.turning:
            self.asked = True
            return
        now = self.env.time_s
        stroke, goal = self.stroke(), self.wanted()
        if self.step.pending and self.begun and stroke == self.aim and goal == self.path[-1].p:
            self.step.cancel()  # its event is due at this very instant
            self._reached(stroke)
            return
        moved = self.begun and self.moves(now)
        under_way = self.stalled or self.begun
        self.stalled = not self._passes(stroke, goal)
        if self.stalled or goal in (None, stroke):
            self._stand(stroke)
            if under_way and (stroke == 0.0 or (stroke == 1.0 and not self.stalled)):
                self._at_end(stroke)
        else:
            self.path = self._driven(stroke, goal)
            self.begun = moved or self.moves(now)
            if self.begun and not moved:
                self._sets_off(stroke, goal)
            self._arm(stroke, goal)
        self._moved()

    def _moved(self) -> None:
        self.followed()
        self.world.movers_changed(self)
        self.cell.changed()

    def _stand(self, stroke: float) -> None:
        now = self.env.time_s
        if piece_at(self.path, now) != self.path[-1] or self.path[-1][1:] != (
            stroke,
            0.0,
            0.0,
            0.0,
        ):
            self.path = rest(stroke, now)
        self.aim, self.begun = stroke, False
        self.step.cancel()

    def _driven(self, stroke: float, goal: float) -> Path:
        now = self.env.time_s
        if goal < stroke and not self.double:
            return driven(now, stroke, goal, self.retract_s, FULL, 0.0)
        full_s = self.extend_s if goal > stroke else self.retract_s
        if self.air is None:
            return driven(now, stroke, goal, full_s, FULL, 0.0)
        return driven(now, stroke, goal, full_s, self.air.shares(), self.air.least)

    # ---- its events

    def _arm(self, stroke: float, goal: float) -> None:
        now = self.env.time_s
        if not self.begun:
            due_s = next((piece.t0 for piece in self.path if piece.t0 > now and moving(piece)), inf)
            self.aim = stroke
        else:
            self.aim = self._next_mark(stroke, goal)
            due_s = when_at(self.path, self.aim, now)
            if due_s == inf and ends_at(self.path) > now:
                due_s, self.aim = ends_at(self.path), self.path[-1].p  # out of air on the way
        if due_s < inf:
            self.step.arm_at(due_s)
        else:
            self.step.cancel()

    def _next_mark(self, stroke: float, goal: float) -> float:
        ahead = [m for m in self.marks(goal) if min(stroke, goal) < m < max(stroke, goal)]
        ahead = [m for m in ahead if abs(m - stroke) > SAME and abs(m - goal) > SAME]
        return min(ahead, key=lambda m: abs(m - stroke), default=goal)

    def _step(self) -> None:
        stroke, goal = self.aim, self.path[-1].p
        if not self.begun:
            self.begun = True
            self._sets_off(stroke, goal)
            self._arm(stroke, goal)
            self._moved()
        else:
            self._reached(stroke)

    def _reached(self, stroke: float) -> None:
        goal = self.wanted()
        self.stalled = not self._passes(stroke, goal)
        if self.stalled:
            self._stand(stroke)
        elif stroke == goal:
            self._stand(stroke)
            self._at_end(stroke)
        elif goal is not None:
            self._arm(stroke, goal)
        self._moved()

    def _at_end(self, stroke: float) -> None:
        self._tell_ends(stroke)
        self.arrived(stroke)

    def _sets_off(self, stroke: float, goal: float) -> None:
        self.noted = None
        self._tell_ends(-1.0)
        self.sets_off(stroke, goal)

    def _tell_ends(self, stroke: float) -> None:
        self.tells(self.PINS[2], stroke == 1.0)
        self.tells(self.PINS[3], stroke == 0.0)

    def _passes(self, stroke: float, goal: float | None) -> bool:
        self.turning = True
        try:
            for _ in range(MOST_ASKS):
                self.asked = False
                if self.passes(stroke, goal):
                    return True
                if not self.asked:
                    break
            return False
        finally:
            self.turning = False

    # ---- what subclasses say

    def marks(self, goal: float) -> Iterator[float]:
        """Yield the strokes on the way to an end at which `passes` is asked again."""
        return iter(())

    def passes(self, stroke: float, goal: float | None) -> bool:
        """Tell whether the rod may go on from a stroke; else it stalls there.

        A rod that stalls at the very end counts as just short of it: its switch stays off.
        Asked whenever the valve, the air or something in its way changes, and at each mark. Whoever
        says no calls `plan` once the way may be free.
        """
        return True

    def sets_off(self, stroke: float, goal: float) -> None:
        """Act on the rod's beginning to move from rest."""

    def followed(self) -> None:
        """Act on a new path of the rod, or on what lies on the way having changed."""

    def arrived(self, stroke: float) -> None:
        """Act on the rod's coming to the end that it was driven to."""

    def jam(self, cause: str, part: Part, **values: object) -> None:
        """Note that a part is in the rod's way, once."""
        if self.noted != part.id:
            self.noted = part.id
            at = self.where(part)
            self.world.incident("jam", self, cause, part=part, at=at, **values)

    def where(self, part: Part) -> "Pose | None":
        """Return where a part is that is in the rod's way, in the workcell."""
        return None
