"""The world of one workcell: its bodies, what holds parts, what becomes of parts nobody holds."""

from collections.abc import Callable, Iterator
from math import sqrt
from typing import TYPE_CHECKING, Any, ClassVar

from twin.plant.part import Part
from twin.plant.plain import Stateful
from twin.wire.model import Piece, Ride

from .body import Body, Holder
from .chain import carriers
from .collision import Collisions
from .frame import Pose
from .incident import Incident, Incidents
from .join import shifted

if TYPE_CHECKING:
    from .workcell import Workcell

GRAVITY_M_S2 = 9.81
SEVERE = {"danger": 900, "collision": 800, "overtravel": 700}
ORDINARY = 600
DENSITY_KG_M3 = 500.0
"""Of parts whose mass the line file does not say."""

Hearer = Callable[[Body], None]


class World(Stateful):
    """What the bodies of a workcell share."""

    STATE: ClassVar[tuple[str, ...]] = ("powered", "lying")

    def __init__(self, cell: "Workcell") -> None:
        self.cell = cell
        self.env = cell.env
        self.address = f"{cell.id}/world"
        self.bodies: dict[str, Body] = {}
        self.holders: list[Holder] = []
        self.powered = True
        """Whether actuators have energy: not while an emergency stop is down."""
        self.incidents = Incidents()
        self.lying: list[list[Any]] = []
        """Parts on the floor: [part, x, y, z they fell from, heading, when]."""
        self.collisions = Collisions(self)
        self.hearers: list[Hearer] = []
        """Called with each body that moves otherwise from now on, or has come to rest."""
        self.carrying: frozenset[str] | None = None
        """The bodies that carry belts, once somebody has asked."""

    def size(self, part: Part) -> tuple[float, float, float]:
        """Return length, width and height of a part, m."""
        return self.cell.part_specs[part.type].size_m

    def mass_kg(self, part: Part) -> float:
        """Return what a part weighs with all that is in it; a guess where the file says nothing."""
        spec = self.cell.part_specs[part.type]
        length, width, height = spec.size_m
        own = length * width * height * DENSITY_KG_M3 if spec.mass_kg is None else spec.mass_kg
        return own + sum(self.mass_kg(inner) for inner in part.contents or ())

    # ---- where parts go

    def holder_at(self, at: Pose, *, but: Body | None = None) -> Holder | None:
        """Return what would hold a part whose underside's middle is there now."""
        now = self.env.time_s
        for holder in self.holders:
            if holder is not but and holder.covers(at, now):
                return holder
        return None

    def pass_on(self, part: Part, at: Pose, giver: Holder) -> Holder | None:
        """Say who would take a part that leaves a holder forwards, at a pose beyond its end."""
        for exit_ in self.cell.exits:
            if exit_.source is giver:
                return exit_
        return self.holder_at(at, but=giver)

    def fall(self, part: Part, at: Pose, body: Body, cause: str, **values: Any) -> None:
        """Let a part fall: onto a surface just below, else to the floor, which is an incident."""
        below = self.holder_at(at)
        if below is not None and below.accept(part, at, giver=body):
            return
        self.incident("fallen", body, cause, part=part, at=at, **values)
        self.lay(part, at)

    def lay(self, part: Part, at: Pose) -> None:
        """Let a part go to the floor from a pose, without a word."""
        self.lying.append([part, at.x, at.y, at.z, at.heading_rad, self.env.time_s])
        self.cell.changed()

    def fallen(self) -> Iterator[tuple[Part, Ride]]:
        """Yield the parts that lie on the floor, or are on their way there."""
        for part, x, y, z, heading_rad, since_s in self.lying:
            lands_s = since_s + sqrt(2.0 * max(z, 0.0) / GRAVITY_M_S2)
            path = (Piece(since_s, 0.0, 0.0, -GRAVITY_M_S2), Piece(lands_s, -z))
            yield part, Ride(self.cell.id, x, y, z, heading_rad, 0.0, 0.0, 1.0, path)

    def clear(self, number: int | None = None) -> list[Part]:
        """Take parts off the floor: one by its number, or all; return them."""
        gone = [entry[0] for entry in self.lying if number is None or entry[0].id == number]
        self.lying = [entry for entry in self.lying if entry[0] not in gone]
        return gone

    # ---- what goes wrong

    def incident(
        self, kind: str, body: Body, cause: str, *, part: Part | None = None,
        at: Pose | None = None, **values: Any,
    ) -> Incident:  # fmt: skip
        """Note an incident and raise its alarm.

        Args:
            kind: see `Incident.kind`.
            body: where it happened.
            cause: key of the message that says why.
            part: the part it happened to.
            at: where; none: where the body stands.
            **values: of the message.
        """
        now = self.env.time_s
        values = {"body": body.id, **({"part": part.type} if part else {}), **values}
        incident = self.incidents.add(
            now, kind, body.id, part.id if part else None, at or body.frame.at(now), cause, values
        )
        self.cell.line.alarms.raise_(
            self.cell.id,
            f"{body.id}_{kind}",
            message=f"alarm.{kind}",
            severity=SEVERE.get(kind, ORDINARY),
            time_s=now,
        )
        self.cell.changed()
        return incident

    # ---- movement

    def movers_changed(self, body: Body) -> None:
        """Hear that a body moves otherwise from now on, or has come to rest."""
        for hear in self.hearers:
            hear(body)
        if body.id in self._belts_on():
            shifted(self)
        self.collisions.changed(body)

    def _belts_on(self) -> frozenset[str]:
        """Return the bodies that carry belts, at first or second hand."""
        if self.carrying is None:
            belts = [body for body in self.bodies.values() if hasattr(body, "surface_speed")]
            self.carrying = frozenset(carrier.id for belt in belts for carrier in carriers(belt))
        return self.carrying

    # ---- power

    def set_power(self, *, on: bool) -> None:
        """Give all actuators energy, or take it."""
        if self.powered != on:
            self.powered = on
            for body in self.bodies.values():
                body.pin_changed("")
            self.cell.changed()

    def save(self) -> list[Any]:
        return [super().save(), self.incidents.save(), self.collisions.save()]

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        super().load_state(data[0], known)
        self.incidents.load(data[1])
        self.collisions.load_state(data[2], known)
