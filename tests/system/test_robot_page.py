"""The panel of a robot, as a student uses it, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .lab_browser import Page, Server, chromium, start_server

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")

pytestmark = [pytest.mark.needs_browser, pytest.mark.timeout(300)]

LINE = Path(__file__).with_name("robot_cell.yaml")
PAGE = "run/lab/cell/lab"
READY = "window.pilotrobot && pilotrobot.state && pilotline.connected"
ROBOT = "pilotrobot.state.robot"
BODY = """    MoveJ p10, v200, fine, tool0;
    MoveJ p20, v200, z10, tool0;
    MoveL p30, v200, fine, tool0;
    TPWrite "there";
    MoveAbsJ [[70,0,0,0,90,0],[9E9,9E9,9E9,9E9,9E9,9E9]], v200, fine, tool0;
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = start_server(LINE, "out")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def student(browser: "sync_api.Browser", server: Server) -> Iterator[Page]:
    page = Page(browser, server.link("operator", PAGE), size=(1280, 800))
    page.wait(READY)
    yield page
    page.close()


def tab(page: Page, name: str) -> None:
    page.click(f'[role="tab"]:has-text("{name}")')


def hand_on(page: Page) -> None:
    """Manual, motors on, enabling switch held: as often as it is needed."""
    page.click('[data-mode="manual"]')
    page.wait(f"{ROBOT}.mode === 'manual'")
    if page.ask(f"{ROBOT}.motors") is False:
        page.click('[data-robot="motors"]')
        page.wait(f"{ROBOT}.motors")
    if page.ask(f"{ROBOT}.enabling") is False:
        page.click('[data-robot="enabling"]')
    page.wait(f"{ROBOT}.ready")


def held(page: Page, button: str, until: str) -> None:
    """Hold a jog button until something is so, and let it go."""
    page.page.locator(f'[data-jog="{button}"]').hover()
    page.page.mouse.down()
    page.wait(until)
    page.page.mouse.up()
    page.wait(f"!{ROBOT}.moving")


def joint(number: int) -> str:
    return f"{ROBOT}.joints[{number - 1}].value"


def text(page: Page) -> str:
    return str(page.ask("pilotrobot.state.program.text"))


