"""The robot controller: loads a program, runs it in lock step with the plant, answers people."""

from collections.abc import Mapping
from typing import Any, ClassVar

from twin.control.syntax.diagnostic import Diagnostic
from twin.kernel.command import Command
from twin.kernel.environment import Environment
from twin.kernel.errors import CommandRefused
from twin.plant.plain import Stateful
from twin.plant.robot.mover import Mover
from twin.plant.robot.order import MoveRefused
from twin.spec.messages import Phrase, phrase

from .link import check_rapid
from .machine import ERROR, Machine, phrase_of
from .points import Points
from .waiting import RUN
from .watch import Seen, variables, write

MOST_BREAKPOINTS = 200


class RapidController(Points, Stateful):
    """What `twin.plant.robot.mover.RobotProgram` says: the program of one robot."""

    verbs = frozenset(
        {
            "rapid_load", "rapid_run", "rapid_stop", "rapid_step", "rapid_main", "rapid_break",
            "rapid_write", "rapid_pointer", "point_delete", "point_rename", "point_undo",
        }
    )  # fmt: skip
    STATE: ClassVar[tuple[str, ...]] = ("source", "before")

    def __init__(
        self, mover: Mover, env: Environment, address: str, source: str, *, runs: bool = False
    ) -> None:
        self.mover = mover
        self.env = env
        self.address = address
        self.source = source
        self.before = ""
        self.runs = runs
        self.machine = Machine(mover, env, address)
        self.machine.hearer = self
        self.begin = env.timer(f"{address}/begin", self.run)

    # ---- life

    def start(self) -> None:
        """Compile the program; it begins by itself where the line says so.

        Raises:
            CompileError: the program is wrong.
        """
        if self.source.strip():
            self.machine.put_in(self.compiled(self.source))
            if self.runs:
                self.begin.arm(0.0)

    def diagnostics(self, text: str) -> tuple[Diagnostic, ...]:
        """Return everything that is wrong or doubtful with a program text for this robot."""
        units = (*self.mover.tracks, *self.mover.external)
        return check_rapid(text, self.mover.signals.values(), units)

    # ---- what the robot tells

    @property
    def running(self) -> bool:
        """Whether the program runs."""
        return self.machine.mode == RUN

    @property
    def error(self) -> Phrase | None:
        """Why it ended by itself; None: it did not."""
        return phrase_of(self.machine.error) if self.machine.mode == ERROR else None

    def arrived(self) -> None:
        """Go on behind a movement."""
        self.machine.arrived()

    def rested(self) -> None:
        """Go on where rest is waited for."""
        self.machine.rested()

    def signal_changed(self, name: str) -> None:
        """Look at what is waited for."""
        self.machine.signal_changed(name)

    def heard(self, _channel: Any) -> None:
        """Look at what is waited for: bytes have come."""
        self.machine.signal_changed("")

    def stopped(self, why: Phrase) -> None:
        """Stop with the arm."""
        self.machine.stopped(why)

    def ready_changed(self) -> None:
        """Nothing: a program goes on only when it is told to."""

    def run(self) -> None:
        """Begin, or go on; nothing if it cannot."""
        if self.mover.ready and self.machine.frames and not self.running:
            try:
                self.machine.start(continuous=True)
            except MoveRefused as refused:
                self.machine.fail(refused.phrase)

    def halt(self) -> None:
        """Stop; the arm stops on its path."""
        self.machine.stop(pause=True)

    def to_main(self) -> None:
        """Set the pointer to `main` while it does not run."""
        if not self.running:
            self.machine.to_main()

    # ---- commands

    def apply(self, command: Command) -> None:
        """Carry out one of `verbs`, or refuse it."""
        verb, args = command.verb, command.args
        if verb == "rapid_load":
            self.load(str(args.get("text") or ""))
            return
        if self.program is None:
            raise CommandRefused(phrase("refused.rapid_none", robot=self.mover.id))
        if verb in ("point_delete", "point_rename", "point_undo"):
            self._change_point(verb, str(args.get("name") or ""), str(args.get("to") or ""))
        elif verb == "rapid_run":
            self._begin(stepping=-1, continuous=args.get("cycle") != "single")
        elif verb == "rapid_step":
            deep = len(self.machine.frames) if args.get("over") else 10**6
            self._begin(stepping=deep, continuous=False)
        elif verb == "rapid_stop":
            self.halt()
        elif verb == "rapid_break":
            self._break(_line(args), on=bool(args.get("on", True)))
        elif verb == "rapid_write":
            write(self.machine, str(args.get("name") or ""), args.get("value"))
            self.machine.signal_changed("")
            self.mover.program_changed()
        else:
            self.demand_rest()
            if verb == "rapid_main":
                self.machine.to_main()
            else:
                self._point(_line(args))

    def _change_point(self, verb: str, name: str, to: str) -> None:
        if verb == "point_delete":
            self.delete_point(name)
        elif verb == "point_rename":
            self.rename_point(name, to)
        else:
            self.undo_point()

    def _begin(self, *, stepping: int, continuous: bool) -> None:
        self.demand_rest()
        if not self.mover.ready:
            raise CommandRefused(phrase("refused.rapid_not_ready", robot=self.mover.id))
        if not self.machine.frames:
            raise CommandRefused(phrase("refused.rapid_main"))
        try:
            self.machine.start(stepping=stepping, continuous=continuous)
        except MoveRefused as refused:
            raise CommandRefused(refused.phrase) from None

    def _break(self, line: int, *, on: bool) -> None:
        points = self.machine.breakpoints
        if on and line not in points and len(points) < MOST_BREAKPOINTS:
            points.append(line)
            points.sort()
        elif not on and line in points:
            points.remove(line)
        self.mover.program_changed()

    def _point(self, line: int) -> None:
        """Set the pointer to the first statement of a line, in a fresh call if need be."""
        machine, program = self.machine, self.program
        assert program is not None
        for routine in program.routines:
            begins = [s.begin for s in routine.statements if s.span.line == line]
            if not begins:
                continue
            present = machine.frames and machine.frames[-1].routine == routine.number
            if present:
                machine.point_at(min(begins))
            elif not [p for p in routine.params if not p.optional] and routine.result is None:
                machine.point_to(routine.number)
                machine.point_at(min(begins))
            else:
                break
            return
        raise CommandRefused(phrase("refused.rapid_line", line=line))

    # ---- what a person sees

    def variables(self) -> list[Seen]:
        """Return the data of the modules and of the present routine."""
        return list(variables(self.machine))

    def error_text(self, language: str = "en") -> str:
        """Return why it stopped, empty when all is well."""
        error = self.machine.error
        return phrase_of(error).text(language) if error else ""

    def status(self, language: str = "en") -> dict[str, Any]:
        """Return what people see of the program, ready for JSON.

        Keys: `text`, `mode` (empty, ready, run, stopped, error), `reason` (why it does not run, see
        `Machine.reason`), `bare` (main has no statements), `undo` (whether a point's change can be
        taken back), `line` (program pointer),
        `routine`, `motion_line`, `waits` (time, motion, rest, signal or nothing), `error`,
        `error_line`, `messages`, `breakpoints`, `variables`, `points`, `tools`, `wobjs`, `cycle`.
        """
        machine = self.machine
        frames, program = machine.frames, self.program
        routine = program.routines[frames[-1].routine].name if program and frames else ""
        return {
            "text": self.source,
            "mode": machine.mode,
            "reason": machine.reason,
            "bare": bool(program and not program.routines[program.main].statements),
            "undo": bool(self.before),
            "line": machine.line,
            "routine": routine,
            "motion_line": machine.motion_line,
            "waits": machine.wait,
            "error": self.error_text(language),
            "error_line": machine.error_line if machine.error else 0,
            "messages": list(machine.messages),
            "breakpoints": list(machine.breakpoints),
            "variables": [seen._asdict() for seen in self.variables()],
            "points": self.points(),
            "tools": list(self.tools()),
            "wobjs": list(self.wobjs()),
            "cycle": "continuous" if machine.continuous else "single",
        }

    # ---- snapshots

    def save(self) -> list[Any]:
        """Return text and state as plain data."""
        return [super().save(), self.machine.save()]

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        """Put back what `save` gave; the program is compiled again where it is another."""
        state, machine = data
        super().load_state(state, known)
        program = self.compiled(self.source) if self.source.strip() else None
        self.machine.program = program
        self.machine.routines = program.routines if program is not None else []
        self.machine.load_state(machine, known)
        self.machine.listen()


def _line(args: Mapping[str, Any]) -> int:
    line = args.get("line")
    whole = isinstance(line, float) and line.is_integer()
    if not (whole or type(line) is int):
        raise CommandRefused(phrase("refused.rapid_line", line=str(line)[:20]))
    return int(line or 0)
