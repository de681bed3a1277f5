"""From a text to a program: modules, what they share, routines."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from twin.control.syntax.diagnostic import (
    NOWHERE,
    CompileError,
    Diagnostic,
    Log,
    Severity,
    TooManyErrors,
)
from twin.plant.robot.mover import SignalKind

from . import io as _io  # noqa: F401 (enters its instructions)
from . import nodes as n
from . import robot_functions as _robot  # noqa: F401 (enters its functions)
from . import strings as _strings  # noqa: F401 (enters its functions)
from .builtin import DATA, USER
from .functions import FUNCTIONS
from .kinds import SIGNAL_OF, SIGNALS, SWITCH, WRONG, Type, copied, count, shape, zeros
from .limits import LIMITS
from .motion import INSTRUCTIONS
from .parser import parse
from .program import Datum, Param, Program, Routine
from .scope import Names
from .statements import Statements
from .values import NOTHING
from .waits import WAITS


def check_rapid(
    source: str, signals: Iterable[SignalKind] = (), units: Iterable[str] = ()
) -> tuple[Diagnostic, ...]:
    """Return all errors and warnings of a source; `units` are belts and external axes."""
    return _Linker(source, signals, units).diagnose()


def compile_rapid(
    source: str, signals: Iterable[SignalKind] = (), units: Iterable[str] = ()
) -> Program:
    """Return the program of a source; `units` are belts and external axes.

    Raises:
        CompileError: it is wrong; with every diagnostic.
    """
    return _compiled(source, tuple(signals), tuple(units))


@lru_cache(maxsize=64)
def _compiled(source: str, signals: tuple[SignalKind, ...], units: tuple[str, ...]) -> Program:
    linker = _Linker(source, signals, units)
    diagnostics = linker.diagnose()
    if any(entry.severity is Severity.ERROR for entry in diagnostics):
        raise CompileError(diagnostics)
    linker.program.warnings = diagnostics
    linker.program.names = linker.names
    return linker.program


class _Linker:
    """Works on one source."""

    def __init__(self, source: str, signals: Iterable[SignalKind], units: Iterable[str]) -> None:
        self.source = source
        self.log = Log("rapid", LIMITS.errors)
        self.names = Names(
            {signal.name.lower(): signal for signal in signals},
            {unit.lower(): unit for unit in units},
        )
        self.program = Program(source, [], [], -1)
        self.names.spare = self._spare
        self.nodes: list[tuple[n.Routine, Routine]] = []
        self.pending: dict[int, tuple[n.Data, str]] = {}
        """Data whose value is not known yet, by slot."""
        self.working: set[int] = set()

    def diagnose(self) -> tuple[Diagnostic, ...]:
        """Compile; return what there is to say."""
        size = len(self.source.encode("utf-8", "replace"))
        if size > LIMITS.source_bytes:
            self.log.tell("limit.source", NOWHERE, limit=LIMITS.source_bytes // 1024)
            return self.log.all()
        try:
            self._link(parse(self.source, self.log))
        except TooManyErrors:
            pass
        except RecursionError:
            self.log.limit += 1
            self.log.tell("limit.nesting", NOWHERE, limit=LIMITS.nesting)
        self.names.spare = None
        return self.log.all()

    def _link(self, modules: list[n.Module]) -> None:
        seen: set[str] = set()
        for module in modules:
            if module.name.lower() in seen:
                self.log.tell("name.twice", module.span, name=module.name)
            seen.add(module.name.lower())
            self._enter(module)
        for slot in list(self.pending):
            self.value_of(self.program.data[slot])
        self._total()
        for node, routine in self.nodes:
            self._statements(routine.module).compile(node, routine)
        main = self.names.routines.get("main")
        if main is None or main.result is not None or main.params:
            if not self.log.errors:
                self.log.tell("main.missing", modules[-1].end if modules else NOWHERE)
        else:
            self.program.main = main.number

    def _statements(self, module: str, *, constant_only: bool = False) -> Statements:
        return Statements(self.names, module, self.log, self.value_of, constant_only=constant_only)

    # ---- names

    def _spare(self, name: str) -> Datum | None:
        """Declare data of the module `user` that every controller brings along."""
        kind = USER.get(name)
        if kind is None:
            return None
        slot = len(self.program.data)
        datum = Datum(name, "user", "VAR", Type(kind), slot, NOWHERE, None, kind.zero)
        self.program.data.append(datum)
        self.names.data[name] = datum
        return datum

    def _enter(self, module: n.Module) -> None:
        name = module.name.lower()
        compiler = self._statements(name, constant_only=True)
        for data in module.data:
            kind = compiler.kind_of(data.type, data.type_span)
            span = data.value.span if data.value is not None else None
            slot = len(self.program.data)
            datum = Datum(data.name, name, data.kind, kind, slot, data.name_span, span, None)
            self._declare(
                datum, data.scope == "LOCAL", self.names.data, self.names.module_data, name
            )
            self.program.data.append(datum)
            self.pending[slot] = (data, name)
        for node in module.routines:
            params = [self._param(compiler, p) for p in node.params]
            result = compiler.kind_of(node.type, node.type_span) if node.type else None
            routine = Routine(
                node.name, name, len(self.program.routines), params, result, node.span, node.end
            )
            self._declare(
                routine, node.local, self.names.routines, self.names.module_routines, name
            )
            self.program.routines.append(routine)
            self.nodes.append((node, routine))

    def _param(self, compiler: Statements, node: n.Param) -> Param:
        signal = SIGNAL_OF.get(node.type.lower())
        if signal is not None:
            kind = Type(SIGNALS[signal])
        else:
            kind = compiler.kind_of(node.type, node.type_span)
        if node.stars > LIMITS.dimensions:
            self.log.tell("limit.dimensions", node.span, limit=LIMITS.dimensions)
        full = Type(kind.kind, min(node.stars, LIMITS.dimensions))
        mode = node.mode
        handed = kind.kind.valued or kind.kind in (SWITCH, WRONG)
        if mode == "IN" and not handed:
            self.log.tell("data.param_mode", node.span, type=kind.name)
        if signal is not None:
            mode = "IN"  # its name is handed over
        return Param(node.name, full, mode, node.optional, node.group)

    def _declare(
        self,
        entry: Any,
        local: bool,  # noqa: FBT001
        shared: Any,
        by_module: Any,
        module: str,
    ) -> None:
        name = entry.name.lower()
        own = by_module.setdefault(module, {})
        taken = name in INSTRUCTIONS or name in FUNCTIONS or name in WAITS or name in DATA
        if taken or name in ("stop", "present", "strtoval", "errno"):
            self.log.tell("name.taken", entry.span, name=entry.name)
        elif name in self.names.signals:
            self.log.tell("name.signal", entry.span, name=entry.name)
        here = {
            **self.names.module_data.get(module, {}),
            **self.names.module_routines.get(module, {}),
        }
        everywhere: dict[str, Any] = {**self.names.data, **self.names.routines}
        if (
            name in here
            or (not local and name in everywhere)
            or (name in everywhere and everywhere[name].module == module)
        ):
            self.log.tell("name.twice", entry.span, name=entry.name)
        (own if local else shared)[name] = entry

    # ---- data of the modules

    def value_of(self, datum: Datum) -> Any:
        """Return the initial value of data, worked out once; others that it names go first."""
        if datum.slot in self.working:
            self.log.tell("const.circle", datum.span, name=datum.name)
            if datum.initial is None:  # its sizes are not known yet
                datum.initial = datum.type.kind.zero
            return datum.initial
        entry = self.pending.pop(datum.slot, None)
        if entry is None:
            return datum.initial
        self.working.add(datum.slot)
        data, module = entry
        compiler = self._statements(module, constant_only=True)
        sizes = compiler.sizes_of(data)
        datum.type = Type(datum.type.kind, len(data.sizes[: LIMITS.dimensions]))
        datum.initial = zeros(datum.type.kind, sizes or (1,) * datum.type.dims)
        if data.value is None:
            if data.kind != "VAR":
                self.log.tell("data.const_value", data.name_span, name=data.name)
        else:
            self._initial(compiler, datum, data, sizes)
        self.working.discard(datum.slot)
        return datum.initial

    def _initial(
        self, compiler: Statements, datum: Datum, data: n.Data, sizes: tuple[int, ...]
    ) -> None:
        assert data.value is not None
        if data.kind == "PERS" and _names_data(data.value):
            self.log.caution("warn.pers_literal", data.value.span, name=data.name)
        value = compiler.value(data.value, datum.type)
        if value.wrong:
            return
        if value.const is NOTHING:
            self.log.tell("const.value", data.value.span, name=data.name)
        elif sizes and shape(value.const) != sizes:
            found = "{" + ",".join(map(str, shape(value.const))) + "}"
            want = "{" + ",".join(map(str, sizes)) + "}"
            self.log.tell("data.shape", data.value.span, name=data.name, found=found, want=want)
        else:
            datum.initial = copied(value.const)

    def _total(self) -> None:
        total = sum(count(datum.initial) for datum in self.program.data)
        if total > LIMITS.values:
            self.log.tell("limit.values", NOWHERE, found=total, limit=LIMITS.values)


def _names_data(node: n.Expr) -> bool:
    """Tell whether an expression takes a value from elsewhere."""
    if isinstance(node, n.Aggregate):
        return any(map(_names_data, node.parts))
    if isinstance(node, n.Unary):
        return _names_data(node.operand)
    if isinstance(node, n.Binary):
        return _names_data(node.left) or _names_data(node.right)
    return isinstance(node, n.Name | n.Member | n.Index)
