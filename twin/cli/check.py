"""`twin check`: say whether line files are right, and what is wrong with them."""

import re
from pathlib import Path
from typing import Annotated

import typer

from twin.control.line import ProgramError, check_programs
from twin.spec import load_line
from twin.spec.errors import SpecError
from twin.spec.messages import message

from .failure import call_wrong, explained, say
from .language import choose
from .lines import path_of

_SCHEMA = re.compile(r"^schema:\s*['\"]?pilotline\.(line|scenario|devices)/", re.MULTILINE)

HELP = """Say whether line, scenario and devices files are right; print each problem.

Example: twin check config/lines/two_machine.yaml my_line.yaml"""


def check(
    lines: Annotated[
        list[str], typer.Argument(help="Line files, or names of shipped lines.", metavar="LINE...")
    ],
    lang: Annotated[str | None, typer.Option(help="Language of the messages: en or zh.")] = None,
) -> None:
    """Check line files."""
    language = choose(lang)
    wrong = 0
    with explained(language):
        for line in lines:
            path = path_of(line)
            try:
                typer.echo(f"{path}: {_checked(path, language)}")
            except SpecError as error:
                wrong += 1
                say(error.text(language))
            except ProgramError as error:
                wrong += 1
                say(error.text(language, folder=path.parent))
    if wrong:
        raise typer.Exit(call_wrong)


def _checked(path: Path, language: str) -> str:
    """Check a file by the schema that it names; return what is to be said of a right one."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    named = _SCHEMA.search(text[:4000])
    kind = named[1] if named else "line"
    if kind == "scenario":
        from scenarios.load import load_scenario

        scenario, _ = load_scenario(path)
        return message(
            "cli.scenario_right", language, events=len(scenario.events),
            expectations=len(scenario.expect), line=scenario.line,
        )  # fmt: skip
    if kind == "devices":
        from twin.mirror.load import load_devices

        devices = load_devices(path)
        return message(
            "cli.devices_right", language, links=len(devices.links),
            stations=len(devices.stations), line=devices.line,
        )  # fmt: skip
    spec = load_line(path)
    check_programs(spec)
    key = "cli.line_right_one" if len(spec.assets) == 1 else "cli.line_right"
    return message(key, language, assets=len(spec.assets))
