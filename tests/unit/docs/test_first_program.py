"""The tutorial's programs do what the tutorial says, step by step, in the sorting cell."""

import re

import pytest

from twin.control.line import build
from twin.control.plc import variables_of
from twin.control.st import check_st
from twin.kernel.command import Command
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.spec import load_line
from twin.spec.messages import catalogue, message

from .pages import DOCS, blocks

PAGES = {
    "en": DOCS / "tutorial" / "first-program.md",
    "zh": DOCS / "tutorial" / "first-program.zh-CN.md",
}
BUTTON, MEMORY, GATE, PUSHERS = (
    block.text for block in blocks(PAGES["en"]) if block.language == "st"
)
MENDED = MEMORY.replace("running = FALSE", "running := FALSE")


class Student:
    """Somebody at the page of the sorting cell."""

    def __init__(self, text: str) -> None:
        spec = load_line("sorting_cell")
        self.run = Runner(build(spec), Header(spec.document()))
        self.cell = self.run.plant.assets["sorting"]
        self.do("load_program", text=text)

    def do(self, verb: str, point: str = "", **args: object) -> None:
        target = f"sorting/{point}" if point else "sorting"
        self.run.apply(Command(verb, target, args, "student"))

    def press(self, button: str) -> None:
        self.do("write", f"panel_{button}", value=button not in ("stop", "estop"))
        self.wait(0.3)
        if button != "estop":
            self.do("write", f"panel_{button}", value=button == "stop")
            self.wait(0.3)

    def wait(self, seconds: float) -> None:
        self.run.run_until(self.run.time_s + seconds)

    def __getitem__(self, point: str) -> object:
        return self.cell.points[point].value

    @property
    def causes(self) -> set[str]:
        return {incident.cause for incident in self.cell.world.incidents}


@pytest.mark.parametrize("text", [BUTTON, MENDED, GATE, PUSHERS])
def test_a_program_is_right_without_a_warning(text: str) -> None:
    assert check_st(text, variables_of(Student(BUTTON).cell.workcell_spec)) == ()


def test_the_belt_runs_while_the_button_is_held() -> None:
    student = Student(BUTTON)
    student.do("write", "panel_start", value=True)
    student.wait(0.1)
    assert student["infeed_run"]
    student.do("write", "panel_start", value=False)
    student.wait(0.1)
    assert not student["infeed_run"]


@pytest.mark.parametrize("language", PAGES)
def test_the_mistake_is_told_as_the_page_says(language: str) -> None:
    (found,) = check_st(MEMORY, variables_of(Student(BUTTON).cell.workcell_spec))
    assert found.line == 9
    assert found.text(language) in PAGES[language].read_text("utf-8")


def test_start_is_remembered_and_stop_is_heard() -> None:
    student = Student(MENDED)
    student.press("start")
    assert student["infeed_run"]
    student.press("stop")
    assert not student["infeed_run"]
    student.press("start")
    student.wait(30)
    assert student["s_stop"]
    assert not student["infeed_run"]
    student.do("force", "s_stop", value=False)
    student.wait(60)
    assert student["infeed_run"]
    student.do("release", "s_stop")
    student.wait(1)
    assert not student["infeed_run"]
    assert not student.causes


def test_the_emergency_stop_is_as_the_page_says() -> None:
    student = Student(MENDED)
    student.press("start")
    student.press("estop")
    assert not student["panel_power"]
    student.do("write", "panel_estop", value=True)
    student.wait(1)
    assert not student["panel_power"]
    student.press("reset")
    assert student["panel_power"]
    assert not student["infeed_run"]
    student.press("start")
    assert student["infeed_run"]


def test_without_pushers_low_blocks_leave_by_the_wrong_exit() -> None:
    student = Student(GATE)
    student.press("start")
    student.wait(300)
    assert student.cell.made > 30
    assert student.causes == {"incident.wrong_exit"}
    wrong = [i for i in student.cell.world.incidents if i.values["part"] == "red_low"]
    for language, page in PAGES.items():
        told = message(wrong[0].cause, language, **wrong[0].values)
        assert told in " ".join(page.read_text("utf-8").split())


def test_with_pushers_nothing_goes_wrong() -> None:
    student = Student(PUSHERS)
    student.press("start")
    student.wait(600)
    assert student.cell.controller.mode == "run"
    assert student.cell.made > 70
    assert not student.causes


@pytest.mark.parametrize("moment_s", [250.0, 253.5, 256.0])
def test_the_last_step_follows_on_the_one_before(moment_s: float) -> None:
    student = Student(GATE)
    student.press("start")
    student.wait(moment_s)
    student.press("stop")
    infeed, sorting = (student.cell.world.bodies[name] for name in ("infeed", "sortbelt"))
    on_the_way = [part.id for part, _ in sorting.parts()]
    on_the_way += [part.id for part in infeed.over(1.19, 1.3)]
    for number in on_the_way:
        student.do("remove", part=number)
    before = student.cell.world.incidents.count
    student.do("load_program", text=PUSHERS)
    student.press("start")
    student.wait(300)
    assert student.cell.world.incidents.count == before


@pytest.mark.parametrize(("text", "jams"), [(PUSHERS, False), ("", True)])
def test_a_full_chute_jams_whoever_does_not_look(text: str, *, jams: bool) -> None:
    student = Student(text or PUSHERS.replace(" AND NOT red_full", ""))
    student.press("start")
    student.run.apply(Command("stop", "pack_red", {}, "student"))
    student.wait(600)
    assert ("incident.target_full" in student.causes) == jams


def test_both_pages_show_the_same_blocks() -> None:
    english, chinese = PAGES.values()
    assert [block.text for block in blocks(english)] == [block.text for block in blocks(chinese)]
    assert english.read_text("utf-8").count("\n## ") == chinese.read_text("utf-8").count("\n## ")


@pytest.mark.parametrize("language", PAGES)
def test_the_words_in_bold_are_on_the_page_of_the_cell(language: str) -> None:
    words = {
        texts[language] for key, texts in catalogue().items() if key.startswith("cellpage.")
    } | {re.sub(r" \(.*", "", catalogue()["cellpage.made.title"][language])}
    text = PAGES[language].read_text("utf-8")
    general = {"operator panel", "操作面板"}
    for word in re.findall(r"\*\*([^*]+)\*\*", text):
        assert word in words | general, word
