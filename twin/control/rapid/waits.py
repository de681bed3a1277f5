"""Instructions that wait, and those of real controllers that are not there."""

from typing import TYPE_CHECKING, Any

from .fault import Fault
from .kinds import BOOL, Type
from .signature import Builtin, parameters
from .values import Value, apply

if TYPE_CHECKING:
    from .machine import Machine
    from .memory import Frame

_LIMITS = r" \MaxTime:num \ValueAtTimeout:any! \Visualize! \TimeFlag:bool&"


def _wait(name: str, params: str) -> Builtin:
    return Builtin(name, parameters(params), lambda: None)


WAITS = {
    wait.name.lower(): wait
    for wait in (
        _wait("WaitTime", r"\InPos Time:num"),
        _wait("WaitRob", r"\InPos|\ZeroSpeed"),
        _wait("WaitUntil", r"\InPos Cond:bool \PollRate:num" + _LIMITS),
        _wait("WaitDI", "Signal:signaldi Value:level" + _LIMITS),
        _wait("WaitDO", "Signal:signaldo Value:level" + _LIMITS),
        _wait("WaitGI", r"Signal:signalgi \NOTEQ|\LT|\GT Value:number" + _LIMITS),
        _wait("WaitGO", r"Signal:signalgo \NOTEQ|\LT|\GT Value:number" + _LIMITS),
        _wait("WaitAI", r"Signal:signalai \LT|\GT Value:num" + _LIMITS),
        _wait("WaitAO", r"Signal:signalao \LT|\GT Value:num" + _LIMITS),
        _wait(
            "SocketReceive",
            r"Socket:socketdev& \Str:string&|\RawData:rawbytes&|\Data:num*! \ReadNoOfBytes:num "
            r"\NoRecBytes:num& \Time:num",
        ),
        _wait("WaitWObj", r"WObj:wobjdata@ \RelDist:num! \MaxTime:num \TimeFlag:bool&"),
    )
}
"""By name in lower case."""

ABSENT = frozenset(
    """
    isignaldi isignaldo isignalgi isignalai itimer idelete isleep iwatch idisable ienable ipers
    ierror triggio triggl triggj triggc triggequip triggint triggspeed movelsync movejsync
    movecsync movelao movejao movecao moveldo movejdo movecdo searchl searchc searchj movepnp
    movextj waitsynctask syncmoveon syncmoveoff stopmove startmove storepath restopath clearpath
    stopmovereset softact softdeact worldacclim pathaccLim pathresol motionsup movelsync uishow
    tpreadfk tpreadnum tpreaddnum tpshow uimsgbox open close write read readanybin writeanybin
    writebin readstrbin rewind load unload startload waitload save callbyvar eoffson eoffsset
    eoffsoff pdispon pdispoff pdispset corrcon corrwrite corrdiscon corrclear arclstart arcl arclend
    spotl spotj waittestandset indamove indcmove indreset wzboxdef wzlimsup systemstopaction
    socketlisten socketaccept socketbind connect errlog errraise bitclearall toolload mechunitload
    waitsensor syncsensor dropsensor cornerpathwarning
    """.lower().split()
)


def _reads(m: "Machine", _f: "Frame", *values: Any) -> bool:
    signal, unequal, below, above, value = values
    now = float(m.mover.signal(signal))
    if unequal:
        return bool(now != value)
    if below:
        return bool(now < value)
    return bool(now > value if above else now == value)


def _connects(m: "Machine", _f: "Frame", wobj: Any) -> bool:
    unit = wobj[2]
    if wobj[1] or unit not in m.mover.tracks:
        raise Fault("no_belt", unit=unit, errno="ERR_CNV_NOT_ACT")
    return m.mover.connect(unit)


def condition_of(builtin: Builtin, values: dict[str, Value]) -> Value:
    """Return what a wait waits for."""
    if builtin.name == "WaitUntil":
        return values["cond"]
    if builtin.name == "WaitWObj":
        return apply(Type(BOOL), _connects, [values["wobj"]], uses=True)
    nothing = values["timeflag"]
    signal, value = values["signal"], values["value"]
    level = apply(Type(BOOL), float, [value])
    options = [values.get(name, _absent(nothing)) for name in ("noteq", "lt", "gt")]
    return apply(Type(BOOL), _reads, [signal, *options, level], uses=True)


def _absent(like: Value) -> Value:
    from .values import constant

    return constant(like.type, None)
