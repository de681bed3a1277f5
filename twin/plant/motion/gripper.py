"""A gripper on axes: takes the part below it, carries it, puts it down."""

from collections.abc import Iterator
from math import degrees, hypot, inf, log, radians
from typing import TYPE_CHECKING, ClassVar

from twin.kernel.errors import CommandRefused
from twin.plant.part import Part
from twin.spec import motion as specs
from twin.spec.messages import phrase
from twin.wire.model import Ride

from .air import Air
from .body import LEVEL_M, Body, Giver, Holder
from .chain import tilt_rad
from .frame import Pose
from .path import rest
from .seat import FUZZ_M
from .vacuum import DROPS_KPA, HELD_KPA, LEAKY_KPA, PUMP_KPA, Vacuum

if TYPE_CHECKING:
    from .world import World

PRESS_M = 0.01
"""How far it may be pressed into a part from above."""
GLANCE_S = 0.02
ALONG_M = 2e-4
"""A part that it leaves behind by less than this in `GLANCE_S` goes along with it."""
UPRIGHT_RAD = radians(3.0)
"""Tilted further than this it neither takes a part nor puts one down."""
LANDS_M = 0.15
"""A part that falls no further lands well."""


class Gripper(Body, Giver):
    """A gripper whose point is the origin of its frame; it works downwards.

    **Taking.** With `grip` on it takes the part whose top's middle is within `tolerance_m` of its
    point. A suction cup that sits on a part builds its vacuum up: -60 kPa after `grip_s`, and
    `held`. Without a part it only sucks air, and looks again whenever something comes to rest.
    Jaws close in `grip_s`; `held` if there is a part between them by then.

    **Carrying.** The part is lifted when the gripper next moves. One that jaws or a plate of others
    hold is torn off, one heavier than `holds_kg` slips off.

    **Letting go.** `let_go_s` after `grip` goes off, the part is put onto what is up to 2 cm below
    it. Where a part is already, that is a collision, and it goes to the floor. From a greater
    height it is dropped: up to 15 cm it lands well, else it goes to the floor.

    **Without power** jaws stay closed. A cup has a check valve: the vacuum stays, or is lost with
    `leak_kpa_s`, and above -30 kPa the part falls.

    **Broken.** A cup that `leaks` gets no further than -45 kPa: a part still hangs on it, and is
    not `held`. A `dead` gripper hears nothing: it stays as it is without power.
    """

    STATE: ClassVar[tuple[str, ...]] = (
        "phase", "carried", "touched", "holder", "grip_at", "vacuum", "held", "broken",
    )  # fmt: skip
    guides: ClassVar[bool] = False
    lazy: ClassVar[frozenset[str]] = frozenset({"vacuum"})

    def __init__(self, world: "World", spec: specs.Gripper) -> None:
        super().__init__(world, spec)
        self.sucks = spec.type == "vacuum"
        self.ways = ("leaks", "dead") if self.sucks else ("dead",)
        self.tolerance_m = spec.tolerance_m
        self.grip_s, self.let_go_s = spec.grip_s, spec.let_go_s
        self.leak_kpa_s = spec.leak_kpa_s
        self.holds_kg = spec.holds_kg
        self.air_id = spec.air
        self.air: Air | None = None
        self.tau_s = spec.grip_s / log(PUMP_KPA / (PUMP_KPA - HELD_KPA))
        self.phase = "open"
        """`open`, `closing` (or pumping), `holding`, `closed` (on nothing), `releasing`."""
        self.carried: Part | None = None
        """The part that it has lifted."""
        self.touched: int | None = None
        """Number of the part that it touches or holds and has not lifted yet."""
        self.holder: Holder | None = None
        """What that part lies on."""
        self.grip_at: list[float] = [0.0, 0.0, 0.0, 0.0]
        """Where the carried part is in the gripper's frame: x, y, z, heading."""
        self.vacuum: list[float] = [0.0] * 5
        self.held = False
        self.broken = ""
        """How it is broken: `leaks`, `dead`; empty: it is sound."""
        self.step = self.timer("step", self._step)
        self.falls = self.timer("falls", self._falls)

    def connect(self) -> None:
        if self.air_id is not None:
            air = self.world.bodies[self.air_id]
            assert isinstance(air, Air)
            self.air = air
            air.join(self)
        self.world.hearers.append(self.mover_changed)

    # ---- the controller's wish

    def pin_changed(self, pin: str) -> None:
        if pin == "":
            self._energy()
        elif not self.world.powered or self.broken == "dead":
            return
        elif self.reads("grip"):
            self._grip()
        else:
            self._release()

    def air_changed(self) -> None:
        """Hear that the air supply's pressure goes another way."""
        if self.sucks:
            self._energy()

    def _pumps(self) -> bool:
        """Tell whether its valve and its pump have what they need."""
        air = self.air
        return (
            self.world.powered
            and self.broken != "dead"
            and (air is None or air.enough(self.env.time_s))
        )

    def _energy(self) -> None:
        if not self.sucks:
            if self.world.powered and bool(self.reads("grip")) == (self.phase == "open"):
                self.pin_changed("grip")
            return
        if not self._pumps():
            self._leak()
        elif self.reads("grip"):
            self.falls.cancel()
            self._grip()
        elif self.phase != "open":
            self._release()

    # ---- taking

    def _grip(self) -> None:
        if self.phase == "releasing" and self.carried is not None:
            self.phase = "closing"
            self._pump()
        elif self.phase == "holding":
            if self.sucks:
                self._pump()
        elif self.sucks:
            self._look()
        elif self.phase != "closed":
            self.phase = "closing"
            self.tells("opened", value=False)
            self.step.arm(self.grip_s)

    def _look(self) -> None:
        """Let the cup seal on a part that it touches."""
        found = self.below()
        self.phase = "closing"
        if found is None or not self._pumps():
            self._forget()
        elif found[1].id != self.touched:
            self.holder, self.touched = found[0], found[1].id
            self._pump()
        self.cell.changed()

    def _pump(self) -> None:
        if not self.sucks:
            self.step.arm(0.0)
            return
        leaks = self.broken == "leaks"
        self._set_vacuum(LEAKY_KPA if leaks else PUMP_KPA, self.tau_s)
        passes_s = Vacuum(self.vacuum).when(HELD_KPA)
        if not leaks:
            self.step.arm_at(self.env.time_s if passes_s == inf else passes_s)
            return
        self.step.cancel()
        if self.held and passes_s < inf:
            self.falls.arm_at(passes_s)

    def _set_vacuum(self, goal: float, tau_s: float, rise: float = 0.0) -> None:
        now = self.env.time_s
        self.vacuum[:] = [now, Vacuum(self.vacuum).at(now), goal, tau_s, rise]

    def _forget(self) -> None:
        """Lose touch with the part below, and what vacuum there is."""
        self.touched = self.holder = None
        self.step.cancel()
        self.vacuum[:] = [self.env.time_s, 0.0, 0.0, 0.0, 0.0]

    def below(self) -> tuple[Holder, Part] | None:
        """Return the part that it could take, and what that lies on."""
        now = self.env.time_s
        if tilt_rad(self, now) > UPRIGHT_RAD:
            return None
        tip = self.frame.at(now)
        best, best_m = None, inf
        for holder in self.world.holders:
            found = holder.nearest(tip, now)
            if found is None:
                continue
            part, at = found
            above_m = tip.z - at.z - self.world.size(part)[2]
            off_m = hypot(tip.x - at.x, tip.y - at.y)
            near = -PRESS_M - FUZZ_M <= above_m <= self.tolerance_m + FUZZ_M
            if near and off_m <= self.tolerance_m + FUZZ_M and off_m < best_m:
                best, best_m = (holder, part), off_m
        return best

    def _below_still(self) -> Part | None:
        """Return the part that it touches, if that is still where it lay."""
        if self.holder is None:
            return None
        parts = (part for part, _ in self.holder.parts())
        return next((part for part in parts if part.id == self.touched), None)

    def _step(self) -> None:
        if self.phase == "releasing":
            self._put_down()
        else:
            self._closed()
        self.cell.changed()

    def _closed(self) -> None:
        """Hold the part that is there now that it is closed, or that the vacuum is built up."""
        if self.carried is None:
            found = self.below()
            if found is None or (self.sucks and found[1].id != self.touched):
                self._forget()
                if self.sucks:
                    self._look()
                else:
                    self.phase = "closed"
                return
            self.holder, part = found
            self.touched = part.id
            self.holder.hold(part, by=self)
        self.phase = "holding"
        self._tell_held(on=True)
        if self.carried is None and self.frame.moving(self.env.time_s):
            self._lift()

    def _tell_held(self, *, on: bool) -> None:
        self.held = on
        self.tells("held", on)

    # ---- carrying

    def mover_changed(self, body: Body) -> None:
        """Hear that something moves otherwise: maybe what carries it."""
        if self.carried is not None or self.phase not in ("holding", "closing"):
            return
        moving = self.frame.moving(self.env.time_s)
        if self.phase == "holding":
            if moving and self.touched is not None:
                self._lift()
        elif not self.sucks:
            return
        elif self.touched is None:
            if not moving or self._goes_along(self.below()):
                self._look()
        elif moving and not self._goes_along(self._below_still_on()):
            self._forget()

    def _goes_along(self, found: tuple[Holder, Part] | None) -> bool:
        """Tell whether it goes along with a part that moves, as on a robot that follows a belt."""
        if found is None:
            return False
        holder, part = found
        off: list[tuple[float, float, float]] = []
        for time_s in (self.env.time_s, self.env.time_s + GLANCE_S):
            tip = self.frame.at(time_s)
            nearest = holder.nearest(tip, time_s)
            if nearest is None or nearest[0] is not part:
                return False
            at = nearest[1]
            off.append((tip.x - at.x, tip.y - at.y, tip.z - at.z))
        return all(abs(a - b) <= ALONG_M for a, b in zip(*off, strict=True))

    def _below_still_on(self) -> tuple[Holder, Part] | None:
        part = self._below_still()
        return None if part is None or self.holder is None else (self.holder, part)

    def _lift(self) -> None:
        """Take the part off what it lies on: the gripper moves away with it."""
        part, holder = self._below_still(), self.holder
        if part is None or holder is None:
            self._slip(holder, part)
            return
        mass_kg = self.world.mass_kg(part)
        if holder.clamped(part, but=self):
            self._slip(holder, part)
            self.world.incident("collision", self, "incident.pulled", part=part, other=holder.id)
        elif mass_kg > self.holds_kg:
            self._slip(holder, part)
            self.world.incident(
                "dropped", self, "incident.too_heavy", part=part,
                mass_kg=round(mass_kg, 2), holds_kg=self.holds_kg,
            )  # fmt: skip
        else:
            holder.let_go(part, by=self)
            at = holder.take(part)
            self.grip_at[:] = self.frame.at(self.env.time_s).seen(at)
            self.carried, self.touched, self.holder = part, None, None
            self.cell.changed()

    def _slip(self, holder: Holder | None, part: Part | None) -> None:
        """Lose a part that stays where it lies."""
        if holder is not None and part is not None:
            holder.let_go(part, by=self)
        self._empty()
        self.phase = "closing" if self.sucks else "closed"

    def _empty(self) -> None:
        self.carried = None
        self.falls.cancel()
        self._forget()
        self._tell_held(on=False)
        self.cell.changed()

    def place(self, time_s: float) -> Pose:
        """Return where the underside's middle of the carried part is, in the workcell."""
        return self.frame.at(time_s).then(Pose(*self.grip_at))

    # ---- letting go

    def _release(self) -> None:
        if self.phase in ("open", "releasing"):
            return
        if self.carried is None and self.touched is None:
            self._forget()
        elif self.sucks:
            level = Vacuum(self.vacuum).at(self.env.time_s)
            self._set_vacuum(0.0, 0.0, -level / self.let_go_s)
        self.phase = "releasing"
        self.falls.cancel()
        self.step.arm(self.let_go_s)
        self.cell.changed()

    def _put_down(self) -> None:
        self.phase = "open"
        if not self.sucks:
            self.tells("opened", value=True)
        part, at = self._give_up()
        if part is not None:
            self._part_leaves(part, at)

    def _give_up(self) -> tuple[Part | None, Pose]:
        """Lose what it has; return the part that it carried, and where that is."""
        carried, at = self.carried, self.place(self.env.time_s)
        touched = self._below_still()
        if touched is not None and self.holder is not None:
            self.holder.let_go(touched, by=self)
        self._empty()
        return carried, at

    def _part_leaves(self, part: Part, at: Pose) -> None:
        """Let a part go where it is: onto what is below it."""
        world = self.world
        holder, drop_m = self._ground(at)
        tilt = tilt_rad(self, self.env.time_s)
        if tilt > UPRIGHT_RAD:
            world.incident(
                "dropped", self, "incident.tilted", part=part, at=at,
                tilt_deg=round(degrees(tilt), 1),
            )  # fmt: skip
            world.lay(part, at)
        elif holder is None:
            world.fall(part, at, self, "incident.let_go_in_air")
        elif drop_m > LEVEL_M:
            world.incident(
                "dropped", self, "incident.dropped", part=part, at=at,
                height_cm=round(drop_m * 100.0, 1), other=holder.id,
            )  # fmt: skip
            self._land(part, at)
        elif not self._land(part, at):
            world.incident("collision", self, "incident.taken", part=part, at=at, other=holder.id)

    def _land(self, part: Part, at: Pose) -> bool:
        """Let a part come down on what is below it, or go to the floor; tell which."""
        holder, drop_m = self._ground(at)
        landed = Pose(at.x, at.y, at.z - drop_m, at.heading_rad)
        if holder is not None and drop_m <= LANDS_M and holder.accept(part, landed, giver=self):
            return True
        self.world.lay(part, at)
        return False

    def _ground(self, at: Pose) -> tuple[Holder | None, float]:
        """Return the highest surface below a part's underside, and how far below it is, m."""
        now = self.env.time_s
        best: Holder | None = None
        best_m = inf
        for holder in self.world.holders:
            height = holder.height(at, now)
            surface = Pose(at.x, at.y, height, at.heading_rad)
            drop_m = at.z - height
            if -LEVEL_M - FUZZ_M <= drop_m < best_m and holder.covers(surface, now):
                best, best_m = holder, drop_m
        return best, best_m

    def retry(self, taker: Holder) -> None:
        """Nothing: what it let go is gone."""

    # ---- without energy

    def _leak(self) -> None:
        """Keep the vacuum behind the check valve, as far as it is tight."""
        if self.phase == "releasing":
            return  # the valve had let go already
        self.step.cancel()
        if self.phase == "closing" and self.carried is None:
            self._forget()
            return
        self._set_vacuum(0.0, 0.0, self.leak_kpa_s)
        due_s = Vacuum(self.vacuum).when(HELD_KPA if self.held else DROPS_KPA)
        if due_s < inf:
            self.falls.arm_at(due_s)

    def _falls(self) -> None:
        if self.held:
            self._tell_held(on=False)
            drops_s = Vacuum(self.vacuum).when(DROPS_KPA)
            if drops_s < inf:
                self.falls.arm_at(drops_s)
            self.cell.changed()
            return
        self.phase = "closing" if self.points["grip"].value else "open"
        part, at = self._give_up()
        if part is not None:
            self.world.incident("dropped", self, "incident.leaked", part=part, at=at)
            self._land(part, at)

    # ---- broken

    def breaks(self, way: str) -> None:
        if self.broken:
            raise CommandRefused(phrase("broken.already", name=self.address))
        self.broken = way
        self._condition_changed()

    def mended(self) -> bool:
        if not self.broken:
            return False
        self.falls.cancel()
        dead, self.broken = self.broken == "dead", ""
        if dead:
            self._energy()
        else:
            self._condition_changed()
        return True

    def _condition_changed(self) -> None:
        """Let the vacuum go where it goes from now on."""
        if not self.sucks:
            return
        if not self._pumps():
            self._leak()
        elif self.phase in ("closing", "holding") and (self.carried or self.touched is not None):
            self._pump()

    # ---- what can be seen

    def refresh(self, pin: str) -> None:
        if pin == "vacuum":
            self.renew(pin, Vacuum(self.vacuum).at(self.env.time_s))

    def content(self) -> int:
        return int(self.carried is not None)

    def parts(self) -> Iterator[tuple[Part, Ride]]:
        if self.carried is not None:
            x, y, z, heading_rad = self.grip_at
            yield self.carried, Ride(self.node, x, y, z, heading_rad, 1.0, 0.0, 0.0, rest(0.0))

    def remove(self, part: Part) -> bool:
        if part is not self.carried:
            return False
        self._empty()
        self.phase = "closing" if self.sucks else "closed"
        return True
