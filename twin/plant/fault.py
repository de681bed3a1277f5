"""Why machines stand still: failures with their repair, planned maintenance, and wear."""

from abc import ABC, abstractmethod
from math import inf
from typing import TYPE_CHECKING, ClassVar

from twin.spec.assets import Failure, Maintenance

from .plain import Stateful
from .samplers import Duration

if TYPE_CHECKING:
    from .machine import Machine
    from .operator import Call

BY_HAND = "fault"
"""The failure that every machine can be given from outside."""


class Wear(Stateful):
    """The operating clock of a machine: its age counts only while at least one server works.

    The timer is armed only when a job would reach the age at which something is due, so that
    machines that do not fail soon cost nothing on the heap.
    """

    STATE: ClassVar[tuple[str, ...]] = ("age_s", "since_s", "running", "next_s", "due_s")

    def __init__(self, machine: "Machine") -> None:
        self.machine = machine
        self.env = machine.env
        self.address = f"{machine.id}/wear"
        self.age_s = 0.0
        self.since_s = 0.0
        self.running = 0
        self.next_s = inf
        """Age at which the next stop is due."""
        self.due_s = inf
        """Time at which it is due if the work goes on until then; known while servers work."""
        self.timer = machine.env.timer(self.address, self._worn)
        self.stops: list[OperatingStop] = []

    def plan(self) -> None:
        """Find what is due next."""
        self.next_s = min((stop.due_age_s for stop in self.stops), default=inf)
        self.timer.cancel()
        if self.running:
            self.due_s = self.since_s + (self.next_s - self.age_s)
            self.arm()

    def started(self) -> None:
        """Count one more server at work. Who works beyond `due_s` calls `arm`."""
        if not self.running:
            self.since_s = self.env.time_s
            self.due_s = self.since_s + (self.next_s - self.age_s)
        self.running += 1

    def arm(self) -> None:
        """Go off when the next stop is due."""
        if not self.timer.pending and self.next_s < inf:
            self.timer.arm_at(self.due_s)

    def stopped(self) -> None:
        """Count one server less at work."""
        self.running -= 1
        if not self.running:
            self.age_s += self.env.time_s - self.since_s
            self.timer.cancel()

    def _worn(self) -> None:
        self.age_s += self.env.time_s - self.since_s
        self.since_s = self.env.time_s
        # The age is a sum and may miss the due age by its last bits; the timer is the truth.
        due = min(self.stops, key=lambda stop: stop.due_age_s)
        self.age_s = max(self.age_s, due.due_age_s)
        due.due_age_s = inf
        due.come()
        self.plan()


class OperatingStop(Stateful, ABC):
    """A stop of a machine that may be due at an operating age."""

    machine: "Machine"
    operating: bool
    due_age_s = inf

    @abstractmethod
    def begin(self) -> None:
        """Stop the machine."""

    @abstractmethod
    def plan(self) -> None:
        """Find when it is due next."""

    def come(self) -> None:
        """Be due: stop the machine, unless it follows a real one, which stops by itself."""
        if self.machine.following:
            self.plan()
        else:
            self.begin()


class FailureMode(OperatingStop):
    """One way in which a machine breaks, and its repair."""

    STATE: ClassVar[tuple[str, ...]] = (
        "active", "due_age_s", "downtime_s", "wants", "holds", "repairing", "count",
    )  # fmt: skip

    def __init__(self, machine: "Machine", spec: Failure | None) -> None:
        self.machine = machine
        self.spec = spec
        self.id = spec.id if spec else BY_HAND
        self.address = f"{machine.id}/{self.id}"
        self.timer = machine.env.timer(f"{self.address}/timer", self._timer)
        self.operating = spec is not None and spec.clock == "operating"
        self.active = False
        self.due_age_s = inf
        self.downtime_s: float | None = None
        self.wants = self.holds = self.repairing = False
        self.count = 0
        self.call: Call | None = None
        if spec:
            streams = machine.line.streams
            self.uptime = Duration(spec.uptime_s, f"{self.address}/uptime", streams)
            self.downtime = Duration(spec.downtime_s, f"{self.address}/downtime", streams)
            self.call = machine.line.call(spec.repair_by)

    def plan(self) -> None:
        """Draw when it fails next."""
        if self.spec is None:
            return
        uptime_s = self.uptime.draw()
        if self.operating:
            wear = self.machine.wear
            assert wear is not None
            running_s = self.machine.env.time_s - wear.since_s if wear.running else 0.0
            self.due_age_s = wear.age_s + running_s + uptime_s
            wear.plan()
        else:
            self.timer.arm(uptime_s)

    def _timer(self) -> None:
        if self.active:
            self.end()
        else:
            self.come()

    def begin(self, downtime_s: float | None = None) -> None:
        """Break. The repair takes `downtime_s`, else as the line file says, else until told."""
        machine = self.machine
        self.active = True
        self.count += 1
        self.timer.cancel()
        self.downtime_s = downtime_s
        if downtime_s is None and self.spec is not None:
            self.downtime_s = self.downtime.draw()
        machine.raise_alarm(self)
        machine.faults += 1
        machine.stop(self.id, self.spec.on_failure if self.spec else "resume")
        if self.call is None:
            self.granted()
        else:
            self.wants = True
            self.call.request(self)

    def granted(self) -> None:
        """Begin the repair: whoever is needed is there."""
        self.wants, self.holds, self.repairing = False, self.call is not None, True
        if self.downtime_s is not None:
            self.timer.arm(self.downtime_s)

    def end(self) -> None:
        """Finish the repair, at its time or because somebody says so."""
        machine = self.machine
        self.timer.cancel()
        self.active = self.repairing = False
        if self.call is not None:
            if self.holds:
                self.call.release(self)
            elif self.wants:
                self.call.withdraw(self)
        machine.faults -= 1
        machine.clear_alarm(self)
        self.plan()
        machine.release(self.id)


class MaintenanceTask(OperatingStop):
    """Planned work at a machine, again and again."""

    STATE: ClassVar[tuple[str, ...]] = ("active", "due_age_s", "wants", "holds", "count")

    def __init__(self, machine: "Machine", spec: Maintenance) -> None:
        self.machine = machine
        self.spec = spec
        self.id = spec.id
        self.address = f"{machine.id}/{spec.id}"
        self.timer = machine.env.timer(f"{self.address}/timer", self._timer)
        self.duration = Duration(spec.duration_s, f"{self.address}/duration", machine.line.streams)
        self.operating = spec.clock == "operating"
        self.call = machine.line.call(spec.by)
        self.active = self.wants = self.holds = False
        self.due_age_s = inf
        self.count = 0

    def plan(self) -> None:
        """Set the next time."""
        if self.operating:
            wear = self.machine.wear
            assert wear is not None
            running_s = self.machine.env.time_s - wear.since_s if wear.running else 0.0
            self.due_age_s = wear.age_s + running_s + self.spec.every_s
            wear.plan()
        else:
            self.timer.arm(self.spec.every_s)

    def _timer(self) -> None:
        if self.active:
            self._end()
        else:
            self.come()

    def begin(self) -> None:
        """Stop the machine and do the work as soon as whoever is needed is there."""
        self.active = True
        self.count += 1
        self.machine.stop(self.id, "resume")
        if self.call is None:
            self.granted()
        else:
            self.wants = True
            self.call.request(self)

    def granted(self) -> None:
        """Begin the work."""
        self.wants, self.holds = False, self.call is not None
        self.timer.arm(self.duration.draw())

    def _end(self) -> None:
        self.active = False
        if self.call is not None and self.holds:
            self.call.release(self)
        self.plan()
        self.machine.release(self.id)
