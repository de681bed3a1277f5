"""What is wrong with a file: where, what was found, and how to put it right.

SpecError               one or more problems of one file
Wrong                   a value that a model refuses, with a text from the catalogue
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .messages import Phrase, message, phrase

SHOWN = 30
"""How many problems one error spells out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, at `line` and `column` of `file` (from 1; 0 where there is no place)."""

    file: str
    line: int
    column: int
    path: str
    """Where in the document, such as `assets.m1.process_s`; places in lists count from 1."""
    message: str
    """What was found, and the remedy, in English."""
    phrase: Phrase | None = None
    """The message in a form that can be read in either language."""

    def text(self, language: str = "en") -> str:
        """Return the problem as one line in `language`."""
        said = self.phrase.text(language) if self.phrase else self.message
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.path}: {said}" if self.path else f"{place}: {said}"

    def __str__(self) -> str:
        return self.text()


class SpecError(Exception):
    """A file that cannot be used. Its text has one line for each problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.text())

    @classmethod
    def of(cls, file: str, text: str) -> "SpecError":
        """Return the error for one problem of a whole file."""
        return cls([Problem(file, 0, 0, "", text)])

    def text(self, language: str = "en") -> str:
        """Return all problems, a line each, in `language`."""
        lines = [problem.text(language) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            more = len(self.problems) - SHOWN
            lines.append(message("spec.more_problems", language, count=more))
        return "\n".join(lines)

    def __reduce__(self) -> tuple[type["SpecError"], tuple[tuple[Problem, ...]]]:
        return SpecError, (self.problems,)


class Wrong(ValueError):
    """A value that a model refuses; raised inside validators."""

    def __init__(self, key: str, /, **values: object) -> None:
        self.phrase = phrase(key, **values)
        super().__init__(self.phrase.text())
