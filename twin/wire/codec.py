"""The versioned JSON form of Snapshot and Delta.

Times travel to a tenth of a millisecond, places along a track to a millionth of it, KPIs to nine
digits; signal values travel exactly. A signal value or a KPI that is no finite number travels as
null and comes back as NaN. A path's pieces travel so finely that a body is right to 0.01 mm an
hour after its piece began.
"""

import json
import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .errors import WireError
from .model import (
    WIRE_VERSION,
    Body,
    Delta,
    Motion,
    Path,
    Piece,
    Ride,
    SignalState,
    Snapshot,
    Value,
)

Message = Snapshot | Delta
T = TypeVar("T")

TIME_DIGITS = 4
SHARE_DIGITS = 6
KPI_DIGITS = 9
PIECE_DIGITS = (7, 7, 10, 12, 15)
"""Of t0, p, v, a and j: what each may be off grows with a higher power of the time since t0."""
PLACE_DIGITS = 7
RIDE_LENGTH = len(Ride._fields)
"""A motion on the wire is shorter."""
FASTEST = "max"


def encode(message: Message) -> str:
    """Return `message` as JSON text.

    Raises:
        WireError: A motion, a ride or a joint is not made of finite numbers.
    """
    data: dict[str, Any] = {"v": WIRE_VERSION}
    if isinstance(message, Snapshot):
        data |= {"type": "snapshot", "run": message.run, "line": message.line}
    else:
        data["type"] = "delta"
    data |= {
        "seq": message.seq,
        "time_s": _short(message.time_s, TIME_DIGITS),
        "rate": FASTEST if math.isinf(message.rate) else _whole(message.rate),
    }
    data |= _part("signals", {path: _signal_out(s) for path, s in message.signals.items()})
    data |= _part("bodies", {key: _body_out(key, b) for key, b in message.bodies.items()})
    data |= _part("joints", {key: _joint_out(key, path) for key, path in message.joints.items()})
    data |= _part("alarms", message.alarms)
    data |= _part("kpis", {name: _kpi_out(value) for name, value in message.kpis.items()})
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def decode(text: str | bytes) -> Message:
    """Return the message that `encode` wrote.

    Raises:
        WireError: The text is no such message, or of a version that this program cannot read.
    """
    data = _opened(text)
    kind = data.get("type")
    try:
        if kind == "snapshot":
            return _snapshot(data)
        if kind == "delta":
            return _delta(data)
    except KeyError as missing:
        raise WireError(f"stream: a {kind} without {missing.args[0]!r}") from missing
    except (TypeError, ValueError, AttributeError) as wrong:
        raise WireError(f"stream: a {kind} that cannot be read: {wrong}") from wrong
    raise WireError(f"stream: unknown message type {kind!r}, expected 'snapshot' or 'delta'")


def _opened(text: str | bytes) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as wrong:
        raise WireError(f"stream: a message that is no JSON: {wrong}") from wrong
    if not isinstance(data, dict):
        raise WireError(f"stream: expected an object, found {type(data).__name__}")
    version = data.get("v")
    if version != WIRE_VERSION:
        raise WireError(
            f"stream: message version {version!r}, this program reads version {WIRE_VERSION}; "
            "use the same version of Pilotline at both ends"
        )
    return data


def _part(name: str, content: Any) -> dict[str, Any]:
    return {name: content} if content else {}


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else float(number)


def _short(number: float, digits: int) -> float:
    return _whole(round(float(number), digits))


def _signal_out(state: SignalState) -> list[Any]:
    value = state.value
    if isinstance(value, float) and not math.isfinite(value):
        return [None, str(state.quality), _short(state.time_s, TIME_DIGITS)]
    return [value, str(state.quality), _short(state.time_s, TIME_DIGITS)]


def _kpi_out(value: float) -> float | None:
    return _whole(float(f"{value:.{KPI_DIGITS}g}")) if math.isfinite(value) else None


def _body_out(key: str, body: Body | None) -> list[Any] | None:
    if body is None:
        return None
    if isinstance(body.motion, Ride):
        return [body.type, _ride_out(key, body.motion), body.good]
    return [body.type, _motion_out(key, body.motion), body.good]


def _motion_out(key: str, motion: Motion) -> list[Any]:
    if not all(map(math.isfinite, motion[2:])):
        raise WireError(f"stream: body {key!r} has a motion without end: {motion}")
    s0, s1 = (_short(s, SHARE_DIGITS) for s in motion[2:4])
    t0, t1 = (_short(t, TIME_DIGITS) for t in motion[4:6])
    return [motion.asset, motion.slot, s0, s1, t0, t1]


def _ride_out(key: str, ride: Ride) -> list[Any]:
    if not all(map(math.isfinite, ride[1:8])):
        raise WireError(f"stream: body {key!r} rides at a place that is no number: {ride}")
    place = (_short(number, PLACE_DIGITS) for number in ride[1:8])
    return [ride.frame, *place, _path_out(f"body {key!r}", ride.path)]


