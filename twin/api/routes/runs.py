"""Runs: what is alive, how it does, its clock, its file and its record."""

from math import inf
from typing import Any

from fastapi import APIRouter, Response

from twin.api.access import Role
from twin.api.context import Operator, Reader, Shared, TheRun, carry_out, needs
from twin.api.hub import Live
from twin.api.moment import rate_out, rfc3339
from twin.api.problems import ApiError, responses
from twin.api.shapes import Done, Me, RunSummary, Speed
from twin.spec.base import Text
from twin.spec.messages import phrase
from twin.wire.codec import encode

router = APIRouter(tags=["runs"])
JSON = "application/json"
LINES = "application/jsonl"


def title_of(title: Text | None, fallback: str) -> dict[str, str]:
    """Return a title in both languages; the id where there is none."""
    if title is None:
        return {"en": fallback, "zh": fallback}
    return {"en": title.en, "zh": title.get("zh")}


def summary(live: Live) -> RunSummary:
    """Return a run in short."""
    return RunSummary(
        id=live.id,
        line=live.spec.id,
        title=title_of(live.spec.title, live.spec.id),
        time_s=live.time_s,
        rate=rate_out(live.rate),
        source_time=rfc3339(live.wall_at(live.time_s)),
        alarms_standing=len(live.alarms.standing()),
    )


@router.get("/me", summary="Who the server takes you for", responses=responses(401))
async def me(who: Reader) -> Me:
    """Return your name and role."""
    return Me(name=who.name, role=who.role.word)


@router.get("/runs", summary="All live runs", responses=responses(401))
async def runs(shared: Shared) -> list[RunSummary]:
    """List the live runs."""
    return [summary(live) for live in shared.hub]


@router.get("/runs/{run}", summary="One run in short", responses=responses(401, 404))
async def run_summary(live: TheRun) -> RunSummary:
    """Return one run in short."""
    return summary(live)


@router.get("/runs/{run}/header", summary="What the run began with", responses=responses(401, 404))
async def header(live: TheRun, who: Reader) -> dict[str, Any]:
    """Return the run's header: line, versions, scenario; its secrets only to an instructor."""
    whole: dict[str, Any] = live.record().header.as_dict()
    if who.role >= Role.INSTRUCTOR:
        return whole
    # The seed and the scenario's events tell a learner what will break, and when.
    whole.pop("seed", None)
    scenario = whole.get("scenario")
    if scenario is not None:
        whole["scenario"] = {key: scenario.get(key) for key in ("id", "title", "task")}
    return whole


@router.get("/runs/{run}/line", summary="The line file as data", responses=responses(401, 404))
async def line(live: TheRun) -> dict[str, Any]:
    """Return the line that runs, as its file says it."""
    spec: dict[str, Any] = live.spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return spec


@router.get("/runs/{run}/kpis", summary="Key figures now", responses=responses(401, 404))
async def kpis(live: TheRun) -> dict[str, float]:
    """Return the key figures, by name."""
    return live.kpis()


@router.get(
    "/runs/{run}/snapshot",
    summary="Everything a viewer needs to begin",
    response_class=Response,
    responses={200: {"content": {JSON: {}}}, **responses(401, 404)},
)
async def snapshot(live: TheRun) -> Response:
    """Return the state now, in the form in which the stream sends it."""
    return Response(encode(live.snapshot()), media_type=JSON)


@router.get(
    "/runs/{run}/record",
    summary="The record: header and command log",
    dependencies=[needs(Role.INSTRUCTOR)],
    response_class=Response,
    responses={200: {"content": {LINES: {}}}, **responses(401, 403, 404, 429)},
)
async def record(live: TheRun) -> Response:
    """Download what `twin replay` plays again, bit for bit. It tells what a scenario hides."""
    disposition = f'attachment; filename="{live.id}.jsonl"'
    return Response(
        live.record().text(), media_type=LINES, headers={"Content-Disposition": disposition}
    )


@router.post(
    "/runs/{run}/start",
    summary="Let time run",
    dependencies=[needs(Role.OPERATOR)],
    responses=responses(401, 403, 404, 409, 429),
)
async def start(live: TheRun) -> RunSummary:
    """Let a paused run go on in real time; one that runs is left as it is."""
    if live.rate == 0:
        live.set_rate(1.0)
    return summary(live)


@router.post(
    "/runs/{run}/pause",
    summary="Hold time still",
    dependencies=[needs(Role.OPERATOR)],
    responses=responses(401, 403, 404, 409, 429),
)
async def pause(live: TheRun) -> RunSummary:
    """Pause the run."""
    live.set_rate(0.0)
    return summary(live)


@router.post(
    "/runs/{run}/speed",
    summary="Set the pace",
    dependencies=[needs(Role.OPERATOR)],
    responses=responses(401, 403, 404, 409, 422, 429),
)
async def speed(live: TheRun, body: Speed) -> RunSummary:
    """Set how many simulation seconds pass in a second."""
    live.set_rate(inf if body.rate == "max" else body.rate)
    return summary(live)


@router.post(
    "/runs/{run}/step",
    summary="One event instant further",
    dependencies=[needs(Role.OPERATOR)],
    responses=responses(401, 403, 404, 409, 429),
)
async def step(live: TheRun) -> RunSummary:
    """Advance a paused run to its next event."""
    if live.rate != 0:
        raise ApiError(409, phrase("refused.pause_first"))
    live.step()
    return summary(live)


@router.post(
    "/runs/{run}/reset",
    summary="Begin again",
    dependencies=[needs(Role.INSTRUCTOR)],
    responses=responses(401, 403, 404, 409, 429),
)
async def reset(live: TheRun) -> RunSummary:
    """Begin the run again from its header; its log so far is gone."""
    live.reset()
    return summary(live)


@router.post(
    "/runs/{run}/stop_line",
    summary="Stop every asset",
    responses=responses(401, 403, 404, 409, 429),
)
async def stop_line(live: TheRun, who: Operator) -> Done:
    """Stop the whole line; time runs on."""
    return carry_out(live, who, "stop")


@router.post(
    "/runs/{run}/start_line",
    summary="Start every asset",
    responses=responses(401, 403, 404, 409, 429),
)
async def start_line(live: TheRun, who: Operator) -> Done:
    """Start the whole line."""
    return carry_out(live, who, "start")
