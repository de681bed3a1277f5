"""A missing OpenGL is a message, never a crash of the program that asked."""

import os
import subprocess
import sys

import pytest

from viewer.window import preflight
from viewer.window.errors import NoGraphics

ASK = """
import sys
from viewer.window.errors import ViewError
from viewer.window.picture import shot
from twin.spec import load_line
try:
    shot(load_line("two_machine"), None, None, (64, 36))
except ViewError as error:
    sys.exit(f"twin: {error}")
"""


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    # What is found here is written into the environment: it must not stay for the tests after.
    monkeypatch.setenv(preflight.CHOICE, "")
    preflight.ready_off_screen.cache_clear()
    preflight.ready_on_screen.cache_clear()
    yield
    preflight.ready_off_screen.cache_clear()
    preflight.ready_on_screen.cache_clear()


def test_without_graphics_a_picture_ends_with_a_message():
    # OSMesa is not part of what this project installs: VTK crashes where it is asked for.
    found = subprocess.run(
        [sys.executable, "-c", "import ctypes; ctypes.CDLL('libOSMesa.so.8')"],
        capture_output=True,
        check=False,
    )
    if found.returncode == 0:
        pytest.skip("OSMesa is installed, so there are graphics")
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env=os.environ | {preflight.CHOICE: preflight.MESA},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "libegl1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("probe", "says"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("raise ImportError('libGL.so.1: cannot open shared object file')", "libGL.so.1"),
        ("raise SystemExit(3)", "exit status 3"),
    ],
)
def test_whatever_goes_wrong_is_said(monkeypatch, probe, says):
    monkeypatch.setattr(preflight, "PROBE", probe)
    with pytest.raises(NoGraphics, match=says) as caught:
        preflight.ready_off_screen()
    assert "apt-get install" in str(caught.value)


def test_a_probe_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(preflight, "PROBE", "import time; time.sleep(60)")
    monkeypatch.setattr(preflight, "PROBE_S", 0.3)
    with pytest.raises(NoGraphics, match="no picture within"):
        preflight.ready_off_screen()


def test_the_first_kind_that_works_is_taken(monkeypatch):
    working = (
        f"import os; raise SystemExit(0 if os.environ.get('{preflight.CHOICE}')"
        f" == '{preflight.MESA}' else 4)"
    )
    monkeypatch.setattr(preflight, "PROBE", working)
    monkeypatch.setattr(preflight.sys, "platform", "linux")
    assert preflight.ready_off_screen() == preflight.MESA
    assert os.environ[preflight.CHOICE] == preflight.MESA


def test_without_a_screen_the_window_says_what_to_do(monkeypatch):
    monkeypatch.setattr(preflight.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(NoGraphics, match="twin shot"):
        preflight.ready_on_screen()
