"""The window on a running twin, and the picture of one. One thread creates and renders."""

import math
import time
from pathlib import Path
from typing import Any

from PIL import Image

from twin.spec.messages import message
from twin.wire.model import Snapshot
from viewer.scene import SceneDocument, build_scene

from .client import Twin
from .errors import ViewError
from .feed import Feed
from .fonts import readable
from .glide import Glider
from .hear import hear
from .overlay import Overlay, label_points, projected
from .picture import SIZE, shot
from .preflight import ready_on_screen
from .state import asset_states

FRAME_S = 0.05
HUD_S = 0.5
HUD_MOVING_S = 0.15
WINDOW = (1280, 720)
VIEWS = ("overview", "front", "left", "right", "top")
RATES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)


def shot_live(
    url: str,
    path: str | Path,
    *,
    run: str | None = None,
    token: str | None = None,
    size: tuple[int, int] = SIZE,
    camera: str = "overview",
    language: str = "en",
) -> Image.Image:
    """Draw a picture of a running twin, and write it.

    Raises:
        NoTwin: Nothing answers at the address.
        NoGraphics: OpenGL does not work here.
        ViewError: The file cannot be written.
    """
    twin = Twin(url, run, token, language)
    return shot(twin.line(), twin.snapshot(), path, size, camera, language=language)


def run_window(
    url: str,
    *,
    run: str | None = None,
    token: str | None = None,
    language: str = "en",
    size: tuple[int, int] = WINDOW,
    for_s: float = math.inf,
) -> None:
    """Open a window on a running twin, and return when it is closed.

    Args:
        url: The twin's address, such as `http://127.0.0.1:8000`.
        run: Which run; None is the first.
        token: For a twin that asks who is there, or to set its pace.
        language: `en` or `zh`.
        size: Width and height of the window, px.
        for_s: Closes by itself after this time.

    Raises:
        NoTwin: Nothing answers at the address.
        NoGraphics: There is no screen, or no OpenGL on it.
    """
    ready_on_screen()
    twin = Twin(url, run, token, readable(language))
    document = build_scene(twin.line())
    feed = Feed(twin, twin.snapshot()).start()
    try:
        _Window(twin, feed, document, language, size).loop(for_s)
    finally:
        feed.close()


class _Window:
    """The window, its keys, and its frames."""

    def __init__(
        self,
        twin: Twin,
        feed: Feed,
        document: SceneDocument,
        language: str,
        size: tuple[int, int],
    ) -> None:
        import pyvista as pv

        from .hud import Hud
        from .robot.dock import Dock
        from .robot.link import Link
        from .stage import Stage

        self._twin = twin
        self._feed = feed
        self._language = language
        self._labels = True
        self._cell = 0
        self._open = True
        self._note = ""
        self._last_rate = 1.0
        self._hud_at_s = -math.inf
        self._hud_view: Any = None
        title = document.title["zh" if language.startswith("zh") else "en"]
        self._plotter: Any = pv.Plotter(window_size=size, lighting="none", title=title)
        self._plotter.render_window.SetMultiSamples(0)
        self._stage = Stage(document, self._plotter, lights=1)
        self._glider = Glider(self._stage.frames)
        self._hud = Hud(self._plotter)
        shown = readable(language)
        self._dock = Dock(Link(twin, shown), self._plotter, self._stage, shown)
        self._keys()

    def loop(self, for_s: float) -> None:
        """Draw frames until the window is closed."""
        self._plotter.show(interactive_update=True, auto_close=False)
        self._plotter.iren.add_observer("ExitEvent", lambda *_: self._shut())
        self._dock.listen(self._plotter.iren.interactor)
        end_s = time.monotonic() + for_s
        try:
            while self._open and time.monotonic() < end_s and self._alive():
                begun_s = time.monotonic()
                self._frame(begun_s)
                self._plotter.update(stime=1, force_redraw=True)
                time.sleep(max(0.0, FRAME_S - (time.monotonic() - begun_s)))
        finally:
            self._dock.close()
        self._plotter.close()

    def _alive(self) -> bool:
        return self._plotter.render_window is not None

    def _shut(self) -> None:
        self._open = False

    def _frame(self, wall_s: float) -> None:
        snapshot = self._feed.now()
        if snapshot.rate > 0:
            self._last_rate = snapshot.rate
        self._stage.light(asset_states(snapshot))
        self._stage.signal(snapshot.signals)
        self._stage.turn(snapshot)
        self._stage.put(self._glider.place(snapshot.bodies, wall_s))
        self._dock.frame()
        eye = self._plotter.camera
        view = (eye.position, eye.focal_point, tuple(self._plotter.window_size), self._labels,
                self._dock.open)  # fmt: skip
        wait_s = HUD_S if view == self._hud_view else HUD_MOVING_S
        if wall_s - self._hud_at_s >= wait_s:
            self._hud_at_s, self._hud_view = wall_s, view
            self._write(snapshot)

    def _write(self, snapshot: Snapshot) -> None:
        from .stage import projection

        width, height = self._plotter.window_size
        document = self._stage.document
        points = label_points(document, asset_states(snapshot))
        spots = projected(points, projection(self._plotter, width / height), (width, height))
        note = self._note or ("" if self._feed.connected else "error.stream_lost")
        keys = "windowrobot.keys" if self._dock.open else "scene.keys"
        box = self._dock.box(width, height)
        overlay = Overlay(document, self._language, scale=max(height / 900, 0.7))
        self._hud.show(
            overlay.sheet(
                (width, height),
                snapshot,
                spots,
                labels=self._labels,
                note=message(note or keys, overlay.language),
                kept=[box] if box is not None else [],
            )
        )

    def _keys(self) -> None:
        # Keys of VTK and PyVista that a viewer of lines has no use for: wireframe, picking, …
        self._plotter.iren.clear_key_event_callbacks()
        hear(self._plotter.iren.interactor, "CharEvent", lambda: True)
        for number, name in enumerate(VIEWS, 1):
            self._plotter.add_key_event(str(number), lambda name=name: self._stage.look(name))
        for key, action in (
            ("c", self._next_cell),
            ("space", self._pause),
            ("plus", lambda: self._faster(1)),
            ("equal", lambda: self._faster(1)),
            ("minus", lambda: self._faster(-1)),
            ("l", self._switch_labels),
            ("t", self._stage.arms.switch),
            ("r", self._dock.switch),
            ("q", self._shut),
        ):
            self._plotter.add_key_event(key, action)

    def _next_cell(self) -> None:
        """Look at the next of the cells' points of view."""
        cameras = self._stage.document.cameras
        names = [name for name in cameras if name not in VIEWS]
        if names:
            self._stage.look(names[self._cell % len(names)])
            self._cell += 1

    def _switch_labels(self) -> None:
        self._labels = not self._labels

    def _pause(self) -> None:
        self._pace(0.0 if self._feed.now().rate > 0 else self._last_rate)

    def _faster(self, step: int) -> None:
        rate = self._feed.now().rate or self._last_rate
        nearest = min(range(len(RATES)), key=lambda i: abs(RATES[i] - rate))
        self._pace(RATES[min(max(nearest + step, 0), len(RATES) - 1)])

    def _pace(self, rate: float) -> None:
        try:
            self._twin.set_rate(rate)
            self._note = ""
        except ViewError:
            self._note = "scene.no_pace"
