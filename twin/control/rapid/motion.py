"""Instructions that move the arm: from a program's data to orders, SI units."""

from collections.abc import Callable
from math import radians
from typing import TYPE_CHECKING, Any

from twin.plant.robot.order import Move, Tool
from twin.plant.robot.placement import Placement

from .builtin import LOAD0, NO_AXIS
from .fault import Fault
from .geometry import MM, arm_externals, joints_in, placed, pose, wobj_frame
from .signature import Builtin, parameters

if TYPE_CHECKING:
    from .machine import Machine

INSTRUCTIONS: dict[str, Builtin] = {}
"""By name in lower case."""


def instruction(name: str, params: str) -> Callable[[Callable[..., Any]], Any]:
    """Enter an instruction, which is given the machine first."""

    def enter(do: Callable[..., Any]) -> Any:
        INSTRUCTIONS[name.lower()] = Builtin(name, parameters(params), do, machine=True)
        return do

    return enter


# ---- data to orders


def tool_of(m: "Machine", tool: Any, name: str) -> Tool:
    """Return a `tooldata` as the arm takes it, with what the gripper holds.

    Raises:
        Fault: it is a tool that stands still.
    """
    if not tool[0]:
        raise Fault("still_tool", name=name or "tooldata")
    held = 0.0 if m.load == LOAD0 else m.load[0]
    return Tool(name or "tool", pose(tool[1]), tool[2][0] + held)


def frame_of(m: "Machine", wobj: Any) -> Placement:
    """Return where the frame of a work object is, in the workcell.

    Raises:
        Fault: it goes along with a belt that is not connected.
    """
    if wobj[1]:
        return m.world.then(wobj_frame(wobj))
    belt = m.mover.belt_frame(wobj[2])
    if belt is None:
        raise Fault("not_connected", unit=wobj[2], errno="ERR_CNV_NOT_ACT")
    return belt.then(pose(wobj[4]))


def externals_in(m: "Machine", axes: Any) -> tuple[float, ...]:
    """Return external axes of a target, degrees or mm, as the robot takes them."""
    if not m.mover.external:
        return ()
    now = m.mover.places(ahead=True)
    axes = axes[arm_externals(m.mover.kinds) :]
    return tuple(
        place if value >= NO_AXIS * 0.99 else value / MM if kind == "slide" else value
        for value, kind, place in zip(axes, m.mover.external_kinds, now, strict=False)
    )


def externals_out(m: "Machine") -> tuple[float, ...]:
    """Return where the external axes are, as a program writes it."""
    axes = [
        float(place * MM if kind == "slide" else place)
        for place, kind in zip(m.mover.places(), m.mover.external_kinds, strict=True)
    ]
    return tuple((axes + [NO_AXIS] * 6)[:6])


def zone_m(m: "Machine", zone: Any, override_mm: float | None = None) -> float:
    """Return the size of a zone, m; below 0 for a fine point. In single steps each point is one."""
    if zone[0] or m.stepping >= 0:
        return -1.0
    return max(zone[1] if override_mm is None else override_mm, 0.0) / MM


def _speeds(m: "Machine", speed: Any, mm_s: float | None, seconds: float | None) -> dict[str, Any]:
    tcp = speed[0] if mm_s is None else mm_s
    if tcp <= 0.0 or speed[1] <= 0.0:
        raise Fault("no_speed", errno="ERR_ARGVALERR")
    if seconds is not None and seconds <= 0.0:
        raise Fault("no_time", errno="ERR_ARGVALERR")
    share = m.speed_percent / 100.0
    return {
        "speed_m_s": min(tcp * share, m.speed_most_mm_s) / MM,
        "turn_rad_s": radians(speed[1] * share),
        "joint_share": min(max(share, 0.001), 1.0),
        "duration_s": 0.0 if seconds is None else seconds,
    }


def _goal(
    m: "Machine", target: Any, wobj: Any, *, watches: bool
) -> tuple[Placement, str, dict[str, Any]]:
    """Return where a robtarget is, the belt or axis it goes along with, and its configuration."""
    at = placed(target[0], target[1])
    if wobj is None:
        goal, on = m.world.then(at), ""
    elif wobj[1]:
        goal, on = m.world.then(wobj_frame(wobj)).then(at), ""
    else:
        if wobj[2] not in (*m.mover.tracks, *m.mover.external):
            raise Fault("no_unit", unit=wobj[2], errno="ERR_CNV_NOT_ACT")
        goal, on = pose(wobj[4]).then(at), wobj[2]
    config = tuple(int(c) for c in target[2]) if watches else None
    return goal, on, {"configuration": config, "external": externals_in(m, target[3])}


def _send(m: "Machine", move: Move) -> None:
    m.hold("motion")  # at first: arrival is told at once when the way has no length
    m.motion_line = m.line
    try:
        m.mover.go(move)
    except BaseException:
        m.wait = ""
        raise


# ---- moves

_HEAD = r"\Conc! "
_TAIL = (
    r"\ID:num! Speed:speeddata \V:num|\T:num Zone:zonedata \Z:num \Inpos:any! Tool:tooldata@ "
    r"\WObj:wobjdata@ \Corr! \TLoad:loaddata@"
)


def _tool(m: "Machine", tool: Any, load: Any, name: str) -> Tool:
    found = tool_of(m, tool, name)
    return found if load is None else found._replace(mass_kg=load[0])


