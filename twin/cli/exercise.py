"""`twin exercise`: list the exercises, and grade a run by its record."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .failure import explained
from .language import choose

if TYPE_CHECKING:
    from scenarios.grade import Grade

exercise = typer.Typer(
    help="Exercises: list them, grade a run.",
    epilog="Example: twin exercise grade runs/weld_camera.jsonl",
    no_args_is_help=True,
)

GRADE_HELP = """Grade a run by its record: replay it, judge each expectation, show the evidence.

Exit status: 0 graded; 1 the record cannot be graded; 2 the call was wrong.

Example: twin exercise grade runs/weld_camera.jsonl --lang zh"""

Lang = Annotated[str | None, typer.Option(help="Language: en or zh.")]


@exercise.command("list", epilog="Example: twin exercise list")
def list_(*, lang: Lang = None) -> None:
    """Show the exercises that come with the program."""
    language = choose(lang)
    with explained(language):
        from scenarios.load import load_scenario, shipped_scenarios

        for name in shipped_scenarios():
            scenario, _ = load_scenario(name)
            typer.echo(f"{name}  ({scenario.line})  {scenario.title.get(language)}")
            if scenario.task is not None:
                typer.echo(f"    {scenario.task.get(language)}")


@exercise.command("grade", help=GRADE_HELP)
def grade(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="A run's record (.jsonl).")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
    lang: Lang = None,
) -> None:
    """Grade a run."""
    language = choose(lang)
    with explained(language):
        from scenarios.grade import grade as judge
        from twin.kernel.record import RunRecord

        result = judge(RunRecord.read(record), language)
        if as_json:
            typer.echo(json.dumps(result.as_dict(), ensure_ascii=False, indent=2))
        else:
            _show(result, language)


def clock(time_s: float) -> str:
    """Return a simulation time as the page shows it, h:mm:ss."""
    minutes, seconds = divmod(int(time_s), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def _show(result: "Grade", language: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from twin.spec.messages import message

    console = Console()
    console.print(
        message(
            "grade.title", language, scenario=result.scenario, line=result.line, seed=result.seed
        )
    )
    table = Table()
    for head in ("expectation", "points", "time", "evidence"):
        table.add_column(message(f"grade.head.{head}", language))
    for entry in result.judgements:
        values = ", ".join(f"{name} = {value}" for name, value in entry.values.items())
        table.add_row(
            entry.title,
            f"{entry.points:g} / {entry.most:g}",
            "–" if entry.at_s is None else clock(entry.at_s),
            f"{entry.why}\n{values}" if values else entry.why,
            style="green" if entry.met else "red",
        )
    console.print(table)
    console.print(
        message("grade.total", language, points=f"{result.points:g}", most=f"{result.most:g}"),
        style="bold",
    )
    console.print(message("grade.same" if result.same else "grade.altered", language))
