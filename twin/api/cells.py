"""Workcells as people outside see them, and the commands that one can give them."""

from collections.abc import Iterable
from math import isfinite
from typing import Any
from zlib import crc32

from twin.kernel.command import Args, Command
from twin.plant.motion.called import spoken, titles
from twin.plant.motion.incident import Incident
from twin.plant.motion.point import Point
from twin.plant.motion.workcell import Workcell
from twin.spec.base import Text
from twin.spec.messages import Phrase, catalogue, phrase
from twin.spec.motion import Zone

from .cell_shapes import (
    CellCommand,
    CellStatus,
    CellSummary,
    DiagnosticOut,
    IncidentOut,
    PlcOut,
    PointOut,
    VariableOut,
)
from .hub import Live
from .problems import ApiError, listed, shorten
from .shapes import LinkOut

LANGUAGES = ("en", "zh")
MOST_INCIDENTS = 100
_ON_POINTS = frozenset({"write", "force", "release"})
_ARGS = {
    "write": ("value",),
    "force": ("value",),
    "remove": ("part",),
    "enter": ("zone",),
    "leave": ("zone",),
    "control": ("owner",),
    "load_program": ("text",),
    "plc_restart": ("cold",),
    "plc_write": ("path", "value"),
    "plc_force": ("path", "value"),
    "plc_release": ("path",),
}


def both(text: Text | None, fallback: str) -> dict[str, str]:
    """Return a text in both languages; the fallback where there is none."""
    return {lang: text.get(lang) if text is not None else fallback for lang in LANGUAGES}


def find_cell(live: Live, name: str) -> Workcell:
    """Return a workcell, or raise a 404 that lists what there is."""
    cell = live.workcells.get(name)
    if cell is None:
        raise ApiError(
            404,
            phrase(
                "api.no_cell",
                line=live.spec.id,
                cell=shorten(name),
                listed=listed(list(live.workcells)),
            ),
        )
    return cell


def command_of(cell: Workcell, wish: CellCommand, by: str) -> Command:
    """Return the command that a wish stands for.

    Raises:
        ApiError: the wish lacks something, or names a point that there is not.
    """
    args: Args = {}
    for name in _ARGS.get(wish.verb, ()):
        value = getattr(wish, name)
        if value is None and not (wish.verb == "remove"):
            raise ApiError(422, phrase("api.verb_needs", verb=wish.verb, name=name))
        if isinstance(value, float) and not isfinite(value):
            raise ApiError(422, phrase("api.verb_finite", verb=wish.verb, name=name, value=value))
        args[name] = value
    if wish.verb == "repair":
        return Command("repair", f"{cell.id}/{find_body(cell, wish.body)}", {}, by)
    if wish.verb not in _ON_POINTS:
        return Command(wish.verb, cell.id, args, by)
    if wish.point is None:
        raise ApiError(422, phrase("api.verb_needs", verb=wish.verb, name="point"))
    return Command(wish.verb, find_point(cell, wish.point).io.path, args, by)


def find_body(cell: Workcell, name: str | None) -> str:
    """Return the id of a body, or raise an error that lists some."""
    if name is None:
        raise ApiError(422, phrase("api.verb_needs", verb="repair", name="body"))
    if name not in cell.world.bodies:
        known = listed(list(cell.world.bodies))
        raise ApiError(404, phrase("api.no_body", cell=cell.id, body=shorten(name), listed=known))
    return name


def find_point(cell: Workcell, name: str) -> Point:
    """Return a point, or raise a 404 that lists some."""
    point = cell.points.get(name)
    if point is None:
        known = listed(list(cell.points))
        raise ApiError(404, phrase("api.no_point", cell=cell.id, point=shorten(name), listed=known))
    return point


# ---- out


def summary_of(cell: Workcell) -> CellSummary:
    """Return a workcell in short."""
    return CellSummary(
        id=cell.id,
        title=both(cell.workcell_spec.title, cell.id),
        state=cell.state.name.lower(),
        owner=cell.owner,
        points=len(cell.points),
        forced=sum(point.forced is not None for point in cell.points.values()),
        incidents=cell.world.incidents.count,
    )


def point_out(point: Point) -> PointOut:
    """Return a point with all that is known of it."""
    io = point.io
    return PointOut(
        name=point.name,
        path=io.path,
        body=io.body,
        direction=io.direction.value,
        type=io.iec.value,
        address=str(io.address),
        unit=io.unit,
        low=io.low,
        high=io.high,
        comment=both(io.comment, ""),
        value=_plain(point.value),
        raw=_plain(point.unforced),
        forced=point.forced,
        writer=point.writer,
        time_s=point.time_s,
        changes=point.changes,
    )


