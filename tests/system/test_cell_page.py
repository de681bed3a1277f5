"""The page of a workcell, as a student uses it, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from twin.spec import load_line

from .lab_browser import Page, Server, chromium, start_server

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [pytest.mark.needs_browser, pytest.mark.timeout(300)]

HERE = Path(__file__).parent
LINE = HERE.parent.parent / "config" / "lines" / "sorting_cell.yaml"
SMALL = HERE / "small_cell.yaml"
CELL = "sorting"
PAGE = f"run/lab/cell/{CELL}"
READY = "window.pilotcell && pilotcell.status && pilotline.connected"
PARTS = f"(pilotline.signals['{CELL}/made'] ?? [0])[0]"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = start_server(LINE, "rework")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with chromium() as opened:
        yield opened


def open_page(browser: "sync_api.Browser", server: Server, role: str = "operator") -> Page:
    page = Page(browser, server.link(role, PAGE), size=(1366, 768))
    page.wait(READY)
    return page


@pytest.fixture
def student(browser: "sync_api.Browser", server: Server) -> Iterator[Page]:
    page = open_page(browser, server)
    yield page
    page.close()


def tab(page: Page, name: str) -> None:
    page.click(f'[role="tab"]:has-text("{name}")')


def value(name: str) -> str:
    return f"(pilotline.signals['{CELL}/{name}'] ?? [])[0]"


def type_program(page: Page, text: str) -> None:
    """Put a text into the editor in place of what is there, as a person pastes it."""
    editor = page.page.locator("[data-editor] .cm-content")
    editor.click()
    page.page.keyboard.press("Control+A")
    page.page.keyboard.insert_text(text)


def source() -> str:
    program = load_line(LINE).assets[1].control.program  # type: ignore[union-attr]
    assert program is not None
    assert program.text is not None
    return program.text


def test_a_student_mends_a_program_forces_a_sensor_stops_in_need_and_sorts_ten_parts(
    student: Page,
) -> None:
    page = student.page
    lines = source().split("\n")
    number = next(n for n, text in enumerate(lines, 1) if text.startswith("panel_start_lamp"))
    faulty = "\n".join(
        text.replace("running", "runing") if n == number else text
        for n, text in enumerate(lines, 1)
    )

    # A misspelled variable is marked at its line while it is written, and not loaded.
    type_program(student, faulty)
    problem = page.locator(f'.problem[data-severity="error"][data-line="{number}"]')
    problem.wait_for()
    assert "running" in problem.inner_text()
    problem.click()
    page.wait_for_selector(".st-line-error >> text=runing")
    assert page.locator(".st-mark-error").count() >= 1
    student.click('[data-act="load"]')
    page.wait_for_selector(f".q-notification >> text={number}")

    # It is mended, loaded, and runs.
    type_program(student, source())
    page.wait_for_selector('[data-problems="0"] [data-grade="good"]')
    student.click('[data-act="load"]')
    page.wait_for_selector('[data-plc-mode][data-plc="run"]')
    student.click('[data-push="panel_start"]')
    page.wait_for_selector('[data-push="panel_start"][data-lit="true"]')
    student.wait(f"{value('infeed_run')} === true")

    # A forced sensor cannot be overlooked, and is let go.
    tab(student, "I/O")
    student.click('[data-point="red_full"] [data-force="1"]')
    page.wait_for_selector('tr.forced[data-point="red_full"]')
    page.wait_for_selector("[data-forced]")
    student.wait(f"{value('red_full')} === true")
    student.click('[data-act="release_all"]')
    page.wait_for_selector("[data-forced]", state="detached")
    student.wait(f"{value('red_full')} === false")

    # The emergency stop latches and takes the power, until it is turned and reset.
    student.click("[data-estop]")
    page.wait_for_selector('[data-estop][data-latched="true"]')
    page.wait_for_selector('[data-strip="power"][data-powered="false"]')
    student.wait(f"{value('infeed_run')} === false")
    student.click("[data-estop]")
    page.wait_for_selector('[data-estop][data-latched="false"]')
    assert page.locator('[data-strip="power"]').get_attribute("data-powered") == "false"
    student.click('[data-push="panel_reset"]')
    page.wait_for_selector('[data-strip="power"][data-powered="true"]')
    student.click('[data-push="panel_start"]')
    student.wait(f"{value('infeed_run')} === true")

    student.click('[data-rate="10"]')
    student.wait(f"{PARTS} >= 10")
    student.click('[data-rate="1"]')
    assert page.locator('[data-signal="sorting/made"]').inner_text().strip() not in {"", "0"}
    assert student.trouble == []
    assert student.foreign == []


def test_the_page_fits_a_common_screen(student: Page) -> None:
    assert student.ask("document.documentElement.scrollHeight <= innerHeight") is True
    assert student.ask("document.documentElement.scrollWidth <= innerWidth") is True
    for selector in (".line-view canvas", "[data-editor]", "[data-estop]", ".timing-chart"):
        box = student.page.locator(selector).first.bounding_box()
        assert box is not None, selector
        assert box["width"] > 40
        assert box["height"] > 40
        assert box["y"] + min(box["height"], 60) <= 768, selector


def test_a_button_is_held_by_the_keyboard_and_comes_up_when_let_go(student: Page) -> None:
    student.page.locator('[data-push="panel_stop"]').focus()
    student.page.keyboard.down(" ")
    student.wait(f"{value('panel_stop')} === false")
    student.page.wait_for_selector('[data-push="panel_stop"][data-down="true"]')
    student.page.keyboard.up(" ")
    student.wait(f"{value('panel_stop')} === true")


def test_the_plc_stops_steps_and_runs(student: Page) -> None:
    page = student.page
    student.click('[data-act="stop"]')
    page.wait_for_selector('[data-plc-mode][data-plc="stop"]')
    scans = student.ask("pilotcell.status.plc.scans")
    student.click('[data-act="scan"]')
    student.wait(f"pilotcell.status.plc.scans === {scans} + 1")
    student.click('[data-act="run"]')
    page.wait_for_selector('[data-plc-mode][data-plc="run"]')
    row = page.locator('[data-variable="main.red_count"] input')
    row.fill("41")
    row.press("Enter")
    student.wait("document.querySelector('[data-variable=\"main.red_count\"] input').value >= 41")


def test_a_number_is_forced_as_it_was_typed(student: Page) -> None:
    tab(student, "I/O")
    box = student.page.locator('[data-point="height"] .io-number')
    box.click()
    student.page.keyboard.type("8")
    # Meanwhile the server has answered, and the table was drawn anew.
    seen = student.ask("pilotcell.status.time_s")
    student.wait(f"pilotcell.status.time_s > {seen} + 1")
    student.page.keyboard.type("7.5")
    student.page.keyboard.press("Enter")
    student.page.wait_for_selector('tr.forced[data-point="height"]')
    student.wait(f"{value('height')} === 87.5")
    student.click('[data-point="height"] [data-release]')
    student.page.wait_for_selector('tr.forced[data-point="height"]', state="detached")


def test_the_timing_chart_has_the_exact_edges(student: Page, server: Server) -> None:
    tab(student, "Timing")
    student.click('[data-push="panel_reset"]')
    tab(student, "I/O")
    student.click('[data-point="panel_reset"] .io-chart')
    student.page.wait_for_selector('[data-row="panel_reset"]')
    edges = server.read(f"cells/{CELL}/trace?points=panel_reset")
    assert edges.count("true") >= 1
    student.page.locator(".timing-chart").first.click(position={"x": 200, "y": 10})
    student.wait("/A \\d+\\.\\d{4} s/.test(document.querySelector('[data-cursors]').textContent)")


@pytest.fixture(scope="module")
def small_server() -> Iterator[Server]:
    started = start_server(SMALL, "out")
    yield started
    started.stop()


@pytest.fixture
def small(browser: "sync_api.Browser", small_server: Server) -> Iterator[Page]:
    page = Page(browser, small_server.link("operator", "run/lab/cell/open_end"), size=(1366, 768))
    page.wait(READY)
    yield page
    page.close()


def test_a_fallen_part_is_told_shown_and_removed(small: Page) -> None:
    page = small.page
    small.click('[data-rate="10"]')
    entry = page.locator('[data-incident="fallen"]').last
    tab(small, "Incidents")
    entry.wait_for()
    small.click('[data-rate="0"]')
    assert "Belt" in entry.inner_text()
    entry.locator(".incident-go").click()
    page.wait_for_selector('[data-card="infeed"]')
    small.click('[data-rate="1"]')
    entry.locator('[data-act="remove_part"]').click()
    entry.locator('[data-act="remove_part"]').wait_for(state="detached")
    assert small.trouble == []


def test_a_person_steps_in_and_a_locked_door_stays_closed(small: Page) -> None:
    page = small.page
    small.click('[data-zone="inside"]')
    small.wait("pilotcell.status.people.inside === true")
    small.wait("pilotcell.incidents.some(incident => incident.kind === 'danger')")
    small.click('[data-zone="inside"]')
    small.wait("pilotcell.status.people.inside === false")
    small.wait("(pilotline.signals['open_end/guard_locked'] ?? [])[0] === true")
    small.click('[data-door="guard"]')
    page.wait_for_selector(".q-notification >> text=locked")
    assert small.ask("pilotline.signals['open_end/guard_closed'][0]") is True


def test_a_fault_of_the_plc_is_shown_at_its_line(small: Page) -> None:
    page = small.page
    faulty = "PROGRAM main\n  VAR n : INT; END_VAR\n  n := 10 / n;\nEND_PROGRAM\n"
    type_program(small, faulty)
    page.wait_for_selector('[data-problems="0"] [data-grade="good"], [data-grade="warning"]')
    small.click('[data-act="load"]')
    page.wait_for_selector('[data-plc-mode][data-plc="fault"]')
    page.wait_for_selector('.st-line-fault:has-text("10 / n")')
    page.wait_for_selector(".program-fault >> text=3")


def test_a_text_that_is_not_loaded_yet_survives_a_change_of_language(small: Page) -> None:
    type_program(small, "PROGRAM main\n  // half done\nEND_PROGRAM\n")
    small.wait("sessionStorage.length > 0")
    small.click('[data-act="language"]')
    small.wait(READY)
    small.page.wait_for_selector("[data-editor] >> text=half done")


def test_a_visitor_sees_all_and_is_told_how_to_get_rights(
    browser: "sync_api.Browser", server: Server
) -> None:
    visitor = Page(browser, f"{server.url}{PAGE}", size=(1366, 768))
    try:
        visitor.wait(READY)
        assert visitor.page.locator('[data-act="load"]').is_disabled()
        tab(visitor, "I/O")
        visitor.page.wait_for_selector('[data-point="s_stop"]')
        visitor.click('[data-point="s_stop"] [data-force="1"]')
        visitor.page.wait_for_selector(".q-dialog >> text=operator")
        assert visitor.ask("Object.keys(pilotcell.status.forced).length") == 0
    finally:
        visitor.close()


def test_the_page_speaks_chinese(browser: "sync_api.Browser", server: Server) -> None:
    page = Page(browser, server.link("operator", PAGE), language="zh-CN", size=(1366, 768))
    try:
        page.wait(READY)
        page.page.wait_for_selector('[data-estop][aria-label*="急停"]')
        page.click('[role="tab"]:has-text("I/O 点")')
        page.page.wait_for_selector('[data-point="s_stop"] >> text=挡料处有料')
        english = page.ask(
            "document.querySelector('main').innerText.match(/[A-Za-z]{4,} [a-z]{3,}/g)"
        )
        assert english in (None, []), english
    finally:
        page.close()


def test_the_line_page_leads_to_the_cell_and_back(
    browser: "sync_api.Browser", server: Server
) -> None:
    page = Page(browser, server.link("operator"), size=(1366, 768))
    try:
        page.click(f'[data-asset="{CELL}"]')
        page.click(f'[data-card="{CELL}"] [data-act="open_cell"]')
        page.wait(READY)
        page.click('[data-act="back"]')
        page.page.wait_for_selector('[data-asset="rework"]')
    finally:
        page.close()
