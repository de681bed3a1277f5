"""A running instance of a program: its cells, its scans, and a window to every variable."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from struct import pack
from typing import TYPE_CHECKING, Any

from . import emit as e
from .fault import ScanFault
from .kinds import ERROR, REAL, Block, Cell
from .library import Halt
from .literals import single
from .watch import Root, Watched, find, from_outside, to_outside, walk

if TYPE_CHECKING:
    from .unit import Unit

Run = Callable[[list[Any], int], None]


@dataclass(frozen=True)
class Layout:
    """Where everything lies and what runs it; the same for every instance of a program."""

    cells: tuple[Cell, ...]
    inputs: slice
    outputs: slice
    single_inputs: tuple[int, ...]
    reals: tuple[int, ...]
    retained: tuple[int, ...]
    tasks: tuple[tuple[Run, ...], ...]
    roots: tuple[Root, ...]
    names: dict[str, str]
    steps: int

    @classmethod
    def make(
        cls,
        *,
        unit: "Unit",
        instances: Sequence[tuple[str, Block | None, int, int]],
        tasks: tuple[tuple[Run, ...], ...],
        names: dict[str, str],
    ) -> "Layout":
        """Return the layout of a compiled source."""
        cells: list[Cell] = [0] * unit.memory.used
        cells[e.BUSY] = False
        roots: list[Root] = []
        retained = set(unit.retained)
        for routine in unit.routines.values():
            for variable in routine.variables.values():
                if variable.offset >= 0 and not variable.relative:
                    start = variable.initial()
                    cells[variable.offset : variable.offset + len(start)] = start
        known = {name: v for name, v in unit.globals.items() if v.type is not ERROR}
        for folded, variable in known.items():
            start = variable.initial()
            cells[variable.offset : variable.offset + len(start)] = start
            name = unit.shown.get(folded, variable.name)
            roots.append(Root(name, variable.type, variable.offset, variable))
        for name, block, base, line in instances:
            assert block is not None
            start = block.initial()
            cells[base : base + len(start)] = start
            roots.append(Root(name, block, base, None, line))
            retained.update(_retained(block, base))
            roots += [
                Root(f"{name}.{alias}", variable.type, variable.offset, variable, span.line)
                for routine, alias, variable, span in unit.aliases
                if routine.block is block and not alias.startswith("%")
            ]
        count = sum(1 for point in unit.io if point.direction == "input")
        middle = e.FIRST + count
        points = [v for v in known.values() if v.point and v.point.direction == "input"]
        return cls(
            tuple(cells),
            slice(e.FIRST, middle),
            slice(middle, e.FIRST + len(unit.io)),
            tuple({v.offset for v in points if v.type is REAL}),
            tuple(i for i, cell in enumerate(cells) if isinstance(cell, float)),
            tuple(sorted(retained)),
            tasks,
            tuple(roots),
            names,
            unit.limits.steps,
        )


def _retained(block: Block, base: int) -> Iterator[int]:
    for member in block.fields.values():
        start = base + member.offset
        if member.retain:
            yield from range(start, start + member.type.cells)
        elif isinstance(member.type, Block):
            yield from _retained(member.type, start)


class Image:
    """One running instance: the caller writes `inputs`, scans, and reads `outputs`.

    Both lists go by the order of the program's points of that direction. All state is one flat list
    of plain values.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._cells: list[Any] = list(layout.cells)
        self._forced: dict[int, Cell] = {}
        self._reals = itemgetter(*layout.reals) if layout.reals else None
        self.inputs: list[Any] = self._cells[layout.inputs]
        self.outputs: list[Any] = self._cells[layout.outputs]

    def scan(self, task: int = 0, *, time_ns: int) -> bool:
        """Run one scan.

        Args:
            task: Number of the task.
            time_ns: Simulation time, ns.

        Returns:
            Whether the next scan may differ though no input does: a variable changed, or a timer is
            running. After False, scans with the same inputs change nothing, whatever the time.

        Raises:
            ScanFault: watchdog, division by zero, an index outside its array. Every variable and
                `outputs` stay as the last good scan left them.
        """
        layout, cells = self._layout, self._cells
        if len(self.inputs) != layout.inputs.stop - layout.inputs.start:
            raise ValueError(f"inputs holds {len(self.inputs)} values; keep its length")
        cells[layout.inputs] = self.inputs
        for index in layout.single_inputs:
            cells[index] = single(cells[index])
        if self._forced:
            self._hold()
        before = cells[:]
        cells[e.STEPS] = layout.steps
        try:
            for run in layout.tasks[task]:
                run(cells, time_ns)
        except (Halt, ZeroDivisionError, OverflowError, IndexError, RecursionError) as error:
            cells[:] = before
            cells[e.BUSY], cells[e.STEPS] = False, 0
            raise self._fault(error) from None
        busy = cells[e.BUSY]
        cells[e.BUSY], cells[e.STEPS] = False, 0
        if self._forced:
            self._hold()
        self.outputs[:] = cells[layout.outputs]
        return busy or cells != before or self._other_bits(before)

    def _other_bits(self, before: list[Any]) -> bool:
        """Tell zeros of other sign, which are equal and yet not the same."""
        if self._reals is None:
            return False
        old, new = self._reals(before), self._reals(self._cells)
        if len(self._layout.reals) == 1:
            return pack("d", old) != pack("d", new)
        form = f"{len(old)}d"
        return pack(form, *old) != pack(form, *new)

    def _fault(self, error: Exception) -> ScanFault:
        line, name = 0, ""
        for frame, number in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename == "<st>":
                line, name = number, frame.f_code.co_name
        pou = self._layout.names.get(name, name)
        if isinstance(error, Halt):
            return ScanFault(error.key, line=line, pou=pou, **error.values)
        if isinstance(error, ZeroDivisionError):
            return ScanFault("st.fault.division", line=line, pou=pou)
        return ScanFault("st.fault.other", line=line, pou=pou, why=str(error))

    def save(self) -> list[Any]:
        """Return the state as plain data."""
        forced = [[index, value] for index, value in self._forced.items()]
        return [list(self._cells), list(self.inputs), list(self.outputs), forced]

    def load(self, data: list[Any]) -> None:
        """Put back what `save` gave.

        Raises:
            ValueError: it is the state of another program.
        """
        cells, inputs, outputs, forced = data
        if len(cells) != len(self._cells):
            raise ValueError(
                f"this state has {len(cells)} values, the program {len(self._cells)}; "
                "load the state of this very program"
            )
        self._cells[:] = cells
        self.inputs[:] = inputs
        self.outputs[:] = outputs
        self._forced = dict(forced)

    def restart(self, *, cold: bool) -> None:
        """Set every variable to its initial value; a warm restart keeps RETAIN variables."""
        kept = {} if cold else {index: self._cells[index] for index in self._layout.retained}
        self._cells[:] = self._layout.cells
        for index, value in kept.items():
            self._cells[index] = value
        self.outputs[:] = self._cells[self._layout.outputs]

    def variables(self) -> Iterator[Watched]:
        """Yield every elementary variable."""
        for root in self._layout.roots:
            yield from walk(root)

    def read(self, path: str) -> Any:
        """Return a variable's value: bool, int, float or str; TIME in ns, an enumeration by name.

        Raises:
            ValueError: there is no such variable.
        """
        index, kind, _ = find(self._layout.roots, path)
        return to_outside(self._cells[index], kind)

    def write(self, path: str, value: Any) -> None:
        """Set a variable.

        Raises:
            ValueError: there is no such variable, or it cannot hold that value.
        """
        index, cell = self._checked(path, value)
        self._cells[index] = cell
        inputs, outputs = self._layout.inputs, self._layout.outputs
        if inputs.start <= index < inputs.stop:
            self.inputs[index - inputs.start] = self._cells[index]
        elif outputs.start <= index < outputs.stop:
            self.outputs[index - outputs.start] = self._cells[index]

    def force(self, path: str, value: Any) -> None:
        """Hold a variable at a value from the end of one scan to the next, until `release`.

        Raises:
            ValueError: there is no such variable, or it cannot hold that value.
        """
        index, cell = self._checked(path, value)
        self._forced[index] = cell
        self.write(path, value)

    def release(self, path: str) -> None:
        """End a force; the variable keeps its value until the program sets it.

        Raises:
            ValueError: there is no such variable.
        """
        self._forced.pop(find(self._layout.roots, path)[0], None)

    def _hold(self) -> None:
        for index, value in self._forced.items():
            self._cells[index] = value

    def _checked(self, path: str, value: Any) -> tuple[int, Cell]:
        index, kind, constant = find(self._layout.roots, path)
        if constant:
            raise ValueError(f"{path} is a constant; it cannot be written")
        cell: Cell = from_outside(value, kind, path)
        return index, cell


__all__ = ["Image", "Layout", "Watched"]
