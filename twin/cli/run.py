"""`twin run`: what may be said on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from .failure import explained
from .language import choose
from .wishes import Wishes

HELP = """Run a line as fast as it goes, and show its figures.

Statistics begin after the warm-up, which is part of the time of --for. Intervals are 95 %.

Exit status: 0 done; 1 the line locked up, or the work failed; 2 the call was wrong; 130 stopped by
Ctrl-C: what was finished by then is still shown.

Example: twin run two_machine --for 8h --warmup 1h --replications 10 --report out"""


def run(
    line: Annotated[
        str, typer.Argument(metavar="LINE", help="A line file, or the name of a shipped line.")
    ],
    *,
    program: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[CELL[/ROBOT]=]FILE",
            help="Another program in a workcell or a robot; none: no program.",
        ),
    ] = None,
    for_: Annotated[
        str | None,
        typer.Option(
            "--for",
            help="Simulated time, warm-up included: 8h, 30min, 3600s. "
            "Default: as the line file says, else 8h.",
        ),
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
        int | None, typer.Option(min=1, help="Processes to use; default: one a core.")
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
    wishes = Wishes(
        line=line,
        programs=tuple(program or ()),
        duration=for_,
        warmup=warmup,
        replications=replications,
        half_width=until_halfwidth,
        parts=parts,
        seed=seed,
        workers=workers,
        json=as_json_,
        out=out,
        report=report,
        quiet=quiet,
        language=language,
    )
    with explained(language):
        from .study import study_line

        study_line(wishes)
