"""The texts that people read, in English and simplified Chinese, from one catalogue.

`messages.yaml` holds `key: {en: …, zh: …}`; values go into `{braces}`.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CATALOGUE = Path(__file__).with_name("messages.yaml")


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    """Return every message, `{key: {language: text}}`."""
    loaded: dict[str, dict[str, str]] = YAML(typ="safe").load(CATALOGUE.read_text(encoding="utf-8"))
    return loaded


def message(key: str, /, language: str = "en", **values: Any) -> str:
    """Return the text of `key` in `language`, with `values` put in.

    Args:
        key: A key of the catalogue, such as `spec.missing_key`.
        language: `en` or `zh` (also `zh-CN`, `zh_Hans`); any other reads English.
        **values: What the text's braces name. A `Phrase` is put in the same language.
    """
    texts = catalogue()[key]
    text = texts["zh" if language.startswith("zh") else "en"]
    return text.format(**{name: _put(value, language) for name, value in values.items()})


def kind_name(kind: str, language: str = "en") -> str:
    """Return what people call a kind of asset; the kind itself where the catalogue has no word."""
    key = f"report.kind_{kind}"
    return message(key, language) if key in catalogue() else kind


def _put(value: Any, language: str) -> Any:
    return value.text(language) if isinstance(value, Phrase) else value


@dataclass(frozen=True, slots=True)
class Phrase:
    """A message with its values, whose language is chosen when it is read."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        """Return the phrase in `language`."""
        return message(self.key, language, **self.values)

    def __str__(self) -> str:
        return self.text()


def phrase(key: str, /, **values: Any) -> Phrase:
    """Return the message `key` with `values`, to be read in a language chosen later."""
    return Phrase(key, values)
