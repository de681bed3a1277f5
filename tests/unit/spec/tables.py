"""The tables of a reference page, and what a model says against which they are held."""

import re
from pathlib import Path
from typing import get_args

from pydantic import BaseModel
from ruamel.yaml import YAML

from twin.spec import times
from twin.spec.shipped import config_folder

REFERENCE = config_folder().parent / "docs" / "reference"


class Page:
    """A page of the reference, by its sections."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")

    def section(self, heading: str) -> str:
        pattern = rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)"
        found = re.search(pattern, self.text, re.DOTALL | re.MULTILINE)
        assert found, heading
        return found[1]

    def table(self, heading: str, first: str) -> dict[str, list[str]]:
        """The rows of the table whose first column is called `first`, by what stands there."""
        rows: dict[str, list[str]] = {}
        inside = False
        for line in self.section(heading).splitlines():
            cells = [cell.strip() for cell in line.split("|")[1:-1]]
            if not cells:
                inside = False
            elif inside and not set(line) <= set("|- "):
                assert len(cells) == 4, line
                rows[cells[0].strip("`")] = cells
            else:
                inside = inside or cells[0] == first
        return rows

    def defaults(self, heading: str) -> dict[str, str]:
        """The keys of a section, with what it says of their default."""
        return {key: cells[2] for key, cells in self.table(heading, "key").items()}


def fields(model):
    return {field.alias or name: field for name, field in model.model_fields.items()}


def default_of(field):
    """A field's default as a table says it."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value == times.Time(constant=0.0):
        return 0.0
    return value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value


def said(text):
    """What a table's default means: `required`, nothing, or a YAML value."""
    if text in {"required", "–"}:
        return None if text == "–" else "required"
    value = YAML(typ="safe", pure=True).load(text.strip("`"))
    return tuple(value) if isinstance(value, list) else value


def assert_tells(told, model):
    """Each key of a model is told with its true default, and no other."""
    assert set(told) == set(fields(model))
    for key, field in fields(model).items():
        assert said(told[key]) == default_of(field), key


def models_within(annotation):
    """Every model that can stand somewhere in a value of this type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_within(field.annotation)
    for inner in get_args(annotation):
        if inner is not type(None):
            yield from models_within(inner)
