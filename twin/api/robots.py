"""Robots as people outside see them, and the commands that one can give them."""

from math import isfinite
from typing import Any

from pydantic import BaseModel, Field

from twin.control.rapid.controller import RapidController
from twin.control.rapid.machine import phrase_of
from twin.kernel.command import Args, Command
from twin.plant.motion.called import spoken
from twin.plant.motion.robot import Robot
from twin.plant.motion.robot_view import ahead
from twin.plant.motion.workcell import Workcell
from twin.plant.robot.track import ends_at
from twin.spec.messages import phrase

from .cell_shapes import DiagnosticOut
from .cells import both, find_cell, told_of
from .hub import Live
from .leases import LEASE_S, LONGEST_S
from .problems import ApiError, listed, shorten
from .shapes import example

LONGEST_TEXT = 200_000
MOST_ARGS = 8


class RobotSummary(BaseModel):
    """A robot in short."""

    model_config = example(
        cell="stacking", id="r1", title={"en": "Robot 1", "zh": "机器人 1"}, arm="six", mode="auto"
    )

    cell: str
    id: str
    title: dict[str, str]
    arm: str
    mode: str


class RobotOut(BaseModel):
    """How a robot is, and how its program is."""

    robot: dict[str, Any] = Field(
        description="modes, motors, joints, tool, fault, nearest obstacle; lengths in m, angles in "
        "degrees, a placement is [x, y, z, w, i, j, k] in the workcell"
    )
    program: dict[str, Any] | None = Field(
        description="text, mode, line, breakpoints, variables and points of its RAPID program"
    )


class RobotPath(BaseModel):
    """Where the tool's point goes in the rest of the present movement."""

    from_s: float = Field(description="now")
    ends_s: float = Field(description="when the movement ends; the points are equally far in time")
    points: list[list[float]] = Field(description="in the workcell, m")


class RobotTrace(BaseModel):
    """Where the tool's point has been."""

    model_config = example(points=[[12.40, 0.512, 0.0, 0.93], [12.52, 0.508, 0.041, 0.91]])

    points: list[tuple[float, float, float, float]] = Field(
        description="time, s, and place in the workcell, m; oldest first"
    )


class RobotCommand(BaseModel):
    """Something to do with a robot, at its pendant or with its program."""

    model_config = example(verb="jog_step", args={"frame": "joint", "axis": 0, "by": 5.0})

    verb: str = Field(max_length=40)
    args: dict[str, bool | int | float | str | None] = Field(
        default_factory=dict, max_length=MOST_ARGS
    )


def robots_of(cell: Workcell) -> dict[str, Robot]:
    """Return the robots of a workcell by id."""
    return {name: body for name, body in cell.world.bodies.items() if isinstance(body, Robot)}


def find_robot(live: Live, cell: str, name: str) -> Robot:
    """Return a robot, or raise a 404 that lists what there is."""
    robots = robots_of(find_cell(live, cell))
    if name not in robots:
        known = listed(list(robots))
        raise ApiError(404, phrase("api.no_robot", cell=cell, robot=shorten(name), listed=known))
    return robots[name]


def summaries(live: Live) -> list[RobotSummary]:
    """Return all robots of a run in short."""
    return [
        RobotSummary(
            cell=cell.id,
            id=name,
            title=both(robot.spec.title, name),
            arm=robot.arm.id,
            mode="auto" if robot.safety.auto else "manual",
        )
        for cell in live.workcells.values()
        for name, robot in robots_of(cell).items()
    ]


def robot_out(robot: Robot, language: str) -> RobotOut:
    """Return how a robot and its program are."""
    program = robot.program
    told = program.status(language) if isinstance(program, RapidController) else None
    if told is not None and isinstance(program, RapidController) and program.machine.error:
        why = phrase_of(program.machine.error)
        told["error"] = spoken(robot.cell, why).text(language)
    return RobotOut(robot=_plain(robot.shown()), program=_plain(told))


def path_of(robot: Robot) -> RobotPath:
    """Return where its tool goes."""
    now = robot.env.time_s
    ends_s = max(ends_at(robot.drive.track), now)
    return RobotPath(from_s=now, ends_s=ends_s, points=ahead(robot))


def diagnostics_of(robot: Robot, text: str) -> list[DiagnosticOut]:
    """Return what is wrong with a RAPID program for a robot."""
    if not isinstance(robot.program, RapidController):
        return []
    return told_of(robot.program.diagnostics(text))


def command_of(robot: Robot, wish: RobotCommand, by: str) -> Command:
    """Return the command that a wish stands for.

    Raises:
        ApiError: the robot has no such verb, or a value is none.
    """
    known = set(robot.pendant.verbs) | set(robot.program.verbs if robot.program else ())
    if wish.verb not in known:
        said = phrase("api.no_verb", verb=shorten(wish.verb), listed=listed(sorted(known)))
        raise ApiError(422, said)
    args: Args = {}
    for name, value in wish.args.items():
        if value is None or (wish.verb == "enabling" and name == "lease_s"):
            continue  # a lease is by the wall clock, of which the plant knows nothing
        if isinstance(value, float) and not isfinite(value):
            raise ApiError(422, phrase("api.verb_finite", verb=wish.verb, name=name, value=value))
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            said = phrase("api.verb_long", verb=wish.verb, name=name, most=LONGEST_TEXT)
            raise ApiError(422, said)
        args[name] = value
    return Command(wish.verb, robot.address, args, by)


def lease_of(wish: RobotCommand) -> float:
    """Return for how long somebody wants to hold an enabling switch, s of the wall clock.

    Raises:
        ApiError: that is no length of time, or too long.
    """
    found = wish.args.get("lease_s")
    if found is None:
        return LEASE_S
    if isinstance(found, bool | str) or not 0 < found <= LONGEST_S:
        said = phrase("api.lease", most=f"{LONGEST_S:g}", found=shorten(str(found)))
        raise ApiError(422, said)
    return float(found)


def _plain(value: Any) -> Any:
    """Return a value as JSON can carry it."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
