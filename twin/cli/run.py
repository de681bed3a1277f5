"""`twin run`: study a line and show the result."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from twin import __version__
from twin.spec.line import LineSpec
from twin.spec.messages import message
from twin.study.errors import StudyError
from twin.study.plan import Plan, Study, carry_out
from twin.study.summary import as_json
from twin.study.warmup import Warmup

from . import progress, table
from . import report as report_of
from .failure import explained, say, stopped, work_failed
from .language import choose
from .lines import load
from .quantities import half_width, seconds

T = TypeVar("T")

default_s = 8 * 3600.0
most_replications = 200
"""How many replications a wished half-width may take when nobody says."""

HELP = """Run a line as fast as it goes, and show its figures.

Statistics begin after the warm-up, which is part of the time of --for. Intervals are 95 %.
Exit status: 0 done, 1 the line locked up or the work failed, 2 the call was wrong,
130 stopped by Ctrl-C (what was finished is still shown).

Example: twin run two_machine --for 8h --warmup 1h --replications 10 --report out"""


def run(
    line: Annotated[str, typer.Argument(help="A line file, or the name of a shipped line.")],
    *,
    for_: Annotated[
        str | None,
        typer.Option("--for", help="Simulated time, warm-up included: 8h, 30min, 3600s. [8h]"),
    ] = None,
    warmup: Annotated[
        str | None, typer.Option(help="Time to leave out at the beginning: 1h, or auto (MSER-5).")
    ] = None,
    replications: Annotated[
        int | None, typer.Option(min=1, help="Independent replications; the most, with a width.")
    ] = None,
    until_halfwidth: Annotated[
        str | None,
        typer.Option(help="Replicate until throughput is known to ± this: 1%, or parts per hour."),
    ] = None,
    parts: Annotated[
        int | None, typer.Option(min=1, help="End each replication after N good parts.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 0,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes to use. [one a core]")
    ] = None,
    as_json_: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON on stdout, and nothing else.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the result as JSON to a file.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write an HTML report into this folder.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no tables.")] = False,
    lang: Annotated[
        str | None, typer.Option(help="Language of tables and report: en or zh.")
    ] = None,
) -> None:
    """Study a line."""
    language = choose(lang)
    with explained(language):
        spec = load(line)
        plan = Plan(
            spec=spec,
            duration_s=_duration(for_, spec),
            seed=seed,
            warmup=_warmup(warmup, spec),
            parts=parts,
            replications=replications or (most_replications if until_halfwidth else 1),
            precision=_parsed(until_halfwidth, half_width, "--until-halfwidth"),
            workers=workers,
            histories=report is not None,
        )
        _refuse_impossible(plan, out, report)
        study = _carry_out(plan, language, quiet=quiet or as_json_)
        data = as_json(study.summary, version=__version__)
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
        if as_json_:
            typer.echo(text)
        elif not quiet:
            table.show(study.summary, spec, language)
        if out is not None:
            out.write_text(text + "\n", encoding="utf-8")
        if report is not None:
            report_of.write(study, report, text, language, quiet=quiet)
        _end(study, language)


def _duration(text: str | None, spec: LineSpec) -> float:
    wished = _parsed(text, seconds, "--for")
    if wished is not None and wished <= 0:
        raise typer.BadParameter("a run lasts longer than 0 s", param_hint="--for")
    return wished or spec.duration_s or default_s


def _warmup(text: str | None, spec: LineSpec) -> Warmup | None:
    if text is not None and text.strip().lower() == "auto":
        return None
    wished = _parsed(text, seconds, "--warmup")
    if wished is not None:
        return Warmup(wished, "given")
    return Warmup(spec.warmup_s, "line") if spec.warmup_s else Warmup(0.0, "none")


def _parsed(text: str | None, parse: Callable[[str], T], option: str) -> T | None:
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _refuse_impossible(plan: Plan, out: Path | None, report: Path | None) -> None:
    """Find out before the work what would spoil its result after it."""
    try:
        plan.check()
    except StudyError as error:
        raise typer.BadParameter(str(error), param_hint="--warmup") from None
    if out is not None and not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent}", param_hint="--out")
    if out is not None and out.is_dir():
        raise typer.BadParameter(f"{out} is a folder; name a file", param_hint="--out")
    if report is not None:
        if report.exists() and not report.is_dir():
            raise typer.BadParameter(f"{report} is a file; name a folder", param_hint="--report")
        report.mkdir(parents=True, exist_ok=True)


def _carry_out(plan: Plan, language: str, *, quiet: bool) -> Study:
    if quiet:
        return carry_out(plan)
    with progress.shown(language) as show:
        return carry_out(plan, progress=show)


def _end(study: Study, language: str) -> None:
    summary = study.summary
    if summary.partial:
        said = message(
            "cli.stopped_partial",
            language,
            finished=summary.replications,
            asked=summary.asked,
        )
        say(f"twin: {said}")
        raise typer.Exit(stopped)
    if summary.deadlock:
        say(f"twin: {message('report.deadlock', language, what=summary.deadlock)}")
        raise typer.Exit(work_failed)
