"""Points, files and what the panel of a robot says, as a student meets them in a real browser."""

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
PROGRAM = "pilotrobot.state.program"
TOOLED = """MODULE work
  PERS tooldata cup:=[TRUE,[[0,0,140],[1,0,0,0]],[0.5,[0,0,1],[1,0,0,0],0,0,0]];
  CONST robtarget here:=[[480,0,630],[0,0,1,0],[0,0,0,0],[9E9,9E9,9E9,9E9,9E9,9E9]];
  VAR num d;
  PROC main()
    WaitDI di_go,1;
    d:=1/d;
    MoveJ here,v100,fine,cup;
  ENDPROC
ENDMODULE
"""
WAITS, DIVIDES = 6, 7


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
    assert page.trouble == []
    assert page.foreign == []
    page.close()


def shown(page: Page, selector: str) -> "sync_api.Locator":
    return page.page.locator(selector).locator("visible=true")


def tell(page: Page, verb: str, args: str) -> None:
    page.ask(f"pilotrobot.act('{verb}', {args})")


def load(page: Page, text: str) -> None:
    page.page.evaluate("(text) => pilotrobot.act('rapid_load', { text })", text)
    page.page.wait_for_function("(text) => pilotrobot.state.program.text === text", arg=text)


def teach(page: Page, name: str) -> None:
    page.page.locator('[data-robot="point_name"]').fill(name)
    page.click('[data-robot="teach"]')


def told(page: Page, text: str) -> None:
    page.page.locator(".q-notification", has_text=text).first.wait_for()


def choose(page: Page, point: str, what: str) -> None:
    page.click(f'[data-point-menu="{point}"]')
    shown(page, f'[data-point-act="{what}"]').click()


def test_points_are_taught_once_renamed_deleted_and_taken_back(student: Page) -> None:
    page = student.page
    name = page.locator('[data-robot="point_name"]')
    teach(student, "p1")
    page.wait_for_selector('[data-point-row="p1"]')
    student.wait("document.querySelector('[data-robot=point_name]').value === ''")

    # A name that is there is refused, and stays to be changed.
    kept = student.ask(f"{PROGRAM}.text")
    teach(student, "p1")
    told(student, "Overwrite")
    assert name.input_value() == "p1"
    teach(student, "2 bad name")
    told(student, "begins with a letter")
    assert name.input_value() == "2 bad name"
    assert student.ask(f"{PROGRAM}.text") == kept

    choose(student, "p1", "rename")
    new = page.locator('[data-robot="point_to"]')
    new.fill("home")
    new.press("Enter")
    page.wait_for_selector('[data-point-row="home"]')
    choose(student, "home", "delete")
    page.wait_for_selector('[data-point-row="home"]', state="detached")
    student.click('[data-robot="undo"]')
    page.wait_for_selector('[data-point-row="home"]')
    page.wait_for_selector('[data-robot="undo"]', state="detached")


def test_the_pendant_takes_the_tool_that_the_program_moves_with(student: Page) -> None:
    page = student.page
    load(student, TOOLED)
    student.wait(f"{ROBOT}.tool === 'cup'")
    page.wait_for_selector('[data-with="here"][data-other="false"] >> text=cup')
    assert shown(student, "[data-robot-bare]").count() == 0
    page.locator('[data-robot="tool"]').select_option("tool0")
    page.wait_for_selector("[data-robot-bare] >> text=cup")
    page.wait_for_selector('[data-with="here"][data-other="true"]')
    choose(student, "here", "delete")
    told(student, "line 8")
    page.locator('[data-robot="tool"]').select_option("cup")


def test_it_says_what_the_program_waits_for_why_it_stands_and_goes_on_after_an_error(
    student: Page,
) -> None:
    page = student.page
    load(student, TOOLED)
    student.click('[data-tab="rapid"]')
    page.wait_for_selector("[data-rapid-mode] >> text=Loaded")
    tell(student, "mode", "{ mode: 'auto' }")
    tell(student, "motors", "{ on: true }")
    student.wait(f"{ROBOT}.ready")
    student.click('[data-rapid="run"]')
    student.click('[data-tab="robot"]')
    page.wait_for_selector(f"[data-robot-hint] >> text=Line {WAITS} waits until this is so")
    page.wait_for_selector("[data-robot-state] >> text=Program runs")
    student.click('[data-tab="rapid"]')
    student.click('[data-rapid="stop"]')
    page.wait_for_selector("[data-rapid-mode] >> text=Stopped by Stop")

    # Past the wait, over the division by nothing: that can be tried again once it is put right.
    tell(student, "rapid_pointer", f"{{ line: {DIVIDES} }}")
    page.wait_for_selector(f"[data-rapid-mode] >> text=Pointer set to line {DIVIDES}")
    student.click('[data-rapid="step"]')
    page.wait_for_selector("[data-rapid-error]")
    page.wait_for_selector(f"[data-rapid-why] >> text=tries line {DIVIDES} again")
    head = shown(student, "[data-rapid-problems] .problems-head")
    assert head.get_attribute("data-grade") == "none"
    tell(student, "rapid_write", "{ name: 'd', value: 2 }")
    student.click('[data-rapid="step"]')
    page.wait_for_selector("[data-rapid-mode] >> text=One statement done")
    student.wait(f"{PROGRAM}.variables.find(({{ name }}) => name === 'd').value === '0.5'")
    page.wait_for_selector("[data-rapid-error]", state="detached")

    load(student, "MODULE work\n  PROC main()\n  ENDPROC\nENDMODULE\n")
    page.wait_for_selector("[data-rapid-mode] >> text=main is empty")
    student.click('[data-tab="robot"]')
    page.wait_for_selector('.pendant-motors[data-on="true"] >> text=Motors on')
    assert page.locator('[data-robot="motors"]').inner_text() == "Switch off"


