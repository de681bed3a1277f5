"""Source text to tokens: what does not depend on the language."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import ClassVar

from lark import Token

from .diagnostic import Log, Span


class Scanner:
    """Knows one source and the place of each character in it."""

    wide: ClassVar[Mapping[str, str]]
    """Full-width signs, and what each of them is taken for."""

    def __init__(self, source: str, log: Log) -> None:
        self.source = source
        self.log = log
        self._starts = [0, *(match.end() for match in re.finditer("\n", source))]

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens, without what has no meaning."""
        raise NotImplementedError

    def span(self, start: int, end: int) -> Span:
        """Return the place of the characters from `start` to `end`."""
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, end)
        column = start - self._starts[line - 1] + 1
        return Span(line, column, end_line, end - self._starts[end_line - 1] + 1)

    def _stray(self, at: int) -> int:
        """Tell of a character that begins no token; return where to go on."""
        character, span = self.source[at], self.span(at, at + 1)
        shown = character if character.isprintable() else f"U+{ord(character):04X}"
        if character in self.wide:
            self.log.tell("scan.wide", span, found=shown, meant=self.wide[character])
        else:
            self.log.tell("scan.stray", span, found=shown)
        return at + 1
