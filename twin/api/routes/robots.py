"""Robots: pendant state, path, program, and what can be done."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from twin.api.cell_shapes import DiagnosticOut, ProgramIn
from twin.api.context import Operator, Shared, TheRun, context_of
from twin.api.problems import responses
from twin.api.robot_trace import MOST_S
from twin.api.robots import (
    RobotCommand,
    RobotOut,
    RobotPath,
    RobotSummary,
    RobotTrace,
    command_of,
    diagnostics_of,
    find_robot,
    lease_of,
    path_of,
    robot_out,
    summaries,
)
from twin.api.shapes import Done

router = APIRouter(tags=["robots"], prefix="/runs/{run}/robots")
WRITES = responses(401, 403, 404, 409, 422, 429)


@router.get("", summary="All robots", responses=responses(401, 404))
async def robots(live: TheRun) -> list[RobotSummary]:
    """List the robots of all workcells."""
    return summaries(live)


@router.get("/{cell}/{robot}", summary="One robot", responses=responses(401, 404, 422))
async def one(
    live: TheRun,
    cell: str,
    robot: str,
    language: Annotated[Literal["en", "zh"], Query(description="of the program's errors")] = "en",
) -> RobotOut:
    """Return how a robot stands, what it does, and how its program is."""
    return robot_out(find_robot(live, cell, robot), language)


@router.get("/{cell}/{robot}/path", summary="Where the tool goes", responses=responses(401, 404))
async def path(live: TheRun, cell: str, robot: str) -> RobotPath:
    """Return places of the tool's point along the rest of the present movement."""
    return path_of(find_robot(live, cell, robot))


@router.get(
    "/{cell}/{robot}/trace",
    summary="Where the tool has been",
    responses=responses(401, 404, 422),
)
async def trace(
    live: TheRun,
    cell: str,
    robot: str,
    request: Request,
    seconds: Annotated[float, Query(gt=0, le=MOST_S, description="how far back")] = 10.0,
) -> RobotTrace:
    """Return places of the tool's point in the last seconds of the run, and when it was there."""
    found = find_robot(live, cell, robot)
    recorder = context_of(request).traces.of(live, cell)
    return RobotTrace(points=recorder.robots.read(found, seconds))


@router.post("/{cell}/{robot}/check", summary="What is wrong with a program", responses=WRITES)
async def check(
    live: TheRun, cell: str, robot: str, body: ProgramIn, who: Operator
) -> list[DiagnosticOut]:
    """Check a RAPID program for this robot, load nothing, and return what was found."""
    del who  # whoever may load may check
    return diagnostics_of(find_robot(live, cell, robot), body.text)


@router.post("/{cell}/{robot}/commands", summary="Do something with a robot", responses=WRITES)
async def command(
    live: TheRun, cell: str, robot: str, body: RobotCommand, who: Operator, shared: Shared
) -> Done:
    """Motors, mode, jogging, points, program: the verbs of the pendant and of RAPID.

    `enabling` with `on` holds the switch for `lease_s` (2, at most 10) seconds of the wall clock.
    Say it again to hold on; a renewal is answered with the first entry in the log.
    """
    found = find_robot(live, cell, robot)
    wanted = command_of(found, body, who.name)
    if wanted.verb == "enabling":
        stamped = shared.leases.carry_out(live, found, wanted, lease_of(body))
    else:
        stamped = live.command(wanted)
    return Done.model_validate(stamped.as_dict())
