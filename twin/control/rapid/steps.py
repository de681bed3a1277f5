"""What the machine does for each kind of statement: the instructions of a compiled routine."""

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING

from .builtin import ERROR_NAMES
from .fault import Fault
from .kinds import Type, copied, shape, zeros
from .limits import LIMITS
from .machine import POLL_S
from .values import Fn

if TYPE_CHECKING:
    from .machine import Machine
    from .memory import Frame


def statement(m: "Machine", frame: "Frame", arg: tuple[int, int]) -> None:
    """Begin a statement: stop ahead of it at a breakpoint, or when stepping."""
    _, line = arg
    m.charge(1)
    if m.skip:
        m.skip = False
        return
    stepped = m.stepping >= len(m.frames)
    if stepped or (m.breakpoints and line in m.breakpoints and m.stepping < 0):
        frame.pc -= 1
        m.stop(reason="step" if stepped else "break")


# ---- data


def store_local(_m: "Machine", frame: "Frame", slot: int) -> None:
    """Put a single value into a slot of the frame."""
    frame.values[slot] = frame.stack.pop()


def store_datum(m: "Machine", frame: "Frame", slot: int) -> None:
    """Put a single value into data of a module."""
    m.data[slot] = frame.stack.pop()


def store_ref(m: "Machine", frame: "Frame", _arg: None) -> None:
    """Put a single value where a reference leads."""
    ref = frame.stack.pop()
    m.store_ref(ref, frame.stack.pop())


