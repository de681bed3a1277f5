"""Writing a study's report: the page, the data beside it, and a picture of the line if possible."""

import contextlib
import importlib
import shlex
import sys
import tempfile
from pathlib import Path

import typer

from twin.spec.line import LineSpec
from twin.spec.messages import message
from twin.study.plan import Study
from twin.study.report import Picture, page

from .failure import say


def write(study: Study, folder: Path, text: str, language: str, *, quiet: bool) -> None:
    """Write `index.html` and `result.json` into a folder.

    Args:
        study: what to report.
        folder: where; it is made if it is not there.
        text: the result as JSON.
        language: of the report.
        quiet: say nothing on stderr.
    """
    folder.mkdir(parents=True, exist_ok=True)
    picture = _picture(study.plan.spec, language)
    html = page(study, language=language, command=_command(), picture=picture)
    target = folder / "index.html"
    target.write_text(html, encoding="utf-8")
    (folder / "result.json").write_text(text + "\n", encoding="utf-8")
    if not quiet:
        if picture.png is None:
            say(message("cli.no_picture", language, why=picture.why_not))
        say(message("cli.report_written", language, path=target))


def _command() -> str:
    return shlex.join(["twin", *sys.argv[1:]])
