"""Another text for a robot's program: loaded, or with a point that was taught."""

from typing import Any

from twin.control.syntax.diagnostic import CompileError
from twin.kernel.errors import CommandRefused
from twin.plant.robot.order import Configuration
from twin.plant.robot.placement import Placement
from twin.spec.messages import Phrase, phrase

from .kinds import REF, ROBTARGET, Type, copied, shape
from .link import compile_rapid
from .machine import EMPTY
from .named import Named
from .program import Program
from .source import is_name, skeleton, target_text, with_target, with_value
from .waiting import RUN


class Texts(Named):
    """Loads and teaches."""

    source: str
    before: str
    """The text before the last change of a point; empty: there is none to take back."""

    def compiled(self, source: str) -> Program:
        """Return the program of a text for this robot.

        Raises:
            CompileError: it is wrong.
        """
        units = (*self.mover.tracks, *self.mover.external)
        return compile_rapid(source, self.mover.signals.values(), units)

    def demand_rest(self) -> None:
        """Make sure that the program does not run.

        Raises:
            CommandRefused: it does.
        """
        if self.machine.mode == RUN:
            raise CommandRefused(phrase("refused.rapid_runs"))

    def load(self, text: str) -> None:
        """Put another text in: with only other values of data the program goes on where it was.

        Raises:
            CommandRefused: it runs, or the text is wrong.
        """
        self.demand_rest()
        if not text.strip():
            self._clear()
            return
        try:
            program = self.compiled(text)
        except CompileError as error:
            first = error.diagnostics[0]
            why = Phrase(first.key, dict(first.values))
            raise CommandRefused(
                phrase("refused.program", line=first.line, why=why, count=len(error.diagnostics))
            ) from None
        self._exchange(program)
        self.before = ""

    def _clear(self) -> None:
        machine = self.machine
        self.source = self.before = ""
        machine.point_to(-1)
        machine.program, machine.routines, machine.mode = None, [], EMPTY
        machine.data.clear()
        self.mover.program_changed()

    def _exchange(self, program: Program) -> None:
        before, machine = self.program, self.machine
        self.source = program.source
        if before is not None and skeleton(before) == skeleton(program):
            machine.program, machine.routines = program, program.routines
            for old, new in zip(before.data, program.data, strict=True):
                value = machine.data[old.slot]
                fresh = old.initial != new.initial or shape(value) != shape(new.initial)
                if fresh or new.kind == "CONST":
                    machine.data[new.slot] = copied(new.initial)
            self.mover.program_changed()
        else:
            machine.put_in(program)

    def teach(
        self, name: str, at: Placement, configuration: Configuration, external: tuple[float, ...]
    ) -> None:
        """Write a robtarget into its module: where the tool's point is in the work object.

        Raises:
            CommandRefused: it runs, or the name is none.
        """
        self.demand_rest()
        program = self.program
        if program is None:
            raise CommandRefused(phrase("refused.rapid_none", robot=self.mover.id))
        text = target_text(at, configuration, external, self.mover.external_kinds)
        datum = self.datum(name)
        if datum is None:
            self._teach_new(program, name, text)
            return
        if datum.type != Type(ROBTARGET):
            raise CommandRefused(phrase("refused.rapid_teach", name=name[:80]))
        if datum.value_span is None:
            raise CommandRefused(phrase("refused.rapid_teach_value", name=name[:80]))
        before = self.source
        self._exchange(self.compiled(with_value(program.source, datum, text)))
        self.before = before

    def _teach_new(self, program: Program, name: str, text: str) -> None:
        if not is_name(name):
            raise CommandRefused(phrase("refused.rapid_point_name", name=name[:80]))
        before = self.source
        source, _ = with_target(program, name, text)
        try:
            longer = self.compiled(source)
        except CompileError:
            raise CommandRefused(phrase("refused.rapid_teach", name=name)) from None
        self._adopt(longer)
        self.before = before

    def _adopt(self, program: Program) -> None:
        """Go on, where it was, in a text with more, fewer or other names of the modules' data."""
        before, machine = self.program, self.machine
        assert before is not None
        slots = {(d.module, d.name): d.slot for d in program.data}
        if len(program.data) == len(before.data):  # none has come or gone
            moved = {d.slot: d.slot for d in before.data}
        else:
            moved = {
                d.slot: slots[d.module, d.name]
                for d in before.data
                if (d.module, d.name) in slots
            }  # fmt: skip
        values = {}
        for old in before.data:
            new = program.data[moved[old.slot]] if old.slot in moved else None
            if new is not None and new.kind != "CONST" and new.initial == old.initial:
                values[new.slot] = machine.data[old.slot]
        machine.data[:] = [values.get(d.slot, copied(d.initial)) for d in program.data]
        for frame in machine.frames:
            frame.values = [_moved(value, moved) for value in frame.values]
            frame.stack = [_moved(value, moved) for value in frame.stack]
        self._shift(before.source, program.source)
        machine.program, machine.routines = program, program.routines
        self.source = program.source
        self.mover.program_changed()

    def _shift(self, before: str, after: str) -> None:
        """Let breakpoints, and the lines that are told, stay with their statements."""
        old, new = before.split("\n"), after.split("\n")
        by = len(new) - len(old)
        pairs = enumerate(zip(old, new, strict=False), start=1)
        line = next((number for number, (a, b) in pairs if a != b), len(old))
        machine = self.machine
        machine.breakpoints[:] = [b + by * (b >= line) for b in machine.breakpoints]
        machine.motion_line += by * (machine.motion_line >= line)
        machine.error_line += by * (machine.error_line >= line)


def _moved(value: Any, slots: dict[int, int]) -> Any:
    """Return a value whose references to modules' data lead to their new slots."""
    if type(value) is tuple and len(value) == 4 and value[0] == REF and value[1] == -1:
        return (REF, -1, slots[value[2]], value[3])
    return value