def store_array(m: "Machine", frame: "Frame", _arg: None) -> None:
    """Put an array where a reference leads; it has to have the same sizes."""
    ref = frame.stack.pop()
    value = frame.stack.pop()
    there, here = shape(m.load_ref(ref)), shape(value)
    m.charge(prod(here) // 16)
    if there != here:
        raise Fault("shape", found=_sizes(here), want=_sizes(there))
    m.store_ref(ref, copied(value))


def _sizes(sizes: tuple[int, ...]) -> str:
    return "{" + ",".join(map(str, sizes)) + "}"


def init_local(m: "Machine", frame: "Frame", arg: tuple[int, Type, tuple[int, ...], Fn]) -> None:
    """Give data of a routine its first value."""
    slot, _, sizes, fn = arg
    value = fn(m, frame)
    if sizes:
        m.room(value)
        m.charge(prod(sizes) // 16)
        if shape(value) != sizes:
            raise Fault("shape", found=_sizes(shape(value)), want=_sizes(sizes))
        value = copied(value)
    frame.values[slot] = value


def zero_local(m: "Machine", frame: "Frame", arg: tuple[int, Type, tuple[int, ...]]) -> None:
    """Give data of a routine the value that it has when none is declared."""
    slot, kind, sizes = arg
    value = zeros(kind.kind, sizes)
    if sizes:
        m.charge(prod(sizes) // 16)
        m.room(value)
    frame.values[slot] = value


# ---- loops


def for_begin(_m: "Machine", frame: "Frame", arg: tuple[int, bool]) -> None:
    """Take start, end and step from the stack."""
    slot, has_step = arg
    step = frame.stack.pop() if has_step else None
    end, start = frame.stack.pop(), frame.stack.pop()
    if step is None:
        step = 1.0 if start <= end else -1.0
    if step == 0.0:
        raise Fault("zero_step")
    frame.values[slot] = start
    frame.values[slot + 1] = end
    frame.values[slot + 2] = step


def for_test(_m: "Machine", frame: "Frame", arg: tuple[int, int]) -> None:
    """Leave the loop when its variable is past the end."""
    slot, to = arg
    at, end, step = frame.values[slot : slot + 3]
    if at > end if step > 0.0 else at < end:
        frame.pc = to


def for_step(m: "Machine", frame: "Frame", arg: tuple[int, int]) -> None:
    """Count on, and back to the test."""
    slot, to = arg
    m.charge(1)
    frame.values[slot] += frame.values[slot + 2]
    frame.pc = to


def on_case(_m: "Machine", frame: "Frame", to: int) -> None:
    """Compare the value of TEST, kept below on the stack; go to the case when it is the same."""
    value = frame.stack.pop()
    if frame.stack[-1] == value:
        frame.stack.pop()
        frame.pc = to


def drop(_m: "Machine", frame: "Frame", _arg: None) -> None:
    """Forget the last value."""
    frame.stack.pop()


# ---- routines and errors


def return_(m: "Machine", frame: "Frame", has_value: bool) -> None:  # noqa: FBT001
    """Leave the routine."""
    m.leave(copied(frame.stack.pop()) if has_value else None)


def no_result(_m: "Machine", _frame: "Frame", name: str) -> None:
    """The end of a function has been reached."""
    raise Fault("no_result", name=name)


def raise_(m: "Machine", frame: "Frame", arg: tuple[bool, bool]) -> None:
    """Raise an error, or, in a handler, hand it on to the caller."""
    has_value, in_handler = arg
    if not has_value:
        errno = frame.errno
        if not m.reraise(errno):
            raise Fault("raised", errno=0.0, name=error_name(errno))
        return
    errno = frame.stack.pop()
    if errno <= 0.0:
        raise Fault("ill_raise", errno=0.0)
    if in_handler:
        if not m.reraise(errno):
            raise Fault("raised", errno=0.0, name=error_name(errno))
        return
    raise Fault("raised", errno=errno, name=error_name(errno))


def error_name(errno: float) -> str:
    """Return how an error is called."""
    return ERROR_NAMES.get(errno) or f"ERRNO {errno:g}"


def retry(m: "Machine", frame: "Frame", _arg: None) -> None:
    """Do the statement again that failed."""
    frame.retries += 1
    if frame.retries > LIMITS.retries:
        from .builtin import ERRORS

        frame.retries = 0
        if not m.reraise(ERRORS["ERR_EXCRTYMAX"]):
            raise Fault("retries", limit=LIMITS.retries)
        return
    _leave_handler(m, frame, begin=True)


def try_next(m: "Machine", frame: "Frame", _arg: None) -> None:
    """Go on behind the statement that failed."""
    frame.retries = 0
    _leave_handler(m, frame, begin=False)


def _leave_handler(m: "Machine", frame: "Frame", *, begin: bool) -> None:
    failed = m.routines[frame.routine].statements[frame.failed]
    frame.pc = failed.begin if begin else failed.end
    frame.errno = 0.0
    frame.stack.clear()


def stop(m: "Machine", frame: "Frame", _arg: None) -> None:
    """`Stop`: once the arm is at rest."""
    if m.mover.moving:
        frame.pc -= 1
        m.hold("rest")
    else:
        m.stop(reason="statement")


def exit_(m: "Machine", _frame: "Frame", _arg: None) -> None:
    """`EXIT`: over; the pointer has to be set to main."""
    m.finish()


# ---- instructions


def instruct(m: "Machine", frame: "Frame", arg: tuple[Callable[..., None], tuple[Fn, ...]]) -> None:
    """Do an instruction whose arguments call no routine of the program."""
    do, fns = arg
    do(m, *[fn(m, frame) for fn in fns])


def instruct_stack(m: "Machine", frame: "Frame", arg: tuple[Callable[..., None], int]) -> None:
    """Do an instruction with the last values of the stack."""
    do, count = arg
    values = frame.stack[len(frame.stack) - count :]
    del frame.stack[len(frame.stack) - count :]
    do(m, *values)


# ---- waiting


def wait_time(m: "Machine", frame: "Frame", _arg: None) -> None:
    """`WaitTime`."""
    seconds = frame.stack.pop()
    if not 0.0 <= seconds <= 1e7:
        raise Fault("seconds", found=f"{seconds:g}", errno="ERR_ARGVALERR")
    if seconds > 0.0:
        m.hold("time", m.now_s + seconds)


def wait_rest(m: "Machine", frame: "Frame", _arg: None) -> None:
    """Wait until the arm is at rest."""
    if m.mover.moving:
        frame.pc -= 1
        m.hold("rest")


def wait_begin(m: "Machine", frame: "Frame", _arg: None) -> None:
    """Turn the greatest time to wait, or None, into the time at which it is over."""
    most = frame.stack.pop()
    if most is not None and not 0.0 <= most <= 3.5e38:
        raise Fault("seconds", found=f"{most:g}", errno="ERR_ARGVALERR")
    frame.stack.append(-1.0 if most is None or most > 1e7 else m.now_s + most)


def wait_condition(m: "Machine", frame: "Frame", arg: tuple[int, bool, str]) -> None:
    """Take a condition; below it lie when waiting is over and where to say so.

    Go on when it holds; else wait and work it out anew.
    """
    again, restless, errno = arg
    holds = frame.stack.pop()
    until_s, flag = frame.stack[-1], frame.stack[-2]
    late = 0.0 <= until_s <= m.now_s + 1e-9
    if holds or late:
        del frame.stack[-2:]
        if flag is not None:
            m.store_ref(flag, not holds)
        elif not holds:
            raise Fault("socket_time" if "SOCK" in errno else "max_time", errno=errno)
        return
    frame.pc = again
    look_s = m.now_s + POLL_S if restless else -1.0
    ends = [t for t in (until_s, look_s) if t >= 0.0]
    m.hold("signal", min(ends, default=-1.0))
