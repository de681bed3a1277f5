"""What a robot panel shows: what the twin tells, and what the person has chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from twin.spec.messages import message

from .seen import JointSeen, RobotSeen, Seen, Texts

TABS = ("jog", "points", "program")
FRAMES = ("joint", "world", "tool", "wobj")
HOLD = "hold"
STEPS = (HOLD, "0", "1", "2", "3")
DEGREES = (0.1, 1.0, 5.0, 10.0)
MILLIMETRES = (0.1, 1.0, 10.0, 50.0)
"""Sizes of steps: a turn in degrees goes with a way in mm."""
CARTESIAN = ("X", "Y", "Z", "RX", "RY", "RZ")
FEW = (0, 1, 2, 5)
"""Those of them along which an arm with four joints can go."""


@dataclass(slots=True)
class Choice:
    """What the person has chosen in the panel."""

    tab: str = "jog"
    frame: str = "joint"
    step: str = HOLD
    axis: int = 0
    """The axis that keys jog."""
    points_top: int = 0
    """Number of the first point that is shown."""
    code_top: int | None = None
    """Number of the first line that is shown; None follows the pointer."""
    name: str | None = None
    """What is being typed as the name of a new point."""
    percent: int | None = None
    """The speed override while it is dragged."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that a panel shows."""

    language: str
    size: tuple[float, float]
    """Width and height, in units."""
    titles: Sequence[Texts] = ()
    chosen: int = 0
    robotless: bool = False
    """Whether it is known that there is no robot."""
    seen: Seen | None = None
    may: bool = False
    connected: bool = True
    said: str = ""
    """Why the last command was not carried out."""
    one_hand: bool = False
    enabling: bool = False
    """Whether this window holds the enabling switch."""
    choice: Choice = field(default_factory=Choice)

    def say(self, key: str, **values: object) -> str:
        """Return a text of the catalogue."""
        return message(key, self.language, **values)

    def text(self, texts: Texts | None) -> str:
        """Return the text of this language."""
        if not texts:
            return ""
        return texts.get("zh" if self.language.startswith("zh") else "en", "")

    @property
    def manual(self) -> bool:
        """Whether the robot is in manual mode."""
        return self.seen is not None and self.seen.robot.mode == "manual"

    @property
    def can_move(self) -> bool:
        """Whether a button that moves the arm makes sense now."""
        if self.seen is None or not self.may or not self.manual:
            return False
        robot = self.seen.robot
        held = self.one_hand or self.enabling or robot.enabling
        return robot.motors and robot.fault is None and held


def axes_of(robot: RobotSeen, frame: str) -> tuple[int, ...]:
    """Return the numbers of the axes that can be jogged in a frame."""
    if frame == "joint":
        return tuple(range(len(robot.joints)))
    return FEW if len(robot.joints) == len(FEW) else tuple(range(len(CARTESIAN)))


def step_of(robot: RobotSeen, frame: str, axis: int, step: str) -> float:
    """Return a step as the twin takes it: degrees for a turn, m for a way."""
    slides = robot.joints[axis].kind == "slide" if frame == "joint" else axis < 3
    return MILLIMETRES[int(step)] / 1000.0 if slides else DEGREES[int(step)]


def step_text(robot: RobotSeen | None, frame: str, step: str) -> str:
    """Return the name of a step's size."""
    degrees, way = f"{DEGREES[int(step)]:g}°", f"{MILLIMETRES[int(step)]:g} mm"
    if frame == "joint" and (robot is None or all(j.kind == "turn" for j in robot.joints)):
        return degrees
    return f"{way} {degrees}"


def joint_text(joint: JointSeen) -> str:
    """Return where a joint is."""
    if joint.kind == "slide":
        return f"{tidy(joint.value * 1000.0, 1)} mm"
    return f"{tidy(joint.value, 2)}°"


def tidy(value: float, places: int) -> str:
    """Return a number with a real minus, and without one before zero."""
    text = f"{value:.{places}f}"
    if not text.strip("-0."):
        text = text.removeprefix("-")
    return text.replace("-", "−")
