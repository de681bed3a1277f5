"""What a test needs from the machine: looked for once, and named when it is missing."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis.internal.conjecture import providers

NODE_MODULES = Path(__file__).parent / "interop" / "node" / "node_modules"
SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _program(name: str) -> bool:
    return shutil.which(name, path=SYSTEM_PATH) is not None


@cache
def _browser() -> str | None:
    if any(_program(name) for name in BROWSERS):
        return None
    return "no Chromium: apt-get install chromium"


@cache
def _broker() -> str | None:
    if _program("mosquitto") and _program("mosquitto_sub"):
        return None
    return "no MQTT broker and clients: apt-get install mosquitto mosquitto-clients"


@cache
def _gl() -> str | None:
    try:
        for library in ("libEGL.so.1", "libGL.so.1"):
            ctypes.CDLL(library)
    except OSError as error:
        return f"no OpenGL ({error}): apt-get install libegl1 libgl1 libgl1-mesa-dri libegl-mesa0"
    return None


@cache
def _node() -> str | None:
    if not _program("node"):
        return "no Node.js: apt-get install nodejs npm, then npm ci in tests/interop/node"
    if not NODE_MODULES.is_dir():
        return "Node packages are not installed: npm ci in tests/interop/node"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    major = int(version.stdout.lstrip("v").split(".")[0])
    return None if major >= 18 else f"Node.js {major} is too old: 18 or later is needed"


NEEDS: dict[str, Callable[[], str | None]] = {
    "needs_browser": _browser,
    "needs_broker": _broker,
    "needs_gl": _gl,
    "needs_node": _node,
}


def pytest_configure() -> None:
    """Let property tests draw the same examples whatever ran in this process before.

    Hypothesis also draws numbers that it reads in the modules of a project which are loaded by
    then. Side by side each process has loaded others, so a test would not be the same twice.
    """
    providers.is_local_module_file = lambda _path: False


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, missing in NEEDS.items():
        if item.get_closest_marker(marker) and (reason := missing()):
            pytest.skip(reason)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI everything is installed, so a skipped test is a broken one."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("CI") != "true":
        return
    if reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line("skipped tests are failures where CI=true", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
