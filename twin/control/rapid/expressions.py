"""From the tree of an expression to its value: names, types, code."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twin.control.syntax.diagnostic import Log, Span, nearest

from . import nodes as n
from .builtin import DATA
from .fault import Fault
from .functions import FUNCTIONS
from .kinds import BOOL, DNUM, NUM, POS, SIGNAL_OF, STRING, WRONG, Type
from .operators import OPERATIONS, equal, negative, unequal
from .program import Datum
from .scope import Local, Names
from .values import Value, apply, constant, either, pure, wrong

if TYPE_CHECKING:
    pass


READERS: dict[type, str] = {bool: "DOutput", int: "GOutput", float: "AOutput"}
"""What reads an output."""


class Expressions:
    """Compiles expressions of one routine, or of the modules' data."""

    def __init__(
        self,
        names: Names,
        module: str,
        log: Log,
        value_of: Callable[[Datum], Any],
        *,
        constant_only: bool = False,
    ) -> None:
        self.names = names
        self.module = module
        self.log = log
        self.value_of = value_of
        """Gives the value of a CONST."""
        self.constant_only = constant_only
        self.locals: dict[str, Local] = {}

    # ---- what a value has to be

    def value(self, node: n.Expr, want: Type) -> Value:
        """Compile an expression that has to be of a type; tell when it is not."""
        found = self.expr(node, want)
        if found.wrong or want.kind is WRONG or found.type == want:
            return found
        self.mismatch(node.span, found.type, want)
        return wrong()

    def mismatch(self, span: Span, found: Type, want: Type) -> None:
        """Tell that a type does not fit, and what to do."""
        remedy = "other"
        pair = (found.kind, want.kind)
        if found.dims != want.dims:
            remedy = "dims"
        elif pair == (NUM, BOOL):
            remedy = "compare"
        elif pair == (BOOL, NUM):
            remedy = "from_bool"
        elif want.kind is STRING:
            remedy = "to_string"
        elif pair == (NUM, DNUM):
            remedy = "to_dnum"
        elif pair == (DNUM, NUM):
            remedy = "to_num"
        self.log.tell(f"type.{remedy}", span, found=found.name, want=want.name)

    def expr(self, node: n.Expr, want: Type | None = None) -> Value:
        """Compile an expression; `want` is what an aggregate or a literal is read as."""
        method: Callable[[Any, Type | None], Value] = getattr(
            self, f"_{type(node).__name__.lower()}"
        )
        return method(node, want)

    # ---- leaves

    def _bad(self, _node: n.Bad, _want: Type | None) -> Value:
        return wrong()

    def _number(self, node: n.Number, want: Type | None) -> Value:
        kind = DNUM if want is not None and want.kind is DNUM else NUM
        return constant(Type(kind), node.value)

    def _text(self, node: n.Text, _want: Type | None) -> Value:
        return constant(Type(STRING), node.value)

    def _truth(self, node: n.Truth, _want: Type | None) -> Value:
        return constant(Type(BOOL), node.value)

    def _name(self, node: n.Name, _want: Type | None) -> Value:
        name = node.name.lower()
        local = self.locals.get(name)
        if local is not None:
            return self._local(local, node.span)
        datum = self.names.datum(self.module, name)
        if datum is not None:
            return self._datum(datum, node.span)
        if name in DATA:
            _, kind, value = DATA[name]
            return constant(Type(kind), value)
        if name in self.names.signals:
            return self._signal(name, node.span)
        if name == "errno":
            return pure(Type(NUM), lambda m, _f: m.errno)
        self.unknown(node)
        return wrong()

    def _local(self, local: Local, span: Span) -> Value:
        local.used = True
        slot = local.slot
        if self.constant_only and local.const is None:
            self.log.tell("const.variable", span, name=local.name, kind=local.kind)
            return wrong()
        if local.type.kind.name in SIGNAL_OF:
            return self._signal_parameter(local, span)
        if local.kind == "CONST" and local.const is not None:
            return constant(local.type, local.const)
        if local.optional:
            name = local.name
            if local.refers:
                return pure(local.type, lambda m, f: m.load_ref(there(f.values[slot], name)))
            return pure(local.type, lambda _m, f: there(f.values[slot], name))
        if local.refers:
            return pure(local.type, lambda m, f: m.load_ref(f.values[slot]))
        return pure(local.type, lambda _m, f: f.values[slot])

    def _signal_parameter(self, local: Local, span: Span) -> Value:
        writable, kind = SIGNAL_OF[local.type.kind.name]
        if writable:
            reader = READERS[kind]
            self.log.tell("signal.output_value", span, name=local.name, reader=reader)
            return wrong()
        slot = local.slot
        return pure(
            Type(NUM), lambda m, f: float(m.mover.signal(there(f.values[slot], local.name)))
        )

    def _datum(self, datum: Datum, span: Span) -> Value:
        if datum.kind == "CONST":
            value = self.value_of(datum)  # which may find its sizes first
            return constant(datum.type, value)
        if self.constant_only:
            self.log.tell("const.variable", span, name=datum.name, kind=datum.kind)
            return wrong()
        slot = datum.slot
        return pure(datum.type, lambda m, _f: m.data[slot])

    def _signal(self, name: str, span: Span) -> Value:
        signal = self.names.signals[name]
        if self.constant_only:
            self.log.tell("const.variable", span, name=signal.name, kind="signal")
            return wrong()
        if signal.writable:
            reader = READERS[signal.type]
            self.log.tell("signal.output_value", span, name=signal.name, reader=reader)
            return wrong()
        known = signal.name
        return pure(Type(NUM), lambda m, _f: float(m.mover.signal(known)))

    def unknown(self, node: n.Name) -> None:
        """Tell that a name stands for nothing."""
        name = node.name
        if self.names.routine(self.module, name.lower()) or name.lower() in (*FUNCTIONS, "present"):
            self.log.tell("name.no_value", node.span, name=name)
            return
        choices = [
            *(local.name for local in self.locals.values()),
            *self.names.all_data(self.module),
            *(signal.name for signal in self.names.signals.values()),
            *(known[0] for known in DATA.values()),
        ]
        self.log.tell("name.unknown", node.span, name=name, hint=nearest(name, choices))

    # ---- parts of values

    def _member(self, node: n.Member, _want: Type | None) -> Value:
        base = self.expr(node.base)
        step = self._component(base.type, node)
        if step is None:
            return wrong()
        at, kind = step
        return apply(kind, lambda record: record[at], [base])

    def _component(self, base: Type, node: n.Member) -> tuple[int, Type] | None:
        if base.kind is WRONG:
            return None
        found = None if base.dims else base.kind.field(node.name)
        if found is None:
            choices = [name for name, _ in base.kind.fields] if not base.dims else []
            self.log.tell(
                "name.component", node.name_span, name=node.name, type=base.name,
                hint=nearest(node.name, choices), choices=", ".join(choices) or "-",
            )  # fmt: skip
            return None
        return found[0], Type(found[1])

    def _index(self, node: n.Index, _want: Type | None) -> Value:
        base = self.expr(node.base)
        indices = self._indices(base.type, node)
        if indices is None:
            return wrong()
        return apply(Type(base.type.kind), _element, [base, *indices])

    def _indices(self, base: Type, node: n.Index) -> list[Value] | None:
        if base.kind is WRONG:
            return None
        if base.dims != len(node.indices):
            self.log.tell(
                "type.indices", node.span, type=base.name, found=len(node.indices), want=base.dims
            )
            return None
        return [self.value(index, Type(NUM)) for index in node.indices]

    def _aggregate(self, node: n.Aggregate, want: Type | None) -> Value:
        if want is None:
            self.log.tell("type.aggregate", node.span)
            return wrong()
        if want.kind is WRONG:
            return wrong()
        if want.dims:
            inner = Type(want.kind, want.dims - 1)
            if not node.parts:
                self.log.tell("type.parts", node.span, type=want.name, found=0, want="1…")
                return wrong()
            parts = [self.value(part, inner) for part in node.parts]
            return apply(want, lambda *values: list(values), parts)
        fields = want.kind.fields
        if not fields or len(fields) != len(node.parts):
            shown = "[" + ",".join(name for name, _ in fields) + "]" if fields else want.name
            self.log.tell(
                "type.parts", node.span, type=want.name, found=len(node.parts), want=shown
            )
            return wrong()
        parts = [
            self.value(part, Type(kind)) for part, (_, kind) in zip(node.parts, fields, strict=True)
        ]
        return apply(want, lambda *values: tuple(values), parts)

    # ---- operators

    def _unary(self, node: n.Unary, want: Type | None) -> Value:
        if node.op == "NOT":
            below = node.operand
            if isinstance(below, n.Binary) and below.op == "AND" and not below.parens:
                self.log.caution("warn.not_and", node.span)
            operand = self.value(node.operand, Type(BOOL))
            return operand if operand.wrong else apply(Type(BOOL), lambda a: not a, [operand])
        operand = self.expr(node.operand, want)
        if operand.wrong:
            return operand
        if operand.type.dims or operand.type.kind not in (NUM, DNUM, POS):
            self.log.tell("type.sign", node.span, op=node.op, found=operand.type.name)
            return wrong()
        return operand if node.op == "+" else apply(operand.type, negative, [operand])

    def _binary(self, node: n.Binary, want: Type | None) -> Value:
        if node.op in ("AND", "OR", "XOR"):
            self._portable(node.right)
        if node.op in ("AND", "OR"):
            left, right = self.value(node.left, Type(BOOL)), self.value(node.right, Type(BOOL))
            if left.wrong or right.wrong:
                return wrong()
            return either(left, right, when=node.op == "OR")
        left, right = self._sides(node, want)
        if left.wrong or right.wrong:
            return wrong()
        if node.op in ("=", "<>"):
            return self._equality(node, left, right)
        for operation in OPERATIONS[node.op]:
            if (left.type, right.type) == (Type(operation.left), Type(operation.right)):
                return apply(Type(operation.result), operation.do, [left, right])
        self.log.tell(
            "type.operands", node.span, op=node.op, left=left.type.name, right=right.type.name
        )
        return wrong()

    def _portable(self, node: n.Expr) -> None:
        """Warn of a NOT that the manual's grammar does not have there."""
        if isinstance(node, n.Unary) and node.op == "NOT" and not node.parens:
            self.log.caution("warn.not_place", node.span)

    def _sides(self, node: n.Binary, want: Type | None) -> tuple[Value, Value]:
        """Compile both sides; an aggregate or a whole number is read as what the other one is."""
        loose = (n.Aggregate, n.Number)
        if isinstance(node.left, loose) and not isinstance(node.right, loose):
            right = self.expr(node.right)
            like = right.type if isinstance(node.left, n.Number) or not right.wrong else want
            return self.expr(node.left, like), right
        hint = None if node.op in ("=", "<>", "<", ">", "<=", ">=") else want
        left = self.expr(node.left, hint)
        return left, self.expr(node.right, left.type)

    def _equality(self, node: n.Binary, left: Value, right: Value) -> Value:
        if left.type != right.type or left.type.dims or not left.type.kind.valued:
            key = "type.signal_bool" if self._is_signal(node.left) else "type.operands"
            self.log.tell(key, node.span, op=node.op, left=left.type.name, right=right.type.name)
            return wrong()
        return apply(Type(BOOL), equal if node.op == "=" else unequal, [left, right])

    def _is_signal(self, node: n.Expr) -> bool:
        return isinstance(node, n.Name) and node.name.lower() in self.names.signals

    # ---- calls: see Calls

    def _call(self, node: n.Call, _want: Type | None) -> Value:
        raise NotImplementedError


def there(value: Any, name: str) -> Any:
    """Return the value of a parameter.

    Raises:
        Fault: it is optional and was not given.
    """
    if value is None:
        raise Fault("not_present", name=name, errno="ERR_NOTPRES")
    return value


def checked(array: list[Any], index: float) -> int:
    """Return a place in a list from an index that begins with 1.

    Raises:
        Fault: there is no element of this index.
    """
    if index != int(index):
        raise Fault("index_whole", found=f"{index:g}")
    if not 1.0 <= index <= len(array):
        raise Fault("index", found=int(index), limit=len(array))
    return int(index) - 1


def _element(array: Any, *indices: float) -> Any:
    for index in indices:
        array = array[checked(array, index)]
    return array
