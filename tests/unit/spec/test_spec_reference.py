"""The reference of the line file names every key with its true default, and its examples load."""

import re
from typing import get_args

import pytest

from tests.unit.spec.tables import REFERENCE, Page, assert_tells, models_within
from twin.spec import assets as kinds
from twin.spec import flow, line, parse_model, place, times
from twin.spec.check import check_line
from twin.spec.line import LineSpec
from twin.spec.motion import Workcell

PAGE = Page(REFERENCE / "line-file.md")

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


def shared(heading):
    """The keys that the sections on all assets and all machines name for this one."""
    model = SECTIONS.get(heading)
    if not (isinstance(model, type) and issubclass(model, place.AssetBase)):
        return {}
    common = PAGE.defaults("Every asset")
    if issubclass(model, kinds.MachineBase):
        return common | PAGE.defaults("Every machine")
    return common


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_section_names_every_key_with_its_default(heading):
    assert_tells(shared(heading) | PAGE.defaults(heading), SECTIONS[heading])


def test_every_law_is_named():
    assert set(PAGE.defaults("Times")) == {*times.Time.model_fields, *times.TimeByPart.model_fields}


def test_every_kind_has_a_section():
    union = get_args(kinds.Asset)[0]
    names = {get_args(model.model_fields["kind"].annotation)[0] for model in get_args(union)}
    assert names - {"workcell"} == {heading for heading in SECTIONS if heading.islower()}


def test_no_model_of_the_line_file_is_without_a_section():
    told = {*SECTIONS.values(), times.Time, times.TimeByPart}
    found = {model for model in models_within(LineSpec) if model.__name__ != "Text"}
    # the page of the workcell has the rest
    assert found - set(models_within(Workcell)) == told - set(models_within(Workcell))


def test_the_examples_load():
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.text, re.DOTALL)
    assert blocks
    for block in blocks:
        parse_model(block, LineSpec, [check_line])
