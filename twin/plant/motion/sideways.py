"""What pushers and diverters share: keeping parts out of their range, and parting with one."""

from typing import TYPE_CHECKING, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs

from .belt import Belt
from .body import Giver, Holder
from .frame import Pose
from .pneumatic import Pneumatic

if TYPE_CHECKING:
    from .world import World

GAPS_M = (0.001, 0.01, 0.02, 0.04)
"""So far beyond the belt's edge a neighbour's surface may begin."""
FALLS_M = 0.03
"""So far beyond the edge at least is a part that falls off sideways."""
FAR_M = 1e6
ENDS = ("low", "high")


class Sideways(Pneumatic, Giver):
    """A rod that reaches over a belt and brings parts over its edge to a side.

    While it is out it stands across the lane with both ends of its range: parts that come along
    lean on it. A part whose middle has come to the edge goes to whatever is beside the belt there;
    full: it stays at the edge, an incident, until there is room; nothing: it falls.
    """

    STATE: ClassVar[tuple[str, ...]] = (*Pneumatic.STATE, "fences")

    def __init__(
        self, world: "World", spec: specs.Pusher | specs.Diverter, half_m: float | None = None
    ) -> None:
        super().__init__(world, spec)
        self.belt_id = spec.belt
        self.along_m = spec.along_m
        self.side = 1.0 if spec.side == "left" else -1.0
        """Sign of `across` on the side to which parts go."""
        self.half_m = half_m
        self.belt: Belt
        self.edge_m = 0.0
        self.low_m = self.high_m = self.along_m
        """Its range along the belt."""
        self.fences: list[str] = []
        """Which ends of its range stand across the lane."""

    def connect(self) -> None:
        super().connect()
        belt = self.world.bodies[self.belt_id]
        assert isinstance(belt, Belt)
        self.belt = belt
        self.edge_m = belt.width_m / 2.0
        half_m = self.edge_m if self.half_m is None else self.half_m
        self.low_m, self.high_m = self.along_m - half_m, self.along_m + half_m

    # ---- the lane

    def fence(self) -> None:
        """Stand across the lane with both ends of the range."""
        for end in ENDS:
            self.shut(end)

    def shut(self, end: str) -> None:
        """Stand across the lane with one end of the range, if no part is over it."""
        at_m = self.low_m if end == "low" else self.high_m
        if end not in self.fences and self.belt.block(f"{self.id}/{end}", at_m, 0.0) is None:
            self.fences.append(end)

    def unfence(self) -> None:
        """Let parts pass again."""
        for end in list(self.fences):
            self.open(end)

    def open(self, end: str) -> None:
        """Let parts pass one end of the range."""
        if end in self.fences:
            self.fences.remove(end)
            self.belt.unblock(f"{self.id}/{end}")

    def found(self, numbers: list[int]) -> list[Part]:
        """Return those of some parts that are still on the belt: people take parts away."""
        return among(self.belt, numbers)

    def where(self, part: Part) -> Pose:
        place = self.belt.place_of(part)
        return self._pose(place.along_m, place.across_m, place.heading_rad)

    def _pose(self, along_m: float, across_m: float, heading_rad: float) -> Pose:
        z = self.belt.entrance(along_m).z
        inner = Pose(along_m, across_m, z, heading_rad)
        return self.belt.frame.at(self.env.time_s).then(inner)

    # ---- beyond the edge

    def parts_with(self, part: Part) -> bool:
        """Give a held part whose middle is at the edge away; False if who is there has no room."""
        place = self.belt.place_of(part)
        for gap_m in GAPS_M:
            across_m = self.side * (self.edge_m + gap_m)
            at = self._pose(place.along_m, across_m, place.heading_rad)
            taker = self.world.holder_at(at, but=self.belt)
            if taker is not None:
                break
        else:
            beyond_m = self.edge_m + max(place.half_width_m, FALLS_M)
            at = self._pose(place.along_m, self.side * beyond_m, place.heading_rad)
            self._off(part)
            self.world.fall(part, at, self, "incident.pushed_off")
            self.cell.settle()
            return True
        if not taker.accept(part, at, giver=self):
            self.jam("incident.target_full", part, target=taker.id)
            return False
        self._off(part)
        self.given(part, taker)
        self.cell.settle()
        return True

    def given(self, part: Part, taker: Holder) -> None:
        """Act on a part's having come onto another holder."""

    def _off(self, part: Part) -> None:
        self.belt.let_go(part, by=self)
        self.belt.take(part)

    def retry(self, taker: Holder) -> None:
        self.plan()


def among(belt: Belt, numbers: list[int]) -> list[Part]:
    """Return the parts on a belt that have one of some numbers."""
    return [part for part in belt.over(-FAR_M, FAR_M) if part.id in numbers]
