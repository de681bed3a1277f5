"""The panel of a robot, as a student uses it, in a real browser."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from .lab_browser import Page, Server, chromium, start_server

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")

pytestmark = [pytest.mark.needs_browser, pytest.mark.timeout(300)]

LINE = Path(__file__).with_name("robot_cell.yaml")
BATTERY = Path(__file__).parents[2] / "config" / "lines" / "battery_cell.yaml"
PAGE = "run/lab/cell/lab"
READY = "window.pilotrobot && pilotrobot.state && pilotline.connected"
ROBOT = "pilotrobot.state.robot"
BODY = """    MoveJ p10, v200, fine, tool0;
    MoveJ p20, v200, z10, tool0;
    MoveL p30, v200, fine, tool0;
    TPWrite "there";
    MoveAbsJ [[70,0,0,0,90,0],[9E9,9E9,9E9,9E9,9E9,9E9]], v200, fine, tool0;
"""
ENDLESS = """MODULE work
  PROC main()
    WHILE TRUE DO
      WaitTime 0.1;
    ENDWHILE
  ENDPROC
ENDMODULE
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = start_server(LINE, "out")
    yield started
    started.stop()


@pytest.fixture
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
    """Manual, without a fault, motors on: as often as it is needed."""
    page.click('[data-mode="manual"]')
    page.wait(f"{ROBOT}.mode === 'manual'")
    if page.ask(f"{ROBOT}.fault"):
        page.click('[data-robot="reset"]')
        page.wait(f"!{ROBOT}.fault")
    if page.ask(f"{ROBOT}.motors") is False:
        page.click('[data-robot="motors"]')
        page.wait(f"{ROBOT}.motors")


@contextmanager
def switch(page: Page) -> Iterator[None]:
    """Hold the enabling switch with the left hand: the Space bar."""
    page.page.keyboard.down("Space")
    page.wait(f"{ROBOT}.ready")
    yield
    page.page.keyboard.up("Space")
    page.wait(f"!{ROBOT}.enabling")


def press(page: Page, selector: str) -> None:
    page.page.locator(selector).hover()
    page.page.mouse.down()


def jogs(page: Page, button: str) -> None:
    """Press a jog button, and wait until the arm moves."""
    press(page, f'[data-jog="{button}"]')
    page.wait(f"{ROBOT}.doing === 'jog' && {ROBOT}.enabling")


def held(page: Page, button: str, until: str) -> None:
    """Hold the switch and a jog button until something is so, and let them go."""
    with switch(page):
        press(page, f'[data-jog="{button}"]')
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
    assert "Fixture" in fault.inner_text()
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
    student.page.set_viewport_size({"width": 1280, "height": 720})
    student.wait("innerHeight === 720 && document.documentElement.scrollHeight <= 720")
    assert student.ask("document.documentElement.scrollWidth <= innerWidth") is True
    for selector in ('[data-jog="j6+"]', '[data-robot="teach"]', ".line-view canvas"):
        box = student.page.locator(selector).first.bounding_box()
        assert box is not None, selector
        assert box["x"] + box["width"] <= 1280, selector
        assert box["y"] + min(box["height"], 60) <= 720, selector


def test_the_arm_stops_when_the_page_is_left_while_it_is_jogged(
    browser: "sync_api.Browser", server: Server, student: Page
) -> None:
    other = Page(browser, server.link("operator", PAGE), size=(1280, 800))
    other.wait(READY)
    hand_on(other)
    other.page.keyboard.down("Space")
    jogs(other, "j6+")
    other.close()
    student.wait(f"{ROBOT}.moving === false && {ROBOT}.enabling === false")


def let_space_go(page: Page) -> None:
    page.page.keyboard.up("Space")


def lose_the_window(page: Page) -> None:
    page.ask("window.dispatchEvent(new Event('blur'))")


def hide_the_tab(page: Page) -> None:
    page.ask(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true }),"
        " document.dispatchEvent(new Event('visibilitychange')), delete document.hidden"
    )


