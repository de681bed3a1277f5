"""Workcells: points, incidents, the soft PLC and its program, traces, and what can be done."""

import csv
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Query, Response

from twin.api.cell_shapes import (
    CellCommand,
    CellOut,
    CellStatus,
    CellSummary,
    DiagnosticOut,
    ProgramIn,
    ProgramOut,
    TraceOut,
    VariableOut,
)
from twin.api.cells import (
    both,
    cell_status,
    command_of,
    diagnostics_of,
    find_cell,
    find_point,
    plc_out,
    point_out,
    status_of,
    summary_of,
    variables_of,
)
from twin.api.context import Operator, Shared, TheRun
from twin.api.problems import responses
from twin.api.shapes import Done

router = APIRouter(tags=["cells"], prefix="/runs/{run}/cells")
WRITES = responses(401, 403, 404, 409, 422, 429)
CSV = "text/csv"
COLUMNS = (
    "name", "address", "type", "direction", "value", "unit", "forced", "comment_en", "comment_zh",
    "path",
)  # fmt: skip


@router.get("", summary="All workcells", responses=responses(401, 404))
async def cells(live: TheRun) -> list[CellSummary]:
    """List the workcells."""
    return [summary_of(cell) for cell in live.workcells.values()]


@router.get("/{cell}", summary="One workcell with its points", responses=responses(401, 404))
async def one(live: TheRun, cell: str) -> CellOut:
    """Return a workcell: its points with values and forces, incidents, owner, soft PLC."""
    found = find_cell(live, cell)
    return CellOut(
        id=found.id,
        title=both(found.workcell_spec.title, found.id),
        points=[point_out(point) for point in found.points.values()],
        **status_of(live, found),
    )


@router.get("/{cell}/status", summary="Forces, incidents, PLC", responses=responses(401, 404, 422))
async def status(
    live: TheRun,
    cell: str,
    after: Annotated[int, Query(ge=0, description="only incidents with a higher number")] = 0,
) -> CellStatus:
    """Return what changes beside the values of the points, which the stream carries."""
    return cell_status(live, find_cell(live, cell), after)


@router.get("/{cell}/program", summary="The program", responses=responses(401, 404))
async def program(live: TheRun, cell: str) -> ProgramOut:
    """Return the program of the soft PLC, and what is doubtful in it."""
    found = find_cell(live, cell)
    text = found.controller.source if found.controller is not None else ""
    diagnostics = diagnostics_of(found, text) if text.strip() else []
    return ProgramOut(text=text, plc=plc_out(found), diagnostics=diagnostics)


@router.post("/{cell}/program/check", summary="What is wrong with a program", responses=WRITES)
async def check(live: TheRun, cell: str, body: ProgramIn, who: Operator) -> list[DiagnosticOut]:  # noqa: ARG001 - whoever may load may check
    """Compile a program for this workcell, load nothing, and return what was found."""
    return diagnostics_of(find_cell(live, cell), body.text)


@router.put("/{cell}/program", summary="Load a program", responses=WRITES)
async def load(live: TheRun, cell: str, body: ProgramIn, who: Operator) -> Done:
    """Load a program into the soft PLC; a wrong one is refused with its first error."""
    wish = CellCommand(verb="load_program", text=body.text)
    command = command_of(find_cell(live, cell), wish, who.name)
    return Done.model_validate(live.command(command).as_dict())


@router.get("/{cell}/variables", summary="Variables of the program", responses=responses(401, 404))
async def variables(live: TheRun, cell: str) -> list[VariableOut]:
    """Return every variable of the loaded program with its value now."""
    return variables_of(find_cell(live, cell))


@router.get("/{cell}/trace", summary="What points did", responses=responses(401, 404, 422))
async def trace(
    live: TheRun,
    cell: str,
    shared: Shared,
    points: Annotated[str, Query(max_length=4000, description="names with commas; none: all")] = "",
    since: Annotated[float, Query(ge=0, description="simulation time, s")] = 0.0,
) -> TraceOut:
    """Return the latest changes of points at their exact times, and what they held before."""
    found = find_cell(live, cell)
    names = [name for name in points.split(",") if name] or list(found.points)
    recorder = shared.traces.of(live, found.id)
    return TraceOut(
        epoch=recorder.epoch,
        time_s=live.time_s,
        since_s=recorder.since_s,
        points=recorder.read([find_point(found, name).name for name in names], since),
    )


@router.get(
    "/{cell}/signals.csv",
    summary="The list of points as a table",
    response_class=Response,
    responses={200: {"content": {CSV: {}}}, **responses(401, 404)},
)
async def signals_csv(live: TheRun, cell: str) -> Response:
    """Return the points as CSV, in UTF-8 with a mark that spreadsheets know it by."""
    found = find_cell(live, cell)
    text = StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for point in found.points.values():
        out = point_out(point)
        forced = "" if out.forced is None else out.forced
        table.writerow(
            (out.name, out.address, out.type, out.direction, out.value, out.unit, forced,
             out.comment["en"], out.comment["zh"], out.path)
        )  # fmt: skip
    disposition = f'attachment; filename="{found.id}_signals.csv"'
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type=CSV,
        headers={"Content-Disposition": disposition},
    )


@router.post("/{cell}/commands", summary="Do something with a workcell", responses=WRITES)
async def command(live: TheRun, cell: str, body: CellCommand, who: Operator) -> Done:
    """Write, force or release a point, remove parts, step into a zone, drive the soft PLC."""
    wanted = command_of(find_cell(live, cell), body, who.name)
    return Done.model_validate(live.command(wanted).as_dict())
