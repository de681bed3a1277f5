"""Signals: list, read, write."""

from typing import Annotated

from fastapi import APIRouter, Query

from twin.api.context import Operator, TheRun, carry_out
from twin.api.hub import Live
from twin.api.moment import rfc3339
from twin.api.problems import ApiError, responses, shorten
from twin.api.shapes import Done, ReadingOut, SignalOut, WriteValue
from twin.kernel.signal import Signal, type_names
from twin.spec.messages import phrase

router = APIRouter(tags=["signals"], prefix="/runs/{run}/signals")


def _signal_out(live: Live, signal: Signal) -> SignalOut:
    reading = live.signals.read(signal.path)
    return SignalOut.model_validate(
        {
            "path": signal.path,
            "type": type_names[signal.type],
            "unit": signal.unit,
            "low": signal.low,
            "high": signal.high,
            "writable": signal.writable,
            "enum": {m.name: m.value for m in signal.enum} if signal.enum else None,
            "about": signal.about,
            "reading": ReadingOut(
                value=reading.value,
                quality=reading.quality.value,
                time_s=reading.time_s,
                source_time=rfc3339(live.wall_at(reading.time_s)),
            ),
        }
    )


def _find(live: Live, path: str) -> Signal:
    if path not in live.signals:
        where = f"/api/v1/runs/{live.id}/signals"
        said = phrase("api.no_signal", line=live.spec.id, path=shorten(path), where=where)
        raise ApiError(404, said)
    return live.signals[path]


@router.get("", summary="Signals with their readings", responses=responses(401, 404, 422))
async def signals(
    live: TheRun,
    prefix: Annotated[str, Query(max_length=200, description="only paths that begin so")] = "",
    writable: Annotated[bool | None, Query(description="only (not) writable ones")] = None,
) -> list[SignalOut]:
    """List signals: what each is, and what it holds."""
    return [
        _signal_out(live, signal)
        for signal in live.signals
        if signal.path.startswith(prefix) and writable in (None, signal.writable)
    ]


@router.get("/{path:path}", summary="One signal", responses=responses(401, 404))
async def one(live: TheRun, path: str) -> SignalOut:
    """Return one signal and its reading."""
    return _signal_out(live, _find(live, path))


@router.put(
    "/{path:path}", summary="Write a signal", responses=responses(401, 403, 404, 409, 422, 429)
)
async def write(live: TheRun, path: str, body: WriteValue, who: Operator) -> Done:
    """Write a value to a writable signal."""
    signal = _find(live, path)
    if not signal.writable:
        raise ApiError(409, phrase("refused.reported", path=path))
    return carry_out(live, who, "write", path, {"value": signal.check(body.value)})
