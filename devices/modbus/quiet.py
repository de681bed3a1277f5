"""The library's own log lines, kept out of ours: strangers could fill it, and the link says it."""

import logging


def speak_less() -> None:
    """Silence the library, where nobody has chosen a level for it."""
    logger = logging.getLogger("pymodbus")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)
