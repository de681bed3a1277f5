"""The body of `twin run`: from what was typed to a study, and to what shows its result."""

import json
import os
from collections.abc import Callable
from typing import TypeVar

import typer

from twin import __version__
from twin.control.line import check_programs
from twin.spec.line import LineSpec
from twin.spec.messages import message
from twin.spec.programs import with_program
from twin.study.errors import StudyError
from twin.study.plan import Plan, Study, carry_out
from twin.study.summary import as_json
from twin.study.warmup import Warmup

from . import progress, report, table
from .failure import say, stopped, work_failed
from .lines import load
from .quantities import half_width, seconds
from .wishes import Wishes

T = TypeVar("T")

default_s = 8 * 3600.0
most_replications = 200
"""How many replications a wished half-width may take when nobody says."""


def study_line(wishes: Wishes) -> None:
    """Do what was wished.

    Raises:
        typer.Exit: the line locked up, or the study was stopped.
        typer.BadParameter: an option cannot be fulfilled.
        PilotlineError: the study failed.
        SpecError: the line file is wrong.
    """
    plan = _plan(wishes)
    _refuse_impossible(plan, wishes)
    study = _carry_out(plan, wishes)
    data = as_json(study.summary, version=__version__)
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    if wishes.json:
        typer.echo(text)
    elif not wishes.quiet:
        table.show(study.summary, plan.spec, wishes.language)
    if wishes.out is not None:
        wishes.out.write_text(text + "\n", encoding="utf-8")
    if wishes.report is not None:
        report.write(study, wishes, text)
    _end(study, wishes)


def _plan(wishes: Wishes) -> Plan:
    spec = load(wishes.line)
    for wish in wishes.programs:
        spec = with_program(spec, wish)
    check_programs(spec)
    count = wishes.replications or (most_replications if wishes.half_width else 1)
    return Plan(
        spec=spec,
        duration_s=_duration(wishes, spec),
        seed=wishes.seed,
        warmup=_warmup(wishes, spec),
        parts=wishes.parts,
        replications=count,
        precision=_parsed(wishes.half_width, half_width, "--until-halfwidth", wishes),
        workers=wishes.workers,
        histories=wishes.report is not None,
    )


def _duration(wishes: Wishes, spec: LineSpec) -> float:
    wished = _parsed(wishes.duration, seconds, "--for", wishes)
    if wished is not None and wished <= 0:
        raise typer.BadParameter(message("cli.no_time", wishes.language), param_hint="--for")
    return wished or spec.duration_s or default_s


def _warmup(wishes: Wishes, spec: LineSpec) -> Warmup | None:
    if wishes.warmup is not None and wishes.warmup.strip().lower() == "auto":
        return None
    wished = _parsed(wishes.warmup, seconds, "--warmup", wishes)
    if wished is not None:
        return Warmup(wished, "given")
    return Warmup(spec.warmup_s, "line") if spec.warmup_s else Warmup(0.0, "none")


def _parsed(
    text: str | None, parse: Callable[[str, str], T], option: str, wishes: Wishes
) -> T | None:
    if text is None:
        return None
    try:
        return parse(text, wishes.language)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _refuse_impossible(plan: Plan, wishes: Wishes) -> None:
    """Find out before the work what would spoil its result after it."""
    out, folder, language = wishes.out, wishes.report, wishes.language
    try:
        plan.check()
    except StudyError as error:
        raise typer.BadParameter(error.text(language), param_hint="--warmup") from None
    if out is not None and not out.parent.is_dir():
        said = message("cli.no_folder", language, path=out.parent)
        raise typer.BadParameter(said, param_hint="--out")
    if out is not None and out.is_dir():
        said = message("cli.folder_for_file", language, path=out)
        raise typer.BadParameter(said, param_hint="--out")
    if folder is not None and folder.exists() and not folder.is_dir():
        said = message("cli.file_for_folder", language, path=folder)
        raise typer.BadParameter(said, param_hint="--report")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    for path, option in ((out and out.parent, "--out"), (folder, "--report")):
        if path is not None and not os.access(path, os.W_OK):
            said = message("cli.not_writable", language, path=path)
            raise typer.BadParameter(said, param_hint=option)


def _carry_out(plan: Plan, wishes: Wishes) -> Study:
    if wishes.quiet:
        return carry_out(plan)
    with progress.shown(wishes.language) as show:
        return carry_out(plan, progress=show)


def _end(study: Study, wishes: Wishes) -> None:
    summary = study.summary
    if summary.partial:
        finished, asked = summary.replications, summary.asked
        said = message("cli.stopped_partial", wishes.language, finished=finished, asked=asked)
        say(f"twin: {said}")
        raise typer.Exit(stopped)
    if summary.deadlock:
        if wishes.json or wishes.quiet:
            said = message("report.deadlock", wishes.language, what=summary.deadlock)
            say(f"twin: {said}")
        raise typer.Exit(work_failed)
