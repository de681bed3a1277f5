"""Instructions for signals, the operator, clocks and counting."""

from typing import TYPE_CHECKING, Any

from .arithmetic import number, whole
from .builtin import FIRST_BOOKED
from .fault import Fault
from .kinds import number_text, text_of
from .motion import instruction

if TYPE_CHECKING:
    from .machine import Machine

LONGEST_S = 1e7


def _seconds(value: float | None) -> float:
    if value is not None and not 0.0 <= value <= LONGEST_S:
        raise Fault("seconds", found=number_text(value), errno="ERR_ARGVALERR")
    return value or 0.0


def _set(m: "Machine", signal: str, value: Any, delay: float | None = None) -> None:
    delay_s = _seconds(delay)
    if delay_s > 0.0:
        m.later(delay_s, signal, value)
    else:
        m.mover.set_signal(signal, value)


def _level(value: float) -> bool:
    if value not in (0.0, 1.0, True, False):
        raise Fault("level", found=number_text(float(value)), errno="ERR_ARGVALERR")
    return bool(value)


# ---- outputs


@instruction("SetDO", r"\SDelay:num|\Sync Signal:signaldo Value:level")
def _set_do(m: "Machine", delay: Any, _sync: Any, signal: str, value: float) -> None:
    _set(m, signal, _level(value), delay)


@instruction("Set", "Signal:signaldo")
def _set_on(m: "Machine", signal: str) -> None:
    m.mover.set_signal(signal, True)  # noqa: FBT003


@instruction("Reset", "Signal:signaldo")
def _reset(m: "Machine", signal: str) -> None:
    m.mover.set_signal(signal, False)  # noqa: FBT003


@instruction("InvertDO", "Signal:signaldo")
def _invert(m: "Machine", signal: str) -> None:
    m.mover.set_signal(signal, not m.mover.signal(signal))


@instruction("PulseDO", r"\High \PLength:num Signal:signaldo")
def _pulse(m: "Machine", high: Any, length: Any, signal: str) -> None:
    length_s = 0.2 if length is None else _seconds(length)
    before = bool(m.mover.signal(signal))
    m.mover.set_signal(signal, True if high else not before)
    m.later(length_s, signal, False if high else before)


@instruction("SetGO", r"\SDelay:num Signal:signalgo Value:number")
def _set_go(m: "Machine", delay: Any, signal: str, value: float) -> None:
    group = whole(value, "SetGO")
    if not 0 <= group <= 32767:
        raise Fault("group", found=group, errno="ERR_ARGVALERR")
    _set(m, signal, group, delay)


@instruction("SetAO", "Signal:signalao Value:num")
def _set_ao(m: "Machine", signal: str, value: float) -> None:
    _set(m, signal, float(value))


# ---- the operator


@instruction("TPWrite", r"String:string \Num:num|\Bool:bool|\Pos:pos|\Orient:orient|\Dnum:dnum")
def _tp_write(
    m: "Machine", line: str, num: Any, flag: Any, pos: Any, orient: Any, dnum: Any
) -> None:
    for value in (num, flag, pos, orient, dnum):
        if value is not None:
            line += text_of(value)
    m.write(line)


@instruction("TPErase", "")
def _tp_erase(m: "Machine") -> None:
    m.messages.clear()


@instruction("ErrWrite", r"\W|\I Header:string Reason:string \RL2:string \RL3:string \RL4:string")
def _err_write(m: "Machine", _w: Any, _i: Any, *lines: Any) -> None:
    m.write(": ".join(line for line in lines if line))


# ---- clocks


@instruction("ClkReset", "Clock:clock&")
def _clk_reset(m: "Machine", clock: Any) -> None:
    m.store_ref(clock, (0.0, -1.0))


@instruction("ClkStart", "Clock:clock&")
def _clk_start(m: "Machine", clock: Any) -> None:
    counted, since = m.load_ref(clock)
    if since < 0.0:
        m.store_ref(clock, (counted, m.env.time_s))


@instruction("ClkStop", "Clock:clock&")
def _clk_stop(m: "Machine", clock: Any) -> None:
    counted, since = m.load_ref(clock)
    if since >= 0.0:
        m.store_ref(clock, (counted + m.env.time_s - since, -1.0))


# ---- counting


def _add_to(m: "Machine", ref: Any, value: float) -> None:
    m.store_ref(ref, number(m.load_ref(ref) + value))


@instruction("Incr", "Name:number&")
def _incr(m: "Machine", ref: Any) -> None:
    _add_to(m, ref, 1.0)


@instruction("Decr", "Name:number&")
def _decr(m: "Machine", ref: Any) -> None:
    _add_to(m, ref, -1.0)


@instruction("Add", "Name:number& AddValue:number")
def _add(m: "Machine", ref: Any, value: float) -> None:
    _add_to(m, ref, value)


@instruction("Clear", "Name:number&")
def _clear(m: "Machine", ref: Any) -> None:
    m.store_ref(ref, 0.0)


@instruction("BitSet", "BitData:num& BitPos:num")
def _bit_set(m: "Machine", ref: Any, at: float) -> None:
    m.store_ref(ref, float(whole(m.load_ref(ref), "BitSet") | 1 << _bit(at)))


@instruction("BitClear", "BitData:num& BitPos:num")
def _bit_clear(m: "Machine", ref: Any, at: float) -> None:
    m.store_ref(ref, float(whole(m.load_ref(ref), "BitClear") & ~(1 << _bit(at))))


def _bit(at: float) -> int:
    bit = whole(at, "BitPos")
    if not 1 <= bit <= 32:
        raise Fault("bits", found=number_text(at), errno="ERR_ARGVALERR")
    return bit - 1


# ---- errors and the program itself


@instruction("BookErrNo", "ErrorName:num&")
def _book(m: "Machine", ref: Any) -> None:
    m.store_ref(ref, FIRST_BOOKED + m.booked)
    m.booked += 1


@instruction("ResetRetryCount", "")
def _reset_retries(m: "Machine") -> None:
    m.frames[-1].retries = 0


@instruction("ExitCycle", "")
def _exit_cycle(m: "Machine") -> None:
    m.restart()
