"""What keeps people from harm: doors, zones in which a person may stand, light curtains."""

from typing import TYPE_CHECKING, ClassVar

from twin.kernel.errors import CommandRefused
from twin.kernel.signal import Value
from twin.spec import motion as specs
from twin.spec.messages import Phrase, phrase
from twin.wire.model import Path

from .body import Body
from .path import ends_at, rest

if TYPE_CHECKING:
    from .world import World

CROSSING_S = 0.5
"""How long a person who leaves stands in the beams."""


class Door(Body):
    """A guard door that a person opens and closes; the controller locks it while it is closed.

    The lock needs power: without it the door can be opened.
    """

    def pin_changed(self, pin: str) -> None:
        if "lock" in self.points:
            self.tells("locked", bool(self.reads("lock")) and self.closed)

    def joint(self) -> Path | None:
        point = self.points["closed"]
        return rest(0.0 if point.value else 1.0, point.time_s)

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return bool(self.points["closed"].value)

    @property
    def locked(self) -> bool:
        """Whether its lock holds it."""
        return "lock" in self.points and bool(self.reads("lock")) and self.closed

    def refuses(self, pin: str, value: Value) -> Phrase | None:
        """Say why a person cannot do this to it; None: nothing is against it."""
        if pin == "closed" and not value and self.locked:
            return phrase("refused.door_locked", door=self.id)
        return None


class Zone(Body):
    """A piece of floor in which a person can stand.

    Nobody gets in past a closed door, and everybody gets out: a guard door opens from inside.
    Whatever is named in `dangers` and begins to move while somebody is inside is an incident, once
    for each of its movements; so is what moved already and still does `reach_s` after somebody has
    stepped in.
    """

    STATE: ClassVar[tuple[str, ...]] = ("inside", "told", "stopping")

    def __init__(self, world: "World", spec: specs.Zone) -> None:
        super().__init__(world, spec)
        self.dangers = spec.dangers
        self.behind = spec.behind
        self.reach_s = spec.reach_s
        self.inside = False
        """Whether a person stands in it."""
        self.told: list[str] = []
        """The bodies whose present movement was told already."""
        self.stopping: list[str] = []
        """The bodies that moved when the person stepped in, and have time to stop."""
        self.curtains: list[LightCurtain] = []
        self.reached = self.timer("reached", self._reached)

    def connect(self) -> None:
        self.world.hearers.append(self.mover_changed)

    def joint(self) -> Path | None:
        return rest(1.0 if self.inside else 0.0)

    def step(self, *, inside: bool) -> None:
        """Let a person step in or out.

        Raises:
            CommandRefused: somebody is there already, or nobody is; or the door is closed.
        """
        if inside == self.inside:
            key = "refused.inside_already" if inside else "refused.nobody_inside"
            raise CommandRefused(phrase(key, zone=self.id))
        door = self.world.bodies[self.behind] if self.behind else None
        if inside and isinstance(door, Door) and door.closed:
            raise CommandRefused(phrase("refused.door_closed", zone=self.id, door=door.id))
        self.inside = inside
        self.told.clear()
        self.stopping.clear()
        self.reached.cancel()
        self.tells("occupied", inside)
        for curtain in self.curtains:
            curtain.crossed()
        if inside:
            bodies = self.world.bodies
            self.stopping.extend(name for name in self.dangers if in_movement(bodies[name]))
            if self.reach_s > 0.0:
                self.reached.arm(self.reach_s)
            else:
                self._reached()
        self.cell.changed()

    def _reached(self) -> None:
        """The person is at the dangers now: what moves still is one."""
        self.stopping.clear()
        for name in self.dangers:
            self.mover_changed(self.world.bodies[name])

    def mover_changed(self, body: Body) -> None:
        """Hear that something moves otherwise: maybe a danger to the person."""
        if not self.inside or body.id not in self.dangers:
            return
        if not in_movement(body):
            for known in (self.told, self.stopping):
                if body.id in known:
                    known.remove(body.id)
        elif body.id not in self.told and body.id not in self.stopping:
            self.told.append(body.id)
            self.world.incident("danger", self, "incident.person", other=body.id)


class LightCurtain(Body):
    """Beams across the way into a zone: interrupted while somebody is in it, or on the way out.

    While it is muted it tells that it is clear, whatever crosses it.
    """

    STATE: ClassVar[tuple[str, ...]] = ("crossing",)

    def __init__(self, world: "World", spec: specs.LightCurtain) -> None:
        super().__init__(world, spec)
        self.zone_id = spec.zone
        self.muting = spec.muting
        self.zone: Zone
        self.crossing = False
        """Whether a person is on the way out."""
        self.out = self.timer("out", self._out)

    def connect(self) -> None:
        zone = self.world.bodies[self.zone_id]
        assert isinstance(zone, Zone)
        self.zone = zone
        zone.curtains.append(self)

    def crossed(self) -> None:
        """Hear that a person steps through it."""
        self.crossing = not self.zone.inside
        if self.crossing:
            self.out.arm(CROSSING_S)
        else:
            self.out.cancel()
        self._tell()

    def _out(self) -> None:
        self.crossing = False
        self._tell()

    def pin_changed(self, pin: str) -> None:
        self._tell()

    def _tell(self) -> None:
        muted = self.muting and bool(self.reads("mute"))
        self.tells("clear", muted or not (self.zone.inside or self.crossing))


def in_movement(body: Body) -> bool:
    """Tell whether a body is in movement now, so that it may harm a person."""
    now = body.env.time_s
    if getattr(body, "harmless", False):
        return False
    surface_speed = getattr(body, "surface_speed", None)
    if surface_speed is not None and surface_speed() != 0.0:
        return True
    moves = getattr(body, "moves", None)
    if moves is not None:
        return bool(moves(now))
    path = body.joint()
    return path is not None and now < ends_at(path)
