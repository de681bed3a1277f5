"""Somebody at the page pulls the cable between PLC and robot, and sees what the cell does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .lab_browser import Page, Server, chromium, start_server

pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")
pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [pytest.mark.needs_browser, pytest.mark.timeout(300)]

LINE = Path(__file__).parents[2] / "config" / "lines" / "robot_palletiser_cell.yaml"
CONNECTED = "(pilotline.signals['stacking/link_connected'] ?? [])[0]"
PULL = '[data-cable="link"]'
RED = '[data-lamp="red"]'


@pytest.fixture
def student() -> Iterator[Page]:
    server: Server = start_server(LINE, "rework")
    try:
        with chromium() as browser:
            page = Page(browser, server.link("operator", "run/lab/cell/stacking"), size=(1366, 768))
            page.wait("window.pilotcell && pilotcell.status && pilotline.connected")
            yield page
            page.close()
    finally:
        server.stop()


def test_a_pulled_cable_is_a_red_lamp_until_it_is_back_and_somebody_has_pressed_reset(
    student: Page,
) -> None:
    page = student.page
    student.wait(f"{CONNECTED} === false")
    student.click('[data-push="panel_start"]')
    student.wait(f"{CONNECTED} === true")
    page.wait_for_selector(f'{RED}[data-lit="false"]')
    student.click(PULL)
    student.wait(f"{CONNECTED} === false")
    page.wait_for_selector(f'{RED}[data-lit="true"]')
    page.wait_for_selector('.op-guard[data-open="true"]:has-text("pulled")')
    student.click(PULL)
    student.wait(f"{CONNECTED} === true")
    page.wait_for_selector('.op-guard:has-text("plugged in · connected")')
    assert page.locator(RED).get_attribute("data-lit") == "true"
    student.click('[data-push="panel_reset"]')
    page.wait_for_selector(f'{RED}[data-lit="false"]')
    assert student.trouble == []