def test_a_student_jogs_teaches_programs_runs_and_meets_the_fixture(  # noqa: PLR0915 - one lesson
    student: Page,
) -> None:
    page = student.page
    assert page.locator('[data-jog="j1+"]').is_disabled()
    hand_on(student)

    # A button moves the arm while it is held, and no longer.
    held(student, "j1-", f"{joint(1)} < -12")
    stood = student.ask(joint(1))
    seen = student.ask("pilotline.time_s")
    student.wait(f"pilotline.time_s > {seen} + 0.5 && pilotrobot.state.robot.time_s > {seen} + 0.5")
    assert student.ask(joint(1)) == pytest.approx(stood)
    assert student.ask("pilotline.joint('lab/arm/j1') < -0.2") is True
    assert student.ask("pilotline.sight().trace") is True

    # Three points are taught, each somewhere else.
    for name, button, until in (
        ("p10", "j2+", f"{joint(2)} > 4"),
        ("p20", "j3-", f"{joint(3)} < -4"),
    ):
        held(student, button, until)
        page.locator('[data-robot="point_name"]').fill(name)
        student.click('[data-robot="teach"]')
        page.wait_for_selector(f'[data-point-row="{name}"]')
    student.click('[data-frame="world"]')
    high = student.ask(f"{ROBOT}.tip[2]")
    held(student, "z-", f"{ROBOT}.tip[2] < {high} - 0.03")
    page.locator('[data-robot="point_name"]').fill("p30")
    student.click('[data-robot="teach"]')
    page.wait_for_selector('[data-point-row="p30"]')
    assert text(student).count("robtarget") == 3

    # They go into a program; a misspelled one is marked at its line while it is written.
    tab(student, "RAPID")
    page.wait_for_selector("[data-rapid-editor] >> text=p30")
    whole = re.sub(r'    TPWrite "ready";\n', BODY, text(student))
    wrong = whole.replace("MoveL p30", "MoveL p31")
    editor = page.locator("[data-rapid-editor] .cm-content")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(wrong)
    number = wrong[: wrong.index("p31")].count("\n") + 1
    page.wait_for_selector(f'.problem[data-severity="error"][data-line="{number}"] >> text=p31')
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(whole)
    page.wait_for_selector('[data-rapid-problems="0"]')
    student.click('[data-rapid="load"]')
    student.wait("pilotrobot.state.program.text.includes('MoveAbsJ')")
    page.wait_for_selector("[data-rapid-changed]", state="detached")

    # A breakpoint before the last movement stops it there.
    line = whole[: whole.index("TPWrite")].count("\n") + 1
    gutter = page.locator(".rapid-gutter .cm-gutterElement").nth(line)
    gutter.click()
    student.wait(f"pilotrobot.state.program.breakpoints.includes({line})")

    tab(student, "Robot")
    student.click('[data-robot="enabling"]')
    student.click('[data-mode="auto"]')
    student.wait(f"{ROBOT}.mode === 'auto'")
    if student.ask(f"{ROBOT}.motors") is False:
        student.click('[data-robot="motors"]')
    student.wait(f"{ROBOT}.ready")
    tab(student, "RAPID")
    student.click('[data-rapid="run"]')
    page.wait_for_selector('[data-rapid-mode="run"]')
    page.wait_for_selector('[data-rapid-mode="stopped"]')
    assert student.ask("pilotrobot.state.program.line") == line
    page.wait_for_selector(".st-line-pointer >> text=there")
    assert abs(float(str(student.ask(f"{ROBOT}.tip[2]"))) - float(str(high))) > 0.02

    # On it goes, towards the fixture: the arm stops before it, and says why.
    student.click('[data-rapid="run"]')
    page.wait_for_selector("[data-rapid-messages] >> text=there")
    tab(student, "Robot")
    fault = page.locator("[data-robot-fault]")
    fault.wait_for()
    assert "fixture" in fault.inner_text()
    student.wait(f"!{ROBOT}.moving")
    near = student.ask(f"{ROBOT}.nearest")
    assert isinstance(near, dict)
    assert near["other"] == "fixture"
    assert 0.0 < near["distance_m"] < 0.1
    student.wait("pilotline.sight().reach === true")

    # It is acknowledged, and taken away by hand.
    student.click('[data-robot="reset"]')
    fault.wait_for(state="detached")
    hand_on(student)
    student.click('[data-frame="joint"]')
    stood = student.ask(joint(1))
    held(student, "j1-", f"{joint(1)} < {stood} - 5")
    assert student.trouble == []
    assert student.foreign == []


def test_the_page_fits_a_common_screen(student: Page) -> None:
    assert student.ask("document.documentElement.scrollHeight <= innerHeight") is True
    assert student.ask("document.documentElement.scrollWidth <= innerWidth") is True
    for selector in ('[data-jog="j6+"]', '[data-robot="teach"]', ".line-view canvas"):
        box = student.page.locator(selector).first.bounding_box()
        assert box is not None, selector
        assert box["x"] + box["width"] <= 1280, selector
        assert box["y"] + min(box["height"], 60) <= 800, selector


def test_the_arm_stops_when_the_page_is_left_while_it_is_jogged(
    browser: "sync_api.Browser", server: Server, student: Page
) -> None:
    other = Page(browser, server.link("operator", PAGE), size=(1280, 800))
    other.wait(READY)
    hand_on(other)
    other.page.locator('[data-jog="j6+"]').hover()
    other.page.mouse.down()
    other.wait(f"{ROBOT}.doing === 'jog'")
    other.close()
    student.wait(f"{ROBOT}.moving === false && {ROBOT}.enabling === false")


def test_who_only_looks_sees_everything_and_moves_nothing(
    browser: "sync_api.Browser", server: Server
) -> None:
    visitor = Page(browser, f"{server.url}{PAGE}", size=(1280, 800))
    try:
        visitor.wait(READY)
        for button in ('[data-mode="manual"]', '[data-robot="motors"]', '[data-jog="j1+"]'):
            assert visitor.page.locator(button).is_disabled(), button
        visitor.page.wait_for_selector('[data-value="j5"]')
    finally:
        visitor.close()


def test_the_panel_speaks_chinese(browser: "sync_api.Browser", server: Server) -> None:
    page = Page(browser, server.link("operator", PAGE), language="zh-CN", size=(1280, 800))
    try:
        page.wait(READY)
        page.page.wait_for_selector('[data-robot="enabling"] >> text=使能')
        english = page.ask(
            "document.querySelector('.pendant').innerText.match(/[A-Za-z]{4,} [a-z]{3,}/g)"
        )
        assert english in (None, []), english
    finally:
        page.close()
