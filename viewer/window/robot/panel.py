"""The robot panel: what a press, a key or a turn of the wheel means, and what is drawn."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from PIL import Image

from . import face
from .hands import Hands
from .jog_page import following, suggested
from .look import FRAMES, HOLD, STEPS, TABS, Choice, Look, axes_of, step_of
from .pen import Control, Pen
from .program_page import shown_from
from .seen import Seen, Which

WIDE, HIGH = 384.0, 596.0
"""Units: pixels of a window 720 high."""
SAID_S = 8.0
"""So long it is shown why a command was refused."""
CLICK_S = 0.35
"""A press on the switch that is shorter chooses the work of one hand."""
LONGEST_NAME = 32
SWITCH_KEY, SWITCH_BUTTON = "key", "switch"


class Linked(Protocol):
    """What the panel needs of `link.Link`."""

    @property
    def robots(self) -> tuple[Which, ...] | None:
        """The robots of the run; None: not known yet."""

    @property
    def chosen(self) -> int:
        """Number of the chosen robot."""

    @property
    def may(self) -> bool:
        """Whether this window may act."""

    @property
    def connected(self) -> bool:
        """Whether the twin answers."""

    @property
    def said(self) -> Any:
        """Why the last command was not carried out; None: it was."""

    def now(self) -> Seen | None:
        """Return how the chosen robot is."""

    def choose(self, number: int) -> None:
        """Choose another robot."""

    def send(self, verb: str, args: dict[str, Any]) -> None:
        """Give the chosen robot a command."""

    def beat(self) -> bool:
        """Say that the window is alive; return whether it was late, and holds nothing any more."""


class RobotPanel:
    """The panel of the chosen robot.

    Args:
        link: the robot's state, and the way to it.
        language: `en` or `zh`.
        clock: monotonic time, s.
        close: hears that the panel is to be closed.
    """

    def __init__(
        self,
        link: Linked,
        language: str,
        clock: Callable[[], float],
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.link = link
        self.hands = Hands(link.send)
        self.choice = Choice()
        self._language = language
        self._clock = clock
        self._close = close
        self._controls: list[Control] = []
        self._hover: Control | None = None
        self._pressed: Control | None = None
        self._pressed_s = 0.0
        self._said: tuple[Any, float] = (None, 0.0)
        self._keys_up: set[str] = set()
        """Keys that were let go since the last tick."""

    # ---- what is shown

    def look(self, high: float = HIGH) -> Look:
        """Return everything that is shown now, in a panel so many units high."""
        link, said = self.link, self.link.said
        if said is not self._said[0]:
            self._said = (said, self._clock())
        fresh = said is not None and self._clock() - self._said[1] < SAID_S
        return Look(
            language=self._language,
            size=(WIDE, high),
            titles=tuple(which.title for which in link.robots or ()),
            chosen=link.chosen,
            robotless=link.robots == (),
            seen=link.now(),
            may=link.may,
            connected=link.connected,
            said=said.text(self._language) if fresh else "",
            one_hand=self.hands.one_hand,
            enabling=self.hands.enabling,
            choice=self.choice,
        )

    def state(self) -> object:
        """Return everything that a picture of the panel depends on, to be compared."""
        hover = self._hover.key if self._hover else None
        pressed = self._pressed.key if self._pressed else None
        return replace(self.look(), choice=replace(self.choice)), hover, pressed

    def draw(self, scale: float, high: float = HIGH) -> Image.Image:
        """Return the panel as a picture, `scale` pixels for each unit."""
        return self.pen(scale, high).sheet

    def pen(self, scale: float, high: float = HIGH) -> Pen:
        """Return the pen that has drawn the panel."""
        hover = self._hover.key if self._hover else None
        pressed = self._pressed.key if self._pressed else None
        pen = Pen((round(WIDE * scale), round(high * scale)), scale, hover, pressed)
        face.draw(pen, self.look(high))
        self._controls = pen.controls
        return pen

    def control(self, name: str, about: object = None) -> Control | None:
        """Return what can be pressed by its name as it was drawn last."""
        for control in self._controls:
            if control.name == name and about in (None, control.about):
                return control
        return None

    # ---- the mouse; places in units from the panel's upper left corner

    def press(self, x: float, y: float) -> bool:
        """Press what is at a place; return whether that is in the panel."""
        control = self._under(x, y)
        self._end_typing(control)
        if control is None:
            return False
        self._pressed, self._pressed_s = control, self._clock()
        act = getattr(self, f"_on_{control.name}", None)
        if act is not None:
            act(control.about)
        elif control.name.startswith("rapid_"):
            self._on_rapid(control.name)
        if control.name == "speed":
            self._drag(x)
        return True

    def move(self, x: float, y: float) -> bool:
        """Hear where the mouse is; a held button is let go when the mouse leaves it."""
        self._hover = self._under(x, y)
        held = self._pressed
        if held is not None and held.name == "speed":
            self._drag(x)
        elif held is not None and not held.holds(x, y):
            self._end_press()
        return self._hover is not None or held is not None

    def release(self) -> bool:
        """Let go of the mouse's button; return whether it was the panel's."""
        held = self._pressed
        self._end_press()
        return held is not None

    def wheel(self, x: float, y: float, way: int) -> bool:
        """Turn the wheel by one notch, 1 is down; return whether that is in the panel."""
        if self._under(x, y) is None:
            return False
        self._scroll(3 * way if self.choice.tab == "program" else way)
        return True

    def leave(self) -> None:
        """Let go of everything: the mouse or the keyboard is somewhere else, or the panel shut."""
        self._hover = self._pressed = None
        self._keys_up.clear()
        self.choice.percent = None
        self.hands.let_go()

    def tick(self) -> None:
        """Let go of keys, of steps that are done, and of all where nobody can be told any more."""
        for key in self._keys_up:
            if key == "space":
                self.hands.disable(SWITCH_KEY)
            else:
                self.hands.release()
        self._keys_up.clear()
        if self.link.beat():
            self.leave()
        seen = self.link.now()
        self.hands.tick(self._clock(), moving=seen is not None and seen.robot.moving)
        if not self.link.connected and not self.hands.empty:
            self.leave()

    # ---- keys

    def key_down(self, key: str, letter: str = "") -> bool:
        """Press a key by its X name; return whether the panel takes it."""
        if key in self._keys_up:
            self._keys_up.discard(key)
            return True
        if self.choice.name is not None:
            self._type(key, letter)
            return True
        if key in {"Up", "Down"}:
            self._up_down(1 if key == "Down" else -1)
        elif key in {"Left", "Right"}:
            self._jog_by_key(1 if key == "Right" else -1)
        elif key == "space":
            if self._may_enable():
                self.hands.enable(SWITCH_KEY)
        elif key == "Tab":
            self._on_tab(TABS[(TABS.index(self.choice.tab) + 1) % len(TABS)])
        elif key in {"Escape", "r", "R"}:
            self._close()
        else:
            return False
        return True

    def key_up(self, key: str) -> bool:
        """Let go of a key; it counts with the next tick.

        A key that is held is let go and pressed again at once, over and over, on some systems.
        """
        if key not in {"space", "Left", "Right"}:
            return False
        self._keys_up.add(key)
        return True

    def _up_down(self, way: int) -> None:
        seen = self.link.now()
        if self.choice.tab != "jog":
            self._scroll(way)
        elif seen is not None:
            self.hands.release()
            axes = axes_of(seen.robot, self.choice.frame)
            now = axes.index(self.choice.axis) if self.choice.axis in axes else 0
            self.choice.axis = axes[(now + way) % len(axes)]

    def _jog_by_key(self, way: int) -> None:
        if self.choice.tab == "jog" and self.look().can_move:
            self._on_jog((self.choice.axis, way))

    def _type(self, key: str, letter: str) -> None:
        name = self.choice.name or ""
        if key == "BackSpace":
            self.choice.name = name[:-1]
        elif key == "Escape":
            self.choice.name = None
        elif key in {"Return", "KP_Enter"}:
            self._on_teach("")
        elif letter.isascii() and (letter.isalnum() or letter == "_"):
            self.choice.name = (name + letter)[:LONGEST_NAME]

    # ---- what the controls do

    def _on_close(self, _about: object) -> None:
        self._close()

    def _on_choose(self, about: object) -> None:
        self.leave()
        self.choice.axis, self.choice.points_top, self.choice.code_top = 0, 0, None
        self.choice.name = None
        self.link.choose(int(str(about)))

    def _on_tab(self, about: object) -> None:
        self.hands.release()
        self.choice.tab, self.choice.code_top = str(about), None

    def _on_mode(self, about: object) -> None:
        self.hands.let_go()
        self.link.send("mode", {"mode": str(about)})

    def _on_motors(self, _about: object) -> None:
        seen = self.link.now()
        if seen is not None:
            self.link.send("motors", {"on": not seen.robot.motors})

    def _on_reset(self, _about: object) -> None:
        self.link.send("reset", {})

    def _on_enabling(self, _about: object) -> None:
        self.hands.enable(SWITCH_BUTTON)

    def _on_frame(self, about: object) -> None:
        self.hands.release()
        assert about in FRAMES
        self.choice.frame, self.choice.axis = str(about), 0

    def _on_step(self, about: object) -> None:
        self.hands.release()
        assert about in STEPS
        self.choice.step = str(about)

    def _on_axis(self, about: object) -> None:
        self.choice.axis = int(str(about))

    def _on_jog(self, about: Any) -> None:
        seen = self.link.now()
        if seen is None:
            return
        axis, way = about
        self.choice.axis = axis
        frame, step = self.choice.frame, self.choice.step
        if step == HOLD:
            self.hands.jog(frame, axis, way)
        else:
            by = way * step_of(seen.robot, frame, axis, step)
            self.hands.step({"frame": frame, "axis": axis, "by": by}, self._clock())

    def _on_tool(self, _about: object) -> None:
        self.link.send("tool", {"name": following(self.look(), "tool")})

    def _on_wobj(self, _about: object) -> None:
        self.link.send("wobj", {"name": following(self.look(), "wobj")})

    def _on_name(self, _about: object) -> None:
        self.choice.name = ""

    def _on_teach(self, _about: object) -> None:
        name = self.choice.name or suggested(self.look())
        self.choice.name = None
        self.link.send("teach", {"name": name})

    def _on_go(self, about: object) -> None:
        self.hands.go("move_to", {"point": str(about)})

    def _on_overwrite(self, about: object) -> None:
        self.link.send("teach", {"name": str(about), "overwrite": True})

    def _on_rapid(self, verb: str) -> None:
        self.choice.code_top = None
        if self.look().manual and verb in {"rapid_run", "rapid_step"}:
            self.hands.go(verb, {})
        else:
            self.link.send(verb, {})

    # ----

    def _under(self, x: float, y: float) -> Control | None:
        return next((c for c in reversed(self._controls) if c.holds(x, y)), None)

    def _end_press(self) -> None:
        held, self._pressed = self._pressed, None
        if held is None:
            return
        if held.name == "enabling":
            self.hands.disable(SWITCH_BUTTON)
            if self._clock() - self._pressed_s < CLICK_S:
                self.hands.one_hand = not self.hands.one_hand
        elif held.name in {"jog", "go", "rapid_run", "rapid_step"}:
            self.hands.release()
        elif held.name == "speed" and self.choice.percent is not None:
            self.link.send("speed", {"percent": self.choice.percent})
            self.choice.percent = None

    def _end_typing(self, control: Control | None) -> None:
        if control is None or control.name not in {"name", "teach"}:
            self.choice.name = None

    def _drag(self, x: float) -> None:
        held = self._pressed
        if held is not None and isinstance(held.about, tuple):
            left, right = (float(edge) for edge in held.about)
            share = (x - left) / (right - left)
            self.choice.percent = round(min(100.0, max(1.0, 100.0 * share)))

    def _may_enable(self) -> bool:
        return self.link.may and self.look().manual

    def _scroll(self, lines: int) -> None:
        seen = self.link.now()
        program = seen.program if seen is not None else None
        if program is None:
            return
        if self.choice.tab == "points":
            most = max(0, len(program.points) - 1)
            self.choice.points_top = min(most, max(0, self.choice.points_top + lines))
        elif self.choice.tab == "program":
            code = self.control("code")
            count = int(str(code.about)) if code is not None else 1
            first = self.choice.code_top
            if first is None:
                first = shown_from(self.look(), program, count)
            most = max(0, program.text.count("\n") + 1 - count)
            self.choice.code_top = min(most, max(0, first + lines))
