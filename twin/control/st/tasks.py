"""Which programs run, how often: from CONFIGURATION, or one program in one task."""

from dataclasses import dataclass, field

from twin.control.syntax.diagnostic import NOWHERE, Span, nearest

from . import nodes as n
from .expressions import fixed
from .scope import Routine, fold
from .unit import Unit


@dataclass(slots=True)
class PlannedTask:
    """A task as declared."""

    name: str
    interval_s: float | None
    priority: int


@dataclass(slots=True)
class PlannedInstance:
    """A program instance: its routine, task and first cell."""

    name: str
    routine: Routine
    task: str
    span: Span
    base: int = 0


@dataclass(slots=True)
class Plan:
    """What the source says about running."""

    globals: list[n.VarBlock]
    configurations: list[n.Configuration]
    tasks: list[PlannedTask] = field(default_factory=list)
    instances: list[PlannedInstance] = field(default_factory=list)

    def settle(self, unit: Unit) -> None:
        """Find the programs that run, and in which task."""
        entries = _flat(self.configurations)
        for entry in entries:
            if isinstance(entry, n.TaskDecl):
                self._task(unit, entry)
        for entry in entries:
            if isinstance(entry, n.Instance):
                self._instance(unit, entry)
        if not self.configurations:
            self._default(unit)
        elif not self.instances:
            unit.log.tell("task.no_instance", self.configurations[0].span)

    def _default(self, unit: Unit) -> None:
        programs = [r for r in unit.routines.values() if r.node.kind == "PROGRAM"]
        if not programs:
            if not unit.log.errors:
                unit.log.tell("task.no_program", NOWHERE)
            return
        for other in programs[1:]:
            unit.log.caution(
                "warn.program_unused", other.node.span, name=other.name, first=programs[0].name
            )
        self.tasks.append(PlannedTask("main", None, 0))
        first = programs[0]
        self.instances.append(PlannedInstance(first.name, first, "main", first.node.span))

    def _task(self, unit: Unit, node: n.TaskDecl) -> None:
        task = PlannedTask(node.name, None, 0)
        for arg in node.args:
            name = (arg.name or "").upper()
            if name not in {"INTERVAL", "PRIORITY"} or arg.output:
                hint = nearest(name, ["INTERVAL", "PRIORITY"])
                unit.log.tell("task.parameter", arg.span, name=arg.name or "–", hint=hint)
                continue
            made = fixed(unit.nobody, arg.value)
            if made.wrong:
                continue
            number = made.const
            if name == "INTERVAL" and made.type.family == "time" and isinstance(number, int):
                if number <= 0:
                    unit.log.tell("task.interval", arg.span)
                task.interval_s = number / 1e9
            elif name == "PRIORITY" and isinstance(number, int) and made.type.family == "int":
                task.priority = number
            else:
                unit.log.tell("task.value", arg.span, name=name)
        if any(fold(other.name) == fold(task.name) for other in self.tasks):
            unit.log.tell("name.twice", node.span, name=task.name, line=node.span.line)
        self.tasks.append(task)

    def _instance(self, unit: Unit, node: n.Instance) -> None:
        routine = unit.routines.get(fold(node.program))
        if routine is None or routine.node.kind != "PROGRAM":
            programs = [r.name for r in unit.routines.values() if r.node.kind == "PROGRAM"]
            hint = nearest(node.program, programs)
            unit.log.tell("task.unknown_program", node.program_span, name=node.program, hint=hint)
            return
        if any(fold(other.name) == fold(node.name) for other in self.instances):
            unit.log.tell("name.twice", node.span, name=node.name, line=node.span.line)
            return
        task = next((t for t in self.tasks if fold(t.name) == fold(node.task or "")), None)
        if task is None and node.task is not None:
            hint = nearest(node.task, [t.name for t in self.tasks])
            unit.log.tell("task.unknown", node.task_span, name=node.task, hint=hint)
            return
        if task is None:
            task = next((t for t in self.tasks if t.name == "main"), None)
            if task is None:
                task = PlannedTask("main", None, 0)
                self.tasks.append(task)
        self.instances.append(PlannedInstance(node.name, routine, task.name, node.span))


def plan(units: list[n.Unit]) -> Plan:
    """Return what a source says about running, its tasks not yet settled."""
    configurations = [u for u in units if isinstance(u, n.Configuration)]
    blocks = [u for u in units if isinstance(u, n.VarBlock)]
    blocks += [entry for entry in _flat(configurations) if isinstance(entry, n.VarBlock)]
    return Plan(blocks, configurations)


def _flat(configurations: list[n.Configuration]) -> list[n.VarBlock | n.TaskDecl | n.Instance]:
    found: list[n.VarBlock | n.TaskDecl | n.Instance] = []
    for configuration in configurations:
        for entry in configuration.entries:
            if isinstance(entry, n.Configuration):
                found.extend(_flat([entry]))
            else:
                found.append(entry)
    return found
