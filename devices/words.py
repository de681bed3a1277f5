"""The words of an alarm: its message is a key of the catalogue, or a title in both languages."""

import json

from twin.spec.base import Text
from twin.spec.messages import catalogue, message


def spoken(said: str, language: str = "en") -> str:
    """Return the text of an alarm's message.

    Args:
        said: a key of the message catalogue, a title as JSON, or plain words.
        language: `en` or `zh`.
    """
    if said in catalogue():
        return message(said, language)
    if said.startswith("{"):
        try:
            return Text.model_validate(json.loads(said)).get(language)
        except ValueError:
            return said
    return said
