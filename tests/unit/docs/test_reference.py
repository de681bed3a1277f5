"""The reference names everything that the program has, and nothing that it has not."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel

from devices.opcua.address import STATUS
from scenarios.condition import CONSTANTS, Condition
from scenarios.load import signals_of
from twin.__main__ import app
from twin.api import create_api
from twin.api.access import Access
from twin.api.hub import Hub
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.line import build
from twin.plant.packml import OF_STATE
from twin.plant.states import AssetState
from twin.spec import device, load_line, scenario

from .pages import DOCS, blocks, section, table

REFERENCE = DOCS / "reference"
COMMANDS = REFERENCE / "commands.md"
GENERAL = {"--help", "-h"}


def verbs(command: Any, name: str) -> dict[str, Any]:
    """Every verb, by the words that a person types."""
    found = {}
    for word, entry in command.commands.items():
        if hasattr(entry, "commands"):
            found |= verbs(entry, f"{name} {word}")
        else:
            found[f"{name} {word}"] = entry
    return found


VERBS = verbs(typer.main.get_command(app), "twin")


def options(command: Any) -> dict[str, Any]:
    return {
        ", ".join([*entry.opts, *entry.secondary_opts]): entry
        for entry in command.params
        if entry.param_type_name == "option" and not entry.hidden and not GENERAL & set(entry.opts)
    }


def written(heading: str) -> dict[str, list[str]]:
    rows = table(COMMANDS, heading)
    return {", ".join(re.findall(r"`([^`]+)`", row[0])): row for row in rows}


def test_every_verb_has_a_section() -> None:
    headings = re.findall(r"^## (twin .*)$", COMMANDS.read_text("utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(VERBS)


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_has_these_options_and_defaults(name: str) -> None:
    rows, known = written(name), options(VERBS[name])
    assert set(rows) == set(known)
    for option, entry in known.items():
        default = entry.default
        if isinstance(default, str | int | Path) and not isinstance(default, bool):
            assert rows[option][2] == f"`{default}`", option


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_is_shown_with_its_arguments(name: str) -> None:
    arguments = [e for e in VERBS[name].params if e.param_type_name == "argument"]
    call = " ".join([name, *(str(e.metavar).replace("...", "…") for e in arguments)])
    assert f"`{call}`" in section(COMMANDS, name)


def test_exit_statuses_are_those_of_the_program() -> None:
    from twin.cli import failure

    text = COMMANDS.read_text("utf-8")
    for status in (0, failure.work_failed, failure.call_wrong, failure.stopped):
        assert f"\n| {status} |" in text


def test_every_route_is_named_with_its_role() -> None:
    page = REFERENCE / "http-and-stream.md"
    told = {(row[0], row[1].strip("`")): row[2] for row in table(page, "Requests")}
    paths = create_api(Hub(), Access()).openapi()["paths"]
    there = {
        (method.upper(), path.removeprefix("/api/v1")): operation
        for path, operations in paths.items()
        for method, operation in operations.items()
    }
    assert set(told) == set(there)
    for call, operation in there.items():
        writes = "403" in operation["responses"]
        assert (told[call] == "viewer") != writes, call


def keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


SCENARIO = DOCS / "how-to" / "write-a-scenario.md"
MIRROR = DOCS / "how-to" / "mirror-a-station.md"
OUTSIDE = DOCS / "how-to" / "drive-a-cell-from-outside.md"
MODELS = [
    (SCENARIO, "The file", scenario.ScenarioSpec),
    (SCENARIO, "An event", scenario.Event),
    (SCENARIO, "An action", scenario.Action),
    (SCENARIO, "An expectation", scenario.Expectation),
    (SCENARIO, "A command that is expected", scenario.Reaction),
    (MIRROR, "The file", device.DevicesSpec),
    (MIRROR, "A link", device.LinkSpec),
    (MIRROR, "A cell", device.CellMode),
    (MIRROR, "A station", device.StationTags),
    (MIRROR, "A signal", device.Binding),
    (OUTSIDE, "The keys of `control`", device.ControlSpec),
]


@pytest.mark.parametrize(("page", "heading", "model"), MODELS, ids=lambda one: str(one)[-30:])
def test_every_key_of_a_file_is_named(page: Path, heading: str, model: type[BaseModel]) -> None:
    rows = {row[0].strip("`"): row for row in table(page, heading)}
    assert set(rows) == keys(model)
    for name, field in model.model_fields.items():
        said = rows[field.alias or name][2]
        default = field.get_default(call_default_factory=True)
        if field.is_required():
            assert said == "required", name
        elif default is None:
            assert said == "–", name
        elif isinstance(default, bool):
            assert said == f"`{str(default).lower()}`", name
        elif isinstance(default, int | float):
            assert float(said.strip("`")) == default, name
        elif isinstance(default, str):
            assert said == f"`{default}`", name


def test_the_conditions_that_are_shown_are_understood() -> None:
    text = section(SCENARIO, "Conditions")
    shown = re.findall(r"`(\w+\.\w+ [^`]+)`", text)
    assert len(shown) == 4
    signals = signals_of(build(load_line("two_machine")))
    for condition in shown:
        Condition(condition, signals)
    for word in re.findall(r"`([a-z_]+)`", text):
        assert word in CONSTANTS or word in ("and", "or", "not"), word


def test_every_signal_of_the_pilot_line_is_named() -> None:
    rows = {row[0].strip("`"): row for row in table(REFERENCE / "opcua.md", "Signals")}
    seen = set()
    for signal in build(load_line("pack_pilot")).signals():
        name = signal.path if signal.path.startswith("line/") else signal.path.split("/")[-1]
        seen.add(name)
        assert rows[name][2] == signal.unit, name
        assert rows[name][3] == ("yes" if signal.writable else "no"), name
    assert seen == set(rows)


def test_states_and_qualities_have_their_numbers() -> None:
    rows = table(REFERENCE / "opcua.md", "States")
    told = {row[0].strip("`"): row[2].strip("`") for row in rows}
    assert told == {
        f"{int(state)} {state.name}": f"{int(OF_STATE[state])} {OF_STATE[state].name}"
        for state in AssetState
    }
    codes = {
        row[0].lower(): row[1].strip("`")
        for row in table(REFERENCE / "opcua.md", "Quality and time")
    }
    assert codes == {quality.value: status.name for quality, status in STATUS.items()}


def test_the_record_and_the_snapshot_have_these_keys() -> None:
    page = REFERENCE / "run-record.md"
    spec = load_line("two_machine")
    run = Runner(build(spec), Header(spec.document()))

    def told(heading: str) -> set[str]:
        return {key for row in table(page, heading) for key in re.findall(r"`(\w+)`", row[0])}

    assert told("Header") == set(run.header.as_dict())
    assert told("Snapshots") == set(run.snapshot())


LINK = re.compile(r"\]\(([^)\s]+)\)")
PAGES = [page for page in DOCS.rglob("*.md") if page.name != "COPYME.md"]


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        if anchor:
            assert anchor in anchors(target), f"{page.name}: {link}"


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in LINK.findall(index)}
    missing = [
        page.relative_to(DOCS).as_posix()
        for page in PAGES
        if page.name != "README.md"
        and page.resolve() not in linked
        and "decisions" not in page.parts
    ]
    assert not missing


def test_no_page_names_a_verb_that_is_not_there() -> None:
    words = {verb.split()[1] for verb in VERBS}
    used = set()
    for page in PAGES:
        used |= set(re.findall(r"`twin ([a-z]+)\b", page.read_text("utf-8")))
        for block in blocks(page):
            if block.language == "sh":
                used |= set(re.findall(r"^twin ([a-z]+)\b", block.text, re.MULTILINE))
    assert used <= words, used - words


def test_both_tutorials_show_the_same_blocks() -> None:
    english, chinese = (DOCS / "tutorial" / f"first-hour{end}.md" for end in ("", ".zh-CN"))
    assert [block.text for block in blocks(english)] == [block.text for block in blocks(chinese)]
    assert english.read_text("utf-8").count("\n## ") == chinese.read_text("utf-8").count("\n## ")
