"""Looks whether OpenGL works before VTK needs it: without it VTK ends the whole process.

Each way to draw is tried in a child process, which may crash in our place.
"""

import os
import signal
import subprocess
import sys
from functools import lru_cache

from twin.spec.messages import phrase

from .errors import NoGraphics

CHOICE = "VTK_DEFAULT_OPENGL_WINDOW"
EGL = "vtkEGLRenderWindow"
MESA = "vtkOSOpenGLRenderWindow"
PROBE_S = 60.0
PROBE = """
import vtkmodules.vtkRenderingOpenGL2
from vtkmodules.vtkRenderingCore import vtkRenderWindow, vtkRenderer
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
window = vtkRenderWindow()
window.SetOffScreenRendering({off_screen})
window.SetSize(8, 8)
renderer = vtkRenderer()
renderer.SetBackground(1.0, 0.0, 0.0)
window.AddRenderer(renderer)
window.Render()
seen = vtkUnsignedCharArray()
window.GetPixelData(2, 2, 4, 4, 0, seen, 0)
raise SystemExit(0 if seen.GetValue(0) > 200 else 3)
"""


@lru_cache(maxsize=1)
def ready_off_screen() -> str:
    """Make pictures without a screen possible, and return the kind of window that does it.

    Raises:
        NoGraphics: No OpenGL library works here; the text says what to install.
    """
    wanted = os.environ.get(CHOICE)
    candidates = [wanted] if wanted else _off_screen_kinds()
    tried = []
    for kind in candidates:
        why = _tried(kind, off_screen=True)
        if why is None:
            if kind:
                os.environ[CHOICE] = kind
            return kind or "default"
        tried.append(f"{kind or 'default'}: {why}")
    raise NoGraphics(phrase("error.no_graphics", tried="; ".join(tried)))


@lru_cache(maxsize=1)
def ready_on_screen() -> None:
    """Look whether a window can be opened here.

    Raises:
        NoGraphics: There is no display, or no OpenGL on it.
    """
    linux = sys.platform.startswith("linux")
    if linux and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoGraphics(phrase("error.no_display"))
    why = _tried(os.environ.get(CHOICE), off_screen=False)
    if why is not None:
        raise NoGraphics(phrase("error.no_graphics", tried=f"window: {why}"))


def _off_screen_kinds() -> list[str | None]:
    return [EGL, MESA, None] if sys.platform.startswith("linux") else [None]


def _tried(kind: str | None, *, off_screen: bool) -> str | None:
    """Draw one frame in a child process; return what went wrong, None if nothing did."""
    environment = dict(os.environ)
    if kind:
        environment[CHOICE] = kind
    code = PROBE.format(off_screen=off_screen)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own text
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PROBE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no picture within {PROBE_S:.0f} s"
    if done.returncode == 0:
        return None
    if done.returncode < 0:
        return f"the library crashed ({signal.Signals(-done.returncode).name})"
    last = (done.stderr or "").strip().splitlines()
    return last[-1][:160] if last else f"exit status {done.returncode}"
