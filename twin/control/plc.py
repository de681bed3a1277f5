"""The soft PLC: runs a Structured Text program in lock step with the workcell that it drives."""

from collections.abc import Iterator
from functools import lru_cache
from math import isfinite
from typing import Any, ClassVar

from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.kernel.signal import Value
from twin.plant.motion.point import Point
from twin.plant.motion.workcell import PLC, Workcell
from twin.plant.plain import Stateful
from twin.spec.io import IoPoint, io_of
from twin.spec.messages import Phrase, phrase
from twin.spec.motion import Workcell as WorkcellSpec
from twin.spec.pins import Direction

from .st import (
    CompileError,
    Diagnostic,
    Image,
    IoVariable,
    Program,
    ScanFault,
    check_st,
    compile_st,
)

RUN, STOP, FAULT, EMPTY = "run", "stop", "fault", "empty"
NS = 1e9


@lru_cache(maxsize=64)
def compiled(source: str, io: tuple[IoVariable, ...]) -> Program:
    """Return a program, compiled once.

    Raises:
        CompileError: it is wrong; with every diagnostic.
    """
    return compile_st(source, io)


def _robots_own(point: IoPoint) -> bool:
    """Tell whether a point is an actuator that a robot drives: no wire leads to the PLC."""
    return bool(point.wired_to) and point.direction is Direction.OUTPUT


def variables_of(cell: WorkcellSpec) -> tuple[IoVariable, ...]:
    """Return the points of a workcell as a program sees them."""
    return tuple(
        IoVariable(
            point.name,
            str(point.iec),
            "output" if point.direction is Direction.OUTPUT else "input",
            str(point.address),
        )
        for point in io_of(cell)
        if not _robots_own(point)
    )


