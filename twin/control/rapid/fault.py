"""What stops a running program, or sends it to its error handler."""

from typing import Any

from twin.spec.messages import Phrase, phrase

from .builtin import ERRORS


class Fault(Exception):
    """An error in a run: with a number for the handler, or none when nothing can handle it."""

    def __init__(self, key: str, *, errno: str | float = 0.0, **values: Any) -> None:
        self.phrase: Phrase = phrase(f"rapid.run.{key}", **values)
        self.errno = ERRORS[errno] if isinstance(errno, str) else errno
        super().__init__(self.phrase.text("en"))


LOST = "robot.track_reach"
"""Why a movement is refused whose object on the belt cannot be met any more."""


class Refused(Fault):
    """A movement that cannot be done. Only an object that is lost is for a handler to deal with."""

    def __init__(self, why: Phrase) -> None:
        errno: str | float = "ERR_CNV_OBJ_LOST" if why.key == LOST else 0.0
        super().__init__("refused", errno=errno, why=why)
