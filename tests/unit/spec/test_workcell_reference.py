"""The reference of the workcell names every body, key, default and pin, and its examples load."""

import re
from types import NoneType
from typing import Literal, get_args, get_origin

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from tests.unit.spec.tables import REFERENCE, Page, assert_tells, fields, models_within
from twin.spec import motion, parse_model, place
from twin.spec.base import Text
from twin.spec.check import check_line
from twin.spec.line import LineSpec
from twin.spec.messages import catalogue
from twin.spec.motion.workcell import IoEntry

PAGE = Page(REFERENCE / "workcell.md")
LINE_FILE = Page(REFERENCE / "line-file.md")

PIECES = {
    "A point": IoEntry,
    "Control": motion.Control,
    "A program": motion.Program,
    "A view": motion.View,
    "An arm": motion.ArmFile,
    "A signal of a robot": motion.RobotSignal,
    "Errors of an arm": motion.ArmErrors,
    "A field of a frame": motion.FrameField,
}
COMMON = {
    motion.Pneumatic: "Every pneumatic body",
    motion.AtPart: "Everything that looks at a part",
}
BODIES = {
    get_args(model.model_fields["kind"].annotation)[0]: model
    for model in get_args(get_args(motion.AnyBody)[0])
}


def example(kind):
    """The body that the section of a kind shows."""
    shown = re.findall(r"```yaml\n(.*?)```", PAGE.section(kind), re.DOTALL)
    assert shown, kind
    data = YAML(typ="safe", pure=True).load(shown[0])
    return TypeAdapter(motion.AnyBody).validate_python(data)


def common(kind, first):
    """What sections that several kinds share say of this one."""
    rows = {}
    for model, heading in COMMON.items():
        if issubclass(BODIES[kind], model):
            rows |= PAGE.table(heading, first)
    return rows


def other_values(field, body):
    """Other values that a field of an example may have, as far as they are a choice."""
    annotation = field.annotation
    if annotation is bool:
        return [True, False]
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if NoneType in get_args(annotation):
        return [None, 1.0]
    if annotation == motion.StackLight.model_fields["lamps"].annotation:
        return [("red", "yellow", "green", "blue", "buzzer")]
    return []


def variants(body):
    """An example, and the example with each choice made otherwise."""
    yield body
    for name, field in type(body).model_fields.items():
        if name != "kind":
            for value in other_values(field, body):
                yield body.model_copy(update={name: value})


def pins_of(body):
    """The pins of a body by the names under which the page tells them."""
    for pin in body.pins():
        level = isinstance(body, motion.Lift) and pin.name.startswith("at_")
        yield "at_LEVEL" if level else pin.name or "*none*", pin


@pytest.mark.parametrize("heading", PIECES)
def test_a_piece_names_every_key_with_its_default(heading):
    assert_tells(PAGE.defaults(heading), PIECES[heading])


def test_the_workcell_names_every_key_with_its_default():
    assert_tells(LINE_FILE.defaults("Every asset") | PAGE.defaults("workcell"), motion.Workcell)


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_names_every_key_with_its_default(kind):
    rows = common(kind, "key")
    told = {key: cells[2] for key, cells in rows.items()}
    assert_tells(PAGE.defaults("Every body") | told | PAGE.defaults(kind), BODIES[kind])


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_names_every_pin_with_direction_and_type(kind):
    told = common(kind, "pin") | PAGE.table(kind, "pin")
    known = set(fields(BODIES[kind]))
    every = list(variants(example(kind)))
    named = {name for body in every for name, _ in pins_of(body)}
    assert set(told) == named
    for body in every:
        for name, pin in pins_of(body):
            _, direction, iec, meaning = told[name]
            assert direction == pin.direction, name
            assert pin.iec in iec or pin.iec in meaning, name
            assert pin.unit in iec or pin.unit in meaning, name
        for name in named - {name for name, _ in pins_of(body)}:
            words = set(re.findall(r"`(\w+)", told[name][3]))
            assert words & known, f"{name}: the page does not say what it depends on"


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_says_in_words_what_it_does(kind):
    before, _, _ = PAGE.section(kind).partition("```")
    assert kind == "stack_light" or len(before.split()) >= 8
    assert example(kind).kind == kind


def test_no_model_of_a_workcell_is_without_a_section():
    told = {*PIECES.values(), *BODIES.values(), motion.Workcell, place.Placement, Text}
    assert set(models_within(motion.Workcell)) == told


def test_every_kind_of_incident_is_told():
    alarms = {key.removeprefix("alarm.") for key in catalogue() if key.startswith("alarm.")}
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.section("Incidents"), re.MULTILINE)
    cells = (REFERENCE.parent / "cells" / "README.md").read_text("utf-8")
    assert set(rows) == set(re.findall(r"^\| `(\w+)` \|", cells, re.MULTILINE))
    assert set(rows) < alarms


def test_the_whole_line_on_the_page_loads():
    block = re.search(r"```yaml\n(schema:.*?)```", PAGE.text, re.DOTALL)[1]
    line = parse_model(block, LineSpec, [check_line])
    assert {body.kind for body in line.assets[1].bodies} >= {"belt", "stopper", "panel"}
