"""What a person holds at a robot: a jog button, the enabling switch. Letting go always stops."""

from collections.abc import Callable
from typing import Any

Send = Callable[[str, dict[str, Any]], None]

BUTTON = "button"
"""Holds the switch along with a button that moves the arm: the work of one hand."""
STEP_S = 0.4
"""A movement that was asked for has begun, or was refused, so long after the press."""


class Hands:
    """Sends what goes on while something is held, and its end when it is let go.

    Args:
        send: takes a verb of the robot and its values.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._jog: tuple[str, int] | None = None
        self._enabled_by: set[str] = set()
        self._step_from_s: float | None = None
        self.one_hand = False
        """Whether buttons that move the arm hold the enabling switch along."""

    @property
    def jogging(self) -> bool:
        """Whether a jog is held."""
        return self._jog is not None

    @property
    def enabling(self) -> bool:
        """Whether the enabling switch is held."""
        return bool(self._enabled_by)

    @property
    def empty(self) -> bool:
        """Whether nothing is held."""
        return not self.jogging and not self.enabling

    def enable(self, by: str) -> None:
        """Hold the enabling switch by a key or by a button."""
        if not self._enabled_by:
            self._send("enabling", {"on": True})
        self._enabled_by.add(by)

    def disable(self, by: str) -> None:
        """Take one hold off; with the last one the switch is let go, and so is the jog."""
        if by in self._enabled_by:
            self._enabled_by.discard(by)
            if not self._enabled_by:
                self.stop()
                self._send("enabling", {"on": False})

    def jog(self, frame: str, axis: int, way: int) -> None:
        """Begin to jog; nothing while another jog is held."""
        if self._jog is None:
            self._grasp()
            self._jog = (frame, axis)
            self._send("jog", {"frame": frame, "axis": axis, "way": way})

    def stop(self) -> None:
        """Let go of the jog."""
        if self._jog is not None:
            frame, axis = self._jog
            self._jog = None
            self._send("jog", {"frame": frame, "axis": axis, "way": 0})

    def step(self, args: dict[str, Any], now_s: float) -> None:
        """Go one step; a single hand holds the switch until the step is done."""
        self._grasp()
        self._step_from_s = now_s
        self._send("jog_step", args)

    def go(self, verb: str, args: dict[str, Any]) -> None:
        """Ask for a movement that goes on while the enabling switch is held."""
        self._grasp()
        self._send(verb, args)

    def release(self) -> None:
        """Let go of the button that moves the arm."""
        self.stop()
        if self._step_from_s is None:
            self.disable(BUTTON)

    def tick(self, now_s: float, *, moving: bool) -> None:
        """Look whether a step is done."""
        since_s = self._step_from_s
        if since_s is not None and now_s - since_s >= STEP_S and not moving:
            self._step_from_s = None
            self.disable(BUTTON)

    def let_go(self) -> None:
        """Let go of everything."""
        self._step_from_s = None
        self.stop()
        for by in tuple(self._enabled_by):
            self.disable(by)

    def _grasp(self) -> None:
        if self.one_hand:
            self.enable(BUTTON)
