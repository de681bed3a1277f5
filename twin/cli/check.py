"""`twin check`: say whether line files are right, and what is wrong with them."""

from pathlib import Path
from typing import Annotated

import typer

from twin.spec import load_line
from twin.spec.errors import SpecError
from twin.spec.messages import message

from .failure import call_wrong, explained, say
from .language import choose
from .lines import path_of

HELP = """Say whether line files are right; print each problem with its place and remedy.

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
                spec = load_line(path)
            except SpecError as error:
                wrong += 1
                say(error.text(language))
                continue
            typer.echo(_right(path, len(spec.assets), language))
    if wrong:
        raise typer.Exit(call_wrong)


def _right(path: Path, assets: int, language: str) -> str:
    return f"{path}: {message('cli.line_right', language, assets=assets)}"
