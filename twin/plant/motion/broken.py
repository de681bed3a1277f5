"""What breaks in a workcell: a body in one of its ways, or a point that is stuck at a value."""

from typing import TYPE_CHECKING, Any

from twin.kernel.command import Args, Command
from twin.kernel.errors import CommandRefused, SignalError
from twin.spec.choices import hint
from twin.spec.messages import Phrase, phrase

from .point import Point

if TYPE_CHECKING:
    from .body import Body
    from .workcell import Workcell

TRIPS = "trips"
"""A way to break that leaves a fault: it is acknowledged with a reset, not repaired."""
SHOWN = 12
"""So many names are told at once."""


def act(cell: "Workcell", command: Command) -> None:
    """Break or repair a body or a point of a workcell.

    Raises:
        CommandRefused: there is no such thing, it does not break so, or it is so already.
    """
    verb, args = command.verb, command.args
    why = refusal(cell, verb, command.target, args)
    if why is None and args.get("downtime_s") is not None:
        why = phrase("broken.no_downtime", name=command.target)
    if why is not None:
        raise CommandRefused(why)
    found = _thing(cell, verb, command.target)
    if verb == "repair":
        if not _repaired(found):
            key = "broken.by_reset" if _tripped(found) else "broken.sound"
            raise CommandRefused(phrase(key, name=command.target))
    elif isinstance(found, Point):
        if found.stuck is not None:
            raise CommandRefused(phrase("broken.already", name=command.target))
        value = _value(found, args)
        found.stick(value)
    else:
        found.breaks(str(args.get("failure") or found.ways[0]))


def refusal(cell: "Workcell", verb: str, target: str, args: Args) -> Phrase | None:
    """Return what is wrong with breaking or repairing something; None: nothing.

    It looks at what there is, not at how it is just now: a scenario is checked with it.
    """
    if "/" not in target:
        return phrase("broken.cell", cell=cell.id, verb=verb, things=_some(things(cell)))
    found = _thing(cell, verb, target)
    if found is None:
        return phrase("broken.nothing", name=target, hint=hint(target, things(cell)))
    failure, value = args.get("failure"), args.get("value")
    if isinstance(found, Point):
        if failure is not None:
            return phrase("broken.point_failure", name=target)
        try:
            _value(found, args)
        except SignalError as error:
            return phrase("broken.wrong_value", why=str(error))
        return None
    ways = found.ways
    if verb == "repair":
        return None
    if not ways:
        points = [f"{cell.id}/{point.name}" for point in found.points.values()]
        key = "broken.its_points" if points else "broken.never"
        return phrase(key, name=target, points=_some(points))
    if failure is not None and failure not in ways:
        return phrase("broken.no_way", name=target, found=failure, hint=hint(failure, ways))
    return phrase("broken.body_value", name=target) if value is not None else None


def things(cell: "Workcell") -> list[str]:
    """Return all that can break in a workcell: bodies first, then points."""
    bodies = [body.address for body in cell.world.bodies.values() if body.ways]
    return [*bodies, *(f"{cell.id}/{name}" for name in cell.points)]


def _thing(cell: "Workcell", verb: str, target: str) -> Any:
    """Return the body or the point of that name; a body has both where only one breaks."""
    name = target.rpartition("/")[2]
    body: Body | None = cell.world.bodies.get(name)
    point = cell.points.get(name)
    if verb == "break" and body is not None and not body.ways and point is not None:
        return point
    return body if body is not None else point


def _value(point: Point, args: Args) -> Any:
    """Return at what value a point will be stuck: the one that it has, if none is given."""
    value = args.get("value")
    if value is not None:
        return point.signal().check(value)
    if point.body is not None:
        point.body.refresh(point.pin)
    return point.value


def _repaired(found: Any) -> bool:
    """Repair a point, or a body with all of its points; tell whether anything was broken."""
    points = [found] if isinstance(found, Point) else list(found.points.values())
    stuck = [point for point in points if point.stuck is not None]
    for point in stuck:
        point.stick(None)
    mended = not isinstance(found, Point) and found.mended()
    return bool(stuck) or mended


def _tripped(found: Any) -> bool:
    """Tell whether it has a fault that waits for a reset."""
    return not isinstance(found, Point) and found.ways == (TRIPS,) and found.points["fault"].value


def _some(names: list[str]) -> str:
    told = ", ".join(names[:SHOWN])
    return f"{told}, …" if len(names) > SHOWN else told
