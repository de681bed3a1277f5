"""A bound on what a stranger's bad traffic can write into the log."""

import logging
import time
from collections.abc import Callable

LOGGERS = (
    "asyncua.server.binary_server_asyncio",
    "asyncua.server.uaprocessor",
    "asyncua.server.internal_server",
    "asyncua.server.internal_session",
    "asyncua.server.address_space",
    "asyncua.server.subscription_service",
    "asyncua.server.monitored_item_service",
    "asyncua.common.connection",
    "asyncua.crypto.uacrypto",
    "asyncua.ua.ua_binary",
    "asyncua.ua.uatypes",
)


class Quiet(logging.Filter):
    """Lets `limit` lines a minute of each logger through, on one line each, then counts."""

    def __init__(self, limit: int = 5, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._limit = limit
        self._clock = clock
        self._seen: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record passes; a traceback becomes the error's own text."""
        if record.exc_info:
            record.msg = f"{record.getMessage()}: {record.exc_info[1]!r}"[:500]
            record.args, record.exc_info, record.exc_text = None, None, None
        now = self._clock()
        begin, count = self._seen.get(record.name, (now, 0))
        if now - begin >= 60.0:
            if count > self._limit:
                record.msg = f"{record.getMessage()} (and {count - self._limit} lines left out)"
                record.args = None
            begin, count = now, 0
        self._seen[record.name] = (begin, count + 1)
        return count < self._limit


def speak_less() -> None:
    """Keep the library's routine out of the log, where nobody has chosen a level for it.

    What its client has to say of a lost server, the link says itself: once when it is lost, once
    when it is back.
    """
    for name, level in (("asyncua", logging.WARNING), ("asyncua.client", logging.CRITICAL)):
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(level)


def hush() -> Callable[[], None]:
    """Bound the OPC UA server's log from now on; returns what ends it."""
    speak_less()
    bound = Quiet()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addFilter(bound)

    def end() -> None:
        for logger in loggers:
            logger.removeFilter(bound)

    return end