@pytest.mark.parametrize("happens", [let_space_go, lose_the_window, hide_the_tab])
def test_the_arm_stops_when_the_enabling_switch_is_let_go(
    student: Page, happens: Callable[[Page], None]
) -> None:
    hand_on(student)
    assert student.page.locator('[data-jog="j6+"]').is_disabled()
    student.page.keyboard.down("Space")
    student.wait(f"{ROBOT}.ready")
    jogs(student, "j6+")
    happens(student)
    student.wait(f"!{ROBOT}.moving && !{ROBOT}.enabling && !{ROBOT}.doing")
    # The button is still down: that alone moves nothing.
    stood, seen = student.ask(joint(6)), student.ask(f"{ROBOT}.time_s")
    student.wait(f"{ROBOT}.time_s > {seen} + 0.5")
    assert student.ask(joint(6)) == stood
    student.page.mouse.up()
    student.page.keyboard.up("Space")
    held(student, "j6-", f"{joint(6)} < {stood} - 2")


def test_the_switch_itself_is_held_with_the_mouse_and_slips_away(student: Page) -> None:
    hand_on(student)
    press(student, '[data-robot="enabling"]')
    student.wait(f"{ROBOT}.ready")
    student.page.wait_for_selector('[data-robot="enabling"][data-held="true"]')
    student.page.mouse.move(400, 300)
    student.wait(f"!{ROBOT}.enabling")
    student.page.mouse.up()
    assert student.ask("pilotrobot.grip.oneHand") is False


def test_with_one_hand_the_buttons_hold_the_switch_along(student: Page) -> None:
    hand_on(student)
    student.click('[data-robot="enabling"]')
    student.page.wait_for_selector('[data-robot="enabling"][data-one-hand="true"]')
    assert student.ask(f"{ROBOT}.enabling") is False
    jogs(student, "j6+")
    student.page.mouse.up()
    student.wait(f"!{ROBOT}.moving && !{ROBOT}.enabling")

    # A step is done to its end, though the click is over before.
    stood = float(str(student.ask(joint(6))))
    student.page.locator('[data-robot="step"]').select_option("3")
    student.click('[data-jog="j6-"]')
    student.wait(f"Math.abs({joint(6)} - {stood - 10}) < 1e-6 && !{ROBOT}.enabling")
    student.page.locator('[data-robot="step"]').select_option("hold")

    student.click('[data-mode="auto"]')
    student.page.wait_for_selector('[data-robot="enabling"][data-one-hand="false"]')
    assert student.page.locator('[data-robot="enabling"]').is_disabled()


def test_a_hand_that_is_not_heard_of_any_more_is_taken_for_gone(student: Page) -> None:
    hand_on(student)
    with switch(student):
        jogs(student, "j6+")
        # The page hangs, or the line is cut, and nobody says so.
        student.ask("pilotrobot.grip.say = () => undefined")
        student.wait(f"!{ROBOT}.moving && !{ROBOT}.enabling")
        student.page.mouse.up()


def test_space_writes_where_somebody_writes(student: Page) -> None:
    hand_on(student)
    name = student.page.locator('[data-robot="point_name"]')
    name.click()
    student.page.keyboard.press("Space")
    assert name.input_value() == " "
    tab(student, "RAPID")
    student.page.locator("[data-rapid-editor] .cm-content").click()
    student.page.keyboard.down("Space")
    assert student.ask("pilotrobot.grip.held") is False
    student.page.keyboard.up("Space")
    student.click('[data-rapid="revert"]')


def test_by_hand_a_program_runs_while_the_button_is_held(student: Page) -> None:
    hand_on(student)
    tab(student, "RAPID")
    student.page.locator("[data-rapid-editor] .cm-content").click()
    student.page.keyboard.press("Control+A")
    student.page.keyboard.insert_text(ENDLESS)
    student.click('[data-rapid="load"]')
    student.wait("pilotrobot.state.program.text.includes('WHILE')")
    assert student.page.locator('[data-rapid="run"]').is_disabled()
    student.click('[data-robot="enabling"] >> visible=true')
    press(student, '[data-rapid="run"]')
    student.page.wait_for_selector('[data-rapid-mode="run"]')
    assert student.ask(f"{ROBOT}.enabling") is True
    student.page.mouse.up()
    student.page.wait_for_selector('[data-rapid-mode="stopped"]')
    student.wait(f"!{ROBOT}.enabling")


