"""Calls of functions and of routines."""

from typing import TYPE_CHECKING, Any

from twin.control.syntax.diagnostic import Span, nearest

from . import nodes as n
from .arguments import Arguments
from .builtin import DATA
from .functions import FUNCTIONS
from .kinds import BOOL, STRING, SWITCH, Type, copied, shape
from .kinds import count as count_of
from .literals import NoValue, value_of_text
from .motion import INSTRUCTIONS
from .program import Routine
from .values import NOTHING, Code, Value, apply, pure, wrong

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


class Calls(Arguments):
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
        values = self.routine_args(routine, args, span)
        if values is None:
            return wrong()

        def emit(code: Code) -> None:
            for value in values:
                value.emit(code)
            code.put(call_op, (routine.number, len(values)))

        return Value(routine.result or _NONE, None, emit, NOTHING, restless=True)
