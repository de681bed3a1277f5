"""What an expression comes to: its type and the code that makes its value.

An expression that calls no routine of the program is one Python function; one that does leaves its
parts on the frame's stack, so that a snapshot can be taken within it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .fault import Fault
from .kinds import WRONG, Type
from .program import Do, Op, Statement

if TYPE_CHECKING:
    from .machine import Machine
    from .memory import Frame

Fn = Callable[["Machine", "Frame"], Any]
NOTHING: Any = object()


@dataclass(slots=True)
class Code:
    """Instructions of one routine, as they are made."""

    ops: list[Op] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    stmt: int = -1

    def put(self, do: Do, arg: Any = None) -> int:
        """Add an instruction; return its number."""
        self.ops.append(Op(do, arg, self.stmt))
        return len(self.ops) - 1

    def aim(self, at: int, target: int | None = None) -> None:
        """Let a jump lead to `target`, or to what comes next."""
        op = self.ops[at]
        self.ops[at] = op._replace(arg=len(self.ops) if target is None else target)

    @property
    def here(self) -> int:
        """Return the number of the next instruction."""
        return len(self.ops)


@dataclass(slots=True)
class Value:
    """An expression with a meaning."""

    type: Type
    fn: Fn | None
    emit: Callable[[Code], None]
    """Add code that leaves the value on the stack."""
    const: Any = NOTHING
    restless: bool = False
    """Whether it changes without a signal that tells."""

    @property
    def wrong(self) -> bool:
        """Whether it was told to be wrong already."""
        return self.type.kind is WRONG


def push(_m: "Machine", frame: "Frame", fn: Fn) -> None:
    """Leave the value of a function on the stack."""
    frame.stack.append(fn(_m, frame))


def apply_op(m: "Machine", frame: "Frame", arg: tuple[Callable[..., Any], int, bool]) -> None:
    """Replace the last values on the stack by what a function makes of them."""
    fn, count, uses = arg
    stack = frame.stack
    values = stack[len(stack) - count :]
    del stack[len(stack) - count :]
    stack.append(fn(m, frame, *values) if uses else fn(*values))


def pure(kind: Type, fn: Fn, *, const: Any = NOTHING, restless: bool = False) -> Value:
    """Return a value that is one function."""
    return Value(kind, fn, lambda code: _emit_fn(code, fn), const, restless)


def _emit_fn(code: Code, fn: Fn) -> None:
    code.put(push, fn)


def constant(kind: Type, value: Any) -> Value:
    """Return a constant."""
    return pure(kind, lambda _m, _f: value, const=value)


def wrong() -> Value:
    """Return what stands for an expression that was told to be wrong."""
    return constant(Type(WRONG), 0.0)


def apply(
    kind: Type,
    fn: Callable[..., Any],
    parts: Sequence[Value],
    *,
    uses: bool = False,
    restless: bool = False,
) -> Value:
    """Return a function of values; one that `uses` the machine is given it and the frame first."""
    if any(part.wrong for part in parts):
        return wrong()
    restless = restless or any(part.restless for part in parts)
    fns = [part.fn for part in parts]
    if None in fns:
        return Value(kind, None, lambda code: _emit_parts(code, fn, parts, uses), restless=True)
    made: list[Any] = fns
    if uses:
        return pure(kind, lambda m, f: fn(m, f, *[part(m, f) for part in made]), restless=restless)
    if all(part.const is not NOTHING for part in parts):
        try:
            return constant(kind, fn(*[part.const for part in parts]))
        except (Fault, ArithmeticError, ValueError):
            pass  # the run tells it, with its handler
    if len(made) == 2:
        one, two = made
        return pure(kind, lambda m, f: fn(one(m, f), two(m, f)), restless=restless)
    return pure(kind, lambda m, f: fn(*[part(m, f) for part in made]), restless=restless)


def _emit_parts(code: Code, fn: Callable[..., Any], parts: Sequence[Value], uses: bool) -> None:  # noqa: FBT001
    for part in parts:
        part.emit(code)
    code.put(apply_op, (fn, len(parts), uses))


# ---- jumps


def jump(_m: "Machine", frame: "Frame", to: int) -> None:
    """Go on elsewhere."""
    frame.pc = to


def jump_false(_m: "Machine", frame: "Frame", to: int) -> None:
    """Take a condition; go on elsewhere when it does not hold."""
    if not frame.stack.pop():
        frame.pc = to


def decide(_m: "Machine", frame: "Frame", arg: tuple[bool, int]) -> None:
    """Leave a left side that decides; take it away when the right one does."""
    when, to = arg
    if frame.stack[-1] is when:
        frame.pc = to
    else:
        frame.stack.pop()


def either(left: Value, right: Value, *, when: bool) -> Value:
    """Return left OR right (`when` True), left AND right (False): the left one may decide."""
    kind = left.type
    if left.fn is not None and right.fn is not None:
        one, two = left.fn, right.fn
        restless = left.restless or right.restless
        if when:
            return pure(kind, lambda m, f: one(m, f) or two(m, f), restless=restless)
        return pure(kind, lambda m, f: one(m, f) and two(m, f), restless=restless)

    def emit(code: Code) -> None:
        left.emit(code)
        at = code.put(decide)
        right.emit(code)
        code.aim(at, None)
        code.ops[at] = code.ops[at]._replace(arg=(when, code.here))

    return Value(kind, None, emit, NOTHING, restless=True)
