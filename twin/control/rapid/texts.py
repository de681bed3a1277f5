"""Another text for a robot's program: loaded, or with a point that was taught."""

from typing import Any

from twin.kernel.errors import CommandRefused
from twin.plant.robot.order import Configuration
from twin.plant.robot.placement import Placement
from twin.spec.messages import Phrase, phrase

from .diagnostic import CompileError
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

    def _clear(self) -> None:
        machine = self.machine
        self.source = ""
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
        if datum.type != Type(ROBTARGET) or datum.value_span is None:
            raise CommandRefused(phrase("refused.rapid_teach", name=name[:80]))
        self._exchange(self.compiled(with_value(program.source, datum, text)))

    def _teach_new(self, program: Program, name: str, text: str) -> None:
        if not is_name(name):
            raise CommandRefused(phrase("refused.rapid_teach", name=name[:80]))
        source, line = with_target(program, name, text)
        try:
            longer = self.compiled(source)
        except CompileError:
            raise CommandRefused(phrase("refused.rapid_teach", name=name)) from None
        machine = self.machine
        slots = {(d.module, d.name): d.slot for d in longer.data}
        moved = {d.slot: slots[d.module, d.name] for d in program.data}
        values = {moved[d.slot]: machine.data[d.slot] for d in program.data}
        machine.data[:] = [values.get(d.slot, d.initial) for d in longer.data]
        for frame in machine.frames:
            frame.values = [_moved(value, moved) for value in frame.values]
            frame.stack = [_moved(value, moved) for value in frame.stack]
        machine.breakpoints[:] = [b + (b >= line) for b in machine.breakpoints]
        machine.motion_line += machine.motion_line >= line
        machine.program, machine.routines = longer, longer.routines
        self.source = source
        self.mover.program_changed()


def _moved(value: Any, slots: dict[int, int]) -> Any:
    """Return a value whose references to modules' data lead to their new slots."""
    if type(value) is tuple and len(value) == 4 and value[0] == REF and value[1] == -1:
        return (REF, -1, slots[value[2]], value[3])
    return value
