"""The elements of the page. Each is drawn and kept alive by a component of its own in `js/`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nicegui
from nicegui import ui

from .facts import cell_facts

CODEMIRROR = Path(nicegui.__file__).parent / "elements" / "codemirror" / "dist"
SHARED: list[str | Path] = ["js/pilotcell_*.js"]

__all__ = [
    "BodyCard",
    "CellHub",
    "IncidentList",
    "IoTable",
    "OperatorPanel",
    "ProgramEditor",
    "StatusStrip",
    "TimingChart",
    "cell_facts",
]


class CellHub(ui.element, component="js/cell_hub.js", dependencies=SHARED):
    """Holds in the browser what the other elements share, and carries what they do to here.

    Args:
        facts: what `cell_facts` returned.
    """

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__()
        self._props["options"] = facts

    def on_act(self, handler: Callable[[Any], object]) -> None:
        """Call back with what somebody wants to do, as `CellCommand` describes it."""
        self.on("act", lambda event: handler(event.args))

    def on_robot(self, handler: Callable[[Any], object]) -> None:
        """Call back with what somebody wants a robot to do: `{robot, verb, args}`."""
        self.on("robot", lambda event: handler(event.args))

    def on_choose(self, handler: Callable[[str], object]) -> None:
        """Call back with the id of a body when somebody chooses it; empty when none."""
        self.on("choose", lambda event: handler(str(event.args or "")))

    def on_look(self, handler: Callable[[str], object]) -> None:
        """Call back with the name of a point of view that somebody wants to go to."""
        self.on("look", lambda event: handler(str(event.args)))

    def on_show(self, handler: Callable[[str], object]) -> None:
        """Call back with the name of a tab that somebody wants to see."""
        self.on("show", lambda event: handler(str(event.args)))

    def choose(self, body: str | None) -> None:
        """Show the card of a body."""
        self.run_method("choose", body)


class StatusStrip(ui.element, component="js/cell_status.js", dependencies=SHARED):
    """Who drives, how the soft PLC is, what is forced, whether there is power."""


class BodyCard(ui.element, component="js/body_card.js", dependencies=SHARED):
    """What the chosen body is, with its points."""


class OperatorPanel(ui.element, component="js/operator_panel.js", dependencies=SHARED):
    """Buttons, lamps, doors and zones: what a person at the cell works and sees."""


class IoTable(ui.element, component="js/io_table.js", dependencies=SHARED):
    """The points, with their values and forces."""


class ProgramEditor(
    ui.element,
    component="js/program_editor.js",
    dependencies=SHARED,
    esm={"nicegui-codemirror": str(CODEMIRROR)},
):
    """The program of the soft PLC: text, diagnostics, variables, run and stop."""


class TimingChart(ui.element, component="js/timing_chart.js", dependencies=SHARED):
    """The chosen points over time, as a logic analyser shows them."""


class IncidentList(ui.element, component="js/incident_list.js", dependencies=SHARED):
    """What went wrong, where and why."""
