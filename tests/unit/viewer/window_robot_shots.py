"""Works the robot panel in a VTK window without a screen, in a process of its own.

Use: python window_robot_shots.py FILE.npz FILE.json
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyvista as pv
from vtkmodules.vtkRenderingCore import vtkRenderWindowInteractor
from vtkmodules.vtkRenderingUI import vtkGenericRenderWindowInteractor

sys.path.insert(0, str(Path(__file__).parent))

from robot_twin import DirectLink, LocalTwin

from twin.spec import load_line
from viewer.scene import build_scene
from viewer.window.overlay import projected
from viewer.window.preflight import ready_off_screen
from viewer.window.robot.dock import Dock
from viewer.window.robot.panel import HIGH, WIDE
from viewer.window.stage import Stage, projection

CELL = Path(__file__).parents[2] / "system" / "robot_cell.yaml"
SIZE = (640, 360)


class Scene:
    """The dock on a stage, with a mouse and keys."""

    def __init__(self) -> None:
        ready_off_screen()
        self.twin = LocalTwin(CELL)
        self.plotter: Any = pv.Plotter(off_screen=True, window_size=SIZE, lighting="none")
        self.stage = Stage(build_scene(load_line(CELL)), self.plotter, lights=1)
        self.dock = Dock(DirectLink(self.twin), self.plotter, self.stage, "en")
        self.mouse: vtkRenderWindowInteractor = vtkGenericRenderWindowInteractor()
        self.mouse.SetSize(*SIZE)
        self.below: list[str] = []
        """What came through to the hall."""
        for event in ("LeftButtonPressEvent", "MouseWheelForwardEvent", "KeyPressEvent"):
            self.mouse.AddObserver(event, lambda _, name: self.below.append(name), 0.0)
        self.dock.listen(self.mouse)

    @property
    def panel(self) -> Any:
        return self.dock._panel

    def shot(self) -> Any:
        self.stage.show(self.twin.live.snapshot())
        self.dock.frame()
        self.dock.frame()
        self.plotter.render()
        return self.plotter.screenshot(return_img=True)

    def event(self, name: str, x: float, y: float, key: str = "") -> None:
        self.mouse.SetEventInformation(round(x), round(SIZE[1] - 1 - y), 0, 0, chr(0), 0, key)
        self.mouse.InvokeEvent(name)

    def where(self, name: str, about: object) -> tuple[float, float]:
        left, top, right, _ = self.dock.box(*SIZE)
        scale = (right - left) / WIDE
        box = self.panel.control(name, about).box
        return left + scale * (box[0] + box[2]) / 2, top + scale * (box[1] + box[3]) / 2

    def ready(self) -> None:
        link = self.dock._link
        link.send("mode", {"mode": "manual"})
        link.send("motors", {"on": True})
        self.event("KeyPressEvent", 10, 10, "space")
        self.dock.frame()
        self.twin.said.clear()

    def jogs(self) -> tuple[float, float]:
        self.dock._focused = lambda: True
        self.ready()
        at = self.where("jog", (0, 1))
        self.event("MouseMoveEvent", *at)
        self.event("LeftButtonPressEvent", *at)
        return at

    def told(self) -> list[Any]:
        told = [(verb, args) for _, verb, args in self.twin.said]
        self.twin.said.clear()
        return told


def main() -> None:
    """Write pictures, and what was sent."""
    scene = Scene()
    found: dict[str, Any] = {}
    made = {"closed": scene.shot()}
    scene.event("LeftButtonPressEvent", 700, 300)
    found["closed"] = list(scene.below)
    scene.below.clear()

    scene.dock.switch()
    scene.shot()
    made["open"] = scene.shot()
    found["box"] = scene.dock.box(*SIZE)
    foot = tuple(float(part) for part in scene.stage.frames.pose("lab__arm")[:3, 3])
    found["foot"] = projected({"": foot}, projection(scene.plotter, SIZE[0] / SIZE[1]), SIZE)[""]

    at = scene.jogs()
    found["press"] = scene.told()
    scene.event("LeftButtonReleaseEvent", *at)
    found["release"] = scene.told()
    found["through"] = list(scene.below)
    scene.event("LeftButtonPressEvent", 100, 300)
    scene.event("MouseWheelForwardEvent", *at)
    scene.event("KeyPressEvent", 100, 300, "t")
    found["beside"] = list(scene.below)

    for way in ("LeaveEvent", "focus", "switch", "close"):
        if not scene.dock.open:
            scene.dock.switch()
            scene.shot()
        scene.jogs()
        scene.told()
        if way == "LeaveEvent":
            scene.event("LeaveEvent", 0, 0)
        elif way == "focus":
            scene.dock._focused = lambda: False
            scene.dock.frame()
        else:
            getattr(scene.dock, way)()
        found[way] = scene.told()
        if way == "switch":
            made["shut"] = scene.shot()
            found["centre"] = scene.plotter.camera.GetWindowCenter()

    near = scene.dock._link.now().robot.nearest
    if not scene.dock.open:
        scene.dock.switch()
    scene.dock.frame()
    line = np.asarray(scene.dock._line._line.points)
    pose = scene.stage.frames.pose("lab")
    ends = [pose @ np.array([*point, 1.0]) for point in (near.point, near.other_point)]
    found["line"] = float(np.abs(line - np.array([end[:3] for end in ends])).max())
    found["length"] = float(np.linalg.norm(line[1] - line[0])) - near.distance_m
    found["scale"] = HIGH
    np.savez(sys.argv[1], **made)
    Path(sys.argv[2]).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
