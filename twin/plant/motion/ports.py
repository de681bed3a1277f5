"""Where parts come into a workcell from the line, and where they leave it."""

from typing import TYPE_CHECKING, Any, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs

from .body import Body, Giver, Holder
from .frame import Pose

if TYPE_CHECKING:
    from .world import World


class Entry(Body, Giver):
    """Puts the parts that the line offers onto a holder, as soon as there is room."""

    def __init__(self, world: "World", spec: specs.Entry) -> None:
        super().__init__(world, spec)
        self.to = spec.to
        self.along_m = spec.along_m
        self.giver = spec.giver
        self.holder: Holder

    def connect(self) -> None:
        holder = self.world.bodies[self.to]
        assert isinstance(holder, Holder)
        self.holder = holder

    def takes_from(self, giver: Any) -> bool:
        """Tell whether a neighbour's parts come in here."""
        return self.giver is None or giver.address.partition("/")[0] == self.giver

    def offer(self, part: Part) -> bool:
        """Put a part on its holder if there is room; else `retry` is called later."""
        along_m = self.along_m or self.world.size(part)[0] / 2.0
        now = self.env.time_s
        seat = self.holder.entrance(along_m)
        return self.holder.accept(part, self.holder.frame.at(now).then(seat), giver=self)

    def retry(self, taker: Holder) -> None:
        self.cell.call()


class Exit(Holder):
    """Takes the parts that come to the end of its holder, when the line takes them."""

    STATE: ClassVar[tuple[str, ...]] = ("stuck",)

    def __init__(self, world: "World", spec: specs.Exit) -> None:
        super().__init__(world, spec)
        self.source_id = spec.from_
        self.only = spec.only
        self.source: Holder
        self.stuck = False
        """Whether it waits for the line to take a part."""
        self.direct = False

    def connect(self) -> None:
        source = self.world.bodies[self.source_id]
        assert isinstance(source, Holder)
        self.source = source

    def covers(self, at: Pose, time_s: float) -> bool:
        return False  # it has no surface: `World.pass_on` knows it

    def nearest(self, at: Pose, time_s: float) -> tuple[Part, Pose] | None:
        return None

    def accept(self, part: Part, at: Pose, *, giver: Body) -> bool:
        if self.stuck:
            return False
        if self.cell.send(part, self):
            if self.only and part.type not in self.only:
                names = ", ".join(self.only)
                self.world.incident(
                    "misplaced", self, "incident.wrong_exit", part=part, at=at, only=names
                )
            self.cell.left(part)
            return True
        self.stuck = True
        self.cell.settle()
        return False

    # ---- as a giver of the line

    def retry(self) -> None:
        """Let the holder pass its part on again: the line may take it."""
        self.stuck = False
        assert isinstance(self.source, Giver)
        self.source.retry(self)
        self.cell.settle()

    @property
    def offered(self) -> Part | None:
        """The part that is next to go."""
        return self.source.leaving()

    def available(self, kind: str) -> int:
        """Return how many parts of a type could be handed over at once."""
        part = self.offered
        return 0 if part is None or part.type != kind else 1
