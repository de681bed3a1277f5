"""A served line and a page of it in a real browser, for tests of both."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]
PATIENCE_MS = 60_000


@dataclass
class Server:
    process: subprocess.Popen[str]
    port: int
    tokens: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def link(self, role: str, path: str = "") -> str:
        return f"{self.url}{path}?token={self.tokens[role]}"

    def read(self, path: str) -> str:
        headers = {"Authorization": f"Bearer {self.tokens['instructor']}"}
        answer = httpx.get(f"{self.url}api/v1/runs/lab/{path}", headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.text

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)


def start_server(line: Path, asset: str) -> Server:
    """Serve a line, one asset of which is said to be mirrored."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "lab_server.py"), str(line), asset],
        env=os.environ | {"PYTHONPATH": str(HERE.parent / "unit" / "api")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    return Server(process, said["port"], said["tokens"])


@contextmanager
def chromium() -> Iterator["sync_api.Browser"]:
    """Open Debian's Chromium, which draws without a graphics processor."""
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=FLAGS
        )
        yield opened
        opened.close()


class Page:
    """A page that was opened, and what went wrong on it."""

    def __init__(
        self,
        browser: "sync_api.Browser",
        url: str,
        language: str = "en-US",
        size: tuple[int, int] = (1024, 640),
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()
        self.trouble: list[str] = []
        self.foreign: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", self._note)
        self.page.on("request", self._see)
        self.home = url.partition("?")[0]
        self.host = "/".join(url.split("/")[:3]) + "/"
        self.page.goto(url)
        self.page.wait_for_function("window.pilotline && pilotline.connected && pilotline.frames")

    def _note(self, message: "sync_api.ConsoleMessage") -> None:
        # SwiftShader complains of its own slowness.
        if message.type == "error" and "GPU stall" not in message.text:
            self.trouble.append(message.text)

    def _see(self, request: "sync_api.Request") -> None:
        if not request.url.startswith((self.host, "data:", "blob:", "about:")):
            self.foreign.append(request.url)

    def ask(self, expression: str) -> object:
        return self.page.evaluate(expression)

    def wait(self, expression: str) -> None:
        self.page.wait_for_function(expression)

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def close(self) -> None:
        self.context.close()