class SoftPlc(Stateful):
    """Reads the inputs, scans the program, writes the outputs, each period of each task.

    A scan that changed nothing, with no timer running, is not repeated until an input changes.
    While somebody else owns the workcell's outputs it waits.
    """

    verbs = frozenset(
        {
            "load_program",
            "plc_run",
            "plc_stop",
            "plc_step",
            "plc_restart",
            "plc_write",
            "plc_force",
            "plc_release",
        }
    )
    STATE: ClassVar[tuple[str, ...]] = (
        "source", "mode", "scans", "skipped", "origin_s", "turns", "quiet", "fault",
    )  # fmt: skip

    def __init__(self, cell: Workcell, source: str, *, period_s: float, runs: bool) -> None:
        self.cell = cell
        self.env = cell.env
        self.address = f"{cell.id}/plc"
        self.period_s = period_s
        self.runs = runs
        self.io = variables_of(cell.workcell_spec)
        self.inputs = [p for p in cell.points.values() if p.is_input]
        self.outputs = [p for p in cell.points.values() if not p.is_input and not _robots_own(p.io)]
        self.place = {point: place for place, point in enumerate(self.inputs)}
        self.lazy: list[tuple[int, Point]] = []
        """Inputs of the program whose value changes without events, with their place."""
        self.source = source
        self.mode = EMPTY
        self.scans = 0
        self.skipped = 0
        """Scans that were not done because they would have changed nothing."""
        self.origin_s = 0.0
        """When its tasks began to count their periods."""
        self.turns: list[int] = []
        """Of each task: how many periods after `origin_s` its next scan is."""
        self.quiet: list[bool] = []
        """Of each task: whether its last scan need not be repeated as long as inputs stay."""
        self.fault: list[Any] = []
        """[message key, values, line] of what stopped it; empty when nothing did."""
        self.sparing = True
        """Whether quiet scans are left out; the same comes out when they are not."""
        self.written: list[Value] = []
        """What it wrote last; empty when somebody else may have written since."""
        self.image: Image | None = None
        self.intervals_s: list[float] = []
        self.timer = self.env.timer(f"{cell.id}/plc/scan", self._due)
        cell.listeners.append(self._hear)

    # ---- life

    def start(self) -> None:
        """Compile the program and begin, unless it is to stand at first.

        Raises:
            CompileError: the program is wrong.
        """
        if self.source.strip():
            self._load(self.source)
            if self.runs:
                self._run()

    def _load(self, source: str) -> None:
        program = compiled(source, self.io)
        self.source = source
        self.image = program.start()
        self.lazy = list(self._lazy(source))
        self.intervals_s = [task.interval_s or self.period_s for task in program.tasks]
        self.mode = STOP
        self.fault = []

    def _lazy(self, source: str) -> Iterator[tuple[int, Point]]:
        """Yield the inputs that change without events, as far as the program names them."""
        words = source.casefold()
        for place, point in enumerate(self.inputs):
            changes = point.body is not None and point.pin in point.body.lazy
            if changes and (
                point.name.casefold() in words or str(point.io.address).casefold() in words
            ):
                yield place, point

    def _run(self) -> None:
        if not self.cell.owner:  # nobody drives it yet
            self.cell.owner = PLC
        self.mode = RUN
        self.fault = []
        self.cell.line.alarms.clear(self.cell.id, "plc_fault", time_s=self.env.time_s)
        self.origin_s = self.env.time_s
        self.turns = [0] * len(self.intervals_s)
        self.quiet = [False] * len(self.intervals_s)
        self.written = []
        self._read_all()
        self.timer.arm(0.0)

    def _halt(self, mode: str) -> None:
        """Stop scanning; what it drives goes off, as when a controller stops."""
        self.mode = mode
        self.timer.cancel()
        self._off()
        self.cell.changed()

    def _off(self) -> None:
        self.written = []
        if self.cell.owner == PLC:
            for point in [p for p in self.outputs if p.put(p.type(), PLC)]:
                self.cell.point_changed(point)

    # ---- scans

    def _hear(self, point: Point) -> None:
        """Take an input's new value into the image; every task has something to do again."""
        place = self.place.get(point)
        if place is not None and self.image is not None:
            self.image.inputs[place] = point.value
            for task in range(len(self.quiet)):
                self.quiet[task] = False

    def _read_all(self) -> None:
        assert self.image is not None
        for place, point in enumerate(self.inputs):
            self.image.inputs[place] = point.value

    def _due(self) -> None:
        now = self.env.time_s
        self._refresh()
        turns, intervals = self.turns, self.intervals_s
        for task, interval_s in enumerate(intervals):
            due_s = self.origin_s + turns[task] * interval_s
            if due_s <= now:
                turns[task] += 1
                if self.cell.owner != PLC:
                    continue
                if self.quiet[task] and self.sparing:
                    self.skipped += 1
                elif not self._scan(task):
                    return
        self.timer.arm_at(min(self.origin_s + t * i for t, i in zip(turns, intervals, strict=True)))

    def _refresh(self) -> None:
        """Look at the inputs that change without events."""
        assert self.image is not None
        inputs = self.image.inputs
        for place, point in self.lazy:
            assert point.body is not None
            point.body.refresh(point.pin)
            if inputs[place] != point.value:
                inputs[place] = point.value
                for task in range(len(self.quiet)):
                    self.quiet[task] = False

    def _scan(self, task: int) -> bool:
        """Do one scan; return False when it failed and the PLC has stopped."""
        image = self.image
        assert image is not None
        try:
            busy = image.scan(task, time_ns=round(self.env.time_s * NS))
        except ScanFault as fault:
            self._fail(fault)
            return False
        self.scans += 1
        if busy:  # what it changed may be news to the other tasks too
            self.quiet = [False] * len(self.quiet)
        self.quiet[task] = not busy
        if busy or not self.written:
            self._write()
        return True

    def _write(self) -> None:
        assert self.image is not None
        if self.cell.owner != PLC or self.image.outputs == self.written:
            return
        self.written = list(self.image.outputs)
        # All outputs change at once: a start signal goes with the target written beside it.
        changed = [
            point
            for point, value in zip(self.outputs, self.image.outputs, strict=True)
            if (point.raw != value or point.writer != PLC)
            and point.put(_bounded(point, value), PLC)
        ]
        for point in changed:
            self.cell.point_changed(point)

    def _fail(self, fault: ScanFault) -> None:
        self.fault = [fault.key, dict(fault.values), fault.line]
        cell = self.cell
        cell.line.alarms.raise_(
            cell.id, "plc_fault", message="alarm.plc_fault", severity=800, time_s=self.env.time_s
        )
        self._halt(FAULT)

    # ---- from outside

    def owner_changed(self) -> None:
        """Take the outputs back where they were left, or leave them to somebody else."""
        if self.cell.owner == PLC and self.mode == RUN and self.image is not None:
            self.image.restart(cold=False)
            self._run()

    def apply(self, command: Command) -> None:
        """Carry out one of `verbs`, or refuse it."""
        verb, args = command.verb, command.args
        if verb == "load_program":
            self._exchange(str(args.get("text") or ""))
        elif self.image is None:
            raise CommandRefused(phrase("refused.no_program", cell=self.cell.id))
        elif verb == "plc_run":
            self._start_again()
        elif verb == "plc_stop":
            self._halt(STOP)
        elif verb == "plc_step":
            self._step()
        elif verb == "plc_restart":
            self._restart(cold=bool(args.get("cold", False)))
        else:
            self._poke(verb, str(args.get("path") or ""), args.get("value"))
        self.cell.changed()

    def _exchange(self, source: str) -> None:
        """Put another program in; a running PLC goes on with it, from its initial values."""
        running = self.mode == RUN
        try:
            compiled(source, self.io)
        except CompileError as error:
            first = error.diagnostics[0]
            raise CommandRefused(
                phrase(
                    "refused.program",
                    line=first.line,
                    why=Phrase(first.key, dict(first.values)),
                    count=len(error.diagnostics),
                )
            ) from None
        self._halt(STOP)
        self._load(source)
        if running:
            self._run()

    def _start_again(self) -> None:
        if self.mode == RUN:
            raise CommandRefused(phrase("refused.plc_runs", cell=self.cell.id))
        assert self.image is not None
        if self.mode == FAULT:
            self.image.restart(cold=False)
        self._run()

    def _step(self) -> None:
        if self.mode == RUN:
            raise CommandRefused(phrase("refused.plc_stop_first", cell=self.cell.id))
        self.mode = STOP
        self.written = []
        self.quiet = [False] * len(self.intervals_s)
        self._read_all()
        for task in range(len(self.intervals_s)):
            if not self._scan(task):
                return

    def _restart(self, *, cold: bool) -> None:
        assert self.image is not None
        running = self.mode == RUN
        self._halt(STOP)
        self.image.restart(cold=cold)
        if running:
            self._run()

    def _poke(self, verb: str, path: str, value: Value | None) -> None:
        """Set a variable once, hold it at a value, or let it go."""
        image = self.image
        assert image is not None
        if value is None and verb != "plc_release":
            raise CommandRefused(phrase("refused.no_value", point=path))
        try:
            if verb == "plc_release":
                image.release(path)
            elif verb == "plc_force":
                image.force(path, value)
            else:
                image.write(path, value)
        except ValueError as error:
            raise CommandRefused(*error.args) from None
        self.quiet = [False] * len(self.quiet)

    # ---- what a person sees

    def diagnostics(self, text: str) -> tuple[Diagnostic, ...]:
        """Return everything that is wrong or doubtful with a program text for this workcell."""
        return check_st(text, self.io)

    def fault_text(self, language: str = "en") -> str:
        """Return why it stopped, empty when it did not."""
        return Phrase(self.fault[0], self.fault[1]).text(language) if self.fault else ""

    @property
    def fault_line(self) -> int | None:
        """Line of the program at which it stopped."""
        return self.fault[2] if self.fault else None

    def variables(self) -> list[tuple[str, str, Any]]:
        """Return the program's variables: path, type, value."""
        image = self.image
        if image is None:
            return []
        return [(w.path, w.type, image.read(w.path)) for w in image.variables()]

    # ---- snapshots

    def save(self) -> list[Any]:
        """Return state and image as plain data."""
        return [super().save(), self.image.save() if self.image is not None else None]

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        """Put back what `save` gave; the program is compiled again where it is another."""
        state, image = data
        super().load_state(state, known)
        if image is None:
            self.image = None
            return
        mode, fault = self.mode, list(self.fault)
        self._load(self.source)
        self.mode, self.fault = mode, fault
        assert self.image is not None
        self.image.load(image)
        self.written = []


def _bounded(point: Point, value: Value) -> Value:
    """Return a value within the bounds of an analog output, as its converter would make it."""
    low, high = point.io.low, point.io.high
    if isinstance(value, float) and not isfinite(value):
        return 0.0  # no converter has a voltage for it
    if isinstance(value, bool) or low is None or high is None:
        return value
    return point.type(min(max(value, low), high))


def soft_plcs(line: Any) -> Iterator[SoftPlc]:
    """Yield the soft PLCs of a line."""
    for asset in line.assets.values():
        if isinstance(asset, Workcell) and asset.controller is not None:
            yield asset.controller
