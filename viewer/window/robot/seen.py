"""How a robot is, as the twin tells it over HTTP."""

from math import asin, atan2, degrees
from typing import Any, Literal

from pydantic import BaseModel, Field

Place = tuple[float, float, float, float, float, float, float]
"""[x, y, z, w, i, j, k]: metres, and a turn."""
Point = tuple[float, float, float]
Texts = dict[str, str]
"""A text by its language."""


class JointSeen(BaseModel):
    """One joint: degrees, or m where it slides."""

    name: str
    kind: Literal["turn", "slide"]
    value: float
    low: float
    high: float


class NearSeen(BaseModel):
    """What stands nearest to a robot, and how near; points in the workcell, m."""

    distance_m: float
    mine: str
    other: str
    mine_text: Texts
    other_text: Texts
    point: Point
    other_point: Point


class RobotSeen(BaseModel):
    """The robot itself."""

    mode: Literal["auto", "manual"]
    enabling: bool
    motors: bool
    ready: bool
    why_not: Texts | None
    doing: str
    moving: bool
    override: int
    fault: Texts | None
    joints: list[JointSeen]
    tool: str
    wobj: str
    tip: Place
    tip_in_wobj: Place
    nearest: NearSeen | None
    singularity: list[Any] | None = None


class PointSeen(BaseModel):
    """A point of the program."""

    name: str
    type: str
    text: str


class ProgramSeen(BaseModel):
    """The program: `line` is where its pointer is, from 1; 0 is nowhere."""

    text: str
    mode: str
    line: int
    motion_line: int
    error: str
    error_line: int
    messages: list[str] = Field(default_factory=list)
    breakpoints: list[int] = Field(default_factory=list)
    points: list[PointSeen] = Field(default_factory=list)
    tools: list[str] = Field(default_factory=list)
    wobjs: list[str] = Field(default_factory=list)


class Seen(BaseModel):
    """A robot and its program."""

    robot: RobotSeen
    program: ProgramSeen | None


class Which(BaseModel):
    """One of the robots of a run."""

    cell: str
    id: str
    title: Texts


def turns(place: Place) -> Point:
    """Return the turns of a placement about x, then y, then z of the fixed axes, degrees."""
    w, x, y, z = place[3:]
    return (
        degrees(atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))),
        degrees(asin(min(1.0, max(-1.0, 2 * (w * y - z * x))))),
        degrees(atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))),
    )


def free_name(taken: list[str]) -> str:
    """Return a name for a new point: p10, p20, … as is the custom."""
    known = {name.lower() for name in taken}
    number = 10
    while f"p{number}" in known:
        number += 10
    return f"p{number}"
