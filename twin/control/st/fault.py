"""Why a scan had to stop, in the language of whoever reads it."""

from typing import Any

from twin.spec.messages import message


class ScanFault(Exception):
    """A scan that had to stop: watchdog, division by zero, an index outside its array."""

    def __init__(self, key: str, *, line: int, pou: str, **values: Any) -> None:
        self.key = key
        self.line = line
        self.values: dict[str, Any] = {"line": line, "pou": pou, **values}
        super().__init__(self.text())

    def text(self, language: str = "en") -> str:
        """Return what happened, where, and the remedy, in `language`."""
        return message(self.key, language, **self.values)
