"""Writing a study's report: the page, the data beside it, and a picture of the line if possible."""

import shlex
import sys
from pathlib import Path

from twin.spec.messages import message
from twin.study.plan import Study
from twin.study.report import page

from .failure import say
from .picture import picture_of
from .wishes import Wishes


def write(study: Study, wishes: Wishes, text: str) -> None:
    """Write `index.html` and `result.json` into the folder that was wished.

    Args:
        study: what to report.
        wishes: of the person.
        text: the result as JSON.
    """
    folder = wishes.report or Path()
    picture = picture_of(study.plan, _moment(study), wishes.language)
    html = page(study, language=wishes.language, command=_command(), picture=picture)
    target = folder / "index.html"
    target.write_text(html, encoding="utf-8")
    (folder / "result.json").write_text(text + "\n", encoding="utf-8")
    if not wishes.quiet:
        if picture.png is None:
            say(message("cli.no_picture", wishes.language, why=picture.why_not))
        say(message("cli.report_written", wishes.language, path=target))


def _command() -> str:
    return shlex.join(["twin", *sys.argv[1:]])


def _moment(study: Study) -> float:
    """Return a time at which the line has long been at work, but within its first hours."""
    first = study.results[0]
    return first.warmup_s + min(7200.0, (first.simulated_s - first.warmup_s) / 2)