DEVICE = "device:"
"""What an owner's name begins with when a link of the mirror drives."""


def _link_of(live: Live, owner: str) -> LinkOut | None:
    """Return how the link is by which a device drives a workcell."""
    if live.mirror is None or not owner.startswith(DEVICE):
        return None
    link = live.mirror.links().get(owner.removeprefix(DEVICE))
    return LinkOut.model_validate(link) if link is not None else None


def status_of(live: Live, cell: Workcell, after: int = 0) -> dict[str, Any]:
    """Return the fields of `CellStatus`; incidents only those with a number above `after`."""
    forced = {name: p for name, p in cell.points.items() if p.forced is not None}
    incidents = [incident for incident in cell.world.incidents if incident.number > after]
    return {
        "time_s": cell.env.time_s,
        "owner": cell.owner,
        "link": _link_of(live, cell.owner),
        "powered": cell.world.powered,
        "plc": plc_out(cell),
        "forced": {name: point.forced for name, point in forced.items()},
        "raw": {name: _plain(point.unforced) for name, point in forced.items()},
        "writers": {
            name: point.writer for name, point in cell.points.items() if not point.is_input
        },
        "sliding": sliding_values(cell),
        "count": cell.world.incidents.count,
        "incidents": [_incident_out(cell, incident) for incident in incidents[-MOST_INCIDENTS:]],
        "held": _held(cell),
        "lying": [_part(part) for part, _ in cell.world.fallen()],
        "people": {
            name: bool(getattr(body, "inside", False))
            for name, body in cell.world.bodies.items()
            if isinstance(body.spec, Zone)
        },
    }


def sliding_values(cell: Workcell) -> dict[str, Any]:
    """Return what holds now of the points that change between events."""
    values = {}
    for name, point in cell.points.items():
        if point.body is not None and point.pin in point.body.lazy:
            point.body.refresh(point.pin)
            values[name] = point.value
    return values


def cell_status(live: Live, cell: Workcell, after: int = 0) -> CellStatus:
    """Return what changes in a workcell beside its values."""
    return CellStatus(**status_of(live, cell, after))


def _part(part: Any) -> str:
    return f"{part.type} {part.id}"


def _held(cell: Workcell) -> dict[str, list[str]]:
    held = {}
    for name, body in cell.world.bodies.items():
        parts = [_part(part) for part, _ in body.parts()]
        if parts:
            held[name] = parts
    return held


def _spoken(cell: Workcell, incident: Incident, language: str) -> str:
    if incident.cause not in catalogue():
        return incident.cause
    names = titles(cell)
    said = spoken(cell, Phrase(incident.cause, incident.values))
    values = {
        key: names[value].get(language) if isinstance(value, str) and value in names else value
        for key, value in said.values.items()
    }
    return Phrase(incident.cause, values).text(language)


def _incident_out(cell: Workcell, incident: Incident) -> IncidentOut:
    return IncidentOut(
        number=incident.number,
        time_s=incident.time_s,
        kind=incident.kind,
        body=incident.body,
        part=incident.part,
        at_m=(incident.x, incident.y, incident.z),
        text={language: _spoken(cell, incident, language) for language in LANGUAGES},
    )


def plc_out(cell: Workcell) -> PlcOut | None:
    """Return how the soft PLC is; None where there is none."""
    plc = cell.controller
    if plc is None:
        return None
    faulty = plc.mode == "fault"
    return PlcOut(
        mode=plc.mode,
        fault={language: plc.fault_text(language) for language in LANGUAGES} if faulty else None,
        fault_line=plc.fault_line if faulty else None,
        scans=plc.scans,
        period_s=plc.period_s,
        program=crc32(plc.source.encode()),
    )


def diagnostics_of(cell: Workcell, text: str) -> list[DiagnosticOut]:
    """Return what is wrong with a program text for a workcell."""
    return [] if cell.controller is None else told_of(cell.controller.diagnostics(text))


def told_of(found: Iterable[Any]) -> list[DiagnosticOut]:
    """Return what a compiler found, in every language that people read."""
    return [
        DiagnosticOut(
            severity=str(entry.severity),
            line=entry.line,
            column=entry.column,
            end_line=entry.end_line,
            end_column=entry.end_column,
            text={language: entry.text(language) for language in LANGUAGES},
        )
        for entry in found
    ]


def variables_of(cell: Workcell) -> list[VariableOut]:
    """Return the variables of the program that is loaded."""
    if cell.controller is None:
        return []
    return [
        VariableOut(path=path, type=type_, value=_plain(value))
        for path, type_, value in cell.controller.variables()
    ]


def _plain(value: Any) -> Any:
    """Return a value as JSON can carry it."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value if isinstance(value, bool | int | float | str) else str(value)
