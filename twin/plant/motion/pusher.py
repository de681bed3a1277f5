"""A cylinder beside a belt whose plate pushes parts off it."""

from collections.abc import Iterator
from math import cos, sin
from typing import TYPE_CHECKING, Any, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs
from twin.wire.model import Path

from .belt import Belt
from .body import Holder
from .rider import Place
from .sideways import ENDS, FAR_M, Sideways, among
from .stroke import SAME, scaled

if TYPE_CHECKING:
    from .world import World

GAP_M = 0.02
"""So far beside the belt's edge the plate's face is at rest."""
BIT_M = 0.05
"""A pusher without a `reach_m` has a stroke so much longer than the belt is wide."""
ALONGSIDE = 0.1
"""Sine of the angle up to which a belt runs along the other."""
TOUCH_M = 1e-6
"""A part that lies further into the plate than this has come against its side."""


class Pusher(Sideways):
    """A plate that rests beside one edge of the belt and is pushed over it and beyond the other.

    When the plate comes to the near side of a part whose middle lies before it, the part goes
    across with it, and off at the far edge. A part of which only an edge lies before the plate is
    wedged: the rod stalls, an incident, until it is pulled back. Pulled back early, it leaves the
    parts where they are; with a closed valve it keeps them. Parts that come along later lean on the
    plate's flank until it is back. On a belt alongside it pushes parts on to the end of its stroke.
    """

    STATE: ClassVar[tuple[str, ...]] = (*Sideways.STATE, "pushed", "wedged", "beyond")

    def __init__(self, world: "World", spec: specs.Pusher) -> None:
        super().__init__(world, spec, spec.plate_m / 2.0)
        self.reach_m = spec.reach_m or 0.0
        self.pushed: list[int] = []
        """Numbers of the parts that go along with the plate."""
        self.wedged: list[int] = []
        """Numbers of the parts that the plate is stuck against."""
        self.beyond: list[list[Any]] = []
        """Parts that it pushes on, on a belt alongside: [belt, number, m per stroke, m]."""

    def connect(self) -> None:
        super().connect()
        if not self.reach_m:
            self.reach_m = self.belt.width_m + BIT_M

    def joint(self) -> Path:
        return scaled(self.path, self.reach_m)

    # ---- where plate and parts meet

    def _contact(self, place: Place) -> float:
        """Return the stroke at which the plate touches a part."""
        near_m = self.side * place.across_m - place.half_width_m
        return (near_m + self.edge_m + GAP_M) / self.reach_m

    def _over_edge(self, place: Place) -> float:
        """Return the stroke at which the middle of a part that is pushed comes to the edge."""
        return (2.0 * self.edge_m + GAP_M - place.half_width_m) / self.reach_m

    def marks(self, goal: float) -> Iterator[float]:
        if goal != 1.0:
            return
        yield GAP_M / self.reach_m
        for part in self.belt.over(-FAR_M, FAR_M):
            place = self.belt.place_of(part)
            yield self._over_edge(place) if part.id in self.pushed else self._contact(place)

    def passes(self, stroke: float, goal: float | None) -> bool:
        if goal == 0.0:
            self._release()
        if goal != 1.0:
            self._leave_beyond()
            return True
        self._touch(stroke)
        for part in self.found(self.pushed):
            if self._over_edge(self.belt.place_of(part)) <= stroke + SAME:
                if not self.parts_with(part):
                    return False
                self.pushed.remove(part.id)
        self._fence(stroke)
        wedged = self.found(self.wedged)
        for part in wedged:
            self.jam("incident.pusher_wedged", part)
        return not wedged

    def _touch(self, stroke: float) -> None:
        """Find the parts that the plate has come to."""
        for part in self.belt.over(self.low_m, self.high_m):
            place = self.belt.place_of(part)
            depth_m = (stroke - self._contact(place)) * self.reach_m
            if self._mine(part) or depth_m < -SAME * self.reach_m:
                continue
            before = self.low_m <= place.along_m <= self.high_m
            clean = depth_m <= TOUCH_M or stroke == 0.0
            (self.pushed if before and clean else self.wedged).append(part.id)
            self.belt.hold(part, by=self)

    def _mine(self, part: Part) -> bool:
        return part.id in self.pushed or part.id in self.wedged

    def _fence(self, stroke: float) -> None:
        """Stand in the way of parts as soon as the next to come would meet the plate's flank.

        A part that the plate has not reached yet rides on before it and out of its range.
        """
        comes_in = "low" if self.belt.surface_speed() >= 0.0 else "high"
        free = all(map(self._mine, self.belt.over(self.low_m, self.high_m)))
        for end in ENDS:
            if (end == comes_in or free) and stroke + SAME >= self._meets_flank(end):
                self.shut(end)

    def _meets_flank(self, end: str) -> float:
        """Return the stroke from which the next part at an end of the range meets the flank."""
        if end == "low":
            parts = self.belt.over(-FAR_M, self.low_m)[::-1]
        else:
            parts = self.belt.over(self.high_m, FAR_M)
        inside = {part.id for part in self.belt.over(self.low_m, self.high_m)}
        part = next((part for part in parts if part.id not in inside), None)
        return GAP_M / self.reach_m if part is None else self._contact(self.belt.place_of(part))

    def _release(self) -> None:
        parts = self.found([*self.pushed, *self.wedged])
        self.pushed.clear()
        self.wedged.clear()
        if parts:  # they lie before the plate, not beside it: they may ride on
            self.open("high" if self.belt.surface_speed() >= 0.0 else "low")
        for part in parts:
            self.belt.let_go(part, by=self)

    def lost(self, part: Part) -> None:
        """Hear that somebody has taken a part away that it held."""
        for numbers in (self.pushed, self.wedged):
            if part.id in numbers:
                numbers.remove(part.id)
        self.beyond[:] = [entry for entry in self.beyond if entry[1] != part.id]
        self.plan()

    # ---- onto a belt alongside

    def given(self, part: Part, taker: Holder) -> None:
        if not isinstance(taker, Belt):
            return
        now, stroke = self.env.time_s, self.stroke()
        turned = taker.frame.at(now).heading_rad - self.belt.frame.at(now).heading_rad
        if abs(sin(turned)) < ALONGSIDE:
            per_stroke_m = self.side * cos(turned) * self.reach_m
            offset_m = taker.place_of(part).across_m - per_stroke_m * stroke
            taker.hold(part, by=self)
            self.beyond.append([taker, part.id, per_stroke_m, offset_m])

    def _leave_beyond(self) -> None:
        beyond = list(self.beyond)
        self.beyond.clear()
        for belt, number, _, _ in beyond:
            for part in among(belt, [number]):
                belt.let_go(part, by=self)

    # ---- moving

    def arrived(self, stroke: float) -> None:
        if stroke == 0.0:
            self.unfence()
        else:
            self._leave_beyond()

    def followed(self) -> None:
        for belt, number, per_stroke_m, offset_m in self.beyond:
            for part in among(belt, [number]):
                belt.across(part, scaled(self.path, per_stroke_m, offset_m))
        for part in self.found(self.pushed):
            half_m = self.belt.place_of(part).half_width_m
            rest_m = half_m - self.edge_m - GAP_M
            path = scaled(self.path, self.side * self.reach_m, self.side * rest_m)
            self.belt.across(part, path)
