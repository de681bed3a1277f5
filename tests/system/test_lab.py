"""The page of a real run in a real browser."""

import random  # noqa: TID251 - picks examples, nothing that a run depends on
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from twin.spec import load_line
from twin.wire.model import Motion

from .lab_browser import Page, Server, chromium, start_server

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = pytest.mark.needs_browser

HERE = Path(__file__).parent
LINE = HERE.parent.parent / "config" / "lines" / "training_four.yaml"
MACHINE = "processing"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = start_server(LINE, MACHINE)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def teacher(browser: "sync_api.Browser", server: Server) -> Iterator[Page]:
    page = Page(browser, server.link("instructor"))
    yield page
    page.close()


def choose(page: Page, asset: str) -> None:
    page.click(f'[data-asset="{asset}"]')
    page.page.wait_for_selector(f'[data-card="{asset}"]')


def break_first_failure(page: Page) -> None:
    """The machine has several failures, so that the button opens a menu of them."""
    page.click('[data-act="break"]')
    page.click(".q-menu .q-item")


def test_the_page_opens_bodies_move_and_nothing_comes_from_elsewhere(teacher: Page) -> None:
    assert teacher.page.title().endswith("Pilotline")
    assert "token=" not in teacher.page.url
    teacher.wait("Object.keys(pilotline.bodies()).length > 0")
    teacher.ask(
        "window.before = Object.fromEntries(Object.entries(pilotline.bodies())"
        ".map(([id, pose]) => [id, pose.slice()]))"
    )
    teacher.wait(
        "Object.entries(pilotline.bodies()).some(([id, [x, y, z]]) => before[id] &&"
        " Math.hypot(x - before[id][0], y - before[id][1], z - before[id][2]) > 0.02)"
    )
    assert teacher.trouble == []
    assert teacher.foreign == []


def test_a_machine_is_broken_alarmed_repaired_and_the_alarm_answered(teacher: Page) -> None:
    choose(teacher, MACHINE)
    break_first_failure(teacher)
    row = f'[data-alarm^="{MACHINE}/"]'
    teacher.page.wait_for_selector(row)
    teacher.wait(f"pilotline.state('{MACHINE}') === 'down'")
    teacher.page.wait_for_selector(f'[data-asset="{MACHINE}"][data-state="down"]')
    teacher.click('[data-act="repair"]')
    teacher.wait(f"pilotline.state('{MACHINE}') !== 'down'")
    teacher.page.wait_for_selector(f"{row}.gone")
    teacher.click(f'{row} [data-act="acknowledge"]')
    teacher.click(f'{row} [data-act="confirm"]')
    teacher.page.wait_for_selector(row, state="detached")
    assert teacher.trouble == []


def test_the_pace_changes_and_a_paused_run_steps(teacher: Page) -> None:
    teacher.click('[data-rate="10"]')
    teacher.wait("pilotline.rate === 10")
    teacher.page.wait_for_selector('[data-rate="10"][aria-pressed="true"]')
    teacher.click('[data-rate="0"]')
    teacher.wait("pilotline.rate === 0")
    teacher.page.wait_for_selector('[data-live="run"][data-run="paused"]')
    stood = teacher.ask("pilotline.time_s")
    teacher.click('[data-act="step"]')
    teacher.wait(f"pilotline.time_s > {stood}")
    teacher.click('[data-rate="1"]')
    teacher.wait("pilotline.rate === 1")


def test_the_language_changes_and_stays(teacher: Page) -> None:
    teacher.click('[data-act="language"]')
    teacher.page.wait_for_selector("text=报警")
    teacher.wait("window.pilotline && pilotline.connected")
    title = load_line(LINE).title
    assert title is not None
    assert teacher.page.locator('[role="heading"]').first.inner_text() == title.zh
    assert teacher.ask("document.documentElement.lang") == "zh-CN"
    teacher.page.goto(teacher.home)
    teacher.page.wait_for_selector("text=报警")


def test_signals_are_listed_found_and_written(teacher: Page, server: Server) -> None:
    teacher.click('[role="tab"]:has-text("Signals")')
    teacher.page.get_by_label("Find a signal").fill(f"{MACHINE}/speed_factor")
    cell = f'[row-id$="{MACHINE}/speed_factor"] [col-id="value"]'
    teacher.page.wait_for_selector(cell)
    teacher.page.locator(cell).dblclick()
    box = teacher.page.locator(".q-dialog input").first
    box.fill("0.5")
    box.press("Enter")
    teacher.wait(
        "Object.entries(pilotline.signals).some(([path, [value]]) =>"
        f" path.endsWith('{MACHINE}/speed_factor') && value === 0.5)"
    )
    teacher.page.wait_for_selector(f'{cell}:has-text("0.5")')


