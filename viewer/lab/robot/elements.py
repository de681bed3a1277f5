"""The elements of the panel. Each is drawn and kept alive by a component of its own in `js/`."""

from pathlib import Path

from nicegui import ui

from viewer.lab.cell.elements import CODEMIRROR

SHARED: list[str | Path] = ["js/pilotrobot_*.js"]
STYLE = Path(__file__).with_name("robot.css")


class RobotPendant(ui.element, component="js/robot_pendant.js", dependencies=SHARED):
    """Mode, motors, enabling switch, jogging, readouts, points."""


class RapidEditor(
    ui.element,
    component="js/rapid_editor.js",
    dependencies=SHARED,
    esm={"nicegui-codemirror": str(CODEMIRROR)},
):
    """The program of a robot: text, diagnostics, breakpoints, pointer, variables."""
