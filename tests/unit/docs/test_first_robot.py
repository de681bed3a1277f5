"""The robot tutorial's programs do what the tutorial says, step by step, at the robot bench."""

import re
from typing import Any

import pytest

pytest.importorskip("pinocchio")

from twin.control.line import build
from twin.kernel.command import Command
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.spec import load_line

from .pages import DOCS, blocks

PAGES = {
    "en": DOCS / "tutorial" / "first-robot.md",
    "zh": DOCS / "tutorial" / "first-robot.zh-CN.md",
}
FIRST, DIRECT, OVER, CARRY = (
    block.text for block in blocks(PAGES["en"]) if block.language == "rapid"
)
PLACES = re.compile(r"x ([−\d]+),\s*y ([−\d]+),\s*z ([−\d]+)")
POINTS = ("above", "pick", "place", "over")
HIGH = (0.0, 500.0, 450.0)
"""Over the end stop, from where the way to the block is free, mm."""


class Student:
    """Somebody at the pendant of the robot bench."""

    def __init__(self) -> None:
        spec = load_line("robot_bench")
        self.run = Runner(build(spec), Header(spec.document()))
        self.cell = self.run.plant.assets["bench"]
        self.robot = self.cell.world.bodies["robot"]
        self.wait(12)

    def do(self, verb: str, target: str = "bench/robot", **args: object) -> None:
        self.run.apply(Command(verb, target, args, "student"))

    def wait(self, seconds: float) -> None:
        self.run.run_until(self.run.time_s + seconds)

    def press(self, button: str) -> None:
        rest = button in ("stop", "estop")
        self.do("write", f"bench/panel_{button}", value=not rest)
        self.wait(0.3)
        self.do("write", f"bench/panel_{button}", value=rest)
        self.wait(0.3)

    def by_hand(self) -> None:
        self.do("mode", mode="manual")
        self.do("motors", on=True)
        self.do("tool", name="cup")
        self.do("enabling", on=True)

    def let_go(self) -> None:
        self.do("enabling", on=False)
        self.do("mode", mode="auto")

    def lead(self, axes: str, *place: float) -> None:
        """Lead the tip of the cup somewhere, mm from the foot, along one axis after the other."""
        goals = dict(zip("xyz", place, strict=True))
        for axis in axes:
            index = "xyz".index(axis)
            far = goals[axis] / 1000.0 - self.tip[index]
            self.do("jog_step", frame="wobj", axis=index, by=far)
            self.wait(abs(far) / 0.1 + 3.0)
            assert self.tip[index] == pytest.approx(goals[axis] / 1000.0, abs=1e-4)

    @property
    def tip(self) -> tuple[float, ...]:
        """Where the tip of the cup is, m from the foot."""
        x, y, z = self.robot.mover.tip(self.robot.pendant.tool).place
        return x, y, z - 0.6

    def load(self, main: str) -> None:
        """Put a procedure `main` in the place of the one that is there."""
        text = self.robot.program.source
        whole = re.sub(r" *PROC main\(\).*?ENDPROC\n", lambda _: main, text, flags=re.DOTALL)
        self.do("rapid_load", text=whole)

    @property
    def status(self) -> dict[str, Any]:
        return dict(self.robot.program.status())

    @property
    def causes(self) -> list[str]:
        return [incident.cause for incident in self.cell.world.incidents]


def places(language: str) -> list[tuple[float, ...]]:
    """Return where the page says that the points are, mm."""
    text = PAGES[language].read_text("utf-8")
    return [tuple(float(n.replace("−", "-")) for n in found) for found in PLACES.findall(text)]


@pytest.fixture(scope="module")
def lesson() -> Student:
    """Three points have been taught by hand."""
    student = Student()
    student.by_hand()
    student.do("rapid_load", text=FIRST)
    return student


def test_both_pages_say_the_same_places() -> None:
    assert places("en") == places("zh")
    assert len(places("en")) == len(POINTS)


def test_the_lesson(lesson: Student) -> None:
    """One after the other: teach, run to the breakpoint, meet the post, go over it, carry."""
    where = dict(zip(POINTS, places("en"), strict=True))
    assert lesson.status["mode"] == "ready"
    lesson.lead("yxz", *where["above"])
    lesson.do("teach", name="above")
    lesson.lead("z", *where["pick"])
    lesson.do("teach", name="pick")
    lesson.do("move_to", point="above")
    lesson.wait(10)
    assert lesson.tip == pytest.approx([each / 1000.0 for each in where["above"]], abs=1e-4)
    x, y, z = where["place"]
    lesson.lead("zxy", x, y, 450.0)
    lesson.lead("z", x, y, z)
    lesson.do("teach", name="place")
    lesson.lead("z", x, y, 450.0)
    lesson.lead("yxz", *HIGH)
    assert not lesson.causes

    lesson.load(DIRECT)
    before = lesson.robot.program.source.partition("MoveJ place")[0]
    line = 1 + before.count("\n")
    lesson.do("rapid_break", line=line)
    lesson.let_go()
    lesson.do("motors", on=True)
    lesson.do("rapid_run", cycle="single")
    lesson.wait(20)
    assert lesson.status["mode"] == "stopped"
    assert lesson.status["line"] == line
    assert not lesson.causes

    lesson.do("rapid_run", cycle="single")
    lesson.wait(20)
    assert lesson.causes == ["incident.robot_stop"]
    (stop,) = lesson.cell.world.incidents
    assert stop.values["other"] == "post"
    assert stop.values["gap_mm"] > 0.0

    lesson.do("reset")
    lesson.by_hand()
    lesson.lead("zxy", *where["over"])
    lesson.do("teach", name="over")
    lesson.lead("zyx", *HIGH)
    (line,) = lesson.status["breakpoints"]
    lesson.do("rapid_break", line=line, on=False)
    lesson.load(OVER)
    lesson.do("rapid_main")
    lesson.let_go()
    lesson.do("motors", on=True)
    lesson.do("rapid_run", cycle="single")
    lesson.wait(30)
    assert lesson.status["mode"] != "error", lesson.status["error"]
    assert lesson.causes == ["incident.robot_stop"]
    assert lesson.tip == pytest.approx([each / 1000.0 for each in where["place"]], abs=2e-3)


def test_it_carries_blocks_for_ten_minutes(lesson: Student) -> None:
    lesson.by_hand()
    lesson.lead("zyx", *HIGH)
    lesson.load(CARRY)
    lesson.do("rapid_main")
    lesson.let_go()
    lesson.press("start")
    before = lesson.cell.made
    lesson.wait(600)
    assert lesson.status["mode"] == "run", lesson.status["error"]
    assert lesson.cell.made - before > 40
    assert lesson.causes == ["incident.robot_stop"]


def test_start_does_not_go_on_behind_a_breakpoint(lesson: Student) -> None:
    before = lesson.robot.program.source.partition("WaitDI free")[0]
    line = 1 + before.count("\n")
    lesson.do("rapid_break", line=line)
    lesson.wait(60)
    assert (lesson.status["mode"], lesson.status["line"]) == ("stopped", line)
    lesson.press("start")
    lesson.wait(1)
    assert lesson.status["mode"] == "run"
    lesson.wait(60)
    assert (lesson.status["mode"], lesson.status["line"]) == ("stopped", line)