def test_a_page_that_is_opened_in_mid_run_shows_where_the_tool_has_been(
    browser: "sync_api.Browser", server: Server, student: Page
) -> None:
    hand_on(student)
    stood = float(str(student.ask(joint(1))))
    held(student, "j1-", f"{joint(1)} < {stood - 8}")
    student.click('[data-mode="auto"]')
    api = f"{server.url}api/v1/runs/lab"
    rights = {"Authorization": f"Bearer {server.tokens['operator']}"}
    httpx.post(f"{api}/pause", headers=rights).raise_for_status()
    try:
        now = httpx.get(f"{api}/robots/lab/arm").json()["robot"]["time_s"]
        late = Page(browser, f"{server.url}{PAGE}", size=(1280, 800))
        late.wait(f"pilotline.sight().points > 5 && pilotline.sight().first_s < {now} - 0.5")
        assert late.ask("pilotline.sight().trace") is True
        late.close()
    finally:
        httpx.post(f"{api}/start", headers=rights).raise_for_status()


def test_one_of_two_robots_is_chosen_and_moves_alone(browser: "sync_api.Browser") -> None:
    server = start_server(BATTERY, "out")
    try:
        page = Page(browser, server.link("operator", "run/lab/cell/modules"), size=(1280, 800))
        page.wait(READY)
        assert page.ask(f"{ROBOT}.id") == "r1"
        page.click('[data-choose="r2"]')
        page.wait("pilotrobot.state && pilotrobot.state.robot.id === 'r2'")
        page.wait("pilotline.sight().robot === 'r2'")
        hand_on(page)
        stands = page.ask("pilotline.joint('modules/r1/j6') ?? 0")
        held(page, "j6+", f"{joint(6)} > 5")
        page.wait("pilotline.joint('modules/r2/j6') > 0.08")
        assert page.ask("pilotline.joint('modules/r1/j6') ?? 0") == stands

        # Who turns to the other robot has let go of this one's switch.
        page.page.keyboard.down("Space")
        page.wait(f"{ROBOT}.enabling")
        page.click('[data-choose="r1"]')
        page.wait("pilotrobot.state && pilotrobot.state.robot.id === 'r1'")
        assert page.ask(f"{ROBOT}.mode") == "auto"
        other = "(await (await fetch(pilotrobot.all[1].base)).json()).robot.enabling"
        page.wait(f"(async () => {other} === false)()")
        page.page.keyboard.up("Space")

        # The other tab speaks of the same robot.
        tab(page, "RAPID")
        page.page.wait_for_selector('[data-choose="r1"][aria-pressed="true"] >> visible=true')
        assert page.trouble == []
    finally:
        server.stop()


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


def test_a_program_is_typed_without_a_fight_with_the_suggestions(student: Page) -> None:
    tab(student, "RAPID")
    editor = student.page.locator("[data-rapid-editor] .cm-content")
    editor.click()
    student.page.keyboard.press("Control+A")
    typed = ("MODULE m", "PROC main()", "mov", "p1, v5", "ENDPROC", "ENDMODULE", "")
    for line in typed:
        student.page.keyboard.type(line, delay=20)
        if line == "mov":
            # A word that is not written out yet is completed, as it is written in RAPID.
            student.page.wait_for_selector(".cm-tooltip-autocomplete >> text=MoveJ")
            student.page.keyboard.press("Escape")
        student.page.keyboard.press("Enter")
    lines = editor.inner_text().split("\n")
    assert [line.strip() for line in lines if line.strip()] == [line for line in typed if line]
    unit = lines[1].index("PROC")
    assert unit > 0
    assert lines[2].index("mov") == 2 * unit
    assert lines[4].startswith(" " * unit + "ENDPROC")
    assert lines[5] == "ENDMODULE"
    student.click('[data-rapid="revert"]')


def test_space_is_the_switch_right_after_the_tab_was_clicked(student: Page) -> None:
    hand_on(student)
    tab(student, "RAPID")
    student.page.wait_for_selector('[data-rapid="run"] >> visible=true')
    tab(student, "Robot")
    student.page.wait_for_selector('[data-jog="j6+"] >> visible=true')
    with switch(student):
        jogs(student, "j6+")
        student.page.mouse.up()
