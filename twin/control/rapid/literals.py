"""Values from text while a program runs."""

import re
from typing import Any

from .kinds import BOOL, STRING, Type
from .limits import LIMITS

_TOKEN = re.compile(
    r'\s*(?:(?P<sign>[\[\],])|(?P<string>"(?:[^"]|"")*")|(?P<truth>TRUE|FALSE)(?!\w)'
    r"|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))\s*",
    re.IGNORECASE,
)


class NoValue(ValueError):
    """A text that is no value of the type."""


def value_of_text(text: str, kind: Type) -> Any:
    """Return the value of a type that a text writes.

    Raises:
        NoValue: it writes none.
    """
    if kind == Type(STRING) and not text.startswith('"'):
        return text
    reader = _Reader(text)
    value = reader.value(kind)
    if reader.at != len(text):
        raise NoValue
    return value


class _Reader:
    """Reads one text; types are never deep, so neither is the recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def _next(self, group: str) -> str:
        match = _TOKEN.match(self.text, self.at)
        if match is None or match.lastgroup != group:
            raise NoValue
        self.at = match.end()
        return match[group]

    def _sign(self, sign: str) -> None:
        if self._next("sign") != sign:
            raise NoValue

    def value(self, kind: Type) -> Any:
        """Return the value that begins here."""
        if kind.dims:
            return self._array(Type(kind.kind, kind.dims - 1))
        if kind.kind.fields:
            parts = []
            for place, (_, inner) in enumerate(kind.kind.fields):
                self._sign("," if place else "[")
                parts.append(self.value(Type(inner)))
            self._sign("]")
            return tuple(parts)
        if kind.kind is BOOL:
            return self._next("truth").upper() == "TRUE"
        if kind.kind is STRING:
            found = self._next("string")[1:-1].replace('""', '"')
            if len(found) > LIMITS.string:
                raise NoValue
            return found
        number = float(self._next("number"))
        if abs(number) > 1e300:
            raise NoValue
        return number

    def _array(self, inner: Type) -> list[Any]:
        self._sign("[")
        parts = [self.value(inner)]
        while True:
            match = _TOKEN.match(self.text, self.at)
            if match is None or match["sign"] != ",":
                break
            self.at = match.end()
            parts.append(self.value(inner))
        self._sign("]")
        return parts
