"""The errors of a study.

PilotlineError
└── StudyError      a study that cannot be made as asked, or a replication that failed
    ├── WrongWish   what was asked for cannot be: the call has to be changed, not the world
    └── Stopped     a study that was stopped before there was anything to show
"""

from typing import Any

from twin.kernel.errors import PilotlineError
from twin.spec.messages import Phrase, phrase


class StudyError(PilotlineError):
    """A study that cannot be made as asked, or a replication that failed.

    Args:
        key: of the message catalogue.
        **values: what goes into the message.
    """

    def __init__(self, key: str, **values: Any) -> None:
        self.phrase = phrase(key, **values)
        super().__init__(self.phrase.text())

    def text(self, language: str) -> str:
        """Return the message in a language."""
        return self.phrase.text(language)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.phrase)


class WrongWish(StudyError):
    """What was asked for cannot be: the call has to be changed."""


class Stopped(StudyError):
    """A study that was stopped before there was anything to show."""


def _again(kind: type[StudyError], said: Phrase) -> StudyError:
    return kind(said.key, **said.values)
