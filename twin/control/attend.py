"""What somebody does at the panels of a run that nobody watches."""

from contextlib import suppress

from twin.kernel.command import Command
from twin.kernel.errors import TraceEnded
from twin.kernel.runner import Runner
from twin.plant.motion.workcell import Workcell
from twin.spec.motion import Panel

PRESSED_S = 0.5
RELEASED_S = 0.8


def press_start(runner: Runner) -> None:
    """Press and release the start button of each workcell that has a panel, soon after time 0."""
    assets = getattr(runner.plant, "assets", {}).values()
    buttons = [
        f"{asset.path}/{body.id}_start"
        for asset in assets
        if isinstance(asset, Workcell)
        for body in asset.workcell_spec.bodies
        if isinstance(body, Panel)
    ]
    with suppress(TraceEnded):
        for at_s, value in ((PRESSED_S, True), (RELEASED_S, False)):
            for button in buttons:
                command = Command("write", button, {"value": value}, "unattended")
                runner.apply(command, at_s=at_s)
