"""Robots: pendant state, path, program, and what can be done."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from twin.api.cell_shapes import DiagnosticOut, ProgramIn
from twin.api.context import Operator, TheRun
from twin.api.problems import responses
from twin.api.robots import (
    RobotCommand,
    RobotOut,
    RobotPath,
    RobotSummary,
    command_of,
    diagnostics_of,
    find_robot,
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


@router.post("/{cell}/{robot}/check", summary="What is wrong with a program", responses=WRITES)
async def check(
    live: TheRun, cell: str, robot: str, body: ProgramIn, who: Operator
) -> list[DiagnosticOut]:
    """Check a RAPID program for this robot, load nothing, and return what was found."""
    del who  # whoever may load may check
    return diagnostics_of(find_robot(live, cell, robot), body.text)


@router.post("/{cell}/{robot}/commands", summary="Do something with a robot", responses=WRITES)
async def command(live: TheRun, cell: str, robot: str, body: RobotCommand, who: Operator) -> Done:
    """Motors, mode, jogging, points, program: the verbs of the pendant and of RAPID."""
    wanted = command_of(find_robot(live, cell, robot), body, who.name)
    return Done.model_validate(live.command(wanted).as_dict())
