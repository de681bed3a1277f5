"""Functions that ask the robot: places, signals, clocks."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twin.plant.robot.order import MoveRefused

from .builtin import TOOL0, WOBJ0
from .fault import Fault
from .functions import FUNCTIONS
from .geometry import joints_in, joints_out, placed, trans_of, turn_of
from .kinds import BOOL, JOINTTARGET, NUM, POS, ROBTARGET, STRING, Kind, Type
from .limits import LIMITS
from .motion import externals_out, frame_of, tool_of
from .signature import Builtin, parameters

if TYPE_CHECKING:
    from .machine import Machine


def asks(
    name: str, params: str, result: Kind, *, restless: bool = True
) -> Callable[[Callable[..., Any]], Any]:
    """Enter a function that is given the machine first."""

    def enter(do: Callable[..., Any]) -> Any:
        builtin = Builtin(
            name, parameters(params), do, Type(result), machine=True, restless=restless
        )
        FUNCTIONS[name.lower()] = builtin
        return do

    return enter


# ---- places


@asks("CRobT", r"\TaskRef:string! \TaskName:string! \Tool:tooldata \WObj:wobjdata", ROBTARGET)
def _c_rob_t(m: "Machine", tool: Any, wobj: Any) -> Any:
    tip = m.mover.tip(tool_of(m, tool or TOOL0, ""))
    here = frame_of(m, wobj or WOBJ0).seen(tip)
    config = tuple(float(c) for c in m.mover.configuration())
    return (trans_of(here), turn_of(here), config, externals_out(m))


@asks("CJointT", r"\TaskRef:string! \TaskName:string!", JOINTTARGET)
def _c_joint_t(m: "Machine") -> Any:
    axes = joints_out(m.mover.joints(), m.mover.kinds)
    return (axes[:6], (*axes[6:], *externals_out(m))[:6])


@asks("CPos", r"\Tool:tooldata \WObj:wobjdata", POS)
def _c_pos(m: "Machine", tool: Any, wobj: Any) -> Any:
    return _c_rob_t(m, tool, wobj)[0]


@asks("CalcRobT", r"Joint_target:jointtarget Tool:tooldata \WObj:wobjdata", ROBTARGET)
def _calc_rob_t(m: "Machine", target: Any, tool: Any, wobj: Any) -> Any:
    joints = joints_in(target, m.mover.kinds)
    tip = m.mover.forward(joints, tool_of(m, tool, ""))
    here = frame_of(m, wobj or WOBJ0).seen(tip)
    return (trans_of(here), turn_of(here), (0.0, 0.0, 0.0, 0.0), target[1])


@asks("CalcJointT", r"Rob_target:robtarget Tool:tooldata \WObj:wobjdata", JOINTTARGET)
def _calc_joint_t(m: "Machine", target: Any, tool: Any, wobj: Any) -> Any:
    at = frame_of(m, wobj or WOBJ0).then(placed(target[0], target[1]))
    try:
        joints = m.mover.inverse(at, tool_of(m, tool, ""))
    except MoveRefused as refused:
        raise Fault("refused", errno="ERR_ROBLIMIT", why=refused.phrase) from None
    axes = joints_out(joints, m.mover.kinds)
    return (axes[:6], (*axes[6:], *target[3][len(axes) - 6 :]))


# ---- signals


@asks("DInput", "Signal:signaldi", NUM, restless=False)
@asks("DOutput", "Signal:signaldo", NUM, restless=False)
@asks("GInput", "Signal:signalgi", NUM, restless=False)
@asks("GOutput", "Signal:signalgo", NUM, restless=False)
@asks("AInput", "Signal:signalai", NUM, restless=False)
@asks("AOutput", "Signal:signalao", NUM, restless=False)
def _signal(m: "Machine", signal: str) -> float:
    return float(m.mover.signal(signal))


@asks("TestDI", "Signal:signaldi", BOOL, restless=False)
def _test_di(m: "Machine", signal: str) -> bool:
    return bool(m.mover.signal(signal))


# ---- time and state


@asks("ClkRead", r"Clock:clock \HighRes", NUM)
def _clk_read(m: "Machine", clock: Any, _high: Any) -> float:
    counted, since = clock
    return float(counted if since < 0.0 else counted + m.env.time_s - since)


@asks("CTime", "", STRING)
def _c_time(m: "Machine") -> str:
    seconds = int(m.env.time_s)
    return f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@asks("CSpeedOverride", "", NUM)
def _c_speed(m: "Machine") -> float:
    return m.speed_percent


@asks("RemainingRetries", "", NUM)
def _retries(m: "Machine") -> float:
    return float(LIMITS.retries - m.frames[-1].retries)