@instruction("MoveJ", _HEAD + "ToPoint:robtarget " + _TAIL.replace(r"\Corr! ", ""))
def _move_j(
    m: "Machine", target: Any, speed: Any, v: Any, t: Any, zone: Any, z: Any,
    tool: Any, wobj: Any, load: Any, *, names: tuple[str, str] = ("", ""),
) -> None:  # fmt: skip
    goal, on, rest = _goal(m, target, wobj, watches=m.config_j)
    speeds = _speeds(m, speed, v, t)
    held = _tool(m, tool, load, names[1])
    _send(m, Move("joint", goal, tool=held, on=on, zone_m=zone_m(m, zone, z),
                  name=names[0], **rest, **speeds))  # fmt: skip


@instruction("MoveL", _HEAD + "ToPoint:robtarget " + _TAIL)
def _move_l(
    m: "Machine", target: Any, speed: Any, v: Any, t: Any, zone: Any, z: Any,
    tool: Any, wobj: Any, load: Any, *, names: tuple[str, str] = ("", ""),
) -> None:  # fmt: skip
    goal, on, rest = _goal(m, target, wobj, watches=m.config_l)
    speeds = _speeds(m, speed, v, t)
    held = _tool(m, tool, load, names[1])
    _send(m, Move("linear", goal, tool=held, on=on, zone_m=zone_m(m, zone, z),
                  name=names[0], **rest, **speeds))  # fmt: skip


@instruction("MoveC", _HEAD + "CirPoint:robtarget ToPoint:robtarget " + _TAIL)
def _move_c(
    m: "Machine", via: Any, target: Any, speed: Any, v: Any, t: Any, zone: Any, z: Any,
    tool: Any, wobj: Any, load: Any, *, names: tuple[str, str] = ("", ""),
) -> None:  # fmt: skip
    goal, on, rest = _goal(m, target, wobj, watches=m.config_l)
    between, _, _ = _goal(m, via, wobj, watches=False)
    speeds = _speeds(m, speed, v, t)
    held = _tool(m, tool, load, names[1])
    _send(m, Move("circular", goal, between, tool=held, on=on, zone_m=zone_m(m, zone, z),
                  name=names[0], **rest, **speeds))  # fmt: skip


@instruction(
    "MoveAbsJ",
    r"\Conc! ToJointPos:jointtarget \ID:num! \NoEOffs Speed:speeddata \V:num|\T:num Zone:zonedata "
    r"\Z:num \Inpos:any! Tool:tooldata@ \WObj:wobjdata@ \TLoad:loaddata@",
)
def _move_abs_j(
    m: "Machine", target: Any, _offs: Any, speed: Any, v: Any, t: Any, zone: Any, z: Any,
    tool: Any, _wobj: Any, load: Any, *, names: tuple[str, str] = ("", ""),
) -> None:  # fmt: skip
    axes = joints_in(target, m.mover.kinds)
    speeds = _speeds(m, speed, v, t)
    held = _tool(m, tool, load, names[1])
    _send(m, Move("axes", axes=axes, tool=held, zone_m=zone_m(m, zone, z),
                  external=externals_in(m, target[1]), name=names[0], **speeds))  # fmt: skip


# ---- how it moves


@instruction("AccSet", r"Acc:num Ramp:num \FinePointRamp:num")
def _acc_set(_m: "Machine", acc: float, ramp: float, _fine: Any) -> None:
    if not 20.0 <= acc <= 100.0 or not 10.0 <= ramp <= 100.0:
        raise Fault("acc_set", errno="ERR_ARGVALERR")


@instruction("VelSet", "Override:num Max:num")
def _vel_set(m: "Machine", override: float, most: float) -> None:
    if not 1.0 <= override <= 100.0 or most <= 0.0:
        raise Fault("vel_set", errno="ERR_ARGVALERR")
    m.speed_percent, m.speed_most_mm_s = override, most


@instruction("ConfJ", r"\On|\Off")
def _conf_j(m: "Machine", on: Any, off: Any) -> None:
    m.config_j = bool(on) or not off


@instruction("ConfL", r"\On|\Off")
def _conf_l(m: "Machine", on: Any, off: Any) -> None:
    m.config_l = bool(on) or not off


@instruction("SingArea", r"\Wrist|\LockAxis4!|\Off")
def _sing_area(_m: "Machine", _wrist: Any, _off: Any) -> None:
    r"""Nothing: a tool keeps its orientation; the compiler warns of \Wrist."""


@instruction("GripLoad", "Load:loaddata@")
def _grip_load(m: "Machine", load: Any) -> None:
    m.load = load


# ---- belts


@instruction("ActUnit", "MechUnit:mecunit")
def _act_unit(m: "Machine", unit: str) -> None:
    if unit not in m.units:
        m.units.append(unit)


@instruction("DeactUnit", "MechUnit:mecunit")
def _deact_unit(m: "Machine", unit: str) -> None:
    if unit in m.units:
        m.units.remove(unit)


@instruction("DropWObj", "WObj:wobjdata@")
def _drop_wobj(m: "Machine", wobj: Any) -> None:
    if wobj[2] not in m.mover.tracks:
        raise Fault("no_belt", unit=wobj[2], errno="ERR_CNV_NOT_ACT")
    m.mover.drop(wobj[2])
