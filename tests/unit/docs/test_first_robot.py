"""The robot tutorial's programs do what the tutorial says, step by step, at the robot bench."""

import re
from math import degrees, radians
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
HIGH = (0.0, 500.0, 450.0)
"""Over the end stop, from where the way to the block is free, mm."""
POINTS = ("above", "pick", "place", "over")
POSTURE_DEG = {
    "above": (90, 0, 0, 0, 90, -90), "pick": (90, 0, 0, 0, 90, -90),
    "place": (-34, 0, 0, 0, 90, -214), "over": (11, 0, 0, 0, 90, -169),
}  # fmt: skip
"""Roughly how the arm stands there when it is led about in the frame of the world."""


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

    def lead(self, place: tuple[float, ...], like: str) -> None:
        """Lead the tip of the cup somewhere, as with the jog buttons, turned as at a point."""
        from twin.plant.robot.placement import Placement

        x, y, z = (each / 1000.0 for each in place)
        near = [radians(each) for each in POSTURE_DEG[like]]
        tip = Placement(x, y, z, 0.0, 1.0, 0.0, 0.0)
        flange = tip.then(Placement(0.0, 0.0, 0.1).inverse())
        joints = self.robot.arm.inverse(flange, near)[0]
        self.do("move_to", joints=[degrees(each) for each in joints])
        self.wait(20)

    def teach(self, place: tuple[float, ...], name: str) -> None:
        self.lead(place, name)
        self.do("teach", name=name)

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
    # From the block to the outgoing belt he leads it round the post, close to the foot.
    for name in ("above", "pick"):
        lesson.teach(where[name], name)
    lesson.lead(HIGH, "above")
    lesson.lead((600.0, -400.0, 450.0), "place")
    lesson.teach(where["place"], "place")
    lesson.lead((600.0, -400.0, 450.0), "place")
    lesson.lead(where["above"], "above")
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
    lesson.do("jog_step", frame="world", axis=2, by=0.25)
    lesson.wait(20)
    lesson.teach(where["over"], "over")
    lesson.lead(HIGH, "above")
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
    x, y, z = lesson.robot.mover.tip(lesson.robot.pendant.tool).place
    assert (x, y, z - 0.6) == pytest.approx([each / 1000.0 for each in where["place"]], abs=2e-3)


def test_it_carries_blocks_for_ten_minutes(lesson: Student) -> None:
    lesson.by_hand()
    lesson.do("jog_step", frame="world", axis=2, by=0.25)
    lesson.wait(20)
    lesson.lead(HIGH, "above")
    lesson.load(CARRY)
    lesson.do("rapid_main")
    lesson.let_go()
    lesson.press("start")
    before = lesson.cell.made
    lesson.wait(600)
    assert lesson.status["mode"] == "run", lesson.status["error"]
    assert lesson.cell.made - before > 40
    assert lesson.causes == ["incident.robot_stop"]
