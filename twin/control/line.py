"""A line with its control side: the plant, soft PLCs in workcells, programs in robots."""

from pathlib import Path

from twin.kernel.errors import PilotlineError
from twin.plant.line import Line
from twin.plant.line import build as build_plant
from twin.plant.motion.robot import Robot
from twin.plant.motion.workcell import Workcell
from twin.spec.line import LineSpec
from twin.spec.motion import Robot as RobotSpec
from twin.spec.motion import Workcell as WorkcellSpec

from .plc import SoftPlc, compiled, variables_of
from .rapid import RapidController, compile_rapid, signals_of
from .st import CompileError, Diagnostic


class ProgramError(PilotlineError):
    """A control program that cannot be compiled."""

    def __init__(self, name: str, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.name = name
        self.diagnostics = diagnostics
        super().__init__(self.text())

    def text(self, language: str = "en", *, folder: Path | None = None) -> str:
        """Return every problem with its place, one a line; `folder` is where the file lies."""
        file = self.name if folder is None else folder / self.name
        told = ((d.line, d.column, d.text(language)) for d in self.diagnostics)
        return "\n".join(f"{file}:{line}:{column}: {why}" for line, column, why in told)


def build(spec: LineSpec, seed: int = 0, replication: int = 0) -> Line:
    """Build a line with its controllers, ready to run from time 0.

    Raises:
        ProgramError: a control program is wrong.
    """
    line = build_plant(spec, seed, replication)
    for asset in line.assets.values():
        if isinstance(asset, Workcell):
            _equip(asset)
    return line


def _equip(cell: Workcell) -> None:
    control = cell.workcell_spec.control
    source = control.program.text if control.program is not None else None
    plc = SoftPlc(cell, source or "", period_s=control.period_ms / 1000.0, runs=control.runs)
    cell.controller = plc
    try:
        plc.start()
    except CompileError as error:
        raise ProgramError(_name(cell.workcell_spec), error.diagnostics) from None
    for body in cell.world.bodies.values():
        if isinstance(body, Robot):
            _teach(cell, body)


def _teach(cell: Workcell, robot: Robot) -> None:
    """Give a robot its controller, with the program that its line names."""
    spec = robot.robot_spec
    source = spec.program.text if spec.program is not None else None
    address = f"{robot.address}/program"
    program = RapidController(robot.mover, robot.env, address, source or "", runs=spec.runs)
    robot.program = program
    try:
        program.start()
    except CompileError as error:
        raise ProgramError(_robot_name(cell.workcell_spec, spec), error.diagnostics) from None


def check_programs(spec: LineSpec) -> None:
    """Look whether the control programs of a line compile.

    Raises:
        ProgramError: one does not.
    """
    for asset in spec.assets:
        if not isinstance(asset, WorkcellSpec):
            continue
        if asset.control.program is not None:
            try:
                compiled(asset.control.program.text or "", variables_of(asset))
            except CompileError as error:
                raise ProgramError(_name(asset), error.diagnostics) from None
        for body in asset.bodies:
            if isinstance(body, RobotSpec) and body.program is not None:
                _check_robot(asset, body)


def _check_robot(cell: WorkcellSpec, robot: RobotSpec) -> None:
    text = robot.program.text if robot.program is not None else None
    try:
        if (text or "").strip():
            compile_rapid(text or "", signals_of(cell, robot), (*robot.tracks, *robot.external))
    except CompileError as error:
        raise ProgramError(_robot_name(cell, robot), error.diagnostics) from None


def _name(spec: WorkcellSpec) -> str:
    program = spec.control.program
    return (program.file if program is not None else None) or f"{spec.id}.st"


def _robot_name(cell: WorkcellSpec, robot: RobotSpec) -> str:
    program = robot.program
    return (program.file if program is not None else None) or f"{cell.id}_{robot.id}.mod"
