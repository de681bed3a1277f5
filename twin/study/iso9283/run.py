"""An inspection as a line does it: its robot runs its own program, its tracker reads."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from twin.control.line import build
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.motion.robot import Robot as RobotBody
from twin.plant.motion.tracker import READING
from twin.plant.motion.tracker import Tracker as TrackerBody
from twin.plant.motion.workcell import Workcell as Cell
from twin.plant.robot.kept import told
from twin.plant.robot.placement import Placement
from twin.spec.line import LineSpec
from twin.spec.messages import Phrase, phrase
from twin.spec.motion import Robot, Tracker, Workcell
from twin.study.errors import StudyError

from .evaluate import Inspection, evaluate
from .inspect import Subject, cube_of
from .programme import Programme, Section, Wanted, programme
from .sample import row
from .stand import Recording, Recordings

MOST_S = 4 * 3600.0
STEP_S = 30.0


def inspect_line(
    line: LineSpec, cell: Workcell, robot: Robot, tracker: Tracker, subject: Subject,
    hear: Callable[[int, int], None] = lambda *_: None,
) -> Inspection:  # fmt: skip
    """Run a line until its robot's program is done, and evaluate what its tracker has read.

    Args:
        line: to run.
        cell: the workcell.
        robot: which is inspected; it runs from the start, or `subject.errors` go before its own.
        tracker: which reads.
        subject: limits, seed, and what is tested at which speeds: what the program has not
            measured is left out.
        hear: told how many readings are made, of how many.

    Raises:
        StudyError: the program does not come to its end, or has measured nothing that belongs
            to the programme.
    """
    asked = subject.wanted
    # All tests, whatever is asked for: the program's labels count them.
    wanted = Wanted(
        payload_kg=robot.payload_kg, edge_m=asked.edge_m, reflector_m=tracker.reflector_m[2]
    )
    driven = programme(subject.arm, cube_of(subject.arm, wanted.tool.tip, wanted.edge_m), wanted)
    built = build(_with_errors(line, cell, robot, subject), subject.seed)
    asset = built.assets[cell.id]
    assert isinstance(asset, Cell)
    body, instrument = asset.world.bodies[robot.id], asset.world.bodies[tracker.id]
    assert isinstance(body, RobotBody)
    assert isinstance(instrument, TrackerBody)
    runner = Runner(built, Header(line={}, seed=subject.seed))
    count = sum(section.cycles * len(section.commanded) for section in driven.sections)
    time_s = 0.0
    while body.program is not None and (time_s == 0.0 or body.program.running):
        if time_s >= MOST_S:
            raise StudyError(
                "inspect.line_ended", robot=robot.id, hours=f"{MOST_S / 3600:g}",
            )  # fmt: skip
        time_s += STEP_S
        runner.run_until(time_s)
        hear(min(len(instrument.recordings), count), count)
    found = _recordings(driven, instrument, body.foot(0.0))
    sections = tuple(
        section
        for section in driven.sections
        if section.kind in asked.kinds
        and section.share in asked.shares
        and all(len(found.get(label, ())) >= 2 for label in section.commanded)
    )
    if not sections:
        raise StudyError("inspect.line_empty", robot=robot.id, tracker=tracker.id)
    inspection = evaluate(replace(driven, sections=sections), found, subject.limits)
    program = body.program
    failed = program.error if program is not None else None
    why = told(body.safety.fault) if body.safety.fault else failed
    if why is not None:
        inspection.remarks.append(phrase("inspect.stopped", robot=robot.id, why=why))
    asked_for = [section for section in driven.sections if section.kind in asked.kinds]
    inspection.remarks += _missing(asked_for, sections, found)
    return inspection


def _missing(
    asked: Sequence[Section], measured: Sequence[Section], found: Recordings
) -> Iterator[Phrase]:
    """Yield what was not measured at a speed at which the program has measured something."""
    shares = {section.share for section in measured}
    for section in asked:
        if section.share not in shares:
            continue
        least = min(len(found.get(label, ())) for label in section.commanded)
        if least < section.cycles:
            yield phrase(
                "inspect.missing", test=section.kind, speed=f"{100 * section.share:g}",
                count=least, wanted=section.cycles,
            )  # fmt: skip


def _with_errors(line: LineSpec, cell: Workcell, robot: Robot, subject: Subject) -> LineSpec:
    """Return the line with the errors that were asked for."""
    changed = robot.model_copy(update={"errors": subject.errors, "runs": True})
    bodies = tuple(changed if body.id == robot.id else body for body in cell.bodies)
    other = cell.model_copy(update={"bodies": bodies})
    assets = tuple(other if asset.id == cell.id else asset for asset in line.assets)
    return line.model_copy(update={"assets": assets})


def _recordings(driven: Programme, instrument: TrackerBody, foot: Placement) -> Recordings:
    """Return what the tracker has read, as seen from the robot's foot, by label."""
    commanded = {label: at for one in driven.sections for label, at in one.commanded.items()}
    found: Recordings = {}
    back = foot.inverse()
    for label, values in instrument.recordings:
        if label not in commanded:
            continue
        readings = np.array(values).reshape(-1, READING)
        rows = [row(back.then(Placement(*one[1:])), commanded[label]) for one in readings.tolist()]
        found.setdefault(label, []).append(Recording(readings[:, 0], np.array(rows)))
    return found
