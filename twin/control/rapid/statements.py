"""Statements to instructions of the machine."""

from collections.abc import Callable
from typing import Any

from twin.control.syntax.diagnostic import nearest

from . import nodes as n
from . import steps
from .functions import FUNCTIONS
from .instructions import Instructions
from .kinds import ABSENT_KINDS, BOOL, KINDS, NUM, WRONG, Type
from .limits import LIMITS
from .motion import INSTRUCTIONS
from .program import Routine, Statement
from .scope import Local
from .values import NOTHING, Code, Value, jump, jump_false


class Statements(Instructions):
    """Compiles one routine."""

    routine: Routine
    in_handler = False
    depth = 0

    def compile(self, node: n.Routine, routine: Routine) -> None:
        """Fill a routine with code."""
        self.routine, self.code = routine, Code(statements=routine.statements)
        self.labels: dict[str, tuple[int, int]] = {}
        self.jumps: list[tuple[int, n.Goto]] = []
        self.slots = 0
        for param, given in zip(routine.params, node.params, strict=True):
            kind = {"VAR": "VARREF"}.get(param.mode, param.mode)
            self._declare(param.name, param.type, kind, given.span, optional=param.optional)
        for data in node.data:
            self._data(data)
        self.block(node.body)
        self._finish(node)
        if node.handler is not None:
            routine.handler = self.code.here
            self.in_handler = True
            self.block(node.handler)
            self._finish(node)
        self._resolve_jumps()
        routine.ops = self.code.ops
        routine.slots = self.slots
        routine.names = [
            (local.name, local.type, local.slot, local.kind) for local in self.locals.values()
        ]
        self._unused()

    def _finish(self, _node: n.Routine) -> None:
        self.code.stmt = -1
        if self.routine.result is not None and not self.in_handler:
            self.code.put(steps.no_result, self.routine.name)
        else:
            self.code.put(steps.return_, False)  # noqa: FBT003

    def _unused(self) -> None:
        for local in self.locals.values():
            if not local.used and local.kind in ("VAR", "CONST"):
                self.log.caution("warn.unused", local.span, name=local.name)

    # ---- data of the routine

    def _declare(
        self, name: str, kind: Type, mode: str, span: Any, *, optional: bool = False, slots: int = 1
    ) -> Local:
        local = Local(name, kind, self.slots, mode, span, optional)
        self.slots += slots
        if name.lower() in self.locals:
            self.log.tell("name.twice", span, name=name)
        elif name.lower() in INSTRUCTIONS or name.lower() in FUNCTIONS:
            self.log.tell("name.taken", span, name=name)
        self.locals[name.lower()] = local
        return local

    def _data(self, data: n.Data) -> None:
        kind = self.kind_of(data.type, data.type_span)
        if data.kind == "PERS":
            self.log.tell("data.local_pers", data.name_span, name=data.name)
        sizes = self.sizes_of(data)
        full = Type(kind.kind, len(sizes))
        value: Value | None = None
        if data.value is not None:
            self.constant_only = True
            value = self.value(data.value, full)
            self.constant_only = False
        local = self._declare(data.name, full, data.kind, data.name_span)
        if value is None and data.kind == "CONST":
            self.log.tell("data.const_value", data.name_span, name=data.name)
        elif value is not None and not value.wrong and value.const is NOTHING:
            self.log.tell("const.value", data.name_span, name=data.name)
        self.code.stmt = -1
        if value is None:
            self.code.put(steps.zero_local, (local.slot, full, sizes))
            return
        if data.kind == "CONST" and not value.wrong:
            local.const = value.const
        if value.fn is not None:
            self.code.put(steps.init_local, (local.slot, full, sizes, value.fn))

    def kind_of(self, name: str, span: Any) -> Type:
        """Return the type of a name; tell when there is none."""
        kind = KINDS.get(name.lower())
        if kind is not None:
            return Type(kind)
        if name.lower() in ABSENT_KINDS:
            self.log.tell("absent.type", span, name=name)
        else:
            self.log.tell("type.unknown", span, name=name, hint=nearest(name, KINDS))
        return Type(WRONG)

    def sizes_of(self, data: n.Data) -> tuple[int, ...]:
        """Return the sizes of an array's dimensions; tell when they are none."""
        if len(data.sizes) > LIMITS.dimensions:
            self.log.tell("limit.dimensions", data.name_span, limit=LIMITS.dimensions)
            return ()
        sizes: list[int] = []
        for node in data.sizes:
            value = self.value(node, Type(NUM))
            size = value.const if isinstance(value.const, float) else 0.0
            if value.wrong:
                sizes.append(1)
                continue
            if size < 1.0 or size != int(size):
                self.log.tell("data.size", node.span)
                size = 1.0
            sizes.append(int(min(size, 1e9)))
        total = 1
        for entry in sizes:
            total *= entry
        if total > LIMITS.array:
            self.log.tell("limit.array", data.name_span, found=total, limit=LIMITS.array)
            return (1,) * len(sizes)
        return tuple(sizes)

    # ---- statements

    def block(self, body: list[n.Stmt]) -> None:
        """Compile statements in turn."""
        for node in body:
            outer = self.code.stmt
            number = len(self.code.statements)
            self.code.stmt = number
            begin = self.code.here
            self.code.statements.append(Statement(node.span, begin, begin))
            if not isinstance(node, n.Label):
                self.code.put(steps.statement, (number, node.span.line))
            method: Callable[[Any], None] = getattr(self, f"_do_{type(node).__name__.lower()}")
            method(node)
            self.code.statements[number].end = self.code.here
            self.code.stmt = outer

    def _do_assign(self, node: n.Assign) -> None:
        place = self.place(node.target)
        if place is None:
            self.expr(node.value, None) if not isinstance(node.value, n.Aggregate) else None
            return
        if not self.writable(place):
            return
        value = self.value(node.value, place.type)
        if value.wrong:
            return
        if not place.type.kind.valued:
            self.log.tell("assign.not_valued", node.span, type=place.type.name)
            return
        value.emit(self.code)
        root = place.root
        if place.type.dims:
            self.reference(place).emit(self.code)
            self.code.put(steps.store_array)
        elif place.whole and isinstance(root, Local) and not root.refers:
            self.code.put(steps.store_local, root.slot)
        elif place.whole and not isinstance(root, Local):
            self.code.put(steps.store_datum, root.slot)
        else:
            self.reference(place).emit(self.code)
            self.code.put(steps.store_ref)

    def _do_if(self, node: n.If) -> None:
        ends = []
        for branch in node.branches:
            if branch.condition is None:
                self.block(branch.body)
                continue
            self.value(branch.condition, Type(BOOL)).emit(self.code)
            past = self.code.put(jump_false)
            self.block(branch.body)
            if branch is not node.branches[-1]:
                ends.append(self.code.put(jump))
            self.code.aim(past)
        for at in ends:
            self.code.aim(at)

    def _do_while(self, node: n.While) -> None:
        begin = self.code.statements[self.code.stmt].begin
        self.value(node.condition, Type(BOOL)).emit(self.code)
        past = self.code.put(jump_false)
        self.block(node.body)
        self.code.put(jump, begin)
        self.code.aim(past)

    def _do_for(self, node: n.For) -> None:
        for part in (node.start, node.end, node.step):
            if part is not None:
                self.value(part, Type(NUM)).emit(self.code)
        hidden = self.locals.get(node.name.lower())
        slot = self.slots
        self.slots += 3
        self.code.put(steps.for_begin, (slot, node.step is not None))
        test = self.code.here
        self.code.put(steps.for_test, (slot, 0))
        local = Local(node.name, Type(NUM), slot, "FOR", node.name_span, used=True)
        self.locals[node.name.lower()] = local
        self.block(node.body)
        self.code.put(steps.for_step, (slot, test))
        self.code.ops[test] = self.code.ops[test]._replace(arg=(slot, self.code.here))
        del self.locals[node.name.lower()]
        if hidden is not None:
            self.locals[node.name.lower()] = hidden

    def _do_test(self, node: n.Test) -> None:
        value = self.expr(node.value)
        if value.type.dims or not value.type.kind.valued:
            self.log.tell("type.test", node.value.span, found=value.type.name)
        value.emit(self.code)
        starts: list[list[int]] = []
        default: n.Case | None = None
        for case in node.cases:
            if not case.values:
                default = case
                continue
            here = []
            for entry in case.values:
                given = self.value(entry, value.type)
                if not given.wrong and given.const is NOTHING:
                    self.log.tell("const.case", entry.span)
                given.emit(self.code)
                here.append(self.code.put(steps.on_case))
            starts.append(here)
        self.code.put(steps.drop)
        ends = []
        if default is not None:
            self.block(default.body)
        ends.append(self.code.put(jump))
        for case, jumps in zip([c for c in node.cases if c.values], starts, strict=True):
            for at in jumps:
                self.code.aim(at)
            self.block(case.body)
            ends.append(self.code.put(jump))
        for at in ends:
            self.code.aim(at)

    def _do_label(self, node: n.Label) -> None:
        name = node.name.lower()
        if name in self.labels:
            self.log.tell("name.twice", node.span, name=node.name)
        self.labels[name] = (self.code.here, 0)

    def _do_goto(self, node: n.Goto) -> None:
        self.jumps.append((self.code.put(jump), node))

    def _resolve_jumps(self) -> None:
        for at, node in self.jumps:
            found = self.labels.get(node.name.lower())
            if found is None:
                self.log.tell(
                    "name.label",
                    node.name_span,
                    name=node.name,
                    hint=nearest(node.name, self.labels),
                )
            else:
                self.code.aim(at, found[0])

    def _do_return(self, node: n.Return) -> None:
        result = self.routine.result
        if result is None:
            if node.value is not None:
                self.log.tell("call.return_value", node.span, name=self.routine.name)
            self.code.put(steps.return_, False)  # noqa: FBT003
            return
        if node.value is None:
            self.log.tell("call.return_none", node.span, name=self.routine.name, type=result.name)
            return
        self.value(node.value, result).emit(self.code)
        self.code.put(steps.return_, True)  # noqa: FBT003

    def _do_raise(self, node: n.Raise) -> None:
        if node.value is None and not self.in_handler:
            self.log.tell("error.raise", node.span)
            return
        if node.value is not None:
            self.value(node.value, Type(NUM)).emit(self.code)
        self.code.put(steps.raise_, (node.value is not None, self.in_handler))

    def _do_word(self, node: n.Word) -> None:
        if node.word == "EXIT":
            self.code.put(steps.exit_)
        elif not self.in_handler:
            self.log.tell("error.outside", node.span, word=node.word)
        else:
            self.code.put(steps.retry if node.word == "RETRY" else steps.try_next)
