"""Draws an arm as the window does, in a process of its own: VTK wants one thread for all it draws.

Use: python window_shots.py FILE.npz
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyvista as pv
from ruamel.yaml import YAML

from twin.spec.line import LineSpec
from twin.wire.model import Piece, Snapshot
from viewer.scene import build_scene
from viewer.scene.document import Camera
from viewer.scene.frames import Frames
from viewer.window.overlay import projected
from viewer.window.stage import Stage, projection

ZOO = Path(__file__).with_name("all_bodies.yaml")
SIZE = (480, 270)
TOOL, JOINT = "zoo__robot__tool", "zoo/robot/j1"
TURN = (Piece(0.0, 0.0, 0.5), Piece(2.0, 1.0))
"""The first joint goes from 0 to 1 rad in 2 s."""
TIMES_S = np.linspace(0.0, 2.0, 21)


class Look:
    """The window's stage, looking at the arm's tool."""

    def __init__(self) -> None:
        self.document = build_scene(LineSpec.model_validate(YAML(typ="safe").load(ZOO)))
        self.plotter: Any = pv.Plotter(off_screen=True, window_size=SIZE, lighting="none")
        self.stage = Stage(self.document, self.plotter, lights=1)
        at = Frames(self.document).pose(TOOL)[:3, 3]
        x, y, z = (float(part) for part in at)
        self.stage.look(Camera((x + 1.3, y + 2.0, z + 1.8), (x, y, z), 40.0))

    def shot(self, time_s: float) -> Any:
        """Return the picture at a time, `(270, 480, 3)`."""
        self.stage.show(Snapshot("r", "zoo", 1, time_s, 1.0, {}, {}, [], {}, {JOINT: TURN}))
        self.plotter.render()
        return self.plotter.screenshot(return_img=True)

    def where(self, time_s: float) -> tuple[float, float]:
        """Return the place of the tool at a time in the picture: x, y in pixels."""
        frames = Frames(self.document).at({JOINT: TURN}, time_s)
        tip: Any = tuple(frames.pose(TOOL)[:3, 3])
        x, y = projected({"p": tip}, projection(self.plotter, SIZE[0] / SIZE[1]), SIZE)["p"]
        return x, y


def main() -> None:
    """Write the pictures."""
    look = Look()
    switch = look.stage.arms.switch
    made = {"plain_going": look.shot(0.2), "plain_there": look.shot(2.5)}
    switch()
    made["going"] = look.shot(0.2)
    switch()
    switch()
    for time_s in TIMES_S:
        made["way"] = look.shot(float(time_s))
    made["places"] = np.array([look.where(float(time_s)) for time_s in TIMES_S])
    made["there"] = look.shot(2.5)
    made["late"] = look.shot(5.0)
    made["later"] = look.shot(13.0)
    switch()
    made["hidden"] = look.shot(2.5)
    np.savez(sys.argv[1], **made)


if __name__ == "__main__":
    main()
