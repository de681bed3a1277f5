"""Reads a run's stream beside the window, and knows what time it is in the run."""

import math
import threading
import time
from contextlib import suppress
from dataclasses import replace

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.sync.client import connect

from twin.wire.codec import apply, decode
from twin.wire.errors import WireError
from twin.wire.model import Delta, Snapshot

from .client import Twin

AGAIN_S = 1.0
READ_S = 0.5
MOST_BYTES = 64 * 1024 * 1024


class Feed:
    """The latest state of a run, kept up to date by a thread that only reads.

    Args:
        twin: Where the run is.
        first: Its state at the beginning.
    """

    def __init__(self, twin: Twin, first: Snapshot) -> None:
        self._twin = twin
        self._lock = threading.Lock()
        self._snapshot = first
        self._read_at_s = time.monotonic()
        self._connected = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_reading, name="stream", daemon=True)

    def start(self) -> "Feed":
        """Begin to read."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join(timeout=3.0)

    @property
    def connected(self) -> bool:
        """Whether the stream is open."""
        return self._connected

    def now(self) -> Snapshot:
        """Return the latest state, with the run's time as it must be by now."""
        with self._lock:
            snapshot, read_at_s = self._snapshot, self._read_at_s
        if not self._connected or snapshot.rate == 0 or math.isinf(snapshot.rate):
            return snapshot
        since_s = time.monotonic() - read_at_s
        return replace(snapshot, time_s=snapshot.time_s + since_s * snapshot.rate)

    def _keep_reading(self) -> None:
        while not self._stop.is_set():
            with suppress(OSError, ConnectionClosed, InvalidHandshake, InvalidURI, WireError):
                self._read_once()
            self._connected = False
            self._stop.wait(AGAIN_S)

    def _read_once(self) -> None:
        with connect(
            self._twin.stream_url,
            additional_headers=self._twin.headers,
            compression=None,
            max_size=MOST_BYTES,
            open_timeout=10,
            close_timeout=1,
        ) as socket:
            while not self._stop.is_set():
                try:
                    text = socket.recv(timeout=READ_S)
                except TimeoutError:
                    continue
                self._take(decode(text))

    def _take(self, found: Snapshot | Delta) -> None:
        with self._lock:
            if isinstance(found, Delta):
                self._snapshot = apply(self._snapshot, found)
            else:
                self._snapshot = found
            self._read_at_s = time.monotonic()
            self._connected = True
