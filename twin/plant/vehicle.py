"""Fleets of vehicles that carry single parts between places."""

from collections.abc import Iterator
from math import hypot
from typing import TYPE_CHECKING, Any, ClassVar

from twin.spec.assets import Vehicle as VehicleSpec
from twin.wire.model import Body, Motion

from .machine import Machine
from .part import Part
from .result import AssetResult
from .samplers import Duration
from .server import CHANGING, DONE, FREE, WORKING, Server
from .states import BUSY, SETUP, STARVED

if TYPE_CHECKING:
    from .line import Line

DEFAULT_DISTANCE_M = 10.0
"""Way between two assets of which the line file gives neither distance nor places."""


class Leg:
    """The way from one asset to another with one fleet."""

    def __init__(self, fleet: "Fleet", giver: str, taker: Any) -> None:
        self.fleet = fleet
        self.giver = giver
        self.taker = taker
        self.address = f"{fleet.id}/{giver}>{taker.address}"

    def content(self) -> int:
        """Return how many parts are at the end and on the way."""
        on_way = sum(v.leg is self and v.part is not None for v in self.fleet.vehicles)
        return int(self.taker.content()) + on_way

    def offer(self, part: Part, giver: Any) -> bool:
        """Put the part on the vehicle that has come for it, or call one."""
        ready = self.fleet.ready
        if ready is not None and ready.leg is self and ready.giver is giver:
            ready.part = part
            self.fleet.ready = None
            return True
        self.fleet.call(self, giver)
        return False

    def forget(self, giver: Any) -> None:
        """Take the giver's call back; a vehicle that is on its way to it goes there in vain."""
        calls = self.fleet.calls
        calls[:] = [c for c in calls if not (c[0] is self and c[1] is giver)]
        for vehicle in self.fleet.vehicles:
            if vehicle.leg is self and vehicle.giver is giver and vehicle.part is None:
                vehicle.giver = None

    def once(self, giver: Any) -> None:
        """A call stands once anyway."""


class Vehicle(Server):
    """One vehicle: drives to a part, loads, carries, unloads; charges between."""

    STATE: ClassVar[tuple[str, ...]] = (
        *Server.STATE, "step", "at", "from_", "to", "leg", "giver", "charge_s", "empty_s",
    )  # fmt: skip
    __slots__ = ("at", "charge_s", "empty_s", "fleet", "from_", "giver", "leg", "step", "to")

    def __init__(self, fleet: "Fleet", index: int) -> None:
        super().__init__(fleet, index)
        self.fleet = fleet
        self.step = ""
        self.at = self.from_ = self.to = ""
        self.leg: Leg | None = None
        self.giver: Any = None
        self.charge_s = fleet.battery.runtime_s if fleet.battery else 0.0
        """Driving time that is left in the battery."""
        self.empty_s = 0.0

    def go(self, leg: Leg, giver: Any) -> None:
        """Answer a call."""
        self.leg, self.giver = leg, giver
        self.send = leg.taker.offer
        self.drive("fetch", leg.giver)

    def drive(self, step: str, to: str) -> None:
        """Drive to an asset, as the given step of the job."""
        self.from_, self.to = self.at, to
        self._do(step, self.fleet.drive_s(self.from_, to))

    def _do(self, step: str, time_s: float) -> None:
        self.step = step
        self.phase = CHANGING if step == "charge" else WORKING
        self.left_s = self.work_s = time_s
        self.begin()

    def run(self) -> None:
        """Let the time of the step run; charging counts as setup."""
        self.timer.arm(self.left_s)
        if self.step == "charge":
            self.enter(SETUP)
            return
        self.enter(BUSY)
        if self.fleet.wear is not None and self.fleet.wear.due_s < self.timer.due_s:
            self.fleet.wear.arm()

    def elapsed(self) -> None:
        """Go on to the next step."""
        fleet = self.fleet
        if self.step in ("fetch", "carry", "dock"):
            self.at = self.to
            self.charge_s -= self.work_s
        if self.step == "fetch":
            self.empty_s += self.work_s
            self._do("load", fleet.loading.draw())
        elif self.step == "load":
            self._load()
        elif self.step == "carry":
            self._do("unload", fleet.unloading.draw())
        elif self.step == "unload":
            self.phase = DONE
            fleet.made += 1
            self.retry()
        elif self.step == "dock":
            assert fleet.battery is not None
            missing = 1.0 - max(0.0, self.charge_s) / fleet.battery.runtime_s
            self._do("charge", missing * fleet.battery.charge_s)
        else:
            assert fleet.battery is not None
            self.charge_s = fleet.battery.runtime_s
            self._free()

    def _load(self) -> None:
        fleet, leg, giver = self.fleet, self.leg, self.giver
        assert leg is not None
        if giver is None:
            self._free()
            return
        fleet.ready = self
        more = giver.retry()
        fleet.ready = None
        if more:
            fleet.call(leg, giver)
        if self.part is None:
            self._free()
        else:
            self.drive("carry", leg.taker.address)

    def _free(self) -> None:
        self.step, self.phase, self.leg, self.giver = "", FREE, None, None
        self.fleet.vacated(self)

    def retry(self) -> None:
        """Hand the part over; a vehicle with a part that nobody takes is blocked."""
        super().retry()
        if self.phase == FREE:
            self.leg, self.giver, self.step = None, None, ""

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        super().load_state(data, known)
        if self.leg is not None:
            self.send = self.leg.taker.offer

    def motion(self) -> Motion:
        """Return where the vehicle is: on the way between two assets, or beside one."""
        now = self.env.time_s
        if self.step not in ("fetch", "carry", "dock") or self.work_s <= 0:
            return Motion(f"{self.at}>{self.at}", self.machine.servers.index(self), 0, 0, 0, 0)
        way = f"{self.from_}>{self.to}"
        left_s = self.timer.left_s if self.timer.pending else self.left_s
        done = 1.0 - left_s / self.work_s
        if not self.timer.pending:
            return Motion(way, 0, done, done, now, now)
        return Motion(way, 0, done, 1.0, now, now + left_s)


