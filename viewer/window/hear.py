"""Hears of the mouse and the keyboard before the hall does."""

from collections.abc import Callable
from typing import Any

FIRST = 10.0
"""Higher than that of everybody who moves the camera."""


def hear(interactor: Any, event: str, tell: Callable[[], bool]) -> None:
    """Tell of an event of a VTK interactor first; where the answer is yes, nobody else hears it.

    Args:
        interactor: a `vtkRenderWindowInteractor`.
        event: its name, such as `MouseMoveEvent`.
        tell: returns whether the event is used up.
    """
    tags: list[int] = []

    def heard(*_: Any) -> None:
        if tell():
            interactor.GetCommand(tags[0]).SetAbortFlag(1)

    tags.append(interactor.AddObserver(event, heard, FIRST))
