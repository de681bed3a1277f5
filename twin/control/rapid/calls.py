"""Calls: arguments to parameters, of built-in instructions and functions and of routines."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import nodes as n
from .builtin import DATA
from .diagnostic import Span, nearest
from .expressions import Expressions, Place, there
from .functions import FUNCTIONS
from .kinds import ANY, BOOL, NUM, SIGNAL_OF, SIGNALS, STRING, SWITCH, UNIT, Type, copied, shape
from .kinds import count as count_of
from .literals import NoValue, value_of_text
from .motion import INSTRUCTIONS
from .program import Param, Routine
from .signature import Builtin, Parameter
from .values import NOTHING, Code, Value, apply, constant, pure, wrong

if TYPE_CHECKING:
    from .machine import Machine
    from .memory import Frame

_NONE = Type(SWITCH)


def call_op(m: "Machine", frame: "Frame", arg: tuple[int, int]) -> None:
    """Begin a routine with the last values of the stack."""
    number, count = arg
    args = frame.stack[len(frame.stack) - count :]
    del frame.stack[len(frame.stack) - count :]
    for value in args:
        if type(value) is list:
            m.charge(count_of(value) // 16)
            m.room(value)
    m.call(number, [copied(value) for value in args])


class Calls(Expressions):
    """Compiles calls."""

    def _call(self, node: n.Call, _want: Type | None) -> Value:
        name = node.name.lower()
        if self.constant_only:
            self.log.tell("const.call", node.span, name=node.name)
            return wrong()
        routine = self.names.routine(self.module, name)
        if routine is not None:
            if routine.result is None:
                self.log.tell("call.no_value", node.name_span, name=routine.name)
                return wrong()
            return self.called(routine, node.args, node.span)
        if name == "present":
            return self._present(node)
        if name == "strtoval":
            return self._str_to_val(node)
        builtin = FUNCTIONS.get(name)
        if builtin is None:
            self._unknown_function(node)
            return wrong()
        values = self.builtin_args(builtin, node.args, node.span)
        if values is None or builtin.result is None:
            return wrong()
        if builtin.machine:
            do = builtin.do
            return apply(
                builtin.result, lambda m, _f, *given: do(m, *given), values,
                uses=True, restless=builtin.restless,
            )  # fmt: skip
        return apply(builtin.result, builtin.do, values)

    def _unknown_function(self, node: n.Call) -> None:
        name = node.name.lower()
        if name in INSTRUCTIONS:
            self.log.tell("call.no_value", node.name_span, name=node.name)
        elif name in self.locals or self.names.datum(self.module, name) or name in DATA:
            self.log.tell("call.data", node.name_span, name=node.name)
        else:
            choices = [b.name for b in FUNCTIONS.values()]
            choices += self.names.all_routines(self.module)
            hint = nearest(node.name, choices)
            self.log.tell("call.unknown_function", node.name_span, name=node.name, hint=hint)

    def _present(self, node: n.Call) -> Value:
        arg = node.args[0].value if len(node.args) == 1 else None
        local = self.locals.get(arg.name.lower()) if isinstance(arg, n.Name) else None
        if local is None or not local.optional:
            self.log.tell("call.present", node.span)
            return wrong()
        local.used = True
        slot = local.slot
        return pure(Type(BOOL), lambda _m, f: f.values[slot] is not None)

    def _str_to_val(self, node: n.Call) -> Value:
        given = [arg.value for arg in node.args if arg.value is not None and not arg.option]
        if len(given) != 2 or len(node.args) != 2:
            self.log.tell(
                "call.count", node.span, name="StrToVal", found=len(node.args), want=2,
                names="Str, Val",
            )  # fmt: skip
            return wrong()
        text = self.value(given[0], Type(STRING))
        place = self.place(given[1])
        if text.wrong or place is None or not self.writable(place):
            return wrong()
        kind = place.type

        def read(m: "Machine", _f: "Frame", source: str, ref: Any) -> bool:
            try:
                found = value_of_text(source, kind)
            except NoValue:
                return False
            if shape(found) != shape(m.load_ref(ref)):
                return False
            m.store_ref(ref, found)
            return True

        return apply(Type(BOOL), read, [text, self.reference(place)], uses=True)

    # ---- routines of the program

    def called(self, routine: Routine, args: list[n.Arg], span: Span) -> Value:
        """Compile the call of a routine."""
        places = self._places(routine.name, routine.params, args, span)
        if places is None:
            return wrong()
        values = [
            self._routine_arg(param, arg) for param, arg in zip(routine.params, places, strict=True)
        ]

        def emit(code: Code) -> None:
            for value in values:
                value.emit(code)
            code.put(call_op, (routine.number, len(values)))

        return Value(routine.result or _NONE, None, emit, NOTHING, restless=True)

    def _routine_arg(self, param: Param, arg: n.Arg | None) -> Value:
        if arg is None:
            return constant(param.type, None)
        if param.type.kind is SWITCH and not arg.maybe:
            if arg.value is not None:
                self.log.tell("call.switch", arg.span, name=param.name)
            return constant(param.type, True)  # noqa: FBT003
        if arg.value is None:
            self.log.tell("call.option_value", arg.span, name=param.name)
            return wrong()
        if arg.maybe:
            return self._handed_on(arg.value, param)
        if param.type.kind.name in SIGNAL_OF:
            return self._signal_arg(arg.value, *SIGNAL_OF[param.type.kind.name])
        if param.mode == "IN":
            return self.value(arg.value, param.type)
        return self._referred(arg.value, (param.type,), param.mode, param.name) or wrong()

    def _handed_on(self, node: n.Expr, param: Param | None) -> Value:
        local = self.locals.get(node.name.lower()) if isinstance(node, n.Name) else None
        if local is None or not local.optional:
            self.log.tell("call.present", node.span)
            return wrong()
        local.used = True
        if param is not None and param.type != local.type:
            self.mismatch(node.span, local.type, param.type)
        slot = local.slot
        if local.refers and (param is None or param.mode == "IN"):
            return pure(
                local.type,
                lambda m, f: None if f.values[slot] is None else m.load_ref(f.values[slot]),
            )
        return pure(local.type, lambda _m, f: f.values[slot])

    def _referred(
        self, node: n.Expr, types: tuple[Type, ...], mode: str, name: str
    ) -> Value | None:
        """Compile an argument that the routine refers to."""
        place = self.place(node)
        if place is None:
            return None
        if place.type not in types:
            self.mismatch(node.span, place.type, types[0])
            return None
        if mode == "PERS":
            if place.kind != "PERS" or not place.whole:
                self.log.tell("call.needs_pers", node.span, name=name, found=place.root.name)
                return None
        elif not self.writable(place):
            return None
        elif mode == "VAR" and place.kind == "PERS":
            self.log.tell("call.needs_var", node.span, name=name, found=place.root.name)
            return None
        return self.reference(place)

    # ---- built-in ones

    def builtin_args(self, builtin: Builtin, args: list[n.Arg], span: Span) -> list[Value] | None:
        """Compile the arguments of an instruction or a function; None: told to be wrong."""
        places = self._places(builtin.name, builtin.params, args, span)
        if places is None:
            return None
        values = []
        for param, arg in zip(builtin.params, places, strict=True):
            if param.mode == "ABSENT":
                if arg is not None:
                    self.log.tell("absent.option", arg.span, name=param.name, routine=builtin.name)
                continue
            values.append(self._builtin_arg(param, arg))
        return None if any(value.wrong for value in values) else values

    def _builtin_arg(self, param: Parameter, arg: n.Arg | None) -> Value:
        kind = param.type.kind
        if arg is None:
            return constant(param.type, None)
        if kind is SWITCH and not arg.maybe:
            if arg.value is not None:
                self.log.tell("call.switch", arg.span, name=param.name)
            return constant(param.type, True)  # noqa: FBT003
        if arg.value is None:
            self.log.tell("call.option_value", arg.span, name=param.name)
            return wrong()
        if arg.maybe:
            return self._handed_on(arg.value, None)
        if kind.name in SIGNAL_OF:
            return self._signal_arg(arg.value, *SIGNAL_OF[kind.name])
        if kind is UNIT:
            return self._unit_arg(arg.value)
        if param.mode == "VAR":
            types = tuple(Type(entry) for entry in param.kinds)
            return self._referred(arg.value, types, "INOUT", param.name) or wrong()
        if param.mode == "PERS":
            return self._persistent(arg.value, param)
        return self._one_of(arg.value, param)

    def _one_of(self, node: n.Expr, param: Parameter) -> Value:
        if param.type.kind is ANY:
            found = self.expr(node)
            if found.type.dims and not param.dims:
                self.mismatch(node.span, found.type, Type(found.type.kind))
                return wrong()
            return found
        if len(param.kinds) == 1:
            return self.value(node, param.type)
        found = self.expr(node)
        if found.wrong or found.type in [Type(kind) for kind in param.kinds]:
            return found
        self.mismatch(node.span, found.type, param.type)
        return wrong()

    def _persistent(self, node: n.Expr, param: Parameter) -> Value:
        """Compile a tool, a work object or a load: a PERS, or one that every program knows."""
        if isinstance(node, n.Name) and node.name.lower() in DATA:
            shadowed = node.name.lower() in self.locals
            if not shadowed and self.names.datum(self.module, node.name.lower()) is None:
                return self.value(node, param.type)
        place = self._quiet_place(node)
        if place is not None and (place.kind != "PERS" or not place.whole):
            self.log.tell("call.needs_pers", node.span, name=param.name, found=place.root.name)
            return wrong()
        if place is None and not isinstance(node, n.Name):
            self.log.tell("call.needs_pers", node.span, name=param.name, found="…")
            return wrong()
        return self.value(node, param.type)

    def _quiet_place(self, node: n.Expr) -> Place | None:
        base = node
        while isinstance(base, n.Member | n.Index):
            base = base.base
        if not isinstance(base, n.Name):
            return None
        name = base.name.lower()
        if name not in self.locals and self.names.datum(self.module, name) is None:
            return None
        return self.place(node)

    def _signal_arg(self, node: n.Expr, writable: bool, kind: type) -> Value:  # noqa: FBT001
        name = node.name.lower() if isinstance(node, n.Name) else ""
        wanted = SIGNALS[writable, kind].name
        local = self.locals.get(name)
        if local is not None and local.type.kind.name in SIGNAL_OF:
            local.used = True
            if local.type.kind.name != wanted:
                found = local.type.kind.name
                self.log.tell("signal.kind", node.span, name=local.name, found=found, want=wanted)
                return wrong()
            slot = local.slot
            return pure(Type(NUM), lambda _m, f: there(f.values[slot], local.name))
        signal = self.names.signals.get(name)
        if signal is None:
            fitting = [s.name for s in self.names.signals.values() if s.type is kind]
            shown = node.name if isinstance(node, n.Name) else "…"
            self.log.tell(
                "signal.unknown", node.span, name=shown, want=wanted,
                hint=nearest(shown, fitting), choices=", ".join(sorted(fitting)[:12]) or "-",
            )  # fmt: skip
            return wrong()
        if (signal.writable, signal.type) != (writable, kind):
            found = SIGNALS[signal.writable, signal.type].name
            self.log.tell("signal.kind", node.span, name=signal.name, found=found, want=wanted)
            return wrong()
        return constant(Type(NUM), signal.name)

    def _unit_arg(self, node: n.Expr) -> Value:
        name = node.name if isinstance(node, n.Name) else ""
        unit = self.names.units.get(name.lower())
        if unit is None:
            choices = ", ".join(self.names.units.values()) or "-"
            self.log.tell("signal.unit", node.span, name=name or "…", choices=choices)
            return wrong()
        return constant(Type(NUM), unit)

    # ---- which argument is for which parameter

    def _places(
        self, name: str, params: Sequence[Param | Parameter], args: list[n.Arg], span: Span
    ) -> list[n.Arg | None] | None:
        """Return the argument of each parameter; None: told that they do not fit."""
        found: list[n.Arg | None] = [None] * len(params)
        required = [at for at, param in enumerate(params) if not param.optional]
        errors = self.log.errors
        given = 0
        groups: dict[int, str] = {}
        for arg in args:
            if not arg.option:
                if given < len(required):
                    found[required[given]] = arg
                given += 1
                continue
            at = self._option(name, params, arg)
            if at is None:
                continue
            param = params[at]
            if found[at] is not None:
                self.log.tell("call.twice", arg.span, name=param.name)
            elif param.group and groups.setdefault(param.group, param.name) != param.name:
                self.log.tell("call.either", arg.span, name=param.name, other=groups[param.group])
            found[at] = arg
        if given != len(required):
            names = ", ".join(params[at].name for at in required) or "-"
            self.log.tell(
                "call.count", span, name=name, found=given, want=len(required), names=names
            )
        return None if self.log.errors > errors else found

    def _option(self, name: str, params: Sequence[Param | Parameter], arg: n.Arg) -> int | None:
        for at, param in enumerate(params):
            if param.name.lower() == arg.option.lower():
                if param.optional:
                    return at
                self.log.tell("call.not_option", arg.span, name=param.name)
                return None
        choices = [param.name for param in params if param.optional]
        self.log.tell(
            "call.option", arg.span, name=arg.option, routine=name,
            hint=nearest(arg.option, choices), choices=", ".join(choices) or "-",
        )  # fmt: skip
        return None
