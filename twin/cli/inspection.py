"""The body of `twin inspect`: from what was typed to an inspection, its table and its report."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from twin import __version__
from twin.spec import load_model
from twin.spec.arms import catalogue_names
from twin.spec.line import LineSpec
from twin.spec.load import load_text
from twin.spec.messages import message
from twin.spec.motion import ArmErrors, ArmFile, Robot, Tracker, Workcell
from twin.spec.shipped import shipped
from twin.study.iso9283.evaluate import Inspection
from twin.study.iso9283.inspect import EXAMPLE, Subject, inspect_arm
from twin.study.iso9283.limits import CHARACTERISTICS, DECLARED, parsed
from twin.study.iso9283.programme import KINDS, Wanted
from twin.study.iso9283.report import Occasion, Typeface, write
from twin.study.iso9283.report.words import name, place_name, shown, symbol, unit, verdict
from twin.study.iso9283.stand import Instrument

from .failure import say, work_failed
from .inspect import InspectWishes
from .lines import load, path_of

if TYPE_CHECKING:
    from twin.plant.robot.arm import Arm


def inspect_as_wished(wishes: InspectWishes) -> None:
    """Do what was wished.

    Raises:
        typer.Exit: a limit was not kept.
        typer.BadParameter: an option cannot be fulfilled.
        PilotlineError: the inspection failed.
        SpecError: a file is wrong.
    """
    _refuse_impossible(wishes)
    line, cell, robot = _found(wishes)
    subject = _subject(wishes, cell, robot)
    tracker = _tracker(cell, robot)
    with _progress(wishes) as hear:
        if line is not None and cell is not None and robot is not None and tracker is not None:
            from twin.study.iso9283.run import inspect_line

            inspection = inspect_line(line, cell, robot, tracker, subject, hear)
        else:
            inspection = inspect_arm(subject, hear)
    if wishes.json:
        typer.echo(json.dumps(as_json(inspection, subject), indent=2, allow_nan=False))
    else:
        show(inspection, wishes.language, terms=terms(subject, wishes.language))
    if wishes.report is not None:
        where = f"{line.id} / {cell.id} / {robot.id}" if line and cell and robot else ""
        how = "model" if tracker is None else "line"
        _report(inspection, subject, wishes, where, how)
    if inspection.passed is False:
        raise typer.Exit(work_failed)


def _refuse_impossible(wishes: InspectWishes) -> None:
    """Find out before the work what would spoil its result after it."""
    file, language = wishes.report, wishes.language
    if file is not None and not file.parent.is_dir():
        said = message("cli.no_folder", language, path=file.parent)
        raise typer.BadParameter(said, param_hint="--report")
    if file is not None and file.is_dir():
        said = message("cli.folder_for_file", language, path=file)
        raise typer.BadParameter(said, param_hint="--report")


def _found(wishes: InspectWishes) -> tuple[LineSpec | None, Workcell | None, Robot | None]:
    """Return the line, workcell and robot that are meant; nothing for an arm by its name."""
    if wishes.what in catalogue_names() or wishes.what.lower().endswith((".urdf", ".xml")):
        return None, None, None
    if not _there(wishes.what):
        said = message(
            "inspect.unknown", wishes.language, what=wishes.what,
            arms=", ".join(catalogue_names()), lines=", ".join(_with_robots()),
        )  # fmt: skip
        raise typer.BadParameter(said, param_hint="WHAT")
    line = load(wishes.what)
    robots = {
        f"{asset.id}/{body.id}": (asset, body)
        for asset in line.assets
        if isinstance(asset, Workcell)
        for body in asset.bodies
        if isinstance(body, Robot)
    }
    if wishes.robot is None and len(robots) == 1:
        return line, *next(iter(robots.values()))
    for address, (cell, robot) in robots.items():
        if wishes.robot in (address, robot.id):
            return line, cell, robot
    key = "inspect.no_robot" if not robots else "inspect.which_robot"
    said = message(key, wishes.language, line=line.id, robots=", ".join(robots))
    raise typer.BadParameter(said, param_hint="--robot" if robots else "WHAT")


def _there(what: str) -> bool:
    try:
        return path_of(what).exists()
    except (OSError, ValueError):  # too long a name, or a null character in it
        return False


def _with_robots() -> list[str]:
    """Return the shipped lines that have robots."""
    robots = "kind: robot"
    return [name for name, path in shipped("lines").items() if robots in path.read_text("utf-8")]


def _tracker(cell: Workcell | None, robot: Robot | None) -> Tracker | None:
    if cell is None or robot is None:
        return None
    bodies = (body for body in cell.bodies if isinstance(body, Tracker))
    return next((body for body in bodies if body.robot == robot.id), None)


def _subject(wishes: InspectWishes, cell: Workcell | None, robot: Robot | None) -> Subject:
    from twin.plant.motion.robot import arm_of

    if robot is not None:
        arm = arm_of(robot)
    else:
        given = wishes.what if wishes.what in catalogue_names() else _urdf(Path(wishes.what))
        arm = arm_of(Robot(id="arm", kind="robot", arm=given))
    errors = EXAMPLE if robot is None else robot.errors or ArmErrors()
    errors_from = "example" if robot is None else "line"
    if wishes.errors is not None:
        errors, errors_from = load_model(wishes.errors, ArmErrors), "file"
    tracker = _tracker(cell, robot)
    instrument = (
        Instrument() if tracker is None else Instrument(tracker.place_mm, tracker.angle_deg)
    )
    makers, asked = DECLARED.get(arm.id, {}), parsed(list(wishes.limits))
    return Subject(
        arm, errors, _wanted(wishes, arm, robot), {**makers, **asked}, instrument, wishes.seed,
        errors_from, tuple(each for each in makers if each not in asked),
    )  # fmt: skip


def _urdf(path: Path) -> ArmFile:
    return ArmFile(file=path.name, urdf=load_text(path))


def _wanted(wishes: InspectWishes, arm: "Arm", robot: Robot | None) -> Wanted:
    language = wishes.language
    kinds: tuple[str, ...] = KINDS
    if wishes.tests is not None:
        kinds = tuple(each.strip() for each in wishes.tests.split(",") if each.strip())
        strange = [each for each in kinds if each not in KINDS]
        if strange or not kinds:
            said = message(
                "inspect.no_test", language, name=", ".join(strange), names=", ".join(KINDS)
            )
            raise typer.BadParameter(said, param_hint="--tests")
    try:
        shares = tuple(float(each.strip().rstrip("%")) / 100.0 for each in wishes.speeds.split(","))
    except ValueError:
        shares = ()
    if not shares or not all(0.0 < share <= 1.0 for share in shares):
        said = message("inspect.no_speed", language, text=wishes.speeds)
        raise typer.BadParameter(said, param_hint="--speeds")
    usual = arm.payload_kg if robot is None else robot.payload_kg
    return Wanted(
        kinds=tuple(kind for kind in KINDS if kind in kinds),
        shares=tuple(dict.fromkeys(shares)),
        cycles=wishes.cycles,
        payload_kg=usual if wishes.payload_kg is None else wishes.payload_kg,
        edge_m=None if wishes.edge_mm is None else wishes.edge_mm / 1000.0,
    )


class _progress:  # noqa: N801 - used like a function
    """Shows how many sections are done, on a terminal."""

    def __init__(self, wishes: InspectWishes) -> None:
        console = Console(stderr=True)
        self.bar = Progress(console=console, transient=True, disable=not console.is_terminal)
        self.task = self.bar.add_task(message("inspect.driving", wishes.language), total=None)

    def __enter__(self) -> Any:
        self.bar.start()
        return lambda done, count: self.bar.update(self.task, completed=done, total=count)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def show(
    inspection: Inspection, language: str, console: Console | None = None, *,
    terms: tuple[str, str] | None = None,
) -> None:  # fmt: skip
    """Write the table of characteristics, what it rests on, and the verdict."""
    screen = console or Console(highlight=False)
    table = Table(box=None, header_style="bold", pad_edge=False)
    titles = ("clause", "name", "symbol", "speed", "where", "value", "unit", "limit", "verdict")
    for title in titles:
        right = title in ("speed", "value", "limit")
        table.add_column(
            message(f"inspect.col_{title}", language), justify="right" if right else "left",
            no_wrap=title != "name",
        )  # fmt: skip
    for one in inspection.worst():
        colour = {True: "green", False: "bold red", None: "dim"}[one.passed]
        table.add_row(
            CHARACTERISTICS[one.id].clause, name(one.id, language), symbol(one.id),
            f"{100 * one.share:g} %", place_name(one.place, language), shown(one.value, one.id),
            unit(one.id), "–" if one.limit is None else shown(one.limit, one.id),
            f"[{colour}]{verdict(one.passed, language)}[/]",
        )  # fmt: skip
    if not screen.is_terminal:
        screen.width = 140
    cube = inspection.programme.cube
    screen.print(
        message(
            "inspect.headline", language, arm=inspection.programme.arm,
            edge=f"{1000 * cube.edge_m:.0f}", plane=cube.plane,
        )
    )  # fmt: skip
    for title, term in zip(("errors", "limits"), terms or (), strict=False):
        screen.print(f"{message(f'inspect.fact_{title}', language)}: {escape(term)}")
    screen.print(table)
    for remark in inspection.remarks:
        screen.print(f"[yellow]{escape(remark.text(language))}[/]")
    key = {True: "inspect.passed", False: "inspect.failed", None: "inspect.no_verdict"}
    colour = {True: "bold green", False: "bold red", None: "dim"}[inspection.passed]
    said = message(key[inspection.passed], language)
    screen.print(f"{message('inspect.verdict', language)}: [{colour}]{said}[/]")


def as_json(inspection: Inspection, subject: Subject) -> dict[str, Any]:
    """Return an inspection as plain data: SI values and percents."""
    cube = inspection.programme.cube
    return {
        "arm": inspection.programme.arm,
        "cube": {"edge_m": cube.edge_m, "middle_m": list(cube.middle_m), "plane": cube.plane},
        "payload_kg": subject.wanted.payload_kg,
        "seed": subject.seed,
        "errors": subject.errors.model_dump(),
        "errors_from": subject.errors_from,
        "limits": {
            id_: {"limit": limit, "from": "maker" if id_ in subject.maker else "given"}
            for id_, limit in subject.limits.items()
        },
        "passed": inspection.passed,
        "remarks": [remark.text() for remark in inspection.remarks],
        "figures": [
            {
                "id": one.id, "clause": CHARACTERISTICS[one.id].clause, "speed": one.share,
                "place": one.place, "value": one.value,
                "unit": {"mm": "m", "deg": "rad", "mm/s": "m/s"}.get(
                    CHARACTERISTICS[one.id].unit, CHARACTERISTICS[one.id].unit
                ),
                "limit": one.limit, "passed": one.passed,
            }
            for one in inspection.figures
        ],
    }  # fmt: skip


def _report(
    inspection: Inspection, subject: Subject, wishes: InspectWishes, where: str, how: str
) -> None:
    from viewer.window.fonts import font_file, readable

    assert wishes.report is not None
    language = readable(wishes.language)
    font = font_file()
    errors, limits = terms(subject, language)
    occasion = Occasion(
        arm=subject.arm.id,
        serial=wishes.serial,
        place=where,
        date=wishes.date,
        report=wishes.number,
        inspector=wishes.inspector,
        payload_kg=subject.wanted.payload_kg,
        rated_kg=subject.arm.payload_kg,
        errors=errors,
        limits=limits,
        instrument_mm=subject.instrument.place_mm,
        seed=subject.seed,
        version=__version__,
        how=how,
    )
    write(
        inspection, occasion, wishes.report, language=language,
        typeface=Typeface(font.path, font.face) if font.chinese else None,
    )  # fmt: skip
    if not wishes.json:
        say(message("cli.report_written", wishes.language, path=wishes.report))


def terms(subject: Subject, language: str) -> tuple[str, str]:
    """Return which errors the arm has and which limits it must keep, and who says so."""
    errors = "; ".join(_declared(subject.errors, language))
    if errors:
        who = message(f"inspect.errors_{subject.errors_from}", language)
        errors = message("inspect.term", language, what=errors, who=who)
    limits = [
        message(
            "inspect.term", language,
            what=f"{symbol(id_)} ≤ {shown(limit, id_)} {unit(id_)}",
            who=message(f"inspect.limit_{'maker' if id_ in subject.maker else 'given'}", language),
        )
        for id_, limit in subject.limits.items()
    ]  # fmt: skip
    return (
        errors or message("inspect.errors_none", language),
        "; ".join(limits) or message("inspect.limits_none", language),
    )


def _declared(errors: ArmErrors, language: str) -> Iterator[str]:
    if errors.repeat_mm:
        yield message("inspect.error_stop", language, mm=f"{errors.repeat_mm:g}")
    if errors.repeat_deg:
        yield message("inspect.error_turn", language, deg=f"{errors.repeat_deg:g}")
    if any(errors.joints_deg):
        worst = max(map(abs, errors.joints_deg))
        yield message("inspect.error_joints", language, deg=f"{worst:g}")
    if errors.settle_mm:
        yield message("inspect.error_swing", language, mm=f"{errors.settle_mm:g}")
