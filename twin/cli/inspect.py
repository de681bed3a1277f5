"""`twin inspect`: what may be said on the command line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .failure import explained
from .language import choose

HELP = """Inspect a robot arm by ISO 9283 (GB/T 12642), with a verdict and a printable report.

WHAT is an arm by its name (six, scara, ur5, ur10, panda), a URDF file, a line file, or the name of
a shipped line. A line with a tracker is run, with its own robot program; else the arm alone is
driven. Its errors are those that --errors or the line declares; an arm by its name has small ones
as an example.

Exit status: 0 every limit is kept, or there is none; 1 a limit is not kept, or the work failed; 2
the call was wrong.

Example: twin inspect six --limits RP=0.05mm,AP=0.5mm --report six.pdf"""


@dataclass(frozen=True, slots=True)
class InspectWishes:
    """The options of `twin inspect`; None where nothing was said."""

    what: str
    robot: str | None
    errors: Path | None
    payload_kg: float | None
    limits: tuple[str, ...]
    speeds: str
    tests: str | None
    cycles: int | None
    edge_mm: float | None
    seed: int
    serial: str
    date: str
    number: str
    inspector: str
    report: Path | None
    json: bool
    language: str


def inspect(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="An arm, or a line with a robot.")],
    *,
    robot: Annotated[
        str | None, typer.Option(help="Which robot of the line: ROBOT or WORKCELL/ROBOT.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(
            help="YAML file with the arm's errors. Default: the line's, else an example's."
        ),
    ] = None,
    payload: Annotated[
        float | None, typer.Option(min=0.0, help="Payload, kg. Default: what the arm may carry.")
    ] = None,
    limits: Annotated[
        list[str] | None,
        typer.Option(help="Limits, as RP=0.05mm,AV=5%. Default: RP as the maker declares."),
    ] = None,
    speeds: Annotated[str, typer.Option(help="Percent of the rated speed.")] = "100,50,10",
    tests: Annotated[
        str | None,
        typer.Option(
            help="Only these: pose, direction, distance, settle, line, circle_large, "
            "circle_small, reorient, corner."
        ),
    ] = None,
    cycles: Annotated[
        int | None, typer.Option(min=2, help="Fewer cycles than the standard's, for a trial.")
    ] = None,
    edge: Annotated[float | None, typer.Option(min=1.0, help="Edge of the test cube, mm.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 0,
    serial: Annotated[str | None, typer.Option(help="Serial number, for the report.")] = None,
    date: Annotated[str | None, typer.Option(help="Date, for the report.")] = None,
    number: Annotated[str | None, typer.Option(help="Number of the report.")] = None,
    inspector: Annotated[str | None, typer.Option(help="Who inspects, for the report.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report as PDF to a file.")] = None,
    as_json_: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON on stdout, and nothing else.")
    ] = False,
    lang: Annotated[
        str | None, typer.Option(help="Language of table and report: en or zh.")
    ] = None,
) -> None:
    """Inspect an arm."""
    language = choose(lang)
    wishes = InspectWishes(
        what, robot, errors, payload, tuple(limits or ()), speeds, tests, cycles, edge, seed,
        serial or "", date or "", number or "", inspector or "", report, as_json_, language,
    )  # fmt: skip
    with explained(language):
        from .inspection import inspect_as_wished

        inspect_as_wished(wishes)
