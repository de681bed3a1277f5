"""A small line around one workcell: source, cell, sink; made, driven and looked at in tests."""

import json
from typing import Any

from tests.unit.plant.lives import alive, line_of
from twin.kernel.command import Command
from twin.kernel.runner import Runner
from twin.kernel.signal import Value
from twin.plant.motion.body import Body
from twin.plant.motion.incident import Incident
from twin.plant.motion.workcell import Workcell
from twin.plant.part import Part
from twin.spec.line import LineSpec
from twin.spec.load import parse_model
from twin.wire.model import Ride

PARTS = "parts:\n- {id: box, size_m: [0.2, 0.1, 0.05]}\n"

LINE = """\
schema: pilotline.line/1
id: motion_line
{parts}assets:
- {{id: feed, kind: source, part: {part}{every}}}
- id: cell
  kind: workcell
  bodies:
{bodies}
- {{id: out, kind: sink}}
flow:
- [feed, cell, out]
"""


def spec_of(
    bodies: str, *, parts: str = PARTS, part: str = "box", every_s: float | None = None
) -> LineSpec:
    """Read a line whose workcell `cell` has these bodies, written as a list in YAML.

    Args:
        bodies: a YAML list. Without an entry no part comes; without an exit none leaves.
        parts: the part types, as a line file writes them.
        part: the type that the source gives.
        every_s: time between two parts; none: always the next one at once.
    """
    every = "" if every_s is None else f", interarrival_s: {every_s}"
    inner = "\n".join(f"  {line}" for line in bodies.strip("\n").split("\n"))
    return parse_model(LINE.format(parts=parts, part=part, every=every, bodies=inner), LineSpec)


def make(
    bodies: str, *, parts: str = PARTS, part: str = "box", every_s: float | None = None,
    seed: int = 0,
) -> Runner:  # fmt: skip
    """Begin a run of a line with these bodies; see `spec_of`."""
    return alive(spec_of(bodies, parts=parts, part=part, every_s=every_s), seed)


def cell(runner: Runner) -> Workcell:
    """Return the workcell."""
    workcell = line_of(runner).assets["cell"]
    assert isinstance(workcell, Workcell)
    return workcell


def body(runner: Runner, name: str) -> Any:
    """Return a body of the workcell."""
    found: Body = cell(runner).world.bodies[name]
    return found


def write(runner: Runner, point: str, value: Value, at_s: float | None = None) -> None:
    """Write a point, now or at a time before which all is done first."""
    runner.apply(Command("write", f"cell/{point}", {"value": value}, "test"), at_s=at_s)


def run(runner: Runner, until_s: float) -> None:
    """Let time pass."""
    runner.run_until(until_s)


def value(runner: Runner, point: str) -> Value:
    """Return what a point is now, as its reader sees it."""
    return cell(runner).points[point].value


def changed_at(runner: Runner, point: str) -> float:
    """Return when a point became what it is, s."""
    return cell(runner).points[point].time_s


def record(runner: Runner) -> list[tuple[float, str, Value]]:
    """Return a list that from now on gets each change of a point: (time, name, value)."""
    changes: list[tuple[float, str, Value]] = []
    cell(runner).listeners.append(
        lambda point: changes.append((runner.time_s, point.name, point.value))
    )
    return changes


def put(
    runner: Runner, onto: str, *, along_m: float = 0.0, across_m: float = 0.0, kind: str = "box"
) -> Part:
    """Put a new part on a holder by hand; there must be room."""
    line, holder = line_of(runner), body(runner, onto)
    part = line.part(kind, line.env.time_s)
    line.enter(part)
    entrance = holder.entrance(along_m)
    at = holder.frame.at(line.env.time_s).then(entrance._replace(y=entrance.y + across_m))
    assert holder.accept(part, at, giver=holder), f"no room on {onto} at {along_m}"
    return part


def incidents(runner: Runner) -> list[Incident]:
    """Return what has gone wrong."""
    return list(cell(runner).world.incidents)


def where(runner: Runner, part: Part) -> tuple[float, float, float]:
    """Return where the middle of a part's underside is, in the workcell, m."""
    now = runner.time_s
    for one in cell(runner).world.bodies.values():
        for found, ride in one.parts():
            if found.id == part.id:
                at = one.frame.at(now).then(_pose(ride, now))
                return at.x, at.y, at.z
    raise LookupError(f"part {part.id} is on no body")


def _pose(ride: Ride, now: float) -> Any:
    from twin.plant.motion.frame import Pose
    from twin.wire.model import along

    way = along(ride.path, now)
    return Pose(
        ride.x + ride.dx * way, ride.y + ride.dy * way, ride.z + ride.dz * way, ride.heading_rad
    )


def state(runner: Runner) -> str:
    """Return the whole state of the plant as text."""
    return json.dumps(runner.snapshot()["plant"])


def reborn(runner: Runner, spec: LineSpec) -> Runner:
    """Return a fresh run that goes on where this one is, through a file's text."""
    fresh = alive(spec, runner.header.seed)
    fresh.restore(json.loads(json.dumps(runner.snapshot())))
    return fresh