def _joint_out(key: str, path: Path) -> list[Any]:
    return _path_out(f"joint {key!r}", path)


def _path_out(whose: str, path: Path) -> list[list[float]]:
    if not path or not all(math.isfinite(number) for piece in path for number in piece):
        raise WireError(f"stream: {whose} has a path without pieces or without end: {path}")
    return [_piece_out(piece) for piece in path]


def _piece_out(piece: Piece) -> list[float]:
    """Return a piece without the zeros at its end; `t0` and `p` are always there."""
    found = [_short(n, digits) for n, digits in zip(piece, PIECE_DIGITS, strict=True)]
    while len(found) > 2 and found[-1] == 0:
        found.pop()
    return found


def _snapshot(data: dict[str, Any]) -> Snapshot:
    return Snapshot(
        run=str(data["run"]),
        line=str(data["line"]),
        seq=int(data["seq"]),
        time_s=float(data["time_s"]),
        rate=_rate(data["rate"]),
        signals=_each(data, "signals", _signal),
        bodies=_each(data, "bodies", _body),
        alarms=list(data.get("alarms", [])),
        kpis=_each(data, "kpis", _kpi),
        joints=_each(data, "joints", _path),
    )


def _delta(data: dict[str, Any]) -> Delta:
    return Delta(
        seq=int(data["seq"]),
        time_s=float(data["time_s"]),
        rate=_rate(data["rate"]),
        signals=_each(data, "signals", _signal),
        bodies=_each(data, "bodies", lambda body: None if body is None else _body(body)),
        alarms=list(data.get("alarms", [])),
        kpis=_each(data, "kpis", _kpi),
        joints=_each(data, "joints", _path),
    )


def _each(data: dict[str, Any], name: str, read: Callable[[Any], T]) -> dict[str, T]:
    return {key: read(value) for key, value in data.get(name, {}).items()}


def _rate(value: Any) -> float:
    return math.inf if value == FASTEST else float(value)


def _kpi(value: Any) -> float:
    return math.nan if value is None else float(value)


def _signal(entry: list[Any]) -> SignalState:
    value, quality, time_s = entry
    known: Value = math.nan if value is None else value
    return SignalState(known, str(quality), float(time_s))


def _body(entry: list[Any]) -> Body:
    kind, motion, good = entry
    return Body(str(kind), _ride(motion) if len(motion) == RIDE_LENGTH else _motion(motion), good)


def _motion(entry: list[Any]) -> Motion:
    asset, slot, s0, s1, t0, t1 = entry
    return Motion(str(asset), int(slot), float(s0), float(s1), float(t0), float(t1))


def _ride(entry: list[Any]) -> Ride:
    x, y, z, heading_rad, dx, dy, dz = (float(number) for number in entry[1:-1])
    return Ride(str(entry[0]), x, y, z, heading_rad, dx, dy, dz, _path(entry[-1]))


def _path(entry: list[Any]) -> Path:
    if not entry:
        raise ValueError("a path without pieces")
    return tuple(Piece(*(float(number) for number in piece)) for piece in entry)


def merge(first: Delta, second: Delta) -> Delta:
    """Return one delta that does what `first` and then `second` do."""
    return Delta(
        seq=second.seq,
        time_s=second.time_s,
        rate=second.rate,
        signals=first.signals | second.signals,
        bodies=first.bodies | second.bodies,
        alarms=_by_id(first.alarms, second.alarms),
        kpis=first.kpis | second.kpis,
        joints=first.joints | second.joints,
    )


def apply(snapshot: Snapshot, delta: Delta) -> Snapshot:
    """Return the snapshot after `delta`. Alarms that want nothing from anybody any more go."""
    bodies = snapshot.bodies | delta.bodies
    return Snapshot(
        run=snapshot.run,
        line=snapshot.line,
        seq=delta.seq,
        time_s=delta.time_s,
        rate=delta.rate,
        signals=snapshot.signals | delta.signals,
        bodies={key: body for key, body in bodies.items() if body is not None},
        alarms=[a for a in _by_id(snapshot.alarms, delta.alarms) if not _over(a)],
        kpis=snapshot.kpis | delta.kpis,
        joints=snapshot.joints | delta.joints,
    )


def _by_id(old: Iterable[dict[str, Any]], new: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the latest state of each alarm, the one that changed last at the end."""
    found: dict[str, dict[str, Any]] = {}
    for alarm in (*old, *new):
        found.pop(str(alarm["id"]), None)
        found[str(alarm["id"])] = alarm
    return list(found.values())


def _over(alarm: dict[str, Any]) -> bool:
    return not alarm.get("active", True) and all(
        alarm.get(done, False) for done in ("acknowledged", "confirmed")
    )
