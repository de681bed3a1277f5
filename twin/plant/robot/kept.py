"""Phrases as plain data: what a run's state can hold of what it will tell a person."""

from typing import Any

from twin.spec.base import Text
from twin.spec.messages import Phrase

TOLD = "phrase"


def kept(why: Phrase) -> list[Any]:
    """Return a phrase, and the phrases in it, as lists and dicts."""
    values = {
        name: kept(value) if isinstance(value, Phrase) else value
        for name, value in why.values.items()
    }
    return [TOLD, why.key, values]


def told(data: list[Any]) -> Phrase:
    """Return the phrase that `kept` has kept."""
    _, key, values = data
    return Phrase(
        key,
        {
            name: told(value) if isinstance(value, list) and value[:1] == [TOLD] else value
            for name, value in values.items()
        },
    )


def both(why: Phrase) -> str:
    """Return a phrase in both languages, as an alarm carries a text of its own."""
    return Text(en=why.text("en"), zh=why.text("zh")).model_dump_json()
