"""Arguments to parameters, of built-in instructions and functions and of routines."""

from collections.abc import Sequence

from twin.control.syntax.diagnostic import Span, nearest

from . import nodes as n
from .builtin import DATA
from .expressions import there
from .kinds import ANY, NUM, SIGNAL_OF, SIGNALS, SWITCH, UNIT, Type
from .places import Place, Places
from .program import Param, Routine
from .signature import Builtin, Parameter
from .values import Value, constant, pure, wrong


class Arguments(Places):
    """Compiles arguments."""

    # ---- of routines of the program

    def routine_args(self, routine: Routine, args: list[n.Arg], span: Span) -> list[Value] | None:
        """Compile the arguments of a routine of the program; None: told that they do not fit."""
        places = self._places(routine.name, routine.params, args, span)
        if places is None:
            return None
        return [
            self._routine_arg(param, arg) for param, arg in zip(routine.params, places, strict=True)
        ]

    def _routine_arg(self, param: Param, arg: n.Arg | None) -> Value:
        found = self._given(param, arg, param)
        if isinstance(found, Value):
            return found
        if param.mode == "IN":
            return self.value(found, param.type)
        return self._referred(found, (param.type,), param.mode, param.name) or wrong()

    def _given(
        self, param: Param | Parameter, arg: n.Arg | None, own: Param | None
    ) -> Value | n.Expr:
        """Return the value of an argument, or its tree where the parameter says how it is read.

        Args:
            param: what it is for.
            arg: None where nothing is given.
            own: `param`, if it belongs to a routine of the program.
        """
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
            return self._handed_on(arg.value, own)
        if kind.name in SIGNAL_OF:
            return self._signal_arg(arg.value, *SIGNAL_OF[kind.name])
        return arg.value

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
        found = self._given(param, arg, None)
        if isinstance(found, Value):
            return found
        if param.type.kind is UNIT:
            return self._unit_arg(found)
        if param.mode == "VAR":
            types = tuple(Type(entry) for entry in param.kinds)
            return self._referred(found, types, "INOUT", param.name) or wrong()
        if param.mode == "PERS":
            return self._persistent(found, param)
        return self._one_of(found, param)

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
            fitting = [
                each.name
                for each in self.names.signals.values()
                if (each.writable, each.type) == (writable, kind)
            ]
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