def test_a_mirrored_machine_shows_how_far_it_departs_from_its_model(teacher: Page) -> None:
    choose(teacher, MACHINE)
    said = teacher.page.locator(f'[data-card] [data-mirror="{MACHINE}.departure"]')
    assert said.inner_text() == "1.20× · 20 % slower"
    assert teacher.page.locator(f'[data-card] [data-mirror="{MACHINE}.link"]').count() == 1
    teacher.click('[role="tab"]:has-text("Mirror")')
    row = teacher.page.locator(f'tr:has([data-mirror="{MACHINE}.real"])')
    row.wait_for()
    assert [cell.strip() for cell in row.locator("td").all_inner_texts()[:4]] == [
        "connected", "good", "10.0 s", "12.0 s",
    ]  # fmt: skip
    assert teacher.trouble == []


def test_names_of_machines_stay_in_a_crowd(teacher: Page) -> None:
    teacher.wait("document.querySelectorAll('.asset-label').length > 0")
    for asset in load_line(LINE).assets:
        if asset.kind == "station":
            teacher.page.wait_for_selector(
                f'.asset-label[data-asset-state="{asset.id}"]', state="visible"
            )


def test_a_visitor_without_a_token_sees_all_and_is_told_how_to_get_rights(
    browser: "sync_api.Browser", server: Server
) -> None:
    visitor = Page(browser, server.url)
    try:
        choose(visitor, MACHINE)
        break_first_failure(visitor)
        visitor.page.wait_for_selector(".q-dialog >> text=instructor")
        assert '"anyone"' not in server.read("record")
        visitor.page.locator(".q-dialog input").fill(server.tokens["operator"])
        visitor.click('.q-dialog button:has-text("Use it")')
        visitor.page.wait_for_selector('[data-act="role"][aria-label="operator"]')
        assert "token=" not in visitor.page.url
    finally:
        visitor.close()


def test_a_dropped_connection_resumes_where_it_was(teacher: Page) -> None:
    seq = teacher.ask("pilotline.seq")
    teacher.ask("pilotline.drop()")
    teacher.wait(f"pilotline.connected && pilotline.seq > {seq} + 3")
    assert teacher.ask("pilotline.gaps") == 0


def test_the_browser_and_the_scene_document_place_bodies_alike(teacher: Page) -> None:
    from viewer.scene import build_scene

    document = build_scene(load_line(LINE))
    draw = random.Random(1)
    cases = []
    for asset in document.tracks:
        for _ in range(5):
            s0, s1 = draw.random(), draw.random()
            motion = Motion(asset, draw.randrange(20), s0, s1, 100.0, 100.0 + 10 * draw.random())
            cases.append((motion, 98 + 14 * draw.random()))
    assert len(cases) > 20
    found = teacher.page.evaluate(
        "cases => cases.map(([motion, time_s]) => pilotline.poseAt(motion, time_s))",
        [[list(motion), time_s] for motion, time_s in cases],
    )
    for (motion, time_s), (x, y, z, heading) in zip(cases, found, strict=True):
        where, heading_rad = document.place(motion, time_s)
        # The document travels with four digits.
        assert (x, y, z) == pytest.approx(where, abs=2e-3), motion
        turned = (heading - heading_rad + 3.141592653589793) % 6.283185307179586
        assert turned == pytest.approx(3.141592653589793, abs=2e-3), motion


def test_a_lost_server_is_shown_and_found_again_by_itself(browser: "sync_api.Browser") -> None:
    server = start_server(LINE, MACHINE)
    page = Page(browser, server.link("instructor"))
    try:
        assert not page.page.locator(".lost-banner").is_visible()
        server.stop()
        page.page.wait_for_selector(".lost-banner", state="visible")
        page.page.wait_for_selector('[data-live="run"][data-run="lost"]')
    finally:
        page.close()
        server.stop()


def test_a_foreign_page_cannot_open_the_pages_own_socket(server: Server) -> None:
    address = f"ws://127.0.0.1:{server.port}/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(InvalidStatus) as refused:
        connect(address, origin=Origin("http://evil.example"))
    assert refused.value.response.status_code == 403
    with connect(address, origin=Origin(server.url.rstrip("/"))) as own:
        assert str(own.recv(timeout=30)).startswith("0{")


def test_a_click_in_the_view_opens_the_card(teacher: Page) -> None:
    teacher.ask(f"pilotline.view('asset:{MACHINE}')")
    box = teacher.page.locator(".line-view canvas").bounding_box()
    assert box is not None
    teacher.page.wait_for_timeout(1500)
    teacher.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    teacher.page.wait_for_selector(f'[data-card="{MACHINE}"] [data-signal$="/made"]')
