"""The page about PLC and robot: its cell, its programs, and that no job is lost between them."""

import json

import pytest
from ruamel.yaml import YAML

from tests.unit.docs.pages import DOCS, blocks
from twin.control.line import build
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.spec.check import check_line
from twin.spec.line import LineSpec
from twin.spec.load import parse_model

pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")

PAGES = {
    "en": DOCS / "how-to" / "talk-to-a-robot.md",
    "zh": DOCS / "how-to" / "talk-to-a-robot.zh-CN.md",
}


def spec_of(page, **exchange):
    text = {block.language: block.text for block in blocks(page)}
    for old, new in exchange.items():
        text[old] = new(text[old])
    bodies = YAML(typ="safe").load(text["yaml"])
    assert bodies[0]["program"] == "jobs.mod"
    bodies[0]["program"] = {"text": text["rapid"]}
    cell = {
        "id": "cell",
        "kind": "workcell",
        "bodies": bodies,
        "control": {"program": {"text": text["iecst"]}},
    }
    line = {"schema": "pilotline.line/1", "id": "talk", "assets": [cell], "flow": []}
    return parse_model(json.dumps(line), LineSpec, [check_line])


def heard(spec, until_s=20.0):
    """Each answer as the PLC has it when it counts, and the cell in the end."""
    runner = Runner(build(spec), Header(spec.document()))
    cell = runner.plant.assets["cell"]
    told = []

    def hear(point):
        if point.name == "link_received":
            told.append(tuple(cell.points[f"link_{name}"].value for name in ("job_done", "count")))

    cell.listeners.append(hear)
    runner.run_until(until_s)
    return told, cell


@pytest.mark.parametrize("language", PAGES)
def test_every_job_is_answered_once_and_in_order(language):
    told, cell = heard(spec_of(PAGES[language]))
    assert len(told) > 20
    assert told == [(number, number) for number in range(1, len(told) + 1)]
    variables = {v["name"]: v["value"] for v in _variables(cell)}
    assert float(variables["size"]) == 62.5


def test_a_byte_order_that_differs_is_read_wrongly():
    told, _ = heard(spec_of(PAGES["en"], yaml=lambda text: text.replace("big", "little")), 5.0)
    # The job comes back turned round twice; the count is turned round once.
    assert told[0] == (1, 0x01000000)


def _variables(cell):
    program = cell.world.bodies["robot"].program
    return [entry for entry in program.status("en")["variables"] if entry["name"] == "size"]
