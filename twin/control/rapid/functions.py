"""Functions that every program knows and that only work with values."""

from collections.abc import Callable
from math import (
    acos,
    asin,
    atan,
    atan2,
    cos,
    degrees,
    exp,
    hypot,
    isfinite,
    radians,
    sin,
    sqrt,
    tan,
    trunc,
)
from typing import Any

from .arithmetic import number, whole
from .fault import Fault
from .geometry import euler, orient_zyx, pose, pose_of, rel_tool
from .kinds import (
    BOOL,
    DNUM,
    NUM,
    ORIENT,
    POS,
    POSE,
    ROBTARGET,
    Kind,
    Type,
    number_text,
    shape,
)
from .signature import Builtin, parameters

FUNCTIONS: dict[str, Builtin] = {}
"""By name in lower case."""


def function(name: str, params: str, result: Kind) -> Callable[[Callable[..., Any]], Any]:
    """Enter a pure function."""

    def enter(do: Callable[..., Any]) -> Any:
        FUNCTIONS[name.lower()] = Builtin(name, parameters(params), do, Type(result))
        return do

    return enter


# ---- numbers


def _to_digits(value: float, digits: float | None, cut: Callable[[float], float]) -> float:
    scale = 10.0 ** whole(digits or 0.0, "\\Dec")
    scaled = value * scale
    return value if not isfinite(scaled) else cut(scaled) / scale


def _half_up(value: float) -> float:
    return float(int(value + (0.5 if value >= 0.0 else -0.5)))


def _power(base: float, exponent: float) -> float:
    found = base**exponent if base or exponent >= 0.0 else float("inf")
    if isinstance(found, complex):
        raise Fault("root", errno="ERR_ARGVALERR", found=number_text(base))
    return number(found)


def _root(value: float) -> float:
    if value < 0.0:
        raise Fault("root", errno="ERR_ARGVALERR", found=number_text(value))
    return sqrt(value)


def _arc(do: Callable[[float], float], value: float) -> float:
    if do is not atan and not -1.0 <= value <= 1.0:
        raise Fault("arc", errno="ERR_ARGVALERR", found=number_text(value))
    return degrees(do(value))


for _name, _kind, _suffix in (("num", NUM, ""), ("dnum", DNUM, "Dnum")):
    function(f"Abs{_suffix}", f"Value:{_name}", _kind)(abs)
    function(f"Round{_suffix}", rf"Val:{_name} \Dec:num", _kind)(
        lambda v, digits: _to_digits(v, digits, _half_up)
    )
    function(f"Trunc{_suffix}", rf"Val:{_name} \Dec:num", _kind)(
        lambda v, digits: _to_digits(v, digits, lambda x: float(trunc(x)))
    )
    function(f"Pow{_suffix}", f"Base:{_name} Exponent:{_name}", _kind)(_power)
    function(f"Sqrt{_suffix}", f"Value:{_name}", _kind)(_root)
    for _function, _do in (("Sin", sin), ("Cos", cos), ("Tan", tan)):
        function(f"{_function}{_suffix}", f"Angle:{_name}", _kind)(
            lambda v, do=_do: number(do(radians(v)))
        )
    for _function, _do in (("ASin", asin), ("ACos", acos), ("ATan", atan)):
        function(f"{_function}{_suffix}", f"Value:{_name}", _kind)(lambda v, do=_do: _arc(do, v))
    function(f"ATan2{_suffix}", f"Y:{_name} X:{_name}", _kind)(lambda y, x: degrees(atan2(y, x)))
function("Exp", "Exponent:num", NUM)(lambda v: number(exp(v)))
function("NumToDnum", "Value:num", DNUM)(lambda v: v)
function("DnumToNum", r"Value:dnum \Integer", NUM)(lambda v, integer: _half_up(v) if integer else v)


# ---- places


@function("Offs", "Point:robtarget XOffset:num YOffset:num ZOffset:num", ROBTARGET)
def _offs(target: Any, x: float, y: float, z: float) -> Any:
    trans = target[0]
    return ((trans[0] + x, trans[1] + y, trans[2] + z), *target[1:])


function("RelTool", r"Point:robtarget Dx:num Dy:num Dz:num \Rx:num \Ry:num \Rz:num", ROBTARGET)(
    rel_tool
)


@function("Distance", "Point1:pos Point2:pos", NUM)
def _distance(one: Any, other: Any) -> float:
    return number(hypot(*(a - b for a, b in zip(one, other, strict=True))))


@function("VectMagn", "Vector:pos", NUM)
def _length(vector: Any) -> float:
    return number(hypot(*vector))


@function("DotProd", "Vector1:pos Vector2:pos", NUM)
def _dot(one: Any, other: Any) -> float:
    return number(float(sum(a * b for a, b in zip(one, other, strict=True))))


@function("EulerZYX", r"\X|\Y|\Z Rotation:orient", NUM)
def _euler(x: Any, y: Any, _z: Any, rotation: Any) -> float:
    return euler(rotation)[0 if x else 1 if y else 2]


function("OrientZYX", "ZAngle:num YAngle:num XAngle:num", ORIENT)(orient_zyx)


@function("NOrient", "Rotation:orient", ORIENT)
def _norient(rotation: Any) -> Any:
    length = hypot(*rotation)
    if length < 1e-9:
        raise Fault("orient", found="[0,0,0,0]")
    return tuple(q / length for q in rotation)


@function("PoseMult", "Pose1:pose Pose2:pose", POSE)
def _pose_mult(one: Any, other: Any) -> Any:
    return pose_of(pose(one).then(pose(other)))


@function("PoseInv", "Pose:pose", POSE)
def _pose_inv(frame: Any) -> Any:
    return pose_of(pose(frame).inverse())


@function("PoseVect", "Pose:pose Pos:pos", POS)
def _pose_vect(frame: Any, at: Any) -> Any:
    turned = pose(frame).turned(at)
    return tuple(a + b for a, b in zip(turned, frame[0], strict=True))


# ---- arrays


@function("Dim", "ArrPar:any* DimNo:num", NUM)
def _dim(array: Any, which: float) -> float:
    sizes, at = shape(array), whole(which, "DimNo")
    if not 1 <= at <= len(sizes):
        raise Fault("dim", errno="ERR_ARGVALERR", found=at, dims=len(sizes))
    return float(sizes[at - 1])


# ---- bits


def _bits(value: float) -> int:
    bits = whole(value, "bits")
    if not 0 <= bits < 2**52:
        raise Fault("bits", errno="ERR_ARGVALERR", found=number_text(value))
    return bits


function("BitAnd", "BitData1:num BitData2:num", NUM)(lambda a, b: float(_bits(a) & _bits(b)))
function("BitOr", "BitData1:num BitData2:num", NUM)(lambda a, b: float(_bits(a) | _bits(b)))
function("BitXOr", "BitData1:num BitData2:num", NUM)(lambda a, b: float(_bits(a) ^ _bits(b)))
function("BitCheck", "BitData:num BitPos:num", BOOL)(
    lambda v, at: bool(_bits(v) >> (_bits(at) - 1) & 1)
)
