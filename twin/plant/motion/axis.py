"""A servo axis: enable, homing, absolute moves, jogging, limits, faults."""

from math import inf, radians
from typing import TYPE_CHECKING, ClassVar

from twin.kernel.errors import CommandRefused
from twin.spec import motion as specs
from twin.spec.messages import phrase
from twin.wire.model import Path, Piece, along

from .body import Body
from .broken import TRIPS
from .frame import SLIDES, Pose, Vector
from .path import ends_at, reaches, rest, speed_at
from .profile import to_place, to_speed

if TYPE_CHECKING:
    from .world import World

HOMING_SHARE = 0.1
JOG_SHARE = 0.25
STOP_SHARE = 0.02
"""Where the hard stops are beyond the ends of travel, as a share of the travel."""
SAME = 1e-6
"""A target so close to the end of travel is the end: controllers count in single precision."""
BRAKE = 2.0
"""How much harder the brake of a drive without energy is than its ramps."""


class Axis(Body):
    """A servo axis; what is `on` it goes along.

    - `start` (rising) goes to `target`, also in mid-move: it goes on from its present speed. A
      target beyond the ends of travel, or an axis that does not know where it is (`homed`), is a
      fault and no movement.
    - `home` (rising) goes to the reference switch at homing speed.
    - `jog_plus`, `jog_minus` move it while they are on; with both it stops. An axis that is homed
      stops at the end of its travel. One that is not runs into its hard stop.
    - Without `enable`, or without power, it brakes; had it been moving, that is a fault.
    - While it goes along with a robot whose external axis it is, it does not hear `start`, `home`
      and jogging, and without power that robot stops both, in step.
    - A drive that trips brakes it, and is a fault.
    - A fault lasts until `reset` (rising), at rest. While it lasts nothing else is heard.
    - `in_position`: a move came to its end, it has stood there since, and `target` is that place.
    """

    STATE: ClassVar[tuple[str, ...]] = ("path", "doing", "homed", "fault", "arrived")
    lazy: ClassVar[frozenset[str]] = frozenset({"position"})
    ways = (TRIPS,)

    def __init__(self, world: "World", spec: specs.Axis) -> None:
        super().__init__(world, spec)
        self.rotary = spec.rotary
        self.low, self.high = spec.low, spec.high
        self.speed, self.accel = spec.speed, spec.accel
        self.home_at = spec.low if spec.home is None else spec.home
        self.homing_speed = spec.homing_speed or spec.speed * HOMING_SHARE
        self.jog_speed = spec.jog_speed or spec.speed * JOG_SHARE
        self.needs_homing = spec.needs_homing
        beyond = (spec.high - spec.low) * STOP_SHARE
        self.stops = (spec.low - beyond, spec.high + beyond)
        self.tool_m = spec.tool_m
        self.slide: Vector | None = None if spec.rotary else SLIDES[spec.direction]
        self.turn = -1.0 if spec.direction.startswith("-") else 1.0
        begin = self.home_at if spec.starts_at is None else spec.starts_at
        self.path: Path = rest(begin)
        """Where it is over time, in m, or degrees."""
        self.doing = ""
        """`move`, `home`, `jog`, `along` (with a robot), `stop`, `brake`; empty at rest."""
        self.homed = not spec.needs_homing
        self.fault = ""
        """Why it has a fault; empty: it has none."""
        self.arrived = False
        """Whether it stands where a move has brought it."""
        self.event = self.timer("event", self._event)

    # ---- where it is

    def position(self) -> float:
        """Return where it is now, m or degrees."""
        return along(self.path, self.env.time_s)

    def joint(self) -> Path | None:
        return self.joint_by(self.path)

    def joint_by(self, path: Path) -> Path:
        """Return how its joint would move by a path, m or rad."""
        if not self.rotary:
            return path
        return tuple(Piece(p.t0, *map(radians, (p.p, p.v, p.a, p.j))) for p in path)

    def moved(self, time_s: float) -> Pose:
        """Return where its moving part is, in its own frame."""
        return self.moved_to(along(self.path, time_s))

    def moved_to(self, place: float) -> Pose:
        """Return where its moving part is when it is at a place, in its own frame."""
        if self.slide is None:
            return Pose(0.0, 0.0, 0.0, self.turn * radians(place))
        x, y, z = self.slide
        return Pose(x * place, y * place, z * place)

    def moves(self, time_s: float) -> bool:
        """Tell whether it is in movement."""
        return time_s < ends_at(self.path)

    def refresh(self, pin: str) -> None:
        if pin == "position":
            self.renew(pin, self.position())

    # ---- what the controller wants

    def pin_changed(self, pin: str) -> None:
        if pin in ("", "enable"):
            self._energy()
        elif pin == "target":
            self._tell_arrived()
        elif pin == "reset":
            if self.reads("reset") and not self.doing:
                self._clear()
        elif self.reads("enable") and not self.fault and self.doing != "along":
            self._wish(pin)

    def _wish(self, pin: str) -> None:
        on = bool(self.reads(pin))
        if pin in ("jog_plus", "jog_minus"):
            self._jog()
        elif pin == "start" and on and self.doing != "home":
            self._start(float(self.reads("target")))
        elif pin == "home" and on:
            self.homed = False
            self.tells("homed", value=False)
            self._go("home", self._to(self.home_at, self.homing_speed))

    def _energy(self) -> None:
        """Brake when it has no energy any more."""
        if self.reads("enable"):
            return
        if self.doing == "along" and self.points["enable"].value:
            return  # the power is going: until it is gone its robot stops both, in step
        self._tell_arrived(arrived=False)
        if self.doing and self.doing != "brake":
            self._fail("lost")
            self._brake()

    def _brake(self) -> None:
        now = self.env.time_s
        v = speed_at(self.path, now)
        path = to_speed(now, self.position(), v, 0.0, self.accel * BRAKE)
        self._go("brake", path)

    def _start(self, target: float) -> None:
        if not self.homed:
            self._fail("not_homed")
        elif not self.low - SAME <= target <= self.high + SAME:
            self._fail("limit")
        else:
            target = min(max(target, self.low), self.high)
            self._go("move", self._to(target, self.speed))
            return
        if self.doing:
            self._stop()

    def _jog(self) -> None:
        way = int(bool(self.reads("jog_plus"))) - int(bool(self.reads("jog_minus")))
        if way == 0:
            if self.doing == "jog":
                self._stop()
        elif self.doing in ("", "jog", "stop"):
            if self.homed:
                end = self.high if way > 0 else self.low
                self._go("jog", self._to(end, self.jog_speed))
            else:
                now = self.env.time_s
                v = speed_at(self.path, now)
                goal = way * self.jog_speed
                self._go("jog", to_speed(now, self.position(), v, goal, self.accel))

    def _stop(self) -> None:
        now = self.env.time_s
        v = speed_at(self.path, now)
        self._go("stop", to_speed(now, self.position(), v, 0.0, self.accel))

    def _to(self, target: float, speed: float) -> Path:
        now = self.env.time_s
        v = speed_at(self.path, now)
        return to_place(now, self.position(), v, target, speed=speed, accel=self.accel)

    # ---- as an external axis of a robot

    @property
    def free(self) -> bool:
        """Whether its robot may take it along: it has energy, knows where it is, is not busy."""
        ready = bool(self.reads("enable")) and self.homed and not self.fault
        return ready and self.doing in ("", "along")

    def go_along(self, path: Path) -> None:
        """Move by a path that ends at rest within the ends of travel, beside a robot."""
        self._go("along", path)

    # ---- movement

    def _go(self, doing: str, path: Path) -> None:
        self.path, self.doing = path, doing
        now = self.env.time_s
        self._tell_arrived(arrived=False)
        due_s = ends_at(path)
        if doing != "along":
            due_s = min(due_s, self._stop_s())
        self.tells("moving", due_s > now)
        if due_s > now:
            self.event.arm_at(due_s)
            self.world.movers_changed(self)
            self.cell.changed()
        else:
            self.event.cancel()
            self._event()

    def _stop_s(self) -> float:
        """Return when it gets to a hard stop on its present path."""
        now = self.env.time_s
        place, v = self.position(), self.path[-1].v or speed_at(self.path, now)
        low, high = self.stops
        if (place <= low and v < 0.0) or (place >= high and v > 0.0):
            return now
        return min((reaches(self.path, stop, now) for stop in self.stops), default=inf)

    def _event(self) -> None:
        now = self.env.time_s
        end_s = ends_at(self.path)
        if end_s <= now:
            self._rest(self.path[-1].p)
        else:
            stop = min(self.stops, key=lambda place: abs(place - self.position()))
            v = speed_at(self.path, now)
            self._fail("overtravel")
            self.world.incident(
                "overtravel", self, "incident.axis_overtravel", at=self._tip(),
                place=round(stop, 4), speed=round(abs(v), 3), unit=self._unit(),
            )  # fmt: skip
            self.doing = "crash"
            self._rest(stop)

    def _rest(self, place: float) -> None:
        done, self.doing = self.doing, ""
        self.path = rest(place, self.env.time_s)
        self.tells("moving", value=False)
        if done == "home":
            self.homed = True
            self.tells("homed", value=True)
        elif done == "move":
            self._tell_arrived(arrived=True)
        self.world.movers_changed(self)
        self.cell.changed()

    def _tell_arrived(self, *, arrived: bool | None = None) -> None:
        """Tell whether it stands at its target; `arrived` changes whether a move has ended."""
        if arrived is not None:
            self.arrived = arrived
        there = self.arrived and abs(float(self.points["target"].value) - self.position()) <= SAME
        self.tells("in_position", there)

    def crash(self) -> None:
        """Stop dead where it is: it has hit something."""
        self._fail("collision")
        self.event.cancel()
        self.doing = "crash"
        self._tell_arrived(arrived=False)
        self._rest(self.position())

    def _tip(self) -> Pose:
        now = self.env.time_s
        return self.frame.at(now).then(self.moved(now))

    def _unit(self) -> str:
        return "deg" if self.rotary else "m"

    # ---- faults

    def breaks(self, way: str) -> None:
        if self.fault:
            raise CommandRefused(phrase("broken.already", name=self.address))
        self._tell_arrived(arrived=False)
        self._fail("tripped")
        if self.doing and self.doing != "brake":
            self._brake()

    def _fail(self, why: str) -> None:
        self.fault = why
        self.tells("fault", value=True)
        if why in ("lost", "limit", "not_homed", "tripped"):
            self.cell.line.alarms.raise_(
                self.cell.id,
                f"{self.id}_fault",
                message=f"alarm.axis_{why}",
                severity=500,
                time_s=self.env.time_s,
            )

    def _clear(self) -> None:
        if not self.fault:
            return
        self.fault = ""
        self.tells("fault", value=False)
        self.cell.line.alarms.clear(self.cell.id, f"{self.id}_fault", time_s=self.env.time_s)
