"""Whether a window has the keyboard. Where that cannot be told, it is taken to have it."""

import ctypes
import ctypes.util
import os
import sys
from collections.abc import Callable
from typing import Any

NO_WINDOW = 1
"""X: None and PointerRoot are no windows; without a window manager nobody has the focus."""


def watcher(window: int) -> Callable[[], bool]:
    """Return what tells whether a window, by its number in the system, has the keyboard."""
    try:
        if sys.platform == "win32":
            return _on_windows(window)
        if sys.platform.startswith("linux") and os.environ.get("DISPLAY"):
            return _on_x(window)
    except (OSError, AttributeError):
        pass  # a system without these libraries: the mouse's leaving is what lets go
    return lambda: True


def _on_windows(window: int) -> Callable[[], bool]:
    user: Any = ctypes.WinDLL("user32")  # type: ignore[attr-defined,unused-ignore]
    user.GetForegroundWindow.restype = ctypes.c_void_p
    return lambda: (user.GetForegroundWindow() or 0) == window


def _on_x(window: int) -> Callable[[], bool]:
    x = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x.XGetInputFocus.argtypes = [
        ctypes.c_void_p,
        ctypes.POINTER(ctypes.c_ulong),
        ctypes.POINTER(ctypes.c_int),
    ]
    display = x.XOpenDisplay(None)
    if not display:
        raise OSError("no display")

    def here() -> bool:
        focus, revert = ctypes.c_ulong(), ctypes.c_int()
        x.XGetInputFocus(display, ctypes.byref(focus), ctypes.byref(revert))
        return focus.value <= NO_WINDOW or focus.value == window

    return here
