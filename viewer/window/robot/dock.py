"""Puts the robot panel into the window: where it stands, what it hears, and the hall beside it."""

import math
import time
from functools import lru_cache
from typing import Any

from PIL import Image

from viewer.scene.document import Camera
from viewer.window.hear import hear
from viewer.window.hud import Hud
from viewer.window.overlay import projected
from viewer.window.stage import Stage, projection

from .focus import watcher
from .link import Link
from .near import NearLine
from .panel import HIGH, WIDE, RobotPanel
from .pen import BRAND, WHITE, Pen
from .seen import Which

Box = tuple[float, float, float, float]

KPI_PX, LEGEND_PX, EDGE_PX = 78, 54, 20
"""What stands above, below and beside the panel, in pixels of a picture 900 high."""
GAP_PX = 10
LOOK_FROM_M, LOOK_UP_M = 5.5, 0.35
"""A chosen robot is looked at from so far, a little above its foot."""
TAG_M = 0.25
"""The robot's name stands so high over its highest joint."""


class Dock:
    """The robot panel at the right edge of a window. Closed at first.

    Args:
        link: the way to the robots of the run; it is started when it is needed.
        plotter: the window's.
        stage: the hall in it.
        language: `en` or `zh`.
    """

    def __init__(self, link: Link, plotter: Any, stage: Stage, language: str) -> None:
        self._link = link
        self._panel = RobotPanel(link, language, time.monotonic, self.switch)
        self._language = language
        self._plotter = plotter
        self._stage = stage
        self._tag = Hud(plotter)
        self._tagged: object = None
        self._hud = Hud(plotter)
        self._line = NearLine(plotter)
        self._drawn: object = None
        self._started = False
        self._looked_at: Which | None = None
        self._jointed: dict[str, list[str]] = {}
        self._focused: Any = None
        self._interactor: Any = None
        self.open = False

    # ---- life

    def switch(self) -> None:
        """Open the panel, or close it. It lets go of everything as it closes."""
        self.open = not self.open
        self._drawn = None
        if not self.open:
            self._panel.leave()
            self._hud.hide()
            self._tag.hide()
            self._line.put(None, "", self._stage.frames)
        elif not self._started:
            self._started = True
            self._link.start()
        self._shift()

    def close(self) -> None:
        """Let go of everything, and wait until the twin has heard it."""
        self._panel.leave()
        if self._started:
            self._link.close()

    def listen(self, interactor: Any) -> None:
        """Begin to hear the mouse and the keyboard: a `vtkRenderWindowInteractor`."""
        self._interactor = interactor
        for event, tell in (
            ("LeftButtonPressEvent", self._pressed),
            ("LeftButtonReleaseEvent", self._released),
            ("MouseMoveEvent", self._moved),
            ("MouseWheelForwardEvent", lambda: self._wheeled(-1)),
            ("MouseWheelBackwardEvent", lambda: self._wheeled(1)),
            ("KeyPressEvent", self._key_down),
            ("KeyReleaseEvent", self._key_up),
            ("LeaveEvent", self._left),
        ):
            hear(interactor, event, lambda tell=tell: self.open and tell())  # type: ignore[misc]

    # ---- frames

    def box(self, width: int, height: int) -> Box | None:
        """Return where the panel stands in a window, px from its upper left; None: it is closed."""
        if not self.open:
            return None
        units, right, top = self._measures(width, height)
        return right - WIDE * units, top, right, top + HIGH * units

    def _measures(self, width: int, height: int) -> tuple[float, float, float]:
        """Return pixels for each unit, the right edge and the upper edge."""
        small = max(height / 900, 0.7)
        top, bottom = KPI_PX * small + GAP_PX, height - LEGEND_PX * small - GAP_PX
        units = max(0.3, min((bottom - top) / HIGH, 0.6 * width / WIDE))
        return units, width - (EDGE_PX - 3) * small, top

    def frame(self) -> None:
        """Bring the panel up to date."""
        self._panel.tick()
        if not self._panel.hands.empty and not self._has_focus():
            self._panel.leave()
        if not self.open:
            return
        width, height = self._plotter.window_size
        units, right, top = self._measures(width, height)
        state = (self._panel.state(), width, height)
        if state != self._drawn:
            if self._drawn is None or self._drawn[1:] != state[1:]:  # type: ignore[index]
                self._shift()
            self._drawn = state
            self._hud.show(self._panel.draw(units), (right - WIDE * units, top), (width, height))
        self._near()

    def _near(self) -> None:
        """Show which robot it is, and what stands nearest to it."""
        seen, robots = self._link.now(), self._link.robots
        if seen is None or not robots:
            return
        which = robots[self._link.chosen]
        if which != self._looked_at:
            self._looked_at = which
            self._look_at(which)
        self._line.put(seen.robot.nearest, which.cell, self._stage.frames)
        self._name(which)

    def _look_at(self, which: Which) -> None:
        """Come nearer to a robot, from where its cell is looked at."""
        frames, cameras = self._stage.frames, self._stage.document.cameras
        camera = cameras.get(f"cell:{which.cell}")
        if camera is None:
            return
        x, y, z = (float(part) for part in frames.pose(_node(which))[:3, 3])
        target = (x, y, z + LOOK_UP_M)
        way = [p - t for p, t in zip(camera.position_m, camera.target_m, strict=True)]
        share = min(1.0, LOOK_FROM_M / math.hypot(*way))
        a, b, c = (t + share * w for t, w in zip(target, way, strict=True))
        self._stage.look(Camera((a, b, c), target, camera.angle_deg))

    def _name(self, which: Which) -> None:
        """Put the robot's name over it."""
        width, height = self._plotter.window_size
        small = max(height / 900, 0.7)
        frames, foot = self._stage.frames, _node(which)
        x, y = (float(part) for part in frames.pose(foot)[:2, 3])
        z = max(float(frames.pose(node)[2, 3]) for node in self._joints(foot)) + TAG_M
        matrix = projection(self._plotter, width / height)
        found = projected({"": (x, y, z)}, matrix, (width, height)).get("")
        if found is None:
            self._tag.hide()
            return
        title = which.title["zh" if self._language.startswith("zh") else "en"]
        picture = tag(title, small)
        at = (found[0] - picture.width / 2, found[1] - picture.height)
        if (title, at, width, height) != self._tagged:
            self._tagged = (title, at, width, height)
            self._tag.show(picture, at, (width, height))

    def _joints(self, foot: str) -> list[str]:
        """Return the nodes that the joints of a robot turn, and its foot."""
        if foot not in self._jointed:
            inside = (node for node in self._stage.document.nodes if node.joint is not None)
            own = [node.id for node in inside if node.id.startswith(f"{foot}__")]
            self._jointed[foot] = [foot, *own]
        return self._jointed[foot]

    def _shift(self) -> None:
        """Put the middle of the picture into the middle of what the panel leaves free."""
        width, height = self._plotter.window_size
        box = self.box(width, height)
        self._plotter.camera.SetWindowCenter(0.0 if box is None else (width - box[0]) / width, 0.0)

    def _has_focus(self) -> bool:
        if self._focused is None:
            number = self._plotter.render_window.GetGenericWindowId()
            self._focused = watcher(_number(number))
        return bool(self._focused())

    # ---- events

    def _place(self) -> tuple[float, float]:
        """Return where the mouse is, in units from the panel's upper left corner."""
        width, height = self._plotter.window_size
        units, right, top = self._measures(width, height)
        x, y = self._interactor.GetEventPosition()
        return (x - right) / units + WIDE, (height - 1 - y - top) / units

    def _pressed(self) -> bool:
        return self._panel.press(*self._place())

    def _released(self) -> bool:
        return self._panel.release()

    def _moved(self) -> bool:
        return self._panel.move(*self._place())

    def _wheeled(self, way: int) -> bool:
        return self._panel.wheel(*self._place(), way)

    def _key_down(self) -> bool:
        interactor = self._interactor
        return self._panel.key_down(interactor.GetKeySym() or "", interactor.GetKeyCode() or "")

    def _key_up(self) -> bool:
        return self._panel.key_up(self._interactor.GetKeySym() or "")

    def _left(self) -> bool:
        self._panel.leave()
        return False


def _node(which: Which) -> str:
    """Return the node of the scene on which a robot stands."""
    return f"{which.cell}__{which.id}"


@lru_cache(maxsize=32)
def tag(title: str, scale: float) -> Image.Image:
    """Return a robot's name on a coloured ground."""
    wide = Pen((1, 1), scale).width(title, 14.0, bold=True) + 24.0
    pen = Pen((math.ceil(wide * scale) + 1, math.ceil(33.0 * scale)), scale)
    pen.block((0.0, 0.0, wide, 25.0), BRAND, radius=12.5)
    pen.shape([(wide / 2 - 5.0, 24.5), (wide / 2 + 5.0, 24.5), (wide / 2, 31.0)], BRAND)
    pen.text(wide / 2, 12.5, title, 14.0, WHITE, bold=True, anchor="mm")
    return pen.sheet


def _number(window: Any) -> int:
    """Return a window's number from what VTK says of it: a number, or a text like `_1f_p_void`."""
    if isinstance(window, int):
        return window
    digits = str(window).lstrip("_").split("_")[0]
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        return 0
    return int.from_bytes(raw, "little")
