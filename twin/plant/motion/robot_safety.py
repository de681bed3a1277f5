"""Whether a robot may move: power, motors, modes, stops, faults; and how it is interrupted."""

from typing import TYPE_CHECKING, Any, ClassVar

from twin.kernel.errors import CommandRefused
from twin.plant.plain import Stateful
from twin.plant.robot.kept import both, kept, told
from twin.plant.robot.order import MoveRefused
from twin.spec.messages import Phrase, phrase

from .called import spoken

if TYPE_CHECKING:
    from .robot import Robot

SEVERITY = 600
ALARMS = ("fault", "jog", "program")


class Safety(Stateful):
    """The controller's safe side.

    **Power.** `motors` (rising) switches the motors on, falling off: in mid-move the brakes stop
    each axis by itself (category 0). An emergency stop brakes on the path, then takes the motors
    (category 1). With power back, `reset`, `motors`, `start` go on from there; `reset` is enough
    for the motors where `motors` has stayed on.

    **Modes.** In automatic the program moves the arm while `stop` is off. In manual a person does,
    or the program at no more than 250 mm/s, while the enabling switch is held. Letting it go, or
    turning the key in mid-move, stops on the path.
    """

    STATE: ClassVar[tuple[str, ...]] = ("motors", "fault", "erred", "failed", "was_ready", "on")

    def __init__(self, robot: "Robot") -> None:
        self.robot = robot
        self.env = robot.env
        self.motors = robot.robot_spec.runs
        """Whether its motors are on."""
        self.fault: list[Any] = []
        """Why it has a fault, as `kept` keeps it; empty: it has none."""
        self.erred = self.failed = False
        """Whether the program has ended with an error; and whether nobody has reset since."""
        self.was_ready = False
        self.on: list[str] = []
        """Pins that were on when they were heard last."""

    # ---- what it may do

    @property
    def auto(self) -> bool:
        """Whether it is in automatic mode."""
        return not self.robot.points["manual"].value

    @property
    def enabled(self) -> bool:
        """Whether, in manual, the enabling switch is held."""
        return self.auto or bool(self.robot.points["enabling"].value)

    @property
    def ready(self) -> bool:
        """Whether it may be moved now."""
        return self.hindrance() is None and self.robot.drive.doing != "stop"

    def hindrance(self) -> Phrase | None:
        """Return why nothing moves it now; None: all is well."""
        if not self.robot.world.powered:
            return phrase("robot.why_power")
        if self.fault:
            return phrase("robot.why_fault", why=told(self.fault))
        if not self.motors:
            return phrase("robot.why_motors")
        if not self.enabled:
            return phrase("robot.why_enabling")
        if self.auto and self.robot.points["stop"].value:
            return phrase("robot.why_stop")
        return None

    def demand(self) -> None:
        """Make sure that it may be moved now.

        Raises:
            MoveRefused: it may not.
        """
        why = self.hindrance()
        if why is None and self.robot.drive.doing == "stop":
            why = phrase("robot.why_moving")
        if why is not None:
            raise MoveRefused("robot.not_ready", robot=self.robot.id, why=why)

    def program_changed(self) -> None:
        """Look whether the program has ended with an error, or begins anew."""
        program = self.robot.program
        why = program.error if program is not None else None
        if (why is not None) != self.erred:
            self.erred = self.failed = why is not None
            if why is not None:
                self.alarm(why, "program")
            else:
                self.clear("program")
        self.settle()

    def settle(self) -> None:
        """Tell the pins and the program how it is now."""
        robot = self.robot
        robot.tells("motors_on", self.motors)
        robot.tells("fault", bool(self.fault) or self.failed)
        robot.tells("auto", self.auto)
        ready = self.ready
        if ready != self.was_ready:
            self.was_ready = ready
            if robot.program is not None:
                robot.program.ready_changed()
        robot.cell.changed()

    # ---- wires

    def pin_changed(self, pin: str) -> None:
        """Act on a change of one of the pins that every robot has; empty: power came or went."""
        if pin == "":
            if not self.robot.world.powered:
                self.interrupt(1, phrase("robot.stop_power"), off=True)
            self.settle()
            return
        on = bool(self.robot.points[pin].value)
        rises = on and pin not in self.on
        if on and rises:
            self.on.append(pin)
        elif not on and pin in self.on:
            self.on.remove(pin)
        if pin == "motors":
            self.switch(on=on)
        elif pin in ("manual", "enabling", "stop"):
            self._guarded(pin, on=on)
        elif rises:
            self._pressed(pin)
        self.settle()

    def _guarded(self, pin: str, *, on: bool) -> None:
        if pin == "manual":
            self.interrupt(1, phrase("robot.stop_mode"))
        elif pin == "enabling" and not on and not self.auto:
            self.interrupt(1, phrase("robot.stop_enabling"))
        elif pin == "stop" and on and self.auto:
            self.interrupt(2, phrase("robot.stop_input"))

    def _pressed(self, pin: str) -> None:
        program = self.robot.program
        if pin == "reset":
            self.reset()
            if self.robot.points["motors"].value:  # they were wanted all the time
                self.switch(on=True)
        elif program is None or not self.auto:
            return
        elif pin == "start" and self.hindrance() is None:
            program.run()
        elif pin == "main":
            program.to_main()

    # ---- motors and stops

    def switch(self, *, on: bool) -> None:
        """Switch the motors on, if there is power, or off."""
        robot = self.robot
        if on and robot.world.powered:
            self.motors = True
            robot.drive.off_at_rest = False
        elif not on and self.motors:
            if robot.drive.moves(self.env.time_s):
                self.interrupt(0, phrase("robot.stop_motors"))
            self.motors = False
        self.settle()

    def interrupt(self, category: int, why: Phrase, *, off: bool = False) -> None:
        """Stop, and tell the program, that it may wait until it is run again."""
        robot = self.robot
        running = robot.program is not None and robot.program.running
        moved = robot.drive.stop(category, off=off)
        if robot.program is not None and (moved or running):
            robot.program.stopped(why)

    # ---- faults

    def fail(self, why: Phrase) -> None:
        """Have a fault until `reset`."""
        self.fault = kept(why)
        self.alarm(why, "fault")
        self.settle()

    def trip(self) -> None:
        """Let its drives trip: each brake stops its axis, the motors go off, and it has a fault.

        Raises:
            CommandRefused: it has a fault already.
        """
        if self.fault:
            raise CommandRefused(phrase("broken.already", name=self.robot.address))
        why = phrase("robot.stop_trip")
        self.interrupt(0, why, off=True)
        self.fail(why)

    def alarm(self, why: Phrase, name: str) -> None:
        """Raise one of the `ALARMS` of this robot."""
        robot = self.robot
        robot.cell.line.alarms.raise_(
            robot.cell.id,
            f"{robot.id}_{name}",
            message=both(spoken(robot.cell, why)),
            severity=SEVERITY,
            time_s=self.env.time_s,
        )

    def clear(self, name: str) -> None:
        """End an alarm of this robot."""
        robot = self.robot
        robot.cell.line.alarms.clear(robot.cell.id, f"{robot.id}_{name}", time_s=self.env.time_s)

    def reset(self) -> None:
        """Acknowledge the fault, at rest."""
        if not self.robot.drive.moves(self.env.time_s):
            self.fault, self.failed = [], False
            for name in ALARMS:
                self.clear(name)
            self.settle()
