"""The nearest valid choice to something misspelt."""

from collections.abc import Iterable
from difflib import get_close_matches

from .messages import Phrase, phrase

SHOWN = 24
"""How many choices a hint lists."""


def nearest(word: object, choices: Iterable[str]) -> str | None:
    """Return the choice that looks most like `word`, None where none does."""
    known = {choice.lower(): choice for choice in choices}
    found = get_close_matches(str(word).lower()[:64], known, n=1, cutoff=0.55)
    return known[found[0]] if found else None


def hint(word: object, choices: Iterable[str]) -> Phrase:
    """Return what could be written in place of `word`: the nearest choice and the others."""
    known = list(dict.fromkeys(choices))
    if not known:
        return phrase("spec.hint.none")
    listed = ", ".join(known[:SHOWN]) + (", …" if len(known) > SHOWN else "")
    near = nearest(word, known)
    if near is None:
        return phrase("spec.hint.choices", choices=listed)
    return phrase("spec.hint.nearest", nearest=near, choices=listed)
