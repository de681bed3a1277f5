"""A workcell: an asset at motion fidelity, and its controller's side of the wires."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused, SignalError
from twin.kernel.signal import Signal, Value
from twin.plant.asset import Asset
from twin.plant.part import Part
from twin.plant.plain import Stateful
from twin.plant.result import AssetResult
from twin.plant.states import BLOCKED, BUSY, DOWN, NAMES, STARVED, AssetState
from twin.spec.io import io_of
from twin.spec.messages import phrase
from twin.spec.motion import Workcell as WorkcellSpec
from twin.spec.pins import Direction
from twin.wire.model import Body as Seen
from twin.wire.model import Path

from . import broken
from .body import Holder
from .guard import Zone
from .kinds import MAKERS
from .point import Point
from .ports import Entry, Exit
from .world import World

if TYPE_CHECKING:
    from twin.plant.line import Line

PLC = "plc"
"""The owner's name while the soft PLC drives."""

Listener = Callable[[Point], None]


class Workcell(Asset):
    """Bodies that a controller drives: the soft PLC, or one outside from its first write on."""

    prompt = True
    restless = True
    STATE: ClassVar[tuple[str, ...]] = (
        "waiting", "made", "owner", "state_now", "since_s", "spent_s",
    )  # fmt: skip

    def __init__(self, line: "Line", spec: WorkcellSpec) -> None:
        super().__init__(line, spec)
        self.workcell_spec = spec
        self.part_specs = {part.id: part for part in line.spec.parts}
        self.owner = PLC if spec.control.program is not None else ""
        """Who drives the outputs: `plc`, a controller outside, or nobody yet."""
        self.controller: Any = None
        """The soft PLC, once the control side has put one in."""
        self.listeners: list[Listener] = []
        """Called at once with each point whose value has changed."""
        self.state_now = STARVED
        self.since_s = 0.0
        self.spent_s = [0.0] * len(NAMES)
        self.world = World(self)
        self.points: dict[str, Point] = {}
        self._make(spec)
        self.entries = [b for b in self.world.bodies.values() if isinstance(b, Entry)]
        self.exits = [b for b in self.world.bodies.values() if isinstance(b, Exit)]

    def _make(self, spec: WorkcellSpec) -> None:
        world = self.world
        for entry in spec.bodies:
            body = MAKERS[type(entry)](world, entry)
            world.bodies[entry.id] = body
            if isinstance(body, Holder):
                world.holders.append(body)
        io = iter(io_of(spec))
        for entry in spec.bodies:
            body = world.bodies[entry.id]
            if entry.on is not None:
                body.frame.carrier = world.bodies[entry.on]  # type: ignore[assignment]
            for pin in entry.pins():
                point = Point(self, next(io), pin.name, pin.initial)
                point.body = body
                body.points[pin.name] = point
                self.points[point.name] = point
        for body in world.bodies.values():
            body.connect()

    def start(self) -> None:
        for body in self.world.bodies.values():
            body.start()
        self.settle()

    # ---- wires

    def point_changed(self, point: Point) -> None:
        """Tell whoever is concerned that a point has another value."""
        if point.io.direction is not Direction.INPUT and point.body is not None:
            point.body.pin_changed(point.pin)
        for listener in self.listeners:
            listener(point)
        self.changed()

    def refresh(self) -> None:
        """Bring the points up to date that change without events."""
        for body in self.world.bodies.values():
            for pin in body.lazy:
                body.refresh(pin)

    # ---- parts

    def offer(self, part: Part, giver: Any) -> bool:
        for entry in self.entries:
            if entry.takes_from(giver) and entry.offer(part):
                self.settle()
                return True
        self.waiting.append(giver)
        return False

    def call(self) -> None:
        """Let those who wait send again: there may be room at an entry."""
        for _ in range(len(self.waiting)):
            giver = self.waiting.popleft()
            if giver.retry():
                self.waiting.append(giver)

    def left(self, part: Part) -> None:
        """Count a part that has left by an exit."""
        self.made += 1
        self.settle()

    def content(self) -> int:
        held = sum(body.content() for body in self.world.bodies.values())
        return held + len(self.world.lying)

    def places(self) -> float:
        return float("inf")

    def bodies(self) -> Iterator[tuple[str, Seen]]:
        for body in self.world.bodies.values():
            for part, ride in body.parts():
                yield f"p{part.id}", Seen(part.type, ride, part.verdict)
        for part, ride in self.world.fallen():
            yield f"p{part.id}", Seen(part.type, ride, part.verdict)

    def joints(self) -> Iterator[tuple[str, Path]]:
        """Yield how the moving parts of its bodies move: `WORKCELL/BODY`, `WORKCELL/ROBOT/j1`."""
        for body in self.world.bodies.values():
            yield from body.joints()

    # ---- state

    @property
    def state(self) -> AssetState:
        return AssetState(self.state_now)

    def settle(self) -> None:
        """Find its state anew: down without power, blocked while nothing can leave by any exit."""
        if not self.world.powered:
            state = DOWN
        elif self.exits and all(exit_.stuck for exit_ in self.exits):
            state = BLOCKED
        else:
            state = BUSY if self.content() else STARVED
        if state != self.state_now:
            now = self.env.time_s
            self.spent_s[self.state_now] += now - self.since_s
            self.state_now, self.since_s = state, now
        self.changed()

    def reset_statistics(self) -> None:
        super().reset_statistics()
        self.spent_s[:] = [0.0] * len(NAMES)
        self.since_s = self.env.time_s

    def result(self, seconds: float) -> AssetResult:
        spent = list(self.spent_s)
        spent[self.state_now] += self.env.time_s - self.since_s
        fractions = {
            n: s / seconds if seconds > 0 else 0.0 for n, s in zip(NAMES, spent, strict=True)
        }
        if seconds <= 0:
            fractions[NAMES[self.state_now]] = 1.0
        detail = {"incidents": float(self.world.incidents.count)}
        return AssetResult(kind="workcell", fractions=fractions, made=self.made, detail=detail)

    # ---- signals and commands

    def signals(self) -> Iterator[Signal]:
        yield from super().signals()
        yield Signal(f"{self.path}/owner", str, about="signal.owner")
        yield Signal(f"{self.path}/incidents", int, about="signal.incidents")
        for point in self.points.values():
            yield point.signal()

    def read(self) -> dict[str, Value]:
        values = super().read()
        values["owner"] = self.owner
        values["incidents"] = self.world.incidents.count
        self.refresh()
        for name, point in self.points.items():
            values[name] = point.value
        return values

    def times(self) -> dict[str, float]:
        return {name: point.time_s for name, point in self.points.items()}

    def apply(self, command: Command) -> None:
        verb = command.verb
        if verb in ("write", "force", "release"):
            self._on_point(command)
        elif verb in ("break", "repair"):
            broken.act(self, command)
            self.changed()
        elif "/" in command.target:
            self._on_body(command)
        elif verb == "remove":
            self._remove(command)
        elif verb in ("enter", "leave"):
            self._person(command)
        elif verb == "control":
            self._hand_over(str(command.args.get("owner") or ""))
        elif verb in ("lost", "found"):
            self._link(lost=verb == "lost")
        elif self.controller is not None and verb in self.controller.verbs:
            self.controller.apply(command)
        else:
            super().apply(command)

    def _on_body(self, command: Command) -> None:
        name = command.target.rpartition("/")[2]
        body = self.world.bodies.get(name)
        if body is None:
            raise CommandRefused(phrase("refused.no_body", body=name, cell=self.id))
        body.apply(command)
        self.changed()

    def _on_point(self, command: Command) -> None:
        name = command.target.rsplit("/", 1)[-1]
        point = self.points.get(name)
        if point is None:
            raise CommandRefused(phrase("refused.no_point", point=name, cell=self.id))
        if command.verb == "release":
            point.release()
            return
        value = command.args.get("value")
        if value is None:
            raise CommandRefused(phrase("refused.no_value", point=name))
        try:
            value = point.signal().check(value)
        except SignalError as error:
            raise CommandRefused(*error.args) from None
        if command.verb == "force":
            point.force(value)
            return
        if point.io.direction is Direction.INPUT:
            raise CommandRefused(phrase("refused.is_input", point=name))
        if point.io.wired_to:
            raise CommandRefused(phrase("refused.is_wired", point=name, robot=point.io.wired_to))
        if point.io.direction is Direction.OUTPUT:
            self._hand_over(command.by or "outside")
        else:
            assert point.body is not None
            why = point.body.refuses(point.pin, value)
            if why is not None:
                raise CommandRefused(why)
        point.set(value, command.by)

    def _hand_over(self, owner: str) -> None:
        """Give the outputs to another controller."""
        if owner == PLC and self.controller is None:
            raise CommandRefused(phrase("refused.no_plc", cell=self.id))
        if owner != self.owner:
            self.owner = owner
            if self.controller is not None:
                self.controller.owner_changed()
            self.changed()

    def _link(self, *, lost: bool) -> None:
        """Raise an alarm while a controller outside does not answer."""
        alarms, now = self.line.alarms, self.env.time_s
        if lost:
            alarms.raise_(
                self.id, "controller", message="alarm.controller", severity=700, time_s=now
            )
        else:
            alarms.clear(self.id, "controller", time_s=now)

    def _remove(self, command: Command) -> None:
        """Let a person take away a part, by its number, or all that lie on the floor."""
        number = command.args.get("part")
        wanted = None if number is None else int(number)
        gone = self.world.clear(wanted)
        if wanted is not None and not gone:
            gone = self._pick(wanted)
        if wanted is not None and not gone:
            raise CommandRefused(phrase("refused.no_part", part=wanted, cell=self.id))
        for part in gone:
            self.line.scrap(part)
        self.settle()

    def _pick(self, number: int) -> list[Part]:
        for body in self.world.bodies.values():
            for part in [part for part, _ in body.parts() if part.id == number]:
                if body.remove(part):
                    return [part]
        return []

    def _person(self, command: Command) -> None:
        name = str(command.args.get("zone") or "")
        zone = self.world.bodies.get(name)
        if not isinstance(zone, Zone):
            raise CommandRefused(phrase("refused.no_zone", zone=name, cell=self.id))
        zone.step(inside=command.verb == "enter")

    # ---- snapshots

    def parts_of_state(self) -> Iterator[Stateful]:
        yield self
        yield self.world
        yield from self.world.bodies.values()
        yield from self.points.values()
        if self.controller is not None:
            yield self.controller
        for body in self.world.bodies.values():
            program = getattr(body, "program", None)
            if program is not None:
                yield program

    def restored(self) -> None:
        for body in self.world.bodies.values():
            body.restored()

    def known(self) -> Iterator[tuple[str, Any]]:
        yield self.address, self
        for body in self.world.bodies.values():
            yield body.address, body
