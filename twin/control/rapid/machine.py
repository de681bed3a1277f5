"""Runs a program on the plant's heap. Its state is plain data, in the middle of a statement too."""

from typing import TYPE_CHECKING, Any, ClassVar

from twin.kernel.environment import Environment
from twin.plant.motion.channel import ChannelClient
from twin.plant.robot.mover import Mover
from twin.plant.robot.order import MoveRefused
from twin.plant.robot.placement import HERE, Placement
from twin.spec.messages import Phrase

from .builtin import LOAD0
from .fault import Fault, Refused
from .kinds import copied
from .limits import LIMITS
from .memory import Frame, Memory
from .outlets import Outlets
from .program import Program, Routine
from .waiting import RUN, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable

EMPTY, READY, STOPPED, ERROR = "empty", "ready", "stopped", "error"
POLL_S = 0.1
"""How often a condition is looked at that no signal announces."""


class Machine(Waiting, Memory, Outlets):
    """The interpreter: modules' data, calls, what it waits for, errors."""

    STATE: ClassVar[tuple[str, ...]] = (
        "mode", "data", "wait", "wait_until_s", "idle_s", "stopped_s", "steps", "steps_s",
        "stepping", "skip", "errno", "booked", "error", "error_line", "motion_line", "messages",
        "breakpoints", "continuous", "cycle_s", "path_paused", "config_j", "config_l",
        "speed_percent", "speed_most_mm_s", "load", "pulses", "units", "ports", "reason",
    )  # fmt: skip

    reason: str
    """Why it does not run: `loaded`, `main`, `pointer`, `end`, `break`, `step`, `stop` (by a person
    or a pin), `statement` (`Stop`), `arm` (that has stopped); empty: it runs, or an error says
    why."""

    def __init__(self, mover: Mover, env: Environment, address: str) -> None:
        self.mover = mover
        self.env = env
        self.program: Program | None = None
        self.routines: list[Routine] = []
        self.on_change: Callable[[], None] = mover.program_changed
        self.mode, self.reason = EMPTY, ""
        self.data: list[Any] = []
        """Values of the modules' data, in the order of `program.data`."""
        self.frames: list[Frame] = []
        self.wait = ""
        """What it waits for: `time`, `motion`, `rest`, `signal` (a condition), or nothing."""
        self.wait_until_s = -1.0
        """In program time; below 0: for ever."""
        self.idle_s = 0.0
        """How long it has stood since its start: what program time leaves out."""
        self.stopped_s = 0.0
        self.steps = 0
        self.steps_s = -1.0
        """Since when `steps` are counted: the time that has not passed."""
        self.stepping = -1
        """Greatest depth of calls at whose next statement it stops; below 0: it runs."""
        self.skip = False
        """Whether the next statement is not stopped at: it is the one to begin with."""
        self.errno, self.booked = 0.0, 0
        self.error: list[Any] = []
        """[phrase's key, its values] of why it stopped; empty when all is well."""
        self.error_line = self.motion_line = 0
        self.messages: list[str] = []
        self.breakpoints: list[int] = []
        self.continuous = True
        self.cycle_s = -1.0
        """When main began last."""
        self.path_paused = False
        self.config_j = self.config_l = True
        self.speed_percent = 100.0
        self.speed_most_mm_s = 5000.0
        self.load: tuple[Any, ...] = LOAD0
        """What the gripper holds, by GripLoad."""
        self.pulses: list[list[Any]] = []
        """[time s, signal, value] of outputs that are still to change."""
        self.units: list[str] = []
        """Belts that are followed."""
        self.ports: list[int] = []
        """Of the sockets that are open."""
        self.hearer: ChannelClient | None = None
        """Who is told when bytes arrive."""
        self.busy = False
        self.timer = env.timer(f"{address}/wait", self.due)
        self.pulse_timer = env.timer(f"{address}/pulse", self.pulse_due)
        self.world: Placement = getattr(mover, "world", HERE)

    # ---- life

    def put_in(self, program: Program) -> None:
        """Take over a program: data at its initial values, pointer at main."""
        self.program = program
        self.routines = program.routines
        self.data[:] = [copied(datum.initial) for datum in program.data]
        self.errno, self.booked = 0.0, 0
        self.to_main()
        self.reason = "loaded"

    def to_main(self) -> None:
        """Set the pointer to main; VAR data begins anew, PERS keeps what it has."""
        program = self.program
        if program is None:
            return
        for port in list(self.ports):
            self.hang_up(port)
        self.config_j = self.config_l = True
        self.speed_percent, self.speed_most_mm_s, self.load = 100.0, 5000.0, LOAD0
        for datum in program.data:
            if datum.kind == "VAR":
                self.data[datum.slot] = copied(datum.initial)
        self.point_to(program.main)

    def point_to(self, routine: int) -> None:
        """Set the pointer to the begin of a routine without parameters."""
        self.unwait()
        self.frames.clear()
        self.error.clear()
        self.mode, self.reason = READY, "main"
        if self.path_paused or self.mover.moving:
            self.mover.forget()
        self.path_paused = False
        if routine >= 0:
            self.call(routine, [])
        self.on_change()

    def point_at(self, pc: int) -> None:
        """Set the pointer to a statement of the present routine."""
        frame = self.frames[-1]
        self.unwait()
        if self.path_paused or self.mover.moving:
            self.mover.forget()
        self.path_paused = False
        frame.stack.clear()
        frame.errno, frame.pc = 0.0, pc
        self.error.clear()
        self.reason = "pointer"
        if self.mode == ERROR:
            self.mode = STOPPED
        self.on_change()

    def start(self, *, stepping: int = -1, continuous: bool | None = None) -> None:
        """Go on from the pointer.

        Raises:
            MoveRefused: the arm cannot go on along its path.
        """
        if self.mode == RUN or not self.frames:
            return
        if self.path_paused:
            self.mover.resume()
            self.path_paused = False
        if continuous is not None:
            self.continuous = continuous
        if self.mode == READY:
            self.idle_s = 0.0
            self.cycle_s = self.env.time_s
        elif self.mode in (STOPPED, ERROR):
            self.idle_s += self.env.time_s - self.stopped_s
        self.error.clear()
        self.stepping = stepping
        frame = self.frames[-1]
        self.skip = not self.wait and frame.pc in self._begins(frame)
        self.mode, self.reason = RUN, ""
        self.steps, self.steps_s = 0, self.env.time_s
        self.on_change()
        if not self.wait:
            self.run()
        elif self.wait == "signal" or (self.wait == "rest" and not self.mover.moving):
            self.timer.arm(0.0)
        elif self.wait_until_s >= 0.0:
            self.timer.arm_at(self.wait_until_s + self.idle_s)

    def _begins(self, frame: Frame) -> set[int]:
        return {entry.begin for entry in self.routines[frame.routine].statements}

    def stop(self, why: Phrase | None = None, *, pause: bool = False, reason: str = "stop") -> None:
        """Stop; what it waits for stays."""
        if self.mode != RUN:
            return
        self.mode, self.reason = STOPPED, reason
        self.stopped_s = self.env.time_s
        self.timer.cancel()
        if why is not None:
            self._tell(why)
        if pause and self.mover.moving:
            self.mover.pause()
            self.path_paused = True
        self.on_change()

    def stopped(self, why: Phrase) -> None:
        """Stop with the arm, which somebody has stopped; `start` goes on along its path."""
        self.path_paused = True
        self.stop(why, reason="arm")

    def fail(self, why: Phrase) -> None:
        """Stop with an error at the present statement, which `start` does again."""
        frame = self.frames[-1]
        routine = self.routines[frame.routine]
        at = min(max(frame.pc - 1, 0), len(routine.ops) - 1)
        stmt = routine.ops[at].stmt
        frame.pc = routine.statements[stmt].begin if stmt >= 0 else at
        frame.stack.clear()
        self.unwait()
        self.mode, self.reason = ERROR, ""
        self.stopped_s = self.env.time_s
        self._tell(why)
        self.on_change()

    def _tell(self, why: Phrase) -> None:
        self.error[:] = [why.key, _plain_values(why.values)]
        self.error_line = self.line

    # ---- the loop

    def run(self) -> None:
        """Do instructions until something has to be waited for."""
        if self.busy or self.mode != RUN:
            return
        self.busy = True
        try:
            while self.mode == RUN and not self.wait:
                self._one()
        finally:
            self.busy = False

    def _one(self) -> None:
        frame = self.frames[-1]
        op = self.routines[frame.routine].ops[frame.pc]
        frame.pc += 1
        try:
            op.do(self, frame, op.arg)
        except Fault as fault:
            self._fault(fault)
        except MoveRefused as refused:
            self._fault(Refused(refused.phrase))
        except (OverflowError, ValueError, ZeroDivisionError, MemoryError):
            self._fault(Fault("value", errno="ERR_ARGVALERR"))

    def charge(self, steps: int) -> None:
        """Count what is done without time passing.

        Raises:
            Fault: it is too much: a loop without end.
        """
        self.steps += steps
        if self.steps > LIMITS.steps:
            if self.env.time_s == self.steps_s:
                raise Fault("endless", limit=LIMITS.steps)
            self.steps, self.steps_s = 0, self.env.time_s

    def _fault(self, fault: Fault) -> None:
        """Go to the innermost handler; without one, or for an error that has none, stop."""
        if fault.errno and self._handle(fault.errno, len(self.frames)):
            return
        self.fail(fault.phrase)

    def _handle(self, errno: float, below: int) -> bool:
        """Look for a handler in the calls numbered lower than `below`."""
        for number in range(below - 1, -1, -1):
            frame = self.frames[number]
            routine = self.routines[frame.routine]
            if routine.handler is not None and not frame.errno:
                del self.frames[number + 1 :]
                frame.errno = self.errno = errno
                frame.failed = routine.ops[frame.pc - 1].stmt
                frame.stack.clear()
                frame.pc = routine.handler
                return True
        return False

    def reraise(self, errno: float) -> bool:
        """Hand an error on to the caller of the present routine."""
        return self._handle(errno, len(self.frames) - 1)

    # ---- calls

    def call(self, number: int, args: list[Any]) -> None:
        """Begin a routine.

        Raises:
            Fault: routines call each other too deep.
        """
        if len(self.frames) >= LIMITS.depth:
            raise Fault("depth", limit=LIMITS.depth, routine=self.routines[number].name)
        routine = self.routines[number]
        frame = Frame(number, [*args, *([None] * (routine.slots - len(args)))])
        self.frames.append(frame)

    def leave(self, value: Any = None) -> None:
        """End the present routine; a function's value goes to its caller."""
        if len(self.frames) > 1:
            done = self.frames.pop()
            if self.routines[done.routine].result is not None:
                self.frames[-1].stack.append(value)
            return
        self._end()

    def _end(self) -> None:
        """The first routine is through: once more, or that was all."""
        frame = self.frames[0]
        program = self.program
        assert program is not None
        now = self.env.time_s
        if self.continuous and frame.routine == program.main and now != self.cycle_s:
            self.restart()
            return
        if self.mover.moving:
            frame.pc -= 1
            self.hold("rest")
            return
        self.mode, self.reason = READY, "end"
        self.frames.clear()
        self.call(program.main, [])
        self.on_change()

    def finish(self) -> None:
        """End the program once the arm is at rest; the pointer is at main then."""
        if self.mover.moving:
            self.frames[-1].pc -= 1
            self.hold("rest")
        else:
            self.to_main()
            self.reason = "end"

    def restart(self) -> None:
        """Begin main once more; data stays as it is."""
        assert self.program is not None
        self.cycle_s = self.env.time_s
        self.frames.clear()
        self.call(self.program.main, [])

    # ---- what a person sees

    @property
    def line(self) -> int:
        """Where the program pointer stands; 0: nowhere."""
        if self.program is None or not self.frames:
            return 0
        frame = self.frames[-1]
        # While it waits the pointer stands at the statement that waits.
        pc = frame.pc - 1 if self.wait else frame.pc
        return self.program.line_of(frame.routine, max(pc, 0))

    def write(self, text: str) -> None:
        """Keep a line for the operator."""
        self.messages.append(text)
        del self.messages[: -LIMITS.messages]

    # ---- snapshots

    def save(self) -> list[Any]:
        """Return the state as plain data."""
        return [super().save(), [frame.save() for frame in self.frames]]

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        """Put back what `save` gave, with the same program in."""
        state, frames = data
        super().load_state(state, known)
        self.frames = []
        for entry in frames:
            frame = Frame()
            frame.load_state(entry, known)
            self.frames.append(frame)


def _plain_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return a phrase's values as plain data; phrases within it in their own form."""
    return {key: _plain_value(value) for key, value in values.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Phrase):
        return {"phrase": value.key, "values": _plain_values(value.values)}
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)  # NumPy's numbers are no plain data
    return str(value)


def phrase_of(data: list[Any]) -> Phrase:
    """Return the phrase that was kept as plain data."""
    key, values = data
    return Phrase(
        key,
        {
            name: phrase_of([value["phrase"], value["values"]])
            if isinstance(value, dict)
            else value
            for name, value in values.items()
        },
    )
