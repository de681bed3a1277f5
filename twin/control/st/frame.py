"""The making of one compiled function: names in reach, values held in locals, way in and out."""

import ast
from typing import TYPE_CHECKING

from twin.control.syntax.diagnostic import Log

from . import emit as e
from .limits import Limits
from .scope import Routine, Variable, fold

if TYPE_CHECKING:
    from .unit import Unit

RUN = 3
"""Cells side by side from which on one slice is faster than one read each."""


class Frame:
    """One routine while it is compiled.

    Elementary variables are held in Python's fast locals from the way in to the way out. Those that
    somebody else may touch meanwhile (a called routine, a reference) are turned back into cells
    when the body is done, since only then is it known.
    """

    def __init__(self, unit: "Unit", routine: Routine, base: int | None = None) -> None:
        self.unit = unit
        self.routine = routine
        self.base = base
        self.loops = 0
        self.level = 0
        self.straight: dict[Variable, tuple[int, int]] = {}
        """Variables set outside of any branch: reads until then, and the line."""
        self.depth = 0
        self.callees: set[Routine] = set()
        self.controls: list[Variable] = []
        self._held: dict[Variable, list[ast.Name]] = {}
        self._assigned: set[Variable] = set()
        self._returns: list[ast.If] = []
        self._temps = 0

    @property
    def log(self) -> Log:
        """Where to tell."""
        return self.unit.log

    @property
    def limits(self) -> Limits:
        """What is too much."""
        return self.unit.limits

    def find(self, name: str) -> Variable | None:
        """Return the variable of a name, from the inside out."""
        folded = fold(name)
        found = self.routine.variables.get(folded) or self.unit.globals.get(folded)
        if found is not None and found.shared:
            self.routine.touches.add(found)
        return found

    def temp(self) -> str:
        """Return a name for something in between."""
        self._temps += 1
        return f"k{self._temps}"

    def hold(self, variable: Variable) -> ast.Name:
        """Return the local that holds a variable, or the cell of a reference."""
        node = e.name(variable.local)
        self._held.setdefault(variable, []).append(node)
        return node

    def assigned(self, variable: Variable) -> None:
        """Note that a held variable is given a value, which must go back to its cell."""
        self._assigned.add(variable)

    def refer(self, variable: Variable) -> ast.expr:
        """Return the cell of an elementary variable, which is then never held."""
        variable.by_ref = True
        self._held.setdefault(variable, [])
        if variable.offset < 0:
            variable.offset = self.unit.take(variable.type.cells, variable.span)
        return self.home(variable)

    def home(self, variable: Variable) -> ast.expr:
        """Return the number of a variable's first cell."""
        if not variable.relative:
            return e.const(variable.offset)
        if self.base is not None:
            return e.const(self.base + variable.offset)
        return e.plus(e.name(e.BASE), e.const(variable.offset))

    def leave(self) -> list[ast.stmt]:
        """Return statements that end the routine here; they are filled in at the end."""
        way_out = ast.If(test=e.true(), body=[ast.Pass()], orelse=[])
        self._returns.append(way_out)
        self.straight.clear()
        return [way_out]

    def charge(self, steps: ast.expr) -> list[ast.stmt]:
        """Return statements that take steps from the watchdog."""
        left = e.cell(e.const(e.STEPS))
        left.ctx = ast.Store()
        taken = ast.AugAssign(target=left, op=ast.Sub(), value=steps)
        over = e.compare(e.cell(e.const(e.STEPS)), ast.Lt(), e.const(0))
        return [taken, e.when(over, [e.do(e.call("W"))])]

    def finish(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Return the whole function: way in, `body`, way out."""
        for callee in self.callees:
            self.routine.touches |= callee.touches
        for variable in self.routine.variables.values():
            if variable.edge:
                self._held.setdefault(variable, [])
        foreign: set[Variable] = set().union(*(c.touches for c in self.callees))
        held = []
        for variable, nodes in self._held.items():
            if self.stays(variable, foreign):
                held.append(variable)
            else:
                for node in nodes:
                    e.to_cell(node, self.home(variable))
        way_out = self._way_out(held)
        for entry in self._returns:
            entry.body = way_out
        return [*self._way_in(held, e.steps(body)), *body, *way_out]

    def stays(self, variable: Variable, foreign: set[Variable]) -> bool:
        """Tell whether a variable can be held: nobody else gets at it before the way out.

        A reference that was handed in may lead to any global, or to an input of this instance.
        """
        if variable.by_ref or (variable.shared and variable in foreign):
            return False
        member = variable.relative and variable.kind == "VAR_INPUT" and not variable.edge
        open_to_references = variable.shared or member
        return not (open_to_references and self.routine.of_kind("VAR_IN_OUT"))

    def _way_in(self, held: list[Variable], steps: int) -> list[ast.stmt]:
        is_function = self.routine.node.kind == "FUNCTION"
        made: list[ast.stmt] = self.charge(e.const(steps)) if self.base is None else []
        if is_function:
            made += self._parameters()
        fresh = [v for v in self.routine.variables.values() if self._starts_anew(v)]
        for variable in fresh:
            made += self._start(variable)
        cells = [v for v in held if v not in fresh and not (is_function and not v.shared)]
        for run in _runs([v for v in cells if not v.reference]):
            if len(run) >= RUN:
                names = e.many(e.name(v.local) for v in run)
                made.append(e.store(names, e.cells(self.home(run[0]), len(run))))
            else:
                made += [e.store(e.name(v.local), e.cell(self.home(v))) for v in run]
        made += [e.store(e.name(v.local), e.cell(self.home(v))) for v in cells if v.reference]
        for variable in cells:
            if variable.edge:
                made += self._edge(variable)
        return made

    def _edge(self, variable: Variable) -> list[ast.stmt]:
        """Turn an input with R_EDGE or F_EDGE into its edge; the next cell holds it as it was."""
        now, before = e.name(variable.local), e.plus(self.home(variable), e.const(1))
        if variable.edge == "R_EDGE":
            edge = e.both(now, e.negate(e.cell(before)))
        else:
            edge = e.both(e.cell(before), e.negate(now))
        kept = self.temp()
        return [
            e.store(e.name(kept), edge),
            e.store(e.cell(before), now),
            e.store(e.name(variable.local), e.name(kept)),
        ]

    def _parameters(self) -> list[ast.stmt]:
        """Put parameters where they cannot stay in locals."""
        made: list[ast.stmt] = []
        for variable in self.routine.of_kind("VAR_INPUT"):
            if not variable.scalar:
                target = e.cells(e.const(variable.offset), variable.type.cells)
                made.append(e.store(target, e.name(variable.local)))
            elif variable.by_ref:
                made.append(e.store(e.cell(self.home(variable)), e.name(variable.local)))
        return made

    def _starts_anew(self, variable: Variable) -> bool:
        if variable.shared or variable.reference or variable.kind == "VAR_EXTERNAL":
            return False
        if self.routine.node.kind == "FUNCTION":
            return variable.kind != "VAR_INPUT" and not (variable.constant and variable.scalar)
        return variable.kind == "VAR_TEMP"

    def _start(self, variable: Variable) -> list[ast.stmt]:
        values = variable.initial()
        if not variable.scalar:
            target = e.cells(self.home(variable), len(values))
            steps = self.charge(e.const(len(values) // 64)) if len(values) > 64 else []
            return [*steps, e.store(target, e.name(self.unit.table(values)))]
        node: ast.expr = e.name(variable.local)
        if variable.by_ref:
            node = e.cell(self.home(variable))
        return [e.store(node, e.const(values[0]))]

    def _way_out(self, held: list[Variable]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        back = [v for v in held if v in self._assigned and not v.reference]
        if self.routine.node.kind == "FUNCTION":
            made += [
                e.store(e.cell(self.home(variable)), e.name(variable.local))
                for variable in self.routine.of_kind("VAR_OUTPUT")
                if variable.scalar and not variable.by_ref
            ]
            back = [v for v in back if v.shared]
        back = [v for v in back if v.kind != "VAR_TEMP"]
        for run in _runs(back):
            if len(run) >= RUN:
                values = e.many(e.name(v.local) for v in run)
                made.append(e.store(e.cells(self.home(run[0]), len(run)), values))
            else:
                made += [e.store(e.cell(self.home(v)), e.name(v.local)) for v in run]
        result = self.routine.variables.get(fold(self.routine.name))
        value: ast.expr | None = None
        if result is not None and result.kind == "RESULT":
            value = e.cell(self.home(result)) if result.by_ref else e.name(result.local)
        return [*made, ast.Return(value=value)]


def _runs(variables: list[Variable]) -> list[list[Variable]]:
    """Group variables whose cells lie side by side."""
    runs: list[list[Variable]] = []
    for variable in sorted(variables, key=lambda v: (v.relative, v.offset)):
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and last.relative == variable.relative
            and last.offset + 1 == variable.offset
        ):
            runs[-1].append(variable)
        else:
            runs.append([variable])
    return runs
