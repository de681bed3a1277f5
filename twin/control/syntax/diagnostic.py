"""What a compiler has to say, in the language of whoever reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from twin.spec.messages import Phrase, message, phrase


class Severity(StrEnum):
    """How bad it is: an error stops the program from being made, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Span(NamedTuple):
    """A place in the source; lines and columns from 1, the end column is the first one past it."""

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: "Span") -> "Span":
        """Return the span from the start of this to the end of `other`."""
        return Span(self.line, self.column, other.end_line, other.end_column)

    @property
    def end(self) -> "Span":
        """The place just behind."""
        return Span(self.end_line, self.end_column, self.end_line, self.end_column + 1)


MOST_CHOICES = 300
"""Names that are looked at for the one that was meant."""

NOWHERE = Span(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning; lines and columns from 1, the end column is the first one past it."""

    severity: Severity
    line: int
    column: int
    end_line: int
    end_column: int
    key: str
    """Of the message in the catalogue."""
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        """Return what is wrong and the remedy, in `language` (`en` or `zh`)."""
        return message(self.key, language, **self.values)

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.text()}"


class CompileError(Exception):
    """A program that cannot be made; `diagnostics` holds its errors and its warnings."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(str(entry) for entry in diagnostics))

    def text(self, language: str = "en") -> str:
        """Return every diagnostic on a line of its own."""
        return "\n".join(f"{d.line}:{d.column}: {d.text(language)}" for d in self.diagnostics)


class TooManyErrors(Exception):
    """The source has so many errors that it is left at that."""


class Log:
    """Collects diagnostics while a source is worked on.

    Args:
        area: of the messages: all keys stand behind it.
        limit: errors that are told in one pass.
    """

    def __init__(self, area: str, limit: int = 100) -> None:
        self.area = area
        self.limit = limit
        self._entries: dict[tuple[Any, ...], Diagnostic] = {}
        self.errors = 0

    def tell(self, key: str, span: Span, /, **values: Any) -> None:
        """Note an error.

        Raises:
            TooManyErrors: the limit of errors is reached.
        """
        self._add(Severity.ERROR, key, span, values)
        self.errors += 1
        if self.errors >= self.limit:
            raise TooManyErrors

    def caution(self, key: str, span: Span, /, **values: Any) -> None:
        """Note a warning; beyond the limit none is kept."""
        if len(self._entries) < 2 * self.limit:
            self._add(Severity.WARNING, key, span, values)

    def _add(self, severity: Severity, key: str, span: Span, values: dict[str, Any]) -> None:
        entry = Diagnostic(severity, *span, f"{self.area}.{key}", values)
        self._entries.setdefault((key, span), entry)

    def all(self) -> tuple[Diagnostic, ...]:
        """Return what was noted, in the order of the source."""
        return tuple(sorted(self._entries.values(), key=lambda d: (d.line, d.column, d.severity)))


def nearest(word: str, choices: Iterable[str], *, cutoff: float = 0.6) -> Phrase | str:
    """Return "did you mean …" for a word that is none of `choices`, or nothing."""
    word = word.casefold()[:80]
    slack = max(2, len(word) // 3)
    like = (choice for choice in choices if abs(len(choice) - len(word)) <= slack)
    by_folded = {choice.casefold(): choice for choice in islice(like, MOST_CHOICES)}
    found = _by_number(word, by_folded) or get_close_matches(word, by_folded, n=1, cutoff=cutoff)
    return phrase("st.hint.nearest", nearest=by_folded[found[0]]) if found else ""


def _by_number(word: str, choices: Iterable[str]) -> list[str]:
    """Return the choice that differs by its number alone, and least: `v500` for `v501`."""
    letters, number = _parted(word)
    alike = [choice for choice in choices if number and _parted(choice)[0] == letters]
    numbered = [choice for choice in alike if _parted(choice)[1]]
    return sorted(numbered, key=lambda choice: abs(int(_parted(choice)[1]) - int(number)))[:1]


def _parted(word: str) -> tuple[str, str]:
    letters = word.rstrip("0123456789")
    return letters, word[len(letters) :]
