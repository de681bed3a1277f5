"""What the compiler has to say; the same records as of Structured Text, keys of its own."""

from typing import Any

from twin.control.st.diagnostic import (
    NOWHERE,
    CompileError,
    Diagnostic,
    Severity,
    Span,
    TooManyErrors,
    nearest,
)
from twin.control.st.diagnostic import Log as StLog

__all__ = [
    "NOWHERE",
    "CompileError",
    "Diagnostic",
    "Log",
    "Severity",
    "Span",
    "TooManyErrors",
    "nearest",
]


class Log(StLog):
    """Collects diagnostics while a text is worked on."""

    def tell(self, key: str, span: Span, /, **values: Any) -> None:
        """Note an error, with its key behind `rapid.`.

        Raises:
            TooManyErrors: the limit of errors is reached.
        """
        self._add(Severity.ERROR, f"rapid.{key}", span, values)
        self.errors += 1
        if self.errors >= self.limit:
            raise TooManyErrors

    def caution(self, key: str, span: Span, /, **values: Any) -> None:
        """Note a warning; beyond the limit none is kept."""
        if len(self._entries) < 2 * self.limit:
            self._add(Severity.WARNING, f"rapid.{key}", span, values)