def test_a_program_is_kept_as_a_file_and_comes_back(student: Page, tmp_path: Path) -> None:
    page = student.page
    load(student, TOOLED)
    student.click('[data-tab="rapid"]')
    page.wait_for_selector("[data-rapid-editor] >> text=tooldata")
    shown(student, '[data-act="file"]').click()
    with page.expect_download() as saving:
        shown(student, '[data-act="save_file"]').click()
    assert saving.value.suggested_filename == "arm.mod"
    file = tmp_path / "arm.mod"
    saving.value.save_as(file)
    assert file.read_text(encoding="utf-8") == TOOLED

    # The line's own program comes into the editor, and then that of the file.
    editor = page.locator("[data-rapid-editor] .cm-content")
    shown(student, '[data-act="file"]').click()
    shown(student, '[data-act="reference"]').click()
    page.wait_for_selector("[data-rapid-changed]")
    assert 'TPWrite "ready";' in editor.inner_text()
    shown(student, '[data-act="file"]').click()
    with page.expect_file_chooser() as opening:
        shown(student, '[data-act="open_file"]').click()
    file.write_text(TOOLED.replace("v100", "v50").replace("\n", "\r\n"), encoding="utf-8")
    opening.value.set_files(file)
    page.wait_for_selector("[data-rapid-editor] >> text=v50")
    student.click('[data-rapid="load"]')
    student.wait(f"{PROGRAM}.text === {TOOLED.replace('v100', 'v50')!r}")


def test_another_language_keeps_what_was_open_chosen_and_written(student: Page) -> None:
    page = student.page
    load(student, TOOLED)
    student.click('[data-tab="rapid"]')
    page.wait_for_selector("[data-rapid-editor] >> text=tooldata")
    page.locator("[data-rapid-editor] .cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("! mine\n")
    page.wait_for_selector("[data-rapid-changed]")
    student.click('[data-tab="incidents"]')
    student.ask("pilotline.lookAt('lab__arm', [1, 1, 1])")
    student.ask("pilotcell.choose('fixture')")
    stood = student.ask("pilotline.eye.position")
    student.click('[data-act="language"]')
    student.wait(f"document.documentElement.lang.startsWith('zh') && {READY}")
    page.wait_for_selector('[data-tab="rapid"][aria-selected="true"]')
    page.wait_for_selector('[data-tab="incidents"][aria-selected="true"]')
    page.wait_for_selector("[data-rapid-editor] >> text=mine")
    student.wait("pilotcell.chosen === 'fixture'")
    assert student.ask("pilotline.eye.position") == pytest.approx(stood)


def test_an_axis_at_its_end_says_so_and_nothing_is_less_than_nought(student: Page) -> None:
    page = student.page
    student.click('[data-mode="manual"]')
    student.wait(f"{ROBOT}.mode === 'manual'")
    if student.ask(f"{ROBOT}.motors") is False:
        student.click('[data-robot="motors"]')
    student.wait(f"{ROBOT}.motors")
    page.keyboard.down("Space")
    student.wait(f"{ROBOT}.ready")
    tell(student, "move_to", "{ joints: '0 0 0 0 90 -0.001' }")
    student.wait(f"Math.abs({ROBOT}.joints[5].value + 0.001) < 1e-6 && !{ROBOT}.moving")
    page.wait_for_selector('[data-value="j6"] >> text="0.00°"')
    high = student.ask(f"{ROBOT}.joints[5].high")
    tell(student, "move_to", f"{{ joints: '0 0 0 0 90 {high}' }}")
    student.wait(f"Math.abs({ROBOT}.joints[5].value - {high}) < 1e-6 && !{ROBOT}.moving")
    page.wait_for_selector(f"[data-robot-limit] >> text=axis 6 reached: {high:.0f}°")
    tell(student, "move_to", "{ joints: '0 0 0 0 90 0' }")
    page.wait_for_selector("[data-robot-limit]", state="detached")
    page.keyboard.up("Space")
