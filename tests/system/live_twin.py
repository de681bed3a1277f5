"""Starts `twin` verbs as a person does, in a process of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TwinProcess:
    """A running verb. Its words on stderr are read as they come."""

    def __init__(self, arguments: list[str], folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "twin", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "HOME": str(folder), "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        self.said: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._news:
                self.said.append(line)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    @property
    def text(self) -> str:
        return "".join(self.said)

    def wait_for(self, pattern: str, timeout_s: float = 90.0) -> re.Match[str]:
        """Wait until it has said something that fits the pattern."""
        with self._news:
            found = self._news.wait_for(
                lambda: re.search(pattern, self.text) or not self._reader.is_alive(), timeout_s
            )
        match = re.search(pattern, self.text)
        assert found, f"it did not say {pattern!r} in time, but:\n{self.text}"
        assert match, f"it did not say {pattern!r}, but:\n{self.text}"
        return match

    def interrupt(self, timeout_s: float = 20.0) -> int:
        """Press Ctrl-C, and return the exit status."""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout_s)
        self._reader.join(timeout_s)
        return status


@contextmanager
def running(arguments: list[str], folder: Path) -> Iterator[TwinProcess]:
    """Run a verb, and kill it with all its children if it does not end by itself."""
    twin = TwinProcess(arguments, folder)
    try:
        yield twin
    finally:
        if twin.process.poll() is None:
            os.killpg(twin.process.pid, signal.SIGKILL)
            twin.process.wait()