class Fleet(Machine):
    """Sends free vehicles to the givers that call."""

    can_follow = False
    STATE: ClassVar[tuple[str, ...]] = (*Machine.STATE, "calls")

    def __init__(self, line: "Line", spec: VehicleSpec) -> None:
        self.battery = spec.battery
        self.vehicle_spec = spec
        super().__init__(line, spec, capacity=0)
        self.only_time = False
        self.capacity = spec.count
        self.loading = Duration(spec.load_s, f"{self.id}/load", line.streams)
        self.unloading = Duration(spec.unload_s, f"{self.id}/unload", line.streams)
        self.vehicles = [Vehicle(self, index) for index in range(spec.count)]
        self.servers = list(self.vehicles)
        self.free = list(reversed(self.servers))
        self.legs: dict[str, Leg] = {}
        self.calls: list[list[Any]] = []
        """[leg, giver] of each call, oldest first."""
        self.ready: Vehicle | None = None
        """The vehicle whose giver is asked to send just now."""

    def leg(self, giver: str, taker: Any) -> Leg:
        """Return the way between two assets with this fleet."""
        leg = Leg(self, giver, taker)
        return self.legs.setdefault(leg.address, leg)

    def start(self) -> None:
        super().start()
        first = next(iter(self.legs.values()), None)
        home = self.vehicle_spec.home or (first.giver if first else "")
        for vehicle in self.vehicles:
            vehicle.at = vehicle.from_ = vehicle.to = home

    def drive_s(self, a: str, b: str) -> float:
        """Return the driving time between two assets, s."""
        return self._way_m(a, b) / (self.vehicle_spec.speed_m_s * self.speed_factor)

    def _way_m(self, a: str, b: str) -> float:
        if a == b:
            return 0.0
        table = self.vehicle_spec.distance_m
        for x, y in ((a, b), (b, a)):
            if x in table and y in table[x]:
                return table[x][y]
        places = [self.line.assets[x].spec.place.at_m for x in (a, b)]
        if places[0] is None or places[1] is None:
            return DEFAULT_DISTANCE_M
        return hypot(places[0][0] - places[1][0], places[0][1] - places[1][1])

    def call(self, leg: Leg, giver: Any) -> None:
        """Call a vehicle to a giver's part; one call stands for one giver."""
        if any(c[0] is leg and c[1] is giver for c in self.calls):
            return
        for vehicle in self.vehicles:
            if vehicle.leg is leg and vehicle.part is None and vehicle.giver in (giver, None):
                vehicle.giver = giver
                return
        self.calls.append([leg, giver])
        self.pull()

    def pull(self) -> None:
        while self.free and self.calls and not self.stops:
            call = self.calls[0]
            if self.vehicle_spec.dispatch == "nearest" and len(self.free) == 1:
                at = self.free[0].at  # type: ignore[attr-defined]
                call = min(self.calls, key=lambda c: self._way_m(at, c[0].giver))
            self.calls.remove(call)
            where = call[0].giver
            vehicle = min(reversed(self.free), key=lambda v: self._way_m(v.at, where))  # type: ignore[attr-defined]
            self.free.remove(vehicle)
            vehicle.go(call[0], call[1])  # type: ignore[attr-defined]

    def vacated(self, server: Server) -> None:
        assert isinstance(server, Vehicle)
        battery = self.battery
        if battery is not None and server.charge_s < battery.reserve * battery.runtime_s:
            server.leg = server.giver = None  # else it would seem to be on its way to a giver
            server.drive("dock", battery.charger or server.at)
            return
        server.enter(STARVED if not self.stops else self.stop_state)
        self.free.append(server)
        self.pull()

    def lose(self, server: Server) -> None:
        assert isinstance(server, Vehicle)
        if server.part is None:
            return
        server.at, server.step, server.leg, server.giver = server.to, "", None, None
        super().lose(server)

    def bodies(self) -> Iterator[tuple[str, Body]]:
        for index, vehicle in enumerate(self.vehicles):
            motion = vehicle.motion()
            yield f"{self.id}/{index}", Body(f"vehicle:{self.id}", motion)
            if vehicle.part is not None:
                yield f"p{vehicle.part.id}", Body(vehicle.part.type, motion, vehicle.part.verdict)

    def result(self, seconds: float) -> AssetResult:
        result = super().result(seconds)
        result.availability = result.performance = result.quality = result.oee = None
        result.detail["empty_travel_s"] = sum(v.empty_s for v in self.vehicles)
        return result

    def reset_statistics(self) -> None:
        super().reset_statistics()
        for vehicle in self.vehicles:
            vehicle.empty_s = 0.0

    def known(self) -> Iterator[tuple[str, Any]]:
        yield from super().known()
        for leg in self.legs.values():
            yield leg.address, leg
