"""The reference of the line file names every key with its true default, and its examples load."""

import re
from types import NoneType
from typing import get_args

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from twin.spec import assets as kinds
from twin.spec import flow, line, parse_model, place, times
from twin.spec.check import check_line
from twin.spec.line import LineSpec
from twin.spec.shipped import config_folder

PAGE = config_folder().parent / "docs" / "reference" / "line-file.md"
TEXT = PAGE.read_text(encoding="utf-8")

SECTIONS = {
    "The line": LineSpec,
    "A part type": line.PartType,
    "A cell": line.Cell,
    "A work order": line.WorkOrder,
    "Calendar": line.Calendar,
    "A shift": line.Shift,
    "A break": line.Pause,
    "Place": place.Placement,
    "A failure": kinds.Failure,
    "Maintenance": kinds.Maintenance,
    "Power": kinds.Power,
    "A call for people": kinds.OperatorCall,
    "source": kinds.Source,
    "sink": kinds.Sink,
    "station": kinds.Station,
    "Batch": kinds.Batch,
    "Setups": kinds.Setups,
    "A pair of setups": kinds.SetupPair,
    "inspection": kinds.Inspection,
    "assembly": kinds.Assembly,
    "disassembly": kinds.Disassembly,
    "buffer": kinds.Buffer,
    "conveyor": kinds.Conveyor,
    "storage": kinds.Storage,
    "vehicle": kinds.Vehicle,
    "Battery": kinds.Battery,
    "operator": kinds.Operator,
    "A branch": flow.Branch,
    "A loop": flow.Loop,
}


def section(heading):
    found = re.search(
        rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", TEXT, re.DOTALL | re.MULTILINE
    )
    assert found, heading
    return found.group(1)


def rows(heading):
    """The keys of a section's table, with what it says of their default."""
    cells = [row.split("|") for row in section(heading).splitlines() if re.match(r"\| `\w+` ", row)]
    return {row[1].strip(" `"): row[3].strip() for row in cells if len(row) == 6}


def fields(model):
    return {field.alias or name: field for name, field in model.model_fields.items()}


def default_of(field):
    """A field's default as a table says it."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value


def said(text):
    """What a table's default means: `required`, nothing, or a YAML value."""
    if text in {"required", "–"}:
        return None if text == "–" else "required"
    value = YAML(typ="safe", pure=True).load(text.strip("`"))
    return tuple(value) if isinstance(value, list) else value


def shared(heading):
    """The keys that the sections on all assets and all machines name for this one."""
    model = SECTIONS.get(heading)
    if not (isinstance(model, type) and issubclass(model, place.AssetBase)):
        return {}
    common = rows("Every asset")
    return common | rows("Every machine") if issubclass(model, kinds.MachineBase) else common


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_section_names_every_key_with_its_default(heading):
    table = shared(heading) | rows(heading)
    model = SECTIONS[heading]
    assert set(table) == set(fields(model))
    for key, field in fields(model).items():
        value = default_of(field)
        value = {"constant": 0.0} if value == times.Time(constant=0.0) else value
        written = said(table[key])
        if isinstance(value, dict) and "constant" in value:
            value = value["constant"]
        assert written == value, key


def test_every_law_is_named():
    assert set(rows("Times")) == {*times.Time.model_fields, *times.TimeByPart.model_fields}


def test_every_kind_has_a_section():
    union = get_args(kinds.Asset)[0]
    names = {get_args(model.model_fields["kind"].annotation)[0] for model in get_args(union)}
    assert names == {heading for heading in SECTIONS if heading.islower()}


def models_within(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_within(field.annotation)
    for inner in get_args(annotation):
        if inner is not NoneType:
            yield from models_within(inner)


def test_no_model_of_the_line_file_is_without_a_section():
    told = {*SECTIONS.values(), times.Time, times.TimeByPart}
    found = {model for model in models_within(LineSpec) if model.__name__ != "Text"}
    assert found == told


def test_the_examples_load():
    blocks = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert blocks
    for block in blocks:
        parse_model(block, LineSpec, [check_line])
