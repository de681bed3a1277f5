"""What the browser is told of a workcell once, when its page opens."""

from collections.abc import Mapping
from typing import Any

from twin.api.access import Role
from twin.api.hub import Live
from twin.plant.motion.workcell import Workcell
from twin.spec.io import point_name
from twin.spec.messages import catalogue, message
from twin.spec.motion import BodyBase
from viewer.lab.actions import Actor
from viewer.lab.robot.facts import robot_facts, robot_texts
from viewer.lab.words import Words

TEXTS = "cellpage."
_UNITS = (("_m_s2", "m/s²"), ("_m_s", "m/s"), ("_bar", "bar"), ("_deg", "°"), ("_kg", "kg"),
          ("_kpa_s", "kPa/s"), ("_c", "°C"), ("_m", "m"), ("_s", "s"))  # fmt: skip
_HIDDEN = frozenset({"id", "kind", "title", "on", "at_m", "heading_deg", "colour", "look"})


def page_texts(words: Words) -> dict[str, str]:
    """Return every text of the page of a workcell, by its key without `cellpage.`."""
    return {
        key.removeprefix(TEXTS): texts[words.language]
        for key, texts in catalogue().items()
        if key.startswith(TEXTS)
    }


def point_facts(cell: Workcell, words: Words) -> list[dict[str, Any]]:
    """Return what the points are."""
    initial = {
        point_name(body.id, pin): bool(pin.initial)
        for body in cell.workcell_spec.bodies
        for pin in body.pins()
    }
    facts = []
    for point in cell.points.values():
        io = point.io
        facts.append(
            {
                "name": point.name,
                "path": io.path,
                "body": io.body,
                "pin": point.pin,
                "direction": io.direction.value,
                "type": io.iec.value,
                "address": str(io.address),
                "unit": io.unit,
                "low": io.low,
                "high": io.high,
                "sliding": point.body is not None and point.pin in point.body.lazy,
                "initial": initial[point.name],
                "comment": io.comment.get(words.language),
            }
        )
    return facts


def _text(key: str, fallback: str, language: str) -> str:
    return message(key, language) if key in catalogue() else fallback


def body_data(
    spec: BodyBase, words: Words, names: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """Return the figures of a body, each with what it is, in the page's language.

    Args:
        spec: the body.
        words: texts.
        names: what people call the other bodies and the parts, by id.
    """
    found = []
    for name in type(spec).model_fields:
        value = getattr(spec, name)
        if name in _HIDDEN or value is None or not isinstance(value, bool | int | float | str):
            continue
        unit = next((unit for end, unit in _UNITS if name.endswith(end)), "")
        label = _text(f"{TEXTS}data.{name}", name.replace("_", " "), words.language)
        if isinstance(value, bool):
            shown = words("on" if value else "off")
        elif isinstance(value, str):
            choice = _text(f"{TEXTS}choice.{value}", value, words.language)
            shown = (names or {}).get(value, choice)
        else:
            shown = f"{value:g}"
        found.append((label, f"{shown} {unit}".strip()))
    return found


def body_facts(cell: Workcell, words: Words) -> list[dict[str, Any]]:
    """Return what the bodies are."""
    spec = cell.workcell_spec
    names = {entry.id: words.title(entry.title, entry.id) for entry in spec.bodies}
    names |= {part: words.title(entry.title, part) for part, entry in cell.part_specs.items()}
    return [
        {
            "id": body.id,
            "kind": body.kind,
            "kindName": _text(f"{TEXTS}kind.{body.kind}", body.kind, words.language),
            "about": _text(f"{TEXTS}about.{body.kind}", "", words.language),
            "title": words.title(body.title, body.id.replace("_", " ")),
            "on": body.on,
            "data": body_data(body, words, names),
            "lamps": list(getattr(body, "lamps", ())),
        }
        for body in spec.bodies
    ]


def cell_facts(live: Live, cell: Workcell, actor: Actor, words: Words) -> dict[str, Any]:
    """Return the options of the page's hub."""
    program = cell.workcell_spec.control.program
    instructs = actor.may(Role.INSTRUCTOR)
    return {
        "base": f"/api/v1/runs/{live.id}/cells/{cell.id}",
        "id": cell.id,
        "path": cell.path,
        "language": words.language,
        "exercise": live.record().header.scenario is not None,
        "points": point_facts(cell, words),
        "bodies": body_facts(cell, words),
        "may": {"operate": actor.may(Role.OPERATOR), "instruct": instructs},
        "reference": program.text if program is not None and instructs else None,
        "parts": {part.id: words.title(part.title, part.id) for part in live.spec.parts},
        "words": page_texts(words) | robot_texts(words.language),
        "robots": robot_facts(live, cell, words),
    }
