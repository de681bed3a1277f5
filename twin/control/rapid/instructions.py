"""Instructions: built-in ones that are done at once, those that wait, calls of procedures."""

from collections.abc import Callable
from functools import partial

from twin.control.syntax.diagnostic import nearest

from . import nodes as n
from . import steps
from .calls import Calls
from .functions import FUNCTIONS
from .kinds import BOOL, Type
from .motion import INSTRUCTIONS
from .signature import Builtin
from .sockets import RECEIVE_S, ready, receive
from .values import Code, Value, apply, constant
from .waits import ABSENT, WAITS, condition_of


class Instructions(Calls):
    """Compiles statements that begin with a name."""

    code: Code

    def _do_invoke(self, node: n.Invoke) -> None:
        name = node.name.lower()
        routine = self.names.routine(self.module, name)
        if routine is not None:
            if routine.result is not None:
                self.log.tell("call.function", node.name_span, name=routine.name)
                return
            self.called(routine, node.args, node.span).emit(self.code)
        elif name in WAITS:
            self._wait(WAITS[name], node)
        elif name in ("stop", "break"):
            self._stop(node)
        elif name in INSTRUCTIONS:
            self._instruction(INSTRUCTIONS[name], node)
        elif name in ABSENT:
            self.log.tell("absent.instruction", node.name_span, name=node.name)
        else:
            self._unknown(node)

    def _unknown(self, node: n.Invoke) -> None:
        name = node.name.lower()
        if name in self.locals or self.names.datum(self.module, name) is not None:
            self.log.tell("call.statement", node.name_span, name=node.name)
        elif name in FUNCTIONS:
            self.log.tell("call.function", node.name_span, name=node.name)
        else:
            choices = [b.name for b in INSTRUCTIONS.values()] + [w.name for w in WAITS.values()]
            choices += ["Stop", *self.names.all_routines(self.module)]
            hint = nearest(node.name, choices)
            self.log.tell("call.unknown", node.name_span, name=node.name, hint=hint)

    def _stop(self, node: n.Invoke) -> None:
        if any(not arg.option for arg in node.args):
            self.log.tell("call.count", node.span, name=node.name, found=1, want=0, names="-")
        self.code.put(steps.stop)

    def _instruction(self, builtin: Builtin, node: n.Invoke) -> None:
        values = self.builtin_args(builtin, node.args, node.span)
        if builtin.name == "SingArea" and any(a.option.lower() == "wrist" for a in node.args):
            self.log.caution("warn.sing_area", node.span)
        if values is None:
            return
        do = builtin.do
        if builtin.name.startswith("Move"):
            do = partial(do, names=self._move_names(builtin, node))
        self.emit_do(do, values)

    def emit_do(self, do: Callable[..., None], values: list[Value]) -> None:
        """Add an instruction with its arguments."""
        fns = [value.fn for value in values]
        if None in fns:
            for value in values:
                value.emit(self.code)
            self.code.put(steps.instruct_stack, (do, len(values)))
        else:
            self.code.put(steps.instruct, (do, tuple(fns)))

    def _move_names(self, builtin: Builtin, node: n.Invoke) -> tuple[str, str]:
        """Return what the target and the tool of a movement are called."""
        given = [arg.value for arg in node.args if not arg.option]
        target = given[1] if builtin.name == "MoveC" else given[0]
        return _called(target), _called(given[-1])

    def _wait(self, builtin: Builtin, node: n.Invoke) -> None:
        values = self.builtin_args(builtin, node.args, node.span)
        if values is None:
            return
        by_name = dict(zip([p.name.lower() for p in builtin.params if p.mode != "ABSENT"], values,
                           strict=True))  # fmt: skip
        if "inpos" in by_name and by_name["inpos"].const is True:
            self.code.put(steps.wait_rest)
        if builtin.name == "WaitRob":
            self.code.put(steps.wait_rest)
            return
        if builtin.name == "WaitTime":
            by_name["time"].emit(self.code)
            self.code.put(steps.wait_time)
            return
        if builtin.name == "SocketReceive":
            self._receive(by_name)
            return
        condition = condition_of(builtin, by_name)
        by_name["timeflag"].emit(self.code)
        by_name["maxtime"].emit(self.code)
        self.code.put(steps.wait_begin)
        self._until(condition, "ERR_WAIT_MAXTIME")

    def _until(self, condition: Value, errno: str) -> None:
        again = self.code.here
        condition.emit(self.code)
        self.code.put(steps.wait_condition, (again, condition.restless, errno))

    def _receive(self, values: dict[str, Value]) -> None:
        constant(Type(BOOL), None).emit(self.code)
        given = values["time"]
        (constant(given.type, RECEIVE_S) if given.const is None else given).emit(self.code)
        self.code.put(steps.wait_begin)
        parts = [values[name] for name in ("socket", "rawdata", "readnoofbytes")]
        self._until(apply(Type(BOOL), ready, parts, uses=True), "ERR_SOCK_TIMEOUT")
        names = ("socket", "str", "rawdata", "readnoofbytes", "norecbytes")
        self.emit_do(receive, [values[name] for name in names])


def _called(node: n.Expr | None) -> str:
    """Return the name that a target is known by: of the point itself, or the one it is off."""
    if isinstance(node, n.Name):
        return node.name
    if isinstance(node, n.Call) and node.args and isinstance(node.args[0].value, n.Expr):
        inner = _called(node.args[0].value)
        return f"{node.name}({inner}…)" if inner else ""
    if isinstance(node, n.Index):
        inner = _called(node.base)
        return f"{inner}{{…}}" if inner else ""
    return ""
