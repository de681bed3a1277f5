"""Points of a program: how they are deleted and renamed in its text, and the last change undone."""

from typing import Any

from twin.control.syntax.diagnostic import CompileError
from twin.kernel.errors import CommandRefused
from twin.plant.robot.order import Tool
from twin.plant.robot.placement import Placement
from twin.spec.choices import hint
from twin.spec.messages import phrase

from .kinds import WOBJDATA
from .program import Datum, Program
from .source import is_name, offsets
from .texts import Texts
from .uses import declaration, uses_of

MOST_LINES = 8
"""Lines that are listed of those that use a point."""


class Points(Texts):
    """Changes points where they are declared: each change is a small edit of the text."""

    def delete_point(self, name: str) -> None:
        """Take a point out of the text.

        Raises:
            CommandRefused: it runs, there is no such point, or the program uses it.
        """
        program, datum = self._known(name)
        lines = self.lines_of(datum)
        if lines:
            listed = ", ".join(map(str, lines[:MOST_LINES]))
            if len(lines) > MOST_LINES:
                listed += " …"
            raise CommandRefused(phrase("refused.rapid_point_used", name=datum.name, lines=listed))
        begin, end = declaration(program.source, offsets(program.source, datum.span)[0])
        self._change(program.source[:begin] + program.source[end:], datum.name)

    def rename_point(self, name: str, to: str) -> None:
        """Give a point another name, wherever the text uses it.

        Raises:
            CommandRefused: it runs, there is no such point, or the name cannot be had.
        """
        program, datum = self._known(name)
        if not is_name(to):
            raise CommandRefused(phrase("refused.rapid_point_name", name=to[:80]))
        uses = uses_of(program.source).names
        if to.lower() in uses and to.lower() != datum.name.lower():
            line = int(uses[to.lower()][0].line or 0)
            raise CommandRefused(phrase("refused.rapid_point_taken", name=to, line=line))
        source = program.source
        for token in reversed(uses[datum.name.lower()]):
            begin, end = int(token.start_pos or 0), int(token.end_pos or 0)
            source = source[:begin] + to + source[end:]
        self._change(source, to)

    def undo_point(self) -> None:
        """Take back the last change of a point: taught, deleted or renamed.

        Raises:
            CommandRefused: it runs, or there is nothing to take back.
        """
        self.demand_rest()
        if not self.before:
            raise CommandRefused(phrase("refused.rapid_point_undo"))
        self._adopt(self.compiled(self.before))
        self.before = ""

    def _known(self, name: str) -> tuple[Program, Datum]:
        self.demand_rest()
        program, datum = self.program, self.datum(name)
        names = [point["name"] for point in self.points()]
        if program is None or datum is None or datum.name not in names:
            raise CommandRefused(
                phrase(
                    "robot.no_point", robot=self.mover.id, point=name[:80], hint=hint(name, names)
                )
            )
        return program, datum

    def _change(self, source: str, name: str) -> None:
        before = self.source
        try:
            program = self.compiled(source)
        except CompileError:
            raise CommandRefused(phrase("refused.rapid_teach", name=name)) from None
        self._adopt(program)
        self.before = before

    def lines_of(self, datum: Datum) -> list[int]:
        """Return the lines that use data of a module, without its declaration."""
        at = offsets(self.source, datum.span)[0]
        found = uses_of(self.source).names.get(datum.name.lower(), ())
        return sorted({int(token.line or 0) for token in found if token.start_pos != at})

    # ---- what a pendant shows

    def points(self) -> list[dict[str, Any]]:
        """Return the robtargets and jointtargets of the modules.

        With tool and work object with which the program moves to each, and the lines that use it.
        """
        made = uses_of(self.source).points
        found = super().points()
        for point in found:
            use = made.get(point["name"].lower())
            datum = self.datum(point["name"])
            point["tool"], point["wobj"] = use or ("", "")
            point["lines"] = self.lines_of(datum)[:MOST_LINES] if datum is not None else []
        return found

    def hand(self) -> tuple[Tool, str, Placement | None]:
        """Return tool and work object of the program's first movement with a tool of its own.

        Of a program that has none its first own tool; the work object is None for `wobj0`, and
        where something else moves it.
        """
        first = uses_of(self.source).first if self.program is not None else None
        named = self.tool(first.tool) if first is not None else None
        if named is None:
            own = [tool for tool in map(self.tool, self.tools()) if tool is not None]
            return (own[0] if own else Tool()), "wobj0", None
        assert first is not None
        value = self._value(first.wobj, WOBJDATA)
        fixed = value is not None and not value[0] and value[1]
        frame = self.wobj(first.wobj) if fixed else None
        return named, first.wobj if frame is not None else "wobj0", frame
